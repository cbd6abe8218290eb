//! The usage of a customer by day, for charts.
//!
//! The work is bounded however many events there are: with many of them, fewer days are read.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;

use crate::billing::Error;
use crate::billing::usage::{Event, Metric};
use crate::records::{Facet, Kind, UsageEvent, UsageMetric};
use crate::store::{Row, State};

use super::super::usage_metrics::measure;

/// The most events of a customer that are looked at, the newest ones.
const LOOKED_AT: usize = if cfg!(test) { 40 } else { 30_000 };
/// The most events that are counted, once for each metric that counts them.
const COUNTED: usize = if cfg!(test) { 12 } else { 10_000 };

/// The values of metrics by day.
pub(crate) struct Usage {
    /// The first day that was read.
    pub(crate) first: NaiveDate,
    /// The last day that was read: today, or the day of the last event if that is long ago.
    pub(crate) last: NaiveDate,
    /// Whether days before the first were left out because there are too many events.
    pub(crate) is_cut: bool,
    /// The values of each metric on the days that have events, or why they are not known.
    pub(crate) values: Vec<Result<BTreeMap<NaiveDate, Decimal>, Error>>,
}

/// Returns the values of metrics for the customer with these names, on at most so many days. `None` if a single day has more
/// events than are counted.
pub(crate) fn usage_by_day(
    state: &State,
    metrics: &[UsageMetric],
    names: &[String],
    most_days: u64,
) -> Option<Usage> {
    let metrics: Vec<Metric> = metrics.iter().map(measure::metric).collect();
    let today = state.today();
    let found = Found::of(state, &metrics, names, today);
    let newest = found.days.keys().next_back().copied();
    let is_long_ago = |day: &NaiveDate| *day + Days::new(most_days / 2) < today;
    let last = newest.filter(is_long_ago).unwrap_or(today);
    let earliest = last.checked_sub_days(Days::new(most_days - 1)).unwrap_or(last);
    let (first, is_cut) = found.first(earliest)?;
    let mut by_day: Vec<BTreeMap<NaiveDate, Vec<Event>>> = vec![BTreeMap::new(); metrics.len()];
    for row in found.days.range(first..=last).flat_map(|(_, rows)| rows) {
        let record: UsageEvent = row.read();
        for (metric, days) in metrics.iter().zip(&mut by_day) {
            if metric.event_type == record.event_type
                && let Some(event) = measure::event(&record, metric)
            {
                days.entry(event.at.date_naive()).or_default().push(event);
            }
        }
    }
    let values = metrics.iter().zip(by_day).map(|(metric, days)| {
        let days = days.into_iter();
        days.map(|(day, events)| Ok((day, metric.aggregate(&events, None)?.value)))
            .collect()
    });
    Some(Usage {
        first,
        last,
        is_cut,
        values: values.collect(),
    })
}

/// The events that metrics may count, by day.
struct Found<'s> {
    days: BTreeMap<NaiveDate, Vec<&'s Row>>,
    /// How often the events of each day are counted.
    counts: BTreeMap<NaiveDate, usize>,
    /// Whether there are events that were not looked at.
    is_cut: bool,
}

impl<'s> Found<'s> {
    fn of(state: &'s State, metrics: &[Metric], names: &[String], today: NaiveDate) -> Self {
        let rows = names.iter().flat_map(|name| {
            let rows = state.rows_with(Kind::UsageEvent, Facet::Alias, name);
            rows.rev().take(LOOKED_AT + 1)
        });
        let rows: Vec<&Row> = rows.take(LOOKED_AT + 1).collect();
        let mut found = Self {
            days: BTreeMap::new(),
            counts: BTreeMap::new(),
            is_cut: rows.len() > LOOKED_AT,
        };
        // Days are compared as texts and parsed once, since most events share theirs with others.
        let mut by_text: BTreeMap<&str, (Vec<&Row>, usize)> = BTreeMap::new();
        for row in rows.into_iter().take(LOOKED_AT) {
            let day = row
                .values(Facet::EventTimestamp)
                .next()
                .and_then(|key| key.get(..10));
            let kind = row.values(Facet::EventType).next();
            let counted = metrics.iter().filter(|metric| kind == Some(&metric.event_type));
            let (Some(day), times @ 1..) = (day, counted.count()) else {
                continue;
            };
            let (rows, count) = by_text.entry(day).or_default();
            rows.push(row);
            *count += times;
        }
        for (day, (rows, count)) in by_text {
            if let Some(day) = day.parse().ok().filter(|day| *day <= today) {
                found.days.insert(day, rows);
                found.counts.insert(day, count);
            }
        }
        found
    }

