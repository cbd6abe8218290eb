//! Small documents for every kind of difference, in both directions.

use sequencehq_document::Document;
use serde_json::{Value, json};

use super::compare::{Comparison, compare};
use super::document::Published;
use super::report;
use super::rules::{self, Rule};

const OLD: &str = "2024-01-01";
const NEW: &str = "2024-07-30";

/// A document with the one operation `GET /things/{id}`, or what `method` and `path` say.
fn operation(method: &str, path: &str, content: Value) -> Value {
    let mut operation = json!({
        "operationId": "thing_get",
        "x-versions": [NEW],
        "responses": {"200": {"description": "."}},
    });
    for (key, value) in content.as_object().unwrap() {
        operation[key] = value.clone();
    }
    json!({"openapi": "3.0.3", "x-versions": [NEW], "paths": {path: {method: operation}}})
}

fn answers(schema: Value) -> Value {
    let content = json!({"application/json": {"schema": schema}});
    operation(
        "get",
        "/things/{id}",
        json!({"responses": {"200": {"content": content}}}),
    )
}

fn takes(schema: Value) -> Value {
    let content = json!({"application/json": {"schema": schema}});
    operation(
        "post",
        "/things",
        json!({"requestBody": {"required": true, "content": content}}),
    )
}

fn asks(parameter: Value) -> Value {
    operation("get", "/things", json!({"parameters": [parameter]}))
}

fn object(required: &[&str], properties: Value) -> Value {
    json!({"type": "object", "required": required, "properties": properties})
}

fn against(ours: &Value, theirs: &[Value]) -> Comparison {
    let published: Vec<_> = theirs
        .iter()
        .map(|root| Published {
            version: NEW.to_owned(),
            root: root.clone(),
        })
        .collect();
    compare(ours, &published)
}

/// Each difference in one line: severity, kind, location, ours, theirs.
fn lines(comparison: &Comparison) -> Vec<String> {
    let line = |one: &super::compare::Difference| {
        format!(
            "{} {} {}: {} / {}",
            one.severity, one.kind, one.location, one.ours, one.theirs
        )
    };
    comparison.differences.iter().map(line).collect()
}

fn found(ours: &Value, theirs: &Value) -> Vec<String> {
    lines(&against(ours, std::slice::from_ref(theirs)))
}

fn rules(text: &str) -> Vec<Rule> {
    rules::parse(&Document::parse("drift.yaml", text).unwrap()).unwrap()
}

#[test]
fn equal_documents_do_not_differ() {
    let root = answers(object(
        &["id"],
        json!({"id": {"type": "string"}, "n": {"type": "integer"}}),
    ));
    assert_eq!(found(&root, &root), [""; 0]);
}

#[test]
fn texts_do_not_count() {
    let ours = answers(json!({"type": "string", "description": "Ours.", "example": "a"}));
    let theirs = answers(json!({"type": "string", "title": "Theirs", "description": "Theirs."}));
    assert_eq!(found(&ours, &theirs), [""; 0]);
}

#[test]
fn a_missing_or_withdrawn_operation_is_breaking() {
    let ours = operation("get", "/ours", json!({}));
    let theirs = operation("put", "/theirs/{id}", json!({"operationId": "putTheirs"}));
    let comparison = against(&ours, &[theirs]);
    assert_eq!(
        lines(&comparison),
        [
            "breaking extra operation: published no more / -",
            "breaking missing operation: - / putTheirs"
        ]
    );
    assert_eq!((comparison.matched, comparison.operations), (0, 2));
}

#[test]
fn names_of_path_parameters_do_not_count_but_their_types_do() {
    let with = |name: &str, kind: &str| {
        let parameter = json!({"name": name, "in": "path", "required": true, "schema": {"type": kind}});
        operation(
            "get",
            &format!("/things/{{{name}}}"),
            json!({"parameters": [parameter]}),
        )
    };
    assert_eq!(found(&with("id", "string"), &with("thing", "string")), [""; 0]);
    assert_eq!(
        found(&with("id", "string"), &with("thing", "integer")),
        ["breaking type path.id: string / integer"]
    );
}

