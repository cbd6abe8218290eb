//! Webhooks of the emulator, received, verified and typed.

use std::error::Error;
use std::fmt;
use std::io;
use std::time::Duration;

use sequencehq_emulator::{NotDelivered, Receiver, TriggerError, Webhook};

use crate::config_error::ConfigError;
use crate::emulator::embedded::Emulator;
use crate::types::NotificationType;
use crate::webhook::{Event, Secret, Verifier, WebhookError};

/// Receives every webhook of an emulator, verified and typed; see [`Emulator::receive_webhooks`].
///
/// Each is answered with 204 and kept until it is read. Dropping it closes its port and deletes its notification policy.
#[derive(Debug)]
pub struct Webhooks {
    receiver: Receiver,
    verifier: Verifier,
}

/// The error returned if a webhook was not received.
#[derive(Debug)]
#[non_exhaustive]
pub enum ReceiveError {
    /// The receiver cannot start: no port is free.
    Start(io::Error),
    /// The secret of the notification policy is not one that a [`Verifier`] accepts.
    Secret(ConfigError),
    /// None arrived in time. The error lists what the account announced.
    NotDelivered(NotDelivered),
    /// A webhook arrived that cannot be verified or decoded.
    Webhook(WebhookError),
}

impl fmt::Display for ReceiveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start(_) => f.write_str("the receiver of webhooks cannot start"),
            Self::Secret(_) => f.write_str("the secret of the notification policy is invalid"),
            // It has many lines, which a chain of sources would cut.
            Self::NotDelivered(error) => error.fmt(f),
            Self::Webhook(_) => f.write_str("a webhook arrived that is not valid"),
        }
    }
}

impl Error for ReceiveError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Start(error) => Some(error),
            Self::Secret(error) => Some(error),
            Self::NotDelivered(_) => None,
            Self::Webhook(error) => Some(error),
        }
    }
}

impl Webhooks {
    /// Returns the URL that the notification policy has as its recipient.
    pub fn url(&self) -> &str {
        self.receiver.url()
    }

    /// Returns the secret of the notification policy, for a [`Verifier`] of your own.
    pub fn secret(&self) -> &str {
        self.receiver.secret()
    }

    /// Returns the next event, and waits for it, at most 10 seconds.
    ///
    /// # Errors
    ///
    /// Returns an error that lists all notifications of the account if none arrives, and if one arrives that is not valid.
    pub async fn next(&mut self) -> Result<Event, ReceiveError> {
        let arrived = self.receiver.next().await;
        self.verified(&arrived.map_err(ReceiveError::NotDelivered)?)
    }

    /// Returns the next event, and waits for it, at most this time, by the clock that
    /// [`EmulatorBuilder::clock`](crate::emulator::EmulatorBuilder::clock) sets.
    ///
    /// # Errors
    ///
    /// Same as [`next`](Self::next).
    pub async fn next_within(&mut self, limit: Duration) -> Result<Event, ReceiveError> {
        let arrived = self.receiver.next_within(limit).await;
        self.verified(&arrived.map_err(ReceiveError::NotDelivered)?)
    }

    /// Returns the next event if it has arrived.
    ///
    /// # Errors
    ///
    /// Returns an error if it is not valid.
    pub fn try_next(&mut self) -> Result<Option<Event>, ReceiveError> {
        let arrived = self.receiver.try_next();
        arrived.map(|webhook| self.verified(&webhook)).transpose()
    }

    /// The signature has the time of the account, which may be years from that of the system.
    fn verified(&self, webhook: &Webhook) -> Result<Event, ReceiveError> {
        let signature = Some(webhook.signature.as_str());
        let verified = self
            .verifier
            .verify_at(signature, &webhook.body, webhook.at.into());
        verified.map_err(ReceiveError::Webhook)?;
        Event::from_slice(&webhook.body).map_err(ReceiveError::Webhook)
    }
}

impl Emulator {
    /// Receives the webhooks of this emulator: starts a receiver on a free port of 127.0.0.1, creates a notification policy
    /// with every type, and verifies what arrives.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use sequencehq::emulator::Emulator;
    /// use sequencehq::types::NotificationType;
    /// use sequencehq::webhook::Resource;
    ///
    /// let emulator = Emulator::start().await?;
    /// let mut hooks = emulator.receive_webhooks().await?;
    ///
    /// let acme = emulator.add_customer("Acme Ltd");
    /// let event = hooks.next().await?;
    /// assert_eq!(*event.notification_type(), NotificationType::CustomerCreated);
    /// assert!(matches!(event.resource(), Some(Resource::Customer(customer)) if customer.id == acme));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if no port is free.
    pub async fn receive_webhooks(&self) -> Result<Webhooks, ReceiveError> {
        let receiver = self.0.receive_webhooks().await.map_err(ReceiveError::Start)?;
        let secret = Secret::new(receiver.secret()).map_err(ReceiveError::Secret)?;
        Ok(Webhooks {
            receiver,
            verifier: Verifier::new(secret),
        })
    }

    /// Announces a type of notification about the newest resource of its kind.
    ///
    /// An account without such a resource gets a sample, with what it needs, and only the given type is announced. A type of
    /// quotes moves the quote to the status that it announces. Some types have no resource. Use it to test a receiver
    /// with every type; for others, the change itself is the better cause, since it announces what the API would.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use sequencehq::emulator::Emulator;
    /// # let emulator = Emulator::start().await?;
    /// use sequencehq::types::NotificationType;
    ///
    /// let mut hooks = emulator.receive_webhooks().await?;
    /// emulator.trigger(NotificationType::QuoteSigned)?;
    /// assert_eq!(*hooks.next().await?.notification_type(), NotificationType::QuoteSigned);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the emulator does not know the type, such as one that the newest version of the API has withdrawn
    /// (`CUSTOMER_DELETED`), or if no notification policy announces it. Nothing is changed then.
    pub fn trigger(&self, event: impl Into<NotificationType>) -> Result<(), TriggerError> {
        self.0.trigger(event.into().as_str())
    }

    /// Announces a type of notification about the resource with this id.
    ///
    /// # Errors
    ///
    /// Returns an error if the emulator does not know the type or has no such resource, or if no notification policy announces
    /// the type.
    pub fn trigger_for(
        &self,
        event: impl Into<NotificationType>,
        resource_id: impl AsRef<str>,
    ) -> Result<(), TriggerError> {
        self.0.trigger_for(event.into().as_str(), resource_id)
    }
}
