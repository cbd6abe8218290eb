//! The HTTP server of the tests and benchmarks: sends scripted responses and records requests.
//!
//! Each binary includes this file, so that there is one server, with the ways in which responses fail.

#![allow(dead_code, reason = "no binary uses all of it")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use sequencehq::{Client, ClientBuilder, Credentials, RateLimit, RetryPolicy};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The secret of every test's credentials; redaction tests look for it.
pub const SECRET: &str = "a-secret-that-must-never-show";

/// One request as it arrived.
#[derive(Clone, Debug)]
pub struct Seen {
    pub method: String,
    /// Path and query, as on the wire.
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Seen {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    pub fn query(&self) -> Vec<(String, String)> {
        let query = self.target.split_once('?').map_or("", |(_, query)| query);
        url::form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("the body is JSON")
    }
}

/// What the server does with one request.
#[derive(Clone, Debug)]
pub enum Answer {
    /// A whole response.
    Full {
        status: u16,
        headers: Vec<(&'static str, String)>,
        body: Vec<u8>,
    },
    /// A complete response as sent on the wire, head included.
    Raw(bytes::Bytes),
    /// The answer, after a delay.
    Late { after: Duration, answer: Box<Answer> },
    /// A response that promises more body than it sends.
    Cut { status: u16, body: Vec<u8> },
    /// The connection is closed after the request was read.
    Close,
    /// Nothing is ever answered.
    Silence,
    /// A body that never ends, byte by byte.
    Drip { status: u16 },
    /// The head and a part of the body, and then nothing.
    Stall { status: u16, body: Vec<u8> },
}

impl Answer {
    pub fn json(status: u16, body: &serde_json::Value) -> Self {
        Self::text(status, "application/json", body.to_string())
    }

    pub fn text(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self::Full {
            status,
            headers: vec![("content-type", content_type.to_owned())],
            body: body.into(),
        }
    }

    pub fn status(status: u16) -> Self {
        Self::json(
            status,
            &serde_json::json!({"error": {"type": "Test", "message": "as told"}}),
        )
    }

    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        if let Self::Full { headers, .. } = &mut self {
            headers.push((name, value.to_owned()));
        }
        self
    }
}

type Script = Box<dyn FnMut(&Seen) -> Answer + Send>;

/// The running server. It stops when it is dropped.
pub struct Server {
    pub base_url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    running: Running,
}

enum Running {
    Task(tokio::task::JoinHandle<()>),
    /// The thread ends when the channel is closed.
    Thread {
        _open: tokio::sync::oneshot::Sender<()>,
    },
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Running::Task(task) = &self.running {
            task.abort();
        }
    }
}

/// What the connections of a server share.
struct Shared {
    script: Mutex<Script>,
    /// `None` if requests are not recorded.
    seen: Option<Arc<Mutex<Vec<Seen>>>>,
}

impl Server {
    /// Answers every request with what `script` says.
    pub async fn start(script: impl FnMut(&Seen) -> Answer + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let base_url = format!("http://{}/api", listener.local_addr().expect("bound"));
        let seen = Arc::new(Mutex::new(Vec::new()));
        let shared = Shared {
            script: Mutex::new(Box::new(script)),
            seen: Some(Arc::clone(&seen)),
        };
        let running = Running::Task(tokio::spawn(serve(listener, Arc::new(shared))));
        Self {
            base_url,
            seen,
            running,
        }
    }

