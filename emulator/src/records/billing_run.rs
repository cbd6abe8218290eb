//! Billing runs: which days of which prices an invoice of a schedule bills.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Discount, Facet, Facets, Kind, Phase, PriceTaxRate, Record};

/// What a schedule bills on one day. Its invoice has one run of each schedule that it bills.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BillingRun {
    /// The id.
    pub id: String,
    /// The schedule.
    pub billing_schedule_id: String,
    /// The customer of the schedule.
    pub customer_id: String,
    /// The currency of the prices.
    pub currency: String,
    /// The invoice.
    pub invoice_id: String,
    /// The day of billing: the first day of what is billed in advance, or the day after what is billed in arrears.
    pub due_date: NaiveDate,
    /// Whether the invoice is not a draft yet.
    pub is_open: bool,
    /// Whether other schedules of the customer can be billed on the invoice.
    pub rolls_up: bool,
    /// What is billed.
    pub items: Vec<RunItem>,
    /// What the schedule does not have any more, but items that ended before are billed by.
    #[serde(default, skip_serializing_if = "FormerTerms::is_none")]
    pub former: FormerTerms,
    /// When something changed that the invoice does not show yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stale_since: Option<String>,
}

/// The days of a price that a run bills.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RunItem {
    /// The phase.
    pub phase_id: String,
    /// The first day of the phase, from which cumulative usage counts.
    pub phase_start: NaiveDate,
    /// The price.
    pub price_id: String,
    /// Which seats are billed, for prices with an overage frequency.
    pub part: RunPart,
    /// Whether the days are billed before they are over.
    pub is_in_advance: bool,
    /// The days, of which there is at least one. An overage has a segment for each billing period of the price.
    pub segments: Vec<RunSegment>,
}

/// Terms of a schedule that were replaced.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FormerTerms {
    /// The tax rates of prices.
    pub tax_rates: Vec<PriceTaxRate>,
    /// The phases, with their minimums.
    pub phases: Vec<Phase>,
    /// The discounts of these phases.
    pub discounts: Vec<Discount>,
}

impl FormerTerms {
    fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

/// Which seats are billed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RunPart {
    /// All.
    All,
    /// Those that the contract commits to.
    Committed,
    /// Those above them.
    Overage,
}

/// Days within one whole billing period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RunSegment {
    /// The first day.
    pub start: NaiveDate,
    /// The last day.
    pub end: NaiveDate,
    /// How many days the whole billing period has.
    pub full_days: u32,
}

impl RunPart {
    /// The name of the part of a price in the progress of a schedule.
    pub fn key(self, price: &str) -> String {
        match self {
            Self::Overage => format!("{price} overage"),
            Self::All | Self::Committed => price.to_owned(),
        }
    }
}

impl RunItem {
    /// The name in the progress of a schedule.
    pub fn key(&self) -> String {
        self.part.key(&self.price_id)
    }

    /// The first day.
    pub fn start(&self) -> NaiveDate {
        self.segments
            .first()
            .map_or(self.phase_start, |segment| segment.start)
    }

    /// The last day.
    pub fn end(&self) -> NaiveDate {
        self.segments
            .last()
            .map_or(self.phase_start, |segment| segment.end)
    }

    /// The item without the days after `last`; `None` if no day is left.
    pub fn cut(mut self, last: NaiveDate) -> Option<Self> {
        self.segments.retain(|segment| segment.start <= last);
        let end = self.segments.last_mut()?;
        end.end = end.end.min(last);
        Some(self)
    }
}

impl Record for BillingRun {
    const KIND: Kind = Kind::BillingRun;

    fn id(&self) -> &str {
        &self.id
    }

    fn facets(&self, facets: &mut Facets) {
        facets.index(Facet::InvoiceId, &self.invoice_id);
        if !self.is_open {
            return;
        }
        // Only open runs are looked up by these.
        facets.index(Facet::BillingScheduleId, &self.billing_schedule_id);
        facets.index(Facet::CustomerId, &self.customer_id);
        if let Some(day) = super::time::day_key(self.due_date) {
            facets.index(Facet::NextDay, &day);
        }
        if self.stale_since.is_some() {
            facets.index(Facet::Stale, "true");
        }
    }
}
