//! Answers that a test scripts.

use sequencehq_emulator::{Emulator, ScriptError, Scripted};
use serde_json::{Value, json};

use super::{authorization, on_new_year, raw, send, start};

fn product(name: &str) -> Value {
    json!({"id": "p1", "name": name, "createdAt": "2026-01-31T09:30:00Z", "updatedAt": "2026-01-31T09:30:00Z"})
}

async fn named(emulator: &Emulator) -> Value {
    let reply = send(emulator, "GET /products/p1", None).await;
    reply.json()["name"].take()
}

/// The message of a script that is refused.
fn refused(result: Result<(), ScriptError>) -> String {
    result.expect_err("it is refused").to_string()
}

#[tokio::test]
async fn scripted_answers_are_used_in_order_and_then_the_emulator_answers() {
    let emulator = start(on_new_year()).await;
    emulator.respond("product_get", product("first")).expect("good");
    emulator
        .respond("getProductsById", Scripted::new(&product("second")).times(2))
        .expect("good");
    let name = || "product_get".to_owned();
    assert_eq!(
        emulator.unused_responses(),
        [(name(), Some(1)), (name(), Some(2))]
    );
    assert_eq!(send(&emulator, "GET /products", None).await.status, 200);
    for expected in ["first", "second", "second"] {
        assert_eq!(named(&emulator).await, expected);
    }
    assert_eq!(emulator.unused_responses(), []);
    let reply = send(&emulator, "GET /products/p1", None).await;
    assert_eq!((reply.status, reply.header("x-emulator-scripted")), (404, None));
    let scripted: Vec<bool> = emulator.requests().iter().map(|one| one.scripted).collect();
    assert_eq!(scripted, [false, true, true, true, false]);
}

#[tokio::test]
async fn an_answer_that_is_always_used_ends_when_the_test_ends_it() {
    let emulator = start(on_new_year()).await;
    emulator
        .respond("product_get", Scripted::new(product("API")).always())
        .expect("good");
    for _ in 0..3 {
        let reply = send(&emulator, "GET /products/p1", None).await;
        assert_eq!(
            (reply.status, reply.header("x-emulator-scripted")),
            (200, Some("true"))
        );
    }
    assert_eq!(emulator.unused_responses(), [("product_get".to_owned(), None)]);
    emulator.stop_responding();
    assert_eq!(send(&emulator, "GET /products/p1", None).await.status, 404);
}

#[tokio::test]
async fn a_request_still_has_to_pass_every_check() {
    let emulator = start(on_new_year()).await;
    emulator.respond("product_create", product("API")).expect("good");
    let wrong = json!({"name": 7});
    let reply = send(&emulator, "POST /products", Some(&wrong)).await;
    assert_eq!(reply.status, 400, "{}", reply.body);
    let nameless = raw(&emulator, "GET /api/products", "", "")
        .await
        .expect("a reply");
    assert_eq!(nameless.status, 401);
    let reply = send(&emulator, "POST /products", Some(&json!({"name": "X"}))).await;
    assert_eq!((reply.status, &reply.json()), (201, &product("API")));
    let page = send(&emulator, "GET /products", None).await;
    assert_eq!(page.json()["items"], json!([]), "nothing was created");
}

#[tokio::test]
async fn a_list_answers_with_a_page_and_unknown_fields_are_kept() {
    let emulator = start(on_new_year()).await;
    let mut green = product("API");
    green["color"] = "green".into();
    green["label"] = Value::Null;
    emulator.respond("product_list", [&green]).expect("good");
    let page = send(&emulator, "GET /products", None).await.json();
    assert_eq!(
        page,
        json!({"items": [green], "pagination": {"totalResultSize": 1}})
    );
    let page = json!({"items": [], "pagination": {"after": "more"}});
    emulator.respond("product_list", &page).expect("good");
    assert_eq!(send(&emulator, "GET /products", None).await.json(), page);
}

