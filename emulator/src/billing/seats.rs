//! Seats: balances from events, and the quantity that a period is charged for.
//!
//! A seat event states the total of one alias from its time on. [`daily_balances`] turns events into
//! the balance at the end of each UTC day; [`Terms::measure`] turns balances into the quantity that a
//! [`SeatBased`](super::price::Structure::SeatBased) price is charged for.
//!
//! With `overagesBillingFrequency`, the contracted minimum and the seats above it are billed apart: measure
//! [`Part::Committed`] for the period of the price and [`Part::Overage`] for the period of the overage,
//! and charge the same price for both.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use super::error::{Error, Result};
use super::exact::Fraction;
use super::money::shown;
use super::period::Period;
use super::proration::Share;
use crate::assumptions::{A34, A35, A36, A37, A38, A39, Assumed};

/// A seat event of one customer and seat type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeatEvent {
    /// Alias that the event was reported under.
    pub alias: String,
    /// From when on the total holds.
    pub at: DateTime<Utc>,
    /// Seats of the alias from then on.
    pub total: i64,
}

/// The balance at the end of each day of a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DailyBalances {
    /// One balance for each day, in order.
    pub balances: Vec<u64>,
    /// What they depend on.
    pub assumed: Assumed,
}

/// Balances at the end of each UTC day of the period: the latest total of each alias, summed over the
/// aliases [A34]. Of events of one instant, the last in the order of the list holds; pass them in the
/// order in which they were received, without superseded ones.
///
/// # Errors
///
/// [`Error::NegativeSeats`] for a negative total ([A33](crate::assumptions::A33)), [`Error::TooManyDigits`] if a sum does not fit.
pub fn daily_balances(events: &[SeatEvent], period: Period) -> Result<DailyBalances> {
    let mut events = ordered(events)?.into_iter().peekable();
    let mut totals = Totals::default();
    let mut balances = Vec::with_capacity(period.days() as usize);
    for day in period.iter() {
        while let Some((event, total)) = events.next_if(|(event, _)| event.at.date_naive() <= day) {
            totals.set(&event.alias, total)?;
        }
        balances.push(totals.sum);
    }
    Ok(DailyBalances {
        balances,
        assumed: totals.assumed(),
    })
}

/// The seats at one time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Balance {
    /// The latest totals of all aliases, summed.
    pub total: u64,
    /// When the sum became what it is.
    pub changed_at: DateTime<Utc>,
    /// What it depends on.
    pub assumed: Assumed,
}

/// The balance at a time, by the rules of [`daily_balances`]. `None` if there is no event up to then.
///
/// # Errors
///
/// As [`daily_balances`].
pub fn balance_at(events: &[SeatEvent], at: DateTime<Utc>) -> Result<Option<Balance>> {
    let mut totals = Totals::default();
    let mut changed_at = None;
    let events = ordered(events)?;
    let reached = events.partition_point(|(event, _)| event.at <= at);
    // Events of one instant are one change.
    for instant in events[..reached].chunk_by(|(a, _), (b, _)| a.at == b.at) {
        let before = totals.sum;
        for (event, total) in instant {
            totals.set(&event.alias, *total)?;
        }
        if changed_at.is_none() || totals.sum != before {
            changed_at = instant.first().map(|(event, _)| event.at);
        }
    }
    Ok(changed_at.map(|changed_at| Balance {
        total: totals.sum,
        changed_at,
        assumed: totals.assumed(),
    }))
}

/// The events by time with their totals. A stable sort keeps the order of receipt within an instant.
fn ordered(events: &[SeatEvent]) -> Result<Vec<(&SeatEvent, u64)>> {
    let with_total = events.iter().map(|event| {
        let total = u64::try_from(event.total).map_err(|_| Error::NegativeSeats(event.total))?;
        Ok((event, total))
    });
    let mut ordered = with_total.collect::<Result<Vec<_>>>()?;
    ordered.sort_by_key(|(event, _)| event.at);
    Ok(ordered)
}

/// The latest total of each alias, and their sum.
#[derive(Default)]
struct Totals<'e> {
    by_alias: BTreeMap<&'e str, u64>,
    sum: u64,
}

impl<'e> Totals<'e> {
    fn set(&mut self, alias: &'e str, total: u64) -> Result<()> {
        let before = self.by_alias.insert(alias, total).unwrap_or(0);
        let sum = (self.sum - before).checked_add(total);
        self.sum = sum.ok_or(Error::TooManyDigits)?;
        Ok(())
    }

    fn assumed(&self) -> Assumed {
        let mut assumed = Assumed::NONE;
        assumed.add_if(self.by_alias.len() > 1, A34);
        assumed
    }
}

