//! The configuration, from the environment.

use std::net::SocketAddr;

use sequencehq::webhook::Secret;
use sequencehq::{Client, ClientBuilder, ConfigError, Environment};
use sqlx::sqlite::SqliteConnectOptions;

/// The variables, for `--help`.
pub const VARIABLES: &str = "  SEQUENCE_CLIENT_ID       the credentials of Sequence
  SEQUENCE_CLIENT_SECRET
  SEQUENCE_ENVIRONMENT     `sandbox` (default) or `production`
  SEQUENCE_WEBHOOK_SECRET  the secret of your choice that signs webhooks
  ACME_WEBHOOK_URL         where webhooks are sent, the HTTPS URL of /webhooks/sequence; for `setup`
  ACME_ADDRESS             where the service listens, 127.0.0.1:8080 by default
  ACME_DATABASE            the file of SQLite, acme-billing.db by default
  RUST_LOG                 what is logged, `info` by default";

/// A client for the sandbox, unless the environment names another one: real invoices have to be asked for.
pub fn client() -> Result<Client, ConfigError> {
    let builder = ClientBuilder::from_env()?;
    let is_named = ["SEQUENCE_ENVIRONMENT", "SEQUENCE_BASE_URL"]
        .into_iter()
        .any(|name| variable(name).is_some());
    if is_named {
        builder
    } else {
        builder.environment(Environment::Sandbox)
    }
    .build()
}

/// The secret of webhooks, as a text for the policy. It must not be printed.
pub fn webhook_secret() -> Result<String, String> {
    required("SEQUENCE_WEBHOOK_SECRET")
}

/// The secret of webhooks, to verify them. It is never printed.
pub fn secret() -> Result<Secret, String> {
    Secret::new(webhook_secret()?).map_err(|error| error.to_string())
}

pub fn webhook_url() -> Result<String, String> {
    required("ACME_WEBHOOK_URL")
}

pub fn address() -> Result<SocketAddr, String> {
    let address = variable("ACME_ADDRESS").unwrap_or_else(|| "127.0.0.1:8080".to_owned());
    address.parse().map_err(|_| {
        format!("ACME_ADDRESS: `{address}` is not an address with a port, such as 127.0.0.1:8080")
    })
}

pub fn database() -> SqliteConnectOptions {
    let file = variable("ACME_DATABASE").unwrap_or_else(|| "acme-billing.db".to_owned());
    SqliteConnectOptions::new().filename(file).create_if_missing(true)
}

fn required(name: &str) -> Result<String, String> {
    variable(name).ok_or_else(|| format!("{name} is not set"))
}

/// An empty variable counts as unset.
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
