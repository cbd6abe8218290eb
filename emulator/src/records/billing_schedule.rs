//! Billing schedules with their phases.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Facet, Facets, Kind, Record, number, time};

/// A billing schedule. Its discounts, credit grants and payment settings are records of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BillingSchedule {
    /// The id.
    pub id: String,
    /// The account.
    pub sequence_account_id: String,
    /// The customer that is billed.
    pub customer_id: String,
    /// The status.
    pub status: ScheduleStatus,
    /// The first day.
    pub start_date: String,
    /// The last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_date: Option<String>,
    /// The day of the month on which it bills; `None` for that of the first day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recurrence_day_of_month: Option<u32>,
    /// The tax rates of prices.
    pub tax_rates: Vec<PriceTaxRate>,
    /// Whether invoices are sent without a person.
    pub auto_issue_invoices: bool,
    /// The order number of the customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purchase_order_number: Option<String>,
    /// The text on invoices.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Whether it is billed together with other schedules of the customer.
    pub roll_up_billing: bool,
    /// The phases, in order.
    pub phases: Vec<Phase>,
    /// The payment term of its invoices, in days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_due_date_days: Option<u32>,
    /// The memo of its invoices.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memo: Option<String>,
    /// The client's own fields.
    pub custom_fields: BTreeMap<String, String>,
    /// When it was created.
    pub created_at: String,
    /// When it was changed.
    pub updated_at: String,
    /// When it was archived.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub archived_at: Option<String>,
    /// What was billed so far. It is not answered.
    #[serde(default, skip_serializing_if = "Progress::is_none")]
    pub progress: Progress,
}

/// How far the prices of a schedule are billed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Progress {
    /// The first day on which prices that were never billed can be; `None` for the first day of the schedule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// The first day that no billing run has, for each price.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub next: BTreeMap<String, NaiveDate>,
    /// The next day on which a billing period of a price starts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_day: Option<NaiveDate>,
    /// The day on which the last of the invoices that were upcoming when the terms changed is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_due: Option<NaiveDate>,
}

/// The status of a billing schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ScheduleStatus {
    /// Bills nothing until it is activated.
    Draft,
    /// Starts in the future.
    Pending,
    /// Bills.
    Active,
    /// Stopped for a while.
    Suspended,
    /// Ended early.
    Cancelled,
    /// Ended as planned.
    Completed,
}

/// The tax rate of a price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PriceTaxRate {
    /// The price.
    pub price_id: String,
    /// The tax rate.
    pub tax_rate_id: String,
}

/// A phase of a schedule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Phase {
    /// The id.
    pub id: String,
    /// The name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The contract in another system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_contract_ref: Option<String>,
    /// When it was created.
    pub created_at: String,
    /// The prices.
    pub price_ids: Vec<String>,
    /// The first day.
    pub start_date: String,
    /// The last day; `None` for an open phase, which is the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_date: Option<String>,
    /// The minimums.
    pub minimums: Vec<PhaseMinimum>,
    /// `CONTINUE_FROM_PREVIOUS_PHASE` or `RESET`.
    pub recurrence_preference: String,
    /// Which prices count as recurring revenue.
    pub phase_price_metadata: Vec<PriceMetadata>,
}

/// The least that a phase bills.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PhaseMinimum {
    /// The id.
    pub id: String,
    /// Money for each billing period.
    #[serde(with = "number")]
    pub amount: Decimal,
    /// The prices that count; all if empty.
    pub restrict_to_prices: Vec<String>,
    /// When it was created.
    pub created_at: String,
}

/// Whether a price counts as recurring revenue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PriceMetadata {
    /// The price.
    pub price_id: String,
    /// `INCLUDE` or `EXCLUDE`.
    pub arr_calculation: String,
}

impl ScheduleStatus {
    /// The name in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "DRAFT",
            Self::Pending => "PENDING",
            Self::Active => "ACTIVE",
            Self::Suspended => "SUSPENDED",
            Self::Cancelled => "CANCELLED",
            Self::Completed => "COMPLETED",
        }
    }
}

impl Progress {
    fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

impl BillingSchedule {
    /// The last day that is billed, by the schedule or its last phase; `None` if it is open.
    pub fn last_day(&self) -> Option<&str> {
        let of_phases = self.phases.last().and_then(|phase| phase.end_date.as_deref());
        self.end_date.as_deref().into_iter().chain(of_phases).min()
    }

    /// The day on which the clock changes the status next.
    pub fn next_change(&self) -> Option<NaiveDate> {
        match self.status {
            ScheduleStatus::Pending => self.start_date.parse().ok(),
            ScheduleStatus::Active => {
                let over = self.last_day()?.parse::<NaiveDate>().ok()?.succ_opt()?;
                Some(self.progress.last_due.map_or(over, |due| due.max(over)))
            }
            _ => None,
        }
    }

    /// The next day on which the clock has something to do.
    fn next_day(&self) -> Option<NaiveDate> {
        let starts = self.progress.next_day;
        let starts = starts.filter(|_| self.status == ScheduleStatus::Active);
        self.next_change().into_iter().chain(starts).min()
    }

    /// The day of the month on which it bills.
    fn recurrence_day(&self) -> Option<u32> {
        let of_start = || self.start_date.get(8..)?.parse().ok();
        self.recurrence_day_of_month.or_else(of_start)
    }
}

impl Record for BillingSchedule {
    const KIND: Kind = Kind::BillingSchedule;

    fn id(&self) -> &str {
        &self.id
    }

    fn facets(&self, facets: &mut Facets) {
        facets.index(Facet::CustomerId, &self.customer_id);
        facets.index(Facet::Status, self.status.name());
        if let Some(day) = self.next_day().and_then(time::day_key) {
            facets.index(Facet::NextDay, &day);
        }
        facets.add(Facet::AutoSend, &self.auto_issue_invoices.to_string());
        facets.add(Facet::StartDate, &self.start_date);
        if let Some(label) = &self.label {
            facets.add(Facet::Label, label);
        }
        if let Some(day) = self.last_day() {
            facets.add(Facet::EndDate, day);
        }
        if let Some(day) = self.recurrence_day() {
            facets.add(Facet::RecurrenceDay, &day.to_string());
        }
        for rate in &self.tax_rates {
            facets.index(Facet::TaxRateId, &rate.tax_rate_id);
        }
        for price in self.phases.iter().flat_map(|phase| &phase.price_ids) {
            facets.index(Facet::PriceId, price);
        }
        for (key, value) in &self.custom_fields {
            facets.index(Facet::Custom, &format!("{key}\0{value}"));
        }
        if self.archived_at.is_some() {
            facets.index(Facet::Archived, "true");
        }
    }
}
