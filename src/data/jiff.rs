//! Conversion of dates and timestamps to and from `jiff`.

use ::jiff::civil::Date;
use ::jiff::{Timestamp, ZonedDateTime};
use chrono::{DateTime, Datelike as _, NaiveDate, TimeZone, Utc};

use crate::data::time::sealed::{Day, Instant};

const NANOSECONDS: i128 = 1_000_000_000;

/// Converts the dates and timestamps of this crate, which are those of `chrono`, to `jiff`.
///
/// A [`NaiveDate`] becomes a `jiff::civil::Date`, a [`DateTime`] a `jiff::Timestamp`. The other way, [`ToChrono`] is rarely
/// needed: setters accept the types of `jiff`.
///
/// ```
/// use sequencehq::{NaiveDate, ToChrono, ToJiff, jiff};
///
/// let due: NaiveDate = "2026-01-31".parse()?;
/// let reminder = due.to_jiff()?.checked_sub(jiff::Span::new().days(7))?;
/// assert_eq!(reminder.to_string(), "2026-01-24");
/// assert_eq!(reminder.to_chrono(), "2026-01-24".parse::<NaiveDate>()?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// This trait is sealed: it cannot be implemented outside of this crate.
pub trait ToJiff: sealed::Chrono {
    /// The type of `jiff`.
    type Jiff;

    /// Converts the value. A leap second becomes the second before it, as when `jiff` parses one.
    ///
    /// # Errors
    ///
    /// Returns an error for a year outside of the range of `jiff`, -9999 to 9999.
    fn to_jiff(&self) -> Result<Self::Jiff, ::jiff::Error>;
}

/// Converts dates and timestamps of `jiff` to those of this crate, which are those of `chrono`.
///
/// A `jiff::civil::Date` becomes a [`NaiveDate`]; a `jiff::Timestamp` and a `jiff::ZonedDateTime` become a [`DateTime<Utc>`]. Every
/// value fits. See [`ToJiff`] for an example.
///
/// This trait is sealed: it cannot be implemented outside of this crate.
pub trait ToChrono: sealed::Jiff {
    /// The type of `chrono`.
    type Chrono;

    /// Converts the value.
    fn to_chrono(&self) -> Self::Chrono;
}

mod sealed {
    use super::{Date, DateTime, NaiveDate, TimeZone, Timestamp, ZonedDateTime};

    #[allow(unreachable_pub, reason = "the trait is sealed by its module")]
    pub trait Chrono {}

    #[allow(unreachable_pub, reason = "the trait is sealed by its module")]
    pub trait Jiff {}

    impl Chrono for NaiveDate {}
    impl<Tz: TimeZone> Chrono for DateTime<Tz> {}
    impl Jiff for Date {}
    impl Jiff for Timestamp {}
    impl Jiff for ZonedDateTime {}
}

impl ToJiff for NaiveDate {
    type Jiff = Date;

    fn to_jiff(&self) -> Result<Date, ::jiff::Error> {
        let [month, day] = [self.month(), self.day()].map(i8::try_from);
        match (i16::try_from(self.year()), month, day) {
            (Ok(year), Ok(month), Ok(day)) => Date::new(year, month, day),
            _ => Err(::jiff::Error::from_args(format_args!(
                "the year {} is not in the range -9999 to 9999",
                self.year()
            ))),
        }
    }
}

impl<Tz: TimeZone> ToJiff for DateTime<Tz> {
    type Jiff = Timestamp;

    fn to_jiff(&self) -> Result<Timestamp, ::jiff::Error> {
        let nanoseconds = i128::from(self.timestamp_subsec_nanos()) % NANOSECONDS;
        Timestamp::from_nanosecond(i128::from(self.timestamp()) * NANOSECONDS + nanoseconds)
    }
}

impl ToChrono for Date {
    type Chrono = NaiveDate;

    fn to_chrono(&self) -> NaiveDate {
        let [month, day] = [self.month(), self.day()].map(|number| u32::from(number.unsigned_abs()));
        NaiveDate::from_ymd_opt(self.year().into(), month, day).expect("`chrono` has every date of `jiff`")
    }
}

