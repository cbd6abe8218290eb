//! Requests that the document does not allow, and which operation a request is.

use crate::story::Story;
use reqwest::Method;
use sequencehq_document::routes::{self, Routes};
use sequencehq_document::{Document, model};
use serde_json::{Value, json};

#[tokio::test]
async fn a_bad_body_is_refused_with_path_and_rule() {
    let story = Story::begin().await;
    let with = |field: &str, value: Value| {
        let mut body = json!({"customerId": story.customer_id, "currency": "GBP"});
        body[field] = value;
        body
    };
    let address = json!({"line1": "1 Main St", "town": "Austin", "postcode": "73301", "country": "US"});
    let cases = [
        (json!({}), "\"customerId\" is a required property"),
        (json!([]), "body: [] is not of type \"object\""),
        (with("currency", json!("XXX")), "body.currency: "),
        (with("currency", json!(null)), "body.currency: "),
        (with("dueDate", json!("10/03/2026")), "body.dueDate: "),
        (with("dueDate", json!("2026-02-30")), "body.dueDate: "),
        (with("memo", json!(7)), "body.memo: 7 is not of type \"string\""),
        (
            with("customerEmails", json!(["a", 1])),
            "body.customerEmails[1]: 1 is not of type",
        ),
        (
            with("metadata", json!([{"key": "a"}])),
            "body.metadata[0]: \"value\" is a required property",
        ),
        (
            with("paymentOptions", json!(["CASH"])),
            "body.paymentOptions[0]: ",
        ),
        (
            with("customerBillingAddress", address),
            "body.customerBillingAddress.state: ",
        ),
        (
            with(
                "billingPeriod",
                json!({"start": "2026-03-02", "endInclusive": "2026-03-01"}),
            ),
            "body.billingPeriod: ",
        ),
        (
            with("customerId", json!("nobody")),
            "body.customerId: there is no customer nobody",
        ),
    ];
    for (body, expected) in cases {
        let label = body.to_string();
        let (kind, message) = story.post("/invoices", body).await.expect(400).error();
        assert_eq!(kind, "InvalidRequest", "{label}");
        assert!(message.contains(expected), "{label}: {message}");
    }
    assert_eq!(story.get("/invoices").await.json()["items"], json!([]));
}

#[tokio::test]
async fn decimals_are_strings_and_exact() {
    let story = Story::begin().await;
    let id = story.draft().await;
    for quantity in [json!("1e3"), json!("1,5"), json!(""), json!("+1"), json!(1)] {
        let body =
            json!({"title": "T", "quantity": quantity, "rate": "1", "taxRate": "0", "externalIds": []});
        let (_, message) = story
            .post(&format!("/invoices/{id}/line-items"), body)
            .await
            .expect(400)
            .error();
        assert!(
            message.starts_with(&format!("body.quantity: {quantity} is not")),
            "{message}"
        );
    }
}

#[tokio::test]
async fn a_body_must_be_json_and_say_so() {
    let story = Story::begin().await;
    let text = || story.request(Method::POST, "/invoices");
    let json_type = |r: reqwest::RequestBuilder| r.header("content-type", "application/json; charset=utf-8");
    let cases = [
        (text(), "body: invoice_create needs"),
        (json_type(text()).body("{"), "body: not JSON"),
        (text().body("{}"), "Content-Type"),
    ];
    for (request, expected) in cases {
        let (_, message) = story.send(request).await.expect(400).error();
        assert!(message.starts_with(expected), "{message}");
    }
}

