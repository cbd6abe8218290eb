//! The service, and an emulator that sends webhooks to it. The date is that of the emulator, and waits end at once.

use acme_billing::{App, app, month_end, plans, webhooks, worker};
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use sequencehq::clock::ManualClock;
use sequencehq::emulator::Emulator;
use sequencehq::webhook::Secret;
use sequencehq::{Client, NaiveDate};
use serde_json::{Value, json};
use sqlx::sqlite::SqliteConnectOptions;
use tokio::net::TcpListener;
use tower::ServiceExt as _;

pub(crate) const SECRET: &str = "whsec_of-the-test";

pub(crate) struct Stage {
    pub(crate) emulator: Emulator,
    pub(crate) app: App,
}

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

impl Stage {
    /// On 1 January 2026, with prices and a subscription to webhooks. The worker runs only if a test calls [`Self::work`].
    pub(crate) async fn begin() -> Self {
        let emulator = Emulator::builder()
            .date(day("2026-01-01"))
            .start()
            .await
            .expect("a free port");
        let client = emulator
            .client_builder()
            .clock(ManualClock::running())
            .build()
            .expect("good settings");
        let plans = plans::set_up(&client).await.expect("prices");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!(
            "http://{}/webhooks/sequence",
            listener.local_addr().expect("bound")
        );
        webhooks::subscribe(&client, &url, SECRET)
            .await
            .expect("subscribed");
        let database = app::open(SqliteConnectOptions::new().in_memory(true))
            .await
            .expect("tables");
        let secret = Secret::new(SECRET).expect("not empty");
        let app = App::new(client, database, plans, secret, emulator.clock());
        let router = app.router();
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { emulator, app }
    }

    pub(crate) fn client(&self) -> &Client {
        &self.app.client
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        let request = Request::post(path).header("content-type", "application/json");
        let request = request.body(Body::from(body.to_string())).expect("a request");
        let (status, _, bytes) = self.send(request).await;
        (status, serde_json::from_slice(&bytes).unwrap_or_default())
    }

    pub(crate) async fn get(&self, path: &str) -> (StatusCode, HeaderMap, Vec<u8>) {
        self.send(Request::get(path).body(Body::empty()).expect("a request"))
            .await
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> (StatusCode, HeaderMap, Vec<u8>) {
        let response = self.app.router().oneshot(request).await.expect("a response");
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.expect("the whole body");
        (parts.status, parts.headers, bytes.to_vec())
    }

    pub(crate) async fn sign_up(&self, customer: &str) -> (StatusCode, Value) {
        self.post("/signups", &signup(customer)).await
    }

    pub(crate) async fn use_api(&self, id: &str, calls: u32) -> (StatusCode, Value) {
        let usage = json!({"id": id, "customer": "globex", "calls": calls});
        self.post("/usage", &usage).await
    }

    /// One round of the worker.
    pub(crate) async fn work(&self) {
        worker::work(&self.app).await.expect("the database works");
    }

    /// Finalizes and sends what is due today.
    pub(crate) async fn month_end(&self) -> month_end::Report {
        let report = month_end::run(self.client(), self.app.today()).await;
        report.expect("listed")
    }

    /// What a customer sees.
    pub(crate) async fn invoices(&self, customer: &str) -> Value {
        let (status, _, body) = self.get(&format!("/customers/{customer}/invoices")).await;
        assert_eq!(status, StatusCode::OK);
        serde_json::from_slice(&body).expect("JSON")
    }

    /// How many customers and billing schedules there are in Sequence.
    pub(crate) async fn created(&self) -> (usize, usize) {
        let customers = self.client().customers().list().items().try_collect().await;
        let schedules = self
            .client()
            .billing_schedules()
            .list()
            .items()
            .try_collect()
            .await;
        (customers.expect("listed").len(), schedules.expect("listed").len())
    }
}

pub(crate) fn signup(customer: &str) -> Value {
    json!({
        "customer": customer,
        "plan": "team",
        "legalName": "Globex Ltd",
        "email": "ap@globex.example",
        "address": {"line1": "1 High Street", "town": "London", "postcode": "N1 1AA", "country": "GB"},
    })
}
