//! A Redis server of a proof, on a free port, without persistence.

use std::ffi::{OsStr, OsString};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use redis::FromRedisValue;

pub struct Redis {
    program: OsString,
    port: u16,
    process: Option<Child>,
}

impl Redis {
    pub async fn start(program: &OsStr) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
        let port = listener.local_addr().expect("bound").port();
        drop(listener);
        let mut redis = Self {
            program: program.to_owned(),
            port,
            process: None,
        };
        redis.restart().await;
        redis
    }

    /// Starts the server, empty, and waits until it responds.
    pub async fn restart(&mut self) {
        let process = Command::new(&self.program)
            .args(["--port", &self.port.to_string(), "--bind", "127.0.0.1"])
            .args(["--save", "", "--appendonly", "no", "--dir"])
            .arg(std::env::temp_dir())
            .stdout(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}", self.program.display()));
        self.process = Some(process);
        let start = Instant::now();
        while self.try_run::<()>(&["PING"]).await.is_err() {
            assert!(
                start.elapsed() < Duration::from_secs(20),
                "Redis does not respond"
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Ends the server as `kill -9` does.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().expect("the server runs");
            process.wait().expect("the server ends");
        }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn client(&self) -> redis::Client {
        redis::Client::open(format!("redis://127.0.0.1:{}", self.port)).expect("the URL is good")
    }

    pub async fn run<T: FromRedisValue>(&self, command: &[&str]) -> T {
        let result = self.try_run(command).await;
        result.unwrap_or_else(|error| panic!("{command:?}: {error}"))
    }

    async fn try_run<T: FromRedisValue>(&self, command: &[&str]) -> redis::RedisResult<T> {
        let mut connection = self.client().get_multiplexed_async_connection().await?;
        let mut query = redis::cmd(command[0]);
        query.arg(&command[1..]);
        query.query_async(&mut connection).await
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}
