//! What a browser is permitted, and what a page of another origin is not.

use serde_json::json;

use super::{ESCAPED, HOSTILE, get, html, invoice, on_new_year, post, raw, send, start};

#[tokio::test]
async fn browsers_get_the_page_at_the_root_and_programs_the_endpoints() {
    let emulator = start(on_new_year()).await;
    let accept = "accept: text/html,application/xhtml+xml,*/*;q=0.8\r\n";
    let page = raw(&emulator, "GET /_emulator/", accept, "")
        .await
        .expect("a response");
    assert!(html(&page).contains("<h1>Overview</h1>"));
    let index = raw(&emulator, "GET /_emulator/", "accept: */*\r\n", "")
        .await
        .expect("a response");
    assert_eq!(index.header("content-type"), Some("application/json"));
    assert!(
        emulator.requests().is_empty(),
        "the log has requests of the API only"
    );
}

#[tokio::test]
async fn nothing_is_loaded_from_elsewhere_and_no_script_is_inline() {
    let emulator = start(on_new_year()).await;
    let reply = get(&emulator, "").await;
    let policy = reply.header("content-security-policy").expect("a policy");
    assert!(
        policy.starts_with("default-src 'none'") && !policy.contains("unsafe"),
        "{policy}"
    );
    for (name, value) in [
        ("x-frame-options", "DENY"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(reply.header(name), Some(value), "{name}");
    }
    let page = html(&reply);
    for reference in page.split("src=\"").chain(page.split("href=\"")).skip(1) {
        let is_own = ["/_emulator/page/", "#", "<!DOCTYPE"]
            .iter()
            .any(|start| reference.starts_with(start));
        assert!(is_own, "{reference:.60}");
    }
    assert!(!page.contains("style=\"") && !page.contains("onclick") && !page.contains("<script>"));
    for (asset, kind) in [
        ("style.css", "text/css; charset=utf-8"),
        ("page.js", "text/javascript; charset=utf-8"),
        ("icon.svg", "image/svg+xml"),
    ] {
        let reply = get(&emulator, asset).await;
        assert_eq!(
            (reply.status, reply.header("content-type")),
            (200, Some(kind)),
            "{asset}"
        );
    }
}

#[tokio::test]
async fn forms_of_other_origins_change_nothing() {
    let emulator = start(on_new_year()).await;
    for headers in [
        "origin: http://evil.example\r\n",
        "origin: null\r\n",
        "sec-fetch-site: cross-site\r\n",
        "host: evil.example\r\n",
    ] {
        let reply = raw(&emulator, "POST /_emulator/page/advance", headers, "by=P1D").await;
        assert_eq!(reply.expect("a response").status, 403, "{headers}");
    }
    let page = get(&emulator, "").await;
    assert!(html(&page).contains("Thu 1 Jan 2026"));
    let page = post(&emulator, "advance", "by=P1D&back=%2F_emulator%2Fpage%2F").await;
    assert!(html(&page).contains("Fri 2 Jan 2026"));
}

#[tokio::test]
async fn names_are_texts_wherever_they_are_shown() {
    let emulator = start(on_new_year()).await;
    let customer = emulator.add_customer(HOSTILE);
    let invoice = invoice(&emulator, &customer).await;
    let finalized = send(
        &emulator,
        &format!("POST /invoices/{invoice}/finalize"),
        Some(&json!({})),
    )
    .await;
    assert!(finalized.status < 300, "{}", finalized.body);
    for path in [
        "".to_owned(),
        "customers".to_owned(),
        format!("customers/{customer}"),
        "invoices".to_owned(),
        format!("invoices/{invoice}"),
        format!("invoices?customer={customer}"),
        "customers?search=%3Cscript%3E".to_owned(),
    ] {
        let reply = get(&emulator, &path).await;
        let page = html(&reply);
        assert!(page.contains(ESCAPED), "{path}");
        assert!(!page.contains("<script>"), "{path}");
    }
    let missing = get(&emulator, "customers/%3Cscript%3E\"").await;
    assert_eq!(missing.status, 404);
    assert!(
        !missing.body.contains("<script>") && missing.body.contains("There is no customer"),
        "{}",
        missing.body
    );
}

#[tokio::test]
async fn what_is_not_a_page_is_a_page_with_the_reason() {
    let emulator = start(on_new_year()).await;
    for (request, status, reason) in [
        (
            "GET /_emulator/page/nothing",
            404,
            "There is no page `/_emulator/page/nothing`.",
        ),
        ("GET /_emulator/page/invoices/7", 404, "There is no invoice 7."),
        (
            "GET /_emulator/page/invoices?after=x",
            400,
            "query.after: is not a cursor.",
        ),
        (
            "PUT /_emulator/page/invoices",
            405,
            "does not support PUT. Use GET or POST.",
        ),
        (
            "POST /_emulator/page/invoices",
            405,
            "does not support POST. Use GET.",
        ),
    ] {
        let reply = raw(&emulator, request, "", "").await.expect("a response");
        assert_eq!(reply.status, status, "{request}");
        assert!(
            reply.body.starts_with("<!DOCTYPE html>") && reply.body.contains(reason),
            "{}",
            reply.body
        );
    }
}
