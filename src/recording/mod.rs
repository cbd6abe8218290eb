//! Records the traffic of a client to a file, and answers calls from it without a network.
//!
//! Record once against the sandbox, keep the file with the tests, and replay it in every run. By default, a client does
//! neither. For tests without a recording there is the `emulator`, which also answers calls that were never made before.
//!
//! ```
//! # #[cfg(all(feature = "emulator", feature = "customers"))]
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use sequencehq::recording::{Recorder, Replay};
//!
//! # let emulator = sequencehq::emulator::Emulator::start().await?;
//! # let sandbox = emulator.client_builder();
//! # let acme = emulator.add_customer("Acme Ltd");
//! # let file = std::env::temp_dir().join(format!("sequencehq-doc-{}.json", std::process::id()));
//! let recorder = Recorder::create(&file)?; // such as "tests/fixtures/acme.json"
//! let client = sandbox.record(&recorder).build()?;
//! let recorded = client.customers().get(&acme).await?;
//! recorder.finish()?;
//!
//! let replay = Replay::open(&file)?;
//! let client = replay.client();
//! assert_eq!(client.customers().get(&acme).await?, recorded);
//! assert!(replay.unused().is_empty());
//!
//! let error = client.customers().get("another").await.unwrap_err();
//! assert_eq!(error.kind(), sequencehq::ErrorKind::NotRecorded);
//! # std::fs::remove_file(&file)?;
//! # Ok(())
//! # }
//! # #[cfg(not(all(feature = "emulator", feature = "customers")))]
//! # fn main() {}
//! ```
//!
//! # What is recorded
//!
//! Every attempt with a response, so also those that are retried, pages of lists, and files, in a JSON file that people can read
//! and edit: a list of objects with the name of the `operation`, the `request` (`method`, `path`, `query`, `headers`, `body`) and the
//! `response` (`status`, `headers`, `body`). A body is in `json`, with all digits of its numbers, in `text` or in `base64`.
//! While a client records, it reads a file as a whole before its download begins.
//!
//! Credentials are not in the file, in no form that the client knows: neither in headers, of which only those that the client needs are
//! recorded, nor in bodies. Members of bodies that are secrets, such as `webhookSecret`, are `<redacted>`, and URLs have
//! no query, in which there may be a signature. The names and addresses of customers are recorded: use a sandbox with invented ones.
//!
//! # How requests are matched
//!
//! By method, path, query in any order, body and API version. Each recorded response answers one request; of several equal
//! ones, the first unused. A recorded `429` or `503` is retried as it was, so a client that waits needs a clock that
//! does not: [`Replay::client`] has one. Ids that the client generates for usage and seat events may differ. A request without a
//! recorded response is an error of the kind [`NotRecorded`](crate::ErrorKind::NotRecorded), which names the nearest recorded request and
//! what differs.
//!
//! The program of the emulator writes the same format with `--record`, a file for each exchange; [`Replay::open`] reads such a folder
//! too.

mod clean;
mod difference;
mod exchange;
mod json;
mod recorder;
mod replay;
mod tape;

pub use recorder::Recorder;
pub use replay::{Replay, ReplayError};
pub(crate) use tape::Tape;
