//! The JSON schemas of the types.

#![cfg(feature = "schemars")]

use serde_json::json;

use crate::sample::{self, Shape};

#[test]
fn the_schema_of_a_type_fits_what_the_type_encodes_to() {
    let schema =
        serde_json::to_value(schemars::schema_for!(sequencehq::types::Invoice)).expect("schemas encode");
    assert_eq!(schema["properties"]["grossTotal"]["type"], "string");
    let validator = jsonschema::validator_for(&schema).expect("it is a JSON schema");
    for shape in [Shape::Whole, Shape::Minimal, Shape::Future] {
        let answer = sample::value(&json!({"$ref": "#/components/schemas/Invoice"}), shape);
        let invoice: sequencehq::types::Invoice = serde_json::from_value(answer).expect("decodes");
        let encoded = serde_json::to_value(invoice).expect("encodes");
        let errors: Vec<String> = validator
            .iter_errors(&encoded)
            .map(|error| error.to_string())
            .collect();
        assert!(errors.is_empty(), "{shape:?}: {errors:?}");
    }
    assert!(!validator.is_valid(&json!({"id": 7})));
}

#[test]
fn the_schema_of_a_union_knows_its_discriminator() {
    let schema =
        serde_json::to_value(schemars::schema_for!(sequencehq::types::Price)).expect("schemas encode");
    let text = schema.to_string();
    assert!(
        text.contains("pricingType") && text.contains("GraduatedPricing"),
        "{text}"
    );
}
