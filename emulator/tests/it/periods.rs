//! What holds for every schedule.

use chrono::{DateTime, Datelike, Days, NaiveDate};
use proptest::prelude::*;
use sequencehq_emulator::billing::Period;
use sequencehq_emulator::billing::period::{
    BillingPeriod, Frequency, Phase, Recurrence, RecurrencePreference, Timeline,
};
use sequencehq_emulator::billing::seats::{SeatEvent, daily_balances};
use sequencehq_emulator::billing::usage::{CalculationMode, windows};

const STEPS: [Frequency; 4] = [
    Frequency::Monthly,
    Frequency::Quarterly,
    Frequency::HalfYearly,
    Frequency::Yearly,
];

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn periods(timeline: &Timeline, phase: usize, frequency: Frequency) -> Vec<BillingPeriod> {
    timeline
        .periods(phase, frequency)
        .unwrap()
        .map(|period| period.unwrap())
        .collect()
}

/// Every day of the phase is in exactly one period, the periods are in order, and only the first and the
/// last are shorter than a whole one.
fn assert_tiles(timeline: &Timeline, phase: usize, days: Period, frequency: Frequency) {
    let periods = periods(timeline, phase, frequency);
    let mut next = days.start();
    for (i, period) in periods.iter().enumerate() {
        assert_eq!(period.index, i as u64);
        assert_eq!(period.service.start(), next, "{frequency:?}: a gap or an overlap");
        assert_eq!(period.full.intersection(period.service), Some(period.service));
        if i > 0 && i + 1 < periods.len() {
            assert_eq!(period.service, period.full, "{frequency:?}: a stub in the middle");
        }
        next = period.service.end().succ_opt().unwrap();
    }
    assert_eq!(
        next,
        days.end().succ_opt().unwrap(),
        "{frequency:?}: the phase is not covered"
    );
}

#[test]
fn periods_tile_phases_for_all_anchors_and_steps() {
    for anchor in 1..=31 {
        for start in [
            day(2023, 11, 30),
            day(2024, 1, 31),
            day(2024, 2, 29),
            day(2025, 2, 28),
            day(2026, 7, 1),
        ] {
            for length in [0, 1, 27, 30, 31, 59, 90, 181, 365, 366, 800] {
                let end = start + Days::new(length);
                let days = Period::new(start, end).unwrap();
                let phase = Phase {
                    start,
                    end: Some(end),
                    recurrence: RecurrencePreference::Continue,
                };
                let timeline = Timeline::new(&[phase], Some(anchor)).unwrap();
                for frequency in STEPS {
                    assert_tiles(&timeline, 0, days, frequency);
                }
            }
        }
    }
}

#[test]
fn a_period_starts_on_its_anchor_or_the_last_day_of_a_shorter_month() {
    for anchor in 1..=31 {
        let phase = Phase {
            start: day(2023, 1, 1),
            end: Some(day(2028, 12, 31)),
            recurrence: RecurrencePreference::Continue,
        };
        let timeline = Timeline::new(&[phase], Some(anchor)).unwrap();
        for frequency in STEPS {
            for period in periods(&timeline, 0, frequency).into_iter().skip(1) {
                let start = period.service.start();
                let (year, month) = (start.year(), start.month());
                let expected = (28..=anchor)
                    .rev()
                    .chain([anchor])
                    .find_map(|n| NaiveDate::from_ymd_opt(year, month, n));
                assert_eq!(Some(start), expected, "{frequency:?} on {anchor}");
            }
        }
    }
}

fn timeline() -> impl Strategy<Value = (Timeline, Vec<Period>)> {
    let phases = prop::collection::vec((0..500_u64, any::<bool>()), 1..5);
    (0..1500_u64, prop::option::of(1..=31_u32), phases).prop_map(|(start, anchor, lengths)| {
        let mut start = day(2023, 1, 1) + Days::new(start);
        let (mut phases, mut days) = (Vec::new(), Vec::new());
        for (length, reset) in lengths {
            let end = start + Days::new(length);
            let recurrence = if reset {
                RecurrencePreference::Reset
            } else {
                RecurrencePreference::Continue
            };
            phases.push(Phase {
                start,
                end: Some(end),
                recurrence,
            });
            days.push(Period::new(start, end).unwrap());
            start = end.succ_opt().unwrap();
        }
        (Timeline::new(&phases, anchor).unwrap(), days)
    })
}

