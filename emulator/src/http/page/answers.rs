//! Scripted answers: those that wait for requests, and the form that adds one.

use std::collections::BTreeMap;

use maud::{Markup, html};

use crate::contract::Version;

use super::parts::{empty, form, table};
use super::view::View;
use super::{json, requests};

/// The scripted answers that wait for requests.
pub(super) fn waiting(view: &View<'_>) -> Markup {
    let waiting: Vec<_> = view.shared.scripts().waiting().collect();
    html! {
        section aria-labelledby="scripted" data-live="scripted" {
            h2 #scripted { "Scripted answers" }
            @if waiting.is_empty() {
                (empty("None."))
            } @else {
                (table("Scripted answers", &html! { th { "Operation" } th { "Status" } th { "Only for" } th.number { "Times left" } }, &html! {
                    @for answer in &waiting {
                        tr {
                            th scope="row" { code { (answer.name) } }
                            td { (answer.status) }
                            td {
                                @if let Some(target) = &answer.only_for { code { (target) } " " }
                                @if let Some(version) = answer.version { "version " (version.name()) }
                                @if answer.only_for.is_none() && answer.version.is_none() { "any request" }
                            }
                            td.number { @if let Some(left) = answer.left { (left) } @else { "always" } }
                        }
                    }
                }))
                (form(view, "respond/clear", &html! { button { "Remove all" } }))
            }
        }
    }
}

/// The form that adds an answer: as it was sent if it was refused, or like the response to a request that was chosen.
pub(super) fn add(view: &View<'_>) -> Markup {
    let entered = match view.refused("respond") {
        entered if entered.is_empty() => like(view),
        entered => entered,
    };
    let text = |name: &str| entered.get(name).map_or("", String::as_str);
    let fields = html! {
        div.fields {
            div {
                label for="answered" { "Operation to answer" }
                input #answered name="operation" list="operations" required value=(text("operation")) placeholder="invoice_get";
            }
            div { label for="code" { "Status" } input #code name="status" type="number" min="200" max="999" value=(text("status")) placeholder="of success"; }
            div { label for="uses" { "Times" } input #uses name="times" type="number" min="1" value=(text("times")) placeholder="1"; }
            div {
                label for="target" { "Only for path and query" }
                input #target name="onlyFor" size="34" value=(text("onlyFor")) placeholder="any request of the operation";
            }
            div {
                label for="version" { "Only in version" }
                select #version name="version" {
                    option value="" { "any" }
                    @for version in Version::all() {
                        option value=(version.name()) selected[text("version") == version.name()] { (version.name()) }
                    }
                }
            }
            div.wide {
                label for="value" { "Body as JSON" }
                textarea #value name="value" rows="8" spellcheck="false" placeholder="none" { "\n" (text("value")) }
            }
            label for="always" { input #always name="always" type="checkbox" value="true" checked[text("always") == "true"]; " Always, instead of a number of times" }
            label for="unchecked" { input #unchecked name="unchecked" type="checkbox" value="true" checked[text("unchecked") == "true"]; " Unchecked: also what the API's document does not allow" }
            div.wide { div { button { "Script it" } } }
        }
        p.hint {
            "The answer replaces that of the emulator and changes nothing in the account. The request still has to pass the checks of the "
            "document. A list becomes a page. Each request has a link that fills in its response."
        }
    };
    form(view, "respond", &fields)
}

/// The fields for an answer like the one to a request, which `like` names.
fn like(view: &View<'_>) -> BTreeMap<String, String> {
    let wanted = view.parameter("like").unwrap_or_default();
    let log = view.shared.log();
    let request = log.newest().find(|request| request.request_id == wanted);
    let fields = request.and_then(|request| {
        let body = requests::complete_json(request)?;
        let path = request.path.strip_prefix("/api")?;
        let query = request.query.as_ref().map(|query| format!("?{query}"));
        Some([
            ("operation", request.operation_id?.to_owned()),
            ("status", request.status?.to_string()),
            ("onlyFor", format!("{path}{}", query.unwrap_or_default())),
            ("value", json::indented(body)),
        ])
    });
    let fields = fields.into_iter().flatten();
    fields.map(|(name, value)| (name.to_owned(), value)).collect()
}
