//! Answers that a test scripts, typed by the call that they answer.

use sequencehq::emulator::{Emulator, ScriptError, Scripted};
use sequencehq::http::Method;
use sequencehq::types::{Currency, Invoice, InvoiceCreate, InvoicePage, InvoicePaymentStatus};
use sequencehq::{ApiVersion, Client};
use serde_json::{Value, json};

async fn begin() -> (Emulator, Client, Invoice) {
    let emulator = Emulator::start().await.expect("a free port");
    let client = emulator.client();
    let body = InvoiceCreate::builder()
        .customer_id(emulator.add_customer("Acme Ltd"))
        .currency(Currency::Gbp);
    let invoice = client.invoices().create(body).await.expect("created");
    (emulator, client, invoice)
}

fn uncollectible(invoice: &Invoice) -> Invoice {
    let mut invoice = invoice.clone();
    invoice.payment_status = InvoicePaymentStatus::Uncollectible;
    invoice
}

#[tokio::test]
async fn a_call_is_answered_with_the_type_that_it_returns() {
    let (emulator, client, invoice) = begin().await;
    let body = InvoiceCreate::builder()
        .customer_id(&invoice.customer_id)
        .currency(Currency::Gbp);
    let other = client.invoices().create(body).await.expect("created");
    let answer = uncollectible(&invoice);
    emulator
        .respond(client.invoices().get(&invoice.id), &answer)
        .expect("good");
    let untouched = client.invoices().get(&other.id).await.expect("there");
    assert_eq!(untouched, other, "another id has another answer");
    let seen = client.invoices().get(&invoice.id).send().await.expect("scripted");
    assert_eq!(*seen, answer);
    assert_eq!(seen.headers()["x-emulator-scripted"], "true");
    let again = client.invoices().get(&invoice.id).await.expect("there");
    assert_eq!(again, invoice, "it was used up");
}

#[tokio::test]
async fn a_list_is_answered_with_items_or_a_page_of_its_filter() {
    let (emulator, client, invoice) = begin().await;
    let unpaid = || {
        client
            .invoices()
            .list()
            .invoice_payment_status(InvoicePaymentStatus::Unpaid)
    };
    emulator
        .respond(unpaid(), vec![uncollectible(&invoice)])
        .expect("good");
    let all = client.invoices().list().await.expect("listed");
    assert_eq!(all.items[0].payment_status, InvoicePaymentStatus::Unpaid);
    let scripted = unpaid().limit(7).await.expect("scripted");
    assert_eq!(scripted.items, [uncollectible(&invoice)]);

    let page: InvoicePage = serde_json::from_value(json!({"items": [], "pagination": {}})).expect("a page");
    emulator
        .respond(client.invoices().list(), Scripted::new(page).always())
        .expect("good");
    let mut items = client.invoices().list().items();
    assert!(items.try_next().await.expect("listed").is_none());
}

#[tokio::test]
async fn an_answer_belongs_to_the_version_of_the_call() {
    let (emulator, client, invoice) = begin().await;
    let old = client.with_api_version(ApiVersion::V2024_01_01);
    emulator
        .respond(old.invoices().get(&invoice.id), uncollectible(&invoice))
        .expect("good");
    let newest = client.invoices().get(&invoice.id).await.expect("there");
    assert_eq!(newest.payment_status, InvoicePaymentStatus::Unpaid);
    let oldest = old.invoices().get(&invoice.id).await.expect("scripted");
    assert_eq!(oldest.payment_status, InvoicePaymentStatus::Uncollectible);
}

#[tokio::test]
async fn a_call_that_cannot_be_sent_and_a_value_that_does_not_fit_are_errors() {
    let (emulator, client, mut invoice) = begin().await;
    let error = emulator
        .respond(client.invoices().get(".."), &invoice)
        .expect_err("such a path is never sent");
    assert!(matches!(&error, ScriptError::Call(_)), "{error:?}");
    invoice.payment_status = "PAID_IN_SHELLS".into();
    let error = emulator
        .respond(client.invoices().get("i1"), &invoice)
        .expect_err("no such status");
    let text = error.to_string();
    assert!(
        text.contains("value.paymentStatus: expected one of UNPAID, ")
            && text.contains("Scripted::unchecked"),
        "{text}"
    );
    emulator
        .respond(client.invoices().get("i1"), Scripted::new(&invoice).unchecked())
        .expect("unchecked");
    let seen = client.invoices().get("i1").await.expect("scripted");
    assert!(!seen.payment_status.is_known());
    assert_eq!(emulator.unused_responses(), []);
}

#[tokio::test]
async fn a_download_is_answered_with_a_file_by_call_and_by_name() {
    let (emulator, client, invoice) = begin().await;
    let pdf = || client.invoices().download(&invoice.id);
    emulator
        .respond(pdf(), Scripted::file("%PDF-1.7 by call"))
        .expect("a file");
    emulator
        .respond("invoice_download", Scripted::file("%PDF-1.7 by name"))
        .expect("a file");
    for expected in ["%PDF-1.7 by call", "%PDF-1.7 by name"] {
        let file = pdf().await.expect("scripted").bytes().await.expect("whole");
        assert_eq!(file, expected);
    }
}

#[cfg(feature = "test-util")]
#[tokio::test]
async fn a_sample_is_an_answer() {
    let emulator = Emulator::start().await.expect("a free port");
    let client = emulator.client();
    let written_off = Invoice::sample().with_payment_status(InvoicePaymentStatus::Uncollectible);
    emulator
        .respond(client.invoices().get(&written_off.id), &written_off)
        .expect("it fits the document");
    let page = InvoicePage::sample_of([written_off.clone(), Invoice::sample().with_id("i-7")]);
    emulator
        .respond(client.invoices().list(), &page)
        .expect("it fits the document");
    let seen = client.invoices().get(&written_off.id).await.expect("scripted");
    assert_eq!(seen, written_off);
    assert_eq!(client.invoices().list().await.expect("scripted"), page);
}

#[tokio::test]
async fn a_call_that_the_crate_does_not_know_is_answered_with_any_value() {
    let (emulator, client, _) = begin().await;
    let thing = |id: &str| {
        let call = client.request(Method::GET, "/new-things/{id}");
        call.segment("id", id).query("expand", "lines")
    };
    let answer = json!({"id": "t 1"});
    emulator
        .respond(thing("t 1"), Scripted::new(&answer).times(2))
        .expect("not described");
    emulator
        .respond("GET /new-things/{id}", Scripted::new(&json!("by name")))
        .expect("not described");
    let old = thing("t 1").api_version(ApiVersion::V2024_01_01);
    assert_eq!(
        old.await.expect("scripted"),
        json!("by name"),
        "in another version"
    );
    assert_eq!(thing("t 1").await.expect("scripted"), answer);
    assert!(thing("t 2").await.expect_err("another id").is_not_found());
    let typed = thing("t 1")
        .query("more", 1)
        .send::<Value>()
        .await
        .expect("scripted");
    assert_eq!(typed.headers()["x-emulator-scripted"], "true");
    assert_eq!(emulator.unused_responses(), []);

    let known = client.request(Method::GET, "/invoices/{id}").segment("id", "i1");
    let error = emulator.respond(known, &answer).expect_err("described");
    assert_eq!(
        error.to_string(),
        "`GET /invoices/i1` is invoice_get; answer it by that name"
    );
}
