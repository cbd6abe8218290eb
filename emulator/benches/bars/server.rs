//! The server: its start, and how many requests it answers.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sequencehq_emulator::Emulator;
use tokio::runtime::Runtime;

use super::bar::{above, below, fastest, milliseconds};

const CONNECTIONS: usize = 8;
const REQUESTS: usize = 5_000;

/// A runtime as the program has it.
pub(crate) fn runtime() -> Runtime {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(2).enable_all().build().expect("a runtime")
}

/// A connection that is kept.
pub(crate) struct Connection {
    stream: TcpStream,
    head: String,
    received: Vec<u8>,
}

impl Connection {
    pub(crate) fn open(emulator: &Emulator) -> Self {
        Self::to(
            emulator.base_url(),
            (emulator.client_id(), emulator.client_secret()),
        )
    }

    pub(crate) fn to(base_url: &str, (id, secret): (&str, &str)) -> Self {
        let address = base_url.trim_start_matches("http://").trim_end_matches("/api");
        let credentials = STANDARD.encode(format!("{id}:{secret}"));
        let stream = TcpStream::connect(address).expect("the emulator listens");
        stream.set_nodelay(true).expect("a socket");
        Self {
            stream,
            head: format!(
                "host: {address}\r\nauthorization: Basic {credentials}\r\ncontent-type: application/json\r\n"
            ),
            received: Vec::new(),
        }
    }

    pub(crate) fn get(&mut self, path: &str) -> Vec<u8> {
        self.send("GET", path, "")
    }

    /// Sends a request to the API that succeeds, and returns the body of the response.
    pub(crate) fn send(&mut self, method: &str, path: &str, body: &str) -> Vec<u8> {
        let (status, received) = self.exchange(method, &format!("/api{path}"), body);
        assert!(status < 300, "{}", String::from_utf8_lossy(&received));
        received
    }

    /// Sends GET to any path, and returns the status of the response.
    pub(crate) fn status_of(&mut self, path: &str) -> u16 {
        self.exchange("GET", path, "").0
    }

    fn exchange(&mut self, method: &str, path: &str, body: &str) -> (u16, Vec<u8>) {
        let (head, length) = (&self.head, body.len());
        let request = format!("{method} {path} HTTP/1.1\r\n{head}content-length: {length}\r\n\r\n{body}");
        self.stream.write_all(request.as_bytes()).expect("sent");
        self.received.clear();
        let mut chunk = [0; 64 * 1024];
        let (status, end, length) = loop {
            if let Some(found) = head_of(&self.received) {
                break found;
            }
            let count = self.stream.read(&mut chunk).expect("received");
            assert!(count > 0, "the connection is kept");
            self.received.extend_from_slice(&chunk[..count]);
        };
        while self.received.len() < end + length {
            let count = self.stream.read(&mut chunk).expect("received");
            assert!(count > 0, "the connection is kept");
            self.received.extend_from_slice(&chunk[..count]);
        }
        (status, self.received[end..].to_vec())
    }
}

/// The status, the end of the head, and the length of the body.
fn head_of(received: &[u8]) -> Option<(u16, usize, usize)> {
    let end = received.windows(4).position(|bytes| bytes == b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(&received[..end]).expect("a head");
    let status = head.get(9..12).and_then(|status| status.parse().ok());
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    Some((
        status.expect("a status"),
        end,
        length.map_or(0, |length| length.parse().expect("a length")),
    ))
}

pub(crate) fn start() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let time = |rounds| {
        fastest(rounds, || {
            let emulator = runtime
                .block_on(Emulator::builder().start())
                .expect("a free port");
            drop(emulator);
        })
    };
    below("start in process, at first", milliseconds(time(1)), 1.0, "ms");
    below("start in process", milliseconds(time(200)), 1.0, "ms");
}

pub(crate) fn requests() {
    let runtime = runtime();
    let emulator = runtime
        .block_on(Emulator::builder().start())
        .expect("a free port");
    let created = Connection::open(&emulator).send("POST", "/products", r#"{"name": "API calls"}"#);
    let created: serde_json::Value = serde_json::from_slice(&created).expect("JSON");
    let product = format!("/products/{}", created["id"].as_str().unwrap_or_default());
    let event = |number: usize| {
        format!(
            r#"{{"customerEventId": "e{number}", "customerAlias": "acme", "eventType": "call", "eventTimestamp": "2026-01-01T08:00:00Z", "eventProperties": {{"n": 3}}}}"#
        )
    };
    let rate = |name: &str, request: &(dyn Fn(&mut Connection, usize) + Sync)| {
        let rounds = (0..5).map(|round| {
            let start = Instant::now();
            std::thread::scope(|scope| {
                for connection in 0..CONNECTIONS {
                    let emulator = &emulator;
                    scope.spawn(move || {
                        let mut open = Connection::open(emulator);
                        for number in 0..REQUESTS {
                            request(&mut open, (round * CONNECTIONS + connection) * REQUESTS + number);
                        }
                    });
                }
            });
            (CONNECTIONS * REQUESTS) as f64 / start.elapsed().as_secs_f64()
        });
        above(
            &format!("requests, {name}"),
            rounds.fold(0.0, f64::max),
            10_000.0,
            "a second",
        );
    };
    rate("a product", &|connection, _| drop(connection.get(&product)));
    rate("events", &|connection, number| {
        drop(connection.send("POST", "/usage-events", &event(number)))
    });
}