#[tokio::test]
async fn a_value_that_the_document_does_not_allow_is_refused_with_its_place() {
    let emulator = start(on_new_year()).await;
    let message = refused(emulator.respond("product_list", [json!({"id": "p1", "name": 7})]));
    assert!(
        message.starts_with("the value is not an answer of product_list in version 2024-07-30: ")
            && message.contains("value.items[0].name: expected a text, got the number 7.")
            && message.contains("value.items[0].createdAt: expected an RFC 3339 timestamp")
            && message.contains("but the member is missing."),
        "{message}"
    );
    let message = refused(emulator.respond("product_gett", ()));
    assert_eq!(
        message,
        "no operation is called `product_gett`; perhaps `product_get` is meant"
    );
    let message = refused(emulator.respond("product_get", Scripted::new(product("x")).status(204)));
    assert!(
        message.contains("status: product_get succeeds with 200, never with 204."),
        "{message}"
    );
    let message = refused(emulator.respond("product_get", Scripted::new(product("x")).status(99)));
    assert!(
        message.starts_with("99 is not the status of a final response"),
        "{message}"
    );
    let message = refused(emulator.respond("product_get", Scripted::new(product("x")).version("2023-01-01")));
    assert!(
        message.starts_with("version `2023-01-01` does not have product_get; choose"),
        "{message}"
    );
    let message = refused(emulator.respond("product_get", Scripted::file("%PDF")));
    assert!(
        message.contains("value: product_get answers 200 with JSON or nothing"),
        "{message}"
    );
    let message = refused(emulator.respond("invoice_download", product("x")));
    assert!(
        message.contains("value: invoice_download answers 200 with a file"),
        "{message}"
    );
    let message = refused(emulator.respond("product_get", f64::NAN));
    assert!(
        message.contains("value: expected an object, got null."),
        "{message}"
    );
    assert_eq!(emulator.unused_responses(), [], "nothing is scripted");
    let any = Scripted::new("anything").unchecked();
    emulator.respond("product_get", any).expect("unchecked");
    let reply = send(&emulator, "GET /products/p1", None).await;
    assert_eq!((reply.status, &*reply.body), (200, "\"anything\""));
}

#[tokio::test]
async fn an_error_has_its_status_and_the_shape_of_the_document() {
    let emulator = start(on_new_year()).await;
    let locked = json!({"error": {"type": "Locked", "message": "An import is running."}});
    emulator
        .respond("product_create", Scripted::new(&locked).status(423))
        .expect("good");
    let reply = send(&emulator, "POST /products", Some(&json!({"name": "X"}))).await;
    assert_eq!((reply.status, reply.error_type()), (423, "Locked".to_owned()));
    let logged = emulator.requests().pop().expect("logged");
    assert!(logged.scripted && logged.refusal.is_some_and(|refusal| refusal.kind == "Locked"));
}

#[tokio::test]
async fn an_answer_may_be_for_one_path_with_some_parameters() {
    let emulator = start(on_new_year()).await;
    let one = Scripted::new(product("one")).only_for("/products/p1").always();
    emulator.respond("product_get", one).expect("good");
    let page = Scripted::new([product("few")])
        .only_for("/products?limit=2")
        .always();
    emulator.respond("product_list", page).expect("good");
    assert_eq!(named(&emulator).await, "one");
    assert_eq!(send(&emulator, "GET /products/p2", None).await.status, 404);
    let sizes = [
        ("/products?limit=2", 1),
        ("/products?name=API&limit=2", 1),
        ("/products?limit=20", 0),
    ];
    for (path, expected) in sizes {
        let page = send(&emulator, &format!("GET {path}"), None).await.json();
        assert_eq!(page["items"].as_array().map(Vec::len), Some(expected), "{path}");
    }
}