#[test]
fn an_answer_may_have_more_and_must_not_have_less_than_we_rely_on() {
    let text = json!({"type": "string"});
    let both = answers(object(&[], json!({"a": text, "b": text})));
    let one = answers(object(&[], json!({"a": text})));
    let sure = answers(object(&["b"], json!({"a": text, "b": text})));
    assert_eq!(
        found(&one, &both),
        ["additive missing response.b: - / optional string"]
    );
    assert_eq!(
        found(&both, &one),
        ["additive extra response.b: optional string / -"]
    );
    assert_eq!(
        found(&sure, &one),
        ["breaking extra response.b: required string / -"]
    );
    assert_eq!(
        found(&sure, &both),
        ["breaking required response.b: required / optional"]
    );
    assert_eq!(
        found(&both, &sure),
        ["additive required response.b: optional / required"]
    );
}

#[test]
fn a_request_must_have_what_they_require() {
    let text = json!({"type": "string"});
    let both = takes(object(&[], json!({"a": text, "b": text})));
    let one = takes(object(&[], json!({"a": text})));
    let sure = takes(object(&["b"], json!({"a": text, "b": text})));
    assert_eq!(
        found(&one, &both),
        ["additive missing request.body.b: - / optional string"]
    );
    assert_eq!(
        found(&one, &sure),
        ["breaking missing request.body.b: - / required string"]
    );
    assert_eq!(
        found(&both, &sure),
        ["breaking required request.body.b: optional / required"]
    );
    assert_eq!(
        found(&sure, &both),
        ["additive required request.body.b: required / optional"]
    );
    assert_eq!(
        found(&sure, &one),
        ["breaking extra request.body.b: required string / -"]
    );
}

#[test]
fn bodies_on_one_side_only_are_seen() {
    let with = takes(json!({"type": "string"}));
    let without = operation("post", "/things", json!({}));
    assert_eq!(
        found(&without, &with),
        ["breaking missing request.body: - / required"]
    );
    assert_eq!(
        found(&with, &without),
        ["breaking extra request.body: required / -"]
    );
    let answered = answers(json!({"type": "string"}));
    let empty = operation("get", "/things/{id}", json!({}));
    assert_eq!(
        found(&empty, &answered),
        ["breaking content response: - / application/json"]
    );
    assert_eq!(
        found(&answered, &empty),
        ["breaking content response: application/json / -"]
    );
}

#[test]
fn type_classes() {
    let table = [
        (
            json!({"type": "string", "format": "decimal"}),
            json!({"type": "string"}),
            None,
        ),
        (
            json!({"type": "number", "format": "decimal"}),
            json!({"type": "number"}),
            None,
        ),
        (
            json!({"type": "string", "format": "decimal"}),
            json!({"type": "number"}),
            Some("breaking type"),
        ),
        (
            json!({"type": "number", "format": "decimal"}),
            json!({"type": "string"}),
            Some("breaking type"),
        ),
        (
            json!({"type": "string", "format": "date"}),
            json!({"type": "string"}),
            None,
        ),
        (
            json!({"type": "string", "format": "date-time"}),
            json!({"type": "string"}),
            None,
        ),
        (
            json!({"type": "string", "format": "id"}),
            json!({"type": "string"}),
            None,
        ),
        (
            json!({"type": "string", "format": "date-time"}),
            json!({"type": "string", "format": "date"}),
            Some("breaking format"),
        ),
        (
            json!({"type": "string"}),
            json!({"type": "string", "format": "date"}),
            Some("additive format"),
        ),
        (
            json!({"type": "integer", "format": "int64"}),
            json!({"type": "integer"}),
            None,
        ),
        (
            json!({"type": "integer", "format": "int64"}),
            json!({"type": "integer", "format": "int32"}),
            None,
        ),
        (
            json!({"type": "integer", "format": "int32"}),
            json!({"type": "integer", "format": "int64"}),
            Some("breaking format"),
        ),
        (
            json!({"type": "integer"}),
            json!({"type": "number"}),
            Some("breaking type"),
        ),
        (
            json!({"type": "array", "items": {"type": "string"}}),
            json!({"type": "string"}),
            Some("breaking type"),
        ),
        (
            json!({"type": "array", "items": {"type": "boolean"}}),
            json!({"type": "array", "items": {}}),
            None,
        ),
        (json!({}), json!({"type": "object"}), None),
        (
            json!({"type": "object", "additionalProperties": {"type": "string"}}),
            json!({"type": "object", "additionalProperties": true}),
            None,
        ),
        (
            json!({"type": "object", "additionalProperties": {}}),
            json!({"type": "object"}),
            None,
        ),
        (
            json!({"type": "object", "additionalProperties": {"type": "string"}}),
            json!({"type": "object", "additionalProperties": {"type": "number"}}),
            Some("breaking type"),
        ),
        (
            json!({"type": "object", "properties": {"a": {}}}),
            json!({"type": "object"}),
            Some("breaking type"),
        ),
    ];
    for (ours, theirs, difference) in table {
        let found = found(&answers(ours.clone()), &answers(theirs.clone()));
        let starts = found
            .first()
            .map(|line| line.splitn(3, ' ').take(2).collect::<Vec<_>>().join(" "));
        assert_eq!(starts.as_deref(), difference, "{ours} with {theirs}");
    }
}