impl ToChrono for Timestamp {
    type Chrono = DateTime<Utc>;

    fn to_chrono(&self) -> DateTime<Utc> {
        let nanoseconds = self.as_nanosecond();
        let seconds = i64::try_from(nanoseconds.div_euclid(NANOSECONDS)).ok();
        let rest = u32::try_from(nanoseconds.rem_euclid(NANOSECONDS)).ok();
        let timestamp = seconds
            .zip(rest)
            .and_then(|(seconds, rest)| DateTime::from_timestamp(seconds, rest));
        timestamp.expect("`chrono` has every timestamp of `jiff`")
    }
}

impl ToChrono for ZonedDateTime {
    type Chrono = DateTime<Utc>;

    fn to_chrono(&self) -> DateTime<Utc> {
        self.timestamp().to_chrono()
    }
}

/// Makes setters accept a type of `jiff`, by value and by reference.
macro_rules! accepted {
    ($($sealed:ident $method:ident $jiff:ty => $chrono:ty;)*) => {
        $(
            impl $sealed for $jiff {
                fn $method(self) -> $chrono {
                    self.to_chrono()
                }
            }

            impl $sealed for &$jiff {
                fn $method(self) -> $chrono {
                    self.to_chrono()
                }
            }
        )*
    };
}

accepted! {
    Day into_day Date => NaiveDate;
    Instant into_instant Timestamp => DateTime<Utc>;
    Instant into_instant ZonedDateTime => DateTime<Utc>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_the_same_in_both() {
        for text in [
            "2026-01-31",
            "2024-02-29",
            "1969-12-31",
            "0000-01-01",
            "9999-12-31",
        ] {
            let date: NaiveDate = text.parse().expect(text);
            let jiff = date.to_jiff().expect(text);
            assert_eq!((jiff.to_string().as_str(), jiff.to_chrono()), (text, date));
        }
        for date in [Date::MIN, Date::MAX, Date::constant(-1, 2, 3)] {
            assert_eq!(date.to_chrono().to_jiff().expect("in range"), date);
        }
    }

    #[test]
    fn a_timestamp_is_the_same_in_both() {
        for text in [
            "2026-01-31T12:00:00Z",
            "1969-12-31T23:59:59.5Z",
            "1970-01-01T00:00:00Z",
            "2026-01-31T12:00:00.123456789Z",
        ] {
            let timestamp: DateTime<Utc> = text.parse().expect(text);
            let jiff = timestamp.to_jiff().expect(text);
            assert_eq!((jiff.to_string().as_str(), jiff.to_chrono()), (text, timestamp));
        }
        for timestamp in [Timestamp::MIN, Timestamp::MAX] {
            assert_eq!(timestamp.to_chrono().to_jiff().expect("in range"), timestamp);
        }
        let zoned: ZonedDateTime = "2026-01-31T12:00:00+02:00[+02:00]".parse().expect("zoned");
        assert_eq!(zoned.to_chrono().to_string(), "2026-01-31 10:00:00 UTC");
    }

    #[test]
    fn a_leap_second_becomes_the_second_before() {
        let leap: DateTime<Utc> = "2016-12-31T23:59:60.25Z".parse().expect("a leap second");
        assert_eq!(
            leap.to_jiff().expect("in range").to_string(),
            "2016-12-31T23:59:59.25Z"
        );
    }

    #[test]
    fn a_year_beyond_the_range_is_an_error() {
        for date in [
            NaiveDate::MIN,
            NaiveDate::MAX,
            NaiveDate::from_ymd_opt(10_000, 1, 1).expect("a date"),
        ] {
            let error = date.to_jiff().expect_err("out of range").to_string();
            assert!(error.contains("range"), "{error}");
        }
        for timestamp in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
            let error = timestamp.to_jiff().expect_err("out of range").to_string();
            assert!(error.contains("range"), "{error}");
        }
    }
}
