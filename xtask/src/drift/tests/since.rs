//! Published documents compared with each other.

use super::*;
use crate::drift::cause;
use crate::drift::compare::compare_published;
use crate::drift::subject::Subjects;

/// Two operations that share fields, but no schema.
fn whole() -> Value {
    let field = json!({"type": "string", "enum": ["GBP"], "description": "A currency."});
    let schema = json!({"type": "object", "properties": {"currency": field, "total": {"type": "number"}}});
    let response = json!({"200": {"content": {"application/json": {"schema": schema}}}});
    let header = json!({"name": "Sequence-Version", "in": "header", "schema": {"type": "string"}});
    let operation = |id: &str| json!({"operationId": id, "summary": "One.", "parameters": [header], "responses": response});
    json!({"openapi": "3.0.3", "paths": {
        "/invoices": {"get": operation("getInvoices")},
        "/quotes": {"get": operation("getQuotes")},
    }})
}

/// The causes after `change` to each operation: severity, subject and change.
fn causes(change: impl Fn(&mut Value)) -> Vec<String> {
    let (old, mut new) = (whole(), whole());
    for path in ["/invoices", "/quotes"] {
        change(&mut new["paths"][path]["get"]);
    }
    let comparison = compare_published(&old, &new);
    let differences: Vec<_> = comparison.differences.iter().collect();
    let findings = cause::findings(&differences, &Subjects::Published);
    let line = |one: &cause::Finding<'_, '_>| {
        format!(
            "{} {}: {} at {}",
            one.severity,
            one.subject.name,
            one.change,
            one.places.len()
        )
    };
    findings.iter().map(line).collect()
}

fn schema(operation: &mut Value) -> &mut Value {
    &mut operation["responses"]["200"]["content"]["application/json"]["schema"]
}

#[test]
fn equal_documents_have_no_cause() {
    assert_eq!(causes(|_| {}), [""; 0]);
}

#[test]
fn fields_of_one_name_share_a_cause() {
    assert_eq!(
        causes(|one| schema(one)["properties"]["currency"]["enum"] = json!(["GBP", "SAR"])),
        ["additive currency: + SAR at 2"]
    );
}

#[test]
fn a_field_that_is_added_or_withdrawn_is_found() {
    assert_eq!(
        causes(|one| schema(one)["properties"]["total"] = json!({"type": "string"})),
        ["breaking total: type number → string at 2"]
    );
    assert_eq!(
        causes(|one| schema(one)["properties"]["due"] = json!({"type": "string"})),
        [
            "additive /invoices response: + due (optional string) at 1",
            "additive /quotes response: + due (optional string) at 1",
        ]
    );
}

#[test]
fn headers_of_the_client_count_here() {
    assert_eq!(
        causes(|one| one["parameters"][0]["required"] = json!(true)),
        ["breaking header.sequence-version: optional → required at 2"]
    );
}

#[test]
fn servers_and_security_count_here() {
    let (old, mut new) = (whole(), whole());
    new["servers"] = json!([{"url": "https://api.example"}]);
    new["components"]["securitySchemes"]["key"] = json!({"type": "apiKey"});
    new["paths"]["/invoices"]["get"]["security"] = json!([]);
    assert_eq!(
        lines(&compare_published(&old, &new).differences),
        [
            "breaking security servers:  / https://api.example",
            "breaking security securitySchemes: null / {\"key\":{\"type\":\"apiKey\"}}",
            "breaking security operation: null / []",
        ]
    );
}

#[test]
fn texts_count_here() {
    assert_eq!(
        causes(|one| one["summary"] = json!("Two.")),
        [
            "editorial GET /invoices: text One. → Two. at 1",
            "editorial GET /quotes: text One. → Two. at 1",
        ]
    );
    assert_eq!(
        causes(|one| schema(one)["properties"]["currency"]["description"] = json!("Money.")),
        ["editorial currency: text A currency. → Money. at 2"]
    );
}

