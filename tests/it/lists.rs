//! Lists as streams, across every paginated operation.

use sequencehq::Client;
use serde_json::{Value, json};

use crate::sample::{self, Shape};
use crate::server::{Answer, SOON, Seen, Server};

fn invoice(id: usize) -> Value {
    let mut invoice = sample::value(&json!({"$ref": "#/components/schemas/Invoice"}), Shape::Minimal);
    invoice["id"] = json!(format!("invoice-{id}"));
    invoice
}

fn page(ids: std::ops::Range<usize>, after: Option<&str>) -> Answer {
    let items: Vec<Value> = ids.map(invoice).collect();
    Answer::json(
        200,
        &json!({"items": items, "pagination": {"after": after, "totalResultSize": 5}}),
    )
}

async fn three_pages() -> Server {
    Server::start(|seen: &Seen| {
        let after = seen
            .query()
            .into_iter()
            .find(|(name, _)| name == "after")
            .map(|(_, value)| value);
        match after.as_deref() {
            None => page(0..2, Some("one")),
            Some("one") => page(2..2, Some("two+&=")),
            Some("two+&=") => page(2..5, None),
            Some(other) => panic!("no page after {other}"),
        }
    })
    .await
}

async fn ids(client: &Client, start: Option<&str>, ahead: bool) -> Vec<String> {
    let mut list = client.invoices().list().limit(2);
    if let Some(start) = start {
        list = list.after(start);
    }
    let items = list
        .items()
        .prefetch(ahead)
        .try_collect()
        .await
        .expect("every page comes");
    items
        .into_iter()
        .map(|invoice| invoice.id.into_string())
        .collect()
}

#[tokio::test]
async fn items_come_from_every_page_and_an_empty_page_is_not_the_end() {
    let server = three_pages().await;
    for ahead in [true, false] {
        assert_eq!(
            ids(&server.client(), None, ahead).await,
            ["invoice-0", "invoice-1", "invoice-2", "invoice-3", "invoice-4"]
        );
    }
    for seen in server.seen() {
        assert!(
            seen.query().contains(&("limit".to_owned(), "2".to_owned())),
            "filters stay on every page"
        );
    }
}

#[tokio::test]
async fn an_item_is_found_on_any_page_and_the_search_goes_on_behind_it() {
    let server = three_pages().await;
    let mut items = server.client().invoices().list().items().prefetch(false);
    let mut found = async |wanted: &str| {
        let found = items.try_find(|invoice| invoice.id.as_str() == wanted).await;
        found.expect("a page").map(|invoice| invoice.id.into_string())
    };
    assert_eq!(found("invoice-1").await.as_deref(), Some("invoice-1"));
    assert_eq!(server.seen().len(), 1, "the first page has it");
    assert_eq!(found("invoice-3").await.as_deref(), Some("invoice-3"));
    assert_eq!(found("invoice-0").await, None, "it was passed before");
}

#[tokio::test]
async fn a_saved_cursor_goes_on_where_it_was() {
    let server = three_pages().await;
    let mut pages = server.client().invoices().list().pages();
    pages.try_next().await.expect("first").expect("a page");
    let second = pages.try_next().await.expect("second").expect("a page");
    assert_eq!(
        (second.next_cursor(), second.total(), second.items().len()),
        (Some("two+&="), Some(5), 0)
    );
    let cursor = second.next_cursor().map(str::to_owned);
    assert_eq!(
        ids(&server.client(), cursor.as_deref(), true).await,
        ["invoice-2", "invoice-3", "invoice-4"]
    );
}

#[tokio::test]
async fn a_repeated_cursor_is_an_error_and_then_the_end() {
    let server = Server::sequence(vec![page(0..1, Some("again"))]).await;
    let mut items = server.client().invoices().list().items();
    assert!(items.try_next().await.expect("the first page").is_some());
    assert!(
        items
            .try_next()
            .await
            .expect("the page that brings the cursor again")
            .is_some()
    );
    let error = items.try_next().await.expect_err("the cursor comes again");
    assert!(error.to_string().contains("same cursor twice"), "{error}");
    assert!(items.try_next().await.expect("ended").is_none());
}

#[tokio::test]
async fn a_stream_does_not_run_backwards() {
    let server = three_pages().await;
    let error = server
        .client()
        .invoices()
        .list()
        .before("x")
        .items()
        .try_next()
        .await
        .expect_err("refused");
    assert!(
        error.is_invalid_input() && error.to_string().contains("`before`"),
        "{error}"
    );
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn a_stream_ends_after_its_first_error() {
    let server = Server::sequence(vec![
        page(0..1, Some("one")),
        Answer::status(500),
        page(1..2, None),
    ])
    .await;
    let mut items = server.client().invoices().list().items();
    assert!(items.try_next().await.expect("the first page").is_some());
    assert!(items.try_next().await.expect_err("500").is_server_error());
    assert!(items.try_next().await.expect("ended").is_none());
}

#[tokio::test]
async fn the_next_page_is_fetched_while_the_caller_works() {
    let server = three_pages().await;
    let mut pages = server.client().invoices().list().pages();
    pages.try_next().await.expect("first").expect("a page");
    tokio::time::timeout(SOON, async {
        while server.seen().len() < 2 {
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("the second page is requested without a poll");
    assert_eq!(server.seen().len(), 2, "one page ahead, not more");
}

#[tokio::test]
async fn a_limit_out_of_range_is_refused_before_sending() {
    let server = three_pages().await;
    for limit in [0, 101, -1] {
        let error = server
            .client()
            .invoices()
            .list()
            .limit(limit)
            .await
            .expect_err("refused");
        assert!(
            error.is_invalid_input() && error.to_string().contains("between 1 and 100"),
            "{error}"
        );
    }
    assert!(server.seen().is_empty());
}

#[test]
fn every_paginated_operation_has_a_page_schema() {
    let paginated = crate::document::operations()
        .iter()
        .filter(|operation| operation.paginated);
    let with_default_features = cfg!(feature = "all-resources");
    let count = paginated.count();
    assert!(
        count == 27 || !with_default_features,
        "{count} paginated operations"
    );
}
