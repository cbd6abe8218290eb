//! What holds of grants, their ledgers and the invoices that use them after every move.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use sequencehq_emulator::operations::World;
use sequencehq_emulator::records::{CreditGrant, CreditTransaction, Facet, Invoice, InvoiceStatus};

use super::calls::lines_of;

/// The balance of a grant is the sum of its ledger, and its use that of the invoices.
pub(super) fn check(world: &World, invoices: &[Invoice], today: NaiveDate) {
    let grants: Vec<CreditGrant> = world.store().read(|state| state.all());
    for grant in grants {
        let rows: Vec<CreditTransaction> = world
            .store()
            .read(|state| state.all_with(Facet::GrantId, &grant.id));
        let signed = |row: &CreditTransaction| -> Decimal {
            let amount: Decimal = row.amount.parse().expect("a decimal");
            if row.transaction_type == "DEBIT" {
                -amount
            } else {
                amount
            }
        };
        let sum: Decimal = rows.iter().map(signed).sum();
        assert_eq!(sum, grant.booked.balance, "{rows:#?}");
        assert!(grant.booked.balance >= Decimal::ZERO);
        reserved(&grant, invoices, today);
        for invoice in invoices {
            restricted(world, &grant, invoice);
            let of_invoice = rows
                .iter()
                .filter(|row| row.invoice_id.as_ref() == Some(&invoice.id));
            let used: Decimal = of_invoice.map(signed).sum();
            let credit = invoice
                .credits
                .iter()
                .filter(|credit| credit.grant_id == grant.id);
            let shown: Decimal = credit.map(|credit| credit.debit()).sum();
            match invoice.status {
                InvoiceStatus::Final | InvoiceStatus::Sent => assert_eq!(-used, shown),
                // What would have lapsed in the meantime does not come back.
                InvoiceStatus::Voided => assert!(-shown <= used && used <= Decimal::ZERO),
                InvoiceStatus::InProgress | InvoiceStatus::Draft => assert_eq!(used, Decimal::ZERO),
            }
        }
    }
}

/// Drafts promise no more of a grant than there is, unless it lapsed since.
fn reserved(grant: &CreditGrant, invoices: &[Invoice], today: NaiveDate) {
    let last = grant
        .expiry_date
        .as_ref()
        .or(grant.phase.as_ref().and_then(|phase| phase.end_date.as_ref()));
    let refreshes = grant
        .phase
        .as_ref()
        .is_some_and(|phase| phase.grant_refresh_frequency != "NONE");
    if refreshes || last.is_some_and(|last| *last < today.to_string()) {
        return;
    }
    let drafts = invoices
        .iter()
        .filter(|invoice| invoice.status == InvoiceStatus::Draft);
    let promised = drafts
        .flat_map(|draft| &draft.credits)
        .filter(|credit| credit.grant_id == grant.id);
    let promised: Decimal = promised.map(|credit| credit.debit()).sum();
    assert!(promised <= grant.booked.balance, "{promised} of {grant:?}");
}

/// A grant for some prices pays for no more than their lines.
fn restricted(world: &World, grant: &CreditGrant, invoice: &Invoice) {
    let prices = grant.phase.iter().flat_map(|phase| &phase.restrict_to_prices);
    let prices: Vec<&String> = prices.collect();
    if prices.is_empty() || invoice.credits.iter().all(|credit| credit.grant_id != grant.id) {
        return;
    }
    let lines = lines_of(world, &invoice.id);
    let covered = lines.iter().filter(|line| {
        let price = line.text("priceId");
        prices.iter().any(|one| price == Some(one.as_str()))
    });
    let covered: Decimal = covered
        .map(|line| line.amounts.net_total.max(Decimal::ZERO))
        .sum();
    let paid = lines
        .iter()
        .filter(|line| line.text("creditGrantId") == Some(&grant.id));
    let paid: Decimal = paid.map(|line| -line.amounts.net_total).sum();
    assert!(paid <= covered, "{paid} for {covered}: {lines:#?}");
}
