//! What users of the client and the emulator do.

use sequencehq::clock::ManualClock;
use sequencehq::emulator::{Emulator, Fault, StartError};
use sequencehq::types::{
    Address, CountryCode, Currency, CustomerCreate, Invoice, InvoiceCreate, InvoiceLineItemCreate,
    InvoiceStatus, TaxStatus,
};
use sequencehq::{ApiVersion, Client, Credentials};

use crate::server::{Answer, Server};

async fn begin() -> (Emulator, Client, sequencehq::types::CustomerId) {
    let emulator = Emulator::start().await.expect("a free port");
    let customer = emulator.add_customer("Acme Ltd");
    let client = emulator
        .client_builder()
        .clock(ManualClock::running())
        .build()
        .expect("good");
    (emulator, client, customer)
}

fn draft(customer: &sequencehq::types::CustomerId) -> sequencehq::types::InvoiceCreateBuilder {
    InvoiceCreate::builder()
        .customer_id(customer)
        .currency(Currency::Gbp)
}

fn line(quantity: &str, rate: &str) -> InvoiceLineItemCreate {
    InvoiceLineItemCreate::builder()
        .title("A line")
        .quantity(quantity)
        .rate(rate)
        .tax_rate("0.2")
        .empty_external_ids()
        .build()
        .expect("complete")
}

#[tokio::test]
async fn a_customer_of_the_oldest_version_has_contacts_in_the_newest() {
    let (_emulator, client, _) = begin().await;
    let address = Address::builder()
        .line1("1 Main Street")
        .town("London")
        .postcode("E1 6AN")
        .country(CountryCode::Gb);
    let customer = CustomerCreate::builder()
        .legal_name("Old Ltd")
        .tax_status(TaxStatus::Taxed)
        .address(address)
        .email("ada@old.example")
        .billing_emails(["bob@old.example"]);
    let old = client.with_api_version(ApiVersion::V2024_01_01);
    let created = old.customers().create(customer).await.expect("created");
    assert_eq!(created.email.as_deref(), Some("ada@old.example"));
    let read = client.customers().get(&created.id).await.expect("found");
    let emails = read
        .contacts
        .iter()
        .flatten()
        .map(|contact| contact.email.as_str());
    assert_eq!(emails.collect::<Vec<_>>(), ["ada@old.example", "bob@old.example"]);
}

#[tokio::test]
async fn an_invoice_lives_its_whole_life() {
    let (_emulator, client, customer) = begin().await;
    let invoices = client.invoices();
    let invoice = invoices.create(draft(&customer)).await.expect("created");
    client
        .invoice_line_items()
        .create(&invoice.id, line("3", "33.335"))
        .await
        .expect("a line");
    let invoice: Invoice = invoices.get(&invoice.id).await.expect("there");
    assert_eq!(
        (invoice.net_total.to_string(), invoice.gross_total.to_string()),
        ("100.01".to_owned(), "120.01".to_owned())
    );
    assert_eq!(
        invoices.finalize(&invoice.id).await.expect("final").status,
        InvoiceStatus::Final
    );
    assert_eq!(
        invoices.send(&invoice.id).await.expect("sent").status,
        InvoiceStatus::Sent
    );
    let pdf = invoices
        .download(&invoice.id)
        .await
        .expect("begun")
        .bytes()
        .await
        .expect("whole");
    assert!(pdf.starts_with(b"%PDF-"));
    assert_eq!(
        invoices.void(&invoice.id).await.expect("void").status,
        InvoiceStatus::Voided
    );
    let error = invoices.delete(&invoice.id).await.expect_err("not a draft");
    assert!(error.is_bad_request() && !error.may_have_acted());
    assert_eq!(error.error_type(), Some("IllegalState"));
    assert!(
        error.message().is_some_and(|message| message.contains("VOIDED")),
        "{error}"
    );
}

#[tokio::test]
async fn an_invoice_is_created_once_whatever_the_network_does() {
    let (emulator, client, customer) = begin().await;
    // The server acts and the answer is lost: a repeat would bill twice.
    emulator.inject(Fault::drop_connection_after_acting().on("invoice_create"));
    let error = client
        .invoices()
        .create(draft(&customer))
        .await
        .expect_err("the answer was lost");
    assert!(error.may_have_acted() && error.attempts() == 1);
    assert_eq!(client.invoices().list().await.expect("listed").items.len(), 1);
    // The server was too busy to act: a repeat is safe.
    emulator.inject(
        Fault::status(429)
            .retry_after(std::time::Duration::from_secs(3))
            .on("invoice_create")
            .times(2),
    );
    let response = client
        .invoices()
        .create(draft(&customer))
        .send()
        .await
        .expect("the third attempt");
    assert_eq!(response.attempts(), 3);
    assert_eq!(client.invoices().list().await.expect("listed").items.len(), 2);
}

