//! Usage: events to quantities.
//!
//! A [`Metric`] aggregates the events of one customer exactly. Which days count is decided by
//! [`windows`]: for the billing period itself, for all of the phase so far, or for each calculation period
//! in turn.
//!
//! ```
//! use std::collections::BTreeMap;
//! use rust_decimal::Decimal;
//! use sequencehq_emulator::billing::usage::{Aggregation, Event, Metric, Value};
//!
//! let event = |id: &str, amount: &str| Event {
//!     id: id.to_owned(),
//!     event_type: "payment".to_owned(),
//!     at: "2026-01-15T12:00:00Z".parse().unwrap(),
//!     properties: BTreeMap::from([("amount".to_owned(), Value::from_json_number(amount))]),
//! };
//! let metric = Metric::new("payment", Aggregation::Sum("amount".to_owned()));
//! let usage = metric.aggregate(&[event("1", "0.1"), event("2", "0.2")], None)?;
//! assert_eq!(usage.value, Decimal::new(3, 1)); // Not 0.30000000000000004.
//! # Ok::<(), sequencehq_emulator::billing::Error>(())
//! ```

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;

use super::error::{Error, Result};
use super::exact::{sum, total};
use super::period::{Period, Recurrence};
use super::price::{Climb, Group, Measured};
use crate::assumptions::{A24, A25, A26, A27, A28, A29, A30, A31, Assumed};

/// The value of a property of an event, as JSON types it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Value {
    /// `true` or `false`.
    Bool(bool),
    /// A number that a decimal of 28 digits holds. 1 and 1.0 are one value.
    Number(Decimal),
    /// A text.
    Text(String),
    /// Anything else, as JSON text: an array, an object, or a number with more digits.
    Json(String),
}

impl Value {
    /// Reads a JSON number from its text, exactly. One that does not fit a decimal becomes
    /// [`Value::Json`].
    pub fn from_json_number(text: &str) -> Self {
        exact_number(text).map_or_else(|| Self::Json(text.to_owned()), Self::Number)
    }

    /// The amount of a summed value: a number, or a text that is a plain decimal.
    fn amount(&self) -> Option<Decimal> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Text(text) => plain_decimal(text),
            Self::Bool(_) | Self::Json(_) => None,
        }
    }

    /// Filters list texts even for properties that are numbers, so scalars compare by their text.
    fn filter_text(&self, case_sensitive: bool) -> String {
        let text = match self {
            Self::Bool(value) => value.to_string(),
            Self::Number(number) => number.normalize().to_string(),
            Self::Text(text) | Self::Json(text) => text.clone(),
        };
        if case_sensitive { text } else { text.to_lowercase() }
    }

    fn label(&self) -> String {
        self.filter_text(true)
    }
}

/// An optional sign, digits, and optionally a point with more digits.
fn plain_decimal(text: &str) -> Option<Decimal> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let only_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !only_digits(whole) || !only_digits(fraction) {
        return None;
    }
    Decimal::from_str_exact(text).ok()
}

fn exact_number(text: &str) -> Option<Decimal> {
    let (digits, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let number = plain_decimal(digits)?.normalize();
    let exponent: i32 = exponent.strip_prefix('+').unwrap_or(exponent).parse().ok()?;
    if number.is_zero() {
        return Some(number);
    }
    let scale = i32::try_from(number.scale()).ok()?.checked_sub(exponent)?;
    if scale >= 0 {
        return Decimal::try_from_i128_with_scale(number.mantissa(), scale.unsigned_abs()).ok();
    }
    let factor = 10_i128.checked_pow(scale.unsigned_abs())?;
    Decimal::try_from_i128_with_scale(number.mantissa().checked_mul(factor)?, 0).ok()
}

/// A usage event of one customer. Properties that are null are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Id of the event.
    pub id: String,
    /// Kind of usage.
    pub event_type: String,
    /// When the usage happened.
    pub at: DateTime<Utc>,
    /// The properties.
    pub properties: BTreeMap<String, Value>,
}

