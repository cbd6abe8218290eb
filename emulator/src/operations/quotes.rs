//! Quotes. No operation creates or changes one: they are seeded, and moved by [`World::move_quote`].

use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

use crate::assumptions::A1;
use crate::pdf::Printout;
use crate::records::{Customer, Facet, Kind, Quote, QuoteStatus};
use crate::store::Tx;

use super::answer::{Answer, Outcome};
use super::call::Call;
use super::documents::printout;
use super::entry::Entry;
use super::list::{self, Filter, List, Scope};
use super::problem::Problem;
use super::world::World;

const QUOTES: List = List {
    kind: Kind::Quote,
    filters: &[
        Filter::OneOf("customerId", Facet::CustomerId),
        Filter::OneOf("status", Facet::Status),
        Filter::OneOf("createdBy", Facet::CreatedBy),
        Filter::OneOf("hasActiveApprovalWorkflow", Facet::ApprovalWorkflow),
        Filter::IncludeArchived("includeArchived"),
        Filter::Contains("title", Facet::Title),
    ],
    sorts: &[("acceptedAt", Facet::AcceptedAt)],
    custom: None,
};

pub(super) const LIST: Entry = Entry::stored(list, "document");
pub(super) const DOWNLOAD: Entry = Entry::minimal(download, "document, A1");
pub(super) const ANALYTICS: Entry = Entry::minimal(analytics, "A1");

fn list(call: &mut Call<'_, '_>) -> Outcome {
    list::page(call, &QUOTES, Scope::default(), |call, map| {
        let quote = serde_json::from_value(map.into());
        quote.map_or(Value::Null, |quote| shape(&quote, call.tx.today()))
    })
}

/// The seeded views, or none.
fn analytics(call: &mut Call<'_, '_>) -> Outcome {
    let id = call.id();
    if !call.tx.has(Kind::Quote, id) {
        return Err(Problem::no(Kind::Quote, id));
    }
    call.assume(A1);
    let seeded = call.tx.map(Kind::QuoteAnalytics, id);
    Ok(seeded.map_or_else(
        || Answer::Json(json!({"totalViews": 0, "uniqueViewers": [], "viewsByDay": []})),
        Answer::from,
    ))
}

/// Answers the PDF. A draft has none (A1).
fn download(call: &mut Call<'_, '_>) -> Outcome {
    call.assume(A1);
    let id = call.id();
    let quote: Quote = call.tx.get(id).ok_or_else(|| Problem::no(Kind::Quote, id))?;
    if quote.status == QuoteStatus::Draft {
        return Err(Problem::illegal_state(format!(
            "The quote {id} is DRAFT, but download needs a published one."
        )));
    }
    let customer: Option<Customer> = quote.customer_id.as_deref().and_then(|id| call.tx.get(id));
    let (name, address) = customer.map_or((String::new(), None), |mut customer| {
        (customer.legal_name, customer.rest.remove("address"))
    });
    let day = |at: &Option<String>| {
        at.as_deref()
            .and_then(|at| at.split_once('T'))
            .map(|(day, _)| day.to_owned())
    };
    let printout = Printout {
        title: "Quote".to_owned(),
        number: quote.quote_number.clone(),
        seller: printout::seller(call.tx),
        customer: printout::customer(&name, address.as_ref(), None),
        facts: printout::facts([
            ("Published", day(&quote.published_at).as_deref()),
            ("Open until", quote.expires_at.as_deref()),
            ("Accepted", day(&quote.accepted_at).as_deref()),
            ("Billing from", quote.preliminary_billing_start_date.as_deref()),
            ("Currency", quote.currency.as_deref()),
        ]),
        memo: quote.title.unwrap_or_default(),
        ..Printout::default()
    };
    Ok(printout::answer(&printout))
}

/// The quote as it is answered and announced.
pub(super) fn shape(quote: &Quote, today: NaiveDate) -> Value {
    let mut shape = json!(quote);
    shape["isExpired"] = is_expired(quote, today).into();
    if let Some(map) = shape.as_object_mut() {
        map.remove("hasActiveApprovalWorkflow");
        if quote.status != QuoteStatus::Executed {
            map.remove("billingScheduleId");
        }
    }
    shape
}

