//! Requests, deliveries and faults.

use sequencehq_emulator::Scripted;
use serde_json::json;

use super::super::webhooks::{Receiver, subscribe};
use super::{ESCAPED, HOSTILE, get, html, on_new_year, post, raw, send, start};

/// The address of the page of a request or a delivery with this text in its row.
fn link<'p>(page: &'p str, section: &str, text: &str) -> &'p str {
    let rows = page.split("<tr>").find(|row| row.contains(text)).expect("a row");
    let start = format!("href=\"/_emulator/page/{section}/");
    let rest = rows.split(&start).nth(1).expect("a link");
    rest.split('"').next().unwrap_or_default()
}

#[tokio::test]
async fn a_refused_request_is_shown_with_its_reason_and_as_a_command_without_the_secret() {
    let emulator = start(on_new_year()).await;
    send(
        &emulator,
        "POST /products?x=%3Cscript%3E",
        Some(&json!({"name": HOSTILE})),
    )
    .await;
    send(&emulator, "GET /products", None).await;
    let refused = get(&emulator, "requests?show=refused").await;
    assert!(!html(&refused).contains("GET /api/products"));
    assert!(
        refused.body.contains("product_create has no such parameter"),
        "{}",
        refused.body
    );
    let id = link(&refused.body, "requests", "POST /api/products");
    let reply = get(&emulator, &format!("requests/{id}")).await;
    let page = html(&reply);
    for expected in [
        "<strong>InvalidRequest</strong>: query.x:",
        "curl -X POST 'http://127.0.0.1:",
        "-u 'emulator-client:'&quot;$SEQUENCE_CLIENT_SECRET&quot;",
        "&lt;script&gt;alert(1)",
        "authorization: &lt;redacted&gt;",
    ] {
        assert!(page.contains(expected), "{expected}: {page}");
    }
    assert!(
        !page.contains("<script>") && !page.contains("emulator-secret"),
        "{page}"
    );
    let shown = get(&emulator, &format!("requests/{id}?secret=shown")).await;
    assert!(html(&shown).contains("-u 'emulator-client:emulator-secret'"));
    let missing = get(&emulator, "requests/x").await;
    assert_eq!(missing.status, 404);
}

#[tokio::test]
async fn a_request_is_shown_with_what_was_received() {
    let emulator = start(on_new_year()).await;
    send(&emulator, "POST /products", Some(&json!({"name": HOSTILE}))).await;
    let list = get(&emulator, "requests").await;
    let id = link(html(&list), "requests", "POST /api/products");
    let reply = get(&emulator, &format!("requests/{id}")).await;
    let (_, received) = html(&reply)
        .split_once("<h2 id=\"received\">")
        .expect("a section");
    assert!(
        received.contains("&quot;createdAt&quot;: &quot;2026-01-01T12:00:00Z&quot;"),
        "{received}"
    );
    let kept = emulator.requests()[0].response.clone();
    assert!(String::from_utf8_lossy(&kept).contains("\"createdAt\":\"2026-01-01T12:00:00Z\""));
}

#[tokio::test]
async fn a_long_log_is_paged() {
    let emulator = start(on_new_year()).await;
    for _ in 0..130 {
        send(&emulator, "GET /products", None).await;
    }
    let first = get(&emulator, "requests").await;
    let rows = |page: &str| page.matches("GET /api/products</a>").count();
    assert_eq!(rows(html(&first)), 100);
    let older = first
        .body
        .split("href=\"")
        .find(|part| part.contains("rel=\"next\""))
        .expect("a link");
    let second = raw(
        &emulator,
        &format!("GET {}", older.split('"').next().unwrap_or_default()),
        "",
        "",
    )
    .await;
    let second = second.expect("a response");
    assert_eq!(rows(html(&second)), 30);
    assert!(!second.body.contains("rel=\"next\""));
}

