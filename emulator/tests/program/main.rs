//! The program: arguments, the ready line, the log, signals and exit statuses.
#![allow(missing_docs)]

mod data;
mod lines;
mod options;
mod seed;
mod start;
mod stop;
mod story;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

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
        Self::of(command(&[]), arguments)
    }

    /// As [`start`](Self::start), with a command that starts the program.
    pub(crate) fn of(mut command: Command, arguments: &[&str]) -> Self {
        let mut child = command
            .args(["--port", "0", "--log", "json"])
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
        let mut headers = self.authorization();
        if body.is_some() {
            headers += "content-type: application/json\r\n";
        }
        let (method, path) = request.split_once(' ').expect("method and path");
        let body = body.map(Value::to_string).unwrap_or_default();
        let reply = self.raw(&format!("{method} /api{path}"), &headers, &body);
        reply.expect("the program answers")
    }

    /// Sends a request of the API that creates something. `None` if the program ends before it answers.
    pub(crate) fn try_send(&self, request: &str, body: &Value) -> Option<Reply> {
        let (method, path) = request.split_once(' ').expect("method and path");
        let headers = format!("{}content-type: application/json\r\n", self.authorization());
        let reply = self.raw(&format!("{method} /api{path}"), &headers, &body.to_string())?;
        assert_eq!(reply.status, 201, "{}", reply.body);
        Some(reply)
    }

    /// Sends a request of the control, such as `POST reset`.
    pub(crate) fn control(&self, request: &str, body: Option<&Value>) -> Reply {
        let (method, path) = request.split_once(' ').expect("method and path");
        let body = body.map(Value::to_string).unwrap_or_default();
        let reply = self.raw(&format!("{method} /_emulator/{path}"), "", &body);
        let reply = reply.expect("the program answers");
        assert_eq!(reply.status, 200, "{request}: {}", reply.body);
        reply
    }

    fn authorization(&self) -> String {
        let pair = format!("{}:{}", self.text("clientId"), self.text("clientSecret"));
        format!("authorization: Basic {}\r\n", STANDARD.encode(pair))
    }

    /// Sends a request with these headers. `None` if the program ends before it answers.
    pub(crate) fn raw(&self, request: &str, headers: &str, body: &str) -> Option<Reply> {
        let address = self.address();
        let mut stream = TcpStream::connect(address).ok()?;
        let length = body.len();
        let head = format!(
            "{request} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n"
        );
        stream.write_all(head.as_bytes()).ok()?;
        stream.write_all(body.as_bytes()).ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        let (head, body) = answer.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        Some(Reply {
            status: status.expect("a status"),
            head: head.to_owned(),
            body: body.to_owned(),
        })
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

/// A folder that is removed when it is dropped.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("sequencehq-emulator-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).expect("the folder can be made");
        Self(path)
    }

    pub(crate) fn root(&self) -> &Path {
        &self.0
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed stays in the temporary folder.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
