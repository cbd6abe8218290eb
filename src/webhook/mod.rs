//! Receives webhooks: trusts none before it is verified, then gives typed events.
//!
//! A [`Verifier`] holds the secret of your notification policy. It checks the signature over the bytes as
//! they arrived, then the age of the signature (five minutes at most, into the past and the future), and only
//! then decodes the [`Event`]. Deliveries of more than 1 MiB are refused. Change these with
//! [`tolerance`](Verifier::tolerance) and [`max_body_bytes`](Verifier::max_body_bytes).
//!
//! It needs the values of the header [`SIGNATURE_HEADER`] and the bytes of the body, so it fits every
//! framework:
//!
//! ```
//! use sequencehq::webhook::{Event, Resource, Secret, Signer, Verifier, WebhookError};
//!
//! /// What your framework calls: gives the status to answer with.
//! fn receive(verifier: &Verifier, signature: Option<&str>, body: &[u8]) -> u16 {
//!     match verifier.event(signature, body) {
//!         Ok(event) => {
//!             enqueue(event); // Work comes later: answer first.
//!             204
//!         }
//!         Err(error) => {
//!             eprintln!("webhook refused: {error}");
//!             error.status().as_u16()
//!         }
//!     }
//! }
//!
//! fn enqueue(event: Event) {
//!     match event.resource() {
//!         # #[cfg(feature = "invoices")]
//!         Some(Resource::Invoice(invoice)) => println!("{} is {}", invoice.id, invoice.status),
//!         _ => println!("{}", event.notification_type()),
//!     }
//! }
//!
//! // In your tests, a `Signer` takes the place of Sequence.
//! let secret = Secret::new("whsec_example")?;
//! let body = br#"{"notificationType":"MERCHANT_UPDATED","sequenceAccountId":"a-1"}"#;
//! let signature = Signer::new(secret.clone()).sign(body);
//!
//! let verifier = Verifier::new(secret);
//! assert_eq!(receive(&verifier, Some(&signature), body), 204);
//! assert_eq!(receive(&verifier, Some(&signature), b"{}"), 401);
//! assert_eq!(receive(&verifier, None, body), 400);
//! # Ok::<(), sequencehq::ConfigError>(())
//! ```
//!
//! With headers in a `HeaderMap` of the crate `http`, pass `headers.get_all(SIGNATURE_HEADER)`. Hand in the body before
//! anything parses it: a framework's JSON extractor gives back other bytes than were signed. With the feature
//! `axum`, [`Event`] is an extractor and does all of that.
//!
//! # What a receiver has to know
//!
//! - **Signatures count milliseconds.** The `t` of the header is Unix time in milliseconds. A machine whose
//!   clock is minutes off refuses every delivery as too old or too new.
//! - **Deliveries repeat, and have no id.** What is not answered in time may come again, and whoever recorded a
//!   delivery can replay it as long as its signature is fresh. So work on each event once: either by
//!   [`Event::fingerprint`], a hash of the content, or by notification type, id and `updatedAt` of the
//!   resource. The first is simple and works for every event. The second also recognises a repeat that was
//!   written anew, with another spelling of the same content. Keep either in a column with a
//!   unique index, for some days.
//! - **Order is not promised.** An `INVOICE_UPDATED` may overtake its `INVOICE_CREATED`. Compare `updatedAt`,
//!   or take the event as a hint and fetch the resource.
//! - **`resource_id` may differ from the `id` inside the resource.** The vendor's own sample shows that. Use
//!   the id inside the resource for calls.
//! - **Answer 2xx quickly.** Verify, store the event, answer, and work afterwards. An [`Event`] encodes to the
//!   JSON it came from, so a queue loses nothing of it.
//! - **Secrets rotate.** The API does not change the secret of a policy: make a second policy with a new
//!   secret, accept both with [`Verifier::and`], delete the old policy once no delivery uses its
//!   secret any more ([`Verified::secret_index`] tells), and drop the secret. While both policies stand, each
//!   event may come twice.
//! - **New kinds of events arrive at any time.** They are events like any other, with
//!   [`Resource::Unlisted`] where the resource is not known. Answer 2xx to what you do not handle.
//!
//! # Testing
//!
//! [`Signer`] signs as Sequence does. Give signer and verifier one [`ManualClock`](crate::clock::ManualClock)
//! to test what is stale, or pass the time to [`Verifier::verify_at`].

mod error;
mod event;
#[cfg(feature = "axum")]
mod extractor;
mod header;
mod resource;
mod signature;

#[cfg(test)]
mod properties;

pub use error::WebhookError;
pub use event::Event;
#[cfg(feature = "axum")]
pub use extractor::Rejection;
pub use header::SIGNATURE_HEADER;
pub use resource::{RawResource, Resource};
pub use signature::{Secret, Signer, Verified, Verifier};
