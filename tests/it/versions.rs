//! What a request may contain in the version that it is sent in.

use sequencehq::types::{
    AccountId, Address, BillingScheduleType, BillingScheduleUpdate, CountryCode, CustomerAliasCreate,
    CustomerCreate, CustomerCreateBuilder, InvoicePatch, InvoicePaymentStatus,
    NotificationPolicyAddNotificationTypes, NotificationType, PhaseInput, TaxStatus,
};
use sequencehq::{ApiVersion, Error, NaiveDate};
use sequencehq_document::model;
use serde_json::{Value, json};

use crate::arguments::Expected;
use crate::coverage::every_call;
use crate::document::{self, DOCUMENT, resolve};
use crate::server::{Answer, Server};

async fn server() -> Server {
    Server::sequence(vec![Answer::status(404)]).await
}

/// Checks that a call is refused because of its input, and not sent.
pub(crate) fn refused<T: std::fmt::Debug>(server: &Server, result: Result<T, Error>, problem: &str) {
    let error = result.expect_err(problem);
    assert!(error.is_invalid_input() && !error.may_have_acted(), "{error:?}");
    assert!(error.to_string().contains(problem), "{error}");
    assert_eq!(server.count(), 0, "{problem}");
}

#[tokio::test]
async fn a_filter_that_the_version_lacks_is_not_sent() {
    let server = server().await;
    let old = server.client().with_api_version(ApiVersion::V2024_05_09);
    let listed = old.invoices().list().search("INV").await;
    refused(
        &server,
        listed,
        "`search`: the parameter does not exist in API version 2024-05-09; omit it, or use 2024-07-30",
    );
    let new = server.client();
    let listed = new
        .invoices()
        .list()
        .invoice_payment_status(InvoicePaymentStatus::Failed);
    refused(
        &server,
        listed.await,
        "the value `FAILED` does not exist in API version 2024-07-30",
    );
}

#[tokio::test]
async fn a_field_that_the_version_lacks_is_not_sent() {
    let server = server().await;
    let old = server.client().with_api_version(ApiVersion::V2024_05_09);
    let patch = InvoicePatch::builder().attachment_asset_ids(["an-asset"]);
    refused(
        &server,
        old.invoices().patch("i", patch).await,
        "`attachment_asset_ids` does not exist in API version 2024-05-09",
    );
    let types = NotificationPolicyAddNotificationTypes::builder()
        .notification_types([NotificationType::CustomerDeleted]);
    let added = server
        .client()
        .notification_policies()
        .add_notification_types("p", types);
    refused(&server, added.await, "the value `CUSTOMER_DELETED`");
}

#[tokio::test]
async fn what_only_the_version_requires_is_missed() {
    let server = server().await;
    let old = server.client().with_api_version(ApiVersion::V2024_01_01);
    let alias = CustomerAliasCreate::builder().customer_id("c").value("acme");
    refused(
        &server,
        old.customer_aliases().create(alias.clone()).await,
        "`sequence_account_id` is required in API version 2024-01-01",
    );
    let alias = alias.sequence_account_id(AccountId::from("a"));
    let sent = old.customer_aliases().create(alias).await.expect_err("404");
    assert!(sent.is_not_found(), "{sent}");
}

#[tokio::test]
async fn an_older_schedule_is_replaced_by_prices_without_phases() {
    let schedule = || {
        BillingScheduleUpdate::builder()
            .start_date(NaiveDate::from_ymd_opt(2026, 1, 1).expect("a date"))
            .empty_tax_rates()
            .auto_issue_invoices(false)
            .roll_up_billing(false)
    };
    let server = server().await;
    let new = server.client();
    refused(
        &server,
        new.billing_schedules().update("s", schedule()).await,
        "`phases` is required in API version 2024-07-30",
    );
    let old = new.with_api_version(ApiVersion::V2024_05_09);
    let named = PhaseInput::builder()
        .name("Trial")
        .price_ids(["a-price"])
        .start_date(NaiveDate::from_ymd_opt(2026, 1, 1).expect("a date"));
    refused(
        &server,
        old.billing_schedules()
            .update("s", schedule().type_(BillingScheduleType::Phases).phases([named]))
            .await,
        "`phases[0].name` does not exist",
    );
}

fn acme() -> CustomerCreateBuilder {
    CustomerCreate::builder()
        .legal_name("Acme Ltd")
        .tax_status(TaxStatus::Taxed)
        .address(
            Address::builder()
                .line1("1 Main Street")
                .town("London")
                .postcode("E1 6AN")
                .country(CountryCode::Gb),
        )
}

#[tokio::test]
async fn a_customer_has_contacts_in_the_newest_version_and_addresses_in_older_ones() {
    let server = server().await;
    let new = server.client();
    let old = new.with_api_version(ApiVersion::V2024_05_09);
    let email = acme()
        .email("ada@acme.example")
        .billing_emails(["bob@acme.example"]);
    refused(
        &server,
        new.customers().create(email.clone().empty_contacts()).await,
        "`email` does not exist in API version 2024-07-30; omit it, or use 2024-01-01 or 2024-05-09",
    );
    refused(
        &server,
        new.customers().create(acme()).await,
        "`contacts` is required in API version 2024-07-30",
    );
    refused(
        &server,
        old.customers().create(acme().email("ada@acme.example")).await,
        "`billing_emails` is required in API version 2024-05-09",
    );
    refused(
        &server,
        old.customers().create(email.clone().empty_contacts()).await,
        "`contacts` does not exist in API version 2024-05-09; omit it, or use 2024-07-30",
    );
    let sent = old.customers().create(email).await.expect_err("404");
    assert!(sent.is_not_found(), "{sent}");
    let body = server.seen()[0].json();
    assert_eq!(
        (&body["email"], &body["billingEmails"]),
        (&json!("ada@acme.example"), &json!(["bob@acme.example"]))
    );
}

