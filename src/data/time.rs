//! Dates and timestamps in code: the values that a setter accepts, and their conversion to and from `jiff`.

use std::time::SystemTime;

use chrono::{DateTime, NaiveDate, TimeZone, Utc};

/// A value that a setter accepts for a date: a [`NaiveDate`], or, with the feature `jiff`, a `jiff::civil::Date`.
///
/// A timestamp is not accepted, because its date depends on the time zone.
///
/// ```
/// # #[cfg(feature = "invoices")] {
/// use sequencehq::{NaiveDate, types::InvoicePatch};
///
/// let due = NaiveDate::from_ymd_opt(2026, 1, 31).expect("a date");
/// let patch = InvoicePatch::builder().due_date(due);
/// # drop(patch);
/// # }
/// ```
///
/// This trait is sealed: it cannot be implemented outside of this crate.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a date",
    label = "expected a `NaiveDate`",
    note = "parse a text first: `\"2026-01-31\".parse::<sequencehq::NaiveDate>()?`"
)]
pub trait IntoDate: sealed::Day {}

impl<T: sealed::Day> IntoDate for T {}

/// A value that a setter accepts for a timestamp: a [`DateTime`] in any time zone, a `SystemTime`, or, with the feature
/// `jiff`, a `jiff::Timestamp` or `jiff::ZonedDateTime`. It is sent in UTC.
///
/// ```
/// # #[cfg(feature = "usage")]
/// # fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use sequencehq::{DateTime, types::UsageEventCreate};
///
/// let sent = DateTime::parse_from_rfc3339("2026-01-31T14:00:00+02:00")?;
/// let event = UsageEventCreate::builder()
///     .customer_alias("acme")
///     .event_type("api_call")
///     .event_timestamp(sent)
///     .build()?;
/// assert_eq!(event.event_timestamp, Some("2026-01-31T12:00:00Z".parse()?));
/// # Ok(())
/// # }
/// # #[cfg(feature = "usage")]
/// # example().unwrap();
/// ```
///
/// This trait is sealed: it cannot be implemented outside of this crate.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a timestamp",
    label = "expected a `DateTime` in any time zone or a `SystemTime`",
    note = "parse a text first: `\"2026-01-31T12:00:00Z\".parse::<sequencehq::DateTime<sequencehq::Utc>>()?`"
)]
pub trait IntoTimestamp: sealed::Instant {}

impl<T: sealed::Instant> IntoTimestamp for T {}

pub(crate) mod sealed {
    use super::{DateTime, NaiveDate, Utc};

    #[allow(unreachable_pub, reason = "the trait is sealed by its module")]
    #[diagnostic::on_unimplemented(
        message = "`{Self}` is not a date",
        label = "expected a `NaiveDate`",
        note = "parse a text first: `\"2026-01-31\".parse::<sequencehq::NaiveDate>()?`"
    )]
    pub trait Day {
        fn into_day(self) -> NaiveDate;
    }

    #[allow(unreachable_pub, reason = "the trait is sealed by its module")]
    #[diagnostic::on_unimplemented(
        message = "`{Self}` is not a timestamp",
        label = "expected a `DateTime` in any time zone or a `SystemTime`",
        note = "parse a text first: `\"2026-01-31T12:00:00Z\".parse::<sequencehq::DateTime<sequencehq::Utc>>()?`"
    )]
    pub trait Instant {
        fn into_instant(self) -> DateTime<Utc>;
    }
}

impl sealed::Day for NaiveDate {
    fn into_day(self) -> NaiveDate {
        self
    }
}

impl sealed::Day for &NaiveDate {
    fn into_day(self) -> NaiveDate {
        *self
    }
}

impl<Tz: TimeZone> sealed::Instant for DateTime<Tz> {
    fn into_instant(self) -> DateTime<Utc> {
        self.with_timezone(&Utc)
    }
}

impl<Tz: TimeZone> sealed::Instant for &DateTime<Tz> {
    fn into_instant(self) -> DateTime<Utc> {
        self.with_timezone(&Utc)
    }
}

impl sealed::Instant for SystemTime {
    fn into_instant(self) -> DateTime<Utc> {
        self.into()
    }
}
