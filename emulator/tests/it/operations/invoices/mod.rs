//! Invoices.

mod download;
mod life_cycle;
mod lines;
mod lists;
mod merge;
mod payments;
mod record;
mod reminders;
mod settings;

use sequencehq_emulator::contract::Operation;
use sequencehq_emulator::records::{Invoice, InvoiceStatus};
use serde_json::{Value, json};

use super::{Account, id, text};

/// An account with one customer.
pub(crate) struct Story {
    pub(crate) account: Account,
    pub(crate) customer: String,
}

impl Story {
    pub(crate) fn new() -> Self {
        let account = Account::new();
        let customer = customer(&account, "Acme Ltd");
        Self { account, customer }
    }

    /// A draft in pounds.
    pub(crate) fn draft(&self) -> String {
        self.draft_with(json!({}))
    }

    /// A draft with more fields.
    #[track_caller]
    pub(crate) fn draft_with(&self, fields: Value) -> String {
        let mut body = json!({"customerId": self.customer, "currency": "GBP"});
        for (name, value) in fields.as_object().expect("an object") {
            body[name] = value.clone();
        }
        let draft = self.account.create(Operation::InvoiceCreate, &body);
        id(&draft).to_owned()
    }

    /// Adds a line, and returns it.
    #[track_caller]
    pub(crate) fn add_line(&self, invoice: &str, quantity: &str, rate: &str, tax_rate: &str) -> Value {
        self.line(
            Operation::InvoiceLineItemCreate,
            invoice,
            &line(quantity, rate, tax_rate),
        )
    }

    /// Calls an operation on the lines or groups of an invoice.
    #[track_caller]
    pub(crate) fn line(&self, operation: Operation, invoice: &str, body: &Value) -> Value {
        self.account
            .ok(operation, &[("invoice", invoice)], "", Some(body))
    }

    /// Reads an invoice.
    #[track_caller]
    pub(crate) fn get(&self, invoice: &str) -> Value {
        self.account.get(Operation::InvoiceGet, invoice)
    }

    /// Puts an invoice into a state that only schedules lead to.
    pub(crate) fn put_in(&self, invoice: &str, status: InvoiceStatus) {
        let changed = self.account.world.control(|tx| {
            let changed = tx.update::<Invoice>(invoice, |invoice| invoice.status = status);
            Ok::<_, ()>(changed)
        });
        assert!(matches!(changed, Ok(Some(_))), "{invoice} exists");
    }

    /// Calls an operation that has no body.
    #[track_caller]
    pub(crate) fn act(&self, operation: Operation, invoice: &str) -> Value {
        self.account.ok(operation, &[("id", invoice)], "", None)
    }

    /// Calls an operation with a body.
    #[track_caller]
    pub(crate) fn send(&self, operation: Operation, invoice: &str, body: Value) -> Value {
        self.account.ok(operation, &[("id", invoice)], "", Some(&body))
    }

    #[track_caller]
    pub(crate) fn set_payment_status(&self, invoice: &str, status: &str) -> Value {
        let body = json!({"paymentStatus": status});
        self.send(Operation::InvoiceUpdatePaymentStatus, invoice, body)
    }

    /// An invoice over 120.00 in this status.
    #[track_caller]
    pub(crate) fn invoice_in(&self, status: &str) -> String {
        let invoice = self.draft();
        self.add_line(&invoice, "2", "50.00", "0.2");
        match status {
            "DRAFT" => {}
            "IN_PROGRESS" => self.put_in(&invoice, InvoiceStatus::InProgress),
            "FINAL" => drop(self.act(Operation::InvoiceFinalize, &invoice)),
            "SENT" => drop(self.act(Operation::InvoiceFinalizeAndSend, &invoice)),
            "VOIDED" => drop(self.act(Operation::InvoiceVoid, &invoice)),
            other => panic!("no status {other}"),
        }
        invoice
    }

    /// The types that were announced about a resource.
    pub(crate) fn announced(&self, resource: &str) -> Vec<String> {
        let announced = self.account.announced().into_iter();
        let about = announced.filter(|(_, about)| about == resource);
        about.map(|(notification_type, _)| notification_type).collect()
    }
}

pub(crate) fn customer(account: &Account, name: &str) -> String {
    let body = json!({
        "legalName": name, "taxStatus": "TAXED", "integrationIds": [],
        "address": {"line1": "1 Example Street", "town": "London", "postcode": "EC1A 1AA", "country": "GB"},
        "contacts": [
            {"name": "Ada", "email": "ada@acme.example", "billingPreference": "PRIMARY"},
            {"name": "Bob", "email": "bob@acme.example", "billingPreference": "STANDARD"},
            {"name": "Cem", "email": "cem@acme.example", "billingPreference": "NONE"},
        ],
    });
    id(&account.create(Operation::CustomerCreate, &body)).to_owned()
}

pub(crate) fn line(quantity: &str, rate: &str, tax_rate: &str) -> Value {
    json!({"title": "Work", "quantity": quantity, "rate": rate, "taxRate": tax_rate, "externalIds": []})
}

/// Texts of an object, in the order of the names.
#[track_caller]
pub(crate) fn texts<const N: usize>(value: &Value, names: [&str; N]) -> [String; N] {
    names.map(|name| text(value, name).to_owned())
}