#[test]
fn each_enum_value_is_compared_if_they_publish_an_enum() {
    let ours = answers(json!({"type": "string", "enum": ["A", "B"]}));
    let theirs = answers(json!({"type": "string", "enum": ["B", "C"]}));
    let free = answers(json!({"type": "string"}));
    assert_eq!(
        found(&ours, &theirs),
        ["additive enum response: - / C", "additive enum response: A / -"]
    );
    assert_eq!(found(&ours, &free), [""; 0]);
    assert_eq!(found(&free, &theirs), ["additive enum response: string / B, C"]);
}

#[test]
fn null_breaks_only_what_relies_on_a_value() {
    let with = |required: &[&str], nullable: bool| {
        object(required, json!({"a": {"type": "string", "nullable": nullable}}))
    };
    let found_in = |ours: Value, theirs: Value| found(&answers(ours), &answers(theirs));
    assert_eq!(
        found_in(with(&["a"], false), with(&["a"], true)),
        ["breaking nullable response.a: required / required, nullable"]
    );
    assert_eq!(
        found_in(with(&[], false), with(&[], true)),
        ["additive nullable response.a: optional / optional, nullable"]
    );
    assert_eq!(
        found(&takes(with(&[], true)), &takes(with(&[], false))),
        ["additive nullable request.body.a: optional, nullable / optional"]
    );
}

#[test]
fn null_beside_a_reference_counts() {
    let mut theirs = answers(object(
        &[],
        json!({"a": {"$ref": "#/components/schemas/A", "nullable": true}}),
    ));
    theirs["components"]["schemas"]["A"] = json!({"type": "string"});
    let ours = answers(object(&[], json!({"a": {"type": "string"}})));
    assert_eq!(
        found(&ours, &theirs),
        ["additive nullable response.a: optional / optional, nullable"]
    );
}

#[test]
fn success_status_is_compared() {
    let with = |status: &str| {
        operation(
            "get",
            "/things",
            json!({"responses": {status: {"description": "."}}}),
        )
    };
    assert_eq!(
        found(&with("200"), &with("201")),
        [
            "breaking status response.status: 200 / 201",
            "additive status response.status: 200 / 201"
        ]
    );
}

#[test]
fn pagination_is_compared() {
    let page = object(&["items", "pagination"], json!({"items": {}, "pagination": {}}));
    let parameters: Vec<Value> = ["limit", "after", "before"]
        .map(|name| json!({"name": name, "in": "query", "schema": {"type": "string"}}))
        .to_vec();
    let content = json!({"application/json": {"schema": page}});
    let with = |paginated: bool| json!({"x-paginated": paginated, "parameters": parameters, "responses": {"200": {"content": content}}});
    let theirs = operation("get", "/things", with(false));
    assert_eq!(found(&operation("get", "/things", with(true)), &theirs), [""; 0]);
    assert_eq!(
        found(&theirs, &theirs),
        ["breaking pagination operation: all at once / page by page"]
    );
}

