//! Calls of the control of an emulator.

use std::time::Duration;

use clap::ArgMatches;
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{ACCEPT, CONTENT_TYPE};
use hyper::{Method, Request};
use sequencehq::clock::{Clock as _, SystemClock};

use super::address;
use crate::command::{self, Format};
use crate::failure::Failure;
use crate::json::Json;
use crate::local::{self, Broken};
use crate::output::{self, printer};

/// The time limit of a call, in seconds.
const PATIENCE: u64 = 120;

/// A call of the control.
struct Call {
    method: Method,
    /// Path and query below the control.
    path: String,
    body: String,
    /// What is printed of the response.
    shown: Shown,
}

/// What is printed of a response.
enum Shown {
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

pub(super) async fn run(verb: &str, matches: &ArgMatches) -> Result<(), Failure> {
    let (verb, matches) = match matches.subcommand() {
        Some((inner, arguments)) => (format!("{verb} {inner}"), arguments),
        None => (verb.to_owned(), matches),
    };
    let call = call(&verb, matches)?;
    let emulator = Emulator {
        origin: address::of(matches)?,
        patience: matches.get_one::<u64>("timeout").copied().unwrap_or(PATIENCE),
    };
    let request = emulator.request(&call)?;
    if matches.get_flag("dry-run") {
        return Ok(output::request(&request.map(|_| call.body.as_str()))?);
    }
    let health = emulator.health().await?;
    let answer = emulator.answer(&call, request).await?;
    match call.shown {
        Shown::Whole if verb == "status" => {
            let faults = emulator.get("faults").await?;
            print_one(matches, &emulator.status(&health, &answer, &faults))
        }
        Shown::Whole => print_one(matches, &answer),
        Shown::Items(field, columns) => print_items(matches, answer.get(field), columns),
    }
}

/// Returns the call of a command.
fn call(verb: &str, matches: &ArgMatches) -> Result<Call, Failure> {
    let text = |name: &str| matches.get_one::<String>(name).cloned();
    let call = match verb {
        "status" => Call::get("state", Shown::Whole),
        "advance" => Call::post("advance", fields(&[("by", text("by")), ("to", text("to"))])),
        "reset" => Call::post("reset", String::new()),
        "seed" => Call::post("seed", seed(&text("file").unwrap_or_default())?),
        "snapshot" | "restore" => Call::post(verb, fields(&[("name", text("name"))])),
        "faults" => Call::get("faults", Shown::Items("items", FAULTS)),
        "faults inject" => Call {
            shown: Shown::Items("items", FAULTS),
            ..Call::post("faults", fault(matches))
        },
        "faults clear" => Call {
            method: Method::DELETE,
            ..Call::get("faults", Shown::Items("items", FAULTS))
        },
        "trigger" => Call {
            shown: Shown::Items("deliveries", &["id", "recipient"]),
            ..Call::post(
                "trigger",
                fields(&[("type", text("type")), ("resourceId", text("resource"))]),
            )
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
    fn get(path: &str, shown: Shown) -> Self {
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

/// A body with those fields that have a value.
fn fields(fields: &[(&str, Option<String>)]) -> String {
    let fields = fields.iter().filter_map(|(name, value)| {
        let value = value.clone()?;
        Some(((*name).to_owned(), Json::Text(value)))
    });
    Json::Object(fields.collect()).to_string()
}

fn fault(matches: &ArgMatches) -> String {
    let texts = [("kind", "kind"), ("operation", "operation"), ("body", "body")];
    let texts = texts.into_iter().filter_map(|(field, name)| {
        let value = matches.get_one::<String>(name)?;
        Some((field.to_owned(), Json::Text(value.clone())))
    });
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
    Json::Object(texts.chain(numbers).collect()).to_string()
}

fn seed(file: &str) -> Result<String, Failure> {
    let read = match file {
        "-" => std::io::read_to_string(std::io::stdin()),
        path => std::fs::read_to_string(path),
    };
    read.map_err(|error| Failure::Input(format!("{file}: {error}")))
}

/// An emulator that may run at an address.
struct Emulator {
    origin: String,
    /// The time limit of a call, in seconds.
    patience: u64,
}

impl Emulator {
    fn request(&self, call: &Call) -> Result<Request<Full<Bytes>>, Failure> {
        let mut request = Request::builder()
            .method(call.method.clone())
            .uri(format!("{}/_emulator/{}", self.origin, call.path))
            .header(ACCEPT, "application/json");
        if !call.body.is_empty() {
            let is_json = call.body.starts_with('{');
            request = request.header(
                CONTENT_TYPE,
                if is_json { "application/json" } else { "text/yaml" },
            );
        }
        let body = Full::new(Bytes::from(call.body.clone()));
        request
            .body(body)
            .map_err(|error| Failure::Input(error.to_string()))
    }

    /// Reads what the emulator is, before anything is changed in what is perhaps another server.
    async fn health(&self) -> Result<Json, Failure> {
        let call = Call::get("health", Shown::Whole);
        let (_, body) = self.exchange(self.request(&call)?).await?;
        let health = Json::parse(&body).ok();
        health.filter(|health| health.get("apiVersions").is_some()).ok_or_else(|| {
            Failure::Configuration(format!(
                "{} is not an emulator, or an older one. Start one with `sequencehq emulator`, or name its address with --url.",
                self.origin
            ))
        })
    }

    async fn get(&self, path: &str) -> Result<Json, Failure> {
        let call = Call::get(path, Shown::Whole);
        let request = self.request(&call)?;
        self.answer(&call, request).await
    }

    /// Returns the answer to a call that is not refused.
    async fn answer(&self, call: &Call, request: Request<Full<Bytes>>) -> Result<Json, Failure> {
        let (status, body) = self.exchange(request).await?;
        let unreadable = || {
            Failure::Local(format!(
                "{}: the response to {} is not JSON",
                self.origin, call.path
            ))
        };
        let answer = Json::parse(&body).map_err(|_| unreadable())?;
        if (200..300).contains(&status) {
            return Ok(answer);
        }
        let message = answer.at("error.message").map_or(body, Json::cell);
        Err(Failure::Refused(format!(
            "the emulator refused it with {status}: {message}"
        )))
    }

    async fn exchange(&self, request: Request<Full<Bytes>>) -> Result<(u16, String), Failure> {
        let (origin, is_read) = (&self.origin, request.method() == Method::GET);
        let patience = Duration::from_secs(self.patience);
        let answered = tokio::select! {
            answered = local::exchange(request) => answered,
            () = SystemClock.timer(patience) => Err(Broken::Lost(format!("no response within {} s", self.patience))),
        };
        let response = answered.map_err(|broken| match broken {
            Broken::Unreached(reason) => Failure::Unreached(format!(
                "no emulator runs at {origin}: {reason}. Start one with `sequencehq emulator`, or name its address with --url."
            )),
            Broken::Lost(reason) if is_read => Failure::Unreached(format!("{origin}: {reason}")),
            Broken::Lost(reason) => Failure::Unknown(format!(
                "{origin}: {reason}. Check with `sequencehq emulator status` what happened."
            )),
        })?;
        let body = String::from_utf8_lossy(response.body()).into_owned();
        Ok((response.status().as_u16(), body))
    }

    /// What `status` shows.
    fn status(&self, health: &Json, state: &Json, faults: &Json) -> Json {
        let of = |value: &Json, name: &str| value.get(name).cloned().unwrap_or(Json::Null);
        let text = |path: &str| Json::Text(format!("{}{path}", self.origin));
        let fields = [
            ("api", text("/api")),
            ("page", text("/_emulator/")),
            ("version", of(health, "version")),
            ("clock", of(state, "clock")),
            ("records", of(state, "records")),
            ("snapshots", of(state, "snapshots")),
            ("faults", of(faults, "items")),
        ];
        Json::Object(fields.map(|(name, value)| (name.to_owned(), value)).into())
    }
}

fn print_one(matches: &ArgMatches, value: &Json) -> Result<(), Failure> {
    Ok(printer(matches).one(value)?)
}

fn print_items(matches: &ArgMatches, items: Option<&Json>, columns: &[&str]) -> Result<(), Failure> {
    let columns = match command::output(matches) {
        Format::Table => columns.iter().map(|column| (*column).to_owned()).collect(),
        _ => Vec::new(),
    };
    let mut rows = printer(matches).rows(columns);
    for item in items.and_then(Json::items).into_iter().flatten() {
        rows.row(item)?;
    }
    rows.finish()?;
    Ok(())
}
