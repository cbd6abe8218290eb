//! What is refused, by `create` and by `validate_taxes` alike.

use sequencehq_emulator::contract::Operation;
use sequencehq_emulator::records::Kind;
use serde_json::{Value, json};

use super::{Story, tax_rate};

fn refused(story: &Story, change: impl FnOnce(&mut Value)) -> (u16, String, String) {
    let mut body = story.body();
    change(&mut body);
    let [created, validated] = [
        Operation::BillingScheduleCreate,
        Operation::BillingScheduleValidateTaxes,
    ]
    .map(|operation| story.account.refused(operation, &[], "", Some(&body)));
    assert_eq!(created.message, validated.message);
    (created.status, created.message, created.assumed)
}

#[track_caller]
fn check(story: &Story, (place, value): (&str, Value), (path, assumed): (&str, &str)) {
    let (status, message, named) = refused(story, |body| {
        let (parent, field) = place.rsplit_once('/').expect("a pointer");
        body.pointer_mut(parent).expect("the parent exists")[field] = value;
    });
    assert_eq!((status, named.as_str()), (400, assumed), "{message}");
    assert!(message.starts_with(path), "{message}");
}

#[test]
fn references_lead_to_something() {
    let story = Story::new();
    let rate = tax_rate(&story.account);
    for (place, value, path) in [
        ("/customerId", json!("x"), "body.customerId:"),
        (
            "/phases/0/priceIds",
            json!(["base", "x"]),
            "body.phases[0].priceIds[1]:",
        ),
        (
            "/phases/0/listPriceIds",
            json!(["x"]),
            "body.phases[0].listPriceIds[0]:",
        ),
        (
            "/taxRates",
            json!([{"priceId": "x", "taxRateId": rate}]),
            "body.taxRates[0].priceId:",
        ),
        (
            "/taxRates",
            json!([{"priceId": "base", "taxRateId": "x"}]),
            "body.taxRates[0].taxRateId:",
        ),
        (
            "/phases/0/minimums",
            json!([{"amount": 1, "restrictToPrices": ["x"]}]),
            "body.phases[0].minimums[0].restrictToPrices[0]:",
        ),
        (
            "/phases/0/discounts",
            json!([{"type": "NOMINAL", "amount": 1, "message": "m", "separateLineItem": true, "restrictToPrices": ["base", "x"]}]),
            "body.phases[0].discounts[0].restrictToPrices[1]:",
        ),
    ] {
        check(&story, (place, value), (path, "A4"));
    }
}

#[test]
fn dates_and_phases_are_in_order() {
    let story = Story::new();
    let phases = |dates: &[(&str, Option<&str>)]| {
        let phase = |(start, end): &(&str, Option<&str>)| json!({"priceIds": ["base"], "startDate": start, "endDate": end});
        dates.iter().map(phase).collect::<Value>()
    };
    for (place, value, path, assumed) in [
        ("/endDate", json!("2025-12-31"), "body.endDate:", ""),
        (
            "/recurrenceDayOfMonth",
            json!(0),
            "body.recurrenceDayOfMonth:",
            "",
        ),
        (
            "/recurrenceDayOfMonth",
            json!(32),
            "body.recurrenceDayOfMonth:",
            "",
        ),
        (
            "/recurrenceDayOfMonth",
            json!(-1),
            "body.recurrenceDayOfMonth:",
            "",
        ),
        ("/defaultDueDateDays", json!(-1), "body.defaultDueDateDays:", ""),
        ("/phases", json!([]), "body.phases:", ""),
        (
            "/phases",
            phases(&[("2026-01-02", Some("2026-01-01"))]),
            "body.phases[0].endDate:",
            "",
        ),
        (
            "/phases",
            phases(&[("2026-01-01", Some("2026-01-31")), ("2026-02-02", None)]),
            "body.phases[1].startDate:",
            "A43",
        ),
        (
            "/phases",
            phases(&[("2026-01-01", Some("2026-01-31")), ("2026-01-31", None)]),
            "body.phases[1].startDate:",
            "A43",
        ),
        (
            "/phases",
            phases(&[("2026-01-01", None), ("2026-02-01", None)]),
            "body.phases[1].startDate:",
            "A43",
        ),
    ] {
        check(&story, (place, value), (path, assumed));
    }
}

#[test]
fn all_prices_are_in_one_currency() {
    let story = Story::new();
    story.price("euro", |price| price["currency"] = "EUR".into());
    story.account.seed(
        Kind::ListPrice,
        json!({"id": "list", "productId": "product", "currency": "EUR"}),
    );
    for (phases, path) in [
        (
            json!([{"priceIds": ["base", "euro"], "startDate": "2026-01-01"}]),
            "body.phases[0].priceIds[1]:",
        ),
        (
            json!([
                {"priceIds": ["base"], "startDate": "2026-01-01", "endDate": "2026-01-31"},
                {"priceIds": ["euro"], "startDate": "2026-02-01"},
            ]),
            "body.phases[1].priceIds[0]:",
        ),
        (
            json!([{"priceIds": ["base"], "listPriceIds": ["list"], "startDate": "2026-01-01"}]),
            "body.phases[0].listPriceIds[0]:",
        ),
    ] {
        check(&story, ("/phases", phases), (path, "A16"));
    }
    story.create(|body| body["phases"][0]["priceIds"] = json!(["euro"]));
}

