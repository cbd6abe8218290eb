//! Tax rates: versions, the scale of the amount, and what uses a rate.

use sequencehq_emulator::contract::{Operation, Version};
use sequencehq_emulator::records::InvoiceLineItem;
use serde_json::{Value, json};

use super::billing_schedules::Story;
use super::{Account, id, text};

fn body(amount: &str) -> Value {
    json!({
        "isPublished": true, "name": "UK VAT", "invoiceName": "Value added tax", "invoiceShortName": "VAT",
        "description": "standard", "amount": amount, "country": "GB",
    })
}

fn replacement(rate: &Value, amount: &str) -> Value {
    let mut body = body(amount);
    body["id"] = id(rate).into();
    body["description"] = Value::Null;
    body
}

fn first_version() -> Account {
    Account::in_version(Version::parse("2024-01-01").expect("a version"))
}

#[test]
fn each_replacement_is_a_version_under_the_same_id() {
    let account = Account::new();
    let response = account.call(Operation::TaxRateCreate, &[], "", Some(&body("0.2")));
    assert_eq!(response.assumed.to_string(), "A69, A71");
    let first = response.json_body();
    assert_eq!(
        (&first["version"], &first["isArchived"]),
        (&json!(1), &json!(false))
    );
    let path = [("id", id(&first))];
    let second = account.ok(
        Operation::TaxRateUpdate,
        &path,
        "",
        Some(&replacement(&first, "19")),
    );
    assert_eq!((id(&second), &second["version"]), (id(&first), &json!(2)));
    assert_ne!(second["versionId"], first["versionId"]);
    assert_eq!((text(&second, "amount"), second.get("description")), ("19", None));
    assert_eq!(account.get(Operation::TaxRateGet, id(&first)), second);
    assert_eq!(account.ids(Operation::TaxRateList, ""), [id(&first)]);
}

#[test]
fn the_body_of_a_replacement_repeats_the_id() {
    let account = Account::new();
    let (one, two) = (
        account.create(Operation::TaxRateCreate, &body("0.2")),
        account.create(Operation::TaxRateCreate, &body("0.1")),
    );
    let path = [("id", id(&one))];
    let refused = account.refused(Operation::TaxRateUpdate, &path, "", Some(&replacement(&two, "1")));
    assert!(refused.message.starts_with("body.id:"), "{}", refused.message);
    let unknown = [("id", "unknown")];
    let refused = account.refused(
        Operation::TaxRateUpdate,
        &unknown,
        "",
        Some(&replacement(&one, "1")),
    );
    assert_eq!(refused.status, 404);
}

#[test]
fn an_amount_is_on_the_scale() {
    let account = Account::new();
    for amount in ["0", "0.2", "1", "20", "100"] {
        account.create(Operation::TaxRateCreate, &body(amount));
    }
    for amount in ["-0.1", "100.01"] {
        let refused = account.refused(Operation::TaxRateCreate, &[], "", Some(&body(amount)));
        assert_eq!(
            (refused.status, refused.assumed.as_str()),
            (400, "A71"),
            "{amount}"
        );
        assert!(
            refused.message.starts_with("body.amount: a tax rate must be"),
            "{}",
            refused.message
        );
    }
}

#[test]
fn sub_rates_add_up_to_the_amount() {
    let account = first_version();
    let with = |amount: &str, sub_rates: Value| {
        let mut body = body(amount);
        body["subRates"] = sub_rates;
        body
    };
    let parts = json!([{"name": "GST", "amount": "5"}, {"name": "QST", "amount": 9.975}]);
    let created = account.create(Operation::TaxRateCreate, &with("14.975", parts.clone()));
    assert_eq!(created["subRates"], parts);
    assert!(created["sequenceAccountId"].is_string());
    for sub_rates in [parts, json!(["-1", "16"])] {
        let refused = account.refused(Operation::TaxRateCreate, &[], "", Some(&with("15", sub_rates)));
        assert!(
            refused.message.starts_with("body.subRates:"),
            "{}",
            refused.message
        );
    }
    // The format is not documented, so what has no amount is not judged.
    account.create(Operation::TaxRateCreate, &with("15", json!([{"rate": "1"}])));
}

#[test]
fn an_archived_rate_is_answered_with_the_account_and_left_out_of_lists() {
    let account = Account::new();
    let created = account.create(Operation::TaxRateCreate, &body("0.2"));
    assert_eq!(created.get("sequenceAccountId"), None);
    let path = [("id", id(&created))];
    let archived = account.ok(Operation::TaxRateArchive, &path, "", None);
    assert_eq!(archived["isArchived"], true);
    assert_eq!(
        (
            archived["sequenceAccountId"].is_string(),
            archived.get("updatedAt")
        ),
        (true, None)
    );
    let response = account.call(Operation::TaxRateList, &[], "", None);
    assert_eq!(response.json_body()["items"], json!([]));
    assert_eq!(response.assumed.to_string(), "A2");
    let read = account.get(Operation::TaxRateGet, id(&created));
    assert_eq!(
        (&read["isArchived"], read.get("sequenceAccountId")),
        (&json!(true), None)
    );
    assert_eq!(account.ok(Operation::TaxRateArchive, &path, "", None), archived);
}

#[test]
fn a_rate_in_use_is_archived_but_not_deleted() {
    let story = Story::new();
    let account = &story.account;
    let rates = [(); 2].map(|()| account.create(Operation::TaxRateCreate, &body("0.2")));
    let schedule =
        story.create(|body| body["taxRates"] = json!([{"priceId": "base", "taxRateId": id(&rates[0])}]));
    let put = account.world.control(|tx| {
        let mut line = InvoiceLineItem::new("line".to_owned(), "invoice", 0);
        line.rest.insert("taxRateId".to_owned(), rates[1]["id"].clone());
        tx.put(&line);
        Ok::<_, ()>(())
    });
    assert_eq!(put, Ok(()));
    let places = [
        format!("the billing schedule {}", id(&schedule)),
        "the invoice line item line".to_owned(),
    ];
    for (rate, place) in rates.iter().zip(places) {
        let path = [("id", id(rate))];
        let refused = account.refused(Operation::TaxRateDelete, &path, "", None);
        assert_eq!(
            (refused.kind.as_str(), refused.assumed.as_str()),
            ("IllegalState", "A70")
        );
        assert!(refused.message.contains(&place), "{}", refused.message);
        account.ok(Operation::TaxRateArchive, &path, "", None);
    }
}

#[test]
fn an_unused_rate_is_deleted() {
    let account = Account::new();
    let created = account.create(Operation::TaxRateCreate, &body("0.2"));
    let path = [("id", id(&created))];
    assert_eq!(account.ok(Operation::TaxRateDelete, &path, "", None), created);
    for operation in [
        Operation::TaxRateGet,
        Operation::TaxRateDelete,
        Operation::TaxRateArchive,
    ] {
        assert_eq!(account.refused(operation, &path, "", None).status, 404);
    }
}
