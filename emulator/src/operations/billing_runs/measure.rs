//! What was used in the days of an item.
//!
//! A running period is measured over all of its days with the events that are known: usage so far, and the seats as they are
//! now for the days to come. Likewise, a price for seats that is billed in advance counts the seats of the day of billing.

use chrono::NaiveDate;

use crate::assumptions::Assumed;
use crate::billing::period::Frequency;
use crate::billing::price::{Measured, Structure};
use crate::billing::seats::{self, ProrationStrategy, Terms, daily_balances};
use crate::billing::usage::{self, CalculationMode, windows};
use crate::billing::{Error, Period, Result, Share};
use crate::records::{Facet, Kind, RunItem, RunPart, RunSegment, SeatEvent, UsageMetric, time};
use crate::store::{Row, State};

use super::super::usage_metrics::measure as metrics;
use super::price::Price;

/// A measure, and what it depends on.
pub(super) type Measure = (Measured, Assumed);

/// Measures an item for a customer with these names in events.
pub(super) fn measure(
    state: &State,
    item: &RunItem,
    price: &Price,
    structure: &Structure,
    names: &[String],
) -> Result<Measure> {
    match structure {
        Structure::OneTime { .. } | Structure::Fixed { .. } => Ok((
            Measured::Flat {
                share: share(item)?,
                prorated: false,
            },
            Assumed::NONE,
        )),
        Structure::SeatBased { .. } => seats_of(state, item, price, names),
        _ => usage_of(state, item, price, structure, names),
    }
}

/// How much of the billing period is billed.
fn share(item: &RunItem) -> Result<Share> {
    let segment = item.segments.first().ok_or(Error::NoDays)?;
    Share::of_days(days(*segment)?.days(), segment.full_days)
}

/// The days of an item in the first of its billing periods.
pub(super) fn first_days(item: &RunItem) -> Result<Period> {
    days(*item.segments.first().ok_or(Error::NoDays)?)
}

/// The days of an item.
pub(super) fn service(item: &RunItem) -> Result<Period> {
    Period::new(item.start(), item.end())
}

fn days(segment: RunSegment) -> Result<Period> {
    Period::new(segment.start, segment.end)
}

fn usage_of(
    state: &State,
    item: &RunItem,
    price: &Price,
    structure: &Structure,
    names: &[String],
) -> Result<Measure> {
    let metric = price.term("usageMetricId").unwrap_or_default();
    let Some(metric) = state.get::<UsageMetric>(metric) else {
        return Ok((Measured::usage(rust_decimal::Decimal::ZERO), Assumed::NONE));
    };
    let metric = metrics::metric(&metric);
    let service = service(item)?;
    if has_bounds(structure) {
        let events = metrics::events(state, &metric, names, service);
        let values = metric.event_values(&events, Some(service))?;
        let assumed = metric.aggregate(&events, Some(service))?.assumed;
        return Ok((Measured::Events(values), assumed));
    }
    let (windows, assumed) = windows(mode(price), service, item.phase_start)?;
    let events = metrics::events(state, &metric, names, covered(&windows, service)?);
    let measurement = metric.measure(&events, &windows)?;
    Ok((measurement.measured, assumed | measurement.assumed))
}

/// Whether a tier bounds the charge of each event.
fn has_bounds(structure: &Structure) -> bool {
    let Structure::Volume { tiers } = structure else {
        return false;
    };
    let mut tiers = tiers.as_slice().iter();
    tiers.any(|tier| tier.min_price.is_some() || tier.max_price.is_some())
}

fn mode(price: &Price) -> CalculationMode {
    let period = &price.usage_calculation_period;
    let months = || {
        let frequency = Frequency::named(period["frequency"].as_str()?)?.months()?;
        frequency.checked_mul(u32::try_from(period["interval"].as_u64()?).ok()?)
    };
    match price.term("usageCalculationMode") {
        Some("CUMULATIVE") => CalculationMode::Cumulative,
        Some("PERIODIC") => CalculationMode::Periodic {
            months: months().unwrap_or_default(),
        },
        _ => CalculationMode::BillingPeriod,
    }
}