/// How seats that come or go within a period are charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProrationStrategy {
    /// `USE_MAXIMUM`: the highest balance, for the whole period.
    UseMaximum,
    /// `PRORATE_INCREMENTS`: additions from their day on; reductions give nothing back.
    ProrateIncrements,
    /// `PRORATE_ALL_CHANGES`: the average of the daily balances.
    ProrateAllChanges,
}

/// The terms of a seat-based price that decide its quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// `prorationStrategy`.
    pub strategy: ProrationStrategy,
    /// `contractedMinimumSeats`.
    pub contracted_minimum_seats: u64,
    /// `prorateFlatFees`.
    pub prorate_flat_fees: bool,
}

/// Daily balances that lie in one full billing period of the price.
///
/// A billing period is one segment. An overage period longer than it has several: one for each full
/// billing period of the price that it touches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment<'a> {
    /// Balances of the days served.
    pub balances: &'a [u64],
    /// Days of the full billing period of the price.
    pub full_days: u32,
}

/// Which seats are measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// All seats, at least the contracted minimum.
    All,
    /// The contracted minimum alone [A38].
    Committed,
    /// The seats above the contracted minimum [A38].
    Overage,
}

/// The seats that a period is charged for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeatQuantity {
    pub(crate) quantity: Decimal,
    /// Seats below the ones charged, for tiers: the contracted minimum under an overage.
    pub(crate) below: Decimal,
    /// How many of the charged seats are within the contracted minimum. They are the first ones.
    pub(crate) included: Decimal,
    /// What flat fees are multiplied by.
    pub(crate) fee_share: Share,
    pub(crate) assumed: Assumed,
}

impl SeatQuantity {
    /// The quantity, with at most 12 decimals.
    pub fn quantity(&self) -> Decimal {
        self.quantity
    }

    /// How much of the quantity is within the contracted minimum.
    pub fn included(&self) -> Decimal {
        self.included
    }

    /// What the quantity depends on.
    pub fn assumed(&self) -> Assumed {
        self.assumed
    }
}

