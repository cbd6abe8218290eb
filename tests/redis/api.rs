//! A strict API: it counts any period of the length of a minute, and responds with 429 above the limit.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;

#[derive(Clone)]
pub struct Api {
    pub base_url: String,
    shared: Arc<Mutex<Counts>>,
}

pub struct Counts {
    limit: usize,
    minute: Duration,
    recent: VecDeque<Instant>,
    /// The largest number of requests in any period.
    pub busiest: usize,
    pub throttled: usize,
    pub accepted: u64,
    /// By the name of the program that sent it.
    pub by_program: BTreeMap<String, u64>,
    /// The property `number` by the id of the event. A repeated id replaces the event.
    pub by_id: HashMap<String, u64>,
}

impl Api {
    /// Starts the server on a thread of its own, so that the scenario does not delay it.
    pub async fn start(limit: usize, minute: Duration) -> Self {
        let shared = Arc::new(Mutex::new(Counts {
            limit,
            minute,
            recent: VecDeque::new(),
            busiest: 0,
            throttled: 0,
            accepted: 0,
            by_program: BTreeMap::new(),
            by_id: HashMap::new(),
        }));
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
        listener
            .set_nonblocking(true)
            .expect("a socket can be non-blocking");
        let port = listener.local_addr().expect("bound").port();
        let app = Router::new()
            .route("/api/usage-events", post(event))
            .with_state(Arc::clone(&shared));
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime can be built").block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener).expect("a runtime runs");
                axum::serve(listener, app).await.expect("the server runs");
            });
        });
        Self {
            base_url: format!("http://127.0.0.1:{port}/api"),
            shared,
        }
    }

    pub fn counts(&self) -> MutexGuard<'_, Counts> {
        self.shared.lock().expect("no handler panics")
    }
}

async fn event(State(shared): State<Arc<Mutex<Counts>>>, headers: HeaderMap, body: Bytes) -> Response {
    let now = Instant::now();
    let mut counts = shared.lock().expect("no handler panics");
    while counts
        .recent
        .front()
        .is_some_and(|first| now - *first >= counts.minute)
    {
        counts.recent.pop_front();
    }
    if counts.recent.len() >= counts.limit {
        counts.throttled += 1;
        return StatusCode::TOO_MANY_REQUESTS.into_response();
    }
    counts.recent.push_back(now);
    counts.busiest = counts.busiest.max(counts.recent.len());
    counts.accepted += 1;
    let program = headers.get("user-agent").and_then(|agent| agent.to_str().ok());
    let program = program
        .and_then(|agent| agent.split(' ').next())
        .unwrap_or("unknown");
    *counts.by_program.entry(program.to_owned()).or_default() += 1;
    let mut body: serde_json::Value = serde_json::from_slice(&body).expect("the client sends JSON");
    let id = body["customerEventId"].as_str().unwrap_or_default().to_owned();
    let number = body["eventProperties"]["number"].as_u64().unwrap_or_default();
    counts.by_id.insert(id, number);
    body["id"] = counts.accepted.to_string().into();
    body["sequenceAccountId"] = "an-account".into();
    for (field, default) in [
        ("eventTimestamp", "2026-03-01T00:00:00Z".into()),
        ("eventProperties", serde_json::json!({})),
    ] {
        if body[field].is_null() {
            body[field] = default;
        }
    }
    let body = body.to_string();
    (StatusCode::OK, [("content-type", "application/json")], body).into_response()
}
