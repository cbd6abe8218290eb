//! What the examples about billing share: dates, a customer, VAT, payments, and the ledger that they print.

#![allow(dead_code, reason = "each example uses a part of it")]

mod ledger;

use std::error::Error as StdError;
use std::fmt::Display;

use sequencehq::rust_decimal::RoundingStrategy;
use sequencehq::types::*;
use sequencehq::{Client, Decimal, NaiveDate, dec};

pub(crate) use ledger::{Column, Ledger};

/// 20 % in the United Kingdom, as a fraction.
pub(crate) const VAT: Decimal = dec!(0.2);

/// A day of 2026. The 13th month is January of the next year.
pub(crate) fn day(month: u32, day: u32) -> NaiveDate {
    let (year, month) = if month == 13 { (2027, 1) } else { (2026, month) };
    NaiveDate::from_ymd_opt(year, month, day).expect("the examples use days that exist")
}

/// Rounds to pence, halves away from zero.
pub(crate) fn pence(amount: Decimal) -> Decimal {
    let mut rounded = amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    rounded.rescale(2);
    rounded
}

/// Fails unless the API has the amount that was calculated here.
pub(crate) fn check(
    what: impl Display,
    found: Decimal,
    calculated: Decimal,
) -> Result<(), Box<dyn StdError>> {
    if found == calculated {
        return Ok(());
    }
    Err(format!("{what}: the API has {found}, the calculation {calculated}").into())
}

/// Creates a customer whose usage is reported under `alias`.
pub(crate) async fn sign_up(
    client: &Client,
    name: &str,
    alias: &str,
) -> Result<CustomerId, sequencehq::Error> {
    let address = Address::builder()
        .line1("1 Example Street")
        .town("London")
        .postcode("N1 1AA")
        .country(CountryCode::Gb);
    let contact = ContactInput::builder()
        .name("Ada Example")
        .email("ada@acme.example")
        .billing_preference(ContactBillingPreference::Primary);
    let customer = CustomerCreate::builder()
        .legal_name(name)
        .address(address)
        .tax_status(TaxStatus::Taxed)
        .contacts([contact])
        .customer_aliases([alias]);
    Ok(client.customers().create(customer).await?.id)
}

/// Creates the rate of [`VAT`].
pub(crate) async fn vat(client: &Client) -> Result<TaxRateId, sequencehq::Error> {
    let rate = TaxRateCreate::builder()
        .is_published(true)
        .name("VAT")
        .invoice_name("VAT 20 %")
        .invoice_short_name("VAT")
        .amount(VAT)
        .country(CountryCode::Gb);
    Ok(client.tax_rates().create(rate).await?.id)
}

/// Marks the sent invoices of a customer as paid, as after a bank transfer.
pub(crate) async fn pay(client: &Client, customer: &CustomerId) -> Result<(), sequencehq::Error> {
    let mut unpaid = client
        .invoices()
        .list()
        .customer_id(customer)
        .invoice_status(InvoiceStatus::Sent)
        .invoice_payment_status(InvoicePaymentStatus::Unpaid)
        .items();
    while let Some(invoice) = unpaid.try_next().await? {
        let paid = InvoiceUpdatePaymentStatus::builder().payment_status(InvoicePaymentStatus::Paid);
        client.invoices().update_payment_status(&invoice.id, paid).await?;
    }
    Ok(())
}

/// Returns the sent invoices of a customer, the oldest first.
pub(crate) async fn sent_invoices(
    client: &Client,
    customer: &CustomerId,
) -> Result<Vec<Invoice>, sequencehq::Error> {
    let invoices = client
        .invoices()
        .list()
        .customer_id(customer)
        .invoice_status(InvoiceStatus::Sent)
        .sort_by(InvoiceSortBy::IssueDate)
        .sort_order(SortOrder::Asc);
    let mut items = invoices.items();
    let mut found = Vec::new();
    while let Some(invoice) = items.try_next().await? {
        found.push(invoice);
    }
    Ok(found)
}

/// The day on which an invoice was issued, and its number, as the ledger has them.
pub(crate) fn day_and_number(invoice: &Invoice) -> (String, String) {
    let number = invoice.invoice_number.clone().unwrap_or_default();
    let issued = invoice.issue_date.map(|day| day.to_string()).unwrap_or_default();
    (issued, number)
}
