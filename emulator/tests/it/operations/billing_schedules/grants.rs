//! Credit grants of phases.

use sequencehq_emulator::contract::Operation;
use sequencehq_emulator::records::CreditTransaction;
use serde_json::{Value, json};

use super::super::{id, text};
use super::{Story, tax_rate};

fn grant(name: &str) -> Value {
    json!({
        "name": name, "creditUnitType": "CURRENCY", "currency": "GBP", "amount": 50, "grantRefreshFrequency": "NONE",
        "rolloverMode": "NONE",
    })
}

/// Two phases, the first with these grants.
fn phases(grants: Option<Value>) -> Value {
    let mut phases = json!([
        {"priceIds": ["base"], "startDate": "2026-01-01", "endDate": "2026-01-31"},
        {"priceIds": ["base", "calls"], "startDate": "2026-02-01"},
    ]);
    if let Some(grants) = grants {
        phases[0]["creditGrants"] = grants;
    }
    phases
}

fn with_grants(story: &Story, names: &[&str]) -> Value {
    let grants = names.iter().map(|name| grant(name)).collect();
    story.create(|body| body["phases"] = phases(Some(grants)))
}

fn names(phase: &Value) -> Vec<&str> {
    let grants = phase["creditGrants"].as_array().expect("grants");
    grants.iter().map(|grant| text(grant, "name")).collect()
}

fn ledger(story: &Story) -> Value {
    let path = [("customerId", story.customer.as_str())];
    story.account.ok(Operation::CreditBalanceList, &path, "", None)["items"].clone()
}

#[test]
fn a_grant_starts_and_ends_with_its_phase() {
    let story = Story::new();
    let rate = tax_rate(&story.account);
    let created = story.create(|body| {
        let mut grant = grant("Free");
        for (field, value) in [
            ("amount", json!(10.50)),
            ("costOfCredit", json!(9.5)),
            ("taxRateId", json!(rate)),
            ("restrictToPrices", json!(["base"])),
        ] {
            grant[field] = value;
        }
        body["phases"] = phases(Some(json!([grant])));
    });
    let shown = &created["phases"][0]["creditGrants"][0];
    let expected = json!({
        "id": id(shown), "name": "Free", "creditUnitType": "CURRENCY", "currency": "GBP", "amount": 10.5, "costOfCredit": 9.5,
        "taxRateId": rate, "grantRefreshFrequency": "NONE", "rolloverMode": "NONE", "restrictToPrices": ["base"],
    });
    assert_eq!(*shown, expected);
    let read = story.account.get(Operation::CreditGet, id(shown));
    assert_eq!(
        (text(&read, "effectiveDate"), text(&read, "taxRateId")),
        ("2026-01-01", &*rate)
    );
    let path = [("id", rate.as_str())];
    let refused = story.account.refused(Operation::TaxRateDelete, &path, "", None);
    assert_eq!(refused.assumed, "A70");
    assert_eq!(text(&ledger(&story)[0], "balance"), "10.5");
    story.advance("2026-02-01");
    assert_eq!(text(&ledger(&story)[0], "balance"), "0");
    assert_eq!(text(&ledger(&story)[0]["transactions"][1], "date"), "2026-02-01");
}

#[test]
fn a_metered_grant_counts_the_metric_of_its_prices() {
    let story = Story::new();
    story.price("other", |price| {
        price["structure"] = json!({
            "pricingType": "LINEAR", "pricePerUnit": "0.1", "usageMetricId": "second", "isPricePercentage": false,
        });
    });
    let metered = |restricted: Value| {
        let mut grant = grant("Calls");
        grant["creditUnitType"] = "METRIC".into();
        grant["currency"] = Value::Null;
        grant["restrictToPrices"] = restricted;
        json!([{
            "priceIds": ["base", "calls", "other"], "startDate": "2026-01-01", "creditGrants": [grant],
        }])
    };
    story.create(|body| body["phases"] = metered(json!(["base", "calls"])));
    let balance = ledger(&story)[0].clone();
    assert_eq!((id(&balance), text(&balance, "type")), ("metric", "USAGE"));
    assert_eq!(text(&balance["grants"][0], "currency"), "GBP");
    for restricted in [json!([]), json!(["base"])] {
        let mut body = story.body();
        body["phases"] = metered(restricted);
        let refused = story
            .account
            .refused(Operation::BillingScheduleCreate, &[], "", Some(&body));
        assert!(
            refused
                .message
                .starts_with("body.phases[0].creditGrants[0].restrictToPrices:"),
            "{}",
            refused.message
        );
    }
}

#[test]
fn grants_that_cannot_be_granted_are_refused() {
    let story = Story::new();
    for (field, value, assumed) in [
        ("currency", Value::Null, ""),
        ("amount", json!(-1), ""),
        ("costOfCredit", json!(-1), ""),
        ("taxRateId", json!("x"), "A4"),
        ("restrictToPrices", json!(["x"]), "A4"),
        ("id", json!("x"), "A4"),
    ] {
        let mut body = story.body();
        let mut grant = grant("Free");
        grant[field] = value;
        body["phases"] = phases(Some(json!([grant])));
        let refused = story
            .account
            .refused(Operation::BillingScheduleCreate, &[], "", Some(&body));
        assert_eq!(
            (refused.status, refused.assumed.as_str()),
            (400, assumed),
            "{field}"
        );
        let path = format!("body.phases[0].creditGrants[0].{field}");
        assert!(refused.message.starts_with(&path), "{}", refused.message);
    }
}

