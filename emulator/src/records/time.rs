//! Instants as the API writes them.

use chrono::{DateTime, Datelike, NaiveDate, SecondsFormat, Timelike, Utc};

pub use super::facet::{instant_key, number_key};

/// An instant with `Z`, and no fraction of a second or six digits of one.
pub fn instant(time: DateTime<Utc>) -> String {
    let digits = if time.nanosecond() < 1_000 {
        SecondsFormat::Secs
    } else {
        SecondsFormat::Micros
    };
    time.to_rfc3339_opts(digits, true)
}

/// A day as an indexed text, which has the order of the day. `None` beyond the years that are written with four digits.
pub fn day_key(day: NaiveDate) -> Option<String> {
    (0..=9999).contains(&day.year()).then(|| day.to_string())
}

/// Reads an instant as clients send it.
pub fn parse(text: &str) -> Option<DateTime<Utc>> {
    Some(DateTime::parse_from_rfc3339(text).ok()?.to_utc())
}

#[cfg(test)]
mod tests {
    use super::{DateTime, instant, instant_key};

    #[test]
    fn instants_have_no_fraction_or_six_digits_and_keys_always_six() {
        let at = |micros| DateTime::from_timestamp_micros(micros).expect("a small number");
        assert_eq!(instant(at(0)), "1970-01-01T00:00:00Z");
        assert_eq!(instant(at(1_500_000)), "1970-01-01T00:00:01.500000Z");
        assert_eq!(instant_key(at(0)), "1970-01-01T00:00:00.000000Z");
    }
}
