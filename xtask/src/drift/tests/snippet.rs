//! What is written for a finding.

mod unions;
mod versions;

use super::*;
use crate::drift::cause;
use crate::drift::snippet::{Edit, Snippets, Target};
use crate::drift::subject::Subjects;

/// Our document: things with a unit, an amount, an owner and a part.
fn ours() -> Document {
    let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    let mut root = answers(reference("Thing"));
    root["components"]["schemas"] = json!({
        "Thing": object(&["amount"], json!({
            "amount": {"type": "string", "format": "decimal"},
            "unit": reference("Unit"),
            "part": reference("Part"),
        })),
        "Part": object(&[], json!({"name": {"type": "string"}, "size": {"type": "integer"}})),
        "Unit": {"type": "string", "enum": ["DAY", "YEAR"]},
        "OwnerId": {"type": "string", "format": "id"},
        "ThingId": {"type": "string", "format": "id"},
    });
    root["paths"]["/things/{id}"]["get"]["responses"]["4XX"] =
        json!({"$ref": "#/components/responses/Failure"});
    root["components"]["responses"] = json!({"Failure": {}});
    root["tags"] = json!([{"name": "things", "x-resource": "thing"}]);
    root["paths"]["/things/{id}"]["get"]["tags"] = json!(["things"]);
    Document::parse("openapi.yaml", &format!("{root:#}")).unwrap()
}

/// The published document: ours, with a schema of its own for each place, after `change`.
fn theirs(change: impl Fn(&mut Value)) -> Value {
    let mut root = ours().root;
    change(&mut root);
    root
}

/// The edits for all findings, each as its target and its YAML.
fn edits(ours: &Document, theirs: &Value) -> Vec<(Target, String)> {
    let documents = published(NEW, &[theirs]);
    let comparison = compare(&ours.root, &documents);
    let differences: Vec<_> = comparison.differences.iter().collect();
    let findings = cause::findings(&differences, &Subjects::new(ours));
    let mut snippets = Snippets::new(&ours.root);
    let all: Vec<Edit> = findings.iter().flat_map(|one| snippets.edits(one)).collect();
    all.into_iter()
        .map(|one| (one.target, one.lines.join("\n")))
        .collect()
}

fn property(schema: Value) -> String {
    let theirs = theirs(|root| root["components"]["schemas"]["Thing"]["properties"]["new"] = schema.clone());
    let edits = edits(&ours(), &theirs);
    assert_eq!(
        edits[0].0,
        Target::Properties("/components/schemas/Thing".to_owned())
    );
    edits[0].1.clone()
}

#[test]
fn a_property_has_a_gap_below_the_vendors_text() {
    assert_eq!(
        property(json!({"type": "boolean", "description": "Is it\nnew?"})),
        "new:\n  # Vendor: Is it new?\n  description: # describe it in your own words\n  type: boolean"
    );
}

#[test]
fn types_are_written_as_in_our_document() {
    for (schema, line) in [
        (json!({"type": "integer"}), "format: int32"),
        (json!({"type": "integer", "format": "int64"}), "format: int64"),
        (json!({"type": "number"}), "format: decimal"),
        (json!({"type": "string", "example": "12.50"}), "format: decimal"),
        (json!({"type": "string", "example": "2024-01-31"}), "format: date"),
        (
            json!({"type": "string", "example": "2024-01-31T10:00:00Z"}),
            "format: date-time",
        ),
        (json!({"type": "string", "format": "date"}), "format: date"),
        (
            json!({"type": "string", "enum": ["DAY", "YEAR"]}),
            "allOf: [{$ref: '#/components/schemas/Unit'}]",
        ),
        (
            json!({"type": "array", "items": {"type": "string"}}),
            "items: {type: string}",
        ),
        (
            json!({"type": "object", "additionalProperties": {"type": "string"}}),
            "additionalProperties: {type: string}",
        ),
        (
            object(
                &[],
                json!({"name": {"type": "string"}, "size": {"type": "integer"}}),
            ),
            "allOf: [{$ref: '#/components/schemas/Part'}]",
        ),
    ] {
        let written = property(schema.clone());
        assert!(written.ends_with(line), "{schema}: {written}");
    }
}

#[test]
fn a_name_has_the_type_that_it_has_elsewhere() {
    let part = |name: &str| {
        let theirs = theirs(|root| {
            root["components"]["schemas"]["Part"]["properties"][name] = json!({"type": "string"})
        });
        edits(&ours(), &theirs)[0].1.clone()
    };
    assert!(part("amount").ends_with("format: decimal"));
    assert!(part("ownerId").ends_with("allOf: [{$ref: '#/components/schemas/OwnerId'}]"));
}

#[test]
fn an_object_that_we_lack_is_a_component_of_its_own_and_made_once() {
    let fee = object(
        &["amount"],
        json!({"amount": {"type": "string"}, "kind": {"type": "string", "enum": ["A", "B"]}}),
    );
    let theirs = theirs(|root| {
        root["components"]["schemas"]["Thing"]["properties"]["lateFee"] = fee.clone();
        root["components"]["schemas"]["Part"]["properties"]["lateFee"] = fee.clone();
    });
    let edits = edits(&ours(), &theirs);
    let made: Vec<&Target> = edits
        .iter()
        .map(|(target, _)| target)
        .filter(|one| matches!(one, Target::Schema(_)))
        .collect();
    let schema = |name: &str| Target::Schema(name.to_owned());
    assert_eq!(made, [&schema("LateFee"), &schema("Kind")]);
    let (_, fee) = edits
        .iter()
        .find(|(target, _)| *target == schema("LateFee"))
        .unwrap();
    assert!(fee.contains("required: [amount]"), "{fee}");
}

