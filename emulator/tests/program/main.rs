//! The program: arguments, the ready line, the log, signals and exit statuses.
#![allow(missing_docs)]

mod lines;
mod start;
mod stop;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, ChildStderr, Command, Output, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

/// A running program. Dropping it kills it.
pub(crate) struct Program {
    child: Child,
    /// The line on standard output.
    pub(crate) ready: Value,
    errors: BufReader<ChildStderr>,
}

/// A response.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Reply {
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// A command that starts the program.
pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sequencehq-emulator"));
    command.args(arguments);
    command
}

/// Runs the program to its end, which is near.
pub(crate) fn output(arguments: &[&str]) -> Output {
    command(arguments).output().expect("the program can be started")
}

impl Program {
    /// Starts the program on a free port, with a log as JSON, and waits until it is ready.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let mut child = command(&["--port", "0", "--log", "json"])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program can be started");
        let mut line = String::new();
        let mut output = BufReader::new(child.stdout.take().expect("it is a pipe"));
        output.read_line(&mut line).expect("the line is UTF-8");
        let mut errors = BufReader::new(child.stderr.take().expect("it is a pipe"));
        let ready = serde_json::from_str(&line).unwrap_or_else(|error| {
            let mut rest = String::new();
            let _ = errors.read_to_string(&mut rest);
            panic!("{error}: {line:?} {rest}")
        });
        Self { child, ready, errors }
    }

    /// A member of the ready line.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.ready[name].as_str().expect("the ready line has it")
    }

    pub(crate) fn address(&self) -> &str {
        let address = self.text("url").strip_prefix("http://");
        address
            .and_then(|url| url.strip_suffix("/api"))
            .expect("a base URL")
    }

    /// The next line of the log.
    pub(crate) fn line(&mut self) -> Value {
        let mut line = String::new();
        self.errors.read_line(&mut line).expect("the line is UTF-8");
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"))
    }

    /// Sends a request of the API, such as `GET /products`.
    pub(crate) fn send(&self, request: &str, body: Option<&Value>) -> Reply {
        let pair = format!("{}:{}", self.text("clientId"), self.text("clientSecret"));
        let mut headers = format!("authorization: Basic {}\r\n", STANDARD.encode(pair));
        if body.is_some() {
            headers += "content-type: application/json\r\n";
        }
        let (method, path) = request.split_once(' ').expect("method and path");
        let body = body.map(Value::to_string).unwrap_or_default();
        self.raw(&format!("{method} /api{path}"), &headers, &body)
    }

    /// Sends a request with these headers.
    pub(crate) fn raw(&self, request: &str, headers: &str, body: &str) -> Reply {
        let address = self.address();
        let mut stream = TcpStream::connect(address).expect("the program listens");
        let length = body.len();
        let head = format!(
            "{request} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n"
        );
        stream.write_all(head.as_bytes()).expect("the program reads");
        stream.write_all(body.as_bytes()).expect("the program reads");
        let mut answer = String::new();
        stream
            .read_to_string(&mut answer)
            .expect("the program answers with text");
        let (head, body) = answer.split_once("\r\n\r\n").expect("the head is complete");
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        Reply {
            status: status.expect("a status"),
            head: head.to_owned(),
            body: body.to_owned(),
        }
    }

    /// Sends a signal, such as `TERM`.
    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill")
            .args([&format!("-{name}"), &self.child.id().to_string()])
            .status();
        assert!(sent.is_ok_and(|status| status.success()), "kill -{name}");
    }

    /// Waits for the end, and returns the exit status and the remaining lines of the log.
    pub(crate) fn end(mut self) -> (Option<i32>, String) {
        let mut rest = String::new();
        self.errors.read_to_string(&mut rest).expect("the log is UTF-8");
        let status = self.child.wait().expect("it was started");
        (status.code(), rest)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
