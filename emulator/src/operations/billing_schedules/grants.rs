//! Credit grants of phases.
//!
//! If no phase of a replacement names grants, they all stay. Otherwise it names all of them: those without an id are
//! created, those with one stay as they are, and the others are removed.

use std::collections::{BTreeMap, BTreeSet};

use crate::assumptions::{A4, A42};
use crate::billing::price::not_negative;
use crate::records::{BillingSchedule, CreditGrant, Facet, GrantBooked, GrantPhase, Kind, Phase};
use crate::store::State;

use super::super::call::Call;
use super::super::credits::ledger;
use super::super::problem::Problem;
use super::super::resource;
use super::input::{GrantInput, Input, PhaseInput};
use super::{check, phases};

/// Checks the grants of a body. `schedule` is the schedule that it replaces.
pub(super) fn check(call: &mut Call<'_, '_>, input: &Input, schedule: Option<&str>) -> Result<(), Problem> {
    let known = schedule.map(|id| of_schedule(call.tx, id)).unwrap_or_default();
    let mut kept = BTreeSet::new();
    for (path, phase, grant) in named(&input.phases) {
        let Some(id) = &grant.id else {
            check_new(call, phase, grant, &path)?;
            continue;
        };
        if known.iter().all(|known| known.id != *id) {
            return Err(Problem::invalid(format!(
                "body.{path}.id: the billing schedule has no credit grant {id}. Leave the id out to create one."
            ))
            .assuming(A4));
        }
        if !kept.insert(id.as_str()) {
            return Err(Problem::invalid(format!(
                "body.{path}.id: the credit grant {id} is named twice. Name it in one phase."
            )));
        }
    }
    if !names_grants(&input.phases) {
        return Ok(());
    }
    let mut removed = known.iter().filter(|grant| !kept.contains(grant.id.as_str()));
    let used = removed.find_map(|grant| Some((grant, ledger::used_by(call.tx, &grant.id)?)));
    match used {
        Some((grant, invoice)) => Err(Problem::illegal_state(format!(
            "body.phases: the credit grant {} is missing, but the invoice {invoice} used it. Name it with its id, or delete it \
             with DELETE /credits/{} first.",
            grant.id, grant.id
        ))
        .assuming(A42)),
        None => Ok(()),
    }
}

fn check_new(
    call: &mut Call<'_, '_>,
    phase: &PhaseInput,
    grant: &GrantInput,
    path: &str,
) -> Result<(), Problem> {
    check::restriction(call, &grant.restrict_to_prices, path)?;
    if let Some(tax_rate) = &grant.tax_rate_id {
        resource::check_reference(call, &format!("{path}.taxRateId"), Kind::TaxRate, tax_rate)?;
    }
    for (field, amount) in [("amount", grant.amount), ("costOfCredit", grant.cost_of_credit)] {
        not_negative(field, amount).map_err(|error| Problem::at(&format!("body.{path}.{field}"), error))?;
    }
    if grant.credit_unit_type == "CURRENCY" {
        return match grant.currency {
            Some(_) => Ok(()),
            None => Err(Problem::invalid(format!(
                "body.{path}.currency: is missing. A CURRENCY grant needs one."
            ))),
        };
    }
    let mut metrics = metrics(call, Kind::Price, covered(grant, &phase.price_ids));
    if grant.restrict_to_prices.is_empty() {
        metrics.extend(self::metrics(call, Kind::ListPrice, &phase.list_price_ids));
    }
    match metrics.len() {
        1 => Ok(()),
        count => Err(Problem::invalid(format!(
            "body.{path}.restrictToPrices: a METRIC grant counts units of one usage metric, but its prices have {count}. \
             Name prices that share one."
        ))),
    }
}

/// Removes, keeps and creates the grants that the body names, for phases that are stored.
pub(super) fn replace(
    call: &mut Call<'_, '_>,
    schedule: &BillingSchedule,
    inputs: &[PhaseInput],
) -> Result<(), Problem> {
    let mut kept = BTreeMap::new();
    for (input, phase) in inputs.iter().zip(&schedule.phases) {
        for grant in input.credit_grants.iter().flatten() {
            if let Some(id) = &grant.id {
                kept.insert(id.as_str(), phase);
            }
        }
    }
    let is_complete = names_grants(inputs);
    for mut grant in of_schedule(call.tx, &schedule.id) {
        let named = kept.get(grant.id.as_str()).copied();
        let phase = if is_complete {
            named
        } else {
            phase_of(schedule, &grant)
        };
        match phase {
            Some(phase) => {
                attach(&mut grant, schedule, phase);
                ledger::store(call.tx, grant)?;
            }
            None => ledger::remove(call.tx, &grant.id),
        }
    }
    let phases = inputs.iter().zip(&schedule.phases).enumerate();
    for (i, (input, phase)) in phases {
        for (j, grant) in input.credit_grants.iter().flatten().enumerate() {
            if grant.id.is_none() {
                let grant = new(call, schedule, phase, grant);
                ledger::open(call.tx, grant, &format!("body.phases[{i}].creditGrants[{j}]"))?;
            }
        }
    }
    Ok(())
}