#[test]
fn parameters_in_both_directions() {
    let none = operation("get", "/things", json!({}));
    let with = |required: bool, schema: Value| {
        asks(json!({"name": "q", "in": "query", "required": required, "schema": schema, "explode": false}))
    };
    let text = json!({"type": "string"});
    let list = json!({"type": "array", "items": text});
    assert_eq!(
        found(&none, &with(false, text.clone())),
        ["additive missing query.q: - / string"]
    );
    assert_eq!(
        found(&none, &with(true, text.clone())),
        ["breaking missing query.q: - / string"]
    );
    assert_eq!(
        found(&with(false, text.clone()), &none),
        ["additive extra query.q: string / -"]
    );
    assert_eq!(
        found(&with(false, text.clone()), &with(true, text.clone())),
        ["breaking required query.q: optional / required"]
    );
    assert_eq!(
        found(&with(false, list.clone()), &with(false, text.clone())),
        ["breaking type query.q: list by commas of string / string"]
    );
    assert_eq!(
        found(&with(false, text), &with(false, list)),
        ["breaking type query.q: string / list of string"]
    );
}

#[test]
fn headers_of_the_client_are_no_difference() {
    let with = |name: &str| {
        asks(json!({"name": name, "in": "header", "required": true, "schema": {"type": "string"}}))
    };
    let none = operation("get", "/things", json!({}));
    for name in [
        "Authorization",
        "sequence-version",
        "Sequence-Version",
        "Idempotency-Key",
    ] {
        assert_eq!(found(&none, &with(name)), [""; 0], "{name}");
    }
    assert_eq!(
        found(&none, &with("On-Behalf-Of")),
        ["breaking missing header.On-Behalf-Of: - / string"]
    );
}

#[test]
fn wrappers_are_looked_through() {
    let mut ours = answers(object(
        &[],
        json!({"a": {"allOf": [{"$ref": "#/components/schemas/A"}]}}),
    ));
    ours["components"]["schemas"]["A"] = json!({"type": "integer"});
    let theirs = answers(json!({"oneOf": [object(&[], json!({"a": {"type": "integer"}}))]}));
    assert_eq!(found(&ours, &theirs), [""; 0]);
}

#[test]
fn a_union_of_objects_has_what_any_has_and_requires_what_all_require() {
    let text = json!({"type": "string"});
    let theirs = takes(json!({"oneOf": [
        object(&["a", "b"], json!({"a": text, "b": text})),
        object(&["a"], json!({"a": text, "c": text})),
    ]}));
    let ours = takes(object(&["a"], json!({"a": text, "b": text, "c": text})));
    assert_eq!(found(&ours, &theirs), [""; 0]);
}

#[test]
fn variants_with_a_tag_are_compared_one_by_one() {
    let variant = |tag: &str, field: &str| {
        object(
            &["kind"],
            json!({"kind": {"type": "string", "enum": [tag]}, field: {"type": "string"}}),
        )
    };
    // Theirs spreads the union over whole bodies; ours has it at the property alone.
    let theirs = takes(json!({"oneOf": [
        object(&["s"], json!({"s": variant("A", "x")})),
        object(&["s"], json!({"s": variant("B", "y")})),
    ]}));
    let same = object(
        &["s"],
        json!({"s": {"oneOf": [variant("A", "x"), variant("B", "y")]}}),
    );
    let swapped = object(
        &["s"],
        json!({"s": {"oneOf": [variant("A", "y"), variant("B", "x")]}}),
    );
    assert_eq!(found(&takes(same), &theirs), [""; 0]);
    assert_eq!(
        found(&takes(swapped), &theirs),
        [
            "additive missing request.body.s(A).x: - / optional string",
            "additive extra request.body.s(A).y: optional string / -",
            "additive missing request.body.s(B).y: - / optional string",
            "additive extra request.body.s(B).x: optional string / -",
        ]
    );
}

#[test]
fn schemas_that_contain_themselves_end() {
    let with = |name: &str, more: Value| {
        let reference = format!("#/components/schemas/{name}");
        let mut root = answers(json!({"$ref": reference}));
        let children = json!({"type": "array", "items": {"$ref": reference}});
        root["components"]["schemas"][name] = object(&[], json!({"children": children, "more": more}));
        root
    };
    let (ours, theirs) = (
        with("Node", json!({"type": "string"})),
        with("Tree1", json!({"type": "number"})),
    );
    assert!(found(&ours, &theirs).contains(&"breaking type response.more: string / number".to_owned()));
    let mut empty = answers(json!({"$ref": "#/components/schemas/A"}));
    empty["components"]["schemas"]["A"] = json!({"allOf": [{"$ref": "#/components/schemas/A"}]});
    assert_eq!(found(&empty, &empty), [""; 0]);
}

