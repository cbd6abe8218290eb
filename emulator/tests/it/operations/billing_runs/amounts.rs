//! Discounts, minimums and taxes on invoices of schedules.

use sequencehq_emulator::contract::Operation;
use serde_json::{Value, json};

use super::{Story, id, tax_rate, text};

fn totals(invoice: &Value) -> [&str; 3] {
    ["netTotal", "totalTax", "grossTotal"].map(|name| text(invoice, name))
}

#[test]
fn each_price_has_its_tax_rate() {
    let story = Story::new();
    let rate = tax_rate(&story.account);
    story.price("books", |price| price["structure"]["price"] = "5.00".into());
    story.create(|body| {
        body["taxRates"] = json!([{"priceId": "base", "taxRateId": rate}]);
        body["phases"][0]["priceIds"] = json!(["base", "books"]);
    });
    let invoice = story.newest();
    assert_eq!(totals(&invoice), ["15.00", "2.00", "17.00"]);
    let refused = story
        .account
        .refused(Operation::TaxRateDelete, &[("id", &rate)], "", None);
    assert_eq!(refused.assumed, "A70");
}

#[test]
fn exempt_customers_pay_no_tax() {
    let story = Story::new();
    let rate = tax_rate(&story.account);
    let exempt = json!({
        "legalName": "Charity", "taxStatus": "TAX_EXEMPT",
        "address": {"line1": "1", "town": "London", "postcode": "E1 6AN", "country": "GB"},
        "contacts": [{"name": "A", "email": "a@x.example", "billingPreference": "PRIMARY"}],
    });
    let exempt = story.account.create(Operation::CustomerCreate, &exempt);
    story.create(|body| {
        body["customerId"] = exempt["id"].clone();
        body["taxRates"] = json!([{"priceId": "base", "taxRateId": rate}]);
    });
    let invoice = story.newest();
    assert_eq!(totals(&invoice), ["10.00", "0.00", "10.00"]);
    let path = [("id", text(&invoice, "id"))];
    let response = story.account.call(Operation::InvoiceGet, &path, "", None);
    assert!(
        response.assumed.to_string().contains("A53"),
        "{}",
        response.assumed
    );
}

#[test]
fn discounts_lower_rates_or_have_lines_of_their_own() {
    let story = Story::new();
    story.price("books", |price| price["structure"]["price"] = "5.00".into());
    story.create(|body| {
        body["phases"][0]["priceIds"] = json!(["base", "books"]);
        body["phases"][0]["discounts"] = json!([
            {"type": "PERCENTAGE", "amount": 10, "message": "10 % off", "separateLineItem": false, "restrictToPrices": ["base"]},
            {"type": "NOMINAL", "amount": 2.5, "message": "Welcome", "separateLineItem": true},
        ]);
    });
    assert_eq!(
        story.lines(&story.newest()),
        [
            "base: 1 × 9.00 = 9.00, 01-01 to 01-31",
            "books: 1 × 5.00 = 5.00, 01-01 to 01-31",
            "Welcome: 1 × -2.50 = -2.50",
        ]
    );
}

#[test]
fn a_nominal_discount_and_a_minimum_count_once_in_each_period() {
    let story = Story::new();
    story.arrears("late", json!({"pricingType": "FIXED", "price": "7.00"}));
    story.create(|body| {
        body["phases"][0]["priceIds"] = json!(["base", "late"]);
        body["phases"][0]["endDate"] = "2026-02-28".into();
        body["phases"][0]["minimums"] = json!([{"amount": 20}]);
        body["phases"][0]["discounts"] =
            json!([{"type": "NOMINAL", "amount": 1, "message": "1 off", "separateLineItem": true}]);
    });
    story.advance("2026-03-01");
    let lines: Vec<Vec<String>> = story
        .invoices()
        .iter()
        .map(|invoice| story.lines(invoice))
        .collect();
    assert_eq!(
        lines,
        [
            vec![
                "base: 1 × 10.00 = 10.00, 01-01 to 01-31",
                "1 off: 1 × -1.00 = -1.00"
            ],
            vec![
                "base: 1 × 10.00 = 10.00, 02-01 to 02-28",
                "late: 1 × 7.00 = 7.00, 01-01 to 01-31",
                "1 off: 1 × -1.00 = -1.00",
                "Minimum: 1 × 4.00 = 4.00",
            ],
            vec![
                "late: 1 × 7.00 = 7.00, 02-01 to 02-28",
                "Minimum: 1 × 13.00 = 13.00"
            ],
        ]
    );
}

