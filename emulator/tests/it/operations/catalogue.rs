//! Products and list prices.

use sequencehq_emulator::contract::Operation;
use serde_json::{Value, json};

use super::{Account, id, text};

fn price(product: &str) -> Value {
    json!({
        "productId": product, "name": "Base", "currency": "GBP", "billingFrequency": "MONTHLY", "billingType": "IN_ADVANCE",
        "structure": {"pricingType": "FIXED", "price": "10.00"}, "integrationIds": [], "customMetricParameters": [],
    })
}

#[test]
fn a_replacement_clears_what_it_leaves_out_and_keeps_what_the_server_owns() {
    let account = Account::new();
    let created = account.create(
        Operation::ProductCreate,
        &json!({"name": "API", "label": "old", "id": "mine"}),
    );
    assert_ne!(id(&created), "mine");
    account
        .world
        .advance_to("2026-01-02".parse().expect("a date"))
        .expect("forward");
    let updated = account.ok(
        Operation::ProductUpdate,
        &[("id", id(&created))],
        "",
        Some(&json!({"name": "API 2"})),
    );
    assert_eq!(updated.get("label"), None);
    assert_eq!(updated["createdAt"], created["createdAt"]);
    assert_eq!(text(&updated, "updatedAt"), "2026-01-02T12:00:00Z");
    assert_eq!(account.get(Operation::ProductGet, id(&created)), updated);
}

#[test]
fn archived_items_are_left_out_of_lists_and_stay_readable() {
    let account = Account::new();
    let product = account.create(Operation::ProductCreate, &json!({"name": "API"}));
    let created = account.create(Operation::ListPriceCreate, &price(id(&product)));
    let response = account.call(Operation::ListPriceList, &[], "", None);
    assert_eq!(response.assumed.to_string(), "", "nothing is archived yet");
    for _ in 0..2 {
        account.ok(Operation::ListPriceArchive, &[("id", id(&created))], "", None);
    }
    assert!(account.ids(Operation::ListPriceList, "").is_empty());
    let response = account.call(Operation::ListPriceList, &[], "", None);
    assert_eq!(response.assumed.to_string(), "A2");
    assert_eq!(
        account.ids(Operation::ListPriceList, "includeArchived=true"),
        [id(&created)]
    );
    assert_eq!(
        id(&account.get(Operation::ListPriceGet, id(&created))),
        id(&created)
    );
}

#[test]
fn an_archived_product_takes_no_new_prices_and_keeps_the_old_ones() {
    let account = Account::new();
    let product = account.create(Operation::ProductCreate, &json!({"name": "API"}));
    let created = account.create(Operation::ListPriceCreate, &price(id(&product)));
    account.ok(Operation::ProductArchive, &[("id", id(&product))], "", None);
    let refused = account.refused(Operation::ListPriceCreate, &[], "", Some(&price(id(&product))));
    assert_eq!(refused.kind, "IllegalState");
    account.ok(
        Operation::ListPriceUpdate,
        &[("id", id(&created))],
        "",
        Some(&price(id(&product))),
    );
}

#[test]
fn a_reference_to_nothing_is_refused_and_names_the_field() {
    let account = Account::new();
    let refused = account.refused(Operation::ListPriceCreate, &[], "", Some(&price("nothing")));
    assert_eq!((refused.status, refused.assumed.as_str()), (400, "A4"));
    assert!(
        refused.message.starts_with("body.productId:"),
        "{}",
        refused.message
    );
}

#[test]
fn usage_is_not_billed_in_advance() {
    let account = Account::new();
    let product = account.create(Operation::ProductCreate, &json!({"name": "API"}));
    let mut body = price(id(&product));
    body["structure"] = json!({"pricingType": "LINEAR", "usageMetricId": "m", "pricePerUnit": "1", "isPricePercentage": false});
    let refused = account.refused(Operation::ListPriceCreate, &[], "", Some(&body));
    assert!(
        refused.message.starts_with("body.billingType:"),
        "{}",
        refused.message
    );
}

#[test]
fn list_prices_are_filtered() {
    let account = Account::new();
    let product = account.create(Operation::ProductCreate, &json!({"name": "API"}));
    let other = account.create(Operation::ProductCreate, &json!({"name": "Seats"}));
    let one = account.create(Operation::ListPriceCreate, &price(id(&product)));
    let mut body = price(id(&other));
    body["currency"] = "EUR".into();
    let two = account.create(Operation::ListPriceCreate, &body);
    let ids = |query: &str| account.ids(Operation::ListPriceList, query);
    assert_eq!(ids(""), [id(&two), id(&one)]);
    assert_eq!(ids("currency=EUR"), [id(&two)]);
    assert_eq!(ids(&format!("productId={}", id(&product))), [id(&one)]);
    assert_eq!(ids("billingFrequency=YEARLY"), Vec::<String>::new());
    assert_eq!(account.ids(Operation::ProductList, "name=Seats"), [id(&other)]);

    let joined = account.call(Operation::ListPriceList, &[], "currency=EUR,GBP", None);
    assert_eq!(joined.json_body()["pagination"]["totalResultSize"], 2);
    assert_eq!(joined.assumed.to_string(), "A6");
}
