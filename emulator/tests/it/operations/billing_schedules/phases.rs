//! Phases with their discounts, minimums, and prices of list prices.

use sequencehq_emulator::contract::Operation;
use sequencehq_emulator::records::Discount;
use serde_json::{Value, json};

use super::super::{id, text};
use super::Story;

fn terms(body: &mut Value) {
    body["phases"] = json!([
        {
            "name": "Trial", "externalContractRef": "  C-1 ", "priceIds": ["base"], "startDate": "2026-01-01",
            "endDate": "2026-01-31", "phasePriceMetadata": [{"priceId": "base", "arrCalculation": "EXCLUDE"}],
            "discounts": [
                {"type": "PERCENTAGE", "amount": 12.5, "message": "first", "separateLineItem": true, "seatDiscountType": "OVERAGE_SEATS_ONLY"},
                {"type": "NOMINAL", "amount": 1.10, "message": "second", "separateLineItem": false, "restrictToPrices": ["base"]},
            ],
            "minimums": [{"amount": 99.95, "restrictToPrices": ["base"]}],
        },
        {"priceIds": ["base", "calls"], "startDate": "2026-02-01", "recurrencePreference": "RESET", "externalContractRef": " "},
    ]);
}

#[test]
fn phases_are_answered_with_their_terms() {
    let story = Story::new();
    let created = story.create(terms);
    let [first, second] = [0, 1].map(|place| &created["phases"][place]);
    for (field, value) in [
        ("name", json!("Trial")),
        ("externalContractRef", json!("C-1")),
        ("billingScheduleId", created["id"].clone()),
        ("priceIds", json!(["base"])),
        ("startDate", json!("2026-01-01")),
        ("endDate", json!("2026-01-31")),
        ("recurrencePreference", json!("CONTINUE_FROM_PREVIOUS_PHASE")),
        (
            "phasePriceMetadata",
            json!([{"priceId": "base", "arrCalculation": "EXCLUDE"}]),
        ),
        ("creditGrants", json!([])),
    ] {
        assert_eq!(first[field], value, "{field}");
    }
    let discounts = first["discounts"].as_array().expect("discounts");
    let shown: Vec<_> = discounts
        .iter()
        .map(|one| {
            let fields = ["message", "type", "seatDiscountType"].map(|field| text(one, field));
            (fields, one["amount"].clone(), one["restrictToPrices"].clone())
        })
        .collect();
    assert_eq!(
        shown,
        [
            (
                ["first", "PERCENTAGE", "OVERAGE_SEATS_ONLY"],
                json!(12.5),
                json!([])
            ),
            (["second", "NOMINAL", "ALL_SEATS"], json!(1.1), json!(["base"])),
        ]
    );
    let minimum = &first["minimums"][0];
    assert_eq!(
        (&minimum["amount"], &minimum["restrictToPrices"], id(first)),
        (&json!(99.95), &json!(["base"]), text(minimum, "phaseId"))
    );
    assert_eq!(
        (
            text(second, "recurrencePreference"),
            second.get("endDate"),
            second.get("externalContractRef")
        ),
        ("RESET", None, None)
    );
}

#[test]
fn discounts_of_phases_are_the_ones_of_the_other_operations() {
    let story = Story::new();
    let created = story.create(terms);
    let embedded = &created["phases"][0]["discounts"][0];
    let path = [("id", id(embedded))];
    let mut discount = story.account.get(Operation::DiscountGet, id(embedded));
    assert_eq!(
        (text(&discount, "billingScheduleId"), text(&discount, "phaseId")),
        (id(&created), id(&created["phases"][0]))
    );
    discount["amount"] = json!(15);
    story
        .account
        .ok(Operation::DiscountUpdate, &path, "", Some(&discount));
    assert_eq!(
        story.read(&created)["phases"][0]["discounts"][0]["amount"],
        json!(15)
    );
    story.account.ok(Operation::DiscountDelete, &path, "", None);
    let left = story.read(&created)["phases"][0]["discounts"].clone();
    assert_eq!(left.as_array().map(Vec::len), Some(1));
    assert_eq!(text(&left[0], "message"), "second");
}

#[test]
fn a_replacement_keeps_the_phases_that_start_on_the_same_days_and_renews_discounts() {
    let story = Story::new();
    let created = story.create(terms);
    story.advance("2026-01-05");
    let updated = story.update(&created, |body| {
        terms(body);
        body["phases"][0]["endDate"] = "2026-02-28".into();
        body["phases"][0]["discounts"]
            .as_array_mut()
            .expect("a list")
            .pop();
        body["phases"][1]["startDate"] = "2026-03-01".into();
    });
    let phases = |schedule: &Value, place: usize| schedule["phases"][place].clone();
    assert_eq!(id(&phases(&updated, 0)), id(&phases(&created, 0)));
    assert_eq!(phases(&updated, 0)["createdAt"], phases(&created, 0)["createdAt"]);
    assert_ne!(id(&phases(&updated, 1)), id(&phases(&created, 1)));
    let ids = story.account.ids(Operation::DiscountList, "");
    let discount = &phases(&updated, 0)["discounts"][0];
    assert_eq!(ids, [id(discount)]);
}

#[test]
fn a_discount_of_the_whole_schedule_is_in_no_phase_and_stays() {
    let story = Story::new();
    let created = story.create(terms);
    let embedded = &created["phases"][0]["discounts"][0];
    let freed = story.account.world.control(|tx| {
        let free = |discount: &mut Discount| discount.phase_id = None;
        tx.update(id(embedded), free).ok_or(())
    });
    assert!(freed.is_ok());
    let updated = story.update(&created, |_| {});
    assert_eq!(updated["phases"][0]["discounts"], json!([]));
    let left = story.account.ids(Operation::DiscountList, "");
    assert_eq!(left, [id(embedded)]);
}

#[test]
fn list_prices_become_prices_of_the_phase() {
    let story = Story::new();
    let product = story
        .account
        .create(Operation::ProductCreate, &json!({"name": "API"}));
    let list_price = story.account.create(
        Operation::ListPriceCreate,
        &json!({
            "productId": id(&product), "name": "Seats", "currency": "GBP", "billingFrequency": "YEARLY",
            "billingType": "IN_ADVANCE", "structure": {"pricingType": "FIXED", "price": "120.00"},
            "integrationIds": [], "customMetricParameters": [],
        }),
    );
    let created = story.create(|body| {
        body["phases"][0]["listPriceIds"] = json!([id(&list_price)]);
        body["phases"][0]["phaseListPriceMetadata"] =
            json!([{"listPriceId": id(&list_price), "arrCalculation": "INCLUDE"}]);
    });
    let phase = &created["phases"][0];
    let price = &created["prices"][1];
    assert_eq!(phase["priceIds"], json!(["base", id(price)]));
    assert_eq!(
        phase["phasePriceMetadata"],
        json!([{"priceId": id(price), "arrCalculation": "INCLUDE"}])
    );
    for (field, value) in [
        ("listPriceId", list_price["id"].clone()),
        ("productId", product["id"].clone()),
        ("name", json!("Seats")),
        ("currency", json!("GBP")),
        ("billingFrequency", json!("YEARLY")),
        ("billingType", json!("IN_ADVANCE")),
        ("status", json!("ACTIVE")),
        ("structure", json!({"pricingType": "FIXED", "price": "120.00"})),
    ] {
        assert_eq!(price[field], value, "{field}");
    }
    assert_ne!(id(price), id(&list_price));
}
