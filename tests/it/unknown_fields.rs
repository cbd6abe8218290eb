//! Fields that the API has and the crate does not know: they survive from a response to the next request.

use sequencehq::types::*;
use sequencehq::{ApiVersion, Error, Extra};
use serde_json::{Value, json};

use crate::sample::{self, Shape};
use crate::server::{Answer, Server};

/// A number that neither a float nor a decimal can hold.
const DIGITS: &str = "12345678901234567890.123456789012345678900";

/// The whole sample of a type, with unknown fields in the objects that the pointers lead to.
fn answer(name: &str, pointers: &[&str]) -> String {
    let mut json = sample::value(
        &json!({"$ref": format!("#/components/schemas/{name}")}),
        Shape::Whole,
    );
    for pointer in pointers {
        let object = json.pointer_mut(pointer).and_then(Value::as_object_mut);
        object.expect(pointer).insert("zNew".to_owned(), json!("DIGITS"));
    }
    json.to_string().replace("\"DIGITS\"", DIGITS)
}

fn as_sent(text: String) -> Answer {
    Answer::text(200, "application/json", text)
}

/// The text of a body that was sent.
fn sent(server: &Server, index: usize) -> String {
    String::from_utf8(server.seen()[index].body.to_vec()).expect("JSON is UTF-8")
}

#[tokio::test]
async fn what_a_response_has_survives_read_change_and_put() -> Result<(), Error> {
    let customer = answer("Customer", &["", "/address", "/contacts/0"]);
    let server = Server::sequence(vec![as_sent(customer.clone()), as_sent(customer)]).await;
    let customers = server.client().customers();
    let customer = customers.get("c-1").await?;
    assert_eq!(customer.extra().text("zNew"), Some(DIGITS));

    let mut update = CustomerUpdate::from_in(&customer, ApiVersion::default())
        .legal_name("Acme Ltd")
        .extra("tier", ["gold"])
        .build()?;
    update.set_extra("zMore", json!({"a": 1}))?;
    customers.update("c-1", update).await?;

    let body = sent(&server, 1);
    assert_eq!(body.matches(&format!("\"zNew\":{DIGITS}")).count(), 3, "{body}");
    let end = format!("\"zNew\":{DIGITS},\"tier\":[\"gold\"],\"zMore\":{{\"a\":1}}}}");
    assert!(body.contains("Acme Ltd") && body.ends_with(&end), "{body}");
    Ok(())
}

#[tokio::test]
async fn a_billing_schedule_that_is_read_and_sent_back_keeps_what_its_phases_have() -> Result<(), Error> {
    let schedule = answer("BillingSchedule", &["", "/phases/0"]);
    let server = Server::sequence(vec![as_sent(schedule.clone()), as_sent(schedule)]).await;
    let schedules = server.client().billing_schedules();
    let schedule = schedules.get("b-1").await?;
    let update = BillingScheduleUpdate::from_in(&schedule, ApiVersion::default());
    schedules.update("b-1", update.auto_issue_invoices(true)).await?;
    let body = sent(&server, 1);
    assert_eq!(body.matches(&format!("\"zNew\":{DIGITS}")).count(), 2, "{body}");
    Ok(())
}

#[tokio::test]
async fn what_the_members_of_a_union_have_survives_too() -> Result<(), Error> {
    let price = answer("ListPrice", &["/structure", "/customMetricParameters/0"]);
    let server = Server::sequence(vec![as_sent(price.clone()), as_sent(price)]).await;
    let prices = server.client().list_prices();
    let price = prices.get("p-1").await?;
    let update = ListPriceUpdate::builder()
        .product_id(price.product_id.clone())
        .name("Transfer")
        .currency(Currency::Gbp)
        .structure(&price.structure)
        .billing_frequency(price.billing_frequency.clone())
        .billing_type(price.billing_type.clone())
        .empty_integration_ids()
        .custom_metric_parameters(&price.custom_metric_parameters);
    prices.update("p-1", update).await?;
    let body = sent(&server, 1);
    assert_eq!(body.matches(&format!("\"zNew\":{DIGITS}}}")).count(), 2, "{body}");
    Ok(())
}

