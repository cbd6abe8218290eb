//! Days, billing periods, and the phases that they tile.
//!
//! A billing schedule has phases, one after the other. Inside of a phase, the billing periods of a
//! price follow a recurrence: a day of the month and the month that it is counted from. A month
//! without that day uses its last day, and the day comes back the month after. The first and the last
//! period of a phase may be shorter than a whole one; the days of the whole period are kept beside
//! those served, for proration.
//!
//! ```
//! use chrono::NaiveDate;
//! use sequencehq_emulator::billing::period::{Frequency, Phase, RecurrencePreference, Timeline};
//!
//! let day = |m, d| NaiveDate::from_ymd_opt(2026, m, d).unwrap();
//! let phase = Phase { start: day(1, 10), end: None, recurrence: RecurrencePreference::Continue };
//! let timeline = Timeline::new(&[phase], Some(31))?;
//! let periods = timeline.periods(0, Frequency::Monthly)?.take(3).collect::<Result<Vec<_>, _>>()?;
//! let starts: Vec<_> = periods.iter().map(|period| period.service.start()).collect();
//! assert_eq!(starts, [day(1, 10), day(1, 31), day(2, 28)]);
//! # Ok::<(), sequencehq_emulator::billing::Error>(())
//! ```

use chrono::{Datelike, Days, NaiveDate};

use super::error::{Error, Result};
use super::proration::Share;
use crate::assumptions::{A44, Assumed};

/// Days from a first to a last one, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Period {
    start: NaiveDate,
    end: NaiveDate,
}

impl Period {
    /// # Errors
    ///
    /// [`Error::ReversedPeriod`] if `end` is before `start`.
    pub fn new(start: NaiveDate, end: NaiveDate) -> Result<Self> {
        if end < start {
            return Err(Error::ReversedPeriod { start, end });
        }
        Ok(Self { start, end })
    }

    /// First day.
    pub const fn start(self) -> NaiveDate {
        self.start
    }

    /// Last day, included.
    pub const fn end(self) -> NaiveDate {
        self.end
    }

    /// Number of days, at least 1.
    pub fn days(self) -> u32 {
        let days = (self.end - self.start).num_days() + 1;
        u32::try_from(days)
            .expect("the calendar has fewer than 2^32 days, and the end is not before the start")
    }

    /// Returns whether the day is one of the period.
    pub fn contains(self, day: NaiveDate) -> bool {
        self.start <= day && day <= self.end
    }

    /// The days that both periods have.
    pub fn intersection(self, other: Self) -> Option<Self> {
        Self::new(self.start.max(other.start), self.end.min(other.end)).ok()
    }

    /// The days, in order.
    pub fn iter(self) -> impl Iterator<Item = NaiveDate> {
        self.start.iter_days().take_while(move |day| *day <= self.end)
    }
}

/// How often a price is billed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Frequency {
    /// Every month.
    Monthly,
    /// Every three months.
    Quarterly,
    /// Every six months.
    HalfYearly,
    /// Every twelve months.
    Yearly,
    /// Once: in the first month of the phase, and never again.
    OneTime,
    /// When triggered; never by the clock.
    OnDemand,
    /// For each event; never by the clock.
    PerEvent,
}

impl Frequency {
    /// The frequency with this name in the API, such as `HALF_YEARLY`. `None` for `NONE` and unknown names.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "MONTHLY" => Some(Self::Monthly),
            "QUARTERLY" => Some(Self::Quarterly),
            "HALF_YEARLY" => Some(Self::HalfYearly),
            "YEARLY" => Some(Self::Yearly),
            "ONE_TIME" => Some(Self::OneTime),
            "ON_DEMAND" => Some(Self::OnDemand),
            "PER_EVENT" => Some(Self::PerEvent),
            _ => None,
        }
    }

    /// Months of one period. `None` if there is no rhythm.
    pub const fn months(self) -> Option<u32> {
        match self {
            Self::Monthly => Some(1),
            Self::Quarterly => Some(3),
            Self::HalfYearly => Some(6),
            Self::Yearly => Some(12),
            Self::OneTime | Self::OnDemand | Self::PerEvent => None,
        }
    }
}

/// A rhythm of months: the first date that it falls on, and the wanted day of the month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Recurrence {
    /// Months since the year 0.
    month: i64,
    day: u32,
}

