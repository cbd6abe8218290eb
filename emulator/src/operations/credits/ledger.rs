//! The ledger of a grant: what was booked, and what is due.
//!
//! The clock books refreshes and the expiry on their day, and so does a change of the grant. Until then they are computed
//! whenever the grant is read, with the rows and the ids that they will have. So a running clock needs no timer.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;

use crate::billing::Error;
use crate::billing::credit::{Entry, EntryType, Grant, GrantAccount, GrantState, Reason, RolloverMode, Unit};
use crate::billing::period::Frequency;
use crate::records::ids::derived_id;
use crate::records::{
    CreditGrant, CreditTransaction, Facet, GrantBooked, Invoice, Kind, ScheduleStatus, time,
};
use crate::store::{State, Tx};

use super::super::billing_runs::stale;
use super::super::clock;
use super::super::problem::Problem;

/// A grant on a day.
pub(in super::super) struct Ledger {
    /// The terms.
    pub(super) grant: CreditGrant,
    /// The balance.
    pub(super) account: GrantAccount,
    /// The rows, oldest first.
    pub(in super::super) rows: Vec<CreditTransaction>,
}

impl Ledger {
    /// The ledger through a day.
    pub(in super::super) fn on(state: &State, grant: CreditGrant, day: NaiveDate) -> Result<Self, Problem> {
        let mut account = restored(&grant)?;
        let mut rows: Vec<CreditTransaction> = state.all_with(Facet::GrantId, &grant.id);
        let due = account.advance_to(day)?;
        rows.extend(numbered(&grant.id, rows.len(), &due));
        Ok(Self { grant, account, rows })
    }
}

/// The account of a grant on a day, without the rows.
pub(in super::super) fn account(grant: &CreditGrant, day: NaiveDate) -> Result<GrantAccount, Problem> {
    let mut account = restored(grant)?;
    account.advance_to(day)?;
    Ok(account)
}

/// The account as it was booked last.
fn restored(grant: &CreditGrant) -> Result<GrantAccount, Problem> {
    Ok(GrantAccount::restore(terms(grant)?, booked(&grant.booked))?)
}

/// Returns whether the grant belongs to a schedule that is not activated yet.
pub(in super::super) fn is_drafted(state: &State, grant: &CreditGrant) -> bool {
    let phase = grant.phase.as_ref();
    let schedule = phase.and_then(|phase| state.row(Kind::BillingSchedule, &phase.billing_schedule_id));
    let draft = ScheduleStatus::Draft.name();
    schedule.is_some_and(|schedule| schedule.values(Facet::Status).any(|status| status == draft))
}

/// Books the refreshes and the expiry that are due by today.
pub(in super::super) fn begin_day(tx: &mut Tx<'_>) {
    for id in clock::due(tx, Kind::CreditGrant) {
        let Some(grant) = tx.get::<CreditGrant>(&id) else {
            continue;
        };
        stale::by_customer(tx, &grant.customer_id);
        if catch_up(tx, grant.clone()).is_err() {
            // Its terms cannot be read, so that nothing is due.
            tx.put(&CreditGrant {
                next_day: None,
                ..grant
            });
        }
    }
}

/// Books the grant that `path` of the body describes, and stores it with its first row.
pub(in super::super) fn open(
    tx: &mut Tx<'_>,
    grant: CreditGrant,
    path: &str,
) -> Result<CreditGrant, Problem> {
    let (account, entries) = GrantAccount::open(terms(&grant)?).map_err(|error| {
        let field = match error {
            Error::ReversedPeriod { .. } => "expiryDate",
            _ => "amount",
        };
        Problem::at(&format!("{path}.{field}"), error)
    })?;
    book(tx, grant, &account, &entries, None)
}

/// Books what is due by today.
fn catch_up(tx: &mut Tx<'_>, grant: CreditGrant) -> Result<CreditGrant, Problem> {
    change(tx, grant, None, |account, today| account.advance_to(today))
}

/// Takes credit that an invoice uses.
pub(in super::super) fn debit(
    tx: &mut Tx<'_>,
    grant: CreditGrant,
    amount: Decimal,
    invoice: &Invoice,
) -> Result<(), Problem> {
    change(tx, grant, Some(invoice), |account, today| {
        account.debit(amount, today)
    })?;
    Ok(())
}

/// Gives credit back that a voided invoice used.
pub(in super::super) fn give_back(
    tx: &mut Tx<'_>,
    grant: CreditGrant,
    amount: Decimal,
    invoice: &Invoice,
) -> Result<(), Problem> {
    let used = day_of_use(tx, &grant.id, &invoice.id);
    change(tx, grant, Some(invoice), |account, today| {
        let given = account.give_back(amount, used.unwrap_or(today), today)?;
        Ok(given.entries)
    })?;
    Ok(())
}

/// The day on which an invoice used credit of a grant.
fn day_of_use(state: &State, grant: &str, invoice: &str) -> Option<NaiveDate> {
    let rows: Vec<CreditTransaction> = state.all_with(Facet::GrantId, grant);
    let debit = rows
        .iter()
        .find(|row| row.transaction_type == "DEBIT" && row.invoice_id.as_deref() == Some(invoice))?;
    debit.date.parse().ok()
}

fn change(
    tx: &mut Tx<'_>,
    grant: CreditGrant,
    invoice: Option<&Invoice>,
    change: impl FnOnce(&mut GrantAccount, NaiveDate) -> Result<Vec<Entry>, Error>,
) -> Result<CreditGrant, Problem> {
    let mut account = restored(&grant)?;
    let entries = change(&mut account, tx.today())?;
    book(tx, grant, &account, &entries, invoice)
}

