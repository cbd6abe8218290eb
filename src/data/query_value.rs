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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_has_its_text() {
        let day = NaiveDate::from_ymd_opt(2026, 2, 3).expect("a date");
        let noon = day.and_hms_opt(12, 0, 0).expect("a time").and_utc();
        let texts: [(&dyn QueryValue, &str); 9] = [
            (&"a b".to_owned(), "a b"),
            (&true, "true"),
            (&false, "false"),
            (&i32::MIN, "-2147483648"),
            (&i64::MAX, "9223372036854775807"),
            (&Decimal::new(1990, 2), "19.90"),
            (&day, "2026-02-03"),
            (&noon, "2026-02-03T12:00:00Z"),
            (
                &(noon + chrono::TimeDelta::milliseconds(5)),
                "2026-02-03T12:00:00.005Z",
            ),
        ];
        for (value, text) in texts {
            assert_eq!(value.query_value(), text);
        }
    }
}
