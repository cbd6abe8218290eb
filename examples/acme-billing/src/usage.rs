//! Usage: stored when it is reported, and sent by the worker.
//!
//! An event is sent at least once, with the id that it was reported with, and Sequence counts an id once. It has to arrive before
//! its billing period ends: what comes later may not be on the invoice any more.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use sequencehq::types::{UsageEventCreate, UsageEventCreateBuilder};
use sequencehq::usage::{Outcome, Sender};
use sequencehq::{DateTime, Utc};
use serde::Deserialize;

use crate::plans::{CALLS, EVENT};
use crate::{App, Error};

/// How many events are read from the database at once.
const BATCH: u32 = 1_000;

/// The body of `POST /usage`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Usage {
    /// Identifies the event. A repeat has the same id.
    id: String,
    customer: String,
    calls: u32,
    /// When it happened. The default is now.
    at: Option<DateTime<Utc>>,
}

/// `POST /usage`: returns 202 once the event is on disk.
pub async fn report(State(app): State<App>, Json(usage): Json<Usage>) -> Result<StatusCode, Error> {
    let Usage {
        id,
        customer,
        calls,
        at,
    } = usage;
    if id.is_empty() || id.len() > 255 {
        let message = "id: use 1 to 255 bytes".to_owned();
        return Err(Error::Refused(StatusCode::UNPROCESSABLE_ENTITY, message));
    }
    // The time is stored and not taken when the event is sent: it decides in which month the customer pays.
    let at = at.unwrap_or_else(|| app.now()).timestamp_micros();
    let insert = "INSERT INTO usage_events (id, customer, calls, happened_at) \
        SELECT ?, id, ?, ? FROM signups WHERE id = ? ON CONFLICT DO NOTHING";
    let insert = sqlx::query(insert).bind(&id).bind(calls).bind(at).bind(&customer);
    if insert.execute(&app.database).await?.rows_affected() == 0 {
        return known(&app, &id, &customer, calls).await;
    }
    app.work.notify_one();
    Ok(StatusCode::ACCEPTED)
}

/// Accepts a repeat. Another event with the id of an earlier one would replace it in Sequence, and go unbilled.
async fn known(app: &App, id: &str, customer: &str, calls: u32) -> Result<StatusCode, Error> {
    let known = sqlx::query_as("SELECT customer, calls FROM usage_events WHERE id = ?").bind(id);
    match known.fetch_optional(&app.database).await? {
        Some((of, counted)) if (String::as_str(&of), counted) == (customer, calls) => {
            Ok(StatusCode::ACCEPTED)
        }
        Some(_) => Err(Error::Refused(
            StatusCode::CONFLICT,
            format!("{id} is the id of another event"),
        )),
        None => Err(Error::Refused(
            StatusCode::NOT_FOUND,
            format!("{customer} has not signed up"),
        )),
    }
}

type Row = (String, String, u32, i64);

/// Sends what was not sent yet. Returns the number of events that Sequence has accepted.
pub async fn send(app: &App) -> Result<u64, Error> {
    let sender = Sender::new(&app.client).stop_signal(&app.stop);
    let mut accepted = 0;
    loop {
        let sql = "SELECT id, customer, calls, happened_at FROM usage_events \
            WHERE sent = 0 AND problem IS NULL ORDER BY rowid LIMIT ?";
        let rows: Vec<Row> = sqlx::query_as(sql).bind(BATCH).fetch_all(&app.database).await?;
        let events: Vec<_> = rows.iter().map(event).collect();
        let mut outcomes = sender.send_all(events);
        let mut progress = 0;
        while let Some(outcome) = outcomes.next().await {
            progress += u64::from(record(app, &outcome).await?);
            accepted += u64::from(outcome.is_accepted());
        }
        if progress == 0 {
            return Ok(accepted);
        }
    }
}

fn event((id, customer, calls, at): &Row) -> UsageEventCreateBuilder {
    let event = UsageEventCreate::builder()
        .customer_event_id(id)
        .customer_alias(customer)
        .event_type(EVENT)
        .event_properties([(CALLS, *calls)]);
    match DateTime::from_timestamp_micros(*at) {
        Some(at) => event.event_timestamp(at),
        None => event,
    }
}

/// Records an outcome. Returns `false` if the event has to be sent again: if it was accepted in spite of the error, it only
/// replaces itself.
async fn record(app: &App, outcome: &Outcome<UsageEventCreate>) -> Result<bool, Error> {
    let problem = match outcome {
        Outcome::Accepted(_) | Outcome::Skipped(_) => None,
        Outcome::Rejected(rejected) => Some(rejected.error.to_string()),
        Outcome::Invalid(invalid) => Some(invalid.reason.to_string()),
        Outcome::Unknown(_) | Outcome::Unsent(_) => {
            tracing::debug!(%outcome, "the event is sent again later");
            return Ok(false);
        }
    };
    if let Some(problem) = &problem {
        tracing::error!(%outcome, problem, "usage is not billed until this is corrected");
    }
    let update = sqlx::query("UPDATE usage_events SET sent = ?, problem = ? WHERE id = ?");
    let update = update
        .bind(problem.is_none())
        .bind(problem)
        .bind(outcome.customer_event_id());
    Ok(update.execute(&app.database).await?.rows_affected() == 1)
}
