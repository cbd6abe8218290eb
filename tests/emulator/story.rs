//! A small client for the stories, which checks every answer against the document.

use reqwest::{Method, RequestBuilder};
use sequencehq::emulator::{Emulator, EmulatorBuilder};
use serde_json::{Value, json};

/// The day on which every story plays, unless it says otherwise.
pub const TODAY: &str = "2026-03-10";

/// An emulator, a client for it, and one customer.
pub struct Story {
    pub emulator: Emulator,
    pub http: reqwest::Client,
    pub customer_id: String,
}

/// An answer that keeps what the document promises.
pub struct Reply {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub bytes: Vec<u8>,
}

impl Story {
    pub async fn begin() -> Self {
        Self::with(Emulator::builder()).await
    }

    pub async fn with(builder: EmulatorBuilder) -> Self {
        let today = TODAY.parse().expect("a date");
        let emulator = builder.today(today).start().await.expect("a free port");
        let customer_id = emulator.add_customer("Acme Ltd").into_string();
        Self {
            emulator,
            http: http_client(),
            customer_id,
        }
    }

    /// A request with credentials, to be changed and sent by hand.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("{}{path}", self.emulator.base_url());
        self.http
            .request(method, url)
            .basic_auth(self.emulator.client_id(), Some(self.emulator.client_secret()))
    }

    /// Sends a request and checks its answer.
    pub async fn send(&self, request: RequestBuilder) -> Reply {
        let response = request.send().await.expect("an answer");
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let bytes = response.bytes().await.expect("a whole answer").to_vec();
        assert!(headers.contains_key("sequence-version"));
        assert!(headers.contains_key("x-request-id"));
        let requests = self.emulator.requests();
        if let Some(id) = &requests.last().expect("it was recorded").operation_id {
            let check = Emulator::check_answer(id, status, &bytes);
            let text = String::from_utf8_lossy(&bytes);
            assert_eq!(check, Ok(()), "{id} answered {status} {text}");
        }
        Reply {
            status,
            headers,
            bytes,
        }
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send(self.request(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.send(self.request(Method::POST, path).json(&body)).await
    }

    /// POST without a body.
    pub async fn act(&self, path: &str) -> Reply {
        self.send(self.request(Method::POST, path)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Reply {
        self.send(self.request(Method::PUT, path).json(&body)).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Reply {
        self.send(self.request(Method::PATCH, path).json(&body)).await
    }

    pub async fn delete(&self, path: &str) -> Reply {
        self.send(self.request(Method::DELETE, path)).await
    }

    /// A new draft without lines; returns its id.
    pub async fn draft(&self) -> String {
        self.draft_in("GBP").await
    }

    pub async fn draft_in(&self, currency: &str) -> String {
        let body = json!({"customerId": self.customer_id, "currency": currency});
        self.post("/invoices", body).await.expect(201).id()
    }

    pub async fn add_line(&self, invoice: &str, quantity: &str, rate: &str, tax_rate: &str) -> Value {
        let path = format!("/invoices/{invoice}/line-items");
        self.post(&path, line(quantity, rate, tax_rate))
            .await
            .expect(201)
            .json()
    }

    /// A new invoice that was brought into a status by the calls a user would make.
    pub async fn invoice_in(&self, status: &str) -> String {
        let id = self.draft().await;
        self.add_line(&id, "1", "100.00", "0.2").await;
        match status {
            "DRAFT" => {}
            "IN_PROGRESS" => assert!(self.emulator.put_in_progress(&id)),
            "FINAL" => drop(self.act(&format!("/invoices/{id}/finalize")).await.expect(200)),
            "SENT" => drop(
                self.act(&format!("/invoices/{id}/finalize-and-send"))
                    .await
                    .expect(200),
            ),
            "VOIDED" => drop(self.act(&format!("/invoices/{id}/void")).await.expect(200)),
            other => panic!("no invoice is ever {other}"),
        }
        id
    }
}

impl Reply {
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        let text = String::from_utf8_lossy(&self.bytes);
        assert_eq!(self.status, status, "{text}");
        self
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).expect("JSON")
    }

    pub fn id(&self) -> String {
        self.json()["id"].as_str().expect("an id").to_owned()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Type and message of a refusal.
    pub fn error(&self) -> (String, String) {
        let error = &self.json()["error"];
        let text = |name: &str| error[name].as_str().expect("a text").to_owned();
        (text("type"), text("message"))
    }
}

pub fn line(quantity: &str, rate: &str, tax_rate: &str) -> Value {
    json!({
        "title": "Consulting",
        "quantity": quantity,
        "rate": rate,
        "taxRate": tax_rate,
        "externalIds": [],
    })
}

/// A plain HTTP client. Making one wants a provider of cryptography, although nothing here is encrypted.
pub fn http_client() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::new()
}
