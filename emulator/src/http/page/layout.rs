//! What all pages have in common: the menu, the clock, the notice of an action.

use chrono::SecondsFormat;
use http::StatusCode;
use maud::{DOCTYPE, Markup, html};

use crate::operations::Problem;
use crate::store::State;

use super::view::View;
use super::{BASE, Reply, Shared, Shown, of_kind};

/// The pages of the menu.
const MENU: &[(&str, &str)] = &[
    ("Overview", ""),
    ("Customers", "customers"),
    ("Schedules", "schedules"),
    ("Invoices", "invoices"),
    ("Usage", "usage"),
    ("Requests", "requests"),
    ("Deliveries", "deliveries"),
    ("Faults and answers", "faults"),
    ("Coverage", "coverage"),
    ("Assumptions", "assumptions"),
];

impl View<'_> {
    /// A page with this title. Its menu entry is the one that the path begins with.
    pub(super) fn page(&self, title: &str, main: &Markup) -> Shown {
        let notice = self.parameter("notice");
        let notice = notice.and_then(|number| self.shared.notices().get(number).cloned());
        let main = html! {
            @if let Some(notice) = notice {
                p.notice.refused[notice.is_refusal] role=(if notice.is_refusal { "alert" } else { "status" }) {
                    (notice.text)
                }
            }
            (main)
        };
        Ok(html_reply(document(self.shared, self.below, title, &main)))
    }
}

/// A page with the reason why another one is not shown.
pub(super) fn problem(shared: &Shared, problem: &Problem) -> Reply {
    let main = html! {
        h1 { "This page cannot be shown" }
        p.notice.refused role="alert" { (problem.message) }
        p { a href=(format!("{BASE}/")) { "To the overview" } }
    };
    let mut reply = html_reply(document(shared, "-", "Not shown", &main));
    reply.status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::BAD_REQUEST);
    reply
}

fn html_reply(document: Markup) -> Reply {
    of_kind("text/html; charset=utf-8", document.into_string())
}

fn document(shared: &Shared, below: &str, title: &str, main: &Markup) -> Markup {
    let section = below.split('/').next().unwrap_or_default();
    let clock = shared.world.store().read(clock);
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · Sequence emulator" }
                link rel="icon" type="image/svg+xml" href=(format!("{BASE}/icon.svg"));
                link rel="stylesheet" href=(format!("{BASE}/style.css"));
                script src=(format!("{BASE}/page.js")) defer {}
            }
            body {
                a.skip href="#main" { "Skip to the content" }
                header.side {
                    p.brand { a href=(format!("{BASE}/")) { "Sequence emulator" } }
                    (clock)
                    nav aria-label="Pages" {
                        ul {
                            @for (label, path) in MENU {
                                li {
                                    a href=(format!("{BASE}/{path}")) aria-current=[(section == *path).then_some("page")] { (label) }
                                }
                            }
                        }
                    }
                }
                main #main tabindex="-1" { (main) }
            }
        }
    }
}

/// The clock of the account.
fn clock(state: &State) -> Markup {
    let now = state.now();
    html! {
        div.clock data-live="clock" aria-live="polite" {
            span.label { "Clock" }
            time datetime=(now.to_rfc3339_opts(SecondsFormat::Secs, true)) {
                strong { (now.format("%a %-d %b %Y")) }
                " " span.muted { (now.format("%H:%M")) " UTC" }
            }
            span.muted { @if state.is_running() { "runs with the system" } @else { "stands until it is moved" } }
        }
    }
}
