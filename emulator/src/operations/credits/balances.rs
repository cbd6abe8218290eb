//! The credit of a customer: balances with their ledgers, and the grants of which something is left.

use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::{Value, json};

use crate::billing::credit::{self, GrantAccount, Unit};
use crate::records::{CreditGrant, Facet, Kind, number};
use crate::store::State;

use super::super::answer::{Answer, Outcome};
use super::super::call::Call;
use super::super::entry::Entry;
use super::super::problem::Problem;
use super::ledger::{self, Ledger};

pub(in super::super) const BALANCES: Entry = Entry::computed(balances, "document, A58");
pub(in super::super) const OUTSTANDING: Entry = Entry::computed(outstanding, "document, A58");

/// One balance for each unit, in the order of the first grant.
fn balances(call: &mut Call<'_, '_>) -> Outcome {
    let ledgers = ledgers(call)?;
    let mut units: Vec<&Unit> = Vec::new();
    for ledger in &ledgers {
        let unit = &ledger.account.grant().unit;
        if !units.contains(&unit) {
            units.push(unit);
        }
    }
    let balances = units.into_iter().map(|unit| balance(call.tx, &ledgers, unit));
    let balances: Vec<Value> = balances.collect::<Result<_, _>>()?;
    Ok(Answer::Json(json!({"items": balances})))
}

fn balance(state: &State, ledgers: &[Ledger], unit: &Unit) -> Result<Value, Problem> {
    let (id, credit_type, name) = match unit {
        Unit::Cash(currency) => (currency.code(), "CASH", currency.code().to_owned()),
        Unit::Usage(metric) => (metric.as_str(), "USAGE", metric_name(state, metric)),
    };
    let ledgers: Vec<&Ledger> = ledgers
        .iter()
        .filter(|ledger| ledger.account.grant().unit == *unit)
        .collect();
    let accounts: Vec<GrantAccount> = ledgers.iter().map(|ledger| ledger.account.clone()).collect();
    let balance = credit::balance(&accounts, unit)?;
    let grants: Vec<Value> = ledgers
        .iter()
        .map(|ledger| grant(ledger, credit_type, &name))
        .collect();
    let mut rows: Vec<_> = ledgers.iter().flat_map(|ledger| &ledger.rows).collect();
    rows.sort_by(|a, b| a.date.cmp(&b.date));
    Ok(json!({
        "id": id, "type": credit_type, "name": name, "balance": text(balance), "grants": grants, "transactions": rows,
    }))
}

fn metric_name(state: &State, metric: &str) -> String {
    let record = state.map(Kind::UsageMetric, metric).unwrap_or_default();
    let name = record.get("name").and_then(Value::as_str);
    name.unwrap_or(metric).to_owned()
}

fn grant(ledger: &Ledger, credit_type: &str, name: &str) -> Value {
    let grant = &ledger.grant;
    json!({
        "id": grant.id,
        "sequenceAccountId": grant.sequence_account_id,
        "customerId": grant.customer_id,
        "type": credit_type,
        "currency": grant.currency,
        "metricId": grant.metric_id,
        "name": name,
        "originalAmount": text(grant.amount),
        "currentBalance": text(ledger.account.balance()),
        "expiryDate": grant.expiry_date,
        "costOfCredit": text(grant.cost_of_credit),
        "taxRateId": grant.tax_rate_id,
        "effectiveDate": grant.effective_date,
        "createdAt": grant.created_at,
    })
}

/// A grant in short. Its numbers keep all digits.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outstanding<'a> {
    id: &'a str,
    name: &'a str,
    #[serde(with = "number")]
    grant_amount: Decimal,
    #[serde(with = "number")]
    balance: Decimal,
    issue_date: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    expiry_date: Option<&'a str>,
}

/// The grants of which something is left.
fn outstanding(call: &mut Call<'_, '_>) -> Outcome {
    let ledgers = ledgers(call)?;
    let left = ledgers
        .iter()
        .filter(|ledger| !ledger.account.balance().is_zero());
    let items = left.map(|ledger| {
        let grant = &ledger.grant;
        Outstanding {
            id: &grant.id,
            name: &grant.name,
            grant_amount: grant.amount,
            balance: ledger.account.balance().normalize(),
            issue_date: grant.created_at.get(..10).unwrap_or_default(),
            expiry_date: grant.expiry_date.as_deref(),
        }
    });
    let items: Vec<String> = items
        .filter_map(|item| serde_json::to_string(&item).ok())
        .collect();
    Ok(Answer::Text(format!(r#"{{"items":[{}]}}"#, items.join(","))))
}

/// The ledgers of the grants of the customer that the path names, as of today, oldest grant first.
fn ledgers(call: &mut Call<'_, '_>) -> Result<Vec<Ledger>, Problem> {
    let customer = call.id();
    if !call.tx.has(Kind::Customer, customer) {
        return Err(Problem::no(Kind::Customer, customer));
    }
    let mut grants: Vec<CreditGrant> = call.tx.all_with(Facet::CustomerId, customer);
    grants.retain(|grant| !ledger::is_drafted(call.tx, grant));
    let today = call.tx.today();
    let mut ledgers = Vec::new();
    for grant in grants {
        let ledger = Ledger::on(call.tx, grant, today)?;
        call.assume(ledger.account.assumed());
        ledgers.push(ledger);
    }
    Ok(ledgers)
}

fn text(amount: Decimal) -> String {
    amount.normalize().to_string()
}
