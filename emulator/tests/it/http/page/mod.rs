//! The page: its content, and that stored texts are escaped.

mod contrast;
mod events;
mod invoices;
mod reference;
mod safety;
#[cfg(feature = "program")]
mod schedules;
mod wire;
mod work;

use sequencehq_emulator::Emulator;
use serde_json::{Value, json};

use super::{Reply, on_new_year, raw, send, start};

/// A name that would be harmful if it was markup.
const HOSTILE: &str = "<script>alert(1)</script>\"'&";
/// The same name as a text of HTML.
const ESCAPED: &str = "&lt;script&gt;alert(1)&lt;/script&gt;&quot;'&amp;";

async fn get(emulator: &Emulator, path: &str) -> Reply {
    let request = format!("GET /_emulator/page/{path}");
    raw(emulator, &request, "", "").await.expect("a response")
}

/// The text of a page.
#[track_caller]
fn html(reply: &Reply) -> &str {
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert_eq!(reply.header("content-type"), Some("text/html; charset=utf-8"));
    &reply.body
}

/// Posts a form as a browser does, and follows the redirect.
async fn post(emulator: &Emulator, path: &str, form: &str) -> Reply {
    let origin = emulator.base_url().trim_end_matches("/api");
    let headers = format!(
        "origin: {origin}\r\nsec-fetch-site: same-origin\r\ncontent-type: application/x-www-form-urlencoded\r\n"
    );
    let request = format!("POST /_emulator/page/{path}");
    let reply = raw(emulator, &request, &headers, form).await.expect("a response");
    assert_eq!(reply.status, 303, "{}", reply.body);
    let target = reply.header("location").expect("a redirect").to_owned();
    let shown = raw(emulator, &format!("GET {target}"), "", "").await;
    shown.expect("a response")
}

/// Creates a record by the API, and returns its id.
async fn create(emulator: &Emulator, path: &str, body: &Value) -> String {
    let reply = send(emulator, &format!("POST {path}"), Some(body)).await;
    assert!(reply.status < 300, "{}", reply.body);
    reply.json()["id"].as_str().unwrap_or_default().to_owned()
}

/// Creates an invoice with one line, and returns its id.
async fn invoice(emulator: &Emulator, customer: &str) -> String {
    let id = create(
        emulator,
        "/invoices",
        &json!({"customerId": customer, "currency": "GBP"}),
    )
    .await;
    let line =
        json!({"title": HOSTILE, "quantity": "3", "rate": "1250.50", "taxRate": "0.2", "externalIds": []});
    create(emulator, &format!("/invoices/{id}/line-items"), &line).await;
    id
}
