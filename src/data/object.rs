//! Objects with known fields, which keep the unknown ones.
//!
//! The build generates one invocation of [`object!`] for each struct of the document. It replaces the derived codecs of
//! `serde`, of which each struct would have its own enum of fields, its own visitors, and a decoder from lists. Here, one
//! function finds the fields of all structs in a [`Table`], keeps unknown ones and refuses repeated ones.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeMap, Serializer};

use crate::data::extra::Extra;
use crate::data::table::{Known, Table};

/// A struct with codecs from [`object!`].
pub(crate) trait Object: Known {
    fn read<'de, A: MapAccess<'de>>(reader: &mut Reader, map: A) -> Result<Self, A::Error>;
    fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error>;
    fn extra(&self) -> &Extra;
}

/// Decodes an object. The field `tag` belongs to the union around it, and is not one of the object.
pub(crate) fn decode<'de, T: Object, D: Deserializer<'de>>(
    deserializer: D,
    tag: Option<&'static str>,
) -> Result<T, D::Error> {
    let Table { name, fields, .. } = T::TABLE;
    // With these names, `#[serde(flatten)]` passes only the fields that belong to the object.
    deserializer.deserialize_struct(
        name,
        fields,
        Whole {
            tag,
            object: PhantomData,
        },
    )
}

/// Encodes an object, after the name and the value of the tag that the union around it writes.
pub(crate) fn encode<T: Object, S: Serializer>(
    object: &T,
    tag: Option<(&'static str, &'static str)>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(None)?;
    if let Some((tag, value)) = tag {
        map.serialize_entry(tag, value)?;
    }
    object.write(&mut map)?;
    object.extra().write(&mut map, tag.map(|(tag, _)| tag))?;
    map.end()
}

/// Prints a struct like a derived `Debug`, and its unknown fields if there are any.
pub(crate) fn debug(
    f: &mut fmt::Formatter<'_>,
    name: &str,
    fields: &[&str],
    values: &[&dyn fmt::Debug],
    extra: Option<&dyn fmt::Debug>,
) -> fmt::Result {
    let mut printed = f.debug_struct(name);
    for (name, value) in fields.iter().zip(values) {
        printed.field(name, value);
    }
    if let Some(extra) = extra {
        printed.field("extra", extra);
    }
    printed.finish()
}

struct Whole<T> {
    tag: Option<&'static str>,
    object: PhantomData<T>,
}

impl<'de, T: Object> Visitor<'de> for Whole<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "struct {}", T::TABLE.name)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        let mut reader = Reader {
            table: T::TABLE,
            tag: self.tag,
            next: 0,
            seen: Seen::default(),
            extra: Extra::default(),
        };
        T::read(&mut reader, map)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<T, A::Error> {
        Err(not_a_list(T::TABLE.name, list))
    }
}

/// Returns the error for a list in place of an object. It is read, so that the error has the position of its end.
fn not_a_list<'de, A: SeqAccess<'de>>(name: &str, mut list: A) -> A::Error {
    loop {
        match list.next_element::<IgnoredAny>() {
            Ok(Some(_)) => {}
            Ok(None) => return de::Error::custom(format_args!("expected struct {name}, not a list")),
            Err(error) => return error,
        }
    }
}

/// Finds the fields of an object, and keeps the unknown ones.
pub(crate) struct Reader {
    table: &'static Table,
    tag: Option<&'static str>,
    /// The index after that of the last field.
    next: usize,
    seen: Seen,
    pub(crate) extra: Extra,
}

impl Reader {
    /// Returns the index of the next known field, whose value is next then.
    pub(crate) fn field<'de, A: MapAccess<'de>>(&mut self, map: &mut A) -> Result<Option<usize>, A::Error> {
        while let Some(key) = map.next_key_seed(KeyOf(self))? {
            match key {
                Key::Known(index) if self.seen.insert(index) => {
                    self.next = index + 1;
                    return Ok(Some(index));
                }
                Key::Known(index) => return Err(de::Error::duplicate_field(self.table.fields[index])),
                Key::Tag => {
                    map.next_value::<IgnoredAny>()?;
                }
                Key::Unknown(name) => self.extra.keep(name, map)?,
            }
        }
        Ok(None)
    }
}

/// The indexes of the fields that have been read.
#[derive(Default)]
struct Seen {
    first: u128,
    /// Those beyond the bits, which only very large objects have.
    others: Vec<usize>,
}

impl Seen {
    /// Returns `false` if the index is there already.
    #[inline]
    fn insert(&mut self, index: usize) -> bool {
        let bit = u32::try_from(index)
            .ok()
            .and_then(|index| 1_u128.checked_shl(index));
        let Some(bit) = bit else {
            let is_new = !self.others.contains(&index);
            self.others.push(index);
            return is_new;
        };
        let is_new = self.first & bit == 0;
        self.first |= bit;
        is_new
    }
}

enum Key {
    Known(usize),
    Tag,
    Unknown(Box<str>),
}

struct KeyOf<'r>(&'r Reader);

impl<'de> DeserializeSeed<'de> for KeyOf<'_> {
    type Value = Key;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for KeyOf<'_> {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("field identifier")
    }

    #[inline]
    fn visit_str<E: de::Error>(self, name: &str) -> Result<Key, E> {
        let Reader { table, tag, next, .. } = self.0;
        Ok(match table.find(name, *next) {
            Some(index) => Key::Known(index),
            None if Some(name) == *tag => Key::Tag,
            None => Key::Unknown(name.into()),
        })
    }
}

/// Implements the codecs of a struct: the index, the Rust name and the name on the wire of each field, whether it can be
/// absent (`crate::data::presence`), and its form on the wire (`crate::data::form`). Earlier names of fields follow, with
/// the indexes of these.
macro_rules! object {
    (
        $object:ident { $( $index:literal $field:ident $name:literal $presence:ident $form:ident, )* }
        $( former { $( $former:literal $of:literal, )* } )?
    ) => {
        impl $crate::data::table::Known for $object {
            const TABLE: &'static $crate::data::table::Table = &$crate::data::table::Table {
                name: stringify!($object),
                fields: &[ $( $name ),* ],
                former: &[ $( $( ($former, $of) ),* )? ],
            };
        }

        impl $crate::data::object::Object for $object {
            #[allow(unused_mut, reason = "an object need not have fields")]
            fn read<'de, A: ::serde::de::MapAccess<'de>>(
                reader: &mut $crate::data::object::Reader,
                mut map: A,
            ) -> Result<Self, A::Error> {
                $( let mut $field = $crate::data::presence::$presence::absent(); )*
                while let Some(index) = reader.field(&mut map)? {
                    match index {
                        $( $index => $crate::data::presence::$presence::read::<$crate::data::form::$form, _, _>(&mut $field, &mut map)?, )*
                        _ => {}
                    }
                }
                Ok(Self {
                    $( $field: $crate::data::presence::$presence::checked($field, $name)?, )*
                    extra: ::std::mem::take(&mut reader.extra),
                })
            }

            fn write<M: ::serde::ser::SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
                $( $crate::data::presence::$presence::write::<$crate::data::form::$form, _, _>(&self.$field, map, $name)?; )*
                Ok(())
            }

            fn extra(&self) -> &$crate::data::Extra {
                &self.extra
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $object {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::data::object::decode(deserializer, None)
            }
        }

        impl ::serde::Serialize for $object {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::data::object::encode(self, None, serializer)
            }
        }
    };
}

pub(crate) use object;

#[cfg(test)]
mod tests;
