//! What we require in a response, any published document may show to be optional: no rule and no list explains it.

use super::*;

/// Rules that explain everything else.
const RULES: &str = "- {where: '**', kind: [extra, required, nullable], reason: Explained.}";

fn thing(required: &[&str], properties: Value) -> Value {
    answers(object(required, properties))
}

fn text() -> Value {
    json!({"type": "string"})
}

/// The unexplained differences between a document that requires `id` and `total`, and these snapshots of its version.
fn unexplained(snapshots: &[&Value]) -> Vec<String> {
    let ours = thing(&["id", "total"], json!({"id": text(), "total": text()}));
    let published = published(NEW, snapshots);
    let (comparison, rules) = (compare(&ours, &published), rules(RULES));
    lines(rules::judge(&comparison, &rules, &Places::default()).unexplained)
}

#[test]
fn a_property_that_we_require_is_published_as_optional_absent_or_nullable() {
    let whole = json!({"id": text(), "total": text()});
    let nullable = json!({"id": text(), "total": {"type": "string", "nullable": true}});
    for (theirs, finding) in [
        (
            thing(&["id"], whole.clone()),
            "breaking required response.total: required / optional",
        ),
        (
            thing(&["id"], json!({"id": text()})),
            "breaking extra response.total: required string / -",
        ),
        (
            thing(&["id", "total"], nullable),
            "breaking nullable response.total: required / required, nullable",
        ),
    ] {
        assert_eq!(unexplained(&[&theirs]), [finding]);
    }
    assert_eq!(unexplained(&[&thing(&["id", "total"], whole)]), [""; 0]);
}

#[test]
fn a_property_that_we_require_was_once_optional() {
    let now = thing(&["id", "total"], json!({"id": text(), "total": text()}));
    let optional = thing(&["id"], json!({"id": text(), "total": text()}));
    let absent = thing(&["id"], json!({"id": text()}));
    assert_eq!(
        unexplained(&[&absent, &optional, &now, &optional, &now]),
        [
            "breaking extra response.total: required string / -",
            "breaking required response.total: required / optional",
        ]
    );
    assert_eq!(
        unexplained(&[&absent, &now, &absent]),
        ["breaking extra response.total: required string / -"],
        "what comes and goes is not noise"
    );
}

#[test]
fn a_property_that_they_require_and_we_do_not_is_fine() {
    let ours = thing(&["id"], json!({"id": text(), "total": text()}));
    let now = thing(&["id", "total"], json!({"id": text(), "total": text()}));
    let published = published(NEW, &[&now, &now]);
    let (comparison, rules) = (compare(&ours, &published), rules(RULES));
    let judged = rules::judge(&comparison, &rules, &Places::default());
    assert_eq!(lines(judged.unexplained), [""; 0]);
}

#[test]
fn what_we_require_in_a_response_is_not_recorded_as_a_place() {
    let ours = thing(&["id"], json!({"id": text(), "total": text()}));
    let required = thing(&["id", "total"], json!({"id": text(), "total": text()}));
    let bare = thing(&["id"], json!({"id": text()}));
    let published = published(NEW, &[&bare]);
    let rules = rules("- {where: '**', kind: extra, listed: true, reason: Elsewhere.}");
    let recorded = |ours: &Value| {
        let comparison = compare(ours, &published);
        rules::places(&comparison, &rules, &Places::default()).text()
    };
    assert!(recorded(&ours).contains("total"));
    assert!(!recorded(&required).contains("total"));
}

#[test]
fn the_report_names_the_property_and_how_it_is_published() {
    let ours = "\
openapi: 3.0.3
x-versions: ['2024-07-30']
paths:
  /things/{id}:
    get:
      operationId: thing_get
      x-versions: ['2024-07-30']
      responses:
        '200': {description: ., content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
components:
  schemas:
    Thing:
      type: object
      required: [id, total, state]
      properties:
        id: {type: string}
        total: {type: string}
        state: {type: string}
";
    let ours = Document::parse("openapi.yaml", ours).unwrap();
    let theirs = thing(&["id"], json!({"id": text(), "total": text()}));
    let published = published(NEW, &[&theirs]);
    let comparison = compare(&ours.root, &published);
    let judged = rules::judge(&comparison, &[], &Places::default());
    let findings =
        super::super::cause::findings(&judged.unexplained, &super::super::subject::Subjects::new(&ours));
    let lines: Vec<String> = findings
        .iter()
        .map(|one| format!("{}: {}", one.subject.name, one.change))
        .collect();
    assert_eq!(
        lines,
        [
            "Thing.total: required here, published as optional",
            "Thing.state: required here, not published",
        ]
    );
}
