//! Query parameters and fields that a caller adds to a call, although the document does not describe them.

use sequencehq::clock::ManualClock;
use sequencehq::http::Method;
use sequencehq::types::{Currency, InvoiceCreate};
use sequencehq::{ApiVersion, Client, RetryPolicy};
use serde_json::json;

use crate::coverage::document_server;
use crate::sample::{self, Shape};
use crate::server::{Answer, Server};
use crate::versions::refused;

fn draft() -> impl TryInto<InvoiceCreate, Error = sequencehq::BuildError> {
    InvoiceCreate::builder()
        .customer_id("c-1")
        .currency(Currency::Gbp)
}

#[tokio::test]
async fn additions_are_sent_in_every_attempt_of_a_typed_call() {
    let invoice = sample::value(&json!({"$ref": "#/components/schemas/Invoice"}), Shape::Minimal);
    let server = Server::sequence(vec![Answer::status(429), Answer::json(200, &invoice)]).await;
    let builder = server.builder().retry(RetryPolicy::default());
    let client = builder.clock(ManualClock::running()).build().expect("good");
    let call = client
        .invoices()
        .create(draft())
        .extra_query("expand", ["lines", "a&b=c"])
        .extra_field("newField", json!({"kind": "A", "rate": "1.50"}));
    call.await.expect("created");
    let seen = server.seen();
    assert_eq!(seen.len(), 2);
    for seen in seen {
        assert_eq!(seen.target, "/api/invoices?expand=lines&expand=a%26b%3Dc");
        let body = json!({"customerId": "c-1", "currency": "GBP", "newField": {"kind": "A", "rate": "1.50"}});
        assert_eq!(seen.json(), body);
    }
}

#[tokio::test]
async fn a_list_sends_an_added_parameter_with_each_page() {
    let pages = ["second", "third"].map(|next| json!({"items": [], "pagination": {"after": next}}));
    let last = json!({"items": [], "pagination": {}});
    let answers = pages.iter().chain([&last]).map(|page| Answer::json(200, page));
    let server = Server::sequence(answers.collect()).await;
    let list = server
        .client()
        .invoices()
        .list()
        .limit(7)
        .extra_query("expand", "lines");
    list.items().try_collect().await.expect("listed");
    let seen = server.seen();
    assert_eq!(seen.len(), 3);
    for seen in seen {
        let query = seen.query();
        let of = |wanted: &str| query.iter().filter(|(name, _)| name == wanted).count();
        assert_eq!((of("expand"), of("limit")), (1, 1), "{query:?}");
    }
}

#[tokio::test]
async fn what_a_call_defines_cannot_be_added() {
    let server = document_server(Shape::Minimal).await;
    let client = server.client();
    let (invoices, list) = (client.invoices(), || client.invoices().list());
    let defined = "`extra_query`: `dueBefore` is defined for this call";
    refused(
        &server,
        list().extra_query("dueBefore", "2026-01-31").await,
        defined,
    );
    let first = list().extra_query("after", "cursor").items().try_next().await;
    refused(&server, first, "`extra_query`: `after` is defined for this call");
    let call = invoices.create(draft()).extra_field("memo", "Thanks");
    refused(
        &server,
        call.await,
        "`extra_field`: `memo` is defined for this call",
    );
    let call = invoices.void("an-id").extra_field("reason", "typo");
    refused(
        &server,
        call.await,
        "`extra_field`: the call has no body; omit it",
    );
    let call = list().extra_query("expand", 1).extra_query("expand", 2);
    refused(&server, call.await, "`expand` is set twice");
    let call = list().extra_query("expand", json!({"lines": true}));
    refused(
        &server,
        call.await,
        "`expand` is an object; expected a text or a number",
    );
}

#[tokio::test]
async fn what_only_another_version_defines_can_be_added() {
    let server = document_server(Shape::Minimal).await;
    let listed = |version| {
        let list = server.client().invoices().list().extra_query("search", "INV");
        list.api_version(version)
    };
    refused(
        &server,
        listed(ApiVersion::V2024_07_30).await,
        "`search` is defined for this call",
    );
    listed(ApiVersion::V2024_05_09).await.expect("sent");
    let seen = server.seen().pop().expect("sent");
    assert_eq!(seen.query(), [("search".to_owned(), "INV".to_owned())]);
}

#[tokio::test]
async fn an_untyped_call_accepts_additions_that_it_does_not_send_twice() {
    let server = Server::sequence(vec![Answer::json(200, &json!({}))]).await;
    let client = server.client();
    let call = || {
        client
            .request(Method::POST, "/things")
            .query("a", 1)
            .json(&json!({"b": 1}))
    };
    refused(
        &server,
        call().extra_query("a", 2).await,
        "`a` is set already, and would be sent twice",
    );
    refused(
        &server,
        call().extra_field("b", 2).await,
        "`b` is set already, and would be sent twice",
    );
    let list = client
        .request(Method::POST, "/things")
        .json(&[1])
        .extra_field("b", 2);
    refused(&server, list.await, "the body is not a JSON object; omit it");
    call()
        .extra_query("c", 3)
        .extra_field("d", 4)
        .await
        .expect("sent");
    let seen = server.seen().pop().expect("sent");
    assert_eq!(seen.target, "/api/things?a=1&c=3");
    assert_eq!(seen.json(), json!({"b": 1, "d": 4}));
}

#[cfg(feature = "operations")]
#[tokio::test]
async fn a_call_by_name_accepts_what_its_document_lacks() {
    let server = document_server(Shape::Minimal).await;
    let client = server.client();
    let body = json!({"customerId": "c-1", "currency": "GBP"});
    let create = |client: &Client| client.operation("invoice_create").body(&body);
    refused(
        &server,
        create(&client).extra_field("memo", "Thanks").await,
        "`memo` is defined for this call",
    );
    let call = client.operation("invoice_list").extra_query("limit", 1);
    refused(&server, call.await, "`limit` is defined for this call");
    let call = create(&client)
        .extra_query("expand", "lines")
        .extra_field("newField", [1]);
    let preview = call.preview().expect("can be sent");
    call.await.expect("sent");
    let seen = server.seen().pop().expect("sent");
    assert_eq!(seen.target, "/api/invoices?expand=lines");
    assert_eq!(
        seen.json(),
        json!({"customerId": "c-1", "currency": "GBP", "newField": [1]})
    );
    assert_eq!(preview.body().as_ref(), seen.body);
    assert_eq!(
        preview.uri().path_and_query().map(|uri| uri.as_str()),
        Some(&*seen.target)
    );
}
