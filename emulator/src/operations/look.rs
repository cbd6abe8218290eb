//! What the page reads and no record states.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::billing::usage::Event;
use crate::billing::{Error, Period};
use crate::records::{CreditGrant, CreditTransaction, Facet, Kind, UsageMetric};
use crate::store::State;

use super::credits::ledger::Ledger;
use super::customers::aliases;
use super::usage_metrics::measure;

/// The most events of a customer that are read for a chart.
pub(crate) const MOST: usize = 50_000;

/// The id of a customer and its aliases, which mean it in events.
pub(crate) fn names_of(state: &State, customer: &str) -> Vec<String> {
    aliases::names_of(state, customer)
}

/// The customer that a name in an event means.
pub(crate) fn customer_of(state: &State, name: &str) -> Option<String> {
    aliases::customer_of(state, name)
}

/// The rows of the ledger of a grant through a day, oldest first.
pub(crate) fn ledger(state: &State, grant: CreditGrant, day: NaiveDate) -> Vec<CreditTransaction> {
    Ledger::on(state, grant, day).map_or_else(|_| Vec::new(), |ledger| ledger.rows)
}

/// The value of a metric on each day that has events. `None` if there are too many events.
///
/// # Errors
///
/// If no source describes the metric, or a value has too many digits.
pub(crate) fn usage_by_day(
    state: &State,
    metric: &UsageMetric,
    names: &[String],
    days: Period,
) -> Result<Option<BTreeMap<NaiveDate, Decimal>>, Error> {
    let counts = names.iter().map(|name| {
        state
            .rows_with(Kind::UsageEvent, Facet::Alias, name)
            .take(MOST + 1)
            .count()
    });
    if counts.sum::<usize>() > MOST {
        return Ok(None);
    }
    let metric = measure::metric(metric);
    let mut by_day: BTreeMap<NaiveDate, Vec<Event>> = BTreeMap::new();
    for event in measure::events(state, &metric, names, days) {
        by_day.entry(event.at.date_naive()).or_default().push(event);
    }
    let values = by_day
        .into_iter()
        .map(|(day, events)| Ok((day, metric.aggregate(&events, None)?.value)));
    values.collect::<Result<_, _>>().map(Some)
}
