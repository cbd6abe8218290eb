//! TCP connections that can be cut in the middle of a response, or all at once.
//!
//! An HTTP server sends a complete response or none, so broken networks are emulated below it: the connection stops
//! writing.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

const END_OF_HEAD: &[u8] = b"\r\n\r\n";

/// The connection of a request.
#[derive(Debug, Clone)]
pub(super) struct Connection(Arc<Mutex<Outgoing>>);

/// A stream that obeys its control.
pub(super) struct Wire {
    stream: TcpStream,
    control: Connection,
}

#[derive(Debug, Default)]
enum Outgoing {
    #[default]
    Open,
    /// The head of the response, and a part of its body. `end_matched` counts the bytes of the end of the head so far.
    Limited {
        end_matched: usize,
        body_bytes: usize,
    },
    Cut,
}

impl Connection {
    /// Sends nothing more.
    pub(super) fn cut(&self) {
        *self.outgoing() = Outgoing::Cut;
    }

    /// Sends the head of the next response and this many bytes of its body, then closes.
    pub(super) fn cut_after_body_bytes(&self, body_bytes: usize) {
        *self.outgoing() = Outgoing::Limited {
            end_matched: 0,
            body_bytes,
        };
    }

    fn outgoing(&self) -> MutexGuard<'_, Outgoing> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Wire {
    pub(super) fn new(stream: TcpStream) -> Self {
        Self {
            stream,
            control: Connection(Arc::default()),
        }
    }

    /// The control of the connection.
    pub(super) fn connection(&self) -> Connection {
        self.control.clone()
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

    /// Counts bytes that went out.
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
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let allowed = self.control.outgoing().allows(bytes);
        if allowed == 0 && !bytes.is_empty() {
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        }
        let written = Pin::new(&mut self.stream).poll_write(cx, &bytes[..allowed]);
        if let Poll::Ready(Ok(count)) = written {
            self.control.outgoing().passed(&bytes[..count]);
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
