//! The resource of an event: typed if it is known, raw JSON if it is not.

use std::fmt;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::data::place::{self, Undecodable};
use crate::types::NotificationType;
use crate::webhook::error::WebhookError;

/// A resource as raw JSON text.
#[derive(Clone)]
pub struct RawResource(Box<RawValue>);

impl RawResource {
    pub(super) fn new(json: &RawValue) -> Self {
        Self(json.to_owned())
    }

    /// Returns the JSON text as received.
    pub fn json(&self) -> &str {
        self.0.get()
    }

    /// Decodes the resource as a `T`.
    ///
    /// ```
    /// use sequencehq::webhook::Event;
    ///
    /// let event = Event::from_slice(br#"{"notificationType":"MOON_LANDED","sequenceAccountId":"a-1","resource":{"id":"m-1"}}"#)?;
    /// use sequencehq::webhook::Resource;
    ///
    /// #[derive(serde::Deserialize)]
    /// struct Moon {
    ///     id: String,
    /// }
    ///
    /// if let Some(Resource::Unrecognized(raw)) = event.resource() {
    ///     let moon: Moon = raw.decode()?;
    ///     assert_eq!(moon.id, "m-1");
    /// }
    /// # Ok::<(), sequencehq::webhook::WebhookError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`WebhookError::InvalidResource`] if the JSON does not match `T`.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T, WebhookError> {
        decode_json(&self.0).map_err(WebhookError::InvalidResource)
    }
}

impl PartialEq for RawResource {
    fn eq(&self, other: &Self) -> bool {
        self.json() == other.json()
    }
}

/// Prints the size only: the text may be long, and unknown data may be too sensitive for logs.
impl fmt::Debug for RawResource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawResource({} bytes)", self.json().len())
    }
}

