//! Periods of ISO 8601, such as `P1M` and `P1DT12H`.

use std::str::FromStr;

use chrono::{DateTime, Months, TimeDelta, Utc};

/// A period of the calendar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Period {
    months: u32,
    days: i64,
    seconds: i64,
}

impl Period {
    /// The end of the period. After whole months it is the same day of the month, or the last one if the month is shorter.
    pub(super) fn after(self, start: DateTime<Utc>) -> Option<DateTime<Utc>> {
        start
            .checked_add_months(Months::new(self.months))?
            .checked_add_signed(TimeDelta::try_days(self.days)?)?
            .checked_add_signed(TimeDelta::try_seconds(self.seconds)?)
    }
}

impl FromStr for Period {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let text = text.strip_prefix('P').ok_or(())?;
        let (date, time) = match text.split_once('T') {
            Some((_, "")) => return Err(()),
            Some((date, time)) => (date, time),
            None => (text, ""),
        };
        if date.is_empty() && time.is_empty() {
            return Err(());
        }
        let [years, months, weeks, days] = parts(date, ['Y', 'M', 'W', 'D'])?;
        let [hours, minutes, seconds] = parts(time, ['H', 'M', 'S'])?;
        let months = u32::from(years)
            .checked_mul(12)
            .and_then(|sum| sum.checked_add(months.into()));
        Ok(Self {
            months: months.ok_or(())?,
            days: i64::from(weeks) * 7 + i64::from(days),
            seconds: i64::from(hours) * 3_600 + i64::from(minutes) * 60 + i64::from(seconds),
        })
    }
}

/// The number before each letter. The letters are in order, each at most once.
fn parts<const N: usize>(mut text: &str, letters: [char; N]) -> Result<[u16; N], ()> {
    let mut numbers = [0; N];
    for (number, letter) in numbers.iter_mut().zip(letters) {
        if let Some((digits, rest)) = text.split_once(letter)
            && digits.bytes().all(|byte| byte.is_ascii_digit())
        {
            *number = digits.parse().map_err(|_| ())?;
            text = rest;
        }
    }
    if text.is_empty() { Ok(numbers) } else { Err(()) }
}

#[cfg(test)]
mod tests {
    use super::Period;

    #[test]
    fn periods_move_by_the_calendar() {
        for (start, period, end) in [
            ("2026-01-31T12:00:00Z", "P1M", "2026-02-28T12:00:00Z"),
            ("2024-02-29T00:00:00Z", "P1Y", "2025-02-28T00:00:00Z"),
            ("2026-01-01T12:00:00Z", "P1D", "2026-01-02T12:00:00Z"),
            ("2026-01-01T12:00:00Z", "P2W", "2026-01-15T12:00:00Z"),
            ("2026-01-01T12:00:00Z", "PT36H", "2026-01-03T00:00:00Z"),
            ("2026-01-01T12:00:00Z", "P1Y2M3W4DT5H6M7S", "2027-03-26T17:06:07Z"),
            ("2026-01-01T12:00:00Z", "PT1M", "2026-01-01T12:01:00Z"),
        ] {
            let period: Period = period.parse().expect("a period");
            let end = end.parse().expect("an instant");
            assert_eq!(
                period.after(start.parse().expect("an instant")),
                Some(end),
                "{start} {period:?}"
            );
        }
    }

    #[test]
    fn what_is_not_a_period_is_refused() {
        for text in [
            "", "P", "PT", "P1DT", "1M", "P1", "PM", "P1M1Y", "P1M2M", "P-1M", "P+1M", "P1.5M", "P1H",
            "PT1D", "p1m", "P99999M", "P1M ", "PTT1H",
        ] {
            assert_eq!(text.parse::<Period>(), Err(()), "{text}");
        }
    }

    #[test]
    fn a_period_beyond_the_calendar_has_no_end() {
        let period: Period = "P65535Y".parse().expect("a period");
        let start = chrono::DateTime::<chrono::Utc>::MAX_UTC;
        assert_eq!(period.after(start), None);
    }
}
