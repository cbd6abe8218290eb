//! Code without async: calls, lists and downloads on the runtime of the client.

#![cfg(feature = "blocking")]

use std::io::Read as _;

use sequencehq::{ErrorKind, RetryPolicy};
use serde_json::json;

use crate::sample::{self, Shape};
use crate::server::{Answer, Server};

/// A server with two pages of invoices, and a PDF of 900 KB.
fn server() -> Server {
    let invoice = sample::value(&json!({"$ref": "#/components/schemas/Invoice"}), Shape::Minimal);
    Server::on_own_thread(move |seen| match seen.path() {
        "/api/invoices" => {
            let after = seen.query().into_iter().find(|(name, _)| name == "after");
            let next = if after.is_none() {
                json!("second")
            } else {
                json!(null)
            };
            let page = json!({"items": [invoice, invoice], "pagination": {"after": next}});
            Answer::json(200, &page)
        }
        "/api/invoices/an-id/download" => Answer::text(200, "application/pdf", b"%PDF-1.7 ".repeat(100_000)),
        "/api/invoices/an-id" => Answer::json(200, &invoice).with("x-request-id", "req-1"),
        path => Answer::text(404, "text/plain", path),
    })
}

#[test]
fn calls_lists_and_downloads_need_no_runtime_of_the_caller() {
    let server = server();
    let client = server.client();
    let invoice = client.invoices().get("an-id").wait().expect("an invoice");
    let response = client
        .invoices()
        .get("an-id")
        .wait_for_response()
        .expect("an invoice");
    assert_eq!(
        (response.request_id(), &response.id),
        (Some("req-1"), &invoice.id)
    );
    let request = client.request(sequencehq::http::Method::GET, "/invoices/an-id");
    assert_eq!(request.wait().expect("an invoice")["id"], json!(invoice.id));
    #[cfg(feature = "operations")]
    {
        let call = client.operation("invoice_get").argument("id", "an-id");
        assert_eq!(call.wait().expect("an invoice")["id"], json!(invoice.id));
    }
    let error = client.invoices().void("an-id").wait().expect_err("not served");
    assert!(error.is_not_found(), "{error}");

    let items: Result<Vec<_>, _> = client.invoices().list().iter().collect();
    assert_eq!(items.expect("four invoices").len(), 4);
    let pages: Result<Vec<_>, _> = client.invoices().list().iter_pages().collect();
    assert_eq!(pages.expect("two pages").len(), 2);

    let mut pdf = client.invoices().download("an-id").wait().expect("begun");
    let mut start = [0; 5];
    pdf.read_exact(&mut start).expect("the beginning");
    assert_eq!(&start, b"%PDF-");
    let mut rest = Vec::new();
    assert_eq!(pdf.read_to_end(&mut rest).expect("the rest"), 900_000 - 5);
    assert!(rest.starts_with(b"1.7 %PDF") && rest.ends_with(b"1.7 "));
    assert_eq!(pdf.read(&mut start).expect("the end"), 0);
}

#[test]
fn a_download_is_saved_without_async() {
    let server = server();
    let path = std::env::temp_dir().join(format!("sequencehq-blocking-{}.pdf", std::process::id()));
    let pdf = server
        .client()
        .invoices()
        .download("an-id")
        .wait()
        .expect("begun");
    assert_eq!(pdf.save(&path).wait().expect("saved"), 900_000);
    assert_eq!(std::fs::metadata(&path).expect("there").len(), 900_000);
    std::fs::remove_file(path).expect("removed");
}

#[test]
fn threads_wait_at_the_same_time() {
    let server = server();
    let client = server.client();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| client.invoices().get("an-id").wait().expect("an invoice"));
        }
    });
}

#[test]
fn an_iterator_ends_after_its_first_error() {
    let server = Server::on_own_thread(|_| Answer::status(500));
    let mut items = server
        .client()
        .invoices()
        .list()
        .retry(RetryPolicy::none())
        .iter();
    assert!(items.next().expect("an error").is_err());
    assert!(items.next().is_none());
}

#[tokio::test]
async fn waiting_inside_async_code_is_an_error_and_sends_nothing() {
    let server = Server::sequence(vec![Answer::status(500)]).await;
    let client = server.client();
    let error = client.invoices().void("an-id").wait().expect_err("async code");
    assert_eq!(
        (error.kind(), error.may_have_acted()),
        (ErrorKind::Blocking, false)
    );
    let text = error.to_string();
    assert!(
        text.contains("await instead") && text.contains("nothing was sent"),
        "{text}"
    );
    let mut items = client.invoices().list().iter();
    let error = items.next().expect("an error").expect_err("async code");
    assert_eq!(error.kind(), ErrorKind::Blocking);
    assert!(items.next().is_none());
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn a_client_that_waited_can_be_dropped_inside_async_code() {
    let server = server();
    let client = server.client();
    let client = std::thread::spawn(move || {
        client.invoices().get("an-id").wait().expect("an invoice");
        client
    });
    drop(client.join().expect("joined"));
}