#[tokio::test]
async fn a_bad_query_is_refused_by_name() {
    let story = Story::begin().await;
    let cases = [
        ("invoiceStatus=LOST", "query.invoiceStatus"),
        ("invoiceCurrency=GBP,XXX", "query.invoiceCurrency"),
        ("dueBefore=2026-13-01", "query.dueBefore"),
        ("excludeZeroQuantity=yes", "query.excludeZeroQuantity"),
        ("netTotal=ten", "query.netTotal"),
        ("sortOrder=UP", "query.sortOrder"),
        ("sortBy=MEMO", "query.sortBy"),
        ("customerId=", "query.customerId"),
        ("invoicestatus=DRAFT", "query.invoicestatus"),
        ("limit=1&limit=2", "query.limit"),
    ];
    for (query, expected) in cases {
        let (_, message) = story.get(&format!("/invoices?{query}")).await.expect(400).error();
        assert!(message.starts_with(expected), "{query}: {message}");
    }
    story
        .get("/invoices?invoiceCurrency=GBP%2CEUR&search=a+b")
        .await
        .expect(200);
}

#[tokio::test]
async fn null_counts_as_left_out_however_deep() {
    let story = Story::begin().await;
    let address = json!({"line1": "1 St", "line2": null, "town": "Bath", "postcode": "BA1", "country": "GB"});
    let body = json!({"customerId": story.customer_id, "currency": "GBP", "memo": null,
        "attachmentAssetIds": [], "customerBillingAddress": address, "somethingNew": {"a": 1}});
    let invoice = story.post("/invoices", body).await.expect(201).json();
    assert_eq!(invoice["customerBillingAddress"].get("line2"), None);
    assert_eq!(invoice.get("somethingNew"), None);
}

#[tokio::test]
async fn what_is_not_imitated_answers_501() {
    let story = Story::begin().await;
    let body = json!({"customerId": story.customer_id, "currency": "GBP", "attachmentAssetIds": ["a"]});
    let (kind, message) = story.post("/invoices", body).await.expect(501).error();
    assert_eq!(kind, "NotImitated");
    assert!(message.contains("attachmentAssetIds"), "{message}");
}

#[tokio::test]
async fn unknown_ids_are_404() {
    let story = Story::begin().await;
    let id = story.draft().await;
    let paths = [
        "/invoices/nobody".to_owned(),
        "/invoices/nobody/line-items".to_owned(),
        "/invoices/nobody/line-item-groups".to_owned(),
        "/invoices/nobody/download".to_owned(),
        "/payments/settings/invoices/nobody".to_owned(),
        format!("/payments/settings/invoices/for-invoice/{id}"),
    ];
    for path in paths {
        let (kind, _) = story.get(&path).await.expect(404).error();
        assert_eq!(kind, "NotFound", "{path}");
    }
    for call in [
        "finalize",
        "send",
        "void",
        "mark-as-sent",
        "draft",
        "finalize-and-send",
        "send-payment-reminder",
    ] {
        story.act(&format!("/invoices/nobody/{call}")).await.expect(404);
    }
}

#[tokio::test]
async fn every_request_is_matched_as_the_model_matches_it() {
    let text = include_str!(concat!(env!("OUT_DIR"), "/openapi.json"));
    let document = Document::parse_json("openapi.json", text).expect("the build writes JSON");
    let story = Story::begin().await;
    let mut expected = Vec::new();
    for version in model::versions(&document.root).all {
        for route in Routes::new(&document.root, &version).iter() {
            let path = routes::anonymous(&route.path).replace("{}", "some");
            let method: Method = route.method.to_uppercase().parse().expect("a method");
            // Without credentials, so that nothing happens.
            let request = story
                .http
                .request(method, format!("{}{path}", story.emulator.base_url()))
                .header("sequence-version", &version);
            request.send().await.expect("an answer");
            expected.push((version.clone(), path, Some(route.operation.clone())));
        }
    }
    assert!(expected.len() > 50, "only {} routes", expected.len());
    let requests = story.emulator.requests();
    let recorded: Vec<_> = expected
        .iter()
        .zip(&requests)
        .map(|((version, path, _), request)| (version.clone(), path.clone(), request.operation_id.clone()))
        .collect();
    assert_eq!(recorded, expected);
}