/// All days of the windows.
fn covered(windows: &[usage::Window], service: Period) -> Result<Period> {
    let starts = windows
        .iter()
        .map(|window| window.before.unwrap_or(window.total).start());
    Period::new(starts.min().unwrap_or(service.start()), service.end())
}

fn seats_of(state: &State, item: &RunItem, price: &Price, names: &[String]) -> Result<Measure> {
    let events = seat_events(state, price.term("seatMetricId").unwrap_or_default(), names);
    let mut assumed = Assumed::NONE;
    let mut segments = Vec::new();
    for segment in &item.segments {
        let daily = daily_balances(&events, days(*segment)?)?;
        assumed |= daily.assumed;
        segments.push((daily.balances, segment.full_days));
    }
    let segments: Vec<seats::Segment<'_>> = segments
        .iter()
        .map(|(balances, full_days)| seats::Segment {
            balances,
            full_days: *full_days,
        })
        .collect();
    let terms = Terms {
        strategy: match price.term("prorationStrategy") {
            Some("PRORATE_INCREMENTS") => ProrationStrategy::ProrateIncrements,
            Some("PRORATE_ALL_CHANGES") => ProrationStrategy::ProrateAllChanges,
            _ => ProrationStrategy::UseMaximum,
        },
        contracted_minimum_seats: price.structure["contractedMinimumSeats"]
            .as_u64()
            .unwrap_or_default(),
        prorate_flat_fees: price.structure["prorateFlatFees"] == true,
    };
    let part = match item.part {
        RunPart::All => seats::Part::All,
        RunPart::Committed => seats::Part::Committed,
        RunPart::Overage => seats::Part::Overage,
    };
    let quantity = terms.measure(part, &segments)?;
    assumed |= quantity.assumed();
    Ok((Measured::Seats(quantity), assumed))
}

/// The events of the type of a metric, in the order in which they were received.
fn seat_events(state: &State, metric: &str, names: &[String]) -> Vec<seats::SeatEvent> {
    let metric = state.row(Kind::SeatMetric, metric);
    let Some(seat_type) = metric.and_then(|row| row.values(Facet::SeatType).next()) else {
        return Vec::new();
    };
    let is_of_type = |row: &&Row| row.values(Facet::SeatType).any(|one| one == seat_type);
    let rows = state.rows_with_any(Kind::SeatEvent, Facet::Alias, names);
    let rows = rows.filter(is_of_type).map(Row::read::<SeatEvent>);
    rows.filter_map(|event| {
        Some(seats::SeatEvent {
            at: time::parse(&event.event_timestamp)?,
            alias: event.customer_alias,
            total: event.total,
        })
    })
    .collect()
}

/// Whether an event of this kind on this day can change what the item comes to.
pub(super) fn is_touched(
    state: &State,
    item: &RunItem,
    price: &Price,
    kind: &EventKind<'_>,
    day: NaiveDate,
) -> bool {
    if day > item.end() {
        return false;
    }
    match kind {
        EventKind::Seats(seat_type) => {
            let metric = price
                .term("seatMetricId")
                .and_then(|id| state.row(Kind::SeatMetric, id));
            metric.is_some_and(|row| row.values(Facet::SeatType).any(|one| one == *seat_type))
        }
        EventKind::Usage(event_type) => {
            let metric = price
                .term("usageMetricId")
                .and_then(|id| state.row(Kind::UsageMetric, id));
            metric.is_some_and(|row| row.values(Facet::EventType).any(|one| one == *event_type))
                && (day >= item.start() || mode(price) != CalculationMode::BillingPeriod)
        }
    }
}

/// What an event is about.
pub(in super::super) enum EventKind<'e> {
    /// Usage of this type.
    Usage(&'e str),
    /// Seats of this type.
    Seats(&'e str),
}
