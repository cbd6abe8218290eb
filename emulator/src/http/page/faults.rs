//! Faults that hit requests to come.

use maud::{Markup, html};

use crate::contract::{OPERATIONS, Operation};

use super::Shown;
use super::parts::{empty, form, table};
use super::view::View;

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
        h1 { "Faults" }
        p { "A fault hits the next requests that fit, before their credentials are checked. Of several that fit, the first one is used up first." }
        section aria-labelledby="waiting" data-live="waiting" {
            h2 #waiting { "Waiting" }
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
        (scripted(view))
        section.card aria-labelledby="add" {
            h2 #add { "Switch one on" }
            (form(view, "faults", &fields()))
        }
    };
    view.page("Faults", &main)
}

/// The scripted answers that are left, if there are any. They are written by requests of the control, which can send JSON.
fn scripted(view: &View<'_>) -> Markup {
    let waiting: Vec<_> = view.shared.scripts().waiting().collect();
    html! {
        section aria-labelledby="scripted" data-live="scripted" {
            @if !waiting.is_empty() {
                h2 #scripted { "Scripted answers" }
                p { "These are answered in place of what the emulator would answer, and change nothing." }
                (table("Scripted answers", &html! { th { "Operation" } th { "Status" } th.number { "Times left" } }, &html! {
                    @for answer in &waiting {
                        tr {
                            th scope="row" { code { (answer.operation.id()) } }
                            td { (answer.status) }
                            td.number { @if let Some(left) = answer.left { (left) } @else { "always" } }
                        }
                    }
                }))
                (form(view, "respond/clear", &html! { button { "Remove all" } }))
            }
        }
    }
}

fn described(name: &str) -> &str {
    let kind = KINDS.iter().find(|(kind, _)| *kind == name);
    kind.map_or(name, |(_, text)| text)
}

fn fields() -> Markup {
    html! {
        div.fields {
            div {
                label for="kind" { "Fault" }
                select #kind name="kind" { @for (kind, text) in KINDS { option value=(kind) { (text) } } }
            }
            div {
                label for="operation" { "Operation" }
                input #operation name="operation" list="operations" placeholder="any";
                datalist #operations { @for operation in OPERATIONS { option value=(operation.id()) {} } }
            }
            div { label for="times" { "Times" } input #times name="times" type="number" min="1" value="1"; }
            div { label for="status" { "Status" } input #status name="status" type="number" min="200" max="999" value="503"; }
            div { label for="retry" { "Retry-After in seconds" } input #retry name="retryAfter" type="number" min="0"; }
            div { label for="delay" { "Delay in milliseconds" } input #delay name="milliseconds" type="number" min="0" value="500"; }
            button { "Switch on" }
        }
        p.hint { "Status and Retry-After belong to the first fault, the delay to waiting. Others do without them." }
    }
}
