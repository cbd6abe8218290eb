//! The service as a whole: its worker, its end, and its log.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use sequencehq::emulator::Fault;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tracing::Level;

use crate::stage::{SECRET, Stage};

#[tokio::test]
async fn the_worker_sends_usage_until_the_service_ends() {
    let stage = Stage::begin().await;
    stage.sign_up("globex").await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let (end, ended) = oneshot::channel::<()>();
    let service = tokio::spawn(
        stage
            .app
            .clone()
            .serve(listener, async move { drop(ended.await) }),
    );
    for id in ["jan-1", "jan-2"] {
        stage.use_api(id, 1_000).await;
        while unsent(&stage).await > 0 {
            tokio::task::yield_now().await;
        }
    }
    end.send(()).expect("the service waits for it");
    service.await.expect("no panic").expect("no error");
    stage.use_api("jan-3", 1_000).await;
    assert_eq!(unsent(&stage).await, 1);
}

#[tokio::test]
async fn the_log_has_the_failure_and_no_secret() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_max_level(Level::TRACE);
    let subscriber = subscriber.with_writer(move || writer.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let stage = Stage::begin().await;
    stage.emulator.inject(Fault::status(401).on("customer_create"));
    stage.sign_up("globex").await;
    stage.work().await;

    let log = String::from_utf8_lossy(&log.0.lock().expect("no panic")).into_owned();
    assert!(
        log.contains("the sign-up is not complete") && log.contains("401"),
        "{log}"
    );
    // The second one is the encoded pair of the header.
    for secret in [
        stage.emulator.client_secret(),
        "ZW11bGF0b3ItY2xpZW50OmVtdWxhdG9yLXNlY3JldA",
        SECRET,
    ] {
        assert!(!log.contains(secret), "{log}");
    }
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no panic").write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

async fn unsent(stage: &Stage) -> i64 {
    let count = sqlx::query_scalar("SELECT count(*) FROM usage_events WHERE sent = 0");
    count.fetch_one(&stage.app.database).await.expect("a count")
}