#[test]
fn snapshots_of_one_version_are_united() {
    let text = json!({"type": "string"});
    let ours = answers(object(
        &["a"],
        json!({"a": text, "b": text, "c": {"type": "string", "enum": ["X", "Y"]}}),
    ));
    let one = answers(object(&["a", "b"], json!({"a": text, "b": text})));
    let other = answers(object(
        &["a"],
        json!({"a": text, "c": {"type": "string", "enum": ["X"]}}),
    ));
    let third = answers(object(
        &["a"],
        json!({"a": text, "c": {"type": "string", "enum": ["Y"]}}),
    ));
    assert_eq!(
        lines(&against(&ours, &[one.clone(), other.clone(), third])),
        [""; 0]
    );
    assert_eq!(
        lines(&against(&ours, &[one, other])),
        ["additive enum response.c: Y / -"]
    );
}

#[test]
fn versions_are_compared_with_the_operations_they_have() {
    let mut ours = answers(json!({"type": "string"}));
    ours["x-versions"] = json!([OLD, NEW]);
    ours["paths"]["/things/{id}"]["get"]["x-versions"] = json!([OLD, NEW]);
    ours["paths"]["/things/{id}"]["get"]["x-former"] = json!({OLD: "PUT /former/{x}"});
    let newer = answers(json!({"type": "number"}));
    let mut older = json!({"openapi": "3.0.3", "paths": {"/former/{y}": {}}});
    older["paths"]["/former/{y}"]["put"] = newer["paths"]["/things/{id}"]["get"].clone();
    let published = |version: &str, root: &Value| Published {
        version: version.to_owned(),
        root: root.clone(),
    };
    let comparison = compare(&ours, &[published(OLD, &older), published(NEW, &newer)]);
    assert_eq!(lines(&comparison), ["breaking type response: string / number"]);
    assert_eq!(
        comparison.differences[0].versions.iter().collect::<Vec<_>>(),
        [OLD, NEW]
    );
    assert_eq!((comparison.matched, comparison.operations), (1, 1));
    assert!(comparison.left_out.is_empty());
    let alone = compare(&ours, &[published(NEW, &newer)]);
    assert_eq!(alone.left_out.iter().collect::<Vec<_>>(), [OLD]);
}

#[test]
fn what_another_place_of_the_same_schema_has_is_marked() {
    let text = json!({"type": "string"});
    let pair = |first: Value, second: Value| {
        let body = json!({"first": first, "second": second});
        answers(object(&[], body))
    };
    let reference = json!({"$ref": "#/components/schemas/A"});
    let mut ours = pair(reference.clone(), reference);
    ours["components"]["schemas"]["A"] = object(&[], json!({"a": text, "b": text, "c": text}));
    let theirs = pair(
        object(&[], json!({"a": text, "b": text})),
        object(&[], json!({"a": text})),
    );
    let comparison = against(&ours, &[theirs]);
    let marks: Vec<_> = comparison
        .differences
        .iter()
        .map(|one| (one.location.as_str(), one.elsewhere))
        .collect();
    assert_eq!(
        marks,
        [
            ("response.first.c", false),
            ("response.second.b", true),
            ("response.second.c", false)
        ]
    );
}

