//! The forms in which the values of fields are read and written.

use std::marker::PhantomData;

use rust_decimal::Decimal;
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer};
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::data::bounded::{self, Counted};
use crate::data::codec::{self, Exact, ExactValue};

/// How values of a type are read and written.
pub(crate) trait Form<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error>;
    fn write<S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error>;
}

/// A value that reads and writes itself.
pub(crate) struct Plain;
/// A decimal that is written as a string.
pub(crate) struct Text;
/// A decimal that is written as a number.
pub(crate) struct Number;
/// An integer.
pub(crate) struct Integer;
/// A list of integers.
pub(crate) struct Integers;
/// A value of which little JSON can decode to much memory.
pub(crate) struct Bounded;
/// A list of free-form JSON.
pub(crate) struct Values;

impl<T: DeserializeOwned + Serialize> Form<T> for Plain {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        T::deserialize(deserializer)
    }

    fn write<S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        value.serialize(serializer)
    }
}

impl Form<Decimal> for Text {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
        codec::exact(deserializer)
    }

    fn write<S: Serializer>(value: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }
}

impl Form<Decimal> for Number {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
        codec::exact(deserializer)
    }

    fn write<S: Serializer>(value: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
        codec::number(value, serializer)
    }
}

impl<T: Exact + Serialize> Form<T> for Integer {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        codec::exact(deserializer)
    }

    fn write<S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        value.serialize(serializer)
    }
}

impl<T: Exact + Serialize> Form<Vec<T>> for Integers {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
        let values = Vec::<ExactValue<T>>::counted(deserializer)?;
        Ok(values.into_iter().map(|value| value.0).collect())
    }

    fn write<S: Serializer>(value: &Vec<T>, serializer: S) -> Result<S::Ok, S::Error> {
        value.serialize(serializer)
    }
}

impl<T: for<'de> Counted<'de> + Serialize> Form<T> for Bounded {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        T::counted(deserializer)
    }

    fn write<S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        value.serialize(serializer)
    }
}

impl Form<Vec<Value>> for Values {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Value>, D::Error> {
        bounded::values(deserializer)
    }

    fn write<S: Serializer>(value: &Vec<Value>, serializer: S) -> Result<S::Ok, S::Error> {
        value.serialize(serializer)
    }
}

/// Reads a value in a form.
pub(crate) struct Read<F, T>(PhantomData<(F, T)>);

impl<F, T> Default for Read<F, T> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<'de, T, F: Form<T>> DeserializeSeed<'de> for Read<F, T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        F::read(deserializer)
    }
}

/// Writes a value in a form.
pub(crate) struct Written<'a, F, T>(&'a T, PhantomData<F>);

impl<'a, F, T> Written<'a, F, T> {
    pub(crate) fn new(value: &'a T) -> Self {
        Self(value, PhantomData)
    }
}

impl<T, F: Form<T>> Serialize for Written<'_, F, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        F::write(self.0, serializer)
    }
}
