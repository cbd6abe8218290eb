//! Waits for webhooks, and causes them.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use crate::operations::{Subject, TriggerError};

use super::deliveries::{Delivery, all};
use super::emulator::Emulator;
use super::shared::Shared;

/// How long a test waits for a webhook.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// Deliveries that a message lists.
const LISTED: usize = 20;

/// The error returned if webhooks did not arrive in time.
#[derive(Debug)]
#[non_exhaustive]
pub struct NotDelivered {
    /// How many had to be delivered in total; `None` if one more.
    pub expected: Option<usize>,
    /// The time limit.
    pub limit: Duration,
    /// Every notification of the account, oldest first.
    pub deliveries: Vec<Delivery>,
}

impl NotDelivered {
    pub(super) fn new(shared: &Shared, expected: Option<usize>, limit: Duration) -> Self {
        Self {
            expected,
            limit,
            deliveries: all(shared),
        }
    }
}

impl fmt::Display for NotDelivered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let limit = self.limit;
        match self.expected {
            Some(expected) => {
                let delivered = self.deliveries.iter().filter(|one| one.is_delivered()).count();
                write!(
                    f,
                    "{delivered} of {expected} webhooks were delivered within {limit:?}"
                )?;
            }
            None => write!(f, "no further webhook arrived within {limit:?}")?,
        }
        if self.deliveries.is_empty() {
            return f.write_str(
                "; the account announced nothing. Create a notification policy before the change, with `receive_webhooks` or \
                 the operation notification_policy_create",
            );
        }
        f.write_str(". The account announced:")?;
        for delivery in self.deliveries.iter().take(LISTED) {
            write!(
                f,
                "\n- {} to {}: ",
                delivery.notification_type, delivery.recipient
            )?;
            outcome(f, delivery)?;
        }
        match self.deliveries.len().checked_sub(LISTED) {
            None | Some(0) => Ok(()),
            Some(more) => write!(f, "\n- and {more} more"),
        }
    }
}

fn outcome(f: &mut fmt::Formatter<'_>, delivery: &Delivery) -> fmt::Result {
    match (delivery.attempts.len(), delivery.status()) {
        (0, _) if delivery.is_pending => f.write_str("not attempted yet"),
        (0, _) => f.write_str("recorded and not sent, since e-mails never are"),
        (_, Some(status)) if delivery.is_delivered() => write!(f, "delivered, status {status}"),
        (count, status) => {
            write!(f, "attempted {count} times, ")?;
            match status {
                Some(status) => write!(f, "status {status}")?,
                None => f.write_str("not reached")?,
            }
            match delivery.is_pending {
                true => f.write_str("; the next attempt waits for the clock of the account"),
                false => Ok(()),
            }
        }
    }
}

impl Error for NotDelivered {}

impl Emulator {
    /// Every notification of the account, oldest first. [`settle`](Self::settle) waits for their delivery.
    pub fn deliveries(&self) -> Vec<Delivery> {
        all(&self.shared)
    }

    /// Waits until this many webhooks were delivered in total since the start, at most 10 seconds, and returns them, oldest
    /// first.
    ///
    /// A webhook is delivered when its receiver answers with a status from 200 to 299. Other attempts are repeated
    /// by the clock of the account: a clock that stands still has to be [advanced](Self::advance).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let emulator = sequencehq_emulator::Emulator::builder().start().await?;
    /// let hooks = emulator.receive_webhooks().await?;
    /// emulator.add_customer("Acme Ltd");
    /// let delivered = emulator.wait_for_deliveries(1).await?;
    /// assert_eq!(delivered[0].notification_type, "CUSTOMER_CREATED");
    /// # drop(hooks);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error that lists every notification and its attempts if too few were delivered in time.
    pub async fn wait_for_deliveries(&self, count: usize) -> Result<Vec<Delivery>, NotDelivered> {
        self.wait_for_deliveries_within(count, PATIENCE).await
    }

    /// Waits like [`wait_for_deliveries`](Self::wait_for_deliveries), at most this time by the
    /// [`Source`](crate::Source) of the emulator.
    ///
    /// # Errors
    ///
    /// Same as [`wait_for_deliveries`](Self::wait_for_deliveries).
    pub async fn wait_for_deliveries_within(
        &self,
        count: usize,
        limit: Duration,
    ) -> Result<Vec<Delivery>, NotDelivered> {
        self.shared.wake();
        tokio::select! {
            biased;
            delivered = self.server.attempts().delivered(&self.shared, count) => Ok(delivered),
            () = self.shared.source.timer(limit) => Err(NotDelivered::new(&self.shared, Some(count), limit)),
        }
    }

    /// Announces a type of notification, such as `INVOICE_ISSUED`, about the newest resource of its kind.
    ///
    /// An account without such a resource gets a sample, with what it needs, and only the given type is announced. A type of
    /// quotes moves the quote to the status that it announces. Some types have no resource.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let emulator = sequencehq_emulator::Emulator::builder().start().await?;
    /// let mut hooks = emulator.receive_webhooks().await?;
    /// emulator.trigger("INVOICE_ISSUED")?;
    /// let webhook = hooks.next().await?;
    /// assert!(webhook.body.starts_with(br#"{"notificationType":"INVOICE_ISSUED""#));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the type does not exist, or if no notification policy announces it. Nothing is changed then.
    pub fn trigger(&self, notification_type: impl AsRef<str>) -> Result<(), TriggerError> {
        self.announce(notification_type.as_ref(), Subject::NewestOrSample)
    }

    /// Announces a type of notification about the resource with this id.
    ///
    /// # Errors
    ///
    /// Returns an error if the type or the resource does not exist, or if no notification policy announces the type.
    pub fn trigger_for(
        &self,
        notification_type: impl AsRef<str>,
        resource_id: impl AsRef<str>,
    ) -> Result<(), TriggerError> {
        self.announce(notification_type.as_ref(), Subject::Id(resource_id.as_ref()))
    }

    fn announce(&self, notification_type: &str, subject: Subject<'_>) -> Result<(), TriggerError> {
        self.shared.world.trigger(notification_type, subject)?;
        self.shared.wake();
        Ok(())
    }
}
