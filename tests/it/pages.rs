//! The four documented pages that the project began with: create, void, delete, finalize and mark as sent,
//! each in the API version that it names.

use sequencehq::types::{
    Address, CountryCode, Currency, InclusiveDateRange, Invoice, InvoiceCreate, InvoicePaymentOption,
    InvoiceStatus, KeyValuePair,
};
use sequencehq::{ApiVersion, NaiveDate};
use serde_json::{Value, json};

use crate::sample;
use crate::server::{Answer, Seen, Server};

const ID: &str = "0b7c7f6e-52f3-4c1e-9d55-8f0f3a2b6c11";

/// An answer with every field that the page for deleting shows, merchant details included.
fn whole_invoice() -> Value {
    json!({
        "id": ID,
        "sequenceAccountId": "3f1f8b52-0d5d-4a6b-8d3e-5f4b8f0a9e21",
        "billingScheduleId": "a1d0c1de-97ce-4bd9-9f6c-2b1f0b7f6a10",
        "status": "DRAFT",
        "currency": "EUR",
        "invoiceNumber": "SEQ-00042",
        "issueDate": "2026-03-01",
        "dueDate": "2026-03-31",
        "accountingDate": "2026-03-01",
        "purchaseOrderNumber": "PO-7",
        "reference": "spring",
        "customerEmails": ["ap@example.com", "cfo@example.com"],
        "customerId": "5a0b1d1c-6e2f-4f7a-8a3c-0d9e8f7a6b5c",
        "customerLegalCompanyName": "Acme GmbH",
        "customerTaxId": "DE123456789",
        "customerBillingAddress": {"line1": "Hauptstr. 1", "line2": "Hof", "town": "Berlin", "state": "CA", "postcode": "10115", "country": "DE"},
        "customerShippingAddress": {"line1": "Hauptstr. 1", "town": "Berlin", "postcode": "10115", "country": "DE"},
        "memo": "Many thanks",
        "paymentOptions": ["BANK_TRANSFER"],
        "billingPeriod": {"start": "2026-02-01", "endInclusive": "2026-02-28"},
        "totalTax": "2.50",
        "netTotal": "51.20",
        "grossTotal": "53.70",
        "metadata": [{"key": "team", "value": "north"}],
        "paymentStatus": "UNPAID",
        "createdAt": "2026-02-28T23:59:59Z",
        "calculatedAt": "2026-03-01T00:00:00Z",
        "creditNoteIds": ["c0ffee00-1111-4222-8333-444455556666"],
        "creditBalances": "none left",
        "dunningStatus": "SCHEDULED",
        "linkedServices": [{"externalId": "X-1", "externalService": "Xero", "syncTime": "2026-03-01T10:00:00Z"}],
        "merchantDetails": {
            "address": {"line1": "1 Road", "line2": "2nd floor", "town": "London", "state": "CA", "postcode": "N1", "country": "GB"},
            "legalCompanyName": "The Merchant Ltd",
            "email": "finance@example.com",
            "phoneNumber": "0800000000",
            "taxId": "GB1",
            "iban": "GB33BUKB20201555555555",
            "ukAccountDetails": {"accountNumber": "12345678", "sortCode": "000000"},
            "usAchDetails": {"accountName": "M", "accountNumber": "1", "bankName": "B", "bankRoutingNumber": "2"},
            "usWireDetails": {"accountName": "M", "accountNumber": "1", "bankName": "B", "bankRoutingNumber": "2", "swiftCode": "S",
                "bankAddress": {"country": "US", "line1": "L", "postcode": "P", "state": "NY", "town": "T"}},
            "caBankAccountDetails": {"accountNumber": "1", "institutionNumber": "2", "transitNumber": "3"},
            "canadianInternationalDestination": {"accountNumber": "1", "bankAddress": {"country": "US", "line1": "L", "postcode": "P", "state": "NY", "town": "T"},
                "bankName": "B", "institutionNumber": "2", "legalName": "N", "swiftCode": "S", "transitNumber": "3",
                "intermediaryBank": {"bankAddress": {"country": "US", "line1": "L", "postcode": "P", "state": "NY", "town": "T"}, "bankName": "B", "routingNumber": "4", "swiftCode": "S"}},
            "australianDestination": {"legalName": "N", "accountNumber": "1", "swiftCode": "S", "bsb": "2"},
            "customFields": [{"key": "k", "value": "v"}],
            "includeBeneficiaryAddressInPaymentDetails": false,
            "logoUrl": "https://example.com/logo.png",
            "primaryColour": "#102030"
        }
    })
}

/// The fields that the page for marking as sent shows besides: no e-mails, but render settings and an update time.
fn sent_invoice() -> Value {
    let mut invoice = whole_invoice();
    let fields = invoice.as_object_mut().expect("an object");
    fields.remove("customerEmails");
    fields.insert("status".to_owned(), json!("SENT"));
    fields.insert("isCustomerArchived".to_owned(), json!(false));
    fields.insert("updatedAt".to_owned(), json!("2026-03-02T08:00:00Z"));
    fields.insert("customerTaxStatus".to_owned(), json!("TAXED"));
    fields.insert(
        "renderSettings".to_owned(),
        json!({"paymentLinkDisplay": "HIDE_PAYMENT_LINK"}),
    );
    fields.insert("netTotal".to_owned(), json!("12"));
    invoice
}

async fn answering(status: u16, invoice: &Value) -> Server {
    Server::sequence(vec![Answer::json(status, invoice)]).await
}