impl Recurrence {
    /// The rhythm whose first date is the first `day_of_month` on or after `start`. Without
    /// `day_of_month`, that is `start` itself.
    ///
    /// # Errors
    ///
    /// [`Error::DayOfMonth`] if `day_of_month` is not between 1 and 31.
    pub fn starting(start: NaiveDate, day_of_month: Option<u32>) -> Result<Self> {
        let day = day_of_month.unwrap_or(start.day());
        if !(1..=31).contains(&day) {
            return Err(Error::DayOfMonth(day));
        }
        let month = month_of(start);
        let this_month = Self { month, day };
        let late = this_month.date(1, 0)? < start;
        Ok(Self {
            month: month + i64::from(late),
            day,
        })
    }

    /// The date `k` steps of `months` after the first one; `k` may be negative.
    ///
    /// # Errors
    ///
    /// [`Error::DateOutOfRange`] outside of the calendar.
    pub fn date(self, months: u32, k: i64) -> Result<NaiveDate> {
        let month = k
            .checked_mul(months.into())
            .and_then(|distance| self.month.checked_add(distance))
            .ok_or(Error::DateOutOfRange)?;
        let year = i32::try_from(month.div_euclid(12)).map_err(|_| Error::DateOutOfRange)?;
        let month = u32::try_from(month.rem_euclid(12) + 1).expect("1 to 12");
        let last = (28..=31)
            .rev()
            .find(|day| NaiveDate::from_ymd_opt(year, month, *day).is_some());
        let day = self.day.min(last.ok_or(Error::DateOutOfRange)?);
        NaiveDate::from_ymd_opt(year, month, day).ok_or(Error::DateOutOfRange)
    }

    /// The number of the step that the day lies in: that of the last date on or before the day.
    ///
    /// # Errors
    ///
    /// [`Error::DateOutOfRange`] outside of the calendar, [`Error::NoInterval`] for steps of 0 months.
    pub fn step_of(self, months: u32, day: NaiveDate) -> Result<i64> {
        if months == 0 {
            return Err(Error::NoInterval);
        }
        let step = (month_of(day) - self.month).div_euclid(months.into());
        Ok(if self.date(months, step)? > day {
            step - 1
        } else {
            step
        })
    }

    /// The whole period of `months` that the day lies in.
    ///
    /// # Errors
    ///
    /// As [`step_of`](Self::step_of).
    pub fn period(self, months: u32, day: NaiveDate) -> Result<Period> {
        let step = self.step_of(months, day)?;
        let next = self.date(months, step + 1)?;
        Period::new(
            self.date(months, step)?,
            next.pred_opt().ok_or(Error::DateOutOfRange)?,
        )
    }
}

fn month_of(day: NaiveDate) -> i64 {
    i64::from(day.year()) * 12 + i64::from(day.month0())
}

/// What happens to the rhythm where a phase starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RecurrencePreference {
    /// `CONTINUE_FROM_PREVIOUS_PHASE`: periods go on in the rhythm of the phase before.
    #[default]
    Continue,
    /// `RESET`: periods are counted from the first day of the phase.
    Reset,
}

/// A phase as it is written in a schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Phase {
    /// First day.
    pub start: NaiveDate,
    /// Last day, included. Only the last phase may be open.
    pub end: Option<NaiveDate>,
    /// Rhythm at the start of the phase. Has no effect on the first phase.
    pub recurrence: RecurrencePreference,
}

/// One billing period of a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BillingPeriod {
    /// Position in the phase, from 0. A `ONE_TIME` price is charged in period 0 only.
    pub index: u64,
    /// The days that are billed.
    pub service: Period,
    /// The whole period that they are part of. Longer than `service` in a stub.
    pub full: Period,
}

impl BillingPeriod {
    /// Days served over days of the whole period.
    pub fn share(self) -> Share {
        Share::of_days(self.service.days(), self.full.days()).expect("a period has days")
    }
}

/// The phases of a schedule with their rhythms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeline {
    phases: Vec<(Phase, Recurrence)>,
    assumed: Assumed,
}