/// Stores a grant whose terms changed.
pub(in super::super) fn store(tx: &mut Tx<'_>, mut grant: CreditGrant) -> Result<(), Problem> {
    let today = tx.today();
    grant.next_day = account(&grant, today)?.next_day(today)?;
    tx.put(&grant);
    Ok(())
}

/// Stores a grant as its account is, with new rows.
fn book(
    tx: &mut Tx<'_>,
    mut grant: CreditGrant,
    account: &GrantAccount,
    entries: &[Entry],
    invoice: Option<&Invoice>,
) -> Result<CreditGrant, Problem> {
    let state = account.state();
    grant.booked = GrantBooked {
        balance: state.balance,
        granted: state.granted,
        refreshes: state.refreshes,
        ended: state.ended,
        reached: state.reached.map(|day| day.to_string()),
    };
    store(tx, grant.clone())?;
    let count = tx
        .rows_with(Kind::CreditTransaction, Facet::GrantId, &grant.id)
        .count();
    for (mut row, entry) in numbered(&grant.id, count, entries).into_iter().zip(entries) {
        if let Some(invoice) = invoice.filter(|_| matches!(entry.reason, Reason::Used | Reason::Returned)) {
            row.invoice_id = Some(invoice.id.clone());
            row.billing_run_id = invoice.billing_run().map(str::to_owned);
        }
        tx.put(&row);
    }
    Ok(grant)
}

/// Removes a grant and its rows.
pub(in super::super) fn remove(tx: &mut Tx<'_>, grant: &str) {
    let rows: Vec<String> = tx
        .rows_with(Kind::CreditTransaction, Facet::GrantId, grant)
        .map(|row| row.id().to_owned())
        .collect();
    tx.remove(Kind::CreditGrant, grant);
    for row in rows {
        tx.remove(Kind::CreditTransaction, &row);
    }
}

/// An invoice that used the grant and did not give anything back.
pub(in super::super) fn used_by(state: &State, grant: &str) -> Option<String> {
    let rows: Vec<CreditTransaction> = state.all_with(Facet::GrantId, grant);
    let of = |wanted: &'static str| {
        let fitting = rows.iter().filter(move |row| row.transaction_type == wanted);
        fitting.filter_map(|row| row.invoice_id.as_deref())
    };
    of("DEBIT")
        .find(|invoice| of("CREDIT").all(|returned| returned != *invoice))
        .map(str::to_owned)
}

/// Entries as the rows that follow `count` others.
fn numbered(grant: &str, count: usize, entries: &[Entry]) -> Vec<CreditTransaction> {
    let rows = (count + 1..)
        .zip(entries)
        .map(|(number, entry)| CreditTransaction {
            id: derived_id(&format!("{grant} {number}")),
            grant_id: grant.to_owned(),
            reason: reason(entry.reason).to_owned(),
            invoice_id: None,
            billing_run_id: None,
            transaction_type: match entry.entry_type {
                EntryType::Credit => "CREDIT",
                EntryType::Debit => "DEBIT",
            }
            .to_owned(),
            amount: entry.amount.to_string(),
            date: entry.date.to_string(),
        });
    rows.collect()
}

fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::Granted => "Granted",
        Reason::Refreshed => "Granted again",
        Reason::LapsedAtRefresh => "Lapsed at refresh",
        Reason::Expired => "Expired",
        Reason::Used => "Used",
        Reason::Returned => "Returned",
    }
}

/// The grant as the arithmetic reads it.
fn terms(grant: &CreditGrant) -> Result<Grant, Problem> {
    let unit = unit(grant)?;
    let created_at = time::parse(&grant.created_at).unwrap_or(DateTime::<Utc>::MIN_UTC);
    let phase = grant.phase.as_ref();
    Ok(Grant {
        effective_date: day(&grant.effective_date),
        expiry_date: day(&grant.expiry_date),
        refresh: phase.and_then(|phase| Frequency::named(&phase.grant_refresh_frequency)),
        rollover: match phase.map(|phase| phase.rollover_mode.as_str()) {
            Some("ON_GRANT_REFRESH") => RolloverMode::OnGrantRefresh,
            Some("ON_GRANT_REFRESH_AND_PHASE") => RolloverMode::OnGrantRefreshAndPhase,
            _ => RolloverMode::None,
        },
        phase_end: phase.and_then(|phase| day(&phase.end_date)),
        restrict_to_prices: phase
            .map(|phase| phase.restrict_to_prices.clone())
            .unwrap_or_default(),
        ..Grant::new(&grant.id, unit, grant.amount, created_at)
    })
}

/// What the grant counts.
fn unit(grant: &CreditGrant) -> Result<Unit, Problem> {
    match &grant.metric_id {
        Some(metric) if grant.credit_unit_type == "METRIC" => Ok(Unit::Usage(metric.clone())),
        _ => {
            let currency = grant.currency.parse();
            currency
                .map(Unit::Cash)
                .map_err(|error| Problem::invalid(format!("currency: {error}.")))
        }
    }
}

fn day(text: &Option<String>) -> Option<NaiveDate> {
    text.as_deref()?.parse().ok()
}

fn booked(booked: &GrantBooked) -> GrantState {
    GrantState {
        balance: booked.balance,
        granted: booked.granted,
        refreshes: booked.refreshes,
        ended: booked.ended,
        reached: day(&booked.reached),
    }
}
