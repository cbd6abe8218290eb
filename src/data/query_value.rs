//! Conversion of values to text for paths and queries.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use rust_decimal::Decimal;

/// A value as sent in a path or query.
pub(crate) trait QueryValue {
    fn query_value(&self) -> Cow<'_, str>;
}

impl QueryValue for String {
    fn query_value(&self) -> Cow<'_, str> {
        Cow::Borrowed(self)
    }
}

impl QueryValue for bool {
    fn query_value(&self) -> Cow<'_, str> {
        Cow::Borrowed(if *self { "true" } else { "false" })
    }
}

impl QueryValue for i32 {
    fn query_value(&self) -> Cow<'_, str> {
        Cow::Owned(self.to_string())
    }
}

impl QueryValue for i64 {
    fn query_value(&self) -> Cow<'_, str> {
        Cow::Owned(self.to_string())
    }
}

impl QueryValue for Decimal {
    fn query_value(&self) -> Cow<'_, str> {
        Cow::Owned(self.to_string())
    }
}

impl QueryValue for NaiveDate {
    fn query_value(&self) -> Cow<'_, str> {
        Cow::Owned(self.to_string())
    }
}

impl QueryValue for DateTime<Utc> {
    fn query_value(&self) -> Cow<'_, str> {
        Cow::Owned(self.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}