#[test]
fn a_response_never_requires_a_new_property_and_a_request_does() {
    let theirs = theirs(|root| {
        let thing = &mut root["components"]["schemas"]["Thing"];
        thing["properties"]["new"] = json!({"type": "string"});
        thing["required"] = json!(["amount", "new"]);
    });
    assert_eq!(edits(&ours(), &theirs).len(), 1);
    let text = json!({"type": "string"});
    let ours = Document::parse(
        "openapi.yaml",
        &takes(object(&[], json!({"a": text}))).to_string(),
    )
    .unwrap();
    let theirs = takes(object(&["b"], json!({"a": text, "b": text})));
    let edits = edits(&ours, &theirs);
    assert!(
        edits[0]
            .1
            .ends_with("example: # a value for the documentation of the call"),
        "{edits:?}"
    );
    assert_eq!(edits[1].1, "# and add to `required`: b");
}

#[test]
fn enum_values_are_shown_with_those_that_we_have() {
    let theirs =
        theirs(|root| root["components"]["schemas"]["Unit"]["enum"] = json!(["DAY", "MONTH", "NO", "YEAR"]));
    let ours = ours();
    let documents = published(NEW, &[&theirs]);
    let comparison = compare(&ours.root, &documents);
    let differences: Vec<_> = comparison.differences.iter().collect();
    let findings = cause::findings(&differences, &Subjects::new(&ours));
    let edit = Snippets::new(&ours.root).edits(&findings[0]).remove(0);
    let shown = edit.shown(&ours);
    assert!(shown[0].starts_with("# openapi.yaml:"), "{shown:?}");
    assert_eq!(shown[1..], ["enum: [DAY, MONTH, 'NO', YEAR]"]);
}

#[test]
fn a_value_of_other_versions_is_not_listed_again() {
    let root = theirs(|root| {
        root["components"]["schemas"]["Unit"]["x-value-versions"] = json!({"YEAR": [OLD]});
    });
    let ours = Document::parse("openapi.yaml", &root.to_string()).unwrap();
    let edits = edits(&ours, &theirs(|_| {}));
    let advice = "# add to x-value-versions of YEAR: 2024-07-30".to_owned();
    assert_eq!(edits, [(Target::Advice, advice)]);
}

#[test]
fn a_parameter_is_an_item_of_a_list() {
    let theirs = theirs(|root| {
        root["paths"]["/things/{id}"]["get"]["parameters"] = json!([
            {"name": "unit", "in": "query", "description": "Which.", "schema": {"type": "string", "enum": ["DAY", "YEAR"]}},
            {"name": "ownerIds", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}},
        ]);
    });
    let edits = edits(&ours(), &theirs);
    assert_eq!(
        edits[0].0,
        Target::Parameters("/paths/~1things~1{id}/get".to_owned())
    );
    assert_eq!(
        edits[0].1,
        "- name: ownerIds
  in: query
  description: # describe it in your own words
  explode: true
  schema: {type: array, items: {$ref: '#/components/schemas/OwnerId'}}
- name: unit
  in: query
  # Vendor: Which.
  description: # describe it in your own words
  schema: {$ref: '#/components/schemas/Unit'}"
    );
}

#[test]
fn an_operation_is_spelled_out_with_its_parameters_and_bodies() {
    let theirs = theirs(|root| {
        let thing = root["components"]["schemas"]["Thing"].clone();
        root["paths"]["/things/{thing}/split"]["post"] = json!({
            "operationId": "postThingsByIdSplit",
            "summary": "Split a thing",
            "parameters": [
                {"name": "thing", "in": "path", "required": true, "schema": {"type": "string"}},
                {"name": "Sequence-Version", "in": "header", "schema": {"type": "string"}},
            ],
            "requestBody": {"required": true, "content": {"application/json": {"schema": object(&["unit"], json!({
                "unit": {"type": "string", "enum": ["DAY", "YEAR"]},
            }))}}},
            "responses": {"201": {"content": {"application/json": {"schema": thing}}}, "400": {}},
        });
    });
    let edits = edits(&ours(), &theirs);
    assert_eq!(edits[0].0, Target::Path("/things/{thing}/split".to_owned()));
    assert_eq!(
        edits[0].1,
        "post:
  tags: [things]
  operationId: thing_split
  # Vendor: Split a thing
  summary: # one sentence in your own words
  description: # describe it in your own words
  x-vendor-id: postThingsByIdSplit
  x-versions: ['2024-07-30']
  x-repeat: never
  parameters:
    - name: thing
      in: path
      required: true
      description: # describe it in your own words
      schema: {type: string}
  requestBody:
    required: true
    content:
      application/json:
        schema: {$ref: '#/components/schemas/ThingSplit'}
  responses:
    '201':
      description: # describe it in your own words
      content:
        application/json:
          schema: {$ref: '#/components/schemas/Thing'}
    '4XX': {$ref: '#/components/responses/Failure'}"
    );
    assert_eq!(edits[1].0, Target::Schema("ThingSplit".to_owned()));
}

#[test]
fn a_withdrawal_shows_the_rule_that_would_explain_it() {
    let theirs = theirs(|root| {
        root["components"]["schemas"]["Thing"]["properties"]
            .as_object_mut()
            .unwrap()
            .remove("unit");
    });
    let edits = edits(&ours(), &theirs);
    assert_eq!(edits[0].0, Target::Advice);
    let rule = "- where: ['thing_get response.unit']
  kind: extra
  versions: ['2024-07-30']
  reason: # why it stays";
    assert!(edits[0].1.ends_with(rule), "{}", edits[0].1);
}
