//! The texts of dates, timestamps and decimals.

use rust_decimal::Decimal;
use serde_json::Value;

/// Returns whether the text is a date of the calendar, `2026-01-31`.
pub(super) fn is_date(text: &str) -> bool {
    let form = |(at, byte): (usize, u8)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    };
    text.len() == 10
        && text.bytes().enumerate().all(form)
        && chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok()
}

/// Returns whether the text is an RFC 3339 timestamp, `2026-01-31T09:30:00Z`.
pub(super) fn is_instant(text: &str) -> bool {
    text.as_bytes().get(10) == Some(&b'T') && chrono::DateTime::parse_from_rfc3339(text).is_ok()
}

/// Returns whether the text has the form of a decimal: a sign if negative, digits, and a point with more digits.
pub(super) fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let only_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    only_digits(whole) && only_digits(fraction)
}

/// Returns the value of a decimal, or `None` if it has more than the 28 digits that are exact.
pub(super) fn decimal(text: &str) -> Option<Decimal> {
    if is_decimal(text) {
        Decimal::from_str_exact(text).ok()
    } else {
        None
    }
}

/// Returns the value of a JSON number, which may have an exponent, or `None` if it has more than 28 digits.
pub(super) fn number(text: &str) -> Option<Decimal> {
    let Some((digits, exponent)) = text.split_once(['e', 'E']) else {
        return decimal(text);
    };
    let mut value = decimal(digits)?.normalize();
    if value.is_zero() {
        return Some(value);
    }
    let mut scale = i64::from(value.scale()).checked_sub(exponent.parse().ok()?)?;
    while scale < 0 {
        value = value.checked_mul(Decimal::TEN)?;
        scale += 1;
    }
    value.set_scale(u32::try_from(scale).ok()?).ok()?;
    Some(value)
}

/// Returns the value of a decimal in JSON, a text or a number. `None` for anything else, and for more than 28 digits.
///
/// The number is read by its text. That is exact for numbers of requests, which were refused if reading them lost digits.
pub(crate) fn decimal_of(value: &Value) -> Option<Decimal> {
    match value {
        Value::String(text) => decimal(text),
        Value::Number(value) => number(&value.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::{decimal, is_date, is_instant, number};

    #[test]
    fn dates_and_timestamps_are_those_of_the_calendar() {
        for (text, expected) in [
            ("2026-01-31", true),
            ("2026-02-30", false),
            ("2026-1-31", false),
            ("+026-01-31", false),
            ("2026-01-31T00:00:00Z", false),
        ] {
            assert_eq!(is_date(text), expected, "{text}");
        }
        for (text, expected) in [
            ("2026-01-31T09:30:00Z", true),
            ("2026-01-31T09:30:00.123456+02:00", true),
            ("2026-01-31 09:30:00Z", false),
            ("2026-01-31T09:30:00", false),
            ("2026-01-31", false),
            ("2026-01-3é", false),
        ] {
            assert_eq!(is_instant(text), expected, "{text}");
        }
    }

    #[test]
    fn decimals_are_exact_or_refused() {
        let thirty = "0.100000000000000000000000000001";
        for text in [
            "", "-", "1.", ".5", "+1", "1_000", "1e5", " 1", "١", "NaN", thirty,
        ] {
            assert_eq!(decimal(text), None, "{text}");
        }
        assert_eq!(decimal("-012.50"), Some(Decimal::new(-125, 1)));
    }

    #[test]
    fn numbers_may_have_exponents() {
        assert_eq!(number("1.5e3"), Some(Decimal::from(1500)));
        assert_eq!(number("15E-1"), Some(Decimal::new(15, 1)));
        assert_eq!(
            number("1.0e+28"),
            Some(Decimal::from_i128_with_scale(10i128.pow(28), 0))
        );
        assert_eq!(number("0e99"), Some(Decimal::ZERO));
        for text in [
            "1e40",
            "1e-29",
            "1e99999999999999999999",
            "1e-99999999999999999999",
        ] {
            assert_eq!(number(text), None, "{text}");
        }
    }
}