#[test]
fn terms_make_sense() {
    let story = Story::new();
    let rate = tax_rate(&story.account);
    let discount = |calculation: &str, amount: f64| json!([{"type": calculation, "amount": amount, "message": "m", "separateLineItem": true}]);
    let taxed = json!({"priceId": "base", "taxRateId": rate});
    let metadata = json!([{"priceId": "calls", "arrCalculation": "INCLUDE"}]);
    let of_list = json!([{"listPriceId": "x", "arrCalculation": "INCLUDE"}]);
    for (place, value, path) in [
        (
            "/phases/0/discounts",
            discount("PERCENTAGE", 100.5),
            "body.phases[0].discounts[0].amount:",
        ),
        (
            "/phases/0/discounts",
            discount("NOMINAL", -1.0),
            "body.phases[0].discounts[0].amount:",
        ),
        (
            "/phases/0/minimums",
            json!([{"amount": 1}, {"amount": -0.01}]),
            "body.phases[0].minimums[1].amount:",
        ),
        ("/taxRates", json!([taxed, taxed]), "body.taxRates[1].priceId:"),
        (
            "/phases/0/phasePriceMetadata",
            metadata,
            "body.phases[0].phasePriceMetadata[0].priceId:",
        ),
        (
            "/phases/0/phaseListPriceMetadata",
            of_list,
            "body.phases[0].phaseListPriceMetadata[0].listPriceId:",
        ),
    ] {
        check(&story, (place, value), (path, ""));
    }
}

#[test]
fn a_draft_price_and_an_archived_product_are_not_used() {
    let story = Story::new();
    story.price("draft", |price| price["status"] = "DRAFT".into());
    story.account.seed(
        Kind::Product,
        json!({"id": "old", "archivedAt": "2026-01-01T00:00:00Z"}),
    );
    story.account.seed(
        Kind::ListPrice,
        json!({"id": "list", "productId": "old", "currency": "GBP"}),
    );
    check(
        &story,
        ("/phases/0/priceIds", json!(["draft"])),
        ("body.phases[0].priceIds[0]:", ""),
    );
    check(
        &story,
        ("/phases/0/listPriceIds", json!(["list"])),
        ("body.phases[0].listPriceIds[0]:", ""),
    );
}

#[test]
fn an_archived_customer_gets_no_new_schedule() {
    let story = Story::new();
    let schedule = story.create(|_| {});
    let path = [("id", story.customer.as_str())];
    story.account.ok(Operation::CustomerArchive, &path, "", None);
    let (status, message, assumed) = refused(&story, |_| {});
    assert_eq!((status, assumed.as_str()), (400, "A8"), "{message}");
    let refused = story.account.refused(
        Operation::BillingScheduleDuplicate,
        &[("billingScheduleId", super::id(&schedule))],
        "",
        Some(&json!({"customerId": story.customer})),
    );
    assert_eq!(refused.assumed, "A8");
    story.update(&schedule, |_| {});
    // What runs goes on, and shows that the customer is archived.
    story.advance("2026-02-01");
    assert_eq!(story.billed().len(), 2);
    assert_eq!(story.newest()["isCustomerArchived"], true);
}

#[test]
fn a_customer_that_is_a_draft_is_not_scheduled() {
    let story = Story::new();
    let path = [("id", story.customer.as_str())];
    let mut customer = story.account.ok(Operation::CustomerGet, &path, "", None);
    customer["status"] = "DRAFT".into();
    story
        .account
        .ok(Operation::CustomerUpdate, &path, "", Some(&customer));
    for is_draft in [false, true] {
        let (status, message, _) = refused(&story, |body| body["isDraft"] = is_draft.into());
        assert_eq!(status, 400);
        assert!(message.starts_with("body.customerId: "), "{message}");
    }
}

#[test]
fn files_are_not_emulated() {
    let story = Story::new();
    let (status, message, _) = refused(&story, |body| body["attachmentAssetIds"] = json!(["file"]));
    assert_eq!(status, 501, "{message}");
    story.create(|body| body["attachmentAssetIds"] = json!([]));
}

#[test]
fn validating_taxes_stores_nothing() {
    let story = Story::new();
    let before = story.account.world.store().read(|state| state.dump());
    let response = story.account.call(
        Operation::BillingScheduleValidateTaxes,
        &[],
        "",
        Some(&story.body()),
    );
    assert_eq!(response.status, 200);
    assert_eq!(story.account.world.store().read(|state| state.dump()), before);
}
