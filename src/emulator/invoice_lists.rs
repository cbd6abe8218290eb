//! The list of invoices, its short form, and the totals over it.
//!
//! All filters that are sent must hold. "Before" and "after" leave their own day
//! out. The invoice date is the accounting date. An invoice that lacks what a
//! filter asks for does not match it. An invoice counts as zero quantity where all of its
//! lines do, or where it has none.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::dispatch::{Answer, Call};
use super::document::Query;
use super::invoices::Invoice;
use super::money;
use super::pages::{Entry, SortKey, page};
use super::problem::Problem;
use super::state::State;

pub(super) fn invoice_list(state: &State, call: &Call) -> Result<Answer, Problem> {
    let page = page(entries(state, call), call, |invoice| invoice.short(state))?;
    Ok(Answer::ok(page))
}

pub(super) fn invoice_list_summary(state: &State, call: &Call) -> Result<Answer, Problem> {
    let page = page(entries(state, call), call, |invoice| overview(invoice))?;
    Ok(Answer::ok(page))
}

pub(super) fn invoice_summary(state: &State, call: &Call) -> Result<Answer, Problem> {
    let mut sums: BTreeMap<&str, (u64, Decimal)> = BTreeMap::new();
    for invoice in matching(state, &call.query) {
        let (count, sum) = sums.entry(&invoice.currency).or_default();
        *count += 1;
        *sum = sum.checked_add(invoice.totals().gross()).ok_or_else(|| {
            Problem::invalid("The sum of these invoices is beyond 28 digits; filter for fewer of them.")
        })?;
    }
    let totals: Vec<Value> = sums
        .into_iter()
        .map(|(currency, (count, sum))| {
            json!({
                "currency": currency,
                "invoiceCount": count,
                "grossTotal": money::number(sum),
            })
        })
        .collect();
    Ok(Answer::ok(json!({"totalsByCurrency": totals})))
}

fn overview(invoice: &Invoice) -> Value {
    let gross = money::text(invoice.totals().gross(), &invoice.currency);
    let mut out = json!({
        "id": invoice.id,
        "status": invoice.status.as_str(),
        "paymentStatus": invoice.payment_status,
        "currency": invoice.currency,
        "grossTotal": gross,
        "customerId": invoice.customer_id,
        "customerLegalCompanyName": invoice.text("customerLegalCompanyName"),
        "dueDateSource": invoice.due_date_source(),
        "accountingDate": invoice.accounting_date.to_string(),
        "links": [],
    });
    if let Some(number) = &invoice.number {
        out["invoiceNumber"] = number.as_str().into();
    }
    if let Some(date) = invoice.due_date {
        out["dueDate"] = date.to_string().into();
    }
    for field in ["billingScheduleId", "billingPeriod"] {
        if let Some(value) = invoice.stored(field) {
            out[field] = value.clone();
        }
    }
    out
}

fn entries<'s>(state: &'s State, call: &Call) -> Vec<Entry<&'s Invoice>> {
    let sort_by = call.query.one("sortBy");
    matching(state, &call.query)
        .map(|invoice| Entry {
            key: sort_key(invoice, sort_by),
            sequence: invoice.sequence,
            item: invoice,
        })
        .collect()
}

fn sort_key(invoice: &Invoice, sort_by: Option<&str>) -> SortKey {
    // Dates in this form sort as text; an invoice without one comes before all dates.
    let day = |date: Option<NaiveDate>| SortKey::Text(date.map(|d| d.to_string()).unwrap_or_default());
    match sort_by {
        Some("CUSTOMER_LEGAL_COMPANY_NAME") => {
            let name = invoice.text("customerLegalCompanyName");
            SortKey::Text(name.unwrap_or_default().to_lowercase())
        }
        Some("GROSS_TOTAL") => SortKey::Number(invoice.totals().gross()),
        Some("ACCOUNTING_DATE") => day(Some(invoice.accounting_date)),
        Some("DUE_DATE") => day(invoice.due_date),
        Some("ISSUE_DATE") => day(invoice.issue_date()),
        // Creation: the sequence number decides.
        _ => SortKey::Text(String::new()),
    }
}

fn matching<'s>(state: &'s State, query: &Query) -> impl Iterator<Item = &'s Invoice> {
    state
        .invoices
        .values()
        .filter(move |invoice| matches(invoice, query))
}

fn matches(invoice: &Invoice, query: &Query) -> bool {
    let number = invoice.number.as_deref();
    let schedule = invoice.text("billingScheduleId");
    let sent = invoice.sent_at.map(|time| time.date_naive());

    let is_one_of = [
        ("invoiceStatus", Some(invoice.status.as_str())),
        ("invoicePaymentStatus", Some(invoice.payment_status.as_str())),
        ("customerId", Some(invoice.customer_id.as_str())),
        ("billingScheduleId", schedule),
        ("invoiceCurrency", Some(invoice.currency.as_str())),
        ("invoiceNumber", number),
    ]
    .into_iter()
    .all(|(name, value)| query.list(name).is_none_or(|wanted| contains(wanted, value)));

    let is_none_of = [
        ("excludeInvoiceStatus", Some(invoice.status.as_str())),
        (
            "excludeInvoicePaymentStatus",
            Some(invoice.payment_status.as_str()),
        ),
        ("excludeCustomerId", Some(invoice.customer_id.as_str())),
        ("excludeBillingScheduleId", schedule),
        ("excludeInvoiceCurrency", Some(invoice.currency.as_str())),
        ("excludeInvoiceNumber", number),
    ]
    .into_iter()
    .all(|(name, value)| query.list(name).is_none_or(|unwanted| !contains(unwanted, value)));

    let is_in_time = [
        ("dueBefore", "dueAfter", invoice.due_date),
        ("sentBefore", "sentAfter", sent),
        ("invoiceBefore", "invoiceAfter", Some(invoice.accounting_date)),
    ]
    .into_iter()
    .all(|(before, after, date)| {
        let limit = |name: &str| query.one(name).and_then(|text| text.parse::<NaiveDate>().ok());
        limit(before).is_none_or(|end| date.is_some_and(|date| date < end))
            && limit(after).is_none_or(|start| date.is_some_and(|date| date > start))
    });

    let has_text = |name: &str| query.one(name).map(|part| found(number, part));
    let has_net = |name: &str| {
        let wanted = query.one(name).and_then(money::parse);
        wanted.map(|wanted| invoice.totals().net == wanted)
    };
    let is_zero = || invoice.lines.iter().all(|line| line.quantity.is_zero());
    let leaves_zero_out = query.one("excludeZeroQuantity") == Some("true");

    is_one_of
        && is_none_of
        && is_in_time
        && has_text("search") != Some(false)
        && has_text("excludeSearch") != Some(true)
        && has_net("netTotal") != Some(false)
        && has_net("excludeNetTotal") != Some(true)
        && !(leaves_zero_out && is_zero())
}

fn contains(values: &[String], value: Option<&str>) -> bool {
    value.is_some_and(|value| values.iter().any(|other| other == value))
}

fn found(number: Option<&str>, part: &str) -> bool {
    number.is_some_and(|number| number.to_lowercase().contains(&part.to_lowercase()))
}
