//! A Redis of the example, without persistence, on a free port.

use std::io;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

pub struct RedisServer {
    url: String,
    process: Option<Child>,
}

impl RedisServer {
    /// Uses a server that runs already.
    pub fn at(url: String) -> Self {
        Self { url, process: None }
    }

    /// Starts `redis-server`, which must be installed.
    pub fn start() -> io::Result<Self> {
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let process = Command::new("redis-server")
            .args(["--port", &port.to_string(), "--bind", "127.0.0.1"])
            .args(["--save", "", "--appendonly", "no"])
            .stdout(Stdio::null())
            .spawn()
            .map_err(|error| {
                io::Error::new(error.kind(), format!("redis-server does not start ({error})"))
            })?;
        // The connections are made lazily, and retried until the server listens.
        Ok(Self {
            url: format!("redis://127.0.0.1:{port}"),
            process: Some(process),
        })
    }

    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}