#[tokio::test]
async fn the_customer_that_the_oldest_version_creates_comes_in_an_envelope() {
    let customer = json!({
        "id": "c-1", "createdAt": "2026-01-01T12:00:00Z", "legalName": "Acme Ltd", "taxStatus": "TAXED",
        "address": {"line1": "1 Main Street", "town": "London", "postcode": "E1 6AN", "country": "GB"},
        "email": "ada@acme.example", "billingEmails": [], "sequenceAccountId": "a", "externalIds": [],
    });
    let new = || acme().email("ada@acme.example").empty_billing_emails();
    for (answer, decodes) in [
        (json!({"customer": customer}), true),
        (customer.clone(), true),
        (json!({"customers": customer}), false),
        (json!({"customer": 1}), false),
    ] {
        let server =
            Server::sequence(vec![Answer::text(201, "application/json", format!(" {answer}"))]).await;
        let old = server.client().with_api_version(ApiVersion::V2024_01_01);
        match old.customers().create(new()).await {
            Ok(customer) if decodes => assert_eq!(customer.id.as_str(), "c-1"),
            Err(error) if !decodes => assert!(error.is_decode(), "{error}"),
            other => panic!("{answer}: {other:?}"),
        }
    }
}

/// Calls every operation in every version, with everything that the newest has.
#[tokio::test]
async fn a_call_is_refused_exactly_where_the_document_limits_a_part_of_it() {
    let mut refusals = 0;
    for version in ApiVersion::ALL {
        for (operation, (id, call)) in document::operations().iter().zip(every_call()) {
            assert_eq!(operation.id, id);
            let server = server().await;
            let error = call(server.client().with_api_version(*version))
                .await
                .expect_err("404, unless it is refused");
            if !operation.versions.iter().any(|one| one == version.as_str()) {
                assert!(error.is_unsupported_version(), "{id} {version}: {error}");
                continue;
            }
            let is_limited = is_limited(operation, version.as_str());
            assert_eq!(error.is_invalid_input(), is_limited, "{id} {version}: {error}");
            assert_eq!(server.count(), usize::from(!is_limited), "{id} {version}");
            refusals += usize::from(is_limited);
        }
    }
    assert!(refusals > 20, "{refusals}");
}

fn is_limited(operation: &model::Operation, version: &str) -> bool {
    let sent = Expected::of(operation, 0);
    let is_limited_in_query = document::parameters(operation, "query")
        .into_iter()
        .any(|parameter| {
            let schema = &parameter["schema"];
            let item = if schema["type"] == "array" {
                &schema["items"]
            } else {
                schema
            };
            let mut texts = sent.query.iter().filter(|(name, _)| *name == parameter["name"]);
            !has(&parameter["x-versions"], version)
                || texts.any(|(_, text)| {
                    text.split(',')
                        .any(|text| !has_value(resolve(item), text, version))
                })
        });
    let body = document::body(operation).zip(sent.body);
    is_limited_in_query || body.is_some_and(|(schema, body)| is_limited_in(schema, &body, version))
}

fn is_limited_in(schema: &Value, value: &Value, version: &str) -> bool {
    let schema = resolve(schema);
    match value {
        Value::Array(items) => items
            .iter()
            .any(|item| is_limited_in(&schema["items"], item, version)),
        Value::String(text) => !has_value(schema, text, version),
        Value::Object(fields) => {
            let schema = member(schema, fields);
            let Some(properties) = schema["properties"].as_object() else {
                return fields
                    .values()
                    .any(|entry| is_limited_in(&schema["additionalProperties"], entry, version));
            };
            properties.iter().any(|(name, property)| match fields.get(name) {
                Some(value) => {
                    !has(&property["x-versions"], version) || is_limited_in(property, value, version)
                }
                None => property["x-required-in"].is_array() && has(&property["x-required-in"], version),
            })
        }
        _ => false,
    }
}

/// The member of a union that an object is.
fn member<'s>(schema: &'s Value, fields: &serde_json::Map<String, Value>) -> &'s Value {
    let tag = schema["discriminator"]["propertyName"].as_str();
    let target = tag.and_then(|tag| schema["discriminator"]["mapping"][fields[tag].as_str()?].as_str());
    target.map_or(schema, |target| {
        &DOCUMENT["components"]["schemas"][model::last_segment(target)]
    })
}

fn has_value(schema: &Value, value: &str, version: &str) -> bool {
    has(&schema["x-value-versions"][value], version)
}

fn has(versions: &Value, version: &str) -> bool {
    versions
        .as_array()
        .is_none_or(|versions| versions.iter().any(|one| one == version))
}