#[tokio::test]
async fn a_delivery_is_shown_with_its_signature_and_sent_again() {
    let receiver = Receiver::start(&[]).await;
    let emulator = start(on_new_year()).await;
    subscribe(&emulator, &receiver.url, Some(json!(["CUSTOMER_CREATED"]))).await;
    emulator.add_customer(HOSTILE);
    emulator.settle().await;
    let list = get(&emulator, "deliveries").await;
    let id = link(html(&list), "deliveries", "customer created").to_owned();
    assert!(list.body.contains("delivered"));
    let reply = get(&emulator, &format!("deliveries/{id}")).await;
    let signature = emulator.deliveries()[0].attempts[0].0.clone();
    let page = html(&reply);
    assert!(
        page.contains(&signature) && page.contains(&ESCAPED[..30]) && !page.contains("<script>"),
        "{page}"
    );
    let form = format!("back=%2F_emulator%2Fpage%2Fdeliveries%2F{id}");
    let resent = post(&emulator, &format!("deliveries/{id}/resend"), &form).await;
    assert!(html(&resent).contains("The notification is sent again, signed anew."));
    emulator.settle().await;
    assert_eq!(receiver.count(), 2);
    let announced = post(&emulator, "trigger", "type=CUSTOMER_CREATED&resourceId=").await;
    assert!(html(&announced).contains("Announced to 1 recipient."));
    let refused = post(&emulator, "trigger", "type=INVOICE_CREATED").await;
    assert!(html(&refused).contains("role=\"alert\""), "{}", refused.body);
}

#[tokio::test]
async fn scripted_answers_are_listed_marked_and_removed() {
    let emulator = start(on_new_year()).await;
    let answer = Scripted::new(json!([])).times(2);
    emulator.respond("product_list", answer).expect("a page");
    send(&emulator, "GET /products", None).await;
    let list = get(&emulator, "requests").await;
    assert!(html(&list).contains(">scripted</span>"), "{}", list.body);
    let id = link(html(&list), "requests", "GET /api/products").to_owned();
    let reply = get(&emulator, &format!("requests/{id}")).await;
    assert!(html(&reply).contains(">scripted</span>"), "{}", reply.body);
    let faults = get(&emulator, "faults").await;
    assert!(!html(&faults).contains("answered as usual"), "{}", faults.body);
    let section = html(&faults)
        .split("Scripted answers</h2>")
        .nth(1)
        .and_then(|rest| rest.split("</section>").next())
        .expect("a section");
    assert!(
        section.contains("product_list") && section.contains(">1</td>"),
        "{section}"
    );
    let cleared = post(&emulator, "respond/clear", "back=%2F_emulator%2Fpage%2Ffaults").await;
    assert!(html(&cleared).contains("All scripted answers are removed."));
    assert!(
        !cleared.body.contains("<code>product_list</code>"),
        "{}",
        cleared.body
    );
    assert_eq!(emulator.unused_responses(), []);
}

/// The fields of the form that scripts an answer.
fn answer(page: &str) -> &str {
    page.split("id=\"respond\"").nth(1).expect("a form")
}

