//! Usage metrics: definitions, and what they amount to.

use sequencehq_emulator::contract::{Operation, Version};
use sequencehq_emulator::operations::{Content, Response};
use serde_json::{Value, json};

use super::{Account, id, text};

fn metric(aggregation: &str, property: Option<&str>) -> Value {
    let mut body =
        json!({"name": "Calls", "metricType": "SIMPLE", "eventType": "call", "aggregationType": aggregation});
    if let Some(property) = property {
        body["aggregationProperty"] = property.into();
    }
    body
}

/// Records events of one alias with the properties in JSON, one a day from 1 January 2026.
fn record(account: &Account, alias: &str, properties: &[&str]) -> Vec<String> {
    let events = properties.iter().enumerate().map(|(i, properties)| {
        let body = format!(
            r#"{{"customerAlias": {alias:?}, "eventType": "call", "eventTimestamp": "2026-01-{:02}T08:00:00Z",
                "eventProperties": {properties}}}"#,
            i + 1
        );
        let created = account.send(Operation::UsageEventCreate, &[], "", &body);
        id(&created.json_body()).to_owned()
    });
    events.collect()
}

fn calculate(account: &Account, metric: &Value, query: &str) -> Response {
    account.call(
        Operation::UsageMetricCalculate,
        &[("usageMetricId", id(metric))],
        query,
        None,
    )
}

