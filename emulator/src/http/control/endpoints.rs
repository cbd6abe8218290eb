//! The endpoints of the control.

use http::Method;
use serde_json::json;

use crate::contract;
use crate::operations::Problem;

use super::{
    Call, Outcome, ROOT, body, clock, deliveries, faults, requests, respond, snapshots, state, trigger,
};

/// An endpoint of the control.
pub(super) struct Endpoint {
    method: &'static str,
    /// The path below the root; `{id}` is any segment.
    path: &'static str,
    description: &'static str,
    pub(super) run: fn(&Call<'_>) -> Outcome,
}

const fn get(path: &'static str, description: &'static str, run: fn(&Call<'_>) -> Outcome) -> Endpoint {
    Endpoint {
        method: "GET",
        path,
        description,
        run,
    }
}

const fn post(path: &'static str, description: &'static str, run: fn(&Call<'_>) -> Outcome) -> Endpoint {
    Endpoint {
        method: "POST",
        ..get(path, description, run)
    }
}

const ENDPOINTS: &[Endpoint] = &[
    get("", "Lists these endpoints.", index),
    get(
        "health",
        "Returns the version and what it emulates.",
        state::health,
    ),
    get(
        "coverage",
        "Lists every operation with the class and source of its emulation.",
        state::coverage,
    ),
    get(
        "assumptions",
        "Lists the rules that no published source states.",
        state::assumptions,
    ),
    get("state", "Counts the records of each kind.", state::state),
    get(
        "requests",
        "Lists the last requests of the API with the reasons of refusals. Query: limit, refused.",
        requests::list,
    ),
    get(
        "deliveries",
        "Lists the webhooks and e-mails with their attempts. Query: limit, pending.",
        deliveries::list,
    ),
    post(
        "deliveries/{id}/resend",
        "Delivers a webhook once more.",
        deliveries::resend,
    ),
    get("clock", "Returns the time of the account.", clock::get),
    post(
        "advance",
        "Moves the clock: {\"to\": \"2026-02-02\"} or {\"by\": \"P1M\"}.",
        clock::advance,
    ),
    post(
        "schedules/{id}/bill",
        "Bills the prices of a schedule that are on demand or per event, through today.",
        clock::bill,
    ),
    get("faults", "Lists the injected faults that are left.", faults::list),
    post(
        "faults",
        "Injects a fault: {\"kind\": \"status\", \"status\": 503, \"operation\": \"invoice_create\", \"times\": 2}.",
        faults::inject,
    ),
    Endpoint {
        method: "DELETE",
        ..get("faults", "Removes all faults.", faults::clear)
    },
    get(
        "respond",
        "Lists the scripted answers that are left.",
        respond::list,
    ),
    post(
        "respond",
        "Scripts an answer: {\"operation\": \"invoice_get\", \"value\": {…}, \"status\": 200, \"times\": 2}.",
        respond::respond,
    ),
    Endpoint {
        method: "DELETE",
        ..get("respond", "Removes all scripted answers.", respond::clear)
    },
    post(
        "trigger",
        "Announces a resource: {\"type\": \"INVOICE_CREATED\", \"resourceId\": \"…\"}.",
        trigger::trigger,
    ),
    #[cfg(feature = "program")]
    post(
        "seed",
        "Adds what a seed describes, in YAML or JSON: {\"customers\": [{\"key\": \"acme\", \"legalName\": \"Acme Ltd\"}]}.",
        super::seed::seed,
    ),
    post(
        "snapshot",
        "Keeps a copy of the account: {\"name\": \"before\"}.",
        snapshots::take,
    ),
    post(
        "restore",
        "Returns to a copy of the account: {\"name\": \"before\"}.",
        snapshots::restore,
    ),
    post(
        "reset",
        "Returns to the account at the start, and clears requests, faults and scripted answers.",
        snapshots::reset,
    ),
];

/// The endpoint of a method and path, and the id in the path.
pub(super) fn find<'p>(method: &Method, path: &'p str) -> Result<(&'static Endpoint, &'p str), Problem> {
    let below = path.strip_prefix(ROOT).unwrap_or_default().trim_matches('/');
    let fitting: Vec<_> = ENDPOINTS
        .iter()
        .filter_map(|endpoint| Some((endpoint, fits(endpoint.path, below)?)))
        .collect();
    if let Some(found) = fitting
        .iter()
        .find(|(endpoint, _)| endpoint.method == method.as_str())
    {
        return Ok(*found);
    }
    if fitting.is_empty() {
        let near = contract::near_names(below, ENDPOINTS.iter().map(|endpoint| endpoint.path));
        let hint = match near.first() {
            Some(near) => format!("Perhaps `{ROOT}/{near}` is meant."),
            None => format!("GET {ROOT}/ lists all endpoints."),
        };
        return Err(Problem::not_found(format!(
            "There is no endpoint `{path}`. {hint}"
        )));
    }
    let methods: Vec<_> = fitting.iter().map(|(endpoint, _)| endpoint.method).collect();
    Err(Problem::method_not_allowed(format!(
        "`{path}` does not support {method}. Use {}.",
        methods.join(" or ")
    )))
}

/// The id in a path of this form; empty if the form has none.
pub(in crate::http) fn fits<'p>(form: &str, path: &'p str) -> Option<&'p str> {
    let Some((before, after)) = form.split_once("{id}") else {
        return (form == path).then_some("");
    };
    let id = path.strip_prefix(before)?.strip_suffix(after)?;
    (!id.is_empty() && !id.contains('/')).then_some(id)
}

fn index(call: &Call<'_>) -> Outcome {
    body::query(call, &[])?;
    let endpoints = ENDPOINTS.iter().map(|endpoint| {
        json!({
            "method": endpoint.method,
            "path": format!("{ROOT}/{}", endpoint.path),
            "description": endpoint.description,
        })
    });
    Ok(json!({"items": endpoints.collect::<Vec<_>>()}))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(request: &str) -> Result<(&'static str, String), String> {
        let (method, path) = request.split_once(' ').expect("method and path");
        let method = method.parse().expect("a method");
        let found = find(&method, path).map(|(endpoint, id)| (endpoint.path, id.to_owned()));
        found.map_err(|problem| problem.message)
    }

    #[test]
    fn endpoints_are_found_with_their_ids() {
        for (request, path, id) in [
            ("GET /_emulator", "", ""),
            ("GET /_emulator/", "", ""),
            ("GET /_emulator/clock", "clock", ""),
            (
                "POST /_emulator/deliveries/7/resend",
                "deliveries/{id}/resend",
                "7",
            ),
            ("DELETE /_emulator/faults", "faults", ""),
        ] {
            assert_eq!(found(request), Ok((path, id.to_owned())), "{request}");
        }
    }

    #[test]
    fn messages_name_what_exists() {
        for (request, message) in [
            (
                "GET /_emulator/clocks",
                "There is no endpoint `/_emulator/clocks`. Perhaps `/_emulator/clock` is meant.",
            ),
            (
                "GET /_emulator/invoices",
                "There is no endpoint `/_emulator/invoices`. GET /_emulator/ lists all endpoints.",
            ),
            (
                "PUT /_emulator/faults",
                "`/_emulator/faults` does not support PUT. Use GET or POST or DELETE.",
            ),
        ] {
            assert_eq!(found(request), Err(message.to_owned()));
        }
    }
}