impl Timeline {
    /// Lays out the phases. The rhythm of the first is `recurrenceDayOfMonth`, or the day of its start.
    ///
    /// # Errors
    ///
    /// [`Error::NoPhases`], [`Error::DayOfMonth`], [`Error::ReversedPeriod`] for a phase that ends
    /// before it starts, [`Error::PhaseGap`] for one that does not start on the day after the phase
    /// before it ends ([A43](crate::assumptions::A43)).
    pub fn new(phases: &[Phase], recurrence_day_of_month: Option<u32>) -> Result<Self> {
        let first = phases.first().ok_or(Error::NoPhases)?;
        let mut recurrence = Recurrence::starting(first.start, recurrence_day_of_month)?;
        let mut assumed = Assumed::NONE;
        let mut laid_out: Vec<(Phase, Recurrence)> = Vec::with_capacity(phases.len());
        for (i, phase) in phases.iter().enumerate() {
            if let Some(end) = phase.end {
                Period::new(phase.start, end)?;
            }
            if let Some((before, _)) = laid_out.last() {
                if before.end.and_then(|end| end.succ_opt()) != Some(phase.start) {
                    return Err(Error::PhaseGap { phase: i });
                }
                assumed |= A44;
                if phase.recurrence == RecurrencePreference::Reset {
                    recurrence = Recurrence::starting(phase.start, None)?;
                }
            }
            laid_out.push((*phase, recurrence));
        }
        Ok(Self {
            phases: laid_out,
            assumed,
        })
    }

    /// What the layout depends on.
    pub fn assumed(&self) -> Assumed {
        self.assumed
    }

    /// Position of the phase that the day lies in.
    pub fn phase_on(&self, day: NaiveDate) -> Option<usize> {
        self.phases
            .iter()
            .position(|(phase, _)| phase.start <= day && phase.end.is_none_or(|end| day <= end))
    }

    /// The rhythm of a phase.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchPhase`].
    pub fn recurrence(&self, phase: usize) -> Result<Recurrence> {
        self.phase(phase).map(|(_, recurrence)| recurrence)
    }

    /// The billing periods of a phase, in order: contiguous, from its first day to its last. Those of
    /// an open phase do not end before the calendar does; then an error comes last.
    ///
    /// There is none for `ON_DEMAND` and `PER_EVENT`, and one for `ONE_TIME`.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchPhase`].
    pub fn periods(
        &self,
        phase: usize,
        frequency: Frequency,
    ) -> Result<impl Iterator<Item = Result<BillingPeriod>> + use<>> {
        let (phase, recurrence) = self.phase(phase)?;
        let mut next = Some((0, phase.start));
        Ok(std::iter::from_fn(move || {
            let (index, day) = next.take()?;
            let period = period_from(phase, recurrence, frequency, index, day).transpose()?;
            if let Ok(period) = &period {
                next = period.service.end.succ_opt().map(|day| (index + 1, day));
            }
            Some(period)
        }))
    }

    /// The billing period of the phase that the day lies in, in constant time. `None` if the day is
    /// outside of the phase, or without a period: see [`periods`](Self::periods).
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchPhase`], and [`Error::DateOutOfRange`] at the end of the calendar.
    pub fn period_on(
        &self,
        phase: usize,
        frequency: Frequency,
        day: NaiveDate,
    ) -> Result<Option<BillingPeriod>> {
        let (phase, recurrence) = self.phase(phase)?;
        if day < phase.start || phase.end.is_some_and(|end| end < day) {
            return Ok(None);
        }
        let Some(months) = step(frequency) else {
            return Ok(None);
        };
        let first = recurrence.step_of(months, phase.start)?;
        let this = recurrence.step_of(months, day)?;
        let index = u64::try_from(this - first).expect("the day is not before the phase");
        let start = if index == 0 {
            phase.start
        } else {
            recurrence.date(months, this)?
        };
        period_from(phase, recurrence, frequency, index, start)
    }

    /// The days that a trigger on `today` bills for a price without rhythm
    /// ([A46](crate::assumptions::A46)): from the day after what
    /// was billed before, or the start of the phase, through `today` or the end of the phase. `None`
    /// if every day has been billed.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchPhase`].
    pub fn on_demand(
        &self,
        phase: usize,
        billed_through: Option<NaiveDate>,
        today: NaiveDate,
    ) -> Result<Option<Period>> {
        let (phase, _) = self.phase(phase)?;
        let next = match billed_through {
            Some(day) => day.succ_opt().ok_or(Error::DateOutOfRange)?,
            None => phase.start,
        };
        let last = phase.end.map_or(today, |end| end.min(today));
        Ok(Period::new(next.max(phase.start), last).ok())
    }

    fn phase(&self, phase: usize) -> Result<(Phase, Recurrence)> {
        self.phases.get(phase).copied().ok_or(Error::NoSuchPhase(phase))
    }
}

