//! Discounts of billing schedules.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Facet, Facets, Kind, Record, number};

/// A discount of a billing schedule, or of one of its phases. Discounts apply in the order of their creation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Discount {
    /// The id.
    pub id: String,
    /// The account.
    pub sequence_account_id: String,
    /// The schedule.
    pub billing_schedule_id: String,
    /// The phase; `None` if it applies to the whole schedule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phase_id: Option<String>,
    /// The discounted prices; all if empty.
    pub price_ids: Vec<String>,
    /// Whether invoices have a line for it.
    pub separate_line_item: bool,
    /// A percentage or money.
    #[serde(with = "number")]
    pub amount: Decimal,
    /// `PERCENTAGE` or `NOMINAL`.
    pub discount_calculation_type: String,
    /// The text on invoices.
    pub message: String,
    /// The first day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<String>,
    /// The last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<String>,
    /// `INCLUDED_SEATS_ONLY`, `OVERAGE_SEATS_ONLY` or `ALL_SEATS`.
    pub seat_discount_type: String,
    /// When it was created.
    pub created_at: String,
    /// When it was changed.
    pub updated_at: String,
}

impl Record for Discount {
    const KIND: Kind = Kind::Discount;

    fn id(&self) -> &str {
        &self.id
    }

    fn facets(&self, facets: &mut Facets) {
        facets.index(Facet::BillingScheduleId, &self.billing_schedule_id);
    }
}