#[tokio::test]
async fn reads_survive_faults() {
    let (emulator, client, customer) = begin().await;
    let invoice = client.invoices().create(draft(&customer)).await.expect("created");
    emulator.inject(Fault::html_502().on("invoice_get"));
    emulator.inject(Fault::truncate_body().on("invoice_get"));
    let response = client
        .invoices()
        .get(&invoice.id)
        .send()
        .await
        .expect("the third attempt");
    assert_eq!(response.attempts(), 3);
    emulator.inject(Fault::wrong_shape().on("invoice_get"));
    let error = client
        .invoices()
        .get(&invoice.id)
        .await
        .expect_err("not an invoice");
    assert!(error.is_decode() && error.path().is_some(), "{error}");
}

#[tokio::test]
async fn every_page_of_a_filtered_list_comes() {
    let (_emulator, client, customer) = begin().await;
    for number in 0..7 {
        let invoice = client.invoices().create(draft(&customer)).await.expect("created");
        if number % 2 == 0 {
            client.invoices().finalize(&invoice.id).await.expect("final");
        }
    }
    let mut drafts = client
        .invoices()
        .list()
        .invoice_status(InvoiceStatus::Draft)
        .limit(2)
        .items();
    let mut count = 0;
    while let Some(invoice) = drafts.try_next().await.expect("a page") {
        assert_eq!(invoice.status, InvoiceStatus::Draft);
        count += 1;
    }
    assert_eq!((count, drafts.total()), (3, Some(3)));
}

#[tokio::test]
async fn wrong_credentials_are_401() {
    let emulator = Emulator::start().await.expect("a free port");
    let credentials = Credentials::new("nobody", "nothing").expect("well-formed");
    let client = Client::builder(credentials)
        .base_url(emulator.base_url())
        .build()
        .expect("good");
    assert!(
        client
            .invoices()
            .list()
            .await
            .expect_err("refused")
            .is_unauthorized()
    );
}

#[tokio::test]
async fn an_emulator_starts_with_exactly_the_credentials_that_a_client_accepts() {
    for (id, secret) in [
        ("a", "b:c"),
        ("me", "p:ss wörd"),
        (" ", "\u{a0}"),
        ("a:b", "secret"),
        ("", "secret"),
        ("id", ""),
        ("id\n", "secret"),
        ("id", "secret\u{85}"),
    ] {
        let is_valid = Credentials::new(id, secret).is_ok();
        match Emulator::builder().credentials(id, secret).start().await {
            Ok(emulator) => {
                assert!(is_valid, "{id:?} {secret:?}");
                emulator.client().products().list().await.expect("listed");
            }
            Err(error) => {
                assert!(!is_valid, "{id:?} {secret:?}: {error}");
                assert!(matches!(error, StartError::Credentials(_)), "{error:?}");
            }
        }
    }
}

#[tokio::test]
async fn debug_shows_no_secret() {
    let builder = Emulator::builder().credentials("me", "hush-7d1f");
    assert!(!format!("{builder:?}").contains("hush-7d1f"), "{builder:?}");
    let emulator = builder.start().await.expect("a free port");
    assert!(!format!("{emulator:?}").contains("hush-7d1f"), "{emulator:?}");
}

#[tokio::test]
async fn a_stopped_emulator_has_freed_its_port() {
    let emulator = Emulator::start().await.expect("a free port");
    let address = emulator.base_url().to_owned();
    let port = address.trim_end_matches("/api").rsplit(':').next();
    let port = port.and_then(|port| port.parse().ok()).expect("a port");
    emulator.stop().await;
    let again = Emulator::builder().port(port).start().await.expect("it is free");
    assert_eq!(again.base_url(), address);
}

/// A receiver that verifies what comes and passes it on.
async fn receiver(
    verifier: sequencehq::webhook::Verifier,
) -> (
    Server,
    tokio::sync::mpsc::UnboundedReceiver<sequencehq::webhook::Event>,
) {
    let (events, arrived) = tokio::sync::mpsc::unbounded_channel();
    let server = Server::start(move |seen| {
        let signatures = seen.header(sequencehq::webhook::SIGNATURE_HEADER);
        match verifier.verify_and_parse(signatures, &seen.body) {
            Ok(event) => {
                events.send(event).expect("the test waits");
                Answer::Full {
                    status: 204,
                    headers: Vec::new(),
                    body: Vec::new(),
                }
            }
            Err(error) => Answer::status(error.status().as_u16()),
        }
    })
    .await;
    (server, arrived)
}

