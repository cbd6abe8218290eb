use super::*;

/// Our document, and snapshots of a response with these fields.
fn snapshots(fields: &[&[&str]]) -> (Value, Vec<Value>) {
    let with = |names: &[&str]| {
        let properties: serde_json::Map<String, Value> = names
            .iter()
            .map(|name| ((*name).to_owned(), json!({"type": "string"})))
            .collect();
        answers(object(&[], Value::Object(properties)))
    };
    (
        with(&["a", "b"]),
        fields.iter().map(|names| with(names)).collect(),
    )
}

#[test]
fn the_newest_snapshot_is_compared() {
    let (ours, all) = snapshots(&[&["a", "b"], &["a"]]);
    let published = published(NEW, &all.iter().collect::<Vec<_>>());
    let comparison = compare(&ours, &published);
    assert_eq!(
        lines(&comparison.differences),
        ["breaking extra response.b: optional string / -"]
    );
    assert_eq!(comparison.newest[NEW], "2024-07-30.1.json");
}

#[test]
fn the_newest_snapshot_has_the_latest_date_if_all_have_one() {
    let (ours, all) = snapshots(&[&["a"], &["a", "b"]]);
    let mut published = published(NEW, &all.iter().collect::<Vec<_>>());
    published[0].date = Some("20260822".to_owned());
    assert_eq!(compare(&ours, &published).differences.len(), 0);
    published[1].date = Some("20260821".to_owned());
    assert_eq!(compare(&ours, &published).differences.len(), 1);
}

#[test]
fn what_comes_and_goes_in_responses_is_noise() {
    let count = |fields: &[&[&str]]| {
        let (ours, all) = snapshots(fields);
        let published = published(NEW, &all.iter().collect::<Vec<_>>());
        let comparison = compare(&ours, &published);
        (comparison.differences.len(), comparison.noise.len())
    };
    let (with, without): (&[&str], &[&str]) = (&["a", "b"], &["a"]);
    assert_eq!(
        count(&[with, without, without]),
        (1, 0),
        "withdrawn, and not back"
    );
    assert_eq!(count(&[without, with, without]), (0, 1));
    assert_eq!(count(&[without, with]), (0, 0));
}

#[test]
fn nothing_in_a_request_is_noise() {
    let with = asks(json!({"name": "q", "in": "query", "schema": {"type": "string"}}));
    let without = operation("get", "/things", json!({}));
    let published = published(NEW, &[&without, &with, &without]);
    let comparison = compare(&with, &published);
    assert_eq!(
        lines(&comparison.differences),
        ["breaking extra query.q: string / -"]
    );
}

/// An older version never explains a difference in a newer one, nor does a snapshot of the older one.
#[test]
fn noise_is_not_united_across_versions() {
    let (mut ours, all) = snapshots(&[&["a"], &["a", "b"]]);
    ours["x-versions"] = json!([OLD, NEW]);
    ours["paths"]["/things/{id}"]["get"]["x-versions"] = json!([OLD, NEW]);
    let mut documents = published(OLD, &[&all[0], &all[1]]);
    documents.extend(published(NEW, &[&all[0]]));
    let comparison = compare(&ours, &documents);
    assert_eq!(comparison.noise.len(), 0);
    let versions: Vec<_> = comparison.differences.iter().map(|one| &one.version).collect();
    assert_eq!(versions, [NEW]);
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
    let mut documents = published(OLD, &[&older]);
    documents.extend(published(NEW, &[&newer]));
    let comparison = compare(&ours, &documents);
    let line = "breaking type response: string / number";
    assert_eq!(lines(&comparison.differences), [line, line]);
    let versions: Vec<_> = comparison.differences.iter().map(|one| &one.version).collect();
    assert_eq!(versions, [OLD, NEW]);
    assert_eq!((comparison.matched, comparison.operations), (1, 1));
    assert!(comparison.left_out.is_empty());
    let alone = compare(&ours, &documents[1..]);
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
    let published = published(NEW, &[&theirs]);
    let comparison = compare(&ours, &published);
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
fn a_response_is_compared_with_what_is_in_its_envelope() {
    let thing = || object(&["id"], json!({"id": {"type": "string"}}));
    let mut ours = answers(thing());
    ours["paths"]["/things/{id}"]["get"]["x-envelope"] = json!({NEW: "thing"});
    let wrapped = |inner| answers(object(&["thing"], json!({"thing": inner})));
    assert_eq!(found(&ours, &wrapped(thing())), [""; 0]);
    assert_eq!(
        found(&ours, &wrapped(object(&[], json!({"id": {"type": "string"}})))),
        ["breaking required response.id: required / optional"]
    );
    assert_eq!(
        found(&ours, &answers(thing())),
        ["additive content response: in `thing` / not in a member"]
    );
}