    /// The first day from which on the events can be counted, and whether it is later than the earliest one.
    fn first(&self, earliest: NaiveDate) -> Option<(NaiveDate, bool)> {
        let mut left = COUNTED;
        let mut first = None;
        for (day, count) in self.counts.range(earliest..).rev() {
            match left.checked_sub(*count) {
                Some(rest) => left = rest,
                // Nothing at all can be counted.
                None if first.is_none() => return None,
                None => return first.map(|first| (first, true)),
            }
            first = Some(*day);
        }
        match first {
            // The oldest day that was looked at may lack events.
            Some(first) if self.is_cut && self.counts.keys().next() == Some(&first) => {
                let after = self.counts.keys().nth(1).copied();
                Some((after.unwrap_or(first), true))
            }
            _ => Some((earliest, false)),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::contract::{Operation, Version};
    use crate::operations::World;
    use crate::store::Settings;
    use crate::store::clock::Clock;

    /// The first day of a chart, whether days before it were left out, and the counts by day.
    type Chart<'c> = (&'c str, bool, &'c [(&'c str, i64)]);

    /// Days with their numbers of events, as a chart of two metrics of 60 days has them on 31 March 2026.
    #[track_caller]
    fn check(events: &[(&str, usize)], expected: Option<Chart<'_>>) {
        let world = World::new(Settings {
            clock: Clock::standing("2026-03-31T12:00:00Z".parse().expect("an instant")),
            ..Settings::default()
        });
        let create = |operation, body| {
            let created = world.call(operation, Version::LATEST, &[], "", Some(&body));
            assert_eq!(created.status, 201, "{}", created.json_body());
        };
        for kind in ["call", "call", "other"] {
            let metric = json!({
                "name": kind, "metricType": "SIMPLE", "eventType": kind, "aggregationType": "COUNT", "propertyFilters": {},
            });
            create(Operation::UsageMetricCreate, metric);
        }
        for (day, count) in events {
            for _ in 0..*count {
                let event = json!({
                    "customerAlias": "acme", "eventType": "call", "eventTimestamp": format!("{day}T08:00:00Z"),
                    "eventProperties": {},
                });
                create(Operation::UsageEventCreate, event);
            }
        }
        let found = world.store().read(|state| {
            let metrics: Vec<UsageMetric> = state.all();
            usage_by_day(state, &metrics, &["acme".to_owned()], 60)
        });
        let found = found.map(|usage| {
            let values = usage.values.into_iter().map(|values| values.expect("few digits"));
            (usage.first.to_string(), usage.is_cut, values.collect::<Vec<_>>())
        });
        let expected = expected.map(|(first, is_cut, values)| {
            let values = values.iter().map(|(day, value)| {
                let day = day.parse().expect("a day");
                (day, Decimal::from(*value))
            });
            let values: BTreeMap<NaiveDate, Decimal> = values.collect();
            (
                first.to_owned(),
                is_cut,
                vec![values.clone(), values, BTreeMap::new()],
            )
        });
        assert_eq!(found, expected);
    }

    #[test]
    fn few_events_are_drawn_over_all_days() {
        let events = [("2026-01-01", 3), ("2026-03-01", 2), ("2026-03-30", 4)];
        check(
            &events,
            Some(("2026-01-31", false, &[("2026-03-01", 2), ("2026-03-30", 4)])),
        );
        check(&[], Some(("2026-01-31", false, &[])));
    }

    #[test]
    fn with_many_events_fewer_days_are_read() {
        // Two metrics count each event.
        let events = [("2026-03-01", 2), ("2026-03-29", 3), ("2026-03-30", 3)];
        check(
            &events,
            Some(("2026-03-29", true, &[("2026-03-29", 3), ("2026-03-30", 3)])),
        );
        check(&[("2026-03-29", 1), ("2026-03-30", 7)], None);
    }

    #[test]
    fn a_day_that_may_lack_events_is_not_drawn() {
        // Only the last 40 events are looked at. Those of days to come are not drawn.
        let events = [
            ("2026-03-28", 2),
            ("2026-03-29", 2),
            ("2026-03-30", 2),
            ("2026-04-02", 35),
        ];
        check(
            &events,
            Some(("2026-03-29", true, &[("2026-03-29", 2), ("2026-03-30", 2)])),
        );
    }
}
