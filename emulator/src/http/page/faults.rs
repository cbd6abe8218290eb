//! Faults that hit requests to come, and the answers that are scripted for them.

use std::collections::BTreeMap;

use maud::{Markup, html};

use crate::contract::{OPERATIONS, Operation};

use super::parts::{empty, form, table};
use super::view::View;
use super::{Shown, answers};

const KINDS: [(&str, &str); 7] = [
    ("status", "Return a status, without processing the request"),
    ("html502", "Return 502 with a page of HTML, as a proxy does"),
    (
        "dropBefore",
        "Close the connection before the request is processed",
    ),
    ("dropAfter", "Close the connection after the request is processed"),
    (
        "truncateBody",
        "Close the connection in the middle of the response",
    ),
    ("delay", "Wait before the request is processed"),
    ("wrongShape", "Return JSON of another shape"),
];

pub(super) fn show(view: &View<'_>) -> Shown {
    let faults: Vec<(&'static str, Option<&'static str>, u32)> = {
        let faults = view.shared.faults();
        let left = faults.iter().filter(|fault| fault.left() > 0);
        left.map(|fault| (fault.name(), fault.operation().map(Operation::id), fault.left()))
            .collect()
    };
    let has_scripts = view.shared.scripts().waiting().next().is_some();
    let main = html! {
        h1 { "Faults and answers" }
        p { "Faults and scripted answers take the place of what the emulator would answer. Of several that fit a request, the first one is used up first." }
        section aria-labelledby="waiting" data-live="waiting" {
            h2 #waiting { "Faults" }
            @if faults.is_empty() {
                (empty(if has_scripts { "None." } else { "None. Requests are answered as usual." }))
            } @else {
                (table("Faults", &html! { th { "Fault" } th { "Operation" } th.number { "Times left" } }, &html! {
                    @for (name, operation, left) in &faults {
                        tr {
                            th scope="row" { (described(name)) }
                            td { @if let Some(operation) = operation { code { (operation) } } @else { "any" } }
                            td.number { (left) }
                        }
                    }
                }))
                (form(view, "faults/clear", &html! { button { "Remove all" } }))
            }
        }
        section.card aria-labelledby="add" {
            h2 #add { "Switch a fault on" }
            (form(view, "faults", &fields(&view.refused("faults"))))
        }
        (answers::waiting(view))
        section.card aria-labelledby="respond" {
            h2 #respond { "Script an answer" }
            (answers::add(view))
        }
    };
    view.page("Faults and answers", &main)
}

fn described(name: &str) -> &str {
    let kind = KINDS.iter().find(|(kind, _)| *kind == name);
    kind.map_or(name, |(_, text)| text)
}

/// The fields of the form, as they were entered if it was refused.
fn fields(entered: &BTreeMap<String, String>) -> Markup {
    let text = |name: &str, usual| entered.get(name).map_or(usual, String::as_str);
    html! {
        div.fields {
            div {
                label for="kind" { "Fault" }
                select #kind name="kind" {
                    @for (kind, description) in KINDS {
                        option value=(kind) selected[text("kind", "") == kind] { (description) }
                    }
                }
            }
            div {
                label for="operation" { "Operation" }
                input #operation name="operation" list="operations" value=(text("operation", "")) placeholder="any";
                datalist #operations { @for operation in OPERATIONS { option value=(operation.id()) {} } }
            }
            div { label for="times" { "Times" } input #times name="times" type="number" min="1" value=(text("times", "1")); }
            div { label for="status" { "Status" } input #status name="status" type="number" min="200" max="999" value=(text("status", "503")); }
            div { label for="retry" { "Retry-After in seconds" } input #retry name="retryAfter" type="number" min="0" value=(text("retryAfter", "")); }
            div { label for="delay" { "Delay in milliseconds" } input #delay name="milliseconds" type="number" min="0" value=(text("milliseconds", "500")); }
            button { "Switch on" }
        }
        p.hint {
            "A fault hits a request before its credentials are checked. Status and Retry-After belong to the first fault, the delay to waiting. "
            "Others do without them."
        }
    }
}