#[tokio::test]
async fn an_answer_is_scripted_by_the_form_with_all_digits() {
    let emulator = start(on_new_year()).await;
    let back = "back=%2F_emulator%2Fpage%2Ffaults";
    let value = form_value(r#"{"n": 1.10, "m": 12345678901234567890.50}"#);
    let fields = format!(
        "operation=product_get&status=&times=&onlyFor=%2Fproducts%2Fp1&version=&value={value}&always=true&unchecked=true&{back}"
    );
    let page = post(&emulator, "respond", &fields).await;
    assert!(
        html(&page).contains("The answer is waiting for requests."),
        "{}",
        page.body
    );
    let listed = page.body.split("Scripted answers</h2>").nth(1).expect("a list");
    assert!(
        listed.contains("<code>/products/p1</code>") && listed.contains(">always</td>"),
        "{listed}"
    );
    let answered = send(&emulator, "GET /products/p1", None).await;
    assert_eq!(answered.body, r#"{"n": 1.10, "m": 12345678901234567890.50}"#);
}

#[tokio::test]
async fn a_refused_form_keeps_what_was_entered() {
    let emulator = start(on_new_year()).await;
    let back = "back=%2F_emulator%2Fpage%2Ffaults";
    for (value, reason) in [
        (r#"{"id": 7, "x": "</textarea>"}"#, "body.value.id: expected"),
        (
            r#"{"id": "</textarea>"#,
            "The body is not JSON: EOF while parsing",
        ),
    ] {
        let fields = format!(
            "operation=product_get&times=3&version=2024-05-09&value={}&{back}",
            form_value(value)
        );
        let page = post(&emulator, "respond", &fields).await;
        assert!(html(&page).contains(reason), "{}", page.body);
        let escaped = value
            .replace('"', "&quot;")
            .replace('<', "&lt;")
            .replace('>', "&gt;");
        let form = answer(&page.body);
        for kept in [
            "value=\"product_get\"",
            "value=\"3\"",
            "<option value=\"2024-05-09\" selected>",
            &*format!("{escaped}</textarea>"),
        ] {
            assert!(form.contains(kept), "{kept}: {form}");
        }
    }
    let page = post(
        &emulator,
        "faults",
        &format!("kind=delay&operation=product_lst&times=7&milliseconds=9&{back}"),
    )
    .await;
    for kept in [
        "<option value=\"delay\" selected>",
        "value=\"product_lst\"",
        "value=\"7\"",
        "value=\"9\"",
    ] {
        assert!(html(&page).contains(kept), "{kept}: {}", page.body);
    }
    assert!(
        !answer(&page.body).contains("product_lst"),
        "each form has its own"
    );
}

#[tokio::test]
async fn a_response_is_the_start_of_an_answer() {
    let emulator = start(on_new_year()).await;
    send(&emulator, "POST /products", Some(&json!({"name": HOSTILE}))).await;
    send(&emulator, "GET /products?limit=5", None).await;
    let list = get(&emulator, "requests").await;
    let id = link(html(&list), "requests", "GET /api/products").to_owned();
    let request = get(&emulator, &format!("requests/{id}")).await;
    let address = format!("faults?like={id}");
    assert!(
        html(&request).contains(&format!("/_emulator/page/{address}#respond")),
        "{}",
        request.body
    );
    let page = get(&emulator, &address).await;
    let form = answer(html(&page));
    for filled in [
        "value=\"product_list\"",
        "value=\"200\"",
        "value=\"/products?limit=5\"",
        "&quot;items&quot;: [",
    ] {
        assert!(form.contains(filled), "{filled}: {form}");
    }
    assert!(!page.body.contains("<script>"));
}

/// A text as a browser sends it in a form.
fn form_value(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[tokio::test]
async fn faults_are_switched_on_and_removed() {
    let emulator = start(on_new_year()).await;
    // Without scripts, a form sends every field, whatever the kind.
    let all = "operation=product_list&times=2&status=418&retryAfter=&milliseconds=500&back=%2F_emulator%2Fpage%2Ffaults";
    for (kind, row) in [
        ("status", "Return a status"),
        ("html502", "Return 502"),
        ("dropBefore", "before the request"),
        ("dropAfter", "after the request"),
        ("truncateBody", "in the middle"),
        ("delay", "Wait before"),
        ("wrongShape", "another shape"),
    ] {
        let page = post(&emulator, "faults", &format!("kind={kind}&{all}")).await;
        let rows = html(&page)
            .split("<tbody>")
            .nth(1)
            .expect("a table")
            .split("</tbody>")
            .next();
        let last = rows.and_then(|rows| rows.rsplit("<tr>").next()).expect("a row");
        assert!(
            last.contains(row) && last.contains("product_list"),
            "{kind}: {last}"
        );
        assert!(last.contains("<td class=\"number\">2</td>"), "{kind}: {last}");
    }
    assert_eq!(send(&emulator, "GET /products", None).await.status, 418);
    let page = post(&emulator, "faults/clear", "back=%2F_emulator%2Fpage%2Ffaults").await;
    assert!(html(&page).contains("None. Requests are answered as usual."));
    assert_eq!(send(&emulator, "GET /products", None).await.status, 200);
    let typo = post(&emulator, "faults", "kind=html502&operation=product_lst&times=1").await;
    assert!(
        html(&typo).contains("Perhaps `product_list` is meant."),
        "{}",
        typo.body
    );
}