#[test]
fn texts_of_all_parts_count() {
    let text = json!({"type": "string"});
    let member = |tag: &str| object(&["kind"], json!({"kind": {"type": "string", "enum": [tag]}}));
    let mut old = operation(
        "put",
        "/things/{id}",
        json!({
            "tags": ["Things"],
            "parameters": [{"name": "id", "in": "path", "required": true, "schema": text}],
            "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}},
        }),
    );
    old["components"]["schemas"]["Thing"] = object(
        &[],
        json!({"price": {"oneOf": [member("FLAT"), member("TIERED")]}}),
    );
    old["info"] = json!({"title": "API", "version": "1"});
    let put = "/paths/~1things~1{id}/put";
    for (holder, key, line) in [
        ("/info".to_owned(), "version", "info.version: \"1\" / \"New.\""),
        (put.to_owned(), "tags", "tags: [\"Things\"] / \"New.\""),
        (format!("{put}/parameters/0"), "description", "path.id: - / New."),
        (format!("{put}/requestBody"), "description", "body: - / New."),
        (
            format!("{put}/requestBody/content/application~1json"),
            "example",
            "body: an example / another example",
        ),
        (
            format!("{put}/responses/200"),
            "description",
            "status 200: . / New.",
        ),
        (
            "/components/schemas/Thing".to_owned(),
            "title",
            "request.body: - / New.",
        ),
        (
            "/components/schemas/Thing/properties/price/oneOf/1".to_owned(),
            "description",
            "request.body.price(TIERED): - / New.",
        ),
    ] {
        let mut new = old.clone();
        new.pointer_mut(&holder).unwrap()[key] = json!("New.");
        assert_eq!(
            lines(&compare_published(&old, &new).differences),
            [format!("editorial text {line}")]
        );
        assert_eq!(
            found(&old, &new),
            found(&old, &old),
            "in our document, texts are our own"
        );
    }
}

#[test]
fn an_operation_is_withdrawn_or_added() {
    let mut new = whole();
    let quotes = new["paths"]["/quotes"].take();
    new["paths"] = json!({"/invoices": new["paths"]["/invoices"], "/plans": quotes});
    let old = whole();
    let comparison = compare_published(&old, &new);
    assert_eq!(
        lines(&comparison.differences),
        [
            "breaking extra operation: published no more / -",
            "additive missing operation: - / getQuotes",
        ]
    );
}

#[test]
fn alternatives_without_a_tag_are_compared_one_by_one() {
    let text = json!({"type": "string"});
    let union = |required: &[&str]| {
        let fields = |name: &str| json!({"a": text, name: text});
        takes(json!({"oneOf": [object(&[], fields("x")), object(required, fields("y"))]}))
    };
    let (old, new) = (union(&[]), union(&["a"]));
    assert_eq!(
        lines(&compare_published(&old, &new).differences),
        ["breaking required request.body(1).a: optional / required"]
    );
}

#[test]
fn an_alternative_is_added_or_withdrawn() {
    let one = |name: &str| object(&[], json!({name: {"type": "string"}}));
    let union = |list: &[Value]| takes(json!({"oneOf": list}));
    let (two, three) = (
        union(&[one("a"), one("b")]),
        union(&[
            one("a"),
            one("b"),
            object(&[], json!({"a": {"type": "string"}, "b": {"type": "string"}})),
        ]),
    );
    let lines = lines(&compare_published(&two, &three).differences);
    assert_eq!(
        lines[0],
        "breaking variant request.body: 2 alternatives / 3 alternatives"
    );
}

#[test]
fn null_counts_in_both_directions() {
    let body =
        |nullable: bool| takes(json!({"type": "array", "nullable": nullable, "items": {"type": "string"}}));
    let (old, new) = (body(false), body(true));
    let lines = |old, new| lines(&compare_published(old, new).differences);
    assert_eq!(
        lines(&old, &new),
        ["additive nullable request.body: never null / nullable"]
    );
    assert_eq!(
        lines(&new, &old),
        ["additive nullable request.body: nullable / never null"]
    );
}