/// Creates the grants of a schedule for its copy, with nothing used.
pub(super) fn duplicate(
    call: &mut Call<'_, '_>,
    original: &BillingSchedule,
    copy: &BillingSchedule,
) -> Result<(), Problem> {
    for grant in of_schedule(call.tx, &original.id) {
        let former = grant.phase.as_ref().map(|phase| phase.phase_id.clone());
        let phase = former.and_then(|id| phases::copied(&id, original, copy));
        let mut grant = CreditGrant {
            id: call.tx.new_id(),
            customer_id: copy.customer_id.clone(),
            created_at: call.tx.now_text(),
            ..grant
        };
        if let Some(phase) = phase {
            attach(&mut grant, copy, phase);
            ledger::open(call.tx, grant, "body")?;
        }
    }
    Ok(())
}

fn new(
    call: &mut Call<'_, '_>,
    schedule: &BillingSchedule,
    phase: &Phase,
    input: &GrantInput,
) -> CreditGrant {
    let is_metered = input.credit_unit_type == "METRIC";
    let mut metrics = metrics(call, Kind::Price, covered(input, &phase.price_ids));
    let of_prices = || {
        let mut prices = schedule.phases.iter().flat_map(|phase| &phase.price_ids);
        prices.find_map(|price| check::text(call, Kind::Price, price, "currency"))
    };
    let currency = input.currency.clone().or_else(of_prices);
    CreditGrant {
        id: call.tx.new_id(),
        sequence_account_id: schedule.sequence_account_id.clone(),
        customer_id: schedule.customer_id.clone(),
        name: input.name.clone(),
        credit_unit_type: input.credit_unit_type.clone(),
        currency: currency.unwrap_or_default(),
        metric_id: metrics.pop_first().filter(|_| is_metered),
        amount: input.amount.normalize(),
        cost_of_credit: input.cost_of_credit.normalize(),
        tax_rate_id: input.tax_rate_id.clone(),
        effective_date: Some(phase.start_date.clone()),
        expiry_date: None,
        created_at: call.tx.now_text(),
        credit_note_id: None,
        phase: Some(GrantPhase {
            billing_schedule_id: schedule.id.clone(),
            phase_id: phase.id.clone(),
            end_date: phase.end_date.clone(),
            grant_refresh_frequency: input.grant_refresh_frequency.clone(),
            rollover_mode: input.rollover_mode.clone(),
            restrict_to_prices: input.restrict_to_prices.clone(),
        }),
        booked: GrantBooked::default(),
        next_day: None,
    }
}

/// Makes the grant one of the phase, which it ends with.
fn attach(grant: &mut CreditGrant, schedule: &BillingSchedule, phase: &Phase) {
    if let Some(of) = &mut grant.phase {
        of.billing_schedule_id = schedule.id.clone();
        of.phase_id = phase.id.clone();
        of.end_date = phase.end_date.clone();
    }
}

/// The phase of a grant that is not named: the one that it had. If that is gone, the one that its first day lies in.
fn phase_of<'s>(schedule: &'s BillingSchedule, grant: &CreditGrant) -> Option<&'s Phase> {
    let former = grant.phase.as_ref().map(|phase| phase.phase_id.as_str());
    let first_day = grant.effective_date.as_deref().unwrap_or_default();
    let mut phases = schedule.phases.iter();
    let same = phases.clone().find(|phase| Some(phase.id.as_str()) == former);
    same.or_else(|| phases.rfind(|phase| phase.start_date.as_str() <= first_day))
        .or(schedule.phases.first())
}

/// The grants of a schedule, oldest first.
pub(super) fn of_schedule(state: &State, schedule: &str) -> Vec<CreditGrant> {
    state.all_with(Facet::BillingScheduleId, schedule)
}

/// The grants of a body, each with its path and its phase.
fn named(phases: &[PhaseInput]) -> impl Iterator<Item = (String, &PhaseInput, &GrantInput)> {
    phases.iter().enumerate().flat_map(|(i, phase)| {
        let grants = phase.credit_grants.iter().flatten().enumerate();
        grants.map(move |(j, grant)| (format!("phases[{i}].creditGrants[{j}]"), phase, grant))
    })
}

fn names_grants(phases: &[PhaseInput]) -> bool {
    phases.iter().any(|phase| phase.credit_grants.is_some())
}

/// The prices that can use a grant.
fn covered<'a>(grant: &'a GrantInput, phase: &'a [String]) -> &'a [String] {
    if grant.restrict_to_prices.is_empty() {
        phase
    } else {
        &grant.restrict_to_prices
    }
}

/// The usage metrics of prices.
fn metrics(call: &Call<'_, '_>, kind: Kind, prices: &[String]) -> BTreeSet<String> {
    let structures = prices
        .iter()
        .filter_map(|price| call.tx.map(kind, price)?.remove("structure"));
    let metrics =
        structures.filter_map(|structure| structure.get("usageMetricId")?.as_str().map(str::to_owned));
    metrics.collect()
}
