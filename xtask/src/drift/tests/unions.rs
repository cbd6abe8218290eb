//! Unions: variant by variant with a tag, counted without one.

use super::*;

/// As an object, ours has what any of the alternatives has, and requires what all require. What only some require or
/// lack is listed once, so that a change of it is seen.
#[test]
fn what_only_some_alternatives_require_or_lack_is_counted() {
    let text = json!({"type": "string"});
    let theirs = |required: &[&str], more: Value| {
        takes(json!({"oneOf": [
            object(&["a", "b"], json!({"a": text, "b": text})),
            object(required, more),
        ]}))
    };
    let ours = takes(object(&["a"], json!({"a": text, "b": text, "c": text})));
    let both = [
        "breaking required request.body(1-of-2).b: optional / required",
        "breaking extra request.body(1-of-2).c: optional string / -",
        "breaking extra request.body(1-of-2).b: optional string / -",
    ];
    let more = json!({"a": text, "c": text});
    assert_eq!(found(&ours, &theirs(&["a"], more.clone())), both);
    let now = found(&ours, &theirs(&["a", "c"], more));
    assert_eq!(now.len(), 4);
    assert!(now.contains(&"breaking required request.body(1-of-2).c: optional / required".to_owned()));
    let all = json!({"a": text, "b": text, "c": text});
    assert_eq!(
        found(&ours, &theirs(&["a"], all)),
        [
            "breaking required request.body(1-of-2).b: optional / required",
            "breaking extra request.body(1-of-2).c: optional string / -",
        ]
    );
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
            "breaking extra request.body.s(A).y: optional string / -",
            "additive missing request.body.s(B).y: - / optional string",
            "breaking extra request.body.s(B).x: optional string / -",
        ]
    );
}
