//! Credit notes.

mod applications;
mod life_cycle;
mod lines;
mod record;

use sequencehq_emulator::contract::Operation;
use serde_json::{Value, json};

use super::invoices::{Story, customer, line, texts};
use super::{id, text};

/// A draft of a credit note over nothing yet.
#[track_caller]
fn draft(story: &Story, fields: Value) -> String {
    let mut body = json!({"customerId": story.customer, "currency": "GBP"});
    for (name, value) in fields.as_object().expect("an object") {
        body[name] = value.clone();
    }
    id(&story.account.create(Operation::CreditNoteCreate, &body)).to_owned()
}

/// A draft of a credit note on an invoice.
#[track_caller]
fn draft_on(story: &Story, invoice: &str) -> String {
    draft(story, json!({"invoiceId": invoice}))
}

/// The body of a line of a credit note.
fn body(note: &str, rate: &str) -> Value {
    let mut body = line("1", rate, "0");
    body["creditNoteId"] = note.into();
    body
}

#[track_caller]
fn add_line(story: &Story, note: &str, rate: &str) -> Value {
    let path = [("creditnote", note)];
    let create = Operation::CreditNoteLineItemCreate;
    story.account.ok(create, &path, "", Some(&body(note, rate)))
}

/// A credit note over an amount that was sent; it stands alone.
#[track_caller]
fn sent(story: &Story, rate: &str) -> String {
    let note = draft(story, json!({}));
    add_line(story, &note, rate);
    story.act(Operation::CreditNoteFinalizeAndSend, &note);
    note
}

#[track_caller]
fn get(story: &Story, note: &str) -> Value {
    story.account.get(Operation::CreditNoteGet, note)
}