    /// Starts a server on a thread of its own, for measurements on the caller's thread. Requests are not recorded.
    pub fn on_own_thread(script: impl FnMut(&Seen) -> Answer + Send + 'static) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
        listener
            .set_nonblocking(true)
            .expect("a socket can be non-blocking");
        let base_url = format!("http://{}/api", listener.local_addr().expect("bound"));
        let shared = Shared {
            script: Mutex::new(Box::new(script)),
            seen: None,
        };
        let (open, closed) = tokio::sync::oneshot::channel();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime can be made");
            runtime.block_on(async {
                let listener = TcpListener::from_std(listener).expect("it is non-blocking");
                tokio::spawn(serve(listener, Arc::new(shared)));
                // Closed without a message when the server is dropped.
                let _ = closed.await;
            });
        });
        Self {
            base_url,
            seen: Arc::default(),
            running: Running::Thread { _open: open },
        }
    }

    /// Answers with these in turn, and with the last one for ever.
    pub async fn sequence(answers: Vec<Answer>) -> Self {
        let mut next = 0;
        Self::start(move |_| {
            let answer = answers[next.min(answers.len() - 1)].clone();
            next += 1;
            answer
        })
        .await
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen
            .lock()
            .expect("no test panics while it holds this")
            .clone()
    }

    /// How many requests came so far.
    pub fn count(&self) -> usize {
        self.seen
            .lock()
            .expect("no test panics while it holds this")
            .len()
    }

    /// A client of this server, which attempts everything once and as fast as it can.
    pub fn client(&self) -> Client {
        self.builder()
            .retry(RetryPolicy::none())
            .build()
            .expect("a loopback URL is good")
    }

    pub fn builder(&self) -> ClientBuilder {
        Client::builder(Credentials::new("test-client", SECRET).expect("good"))
            .base_url(&self.base_url)
            .rate_limit(RateLimit::none())
            .event_rate_limit(RateLimit::none())
    }
}

async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = tokio::task::JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            return;
        };
        connections.spawn(connection(stream, Arc::clone(&shared)));
        while connections.try_join_next().is_some() {}
    }
}

async fn connection(mut stream: TcpStream, shared: Arc<Shared>) {
    // Otherwise the end of a large response can wait for an acknowledgement.
    let _ = stream.set_nodelay(true);
    let mut buffer = Vec::new();
    while let Some(request) = read_request(&mut stream, &mut buffer).await {
        if let Some(seen) = &shared.seen {
            seen.lock()
                .expect("no test panics while it holds this")
                .push(request.clone());
        }
        let mut answer = (shared.script.lock().expect("scripts do not panic"))(&request);
        while let Answer::Late { after, answer: late } = answer {
            tokio::time::sleep(after).await;
            answer = *late;
        }
        let head = |status: u16, headers: &[(&str, String)], length: usize| {
            let mut head = format!("HTTP/1.1 {status} Test\r\ncontent-length: {length}\r\n");
            for (name, value) in headers {
                head += &format!("{name}: {value}\r\n");
            }
            head + "\r\n"
        };
        match answer {
            Answer::Full {
                status,
                headers,
                body,
            } => {
                let mut bytes = head(status, &headers, body.len()).into_bytes();
                bytes.extend(body);
                if stream.write_all(&bytes).await.is_err() {
                    return;
                }
            }
            Answer::Raw(bytes) => {
                if stream.write_all(&bytes).await.is_err() {
                    return;
                }
            }
            Answer::Late { .. } => unreachable!("the delay is over"),
            Answer::Cut { status, body } => {
                let mut bytes = head(status, &[], body.len() + 100).into_bytes();
                bytes.extend(body);
                let _ = stream.write_all(&bytes).await;
                return;
            }
            Answer::Stall { status, body } => {
                let mut bytes = head(status, &[], body.len() + 100).into_bytes();
                bytes.extend(body);
                let _ = stream.write_all(&bytes).await;
                std::future::pending::<()>().await;
            }
            Answer::Drip { status } => {
                let mut bytes = head(status, &[], 1 << 40).into_bytes();
                while stream.write_all(&bytes).await.is_ok() {
                    bytes = vec![b'.'];
                    tokio::task::yield_now().await;
                }
                return;
            }
            Answer::Close => return,
            Answer::Silence => std::future::pending::<()>().await,
        }
    }
}

async fn read_request(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<Seen> {
    let end = loop {
        if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(buffer[..end].to_vec()).ok()?;
    let mut lines = head.lines();
    let mut first = lines.next()?.split(' ');
    let (method, target) = (first.next()?.to_owned(), first.next()?.to_owned());
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let length = headers
        .iter()
        .find(|(name, _)| name == "content-length")
        .and_then(|(_, value)| value.parse::<usize>().ok())
        .unwrap_or(0);
    let rest = end + 4;
    while buffer.len() < rest + length {
        if stream.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    }
    let body = buffer[rest..rest + length].to_vec();
    buffer.drain(..rest + length);
    Some(Seen {
        method,
        target,
        headers,
        body,
    })
}

/// How long a test waits for something that has to happen soon.
pub const SOON: Duration = Duration::from_secs(20);
