//! Webhook verification and typed events.
//!
//! A [`Verifier`] holds the secret of your notification policy. It verifies the signature over the raw bytes of
//! the body, then the age of the signature, and only then decodes the [`Event`]. By default, a signature may be
//! dated up to five minutes in the past or the future
//! ([`tolerance`](Verifier::tolerance)), and a body may have up to 1 MiB
//! ([`max_body_bytes`](Verifier::max_body_bytes)).
//!
//! A verifier needs only the values of the [`SIGNATURE_HEADER`] header and the bytes of the body, so it works
//! with any framework:
//!
//! ```
//! use sequencehq::webhook::{Event, Resource, Secret, Signer, Verifier, WebhookError};
//!
//! /// Called by your framework. Returns the status to respond with.
//! fn receive(verifier: &Verifier, signature: Option<&str>, body: &[u8]) -> u16 {
//!     match verifier.verify_and_parse(signature, body) {
//!         Ok(event) => {
//!             enqueue(event); // Respond first and process later.
//!             204
//!         }
//!         Err(error) => {
//!             eprintln!("webhook rejected: {error}");
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
//! // In tests, a `Signer` signs deliveries as Sequence does.
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
//! With a `HeaderMap` of the `http` crate, pass `headers.get_all(SIGNATURE_HEADER)`. Pass the raw body: a JSON
//! extractor that parses and re-encodes it changes the bytes that were signed. With the `axum` feature,
//! [`Event`] is an extractor that does all of this.
//!
//! # Notes for receivers
//!
//! - **Timestamps are in milliseconds.** The `t` element of the header is a Unix timestamp in milliseconds. If the
//!   clock of the receiver is off by more than the tolerance, every delivery is rejected as too old or too new.
//! - **Deliveries repeat and have no id.** A delivery that is not acknowledged in time may be sent again, and a
//!   recorded delivery can be replayed while its signature is fresh. Process each event once. Deduplicate
//!   either by [`Event::fingerprint`], a hash of the content, or by notification type, id and `updatedAt` of
//!   the resource. The first is simple and works for every event. The second also detects a repeat whose JSON
//!   was re-encoded differently. Keep the key for a few days in a column with a unique index.
//! - **Order is not guaranteed.** An `INVOICE_UPDATED` may arrive before its `INVOICE_CREATED`. Compare
//!   `updatedAt`, or treat the event as a hint and fetch the resource.
//! - **`resource_id` may differ from the `id` inside the resource**, as in the vendor's own sample. Use the id
//!   inside the resource for calls.
//! - **Respond with 2xx quickly.** Verify, store the event, respond, and process it afterwards. An [`Event`]
//!   encodes to the JSON it was decoded from, so a queue preserves it in full.
//! - **Secrets rotate.** The API cannot change the secret of a policy. Create a second policy with a new secret,
//!   accept both with [`Verifier::with_secret`], and delete the old policy. Remove its secret once
//!   no delivery is signed with it ([`Verified::secret_index`]). While both policies exist, each event may
//!   be delivered twice.
//! - **New types of events may be added at any time.** They decode like any other, with [`Resource::Unrecognized`]
//!   if the resource is unknown. Respond with 2xx to events that you do not handle.
//!
//! # Testing
//!
//! [`Signer`] signs deliveries as Sequence does. To test stale signatures, share one
//! [`ManualClock`](crate::clock::ManualClock) between signer and verifier, or pass a time to
//! [`Verifier::verify_at`].

mod error;
mod event;
#[cfg(feature = "axum")]
mod extractor;
mod header;
mod resource;
#[cfg(feature = "test-util")]
mod sample;
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
