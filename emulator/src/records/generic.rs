//! A record of which nothing is interpreted but its facets.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Facet, Facets, Kind};

/// A record as a map. Its facets are those that its kind declares.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Generic(pub Map<String, Value>);

/// Facets by kind, as facet, name of the field, and whether the facet has an index. A point leads into an object, or into
/// the objects of a list.
fn declared(kind: Kind) -> &'static [(Facet, &'static str, bool)] {
    match kind {
        Kind::BillingSchedulePaymentSettings => &[(Facet::BillingScheduleId, "billingScheduleId", true)],
        Kind::CustomerAlias => &[
            (Facet::CustomerId, "customerId", true),
            (Facet::Value, "value", true),
        ],
        Kind::CustomerPaymentSettings => &[(Facet::CustomerId, "customerId", true)],
        Kind::InvoicePaymentSettings => &[(Facet::InvoiceId, "invoiceId", true)],
        Kind::ListPrice => &[
            (Facet::Currency, "currency", false),
            (Facet::ProductId, "productId", true),
            (Facet::BillingFrequency, "billingFrequency", false),
            (Facet::MetricId, "structure.usageMetricId", true),
            (Facet::MetricId, "structure.seatMetricId", true),
        ],
        Kind::Price => &[
            (Facet::Currency, "currency", false),
            (Facet::Name, "name", false),
            (Facet::ProductId, "productId", true),
            (Facet::BillingFrequency, "billingFrequency", false),
            (Facet::MetricId, "structure.usageMetricId", true),
            (Facet::MetricId, "structure.seatMetricId", true),
        ],
        Kind::Product => &[
            (Facet::Name, "name", false),
            (Facet::TaxCategoryId, "taxCategoryId", false),
            (Facet::RecognitionMethod, "recognitionMethod", false),
        ],
        Kind::SeatMetric => &[(Facet::SeatType, "seatType", true)],
        Kind::TaxRegistration => &[
            (Facet::CustomerId, "customerId", true),
            (Facet::MerchantId, "merchantId", true),
            (Facet::TaxIdentifier, "taxIdentifier", true),
        ],
        _ => &[],
    }
}

impl Generic {
    /// The id; empty if the record has none.
    pub fn id(&self) -> &str {
        self.0.get("id").and_then(Value::as_str).unwrap_or_default()
    }

    /// The facets that the kind declares, and whether the record is archived or deleted.
    pub fn facets(&self, kind: Kind) -> Facets {
        let mut facets = Facets::default();
        for (facet, field, is_indexed) in declared(kind) {
            for value in texts_at(&self.0, field) {
                if *is_indexed {
                    facets.index(*facet, &value);
                } else {
                    facets.add(*facet, &value);
                }
            }
        }
        for (facet, field) in [(Facet::Archived, "archivedAt"), (Facet::Deleted, "deletedAt")] {
            if self.0.get(field).is_some_and(|value| !value.is_null()) {
                facets.index(facet, "true");
            }
        }
        facets
    }
}

fn texts_at(map: &Map<String, Value>, path: &str) -> Vec<String> {
    let Some((field, rest)) = path.split_once('.') else {
        return texts(map.get(path));
    };
    match map.get(field) {
        Some(Value::Object(inner)) => texts_at(inner, rest),
        Some(Value::Array(items)) => {
            let inner = items.iter().filter_map(Value::as_object);
            inner.flat_map(|inner| texts_at(inner, rest)).collect()
        }
        _ => Vec::new(),
    }
}

/// A scalar as one text, a list as the texts of its items.
fn texts(value: Option<&Value>) -> Vec<String> {
    match value {
        None | Some(Value::Null | Value::Object(_)) => Vec::new(),
        Some(Value::String(text)) => vec![text.clone()],
        Some(Value::Array(items)) => items.iter().flat_map(|item| texts(Some(item))).collect(),
        Some(scalar) => vec![scalar.to_string()],
    }
}
