//! The value of a metric over the events of some aliases.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Serialize;

use crate::assumptions::{A1, A32};
use crate::billing::{Error, Period};
use crate::records::{UsageMetric, number};

use super::super::answer::{Answer, Outcome};
use super::super::call::Call;
use super::super::entry::Entry;
use super::super::problem::Problem;
use super::{measure, record};

pub(in super::super) const CALCULATE: Entry = Entry::computed(calculate, "document, A1, A26 to A32");

/// How many events a note lists.
const MOST_NOTED: usize = 20;

/// The answer.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Calculation<'m> {
    name: &'m str,
    metric_type: &'m str,
    event_type: &'m str,
    aggregation_type: &'m str,
    event_count: u64,
    #[serde(serialize_with = "number::serialize")]
    value: Decimal,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'m str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min_event_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_event_id: Option<String>,
}

/// Aggregates the events of exactly the aliases that are sent, whether they belong to a customer or not.
fn calculate(call: &mut Call<'_, '_>) -> Outcome {
    let definition = record::existing(call.tx, call.id())?;
    if call.query.one("customParameters").is_some() {
        return Err(Problem::not_emulated(
            "query.customParameters: no source describes the format. Leave it out.",
        ));
    }
    let days = period(call)?;
    let metric = measure::metric(&definition);
    let aliases = call.query.all("customerAliases").unwrap_or_default();
    let events = measure::events(call.tx, &metric, aliases, days);
    let usage = metric.aggregate(&events, Some(days)).map_err(refusal)?;
    call.assume(usage.assumed);
    note_not_numbers(call, &definition, &usage.not_numbers);
    if definition.aggregation_type == "CUSTOM" {
        call.assume(A1);
    }
    if usage.event_count > 0 {
        call.assume(A32);
    }
    Ok(Answer::exact(&Calculation {
        name: &definition.name,
        metric_type: &definition.metric_type,
        event_type: &definition.event_type,
        aggregation_type: &definition.aggregation_type,
        event_count: usage.event_count,
        value: usage.value.normalize(),
        unit: definition.unit.as_deref(),
        min_event_id: usage.first_event,
        max_event_id: usage.last_event,
    }))
}

/// Lists the events that counted as 0, the first of them if there are many (A29).
fn note_not_numbers(call: &mut Call<'_, '_>, metric: &UsageMetric, events: &[String]) {
    if events.is_empty() {
        return;
    }
    let property = metric.aggregation_property.as_deref().unwrap_or_default();
    let more = match events.len().saturating_sub(MOST_NOTED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let shown: Vec<&str> = events.iter().take(MOST_NOTED).map(String::as_str).collect();
    call.note(format!(
        "Counted as 0, since `{property}` is missing or not a number: {}{more}.",
        shown.join(", ")
    ));
}

/// The days from `periodStart` to `periodEnd`, both included.
fn period(call: &Call<'_, '_>) -> Result<Period, Problem> {
    let day = |name| call.query.one(name).unwrap_or_default();
    let (start, end) = (day("periodStart"), day("periodEnd"));
    let reversed = || {
        Problem::invalid(format!(
            "query.periodEnd: {end} is before periodStart, {start}. Send the last day of the period."
        ))
    };
    let day = |text: &str| text.parse::<NaiveDate>().map_err(|_| reversed());
    Period::new(day(start)?, day(end)?).map_err(|_| reversed())
}

/// A metric that no source describes how to evaluate is not emulated.
fn refusal(error: Error) -> Problem {
    match error {
        Error::CustomMetric => Problem::not_emulated(format!("{error}.")),
        Error::TooManyDigits => Problem::invalid(
            "The value of the metric has more than the 28 digits that are exact. Choose a shorter period or fewer aliases.",
        ),
        other => other.into(),
    }
}
