//! Bodies that create or replace a schedule.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::Value;

use crate::records::{PriceMetadata, PriceTaxRate, number};

use super::super::call::Call;
use super::super::problem::Problem;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Input {
    pub(super) start_date: String,
    pub(super) end_date: Option<String>,
    pub(super) recurrence_day_of_month: Option<u32>,
    #[serde(default)]
    pub(super) tax_rates: Vec<PriceTaxRate>,
    #[serde(default)]
    pub(super) auto_issue_invoices: bool,
    pub(super) purchase_order_number: Option<String>,
    #[serde(default)]
    pub(super) roll_up_billing: bool,
    #[serde(default)]
    pub(super) phases: Vec<PhaseInput>,
    pub(super) default_due_date_days: Option<u32>,
    pub(super) memo: Option<String>,
    pub(super) custom_fields: Option<BTreeMap<String, String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PhaseInput {
    pub(super) name: Option<String>,
    pub(super) external_contract_ref: Option<String>,
    pub(super) price_ids: Vec<String>,
    pub(super) start_date: String,
    pub(super) end_date: Option<String>,
    #[serde(default)]
    pub(super) discounts: Vec<DiscountInput>,
    #[serde(default)]
    pub(super) minimums: Vec<MinimumInput>,
    pub(super) credit_grants: Option<Vec<GrantInput>>,
    #[serde(default)]
    pub(super) list_price_ids: Vec<String>,
    pub(super) recurrence_preference: Option<String>,
    #[serde(default)]
    pub(super) phase_price_metadata: Vec<PriceMetadata>,
    #[serde(default)]
    pub(super) phase_list_price_metadata: Vec<ListPriceMetadata>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ListPriceMetadata {
    pub(super) list_price_id: String,
    pub(super) arr_calculation: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DiscountInput {
    #[serde(default)]
    pub(super) restrict_to_prices: Vec<String>,
    #[serde(rename = "type")]
    pub(super) calculation: String,
    #[serde(with = "number")]
    pub(super) amount: Decimal,
    pub(super) message: String,
    pub(super) separate_line_item: bool,
    pub(super) seat_discount_type: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct MinimumInput {
    #[serde(default)]
    pub(super) restrict_to_prices: Vec<String>,
    #[serde(with = "number")]
    pub(super) amount: Decimal,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct GrantInput {
    pub(super) id: Option<String>,
    pub(super) name: String,
    pub(super) credit_unit_type: String,
    pub(super) currency: Option<String>,
    #[serde(with = "number")]
    pub(super) amount: Decimal,
    #[serde(default, with = "number")]
    pub(super) cost_of_credit: Decimal,
    pub(super) tax_rate_id: Option<String>,
    pub(super) grant_refresh_frequency: String,
    pub(super) rollover_mode: String,
    #[serde(default)]
    pub(super) restrict_to_prices: Vec<String>,
}

/// Reads a body. Schedules without phases, which older versions have, are not emulated.
pub(super) fn read(call: &Call<'_, '_>) -> Result<Input, Problem> {
    if !call.texts("attachmentAssetIds").is_empty() {
        return Err(Problem::not_emulated(
            "body.attachmentAssetIds: the emulator has no files. Leave the list out, or send an empty one.",
        ));
    }
    // A schedule that was read has an empty list of prices beside its phases.
    let has_prices = !call.texts("priceIds").is_empty();
    for (field, is_sent) in [
        ("priceIds", has_prices),
        ("effectiveFrom", call.body.contains_key("effectiveFrom")),
    ] {
        if is_sent {
            return Err(Problem::not_emulated(format!(
                "body.{field}: the emulator only has schedules with phases. Send `phases` instead."
            )));
        }
    }
    for field in ["recurrenceDayOfMonth", "defaultDueDateDays"] {
        if let Some(days) = call
            .body
            .get(field)
            .and_then(Value::as_i64)
            .filter(|days| *days < 0)
        {
            return Err(Problem::invalid(format!(
                "body.{field}: {days} is negative. Send a positive number, or leave it out."
            )));
        }
    }
    serde_json::from_value(Value::Object(call.body.clone()))
        .map_err(|error| Problem::invalid(format!("body: {error}.")))
}
