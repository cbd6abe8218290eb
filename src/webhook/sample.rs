//! Samples of events, for tests.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::types::{AccountId, NotificationType};
use crate::webhook::event::Event;
use crate::webhook::resource::ResourceKind;

/// The fields that an event sends.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Envelope<'a> {
    notification_type: &'a NotificationType,
    sequence_account_id: AccountId,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource: Option<&'a RawValue>,
}

/// # Samples
///
/// Events made for tests, with the feature `test-util`.
#[cfg_attr(docsrs, doc(cfg(feature = "test-util")))]
impl Event {
    /// Returns a sample of an event of a type.
    ///
    /// Its resource is the sample of the type, in the state that the event reports: the invoice of an `INVOICE_ISSUED` is
    /// `FINAL` and has a number. An event about something that has no type, or whose resource group is disabled, has no
    /// resource.
    ///
    /// Sign its [`json`](Self::json) to test a receiver:
    ///
    /// ```
    /// use sequencehq::types::NotificationType;
    /// use sequencehq::webhook::{Event, Secret, Signer, Verifier};
    ///
    /// let secret = Secret::new("whsec_example")?;
    /// for notification_type in NotificationType::KNOWN {
    ///     let event = Event::sample(notification_type);
    ///     let body = event.json().as_bytes();
    ///     let signature = Signer::new(secret.clone()).sign(body);
    ///     // Your receiver, in place of this verifier.
    ///     let received = Verifier::new(secret.clone()).verify_and_parse(Some(&signature), body)?;
    ///     assert_eq!(received, event);
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn sample(notification_type: impl Into<NotificationType>) -> Self {
        let notification_type = notification_type.into();
        let resource = ResourceKind::of_event(&notification_type).and_then(ResourceKind::sample);
        let resource = resource.map(|sample| in_state(sample, notification_type.as_str()));
        new(&notification_type, resource.as_deref())
    }

    /// Returns a sample of an event of a type about a given resource.
    ///
    /// ```
    /// # #[cfg(feature = "invoices")] {
    /// use sequencehq::types::{Invoice, InvoiceStatus, NotificationType};
    /// use sequencehq::webhook::{Event, Resource};
    ///
    /// let voided = Invoice::sample().with_status(InvoiceStatus::Voided);
    /// let event = Event::sample_of(NotificationType::InvoiceUpdated, &voided);
    /// assert_eq!(event.resource(), Some(&Resource::Invoice(Box::new(voided))));
    /// # }
    /// ```
    ///
    /// # Panics
    ///
    /// If the resource cannot be encoded, which does not happen for the types of this crate.
    #[must_use]
    #[track_caller]
    pub fn sample_of(notification_type: impl Into<NotificationType>, resource: &impl Serialize) -> Self {
        match serde_json::value::to_raw_value(resource) {
            Ok(resource) => new(&notification_type.into(), Some(&resource)),
            Err(error) => panic!("the resource of the event cannot be encoded: {error}"),
        }
    }
}

fn new(notification_type: &NotificationType, resource: Option<&RawValue>) -> Event {
    #[derive(Deserialize)]
    struct Identified {
        id: String,
    }
    let kind = ResourceKind::of_event(notification_type);
    let identified = resource.and_then(|resource| serde_json::from_str::<Identified>(resource.get()).ok());
    let envelope = Envelope {
        notification_type,
        sequence_account_id: AccountId::sample(),
        resource_type: resource.and(kind).map(|kind| format!("{kind:?}Response")),
        resource_id: identified.map(|identified| identified.id),
        resource,
    };
    let json = serde_json::value::to_raw_value(&envelope).expect("texts and JSON encode");
    Event::new(json).expect("the envelope has the fields of an event")
}

/// Returns a sample with the fields that are different in the state of an event.
fn in_state(sample: &str, notification_type: &str) -> Box<RawValue> {
    const ISSUED: &str = "2026-01-31";
    const ARCHIVED: &str = "2026-01-02T09:00:00Z";
    let changes: &[(&str, &str)] = match notification_type {
        "INVOICE_ISSUED" => &[
            ("status", "FINAL"),
            ("invoiceNumber", "SEQ-0042"),
            ("issueDate", ISSUED),
            ("dueDate", "2026-03-02"),
        ],
        "CREDIT_NOTE_ISSUED" => &[
            ("status", "FINAL"),
            ("creditNoteNumber", "SCN-0042"),
            ("issueDate", ISSUED),
        ],
        "CUSTOMER_ARCHIVED" | "BILLING_SCHEDULE_ARCHIVED" => &[("archivedAt", ARCHIVED)],
        "QUOTE_PUBLISHED" => &[("status", "PUBLISHED"), ("publishedAt", "2026-01-01T10:00:00Z")],
        "QUOTE_ACCEPTED" => &[
            ("status", "ACCEPTED"),
            ("publishedAt", "2026-01-01T10:00:00Z"),
            ("acceptedAt", "2026-01-01T11:00:00Z"),
        ],
        "QUOTE_SIGNED" => &[
            ("status", "EXECUTED"),
            ("publishedAt", "2026-01-01T10:00:00Z"),
            ("acceptedAt", "2026-01-01T11:00:00Z"),
            ("executedAt", "2026-01-01T12:00:00Z"),
        ],
        _ => &[],
    };
    // In the order of names, whatever features of `serde_json` a program enables: the text is the same in each.
    let mut fields: BTreeMap<&str, Box<RawValue>> =
        serde_json::from_str(sample).expect("a sample is a JSON object");
    for (name, text) in changes {
        let value = serde_json::value::to_raw_value(text).expect("a text encodes");
        fields.insert(name, value);
    }
    serde_json::value::to_raw_value(&fields).expect("JSON encodes")
}
