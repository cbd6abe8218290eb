//! Accepted and rejected bodies, and the messages.

use sequencehq_document::sample::Shape;
use sequencehq_emulator::contract::{Operation, Version, check_body};
use serde_json::{Value, json};

use super::samples::body;
use super::{check, problems, texts, version};

/// The problems of a valid body after one of its members is replaced.
fn after(operation: Operation, pointer: &str, value: Value) -> Vec<String> {
    let mut body = body(operation, Version::LATEST, Shape::Whole).expect("a body");
    *body
        .pointer_mut(pointer)
        .unwrap_or_else(|| panic!("the sample has no {pointer}")) = value;
    problems(operation, Version::LATEST, &body)
}

fn raw(operation: Operation, body: &[u8]) -> Vec<String> {
    texts(check_body(operation, Version::LATEST, body).expect_err("the body is refused"))
}

#[test]
fn each_type_accepts_its_values_and_describes_others() {
    use Operation::{
        InvoiceCreate, InvoiceLineItemCreate, SeatEventCreate, UsageEventCreate, UsageMetricCreate,
    };
    for (operation, pointer, good, bad, rule) in [
        (
            InvoiceLineItemCreate,
            "/title",
            json!(""),
            json!(7),
            "expected a text, got the number 7.",
        ),
        (
            InvoiceLineItemCreate,
            "/rate",
            json!("-0.5"),
            json!(12.5),
            "expected a decimal as a JSON string, such as \"12.50\", of at most 28 digits, got the number 12.5.",
        ),
        (
            InvoiceLineItemCreate,
            "/quantity",
            json!("1"),
            json!("1e5"),
            "expected a decimal as a JSON string, such as \"12.50\", of at most 28 digits, got \"1e5\".",
        ),
        (
            InvoiceCreate,
            "/accountingDate",
            json!("2024-02-29"),
            json!("2026-02-29"),
            "expected a date, such as \"2026-01-31\", got \"2026-02-29\".",
        ),
        (
            SeatEventCreate,
            "/eventTimestamp",
            json!("2026-01-31T00:00:00+01:00"),
            json!("2026-01-31"),
            "expected an RFC 3339 timestamp, such as \"2026-01-31T09:30:00Z\", got \"2026-01-31\".",
        ),
        (
            InvoiceCreate,
            "/customerId",
            json!("x"),
            json!(""),
            "expected an id, got \"\".",
        ),
        (
            SeatEventCreate,
            "/total",
            json!(7.0),
            json!(7.5),
            "expected an integer of 64 bits, got the number 7.5.",
        ),
        (
            UsageMetricCreate,
            "/caseSensitive",
            json!(false),
            json!("true"),
            "expected `true` or `false`, got \"true\".",
        ),
        (
            UsageEventCreate,
            "/eventProperties",
            json!({"a": [null, {"b": 1}]}),
            json!([]),
            "expected an object, got a list.",
        ),
        (
            UsageMetricCreate,
            "/propertiesToNegate",
            json!([]),
            json!({}),
            "expected a list, got an object.",
        ),
    ] {
        assert_eq!(after(operation, pointer, good), [""; 0], "{pointer}");
        let path = pointer.replace('/', ".");
        assert_eq!(after(operation, pointer, bad), [format!("body{path}: {rule}")]);
    }
}

#[test]
fn integers_are_whole_numbers_within_their_bits() {
    for (total, is_fine) in [
        ("7", true),
        ("7.0", true),
        ("7e0", true),
        ("-0.0", true),
        ("9223372036854775807", true),
        ("9223372036854775808", false),
        ("-9223372036854775808", true),
        ("9223372036854775808.0", false),
        ("7.0000000000000000001", false),
        ("\"7\"", false),
        ("1e300", false),
    ] {
        let json = format!(
            r#"{{"customerAlias": "a", "seatType": "s", "eventTimestamp": "2026-01-31T00:00:00Z", "total": {total}}}"#
        );
        let checked = check_body(Operation::SeatEventCreate, Version::LATEST, json.as_bytes());
        assert_eq!(checked.is_ok(), is_fine, "{total}: {checked:?}");
        if let Ok(value) = checked {
            assert!(
                value["total"].is_i64(),
                "{total} is returned as an integer: {value}"
            );
        }
    }
}

#[test]
fn an_integer_of_32_bits_has_no_more() {
    let days = |days: Value| after(Operation::BillingScheduleCreate, "/defaultDueDateDays", days);
    assert_eq!(days(json!(i32::MIN)), [""; 0]);
    assert_eq!(
        days(json!(2_147_483_648_u32)),
        ["body.defaultDueDateDays: expected an integer of 32 bits, got the number 2147483648."]
    );
}

