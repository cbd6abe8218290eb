//! Bind, serve, stop.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use super::deliveries::{Attempts, deliver};
use super::handler::{Client, answer};
use super::shared::Shared;
use super::wire::Wire;

/// A server that runs until it is stopped or dropped.
#[derive(Debug)]
pub(super) struct Server {
    url: String,
    accepting: Option<JoinHandle<()>>,
    delivering: JoinHandle<()>,
    stop: watch::Sender<bool>,
    attempts: Attempts,
}

impl Server {
    pub(super) async fn start(shared: Arc<Shared>, address: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = reachable(listener.local_addr()?);
        let (stop, stopped) = watch::channel(false);
        let attempts = Attempts::default();
        Ok(Self {
            url: format!("http://{address}/api"),
            accepting: Some(tokio::spawn(accept(listener, Arc::clone(&shared), stopped))),
            delivering: tokio::spawn(deliver(shared, attempts.clone())),
            stop,
            attempts,
        })
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// Counts attempts to deliver.
    pub(super) fn attempts(&self) -> &Attempts {
        &self.attempts
    }

    /// Accepts no more connections, and waits until running requests are answered.
    pub(super) async fn stop(mut self) {
        // The receiver exists as long as the server accepts connections.
        let _ = self.stop.send(true);
        if let Some(accepting) = self.accepting.take() {
            // A panic of the task was already reported.
            let _ = accepting.await;
        }
    }
}

/// The address by which this machine reaches a listener: the loopback one for a listener on all addresses.
fn reachable(address: SocketAddr) -> SocketAddr {
    let host = match address {
        SocketAddr::V4(v4) if v4.ip().is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        SocketAddr::V6(v6) if v6.ip().is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        _ => address.ip(),
    };
    SocketAddr::new(host, address.port())
}

impl Drop for Server {
    /// Closes the port, and every connection.
    fn drop(&mut self) {
        if let Some(accepting) = &self.accepting {
            accepting.abort();
        }
        self.delivering.abort();
    }
}

/// Accepts connections until it is stopped, and then waits for them. They end with this future.
async fn accept(listener: TcpListener, shared: Arc<Shared>, mut stopped: watch::Receiver<bool>) {
    let mut connections = JoinSet::new();
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stopped.changed() => break,
        };
        // A connection that broke before it was accepted needs no handling.
        if let Ok((stream, peer)) = stream {
            connections.spawn(serve((stream, peer), Arc::clone(&shared), stopped.clone()));
        }
        while connections.try_join_next().is_some() {}
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

async fn serve(
    (stream, peer): (TcpStream, SocketAddr),
    shared: Arc<Shared>,
    mut stopped: watch::Receiver<bool>,
) {
    // A failure only costs time.
    let _ = stream.set_nodelay(true);
    let wire = Wire::new(stream);
    let control = wire.connection();
    #[cfg(feature = "page")]
    let stopping = stopped.clone();
    let service = service_fn(move |request| {
        let client = Client {
            peer,
            connection: control.clone(),
            #[cfg(feature = "page")]
            stopped: stopping.clone(),
        };
        let shared = Arc::clone(&shared);
        async move { Ok::<_, Infallible>(answer(shared, client, request).await) }
    });
    let mut connection = pin!(http1::Builder::new().serve_connection(TokioIo::new(wire), service));
    // The client caused the error, or an injected fault.
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = stopped.changed() => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}