#[tokio::test]
async fn webhooks_of_the_emulator_are_signed_typed_and_in_order() {
    use sequencehq::types::{NotificationChannel, NotificationPolicyCreate};
    use sequencehq::webhook::{Resource, Secret, Verifier};

    let (emulator, client, customer) = begin().await;
    let verifier = Verifier::new(Secret::new("whsec_of-the-test").expect("good"));
    let (server, mut arrived) = receiver(verifier).await;
    let url = format!("{}/hook", server.base_url);
    let policy = NotificationPolicyCreate::builder()
        .name("tests")
        .channel(NotificationChannel::Webhook)
        .recipients([url.as_str(), "https://example.com/elsewhere"])
        .webhook_secret("whsec_of-the-test");
    let policy = client
        .notification_policies()
        .create(policy)
        .await
        .expect("created");
    let invoice = client.invoices().create(draft(&customer)).await.expect("created");
    client.invoices().finalize(&invoice.id).await.expect("final");
    client.invoices().void(&invoice.id).await.expect("void");
    for (kind, status) in [
        ("INVOICE_CREATED", InvoiceStatus::Draft),
        ("INVOICE_ISSUED", InvoiceStatus::Final),
        ("INVOICE_UPDATED", InvoiceStatus::Voided),
    ] {
        let event = tokio::time::timeout(std::time::Duration::from_secs(20), arrived.recv()).await;
        let event = event.expect("it arrives").expect("the receiver lives");
        assert_eq!(event.notification_type(), kind);
        let Some(Resource::Invoice(sent)) = event.resource() else {
            panic!("{event:?}")
        };
        assert_eq!((&sent.id, &sent.status), (&invoice.id, &status));
    }
    // Nothing leaves the machine, and what did not is on record.
    emulator.settle().await;
    let deliveries = emulator.deliveries();
    assert_eq!(deliveries.len(), 6, "{deliveries:?}");
    for delivery in deliveries {
        let expected = (delivery.recipient == url).then_some(204);
        assert_eq!(delivery.status(), expected, "{delivery:?}");
    }

    client
        .notification_policies()
        .remove_recipient(&policy.id, "https://example.com/elsewhere")
        .await
        .expect("removed");
    let policy = client
        .notification_policies()
        .get(&policy.id)
        .await
        .expect("there");
    assert_eq!(policy.recipients, [url]);
    client
        .notification_policies()
        .delete(&policy.id)
        .await
        .expect("deleted");
    assert!(
        client
            .notification_policies()
            .get(&policy.id)
            .await
            .expect_err("gone")
            .is_not_found()
    );
}

#[cfg(feature = "test-util")]
#[tokio::test]
async fn the_sample_of_a_body_is_accepted() {
    use sequencehq::types::{
        BillingScheduleCreate, ContactCreate, CreditNoteCreate, CustomerAliasCreate, ListPriceCreate,
        PhaseInput, ProductCreate, TaxRateCreate, UsageMetricCreate,
    };

    let (_emulator, client, _) = begin().await;
    let customer = CustomerCreate::sample().legal_name("Pine Ltd");
    let customer = client.customers().create(customer).await.expect("a customer");
    assert_eq!(customer.legal_name, "Pine Ltd");
    let contact = client.contacts().create(&customer.id, ContactCreate::sample());
    contact.await.expect("a contact");
    let alias = CustomerAliasCreate::sample().customer_id(&customer.id);
    client.customer_aliases().create(alias).await.expect("an alias");
    let metric = client.usage_metrics().create(UsageMetricCreate::sample());
    metric.await.expect("a metric");
    let product = client.products().create(ProductCreate::sample()).await;
    let price = ListPriceCreate::sample().product_id(&product.expect("a product").id);
    let price = client.list_prices().create(price).await.expect("a price");
    client
        .tax_rates()
        .create(TaxRateCreate::sample())
        .await
        .expect("a rate");
    let phase = PhaseInput::sample().empty_price_ids().list_price_ids([&price.id]);
    let schedule = BillingScheduleCreate::sample()
        .customer_id(&customer.id)
        .phases([phase]);
    let schedule = client.billing_schedules().create(schedule);
    schedule.await.expect("a schedule");
    let invoice = InvoiceCreate::sample().customer_id(&customer.id);
    let invoice = client.invoices().create(invoice).await.expect("an invoice");
    let line = InvoiceLineItemCreate::sample();
    let line = client.invoice_line_items().create(&invoice.id, line);
    assert_eq!(line.await.expect("a line").invoice_id, invoice.id);
    let note = CreditNoteCreate::sample().customer_id(&customer.id);
    client.credit_notes().create(note).await.expect("a note");
}
