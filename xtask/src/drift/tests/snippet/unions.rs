//! What is written for a new variant, and for what a request newly requires.

use super::*;

/// A union of two members, beside things that have one of them.
fn with_union(change: impl Fn(&mut Value)) -> Value {
    let member = |kind: &str| {
        object(
            &["kind"],
            json!({"kind": {"type": "string", "enum": [kind]}, "price": {"type": "string"}}),
        )
    };
    let mut root = ours().root;
    let schemas = &mut root["components"]["schemas"];
    schemas["FixedPricing"] = member("FIXED");
    schemas["OneTimePricing"] = member("ONE_TIME");
    let reference = |name: &str| format!("#/components/schemas/{name}");
    schemas["Structure"] = json!({
        "oneOf": [{"$ref": reference("FixedPricing")}, {"$ref": reference("OneTimePricing")}],
        "discriminator": {
            "propertyName": "kind",
            "mapping": {"FIXED": reference("FixedPricing"), "ONE_TIME": reference("OneTimePricing")},
        },
    });
    schemas["Thing"]["properties"]["structure"] = json!({"allOf": [{"$ref": reference("Structure")}]});
    change(&mut root);
    root
}

#[test]
fn a_variant_is_a_member_with_its_discriminator_and_a_line_in_both_lists() {
    let document = |root: Value| Document::parse("openapi.yaml", &root.to_string()).unwrap();
    let step = object(
        &["kind"],
        json!({"kind": {"type": "string", "enum": ["STEP_UP"]}, "size": {"type": "integer"}}),
    );
    let theirs = with_union(|root| {
        let members = &mut root["components"]["schemas"]["Structure"]["oneOf"];
        members.as_array_mut().unwrap().push(step.clone());
    });
    let edits = edits(&document(with_union(|_| {})), &theirs);
    assert_eq!(
        edits,
        [
            (
                Target::Variant("/components/schemas/Structure".to_owned()),
                "- $ref: '#/components/schemas/StepUpPricing'\nSTEP_UP: '#/components/schemas/StepUpPricing'"
                    .to_owned()
            ),
            (
                Target::Schema("StepUpPricing".to_owned()),
                "type: object\ndescription: # describe it in your own words\nrequired: [kind]\nproperties:\n  \
                 kind:\n    description: # describe it in your own words\n    type: string\n    enum: [STEP_UP]\n  \
                 size:\n    description: # describe it in your own words\n    type: integer"
                    .to_owned()
            ),
        ]
    );
}

#[test]
fn what_a_request_newly_requires_is_required_in_the_versions_that_do() {
    let text = json!({"type": "string"});
    let body = |required: &[&str]| takes(object(required, json!({"a": text})));
    let filter =
        |required: bool| asks(json!({"name": "q", "in": "query", "required": required, "schema": text}));
    let advice = |ours: &Value, theirs: &Value| {
        let ours = Document::parse("openapi.yaml", &ours.to_string()).unwrap();
        edits(&ours, theirs)[0].1.clone()
    };
    assert_eq!(advice(&body(&[]), &body(&["a"])), "# add to `required`: a");
    let mut both = body(&[]);
    both["x-versions"] = json!([OLD, NEW]);
    assert_eq!(
        advice(&both, &body(&["a"])),
        "# If every version requires it, add to `required`: a\n# If other versions do not, write there:\n\
         x-required-in: ['2024-07-30']"
    );
    assert_eq!(advice(&filter(false), &filter(true)), "required: true");
    assert_eq!(advice(&filter(true), &filter(false)), "# remove `required: true`");
    let alternatives =
        takes(json!({"oneOf": [object(&["a"], json!({"a": text})), object(&[], json!({"a": text}))]}));
    assert!(
        advice(&body(&[]), &alternatives).starts_with("# Only some of the published alternatives require a:")
    );
}
