//! Lists for code without async.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use futures_core::Stream;

use crate::error::Error;
use crate::transport::OwnRuntime;

/// The items or the pages of a list, for code without async.
///
/// It is returned by the methods `iter` and `iter_pages` of a call, and fetches pages as [`Items`](crate::Items) does. It ends
/// after its first error.
///
/// ```no_run
/// # #[cfg(feature = "invoices")]
/// # fn example(client: sequencehq::Client) -> Result<(), sequencehq::Error> {
/// for invoice in client.invoices().list().iter() {
///     println!("{}", invoice?.gross_total);
/// }
/// # Ok(())
/// # }
/// ```
pub struct Iter<S> {
    stream: S,
    runtime: Arc<OwnRuntime>,
    operation: &'static str,
    ended: bool,
}

impl<S> Iter<S> {
    pub(crate) fn new(stream: S, runtime: &Arc<OwnRuntime>, operation: &'static str) -> Self {
        Self {
            stream,
            runtime: Arc::clone(runtime),
            operation,
            ended: false,
        }
    }

    /// Returns the stream, which continues where the iterator is.
    pub fn into_stream(self) -> S {
        self.stream
    }
}

impl<T, S: Stream<Item = Result<T, Error>> + Unpin> Iterator for Iter<S> {
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let stream = &mut self.stream;
        let next = std::future::poll_fn(|context| Pin::new(&mut *stream).poll_next(context));
        let next = self
            .runtime
            .wait(self.operation, next)
            .unwrap_or_else(|error| Some(Err(error)));
        self.ended = !matches!(next, Some(Ok(_)));
        next
    }
}

impl<S: fmt::Debug> fmt::Debug for Iter<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Iter")
            .field("stream", &self.stream)
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}
