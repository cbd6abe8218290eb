//! The page at `/_emulator/`, for people: what the account has, what happened, and the controls.
//!
//! Everything is rendered here, with templates that escape, so that it works without scripts and without a network. Each page
//! is a function of the account. Forms post to [`actions`], which call the endpoints of the control and redirect back.
//! Requests passed the guard of the control before they come here.

mod actions;
mod answers;
mod axis;
mod burn;
mod curl;
mod customers;
mod deliveries;
mod events;
mod faults;
mod form;
mod invoices;
mod json;
mod layout;
mod notices;
mod overview;
mod paper;
mod parts;
mod reference;
mod requests;
mod schedules;
mod timeline;
mod usage;
mod view;

use bytes::Bytes;
use http::header::{ACCEPT, ALLOW, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode};

use crate::operations::Problem;

pub(super) use events::{Events, events, is_for as is_for_events};
pub(super) use notices::Notices;
use view::View;

use super::control;
use super::reply::Reply;
use super::shared::Shared;

/// Where the pages are, below the root of the control.
const BASE: &str = "/_emulator/page";

/// What a browser may load and run: only what comes from here. Scripts and styles are files, never a part of a page.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

type Shown = Result<Reply, Problem>;

/// A page.
struct Route {
    /// The path below the base; `{id}` is any segment.
    path: &'static str,
    show: fn(&View<'_>) -> Shown,
}

const fn route(path: &'static str, show: fn(&View<'_>) -> Shown) -> Route {
    Route { path, show }
}

const ROUTES: &[Route] = &[
    route("", overview::show),
    route("customers", customers::list),
    route("customers/{id}", customers::show),
    route("invoices", invoices::list),
    route("invoices/{id}", invoices::show),
    route("invoices/{id}/pdf", invoices::pdf),
    route("schedules", schedules::list),
    route("schedules/{id}", schedules::show),
    route("usage", usage::show),
    route("requests", requests::list),
    route("requests/{id}", requests::show),
    route("deliveries", deliveries::list),
    route("deliveries/{id}", deliveries::show),
    route("faults", faults::show),
    route("coverage", reference::coverage),
    route("assumptions", reference::assumptions),
];

const ASSETS: [(&str, &str, &str); 3] = [
    ("icon.svg", "image/svg+xml", include_str!("icon.svg")),
    ("style.css", "text/css; charset=utf-8", include_str!("style.css")),
    (
        "page.js",
        "text/javascript; charset=utf-8",
        include_str!("page.js"),
    ),
];

/// Whether a request to the control is for the page: below its base, or at the root by a browser.
pub(super) fn is_for(parts: &Parts) -> bool {
    let path = parts.uri.path();
    let is_below = path
        .strip_prefix(BASE)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let accept = parts.headers.get(ACCEPT).map(HeaderValue::as_bytes);
    let wants_html = || accept.is_some_and(|accept| String::from_utf8_lossy(accept).contains("text/html"));
    is_below || (path.trim_end_matches('/') == control::ROOT && parts.method == Method::GET && wants_html())
}

/// Answers a request for which [`is_for`] holds.
pub(super) fn answer(shared: &Shared, parts: &Parts, body: Result<Bytes, Problem>) -> Reply {
    let below = parts.uri.path().strip_prefix(BASE).unwrap_or_default();
    let below = below.trim_matches('/');
    let outcome = match parts.method {
        Method::GET => get(shared, below, parts.uri.query().unwrap_or_default()),
        Method::POST => body.and_then(|body| actions::run(shared, below, &body)),
        _ => Err(Problem::method_not_allowed(format!(
            "`{}` does not support {}. Use GET or POST.",
            parts.uri.path(),
            parts.method
        ))),
    };
    let mut reply = outcome.unwrap_or_else(|problem| layout::problem(shared, &problem));
    if reply.status == StatusCode::METHOD_NOT_ALLOWED {
        reply.headers.insert(ALLOW, HeaderValue::from_static("GET, POST"));
    }
    seal(&mut reply);
    reply
}

fn get(shared: &Shared, below: &str, query: &str) -> Shown {
    if let Some((_, kind, text)) = ASSETS.iter().find(|(name, _, _)| *name == below) {
        return Ok(of_kind(kind, *text));
    }
    let found = ROUTES
        .iter()
        .find_map(|route| Some((route.show, control::fits(route.path, below)?)));
    let (show, id) = found.ok_or_else(|| {
        Problem::not_found(format!(
            "There is no page `{BASE}/{below}`. The menu has all pages."
        ))
    })?;
    // What is shown is what a request would be answered.
    shared.world.settle();
    show(&View::new(shared, (below, id), query)?)
}

/// 200 with a text of this media type.
fn of_kind(kind: &'static str, body: impl Into<Bytes>) -> Reply {
    let mut reply = Reply::empty();
    reply.headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    reply.body = body.into();
    reply
}

/// Adds the headers of every reply. A policy would keep the viewer of a browser from showing a PDF.
fn seal(reply: &mut Reply) {
    control::guard_reply(reply);
    let kind = reply.headers.get(CONTENT_TYPE);
    if kind.is_some_and(|kind| kind == "application/pdf") {
        return;
    }
    reply.put("content-security-policy", POLICY);
    // `no-referrer` would also hide the origin of forms.
    reply.put("referrer-policy", "same-origin");
}
