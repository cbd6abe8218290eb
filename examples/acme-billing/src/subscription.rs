//! The steps of a sign-up in Sequence: the customer, its billing schedule as a draft, and its activation.
//!
//! Each step looks for its result before it acts, so that it can be repeated.

use sequencehq::types::*;
use sequencehq::{Client, NaiveDate};

use crate::Error;
use crate::plans::Plans;
use crate::signups::SignUp;

/// Looks for a result, acts if there is none, and looks again if that fails: the attempt may have acted, or another request
/// was faster.
async fn once<T, L>(
    look: impl Fn() -> L,
    act: impl Future<Output = Result<T, sequencehq::Error>>,
) -> Result<T, Error>
where
    L: Future<Output = Result<Option<T>, sequencehq::Error>>,
{
    if let Some(found) = look().await? {
        return Ok(found);
    }
    match act.await {
        Ok(result) => Ok(result),
        Err(error) => look().await?.ok_or(error.into()),
    }
}

/// The customer with the id of this system as its alias, under which usage is reported. An alias belongs to one customer only.
pub async fn customer(client: &Client, sign_up: &SignUp) -> Result<CustomerId, Error> {
    let alias = &sign_up.customer;
    let contact = ContactInput::builder()
        .name(&sign_up.legal_name)
        .email(&sign_up.email)
        .billing_preference(ContactBillingPreference::Primary);
    let customer = CustomerCreate::builder()
        .legal_name(&sign_up.legal_name)
        .address(sign_up.address.clone())
        .tax_status(TaxStatus::Taxed)
        .contacts([contact])
        .customer_aliases([alias]);
    let create = async { Ok(client.customers().create(customer).await?.id) };
    once(|| find_customer(client, alias), create).await
}

/// Not with `get_by_alias`, which also finds customers by the ids that Sequence has given to them.
async fn find_customer(client: &Client, alias: &str) -> Result<Option<CustomerId>, sequencehq::Error> {
    let mut aliases = client.customer_aliases().list().value(alias).items();
    let found = aliases
        .try_find(|found| found.value == alias && found.deleted_at.is_none())
        .await?;
    Ok(found.map(|alias| alias.customer_id))
}

/// The billing schedule of a customer, a draft at first.
///
/// A draft bills nothing. If an attempt whose outcome is unknown succeeds after a second one, only the schedule that was
/// recorded is activated, and the other one costs the customer nothing.
pub async fn schedule(
    client: &Client,
    plans: &Plans,
    plan: &str,
    customer: &CustomerId,
    start: NaiveDate,
) -> Result<BillingScheduleId, Error> {
    let prices = plans
        .prices(plan)
        .ok_or_else(|| Error::Stored(format!("the plan `{plan}` is gone")))?;
    let schedule = BillingScheduleCreate::builder()
        .customer_id(customer)
        .start_date(start)
        .phases([PhaseInput::builder().start_date(start).price_ids(prices)])
        .tax_rates(prices.map(|price| plans.tax(price)))
        // Invoices wait as drafts for the month end.
        .auto_issue_invoices(false)
        .roll_up_billing(false)
        .is_draft(true);
    let create = async { Ok(client.billing_schedules().create(schedule).await?.id) };
    once(|| find_schedule(client, customer), create).await
}

async fn find_schedule(
    client: &Client,
    customer: &CustomerId,
) -> Result<Option<BillingScheduleId>, sequencehq::Error> {
    let found = client
        .billing_schedules()
        .list()
        .customer_id(customer)
        .items()
        .try_next()
        .await?;
    Ok(found.map(|schedule| schedule.id))
}

/// Starts to bill.
pub async fn activate(client: &Client, schedule: &BillingScheduleId) -> Result<(), Error> {
    let activate = async { client.billing_schedules().activate(schedule).await.map(drop) };
    once(|| is_active(client, schedule), activate).await
}

async fn is_active(client: &Client, schedule: &BillingScheduleId) -> Result<Option<()>, sequencehq::Error> {
    let schedule = client.billing_schedules().get(schedule).await?;
    Ok((schedule.status != BillingScheduleStatus::Draft).then_some(()))
}