macro_rules! resources {
    ($( $(#[$about:meta])* $kind:ident: $feature:literal, named $name:literal, in $( $event:ident )|+; )*) => {
        /// The resource that an event is about.
        ///
        /// The variant is chosen by the schema name in the event, such as `BillingScheduleResponse`, or by the
        /// notification type if the name is absent or unknown. Each variant needs the crate feature
        /// of its type; without the feature, the resource is [`Unrecognized`](Self::Unrecognized). Match with a `_` arm:
        /// variants are added over time.
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum Resource {
            $(
                $(#[$about])*
                #[cfg(feature = $feature)]
                $kind(Box<crate::types::$kind>),
            )*
            /// A resource of a known kind that cannot be decoded as its type.
            ///
            /// The rest of the event is available, so the resource can be fetched by its id instead.
            #[non_exhaustive]
            Undecoded {
                /// The resource as received.
                raw: RawResource,
                /// What was expected, and where. It may quote a value.
                reason: String,
            },
            /// A resource of a kind that this version of the crate does not know.
            Unrecognized(RawResource),
        }

        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum ResourceKind {
            $( $kind, )*
        }

        impl ResourceKind {
            fn from_name(name: &str) -> Option<Self> {
                match name {
                    $( $name => Some(Self::$kind), )*
                    _ => None,
                }
            }

            pub(super) fn of_event(notification_type: &NotificationType) -> Option<Self> {
                match notification_type {
                    $( $( NotificationType::$event )|+ => Some(Self::$kind), )*
                    _ => None,
                }
            }

            /// Returns the JSON of a sample, or `None` if the feature of this kind is disabled.
            #[cfg(feature = "test-util")]
            pub(super) fn sample(self) -> Option<&'static str> {
                match self {
                    $(
                        #[cfg(feature = $feature)]
                        Self::$kind => Some(crate::types::$kind::SAMPLE),
                    )*
                    #[allow(unreachable_patterns)]
                    _ => None,
                }
            }

            /// Returns `None` if the feature of this kind is disabled.
            fn decode(self, json: &RawValue) -> Option<Result<Resource, String>> {
                match self {
                    $(
                        #[cfg(feature = $feature)]
                        Self::$kind => Some(decode_object(json).map(|it| Resource::$kind(Box::new(it)))),
                    )*
                    #[allow(unreachable_patterns)]
                    _ => {
                        let _ = json;
                        None
                    }
                }
            }
        }
    };
}

resources! {
    /// An invoice.
    Invoice: "invoices", named "invoice", in InvoiceCreated | InvoiceIssued | InvoiceUpdated;
    /// A customer.
    Customer: "customers", named "customer", in CustomerCreated | CustomerUpdated | CustomerArchived | CustomerDeleted;
    /// A billing schedule.
    BillingSchedule: "billing-schedules", named "billingschedule",
        in BillingScheduleCreated | BillingScheduleUpdated | BillingScheduleArchived | BillingScheduleDeleted;
    /// A credit note.
    CreditNote: "credit-notes", named "creditnote", in CreditNoteCreated | CreditNoteUpdated | CreditNoteIssued;
    /// A quote.
    Quote: "quotes", named "quote", in QuotePublished | QuoteAccepted | QuoteSigned;
}

impl Resource {
    /// Decodes `json` as the kind that `resource_type` names or, if that name is absent or unknown, as the usual
    /// kind of `event`.
    pub(super) fn decode(event: &NotificationType, resource_type: Option<&str>, json: &RawValue) -> Self {
        let named = resource_type.and_then(|name| ResourceKind::from_name(&plain_name(name)));
        let Some(decoded) = named
            .or(ResourceKind::of_event(event))
            .and_then(|kind| kind.decode(json))
        else {
            return Self::Unrecognized(RawResource::new(json));
        };
        match decoded {
            Ok(resource) => resource,
            // The resource has an unknown type name and does not decode as the usual kind.
            Err(_) if named.is_none() && resource_type.is_some() => {
                Self::Unrecognized(RawResource::new(json))
            }
            Err(reason) => Self::Undecoded {
                raw: RawResource::new(json),
                reason,
            },
        }
    }
}

/// Decodes an object from the JSON text, so that decimals stay exact. The error message names the field.
pub(super) fn decode_object<'a, T: Deserialize<'a>>(json: &'a RawValue) -> Result<T, String> {
    // Derived decoders of structs would also accept an array of the field values.
    if !json.get().starts_with('{') {
        return Err("expected a JSON object".to_owned());
    }
    decode_json(json)
}

/// Decodes any JSON value. The error message names the field.
fn decode_json<'a, T: Deserialize<'a>>(json: &'a RawValue) -> Result<T, String> {
    place::decode(json.get().as_bytes()).map_err(|Undecodable { path, error }| match path.as_str() {
        "." => error.to_string(),
        path => format!("{path}: {error}"),
    })
}

/// Strips common prefixes and suffixes from the name of a schema: `billingschedule` for
/// `BillingScheduleResponse`, `BILLING_SCHEDULE`, `api.v3.GetBillingScheduleResponseModel`.
fn plain_name(schema: &str) -> String {
    const AROUND: [&str; 8] = [
        "api", "get", "response", "model", "dto", "resource", "schema", "payload",
    ];
    let is_version = |word: &str| {
        word.strip_prefix('v')
            .is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
    };
    let last = schema.rsplit(['.', '/', '#', ':']).next().unwrap_or(schema);
    let mut words = vec![String::new()];
    let mut after_lower = false;
    for letter in last.chars() {
        if !letter.is_alphanumeric() || (after_lower && letter.is_uppercase()) {
            words.push(String::new());
        }
        if let (true, Some(word)) = (letter.is_alphanumeric(), words.last_mut()) {
            word.extend(letter.to_lowercase());
        }
        after_lower = !letter.is_uppercase();
    }
    words.retain(|word| !AROUND.contains(&word.as_str()) && !is_version(word));
    words.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_raw_resource_that_does_not_decode_names_the_field() {
        #[derive(Debug, Deserialize)]
        struct Moon {
            #[allow(dead_code, reason = "only decoded")]
            orbit: Vec<u32>,
        }
        let json = RawValue::from_string(r#"{"orbit":[1,"two"]}"#.to_owned()).expect("valid JSON");
        let error = RawResource::new(&json)
            .decode::<Moon>()
            .expect_err("text in a list of numbers");
        let text = error.to_string();
        assert!(
            text.contains("orbit[1]") && text.contains("expected u32"),
            "{text}"
        );
        assert_eq!(error.status(), 400);
    }

    #[test]
    fn names_of_schemas_are_matched_tolerantly() {
        for (name, wanted) in [
            ("BillingScheduleResponse", Some(ResourceKind::BillingSchedule)),
            ("BillingSchedule", Some(ResourceKind::BillingSchedule)),
            ("BILLING_SCHEDULE", Some(ResourceKind::BillingSchedule)),
            ("billing-schedule", Some(ResourceKind::BillingSchedule)),
            ("billingSchedule", Some(ResourceKind::BillingSchedule)),
            (
                "GetBillingScheduleResponseModel",
                Some(ResourceKind::BillingSchedule),
            ),
            ("BillingScheduleResponseV3", Some(ResourceKind::BillingSchedule)),
            (
                "com.example.v3.BillingScheduleDto",
                Some(ResourceKind::BillingSchedule),
            ),
            (
                "#/components/schemas/InvoiceResponse",
                Some(ResourceKind::Invoice),
            ),
            ("invoice", Some(ResourceKind::Invoice)),
            ("CustomerModel", Some(ResourceKind::Customer)),
            ("credit_note_response", Some(ResourceKind::CreditNote)),
            ("QuoteResponse", Some(ResourceKind::Quote)),
            ("InvoiceLineItemResponse", None),
            ("CustomerAlias", None),
            ("VoidInvoice", None),
            ("Response", None),
            ("v3", None),
            ("", None),
            ("İnvoice", None),
        ] {
            assert_eq!(ResourceKind::from_name(&plain_name(name)), wanted, "{name}");
        }
    }
}
