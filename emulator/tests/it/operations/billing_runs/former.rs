//! What new terms leave of a period that is not over: by which terms the days before are billed.

use serde_json::{Value, json};

use super::{Story, tax_rate, text};

/// An account with the usage prices `calls` at 0.10 and `dear` at 1.00, of one metric.
fn story() -> Story {
    let story = Story::new();
    let metric = story.metric(|_| {});
    story.linear("calls", &metric);
    story.arrears(
        "dear",
        json!({"pricingType": "LINEAR", "pricePerUnit": "1", "usageMetricId": metric, "isPricePercentage": false}),
    );
    story
}

fn half_off(restriction: &[&str]) -> Value {
    json!([{
        "type": "PERCENTAGE", "amount": 50, "message": "half", "separateLineItem": true, "restrictToPrices": restriction,
    }])
}

/// Net total and tax of the invoice that is due on 1 February.
#[track_caller]
fn february(story: &Story) -> (String, String) {
    story.advance("2026-02-01");
    let invoices = story.invoices();
    let invoice = invoices
        .iter()
        .find(|one| one["accountingDate"] == "2026-02-01")
        .expect("an invoice");
    (
        text(invoice, "netTotal").to_owned(),
        text(invoice, "totalTax").to_owned(),
    )
}

#[test]
fn a_price_that_is_left_out_keeps_its_tax_rate() {
    let story = story();
    let rate = tax_rate(&story.account);
    let terms = |price: &'static str| {
        let taxes = json!([{"priceId": price, "taxRateId": rate}]);
        move |body: &mut Value| {
            body["taxRates"] = taxes;
            body["phases"][0]["priceIds"] = json!([price]);
        }
    };
    let schedule = story.create(terms("calls"));
    story.use_calls("2026-01-05T00:00:00Z", json!({"n": 10}));
    story.advance("2026-01-16");
    story.update(&schedule, terms("dear"));
    story.use_calls("2026-01-20T00:00:00Z", json!({"n": 10}));
    assert_eq!(february(&story), ("11.00".to_owned(), "2.20".to_owned()));
}

#[test]
fn a_continuing_price_has_the_new_tax_rate_for_all_of_its_period() {
    let story = story();
    let rate = tax_rate(&story.account);
    let schedule = story.create(|body| {
        body["taxRates"] = json!([{"priceId": "calls", "taxRateId": rate}]);
        body["phases"][0]["priceIds"] = json!(["calls"]);
    });
    story.use_calls("2026-01-05T00:00:00Z", json!({"n": 10}));
    story.advance("2026-01-16");
    story.update(&schedule, |body| body["phases"][0]["priceIds"] = json!(["calls"]));
    assert_eq!(february(&story), ("1.00".to_owned(), "0.00".to_owned()));
}

#[test]
fn a_price_that_is_left_out_keeps_the_discount_and_minimum_that_were_for_it_alone() {
    let story = story();
    let schedule = story.create(|body| {
        body["phases"][0]["priceIds"] = json!(["calls"]);
        body["phases"][0]["discounts"] = half_off(&["calls"]);
        body["phases"][0]["minimums"] = json!([{"amount": 62, "restrictToPrices": ["calls"]}]);
    });
    story.use_calls("2026-01-05T00:00:00Z", json!({"n": 10}));
    story.advance("2026-01-16");
    for _ in 0..2 {
        story.update(&schedule, |body| body["phases"][0]["priceIds"] = json!(["dear"]));
    }
    story.use_calls("2026-01-20T00:00:00Z", json!({"n": 3}));
    story.advance("2026-02-01");
    assert_eq!(
        story.lines(&story.invoices()[0]),
        [
            "calls: 10 × 0.10 = 1.00, 01-01 to 01-15",
            "dear: 3 × 1 = 3.00, 01-16 to 01-31",
            "half: 1 × -0.50 = -0.50",
            "Minimum: 1 × 29.50 = 29.50",
        ]
    );
}

#[test]
fn a_nominal_discount_that_came_in_advance_does_not_come_again() {
    let story = story();
    let schedule = story.create(|body| {
        body["phases"][0]["priceIds"] = json!(["base", "calls"]);
        body["phases"][0]["discounts"] = json!([{
            "type": "NOMINAL", "amount": 1, "message": "1 off", "separateLineItem": true,
            "restrictToPrices": ["base", "calls"],
        }]);
    });
    assert_eq!(story.billed()[0], "DRAFT 2026-01-01 9.00");
    story.use_calls("2026-01-05T00:00:00Z", json!({"n": 30}));
    story.advance("2026-01-16");
    story.update(&schedule, |body| body["phases"][0]["priceIds"] = json!(["dear"]));
    assert_eq!(february(&story).0, "3.00");
}

