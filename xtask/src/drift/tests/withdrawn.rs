//! What the vendor withdraws is reported: alone, and beside older versions and snapshots that still have it.

use super::*;

/// General rules as in `drift.yaml`, which must not explain a withdrawal.
const RULES: &str = "\
- {where: '**', kind: [extra, enum, variant], elsewhere: true, listed: true, reason: Elsewhere.}
- {where: 'response.**', kind: required, severity: additive, reason: Optional.}
- {where: 'request.body.**', kind: required, versions: ['2024-01-01'], listed: true, reason: Older.}";

/// One operation of both versions with everything that can be withdrawn.
fn whole() -> Value {
    let variant = |tag: &str| {
        object(
            &["kind"],
            json!({"kind": {"type": "string", "enum": [tag]}, tag: {"type": "string"}}),
        )
    };
    let schema = object(
        &[],
        json!({
            "field": {"type": "string"},
            "unit": {"type": "string", "enum": ["DAY", "YEAR"]},
            "price": {"oneOf": [variant("FLAT"), variant("TIERED")]},
        }),
    );
    let content = json!({"application/json": {"schema": schema}});
    let query = |name: &str| json!({"name": name, "in": "query", "schema": {"type": "string"}});
    let mut root = operation(
        "post",
        "/things",
        json!({
            "x-versions": [OLD, NEW],
            "parameters": [query("customerId"), {"name": "Idempotency-Key", "in": "header", "required": false, "schema": {}}],
            "requestBody": {"required": true, "content": content},
            "responses": {"200": {"content": content}},
        }),
    );
    root["x-versions"] = json!([OLD, NEW]);
    root
}

fn ours() -> Value {
    let mut root = whole();
    root["x-idempotency-key-since"] = json!(OLD);
    let operation = &mut root["paths"]["/things"]["post"];
    operation["x-repeat"] = json!("idempotency-key");
    operation["parameters"].as_array_mut().unwrap().pop();
    root
}

/// The unexplained differences after `change`: alone, beside an older version, and beside an older snapshot.
fn reported(ours: &Value, change: impl Fn(&mut Value)) -> Vec<String> {
    let mut changed = whole();
    change(&mut changed["paths"]["/things"]["post"]);
    let unexplained = |documents: Vec<Published>| {
        let (comparison, rules) = (compare(ours, &documents), rules(RULES));
        let judged = rules::judge(&comparison, &rules, &Places::default());
        lines(judged.unexplained)
    };
    let alone = unexplained(published(NEW, &[&changed]));
    let mut documents = published(OLD, &[&whole()]);
    documents.extend(published(NEW, &[&changed]));
    assert_eq!(unexplained(documents), alone, "beside an older version");
    let snapshots = published(NEW, &[&whole(), &whole(), &changed]);
    assert_eq!(unexplained(snapshots), alone, "beside older snapshots");
    alone
}

fn body(operation: &mut Value) -> &mut Value {
    &mut operation["requestBody"]["content"]["application/json"]["schema"]
}

fn response(operation: &mut Value) -> &mut Value {
    &mut operation["responses"]["200"]["content"]["application/json"]["schema"]
}

fn remove(schema: &mut Value, key: &str) {
    schema.as_object_mut().unwrap().remove(key).unwrap();
}

#[test]
fn nothing_is_reported_if_nothing_changed() {
    assert_eq!(reported(&ours(), |_| {}), [""; 0]);
}

#[test]
fn a_query_filter_is_withdrawn() {
    assert_eq!(
        reported(&ours(), |one| {
            one["parameters"].as_array_mut().unwrap().remove(0);
        }),
        ["breaking extra query.customerId: string / -"]
    );
}

#[test]
fn a_parameter_is_renamed() {
    assert_eq!(
        reported(&ours(), |one| one["parameters"][0]["name"] = json!("customer")),
        [
            "additive missing query.customer: - / string",
            "breaking extra query.customerId: string / -",
        ]
    );
}

#[test]
fn a_field_is_withdrawn() {
    assert_eq!(
        reported(&ours(), |one| remove(&mut body(one)["properties"], "field")),
        ["breaking extra request.body.field: optional string / -"]
    );
    assert_eq!(
        reported(&ours(), |one| remove(&mut response(one)["properties"], "field")),
        ["breaking extra response.field: optional string / -"]
    );
}

#[test]
fn an_enum_value_is_withdrawn() {
    let withdraw = |schema: &mut Value| schema["properties"]["unit"]["enum"] = json!(["YEAR"]);
    assert_eq!(
        reported(&ours(), |one| withdraw(body(one))),
        ["breaking enum request.body.unit: DAY / -"]
    );
    assert_eq!(
        reported(&ours(), |one| withdraw(response(one))),
        ["additive enum response.unit: DAY / -"]
    );
}

#[test]
fn a_variant_is_withdrawn() {
    let withdraw = |schema: &mut Value| {
        schema["properties"]["price"]["oneOf"]
            .as_array_mut()
            .unwrap()
            .remove(1);
    };
    assert_eq!(
        reported(&ours(), |one| withdraw(body(one))),
        ["breaking variant request.body.price: TIERED / -"]
    );
    assert_eq!(
        reported(&ours(), |one| withdraw(response(one))),
        ["additive variant response.price: TIERED / -"]
    );
}

#[test]
fn idempotency_keys_are_withdrawn() {
    assert_eq!(
        reported(&ours(), |one| {
            one["parameters"].as_array_mut().unwrap().remove(1);
        }),
        ["breaking extra header.Idempotency-Key: sent / -"]
    );
    assert_eq!(
        reported(&ours(), |one| one["parameters"][1]["deprecated"] = json!(true)),
        ["additive deprecated header.Idempotency-Key: - / deprecated"]
    );
}

#[test]
fn an_idempotency_key_becomes_required() {
    let mut ours = ours();
    ours["paths"]["/things"]["post"]["x-repeat"] = json!("never");
    let mut whole = whole();
    let header = "/paths/~1things/post/parameters/1/required";
    let mut line = |required: bool| {
        *whole.pointer_mut(header).unwrap() = json!(required);
        found(&ours, &whole)
    };
    assert_eq!(
        line(false),
        ["additive missing header.Idempotency-Key: - / optional"]
    );
    assert_eq!(
        line(true),
        ["breaking missing header.Idempotency-Key: - / required"]
    );
    assert_eq!(
        found(&super::withdrawn::ours(), &whole),
        [""; 0],
        "the client sends it"
    );
}

#[test]
fn an_operation_is_withdrawn() {
    let mut changed = whole();
    changed["paths"] = json!({});
    let ours = ours();
    let mut documents = published(NEW, &[&whole(), &changed]);
    documents.extend(published(OLD, &[&whole()]));
    assert_eq!(
        lines(&compare(&ours, &documents).differences),
        ["breaking extra operation: published no more / -"]
    );
}

#[test]
fn what_was_optional_becomes_required() {
    assert_eq!(
        reported(&ours(), |one| body(one)["required"] = json!(["field"])),
        ["breaking required request.body.field: optional / required"]
    );
    assert_eq!(
        reported(&ours(), |one| one["parameters"][0]["required"] = json!(true)),
        ["breaking required query.customerId: optional / required"]
    );
}