proptest! {
    #[test]
    fn periods_tile_schedules_of_several_phases((timeline, phases) in timeline()) {
        for (i, days) in phases.iter().enumerate() {
            for frequency in STEPS {
                assert_tiles(&timeline, i, *days, frequency);
            }
        }
    }

    #[test]
    fn the_period_of_a_day_is_found_without_walking((timeline, phases) in timeline(), which in 0..5_usize) {
        let which = which % phases.len();
        for frequency in [Frequency::Monthly, Frequency::Quarterly, Frequency::HalfYearly, Frequency::Yearly, Frequency::OneTime] {
            let walked = periods(&timeline, which, frequency);
            for day in phases[which].iter() {
                prop_assert_eq!(timeline.phase_on(day), Some(which));
                let expected = walked.iter().find(|period| period.service.contains(day)).copied();
                prop_assert_eq!(timeline.period_on(which, frequency, day).unwrap(), expected);
            }
            let outside = phases[which].end().succ_opt().unwrap();
            prop_assert_eq!(timeline.period_on(which, frequency, outside).unwrap(), None);
        }
    }

    #[test]
    fn longer_steps_start_where_shorter_ones_do((timeline, phases) in timeline()) {
        for phase in 0..phases.len() {
            let months: Vec<_> = periods(&timeline, phase, Frequency::Monthly).iter().map(|p| p.service.start()).collect();
            for frequency in STEPS {
                for period in periods(&timeline, phase, frequency) {
                    prop_assert!(months.contains(&period.service.start()));
                }
            }
        }
    }

    #[test]
    fn every_day_lies_in_one_step_of_a_recurrence(start in 0..3000_u64, anchor in prop::option::of(1..=31_u32), months in 1..25_u32, distance in -2000..2000_i64) {
        let start = day(2020, 1, 1) + Days::new(start);
        let recurrence = Recurrence::starting(start, anchor).unwrap();
        let asked = start + chrono::TimeDelta::days(distance);
        let step = recurrence.step_of(months, asked).unwrap();
        prop_assert!(recurrence.date(months, step).unwrap() <= asked);
        prop_assert!(asked < recurrence.date(months, step + 1).unwrap());
        prop_assert!(recurrence.period(months, asked).unwrap().contains(asked));
        let first = recurrence.date(months, 0).unwrap();
        prop_assert!(first >= start && (first - start).num_days() < 32);
    }

    #[test]
    fn periodic_windows_tile_the_billing_period((timeline, phases) in timeline(), months in 1..15_u32) {
        for (phase, days) in phases.iter().enumerate() {
            for frequency in STEPS {
                for period in periods(&timeline, phase, frequency) {
                    let mode = CalculationMode::Periodic { months };
                    let (windows, _) = windows(mode, period.service, days.start()).unwrap();
                    let mut next = period.service.start();
                    for (i, window) in windows.iter().enumerate() {
                        let billed_from = match window.before {
                            Some(before) => {
                                prop_assert_eq!(before.start(), window.total.start());
                                prop_assert_eq!(i, 0, "only the first may have begun before the period");
                                before.end().succ_opt().unwrap()
                            }
                            None => window.total.start(),
                        };
                        prop_assert_eq!(billed_from, next);
                        next = window.total.end().succ_opt().unwrap();
                    }
                    prop_assert_eq!(next, period.service.end().succ_opt().unwrap());
                }
            }
        }
    }

    #[test]
    fn balances_of_one_jump_equal_daily_steps(
        events in prop::collection::vec((0..40_i64, 0..86_400_i64, 0..3_usize, 0..200_i64), 0..25),
    ) {
        let base: DateTime<chrono::Utc> = "2026-01-01T00:00:00Z".parse().unwrap();
        let events: Vec<SeatEvent> = events.into_iter().map(|(days, seconds, alias, total)| SeatEvent {
            alias: ["a", "b", "c"][alias].to_owned(),
            at: base + chrono::TimeDelta::days(days) + chrono::TimeDelta::seconds(seconds),
            total,
        }).collect();
        let first = base.date_naive();
        let jump = daily_balances(&events, Period::new(first, first + Days::new(39)).unwrap()).unwrap().balances;
        for (n, balance) in jump.iter().enumerate() {
            let today = first + Days::new(n as u64);
            let known: Vec<SeatEvent> = events.iter().filter(|event| event.at.date_naive() <= today).cloned().collect();
            let step = daily_balances(&known, Period::new(today, today).unwrap()).unwrap().balances;
            prop_assert_eq!(&step, &[*balance]);
            // The definition, alias by alias: the last received of the latest.
            let by_alias = ["a", "b", "c"].map(|alias| {
                known.iter().filter(|event| event.alias == alias).max_by_key(|event| event.at).map_or(0, |event| event.total)
            });
            prop_assert_eq!(i64::try_from(*balance).unwrap(), by_alias.iter().sum::<i64>());
        }
    }
}
