//! What was read is sent back: unchanged, it changes nothing, and with one change, it changes one thing.
//!
//! Every PUT whose body can be made of a resource, in every version that has it.

mod resources;
mod stage;

use std::collections::BTreeSet;

use sequencehq::emulator::Emulator;
use sequencehq::types::*;
use sequencehq::{ApiVersion, BuildError, Client, RateLimit};
use sequencehq_document::{Document, model, shipped};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use resources::Resource;
use stage::{Stage, differences};

type Make = fn(Value, Option<ApiVersion>) -> Result<Value, BuildError>;

/// The body of an update of what was read, as a program makes it.
fn body(update: &str, read: &Value, version: ApiVersion) -> Value {
    let all: &[(&str, Make)] = &include!(concat!(env!("OUT_DIR"), "/every_update.rs"));
    let made = all.iter().find(|(id, _)| *id == update);
    let (_, make) = made.unwrap_or_else(|| panic!("the body of {update} cannot be made of a resource"));
    let version = (version != ApiVersion::default()).then_some(version);
    make(read.clone(), version).unwrap_or_else(|error| panic!("{update}: {error}"))
}

fn made<R: DeserializeOwned, B, T: Serialize>(
    read: Value,
    from: impl FnOnce(&R) -> B,
    build: impl FnOnce(B) -> Result<T, BuildError>,
) -> Result<Value, BuildError> {
    let read = serde_json::from_value(read).expect("responses can be decoded");
    let body = build(from(&read))?;
    Ok(serde_json::to_value(body).expect("bodies can be encoded"))
}

fn client(emulator: &Emulator) -> Client {
    let builder = emulator.client_builder().rate_limit(RateLimit::none());
    builder.build().expect("good")
}

#[tokio::test]
async fn an_unchanged_body_changes_nothing_and_a_changed_one_changes_one_thing() {
    let document = Document::read(&shipped()).expect("the document is valid");
    let operations = model::operations(&document.root);
    let (mut covered, mut wrong) = (BTreeSet::new(), Vec::new());
    for version in ApiVersion::ALL {
        let emulator = Emulator::start().await.expect("a free port");
        let stage = Stage {
            client: client(&emulator),
            version: *version,
            root: &document.root,
            operations: &operations,
        };
        for resource in resources::make(&stage).await {
            check(&stage, &resource, &mut wrong).await;
            covered.insert(resource.update);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let expected: BTreeSet<&str> = operations
        .iter()
        .filter(|one| {
            matches!(
                sequencehq_document::updates::outcome(&document.root, one),
                Some(Ok(_))
            )
        })
        .map(|one| one.id.as_str())
        .collect();
    assert_eq!(covered, expected);
}

async fn check(stage: &Stage<'_>, resource: &Resource, wrong: &mut Vec<String>) {
    let update = resource.update;
    let version = stage.version_of(update);
    let read = stage.read(resource).await;
    stage.update(resource, &body(update, &read, version)).await;
    let again = stage.read(resource).await;
    let changed = differences(&read, &again, resource.made_anew);
    if !changed.is_empty() {
        wrong.push(format!("{update} in {version}, unchanged: {changed:?}"));
    }

    let mut body = body(update, &again, version);
    let (field, value) = &resource.change;
    let place = body.pointer_mut(field);
    let place = place.unwrap_or_else(|| panic!("{update} in {version} has no {field}"));
    assert_ne!(place, value, "{update} in {version}");
    place.clone_from(value);
    stage.update(resource, &body).await;
    let last = stage.read(resource).await;
    let changed = differences(&again, &last, resource.made_anew);
    if changed != [resource.changed.as_str()] {
        wrong.push(format!("{update} in {version}, changed: {changed:?}"));
    }
}
