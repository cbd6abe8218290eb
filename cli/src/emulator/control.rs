//! Calls of the control of an emulator.

use std::time::Duration;

use clap::ArgMatches;
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{ACCEPT, CONTENT_TYPE};
use hyper::{Method, Request};
use sequencehq::clock::{Clock as _, SystemClock};

use super::address;
use super::call::{self, Call, Shown};
use crate::command::{self, Format};
use crate::failure::Failure;
use crate::json::Json;
use crate::local::{self, Broken};
use crate::output::{self, printer};

/// The time limit of a call, in seconds.
const PATIENCE: u64 = 120;

pub(super) async fn run(verb: &str, matches: &ArgMatches) -> Result<(), Failure> {
    let (verb, matches) = match matches.subcommand() {
        Some((inner, arguments)) => (format!("{verb} {inner}"), arguments),
        None => (verb.to_owned(), matches),
    };
    let call = call::of(&verb, matches)?;
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
            let lists = [emulator.get("faults").await?, emulator.get("respond").await?];
            print_one(matches, &emulator.status(&health, &answer, &lists))
        }
        Shown::Whole => print_one(matches, &answer),
        Shown::Items(field, columns) => print_items(matches, answer.get(field), columns),
    }
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
    fn status(&self, health: &Json, state: &Json, [faults, answers]: &[Json; 2]) -> Json {
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
            ("scriptedAnswers", of(answers, "items")),
        ];
        Json::Object(fields.map(|(name, value)| (name.to_owned(), value)).into())
    }
}

fn print_one(matches: &ArgMatches, value: &Json) -> Result<(), Failure> {
    Ok(printer(matches).one(value)?)
}

/// A scripted answer for people: a number of times that is null has no end.
fn always(item: &Json) -> Json {
    let Json::Object(fields) = item else {
        return item.clone();
    };
    let fields = fields.iter().map(|(name, value)| match &**name {
        "left" => (name.clone(), Json::Text("always".to_owned())),
        _ => (name.clone(), value.clone()),
    });
    Json::Object(fields.collect())
}

fn print_items(matches: &ArgMatches, items: Option<&Json>, columns: &[&str]) -> Result<(), Failure> {
    let columns = match command::output(matches) {
        Format::Table => columns.iter().map(|column| (*column).to_owned()).collect(),
        _ => Vec::new(),
    };
    let mut rows = printer(matches).rows(columns);
    let is_table = command::output(matches) == Format::Table;
    for item in items.and_then(Json::items).into_iter().flatten() {
        match item.get("left") {
            Some(Json::Null) if is_table => rows.row(&always(item))?,
            _ => rows.row(item)?,
        }
    }
    rows.finish()?;
    Ok(())
}