#[test]
fn a_rule_explains_what_it_fits_and_nothing_else() {
    let text = json!({"type": "string"});
    let ours = answers(object(&[], json!({"a": text, "b": text})));
    let theirs = answers(object(&[], json!({"a": text, "c": text})));
    let comparison = against(&ours, &[theirs]);
    for (rule, explained) in [
        ("{where: 'response.*', kind: extra, reason: x}", 1),
        ("{where: 'response.*', kind: [extra, missing], reason: x}", 2),
        ("{where: 'thing_* response.b', kind: extra, reason: x}", 1),
        (
            "{where: 'GET /things/{id} response.b', kind: extra, reason: x}",
            1,
        ),
        (
            "{where: ['PUT ** response.b', 'response.c'], kind: extra, reason: x}",
            0,
        ),
        ("{where: '**', kind: extra, severity: breaking, reason: x}", 0),
        (
            "{where: '**', kind: extra, ours: 'optional *', theirs: '-', reason: x}",
            1,
        ),
        ("{where: '**', kind: extra, ours: 'required *', reason: x}", 0),
        ("{where: '**', kind: extra, elsewhere: true, reason: x}", 0),
        (
            "{where: '**', kind: extra, versions: ['2024-07-30'], reason: x}",
            1,
        ),
        (
            "{where: '**', kind: extra, versions: ['2024-01-01'], reason: x}",
            0,
        ),
        ("{where: '**', kind: extra, partial: true, reason: x}", 0),
    ] {
        let rules = rules(&format!("- {rule}"));
        assert_eq!(
            rules::judge(&comparison, &rules).explained.len(),
            explained,
            "{rule}"
        );
    }
}

#[test]
fn a_rule_is_stale_if_it_explains_nothing_and_could_have() {
    let root = answers(json!({"type": "string"}));
    let idle = rules("- {where: '**', kind: extra, reason: x}");
    assert_eq!(
        rules::judge(&against(&root, std::slice::from_ref(&root)), &idle)
            .stale
            .len(),
        1
    );
    // One version of the document was not compared, and the rule may be about that one.
    let mut more = root.clone();
    more["x-versions"] = json!([OLD, NEW]);
    more["paths"]["/things/{id}"]["get"]["x-versions"] = json!([OLD, NEW]);
    let partly = against(&more, std::slice::from_ref(&root));
    assert_eq!(rules::judge(&partly, &idle).stale.len(), 0);
    let newest = rules("- {where: '**', kind: extra, versions: ['2024-07-30'], reason: x}");
    assert_eq!(rules::judge(&partly, &newest).stale.len(), 1);
}

#[test]
fn the_report_for_people_ends_with_a_summary() {
    let ours = answers(object(&[], json!({"a": {"type": "string"}})));
    let theirs = answers(object(
        &[],
        json!({"a": {"type": "number"}, "b": {"type": "string"}}),
    ));
    let comparison = against(&ours, &[theirs]);
    let rules = rules(
        "- {where: response.b, kind: missing, reason: Not yet.}\n- {where: response.c, kind: missing, reason: Old.}",
    );
    let text = report::text(&comparison, &rules::judge(&comparison, &rules));
    assert_eq!(
        text,
        "GET /things/{id} (thing_get)\n\
         \x20 breaking type response.a: ours string; theirs number [2024-07-30]\n\
         stale rule: missing at response.c: Old.\n\
         1 of 1 operations; 1 breaking, 0 additive, 1 explained, 1 stale\n"
    );
}

#[test]
fn the_report_for_programs_has_everything() {
    let ours = answers(object(&[], json!({"a": {"type": "string"}})));
    let theirs = answers(object(
        &[],
        json!({"a": {"type": "number"}, "b": {"type": "string"}}),
    ));
    let comparison = against(&ours, &[theirs]);
    let rules = rules(
        "- {where: response.b, kind: missing, reason: Not yet.}\n- {where: response.c, kind: missing, reason: Old.}",
    );
    let common = json!({
        "operation": "thing_get", "method": "GET", "path": "/things/{id}", "versions": [NEW], "elsewhere": false,
    });
    let entry = |more: Value| {
        let mut entry = common.clone();
        entry
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        entry
    };
    assert_eq!(
        report::json(&comparison, &rules::judge(&comparison, &rules)),
        json!({
            "summary": {
                "versions": [NEW], "operations": 1, "matched": 1,
                "breaking": 1, "additive": 0, "explained": 1, "stale": 1,
            },
            "differences": [entry(json!({
                "location": "response.a", "kind": "type", "severity": "breaking",
                "ours": "string", "theirs": "number",
            }))],
            "explained": [entry(json!({
                "location": "response.b", "kind": "missing", "severity": "additive",
                "ours": "-", "theirs": "optional string", "reason": "Not yet.",
            }))],
            "stale": [{"where": "response.c", "kind": "missing", "reason": "Old."}],
        })
    );
}
