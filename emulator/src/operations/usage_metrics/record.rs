//! Definitions of metrics. A deleted one stays readable by id (A3), and nothing else.

use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::value::RawValue;

use crate::assumptions::{A3, A27, A30};
use crate::records::{Facet, Kind, UsageMetric, normalized};
use crate::store::{Row, State};

use super::super::answer::{Answer, Outcome};
use super::super::billing_runs::stale;
use super::super::call::Call;
use super::super::entry::Entry;
use super::super::list::{self, Filter, List, Scope};
use super::super::metric_users;
use super::super::problem::Problem;
use super::super::resource::{self, Resource};

const METRICS: List = List::of(
    Kind::UsageMetric,
    &[
        Filter::Contains("name", Facet::Name),
        Filter::Handled("id"),
        Filter::OneOf("eventType", Facet::EventType),
        Filter::OneOf("eventProperty", Facet::EventProperty),
        Filter::OneOf("aggregationType", Facet::AggregationType),
    ],
);

const METRIC: Resource = Resource {
    used: |tx, id| metric_users::used(tx, id),
    ..Resource::of(Kind::UsageMetric)
};

pub(in super::super) const CREATE: Entry = Entry::stored(create, "document, A27, A30");
pub(in super::super) const GET: Entry = Entry::stored(get, "document, A3");
pub(in super::super) const LIST: Entry = Entry::stored(list, "document, A3");
pub(in super::super) const UPDATE: Entry = Entry::stored(update, "document, A27, A30");
pub(in super::super) const DELETE: Entry = Entry::stored(delete, "document, A3, A5");

fn create(call: &mut Call<'_, '_>) -> Outcome {
    let metric = UsageMetric {
        id: call.tx.new_id(),
        created_at: call.tx.now_text(),
        ..definition(call)?
    };
    resource::put(call, &metric)
}

fn update(call: &mut Call<'_, '_>) -> Outcome {
    let former = existing(call.tx, call.id())?;
    let metric = UsageMetric {
        id: former.id,
        created_at: former.created_at,
        parameters: former.parameters,
        ..definition(call)?
    };
    stale::by_metric(call.tx, &metric.id);
    resource::put(call, &metric)
}

/// The metric that the body defines, without what the server owns.
fn definition(call: &Call<'_, '_>) -> Result<UsageMetric, Problem> {
    let optional = |name: &str| call.text(name).map(str::to_owned);
    let text = |name: &str| optional(name).unwrap_or_default();
    let metric = UsageMetric {
        sequence_account_id: call.account_id(),
        name: text("name"),
        description: optional("description"),
        metric_type: text("metricType"),
        event_type: text("eventType"),
        aggregation_type: text("aggregationType"),
        aggregation_property: optional("aggregationProperty"),
        grouping_property: optional("groupingProperty"),
        unit: optional("unit"),
        property_filters: property_filters(call)?,
        case_sensitive: call.body.get("caseSensitive").and_then(Value::as_bool),
        properties_to_negate: call
            .body
            .get("propertiesToNegate")
            .filter(|names| !names.is_null())
            .map(|_| call.texts("propertiesToNegate")),
        ..UsageMetric::default()
    };
    check(&metric)?;
    Ok(metric)
}

fn property_filters(call: &Call<'_, '_>) -> Result<BTreeMap<String, Vec<Box<RawValue>>>, Problem> {
    let sent = call.raw("propertyFilters").map(RawValue::get);
    let sent: Option<BTreeMap<String, &RawValue>> = sent.and_then(|text| serde_json::from_str(text).ok());
    let filters = sent.unwrap_or_default().into_iter().map(|(property, values)| {
        let values = serde_json::from_str::<Vec<&RawValue>>(values.get()).map_err(|_| {
            Problem::invalid(format!(
                "body.propertyFilters: the filter of {property:?} is not a list. Send the values that the property may have."
            ))
        })?;
        Ok((property, values.into_iter().map(normalized).collect()))
    });
    filters.collect()
}

/// Refuses a metric that lacks what it needs, or has what would be without effect.
fn check(metric: &UsageMetric) -> Result<(), Problem> {
    let is_missing = |property: &Option<String>| property.as_ref().is_none_or(String::is_empty);
    let aggregation = metric.aggregation_type.as_str();
    if matches!(aggregation, "SUM" | "UNIQUE") && is_missing(&metric.aggregation_property) {
        return Err(Problem::invalid(format!(
            "body.aggregationProperty: a {aggregation} metric needs one. Send the name of an event property."
        )));
    }
    if metric.metric_type == "GROUPED" && is_missing(&metric.grouping_property) {
        let message =
            "body.groupingProperty: a GROUPED metric needs one. Send the name of an event property.";
        return Err(Problem::invalid(message).assuming(A30));
    }
    let mut negated = metric.properties_to_negate.iter().flatten();
    match negated.find(|name| !metric.property_filters.contains_key(*name)) {
        Some(name) => Err(Problem::invalid(format!(
            "body.propertiesToNegate: {name:?} has no filter to negate. Add it to `propertyFilters`."
        ))
        .assuming(A27)),
        None => Ok(()),
    }
}

fn get(call: &mut Call<'_, '_>) -> Outcome {
    let id = call.id();
    let row = call.tx.row(Kind::UsageMetric, id);
    let row = row.ok_or_else(|| Problem::no(Kind::UsageMetric, id))?;
    let (text, is_deleted) = (row.text(), row.has(Facet::Deleted));
    if is_deleted {
        call.assume(A3);
    }
    Ok(Answer::Text(text))
}

fn list(call: &mut Call<'_, '_>) -> Outcome {
    if call
        .tx
        .rows_with(Kind::UsageMetric, Facet::Deleted, "true")
        .next()
        .is_some()
    {
        call.assume(A3);
    }
    let part = call.query.one("id").map(str::to_lowercase);
    let fits = |row: &Row| {
        part.as_ref()
            .is_none_or(|part| row.id().to_lowercase().contains(part))
    };
    let scope = Scope {
        keeps: part.is_some().then_some(&fits as &dyn Fn(&Row) -> bool),
        ..Scope::default()
    };
    list::page_as_stored(call, &METRICS, scope)
}

fn delete(call: &mut Call<'_, '_>) -> Outcome {
    let mut metric = existing(call.tx, call.id())?;
    resource::check_unused(call, &METRIC, "deleted")?;
    metric.deleted_at = Some(call.tx.now_text());
    call.assume(A3);
    resource::put(call, &metric)
}

/// The metric with this id, which was not deleted.
pub(super) fn existing(state: &State, id: &str) -> Result<UsageMetric, Problem> {
    let row = state
        .row(Kind::UsageMetric, id)
        .filter(|row| !row.has(Facet::Deleted));
    row.map(Row::read)
        .ok_or_else(|| Problem::no(Kind::UsageMetric, id))
}