fn check(seen: &Seen, method: &str, path: &str, version: &str) {
    assert_eq!((seen.method.as_str(), seen.target.as_str()), (method, path));
    assert_eq!(seen.header("sequence-version"), Some(version));
    // test-client:a-secret-that-must-never-show
    assert_eq!(
        seen.header("authorization"),
        Some("Basic dGVzdC1jbGllbnQ6YS1zZWNyZXQtdGhhdC1tdXN0LW5ldmVyLXNob3c=")
    );
    assert_eq!(seen.header("accept"), Some("application/json"));
}

fn nothing_lost(sent: &Value, invoice: &Invoice) {
    let mut lost = Vec::new();
    sample::lost(
        sent,
        &serde_json::to_value(invoice).expect("encodes"),
        "invoice",
        &mut lost,
    );
    assert!(lost.is_empty(), "{lost:#?}");
}

fn address() -> Address {
    Address::builder()
        .line1("Hauptstr. 1")
        .town("Berlin")
        .postcode("10115")
        .country(CountryCode::De)
        .build()
        .expect("complete")
}

#[tokio::test]
async fn create_an_invoice_2024_01_01() {
    let mut answer = whole_invoice();
    answer["renderSettings"] = json!({"paymentLinkDisplay": "SHOW_PAYMENT_LINK"});
    let server = answering(201, &answer).await;
    let client = server.client().with_api_version(ApiVersion::V2024_01_01);
    let date = |month, day| NaiveDate::from_ymd_opt(2026, month, day).expect("a date");
    let body = InvoiceCreate::builder()
        .billing_schedule_id("a1d0c1de-97ce-4bd9-9f6c-2b1f0b7f6a10")
        .currency(Currency::Eur)
        .due_date(date(3, 31))
        .purchase_order_number("PO-7")
        .reference("spring")
        .customer_emails(["ap@example.com"])
        .customer_legal_company_name("Acme GmbH")
        .customer_billing_address(address())
        .customer_shipping_address(address())
        .memo("Many thanks")
        .payment_options([InvoicePaymentOption::BankTransfer, InvoicePaymentOption::Link])
        .billing_period(
            InclusiveDateRange::builder()
                .start(date(2, 1))
                .end_inclusive(date(2, 28))
                .build()
                .expect("complete"),
        )
        .customer_id("5a0b1d1c-6e2f-4f7a-8a3c-0d9e8f7a6b5c")
        .metadata([KeyValuePair::builder()
            .key("team")
            .value("north")
            .build()
            .expect("complete")])
        .credit_balances("none left")
        .billing_run_id("53ff21c8-4872-46c4-83bf-517d54876945")
        .accounting_date(date(3, 1));
    let response = client.invoices().create(body).send().await.expect("created");
    assert_eq!(response.status(), 201);
    nothing_lost(&answer, &response);

    let seen = &server.seen()[0];
    check(seen, "POST", "/api/invoices", "2024-01-01");
    assert_eq!(seen.header("content-type"), Some("application/json"));
    let place = json!({"line1": "Hauptstr. 1", "town": "Berlin", "postcode": "10115", "country": "DE"});
    assert_eq!(
        seen.json(),
        json!({
            "billingScheduleId": "a1d0c1de-97ce-4bd9-9f6c-2b1f0b7f6a10",
            "currency": "EUR",
            "dueDate": "2026-03-31",
            "purchaseOrderNumber": "PO-7",
            "reference": "spring",
            "customerEmails": ["ap@example.com"],
            "customerLegalCompanyName": "Acme GmbH",
            "customerBillingAddress": place,
            "customerShippingAddress": place,
            "memo": "Many thanks",
            "paymentOptions": ["BANK_TRANSFER", "LINK"],
            "billingPeriod": {"start": "2026-02-01", "endInclusive": "2026-02-28"},
            "customerId": "5a0b1d1c-6e2f-4f7a-8a3c-0d9e8f7a6b5c",
            "metadata": [{"key": "team", "value": "north"}],
            "creditBalances": "none left",
            "billingRunId": "53ff21c8-4872-46c4-83bf-517d54876945",
            "accountingDate": "2026-03-01",
        }),
    );
}

#[tokio::test]
async fn void_an_invoice_2024_01_01() {
    let answer = sent_invoice();
    let server = answering(200, &answer).await;
    let client = server.client().with_api_version(ApiVersion::V2024_01_01);
    let invoice = client.invoices().void(ID).await.expect("voided");
    nothing_lost(&answer, &invoice);
    let seen = &server.seen()[0];
    check(seen, "POST", &format!("/api/invoices/{ID}/void"), "2024-01-01");
    assert!(seen.body.is_empty());
}

#[tokio::test]
async fn delete_an_invoice() {
    let answer = whole_invoice();
    let server = answering(200, &answer).await;
    let invoice = server.client().invoices().delete(ID).await.expect("deleted");
    nothing_lost(&answer, &invoice);
    assert_eq!(invoice.net_total.to_string(), "51.20");
    assert_eq!(invoice.status, InvoiceStatus::Draft);
    check(
        &server.seen()[0],
        "DELETE",
        &format!("/api/invoices/{ID}"),
        "2024-07-30",
    );
}

#[tokio::test]
async fn finalize_and_mark_as_sent_2024_07_30() {
    let answer = sent_invoice();
    let server = answering(200, &answer).await;
    let invoice = server.client().invoices().mark_as_sent(ID).await.expect("marked");
    nothing_lost(&answer, &invoice);
    assert_eq!(invoice.status, InvoiceStatus::Sent);
    assert_eq!(invoice.net_total.to_string(), "12");
    let seen = &server.seen()[0];
    check(
        seen,
        "POST",
        &format!("/api/invoices/{ID}/mark-as-sent"),
        "2024-07-30",
    );
    assert!(seen.body.is_empty());
}
