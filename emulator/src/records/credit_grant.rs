//! Credit grants and the rows of their ledgers.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Facet, Facets, Kind, Record, number, time};

/// A credit grant: its terms, and what is left of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreditGrant {
    /// The id.
    pub id: String,
    /// The account.
    pub sequence_account_id: String,
    /// The customer that can use the credit.
    pub customer_id: String,
    /// The name.
    pub name: String,
    /// `CURRENCY` or `METRIC`.
    pub credit_unit_type: String,
    /// The currency of the credit or of its cost.
    pub currency: String,
    /// The metric whose units are granted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metric_id: Option<String>,
    /// What is granted, once and at each refresh.
    #[serde(with = "number")]
    pub amount: Decimal,
    /// What the customer pays for it.
    #[serde(with = "number")]
    pub cost_of_credit: Decimal,
    /// The tax rate of the sale.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax_rate_id: Option<String>,
    /// The first day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effective_date: Option<String>,
    /// The last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiry_date: Option<String>,
    /// When it was created.
    pub created_at: String,
    /// The credit note that it was made from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credit_note_id: Option<String>,
    /// The phase that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phase: Option<GrantPhase>,
    /// What was booked so far.
    pub booked: GrantBooked,
    /// The next day on which it begins, is granted again or expires.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_day: Option<NaiveDate>,
}

/// The terms of a grant that belongs to a phase of a schedule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GrantPhase {
    /// The schedule.
    pub billing_schedule_id: String,
    /// The phase.
    pub phase_id: String,
    /// The last day of the phase.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_date: Option<String>,
    /// `NONE`, or how often it is granted again.
    pub grant_refresh_frequency: String,
    /// `NONE`, `ON_GRANT_REFRESH` or `ON_GRANT_REFRESH_AND_PHASE`.
    pub rollover_mode: String,
    /// The prices that can use it; all if empty.
    pub restrict_to_prices: Vec<String>,
}

/// The state of a grant after its last booking. Refreshes and the expiry that are due since then are not booked yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GrantBooked {
    /// What is left.
    #[serde(with = "number")]
    pub balance: Decimal,
    /// The most that can be left.
    #[serde(with = "number")]
    pub granted: Decimal,
    /// How often it was granted again.
    pub refreshes: u32,
    /// Whether its last day is over.
    pub ended: bool,
    /// The day of the last booking.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reached: Option<String>,
}

/// A row of the ledger of a grant, as it is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreditTransaction {
    /// The id.
    pub id: String,
    /// The grant.
    pub grant_id: String,
    /// Why it was booked.
    pub reason: String,
    /// The invoice that used the credit, or gave it back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invoice_id: Option<String>,
    /// The billing run of that invoice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub billing_run_id: Option<String>,
    /// `CREDIT` or `DEBIT`.
    #[serde(rename = "type")]
    pub transaction_type: String,
    /// The amount, above 0.
    pub amount: String,
    /// The day.
    pub date: String,
}

impl Record for CreditGrant {
    const KIND: Kind = Kind::CreditGrant;

    fn id(&self) -> &str {
        &self.id
    }

    fn facets(&self, facets: &mut Facets) {
        facets.index(Facet::CustomerId, &self.customer_id);
        if let Some(tax_rate) = &self.tax_rate_id {
            facets.index(Facet::TaxRateId, tax_rate);
        }
        if let Some(phase) = &self.phase {
            facets.index(Facet::BillingScheduleId, &phase.billing_schedule_id);
        }
        if let Some(day) = self.next_day.and_then(time::day_key) {
            facets.index(Facet::NextDay, &day);
        }
        if let Some(metric) = &self.metric_id {
            facets.index(Facet::MetricId, metric);
        }
    }
}

impl Record for CreditTransaction {
    const KIND: Kind = Kind::CreditTransaction;

    fn id(&self) -> &str {
        &self.id
    }

    fn facets(&self, facets: &mut Facets) {
        facets.index(Facet::GrantId, &self.grant_id);
    }
}
