//! What a call sends and what it refuses to send.

use sequencehq::types::{InvoiceCreate, InvoiceId, InvoicePatch, InvoiceStatus, UsageEventCreate};
use sequencehq::{ApiVersion, Credentials, Error};
use serde_json::json;

use crate::coverage::document_server;
use crate::sample::Shape;
use crate::server::{Answer, SECRET, Server};

#[tokio::test]
async fn path_parameters_never_change_the_endpoint() {
    let server = document_server(Shape::Minimal).await;
    let client = server.client();
    for id in ["", ".", "..", "a\nb", "\r"] {
        let error = client.invoices().void(id).await.expect_err("refused");
        assert!(
            error.is_invalid_input() && !error.may_have_acted() && error.attempts() == 0,
            "{error:?}"
        );
        assert!(
            error.to_string().contains("`id`") && error.to_string().contains("nothing was sent"),
            "{error}"
        );
        assert!(client.invoices().delete(id).await.is_err());
    }
    assert!(server.seen().is_empty(), "nothing was sent");
    for id in [
        "../x",
        r"..\..\x",
        "a/../../b",
        "%2e%2e/x",
        "?x",
        "#x",
        "a b",
        "ä",
    ] {
        client
            .invoices()
            .void(id)
            .await
            .expect("the server finds the operation");
        let seen = server.seen().pop().expect("sent");
        let parts: Vec<&str> = seen.target.split('/').collect();
        assert_eq!(
            (parts.len(), parts[1], parts[2], parts[4]),
            (5, "api", "invoices", "void"),
            "{id}: {}",
            seen.target
        );
    }
}

#[tokio::test]
async fn a_patch_distinguishes_unchanged_clear_and_null() {
    let server = document_server(Shape::Minimal).await;
    let client = server.client();
    for (patch, sent) in [
        (InvoicePatch::builder(), json!({})),
        (InvoicePatch::builder().clear_memo(), json!({"memo": null})),
        (InvoicePatch::builder().memo("x"), json!({"memo": "x"})),
        (
            InvoicePatch::builder().empty_payment_options(),
            json!({"paymentOptions": []}),
        ),
        (
            InvoicePatch::builder().payment_options(["LINK"]),
            json!({"paymentOptions": ["LINK"]}),
        ),
    ] {
        client.invoices().patch("an-id", patch).await.expect("patched");
        assert_eq!(server.seen().pop().expect("sent").json(), sent);
    }
}

