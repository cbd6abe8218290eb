//! The dates and timestamps that setters accept.

use std::time::{Duration, SystemTime};

use sequencehq::types::{InvoicePatch, UsageEventCreate};
use sequencehq::{DateTime, IntoDate, IntoTimestamp, NaiveDate, Utc};
use serde_json::json;

use crate::coverage::document_server;
use crate::sample::Shape;

fn day() -> NaiveDate {
    "2026-01-31".parse().expect("a date")
}

/// Sends the date in a query and in a body.
async fn sent_date(date: impl IntoDate + Clone) -> [String; 2] {
    let server = document_server(Shape::Minimal).await;
    let invoices = server.client().invoices();
    invoices.list().due_before(date.clone()).await.expect("sent");
    invoices
        .patch("i", InvoicePatch::builder().due_date(date))
        .await
        .expect("sent");
    let seen = server.seen();
    let query = seen[0].query().pop().expect("a parameter").1;
    let body = seen[1].json()["dueDate"].as_str().expect("a text").to_owned();
    [query, body]
}

fn event(timestamp: impl IntoTimestamp) -> serde_json::Value {
    let event = UsageEventCreate::builder()
        .customer_alias("acme")
        .event_type("call");
    let event = event.event_timestamp(timestamp).build().expect("complete");
    serde_json::to_value(event).expect("encodes")["eventTimestamp"].clone()
}

#[tokio::test]
async fn a_setter_accepts_dates_by_value_and_by_reference() {
    assert_eq!(sent_date(day()).await, ["2026-01-31", "2026-01-31"]);
    assert_eq!(sent_date(&day()).await, ["2026-01-31", "2026-01-31"]);
}

#[test]
fn a_setter_accepts_timestamps_of_any_time_zone() {
    let noon: DateTime<Utc> = "2026-01-31T12:00:00Z".parse().expect("a timestamp");
    let elsewhere = DateTime::parse_from_rfc3339("2026-01-31T14:00:00+02:00").expect("a timestamp");
    let system = SystemTime::UNIX_EPOCH + Duration::from_secs(1_769_860_800);
    let (by_reference, elsewhere_by_reference) = (&noon, &elsewhere);
    for sent in [
        event(noon),
        event(by_reference),
        event(elsewhere),
        event(elsewhere_by_reference),
        event(system),
    ] {
        assert_eq!(sent, json!("2026-01-31T12:00:00Z"));
    }
}

#[cfg(feature = "jiff")]
#[tokio::test]
async fn a_setter_accepts_the_types_of_jiff() {
    use sequencehq::jiff::{Timestamp, ZonedDateTime, civil};

    let date = civil::date(2026, 1, 31);
    assert_eq!(sent_date(date).await, ["2026-01-31", "2026-01-31"]);
    assert_eq!(sent_date(&date).await, ["2026-01-31", "2026-01-31"]);
    let noon: Timestamp = "2026-01-31T12:00:00Z".parse().expect("a timestamp");
    let zoned: ZonedDateTime = "2026-01-31T14:00:00+02:00[+02:00]".parse().expect("a time");
    let by_reference = &noon;
    for sent in [event(noon), event(by_reference), event(&zoned), event(zoned)] {
        assert_eq!(sent, json!("2026-01-31T12:00:00Z"));
    }
}
