//! Lists of invoices.
//!
//! All filters that are sent have to hold. "Before" and "after" exclude the day itself. The day of an invoice is its
//! accounting date. An invoice without lines has a quantity of zero.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Deserialize;

use crate::assumptions::Assumed;
use crate::billing::money::Totals;
use crate::records::{Amounts, Facet, Kind};

use super::super::answer::{Answer, Outcome};
use super::super::call::Call;
use super::super::entry::Entry;
use super::super::list::{self, Filter, List, Scope};
use super::super::problem::Problem;
use super::shape::{self, Common};

const INVOICES: List = List {
    kind: Kind::Invoice,
    filters: &[
        Filter::OneOf("invoiceStatus", Facet::Status),
        Filter::NoneOf("excludeInvoiceStatus", Facet::Status),
        Filter::OneOf("invoicePaymentStatus", Facet::PaymentStatus),
        Filter::NoneOf("excludeInvoicePaymentStatus", Facet::PaymentStatus),
        Filter::OneOf("customerId", Facet::CustomerId),
        Filter::NoneOf("excludeCustomerId", Facet::CustomerId),
        Filter::OneOf("billingScheduleId", Facet::BillingScheduleId),
        Filter::NoneOf("excludeBillingScheduleId", Facet::BillingScheduleId),
        Filter::OneOf("invoiceCurrency", Facet::Currency),
        Filter::NoneOf("excludeInvoiceCurrency", Facet::Currency),
        Filter::OneOf("invoiceNumber", Facet::Number),
        Filter::NoneOf("excludeInvoiceNumber", Facet::Number),
        Filter::Contains("search", Facet::Number),
        Filter::ContainsNot("excludeSearch", Facet::Number),
        Filter::Equals("netTotal", Facet::NetTotal),
        Filter::EqualsNot("excludeNetTotal", Facet::NetTotal),
        Filter::Excludes("excludeZeroQuantity", Facet::ZeroQuantity),
        Filter::Less("dueBefore", Facet::DueDate),
        Filter::Greater("dueAfter", Facet::DueDate),
        Filter::Less("sentBefore", Facet::SentAt),
        Filter::Greater("sentAfter", Facet::SentAt),
        Filter::Less("invoiceBefore", Facet::AccountingDate),
        Filter::Greater("invoiceAfter", Facet::AccountingDate),
    ],
    sorts: &[
        ("CUSTOMER_LEGAL_COMPANY_NAME", Facet::LegalName),
        ("GROSS_TOTAL", Facet::GrossTotal),
        ("ACCOUNTING_DATE", Facet::AccountingDate),
        ("DUE_DATE", Facet::DueDate),
        ("ISSUE_DATE", Facet::IssueDate),
    ],
    custom: None,
};

pub(in super::super) const LIST: Entry = Entry::real(list, "document, A6");
pub(in super::super) const LIST_SUMMARY: Entry = Entry::real(list_summary, "document, A6");
pub(in super::super) const SUMMARY: Entry = Entry::real(summary, "document, A6");

/// What the sums read of an invoice.
#[derive(Deserialize)]
struct Summed<'t> {
    currency: &'t str,
    #[serde(default)]
    assumed: Vec<u8>,
    #[serde(flatten)]
    amounts: Amounts,
}

fn list(call: &mut Call<'_, '_>) -> Outcome {
    let common = Common::of(call.tx);
    list::page(call, &INVOICES, Scope::default(), |call, stored| {
        shape::item(call, &common, stored)
    })
}

fn list_summary(call: &mut Call<'_, '_>) -> Outcome {
    let common = Common::of(call.tx);
    list::page(call, &INVOICES, Scope::default(), |call, stored| {
        shape::overview(call, &common, stored)
    })
}

/// The number and the gross total of the invoices in each currency. The totals are JSON numbers with all their digits.
fn summary(call: &mut Call<'_, '_>) -> Outcome {
    let mut sums: BTreeMap<String, (u64, Totals)> = BTreeMap::new();
    for text in list::matching(call, &INVOICES)? {
        let Ok(Summed {
            currency,
            assumed,
            amounts,
        }) = serde_json::from_str(&text)
        else {
            continue; // Stored invoices have these fields.
        };
        call.assume(Assumed::from_numbers(assumed));
        let (count, totals) = sums.entry(currency.to_owned()).or_default();
        *count += 1;
        *totals = Totals::of([*totals, amounts.into()]).map_err(|error| {
            Problem::invalid(format!(
                "The sum of the invoices in {currency} is not possible: {error}. Filter for fewer of them."
            ))
        })?;
    }
    let written = sums.into_iter().map(|(currency, (count, totals))| {
        let gross: Decimal = totals.gross.normalize();
        format!(r#"{{"currency":"{currency}","invoiceCount":{count},"grossTotal":{gross}}}"#)
    });
    let written: Vec<String> = written.collect();
    Ok(Answer::Text(format!(
        r#"{{"totalsByCurrency":[{}]}}"#,
        written.join(",")
    )))
}
