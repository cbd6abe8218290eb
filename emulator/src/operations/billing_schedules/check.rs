//! What a schedule has to fulfil before it is stored.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde_json::Value;

use crate::assumptions::A16;
use crate::billing::period::{Phase, RecurrencePreference, Timeline};
use crate::billing::price::not_negative;
use crate::billing::{Error, Period};
use crate::records::Kind;

use super::super::call::Call;
use super::super::prices::terms;
use super::super::problem::Problem;
use super::super::resource;
use super::input::{Input, MinimumInput, PhaseInput};
use super::{grants, phases};

/// Checks the body. `schedule` is the schedule that it replaces.
pub(super) fn all(call: &mut Call<'_, '_>, input: &Input, schedule: Option<&str>) -> Result<(), Problem> {
    dates(input)?;
    tax_rates(call, input)?;
    for (i, phase) in input.phases.iter().enumerate() {
        let path = format!("phases[{i}]");
        prices(call, phase, &path)?;
        metadata(phase, &path)?;
        for (j, discount) in phase.discounts.iter().enumerate() {
            phases::check_discount(call, discount, &format!("{path}.discounts[{j}]"))?;
        }
        for (j, minimum) in phase.minimums.iter().enumerate() {
            check_minimum(call, minimum, &format!("{path}.minimums[{j}]"))?;
        }
    }
    currency(call, input)?;
    grants::check(call, input, schedule)
}

/// Periods that do not end before they start, and phases without gaps (A43).
fn dates(input: &Input) -> Result<(), Problem> {
    check_period(&input.start_date, input.end_date.as_deref(), "body")?;
    for (i, phase) in input.phases.iter().enumerate() {
        check_period(
            &phase.start_date,
            phase.end_date.as_deref(),
            &format!("body.phases[{i}]"),
        )?;
    }
    let phases = input.phases.iter().map(|phase| Phase {
        start: day(&phase.start_date),
        end: phase.end_date.as_deref().map(day),
        recurrence: RecurrencePreference::Continue,
    });
    let phases: Vec<Phase> = phases.collect();
    match Timeline::new(&phases, input.recurrence_day_of_month) {
        Ok(_) => Ok(()),
        Err(error) => {
            let path = match error {
                Error::PhaseGap { phase } => format!("body.phases[{phase}].startDate"),
                Error::DayOfMonth(_) => "body.recurrenceDayOfMonth".to_owned(),
                _ => "body.phases".to_owned(),
            };
            Err(Problem::at(&path, error))
        }
    }
}

fn check_period(start: &str, end: Option<&str>, path: &str) -> Result<(), Problem> {
    let Some(end) = end else { return Ok(()) };
    match Period::new(day(start), day(end)) {
        Ok(_) => Ok(()),
        Err(error) => Err(Problem::at(&format!("{path}.endDate"), error)),
    }
}

/// A day of a body or record, which is known to be one.
pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap_or_default()
}

fn tax_rates(call: &mut Call<'_, '_>, input: &Input) -> Result<(), Problem> {
    let mut taxed = BTreeSet::new();
    for (i, rate) in input.tax_rates.iter().enumerate() {
        let path = format!("taxRates[{i}]");
        resource::check_reference(call, &format!("{path}.priceId"), Kind::Price, &rate.price_id)?;
        resource::check_reference(
            call,
            &format!("{path}.taxRateId"),
            Kind::TaxRate,
            &rate.tax_rate_id,
        )?;
        if !taxed.insert(&rate.price_id) {
            return Err(Problem::invalid(format!(
                "body.{path}.priceId: the price {} has a tax rate already. Send one rate for each price.",
                rate.price_id
            )));
        }
    }
    Ok(())
}

/// Prices that exist and can be used, and list prices of products that accept new prices.
fn prices(call: &mut Call<'_, '_>, phase: &PhaseInput, path: &str) -> Result<(), Problem> {
    for (i, price) in phase.price_ids.iter().enumerate() {
        let path = format!("{path}.priceIds[{i}]");
        resource::check_reference(call, &path, Kind::Price, price)?;
        if text(call, Kind::Price, price, "status").as_deref() == Some("DRAFT") {
            return Err(Problem::illegal_state(format!(
                "body.{path}: the price {price} is a draft and cannot be used yet. Send one that is ACTIVE."
            )));
        }
    }
    for (i, list_price) in phase.list_price_ids.iter().enumerate() {
        let path = format!("{path}.listPriceIds[{i}]");
        resource::check_reference(call, &path, Kind::ListPrice, list_price)?;
        let product = text(call, Kind::ListPrice, list_price, "productId").unwrap_or_default();
        terms::check_product(call, &path, &product)?;
    }
    Ok(())
}

/// Metadata about prices of the phase.
fn metadata(phase: &PhaseInput, path: &str) -> Result<(), Problem> {
    let refuse = |field: String, list: &str| {
        Err(Problem::invalid(format!(
            "body.{path}.{field}: is not in {list} of the phase. Add it there, or leave the entry out."
        )))
    };
    for (i, metadata) in phase.phase_price_metadata.iter().enumerate() {
        if !phase.price_ids.contains(&metadata.price_id) {
            return refuse(format!("phasePriceMetadata[{i}].priceId"), "`priceIds`");
        }
    }
    for (i, metadata) in phase.phase_list_price_metadata.iter().enumerate() {
        if !phase.list_price_ids.contains(&metadata.list_price_id) {
            return refuse(
                format!("phaseListPriceMetadata[{i}].listPriceId"),
                "`listPriceIds`",
            );
        }
    }
    Ok(())
}

fn check_minimum(call: &mut Call<'_, '_>, minimum: &MinimumInput, path: &str) -> Result<(), Problem> {
    restriction(call, &minimum.restrict_to_prices, path)?;
    not_negative("amount", minimum.amount).map_err(|error| Problem::at(&format!("body.{path}.amount"), error))
}

/// Refuses prices that do not exist (A4).
pub(super) fn restriction(call: &mut Call<'_, '_>, prices: &[String], path: &str) -> Result<(), Problem> {
    for (i, price) in prices.iter().enumerate() {
        resource::check_reference(call, &format!("{path}.restrictToPrices[{i}]"), Kind::Price, price)?;
    }
    Ok(())
}

/// Refuses prices in different currencies (A16).
fn currency(call: &Call<'_, '_>, input: &Input) -> Result<(), Problem> {
    let mut first: Option<String> = None;
    for (i, phase) in input.phases.iter().enumerate() {
        for (field, kind, ids) in [
            ("priceIds", Kind::Price, &phase.price_ids),
            ("listPriceIds", Kind::ListPrice, &phase.list_price_ids),
        ] {
            for (j, id) in ids.iter().enumerate() {
                let currency = text(call, kind, id, "currency").unwrap_or_default();
                let first = first.get_or_insert_with(|| currency.clone());
                if *first != currency {
                    return Err(Problem::invalid(format!(
                        "body.phases[{i}].{field}[{j}]: the {} {id} is in {currency}, and the first one in {first}. \
                         Send prices in one currency.",
                        kind.name()
                    ))
                    .assuming(A16));
                }
            }
        }
    }
    Ok(())
}

/// A text of a record.
pub(super) fn text(call: &Call<'_, '_>, kind: Kind, id: &str, field: &str) -> Option<String> {
    let record = call.tx.map(kind, id)?;
    record.get(field).and_then(Value::as_str).map(str::to_owned)
}
