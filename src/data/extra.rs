//! The fields that the API sends and this version of the crate does not know.

use std::fmt;
use std::hash::{Hash, Hasher};

use serde::de::MapAccess;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::data::bounded;
use crate::data::build_error::BuildError;
use crate::data::codec::JsonText;
use crate::data::redacted::Redacted;
use crate::data::table::Known;

/// The fields of a value that this version of the crate does not know, by name.
///
/// Every struct in [`types`](crate::types) has them: `extra()` returns those that a response had, and a value that is
/// encoded again writes them after its own fields, in the order and with the digits in which they were received. The
/// builder of a request sets one with `extra(name, value)`, and its value with `set_extra(name, value)`. A value without
/// such fields allocates nothing for them.
///
/// ```
/// # #[cfg(feature = "customers")] {
/// use sequencehq::types::ContactInput;
/// use serde_json::json;
///
/// let contact: ContactInput = serde_json::from_value(json!({
///     "name": "Ada Byron",
///     "email": "ada@example.com",
///     "billingPreference": "PRIMARY",
///     "pronouns": ["she", "her"],
/// }))?;
/// assert_eq!(contact.extra().get("pronouns"), Some(json!(["she", "her"])));
/// assert_eq!(serde_json::to_value(&contact)?["pronouns"], json!(["she", "her"]));
///
/// let contact = ContactInput::builder().name("Ada Byron").extra("pronouns", ["she", "her"]);
/// # drop(contact);
/// # }
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Two values are equal if they have the same fields with the same JSON text, in any order: `1.5` and `1.50` differ.
#[derive(Clone, Default)]
pub struct Extra(Option<Box<Fields>>);

/// The fields in the order in which they were received. A name that was sent twice is here twice.
#[derive(Clone, Default)]
struct Fields(Vec<Field>);

/// A name, and the JSON text of the value.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Field(Box<str>, Box<str>);

impl Extra {
    /// Returns `true` if there are no such fields.
    pub fn is_empty(&self) -> bool {
        self.fields().is_empty()
    }

    /// Returns the number of fields.
    pub fn len(&self) -> usize {
        self.fields().len()
    }

    /// Returns the value of a field, or `None` if there is no field with this name.
    ///
    /// Numbers are as exact as [`Value`] allows; [`text`](Self::text) has all digits.
    pub fn get(&self, name: &str) -> Option<Value> {
        serde_json::from_str(self.text(name)?).ok()
    }

    /// Returns the JSON text of a field as it was received, or `None` if there is no field with this name.
    ///
    /// ```
    /// # #[cfg(feature = "customers")] {
    /// # let json = r#"{"line1": "1 High Street", "town": "London", "postcode": "N1 1AA", "country": "GB", "altitude": 19.90}"#;
    /// let address: sequencehq::types::Address = serde_json::from_str(json)?;
    /// assert_eq!(address.extra().text("altitude"), Some("19.90"));
    /// # }
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn text(&self, name: &str) -> Option<&str> {
        let mut fields = self.fields().iter().rev();
        fields.find(|field| *field.0 == *name).map(|field| &*field.1)
    }

    /// Returns the names of the fields with the JSON texts of their values, in the order in which they were received.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&str, &str)> {
        self.fields().iter().map(|Field(name, json)| (&**name, &**json))
    }

    fn fields(&self) -> &[Field] {
        self.0.as_ref().map_or(&[], |fields| &fields.0)
    }

    fn push(&mut self, name: Box<str>, json: Box<str>) {
        self.0.get_or_insert_default().0.push(Field(name, json));
    }

    /// Reads the value of a field that its object lacks.
    pub(crate) fn keep<'de, A: MapAccess<'de>>(
        &mut self,
        name: Box<str>,
        map: &mut A,
    ) -> Result<(), A::Error> {
        let json = match map.next_value()? {
            JsonText::Text(text) => text,
            JsonText::Value(value) => value.to_string().into(),
        };
        // The texts are no longer than the JSON, in contrast to their places, with the room that a list keeps free.
        bounded::take(2 * size_of::<Field>())?;
        self.push(name, json);
        Ok(())
    }

    /// Returns the fields that another object lacks as well.
    pub(crate) fn for_another<T: Known>(&self) -> Self {
        let mut fields = self.fields().to_vec();
        fields.retain(|field| T::TABLE.find(&field.0, 0).is_none());
        Self((!fields.is_empty()).then(|| Box::new(Fields(fields))))
    }

    /// Sets a field that the object lacks.
    pub(crate) fn set<T: Known>(&mut self, name: &str, value: &impl Serialize) -> Result<(), BuildError> {
        if T::TABLE.find(name, 0).is_some() {
            return Err(BuildError::invalid_value(format!(
                "{} has this field: set it with its own setter",
                T::TABLE.name
            )));
        }
        let json = serde_json::to_string(value)
            .map_err(|error| BuildError::invalid_value(format!("cannot be encoded as JSON: {error}")))?;
        if let Some(fields) = &mut self.0 {
            fields.0.retain(|field| *field.0 != *name);
        }
        self.push(name.into(), json.into());
        Ok(())
    }

    /// Returns what `Debug` prints of the fields, if there are any.
    pub(crate) fn printed(&self) -> Option<&dyn fmt::Debug> {
        (!self.is_empty()).then_some(self as &dyn fmt::Debug)
    }

    /// Returns what `Debug` prints instead of the fields, if there are any.
    pub(crate) fn redacted(&self) -> Option<&dyn fmt::Debug> {
        (!self.is_empty()).then_some(&Redacted as &dyn fmt::Debug)
    }

    /// Writes the fields, except one that the object has written itself.
    pub(crate) fn write<M: SerializeMap>(&self, map: &mut M, except: Option<&str>) -> Result<(), M::Error> {
        for (name, json) in self.iter().filter(|(name, _)| Some(*name) != except) {
            let value: &RawValue = serde_json::from_str(json).map_err(serde::ser::Error::custom)?;
            map.serialize_entry(name, value)?;
        }
        Ok(())
    }
}

impl PartialEq for Extra {
    fn eq(&self, other: &Self) -> bool {
        let sorted = |extra: &Self| {
            let mut fields = extra.fields().to_vec();
            fields.sort();
            fields
        };
        match (self.fields(), other.fields()) {
            ([], []) => true,
            (ours, theirs) => ours == theirs || ours.len() == theirs.len() && sorted(self) == sorted(other),
        }
    }
}

impl Eq for Extra {}

/// Equal fields have equal hashes, in any order.
impl Hash for Extra {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let mut fields: Vec<&Field> = self.fields().iter().collect();
        fields.sort();
        fields.hash(state);
    }
}

impl fmt::Debug for Extra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// JSON in place of what a text prints.
        struct Json<'a>(&'a str);
        impl fmt::Debug for Json<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.0)
            }
        }
        let fields = self.iter().map(|(name, json)| (name, Json(json)));
        f.debug_map().entries(fields).finish()
    }
}

impl Serialize for Extra {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.len()))?;
        self.write(&mut map, None)?;
        map.end()
    }
}
