//! A file as a stream of chunks.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;

use crate::clock::{Clock, Sleep};
use crate::error::{Error, Failure, is_html};
use crate::response::{Meta, Response};
#[cfg(feature = "blocking")]
use crate::transport::OwnRuntime;
use crate::transport::{Body, Limits, Received};

type Pieces = Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>> + Send + Sync>>;

/// A PDF as a stream of chunks.
///
/// [`save`](Self::save) writes it to a file. Only [`bytes`](Self::bytes) holds the whole file in memory.
///
/// Two time limits apply: each chunk must arrive within the `read_timeout` (30 s by default), and the whole download
/// must complete within the `timeout` of the call (120 s by default), which starts when the call is sent. Set them on
/// the call or on the [`ClientBuilder`](crate::ClientBuilder); [`Duration::MAX`] disables a limit. Dropping a
/// download closes the connection.
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
    limits: Limits,
    /// The deadline of the whole call.
    ends: Instant,
    timer: Option<Exclusive<Sleep>>,
    pub(super) operation: &'static str,
    ended: bool,
    meta: Meta,
    /// What was received and not read.
    #[cfg(feature = "blocking")]
    pub(super) rest: Bytes,
    #[cfg(feature = "blocking")]
    pub(super) runtime: Arc<OwnRuntime>,
}

/// Makes a `Send` future `Sync`, since it is accessed only through `&mut`.
struct Exclusive<T>(std::sync::Mutex<T>);

impl Download {
    pub(crate) fn begin(received: Received) -> Response<Self> {
        let Body::Stream { response, ends } = received.body else {
            unreachable!("files are streamed, see `Connection::attempt`")
        };
        let download = Self {
            pieces: Box::pin(response.bytes_stream()),
            clock: received.clock,
            limits: received.limits,
            ends,
            timer: None,
            operation: received.operation.id,
            ended: false,
            meta: received.meta.clone(),
            #[cfg(feature = "blocking")]
            rest: Bytes::new(),
            #[cfg(feature = "blocking")]
            runtime: received.runtime,
        };
        Response::new(download, received.meta)
    }

    /// Returns the response of an operation whose files are PDFs, unless it is a web page, such as that of a proxy.
    pub(crate) fn pdf(received: Received) -> Result<Response<Self>, Error> {
        let download = Self::begin(received);
        // The API documents no type, so that only what certainly is another server's is refused.
        if download.content_type().is_some_and(is_html) {
            return Err(download.failed(Failure::WebPage));
        }
        Ok(download)
    }

    fn header(&self, name: http::HeaderName) -> Option<&str> {
        self.meta.headers.get(name)?.to_str().ok()
    }

    /// Returns the `Content-Type` of the file, usually `application/pdf`.
    pub fn content_type(&self) -> Option<&str> {
        self.header(http::header::CONTENT_TYPE)
    }

    /// Returns the size of the file in bytes, if the response has a `Content-Length`.
    ///
    /// ```no_run
    /// # #[cfg(feature = "invoices")]
    /// # async fn example(client: sequencehq::Client) -> Result<(), sequencehq::Error> {
    /// let pdf = client.invoices().download("6cedbb5e-4f77-4217-b8d4-020e7e4d33c9").await?;
    /// if let Some(bytes) = pdf.content_length() {
    ///     println!("{} KiB", bytes / 1024);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn content_length(&self) -> Option<u64> {
        self.header(http::header::CONTENT_LENGTH)?.parse().ok()
    }

    pub(super) fn failed(&self, kind: Failure) -> Error {
        Error::new(kind, self.operation)
            .with_head(self.meta.status, self.meta.headers.clone())
            .after(self.meta.attempts, self.meta.waited, false)
    }

    /// Returns the time until the deadline of the call.
    fn left(&self) -> Duration {
        self.ends.saturating_duration_since(self.clock.now())
    }

    /// Returns the error for a chunk that did not arrive in time.
    fn late(&self) -> Error {
        self.failed(if self.left().is_zero() {
            Failure::Timeout(self.limits.whole)
        } else {
            Failure::AttemptTimeout(self.limits.read)
        })
    }

    /// Returns the next chunk, or `None` at the end of the file.
    ///
    /// ```no_run
    /// # #[cfg(feature = "invoices")]
    /// # async fn example(client: sequencehq::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use std::io::Write as _;
    ///
    /// let mut pdf = client.invoices().download("6cedbb5e-4f77-4217-b8d4-020e7e4d33c9").await?;
    /// let mut file = std::fs::File::create("invoice.pdf")?;
    /// while let Some(chunk) = pdf.chunk().await? {
    ///     file.write_all(&chunk)?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the connection is lost, if no chunk arrives within the `read_timeout`, or if the `timeout`
    /// of the call has passed.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context))
            .await
            .transpose()
    }

    /// Collects the whole file in memory.
    ///
    /// ```no_run
    /// # #[cfg(feature = "invoices")]
    /// # async fn example(client: sequencehq::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let pdf = client.invoices().download("6cedbb5e-4f77-4217-b8d4-020e7e4d33c9").await?;
    /// std::fs::write("invoice.pdf", pdf.bytes().await?)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Same as [`chunk`](Self::chunk). Also returns an error if the file is larger than
    /// [`max_response_bytes`](crate::ClientBuilder::max_response_bytes).
    pub async fn bytes(mut self) -> Result<Bytes, Error> {
        let mut whole = BytesMut::new();
        while let Some(piece) = self.chunk().await? {
            if (whole.len() + piece.len()) as u64 > self.limits.bytes {
                return Err(self.failed(Failure::TooLarge {
                    limit: self.limits.bytes,
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
        let left = this.left();
        // Each chunk resets the timer, so a server that sends a byte now and then would never reach the deadline.
        if left.is_zero() {
            this.ended = true;
            return Poll::Ready(Some(Err(this.late())));
        }
        if let Poll::Ready(piece) = this.pieces.as_mut().poll_next(context) {
            this.timer = None;
            this.ended = !matches!(piece, Some(Ok(_)));
            return Poll::Ready(piece.map(|piece| {
                piece.map_err(|error| this.failed(Failure::Interrupted).with_source(error.without_url()))
            }));
        }
        let (clock, limit) = (&this.clock, left.min(this.limits.read));
        let timer = this
            .timer
            .get_or_insert_with(|| Exclusive(std::sync::Mutex::new(clock.timer(limit))));
        let timer = timer
            .0
            .get_mut()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        timer.as_mut().poll(context).map(|()| {
            this.ended = true;
            Some(Err(this.late()))
        })
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("operation", &self.operation)
            .field("content_type", &self.content_type())
            .field("content_length", &self.content_length())
            .finish_non_exhaustive()
    }
}
