//! The checks of the terms that prices and list prices share.

use serde_json::{Map, Value};

use crate::assumptions::A4;
use crate::records::{Kind, UsageMetric};

use super::super::call::Call;
use super::super::problem::Problem;
use super::super::resource;
use super::structure;

/// Refuses a new price of an archived product, which `field` of the body leads to.
pub(in super::super) fn check_product(call: &Call<'_, '_>, field: &str, id: &str) -> Result<(), Problem> {
    let product = call.tx.map(Kind::Product, id).unwrap_or_default();
    if product.contains_key("archivedAt") {
        return Err(Problem::illegal_state(format!(
            "body.{field}: the product {id} is archived and accepts no new prices."
        )));
    }
    Ok(())
}

/// Refuses terms that could not be billed.
pub(in super::super) fn check(call: &mut Call<'_, '_>, map: &Map<String, Value>) -> Result<(), Problem> {
    let structure = map.get("structure").unwrap_or(&Value::Null);
    structure::read(structure)
        .and_then(|structure| structure.validate())
        .map_err(|error| Problem::at("body.structure", error))?;
    let text = |name: &str| map.get(name).and_then(Value::as_str).unwrap_or_default();
    check_billing_type(text("billingType"), structure)?;
    check_calculation_period(map.get("usageCalculationPeriod"), structure)?;
    check_seats(call, structure)?;
    check_metric(call, structure)?;
    check_parameters(call, map, structure)
}

/// Refuses usage that would be billed before it is known.
fn check_billing_type(billing_type: &str, structure: &Value) -> Result<(), Problem> {
    let pricing_type = structure["pricingType"].as_str().unwrap_or_default();
    let is_usage = matches!(pricing_type, "LINEAR" | "PACKAGE" | "GRADUATED" | "VOLUME");
    if is_usage && billing_type == "IN_ADVANCE" {
        return Err(Problem::invalid(format!(
            "body.billingType: {pricing_type} prices bill usage. Send IN_ARREARS."
        )));
    }
    Ok(())
}

fn check_calculation_period(period: Option<&Value>, structure: &Value) -> Result<(), Problem> {
    let is_periodic = structure["usageCalculationMode"] == "PERIODIC";
    match period {
        None if is_periodic => Err(Problem::invalid(
            "body.usageCalculationPeriod: usage in mode PERIODIC is calculated by periods. Send their frequency and interval.",
        )),
        Some(period) if period["interval"].as_i64().is_some_and(|interval| interval < 1) => {
            Err(Problem::invalid(format!(
                "body.usageCalculationPeriod.interval: {} is below 1. Send a number of periods.",
                period["interval"]
            )))
        }
        _ => Ok(()),
    }
}

fn check_seats(call: &Call<'_, '_>, structure: &Value) -> Result<(), Problem> {
    if structure["prorationStrategy"] == "USE_FIRST" {
        return Err(Problem::not_emulated(
            "body.structure.prorationStrategy: no source describes USE_FIRST. Send another strategy.",
        ));
    }
    match structure["contractedMinimumSeats"].as_i64() {
        Some(seats) if seats < 0 => Err(Problem::invalid(format!(
            "body.structure.{}: {seats} is negative. Send the number of seats that the contract commits to.",
            sent_name(call, "contractedMinimumSeats", "includedSeats")
        ))),
        _ => Ok(()),
    }
}

/// Refuses a metric that does not exist or was deleted (A4).
fn check_metric(call: &mut Call<'_, '_>, structure: &Value) -> Result<(), Problem> {
    let seats = sent_name(call, "seatMetricId", "seatTypeId");
    for (field, kind, sent) in [
        ("usageMetricId", Kind::UsageMetric, "usageMetricId"),
        ("seatMetricId", Kind::SeatMetric, seats),
    ] {
        if let Some(id) = structure[field].as_str() {
            resource::check_reference(call, &format!("structure.{sent}"), kind, id)?;
        }
    }
    Ok(())
}

/// Refuses values for parameters that the metric does not have (A4). Only `CUSTOM` metrics have any.
fn check_parameters(call: &Call<'_, '_>, map: &Map<String, Value>, structure: &Value) -> Result<(), Problem> {
    let values = map.get("customMetricParameters").and_then(Value::as_array);
    for (i, value) in values.into_iter().flatten().enumerate() {
        let metric = structure["usageMetricId"].as_str();
        let metric: Option<UsageMetric> = metric.and_then(|id| call.tx.get(id));
        let mut known = metric.iter().flat_map(|metric| &metric.parameters);
        if !known.any(|known| known["id"] == value["parameterId"]) {
            let list = if call.body.contains_key("parameters") {
                "parameters"
            } else {
                "customMetricParameters"
            };
            return Err(Problem::invalid(format!(
                "body.{list}[{i}].parameterId: the metric of the price has no parameter {}. Leave it out.",
                value["parameterId"]
            ))
            .assuming(A4));
        }
    }
    Ok(())
}

/// The name under which a member of the structure was sent; the oldest version has others.
fn sent_name(call: &Call<'_, '_>, name: &'static str, oldest: &'static str) -> &'static str {
    let structure = call.body.get("structure");
    if structure.is_some_and(|structure| structure.get(oldest).is_some()) {
        oldest
    } else {
        name
    }
}
