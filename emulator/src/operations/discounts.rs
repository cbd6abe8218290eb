//! Discounts of billing schedules. They are created by the schedule; a change of one is a change of its schedule.

use chrono::NaiveDate;
use serde_json::json;

use crate::billing::Period;
use crate::billing::discount::{self, Calculation, SeatDiscountType};
use crate::contract::decimal_of;
use crate::records::{Discount, Kind};

use super::answer::{Answer, Outcome};
use super::billing_runs::stale;
use super::billing_schedules::status;
use super::call::Call;
use super::entry::Entry;
use super::list::{self, List, Scope};
use super::problem::Problem;
use super::resource::{self, Resource};

const DISCOUNT: Resource = Resource::of(Kind::Discount);
const DISCOUNTS: List = List::of(Kind::Discount, &[]);

pub(super) const GET: Entry = Entry::stored(|call| resource::get(call, &DISCOUNT), "document");
pub(super) const LIST: Entry = Entry::stored(
    |call| list::page(call, &DISCOUNTS, Scope::default(), |_, map| map.into()),
    "document",
);
pub(super) const UPDATE: Entry = Entry::computed(update, "document, A4, A40");
pub(super) const DELETE: Entry = Entry::computed(delete, "document, A40");

/// Replaces the terms. The phase and the kind of seats, which the body lacks, stay.
fn update(call: &mut Call<'_, '_>) -> Outcome {
    let former = existing(call)?;
    check_schedule(call, &former)?;
    let schedule = &former.billing_schedule_id;
    if call.text("billingScheduleId") != Some(schedule) {
        return Err(Problem::invalid(format!(
            "body.billingScheduleId: the discount belongs to the billing schedule {schedule}. Send its id."
        )));
    }
    let price_ids = call.texts("priceIds");
    for (i, price) in price_ids.iter().enumerate() {
        resource::check_reference(call, &format!("priceIds[{i}]"), Kind::Price, price)?;
    }
    let text = |name: &str| call.text(name).map(str::to_owned);
    let discount = Discount {
        price_ids,
        separate_line_item: call.body.get("separateLineItem") == Some(&true.into()),
        amount: call.body.get("amount").and_then(decimal_of).unwrap_or_default(),
        discount_calculation_type: text("discountCalculationType").unwrap_or_default(),
        message: text("message").unwrap_or_default(),
        valid_from: text("validFrom"),
        valid_to: text("validTo"),
        updated_at: call.tx.now_text(),
        ..former
    };
    check(&discount, "body")?;
    call.tx.put(&discount);
    announce(call, &discount);
    Ok(Answer::Json(json!(discount)))
}

fn delete(call: &mut Call<'_, '_>) -> Outcome {
    let discount = existing(call)?;
    check_schedule(call, &discount)?;
    let answer = resource::delete(call, &DISCOUNT)?;
    announce(call, &discount);
    Ok(answer)
}

fn existing(call: &Call<'_, '_>) -> Result<Discount, Problem> {
    let id = call.id();
    call.tx.get(id).ok_or_else(|| Problem::no(Kind::Discount, id))
}

/// Refuses to change the discount of a schedule that is over.
fn check_schedule(call: &Call<'_, '_>, discount: &Discount) -> Result<(), Problem> {
    let schedule = call.tx.get(&discount.billing_schedule_id);
    schedule.map_or(Ok(()), |schedule| status::check_editable(&schedule))
}

fn announce(call: &mut Call<'_, '_>, discount: &Discount) {
    let schedule = &discount.billing_schedule_id;
    stale::by_schedule(call.tx, schedule);
    call.tx
        .announce("BILLING_SCHEDULE_UPDATED", Kind::BillingSchedule, schedule);
}

/// Refuses terms that cannot be billed. `path` is their place in the body.
pub(super) fn check(discount: &Discount, path: &str) -> Result<(), Problem> {
    let terms = terms(discount);
    terms
        .validate()
        .map_err(|error| Problem::at(&format!("{path}.amount"), error))?;
    if let (Some(from), Some(to)) = (terms.valid_from, terms.valid_to) {
        Period::new(from, to).map_err(|error| Problem::at(&format!("{path}.validTo"), error))?;
    }
    Ok(())
}

/// The discount as the arithmetic reads it.
pub(super) fn terms(discount: &Discount) -> discount::Discount {
    let day = |text: &Option<String>| text.as_deref().and_then(|text| text.parse::<NaiveDate>().ok());
    discount::Discount {
        calculation: match discount.discount_calculation_type.as_str() {
            "PERCENTAGE" => Calculation::Percentage,
            _ => Calculation::Nominal,
        },
        amount: discount.amount,
        restrict_to_prices: discount.price_ids.clone(),
        separate_line_item: discount.separate_line_item,
        message: discount.message.clone(),
        seats: match discount.seat_discount_type.as_str() {
            "INCLUDED_SEATS_ONLY" => SeatDiscountType::IncludedSeatsOnly,
            "OVERAGE_SEATS_ONLY" => SeatDiscountType::OverageSeatsOnly,
            _ => SeatDiscountType::AllSeats,
        },
        valid_from: day(&discount.valid_from),
        valid_to: day(&discount.valid_to),
    }
}
