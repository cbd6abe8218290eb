//! Differences between versions, and schemas that the validator does not understand, which the build refuses.

use sequencehq_document::Document;
use sequencehq_emulator::contract::{Operation, Version, enum_values, properties};
use serde_json::Value;

use super::{DOCUMENT, version};

#[path = "../../../build/schemas.rs"]
mod schemas;

/// Texts that name a version, although every version has the property.
const IN_EVERY_VERSION: &[(&str, &str)] = &[
    // Which answers have them depends on the operation too.
    ("TaxRate", "sequenceAccountId"),
    ("TaxRate", "subRates"),
    ("CreditNote", "billingScheduleId"),
    ("CreditNote", "customerTaxId"),
    // Only values differ.
    ("CustomerPaymentSettings", "paymentProvider"),
    ("BillingSchedule", "prices"),
    ("EmbeddedDiscount", "amount"),
    ("DiscountInput", "amount"),
    ("Discount", "amount"),
    ("DiscountUpdate", "amount"),
];

const VERSIONS: [&str; 3] = ["2024-01-01", "2024-05-09", "2024-07-30"];

fn names_a_version(text: &Value) -> bool {
    let text = text.as_str().unwrap_or_default();
    VERSIONS.iter().any(|version| text.contains(version))
}

#[test]
fn what_a_text_limits_to_a_version_is_limited_by_a_key() {
    for (schema, content) in DOCUMENT.root["components"]["schemas"]
        .as_object()
        .expect("schemas")
    {
        for (name, property) in content["properties"].as_object().into_iter().flatten() {
            let is_listed = property.get("x-versions").is_some()
                || property.get("x-required-in").is_some()
                || IN_EVERY_VERSION.contains(&(schema.as_str(), name.as_str()));
            assert!(
                is_listed || !names_a_version(&property["description"]),
                "{schema}.{name}"
            );
        }
        for (value, text) in content["x-values"].as_object().into_iter().flatten() {
            let is_listed = content["x-value-versions"].get(value).is_some();
            assert!(is_listed || !names_a_version(text), "{schema} {value}");
        }
    }
}

#[test]
fn enums_differ_between_the_versions() {
    let values = |schema, name| enum_values(schema, version(name)).expect("an enum");
    for (schema, value, expected) in [
        ("InvoicePaymentStatus", "FAILED", [true, false, false]),
        ("SeatProrationStrategy", "USE_FIRST", [true, false, false]),
        ("NotificationType", "CUSTOMER_DELETED", [true, true, false]),
        ("AssetFormat", "CSV", [false, false, true]),
        ("UsageCalculationFrequency", "HALF_YEARLY", [false, false, true]),
        ("CreditNoteStatus", "IN_PROGRESS", [false, false, true]),
        ("Currency", "EUR", [true, true, true]),
    ] {
        let has = VERSIONS.map(|version| values(schema, version).contains(&value));
        assert_eq!(has, expected, "{schema} {value}");
    }
}

#[test]
fn answers_differ_between_the_versions() {
    let has = |operation, version, name: &str| properties(operation, version).any(|one| one == name);
    let older = version("2024-05-09");
    assert!(has(Operation::CustomerGet, Version::LATEST, "contacts"));
    assert!(!has(Operation::CustomerGet, Version::LATEST, "email"));
    assert!(has(Operation::CustomerGet, older, "email"));
    assert!(has(Operation::CustomerGetByAlias, Version::LATEST, "email"));
    assert!(!has(Operation::CustomerGetByAlias, Version::LATEST, "contacts"));
    assert!(has(Operation::InvoiceList, older, "pagination"));
    assert_eq!(properties(Operation::InvoiceDownload, older).count(), 0);
}

/// The faults of the build for a document with one more schema.
fn faults(schema: &str) -> Vec<String> {
    let document = Document::parse("x.yaml", &format!("components: {{schemas: {{Thing: {schema}}}}}"));
    let mut root = DOCUMENT.root.clone();
    root["components"]["schemas"]["Thing"] =
        document.expect("YAML").root["components"]["schemas"]["Thing"].clone();
    schemas::code(&root).err().unwrap_or_default()
}

#[test]
fn the_build_refuses_what_the_validator_does_not_check() {
    assert_eq!(faults("{type: string, description: Any text.}"), [""; 0]);
    for (schema, fault) in [
        (
            "{type: string, pattern: '^a'}",
            "Thing: the validator does not check the keyword `pattern` here",
        ),
        (
            "{type: object, properties: {a: {type: array, items: {type: string, maxLength: 3}}}}",
            "Thing.a[]: the validator does not check the keyword `maxLength` here",
        ),
        (
            "{type: string, format: email}",
            "Thing: the validator does not check type Some(\"string\") with format",
        ),
        (
            "{type: array, minItems: 1, items: {}}",
            "Thing: the validator does not check the keyword `minItems`",
        ),
        (
            "{type: array, items: {nullable: true}}",
            "Thing[]: the validator checks `nullable` of properties only",
        ),
        (
            "{$ref: '#/components/schemas/Nothing'}",
            "Thing: there is no schema `Nothing`",
        ),
        (
            "{type: object, properties: {}, additionalProperties: false}",
            "Thing: the validator does not check the keyword `additionalProperties`",
        ),
    ] {
        let faults = faults(schema);
        assert!(
            faults.iter().any(|one| one.starts_with(fault)),
            "{schema}: {faults:?}"
        );
    }
}
