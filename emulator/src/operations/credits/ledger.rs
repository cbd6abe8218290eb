//! The ledger of a grant: what was booked, and what is due.
//!
//! A refresh or the expiry is booked together with the next change of the grant. Until then it is computed whenever it is
//! read, with the row and the id that it will have. So nothing has to happen on the day itself.

use chrono::{DateTime, NaiveDate, Utc};

use crate::billing::Error;
use crate::billing::credit::{Entry, EntryType, Grant, GrantAccount, GrantState, Reason, RolloverMode, Unit};
use crate::billing::period::Frequency;
use crate::records::ids::derived_id;
use crate::records::{CreditGrant, CreditTransaction, Facet, GrantBooked, Kind, time};
use crate::store::{State, Tx};

use super::super::problem::Problem;

/// A grant on a day.
pub(super) struct Ledger {
    /// The terms.
    pub(super) grant: CreditGrant,
    /// The balance.
    pub(super) account: GrantAccount,
    /// The rows, oldest first.
    pub(super) rows: Vec<CreditTransaction>,
}

impl Ledger {
    /// The ledger through a day.
    pub(super) fn on(state: &State, grant: CreditGrant, day: NaiveDate) -> Result<Self, Problem> {
        let mut account = GrantAccount::restore(terms(&grant)?, booked(&grant.booked))?;
        let mut rows: Vec<CreditTransaction> = state.all_with(Facet::GrantId, &grant.id);
        let due = account.advance_to(day)?;
        rows.extend(numbered(&grant.id, rows.len(), &due));
        Ok(Self { grant, account, rows })
    }
}

/// Books the grant that `path` of the body describes, and stores it with its first row.
pub(in super::super) fn open(
    tx: &mut Tx<'_>,
    mut grant: CreditGrant,
    path: &str,
) -> Result<CreditGrant, Problem> {
    let (account, entries) = GrantAccount::open(terms(&grant)?).map_err(|error| {
        let field = match error {
            Error::ReversedPeriod { .. } => "expiryDate",
            _ => "amount",
        };
        Problem::at(&format!("{path}.{field}"), error)
    })?;
    let state = account.state();
    grant.booked = GrantBooked {
        balance: state.balance,
        granted: state.granted,
        refreshes: state.refreshes,
        ended: state.ended,
        reached: state.reached.map(|day| day.to_string()),
    };
    tx.put(&grant);
    for row in numbered(&grant.id, 0, &entries) {
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
