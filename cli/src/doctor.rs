//! `sequencehq doctor`: checks credentials, reachability, clock, version and limits.

use std::io;
use std::time::SystemTime;

use clap::{ArgMatches, Command};
use sequencehq::chrono::{DateTime, Utc};
use sequencehq::clock::{Clock as _, SystemClock};
use sequencehq::{Error, Response, RetryPolicy};
use serde_json::Value;

use crate::connect::{self, Connected};
use crate::failure::Failure;
use crate::output;

/// The seconds by which a clock may be off, so that signatures of webhooks are never too old or too new.
const TOLERANCE: i64 = 60;

pub(crate) fn command() -> Command {
    Command::new("doctor").about("Checks credentials, reachability, clock, version and limits")
}

pub(crate) async fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let connected = connect::client(matches)?;
    let client = &connected.client;
    line("credentials", &format!("from {}", connected.source))?;
    line("server", &format!("{}{}", client.base_url(), kind(&connected)))?;
    // Reads one item, which every API key is allowed to do.
    let call = client
        .operation("invoice_list")
        .argument("limit", 1)
        .retry(RetryPolicy::none());
    let response = match call.send::<Value>().await {
        Ok(response) => response,
        Err(error) => {
            line("call", advice(&error))?;
            return Err(error.into());
        }
    };
    line(
        "call",
        &format!(
            "{}, request id {}",
            response.status(),
            response.request_id().unwrap_or("none")
        ),
    )?;
    let is_clock_right = clock(&response, SystemClock.system_time())?;
    version(&connected, &response)?;
    limits(&response)?;
    if is_clock_right {
        Ok(())
    } else {
        Err(Failure::Local("the clock of this machine is wrong".to_owned()))
    }
}

fn line(name: &str, text: &str) -> io::Result<()> {
    output::line(&format!("{name:<12} {text}"))
}

fn kind(connected: &Connected) -> &'static str {
    if connected.is_production {
        " (production)"
    } else {
        ""
    }
}

fn advice(error: &Error) -> &'static str {
    if error.is_connect() {
        "the server cannot be reached: check the network, a proxy and the base URL"
    } else if error.is_unauthorized() {
        "the credentials are wrong, or belong to another environment"
    } else if error.is_forbidden() {
        "the API key lacks the permission to list invoices"
    } else if error.is_timeout() {
        "the server did not answer in time"
    } else {
        "failed"
    }
}

/// Compares the clock with the `Date` of the response.
fn clock(response: &Response<Value>, now: SystemTime) -> io::Result<bool> {
    let date = response.headers().get("date").and_then(|date| date.to_str().ok());
    let Some(date) = date.and_then(|date| DateTime::parse_from_rfc2822(date).ok()) else {
        line("clock", "unknown, since the response has no date")?;
        return Ok(true);
    };
    let off = (DateTime::<Utc>::from(now) - date.with_timezone(&Utc)).num_seconds();
    match off.abs() <= TOLERANCE {
        true => line("clock", &format!("{off} s off, which is fine")),
        false => line(
            "clock",
            &format!("{off} s off: signatures of webhooks will be refused"),
        ),
    }?;
    Ok(off.abs() <= TOLERANCE)
}

fn version(connected: &Connected, response: &Response<Value>) -> io::Result<()> {
    let pinned = connected.client.api_version();
    match response.api_version() {
        Some(answered) if answered != pinned.as_str() => line(
            "version",
            &format!("{pinned} is pinned, but the server answered with {answered}"),
        ),
        _ => line("version", pinned.as_str()),
    }
}

/// Prints the headers about limits, and what the client keeps to by itself.
fn limits(response: &Response<Value>) -> io::Result<()> {
    line(
        "limits",
        "1500 requests and 12000 usage events a minute, which the client keeps to",
    )?;
    for (name, value) in response.headers() {
        if name.as_str().contains("ratelimit") || name.as_str().contains("rate-limit") {
            line(
                "",
                &format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())),
            )?;
        }
    }
    Ok(())
}
