//! Whether a field can be absent. For each kind of field: its value before it is read, how it is read, what it is
//! afterwards, and how it is written.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde::ser::SerializeMap;

use crate::data::form::{Form, Read, Written};

/// A field that is always there.
pub(crate) mod required {
    use super::*;

    pub(crate) fn absent<T>() -> Option<T> {
        None
    }

    pub(crate) fn read<'de, F: Form<T>, T, A: MapAccess<'de>>(
        value: &mut Option<T>,
        map: &mut A,
    ) -> Result<(), A::Error> {
        *value = Some(map.next_value_seed(Read::<F, T>::default())?);
        Ok(())
    }

    pub(crate) fn checked<T, E: de::Error>(value: Option<T>, name: &'static str) -> Result<T, E> {
        value.ok_or_else(|| E::missing_field(name))
    }

    pub(crate) fn write<F: Form<T>, T, M: SerializeMap>(
        value: &T,
        map: &mut M,
        name: &'static str,
    ) -> Result<(), M::Error> {
        map.serialize_entry(name, &Written::<F, T>::new(value))
    }
}

/// A field that can be absent or `null`, which is the same, and is not written then.
pub(crate) mod optional {
    use super::*;

    pub(crate) fn absent<T>() -> Option<T> {
        None
    }

    pub(crate) fn read<'de, F: Form<T>, T, A: MapAccess<'de>>(
        value: &mut Option<T>,
        map: &mut A,
    ) -> Result<(), A::Error> {
        *value = map.next_value_seed(OrNull::<F, T>(PhantomData))?;
        Ok(())
    }

    pub(crate) fn checked<T, E: de::Error>(value: Option<T>, _: &'static str) -> Result<Option<T>, E> {
        Ok(value)
    }

    pub(crate) fn write<F: Form<T>, T, M: SerializeMap>(
        value: &Option<T>,
        map: &mut M,
        name: &'static str,
    ) -> Result<(), M::Error> {
        match value {
            Some(value) => required::write::<F, T, M>(value, map, name),
            None => Ok(()),
        }
    }
}

/// A field of which `null` has a meaning of its own.
pub(crate) mod patch {
    use super::*;
    use crate::data::patch::Patch;

    pub(crate) fn absent<T>() -> Patch<T> {
        Patch::Keep
    }

    pub(crate) fn read<'de, F: Form<T>, T, A: MapAccess<'de>>(
        value: &mut Patch<T>,
        map: &mut A,
    ) -> Result<(), A::Error> {
        let read = map.next_value_seed(OrNull::<F, T>(PhantomData))?;
        *value = read.map_or(Patch::Clear, Patch::Set);
        Ok(())
    }

    pub(crate) fn checked<T, E: de::Error>(value: Patch<T>, _: &'static str) -> Result<Patch<T>, E> {
        Ok(value)
    }

    pub(crate) fn write<F: Form<T>, T, M: SerializeMap>(
        value: &Patch<T>,
        map: &mut M,
        name: &'static str,
    ) -> Result<(), M::Error> {
        match value {
            Patch::Set(value) => required::write::<F, T, M>(value, map, name),
            Patch::Clear => map.serialize_entry(name, &()),
            Patch::Keep => Ok(()),
        }
    }
}

/// Reads a value in a form, or `null`.
struct OrNull<F, T>(PhantomData<(F, T)>);

impl<'de, T, F: Form<T>> DeserializeSeed<'de> for OrNull<F, T> {
    type Value = Option<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de, T, F: Form<T>> Visitor<'de> for OrNull<F, T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("option")
    }

    fn visit_none<E: de::Error>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_unit<E: de::Error>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        F::read(deserializer).map(Some)
    }
}
