//! Usage metrics.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use super::{Facet, Facets, Kind, Record};

/// A usage metric, stored as it is answered.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UsageMetric {
    /// The id.
    pub id: String,
    /// The account.
    pub sequence_account_id: String,
    /// The name.
    pub name: String,
    /// What it measures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// `SIMPLE` or `GROUPED`.
    pub metric_type: String,
    /// The type of the events.
    pub event_type: String,
    /// `COUNT`, `UNIQUE`, `SUM` or `CUSTOM`.
    pub aggregation_type: String,
    /// The property that is summed, or of which distinct values are counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aggregation_property: Option<String>,
    /// The property by which a `GROUPED` metric groups.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grouping_property: Option<String>,
    /// The name of the unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The values that each filtered property may have. Numbers are those that were sent, digit by digit.
    pub property_filters: BTreeMap<String, Vec<Box<RawValue>>>,
    /// Whether filters tell upper from lower case. They do if it is absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case_sensitive: Option<bool>,
    /// The filtered properties that may have all other values instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub properties_to_negate: Option<Vec<String>>,
    /// The parameters of a `CUSTOM` metric.
    pub parameters: Vec<Value>,
    /// When it was created.
    pub created_at: String,
    /// When it was deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<String>,
}

impl Record for UsageMetric {
    const KIND: Kind = Kind::UsageMetric;

    fn id(&self) -> &str {
        &self.id
    }

    fn facets(&self, facets: &mut Facets) {
        facets.add(Facet::Name, &self.name);
        facets.add(Facet::EventType, &self.event_type);
        facets.add(Facet::AggregationType, &self.aggregation_type);
        if let Some(property) = &self.aggregation_property {
            facets.add(Facet::EventProperty, property);
        }
        if self.deleted_at.is_some() {
            facets.index(Facet::Deleted, "true");
        }
    }
}