impl Terms {
    /// Measures the seats of a period.
    ///
    /// Quantities are per full billing period: one seat on every day of one is 1. Under
    /// `USE_MAXIMUM`, a shorter period counts in full unless flat fees are prorated [A39]. An overage
    /// always counts by its days, so that twelve monthly overages of a yearly price make one year.
    ///
    /// # Errors
    ///
    /// [`Error::NoDays`] without segments, days or full days; [`Error::TooManyDigits`].
    pub fn measure(&self, part: Part, segments: &[Segment<'_>]) -> Result<SeatQuantity> {
        if segments.is_empty() || segments.iter().any(|s| s.balances.is_empty() || s.full_days == 0) {
            return Err(Error::NoDays);
        }
        let minimum = self.contracted_minimum_seats;
        let mut assumed = Assumed::NONE;
        assumed.add_if(part != Part::All, A38);
        let raised = segments
            .iter()
            .flat_map(|s| s.balances)
            .any(|balance| *balance < minimum);
        assumed.add_if(raised && part == Part::All, A35);

        let by_days = self.prorate_flat_fees || part == Part::Overage;
        let count = |balance: u64| match part {
            Part::All => balance.max(minimum),
            Part::Committed => minimum,
            Part::Overage => balance.saturating_sub(minimum),
        };
        let quantity = self.quantity(segments, count, by_days, &mut assumed)?;
        let included = match part {
            Part::All => self.quantity(segments, |_| minimum, by_days, &mut Assumed::default())?,
            Part::Committed => quantity,
            Part::Overage => Fraction::ZERO,
        };
        let below = if part == Part::Overage { minimum } else { 0 };
        let served = segments
            .iter()
            .try_fold(Fraction::ZERO, |sum, segment| sum.plus(served(segment)))?;
        Ok(SeatQuantity {
            quantity: shown(quantity, &mut assumed)?,
            below: Decimal::from(below),
            included: shown(included, &mut Assumed::default())?,
            fee_share: if by_days { Share(served) } else { Share::WHOLE },
            assumed,
        })
    }

    fn quantity(
        &self,
        segments: &[Segment<'_>],
        count: impl Fn(u64) -> u64,
        by_days: bool,
        assumed: &mut Assumed,
    ) -> Result<Fraction> {
        let counted = segments.iter().map(|segment| {
            let seats = segment.balances.iter().map(|balance| count(*balance));
            match self.strategy {
                ProrationStrategy::UseMaximum => {
                    let most = u128::from(seats.max().unwrap_or(0));
                    let whole = served(segment) == Fraction::ONE;
                    assumed.add_if(!whole, A39);
                    if by_days {
                        served(segment).times(most)
                    } else {
                        Fraction::ONE.times(most)
                    }
                }
                ProrationStrategy::ProrateIncrements => {
                    let mut most = 0;
                    let seat_days = seats
                        .map(|balance| {
                            assumed.add_if(balance < most, A36);
                            most = most.max(balance);
                            u128::from(most)
                        })
                        .sum();
                    over(seat_days, segment.full_days)
                }
                ProrationStrategy::ProrateAllChanges => {
                    let seat_days = seats.map(u128::from).sum();
                    *assumed |= A37;
                    over(seat_days, segment.full_days)
                }
            }
        });
        counted
            .collect::<Result<Vec<_>>>()?
            .into_iter()
            .try_fold(Fraction::ZERO, Fraction::plus)
    }
}

fn served(segment: &Segment<'_>) -> Fraction {
    Fraction::new(segment.balances.len() as u128, segment.full_days.into()).expect("full days were checked")
}

fn over(seat_days: u128, full_days: u32) -> Result<Fraction> {
    Fraction::new(seat_days, full_days.into()).ok_or(Error::NoDays)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ProrationStrategy::{ProrateAllChanges, ProrateIncrements, UseMaximum};
    use chrono::NaiveDate;

    fn d(text: &str) -> Decimal {
        Decimal::from_str_exact(text).unwrap()
    }

    fn terms(strategy: ProrationStrategy, minimum: u64) -> Terms {
        Terms {
            strategy,
            contracted_minimum_seats: minimum,
            prorate_flat_fees: false,
        }
    }

    fn thirty_days() -> Vec<u64> {
        [vec![5; 10], vec![8; 10], vec![6; 10]].concat()
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn event(alias: &str, time: &str, total: i64) -> SeatEvent {
        SeatEvent {
            alias: alias.to_owned(),
            at: at(time),
            total,
        }
    }

    fn january(first: u32, last: u32) -> Period {
        let day = |day| NaiveDate::from_ymd_opt(2026, 1, day).unwrap();
        Period::new(day(first), day(last)).unwrap()
    }

    #[test]
    fn golden_quantities_of_the_three_strategies() {
        for (strategy, minimum, expected) in [
            (UseMaximum, 0, "8"),
            (ProrateIncrements, 0, "7"),
            (ProrateAllChanges, 0, "6.333333333333"),
            (UseMaximum, 7, "8"),
            (ProrateIncrements, 7, "7.666666666667"),
            (ProrateAllChanges, 7, "7.333333333333"),
        ] {
            let segment = [Segment {
                balances: &thirty_days(),
                full_days: 30,
            }];
            let measured = terms(strategy, minimum).measure(Part::All, &segment).unwrap();
            assert_eq!(
                measured.quantity,
                d(expected),
                "{strategy:?} with a minimum of {minimum}"
            );
            assert_eq!(measured.included, Decimal::from(minimum));
        }
    }

    #[test]
    fn results_name_exactly_the_rules_they_depend_on() {
        let assumed = |strategy, minimum, balances: &[u64], full_days| {
            let segment = [Segment { balances, full_days }];
            terms(strategy, minimum)
                .measure(Part::All, &segment)
                .unwrap()
                .assumed
                .to_string()
        };
        let changes = thirty_days();
        assert_eq!(assumed(UseMaximum, 0, &changes, 30), "");
        assert_eq!(assumed(ProrateIncrements, 0, &changes, 30), "A36");
        assert_eq!(assumed(ProrateIncrements, 0, &[3; 30], 30), "");
        assert_eq!(assumed(ProrateAllChanges, 7, &changes, 30), "A17, A35, A37");
        assert_eq!(assumed(UseMaximum, 0, &[3; 15], 30), "A39");
    }

    #[test]
    fn a_shorter_period_scales_the_maximum_only_if_flat_fees_are_prorated() {
        let balances = [4_u64; 15];
        let segment = [Segment {
            balances: &balances,
            full_days: 30,
        }];
        let mut terms = terms(UseMaximum, 0);
        assert_eq!(terms.measure(Part::All, &segment).unwrap().quantity, d("4"));
        terms.prorate_flat_fees = true;
        let measured = terms.measure(Part::All, &segment).unwrap();
        assert_eq!(measured.quantity, d("2"));
        assert_eq!(measured.fee_share, Share::of_days(15, 30).unwrap());
    }

    #[test]
    fn monthly_overages_of_a_yearly_price_make_one_year() {
        for strategy in [UseMaximum, ProrateIncrements, ProrateAllChanges] {
            let terms = terms(strategy, 10);
            let mut sum = Decimal::ZERO;
            for days in [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
                let balances = vec![12_u64; days];
                let segment = [Segment {
                    balances: &balances,
                    full_days: 365,
                }];
                sum += terms.measure(Part::Overage, &segment).unwrap().quantity;
            }
            assert_eq!(sum.round_dp(9), d("2"), "{strategy:?}");
            let year = [12_u64; 365];
            let committed = terms
                .measure(
                    Part::Committed,
                    &[Segment {
                        balances: &year,
                        full_days: 365,
                    }],
                )
                .unwrap();
            assert_eq!((committed.quantity, committed.included), (d("10"), d("10")));
            assert!(committed.assumed.contains(A38));
        }
    }

    #[test]
    fn a_yearly_overage_of_a_monthly_price_sums_its_months() {
        let terms = terms(ProrateAllChanges, 1);
        let months = [[3_u64; 31].as_slice(), &[3; 28], &[1; 31]];
        let segments = months.map(|balances| Segment {
            balances,
            full_days: balances.len() as u32,
        });
        assert_eq!(terms.measure(Part::Overage, &segments).unwrap().quantity, d("4"));
    }

    #[test]
    fn the_latest_event_of_a_day_holds_and_aliases_are_summed() {
        let events = [
            event("a", "2025-12-01T00:00:00Z", 5),
            event("b", "2026-01-02T10:00:00Z", 2),
            event("a", "2026-01-02T23:59:59.999Z", 8),
            event("a", "2026-01-02T09:00:00Z", 100),
            event("a", "2026-01-03T00:00:00Z", 7),
            event("a", "2026-01-03T00:00:00Z", 6),
            event("b", "2026-01-05T00:00:00Z", 0),
        ];
        let days = daily_balances(&events, january(1, 5)).unwrap();
        assert_eq!(days.balances, [5, 10, 8, 8, 6]);
        assert_eq!(days.assumed, A34.into());
    }

    #[test]
    fn a_balance_names_the_time_since_which_it_holds() {
        let events = [
            event("a", "2026-01-01T00:00:00Z", 0),
            event("a", "2026-01-02T00:00:00Z", 5),
            event("b", "2026-01-03T00:00:00Z", 2),
            event("a", "2026-01-04T00:00:00Z", 9),
            event("a", "2026-01-04T00:00:00Z", 5),
            event("b", "2026-01-05T00:00:00Z", 1),
            event("a", "2026-01-05T00:00:00Z", 6),
        ];
        for (time, expected) in [
            ("2025-12-31T23:59:59Z", None),
            ("2026-01-01T00:00:00Z", Some((0, "2026-01-01T00:00:00Z", ""))),
            ("2026-01-02T23:59:59Z", Some((5, "2026-01-02T00:00:00Z", ""))),
            ("2026-01-03T00:00:00Z", Some((7, "2026-01-03T00:00:00Z", "A34"))),
            // 9 is corrected at once, and what one alias loses the other gains.
            ("2026-01-05T00:00:00Z", Some((7, "2026-01-03T00:00:00Z", "A34"))),
        ] {
            let balance = balance_at(&events, at(time)).unwrap();
            let found =
                balance.map(|balance| (balance.total, balance.changed_at, balance.assumed.to_string()));
            let expected = expected.map(|(total, since, assumed)| (total, at(since), assumed.to_owned()));
            assert_eq!(found, expected, "{time}");
        }
    }

    #[test]
    fn negative_seats_and_missing_days_are_refused() {
        let events = [event("a", "2026-01-01T00:00:00Z", -2)];
        assert_eq!(
            balance_at(&events, at("2026-01-02T00:00:00Z")),
            Err(Error::NegativeSeats(-2))
        );
        assert_eq!(
            daily_balances(&events, january(1, 1)),
            Err(Error::NegativeSeats(-2))
        );
        let terms = terms(UseMaximum, 0);
        assert_eq!(terms.measure(Part::All, &[]), Err(Error::NoDays));
        assert_eq!(
            terms.measure(
                Part::All,
                &[Segment {
                    balances: &[],
                    full_days: 30
                }]
            ),
            Err(Error::NoDays)
        );
        assert_eq!(
            terms.measure(
                Part::All,
                &[Segment {
                    balances: &[1],
                    full_days: 0
                }]
            ),
            Err(Error::NoDays)
        );
        let events = [
            event("a", "2026-01-01T00:00:00Z", i64::MAX),
            event("b", "2026-01-01T00:00:00Z", i64::MAX),
            event("c", "2026-01-01T00:00:00Z", i64::MAX),
        ];
        assert_eq!(daily_balances(&events, january(1, 1)), Err(Error::TooManyDigits));
    }
}
