//! Runs for code without async.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures_core::Stream;

use crate::error::Error;
use crate::types::UsageEventCreate;
use crate::usage::event::IntoEvent;
use crate::usage::event::sealed::Event as _;
use crate::usage::outcome::Outcome;
use crate::usage::report::Report;
use crate::usage::rollup::{Rollup, RollupError};
use crate::usage::sender::Sender;
use crate::usage::stream::{EventOf, Outcomes};

impl<S> Outcomes<S>
where
    S: Stream,
    S::Item: IntoEvent,
{
    /// Sends all events, blocks the thread until the run ends, and returns the report, for code without async.
    ///
    /// The input is read on this thread. It must not wait by itself, as the iterator of a list does: collect it first.
    ///
    /// ```no_run
    /// # fn example(client: sequencehq::Client, events: Vec<sequencehq::types::UsageEventCreate>) -> Result<(), sequencehq::Error> {
    /// let report = sequencehq::usage::Sender::new(&client).send_all(events).wait()?;
    /// println!("{report}");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error inside async code. Nothing is read or sent then. What happens to an event is in the report.
    #[cfg_attr(docsrs, doc(cfg(feature = "blocking")))]
    pub fn wait(self) -> Result<Report<EventOf<S>>, Error> {
        let runtime = Arc::clone(self.settings.client.runtime());
        runtime.wait(EventOf::<S>::OPERATION, self.into_future())
    }

    /// Blocks the thread until the next outcome, for code without async. Returns `None` at the end of the run.
    ///
    /// Between two calls, events in flight continue, as they do with [`next`](Self::next).
    ///
    /// ```no_run
    /// # fn example(client: sequencehq::Client, events: Vec<sequencehq::types::UsageEventCreate>) -> Result<(), sequencehq::Error> {
    /// let mut outcomes = sequencehq::usage::Sender::new(&client).send_all(events);
    /// while let Some(outcome) = outcomes.wait_for_next()? {
    ///     println!("{outcome}: {}", outcomes.progress().completed());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Same as [`wait`](Self::wait). Nothing is lost: the run continues with the next call outside of async code.
    #[cfg_attr(docsrs, doc(cfg(feature = "blocking")))]
    pub fn wait_for_next(&mut self) -> Result<Option<Outcome<EventOf<S>>>, Error> {
        let runtime = Arc::clone(self.settings.client.runtime());
        runtime.wait(EventOf::<S>::OPERATION, self.next())
    }
}

impl Rollup {
    /// Sends what is due like [`send`](Self::send), and blocks the thread until it is sent, for code without async.
    ///
    /// # Errors
    ///
    /// Same as [`send`](Self::send). Also returns [`RollupError::Blocking`] inside async code, and sends nothing.
    #[cfg_attr(docsrs, doc(cfg(feature = "blocking")))]
    pub fn send_and_wait(
        &mut self,
        sender: &Sender,
        now: DateTime<Utc>,
    ) -> Result<Report<UsageEventCreate>, RollupError> {
        let runtime = Arc::clone(sender.client.runtime());
        let sent = runtime.wait(UsageEventCreate::OPERATION, self.send(sender, now));
        sent.map_err(RollupError::Blocking)?
    }
}
