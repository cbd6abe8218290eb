//! Code without async: calls, lists and downloads on the runtime of the client.

#![cfg(feature = "blocking")]

use std::io::Read as _;

use sequencehq::http::Method;
use sequencehq::{ErrorKind, RetryPolicy};
use serde_json::{Value, json};

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
    let request = client.request(Method::GET, "/invoices/an-id");
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
fn untyped_calls_wait_for_types_bytes_lists_and_downloads() {
    let server = server();
    let client = server.client();
    let get = |path| client.request(Method::GET, path);
    let response = get("/invoices/an-id")
        .wait_for_response::<Value>()
        .expect("an invoice");
    assert_eq!(response.request_id(), Some("req-1"));
    let bytes = get("/invoices/an-id")
        .wait_for_bytes()
        .expect("an invoice")
        .into_inner();
    assert_eq!(serde_json::from_slice::<Value>(&bytes).expect("JSON"), *response);
    let items: Result<Vec<Value>, _> = get("/invoices").iter().collect();
    assert_eq!(items.expect("four invoices").len(), 4);
    assert_eq!(get("/invoices").iter_pages::<Value>().count(), 2);
    let pdf = get("/invoices/an-id/download")
        .wait_for_download()
        .expect("begun");
    assert_eq!(
        std::io::copy(&mut pdf.into_inner(), &mut std::io::sink()).expect("read"),
        900_000
    );
}

#[cfg(feature = "operations")]
#[test]
fn calls_by_name_wait_for_types_lists_and_downloads() {
    let server = server();
    let client = server.client();
    let with_id = |name| client.operation(name).argument("id", "an-id");
    let response = with_id("invoice_get")
        .wait_for_response::<Value>()
        .expect("an invoice");
    assert_eq!(response.request_id(), Some("req-1"));
    let items: Result<Vec<Value>, _> = client.operation("invoice_list").iter().collect();
    assert_eq!(items.expect("four invoices").len(), 4);
    assert_eq!(client.operation("invoice_list").iter_pages::<Value>().count(), 2);
    let pdf = with_id("invoice_download").wait_for_download().expect("begun");
    assert_eq!(
        std::io::copy(&mut pdf.into_inner(), &mut std::io::sink()).expect("read"),
        900_000
    );
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
    let mut items = client.request(Method::GET, "/invoices").iter::<Value>();
    let error = items.next().expect("an error").expect_err("async code");
    assert_eq!(
        (error.kind(), error.operation()),
        (ErrorKind::Blocking, Some("/invoices"))
    );
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
