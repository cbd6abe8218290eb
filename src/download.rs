//! A file that arrives piece by piece.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_core::Stream;

use crate::Error;
use crate::clock::{Clock, Sleep};
use crate::error::{Kind, Said};
use crate::response::Meta;

type Pieces = Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>> + Send + Sync>>;

/// A PDF on its way. It is a stream of bytes and never held as a whole, unless you ask for
/// [`bytes`](Self::bytes).
///
/// Each piece has to arrive within the time limit of an attempt, so that a server that falls silent does not
/// hold the download for ever. Dropping it closes the connection.
///
/// ```no_run
/// # #[cfg(feature = "invoices")]
/// # async fn example(client: sequencehq::Client) -> Result<(), Box<dyn std::error::Error>> {
/// use std::io::Write as _;
///
/// let mut pdf = client.invoices().download("6cedbb5e-4f77-4217-b8d4-020e7e4d33c9").await?;
/// let mut file = std::fs::File::create("invoice.pdf")?;
/// while let Some(piece) = pdf.chunk().await? {
///     file.write_all(&piece)?;
/// }
/// # Ok(())
/// # }
/// ```
pub struct Download {
    pieces: Pieces,
    clock: Arc<dyn Clock>,
    limit: Duration,
    max_bytes: u64,
    timer: Option<Exclusive<Sleep>>,
    operation: &'static str,
    content_type: Option<String>,
    content_length: Option<u64>,
    ended: bool,
    meta: Meta,
}

/// Lets a `Send` future live in a `Sync` type: it is only ever reached through `&mut`.
struct Exclusive<T>(std::sync::Mutex<T>);

impl Download {
    pub(crate) fn new(
        pieces: Pieces,
        meta: Meta,
        clock: Arc<dyn Clock>,
        limit: Duration,
        max_bytes: u64,
        operation: &'static str,
    ) -> Self {
        let text = |name| {
            meta.headers
                .get(name)
                .and_then(|value: &http::HeaderValue| value.to_str().ok())
        };
        Self {
            pieces,
            clock,
            limit,
            max_bytes,
            timer: None,
            operation,
            content_type: text(http::header::CONTENT_TYPE).map(str::to_owned),
            content_length: text(http::header::CONTENT_LENGTH).and_then(|length| length.parse().ok()),
            ended: false,
            meta,
        }
    }

    /// The type that the API names, usually `application/pdf`.
    pub fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }

    /// The size in bytes, where the API tells it beforehand.
    pub fn content_length(&self) -> Option<u64> {
        self.content_length
    }

    /// An error that knows what the API had said before.
    fn failed(&self, kind: Kind) -> Error {
        let said = Said {
            status: Some(self.meta.status),
            headers: self.meta.headers.clone(),
            ..Said::default()
        };
        Error::new(kind, self.operation)
            .with_said(said)
            .after(self.meta.attempts, self.meta.waited, false)
    }

    /// The next piece; `None` at the end.
    ///
    /// # Errors
    ///
    /// The connection broke, or fell silent for longer than the time limit of an attempt.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context))
            .await
            .transpose()
    }

    /// The whole file in memory.
    ///
    /// # Errors
    ///
    /// As [`chunk`](Self::chunk), or the file is larger than
    /// [`max_response_bytes`](crate::ClientBuilder::max_response_bytes).
    pub async fn bytes(mut self) -> Result<Bytes, Error> {
        let mut whole = BytesMut::new();
        while let Some(piece) = self.chunk().await? {
            if (whole.len() + piece.len()) as u64 > self.max_bytes {
                return Err(self.failed(Kind::TooLarge {
                    limit: self.max_bytes,
                }));
            }
            whole.extend_from_slice(&piece);
        }
        Ok(whole.freeze())
    }
}

impl Stream for Download {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if this.ended {
            return Poll::Ready(None);
        }
        if let Poll::Ready(piece) = this.pieces.as_mut().poll_next(context) {
            this.timer = None;
            this.ended = !matches!(piece, Some(Ok(_)));
            return Poll::Ready(piece.map(|piece| {
                piece.map_err(|error| this.failed(Kind::Interrupted).with_source(error.without_url()))
            }));
        }
        let (clock, limit) = (&this.clock, this.limit);
        let timer = this
            .timer
            .get_or_insert_with(|| Exclusive(std::sync::Mutex::new(clock.timer(limit))));
        let timer = timer
            .0
            .get_mut()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        timer.as_mut().poll(context).map(|()| {
            this.ended = true;
            Some(Err(this.failed(Kind::Timeout(limit))))
        })
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("operation", &self.operation)
            .field("content_type", &self.content_type)
            .field("content_length", &self.content_length)
            .finish_non_exhaustive()
    }
}
