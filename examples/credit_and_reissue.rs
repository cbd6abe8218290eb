//! A mistaken invoice: it is credited in full, issued again with the right amounts, and paid.
//!
//! ```text
//! cargo run --features emulator --example credit_and_reissue
//! ```
//!
//! An invoice that was sent cannot be changed. So a credit note over the same lines is applied to it, which settles it
//! without a payment, and a second invoice takes its place. The example runs against the embedded emulator, and compares
//! every amount with a calculation of its own.

#![allow(clippy::print_stdout, reason = "the example prints its results")]

mod support;

use std::error::Error as StdError;

use sequencehq::emulator::Emulator;
use sequencehq::types::*;
use sequencehq::{Client, Decimal, NaiveDate, dec};

use support::{Column, Ledger, VAT, check, day, pay, pence, sign_up};

/// Title, quantity and rate.
type Line = (&'static str, Decimal, Decimal);

/// The customer has 12 seats, and was billed for 21.
const MISTAKEN: [Line; 2] = [
    ("Platform fee", dec!(1), dec!(250.00)),
    ("Seats", dec!(21), dec!(19.99)),
];
const RIGHT: [Line; 2] = [
    ("Platform fee", dec!(1), dec!(250.00)),
    ("Seats", dec!(12), dec!(19.99)),
];

#[tokio::main]
async fn main() -> Result<(), Box<dyn StdError>> {
    let emulator = Emulator::builder().date(day(3, 2)).start().await?;
    let client = emulator.client();
    let customer = sign_up(&client, "Acme Ltd", "acme").await?;
    let mut account = Account::new();

    let mistaken = invoice(&client, &customer, &MISTAKEN, "March").await?;
    account.add(
        day(3, 2),
        mistaken.invoice_number.as_deref(),
        "invoice",
        amounts(&MISTAKEN),
    );
    account.check_invoice(&client, &mistaken.id).await?;

    emulator.advance_to(day(3, 5))?;
    let credit = credit(&client, &customer, &mistaken.id).await?;
    let application = apply(&client, &credit, &mistaken.id).await?;
    let credited = amounts(&MISTAKEN).map(|amount| -amount);
    account.add(
        day(3, 5),
        credit.credit_note_number.as_deref(),
        "credit note",
        credited,
    );
    check("the credit note", -credit.gross_total, credited[2])?;
    check("what was applied", application.amount, credit.gross_total)?;
    account.check_invoice(&client, &mistaken.id).await?;

    let memo = "Replaces the mistaken invoice of 2 March";
    let reissued = invoice(&client, &customer, &RIGHT, memo).await?;
    account.add(
        day(3, 5),
        reissued.invoice_number.as_deref(),
        "invoice",
        amounts(&RIGHT),
    );
    account.check_invoice(&client, &reissued.id).await?;

    emulator.advance_to(day(3, 30))?;
    // The mistaken invoice is settled, so that only the new one is paid.
    pay(&client, &customer).await?;
    let paid = client.invoices().get(&reissued.id).await?;
    let payments = paid.payment_allocations.unwrap_or_default();
    for payment in &payments {
        let amount = -payment.amount;
        account.add(
            day(3, 30),
            None,
            "payment",
            [Decimal::ZERO, Decimal::ZERO, amount],
        );
    }
    account.check_invoice(&client, &reissued.id).await?;
    account.print(&client, &customer).await
}

/// Net, tax and gross of the lines, each line rounded to pence.
fn amounts(lines: &[Line]) -> [Decimal; 3] {
    let net = |(_, quantity, rate): &Line| pence(quantity * rate);
    let tax: Decimal = lines.iter().map(|line| pence(net(line) * VAT)).sum();
    let net: Decimal = lines.iter().map(net).sum();
    [net, tax, net + tax]
}

/// Creates an invoice with the lines, and sends it.
async fn invoice(
    client: &Client,
    customer: &CustomerId,
    lines: &[Line],
    memo: &str,
) -> Result<Invoice, sequencehq::Error> {
    let draft = InvoiceCreate::builder()
        .customer_id(customer)
        .currency(Currency::Gbp)
        .memo(memo);
    let draft = client.invoices().create(draft).await?;
    for (title, quantity, rate) in lines {
        let line = InvoiceLineItemCreate::builder()
            .title(*title)
            .quantity(*quantity)
            .rate(*rate)
            .tax_rate(VAT)
            .empty_external_ids();
        client.invoice_line_items().create(&draft.id, line).await?;
    }
    client.invoices().finalize_and_send(&draft.id).await
}

/// Creates a credit note over every line of the invoice, and sends it.
async fn credit(
    client: &Client,
    customer: &CustomerId,
    invoice: &InvoiceId,
) -> Result<CreditNote, sequencehq::Error> {
    let note = CreditNoteCreate::builder()
        .customer_id(customer)
        .currency(Currency::Gbp)
        .invoice_id(invoice)
        .memo("Billed for 21 seats instead of 12");
    let note = client.credit_notes().create(note).await?;
    let mut lines = client.invoice_line_items().list(invoice).items();
    while let Some(line) = lines.try_next().await? {
        let credited = CreditNoteLineItemCreate::builder()
            .credit_note_id(&note.id)
            .line_item_id(&line.id)
            .title(line.title)
            .quantity(line.quantity)
            .rate(line.rate)
            .tax_rate(line.tax_rate)
            .empty_external_ids();
        client.credit_note_line_items().create(&note.id, credited).await?;
    }
    client.credit_notes().finalize_and_send(&note.id).await?;
    // The balance and its version are those of the note as it was sent.
    client.credit_notes().get(&note.id).await
}

/// Settles the invoice with the credit note.
///
/// The versions are those that were read with the balances. If either balance has changed since, the application is
/// refused with status 409, and nothing is applied twice.
async fn apply(
    client: &Client,
    note: &CreditNote,
    invoice: &InvoiceId,
) -> Result<CreditNoteApplicationReceipt, Box<dyn StdError>> {
    let invoice = client.invoices().get(invoice).await?;
    let application = CreditNoteApplicationCreate::builder()
        .credit_note_id(&note.id)
        .invoice_id(&invoice.id)
        .amount(note.balance.ok_or("a sent credit note has a balance")?)
        .currency(Currency::Gbp)
        .credit_note_balance_version(note.balance_version.ok_or("a balance has a version")?)
        .invoice_balance_version(invoice.balance_version.ok_or("a balance has a version")?);
    Ok(client.credit_note_applications().create(application).await?)
}

/// What the customer owes, by a calculation that reads nothing from the API.
struct Account {
    ledger: Ledger<7>,
    net: Decimal,
    tax: Decimal,
    owed: Decimal,
}

impl Account {
    fn new() -> Self {
        let columns = [
            Column::Left("date"),
            Column::Left("number"),
            Column::Left("what"),
            Column::Right("net"),
            Column::Right("tax"),
            Column::Right("gross"),
            Column::Right("owed"),
        ];
        Self {
            ledger: Ledger::new("Account of Acme Ltd, in GBP", columns),
            net: Decimal::ZERO,
            tax: Decimal::ZERO,
            owed: Decimal::ZERO,
        }
    }

    fn add(&mut self, date: NaiveDate, number: Option<&str>, what: &str, amounts: [Decimal; 3]) {
        let [net, tax, gross] = amounts;
        self.net += net;
        self.tax += tax;
        self.owed += gross;
        let shown = |amount: Decimal| match amount.is_zero() {
            true => String::new(),
            false => amount.to_string(),
        };
        self.ledger.row([
            date.to_string(),
            number.unwrap_or_default().to_owned(),
            what.to_owned(),
            shown(net),
            shown(tax),
            gross.to_string(),
            self.owed.to_string(),
        ]);
    }

    /// Compares the balance of the invoice, which is all that the customer owes at that time.
    async fn check_invoice(&self, client: &Client, invoice: &InvoiceId) -> Result<(), Box<dyn StdError>> {
        let invoice = client.invoices().get(invoice).await?;
        let balance = invoice.balance.ok_or("a sent invoice has a balance")?;
        check("the balance", balance, self.owed)
    }

    /// Prints the ledger, and compares its sums with those of the invoices and credit notes.
    async fn print(&self, client: &Client, customer: &CustomerId) -> Result<(), Box<dyn StdError>> {
        let [mut net, mut tax] = [Decimal::ZERO; 2];
        let invoices = support::sent_invoices(client, customer).await?;
        for invoice in &invoices {
            net += invoice.net_total;
            tax += invoice.total_tax;
            if invoice.payment_status != InvoicePaymentStatus::Paid {
                return Err(format!("the invoice {} is not settled", invoice.id).into());
            }
        }
        let mut notes = client.credit_notes().list().customer_id(customer).items();
        while let Some(note) = notes.try_next().await? {
            net -= note.net_total;
            tax -= note.total_tax;
            if note.application_status != Some(CreditNoteApplicationStatus::FullyApplied) {
                return Err(format!("the credit note {} is not used up", note.id).into());
            }
        }
        check("the net total", net, self.net)?;
        check("the tax", tax, self.tax)?;
        check("what is owed at the end", Decimal::ZERO, self.owed)?;
        let [net, tax, owed] = [net, tax, self.owed].map(|sum| sum.to_string());
        let total = "total".to_owned();
        self.ledger
            .print([total, String::new(), String::new(), net, tax, String::new(), owed]);
        println!("\nThe balances and totals of the API are those of this calculation.");
        Ok(())
    }
}
