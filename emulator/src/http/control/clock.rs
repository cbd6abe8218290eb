//! The clock of the account.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveTime, SecondsFormat, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::operations::Problem;
use crate::records::Kind;
use crate::store::State;

use super::period::Period;
use super::{Call, Outcome, body};

pub(super) fn get(call: &Call<'_>) -> Outcome {
    body::query(call, &[])?;
    Ok(call.shared.world.store().read(shape))
}

/// The clock as it is answered.
pub(super) fn shape(state: &State) -> Value {
    json!({
        "now": text(state.now()),
        "today": state.today().to_string(),
        "isRunning": state.is_running(),
    })
}

fn text(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    to: Option<String>,
    by: Option<String>,
}

pub(super) fn advance(call: &Call<'_>) -> Outcome {
    body::query(call, &[])?;
    let target: Advance = body::body(call)?;
    let world = &call.shared.world;
    let (now, before) = world.store().read(|state| (state.now(), counts(state)));
    let target = target.instant(now)?;
    if target < now {
        return Err(Problem::invalid(format!(
            "body.to: the clock only moves forward, and it is {} already. POST /_emulator/reset returns to the start.",
            text(now)
        )));
    }
    world
        .advance(target - now)
        .map_err(|error| Problem::invalid(format!("body: {error}.")))?;
    Ok(world.store().read(|state| {
        let mut answer = shape(state);
        answer["before"] = text(now).into();
        answer["created"] = created(&before, &counts(state));
        answer
    }))
}

/// Bills what the clock never bills (A46).
pub(super) fn bill(call: &Call<'_>) -> Outcome {
    body::query(call, &[])?;
    body::no_body(call)?;
    let invoices = call.shared.world.bill_on_demand(call.id)?;
    Ok(json!({"invoices": invoices}))
}

impl Advance {
    /// The instant that is asked for. A day is meant at noon, as at the start.
    fn instant(&self, now: DateTime<Utc>) -> Result<DateTime<Utc>, Problem> {
        match (self.to.as_deref(), self.by.as_deref()) {
            (Some(to), None) => {
                let day = |to: &str| {
                    let noon = NaiveTime::from_hms_opt(12, 0, 0)?;
                    Some(to.parse::<NaiveDate>().ok()?.and_time(noon).and_utc())
                };
                day(to).or_else(|| to.parse().ok()).ok_or_else(|| {
                    Problem::invalid(format!(
                        "body.to: {to:?} is neither a date nor an instant. Send one such as \"2026-02-02\" or \"2026-02-02T09:00:00Z\"."
                    ))
                })
            }
            (None, Some(by)) => {
                let end = by.parse().ok().and_then(|period: Period| period.after(now));
                end.ok_or_else(|| {
                    Problem::invalid(format!(
                        "body.by: {by:?} is not a period of ISO 8601. Send one such as \"P1D\", \"P1M\" or \"PT12H\"."
                    ))
                })
            }
            (None, None) | (Some(_), Some(_)) => Err(Problem::invalid(
                "body: exactly one of `to` and `by` is needed. Send {\"to\": \"2026-02-02\"} or {\"by\": \"P1M\"}.",
            )),
        }
    }
}

/// How many records of each kind there are.
pub(super) fn counts(state: &State) -> BTreeMap<&'static str, usize> {
    let counts = Kind::ALL.iter().map(|kind| (kind.name(), state.count(*kind)));
    counts.filter(|(_, count)| *count > 0).collect()
}

/// How many records of each kind there are more than before.
fn created(before: &BTreeMap<&'static str, usize>, after: &BTreeMap<&'static str, usize>) -> Value {
    let created = after.iter().filter_map(|(kind, count)| {
        let more = count.checked_sub(before.get(kind).copied().unwrap_or_default())?;
        (more > 0).then(|| ((*kind).to_owned(), more.into()))
    });
    Value::Object(created.collect())
}
