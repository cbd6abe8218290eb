//! The server, by requests on the wire.

mod control;
mod faults;
mod gate;
mod observe;
#[cfg(feature = "page")]
mod page;
mod respond;
mod strict;
mod webhooks;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sequencehq_emulator::{Builder, Emulator};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A response as it came.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(": ")?;
            found.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    pub(crate) fn error_type(&self) -> String {
        self.json()["error"]["type"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }
}

pub(crate) async fn start(builder: Builder) -> Emulator {
    builder.start().await.expect("a free port")
}

pub(crate) fn on_new_year() -> Builder {
    Emulator::builder().date("2026-01-01".parse().expect("a date"))
}

/// Sends a request with these headers on a connection of its own. `None` if the connection broke.
pub(crate) async fn raw(emulator: &Emulator, request: &str, headers: &str, body: &str) -> Option<Reply> {
    let address = emulator
        .base_url()
        .strip_prefix("http://")?
        .strip_suffix("/api")?;
    let mut stream = TcpStream::connect(address).await.ok()?;
    let head = format!(
        "{request} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-length: {}\r\n{headers}\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.ok()?;
    stream.write_all(body.as_bytes()).await.ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.ok()?;
    // A PDF has bytes that are not UTF-8.
    let answer = String::from_utf8_lossy(&answer);
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some(Reply {
        status,
        head: head.to_owned(),
        body: body.to_owned(),
    })
}

pub(crate) fn authorization(emulator: &Emulator) -> String {
    let pair = format!("{}:{}", emulator.client_id(), emulator.client_secret());
    format!("authorization: Basic {}\r\n", STANDARD.encode(pair))
}

/// Sends a request as a client does.
pub(crate) async fn send(emulator: &Emulator, request: &str, body: Option<&Value>) -> Reply {
    let mut headers = authorization(emulator);
    if body.is_some() {
        headers += "content-type: application/json\r\n";
    }
    let (method, path) = request.split_once(' ').expect("method and path");
    let body = body.map(Value::to_string).unwrap_or_default();
    let reply = raw(emulator, &format!("{method} /api{path}"), &headers, &body).await;
    reply.expect("the connection holds")
}