#[test]
fn a_json_number_that_would_lose_digits_is_refused() {
    let create = |amount: &str| {
        let body = body(
            Operation::CreditNoteApplicationCreate,
            Version::LATEST,
            Shape::Whole,
        )
        .expect("a body");
        let json = body.to_string().replace("12.5", amount);
        assert!(json.contains(amount));
        check_body(
            Operation::CreditNoteApplicationCreate,
            Version::LATEST,
            json.as_bytes(),
        )
    };
    for exact in [
        "12.5",
        "0.30000000000000004",
        "99999999999999.9",
        "1e-3",
        "100.000000000000000000",
    ] {
        assert!(create(exact).is_ok(), "{exact}");
    }
    assert_eq!(
        texts(create("1234567890.123456789").unwrap_err()),
        [
            "body.amount: 1234567890.123456789 has more digits than a JSON number carries safely: it would be read as \
          1234567890.1234567. Send at most 15 digits."
        ]
    );
    assert!(create("1e40").is_err());
}

#[test]
fn free_values_may_have_any_number() {
    let json =
        br#"{"customerAlias": "a", "eventType": "t", "eventProperties": {"n": 0.12345678901234567890}}"#;
    let checked = check_body(Operation::UsageEventCreate, Version::LATEST, json);
    assert!(checked.is_ok(), "{checked:?}");
}

#[test]
fn a_misspelt_member_is_suggested_for_the_missing_one() {
    let body = json!({"customersId": "1", "value": "a"});
    assert_eq!(
        problems(Operation::CustomerAliasCreate, Version::LATEST, &body),
        [
            "body.customerId: expected an id, but the member is missing. Is \"customersId\" a misspelling of it?"
        ]
    );
}

#[test]
fn an_enum_names_its_values_and_the_versions_that_have_another() {
    let status = |version, status: &str| {
        let body = json!({"paymentStatus": status});
        problems(Operation::InvoiceUpdatePaymentStatus, version, &body)
    };
    assert_eq!(status(version("2024-01-01"), "FAILED"), [""; 0]);
    let rule = "body.paymentStatus: expected one of UNPAID, PARTIALLY_PAID, PAID, UNCOLLECTIBLE, got";
    for newer in ["2024-05-09", "2024-07-30"] {
        let problem = format!("{rule} \"FAILED\". Version {newer} lacks it; 2024-01-01 has it.");
        assert_eq!(status(version(newer), "FAILED"), [problem]);
    }
    assert_eq!(
        status(Version::LATEST, "paid"),
        [format!("{rule} \"paid\". Did you mean PAID?")]
    );
    let country = &after(Operation::CustomerCreate, "/address/country", json!("Germany"))[0];
    assert!(country.contains(" more, got \"Germany\"."), "{country}");
    assert!(country.len() < 400, "{country}");
}

#[test]
fn a_union_is_checked_as_the_member_that_its_discriminator_names() {
    let structure = |value| after(Operation::PriceCreate, "/structure", value);
    let linear =
        json!({"pricingType": "LINEAR", "pricePerUnit": 1, "usageMetricId": "1", "isPricePercentage": false});
    let problems = structure(linear);
    assert!(
        problems[0].starts_with("body.structure.pricePerUnit: expected a decimal"),
        "{problems:?}"
    );
    let kinds = "one of ONE_TIME, FIXED, LINEAR, PACKAGE, GRADUATED, VOLUME, SEAT_BASED";
    assert_eq!(
        structure(json!({"pricingType": "PACKAGE_2"})),
        [format!(
            "body.structure.pricingType: expected {kinds}, got \"PACKAGE_2\". Did you mean PACKAGE?"
        )]
    );
    assert_eq!(
        structure(json!({})),
        [format!(
            "body.structure.pricingType: expected {kinds}, but the member is missing."
        )]
    );
    assert_eq!(
        structure(json!("FIXED")),
        ["body.structure: expected an object, got \"FIXED\"."]
    );
}

#[test]
fn seats_are_required_in_requests_that_have_them() {
    let structure = json!({"pricingType": "SEAT_BASED"});
    let problems = after(Operation::PriceCreate, "/structure", structure);
    for member in ["seatMetricId", "contractedMinimumSeats"] {
        let path = format!("body.structure.{member}: ");
        assert!(
            problems.iter().any(|problem| problem.starts_with(&path)),
            "{problems:?}"
        );
    }
}

