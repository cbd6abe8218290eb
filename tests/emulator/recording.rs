//! Traffic that is recorded and replayed.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sequencehq::clock::ManualClock;
use sequencehq::emulator::{Emulator, Fault};
use sequencehq::recording::{Recorder, Replay, ReplayError};
use sequencehq::types::{
    Currency, CustomerId, InvoiceCreate, NotificationChannel, NotificationPolicyCreate, UsageEventCreate,
};
use sequencehq::{ApiVersion, Client, Error, ErrorKind};
use serde_json::{Value, json};

use crate::server::{Answer, SECRET, Server};

/// A file of its own for each test, removed at the end.
struct Place(PathBuf);

impl Place {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("sequencehq-recording-{}-{count}", std::process::id());
        Self(std::env::temp_dir().join(name).join("deep").join("file.json"))
    }

    fn text(&self) -> String {
        std::fs::read_to_string(&self.0).expect("it was recorded")
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(folder) = self.0.parent().and_then(|folder| folder.parent()) {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

async fn begin(place: &Place) -> (Emulator, Recorder, Client) {
    let emulator = Emulator::start().await.expect("a free port");
    let recorder = Recorder::create(&place.0).expect("a folder for tests");
    let client = emulator
        .client_builder()
        .clock(ManualClock::running())
        .record(&recorder)
        .build()
        .expect("good");
    (emulator, recorder, client)
}

/// Creates, lists in pages, fails, downloads, and uses an older version. Returns everything that a program sees.
async fn story(client: &Client, customer: &CustomerId) -> Result<Vec<String>, Error> {
    let mut seen = Vec::new();
    let invoices = client.invoices();
    let mut last = None;
    for _ in 0..3 {
        let body = InvoiceCreate::builder()
            .customer_id(customer)
            .currency(Currency::Gbp);
        last = Some(invoices.create(body).await?);
    }
    let last = last.expect("three were created");
    let mut items = invoices.list().limit(2).items();
    while let Some(invoice) = items.try_next().await? {
        seen.push(invoice.id.to_string());
    }
    invoices.finalize(&last.id).await?;
    let response = invoices.get(&last.id).send().await?;
    seen.push(format!(
        "{:?}, attempts: {}",
        response.request_id(),
        response.attempts()
    ));
    let refused = invoices.delete(&last.id).await.expect_err("it is final");
    seen.push(format!("{refused} {:?}", refused.request_id()));
    let pdf = invoices.download(&last.id).await?;
    seen.push(format!("{:?} {:?}", pdf.content_type(), pdf.content_length()));
    seen.push(STANDARD.encode(pdf.bytes().await?));
    let old = client.with_api_version(ApiVersion::V2024_01_01);
    seen.push(format!("{:?}", old.customers().get(customer).await?));
    Ok(seen)
}

#[tokio::test]
async fn a_story_with_pages_retries_refusals_and_files_replays_the_same() {
    let place = Place::new();
    let (emulator, recorder, client) = begin(&place).await;
    let customer = emulator.add_customer("Acme Ltd");
    emulator.inject(Fault::status(503).on("invoice_get"));
    emulator.inject(Fault::drop_connection_before_acting().on("invoice_get"));
    let recorded = story(&client, &customer).await.expect("it happens");
    assert_eq!(recorder.finish().expect("written"), 11);
    drop(emulator);

    let replay = Replay::open(&place.0).expect("a recording");
    assert_eq!(replay.unused().len(), 11);
    let replayed = story(&replay.client(), &customer).await.expect("it is recorded");
    // The dropped connection was no response, so the recording has one attempt less.
    let expected: Vec<String> = recorded
        .iter()
        .map(|line| line.replace("attempts: 3", "attempts: 2"))
        .collect();
    assert_eq!(replayed, expected);
    assert_eq!(replay.unused(), Vec::<String>::new());
}

#[tokio::test]
async fn a_recording_is_json_that_people_can_read() {
    let place = Place::new();
    let (emulator, recorder, client) = begin(&place).await;
    let customer = emulator.add_customer("Acme Ltd");
    let body = InvoiceCreate::builder()
        .customer_id(&customer)
        .currency(Currency::Gbp);
    client.invoices().create(body).await.expect("created");
    recorder.finish().expect("written");
    let text = place.text();
    let begin = format!(
        r#"[
  {{
    "operation": "invoice_create",
    "request": {{
      "method": "POST",
      "path": "/api/invoices",
      "headers": [
        ["content-type","application/json"],
        ["sequence-version","2024-07-30"]
      ],
      "body": {{
        "json": {{
          "customerId": "{customer}",
          "currency": "GBP""#
    );
    assert!(text.starts_with(&begin), "{text}");
    assert!(text.ends_with("\n  }\n]\n"), "{text}");
    let parsed: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(parsed[0]["response"]["status"], 201);
}

#[tokio::test]
async fn no_secret_is_in_a_recording() {
    let place = Place::new();
    let recorder = Recorder::create(&place.0).expect("a folder for tests");
    // A gateway that echoes credentials everywhere, sets cookies and signs URLs.
    let server = Server::start(|seen| {
        let authorization = seen.header("authorization").unwrap_or_default().to_owned();
        let body = json!({
            "id": "p1", "sequenceAccountId": "a1", "name": SECRET, "channel": "WEBHOOK", "createdAt": "2026-01-31T09:30:00Z",
            "recipients": ["https://files.example/a?X-Amz-Signature=signed-hush", "https://u:pw-hush@files.example/b"],
            "webhookSecret": "whsec_hush", "echo": authorization, "nested": [{"apiToken": "token-hush"}],
        });
        Answer::json(201, &body)
            .with("set-cookie", "session=cookie-hush")
            .with("x-debug", &authorization)
            .with("x-request-id", &format!("r1 {SECRET}"))
            .with("location", "https://files.example/c?sig=signed-hush")
    })
    .await;
    let client = server
        .builder()
        .record(&recorder)
        .default_header("x-gateway", "gateway-hush");
    let client = client.build().expect("good");
    let policy = NotificationPolicyCreate::builder()
        .name(format!("about {SECRET}"))
        .channel(NotificationChannel::Webhook)
        .recipients(["https://hooks.example/x?key=query-hush"])
        .webhook_secret("whsec_hush");
    client
        .notification_policies()
        .create(policy)
        .await
        .expect("created");
    let text = place.text();
    let authorization = server.seen()[0].header("authorization").expect("sent").to_owned();
    let pair = authorization.trim_start_matches("Basic ");
    assert!(pair.len() > 10, "{authorization}");
    for secret in [SECRET, pair, "hush", &STANDARD.encode(SECRET)] {
        assert!(!text.contains(secret), "{secret} is in {text}");
    }
    assert!(
        text.contains("<redacted>") && text.contains("https://files.example/a?redacted"),
        "{text}"
    );
    assert!(text.contains(r#"["x-request-id","r1 <redacted>"]"#), "{text}");

    // Secrets that differ do not prevent a replay.
    let replay = Replay::open(&place.0).expect("a recording");
    let policy = NotificationPolicyCreate::builder()
        .name("about <redacted>")
        .channel(NotificationChannel::Webhook)
        .recipients(["https://hooks.example/x?key=another"])
        .webhook_secret("whsec_another");
    let client = replay
        .client_builder()
        .base_url(&server.base_url)
        .build()
        .expect("good");
    let replayed = client
        .notification_policies()
        .create(policy)
        .await
        .expect("recorded");
    assert_eq!(replayed.webhook_secret.as_deref(), Some("<redacted>"));
    assert_eq!(server.count(), 1, "nothing was sent");
}

#[tokio::test]
async fn a_call_that_was_not_recorded_names_the_nearest_and_the_difference() {
    let place = Place::new();
    let (emulator, _recorder, client) = begin(&place).await;
    let customer = emulator.add_customer("Acme Ltd");
    let body = |currency: Currency| InvoiceCreate::builder().customer_id(&customer).currency(currency);
    client
        .invoices()
        .create(body(Currency::Gbp))
        .await
        .expect("created");
    client.invoices().list().limit(5).await.expect("listed");
    let replay = Replay::open(&place.0).expect("a recording");
    let client = replay.client();
    let message = |error: Error| {
        assert_eq!(error.kind(), ErrorKind::NotRecorded, "{error}");
        assert!(!error.may_have_acted() && error.attempts() == 1, "{error}");
        error.to_string()
    };
    let error = client
        .invoices()
        .create(body(Currency::Eur))
        .await
        .expect_err("another body");
    let path = place.0.display();
    assert_eq!(
        message(error),
        format!(
            "invoice_create: {path} has no response to POST /api/invoices. The nearest is number 1 of 2, invoice_create (POST /api/invoices): \
             body.currency: recorded \"GBP\", sent \"EUR\". Record again, or change the call. Nothing was sent."
        )
    );
    let error = client
        .invoices()
        .list()
        .limit(7)
        .await
        .expect_err("another query");
    let text = message(error);
    assert!(
        text.contains("query: recorded `limit=5`, not sent; query: sent `limit=7`, not recorded"),
        "{text}"
    );
    let old = client.with_api_version(ApiVersion::V2024_01_01);
    let text = message(old.invoices().list().limit(5).await.expect_err("another version"));
    assert!(
        text.contains("version: recorded 2024-07-30, sent 2024-01-01"),
        "{text}"
    );
    client.invoices().list().limit(5).await.expect("recorded");
    let text = message(client.invoices().list().limit(5).await.expect_err("used up"));
    assert!(
        text.contains("GET /api/invoices?limit=5 1 times, and all were used."),
        "{text}"
    );
    assert_eq!(replay.unused(), ["POST /api/invoices"]);
}

#[tokio::test]
async fn ids_that_the_client_generates_for_events_may_differ() {
    let place = Place::new();
    let (emulator, _recorder, client) = begin(&place).await;
    let customer = emulator.add_customer("Acme Ltd");
    let event = || {
        UsageEventCreate::builder()
            .customer_alias(customer.as_str())
            .event_type("call")
    };
    let recorded = client.usage_events().create(event()).await.expect("created");
    let replay = Replay::open(&place.0).expect("a recording");
    let replayed = replay
        .client()
        .usage_events()
        .create(event())
        .await
        .expect("recorded");
    assert_eq!(replayed, recorded);
}

#[test]
fn a_file_that_is_not_a_recording_is_an_error_with_its_name() {
    let place = Place::new();
    let missing = Replay::open(&place.0).expect_err("there is none");
    assert!(matches!(missing, ReplayError::Read(..)), "{missing:?}");
    let folder = place.0.parent().expect("a folder");
    std::fs::create_dir_all(folder).expect("a folder for tests");
    std::fs::write(&place.0, "[{\"request\": 7}]").expect("written");
    let error = Replay::open(&place.0).expect_err("not a recording");
    assert_eq!(
        error.to_string(),
        format!("{} is not a recording", place.0.display())
    );
    let source = std::error::Error::source(&error).expect("a source").to_string();
    assert!(source.contains("line 1"), "{source}");
}

#[tokio::test]
async fn a_folder_that_the_program_of_the_emulator_recorded_is_replayed() {
    let place = Place::new();
    let folder = place.0.parent().expect("a folder");
    std::fs::create_dir_all(folder).expect("a folder for tests");
    let exchange = |name: &str| {
        json!({
            "at": "2026-01-31T09:30:00.000Z", "operation": "product_get",
            "request": {
                "method": "GET", "path": "/api/products/p1", "query": null,
                "headers": [["authorization", "<redacted>"], ["sequence-version", "2024-07-30"]],
            },
            "response": {
                "status": 200, "headers": [["content-type", "application/json"]],
                "body": {"json": {"id": "p1", "name": name, "createdAt": "2026-01-31T09:30:00Z", "updatedAt": "2026-01-31T09:30:00Z"}},
            },
            "assumptions": ["A1"],
        })
    };
    let dropped = json!({"at": "", "operation": null, "request": {"method": "GET", "path": "/", "query": null, "headers": []}, "response": null});
    for (file, text) in [
        ("000003-product_get.json", exchange("second").to_string()),
        ("000001-product_get.json", exchange("first").to_string()),
        ("000002-unknown.json", dropped.to_string()),
        ("notes.txt", "not read".to_owned()),
    ] {
        std::fs::write(folder.join(file), text).expect("written");
    }
    let client = Replay::open(folder).expect("recordings").client();
    for expected in ["first", "second"] {
        assert_eq!(
            client.products().get("p1").await.expect("recorded").name,
            expected
        );
    }
}
