//! Usage and seat events in bulk: at the API's rate limit, all day, without losing or doubling one.
//!
//! A [`Sender`] takes events from an iterator or a stream, keeps 64 of them in flight, and tells of every
//! single one how it went: [`Accepted`] with the server's id, [`Rejected`] with the API's reason, [`Refused`]
//! before anything was sent, [`Unknown`] where the server may have taken it, [`Unsent`], or [`Skipped`] if an earlier run had
//! sent it. Await what
//! [`Sender::send_all`] gives for a [`Report`], or take it as a stream of [`Outcome`]s, with which memory
//! stays flat however many events there are.
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
//! let report = Sender::new(&emulator.client()).in_flight(32).send_all(events).await;
//! assert!(report.is_complete(), "{report}");
//! assert_eq!(report.accepted.len(), 100);
//! # Ok(())
//! # }
//! # #[cfg(not(feature = "emulator"))]
//! # fn main() {}
//! ```
//!
//! Events go through the ordinary calls, so that the client's rate limits (12,000 usage events a minute,
//! 1,500 of everything else, seat events included), retries, deadlines and spans hold for them as well. Each is a
//! task, which moves on while nobody polls; no more events are taken than fit in flight, so a slow API slows the input down.
//!
//! # What you should know about events
//!
//! - **The id decides what is an event.** A later event with the same `customerEventId` supersedes the earlier
//!   one, whatever it says. That makes repeats and corrections safe, and two different facts under one id a
//!   loss. The sender gives an id to an event that has none before its first attempt, and every outcome names it.
//!   Such an id is random. For an input that may be read again, use ids of your own, [`Lines`] or [`derived_id`].
//! - **`eventTimestamp` decides the billing period**, not the arrival. Without one the server picks a time, so
//!   an event that arrives late, or is sent again, may be billed in another period. Set it.
//! - **An alias may arrive later than its events.** They are accepted, wait, and count once a customer gets the alias. A misspelt alias
//!   is accepted as well: look for those with `usage_events().list().unmapped_aliases_only(true)`.
//! - **There is no upload of CSV files** any more (the API removed it in October 2024) and no call for
//!   many events: one call, one event. [`Lines`] reads NDJSON. The example `usage_import` reads CSV too.
//! - Nothing can be deleted, and no usage event can be fetched by its id: correct it under the same
//!   `customerEventId`, and list with `event_id`.
//!
//! # One id twice in a run
//!
//! The later event is refused, and the refusal names the position of the first, because two facts under
//! one id mean usage that is never billed, and nobody would notice. Where that is what the input means, as in a
//! stream of corrections, [`Duplicates::Supersede`] sends them in the order of the input, one after the other.
//!
//! # After a crash
//!
//! A [`Journal`] is a file in which the sender notes each event before its first attempt, and what became of it. Give it one
//! whenever the process could end before its input does:
//!
//! ```no_run
//! # async fn example(client: sequencehq::Client) -> Result<(), Box<dyn std::error::Error>> {
//! use std::fs::File;
//! use std::io::BufReader;
//!
//! use sequencehq::usage::{Journal, Lines, Sender};
//!
//! let journal = Journal::open("usage.journal")?;
//! eprintln!("{}", journal.recovered()); // 9500 accepted, 64 to send again; removed 131 bytes of an unfinished write
//!
//! let input = Lines::new("usage/2026-03.ndjson", BufReader::new(File::open("2026-03.ndjson")?));
//! let events = journal.unsettled().into_iter().map(Ok).chain(input);
//! let report = Sender::new(&client).journal(&journal).send_all(events).await;
//! # drop(report);
//! # Ok(())
//! # }
//! ```
//!
//! The same lines work for the first run and for every run after a crash, a power cut or a full disk: what was on
//! its way is sent again under its id, and what had been accepted is skipped. Two guards hold, each by itself. The journal
//! knows each event that was sent, because its entry is on the disk before. And [`Lines`] gives each event an id
//! that is [derived](derived_id) from the file, so that even without the journal an event only supersedes itself.
//!
//! To keep records of your own instead, see [`Sender::before_attempt`].
//!
//! # Going on later
//!
//! [`Report::into_resendable`] gives the unknown and the unsent events back with their ids, to be sent again:
//! an unknown one that had arrived is superseded by itself. Rejected and refused ones need a change first.
//!
//! A sender stops taking events when it is told to ([`Stop`]), when the API refuses the key (401, 403), after 100
//! failures in a row ([`Sender::max_failures_in_a_row`]), or when the [journal](Journal) cannot be written. What is in flight is
//! finished and told. The rest of an iterator is then told as unsent; the rest of a stream is
//! left alone, since it may never end ([`Sender::tell_rest`]).
//!
//! Dropping the outcomes, or the future of the report, cancels what is in flight: those
//! events may have arrived or not. [`Outcomes::in_flight`] names them before, and a [journal](Journal) has them as unsettled.
//!
//! # Invariants
//!
//! Every item that was taken from the input gets exactly one outcome, unless the outcomes are dropped. No event is
//! attempted without an id, or, with a journal, before its entry is on the disk. Two events with one id are never in flight together. No task outlives the outcomes
//! beyond the point at which it next waits.

mod derived;
mod event;
mod journal;
mod lines;
mod outcome;
mod parse;
mod progress;
mod refusal;
mod report;
mod seen;
mod sender;
mod stop;
mod stream;

pub use derived::derived_id;
pub use event::{Event, IntoEvent};
pub use journal::{Journal, JournalBuilder, JournalError, Recovered};
pub use lines::{InputError, Lines};
pub use outcome::{Accepted, NotSent, Outcome, Refused, Rejected, Skipped, Unknown, Unsent};
pub use parse::{LineError, parse_line, parse_seat_line};
pub use progress::{End, Progress};
pub use refusal::Refusal;
pub use report::{Collect, Report};
pub use sender::{Duplicates, Entry, Sender};
pub use stop::Stop;
pub use stream::{Outcomes, Source};
