//! Phases with their discounts and minimums, as they are stored.

use crate::records::{BillingSchedule, Discount, Facet, Kind, Phase, PhaseMinimum, PriceMetadata};
use crate::store::State;

use super::super::call::Call;
use super::super::discounts;
use super::super::problem::Problem;
use super::input::{DiscountInput, PhaseInput};
use super::{check, list_prices};

/// Replaces the phases. One that starts on the day of a former one keeps its id.
pub(super) fn replace(call: &mut Call<'_, '_>, schedule: &mut BillingSchedule, inputs: &[PhaseInput]) {
    let former = std::mem::take(&mut schedule.phases);
    for input in inputs {
        let known = former.iter().find(|phase| phase.start_date == input.start_date);
        let phase = phase(call, input, known);
        schedule.phases.push(phase);
    }
    for discount in of_schedule(call.tx, &schedule.id) {
        if discount.phase_id.is_some() {
            call.tx.remove(Kind::Discount, &discount.id);
        }
    }
    for (place, input) in inputs.iter().enumerate() {
        for discount in &input.discounts {
            let discount = Discount {
                id: call.tx.new_id(),
                sequence_account_id: schedule.sequence_account_id.clone(),
                billing_schedule_id: schedule.id.clone(),
                phase_id: Some(schedule.phases[place].id.clone()),
                ..terms(call, discount)
            };
            call.tx.put(&discount);
        }
    }
}

fn phase(call: &mut Call<'_, '_>, input: &PhaseInput, known: Option<&Phase>) -> Phase {
    let now = call.tx.now_text();
    let mut phase = Phase {
        id: match known {
            Some(known) => known.id.clone(),
            None => call.tx.new_id(),
        },
        name: input.name.clone(),
        external_contract_ref: contract(input.external_contract_ref.as_deref()),
        created_at: known.map_or(now.clone(), |known| known.created_at.clone()),
        price_ids: input.price_ids.clone(),
        start_date: input.start_date.clone(),
        end_date: input.end_date.clone(),
        minimums: Vec::new(),
        recurrence_preference: input
            .recurrence_preference
            .clone()
            .unwrap_or_else(|| "CONTINUE_FROM_PREVIOUS_PHASE".to_owned()),
        phase_price_metadata: input.phase_price_metadata.clone(),
    };
    for minimum in &input.minimums {
        phase.minimums.push(PhaseMinimum {
            id: call.tx.new_id(),
            amount: minimum.amount.normalize(),
            restrict_to_prices: minimum.restrict_to_prices.clone(),
            created_at: now.clone(),
        });
    }
    for list_price in &input.list_price_ids {
        let price_id = list_prices::price(call, list_price);
        let metadata = input.phase_list_price_metadata.iter();
        for metadata in metadata.filter(|one| one.list_price_id == *list_price) {
            phase.phase_price_metadata.push(PriceMetadata {
                price_id: price_id.clone(),
                arr_calculation: metadata.arr_calculation.clone(),
            });
        }
        phase.price_ids.push(price_id);
    }
    phase
}

/// Gives the phases of a copy, and their minimums, new ids, and copies the discounts.
pub(super) fn duplicate(call: &mut Call<'_, '_>, original: &BillingSchedule, copy: &mut BillingSchedule) {
    let now = call.tx.now_text();
    for phase in &mut copy.phases {
        phase.id = call.tx.new_id();
        phase.created_at.clone_from(&now);
        for minimum in &mut phase.minimums {
            minimum.id = call.tx.new_id();
            minimum.created_at.clone_from(&now);
        }
    }
    for discount in of_schedule(call.tx, &original.id) {
        let phase = discount
            .phase_id
            .as_deref()
            .and_then(|id| copied(id, original, copy));
        let discount = Discount {
            id: call.tx.new_id(),
            billing_schedule_id: copy.id.clone(),
            phase_id: phase.map(|phase| phase.id.clone()),
            created_at: now.clone(),
            updated_at: now.clone(),
            ..discount
        };
        call.tx.put(&discount);
    }
}

/// The copy of the phase with this id.
pub(super) fn copied<'c>(
    id: &str,
    original: &BillingSchedule,
    copy: &'c BillingSchedule,
) -> Option<&'c Phase> {
    let place = original.phases.iter().position(|phase| phase.id == id)?;
    copy.phases.get(place)
}

/// The reference to a contract without the spaces around it; `None` if nothing is left.
fn contract(reference: Option<&str>) -> Option<String> {
    let trimmed = reference.map(str::trim).filter(|text| !text.is_empty());
    trimmed.map(str::to_owned)
}

/// The discounts of a schedule, oldest first.
pub(super) fn of_schedule(state: &State, schedule: &str) -> Vec<Discount> {
    state.all_with(Facet::BillingScheduleId, schedule)
}

/// Refuses a discount that cannot be billed. `path` is its place in the body.
pub(super) fn check_discount(
    call: &mut Call<'_, '_>,
    input: &DiscountInput,
    path: &str,
) -> Result<(), Problem> {
    check::restriction(call, &input.restrict_to_prices, path)?;
    discounts::check(&terms(call, input), &format!("body.{path}"))
}

/// A discount that has no id and belongs to no phase yet.
fn terms(call: &Call<'_, '_>, input: &DiscountInput) -> Discount {
    let now = call.tx.now_text();
    Discount {
        id: String::new(),
        sequence_account_id: String::new(),
        billing_schedule_id: String::new(),
        phase_id: None,
        price_ids: input.restrict_to_prices.clone(),
        separate_line_item: input.separate_line_item,
        amount: input.amount.normalize(),
        discount_calculation_type: input.calculation.clone(),
        message: input.message.clone(),
        valid_from: None,
        valid_to: None,
        seat_discount_type: input
            .seat_discount_type
            .clone()
            .unwrap_or_else(|| "ALL_SEATS".to_owned()),
        created_at: now.clone(),
        updated_at: now,
    }
}
