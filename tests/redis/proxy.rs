//! A connection to Redis that can be slow.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

pub struct Proxy {
    port: u16,
    delay_millis: Arc<AtomicU64>,
}

impl Proxy {
    /// Forwards connections to a port of this machine.
    pub async fn start(to: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port is free");
        let port = listener.local_addr().expect("bound").port();
        let delay_millis = Arc::new(AtomicU64::new(0));
        let delay = Arc::clone(&delay_millis);
        tokio::spawn(async move {
            while let Ok((inner, _)) = listener.accept().await {
                tokio::spawn(forward(inner, to, Arc::clone(&delay)));
            }
        });
        Self { port, delay_millis }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Delays every response.
    pub fn slow_down(&self, delay: Duration) {
        self.delay_millis
            .store(delay.as_millis() as u64, Ordering::Relaxed);
    }
}

async fn forward(mut client: TcpStream, to: u16, delay: Arc<AtomicU64>) {
    let Ok(mut redis) = TcpStream::connect(("127.0.0.1", to)).await else {
        return;
    };
    let _ = (client.set_nodelay(true), redis.set_nodelay(true));
    let (mut client_reads, mut client_writes) = client.split();
    let (mut redis_reads, mut redis_writes) = redis.split();
    let requests = tokio::io::copy(&mut client_reads, &mut redis_writes);
    let responses = async {
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let read = redis_reads.read(&mut buffer).await?;
            let delay = Duration::from_millis(delay.load(Ordering::Relaxed));
            if !delay.is_zero() {
                tokio::time::sleep(delay).await;
            }
            if read == 0 {
                return Ok::<u64, std::io::Error>(0);
            }
            client_writes.write_all(&buffer[..read]).await?;
        }
    };
    tokio::select! {
        _ = requests => {}
        _ = responses => {}
    }
}
