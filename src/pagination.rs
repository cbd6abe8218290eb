//! Lists as streams of pages or of items.
//!
//! The next page is fetched while the caller processes the current one. An empty page with a cursor does not end the
//! stream. A repeated cursor does: the stream yields its page and then an error. A stream ends after its first error.

use std::collections::HashSet;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;

use crate::error::{Error, Failure};
use crate::response::Response;

type CallFuture<T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send>>;
type Fetched<T> = Response<(Vec<T>, Option<String>, Option<i64>)>;
type Fetch<T> = Box<dyn Fn(Option<String>) -> CallFuture<Fetched<T>> + Send + Sync>;

/// A page of a list.
///
/// ```no_run
/// # #[cfg(feature = "invoices")]
/// # async fn example(client: sequencehq::Client) -> Result<(), sequencehq::Error> {
/// if let Some(page) = client.invoices().list().limit(10).pages().try_next().await? {
///     println!("{} of {:?} invoices", page.items().len(), page.total());
///     println!("request {:?}", page.response().request_id());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Page<T> {
    response: Response<Vec<T>>,
    next: Option<String>,
    total: Option<i64>,
}

impl<T> Page<T> {
    /// Returns the items, in the order of the list.
    pub fn items(&self) -> &[T] {
        &self.response
    }

    /// Converts the page into its items.
    ///
    /// ```no_run
    /// # #[cfg(feature = "invoices")]
    /// # async fn example(client: sequencehq::Client) -> Result<(), sequencehq::Error> {
    /// let mut pages = client.invoices().list().pages();
    /// while let Some(page) = pages.try_next().await? {
    ///     for invoice in page.into_items() {
    ///         println!("{}", invoice.id);
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn into_items(self) -> Vec<T> {
        self.response.into_inner()
    }

    /// Returns the cursor of the next page, or `None` on the last page.
    ///
    /// Store it to continue later: pass it to `after` on the same call with the same filters.
    ///
    /// ```no_run
    /// # #[cfg(feature = "invoices")]
    /// # async fn example(client: sequencehq::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let mut pages = client.invoices().list().pages();
    /// if let Some(page) = pages.try_next().await? {
    ///     if let Some(cursor) = page.next_cursor() {
    ///         std::fs::write("invoices.cursor", cursor)?;
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn next_cursor(&self) -> Option<&str> {
        self.next.as_deref()
    }

    /// Returns the total number of items across all pages, if reported.
    pub fn total(&self) -> Option<i64> {
        self.total
    }

    /// Returns the response that contained the page: status, headers and metadata.
    ///
    /// ```no_run
    /// # #[cfg(feature = "invoices")]
    /// # async fn example(client: sequencehq::Client) -> Result<(), sequencehq::Error> {
    /// if let Some(page) = client.invoices().list().pages().try_next().await? {
    ///     println!("{}", page.response().request_id().unwrap_or("no request id"));
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn response(&self) -> &Response<Vec<T>> {
        &self.response
    }
}

/// A stream of the pages of a list, returned by `pages()` on a list call.
///
/// ```no_run
/// # #[cfg(feature = "invoices")]
/// # async fn example(client: sequencehq::Client) -> Result<(), sequencehq::Error> {
/// let mut pages = client.invoices().list().limit(100).pages();
/// while let Some(page) = pages.try_next().await? {
///     println!("{} invoices, {:?} in all", page.items().len(), page.total());
///     if let Some(cursor) = page.next_cursor() {
///         println!("to continue later: list().limit(100).after({cursor:?})");
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "streams do nothing unless polled"]
pub struct Pages<T> {
    operation: &'static str,
    fetch: Fetch<T>,
    seen: HashSet<String>,
    state: State<T>,
    prefetch: bool,
}

enum State<T> {
    /// The next page has this cursor and was not requested yet.
    Idle(Option<String>),
    /// The next page is fetched by a task, which makes progress without being polled.
    Fetching(Task<Fetched<T>>),
    /// The next page is fetched by a future, which makes progress only when polled.
    Polled(CallFuture<Fetched<T>>),
    /// The previous page was the last valid one; this error is next.
    Failed(Error),
    Ended,
}

