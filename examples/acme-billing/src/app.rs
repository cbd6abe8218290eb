//! What all handlers share, and the routes.

use std::sync::Arc;

use axum::Router;
use axum::extract::{FromRef, State};
use axum::routing::{get, post};
use sequencehq::clock::Clock;
use sequencehq::usage::StopSignal;
use sequencehq::webhook::{Secret, Verifier};
use sequencehq::{Client, DateTime, NaiveDate, Utc};
use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use tokio::net::TcpListener;
use tokio::sync::Notify;

use crate::plans::Plans;
use crate::{Error, invoices, signups, usage, webhooks, worker};

/// The service. Clones share everything.
#[derive(Clone)]
pub struct App {
    pub client: Client,
    pub database: SqlitePool,
    pub plans: Arc<Plans>,
    /// The time: of the system, or of an emulator.
    pub clock: Arc<dyn Clock>,
    /// Wakes the worker when there is something to send.
    pub work: Arc<Notify>,
    pub stop: StopSignal,
    verifier: Verifier,
}

impl App {
    pub fn new(
        client: Client,
        database: SqlitePool,
        plans: Plans,
        secret: Secret,
        clock: impl Clock,
    ) -> Self {
        let clock: Arc<dyn Clock> = Arc::new(clock);
        Self {
            client,
            database,
            plans: Arc::new(plans),
            verifier: Verifier::new(secret).clock(Arc::clone(&clock)),
            clock,
            work: Arc::default(),
            stop: StopSignal::new(),
        }
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.clock.system_time().into()
    }

    pub fn today(&self) -> NaiveDate {
        self.now().date_naive()
    }

    /// The routes. Put the authentication of your customers in front of them; only webhooks bring their own.
    pub fn router(&self) -> Router {
        Router::new()
            .route("/health", get(health))
            .route("/signups", post(signups::sign_up))
            .route("/usage", post(usage::report))
            .route("/webhooks/sequence", post(webhooks::receive))
            .route("/customers/{id}/invoices", get(invoices::list))
            .route("/customers/{id}/invoices/{invoice}/pdf", get(invoices::pdf))
            .with_state(self.clone())
    }

    /// Serves requests and works in the background until `shutdown` completes. Running requests and calls are completed.
    pub async fn serve(
        self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> std::io::Result<()> {
        let worker = tokio::spawn(worker::run(self.clone()));
        axum::serve(listener, self.router())
            .with_graceful_shutdown(shutdown)
            .await?;
        self.stop.stop();
        worker.await.map_err(std::io::Error::other)
    }
}

impl FromRef<App> for Verifier {
    fn from_ref(app: &App) -> Self {
        app.verifier.clone()
    }
}

/// The service is healthy if it can accept work. Whether Sequence is available does not matter for that.
async fn health(State(app): State<App>) -> Result<&'static str, Error> {
    sqlx::query("SELECT 1 FROM signups LIMIT 1")
        .fetch_optional(&app.database)
        .await?;
    Ok("ok")
}

/// Opens the database, and creates the tables that are missing.
///
/// SQLite syncs every commit to the disk by default. That must remain so: usage is accepted when it is stored.
pub async fn open(options: SqliteConnectOptions) -> Result<SqlitePool, sqlx::Error> {
    // One connection, since SQLite has one writer anyway, and a database in memory belongs to its connection.
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .idle_timeout(None)
        .max_lifetime(None);
    let database = pool.connect_with(options.foreign_keys(true)).await?;
    sqlx::raw_sql(include_str!("../schema.sql"))
        .execute(&database)
        .await?;
    Ok(database)
}
