//! The event of a webhook delivery.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};

use super::header::hex;
use super::resource::decode_object;
use crate::types::{AccountId, NotificationType};
use crate::webhook::error::WebhookError;
use crate::webhook::resource::Resource;

/// A webhook event.
///
/// An event keeps the JSON it was decoded from and encodes to exactly that, including fields that this version of
/// the crate does not know. It can be queued or stored, and decoded again by a newer version:
///
/// ```
/// use sequencehq::types::NotificationType;
/// use sequencehq::webhook::Event;
///
/// let json = br#"{"notificationType":"CUSTOMER_UPDATED","sequenceAccountId":"a-1","resourceId":"c-1","new":0.10}"#;
/// let event = Event::from_slice(json)?;
/// assert_eq!(*event.notification_type(), NotificationType::CustomerUpdated);
/// assert_eq!(event.resource_id(), Some("c-1"));
///
/// let queued = serde_json::to_vec(&event).expect("events encode");
/// assert_eq!(queued, json);
/// assert_eq!(Event::from_slice(&queued)?, event);
/// # Ok::<(), sequencehq::webhook::WebhookError>(())
/// ```
///
/// Encode and decode events with `serde_json`. Structs and adjacently tagged enums may contain an event. Types
/// with `#[serde(flatten)]`, `#[serde(untagged)]` or `#[serde(tag = "…")]` without `content` may not, since
/// these buffer the input and lose the JSON text.
///
/// With the `axum` feature, `Event` is an extractor for handlers whose state provides a
/// [`Verifier`](super::Verifier).
#[derive(Clone)]
pub struct Event {
    notification_type: NotificationType,
    sequence_account_id: AccountId,
    resource_type: Option<String>,
    resource_id: Option<String>,
    resource: Option<Resource>,
    json: Box<RawValue>,
}

/// The known fields. Unknown ones remain in the JSON text.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Envelope<'a> {
    notification_type: NotificationType,
    sequence_account_id: AccountId,
    #[serde(default)]
    resource_type: Option<String>,
    #[serde(default)]
    resource_id: Option<String>,
    #[serde(default, borrow)]
    resource: Option<&'a RawValue>,
}

impl Event {
    /// Decodes an event from the body of a verified delivery or from a queue.
    ///
    /// Does not verify anything. For deliveries from the network, use
    /// [`Verifier::verify_and_parse`](super::Verifier::verify_and_parse).
    ///
    /// ```
    /// use sequencehq::webhook::Event;
    ///
    /// let event = Event::from_slice(br#"{"notificationType":"MOON_LANDED","sequenceAccountId":"a-1","resource":{"id":"m-1"}}"#)?;
    /// assert_eq!(event.notification_type().as_str(), "MOON_LANDED"); // unknown types are kept
    /// # Ok::<(), sequencehq::webhook::WebhookError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`WebhookError::InvalidEvent`] if the JSON cannot be decoded as an event.
    pub fn from_slice(json: &[u8]) -> Result<Self, WebhookError> {
        let json =
            serde_json::from_slice(json).map_err(|error| WebhookError::InvalidEvent(error.to_string()))?;
        Self::new(json).map_err(WebhookError::InvalidEvent)
    }

    pub(super) fn new(json: Box<RawValue>) -> Result<Self, String> {
        let envelope = decode_object(&json)?;
        let Envelope {
            notification_type,
            sequence_account_id,
            resource_type,
            resource_id,
            resource,
        } = envelope;
        let resource =
            resource.map(|json| Resource::decode(&notification_type, resource_type.as_deref(), json));
        Ok(Self {
            notification_type,
            sequence_account_id,
            resource_type,
            resource_id,
            resource,
            json,
        })
    }

    /// Returns the type of the event.
    ///
    /// A type that this version of the crate does not know is `Unrecognized`.
    ///
    /// ```
    /// use sequencehq::webhook::Event;
    ///
    /// let event = Event::from_slice(br#"{"notificationType":"INVOICE_ISSUED","sequenceAccountId":"a-1"}"#)?;
    /// assert_eq!(*event.notification_type(), sequencehq::types::NotificationType::InvoiceIssued);
    /// # Ok::<(), sequencehq::webhook::WebhookError>(())
    /// ```
    pub fn notification_type(&self) -> &NotificationType {
        &self.notification_type
    }

    /// Returns the id of the Sequence account to which the event belongs.
    pub fn sequence_account_id(&self) -> &AccountId {
        &self.sequence_account_id
    }

    /// Returns the vendor's schema name of the resource, such as `BillingScheduleResponse`, if present.
    pub fn resource_type(&self) -> Option<&str> {
        self.resource_type.as_deref()
    }

