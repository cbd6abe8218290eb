//! What an event is about: typed where it is known, whole where it is not.

use std::fmt;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::types::NotificationType;

/// A resource as JSON text, just as it arrived.
#[derive(Clone)]
pub struct RawResource(Box<RawValue>);

impl RawResource {
    pub(super) fn new(json: &RawValue) -> Self {
        Self(json.to_owned())
    }

    /// The JSON text.
    pub fn json(&self) -> &str {
        self.0.get()
    }

    /// Decodes it as what you know it to be.
    ///
    /// # Errors
    ///
    /// It is not what `T` expects.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_str(self.json())
    }
}

impl PartialEq for RawResource {
    fn eq(&self, other: &Self) -> bool {
        self.json() == other.json()
    }
}

/// Says how large it is: the text may be long, and what is unknown may hold what you would not log.
impl fmt::Debug for RawResource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawResource({} bytes)", self.json().len())
    }
}

macro_rules! resources {
    ($( $(#[$about:meta])* $kind:ident: $feature:literal, named $name:literal, in $( $event:ident )|+; )*) => {
        /// What an event is about.
        ///
        /// The event says what its resource is by the name of a schema, such as `BillingScheduleResponse`;
        /// an event that does not say so is judged by its notification type. Each kind needs the crate feature
        /// that brings its type and is [`Unlisted`](Self::Unlisted) without it. Match with a `_` arm: kinds are
        /// added over time.
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum Resource {
            $(
                $(#[$about])*
                #[cfg(feature = $feature)]
                $kind(Box<crate::types::$kind>),
            )*
            /// A resource of a known kind that its type cannot hold.
            ///
            /// Everything else of the event is there, so the resource can be fetched by its id instead.
            #[non_exhaustive]
            Undecoded {
                /// The resource as it came.
                raw: RawResource,
                /// What was expected where. It may quote a value.
                reason: String,
            },
            /// A resource of a kind that this version of the crate does not know.
            Unlisted(RawResource),
        }

        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        enum Kind {
            $( $kind, )*
        }

        impl Kind {
            fn named(words: &str) -> Option<Self> {
                match words {
                    $( $name => Some(Self::$kind), )*
                    _ => None,
                }
            }

            fn of_event(notification_type: &NotificationType) -> Option<Self> {
                match notification_type {
                    $( $( NotificationType::$event )|+ => Some(Self::$kind), )*
                    _ => None,
                }
            }

            /// `None` if the kind's feature is off.
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
    /// Decodes `json` as what `resource_type` says or, where that says nothing known, as what `event` is usually about.
    pub(super) fn decode(event: &NotificationType, resource_type: Option<&str>, json: &RawValue) -> Self {
        let said = resource_type.and_then(|name| Kind::named(&plain_name(name)));
        let Some(decoded) = said.or(Kind::of_event(event)).and_then(|kind| kind.decode(json)) else {
            return Self::Unlisted(RawResource::new(json));
        };
        match decoded {
            Ok(resource) => resource,
            // It said to be something that is not known, and it is.
            Err(_) if said.is_none() && resource_type.is_some() => Self::Unlisted(RawResource::new(json)),
            Err(reason) => Self::Undecoded {
                raw: RawResource::new(json),
                reason,
            },
        }
    }
}

/// Decodes an object from the text itself, so that decimals stay exact; the message names the field.
pub(super) fn decode_object<'a, T: Deserialize<'a>>(json: &'a RawValue) -> Result<T, String> {
    // Decoders of structs would take an array of the fields' values too.
    if !json.get().starts_with('{') {
        return Err("expected a JSON object".to_owned());
    }
    let mut deserializer = serde_json::Deserializer::from_str(json.get());
    serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        // A decimal that is read from its text looks like an object with this field.
        let path = error.path().to_string();
        let path = path.trim_end_matches(crate::data::wire::RAW_SEGMENT);
        if path == "." {
            error.inner().to_string()
        } else {
            format!("{path}: {}", error.inner())
        }
    })
}

/// The name of a schema without what publishers of schemas put around it: `billingschedule` for
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
    fn names_of_schemas_are_matched_tolerantly() {
        for (name, wanted) in [
            ("BillingScheduleResponse", Some(Kind::BillingSchedule)),
            ("BillingSchedule", Some(Kind::BillingSchedule)),
            ("BILLING_SCHEDULE", Some(Kind::BillingSchedule)),
            ("billing-schedule", Some(Kind::BillingSchedule)),
            ("billingSchedule", Some(Kind::BillingSchedule)),
            ("GetBillingScheduleResponseModel", Some(Kind::BillingSchedule)),
            ("BillingScheduleResponseV3", Some(Kind::BillingSchedule)),
            ("com.example.v3.BillingScheduleDto", Some(Kind::BillingSchedule)),
            ("#/components/schemas/InvoiceResponse", Some(Kind::Invoice)),
            ("invoice", Some(Kind::Invoice)),
            ("CustomerModel", Some(Kind::Customer)),
            ("credit_note_response", Some(Kind::CreditNote)),
            ("QuoteResponse", Some(Kind::Quote)),
            ("InvoiceLineItemResponse", None),
            ("CustomerAlias", None),
            ("VoidInvoice", None),
            ("Response", None),
            ("v3", None),
            ("", None),
            ("İnvoice", None),
        ] {
            assert_eq!(Kind::named(&plain_name(name)), wanted, "{name}");
        }
    }
}
