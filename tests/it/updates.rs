//! Bodies of updates that are made of what was read, with everything that the two have in common.

#[allow(unused_imports, reason = "some groups of resources have no PUT")]
use sequencehq::types::*;
use sequencehq::{ApiVersion, BuildError};
use sequencehq_document::{model, sample, updates};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::document::{self, DOCUMENT};
use crate::sample::{Shape, lost};

type Make = fn(Value, Option<ApiVersion>) -> Result<Value, BuildError>;

/// Every operation whose body can be made of a resource, with a function that does so, as the build wrote it.
fn every_update() -> &'static [(&'static str, Make)] {
    &include!(concat!(env!("OUT_DIR"), "/every_update.rs"))
}

#[allow(dead_code, reason = "some groups of resources have no PUT")]
fn made<R: DeserializeOwned, B, T: Serialize>(
    read: Value,
    from: impl FnOnce(&R) -> B,
    build: impl FnOnce(B) -> Result<T, BuildError>,
) -> Result<Value, BuildError> {
    let read = serde_json::from_value(read).expect("the sample fits the resource");
    let body = build(from(&read))?;
    Ok(serde_json::to_value(body).expect("bodies can be encoded"))
}

/// The schemas of the body and the resource of an operation.
fn schemas(id: &str) -> (String, String) {
    let mut operations = document::operations().iter();
    let operation = operations.find(|one| one.id == id).expect("the operation exists");
    let outcome = updates::outcome(&DOCUMENT, operation).expect("it is a PUT");
    outcome.expect("its body can be made")
}

fn schema(name: &str) -> &'static Value {
    &DOCUMENT["components"]["schemas"][name]
}

/// What of `read` an object of the schema `body` has in `version`, or in any.
fn common(body: &str, read: &Value, version: Option<&str>) -> Value {
    let mut common = Map::new();
    for (name, property) in schema(body)["properties"].as_object().into_iter().flatten() {
        let is_there = version.is_none_or(|version| model::exists_in(property, version));
        let (source, member) = match property["x-from"].as_str().map(|from| from.split_once('.')) {
            Some(Some((source, member))) => (source, Some(member)),
            Some(None) => (property["x-from"].as_str().unwrap_or_default(), None),
            None => (name.as_str(), None),
        };
        if is_there && !read[source].is_null() {
            common.insert(name.clone(), value(property, &read[source], member, version));
        }
    }
    let unknown = read.get(sample::FUTURE_PROPERTY).cloned();
    common.extend(unknown.map(|unknown| (sample::FUTURE_PROPERTY.to_owned(), unknown)));
    Value::Object(common)
}

fn value(property: &Value, read: &Value, member: Option<&str>, version: Option<&str>) -> Value {
    match (read, member) {
        (Value::Array(items), _) => {
            let inner = property.get("items").unwrap_or(property);
            items
                .iter()
                .map(|item| value(inner, item, member, version))
                .collect()
        }
        (read, Some(member)) => read[member].clone(),
        (read, None) => match model::reference(property) {
            Some(name) if schema(name).get("properties").is_some() => common(name, read, version),
            _ => read.clone(),
        },
    }
}

#[test]
fn every_body_that_can_be_made_is_made() {
    let made: Vec<&str> = every_update().iter().map(|(id, _)| *id).collect();
    let operations = document::operations().iter();
    let expected: Vec<&str> = operations
        .filter(|operation| matches!(updates::outcome(&DOCUMENT, operation), Some(Ok(_))))
        .map(|operation| operation.id.as_str())
        .collect();
    assert_eq!(made, expected);
}

/// Also values of enums, members of unions and fields that the document does not know.
#[test]
fn a_body_has_all_that_it_has_in_common_with_what_was_read() {
    for shape in [Shape::Whole, Shape::Future] {
        for (id, make) in every_update() {
            let (body, resource) = schemas(id);
            let read = sample::named(&DOCUMENT, &resource, shape);
            let made = make(read.clone(), None).unwrap_or_else(|error| panic!("{id}: {error}"));
            let mut differences = Vec::new();
            lost(&common(&body, &read, None), &made, id, &mut differences);
            assert!(differences.is_empty(), "{shape:?}: {differences:#?}");
        }
    }
}

#[test]
fn a_body_for_a_version_has_only_the_fields_of_that_version() {
    for version in ApiVersion::ALL {
        for (id, make) in every_update() {
            let (body, resource) = schemas(id);
            let read = sample::named(&DOCUMENT, &resource, Shape::Whole);
            let made = make(read.clone(), Some(*version)).unwrap_or_else(|error| panic!("{id}: {error}"));
            let mut differences = Vec::new();
            lost(
                &common(&body, &read, Some(version.as_str())),
                &made,
                id,
                &mut differences,
            );
            assert!(differences.is_empty(), "{version}: {differences:#?}");
        }
    }
}

#[test]
fn what_a_body_requires_and_a_resource_lacks_is_an_error_that_names_it() {
    for (id, make) in every_update() {
        let (body, resource) = schemas(id);
        for shape in [Shape::Minimal, Shape::Nulls] {
            let read = sample::named(&DOCUMENT, &resource, shape);
            let required = model::strings(&schema(&body)["required"]);
            let properties = &schema(&body)["properties"];
            let there = common(&body, &read, None);
            let lacking: Vec<String> = required
                .iter()
                .filter(|name| there.get(name).is_none())
                .map(|name| sequencehq_document::names::property(name, &properties[name]))
                .collect();
            match make(read, None) {
                Ok(made) => {
                    assert_eq!(lacking, [""; 0], "{id}");
                    let mut differences = Vec::new();
                    lost(&there, &made, id, &mut differences);
                    assert!(differences.is_empty(), "{differences:#?}");
                }
                Err(error) => assert_eq!(error.missing(), lacking, "{id}"),
            }
        }
    }
}

#[cfg(feature = "customers")]
#[test]
fn a_setter_replaces_what_was_carried_over_with_its_errors() {
    let mut read = sample::named(&DOCUMENT, "Customer", Shape::Whole);
    read["contacts"][0]
        .as_object_mut()
        .expect("a contact")
        .remove("name");
    let customer: Customer = serde_json::from_value(read).expect("a customer");
    let error = CustomerUpdate::from(&customer)
        .build()
        .expect_err("a contact has no name");
    assert_eq!(error.missing(), ["contacts[0].name"]);
    let contacts = customer.contacts.iter().flatten();
    let contacts = contacts.map(|contact| ContactInput::from(contact).name("Ada Byron"));
    let body = CustomerUpdate::from(&customer)
        .contacts(contacts)
        .legal_name("Acme Ltd")
        .build();
    let body = body.expect("the contact has a name");
    assert_eq!(body.legal_name, "Acme Ltd");
    assert_eq!(body.contacts.expect("it is set")[0].name, "Ada Byron");
    assert_eq!(body.address, customer.address);
}
