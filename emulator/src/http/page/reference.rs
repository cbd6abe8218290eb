//! What the emulator is based on: the operations with their sources, and the assumptions.

use maud::html;

use crate::assumptions::table as assumptions_table;
use crate::contract::{OPERATIONS, Version};
use crate::operations::entry;

use super::Shown;
use super::parts::{empty, table, tabs};
use super::view::View;

const CLASSES: [(&str, &str); 5] = [
    ("All", ""),
    ("Real", "real"),
    ("Computed", "computed"),
    ("Stored", "stored"),
    ("Minimal", "minimal"),
];

pub(super) fn coverage(view: &View<'_>) -> Shown {
    let class = view.parameter("class");
    let operations = OPERATIONS
        .into_iter()
        .map(|operation| (operation, entry(operation)));
    let shown: Vec<_> = operations
        .filter(|(_, entry)| class.is_none_or(|class| entry.class.to_string() == class))
        .collect();
    let main = html! {
        h1 { "Coverage" }
        p {
            "Real operations do what sources describe, computed ones follow a rule that the emulator chose, stored ones return what was "
            "written, and minimal ones return a declared response."
        }
        (tabs(view, "class", &CLASSES, &[]))
        @if shown.is_empty() { (empty("None fits.")) }
        @else {
            p.muted { (shown.len()) " of " (OPERATIONS.len()) " operations" }
            (table("Operations", &html! { th { "Operation" } th { "Request" } th { "Class" } th { "Source" } }, &html! {
                @for (operation, entry) in &shown {
                    @let (method, path) = operation.endpoint(Version::LATEST).unwrap_or_default();
                    tr {
                        th scope="row" { code { (operation.id()) } }
                        td { code { (method) " " (path) } }
                        td { (entry.class) }
                        td { (entry.source) }
                    }
                }
            }))
        }
    };
    view.page("Coverage", &main)
}

pub(super) fn assumptions(view: &View<'_>) -> Shown {
    let main = html! {
        h1 { "Assumptions" }
        p { "The rules that no published source states. A response that depends on one names it in the header " code { "X-Emulator-Assumption" } "." }
        (table("Assumptions", &html! { th { "Number" } th { "Rule" } th { "Where" } }, &html! {
            @for one in assumptions_table() {
                tr id=(one) { th scope="row" { (one) } td { (one.rule()) } td { (one.place()) } }
            }
        }))
    };
    view.page("Assumptions", &main)
}