#[test]
fn a_discount_that_the_new_terms_repeat_is_not_given_twice() {
    let story = story();
    let terms = |price: &'static str| {
        move |body: &mut Value| {
            body["phases"][0]["priceIds"] = json!([price]);
            body["phases"][0]["discounts"] = half_off(&["calls"]);
        }
    };
    let schedule = story.create(terms("calls"));
    story.use_calls("2026-01-05T00:00:00Z", json!({"n": 10}));
    story.advance("2026-01-16");
    story.update(&schedule, terms("dear"));
    assert_eq!(february(&story).0, "0.50");
}

#[test]
fn a_phase_that_is_gone_bills_its_days_by_its_own_terms() {
    let story = story();
    let schedule = story.create(|body| {
        body["phases"][0]["priceIds"] = json!(["calls"]);
        body["phases"][0]["discounts"] = half_off(&[]);
        body["phases"][0]["minimums"] = json!([{"amount": 31}]);
    });
    story.use_calls("2026-01-05T00:00:00Z", json!({"n": 100}));
    story.advance("2026-01-16");
    story.use_calls("2026-01-16T00:00:00Z", json!({"n": 100}));
    story.update(&schedule, |body| {
        body["startDate"] = "2026-01-16".into();
        body["phases"][0] = json!({"priceIds": ["calls"], "startDate": "2026-01-16"});
    });
    story.advance("2026-02-16");
    let invoices = story.invoices();
    // Half of 10.00, and 15 of 31 days of the minimum.
    assert_eq!(
        story.lines(&invoices[0]),
        [
            "calls: 100 × 0.10 = 10.00, 01-01 to 01-15",
            "half: 1 × -5.00 = -5.00",
            "Minimum: 1 × 10.00 = 10.00",
        ]
    );
    assert_eq!(
        story.lines(&invoices[1]),
        ["calls: 100 × 0.10 = 10.00, 01-16 to 02-15"]
    );
}

#[test]
fn the_minimum_of_a_period_in_parts_is_that_of_all_its_days() {
    for prices in [["calls", "dear"], ["dear", "calls"]] {
        let story = story();
        let terms = |prices: &[&str]| {
            let prices = json!(prices);
            move |body: &mut Value| {
                body["phases"][0]["priceIds"] = prices;
                body["phases"][0]["minimums"] = json!([{"amount": 200}]);
            }
        };
        let schedule = story.create(terms(&prices[..1]));
        story.use_calls("2026-01-05T00:00:00Z", json!({"n": 10}));
        story.advance("2026-01-16");
        // One price beside the other, and then in place of it.
        story.update(&schedule, terms(&prices));
        story.update(&schedule, terms(&prices[1..]));
        assert_eq!(february(&story).0, "200.00", "{prices:?}");
    }
}

#[test]
fn days_on_which_a_price_was_left_out_stay_unbilled() {
    let story = story();
    story.arrears("late", json!({"pricingType": "FIXED", "price": "7.00"}));
    let schedule = story.create(|body| body["phases"][0]["priceIds"] = json!(["calls", "late"]));
    for (day, prices) in [(10, json!(["dear"])), (20, json!(["calls", "late"]))] {
        story.use_calls(&format!("2026-01-{:02}T00:00:00Z", day - 5), json!({"n": day}));
        story.advance(&format!("2026-01-{day}"));
        story.update(&schedule, |body| body["phases"][0]["priceIds"] = prices);
    }
    story.use_calls("2026-01-25T00:00:00Z", json!({"n": 30}));
    story.advance("2026-02-01");
    // The usage of 15 January is billed once. A fixed price is charged for the period, once too.
    assert_eq!(
        story.lines(&story.invoices()[0]),
        [
            "dear: 20 × 1 = 20.00, 01-10 to 01-19",
            "calls: 10 × 0.10 = 1.00, 01-01 to 01-09",
            "calls: 30 × 0.10 = 3.00, 01-20 to 01-31",
            "late: 1 × 7.00 = 7.00, 01-01 to 01-31",
        ]
    );
}

#[test]
fn terms_that_are_changed_back_on_the_same_day_leave_nothing() {
    let story = story();
    let prices = |price: &'static str| move |body: &mut Value| body["phases"][0]["priceIds"] = json!([price]);
    let schedule = story.create(prices("calls"));
    story.use_calls("2026-01-05T00:00:00Z", json!({"n": 10}));
    story.advance("2026-01-10");
    let before = story.lines(&story.newest());
    story.update(&schedule, prices("dear"));
    story.update(&schedule, prices("calls"));
    assert_eq!(story.lines(&story.newest()), before);
}