#[test]
fn null_is_absent_unless_the_document_gives_it_a_meaning() {
    let required = after(Operation::InvoiceCreate, "/customerId", Value::Null);
    assert_eq!(required, ["body.customerId: expected an id, got null."]);
    let mut body = body(Operation::InvoiceUpdate, Version::LATEST, Shape::Minimal).expect("a body");
    body["accountingDate"] = Value::Null;
    body["attachmentAssetIds"] = Value::Null;
    let checked = check(Operation::InvoiceUpdate, Version::LATEST, &body).expect("both are optional");
    assert!(
        checked.get("accountingDate").is_some(),
        "null clears the date: {checked}"
    );
    assert!(checked.get("attachmentAssetIds").is_none(), "{checked}");
    let item = after(
        Operation::UsageMetricCreate,
        "/propertiesToNegate",
        json!(["a", null]),
    );
    assert_eq!(item, ["body.propertiesToNegate[1]: expected a text, got null."]);
}

#[test]
fn all_problems_are_listed_up_to_twenty() {
    assert_eq!(
        problems(Operation::InvoiceCreate, Version::LATEST, &json!({})).len(),
        required(Operation::InvoiceCreate)
    );
    let many: Vec<Value> = (0..1000).map(Value::from).collect();
    let listed = after(Operation::UsageMetricCreate, "/propertiesToNegate", many.into());
    assert_eq!(listed.len(), 20);
    assert_eq!(
        listed[19],
        "body.propertiesToNegate[19]: expected a text, got the number 19."
    );
}

fn required(operation: Operation) -> usize {
    let name = operation.data().body.expect("a body");
    let schema = &super::DOCUMENT.root["components"]["schemas"][name];
    schema["required"].as_array().map_or(0, Vec::len)
}

#[test]
fn a_missing_an_unexpected_and_a_broken_body_are_told_apart() {
    let create = Operation::CustomerAliasCreate;
    for empty in [&b""[..], b" \n"] {
        assert_eq!(
            raw(create, empty),
            [
                "body: customer_alias_create expects a JSON object (CustomerAliasCreate), but the body is empty."
            ]
        );
    }
    for (json, problem) in [
        (
            "{\n  \"value\" 7}",
            "body: expected JSON, but reading it fails: expected `:` at line 2 column 11.",
        ),
        ("[]", "body: expected an object, got a list."),
        ("null", "body: expected an object, got null."),
    ] {
        assert_eq!(raw(create, json.as_bytes()), [problem]);
    }
    let send = Operation::InvoiceSend;
    for harmless in [&b""[..], b"{}", b" { } "] {
        assert_eq!(check_body(send, Version::LATEST, harmless), Ok(Value::Null));
    }
    for body in [&b"{\"a\": 1}"[..], b"[]", b"hello"] {
        assert_eq!(raw(send, body), ["body: invoice_send takes no body. Send none."]);
    }
}

#[test]
fn deep_nesting_is_refused_before_it_fills_the_stack() {
    let deep = format!(
        "{{\"eventProperties\": {}1{}}}",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    let problem = &raw(Operation::UsageEventCreate, deep.as_bytes())[0];
    assert!(problem.contains("recursion limit exceeded"), "{problem}");
}

#[test]
fn hostile_bodies_get_short_messages() {
    let long = "é\u{0}\"".repeat(100_000);
    let mut keys = serde_json::Map::new();
    for index in 0..10_000 {
        keys.insert(format!("customerI{index}"), json!(1));
    }
    keys.insert(long.clone(), json!(1));
    for body in [
        json!({"customerId": {&long: 1}, "value": long}),
        json!({"customerId": [long], "value": 1}),
        Value::Object(keys),
        json!({"customerId": "\u{202e}", "value": null}),
    ] {
        for problem in problems(Operation::CustomerAliasCreate, Version::LATEST, &body) {
            assert!(problem.len() < 300, "{problem:.300}");
            assert!(!problem.contains('\u{0}'));
        }
    }
    for bytes in [
        &b"\xff\xfe"[..],
        b"{\"customerId\": \"\xff\"}",
        b"\xef\xbb\xbf{}",
        b"{\"a\": 1e999}",
        b"{} {}",
        b"\"\\ud800\"",
    ] {
        assert!(raw(Operation::CustomerAliasCreate, bytes)[0].starts_with("body: expected JSON"));
    }
    let map = after(
        Operation::CustomerCreate,
        "/customProperties",
        json!({&long: 1, "a.b": true}),
    );
    assert!(
        map.iter()
            .any(|problem| problem.starts_with("body.customProperties[\"a.b\"]: expected a text")),
        "{map:?}"
    );
    assert!(map.iter().all(|problem| problem.len() < 300));
}

#[test]
fn a_secret_is_not_shown() {
    let problems = after(
        Operation::NotificationPolicyCreate,
        "/webhookSecret",
        json!(918_273_645),
    );
    assert_eq!(problems, ["body.webhookSecret: expected a text, got a number."]);
}
