//! Schedules with mixed prices, and their invoices as another program computes them.
//!
//! `independent.json` has the terms, what is used on which day, and each invoice as its date, net total, tax and lines. The
//! amounts come from a program in Python that shares no code with the crate, and computes with fractions from the rules alone.

use std::collections::BTreeMap;

use sequencehq_emulator::contract::Operation;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Story, id, text};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Case {
    name: String,
    currency: String,
    #[serde(default)]
    tax_status: Option<String>,
    #[serde(default)]
    recurrence_day_of_month: Option<u32>,
    prices: Vec<Value>,
    phases: Vec<Value>,
    events: Vec<Value>,
    invoices: Vec<String>,
}

/// Creates the metrics that prices name: ids by name.
fn metrics(story: &Story) -> BTreeMap<&'static str, String> {
    let count = |metric: &mut Value| {
        metric["aggregationType"] = "COUNT".into();
        metric["aggregationProperty"] = Value::Null;
    };
    let unique = |metric: &mut Value| {
        metric["aggregationType"] = "UNIQUE".into();
        metric["aggregationProperty"] = "u".into();
    };
    let outside = |metric: &mut Value| {
        metric["propertyFilters"] = json!({"r": ["eu"]});
        metric["propertiesToNegate"] = json!(["r"]);
    };
    let seats = json!({"seatType": "admin", "label": "Admins"});
    let seats = story.account.create(Operation::SeatMetricCreate, &seats);
    BTreeMap::from([
        ("calls", story.metric(|_| {})),
        ("events", story.metric(count)),
        ("users", story.metric(unique)),
        ("outside", story.metric(outside)),
        ("seats", id(&seats).to_owned()),
    ])
}

fn tax_rate(story: &Story, amount: &str) -> String {
    let body = json!({
        "isPublished": true, "name": "VAT", "invoiceName": "VAT", "invoiceShortName": "VAT", "amount": amount, "country": "GB",
    });
    id(&story.account.create(Operation::TaxRateCreate, &body)).to_owned()
}

/// Stores the prices under their names, and returns their tax rates.
fn prices(story: &Story, case: &Case) -> Vec<Value> {
    let metrics = metrics(story);
    let mut taxes = Vec::new();
    for price in &case.prices {
        let name = text(price, "name");
        story.price(name, |stored| {
            stored["currency"] = case.currency.as_str().into();
            for field in [
                "billingFrequency",
                "billingType",
                "structure",
                "usageCalculationPeriod",
            ] {
                if let Some(value) = price.get(field) {
                    stored[field] = value.clone();
                }
            }
            for field in ["usageMetricId", "seatMetricId"] {
                if let Some(metric) = stored["structure"].get_mut(field) {
                    *metric = metrics[metric.as_str().expect("a name")].as_str().into();
                }
            }
        });
        if let Some(amount) = price.get("tax").and_then(Value::as_str) {
            taxes.push(json!({"priceId": name, "taxRateId": tax_rate(story, amount)}));
        }
    }
    taxes
}

/// Lets the days of the case pass, and returns the invoices as the file has them.
fn play(case: &Case) -> Vec<String> {
    let story = Story::new();
    if let Some(status) = &case.tax_status {
        let path = [("id", story.customer.as_str())];
        let mut customer = story.account.ok(Operation::CustomerGet, &path, "", None);
        customer["taxStatus"] = status.as_str().into();
        story
            .account
            .ok(Operation::CustomerUpdate, &path, "", Some(&customer));
    }
    let taxes = prices(&story, case);
    story.create(|body| {
        body["startDate"] = case.phases[0]["startDate"].clone();
        body["taxRates"] = taxes.into();
        body["phases"] = case.phases.clone().into();
        if let Some(day) = case.recurrence_day_of_month {
            body["recurrenceDayOfMonth"] = day.into();
        }
    });
    for event in &case.events {
        let on = text(event, "on");
        story.advance(on);
        let at = format!("{on}T12:00:00Z");
        match event.get("seats").and_then(Value::as_u64) {
            Some(seats) => story.set_seats(&at, seats),
            None => {
                story.use_calls(&at, json!({"n": event["n"], "u": event["u"], "r": event["r"]}));
            }
        }
    }
    let last = case.phases.last().map(|phase| text(phase, "endDate"));
    let last: chrono::NaiveDate = last.expect("a phase").parse().expect("a date");
    story.advance(&last.succ_opt().expect("a day").to_string());
    let shown = |invoice: &Value| {
        let [date, net, tax] = ["accountingDate", "netTotal", "totalTax"].map(|name| text(invoice, name));
        format!("{date} {net} + {tax}: {}", nets(&story, invoice).join(", "))
    };
    let mut invoices: Vec<String> = story.invoices().iter().map(shown).collect();
    invoices.sort();
    invoices
}

/// The lines of an invoice as title and net total.
fn nets(story: &Story, invoice: &Value) -> Vec<String> {
    let path = [("invoice", id(invoice))];
    let query = "limit=100&sortOrder=ASC";
    let page = story
        .account
        .ok(Operation::InvoiceLineItemList, &path, query, None);
    let lines = page["items"].as_array().expect("items").iter();
    let shown = lines.map(|line| format!("{} {}", text(line, "title"), text(line, "netTotal")));
    shown.collect()
}

#[test]
fn invoices_are_those_of_an_independent_computation() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("independent.json")).expect("cases");
    assert_eq!(cases.len(), 10);
    for case in &cases {
        assert_eq!(play(case), case.invoices, "{}", case.name);
    }
}