impl<T: Send + 'static> Pages<T> {
    pub(crate) fn new(
        operation: &'static str,
        start: Option<String>,
        fetch: impl Fn(Option<String>) -> CallFuture<Fetched<T>> + Send + Sync + 'static,
    ) -> Self {
        let seen = start.iter().cloned().collect();
        Self {
            operation,
            fetch: Box::new(fetch),
            seen,
            state: State::Idle(start),
            prefetch: true,
        }
    }

    /// Sets whether the next page is fetched while the caller processes the current one. Default: `true`.
    ///
    /// ```no_run
    /// # #[cfg(feature = "invoices")]
    /// # async fn example(client: sequencehq::Client) -> Result<(), sequencehq::Error> {
    /// let mut pages = client.invoices().list().pages().prefetch(false);
    /// let first = pages.try_next().await?;
    /// # drop(first);
    /// # Ok(())
    /// # }
    /// ```
    pub fn prefetch(mut self, prefetch: bool) -> Self {
        self.prefetch = prefetch;
        self
    }

    /// Returns the next page, or `None` at the end of the list.
    ///
    /// # Errors
    ///
    /// Returns the errors of the call, and an error if the API repeats a cursor. The stream ends after an error.
    pub async fn try_next(&mut self) -> Result<Option<Page<T>>, Error> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context))
            .await
            .transpose()
    }

    fn receive(&mut self, fetched: Fetched<T>) -> Page<T> {
        let mut rest = (None, None);
        let response = fetched.map(|(items, next, total)| {
            rest = (next, total);
            items
        });
        let (next, total) = rest;
        self.state = match &next {
            None => State::Ended,
            // The page itself is valid, but following its cursor would repeat an earlier page.
            Some(cursor) if !self.seen.insert(cursor.clone()) => {
                let meta = response.meta();
                State::Failed(
                    Error::new(Failure::RepeatedCursor, self.operation)
                        .with_head(meta.status, meta.headers.clone())
                        .after(meta.attempts, meta.waited, false),
                )
            }
            Some(cursor) => self.fetch_next(cursor.clone()),
        };
        Page {
            response,
            next,
            total,
        }
    }

    fn fetch_next(&self, cursor: String) -> State<T> {
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) if self.prefetch => {
                State::Fetching(Task(runtime.spawn(in_span((self.fetch)(Some(cursor))))))
            }
            _ => State::Idle(Some(cursor)),
        }
    }
}

impl<T: Send + 'static> Stream for Pages<T> {
    type Item = Result<Page<T>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        let result = loop {
            match &mut this.state {
                State::Ended => return Poll::Ready(None),
                State::Failed(_) => {
                    let State::Failed(error) = std::mem::replace(&mut this.state, State::Ended) else {
                        unreachable!("the state was matched above")
                    };
                    return Poll::Ready(Some(Err(error)));
                }
                State::Idle(cursor) => this.state = State::Polled((this.fetch)(cursor.take())),
                State::Fetching(task) => match std::task::ready!(Pin::new(&mut task.0).poll(context)) {
                    Ok(result) => break result,
                    // The runtime is shutting down and has cancelled the task.
                    Err(_) => break Err(Error::new(Failure::Interrupted, this.operation)),
                },
                State::Polled(future) => break std::task::ready!(future.as_mut().poll(context)),
            }
        };
        let page = result.map(|fetched| this.receive(fetched));
        if page.is_err() {
            this.state = State::Ended;
        }
        Poll::Ready(Some(page))
    }
}

/// Runs a future in the caller's span, which a spawned task would not inherit.
#[cfg(feature = "tracing")]
fn in_span<F: Future>(future: F) -> impl Future<Output = F::Output> {
    tracing::Instrument::in_current_span(future)
}

#[cfg(not(feature = "tracing"))]
fn in_span<F: Future>(future: F) -> F {
    future
}

/// A task that is aborted when the stream is dropped.
struct Task<T>(tokio::task::JoinHandle<Result<T, Error>>);

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("operation", &self.operation)
            .finish_non_exhaustive()
    }
}

