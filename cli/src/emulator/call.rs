//! What each command asks of the control.

use clap::ArgMatches;
use hyper::Method;

use super::respond;
use crate::failure::Failure;
use crate::json::Json;

/// A call of the control.
pub(super) struct Call {
    pub(super) method: Method,
    /// Path and query below the control.
    pub(super) path: String,
    pub(super) body: String,
    /// What is printed of the response.
    pub(super) shown: Shown,
}

/// What is printed of a response.
pub(super) enum Shown {
    Whole,
    /// The items in a field, with these columns in a table.
    Items(&'static str, &'static [&'static str]),
}

const REQUESTS: &[&str] = &["at", "status", "method", "path", "operation", "refusal.message"];
const DELIVERIES: &[&str] = &[
    "id",
    "notificationType",
    "resourceId",
    "recipient",
    "isPending",
    "dueAt",
];
const FAULTS: &[&str] = &["kind", "operation", "left"];
const ANSWERS: &[&str] = &["operation", "status", "left", "version", "onlyFor"];

/// Returns the call of a command.
pub(super) fn of(verb: &str, matches: &ArgMatches) -> Result<Call, Failure> {
    let call = match verb {
        "status" => Call::get("state", Shown::Whole),
        "advance" => Call::post("advance", fields(matches, &[("by", "by"), ("to", "to")])),
        "reset" => Call::post("reset", String::new()),
        "seed" => Call::post("seed", seed(matches)?),
        "snapshot" | "restore" => Call::post(verb, fields(matches, &[("name", "name")])),
        "faults" => Call::get("faults", Shown::Items("items", FAULTS)),
        "faults inject" => Call {
            shown: Shown::Items("items", FAULTS),
            ..Call::post("faults", fault(matches))
        },
        "faults clear" => Call {
            method: Method::DELETE,
            ..Call::get("faults", Shown::Items("items", FAULTS))
        },
        "respond" => Call::get("respond", Shown::Items("items", ANSWERS)),
        "respond add" => Call {
            shown: Shown::Items("items", ANSWERS),
            ..Call::post("respond", respond::script(matches)?)
        },
        "respond clear" => Call {
            method: Method::DELETE,
            ..Call::get("respond", Shown::Items("items", ANSWERS))
        },
        "trigger" => Call {
            shown: Shown::Items("deliveries", &["id", "recipient"]),
            ..Call::post("trigger", trigger(matches))
        },
        "bill" => Call::post(&format!("schedules/{}/bill", segment(matches)?), String::new()),
        "resend" => Call::post(&format!("deliveries/{}/resend", segment(matches)?), String::new()),
        "requests" => Call::get(
            &listed(matches, "requests", "refused"),
            Shown::Items("items", REQUESTS),
        ),
        _ => Call::get(
            &listed(matches, "deliveries", "pending"),
            Shown::Items("items", DELIVERIES),
        ),
    };
    Ok(call)
}

impl Call {
    pub(super) fn get(path: &str, shown: Shown) -> Self {
        Self {
            method: Method::GET,
            path: path.to_owned(),
            body: String::new(),
            shown,
        }
    }

    fn post(path: &str, body: String) -> Self {
        Self {
            method: Method::POST,
            body,
            ..Self::get(path, Shown::Whole)
        }
    }
}

/// An id as a segment of a path, so that it cannot lead to another endpoint.
fn segment(matches: &ArgMatches) -> Result<&str, Failure> {
    let id = matches.get_one::<String>("id").map_or("", String::as_str);
    let is_safe = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    if !id.is_empty() && id.bytes().all(is_safe) {
        Ok(id)
    } else {
        Err(Failure::Input(format!("`{id}` is not an id")))
    }
}

/// A list with its query.
fn listed(matches: &ArgMatches, path: &str, flag: &str) -> String {
    let limit = matches
        .get_one::<u64>("limit")
        .map(|limit| format!("limit={limit}"));
    let flag = matches.get_flag(flag).then(|| format!("{flag}=true"));
    let query: Vec<String> = limit.into_iter().chain(flag).collect();
    match query.is_empty() {
        true => path.to_owned(),
        false => format!("{path}?{}", query.join("&")),
    }
}

/// A body with the texts that were passed, each a field and the name of its argument.
fn fields(matches: &ArgMatches, names: &[(&str, &str)]) -> String {
    Json::Object(texts(matches, names).collect()).to_string()
}

fn texts(matches: &ArgMatches, names: &[(&str, &str)]) -> impl Iterator<Item = (String, Json)> {
    names.iter().filter_map(|(field, name)| {
        let value = matches.get_one::<String>(name)?;
        Some(((*field).to_owned(), Json::Text(value.clone())))
    })
}

fn trigger(matches: &ArgMatches) -> String {
    let texts = texts(matches, &[("type", "type"), ("resourceId", "resource")]);
    let sample = matches
        .get_flag("sample")
        .then(|| ("sample".to_owned(), Json::Bool(true)));
    Json::Object(texts.chain(sample).collect()).to_string()
}

fn fault(matches: &ArgMatches) -> String {
    let names = [("kind", "kind"), ("operation", "operation"), ("body", "body")];
    let numbers = [
        ("times", "times"),
        ("status", "status"),
        ("retryAfter", "retry-after"),
        ("milliseconds", "milliseconds"),
    ];
    let numbers = numbers.into_iter().filter_map(|(field, name)| {
        let value = matches.get_one::<u64>(name)?;
        Some((field.to_owned(), Json::Number(value.to_string())))
    });
    Json::Object(texts(matches, &names).chain(numbers).collect()).to_string()
}

fn seed(matches: &ArgMatches) -> Result<String, Failure> {
    let file = matches.get_one::<String>("file").map_or("", String::as_str);
    let read = match file {
        "-" => std::io::read_to_string(std::io::stdin()),
        path => std::fs::read_to_string(path),
    };
    read.map_err(|error| Failure::Input(format!("{file}: {error}")))
}