/// How events become a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Aggregation {
    /// `COUNT`: the number of events.
    Count,
    /// `SUM` of a property.
    Sum(String),
    /// `UNIQUE`: the number of distinct values of a property.
    Unique(String),
    /// `CUSTOM`: the sum of the aggregation property, if the metric has one.
    Custom(Option<String>),
}

/// Which values of a property are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// Name of the property.
    pub property: String,
    /// The values that it may have.
    pub values: Vec<Value>,
    /// Keeps everything but the values [A27].
    pub negated: bool,
}

/// A usage metric: which events count, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metric {
    /// The type of the events, compared exactly.
    pub event_type: String,
    /// How events become a number.
    pub aggregation: Aggregation,
    /// An event has to pass all of them.
    pub filters: Vec<Filter>,
    /// Whether filters tell upper from lower case [A26].
    pub case_sensitive: bool,
    /// The property by which a `GROUPED` metric groups [A30].
    pub grouping_property: Option<String>,
}

/// What a metric amounts to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Usage {
    /// Number of events that were aggregated.
    pub event_count: u64,
    /// The aggregate.
    pub value: Decimal,
    /// The groups of a `GROUPED` metric, in order of first appearance. They add up to `value`.
    pub groups: Vec<Group>,
    /// Id of the first event by timestamp. What shows it depends on [A32](crate::assumptions::A32).
    pub first_event: Option<String>,
    /// Id of the last event by timestamp. What shows it depends on [A32](crate::assumptions::A32).
    pub last_event: Option<String>,
    /// Ids of events whose summed property is missing or not a number; they counted as 0 [A29].
    pub not_numbers: Vec<String>,
    /// What the value depends on.
    pub assumed: Assumed,
}

/// What a price is charged for, by a metric.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measurement {
    /// The usage.
    pub measured: Measured,
    /// Ids of events that counted as 0, as in [`Usage::not_numbers`].
    pub not_numbers: Vec<String>,
    /// What the usage depends on.
    pub assumed: Assumed,
}

impl Metric {
    /// A metric over all events of a type: no filters, case-sensitive, not grouped.
    pub fn new(event_type: impl Into<String>, aggregation: Aggregation) -> Self {
        Self {
            event_type: event_type.into(),
            aggregation,
            filters: Vec::new(),
            case_sensitive: true,
            grouping_property: None,
        }
    }