#[tokio::test]
async fn missing_fields_are_all_named_and_nothing_is_sent() {
    let server = document_server(Shape::Minimal).await;
    let error = server
        .client()
        .invoices()
        .create(InvoiceCreate::builder().memo("x"))
        .await
        .expect_err("incomplete");
    assert!(error.is_invalid_input());
    let message = error.to_string();
    assert!(
        message.starts_with("invoice_create: ") && message.contains("customer_id, currency"),
        "{message}"
    );
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn an_operation_that_the_version_lacks_is_not_sent() {
    let server = document_server(Shape::Minimal).await;
    let old = server.client().with_api_version(ApiVersion::V2024_01_01);
    let error = old
        .invoices()
        .mark_as_sent("an-id")
        .await
        .expect_err("2024-01-01 does not have it");
    assert!(error.is_unsupported_version() && !error.may_have_acted());
    assert!(error.to_string().contains("pin one of 2024-07-30"), "{error}");
    assert!(server.seen().is_empty());
    // One call can have another version than its client.
    old.invoices()
        .mark_as_sent("an-id")
        .api_version(ApiVersion::V2024_07_30)
        .await
        .expect("sent");
    assert_eq!(server.seen()[0].header("sequence-version"), Some("2024-07-30"));
}

#[tokio::test]
async fn renamed_operations_go_to_their_old_place() {
    let server = Server::sequence(vec![Answer::json(
        200,
        &json!({"id": "s", "sequenceAccountId": "a", "invoiceId": "i", "paymentProvider": "NONE"}),
    )])
    .await;
    let client = server.client();
    client
        .invoice_payment_settings()
        .get("s")
        .await
        .expect("new place");
    client
        .with_api_version(ApiVersion::V2024_01_01)
        .invoice_payment_settings()
        .get("s")
        .await
        .expect("old place");
    let paths: Vec<String> = server
        .seen()
        .iter()
        .map(|seen| format!("{} {}", seen.method, seen.target))
        .collect();
    assert_eq!(
        paths,
        [
            "GET /api/payments/settings/invoices/s",
            "GET /api/invoice-settings/s"
        ]
    );
}

#[tokio::test]
async fn the_answered_version_and_the_request_id_are_on_the_response() {
    let answer = Answer::json(
        200,
        &crate::sample::value(&json!({"$ref": "#/components/schemas/Invoice"}), Shape::Minimal),
    )
    .with("sequence-version", "2024-05-09")
    .with("x-request-id", "req-1");
    let server = Server::sequence(vec![answer]).await;
    let response = server
        .client()
        .invoices()
        .get("an-id")
        .send()
        .await
        .expect("answered");
    assert_eq!(response.status(), 200);
    assert_eq!(response.request_id(), Some("req-1"));
    assert_eq!(response.api_version(), Some("2024-05-09"));
    assert!(response.is_version_mismatch());
    assert_eq!(response.attempts(), 1);
    assert_eq!(response.headers()["x-request-id"], "req-1");
}

#[tokio::test]
async fn headers_can_be_added_but_not_replaced() {
    let server = document_server(Shape::Minimal).await;
    let invoices = server.client().invoices();
    invoices
        .get("an-id")
        .header("x-trace", "t-1")
        .idempotency_key("k-1")
        .await
        .expect("sent");
    let seen = server.seen().pop().expect("sent");
    assert_eq!(
        (seen.header("x-trace"), seen.header("idempotency-key")),
        (Some("t-1"), Some("k-1"))
    );
    invoices
        .get("an-id")
        .header("x-a", "1")
        .header("x-a", "2")
        .await
        .expect("sent");
    let seen = server.seen().pop().expect("sent");
    let both: Vec<&str> = seen
        .headers
        .iter()
        .filter(|(name, _)| name == "x-a")
        .map(|(_, value)| value.as_str())
        .collect();
    assert_eq!(both, ["1", "2"]);
    assert!(!format!("{:?}", invoices.get("an-id").header("cookie", "hush")).contains("hush"));
    for (name, value) in [
        ("Authorization", "Bearer x"),
        ("sequence-version", "1"),
        ("bad name", "x"),
        ("x-ok", "a\nb"),
    ] {
        let error = invoices
            .get("an-id")
            .header(name, value)
            .await
            .expect_err("refused");
        assert!(error.is_invalid_input(), "{name}");
    }
    for key in ["", &"x".repeat(256)] {
        assert!(
            invoices
                .get("an-id")
                .idempotency_key(key)
                .await
                .expect_err("refused")
                .is_invalid_input()
        );
    }
}

#[tokio::test]
async fn credentials_can_be_replaced_while_the_client_runs() {
    let server = document_server(Shape::Minimal).await;
    let client = server.client();
    let clone = client.clone();
    client.invoices().get("an-id").await.expect("sent");
    client.set_credentials(Credentials::new("other", "key").expect("good"));
    clone.invoices().get("an-id").await.expect("sent");
    let sent: Vec<_> = server
        .seen()
        .iter()
        .map(|seen| seen.header("authorization").map(str::to_owned))
        .collect();
    assert_ne!(sent[0], sent[1]);
    assert_eq!(sent[1].as_deref(), Some("Basic b3RoZXI6a2V5"));
}

#[tokio::test]
async fn the_secret_shows_nowhere() {
    let encoded = "dGVzdC1jbGllbnQ6YS1zZWNyZXQtdGhhdC1tdXN0LW5ldmVyLXNob3c";
    let body = json!({"error": {"type": "T", "message": format!("you sent Basic {encoded}= and {SECRET}")}});
    let server = Server::sequence(vec![Answer::json(401, &body)]).await;
    let client = server.client();
    let call = client.invoices().get("an-id");
    let error = client.invoices().get("an-id").await.expect_err("401");
    assert!(error.is_unauthorized());
    for text in [
        format!("{client:?}"),
        format!("{call:?}"),
        format!("{error:?}"),
        error.to_string(),
        format!("{error:#?}"),
    ] {
        assert!(!text.contains(SECRET) && !text.contains(encoded), "{text}");
    }
    assert!(error.to_string().contains("<redacted>"), "{error}");
    assert!(format!("{client:?}").contains("http://127.0.0.1:"), "{client:?}");
}

#[tokio::test]
async fn filters_travel_as_documented() {
    let server = document_server(Shape::Minimal).await;
    let date = sequencehq::NaiveDate::from_ymd_opt(2026, 3, 1).expect("a date");
    server
        .client()
        .invoices()
        .list()
        .invoice_status(InvoiceStatus::Sent)
        .due_before(date)
        .exclude_zero_quantity(true)
        .net_total(sequencehq::Decimal::new(1250, 2))
        .exclude_customer_id(["a", "b"])
        .search("50% & more")
        .limit(7)
        .await
        .expect("listed");
    let mut query = server.seen()[0].query();
    query.sort();
    let wanted = [
        ("dueBefore", "2026-03-01"),
        ("excludeCustomerId", "a,b"),
        ("excludeZeroQuantity", "true"),
        ("invoiceStatus", "SENT"),
        ("limit", "7"),
        ("netTotal", "12.50"),
        ("search", "50% & more"),
    ];
    assert_eq!(
        query,
        wanted.map(|(name, value)| (name.to_owned(), value.to_owned()))
    );
}

#[tokio::test]
async fn ids_of_different_resources_are_different_types() {
    fn takes_invoice(_: impl Into<InvoiceId>) {}
    takes_invoice("text");
    takes_invoice(InvoiceId::new("an-id"));
    // `takes_invoice(CustomerId::new("an-id"))` does not compile; see the documentation of the crate.
}

#[tokio::test]
async fn calls_can_move_to_other_tasks() {
    let server = document_server(Shape::Minimal).await;
    let call = server.client().invoices().get("an-id");
    let task = tokio::spawn(async move { call.await });
    let result: Result<_, Error> = task.await.expect("joined");
    result.expect("answered");
}

#[tokio::test]
async fn time_limits_can_be_endless_but_not_zero() {
    use std::time::Duration;

    let server = document_server(Shape::Minimal).await;
    let invoices = server.client().invoices();
    invoices
        .get("an-id")
        .timeout(Duration::MAX)
        .attempt_timeout(Duration::MAX)
        .await
        .expect("a call without a limit succeeds");
    assert_eq!(server.count(), 1);
    for call in [
        invoices.get("an-id").timeout(Duration::ZERO),
        invoices.get("an-id").attempt_timeout(Duration::ZERO),
    ] {
        assert!(call.await.expect_err("refused").is_invalid_input());
    }
    assert_eq!(server.count(), 1, "nothing was sent");
}

#[tokio::test]
async fn a_list_of_currency_conversions_decodes_in_every_form_that_was_published() {
    let conversion = json!({
        "id": "c", "invoiceId": "i", "currency": "GBP", "exchangeRate": "0.8765", "netTotal": "10.00",
        "totalTax": "2.00", "grossTotal": "12.00", "updatedAt": "2026-05-02T10:00:00Z",
    });
    for (form, count) in [
        (json!({"items": [conversion, conversion]}), Some(2)),
        (json!({"conversions": [conversion]}), Some(1)),
        (json!([conversion, conversion]), Some(2)),
        (json!([]), Some(0)),
        (json!({}), None),
    ] {
        let body = format!("\n {form}");
        let server = Server::sequence(vec![Answer::text(200, "application/json", body)]).await;
        let list = server.client().invoices().currency_conversion_list("i").await;
        let list = list.unwrap_or_else(|error| panic!("{form}: {error}"));
        assert_eq!(list.items.map(|items| items.len()), count, "{form}");
    }
}

#[tokio::test]
async fn a_preview_of_a_typed_call_is_what_it_sends_without_credentials() {
    let server = document_server(Shape::Minimal).await;
    let client = server.client();
    let body = InvoiceCreate::builder().customer_id("c-1").currency("GBP");
    let call = client
        .invoices()
        .create(body)
        .header("x-trace", "abc")
        .extra_field("approver", "Ada")
        .extra_query("expand", "lines");
    let preview = call.preview().expect("can be sent");
    assert_eq!(server.count(), 0, "nothing is sent");
    call.await.expect("answered");
    let sent = server.seen().pop().expect("sent");
    assert_eq!(*preview.method(), *sent.method);
    let target = preview.uri().path_and_query().expect("a path").as_str();
    assert_eq!(target, sent.target);
    assert_eq!(preview.body(), &sent.body[..]);
    for name in [
        "accept",
        "content-type",
        "sequence-version",
        "x-trace",
        "user-agent",
    ] {
        let value = preview.headers().get(name).and_then(|value| value.to_str().ok());
        assert!(value.is_some() && value == sent.header(name), "{name}");
    }
    assert!(!preview.headers().contains_key("authorization"));

    let event = client
        .usage_events()
        .create(UsageEventCreate::builder().customer_alias("a"));
    assert!(event.preview().expect_err("incomplete").is_invalid_input());
    let old = client.with_api_version(ApiVersion::V2024_01_01);
    let error = old.products().archive("p-1").preview().expect_err("not there");
    assert!(error.is_unsupported_version(), "{error}");
}