/// Whether the last day is over.
fn is_expired(quote: &Quote, today: NaiveDate) -> bool {
    let last = quote
        .expires_at
        .as_deref()
        .and_then(|text| text.parse::<NaiveDate>().ok());
    last.is_some_and(|last| last < today)
}

impl World {
    /// Moves a quote to the next status, as a person does in the dashboard.
    ///
    /// PUBLISHED, ACCEPTED and EXECUTED are announced. A quote that is executed needs a `billingScheduleId`.
    ///
    /// # Errors
    ///
    /// Returns an error if the quote does not exist or is archived, or if `status` does not follow its status. The quote is
    /// then unchanged.
    pub fn move_quote(&self, id: &str, status: QuoteStatus) -> Result<(), Problem> {
        self.control(|tx| {
            let mut quote = tx.get(id).ok_or_else(|| Problem::no(Kind::Quote, id))?;
            step(tx, &mut quote, status)?;
            tx.put(&quote);
            Ok(())
        })
    }
}

/// Moves a quote through the statuses until this one, and announces those between. Returns whether it was moved.
pub(super) fn move_to(tx: &mut Tx<'_>, id: &str, status: QuoteStatus) -> Result<bool, Problem> {
    let mut quote: Quote = tx.get(id).ok_or_else(|| Problem::no(Kind::Quote, id))?;
    if quote.status == status {
        return Ok(false);
    }
    while quote.status != status {
        let next = quote.status.next().unwrap_or(status);
        step(tx, &mut quote, next)?;
    }
    tx.put(&quote);
    Ok(true)
}

fn step(tx: &mut Tx<'_>, quote: &mut Quote, status: QuoteStatus) -> Result<(), Problem> {
    check(tx, quote, status)?;
    enter(tx, quote, status);
    if let Some(notification_type) = notification_type(status) {
        tx.announce(notification_type, Kind::Quote, &quote.id);
    }
    Ok(())
}

fn check(tx: &Tx<'_>, quote: &Quote, status: QuoteStatus) -> Result<(), Problem> {
    let refuse = |reason: String| Err(Problem::illegal_state(format!("The quote {} {reason}", quote.id)));
    if quote.archived_at.is_some() {
        return refuse("is archived, so its status does not change.".to_owned());
    }
    if quote.status.next() != Some(status) {
        let next = match quote.status.next() {
            Some(next) => format!("The next status is {}", next.name()),
            None => "It is the last status".to_owned(),
        };
        return refuse(format!(
            "is {}. {next}, not {}.",
            quote.status.name(),
            status.name()
        ));
    }
    let schedule = quote.billing_schedule_id.as_deref().unwrap_or_default();
    if status == QuoteStatus::Executed && !tx.has(Kind::BillingSchedule, schedule) {
        return refuse("needs the `billingScheduleId` of an existing billing schedule.".to_owned());
    }
    Ok(())
}

fn enter(tx: &Tx<'_>, quote: &mut Quote, status: QuoteStatus) {
    let now = tx.now_text();
    match status {
        QuoteStatus::Published => {
            quote.published_at = Some(now.clone());
            let last = quote
                .expiry_days
                .and_then(|days| tx.today().checked_add_days(Days::new(days.into())));
            quote.expires_at = last.map(|last| last.to_string()).or(quote.expires_at.take());
        }
        QuoteStatus::Accepted => quote.accepted_at = Some(now.clone()),
        QuoteStatus::Executed => quote.executed_at = Some(now.clone()),
        QuoteStatus::Draft | QuoteStatus::PreparingSignatureRequest | QuoteStatus::ReadyToSign => {}
    }
    quote.status = status;
    quote.updated_at = now;
}

fn notification_type(status: QuoteStatus) -> Option<&'static str> {
    match status {
        QuoteStatus::Published => Some("QUOTE_PUBLISHED"),
        QuoteStatus::Accepted => Some("QUOTE_ACCEPTED"),
        QuoteStatus::Executed => Some("QUOTE_SIGNED"),
        QuoteStatus::Draft | QuoteStatus::PreparingSignatureRequest | QuoteStatus::ReadyToSign => None,
    }
}
