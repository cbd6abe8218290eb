//! What the codecs of objects do.

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::data::{Extra, Patch};

#[derive(Clone, Debug, Default, PartialEq)]
struct Order {
    id: String,
    memo: Option<String>,
    lines: Option<Vec<Line>>,
    note: Patch<String>,
    extra: Extra,
}

object! {
    Order {
        0 id "id" required Plain,
        1 memo "memo" optional Plain,
        2 lines "lines" optional Bounded,
        3 note "note" patch Plain,
    }
    former { "notes" 1, }
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Line {
    rate: i32,
    extra: Extra,
}

object! { Line { 0 rate "rate" required Integer, } }

fn read(json: &str) -> Result<Order, String> {
    serde_json::from_str(json).map_err(|error| error.to_string())
}

fn written(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("encodes")
}

#[test]
fn unknown_fields_are_written_again_with_their_digits_and_in_their_order() {
    let json =
        r#"{"id":"a","z":19.90,"b":123456789012345678901234567890.10,"a":{"y":[1.0,{"x":null}]},"n":null}"#;
    let order = read(json).expect("decodes");
    assert_eq!(written(&order), json);
    assert_eq!(order.extra.text("z"), Some("19.90"));
    assert_eq!(order.extra.get("a"), Some(json!({"y": [1.0, {"x": null}]})));
    assert_eq!(
        (order.extra.get("n"), order.extra.get("id")),
        (Some(json!(null)), None)
    );
    let names: Vec<&str> = order.extra.iter().map(|(name, _)| name).collect();
    assert_eq!((order.extra.len(), names), (4, vec!["z", "b", "a", "n"]));
}

#[test]
fn unknown_fields_survive_in_lists_too() {
    let json = r#"{"id":"a","lines":[{"rate":1,"tax":0.10},{"rate":2}],"note":null}"#;
    let order = read(json).expect("decodes");
    let lines = order.lines.as_deref().expect("there are lines");
    assert_eq!(lines[0].extra.text("tax"), Some("0.10"));
    assert!(lines[1].extra.is_empty());
    assert_eq!(written(&order), json);
}

#[test]
fn a_field_is_known_by_its_former_name_too_and_in_any_order() {
    let order = read(r#"{"note":"n","notes":"m","lines":null,"id":"a"}"#).expect("decodes");
    assert_eq!((order.id.as_str(), order.memo.as_deref()), ("a", Some("m")));
    assert_eq!((order.lines, order.note), (None, Patch::from("n".to_owned())));
    assert!(order.extra.is_empty());
}

#[test]
fn a_repeated_field_is_an_error_and_a_repeated_unknown_field_is_kept() {
    for (json, name) in [
        (r#"{"id":"a","id":"b"}"#, "id"),
        (r#"{"id":"a","memo":null,"memo":null}"#, "memo"),
        (r#"{"id":"a","memo":"m","notes":"n"}"#, "memo"),
    ] {
        let error = read(json).expect_err(json);
        assert!(error.starts_with(&format!("duplicate field `{name}`")), "{error}");
    }
    let json = r#"{"id":"a","x":1,"x":2}"#;
    let order = read(json).expect("decodes");
    assert_eq!(order.extra.text("x"), Some("2"));
    assert_eq!(written(&order), json);
}

#[test]
fn the_field_beyond_the_bits_is_found_and_refused_twice() {
    let mut seen = super::Seen::default();
    for index in [0, 127, 128, 300] {
        assert!(seen.insert(index), "{index}");
        assert!(!seen.insert(index), "{index} again");
    }
}

#[test]
fn errors_are_those_of_a_derived_decoder() {
    #[derive(Debug, Deserialize)]
    #[allow(dead_code, reason = "only decoded")]
    struct Order {
        id: String,
    }
    for json in [
        "{}",
        "7",
        r#"{"id":7}"#,
        r#"{"id":"a","id":"a"}"#,
        r#"{"id":"a","x":1x}"#,
    ] {
        let derived = serde_json::from_str::<Order>(json).map(|_| ());
        let ours = serde_json::from_str::<super::tests::Order>(json).map(|_| ());
        let [derived, ours] = [derived, ours].map(|result| result.expect_err(json).to_string());
        assert_eq!(ours, derived);
    }
    let error = read("[7]").expect_err("a list");
    assert_eq!(error, "expected struct Order, not a list at line 1 column 3");
}

#[test]
fn a_value_tree_decodes_and_a_flattened_struct_leaves_the_fields_around_it() {
    let json = json!({"id": "a", "x": {"y": 1.5}});
    let order: Order = serde_json::from_value(json.clone()).expect("from a tree");
    assert_eq!(order.extra.text("x"), Some(r#"{"y":1.5}"#));
    assert_eq!(serde_json::to_value(&order).expect("encodes"), json);

    #[derive(Debug, Deserialize, PartialEq, Serialize)]
    struct Outer {
        #[serde(flatten)]
        order: Order,
        x: serde_json::Value,
    }
    let outer: Outer = serde_json::from_value(json.clone()).expect("flattened");
    assert!(outer.order.extra.is_empty());
    assert_eq!(serde_json::to_value(&outer).expect("encodes"), json);
}

#[test]
fn a_field_that_the_object_has_cannot_be_an_unknown_one() {
    let mut extra = Extra::default();
    for name in ["id", "note", "notes"] {
        let error = extra.set::<Order>(name, &1).expect_err(name).to_string();
        assert!(error.contains("Order has this field"), "{error}");
    }
    extra.set::<Order>("x", &1).expect("unknown");
    extra.set::<Order>("y", &json!([true])).expect("unknown");
    extra.set::<Order>("x", &2).expect("unknown");
    let fields: Vec<_> = extra.iter().collect();
    assert_eq!(fields, [("y", "[true]"), ("x", "2")]);
    let unencodable = std::collections::BTreeMap::from([(vec![1], 1)]);
    let error = extra
        .set::<Order>("z", &unencodable)
        .expect_err("a list as key")
        .to_string();
    assert!(error.contains("cannot be encoded as JSON"), "{error}");
    assert_eq!(extra.get("z"), None);
}

#[test]
fn another_object_gets_the_fields_that_it_lacks_as_well() {
    let order = read(r#"{"id":"a","rate":1,"x":2.50}"#).expect("decodes");
    let fields = order.extra.for_another::<Line>();
    assert_eq!(fields.iter().collect::<Vec<_>>(), [("x", "2.50")]);
    assert_eq!(Extra::default().for_another::<Line>(), Extra::default());
}

#[test]
fn unknown_fields_are_equal_in_any_order_and_differ_by_their_text() {
    let extra = |json: &str| read(&format!(r#"{{"id":"a",{json}}}"#)).expect("decodes");
    assert_eq!(extra(r#""x":1,"y":2"#), extra(r#""y":2,"x":1"#));
    assert_ne!(extra(r#""x":1.5"#), extra(r#""x":1.50"#));
    assert_ne!(extra(r#""x":1"#), extra(r#""x":1,"y":2"#));
    assert_ne!(
        extra(r#""x":1"#),
        Order {
            id: "a".to_owned(),
            ..Order::default()
        }
    );
}

#[test]
fn no_unknown_fields_take_eight_bytes_and_no_allocation() {
    assert_eq!(size_of::<Extra>(), 8);
    let decoded = |json: &str| allocation_counter::measure(|| drop(read(json).expect("decodes"))).count_total;
    let ours = decoded(r#"{"id":"a","memo":"m"}"#);
    assert_eq!(ours, 2, "the two texts");
    assert!(decoded(r#"{"id":"a","memo":"m","x":1}"#) > ours);
}

mod properties {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::{read, written};

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 16, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(any::<String>(), inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_decoded_is_encoded_again(
            unknown in prop::collection::btree_map("[^\"\\\\]{0,8}", json(), 0..6),
        ) {
            let mut whole = serde_json::json!({"id": "a", "lines": [{"rate": 1}]});
            for (name, value) in unknown {
                whole["lines"][0].as_object_mut().expect("an object").entry(name.clone()).or_insert(value.clone());
                whole.as_object_mut().expect("an object").entry(name).or_insert(value);
            }
            // `note` and other known names have types of their own.
            let Ok(order) = read(&whole.to_string()) else { return Ok(()) };
            let again: Value = serde_json::from_str(&written(&order)).expect("JSON");
            prop_assert_eq!(&again, &whole);
            prop_assert_eq!(read(&again.to_string()).expect("decodes"), order);
        }
    }
}
