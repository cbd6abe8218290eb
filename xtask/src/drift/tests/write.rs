//! Drafts in the text of a document.

use super::*;
use crate::drift::snippet::{Edit, Target};
use crate::drift::write::{Writer, unwritten};

const TEXT: &str = "\
openapi: 3.0.3
paths:
  /things:
    get:
      operationId: thing_list
      parameters:
        - {name: a, in: query}
      responses: {'200': {description: .}}
    post:
      operationId: thing_create # A comment.
      responses: {'200': {description: .}}

components:
  schemas:
    # Things
    Thing:
      properties:
        a: {type: string}

    Flow: {properties: {a: {type: string}}}
    Unit: {type: string, enum: [DAY, YEAR]}
    Sign:
      enum: [
        A, B
      ]
      x-values:
        A: First.
        B: Second.
    Block:
      enum:
        - A
    Union:
      oneOf:
        - $ref: '#/components/schemas/Thing'
      discriminator:
        propertyName: kind
        mapping:
          THING: '#/components/schemas/Thing'
    InBrackets:
      oneOf:
        - $ref: '#/components/schemas/Thing'
      discriminator: {propertyName: kind, mapping: {THING: '#/components/schemas/Thing'}}
";

fn written(target: Target, lines: &[&str]) -> Option<String> {
    let document = Document::parse("openapi.yaml", TEXT).unwrap();
    let mut writer = Writer::new(&document, TEXT);
    let lines = lines.iter().map(|line| (*line).to_owned()).collect();
    let is_written = writer.add(&Edit { target, lines });
    let text = writer.text();
    assert_eq!(is_written, text != TEXT);
    is_written.then_some(text)
}

/// The lines that were added, with the line before each run of them.
fn added(target: Target, lines: &[&str]) -> String {
    let text = written(target, lines).unwrap();
    let mut old = TEXT.lines().peekable();
    let mut out = String::new();
    for line in text.lines() {
        if old.peek() == Some(&line) {
            old.next();
        } else {
            out += line;
            out.push('\n');
        }
    }
    assert_eq!(old.next(), None, "nothing else changes: {text}");
    Document::parse("openapi.yaml", &text).unwrap();
    out
}

fn schema(name: &str) -> String {
    format!("/components/schemas/{name}")
}

#[test]
fn a_property_is_added_at_the_end_of_its_object() {
    let target = Target::Properties(schema("Thing"));
    assert_eq!(
        added(target, &["b:", "  type: string"]),
        "        b:\n          type: string\n"
    );
}

#[test]
fn an_object_in_braces_is_left_alone() {
    assert_eq!(written(Target::Properties(schema("Flow")), &["b: {}"]), None);
}

#[test]
fn a_parameter_is_added_to_a_list_or_begins_one() {
    let target = |method: &str| Target::Parameters(format!("/paths/~1things/{method}"));
    assert_eq!(added(target("get"), &["- name: b"]), "        - name: b\n");
    assert_eq!(
        added(target("post"), &["- name: b"]),
        "      parameters:\n        - name: b\n"
    );
}

#[test]
fn enum_values_are_added_in_the_style_of_the_enum() {
    let text = |name: &str, value: &str| written(Target::Values(schema(name)), &[value]).unwrap();
    assert!(text("Unit", "MONTH").contains("Unit: {type: string, enum: [DAY, MONTH, YEAR]}"));
    assert!(text("Block", "B").contains("        - A\n        - B\n"));
    let sign = text("Sign", "C");
    assert!(sign.contains("      enum: [A, B, C]\n"), "{sign}");
    assert!(
        sign.contains("        B: Second.\n        C: # describe it"),
        "{sign}"
    );
}

#[test]
fn an_operation_is_added_to_its_path_or_begins_one() {
    assert_eq!(
        added(Target::Path("/things".to_owned()), &["put:", "  x: y"]),
        "    put:\n      x: y\n"
    );
    assert_eq!(
        added(Target::Path("/others".to_owned()), &["put:", "  x: y"]),
        "  /others:\n    put:\n      x: y\n\n"
    );
}

#[test]
fn a_schema_is_added_at_the_end() {
    assert_eq!(
        added(Target::Schema("New".to_owned()), &["type: object"]),
        "    New:\n      type: object\n"
    );
}

#[test]
fn a_variant_is_added_to_both_lists_or_to_none() {
    let lines = ["- $ref: New", "NEW: New"];
    assert_eq!(
        added(Target::Variant(schema("Union")), &lines),
        "        - $ref: New\n          NEW: New\n"
    );
    assert_eq!(written(Target::Variant(schema("InBrackets")), &lines), None);
}

#[test]
fn the_vendors_text_is_found() {
    let text = "a:\n  # Vendor: Some words.\n  # Ours.\n";
    assert_eq!(
        unwritten("openapi.yaml", text),
        ["openapi.yaml:2: has the vendor's text: describe it in your own words and remove the comment"]
    );
}

#[test]
fn several_edits_of_one_place_are_written_together() {
    let document = Document::parse("openapi.yaml", TEXT).unwrap();
    let mut writer = Writer::new(&document, TEXT);
    for (target, line) in [
        (Target::Values(schema("Unit")), "MONTH"),
        (Target::Values(schema("Unit")), "WEEK"),
        (Target::Parameters("/paths/~1things/post".to_owned()), "- name: a"),
        (Target::Parameters("/paths/~1things/post".to_owned()), "- name: b"),
        (Target::Properties(schema("Thing")), "b: {}"),
        (Target::Properties(schema("Thing")), "c: {}"),
    ] {
        let lines = vec![line.to_owned()];
        assert!(writer.add(&Edit { target, lines }));
    }
    let text = writer.text();
    for part in [
        "enum: [DAY, MONTH, WEEK, YEAR]",
        "      parameters:\n        - name: a\n        - name: b\n",
        "        b: {}\n        c: {}\n",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    Document::parse("openapi.yaml", &text).unwrap();
}
