//! Billing products.

use sequencehq_emulator::contract::{Operation, Version};
use sequencehq_emulator::records::Kind;
use serde_json::{Value, json};

use super::billing_schedules::seed as schedule;
use super::prices::body;
use super::{Account, id, text};

/// A product with a price.
fn priced(account: &Account, product: &Value) -> (String, String) {
    let product = account.create(Operation::ProductCreate, product);
    let price = body(&product, json!({"pricingType": "FIXED", "price": "10.00"}));
    let price = account.create(Operation::PriceCreate, &price);
    (id(&product).to_owned(), id(&price).to_owned())
}

#[test]
fn products_are_billed_by_live_schedules() {
    let account = Account::new();
    let (api, first) = priced(&account, &json!({"name": "API", "label": "api"}));
    let (seats, second) = priced(&account, &json!({"name": "Seats"}));
    let (_, third) = priced(&account, &json!({"name": "Support"}));
    let names = |query: &str| {
        let page = account.ok(Operation::BillingProductList, &[], query, None);
        let items = page["items"].as_array().expect("a list has items").clone();
        assert_eq!(page["pagination"]["totalResultSize"], items.len());
        let names = items.iter().map(|item| text(item, "name").to_owned());
        names.collect::<Vec<_>>()
    };
    assert_eq!(names(""), Vec::<String>::new());
    for status in ["DRAFT", "COMPLETED", "CANCELLED"] {
        schedule(&account, status, status, &[&third]);
    }
    assert_eq!(names(""), Vec::<String>::new());
    schedule(&account, "a", "PENDING", &[&first]);
    schedule(&account, "b", "ACTIVE", &[&first, &second]);
    assert_eq!(names(""), ["Seats", "API"]);
    account.ok(Operation::ProductArchive, &[("id", &seats)], "", None);
    let response = account.call(Operation::BillingProductList, &[], "", None);
    assert_eq!(response.assumed.to_string(), "A1, A15");
    let items = response.json_body()["items"].clone();
    let price = account.get(Operation::PriceGet, &first);
    assert_eq!(
        items[1],
        json!({
            "id": api, "name": "API", "label": "api", "sequenceAccountId": items[1]["sequenceAccountId"], "prices": [price],
            "recognitionMethod": "STRAIGHT_LINE", "createdAt": "2026-01-01T12:00:00Z", "updatedAt": "2026-01-01T12:00:00Z",
        })
    );
    assert_eq!(
        (text(&items[0], "id"), text(&items[0], "label")),
        (seats.as_str(), "Seats")
    );
}

#[test]
fn billing_products_are_filtered() {
    let account = Account::new();
    let (_, one) = priced(
        &account,
        &json!({"name": "API calls", "taxCategoryId": "digital"}),
    );
    let (product, two) = priced(&account, &json!({"name": "Seats"}));
    schedule(&account, "a", "ACTIVE", &[&one, &two]);
    let stored = account
        .world
        .store()
        .read(|state| state.map(Kind::Product, &product));
    let mut usage = Value::from(stored.expect("a product"));
    usage["recognitionMethod"] = "USAGE".into();
    account.seed(Kind::Product, usage);
    // A replacement keeps what the API cannot set.
    account.ok(
        Operation::ProductUpdate,
        &[("id", &product)],
        "",
        Some(&json!({"name": "Seats"})),
    );
    for (query, expected) in [
        ("name=CALLS", ["API calls"].as_slice()),
        ("taxCategoryId=digital,other", &["API calls"]),
        ("taxCategoryId=other", &[]),
        ("recognitionMethod=USAGE", &["Seats"]),
        ("recognitionMethod=STRAIGHT_LINE,USAGE", &["Seats", "API calls"]),
        ("recognitionMethod=MILESTONE", &[]),
        ("name=s&recognitionMethod=STRAIGHT_LINE", &["API calls"]),
    ] {
        let page = account.ok(Operation::BillingProductList, &[], query, None);
        let items = page["items"].as_array().expect("a list has items");
        let names: Vec<&str> = items.iter().map(|item| text(item, "name")).collect();
        assert_eq!(names, expected, "{query}");
    }
}

#[test]
fn older_versions_have_neither_method_nor_filters() {
    let mut account = Account::new();
    let (_, price) = priced(&account, &json!({"name": "API"}));
    schedule(&account, "a", "ACTIVE", &[&price]);
    account.version = Version::parse("2024-05-09").expect("a version");
    let page = account.ok(Operation::BillingProductList, &[], "", None);
    let item = &page["items"][0];
    assert_eq!(item.get("recognitionMethod"), None);
    assert_eq!(
        item["prices"][0].get("status"),
        None,
        "the price has the shape of the version"
    );
    let refused = account.refused(Operation::BillingProductList, &[], "name=x", None);
    assert_eq!(refused.status, 400);
}