#[tokio::test]
async fn every_item_of_a_list_keeps_what_it_has() -> Result<(), Error> {
    let page = answer(
        "InvoicePage",
        &["/items/0", "/items/0/customerBillingAddress", "/pagination"],
    );
    let server = Server::sequence(vec![as_sent(page)]).await;
    let page = server.client().invoices().list().send().await?;
    let encoded = serde_json::to_string(&*page).expect("encodes");
    assert_eq!(
        encoded.matches(&format!("\"zNew\":{DIGITS}}}")).count(),
        3,
        "{encoded}"
    );
    Ok(())
}

#[tokio::test]
async fn an_unknown_field_is_sent_in_every_version() -> Result<(), Error> {
    let server = Server::sequence(vec![as_sent(answer("Product", &[])); 3]).await;
    for (index, version) in ApiVersion::ALL.iter().enumerate() {
        let product = ProductCreate::builder().name("Transfer").extra("tier", "gold");
        let client = server.client().with_api_version(*version);
        client.products().create(product).await?;
        assert!(sent(&server, index).ends_with(r#","tier":"gold"}"#), "{version}");
    }
    Ok(())
}

#[tokio::test]
async fn a_field_that_has_a_setter_is_not_an_unknown_one() {
    let server = Server::sequence(Vec::new()).await;
    let product = || ProductCreate::builder().name("Transfer");
    let error = product()
        .extra("name", "another")
        .extra("x", 1)
        .build()
        .unwrap_err();
    let problems: Vec<_> = error.invalid().collect();
    assert_eq!(
        problems,
        [(
            "extra[\"name\"]",
            "ProductCreate has this field: set it with its own setter"
        )]
    );
    let error = server
        .client()
        .products()
        .create(product().extra("name", 1))
        .await
        .unwrap_err();
    assert!(
        error.is_invalid_input() && error.to_string().contains("extra[\"name\"]"),
        "{error}"
    );
    assert_eq!(server.count(), 0);
    let mut product = product().build().expect("complete");
    let error = product.set_extra("name", "another").unwrap_err();
    assert!(error.to_string().contains("its own setter"), "{error}");
    assert!(product.extra().is_empty());
}

#[test]
fn unknown_fields_are_printed_except_beside_secrets() {
    let plain: Product = serde_json::from_str(&answer("Product", &[""])).expect("decodes");
    assert!(
        format!("{plain:?}").ends_with(&format!("extra: {{\"zNew\": {DIGITS}}} }}")),
        "{plain:?}"
    );
    let without: Product = serde_json::from_str(&answer("Product", &[])).expect("decodes");
    assert!(!format!("{without:?}").contains("extra"), "{without:?}");

    let mut policy = sample::value(
        &json!({"$ref": "#/components/schemas/NotificationPolicy"}),
        Shape::Whole,
    );
    policy["nextSecret"] = json!("hush-hush");
    let policy: NotificationPolicy = serde_json::from_value(policy).expect("decodes");
    let shown = format!("{policy:?} {policy:#?}");
    assert!(
        shown.contains("extra: <redacted>") && !shown.contains("hush-hush"),
        "{shown}"
    );
    assert_eq!(policy.extra().get("nextSecret"), Some(json!("hush-hush")));

    let builder = NotificationPolicyCreate::builder().extra("nextSecret", "hush-hush");
    let shown = format!("{builder:?}");
    assert!(
        shown.contains("extra: <redacted>") && !shown.contains("hush-hush"),
        "{shown}"
    );
}

#[test]
fn a_value_without_unknown_fields_is_eight_bytes_larger() {
    assert_eq!(size_of::<Extra>(), 8);
    assert_eq!(size_of::<KeyValuePair>(), 2 * size_of::<String>() + 8);
}