#[test]
fn terms_of_prices_of_one_kind_come_with_these() {
    let story = Story::new();
    story.arrears("late", json!({"pricingType": "FIXED", "price": "7.00"}));
    story.create(|body| {
        body["phases"][0]["priceIds"] = json!(["base", "late"]);
        body["phases"][0]["endDate"] = "2026-01-31".into();
        body["phases"][0]["minimums"] = json!([{"amount": 20, "restrictToPrices": ["base"]}]);
        body["phases"][0]["discounts"] = json!([
            {"type": "NOMINAL", "amount": 1, "message": "1 off", "separateLineItem": true, "restrictToPrices": ["late"]},
        ]);
    });
    story.advance("2026-02-01");
    assert_eq!(
        story.billed(),
        ["DRAFT 2026-01-01 20.00", "DRAFT 2026-02-01 6.00"]
    );
}

#[test]
fn the_minimum_of_a_stub_is_prorated() {
    let story = Story::new();
    story.arrears("late", json!({"pricingType": "FIXED", "price": "1.00"}));
    story.create(|body| {
        body["recurrenceDayOfMonth"] = 11.into();
        body["phases"][0]["priceIds"] = json!(["late"]);
        body["phases"][0]["minimums"] = json!([{"amount": 31}]);
    });
    // 10 of the 31 days from 11 December to 10 January.
    assert_eq!(
        story.lines(&story.newest()),
        [
            "late: 1 × 1.00 = 1.00, 01-01 to 01-10",
            "Minimum: 1 × 9.00 = 9.00"
        ]
    );
}

#[test]
fn the_minimum_of_a_period_that_is_billed_in_parts_counts_once() {
    for prices in [["late", "seats"], ["seats", "late"]] {
        let story = Story::new();
        let metric = json!({"seatType": "admin", "label": "Admins"});
        let metric = story.account.create(Operation::SeatMetricCreate, &metric);
        for (name, structure) in [
            ("late", json!({"pricingType": "FIXED", "price": "1.00"})),
            (
                "seats",
                json!({
                    "pricingType": "SEAT_BASED", "seatMetricId": id(&metric), "pricePerSeat": "12.00", "tiers": [],
                    "prorationStrategy": "USE_MAXIMUM", "contractedMinimumSeats": 0,
                    "overagesBillingFrequency": "MONTHLY",
                }),
            ),
        ] {
            story.price(name, |price| {
                price["billingType"] = "IN_ARREARS".into();
                price["billingFrequency"] = "QUARTERLY".into();
                price["structure"] = structure;
            });
        }
        story.create(|body| {
            body["phases"][0]["priceIds"] = json!(prices);
            body["phases"][0]["minimums"] = json!([{"amount": 90}]);
        });
        story.advance("2026-04-01");
        let drafts = story.billed().into_iter().filter(|one| one.starts_with("DRAFT"));
        let mut drafts: Vec<String> = drafts.collect();
        drafts.sort();
        // The quarter has 31, 28 and 31 days.
        assert_eq!(
            drafts,
            [
                "DRAFT 2026-02-01 31.00",
                "DRAFT 2026-03-01 28.00",
                "DRAFT 2026-04-01 31.00"
            ]
        );
    }
}

#[test]
fn a_discount_counts_in_its_validity() {
    let story = Story::new();
    let schedule = story.create(|body| {
        body["phases"][0]["discounts"] =
            json!([{"type": "PERCENTAGE", "amount": 50, "message": "half", "separateLineItem": false}]);
    });
    let discount = &schedule["phases"][0]["discounts"][0];
    let body = json!({
        "billingScheduleId": schedule["id"], "priceIds": [], "separateLineItem": false, "amount": 50,
        "discountCalculationType": "PERCENTAGE", "message": "half", "validTo": "2026-02-28",
    });
    let path = [("id", text(discount, "id"))];
    story
        .account
        .ok(Operation::DiscountUpdate, &path, "", Some(&body));
    story.advance("2026-03-01");
    let expected = [
        "DRAFT 2026-01-01 5.00",
        "DRAFT 2026-02-01 5.00",
        "DRAFT 2026-03-01 10.00",
    ];
    assert_eq!(story.billed(), expected);
}
