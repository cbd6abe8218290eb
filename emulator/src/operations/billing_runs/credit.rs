//! The credit of customers on invoices of schedules.
//!
//! An upcoming invoice shows the credit that it would use. A draft reserves it: other invoices cannot use it, but it is
//! booked only when the draft becomes final. What of it lapsed until then is not used: the draft has no claim on what was
//! granted since. A voided invoice gives it back.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::billing::Result;
use crate::billing::credit::{Grant, GrantAccount, GrantState, Unit};
use crate::billing::invoice::{Consumed, reduced_credit};
use crate::billing::money::{self, Currency, Totals};
use crate::records::{
    BillingSchedule, CreditGrant, Facet, GrantPhase, Invoice, InvoiceCredit, InvoiceLineItem, InvoiceStatus,
    Kind,
};
use crate::store::{Row, State, Tx};

use super::super::credits::ledger;
use super::super::documents::{amounts, lines_of, renumber};
use super::super::problem::Problem;
use super::stale;
use super::terms::Terms;

/// The credit that an invoice with these sections can use today.
pub(super) fn accounts(state: &State, invoice: &Invoice, sections: &[Terms]) -> Vec<GrantAccount> {
    let grants: Vec<CreditGrant> = state.all_with(Facet::CustomerId, &invoice.customer_id);
    let usable = grants
        .into_iter()
        .filter(|grant| !ledger::is_drafted(state, grant));
    usable
        .filter_map(|grant| {
            let account = ledger::account(&grant, state.today()).ok()?;
            let terms = restricted(state, &grant, account.grant(), sections)?;
            let reserved = reserved(state, &account, &invoice.id)?;
            without(&account, terms, reserved).ok()
        })
        .collect()
}

/// The terms of a grant for an invoice; `None` if it covers nothing there. A grant of a phase covers the prices of this phase
/// only, and of those after it if it rolls over into them.
fn restricted(state: &State, grant: &CreditGrant, terms: &Grant, sections: &[Terms]) -> Option<Grant> {
    let mut terms = terms.clone();
    let phase = grant
        .phase
        .as_ref()
        .filter(|phase| phase.restrict_to_prices.is_empty());
    let Some(phase) = phase else {
        return Some(terms);
    };
    let covered = covered(state, phase);
    let of_phase = |section: &&Terms| {
        let is_covered = covered.iter().any(|(id, _)| *id == section.phase_id);
        section.schedule_id == phase.billing_schedule_id && is_covered
    };
    let fitting = sections.iter().filter(of_phase).count();
    // Without a restriction, a top-up to a minimum of all prices is covered too.
    if fitting < sections.len() {
        terms.restrict_to_prices = covered.iter().flat_map(|(_, prices)| prices.clone()).collect();
    }
    (fitting > 0).then_some(terms)
}

/// The phases that a grant of a phase covers, with their prices.
fn covered(state: &State, phase: &GrantPhase) -> Vec<(String, Vec<String>)> {
    let schedule: Option<BillingSchedule> = state.get(&phase.billing_schedule_id);
    let phases = schedule.into_iter().flat_map(|schedule| schedule.phases);
    let phases = phases.skip_while(|one| one.id != phase.phase_id);
    let count = match phase.rollover_mode.as_str() {
        "ON_GRANT_REFRESH_AND_PHASE" => usize::MAX,
        _ => 1,
    };
    phases
        .take(count)
        .map(|phase| (phase.id, phase.price_ids))
        .collect()
}

/// What drafts other than the invoice reserve of a grant.
fn reserved(state: &State, account: &GrantAccount, invoice: &str) -> Option<Decimal> {
    let grant = &account.grant().id;
    let drafts = state.rows_with(Kind::Invoice, Facet::GrantId, grant);
    let drafts = drafts.filter(|row| row.id() != invoice).map(Row::read::<Invoice>);
    let credits = drafts.flat_map(|draft| draft.credits);
    let debits = credits
        .filter(|credit| credit.grant_id == *grant && !has_lapsed(account, credit))
        .map(|credit| credit.debit());
    money::sum(debits).ok()
}

/// Whether the credit that a draft reserves has lapsed since it was calculated.
fn has_lapsed(account: &GrantAccount, credit: &InvoiceCredit) -> bool {
    account.has_lapsed_since(credit.calculated_on).unwrap_or(false)
}

/// The account with less of its balance.
fn without(account: &GrantAccount, terms: Grant, reserved: Decimal) -> Result<GrantAccount> {
    let state = account.state();
    let balance = money::sum([state.balance, -reserved.min(state.balance)])?;
    GrantAccount::restore(terms, GrantState { balance, ..state })
}