    /// Returns the resource id of the event, if present.
    ///
    /// It may differ from the `id` inside the resource. Use the latter for calls.
    pub fn resource_id(&self) -> Option<&str> {
        self.resource_id.as_deref()
    }

    /// Returns the resource that the event is about, if present.
    ///
    /// ```
    /// use sequencehq::webhook::Event;
    ///
    /// let event = Event::from_slice(br#"{"notificationType":"MOON_LANDED","sequenceAccountId":"a-1","resource":{"id":"m-1"}}"#)?;
    /// if let Some(sequencehq::webhook::Resource::Undecoded { reason, .. }) = event.resource() {
    ///     eprintln!("fetch the resource instead: {reason}");
    /// }
    /// # Ok::<(), sequencehq::webhook::WebhookError>(())
    /// ```
    pub fn resource(&self) -> Option<&Resource> {
        self.resource.as_ref()
    }

    /// Converts the event into its resource, if present.
    ///
    /// ```
    /// use sequencehq::webhook::Event;
    ///
    /// let event = Event::from_slice(br#"{"notificationType":"MOON_LANDED","sequenceAccountId":"a-1","resource":{"id":"m-1"}}"#)?;
    /// assert!(event.into_resource().is_some());
    /// # Ok::<(), sequencehq::webhook::WebhookError>(())
    /// ```
    pub fn into_resource(self) -> Option<Resource> {
        self.resource
    }

    /// Returns the JSON text that the event was decoded from, without surrounding whitespace.
    ///
    /// ```
    /// use sequencehq::webhook::Event;
    ///
    /// let event = Event::from_slice(br#"{"notificationType":"MOON_LANDED","sequenceAccountId":"a-1","resource":{"id":"m-1"}}"#)?;
    /// assert_eq!(event.json(), r#"{"notificationType":"MOON_LANDED","sequenceAccountId":"a-1","resource":{"id":"m-1"}}"#);
    /// # Ok::<(), sequencehq::webhook::WebhookError>(())
    /// ```
    pub fn json(&self) -> &str {
        self.json.get()
    }

    /// Returns the JSON text of the resource, including fields that its type does not know.
    ///
    /// ```
    /// use sequencehq::webhook::Event;
    ///
    /// let event = Event::from_slice(br#"{"notificationType":"MOON_LANDED","sequenceAccountId":"a-1","resource":{"id":"m-1"}}"#)?;
    /// assert_eq!(event.resource_json(), Some(r#"{"id":"m-1"}"#));
    /// # Ok::<(), sequencehq::webhook::WebhookError>(())
    /// ```
    pub fn resource_json(&self) -> Option<&str> {
        decode_object::<Envelope<'_>>(&self.json)
            .ok()?
            .resource
            .map(RawValue::get)
    }

    /// Returns a hash of the content, for deduplication: deliveries have no id.
    ///
    /// The fingerprint is the SHA-256 of [`json`](Self::json) in lowercase hex. It does not change in a queue or
    /// across versions of this crate, and does not cover the time or the signature of the delivery.
    /// Two events with equal content have equal fingerprints. This is harmless if you act on the state of the
    /// resource.
    ///
    /// ```
    /// use sequencehq::webhook::Event;
    ///
    /// let json = br#"{"notificationType":"MERCHANT_UPDATED","sequenceAccountId":"a-1"}"#;
    /// let (first, repeat) = (Event::from_slice(json)?, Event::from_slice(json)?);
    /// assert_eq!(first.fingerprint(), repeat.fingerprint());
    /// # Ok::<(), sequencehq::webhook::WebhookError>(())
    /// ```
    pub fn fingerprint(&self) -> String {
        hex(&Sha256::digest(self.json()))
    }
}

/// Events are equal if their JSON texts are.
impl PartialEq for Event {
    fn eq(&self, other: &Self) -> bool {
        self.json() == other.json()
    }
}

impl Eq for Event {}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            notification_type,
            sequence_account_id,
            resource_type,
            resource_id,
            resource,
            json: _,
        } = self;
        f.debug_struct("Event")
            .field("notification_type", notification_type)
            .field("sequence_account_id", sequence_account_id)
            .field("resource_type", resource_type)
            .field("resource_id", resource_id)
            .field("resource", resource)
            .finish_non_exhaustive()
    }
}

impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.json.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(Deserialize::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(json: &str) -> Event {
        Event::from_slice(json.as_bytes()).unwrap_or_else(|error| panic!("{error}: {json}"))
    }

    fn with_resource(notification_type: &str, resource_type: Option<&str>, resource: &str) -> Event {
        let resource_type = resource_type
            .map(|name| format!(r#""resourceType":"{name}","#))
            .unwrap_or_default();
        event(&format!(
            r#"{{"notificationType":"{notification_type}","sequenceAccountId":"a-1",{resource_type}"resource":{resource}}}"#
        ))
    }

    #[test]
    fn absent_and_null_are_alike() {
        let short = event(r#"{"notificationType":"MERCHANT_UPDATED","sequenceAccountId":"a-1"}"#);
        let long = event(
            r#"{"notificationType":"MERCHANT_UPDATED","sequenceAccountId":"a-1",
                "resourceType":null,"resourceId":null,"resource":null}"#,
        );
        for event in [short, long] {
            assert_eq!(event.notification_type(), &NotificationType::MerchantUpdated);
            assert_eq!(*event.sequence_account_id(), "a-1");
            assert_eq!((event.resource_type(), event.resource_id()), (None, None));
            assert_eq!((event.resource(), event.resource_json()), (None, None));
        }
    }

    #[test]
    fn what_is_unknown_is_kept_whole() {
        let resource = r#"{ "amount": 0.1000000000000000000001, "amount": 1e400, "deep": [null] }"#;
        let event = with_resource("MOON_LANDED", Some("MoonResponse"), resource);
        assert_eq!(*event.notification_type(), "MOON_LANDED");
        assert!(!event.notification_type().is_known());
        let Some(Resource::Unrecognized(raw)) = event.resource() else {
            panic!("{event:?}")
        };
        assert_eq!(raw.json(), resource);
        assert_eq!(event.resource_json(), Some(resource));
        assert_eq!(serde_json::to_string(&event).expect("encodes"), event.json());
    }

    #[test]
    fn an_event_that_waited_in_a_queue_is_the_same() {
        #[derive(Serialize, Deserialize)]
        struct Job {
            attempts: u32,
            event: Event,
        }
        #[derive(Serialize, Deserialize)]
        #[serde(tag = "kind", content = "job")]
        enum Queued {
            Webhook(Job),
        }
        let json = r#"{"future":{"a":0.10},"resource":{"x":12345678901234567890.10},"sequenceAccountId":"a\u002d1","notificationType":"X"}"#;
        let before = event(&format!("\n {json} \t"));
        let queued = serde_json::to_string(&Queued::Webhook(Job {
            attempts: 1,
            event: before.clone(),
        }))
        .expect("encodes");
        let Queued::Webhook(job) = serde_json::from_str(&queued).expect("decodes");
        assert_eq!(job.event, before);
        assert_eq!(job.event.json(), json);
        assert_eq!(job.event.fingerprint(), before.fingerprint());
        assert_eq!(job.attempts, 1);
    }

    #[test]
    fn a_fingerprint_is_the_hash_of_the_content() {
        let json = r#"{"notificationType":"X","sequenceAccountId":"a"}"#;
        // printf '…' | sha256sum
        assert_eq!(
            event(json).fingerprint(),
            "403006c2e9cb125617179f6f11b9827d9a7a5c448acde4200b9bbd7d2509f564"
        );
        assert_eq!(
            event(&format!(" {json}\n")).fingerprint(),
            event(json).fingerprint()
        );
        assert_ne!(
            event(&json.replace(r#""a""#, r#""b""#)).fingerprint(),
            event(json).fingerprint()
        );
    }

    #[test]
    fn a_body_that_is_no_event_says_what_is_missing() {
        for (json, wanted) in [
            ("", "EOF"),
            (
                r#"["INVOICE_CREATED","a",null,null,null]"#,
                "expected a JSON object",
            ),
            ("null", "expected a JSON object"),
            ("{}", "notificationType"),
            (r#"{"notificationType":"X"}"#, "sequenceAccountId"),
            (
                r#"{"notificationType":7,"sequenceAccountId":"a"}"#,
                "notificationType",
            ),
            (
                r#"{"notificationType":"X","sequenceAccountId":"a","resourceId":{}}"#,
                "resourceId",
            ),
            (
                r#"{"notificationType":"X","notificationType":"Y","sequenceAccountId":"a"}"#,
                "duplicate",
            ),
            (r#"{"notificationType":"X","sequenceAccountId":"a"}}"#, "trailing"),
        ] {
            let error = Event::from_slice(json.as_bytes()).expect_err(json).to_string();
            assert!(error.contains(wanted), "{json}: {error}");
        }
        assert!(Event::from_slice(b"{\"notificationType\":\"\xff\",\"sequenceAccountId\":\"a\"}").is_err());
    }

    #[test]
    fn deep_nesting_is_data() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let unknown = with_resource("X", None, &deep);
        assert!(matches!(unknown.resource(), Some(Resource::Unrecognized(_))));
        #[cfg(feature = "invoices")]
        {
            let known = with_resource("INVOICE_CREATED", None, &format!(r#"{{"later":{deep}}}"#));
            assert!(matches!(known.resource(), Some(Resource::Undecoded { .. })));
        }
    }

    #[cfg(feature = "invoices")]
    const INVOICE: &str = r#"{"id":"i-1","status":"SENT","paymentStatus":"UNPAID","customerId":"c-1",
        "customerLegalCompanyName":"Pine","customerBillingAddress":{"line1":"1 Road","town":"Ely","postcode":"CB7","country":"GB"},
        "customerShippingAddress":{"line1":"1 Road","town":"Ely","postcode":"CB7","country":"GB"},
        "accountingDate":"2026-01-31","currency":"GBP","netTotal":"2.50","totalTax":0.50,
        "grossTotal":"79228162514264337593543950.30","creditNoteIds":[],"metadata":[],"linkedServices":[],
        "sequenceAccountId":"a-1","createdAt":"2026-01-31T10:00:00Z","later":{"kept":1.10}}"#;

    #[cfg(feature = "invoices")]
    #[test]
    fn a_known_resource_is_typed_and_its_money_exact() {
        let event = with_resource("INVOICE_ISSUED", Some("InvoiceResponse"), INVOICE);
        let Some(Resource::Invoice(invoice)) = event.resource() else {
            panic!("{event:?}")
        };
        assert_eq!(invoice.net_total.to_string(), "2.50");
        assert_eq!(invoice.total_tax.to_string(), "0.50");
        assert_eq!(invoice.gross_total.to_string(), "79228162514264337593543950.30");
        assert_eq!(event.resource_json(), Some(INVOICE));
        assert!(event.json().contains(r#""later":{"kept":1.10}"#));
        let Some(Resource::Invoice(owned)) = event.clone().into_resource() else {
            panic!("{event:?}")
        };
        assert_eq!(owned, *invoice);
    }

    #[cfg(feature = "invoices")]
    #[test]
    fn the_resource_type_decides_before_the_notification_type() {
        for (notification_type, resource_type) in [
            ("INVOICE_ISSUED", None),
            ("INVOICE_FRAMED", Some("InvoiceResponse")),
            ("CUSTOMER_CREATED", Some("invoice")),
            ("MERCHANT_UPDATED", Some("GetInvoiceResponseModel")),
            ("INVOICE_ISSUED", Some("RenamedByTheVendor")),
        ] {
            let event = with_resource(notification_type, resource_type, INVOICE);
            assert!(
                matches!(event.resource(), Some(Resource::Invoice(_))),
                "{notification_type} {resource_type:?}"
            );
        }
        for (notification_type, resource_type, resource) in [
            ("INVOICE_FRAMED", None, INVOICE),
            ("INVOICE_ISSUED", Some("InvoiceReminder"), "{}"),
        ] {
            let event = with_resource(notification_type, resource_type, resource);
            assert!(
                matches!(event.resource(), Some(Resource::Unrecognized(_))),
                "{notification_type} {resource_type:?}"
            );
        }
    }

    #[cfg(feature = "invoices")]
    #[test]
    fn a_known_resource_that_does_not_decode_is_given_with_the_reason() {
        let broken = INVOICE.replace(r#""totalTax":0.50"#, r#""totalTax":"much""#);
        let event = with_resource("INVOICE_UPDATED", Some("InvoiceResponse"), &broken);
        assert_eq!(event.notification_type(), &NotificationType::InvoiceUpdated);
        let Some(Resource::Undecoded { raw, reason }) = event.resource() else {
            panic!("{event:?}")
        };
        assert_eq!(raw.json(), broken);
        assert!(reason.starts_with("totalTax: "), "{reason}");
        assert_eq!(raw.decode::<serde_json::Value>().expect("JSON")["id"], "i-1");
        assert!(!format!("{raw:?}").contains("Pine"));

        let text = with_resource("INVOICE_UPDATED", None, "\"i-1\"");
        assert!(matches!(text.resource(), Some(Resource::Undecoded { .. })));
    }

    #[cfg(not(feature = "quotes"))]
    #[test]
    fn a_resource_whose_feature_is_off_is_kept_whole() {
        let event = with_resource("QUOTE_SIGNED", Some("QuoteResponse"), "{}");
        assert!(matches!(event.resource(), Some(Resource::Unrecognized(_))));
    }
}
