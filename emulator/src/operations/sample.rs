//! Resources for notifications about a kind of which the account has none.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::contract::{Operation, Query, Version};
use crate::records::{Kind, Quote, QuoteStatus};
use crate::store::Tx;

use super::answer::Answer;
use super::call::Call;
use super::problem::Problem;
use super::table::entry;
use super::world::Request;
use super::{checks, quotes};

/// Creates a resource of a kind, with what it needs, and returns its id. Nothing of it is announced.
///
/// A quote has the status that `status` names.
pub(super) fn create(tx: &mut Tx<'_>, kind: Kind, status: Option<QuoteStatus>) -> Result<String, Problem> {
    let customer = |tx: &mut Tx<'_>| {
        made(
            tx,
            Operation::CustomerCreate,
            json!({
                "legalName": "Sample Ltd", "taxStatus": "TAXED",
                "address": {"line1": "1 Example Street", "town": "London", "postcode": "EC1A 1AA", "country": "GB"},
                "contacts": [{"name": "Accounts Payable", "email": "billing@customer.example", "billingPreference": "PRIMARY"}],
            }),
        )
    };
    let id = match kind {
        Kind::Customer => customer(tx),
        Kind::Invoice => {
            let body = json!({"customerId": customer(tx)?, "currency": "GBP"});
            made(tx, Operation::InvoiceCreate, body)
        }
        Kind::CreditNote => {
            let body = json!({"customerId": customer(tx)?, "currency": "GBP"});
            made(tx, Operation::CreditNoteCreate, body)
        }
        Kind::BillingSchedule => {
            let customer = customer(tx)?;
            schedule(tx, &customer)
        }
        Kind::Quote => {
            let customer = customer(tx)?;
            let schedule = schedule(tx, &customer)?;
            quote(tx, &customer, &schedule, status.unwrap_or(QuoteStatus::Draft))
        }
        other => Err(Problem::illegal_state(format!(
            "There is no {} to announce, and no sample of it. Create one first.",
            other.name()
        ))),
    };
    tx.take_notices();
    id
}

/// A draft, so that nothing is billed.
fn schedule(tx: &mut Tx<'_>, customer: &str) -> Result<String, Problem> {
    let product = made(
        tx,
        Operation::ProductCreate,
        json!({"name": "Sample", "label": "sample"}),
    )?;
    let price = json!({
        "productId": product, "name": "Fee", "currency": "GBP", "billingFrequency": "MONTHLY", "billingType": "IN_ARREARS",
        "structure": {"pricingType": "FIXED", "price": "10.00"}, "integrationIds": [], "customMetricParameters": [],
    });
    let price = made(tx, Operation::PriceCreate, price)?;
    let today = tx.today().to_string();
    let body = json!({
        "customerId": customer, "startDate": today, "taxRates": [], "autoIssueInvoices": false, "isDraft": true,
        "rollUpBilling": false, "phases": [{"priceIds": [price], "startDate": today}],
    });
    made(tx, Operation::BillingScheduleCreate, body)
}

fn quote(tx: &mut Tx<'_>, customer: &str, schedule: &str, status: QuoteStatus) -> Result<String, Problem> {
    let (id, now) = (tx.new_id(), tx.now_text());
    let users = tx.rows(Kind::User).next().map(|row| row.id().to_owned());
    tx.put(&Quote {
        id: id.clone(),
        quote_number: "Q-1".to_owned(),
        title: Some("Sample".to_owned()),
        status: QuoteStatus::Draft,
        created_by: users.unwrap_or_default(),
        customer_id: Some(customer.to_owned()),
        currency: Some("GBP".to_owned()),
        deal_type: None,
        preliminary_billing_start_date: None,
        expiry_days: None,
        expires_at: None,
        published_at: None,
        accepted_at: None,
        executed_at: None,
        billing_schedule_id: Some(schedule.to_owned()),
        has_active_approval_workflow: false,
        created_at: now.clone(),
        updated_at: now,
        archived_at: None,
    });
    quotes::move_to(tx, &id, status)?;
    Ok(id)
}

/// Runs an operation that creates, and returns the id.
fn made(tx: &mut Tx<'_>, operation: Operation, body: Value) -> Result<String, Problem> {
    let text = body.to_string();
    let path = BTreeMap::new();
    let version = Version::LATEST;
    let request = Request {
        operation,
        version,
        path: &path,
        query: "",
        body: text.as_bytes(),
        key: None,
    };
    let query = Query::parse(operation, version, request.query).map_err(Problem::invalid)?;
    let body = checks::body(operation, version, request.body)?;
    let mut call = Call::new((operation, version), &request, query, body, tx);
    let answer = match (entry(operation).run)(&mut call)? {
        Answer::Json(value) => value,
        Answer::Text(text) | Answer::Other(_, text) => serde_json::from_str(&text).unwrap_or_default(),
        Answer::Empty | Answer::Pdf { .. } => Value::Null,
    };
    Ok(answer["id"].as_str().unwrap_or_default().to_owned())
}
