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

/// Adds the methods for code without async to a call whose response type the caller chooses. The call has a method
/// `name`, which returns what its errors name.
macro_rules! chosen_response {
    ($name:ident) => {
        #[cfg_attr(docsrs, doc(cfg(feature = "blocking")))]
        impl $name {
            /// Sends the call, blocks the thread until it ends, and returns the JSON of the response, for code without async.
            ///
            /// # Errors
            ///
            /// See [`Error`]. Inside async code, where it would block other tasks, it returns an error, and nothing is sent.
            pub fn wait(self) -> Result<::serde_json::Value, Error> {
                self.waiting(|call| call.into_future())?
            }

            /// Sends the call like [`send`](Self::send), and blocks the thread until it ends, for code without async.
            ///
            /// # Errors
            ///
            /// Same as [`send`](Self::send) and [`wait`](Self::wait).
            pub fn wait_for_response<T: DeserializeOwned>(self) -> Result<Response<T>, Error> {
                self.waiting(|call| call.send())?
            }

            /// Sends the call like [`download`](Self::download), and blocks the thread until the file begins, for code without
            /// async. The download implements `Read`.
            ///
            /// # Errors
            ///
            /// Same as [`download`](Self::download) and [`wait`](Self::wait).
            pub fn wait_for_download(self) -> Result<Response<Download>, Error> {
                self.waiting(|call| call.download())?
            }

            /// Returns an iterator of the items of all pages, for code without async. See [`Iter`](crate::Iter) and
            /// [`items`](Self::items).
            pub fn iter<T: DeserializeOwned + Send + Unpin + 'static>(
                self,
            ) -> crate::call::blocking::Iter<Items<T>> {
                let (runtime, name) = (::std::sync::Arc::clone(self.call.runtime()), self.name());
                crate::call::blocking::Iter::new(self.items(), &runtime, name)
            }

            /// Returns an iterator of pages, for code without async. See [`Iter`](crate::Iter) and [`pages`](Self::pages).
            pub fn iter_pages<T: DeserializeOwned + Send + 'static>(
                self,
            ) -> crate::call::blocking::Iter<Pages<T>> {
                let (runtime, name) = (::std::sync::Arc::clone(self.call.runtime()), self.name());
                crate::call::blocking::Iter::new(self.pages(), &runtime, name)
            }

            fn waiting<F: Future>(self, begin: impl FnOnce(Self) -> F) -> Result<F::Output, Error> {
                let (runtime, name) = (::std::sync::Arc::clone(self.call.runtime()), self.name());
                runtime.wait(name, begin(self))
            }
        }
    };
}

pub(crate) use chosen_response;
