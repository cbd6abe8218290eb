//! TCP connections that can be cut in the middle of an answer, or all at once.
//!
//! Above this level HTTP is well-behaved: a server answers in full or not at all.
//! Broken networks are made here, by refusing to write any more.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll, Waker};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

const END_OF_HEAD: &[u8] = b"\r\n\r\n";

/// A TCP listener whose connections can be cut.
pub(super) struct Wires {
    listener: TcpListener,
    open: OpenWires,
}

/// Every connection that may still be open.
#[derive(Debug, Clone, Default)]
pub(super) struct OpenWires(Arc<Mutex<Vec<Weak<Mutex<Control>>>>>);

/// The connection of a request.
#[derive(Debug, Clone)]
pub(super) struct Connection(Arc<Mutex<Control>>);

/// A stream that obeys its control.
pub(super) struct Wire {
    stream: TcpStream,
    control: Connection,
}

#[derive(Debug, Default)]
struct Control {
    outgoing: Outgoing,
    is_stopped: bool,
    reader: Option<Waker>,
}

#[derive(Debug, Default)]
enum Outgoing {
    #[default]
    Open,
    /// Passes the head of the answer (whose end has matched so far) and that much of its body.
    Limited {
        end_matched: usize,
        body_bytes: usize,
    },
    Cut,
}

impl Connection {
    /// Lets nothing out any more.
    pub(super) fn cut(&self) {
        self.control().outgoing = Outgoing::Cut;
    }

    /// Lets the head of the next answer out and this much of its body, and then nothing.
    pub(super) fn cut_after_body_bytes(&self, body_bytes: usize) {
        self.control().outgoing = Outgoing::Limited {
            end_matched: 0,
            body_bytes,
        };
    }

    fn control(&self) -> MutexGuard<'_, Control> {
        lock(&self.0)
    }

    fn stop(&self) {
        let mut control = self.control();
        control.is_stopped = true;
        control.outgoing = Outgoing::Cut;
        if let Some(reader) = control.reader.take() {
            reader.wake();
        }
    }
}

impl OpenWires {
    /// Ends all connections: reading finds their end, and with it what they were doing.
    pub(super) fn stop(&self) {
        for control in lock(&self.0).drain(..).filter_map(|wire| wire.upgrade()) {
            Connection(control).stop();
        }
    }

    fn add(&self, connection: &Connection) {
        let mut open = lock(&self.0);
        open.retain(|wire| wire.strong_count() > 0);
        open.push(Arc::downgrade(&connection.0));
    }
}

impl Wires {
    pub(super) fn new(listener: TcpListener, open: OpenWires) -> Self {
        Self { listener, open }
    }
}

impl Listener for Wires {
    type Io = Wire;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Wire, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.listener).await;
        let control = Connection(Arc::default());
        self.open.add(&control);
        (Wire { stream, control }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

impl Connected<IncomingStream<'_, Wires>> for Connection {
    fn connect_info(stream: IncomingStream<'_, Wires>) -> Self {
        stream.io().control.clone()
    }
}

impl Outgoing {
    /// How many of these bytes may go out.
    fn allows(&self, bytes: &[u8]) -> usize {
        match *self {
            Self::Open => bytes.len(),
            Self::Cut => 0,
            Self::Limited {
                end_matched,
                body_bytes,
            } => {
                let (head, _) = head_bytes(bytes, end_matched);
                bytes.len().min(head + body_bytes)
            }
        }
    }

    /// Takes note of bytes that went out.
    fn passed(&mut self, bytes: &[u8]) {
        if let Self::Limited {
            end_matched,
            body_bytes,
        } = self
        {
            let (head, matched) = head_bytes(bytes, *end_matched);
            *end_matched = matched;
            *body_bytes = body_bytes.saturating_sub(bytes.len() - head);
        }
    }
}

/// How many of these bytes belong to the head, and how much of its end has matched after them.
fn head_bytes(bytes: &[u8], mut matched: usize) -> (usize, usize) {
    for (position, &byte) in bytes.iter().enumerate() {
        if matched == END_OF_HEAD.len() {
            return (position, matched);
        }
        matched = if byte == END_OF_HEAD[matched] {
            matched + 1
        } else {
            usize::from(byte == b'\r')
        };
    }
    (bytes.len(), matched)
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        {
            let mut control = self.control.control();
            if control.is_stopped {
                return Poll::Ready(Ok(()));
            }
            control.reader = Some(cx.waker().clone());
        }
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let allowed = self.control.control().outgoing.allows(bytes);
        if allowed == 0 && !bytes.is_empty() {
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        }
        let written = Pin::new(&mut self.stream).poll_write(cx, &bytes[..allowed]);
        if let Poll::Ready(Ok(count)) = written {
            self.control.control().outgoing.passed(&bytes[..count]);
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::Outgoing;

    #[test]
    fn a_limit_counts_from_the_end_of_the_head_however_it_is_cut() {
        let answer = b"HTTP/1.1 200 OK\r\na: b\r\n\r\n0123456789";
        for chunk in [1, 3, 7, answer.len()] {
            let mut outgoing = Outgoing::Limited {
                end_matched: 0,
                body_bytes: 5,
            };
            let mut out = Vec::new();
            for part in answer.chunks(chunk) {
                let count = outgoing.allows(part);
                outgoing.passed(&part[..count]);
                out.extend_from_slice(&part[..count]);
            }
            assert!(out.ends_with(b"\r\n\r\n01234"), "chunks of {chunk}");
        }
    }
}
