//! Bind, serve, stop. What is answered is decided in `dispatch`.

use std::error::Error;
use std::fmt;
use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;

use axum::Router;
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use super::dispatch::{Account, answer};
use super::notifications;
use super::wire::{Connection, OpenWires, Wires};

/// Why an emulator did not start.
#[derive(Debug)]
#[non_exhaustive]
pub enum EmulatorError {
    /// The system gave no port on 127.0.0.1. Usually it has run out of ports or files.
    Bind(io::Error),
    /// The credentials are not such as a client can have, for example a client id with a colon.
    Credentials(crate::config_error::ConfigError),
    /// There is no `tokio` runtime around the call. Start the emulator within one that has networking.
    NoRuntime,
}

impl fmt::Display for EmulatorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bind(_) => f.write_str("the emulator found no free port on 127.0.0.1"),
            Self::Credentials(_) => f.write_str("the credentials of the emulator are not good for a client"),
            Self::NoRuntime => f.write_str("the emulator needs a tokio runtime, and none is running here"),
        }
    }
}

impl Error for EmulatorError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Bind(error) => Some(error),
            Self::Credentials(error) => Some(error),
            Self::NoRuntime => None,
        }
    }
}

/// A server that runs until it is dropped.
#[derive(Debug)]
pub(super) struct Server {
    base_url: String,
    task: JoinHandle<()>,
    courier: JoinHandle<()>,
    wires: OpenWires,
}

impl Server {
    pub(super) async fn start(account: Arc<Account>) -> Result<Self, EmulatorError> {
        if Handle::try_current().is_err() {
            return Err(EmulatorError::NoRuntime);
        }
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .map_err(EmulatorError::Bind)?;
        let port = listener.local_addr().map_err(EmulatorError::Bind)?.port();
        let (outbox, inbox) = notifications::courier();
        account.state().outbox = Some(outbox);
        let courier = tokio::spawn(notifications::deliver(Arc::clone(&account), inbox));
        let wires = OpenWires::default();
        let listener = Wires::new(listener, wires.clone());
        let service = router(account).into_make_service_with_connect_info::<Connection>();
        let task = tokio::spawn(async move {
            // It returns no error, and only a drop ends it.
            let _ = axum::serve(listener, service).await;
        });
        Ok(Self {
            base_url: format!("http://127.0.0.1:{port}/api"),
            task,
            courier,
            wires,
        })
    }

    pub(super) fn base_url(&self) -> &str {
        &self.base_url
    }
}

impl Drop for Server {
    /// Ends the task that accepts, which closes the port, and then every connection with its task.
    fn drop(&mut self) {
        self.task.abort();
        self.courier.abort();
        self.wires.stop();
    }
}

/// The whole emulator without a port.
pub(super) fn router(account: Arc<Account>) -> Router {
    Router::new().fallback(answer).with_state(account)
}
