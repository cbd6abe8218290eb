use super::*;

#[test]
fn equal_documents_do_not_differ() {
    let root = answers(object(
        &["id"],
        json!({"id": {"type": "string"}, "n": {"type": "integer"}}),
    ));
    assert_eq!(found(&root, &root), [""; 0]);
}

#[test]
fn a_withdrawn_operation_is_breaking_and_a_new_one_is_additive() {
    let ours = operation("get", "/ours", json!({}));
    let theirs = operation("put", "/theirs/{id}", json!({"operationId": "putTheirs"}));
    let published = published(NEW, &[&theirs]);
    let comparison = compare(&ours, &published);
    assert_eq!(
        lines(&comparison.differences),
        [
            "breaking extra operation: published no more / -",
            "additive missing operation: - / putTheirs"
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
        ["breaking extra query.q: string / -"]
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
    for name in ["Authorization", "sequence-version", "Sequence-Version"] {
        assert_eq!(found(&none, &with(name)), [""; 0], "{name}");
    }
    assert_eq!(
        found(&none, &with("On-Behalf-Of")),
        ["breaking missing header.On-Behalf-Of: - / string"]
    );
}