/// The value and the number of events of January, and the assumptions.
#[track_caller]
fn january(account: &Account, body: &Value) -> (String, u64, String) {
    let metric = account.create(Operation::UsageMetricCreate, body);
    let response = calculate(
        account,
        &metric,
        "customerAliases=acme&periodStart=2026-01-01&periodEnd=2026-01-31",
    );
    let Content::Json(text) = &response.content else {
        panic!("{:?}", response.content)
    };
    let (_, rest) = text.split_once(r#""value":"#).unwrap_or_else(|| panic!("{text}"));
    let value = rest.split([',', '}']).next().expect("a split has a first part");
    let count = response.json_body()["eventCount"].as_u64().expect("a count");
    (value.to_owned(), count, response.assumed.to_string())
}

#[test]
fn a_definition_is_answered_as_it_was_sent() {
    let account = Account::new();
    let mut body = metric("SUM", Some("bytes"));
    body["propertyFilters"] = json!({"region": ["eu", 7, null]});
    body["propertiesToNegate"] = json!(["region"]);
    body["caseSensitive"] = json!(false);
    let created = account.create(Operation::UsageMetricCreate, &body);
    for (name, value) in body.as_object().expect("an object") {
        assert_eq!(created[name], *value, "{name}");
    }
    assert_eq!(created["parameters"], json!([]));
    assert_eq!(text(&created, "createdAt"), "2026-01-01T12:00:00Z");
    assert_eq!(account.get(Operation::UsageMetricGet, id(&created)), created);
    let plain = account.create(Operation::UsageMetricCreate, &metric("COUNT", None));
    assert_eq!(plain["propertyFilters"], json!({}));
}

#[test]
fn a_definition_without_what_it_needs_is_refused() {
    let account = Account::new();
    let with = |field: &str, value: Value| {
        let mut body = metric("COUNT", None);
        body[field] = value;
        body
    };
    for (body, field, assumed) in [
        (metric("SUM", None), "aggregationProperty", ""),
        (metric("UNIQUE", Some("")), "aggregationProperty", ""),
        (with("metricType", json!("GROUPED")), "groupingProperty", "A30"),
        (
            with("propertiesToNegate", json!(["x"])),
            "propertiesToNegate",
            "A27",
        ),
        (with("propertyFilters", json!({"x": "eu"})), "propertyFilters", ""),
        (with("propertyFilters", json!({"x": null})), "propertyFilters", ""),
    ] {
        let refused = account.refused(Operation::UsageMetricCreate, &[], "", Some(&body));
        assert_eq!(
            (refused.status, refused.kind.as_str(), refused.assumed.as_str()),
            (400, "InvalidRequest", assumed)
        );
        let starts = refused.message.starts_with(&format!("body.{field}:"));
        assert!(starts, "{field}: {}", refused.message);
    }
}

#[test]
fn a_replacement_is_the_whole_definition() {
    let account = Account::new();
    let mut body = metric("SUM", Some("bytes"));
    body["unit"] = "B".into();
    body["propertyFilters"] = json!({"region": ["eu"]});
    let created = account.create(Operation::UsageMetricCreate, &body);
    account
        .world
        .advance_to("2026-01-02".parse().expect("a date"))
        .expect("forward");
    let mut body = metric("COUNT", None);
    body["unit"] = Value::Null;
    let path = [("id", id(&created))];
    let updated = account.ok(Operation::UsageMetricUpdate, &path, "", Some(&body));
    assert_eq!(
        (id(&updated), &updated["createdAt"]),
        (id(&created), &created["createdAt"])
    );
    assert_eq!(
        (updated.get("unit"), updated.get("aggregationProperty")),
        (None, None)
    );
    assert_eq!(updated["propertyFilters"], json!({}));
    assert_eq!(account.get(Operation::UsageMetricGet, id(&created)), updated);
    let refused = account.refused(
        Operation::UsageMetricUpdate,
        &path,
        "",
        Some(&metric("SUM", None)),
    );
    assert_eq!(refused.status, 400);
    let unknown = account.refused(Operation::UsageMetricUpdate, &[("id", "x")], "", Some(&body));
    assert_eq!(unknown.status, 404);
}

#[test]
fn metrics_are_filtered() {
    let account = Account::new();
    let create = |name: &str, event_type: &str, aggregation: &str, property: Option<&str>| {
        let mut body = metric(aggregation, property);
        (body["name"], body["eventType"]) = (name.into(), event_type.into());
        let created = account.create(Operation::UsageMetricCreate, &body);
        id(&created).to_owned()
    };
    let calls = create("API calls", "call", "COUNT", None);
    let bytes = create("Bytes", "a,b", "SUM", Some("bytes"));
    let users = create("Users", "login", "UNIQUE", Some("user, id"));
    let part = calls[4..12].to_uppercase();
    for (query, expected) in [
        (String::new(), vec![&users, &bytes, &calls]),
        ("name=CALL".to_owned(), vec![&calls]),
        ("name=s".to_owned(), vec![&users, &bytes, &calls]),
        (format!("id={part}"), vec![&calls]),
        ("eventType=a%252Cb,login".to_owned(), vec![&users, &bytes]),
        ("eventType=a,b".to_owned(), vec![]),
        ("eventProperty=user%252C%2520id".to_owned(), vec![&users]),
        ("aggregationType=COUNT,SUM".to_owned(), vec![&bytes, &calls]),
    ] {
        let found = account.ids(Operation::UsageMetricList, &query);
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{query}");
    }
    let response = account.call(Operation::UsageMetricList, &[], "limit=1", None);
    assert_eq!(response.json_body()["pagination"]["totalResultSize"], 3);
    assert_eq!(response.assumed.to_string(), "");
}

#[test]
fn a_deleted_metric_stays_readable_and_nothing_else() {
    let account = Account::new();
    let created = account.create(Operation::UsageMetricCreate, &metric("COUNT", None));
    let path = [("id", id(&created))];
    let deleted = account.call(Operation::UsageMetricDelete, &path, "", None);
    assert_eq!(text(&deleted.json_body(), "deletedAt"), "2026-01-01T12:00:00Z");
    assert_eq!(deleted.assumed.to_string(), "A3");
    let read = account.call(Operation::UsageMetricGet, &path, "", None);
    assert_eq!(read.json_body(), deleted.json_body());
    assert_eq!(read.assumed.to_string(), "A3");
    let list = account.call(Operation::UsageMetricList, &[], "", None);
    assert_eq!(list.json_body()["items"], json!([]));
    assert_eq!(list.assumed.to_string(), "A3");
    let body = metric("COUNT", None);
    for (operation, body) in [
        (Operation::UsageMetricUpdate, Some(&body)),
        (Operation::UsageMetricDelete, None),
    ] {
        assert_eq!(account.refused(operation, &path, "", body).status, 404);
    }
    let query = "customerAliases=acme&periodStart=2026-01-01&periodEnd=2026-01-31";
    assert_eq!(calculate(&account, &created, query).status, 404);
}

#[test]
fn sums_are_exact() {
    let account = Account::new();
    record(
        &account,
        "acme",
        &[
            r#"{"n": 12345678901234567890.123456789}"#,
            r#"{"n": "0.1"}"#,
            r#"{"n": 0.2}"#,
            r#"{"n": -1e-3}"#,
        ],
    );
    let sum = january(&account, &metric("SUM", Some("n")));
    assert_eq!(
        sum,
        (
            "12345678901234567890.422456789".to_owned(),
            4,
            "A31, A32".to_owned()
        )
    );
    record(&account, "acme", &[r#"{"n": "many"}"#, "{}", r#"{"n": null}"#]);
    let (value, count, assumed) = january(&account, &metric("SUM", Some("n")));
    assert_eq!((value.as_str(), count), ("12345678901234567890.422456789", 7));
    assert_eq!(assumed, "A29, A31, A32");
}

#[test]
fn a_sum_beyond_28_digits_is_refused() {
    let account = Account::new();
    record(
        &account,
        "acme",
        &[r#"{"n": 79228162514264337593543950335}"#, r#"{"n": 0.1}"#],
    );
    let metric = account.create(Operation::UsageMetricCreate, &metric("SUM", Some("n")));
    let query = "customerAliases=acme&periodStart=2026-01-01&periodEnd=2026-01-31";
    let refused = calculate(&account, &metric, query);
    assert_eq!(refused.status, 400);
    assert!(text(&refused.json_body()["error"], "message").contains("28 digits"));
}

#[test]
fn each_aggregation_counts_what_passes_the_filters() {
    let account = Account::new();
    record(
        &account,
        "acme",
        &[
            r#"{"user": "a", "region": "EU"}"#,
            r#"{"user": "b", "region": "eu"}"#,
            r#"{"user": 1, "region": "us"}"#,
            r#"{"user": "1"}"#,
            r#"{"user": [1, {"y": 2, "x": 1}], "region": 5}"#,
            r#"{"user": [1,{"x":1,"y":2}], "region": 5.0}"#,
            r#"{"user": "a", "region": "us"}"#,
        ],
    );
    let unique = || metric("UNIQUE", Some("user"));
    let filtered = |values: Value, fields: Value| {
        let mut body = metric("COUNT", None);
        body["propertyFilters"] = json!({"region": values});
        for (name, value) in fields.as_object().expect("an object") {
            body[name] = value.clone();
        }
        body
    };
    let mut grouped = unique();
    (grouped["metricType"], grouped["groupingProperty"]) = ("GROUPED".into(), "region".into());
    let mut ignored = metric("COUNT", None);
    ignored["groupingProperty"] = "region".into();
    for (body, value, count, assumed) in [
        (metric("COUNT", None), "7", 7, "A31, A32"),
        (unique(), "5", 7, "A28, A31, A32"),
        (filtered(json!(["eu"]), json!({})), "1", 1, "A31, A32"),
        (filtered(json!(["5"]), json!({})), "2", 2, "A31, A32"),
        (
            filtered(json!(["eu"]), json!({"caseSensitive": false})),
            "2",
            2,
            "A26, A31, A32",
        ),
        (
            filtered(json!(["eu"]), json!({"propertiesToNegate": ["region"]})),
            "6",
            6,
            "A27, A31, A32",
        ),
        (filtered(json!([]), json!({})), "0", 0, "A31"),
        (grouped, "6", 7, "A30, A31, A32"),
        (ignored, "7", 7, "A31, A32"),
    ] {
        let expected = (value.to_owned(), count, assumed.to_owned());
        assert_eq!(january(&account, &body), expected, "{body}");
    }
}

#[test]
fn days_are_whole_and_the_last_is_included() {
    let account = Account::new();
    let at = |key: &str, at: &str| {
        let body = json!({"customerEventId": key, "customerAlias": "acme", "eventType": "call", "eventTimestamp": at});
        id(&account.create(Operation::UsageEventCreate, &body)).to_owned()
    };
    at("early", "2026-01-09T23:59:59.999999Z");
    let last = at("last", "2026-01-11T23:59:59.999999Z");
    let first = at("first", "2026-01-10T01:00:00+01:00");
    at("late", "2026-01-12T00:00:00Z");
    let metric = account.create(Operation::UsageMetricCreate, &metric("COUNT", None));
    let query = "customerAliases=acme&periodStart=2026-01-10&periodEnd=2026-01-11";
    let found = calculate(&account, &metric, query).json_body();
    assert_eq!(
        (text(&found, "minEventId"), text(&found, "maxEventId")),
        (first.as_str(), last.as_str())
    );
    assert_eq!((&found["eventCount"], &found["value"]), (&json!(2), &json!(2)));
}

#[test]
fn the_events_of_exactly_the_named_aliases_count() {
    let account = Account::new();
    record(&account, "acme", &["{}"]);
    record(&account, "acme-2", &["{}", "{}"]);
    record(&account, "other", &["{}"]);
    let body =
        json!({"customerAlias": "acme", "eventType": "CALL", "eventTimestamp": "2026-01-01T00:00:00Z"});
    account.create(Operation::UsageEventCreate, &body);
    let metric = account.create(Operation::UsageMetricCreate, &metric("COUNT", None));
    for (aliases, expected) in [("acme", 1), ("acme,acme-2", 3), ("acme,acme", 1), ("unknown", 0)] {
        let query = format!("customerAliases={aliases}&periodStart=2026-01-01&periodEnd=2026-01-31");
        let found = calculate(&account, &metric, &query).json_body();
        assert_eq!(found["eventCount"], expected, "{aliases}");
        assert_eq!(found.get("minEventId").is_some(), expected > 0);
    }
}

#[test]
fn superseded_events_do_not_count() {
    let account = Account::new();
    for (alias, n) in [("acme", 5), ("acme", 7), ("other", 9)] {
        let body = json!({
            "customerEventId": if alias == "acme" { "1" } else { "2" }, "customerAlias": alias, "eventType": "call",
            "eventTimestamp": "2026-01-01T00:00:00Z", "eventProperties": {"n": n},
        });
        account.create(Operation::UsageEventCreate, &body);
    }
    assert_eq!(january(&account, &metric("SUM", Some("n"))).0, "7");
}

#[test]
fn custom_metrics_are_sums_if_they_name_a_property() {
    let account = Account::new();
    record(&account, "acme", &[r#"{"n": 2}"#, r#"{"n": 3}"#]);
    let summed = january(&account, &metric("CUSTOM", Some("n")));
    assert_eq!(summed, ("5".to_owned(), 2, "A1, A31, A32".to_owned()));
    let unknown = account.create(Operation::UsageMetricCreate, &metric("CUSTOM", None));
    let query = "customerAliases=acme&periodStart=2026-01-01&periodEnd=2026-01-31";
    assert_eq!(calculate(&account, &unknown, query).status, 501);
}

#[test]
fn a_calculation_that_cannot_be_made_is_refused() {
    let account = Account::new();
    let created = account.create(Operation::UsageMetricCreate, &metric("COUNT", None));
    for (query, status, parameter) in [
        (
            "customerAliases=a&periodStart=2026-02-01&periodEnd=2026-01-31",
            400,
            "periodEnd",
        ),
        (
            "customerAliases=a&periodStart=2026-02-30&periodEnd=2026-03-01",
            400,
            "periodStart",
        ),
        (
            "periodStart=2026-01-01&periodEnd=2026-01-31",
            400,
            "customerAliases",
        ),
        (
            "customerAliases=a&periodStart=2026-01-01&periodEnd=2026-01-31&customParameters=x",
            501,
            "customParameters",
        ),
    ] {
        let refused = calculate(&account, &created, query);
        let error = &refused.json_body()["error"];
        assert_eq!(refused.status, status, "{query}");
        let starts = text(error, "message").starts_with(&format!("query.{parameter}:"));
        assert!(starts, "{error}");
    }
    let query = "customerAliases=a&periodStart=2026-01-01&periodEnd=2026-01-01";
    let day = calculate(&account, &created, query);
    assert_eq!((day.status, day.json_body()["value"].clone()), (200, json!(0)));
    let path = [("usageMetricId", "x")];
    let unknown = account.refused(Operation::UsageMetricCalculate, &path, query, None);
    assert_eq!(unknown.status, 404);
}

#[test]
fn metrics_of_the_oldest_version_have_the_same_shape() {
    let account = Account::in_version(Version::all().next().expect("there are versions"));
    let created = account.create(Operation::UsageMetricCreate, &metric("UNIQUE", Some("user")));
    assert_eq!(account.get(Operation::UsageMetricGet, id(&created)), created);
}