/// A stream of the items of a list, across all pages, returned by `items()` on a list call.
///
/// ```no_run
/// # #[cfg(feature = "invoices")]
/// # async fn example(client: sequencehq::Client) -> Result<(), sequencehq::Error> {
/// use sequencehq::types::InvoiceStatus;
///
/// let mut drafts = client.invoices().list().invoice_status(InvoiceStatus::Draft).items();
/// while let Some(invoice) = drafts.try_next().await? {
///     println!("{}", invoice.id);
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "streams do nothing unless polled"]
pub struct Items<T> {
    pages: Pages<T>,
    page: std::vec::IntoIter<T>,
    total: Option<i64>,
}

impl<T: Send + Unpin + 'static> Items<T> {
    pub(crate) fn new(pages: Pages<T>) -> Self {
        Self {
            pages,
            page: Vec::new().into_iter(),
            total: None,
        }
    }

    /// Sets whether the next page is fetched while the caller processes the current one. Default: `true`.
    ///
    /// ```no_run
    /// # #[cfg(feature = "invoices")]
    /// # async fn example(client: sequencehq::Client) -> Result<(), sequencehq::Error> {
    /// let mut items = client.invoices().list().items().prefetch(false);
    /// let first = items.try_next().await?;
    /// # drop(first);
    /// # Ok(())
    /// # }
    /// ```
    pub fn prefetch(mut self, prefetch: bool) -> Self {
        self.pages = self.pages.prefetch(prefetch);
        self
    }

    /// Returns the total number of items across all pages, if reported. `None` before the first page has arrived.
    ///
    /// ```no_run
    /// # #[cfg(feature = "invoices")]
    /// # async fn example(client: sequencehq::Client) -> Result<(), sequencehq::Error> {
    /// let mut items = client.invoices().list().items();
    /// let first = items.try_next().await?;
    /// println!("{} invoices", items.total().unwrap_or_default());
    /// # drop(first);
    /// # Ok(())
    /// # }
    /// ```
    pub fn total(&self) -> Option<i64> {
        self.total
    }

    /// Returns the next item, or `None` at the end of the list.
    ///
    /// # Errors
    ///
    /// Returns the errors of the call, and an error if the API repeats a cursor. The stream ends after an error.
    pub async fn try_next(&mut self) -> Result<Option<T>, Error> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context))
            .await
            .transpose()
    }

    /// Returns the next item for which `predicate` is true, or `None` if the rest of the list has none. No page after it is
    /// waited for.
    ///
    /// Use it where the filters of a list may match more than what is looked for:
    ///
    /// ```no_run
    /// # #[cfg(feature = "products")]
    /// # async fn example(client: sequencehq::Client) -> Result<(), sequencehq::Error> {
    /// let product = client.products().list().name("API").items().try_find(|product| product.name == "API").await?;
    /// println!("{}", product.is_some());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Same as [`try_next`](Self::try_next).
    pub async fn try_find(&mut self, mut predicate: impl FnMut(&T) -> bool) -> Result<Option<T>, Error> {
        while let Some(item) = self.try_next().await? {
            if predicate(&item) {
                return Ok(Some(item));
            }
        }
        Ok(None)
    }

    /// Collects all remaining items into a `Vec`.
    ///
    /// ```no_run
    /// # #[cfg(feature = "invoices")]
    /// # async fn example(client: sequencehq::Client) -> Result<(), sequencehq::Error> {
    /// use sequencehq::types::InvoiceStatus;
    ///
    /// let drafts = client.invoices().list().invoice_status(InvoiceStatus::Draft).items().try_collect().await?;
    /// println!("{} drafts", drafts.len());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Same as [`try_next`](Self::try_next). The items received before the error are dropped.
    pub async fn try_collect(mut self) -> Result<Vec<T>, Error> {
        let mut items = Vec::new();
        while let Some(item) = self.try_next().await? {
            items.push(item);
        }
        Ok(items)
    }
}

impl<T: Send + Unpin + 'static> Stream for Items<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            if let Some(item) = this.page.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match std::task::ready!(Pin::new(&mut this.pages).poll_next(context)) {
                Some(Ok(page)) => {
                    this.total = page.total.or(this.total);
                    this.page = page.into_items().into_iter();
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<T> fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("pages", &self.pages)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod properties;
