//! Samples of the document are valid, in every operation and version.

use sequencehq_document::model;
use sequencehq_document::sample::{self, Shape};
use sequencehq_emulator::contract::{
    OPERATIONS, Operation, Success, Version, check_answer, check_body, keep, properties,
};
use serde_json::{Value, json};

use super::{DOCUMENT, everywhere, problems, texts, version};

/// A valid body for the version: the sample, with the members that not every version requires.
pub(super) fn body(operation: Operation, version: Version, shape: Shape) -> Option<Value> {
    let name = operation.data().body?;
    let mut body = sample::named(&DOCUMENT.root, name, shape);
    let properties = &DOCUMENT.root["components"]["schemas"][name]["properties"];
    for (member, property) in properties.as_object().into_iter().flatten() {
        let required_in = model::strings(&property["x-required-in"]);
        if shape != Shape::Whole && required_in.iter().any(|one| one == version.name()) {
            body[member] = sample::property(&DOCUMENT.root, member, property, Shape::Minimal);
        }
    }
    Some(body)
}

/// A valid answer for the version: the sample, without what the version lacks.
fn answer(operation: Operation, version: Version, shape: Shape) -> Option<Value> {
    let Success::Json(name) = operation.data().success else {
        return None;
    };
    let Value::Object(mut answer) = sample::named(&DOCUMENT.root, name, shape) else {
        panic!("{name} is an object");
    };
    keep(operation, version, &mut answer);
    Some(Value::Object(answer))
}

#[test]
fn the_samples_of_all_bodies_are_valid() {
    let mut checked = 0;
    for (operation, version) in everywhere() {
        for shape in [Shape::Whole, Shape::Minimal, Shape::Nulls] {
            if let Some(body) = body(operation, version, shape) {
                let label = format!("{} {} {shape:?}", operation.id(), version.name());
                assert_eq!(problems(operation, version, &body), [""; 0], "{label}: {body}");
                checked += 1;
            }
        }
    }
    assert!(checked > 400, "{checked}");
}

#[test]
fn the_samples_of_all_successful_answers_are_valid() {
    for (operation, version) in everywhere() {
        for shape in [Shape::Whole, Shape::Minimal] {
            let body = operation.enclosed(version, answer(operation, version, shape).unwrap_or_default());
            let checked = check_answer(operation, version, operation.data().status, &body);
            let label = format!("{} {} {shape:?}", operation.id(), version.name());
            assert_eq!(checked, Ok(()), "{label}: {body}");
        }
    }
}

#[test]
fn nothing_of_a_sample_is_removed_but_what_the_version_lacks() {
    for (operation, version) in everywhere() {
        let Some(kept) = answer(operation, version, Shape::Whole) else {
            continue;
        };
        let Success::Json(name) = operation.data().success else {
            continue;
        };
        let sampled = sample::named(&DOCUMENT.root, name, Shape::Whole);
        let declared: Vec<&str> = properties(operation, version).collect();
        for key in sampled.as_object().expect("an object").keys() {
            let is_declared = declared.contains(&key.as_str());
            assert_eq!(kept.get(key).is_some(), is_declared, "{} {key}", operation.id());
        }
    }
}

#[test]
fn failed_answers_have_the_shared_error() {
    let error = json!({"error": {"type": "NotFound", "message": "no such invoice"}});
    let latest = Version::LATEST;
    for operation in OPERATIONS {
        for status in [400, 401, 404, 500, 501] {
            assert_eq!(
                check_answer(operation, latest, status, &error),
                Ok(()),
                "{status}"
            );
        }
    }
    let create = Operation::CreditNoteApplicationCreate;
    let conflict = texts(check_answer(create, latest, 409, &error).unwrap_err());
    assert!(conflict[0].contains("member is missing"), "{conflict:?}");
}

#[test]
fn an_answer_has_a_status_that_the_document_declares() {
    let check =
        |operation, status, body| texts(check_answer(operation, Version::LATEST, status, &body).unwrap_err());
    assert_eq!(
        check(Operation::InvoiceGet, 204, Value::Null),
        ["answer: invoice_get succeeds with 200, never with 204."]
    );
    assert_eq!(
        check(Operation::InvoiceFixBillingRuns, 202, json!({})),
        ["answer: invoice_fix_billing_runs answers 202 without a body."]
    );
    let pdf = check_answer(Operation::InvoiceDownload, Version::LATEST, 200, &Value::Null);
    assert_eq!(pdf, Ok(()));
}

#[test]
fn answers_have_no_undeclared_members_and_no_nulls() {
    let mut answer = answer(Operation::ProductGet, Version::LATEST, Shape::Whole).expect("JSON");
    answer["colour"] = json!("red");
    answer["name"] = Value::Null;
    let problems = check_answer(Operation::ProductGet, Version::LATEST, 200, &answer).unwrap_err();
    assert_eq!(
        texts(problems),
        [
            "answer.name: expected a text, got null.",
            "answer.colour: version 2024-07-30 does not declare this member."
        ]
    );
}

#[test]
fn a_stored_body_is_reduced_to_what_the_answer_declares() {
    let customer = json!({
        "id": "1", "legalName": "Ada", "contacts": [{"id": "2", "name": "Bob", "shoe": 7}], "customProperties": {"a": "b"},
        "email": null, "pushToIntegrations": ["Xero"], "sequenceAccountId": "3",
    });
    let kept = |operation, version| {
        let mut map = customer.as_object().expect("an object").clone();
        keep(operation, version, &mut map);
        Value::Object(map)
    };
    let newest = json!({
        "id": "1", "legalName": "Ada", "contacts": [{"id": "2", "name": "Bob"}], "customProperties": {"a": "b"},
    });
    assert_eq!(kept(Operation::CustomerGet, Version::LATEST), newest);
    let oldest = json!({"id": "1", "legalName": "Ada", "sequenceAccountId": "3"});
    assert_eq!(kept(Operation::CustomerGet, version("2024-01-01")), oldest);
    let by_alias = json!({"id": "1", "legalName": "Ada"});
    assert_eq!(kept(Operation::CustomerGetByAlias, Version::LATEST), by_alias);
}

#[test]
fn a_checked_body_has_only_what_the_document_declares() {
    let body =
        r#"{"customerId": "1", "value": "a", "label": null, "sequenceAccountId": "2", "unknown": [1]}"#;
    let check = |version| check_body(Operation::CustomerAliasCreate, version, body.as_bytes());
    assert_eq!(
        check(Version::LATEST),
        Ok(json!({"customerId": "1", "value": "a"}))
    );
    assert_eq!(
        check(version("2024-01-01")),
        Ok(json!({"customerId": "1", "value": "a", "sequenceAccountId": "2"}))
    );
}