#[tokio::test]
async fn an_answer_for_a_version_answers_only_there_and_others_are_checked_again() {
    let emulator = start(on_new_year()).await;
    let headers = format!("{}sequence-version: 2024-01-01\r\n", authorization(&emulator));
    emulator
        .respond("product_get", Scripted::new(product("old")).version("2024-01-01"))
        .expect("good");
    assert_eq!(send(&emulator, "GET /products/p1", None).await.status, 404);
    let reply = raw(&emulator, "GET /api/products/p1", &headers, "").await;
    assert_eq!(reply.expect("a reply").json()["name"], "old");

    // Only the newest version has this status.
    let body = json!({"customerId": emulator.add_customer("Acme"), "currency": "GBP"});
    let created = send(&emulator, "POST /credit-notes", Some(&body)).await;
    let mut note = created.json();
    note["status"] = "IN_PROGRESS".into();
    emulator.respond("credit_note_get", &note).expect("good");
    let reply = raw(&emulator, "GET /api/credit-notes/n1", &headers, "").await;
    let reply = reply.expect("a reply");
    assert_eq!(reply.status, 501, "{}", reply.body);
    assert!(
        reply
            .body
            .contains("does not fit version 2024-01-01: value.status: expected one of"),
        "{}",
        reply.body
    );
    let reply = send(&emulator, "GET /credit-notes/n1", None).await;
    assert_eq!(
        reply.json(),
        note,
        "it is not used up by a request that it does not fit"
    );
}

#[tokio::test]
async fn a_pdf_and_no_body_are_answers_too() {
    let emulator = start(on_new_year()).await;
    emulator
        .respond("invoice_download", Scripted::file("%PDF-odd"))
        .expect("good");
    let reply = send(&emulator, "GET /invoices/i1/download", None).await;
    assert_eq!((reply.status, &*reply.body), (200, "%PDF-odd"), "{reply:?}");
    emulator.respond("invoice_reconcile", ()).expect("good");
    let body = json!({"integrationService": "Xero", "invoiceIds": ["i1"], "propertiesToCompare": ["STATUS"]});
    let reply = send(
        &emulator,
        "POST /invoices/reconcile-with-integration",
        Some(&body),
    )
    .await;
    assert_eq!((reply.status, &*reply.body), (202, ""), "{reply:?}");
}

#[tokio::test]
async fn an_endpoint_that_the_document_does_not_describe_is_answered_by_method_and_path() {
    let emulator = start(on_new_year()).await;
    let value = json!({"id": "t-1", "total": 1.50});
    for (name, script) in [
        ("GET /new-things/{id}", Scripted::new(value.clone()).times(2)),
        (
            "POST /new-things?dry=true",
            Scripted::new(value.clone()).status(202),
        ),
        ("PATCH /products/{id}", Scripted::new(json!(null))),
    ] {
        emulator.respond(name, script).expect("not described");
    }
    assert_eq!(emulator.unused_responses().len(), 3);
    for (request, status, body) in [
        ("GET /new-things/t-1", 200, value.to_string()),
        ("GET /new-things/t-2?expand=all", 200, value.to_string()),
        ("POST /new-things?dry=true", 202, value.to_string()),
        ("PATCH /products/p1", 200, String::new()),
    ] {
        let reply = send(&emulator, request, Some(&json!({}))).await;
        assert_eq!((reply.status, &*reply.body), (status, &*body), "{request}");
        assert_eq!(reply.header("x-emulator-scripted"), Some("true"));
    }
    assert_eq!(emulator.unused_responses(), [], "each was used up");
    for (request, status) in [("GET /new-things/t-1", 404), ("PATCH /products/p1", 405)] {
        assert_eq!(send(&emulator, request, None).await.status, status, "{request}");
    }
    emulator
        .respond(
            "GET /new-things/{id}",
            Scripted::new(&value).version("2024-01-01"),
        )
        .expect("not described");
    for request in [
        "GET /new-things/t-1",
        "GET /new-things",
        "GET /new-things/t-1/parts",
    ] {
        assert_eq!(send(&emulator, request, None).await.status, 404, "{request}");
    }
    let refused = raw(&emulator, "GET /api/new-things/t-1", "", "").await;
    assert_eq!(refused.expect("a reply").status, 401, "without credentials");
    let message = self::refused(emulator.respond("get /products/p1", ()));
    assert_eq!(
        message,
        "`get /products/p1` is product_get; answer it by that name"
    );
    let message = self::refused(emulator.respond("GET /new", Scripted::new(()).version("1999")));
    assert!(
        message.starts_with("version `1999` does not have the endpoint; choose"),
        "{message}"
    );
}