/// `ONE_TIME` has the length of a month and an end after the first period.
const fn step(frequency: Frequency) -> Option<u32> {
    match frequency {
        Frequency::OneTime => Some(1),
        other => other.months(),
    }
}

fn period_from(
    phase: Phase,
    recurrence: Recurrence,
    frequency: Frequency,
    index: u64,
    start: NaiveDate,
) -> Result<Option<BillingPeriod>> {
    let Some(months) = step(frequency) else {
        return Ok(None);
    };
    let over = phase.end.is_some_and(|end| end < start) || (frequency == Frequency::OneTime && index > 0);
    if over {
        return Ok(None);
    }
    let full = recurrence.period(months, start)?;
    let end = phase.end.map_or(full.end, |end| end.min(full.end));
    Ok(Some(BillingPeriod {
        index,
        service: Period::new(start, end)?,
        full,
    }))
}

/// The day `days` after this one.
///
/// # Errors
///
/// [`Error::DateOutOfRange`] outside of the calendar.
pub fn days_after(day: NaiveDate, days: u32) -> Result<NaiveDate> {
    day.checked_add_days(Days::new(days.into()))
        .ok_or(Error::DateOutOfRange)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    fn starts(timeline: &Timeline, phase: usize, frequency: Frequency, n: usize) -> Vec<String> {
        let periods = timeline.periods(phase, frequency).unwrap().take(n);
        periods
            .map(|period| period.unwrap().service.start().to_string())
            .collect()
    }

    fn open(start: NaiveDate) -> Phase {
        Phase {
            start,
            end: None,
            recurrence: RecurrencePreference::Continue,
        }
    }

    #[test]
    fn frequencies_have_the_names_of_the_api() {
        let months = |name: &str| Frequency::named(name).map(Frequency::months);
        for (name, expected) in [
            ("MONTHLY", Some(Some(1))),
            ("QUARTERLY", Some(Some(3))),
            ("HALF_YEARLY", Some(Some(6))),
            ("YEARLY", Some(Some(12))),
            ("ONE_TIME", Some(None)),
            ("NONE", None),
        ] {
            assert_eq!(months(name), expected, "{name}");
        }
        assert_eq!(Frequency::named("ON_DEMAND"), Some(Frequency::OnDemand));
        assert_eq!(Frequency::named("PER_EVENT"), Some(Frequency::PerEvent));
    }

    #[test]
    fn a_month_without_the_day_uses_its_last_and_the_day_comes_back() {
        let timeline = Timeline::new(&[open(day(2027, 10, 31))], None).unwrap();
        assert_eq!(
            starts(&timeline, 0, Frequency::Monthly, 7),
            [
                "2027-10-31",
                "2027-11-30",
                "2027-12-31",
                "2028-01-31",
                "2028-02-29",
                "2028-03-31",
                "2028-04-30"
            ]
        );
        assert_eq!(
            starts(&timeline, 0, Frequency::Quarterly, 3),
            ["2027-10-31", "2028-01-31", "2028-04-30"]
        );
    }

    #[test]
    fn the_first_period_ends_before_the_first_anchor_and_knows_the_whole_one() {
        let timeline = Timeline::new(&[open(day(2026, 1, 10))], Some(15)).unwrap();
        let first = timeline
            .periods(0, Frequency::Monthly)
            .unwrap()
            .next()
            .unwrap()
            .unwrap();
        assert_eq!(
            first.service,
            Period::new(day(2026, 1, 10), day(2026, 1, 14)).unwrap()
        );
        assert_eq!(
            first.full,
            Period::new(day(2025, 12, 15), day(2026, 1, 14)).unwrap()
        );
        assert_eq!(first.share(), Share::of_days(5, 31).unwrap());
        assert_eq!(
            starts(&timeline, 0, Frequency::Yearly, 3),
            ["2026-01-10", "2026-01-15", "2027-01-15"]
        );
    }

    #[test]
    fn a_phase_that_continues_keeps_the_anchor_and_one_that_resets_starts_anew() {
        let two = |recurrence| {
            let first = Phase {
                end: Some(day(2026, 2, 20)),
                ..open(day(2026, 1, 15))
            };
            Timeline::new(
                &[
                    first,
                    Phase {
                        recurrence,
                        ..open(day(2026, 2, 21))
                    },
                ],
                None,
            )
            .unwrap()
        };
        let kept = two(RecurrencePreference::Continue);
        assert_eq!(
            starts(&kept, 1, Frequency::Monthly, 3),
            ["2026-02-21", "2026-03-15", "2026-04-15"]
        );
        assert_eq!(
            starts(&kept, 1, Frequency::Quarterly, 2),
            ["2026-02-21", "2026-04-15"]
        );
        let reset = two(RecurrencePreference::Reset);
        assert_eq!(
            starts(&reset, 1, Frequency::Monthly, 3),
            ["2026-02-21", "2026-03-21", "2026-04-21"]
        );
        assert_eq!(kept.assumed(), A44.into());
    }

    #[test]
    fn phases_must_follow_each_other_and_only_the_last_is_open() {
        let first = Phase {
            end: Some(day(2026, 1, 31)),
            ..open(day(2026, 1, 1))
        };
        for start in [day(2026, 1, 31), day(2026, 2, 2)] {
            let refused = Timeline::new(&[first, open(start)], None);
            assert_eq!(refused, Err(Error::PhaseGap { phase: 1 }));
        }
        let after_open = Timeline::new(&[open(day(2026, 1, 1)), open(day(2026, 2, 1))], None);
        assert_eq!(after_open, Err(Error::PhaseGap { phase: 1 }));
        assert_eq!(Timeline::new(&[], None), Err(Error::NoPhases));
        for bad in [0, 32] {
            assert_eq!(Timeline::new(&[first], Some(bad)), Err(Error::DayOfMonth(bad)));
        }
        let reversed = Phase {
            end: Some(day(2025, 12, 31)),
            ..first
        };
        assert!(matches!(
            Timeline::new(&[reversed], None),
            Err(Error::ReversedPeriod { .. })
        ));
    }

    #[test]
    fn prices_without_rhythm_are_billed_when_triggered() {
        let phase = Phase {
            end: Some(day(2026, 3, 31)),
            ..open(day(2026, 1, 1))
        };
        let timeline = Timeline::new(&[phase], None).unwrap();
        for frequency in [Frequency::OnDemand, Frequency::PerEvent] {
            assert_eq!(starts(&timeline, 0, frequency, 2).len(), 0);
        }
        let first = timeline.on_demand(0, None, day(2026, 2, 10)).unwrap().unwrap();
        assert_eq!(first, Period::new(day(2026, 1, 1), day(2026, 2, 10)).unwrap());
        let rest = timeline
            .on_demand(0, Some(first.end()), day(2026, 5, 1))
            .unwrap()
            .unwrap();
        assert_eq!(rest, Period::new(day(2026, 2, 11), day(2026, 3, 31)).unwrap());
        assert_eq!(timeline.on_demand(0, Some(rest.end()), day(2026, 5, 1)), Ok(None));
        assert_eq!(timeline.on_demand(0, None, day(2025, 5, 1)), Ok(None));
    }

    #[test]
    fn a_one_time_frequency_has_one_period() {
        let timeline = Timeline::new(&[open(day(2026, 1, 1))], None).unwrap();
        let all: Vec<_> = timeline.periods(0, Frequency::OneTime).unwrap().collect();
        assert_eq!(all.len(), 1);
        assert_eq!(
            all[0].as_ref().unwrap().service,
            Period::new(day(2026, 1, 1), day(2026, 1, 31)).unwrap()
        );
        assert_eq!(
            timeline.period_on(0, Frequency::OneTime, day(2026, 2, 1)),
            Ok(None)
        );
    }

    #[test]
    fn the_end_of_the_calendar_is_an_error() {
        let start = NaiveDate::MAX.pred_opt().unwrap();
        let timeline = Timeline::new(&[open(start)], None).unwrap();
        let all: Vec<_> = timeline.periods(0, Frequency::Monthly).unwrap().collect();
        assert_eq!(all, [Err(Error::DateOutOfRange)]);
        assert_eq!(days_after(NaiveDate::MAX, 1), Err(Error::DateOutOfRange));
    }
}
