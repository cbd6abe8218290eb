//! The control of the emulator, beside the API: `GET` and `POST` below `/_emulator/`.
//!
//! Requests need no credentials, but come from this machine: see [`guard`]. They are not in the log of requests, and no
//! fault hits them. Failures have the shape of those of the API.

mod body;
mod clock;
mod deliveries;
mod endpoints;
mod faults;
mod guard;
mod period;
mod requests;
mod respond;
#[cfg(feature = "program")]
mod seed;
mod snapshots;
mod state;
mod trigger;

#[cfg(feature = "page")]
pub(super) use endpoints::fits;

use std::net::SocketAddr;

use bytes::Bytes;
#[cfg(feature = "page")]
use http::Method;
use http::request::Parts;
use http::{StatusCode, Uri};
use serde_json::Value;

use crate::operations::Problem;

use super::reply::Reply;
use super::shared::Shared;

/// Where the control begins.
pub(super) const ROOT: &str = "/_emulator";

/// A request that passed the guard.
struct Call<'c> {
    shared: &'c Shared,
    /// The id in the path, if the endpoint has one.
    id: &'c str,
    query: &'c str,
    body: &'c [u8],
}

type Outcome = Result<Value, Problem>;

/// Whether a request is for the control.
pub(super) fn is_for(uri: &Uri) -> bool {
    let rest = uri.path().strip_prefix(ROOT);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Refuses a request that is not from this machine, or from a page of another origin.
pub(super) fn check(peer: SocketAddr, parts: &Parts) -> Result<(), Problem> {
    guard::check(peer, &parts.method, &parts.uri, &parts.headers)
}

/// Answers a request that passed [`check`].
pub(super) fn answer(shared: &Shared, parts: &Parts, body: Result<Bytes, Problem>) -> Reply {
    let respond = || {
        let (endpoint, id) = endpoints::find(&parts.method, parts.uri.path())?;
        (endpoint.run)(&Call {
            shared,
            id,
            query: parts.uri.query().unwrap_or_default(),
            body: &body?,
        })
    };
    let outcome: Outcome = respond();
    shared.wake();
    reply(outcome)
}

/// Calls the endpoint of a path below the root, for the page.
#[cfg(feature = "page")]
pub(super) fn call(shared: &Shared, method: &Method, path: &str, body: &[u8]) -> Result<Value, Problem> {
    let path = format!("{ROOT}/{path}");
    let (endpoint, id) = endpoints::find(method, &path)?;
    let outcome = (endpoint.run)(&Call {
        shared,
        id,
        query: "",
        body,
    });
    shared.wake();
    outcome
}

/// The response to a request of the control.
pub(super) fn reply(outcome: Result<Value, Problem>) -> Reply {
    let mut reply = match outcome {
        Ok(value) => Reply::json(value.to_string()),
        Err(problem) => {
            let mut reply = Reply::json(problem.body().to_string());
            reply.status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::BAD_REQUEST);
            reply
        }
    };
    guard_reply(&mut reply);
    reply
}

/// Adds the headers by which no page of another origin embeds, guesses or keeps what is answered.
pub(super) fn guard_reply(reply: &mut Reply) {
    for (name, value) in [
        ("cache-control", "no-store"),
        ("cross-origin-resource-policy", "same-origin"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
    ] {
        reply.put(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_below_the_root_are_for_the_control() {
        for (path, expected) in [
            ("/_emulator", true),
            ("/_emulator/x", true),
            ("/_emulators", false),
            ("/api/_emulator", false),
        ] {
            assert_eq!(is_for(&path.parse().expect("a path")), expected, "{path}");
        }
    }
}
