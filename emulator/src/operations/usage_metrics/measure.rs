//! Metrics and events as the arithmetic has them.

use std::collections::BTreeSet;

use serde_json::value::RawValue;

use crate::billing::Period;
use crate::billing::usage::{Aggregation, Event, Filter, Metric, Value};
use crate::records::{Facet, Kind, UsageEvent, UsageMetric, time};
use crate::store::{Row, State};

/// The metric of a record.
pub(in super::super) fn metric(record: &UsageMetric) -> Metric {
    let property = record.aggregation_property.clone();
    let named = || property.clone().unwrap_or_default();
    let aggregation = match record.aggregation_type.as_str() {
        "SUM" => Aggregation::Sum(named()),
        "UNIQUE" => Aggregation::Unique(named()),
        "CUSTOM" => Aggregation::Custom(property),
        _ => Aggregation::Count,
    };
    let negated: BTreeSet<&String> = record.properties_to_negate.iter().flatten().collect();
    let filters = record.property_filters.iter().map(|(property, values)| Filter {
        property: property.clone(),
        values: values.iter().filter_map(|raw| value(raw)).collect(),
        negated: negated.contains(property),
    });
    Metric {
        filters: filters.collect(),
        case_sensitive: record.case_sensitive.unwrap_or(true),
        grouping_property: record
            .grouping_property
            .clone()
            .filter(|_| record.metric_type == "GROUPED"),
        ..Metric::new(&record.event_type, aggregation)
    }
}

/// The events of the aliases that the metric may count on the days, in the order in which they were received.
///
/// Events of other aliases are not looked at, and those of another type or day are not read.
pub(in super::super) fn events(
    state: &State,
    metric: &Metric,
    aliases: &[String],
    days: Period,
) -> Vec<Event> {
    let (first, last) = (days.start().to_string(), days.end().to_string());
    let is_within = |row: &Row| {
        let mut days = row.values(Facet::EventTimestamp).filter_map(|key| key.get(..10));
        days.any(|day| (first.as_str()..=last.as_str()).contains(&day))
    };
    let is_of_type = |row: &Row| row.values(Facet::EventType).any(|one| one == metric.event_type);
    let rows = state.rows_with_any(Kind::UsageEvent, Facet::Alias, aliases);
    let rows = rows.filter(|row| is_of_type(row) && is_within(row));
    rows.filter_map(|row| event(&row.read(), metric)).collect()
}

/// The event of a record, with the properties that the metric names.
pub(in super::super) fn event(record: &UsageEvent, metric: &Metric) -> Option<Event> {
    let aggregated = match &metric.aggregation {
        Aggregation::Sum(name) | Aggregation::Unique(name) | Aggregation::Custom(Some(name)) => Some(name),
        Aggregation::Count | Aggregation::Custom(None) => None,
    };
    let filtered = metric.filters.iter().map(|filter| &filter.property);
    let named = filtered.chain(aggregated).chain(&metric.grouping_property);
    let properties = named.filter_map(|name| {
        let property = record.event_properties.get(name)?;
        Some((name.clone(), value(property)?))
    });
    Some(Event {
        at: time::parse(&record.event_timestamp)?,
        properties: properties.collect(),
        id: record.id.clone(),
        event_type: record.event_type.clone(),
    })
}

/// A value with its JSON type; `None` for `null`, which counts as absent.
fn value(raw: &RawValue) -> Option<Value> {
    let text = raw.get();
    match text.as_bytes().first()? {
        b'n' => None,
        b't' | b'f' => Some(Value::Bool(text == "true")),
        b'"' => serde_json::from_str(text).ok().map(Value::Text),
        b'[' | b'{' => Some(Value::Json(text.to_owned())),
        _ => Some(Value::from_json_number(text)),
    }
}
