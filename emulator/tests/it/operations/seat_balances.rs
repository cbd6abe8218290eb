//! Seat balances.

use sequencehq_emulator::contract::{Operation, Version};
use serde_json::{Value, json};

use super::{Account, id, text};

fn report(account: &Account, alias: &str, seat_type: &str, at: &str, total: i64) {
    let body = json!({"customerAlias": alias, "seatType": seat_type, "eventTimestamp": at, "total": total});
    account.create(Operation::SeatEventCreate, &body);
}

fn items(account: &Account, query: &str) -> Vec<Value> {
    let page = account.ok(Operation::SeatBalanceList, &[], query, None);
    let items = page["items"].as_array().expect("a list has items").clone();
    assert_eq!(page["pagination"], json!({"totalResultSize": items.len()}));
    items
}

#[test]
fn balances_are_the_latest_totals_by_type() {
    let account = Account::new();
    let acme = account.customer("Acme Ltd", "acme");
    report(&account, "acme", "viewer", "2025-12-01T00:00:00Z", 9);
    report(&account, "acme", "admin", "2025-12-03T00:00:00Z", 5);
    report(&account, "acme", "admin", "2025-12-02T00:00:00Z", 7);
    report(&account, "acme", "admin", "2025-12-04T00:00:00Z", 5);
    report(&account, "acme", "admin", "2026-01-02T00:00:00Z", 100);
    report(&account, "unmapped", "admin", "2025-12-01T00:00:00Z", 3);
    let response = account.call(Operation::SeatBalanceList, &[], "", None);
    assert_eq!(response.assumed.to_string(), "");
    assert_eq!(
        response.json_body()["items"],
        json!([{
            "id": acme["id"], "sequenceAccountId": account.ok(Operation::AccountList, &[], "", None)["items"][0]["id"],
            "legalName": "Acme Ltd", "customerAliases": [acme["id"], "acme"], "total": 14,
            "changeTimestamp": "2025-12-03T00:00:00Z",
            "balances": [
                {"seatType": "admin", "total": 5, "changeTimestamp": "2025-12-03T00:00:00Z"},
                {"seatType": "viewer", "total": 9, "changeTimestamp": "2025-12-01T00:00:00Z"},
            ],
        }])
    );
    account
        .world
        .advance_to("2026-01-02".parse().expect("a date"))
        .expect("forward");
    assert_eq!(items(&account, "")[0]["total"], 109);
}

#[test]
fn aliases_of_a_customer_are_summed() {
    let account = Account::new();
    let acme = account.customer("Acme Ltd", "acme");
    report(&account, "acme", "admin", "2025-12-01T00:00:00Z", 2);
    report(&account, id(&acme), "admin", "2025-12-02T00:00:00Z", 3);
    let response = account.call(Operation::SeatBalanceList, &[], "", None);
    assert_eq!(response.assumed.to_string(), "A34");
    let balance = &response.json_body()["items"][0];
    assert_eq!(
        (&balance["total"], text(balance, "changeTimestamp")),
        (&json!(5), "2025-12-02T00:00:00Z")
    );
}

#[test]
fn customers_are_filtered() {
    let account = Account::new();
    let (a, b) = (account.customer("A", "a"), account.customer("B", "b"));
    let none = account.customer("None", "none");
    let past = "2025-12-01T00:00:00Z";
    report(&account, "a", "admin", past, 2);
    report(&account, "b", "admin", past, 0);
    report(&account, "none", "admin", "2026-02-01T00:00:00Z", 5);
    for (query, expected) in [
        (String::new(), vec!["B", "A"]),
        ("excludeZeroQuantity=false".to_owned(), vec!["B", "A"]),
        ("excludeZeroQuantity=true".to_owned(), vec!["A"]),
        (format!("customerIds={},{}", id(&a), id(&none)), vec!["A"]),
        (format!("customerAliases={},a", id(&b)), vec!["B", "A"]),
        (format!("customerAliases=a&customerIds={}", id(&b)), vec![]),
        ("customerAliases=unknown".to_owned(), vec![]),
    ] {
        let found = items(&account, &query);
        let names: Vec<&str> = found.iter().map(|item| text(item, "legalName")).collect();
        assert_eq!(names, expected, "{query}");
    }
    let many = format!("customerIds={}", vec!["x"; 26].join(","));
    let refused = account.refused(Operation::SeatBalanceList, &[], &many, None);
    assert_eq!(refused.status, 400);
    assert!(
        refused.message.starts_with("query.customerIds:"),
        "{}",
        refused.message
    );
}

#[test]
fn more_seats_than_an_integer_holds_are_refused() {
    let account = Account::new();
    account.customer("Acme Ltd", "acme");
    report(&account, "acme", "admin", "2025-12-01T00:00:00Z", i64::MAX);
    assert_eq!(items(&account, "")[0]["total"], i64::MAX);
    report(&account, "acme", "viewer", "2025-12-01T00:00:00Z", 1);
    let refused = account.refused(Operation::SeatBalanceList, &[], "", None);
    assert_eq!((refused.status, refused.kind.as_str()), (400, "IllegalState"));
}

#[test]
fn balances_of_the_oldest_version_have_the_same_shape() {
    let mut account = Account::new();
    account.customer("Acme Ltd", "acme");
    report(&account, "acme", "admin", "2025-12-01T00:00:00Z", 2);
    let latest = items(&account, "");
    account.version = Version::all().next().expect("there are versions");
    assert_eq!(items(&account, "customerAliases=acme"), latest);
    let refused = account.refused(Operation::SeatBalanceList, &[], "customerIds=x", None);
    assert_eq!(refused.status, 400);
}
