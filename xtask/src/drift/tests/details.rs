//! What is compared beside types: limits, formats, defaults, deprecation, styles, headers and statuses.

use super::*;

fn with(schema: Value, key: &str, value: Value) -> Value {
    let mut schema = schema;
    schema[key] = value;
    schema
}

#[test]
fn limits_are_compared() {
    let plain = json!({"type": "integer", "format": "int32"});
    for (key, value) in [
        ("maximum", json!(5)),
        ("minimum", json!(1)),
        ("maxLength", json!(9)),
        ("pattern", json!("^a")),
        ("maxItems", json!(3)),
    ] {
        let limited = with(plain.clone(), key, value.clone());
        assert_eq!(
            found(&takes(plain.clone()), &takes(limited.clone())),
            [format!("breaking bounds request.body: - / {key} {value}")]
        );
        assert_eq!(
            found(&answers(plain.clone()), &answers(limited.clone())),
            [format!("additive bounds response: - / {key} {value}")]
        );
        assert_eq!(
            found(&takes(limited), &takes(plain.clone())),
            [format!("additive bounds request.body: {key} {value} / -")]
        );
    }
}

#[test]
fn formats_are_compared_except_those_of_ours() {
    let text = |format: &str| json!({"type": "string", "format": format});
    let plain = json!({"type": "string"});
    let table = [
        (text("decimal"), plain.clone(), None),
        (text("id"), plain.clone(), None),
        (text("password"), plain.clone(), None),
        (
            text("date"),
            plain.clone(),
            Some("additive format response: string/date / string"),
        ),
        (
            plain.clone(),
            text("uuid"),
            Some("additive format response: string / string/uuid"),
        ),
        (
            text("date"),
            text("date-time"),
            Some("breaking format response: string/date / string/date-time"),
        ),
        (
            json!({"type": "integer", "format": "int32"}),
            json!({"type": "integer", "format": "int64"}),
            Some("breaking format response: integer/int32 / integer/int64"),
        ),
        (
            json!({"type": "integer", "format": "int64"}),
            json!({"type": "integer", "format": "int32"}),
            Some("additive format response: integer/int64 / integer/int32"),
        ),
    ];
    for (ours, theirs, difference) in table {
        let found = found(&answers(ours.clone()), &answers(theirs));
        assert_eq!(found.first().map(String::as_str), difference, "{ours}");
    }
}

#[test]
fn defaults_are_compared() {
    let of = |value: Value| {
        asks(json!({"name": "q", "in": "query", "schema": {"type": "integer", "default": value}}))
    };
    let none = asks(json!({"name": "q", "in": "query", "schema": {"type": "integer"}}));
    assert_eq!(found(&none, &of(json!(10))), ["additive default query.q: - / 10"]);
    assert_eq!(
        found(&of(json!(10)), &of(json!(20))),
        ["additive default query.q: 10 / 20"]
    );
}

#[test]
fn deprecation_is_compared() {
    let mut root = answers(object(&[], json!({"a": {"type": "string"}})));
    let ours = root.clone();
    let operation = &mut root["paths"]["/things/{id}"]["get"];
    operation["deprecated"] = json!(true);
    operation["responses"]["200"]["content"]["application/json"]["schema"]["properties"]["a"]["deprecated"] =
        json!(true);
    assert_eq!(
        found(&ours, &root),
        [
            "additive deprecated response.a: - / deprecated",
            "additive deprecated operation: - / deprecated",
        ]
    );
    let parameter = json!({"name": "q", "in": "query", "schema": {"type": "string"}});
    let old = with(parameter.clone(), "deprecated", json!(true));
    assert_eq!(
        found(&asks(parameter), &asks(old)),
        ["additive deprecated query.q: - / deprecated"]
    );
}

#[test]
fn a_filter_by_several_values_has_the_details_of_one_text() {
    let text = json!({"type": "string"});
    let list = json!({"type": "array", "items": text});
    let by_commas = asks(json!({"name": "q", "in": "query", "explode": false, "schema": list}));
    let limited = with(text, "maxLength", json!(9));
    assert_eq!(
        found(
            &by_commas,
            &asks(json!({"name": "q", "in": "query", "schema": limited}))
        ),
        [
            "breaking type query.q: list by commas of string / string",
            "breaking bounds query.q: - / maxLength 9",
        ]
    );
}

#[test]
fn styles_of_lists_are_compared() {
    let list = json!({"name": "q", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}});
    let joined = with(list.clone(), "explode", json!(false));
    let spelled = with(with(list.clone(), "explode", json!(true)), "style", json!("form"));
    assert_eq!(found(&asks(list.clone()), &asks(spelled)), [""; 0]);
    assert_eq!(
        found(&asks(list.clone()), &asks(joined)),
        ["breaking style query.q: form repeated / form joined"]
    );
    let piped = with(list.clone(), "style", json!("pipeDelimited"));
    assert_eq!(
        found(&asks(list), &asks(piped)),
        ["breaking style query.q: form repeated / pipeDelimited joined"]
    );
}

#[test]
fn headers_of_responses_are_compared() {
    let of = |headers: Value| {
        operation(
            "get",
            "/things",
            json!({"responses": {"200": {"headers": headers}}}),
        )
    };
    let total = of(json!({"X-Total": {"schema": {"type": "integer"}}}));
    assert_eq!(
        found(&of(json!({})), &total),
        ["additive missing response.headers(x-total): - / integer"]
    );
    assert_eq!(
        found(&total, &of(json!({}))),
        ["breaking extra response.headers(x-total): integer / -"]
    );
    assert_eq!(
        found(&total, &of(json!({"x-total": {"schema": {"type": "string"}}}))),
        ["breaking type response.headers(x-total): integer / string"]
    );
}

#[test]
fn statuses_of_errors_are_compared() {
    let of = |statuses: &[&str]| {
        let mut responses = json!({"200": {}});
        for status in statuses {
            responses[*status] = json!({});
        }
        operation("get", "/things", json!({"responses": responses}))
    };
    assert_eq!(
        found(&of(&["4XX", "5XX"]), &of(&["404", "503"])),
        [
            "additive status error.status: 4XX / 404",
            "additive status error.status: 5XX / 503",
        ]
    );
    assert_eq!(
        found(&of(&["404"]), &of(&[])),
        ["additive status error.status: 404 / -"]
    );
    assert_eq!(
        found(&of(&["4XX"]), &of(&["302"])),
        ["breaking status error.status: - / 302"]
    );
}