#[test]
fn a_replacement_without_grants_leaves_them_alone() {
    let story = Story::new();
    let created = with_grants(&story, &["a", "b"]);
    let grants = created["phases"][0]["creditGrants"].clone();
    let updated = story.update(&created, |body| body["phases"] = phases(None));
    assert_eq!(updated["phases"][0]["creditGrants"], grants);
    // The phase of the grants is gone. They go to the one that their first day lies in.
    let updated = story.update(&created, |body| {
        body["startDate"] = "2025-11-01".into();
        body["phases"] = json!([
            {"priceIds": ["base"], "startDate": "2025-11-01", "endDate": "2025-11-30"},
            {"priceIds": ["base"], "startDate": "2025-12-01"},
        ]);
    });
    assert_eq!(updated["phases"][1]["creditGrants"], grants);
    story.advance("2026-03-01");
    assert_eq!(text(&ledger(&story)[0], "balance"), "100");
}

#[test]
fn a_replacement_with_grants_names_all_of_them() {
    let story = Story::new();
    let created = with_grants(&story, &["a", "b"]);
    let kept = id(&created["phases"][0]["creditGrants"][1]).to_owned();
    let updated = story.update(&created, |body| {
        let mut same = grant("renamed");
        same["id"] = kept.as_str().into();
        body["phases"] = phases(None);
        body["phases"][1]["creditGrants"] = json!([same, grant("c")]);
    });
    assert_eq!(names(&updated["phases"][0]), Vec::<&str>::new());
    assert_eq!(
        names(&updated["phases"][1]),
        ["b", "c"],
        "a kept grant is not changed"
    );
    assert_eq!(id(&updated["phases"][1]["creditGrants"][0]), kept);
    assert_eq!(story.account.ids(Operation::CreditList, "").len(), 2);

    let updated = story.update(&created, |body| body["phases"] = phases(Some(json!([]))));
    assert_eq!(names(&updated["phases"][1]), Vec::<&str>::new());
    assert!(story.account.ids(Operation::CreditList, "").is_empty());
    assert_eq!(ledger(&story), json!([]));
}

#[test]
fn a_grant_is_named_once() {
    let story = Story::new();
    let created = with_grants(&story, &["a"]);
    let mut body = story.body();
    let mut same = grant("a");
    same["id"] = created["phases"][0]["creditGrants"][0]["id"].clone();
    body["phases"] = phases(Some(json!([same.clone()])));
    body["phases"][1]["creditGrants"] = json!([same]);
    let path = [("billingScheduleId", id(&created))];
    let refused = story
        .account
        .refused(Operation::BillingScheduleUpdate, &path, "", Some(&body));
    assert!(
        refused.message.starts_with("body.phases[1].creditGrants[0].id:"),
        "{}",
        refused.message
    );
}

#[test]
fn a_grant_that_was_used_stays_in_its_schedule() {
    let story = Story::new();
    let created = with_grants(&story, &["a"]);
    let grant_id = id(&created["phases"][0]["creditGrants"][0]);
    let booked = story.account.world.control(|tx| {
        let row = CreditTransaction {
            id: tx.new_id(),
            grant_id: grant_id.to_owned(),
            reason: "Used".to_owned(),
            invoice_id: Some("invoice".to_owned()),
            billing_run_id: None,
            transaction_type: "DEBIT".to_owned(),
            amount: "5".to_owned(),
            date: "2026-01-01".to_owned(),
        };
        tx.put(&row);
        Ok::<_, ()>(())
    });
    assert_eq!(booked, Ok(()));
    let mut body = story.body();
    body["phases"] = phases(Some(json!([grant("b")])));
    let path = [("billingScheduleId", id(&created))];
    let refused = story
        .account
        .refused(Operation::BillingScheduleUpdate, &path, "", Some(&body));
    assert_eq!(
        (refused.kind.as_str(), refused.assumed.as_str()),
        ("IllegalState", "A42")
    );
    assert!(
        refused.message.contains(grant_id) && refused.message.contains("invoice"),
        "{}",
        refused.message
    );
    let mut same = grant("a");
    same["id"] = grant_id.into();
    story.update(&created, |body| body["phases"] = phases(Some(json!([same]))));
}

#[test]
fn deleting_a_grant_of_a_phase_changes_the_schedule() {
    let story = Story::new();
    let created = with_grants(&story, &["a", "b"]);
    story.account.watch();
    let grant = id(&created["phases"][0]["creditGrants"][0]);
    story
        .account
        .ok(Operation::CreditDelete, &[("id", grant)], "", None);
    assert_eq!(names(&story.read(&created)["phases"][0]), ["b"]);
    let expected = ("BILLING_SCHEDULE_UPDATED".to_owned(), id(&created).to_owned());
    assert_eq!(story.account.announced(), [expected]);
}