    /// Aggregates the events whose UTC day lies in `days`, or all. Pass events of one customer in the
    /// order in which they were received, without superseded ones.
    ///
    /// # Errors
    ///
    /// [`Error::CustomMetric`]; [`Error::TooManyDigits`] if a sum does not fit.
    pub fn aggregate<'a>(
        &self,
        events: impl IntoIterator<Item = &'a Event>,
        days: Option<Period>,
    ) -> Result<Usage> {
        let mut usage = Usage::default();
        let mut groups: Vec<(String, Accumulator<'a>)> = Vec::new();
        let mut positions: BTreeMap<String, usize> = BTreeMap::new();
        let (mut first, mut last): (Option<&Event>, Option<&Event>) = (None, None);
        usage.assumed.add_if(days.is_some(), A31);
        let property = self.summed_or_distinct()?;
        usage
            .assumed
            .add_if(!self.filters.is_empty() && !self.case_sensitive, A26);
        usage
            .assumed
            .add_if(self.filters.iter().any(|filter| filter.negated), A27);
        for event in self.matching(events, days) {
            usage.event_count += 1;
            if first.is_none_or(|first| event.at < first.at) {
                first = Some(event);
            }
            if last.is_none_or(|last| event.at >= last.at) {
                last = Some(event);
            }
            let label = self.grouping_property.as_ref().map_or_else(String::new, |name| {
                event.properties.get(name).map_or_else(String::new, Value::label)
            });
            let position = *positions.entry(label).or_insert_with_key(|label| {
                groups.push((label.clone(), Accumulator::default()));
                groups.len() - 1
            });
            let group = &mut groups[position].1;
            let value = property.and_then(|name| event.properties.get(name));
            match &self.aggregation {
                Aggregation::Count => group.count += 1,
                Aggregation::Unique(_) => group.distinct.extend(value),
                Aggregation::Sum(_) | Aggregation::Custom(_) => match value.and_then(Value::amount) {
                    Some(amount) => group.sum = sum(group.sum, amount)?,
                    None => usage.not_numbers.push(event.id.clone()),
                },
            }
        }
        let values = groups.into_iter().map(|(label, group)| {
            let value = match self.aggregation {
                Aggregation::Count => Decimal::from(group.count),
                Aggregation::Unique(_) => {
                    usage.assumed.add_if(group.has_lookalikes(), A28);
                    Decimal::from(group.distinct.len())
                }
                Aggregation::Sum(_) | Aggregation::Custom(_) => group.sum,
            };
            Group { label, value }
        });
        let values: Vec<Group> = values.collect();
        usage.value = total(values.iter().map(|group| group.value))?;
        if self.grouping_property.is_some() {
            usage.assumed |= A30;
            usage.groups = values;
        }
        usage.first_event = first.map(|event| event.id.clone());
        usage.last_event = last.map(|event| event.id.clone());
        usage.assumed.add_if(!usage.not_numbers.is_empty(), A29);
        Ok(usage)
    }

    /// Measures the usage that a price is charged for: a climb for each window. Groups are kept if there is
    /// one window that starts at 0, as in mode `BILLING_PERIOD`.
    ///
    /// # Errors
    ///
    /// As [`aggregate`](Self::aggregate).
    pub fn measure(&self, events: &[Event], windows: &[Window]) -> Result<Measurement> {
        let mut climbs = Vec::with_capacity(windows.len());
        let mut measurement = Measurement {
            measured: Measured::usage(Decimal::ZERO),
            not_numbers: Vec::new(),
            assumed: Assumed::NONE,
        };
        let mut groups = Vec::new();
        for window in windows {
            let before = match window.before {
                Some(days) => self.aggregate(events, Some(days))?.value,
                None => Decimal::ZERO,
            };
            let after = self.aggregate(events, Some(window.total))?;
            climbs.push(Climb {
                before,
                total: after.value,
            });
            measurement.assumed |= after.assumed;
            measurement.not_numbers.extend(after.not_numbers);
            groups = after.groups;
        }
        if !matches!(windows, [Window { before: None, .. }]) {
            groups.clear();
        }
        measurement.measured = Measured::Usage { climbs, groups };
        Ok(measurement)
    }

    /// What each event counts by itself, for [`Measured::Events`]: 1 for
    /// `COUNT`, the property for `SUM`, 1 for the first event of each value for `UNIQUE`. The values add
    /// up to that of [`aggregate`](Self::aggregate), unless a `UNIQUE` metric is grouped.
    ///
    /// # Errors
    ///
    /// As [`aggregate`](Self::aggregate).
    pub fn event_values<'a>(
        &self,
        events: impl IntoIterator<Item = &'a Event>,
        days: Option<Period>,
    ) -> Result<Vec<Decimal>> {
        let property = self.summed_or_distinct()?;
        let mut seen = BTreeSet::new();
        let values = self.matching(events, days).map(|event| {
            let value = property.and_then(|name| event.properties.get(name));
            match &self.aggregation {
                Aggregation::Count => Decimal::ONE,
                Aggregation::Unique(_) => {
                    Decimal::from(u8::from(value.is_some_and(|value| seen.insert(value))))
                }
                Aggregation::Sum(_) | Aggregation::Custom(_) => {
                    value.and_then(Value::amount).unwrap_or_default()
                }
            }
        });
        Ok(values.collect())
    }

    fn summed_or_distinct(&self) -> Result<Option<&str>> {
        match &self.aggregation {
            Aggregation::Count => Ok(None),
            Aggregation::Sum(name) | Aggregation::Unique(name) | Aggregation::Custom(Some(name)) => {
                Ok(Some(name))
            }
            Aggregation::Custom(None) => Err(Error::CustomMetric),
        }
    }

    fn matching<'a>(
        &self,
        events: impl IntoIterator<Item = &'a Event>,
        days: Option<Period>,
    ) -> impl Iterator<Item = &'a Event> {
        let filters: Vec<(&str, BTreeSet<String>, bool)> = self
            .filters
            .iter()
            .map(|filter| {
                let values = filter
                    .values
                    .iter()
                    .map(|value| value.filter_text(self.case_sensitive));
                (filter.property.as_str(), values.collect(), filter.negated)
            })
            .collect();
        events.into_iter().filter(move |event| {
            event.event_type == self.event_type
                && days.is_none_or(|days| days.contains(event.at.date_naive()))
                && filters.iter().all(|(property, values, negated)| {
                    let value = event.properties.get(*property);
                    let listed =
                        value.is_some_and(|value| values.contains(&value.filter_text(self.case_sensitive)));
                    listed != *negated
                })
        })
    }
}

