//! Values in SQL databases, through `sqlx`.

use std::fmt;

use rust_decimal::Decimal;

use crate::data::decimal::sealed::Convert as _;

/// A [`Decimal`] that is stored in a database as text, exactly: `19.90` is read as `19.90`.
///
/// It works with every database in which `sqlx` stores a `String`, also with SQLite, which has no exact decimals of its
/// own. The database compares and sorts it as text. In PostgreSQL and MySQL, `NUMERIC` columns can be used instead: the
/// feature `rust_decimal` of `sqlx` stores [`Decimal`] itself in them.
///
/// Reading a text that is not a decimal, or has more than 28 digits, is an error: nothing is rounded.
///
/// ```
/// use sequencehq::{DecimalText, dec};
///
/// let stored = DecimalText::from(dec!(19.90)); // query.bind(stored)
/// assert_eq!(stored.to_string(), "19.90");
/// assert_eq!(stored.0, dec!(19.90));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DecimalText(pub Decimal);

impl From<Decimal> for DecimalText {
    fn from(decimal: Decimal) -> Self {
        Self(decimal)
    }
}

impl From<DecimalText> for Decimal {
    fn from(text: DecimalText) -> Self {
        text.0
    }
}

impl fmt::Display for DecimalText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Stores a type as the text that `$text` returns, in every database in which a `String` can be stored.
macro_rules! stored_as_text {
    ($name:ident, |$value:ident| $text:expr, |$read:ident| $parsed:expr) => {
        #[cfg_attr(docsrs, doc(cfg(feature = "sqlx")))]
        impl<DB: ::sqlx::Database> ::sqlx::Type<DB> for $name
        where
            String: ::sqlx::Type<DB>,
        {
            fn type_info() -> DB::TypeInfo {
                <String as ::sqlx::Type<DB>>::type_info()
            }

            fn compatible(info: &DB::TypeInfo) -> bool {
                <String as ::sqlx::Type<DB>>::compatible(info)
            }
        }

        #[cfg_attr(docsrs, doc(cfg(feature = "sqlx")))]
        impl<'q, DB: ::sqlx::Database> ::sqlx::Encode<'q, DB> for $name
        where
            String: ::sqlx::Encode<'q, DB>,
        {
            fn encode_by_ref(
                &self,
                buffer: &mut <DB as ::sqlx::Database>::ArgumentBuffer<'q>,
            ) -> Result<::sqlx::encode::IsNull, ::sqlx::error::BoxDynError> {
                let $value = self;
                let text: String = $text;
                ::sqlx::Encode::<'q, DB>::encode(text, buffer)
            }
        }

        #[cfg_attr(docsrs, doc(cfg(feature = "sqlx")))]
        impl<'r, DB: ::sqlx::Database> ::sqlx::Decode<'r, DB> for $name
        where
            String: ::sqlx::Decode<'r, DB>,
        {
            fn decode(
                value: <DB as ::sqlx::Database>::ValueRef<'r>,
            ) -> Result<Self, ::sqlx::error::BoxDynError> {
                let $read = <String as ::sqlx::Decode<'r, DB>>::decode(value)?;
                $parsed
            }
        }
    };
}

pub(crate) use stored_as_text;

stored_as_text!(DecimalText, |decimal| decimal.0.to_string(), |text| Ok(Self(
    text.convert().map_err(|error| error.to_string())?
)));