/// The credit of a calculated invoice, with the ids of its lines.
pub(super) fn used(consumed: &[Consumed], lines: &[InvoiceLineItem], today: NaiveDate) -> Vec<InvoiceCredit> {
    let credits = consumed.iter().map(|consumed| {
        let lines = lines
            .iter()
            .filter(|line| line.text("creditGrantId") == Some(&consumed.grant_id));
        InvoiceCredit {
            grant_id: consumed.grant_id.clone(),
            units: consumed.units,
            amount: consumed.amount,
            tax_amount: consumed.tax_amount,
            line_ids: lines.map(|line| line.id.clone()).collect(),
            calculated_on: today,
        }
    });
    credits.collect()
}

/// Books the credit of a draft that becomes final. Lines that were changed by a person count as they are.
pub(in super::super) fn book(tx: &mut Tx<'_>, invoice: &mut Invoice) -> Result<(), Problem> {
    let credits = std::mem::take(&mut invoice.credits);
    if credits.is_empty() {
        return Ok(());
    }
    for mut credit in credits {
        let mut lines = lines_of::<Invoice>(tx, &invoice.id);
        lines.retain(|line| credit.line_ids.contains(&line.id));
        if lines.is_empty() && !credit.line_ids.is_empty() {
            continue; // Its lines were deleted.
        }
        write(&mut credit, &lines)?;
        let grant: Option<CreditGrant> = tx.get(&credit.grant_id);
        let left = grant
            .as_ref()
            .map_or(Decimal::ZERO, |grant| left(tx, grant, &credit, &invoice.currency));
        if left < credit.debit() {
            reduce(
                tx,
                &mut credit,
                lines,
                left,
                amounts::currency(&invoice.currency)?,
            )?;
        }
        if let Some(grant) = grant.filter(|_| credit.debit() > Decimal::ZERO) {
            ledger::debit(tx, grant, credit.debit(), invoice)?;
            invoice.credits.push(credit);
        }
    }
    renumber::<Invoice>(tx, &invoice.id);
    amounts::resum(tx, invoice)?;
    stale::by_customer(tx, &invoice.customer_id);
    Ok(())
}

/// Gives back the credit of an invoice that is voided or deleted. A draft only reserves it.
pub(in super::super) fn release(tx: &mut Tx<'_>, invoice: &Invoice) -> Result<(), Problem> {
    let is_booked = matches!(invoice.status, InvoiceStatus::Final | InvoiceStatus::Sent);
    for credit in invoice.credits.iter().filter(|_| is_booked) {
        if let Some(grant) = tx.get::<CreditGrant>(&credit.grant_id) {
            ledger::give_back(tx, grant, credit.debit(), invoice)?;
        }
    }
    if !invoice.credits.is_empty() {
        stale::by_customer(tx, &invoice.customer_id);
    }
    Ok(())
}

/// What can be used of a grant today for credit that was calculated before, in whole minor units if it is money.
fn left(state: &State, grant: &CreditGrant, credit: &InvoiceCredit, currency: &str) -> Decimal {
    let today = state.today();
    let Ok(account) = ledger::account(grant, today) else {
        return Decimal::ZERO;
    };
    if has_lapsed(&account, credit) {
        return Decimal::ZERO;
    }
    let available = account.available_on(today).unwrap_or_default();
    match &account.grant().unit {
        Unit::Usage(_) => available,
        Unit::Cash(unit) if unit.code() == currency => available.trunc_with_scale(unit.minor_digits()),
        Unit::Cash(_) => Decimal::ZERO,
    }
}

/// Reduces the lines of credit to what is left of the grant.
fn reduce(
    tx: &mut Tx<'_>,
    credit: &mut InvoiceCredit,
    lines: Vec<InvoiceLineItem>,
    left: Decimal,
    currency: Currency,
) -> Result<(), Problem> {
    let totals: Vec<Totals> = lines.iter().map(|line| line.amounts.into()).collect();
    let reduced = reduced_credit(&totals, credit.debit(), left, currency)?;
    let mut kept = Vec::new();
    for (mut line, totals) in lines.into_iter().zip(reduced) {
        if totals.net.is_zero() {
            tx.remove(Kind::InvoiceLineItem, &line.id);
            continue;
        }
        (line.quantity, line.rate) = (Decimal::ONE, totals.net);
        line.amounts = totals.into();
        tx.put(&line);
        kept.push(line);
    }
    credit.units = credit.units.map(|_| left);
    write(credit, &kept)
}

/// Writes the amounts of credit as its lines have them.
fn write(credit: &mut InvoiceCredit, lines: &[InvoiceLineItem]) -> Result<(), Problem> {
    credit.amount = money::sum(lines.iter().map(|line| -line.amounts.net_total))?;
    credit.tax_amount = money::sum(lines.iter().map(|line| -line.amounts.total_tax))?;
    Ok(())
}