#[derive(Default)]
struct Accumulator<'a> {
    count: u64,
    sum: Decimal,
    distinct: BTreeSet<&'a Value>,
}

impl Accumulator<'_> {
    /// Whether values of several types have one text, so that the count depends on telling them apart.
    fn has_lookalikes(&self) -> bool {
        let texts: BTreeSet<String> = self.distinct.iter().map(|value| value.label()).collect();
        texts.len() < self.distinct.len()
    }
}

/// Over what span usage climbs the tiers of a graduated price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CalculationMode {
    /// `BILLING_PERIOD`: every billing period starts at 0.
    BillingPeriod,
    /// `CUMULATIVE`: usage counts from the start of the phase.
    Cumulative,
    /// `PERIODIC`: usage starts at 0 in each calculation period.
    Periodic {
        /// Months of one calculation period: its frequency times its interval.
        months: u32,
    },
}

/// Days to aggregate for one [`Climb`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// The days of the total before the billing period. `None` if that total is 0.
    pub before: Option<Period>,
    /// The days of the total after it.
    pub total: Period,
}

/// The windows of a billing period, in order of time. [`Metric::measure`] aggregates both parts of each
/// window. The two are aggregated apart because values of `UNIQUE` metrics cannot be subtracted.
///
/// A calculation period that is longer than the billing period climbs on through several of them, and of
/// one that is shorter there are several in a billing period.
///
/// # Errors
///
/// [`Error::ReversedPeriod`] if the period starts before the phase; [`Error::NoInterval`] for 0 months.
pub fn windows(
    mode: CalculationMode,
    service: Period,
    phase_start: NaiveDate,
) -> Result<(Vec<Window>, Assumed)> {
    let climb_from = |start: NaiveDate, end: NaiveDate| -> Result<Window> {
        let before = service.start().pred_opt().filter(|day| *day >= start);
        let before = before.map(|day| Period::new(start, day)).transpose()?;
        Ok(Window {
            before,
            total: Period::new(start, end)?,
        })
    };
    match mode {
        CalculationMode::BillingPeriod => Ok((
            vec![Window {
                before: None,
                total: service,
            }],
            Assumed::NONE,
        )),
        CalculationMode::Cumulative => {
            Period::new(phase_start, service.start())?;
            Ok((vec![climb_from(phase_start, service.end())?], A24.into()))
        }
        CalculationMode::Periodic { months } => {
            Period::new(phase_start, service.start())?;
            let rhythm = Recurrence::starting(phase_start, None)?;
            let mut windows = Vec::new();
            let mut day = service.start();
            loop {
                let calculation = rhythm.period(months, day)?;
                windows.push(climb_from(
                    calculation.start(),
                    calculation.end().min(service.end()),
                )?);
                match calculation.end().succ_opt() {
                    Some(next) if next <= service.end() => day = next,
                    _ => return Ok((windows, A25.into())),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Decimal {
        Decimal::from_str_exact(text).unwrap()
    }

    fn text(value: &str) -> Value {
        Value::Text(value.to_owned())
    }

    fn event(id: &str, at: &str, properties: &[(&str, Value)]) -> Event {
        Event {
            id: id.to_owned(),
            event_type: "call".to_owned(),
            at: at.parse().unwrap(),
            properties: properties
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone()))
                .collect(),
        }
    }

    fn with(name: &str, values: &[Value]) -> Vec<Event> {
        let events = values.iter().enumerate();
        events
            .map(|(i, value)| event(&i.to_string(), "2026-01-01T00:00:00Z", &[(name, value.clone())]))
            .collect()
    }

    fn filtered(filter: Filter, case_sensitive: bool) -> Metric {
        Metric {
            filters: vec![filter],
            case_sensitive,
            ..Metric::new("call", Aggregation::Count)
        }
    }

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, month, day).unwrap()
    }

    fn days(from: (u32, u32), to: (u32, u32)) -> Period {
        Period::new(day(from.0, from.1), day(to.0, to.1)).unwrap()
    }

    #[test]
    fn json_numbers_are_read_exactly() {
        for (number, expected) in [
            ("1", "1"),
            ("-0.5", "-0.5"),
            ("1e3", "1000"),
            ("1.5E-3", "0.0015"),
            ("12e+1", "120"),
            ("0e99", "0"),
            ("1000000e-6", "1"),
            ("1e28", "10000000000000000000000000000"),
        ] {
            assert_eq!(
                Value::from_json_number(number),
                Value::Number(d(expected)),
                "{number}"
            );
        }
        for number in [
            "1e29",
            "1e-29",
            "0.12345678901234567890123456789",
            "1e999999999999",
        ] {
            assert_eq!(Value::from_json_number(number), Value::Json(number.to_owned()));
        }
    }

    #[test]
    fn sums_are_exact_and_list_what_is_not_a_number() {
        let values = [
            Value::from_json_number("0.1"),
            text("0.2"),
            text("many"),
            Value::Bool(true),
            text("1e3"),
            text("1_000"),
        ];
        let metric = Metric::new("call", Aggregation::Sum("n".to_owned()));
        let usage = metric.aggregate(&with("n", &values), None).unwrap();
        assert_eq!((usage.value, usage.event_count), (d("0.3"), 6));
        assert_eq!(usage.not_numbers, ["2", "3", "4", "5"]);
        assert!(usage.assumed.contains(A29));
        let custom = Metric::new("call", Aggregation::Custom(Some("n".to_owned())));
        assert_eq!(
            custom.aggregate(&with("n", &values), None).unwrap().value,
            d("0.3")
        );
        let unknown = Metric::new("call", Aggregation::Custom(None));
        assert_eq!(unknown.aggregate(&[], None), Err(Error::CustomMetric));
        let too_large = with("n", &[Value::Number(Decimal::MAX), Value::Number(Decimal::MAX)]);
        assert_eq!(metric.aggregate(&too_large, None), Err(Error::TooManyDigits));
    }

    #[test]
    fn distinct_values_are_told_apart_by_type() {
        let metric = Metric::new("call", Aggregation::Unique("user".to_owned()));
        let number = Value::from_json_number;
        let values = [
            number("1"),
            text("1"),
            number("1.0"),
            text("a"),
            text("A"),
            Value::Bool(true),
            text("a"),
        ];
        let usage = metric.aggregate(&with("user", &values), None).unwrap();
        assert_eq!(usage.value, d("5"));
        assert!(usage.assumed.contains(A28));
        let plain = metric
            .aggregate(&with("user", &[text("a"), text("b")]), None)
            .unwrap();
        assert!(!plain.assumed.contains(A28));
        let missing = metric.aggregate(&with("other", &[text("a")]), None).unwrap();
        assert_eq!((missing.value, missing.event_count), (d("0"), 1));
    }

    #[test]
    fn filters_are_anded_folded_and_negated() {
        let number = Value::from_json_number;
        let events = with(
            "region",
            &[text("EU"), text("eu"), text("us"), number("5"), text("5.0")],
        );
        let filter = |values: &[Value], negated| Filter {
            property: "region".to_owned(),
            values: values.to_vec(),
            negated,
        };
        for (values, negated, case_sensitive, expected) in [
            (vec![text("eu")], false, true, 1),
            (vec![text("eu")], false, false, 2),
            (vec![text("EU"), text("us")], false, false, 3),
            (vec![text("eu")], true, true, 4),
            (vec![text("eu")], true, false, 3),
            (vec![text("5")], false, true, 1),
            (vec![], false, true, 0),
            (vec![], true, true, 5),
        ] {
            let metric = filtered(filter(&values, negated), case_sensitive);
            let usage = metric.aggregate(&events, None).unwrap();
            assert_eq!(
                usage.event_count, expected,
                "{values:?}, {negated}, {case_sensitive}"
            );
            assert_eq!(usage.assumed.contains(A26), !case_sensitive);
            assert_eq!(usage.assumed.contains(A27), negated);
        }
        let both = Metric {
            filters: vec![
                filter(&[text("eu"), text("us")], false),
                filter(&[text("us")], true),
            ],
            ..Metric::new("call", Aggregation::Count)
        };
        assert_eq!(both.aggregate(&events, None).unwrap().event_count, 1);
        let other = event("x", "2026-01-01T00:00:00Z", &[]);
        assert_eq!(
            filtered(filter(&[text("eu")], true), true)
                .aggregate(&[other], None)
                .unwrap()
                .event_count,
            1
        );
        let other_type = Metric::new("CALL", Aggregation::Count);
        assert_eq!(other_type.aggregate(&events, None).unwrap().event_count, 0);
    }

    #[test]
    fn groups_add_up_to_the_value() {
        let two = |user: &str, region: &str| [("user", text(user)), ("region", text(region))];
        let at = "2026-01-01T00:00:00Z";
        let events = [
            event("1", at, &two("a", "us")),
            event("2", at, &two("a", "eu")),
            event("3", at, &two("b", "us")),
            event("4", at, &two("b", "us")),
        ];
        let metric = Metric {
            grouping_property: Some("region".to_owned()),
            ..Metric::new("call", Aggregation::Unique("user".to_owned()))
        };
        let usage = metric.aggregate(&events, None).unwrap();
        let groups: Vec<_> = usage.groups.iter().map(|g| (g.label.as_str(), g.value)).collect();
        assert_eq!(groups, [("us", d("2")), ("eu", d("1"))]);
        assert_eq!(usage.value, d("3"));
    }

    #[test]
    fn days_are_utc_and_the_last_is_included() {
        let events = [
            event("before", "2025-12-31T23:59:59.999999Z", &[]),
            event("last", "2026-01-31T23:59:59.999999Z", &[]),
            event("first", "2026-01-01T01:00:00+01:00", &[]),
            event("after", "2026-02-01T00:00:00Z", &[]),
        ];
        let metric = Metric::new("call", Aggregation::Count);
        let usage = metric.aggregate(&events, Some(days((1, 1), (1, 31)))).unwrap();
        assert_eq!((usage.event_count, usage.value), (2, d("2")));
        assert_eq!(usage.first_event.as_deref(), Some("first"));
        assert_eq!(usage.last_event.as_deref(), Some("last"));
        assert_eq!(usage.assumed, A31.into());
    }

    #[test]
    fn of_events_of_one_instant_the_first_and_the_last_received_are_named() {
        let at = "2026-01-01T00:00:00Z";
        let events = ["b", "c", "a"].map(|id| event(id, at, &[]));
        let usage = Metric::new("call", Aggregation::Count)
            .aggregate(&events, None)
            .unwrap();
        assert_eq!(
            (usage.first_event.as_deref(), usage.last_event.as_deref()),
            (Some("b"), Some("a"))
        );
    }

    #[test]
    fn event_values_add_up_to_the_aggregate() {
        let events = with(
            "n",
            &[text("2"), text("2"), text("x"), Value::Bool(false), text("0.5")],
        );
        for aggregation in [
            Aggregation::Count,
            Aggregation::Sum("n".to_owned()),
            Aggregation::Unique("n".to_owned()),
        ] {
            let metric = Metric::new("call", aggregation);
            let values = metric.event_values(&events, None).unwrap();
            assert_eq!(values.len(), events.len());
            assert_eq!(total(values), Ok(metric.aggregate(&events, None).unwrap().value));
        }
    }

    #[test]
    fn distinct_values_climb_by_those_that_are_new() {
        let user = |id: &str, at: &str, user: &str| event(id, at, &[("user", text(user))]);
        let events = [
            user("1", "2026-01-05T00:00:00Z", "a"),
            user("2", "2026-02-05T00:00:00Z", "a"),
            user("3", "2026-02-06T00:00:00Z", "b"),
        ];
        let metric = Metric::new("call", Aggregation::Unique("user".to_owned()));
        let february = days((2, 1), (2, 28));
        let measure = |mode| {
            let (windows, _) = windows(mode, february, day(1, 1)).unwrap();
            metric
                .measure(&events, &windows)
                .unwrap()
                .measured
                .used()
                .unwrap()
        };
        assert_eq!(measure(CalculationMode::BillingPeriod), d("2"));
        assert_eq!(measure(CalculationMode::Cumulative), d("1"));
        assert_eq!(measure(CalculationMode::Periodic { months: 1 }), d("2"));
    }

    #[test]
    fn groups_are_measured_for_a_period_of_its_own() {
        let grouped = Metric {
            grouping_property: Some("n".to_owned()),
            ..Metric::new("call", Aggregation::Count)
        };
        let events = with("n", &[text("x"), text("y"), text("x")]);
        let january = days((1, 1), (1, 31));
        let alone = Window {
            before: None,
            total: january,
        };
        let Measured::Usage { groups, .. } = grouped.measure(&events, &[alone]).unwrap().measured else {
            panic!("a metric measures usage");
        };
        assert_eq!(groups.len(), 2);
        let climbing = Window {
            before: Some(days((1, 1), (1, 1))),
            total: january,
        };
        let measured = grouped.measure(&events, &[climbing]).unwrap().measured;
        assert_eq!(measured, Measured::cumulative(d("3"), d("3")));
    }

    #[test]
    fn windows_of_the_three_modes() {
        let march = days((3, 1), (3, 31));
        let of = |mode| windows(mode, march, day(1, 1)).unwrap();
        assert_eq!(
            of(CalculationMode::BillingPeriod),
            (
                vec![Window {
                    before: None,
                    total: march
                }],
                Assumed::NONE
            )
        );
        let so_far = Window {
            before: Some(days((1, 1), (2, 28))),
            total: days((1, 1), (3, 31)),
        };
        assert_eq!(of(CalculationMode::Cumulative), (vec![so_far], A24.into()));
        // A quarter climbs on through its third month; two months start anew in March.
        assert_eq!(
            of(CalculationMode::Periodic { months: 3 }),
            (vec![so_far], A25.into())
        );
        assert_eq!(
            of(CalculationMode::Periodic { months: 2 }).0,
            [Window {
                before: None,
                total: march
            }]
        );
        assert_eq!(
            windows(CalculationMode::Periodic { months: 0 }, march, day(1, 1)),
            Err(Error::NoInterval)
        );
        let early = windows(CalculationMode::Cumulative, march, day(3, 2));
        assert!(matches!(early, Err(Error::ReversedPeriod { .. })));
    }

    #[test]
    fn a_longer_billing_period_has_a_window_for_each_calculation_period() {
        let quarter = days((1, 15), (4, 14));
        let (windows, _) = windows(CalculationMode::Periodic { months: 1 }, quarter, day(1, 15)).unwrap();
        let totals: Vec<_> = windows.iter().map(|window| window.total).collect();
        assert_eq!(
            totals,
            [
                days((1, 15), (2, 14)),
                days((2, 15), (3, 14)),
                days((3, 15), (4, 14))
            ]
        );
        assert!(windows.iter().all(|window| window.before.is_none()));
    }
}
