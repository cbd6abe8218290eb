use super::*;

#[test]
fn texts_do_not_count() {
    let ours = answers(json!({"type": "string", "description": "Ours.", "example": "a"}));
    let theirs = answers(json!({"type": "string", "title": "Theirs", "description": "Theirs."}));
    assert_eq!(found(&ours, &theirs), [""; 0]);
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
        ["breaking extra response.b: optional string / -"]
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
            Some("additive format"),
        ),
        (
            json!({"type": "string", "format": "date-time"}),
            json!({"type": "string"}),
            Some("additive format"),
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
            Some("additive format"),
        ),
        (
            json!({"type": "integer", "format": "int64"}),
            json!({"type": "integer", "format": "int32"}),
            Some("additive format"),
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
            Some("breaking type"),
        ),
        (json!({}), json!({"type": "object"}), Some("additive type")),
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
fn a_value_that_our_enum_has_in_other_versions_is_not_expected_in_this_one() {
    let ours = |versions: &[&str]| {
        let values = json!({"type": "string", "enum": ["A", "B"], "x-value-versions": {"B": versions}});
        answers(values)
    };
    let without = answers(json!({"type": "string", "enum": ["A"]}));
    assert!(found(&ours(&[OLD]), &without).is_empty());
    assert_eq!(
        found(&ours(&[OLD, NEW]), &without),
        ["additive enum response: B / -"]
    );
    let with = answers(json!({"type": "string", "enum": ["A", "B"]}));
    assert_eq!(
        found(&ours(&[OLD]), &with),
        ["additive enum response: in other versions / B"]
    );
    assert!(found(&ours(&[OLD, NEW]), &with).is_empty());
}

#[test]
fn each_enum_value_is_compared() {
    let ours = answers(json!({"type": "string", "enum": ["A", "B"]}));
    let theirs = answers(json!({"type": "string", "enum": ["B", "C"]}));
    let free = answers(json!({"type": "string"}));
    assert_eq!(
        found(&ours, &theirs),
        ["additive enum response: - / C", "additive enum response: A / -"]
    );
    assert_eq!(found(&ours, &free), ["additive enum response: enum / any string"]);
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
        ["breaking nullable request.body.a: optional, nullable / optional"]
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
fn what_is_sent_the_other_way_only_is_withdrawn() {
    let with = |key: &str| object(&[], json!({"a": {"type": "string", key: true}}));
    let plain = with("x");
    assert_eq!(
        found(&takes(plain.clone()), &takes(with("readOnly"))),
        ["breaking extra request.body.a: optional string / -"]
    );
    assert_eq!(
        found(&answers(plain.clone()), &answers(with("writeOnly"))),
        ["breaking extra response.a: optional string / -"]
    );
    assert_eq!(found(&takes(plain.clone()), &takes(with("writeOnly"))), [""; 0]);
    assert_eq!(found(&answers(plain), &answers(with("readOnly"))), [""; 0]);
}

#[test]
fn the_forms_of_openapi_3_1_are_those_of_3_0() {
    let with = |schema: Value| answers(object(&[], json!({"a": schema})));
    for (old, new) in [
        (
            json!({"type": "string", "nullable": true}),
            json!({"type": ["string", "null"]}),
        ),
        (
            json!({"type": "string", "enum": ["A"]}),
            json!({"type": "string", "const": "A"}),
        ),
        (json!({"type": "string", "enum": ["A"]}), json!({"const": "A"})),
    ] {
        assert_eq!(found(&with(old), &with(new)), [""; 0]);
    }
}

#[test]
fn an_enum_of_numbers_is_a_limit() {
    let (plain, listed) = (
        json!({"type": "integer"}),
        json!({"type": "integer", "enum": [1, 2]}),
    );
    assert_eq!(
        found(&takes(plain), &takes(listed)),
        ["breaking bounds request.body: - / enum [1,2]"]
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
fn a_body_an_item_or_an_entry_of_a_response_is_not_null() {
    let thing = |nullable: bool| json!({"type": "string", "nullable": nullable});
    for (place, wrap) in [
        ("response", (|thing| thing) as fn(Value) -> Value),
        ("response[]", |thing| json!({"type": "array", "items": thing})),
        (
            "response{}",
            |thing| json!({"type": "object", "additionalProperties": thing}),
        ),
    ] {
        let (ours, theirs) = (wrap(thing(false)), wrap(thing(true)));
        assert_eq!(
            found(&answers(ours.clone()), &answers(theirs.clone())),
            [format!("breaking nullable {place}: never null / nullable")]
        );
        assert_eq!(found(&takes(ours), &takes(theirs)), [""; 0]);
    }
    let free = answers(json!({"type": "array", "items": {}}));
    assert_eq!(
        found(
            &free,
            &answers(json!({"type": "array", "items": {"nullable": true}}))
        ),
        [""; 0]
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
