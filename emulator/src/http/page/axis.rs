//! Days from left to right.

use chrono::{Datelike, Months, NaiveDate};
use maud::{Markup, html};

/// The most labels of an axis.
const LABELS: i32 = 14;

/// The days from the first to the last one, on a part of the width.
pub(super) struct Axis {
    first: NaiveDate,
    days: i64,
    left: f64,
    width: f64,
}

impl Axis {
    pub(super) fn new(first: NaiveDate, last: NaiveDate, left: f64, width: f64) -> Self {
        let days = ((last - first).num_days() + 1).max(1);
        Self {
            first,
            days,
            left,
            width,
        }
    }

    /// The end of the last day.
    pub(super) fn right(&self) -> f64 {
        self.left + self.width
    }

    /// The begin of a day. Days beyond the axis are at its ends.
    pub(super) fn start(&self, day: NaiveDate) -> f64 {
        self.at((day - self.first).num_days())
    }

    /// The end of a day.
    pub(super) fn end(&self, day: NaiveDate) -> f64 {
        self.at((day - self.first).num_days() + 1)
    }

    fn at(&self, days: i64) -> f64 {
        let part = days.clamp(0, self.days) as f64 / self.days as f64;
        rounded(self.left + part * self.width)
    }

    /// The first days of months, as many as have room, with lines from `top` to `bottom`.
    pub(super) fn months(&self, top: f64, bottom: f64) -> Markup {
        let last = self.first + chrono::Days::new(self.days.unsigned_abs() - 1);
        let count =
            (last.year() - self.first.year()) * 12 + last.month() as i32 - self.first.month() as i32 + 1;
        let step = [1, 2, 3, 6, 12, 24, 60, 120]
            .into_iter()
            .find(|step| count / step < LABELS);
        let step = step.unwrap_or(1_200);
        let months = (0..count).filter_map(|month| {
            let first = self.first.with_day(1)?;
            first.checked_add_months(Months::new(month.unsigned_abs()))
        });
        let shown = months.filter(|month| (month.month0() as i32 + month.year() * 12) % step == 0);
        html! {
            @for month in shown.filter(|month| *month >= self.first) {
                @let x = self.start(month);
                line.grid x1=(x) y1=(top) x2=(x) y2=(bottom) {}
                text.tick x=(x + 3.0) y=(top + 10.0) { (month.format("%b %Y")) }
            }
        }
    }
}

/// A coordinate with one decimal.
pub(super) fn rounded(x: f64) -> f64 {
    (x * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn days_are_spread_over_the_width() {
        let axis = Axis::new(day("2026-01-01"), day("2026-01-10"), 100.0, 200.0);
        assert_eq!(
            (axis.start(day("2026-01-01")), axis.end(day("2026-01-01"))),
            (100.0, 120.0)
        );
        assert_eq!((axis.end(day("2026-01-10")), axis.right()), (300.0, 300.0));
        assert_eq!(
            (axis.start(day("2025-01-01")), axis.end(day("2027-01-01"))),
            (100.0, 300.0)
        );
    }

    #[test]
    fn an_axis_has_few_labels_however_long_it_is() {
        for (last, least, most) in [("2026-02-10", 2, 2), ("2027-12-31", 6, 14), ("2066-01-01", 4, 14)] {
            let axis = Axis::new(day("2026-01-01"), day(last), 0.0, 900.0);
            let labels = axis.months(0.0, 10.0).into_string().matches("<text").count();
            assert!((least..=most).contains(&labels), "{last}: {labels}");
        }
    }
}
