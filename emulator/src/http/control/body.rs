//! Bodies and queries of the control.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use crate::contract;
use crate::operations::Problem;

use super::Call;

/// Reads a body with these fields. An empty body has none.
pub(super) fn body<T: DeserializeOwned>(call: &Call<'_>) -> Result<T, Problem> {
    let body = match call.body {
        [] => b"{}",
        body => body,
    };
    serde_json::from_slice(body)
        .map_err(|error| Problem::invalid(format!("body: {error}. Send a JSON object with these fields.")))
}

/// Reads a body without fields.
pub(super) fn no_body(call: &Call<'_>) -> Result<(), Problem> {
    let fields: BTreeMap<String, serde_json::Value> = body(call)?;
    match fields.keys().next() {
        Some(name) => Err(Problem::invalid(format!(
            "body.{name}: this endpoint has no fields. Leave the body out."
        ))),
        None => Ok(()),
    }
}

/// The message about an operation that does not exist, with names that are near.
pub(super) fn unknown_operation(name: &str, near: &[&str]) -> String {
    let hint = match near {
        [] => "GET /_emulator/coverage lists all operations.".to_owned(),
        near => format!("Perhaps `{}` is meant.", near.join("` or `")),
    };
    format!("body.operation: there is no operation `{name}`. {hint}")
}

/// Reads the parameters of the query, all of which are in `known`.
pub(super) fn query<'q>(
    call: &Call<'q>,
    known: &[&'static str],
) -> Result<BTreeMap<&'static str, &'q str>, Problem> {
    let mut found = BTreeMap::new();
    for part in call.query.split('&').filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        let Some(known) = known.iter().find(|known| **known == name) else {
            let hint = match (contract::near_names(name, known.iter().copied()).first(), known) {
                (Some(near), _) => format!("Perhaps `{near}` is meant."),
                (None, []) => "It has none.".to_owned(),
                (None, known) => format!("Use {}.", known.join(" or ")),
            };
            return Err(Problem::invalid(format!(
                "query.{name}: is not a parameter of this endpoint. {hint}"
            )));
        };
        if found.insert(*known, value).is_some() {
            return Err(Problem::invalid(format!(
                "query.{name}: it occurs twice. Keep one of them."
            )));
        }
    }
    Ok(found)
}

/// A whole number of the query.
pub(super) fn number(
    query: &BTreeMap<&'static str, &str>,
    name: &str,
    default: usize,
) -> Result<usize, Problem> {
    query.get(name).map_or(Ok(default), |value| {
        value.parse().map_err(|_| {
            Problem::invalid(format!(
                "query.{name}: {value:?} is not a whole number. Use one such as {default}."
            ))
        })
    })
}

/// `true` or `false` in the query.
pub(super) fn flag(query: &BTreeMap<&'static str, &str>, name: &str) -> Result<bool, Problem> {
    match query.get(name) {
        None | Some(&"false") => Ok(false),
        Some(&"true") => Ok(true),
        Some(value) => Err(Problem::invalid(format!(
            "query.{name}: {value:?} is neither `true` nor `false`."
        ))),
    }
}
