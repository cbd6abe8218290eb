//! Every kind of notification: what triggers it, that it is sent once, and that its resource fits the document.

mod causes;
mod table;
mod things;

use std::collections::BTreeSet;

use sequencehq_emulator::contract::{Operation, Version, check_answer, enum_values};
use sequencehq_emulator::records::Delivery;
use serde_json::{Value, json};

use super::published::{self, stage::Stage};
use causes::Cause;

/// The operation that answers the resource of a notification; `None` for the kinds without one.
fn answered_by(resource_type: &str) -> Operation {
    match resource_type {
        "BillingScheduleResponse" => Operation::BillingScheduleGet,
        "CreditNoteResponse" => Operation::CreditNoteGet,
        "CustomerResponse" => Operation::CustomerGet,
        "InvoiceResponse" => Operation::InvoiceGet,
        "MerchantResponse" => Operation::AccountGet,
        "QuoteResponse" => Operation::QuoteList,
        other => panic!("{other} has no operation"),
    }
}

fn sent(stage: &Stage) -> Vec<Delivery> {
    stage.account.world.store().read(|state| state.all())
}

/// What the cause sends under its kind, after a check of each resource.
fn send(cause: &Cause, version: Version) -> Vec<Value> {
    let mut stage = Stage::new(version);
    let id = (cause.prepare)(&mut stage);
    stage.account.watch();
    (cause.act)(&mut stage, &id);
    let of_kind = sent(&stage)
        .into_iter()
        .filter(|delivery| delivery.notification_type == cause.kind);
    let bodies: Vec<Value> = of_kind
        .map(|delivery| serde_json::from_str(&delivery.body).expect("a body is JSON"))
        .collect();
    bodies.iter().for_each(|body| check(cause, body));
    bodies
}

/// A resource has the form of the newest version, whatever version the call was in.
fn check(cause: &Cause, body: &Value) {
    let Cause { kind, when, .. } = cause;
    assert_eq!(body["notificationType"], *kind);
    assert!(body["sequenceAccountId"].is_string(), "{kind}: {body}");
    let Some(resource_type) = body["resourceType"].as_str() else {
        assert_eq!(
            (body.get("resource"), body.get("resourceId")),
            (None, None),
            "{kind}"
        );
        return;
    };
    assert_eq!(body["resource"]["id"], body["resourceId"], "{kind}: {when}");
    let operation = answered_by(resource_type);
    let answer = match operation {
        Operation::QuoteList => json!({"items": [body["resource"]], "pagination": {}}),
        _ => body["resource"].clone(),
    };
    let fits = check_answer(operation, Version::LATEST, 200, &answer);
    assert_eq!(fits, Ok(()), "{kind}: {when}");
    published::check(operation, Version::LATEST, 200, &answer);
}

#[test]
fn every_kind_is_sent_once_for_each_of_its_causes_in_every_version() {
    for version in Version::all() {
        for cause in causes::all() {
            let count = send(cause, version).len();
            assert_eq!(
                count,
                cause.times,
                "{}: {} in {}",
                cause.kind,
                cause.when,
                version.name()
            );
        }
    }
}

#[test]
fn every_kind_of_the_document_has_a_cause() {
    let listed: BTreeSet<&str> = enum_values("NotificationType", Version::LATEST)
        .expect("the document has the enum")
        .into_iter()
        .collect();
    let caused: BTreeSet<&str> = causes::all()
        .filter(|cause| cause.times > 0)
        .map(|cause| cause.kind)
        .collect();
    assert_eq!(caused, listed);
}
