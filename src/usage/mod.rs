//! Sends usage and seat events in bulk.
//!
//! A [`Sender`] sends the events of an iterator or a stream at the rate limit of the API, 64 at a time, and returns an
//! [`Outcome`] for each of them: [`Accepted`] with the id that the API assigned, [`Rejected`] by the API with an error,
//! [`Invalid`] and not sent, [`Unknown`] if it may have been accepted, [`Unsent`], or [`Skipped`] if it was accepted in an
//! earlier run. Await [`Sender::send_all`] for a [`Report`], or poll it as a stream of outcomes in constant memory.
//!
//! ```
//! # #[cfg(feature = "emulator")]
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use sequencehq::emulator::Emulator;
//! use sequencehq::types::UsageEventCreate;
//! use sequencehq::usage::Sender;
//!
//! let emulator = Emulator::start().await?;
//! let events = (0..100).map(|number| {
//!     UsageEventCreate::builder()
//!         .customer_event_id(format!("call-{number}"))
//!         .customer_alias("acme")
//!         .event_type("api_call")
//! });
//! let report = Sender::new(&emulator.client()).max_in_flight(32).send_all(events).await;
//! assert!(report.is_complete(), "{report}");
//! assert_eq!(report.accepted.len(), 100);
//! # Ok(())
//! # }
//! # #[cfg(not(feature = "emulator"))]
//! # fn main() {}
//! ```
//!
//! Events are sent with the ordinary calls, so the rate limits of the client (12,000 usage events per minute, 1,500 other
//! requests including seat events), its retries, timeouts and spans apply. Each event in flight is a task, which makes
//! progress without being polled. No more events are read than can be in flight, so a slow API slows the input down.
//!
//! # Properties of events
//!
//! - **The id identifies the event.** A later event with the same `customerEventId` supersedes the earlier one. This makes
//!   repeats and corrections safe, but of two different events with one id only the second is billed. The sender sets a
//!   random id on an event without one before its first attempt. If the input may be read again, use ids of your own,
//!   [`Lines`] or [`derived_id`].
//! - **`eventTimestamp` determines the billing period**, not the arrival. Set it: if it is absent, the API chooses a
//!   time, so an event that is late or sent again may be billed in another period.
//! - **An alias may be created after its events.** They are accepted and count as soon as a customer has the alias. So are
//!   events with a misspelt alias: find them with `usage_events().list().unmapped_aliases_only(true)`.
//! - **One call sends one event.** The API has no call for several events and no CSV upload (removed in October 2024).
//!   [`Lines`] reads NDJSON; the example `usage_import` also reads CSV.
//! - **Events cannot be deleted**, and usage events cannot be fetched by their id. Correct an event with another one that
//!   has the same `customerEventId`, and find it with the filter `event_id` of the list.
//!
//! # Duplicate ids
//!
//! If two events of a run have the same id, the second is [`Invalid`], and its reason has the position of the first:
//! otherwise it would replace the first, and usage would go unbilled. For an input with corrections,
//! [`Duplicates::Supersede`] sends them in the order of the input, one after the other.
//!
//! # After a crash
//!
//! A [`Journal`] is a file that records each event before its first attempt, and its outcome. Use one whenever the process
//! may end before its input does:
//!
//! ```no_run
//! # async fn example(client: sequencehq::Client) -> Result<(), Box<dyn std::error::Error>> {
//! use std::fs::File;
//! use std::io::BufReader;
//!
//! use sequencehq::usage::{Journal, Lines, Sender};
//!
//! let journal = Journal::open("usage.journal")?;
//! eprintln!("{}", journal.recovered()); // 9500 accepted, 64 pending
//!
//! let input = Lines::new("usage/2026-03.ndjson", BufReader::new(File::open("2026-03.ndjson")?));
//! let events = journal.pending().into_iter().map(Ok).chain(input);
//! let report = Sender::new(&client).journal(&journal).send_all(events).await;
//! # drop(report);
//! # Ok(())
//! # }
//! ```
//!
//! The same code works for the first run and for each run after a crash, a power cut or a full disk: events that were in
//! flight are sent again with their ids, and accepted events are skipped. Two independent mechanisms prevent double
//! billing. The journal has every event that was sent, because its entry is on disk first. And [`Lines`] assigns ids that
//! are [derived](derived_id) from the file, so even without the journal an event only supersedes itself.
//!
//! To keep records of your own instead, see [`Sender::before_attempt`].
//!
//! # Several processes, and more facts than the API accepts
//!
//! [`several_processes`] describes workers that read a queue and share the rate limit. [`Rollup`] adds up facts
//! before they are sent.
//!
//! # Resume a run
//!
//! [`Report::into_resendable`] returns the unknown and unsent events with their ids, which can be sent again: if an unknown
//! event was accepted, it is superseded by itself. Rejected and invalid events need a correction first.
//!
//! A run stops when its [`StopSignal`] is set, when the API rejects the credentials (401, 403), after 100 consecutive
//! failures ([`Sender::max_consecutive_failures`]), or when the [journal](Journal) cannot be written. Events in flight are
//! completed. The rest of an iterator is then reported as unsent; the rest of a stream is not read, since it may never end
//! ([`Sender::report_remaining`]).
//!
//! Dropping the outcomes, or the future of the report, cancels the events in flight, which may or may not be accepted.
//! [`Outcomes::in_flight`] returns them beforehand, and a [journal](Journal) has them as pending.
//!
//! # Guarantees
//!
//! Every item that is read from the input has exactly one outcome, unless the outcomes are dropped. No event is attempted
//! without an id or, with a journal, before its entry is on disk. Two events with the same id are never in flight
//! together. No task outlives the outcomes beyond its next wait.

#[cfg(feature = "blocking")]
mod blocking;
mod derived;
mod event;
mod invalid;
mod journal;
mod lines;
mod outcome;
mod parse;
mod progress;
mod report;
mod rollup;
mod seen;
mod sender;
#[cfg(any(doc, doctest))]
pub mod several_processes;
mod stop;
mod stream;

pub use derived::derived_id;
pub use event::{Event, IntoEvent};
pub use invalid::InvalidReason;
pub use journal::{Journal, JournalBuilder, JournalError, Recovered};
pub use lines::{InputError, Lines};
pub use outcome::{Accepted, Invalid, Outcome, Rejected, Skipped, Unknown, Unsent, UnsentReason};
pub use parse::{LineError, parse_line, parse_seat_line};
pub use progress::{EndReason, Progress};
pub use report::{Report, ReportFuture};
pub use rollup::{Rollup, RollupBuilder, RollupError};
pub use sender::{Attempt, Duplicates, Sender};
pub use stop::StopSignal;
pub use stream::{IterStream, Outcomes};
