//! The last requests of the API, with bodies, and the reasons of refusals.

use maud::{Markup, html};
use serde_json::value::RawValue;

use crate::http::log::RecordedRequest;
use crate::operations::Problem;

use super::parts::{badge, empty, facts, grouped, link, table, tabs};
use super::view::View;
use super::{BASE, Shown, curl, form, json};

const PER_PAGE: usize = 100;

pub(super) fn list(view: &View<'_>) -> Shown {
    let refused = view.parameter("show") == Some("refused");
    let after = view.parameter("after");
    let (found, total): (Vec<RecordedRequest>, usize) = {
        let log = view.shared.log();
        let skipped = log
            .newest()
            .position(|request| Some(request.request_id.as_str()) == after);
        let fitting = log.newest().skip(skipped.map_or(0, |place| place + 1));
        let fitting = fitting.filter(|request| !refused || request.refusal.is_some());
        (fitting.take(PER_PAGE + 1).cloned().collect(), log.len())
    };
    let (shown, more) = found.split_at(found.len().min(PER_PAGE));
    let older = shown.last().filter(|_| !more.is_empty()).map(|last| {
        let show = view.parameter("show");
        view.with(&[("show", show), ("after", Some(&last.request_id))])
    });
    let main = html! {
        h1 { "Requests" }
        (tabs(view, "show", &[("All", ""), ("Refused", "refused")], &[]))
        div data-live="list" {
            @if shown.is_empty() {
                (empty(if refused { "None was refused." } else { "None yet. Every request below /api is listed here." }))
            } @else {
                (table("Requests", &html! { th { "Time" } th { "Request" } th { "Status" } th { "Operation" } th { "Reason" } }, &rows(shown)))
                nav.pager aria-label="Pages of the list" {
                    span.muted { "The last " (grouped(&total.to_string())) " are kept" }
                    @if after.is_some() { a href=(view.with(&[("show", view.parameter("show"))])) { "← Newest" } }
                    @if let Some(address) = older { a href=(address) rel="next" { "Older →" } }
                }
            }
        }
    };
    view.page("Requests", &main)
}

/// The rows of a table of requests.
pub(super) fn rows(requests: &[RecordedRequest]) -> Markup {
    html! {
        @for request in requests {
            tr {
                td.nowrap { (request.at.format("%H:%M:%S")) }
                th.path scope="row" { (link(&format!("requests/{}", request.request_id), &line(request))) }
                td.nowrap { (status(request)) @if request.scripted { " " (badge("scripted")) } }
                td.nowrap { @if let Some(operation) = request.operation_id { code { (operation) } } }
                td { @if let Some(refusal) = &request.refusal { (refusal.message) } }
            }
        }
    }
}

/// Method, path and query.
fn line(request: &RecordedRequest) -> String {
    let query = request.query.as_ref().map(|query| format!("?{query}"));
    format!("{} {}{}", request.method, request.path, query.unwrap_or_default())
}

fn status(request: &RecordedRequest) -> Markup {
    html! {
        @match request.status {
            Some(status) => span.badge.(if status < 400 { "good" } else { "bad" }) { (status) },
            None if request.refusal.is_some() => (badge("dropped")),
            None => (badge("pending")),
        }
    }
}

pub(super) fn show(view: &View<'_>) -> Shown {
    let found = view
        .shared
        .log()
        .newest()
        .find(|request| request.request_id == view.id)
        .cloned();
    let request = found.ok_or_else(|| {
        Problem::not_found(format!(
            "There is no request {}. Only the last ones are kept, until a reset.",
            view.id
        ))
    })?;
    let with_secret = view.parameter("secret").is_some();
    let main = html! {
        h1.path data-live="title" { (line(&request)) " " (status(&request)) @if request.scripted { " " (badge("scripted")) } }
        @if let Some(refusal) = &request.refusal {
            p.notice.refused { strong { (refusal.kind) } ": " (refusal.message) }
        }
        (about(&request))
        section aria-labelledby="curl" {
            h2 #curl { "As curl" }
            pre data-copy { (curl::command(&request, &view.shared.credentials, with_secret)) }
            p {
                @if with_secret { a href=(view.with(&[])) { "Without the client secret" } }
                @else { "The client secret is left out. " a href=(view.with(&[("secret", Some("shown"))])) { "Show it" } }
            }
        }
        div.columns {
            section aria-labelledby="sent" {
                h2 #sent { "Sent" }
                (headers(&request.headers))
                (body(&request.body, "No body was sent."))
            }
            section aria-labelledby="received" data-live="received" {
                h2 #received { "Received" }
                (body(&request.response, "No body was received."))
                @if request.operation_id.is_some() && complete_json(&request).is_some() {
                    p { a href=(format!("{BASE}/faults?like={}#respond", form::encoded(&request.request_id))) { "Script an answer like this" } }
                }
            }
        }
    };
    view.page(&format!("{} {}", request.method, request.path), &main)
}

/// The response, if it is JSON and was kept as a whole.
pub(super) fn complete_json(request: &RecordedRequest) -> Option<&str> {
    let json: &RawValue = serde_json::from_slice(&request.response).ok()?;
    Some(json.get())
}

fn about(request: &RecordedRequest) -> Markup {
    let numbers: Vec<u8> = request.assumed.numbers();
    let assumed = (!numbers.is_empty()).then(|| {
        html! {
            @for number in &numbers { a href=(format!("{BASE}/assumptions#A{number}")) { "A" (number) } " " }
        }
    });
    facts([
        (
            "Operation",
            request
                .operation_id
                .map(|operation| html! { code { (operation) } }),
        ),
        (
            "Arrived",
            Some(html! { (request.at.format("%Y-%m-%d %H:%M:%S%.3f")) " UTC" }),
        ),
        (
            "Took",
            Some(html! { (format!("{:.1}", request.took.as_secs_f64() * 1_000.0)) " ms" }),
        ),
        ("Assumptions", assumed),
        ("Request id", Some(html! { code { (request.request_id) } })),
    ])
}

fn headers(headers: &[(String, String)]) -> Markup {
    html! {
        details {
            summary { (headers.len()) " headers" }
            pre { @for (name, value) in headers { (name) ": " (value) "\n" } }
        }
    }
}

/// A body, indented if it is JSON.
pub(super) fn body(body: &[u8], none: &str) -> Markup {
    html! {
        @if body.is_empty() { (empty(none)) }
        @else if body.starts_with(b"%PDF") { (empty("A PDF.")) }
        @else {
            pre data-copy { (json::indented(&String::from_utf8_lossy(body))) }
        }
    }
}
