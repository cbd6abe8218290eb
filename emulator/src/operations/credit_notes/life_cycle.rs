//! The life of a credit note: from draft to sent or void.
//!
//! A credit note is final once: then it gets its number, and CREDIT_NOTE_ISSUED is announced. It has a balance once it is sent (A65).
//! A draft that is voided gets a number too.

use crate::assumptions::{A61, A62};
use crate::records::{Balance, CreditNote, CreditNoteStatus, Kind};

use super::super::answer::Outcome;
use super::super::call::Call;
use super::super::credits;
use super::super::documents::{amounts, status};
use super::super::entry::Entry;
use super::super::problem::Problem;
use super::record::{existing, store};
use super::{bound, shape};

pub(in super::super) const FINALIZE: Entry = Entry::real(finalize, "document, A64");
pub(in super::super) const FINALIZE_AND_SEND: Entry =
    Entry::real(finalize_and_send, "document, A64, A65, A66");
pub(in super::super) const SEND: Entry = Entry::real(send, "document, A65, A66");
pub(in super::super) const MARK_AS_SENT: Entry = Entry::real(mark_as_sent, "document, A64, A65, A66");
pub(in super::super) const VOID: Entry = Entry::computed(void, "document, A61, A62");

fn finalize(call: &mut Call<'_, '_>) -> Outcome {
    let mut note = existing(call)?;
    become_final(call, &mut note, "finalize")?;
    answer(call, &note)
}

fn send(call: &mut Call<'_, '_>) -> Outcome {
    let mut note = existing(call)?;
    status::check(&note.id, note.status, "send", &[CreditNoteStatus::Final])?;
    become_sent(call, &mut note)?;
    answer(call, &note)
}

fn finalize_and_send(call: &mut Call<'_, '_>) -> Outcome {
    let mut note = existing(call)?;
    become_final(call, &mut note, "finalize_and_send")?;
    become_sent(call, &mut note)?;
    answer(call, &note)
}

fn mark_as_sent(call: &mut Call<'_, '_>) -> Outcome {
    let mut note = existing(call)?;
    let allowed = [CreditNoteStatus::Draft, CreditNoteStatus::Final];
    status::check(&note.id, note.status, "mark_as_sent", &allowed)?;
    if note.status == CreditNoteStatus::Draft {
        become_final(call, &mut note, "mark_as_sent")?;
    }
    become_sent(call, &mut note)?;
    answer(call, &note)
}

/// Cancels a credit note (A61), unless some of it was applied or made into a grant (A62).
fn void(call: &mut Call<'_, '_>) -> Outcome {
    let mut note = existing(call)?;
    let allowed = [
        CreditNoteStatus::Draft,
        CreditNoteStatus::Final,
        CreditNoteStatus::Sent,
    ];
    status::check(&note.id, note.status, "void", &allowed).map_err(|problem| problem.assuming(A61))?;
    if note.status != CreditNoteStatus::Draft {
        call.assume(A61);
    }
    if let Some(balance) = note.balance {
        call.assume(A62);
        if balance.amount < note.amounts.gross_total {
            return Err(Problem::illegal_state(format!(
                "The credit note {} was applied in part: {} of {} {} is left. It cannot be voided.",
                note.id, balance.amount, note.amounts.gross_total, note.currency
            )));
        }
    }
    take_number(call, &mut note);
    note.status = CreditNoteStatus::Voided;
    let nothing = amounts::nothing(&note.currency)?;
    note.balance = note.balance.map(|balance| balance.changed_to(nothing));
    answer(call, &note)
}

fn answer(call: &mut Call<'_, '_>, note: &CreditNote) -> Outcome {
    store(call, note);
    shape::answer(call, note)
}

/// Turns a draft into a final credit note.
fn become_final(call: &mut Call<'_, '_>, note: &mut CreditNote, name: &str) -> Result<(), Problem> {
    status::check(&note.id, note.status, name, &[CreditNoteStatus::Draft])?;
    bound::check(call, note)?;
    take_number(call, note);
    note.status = CreditNoteStatus::Final;
    note.issue_date = Some(call.tx.today().to_string());
    call.tx.announce("CREDIT_NOTE_ISSUED", Kind::CreditNote, &note.id);
    Ok(())
}

/// Sends a credit note: it gets a balance (A65), which a grant uses up if the settings state so (A66).
fn become_sent(call: &mut Call<'_, '_>, note: &mut CreditNote) -> Result<(), Problem> {
    note.status = CreditNoteStatus::Sent;
    note.sent_at = Some(call.tx.now_text());
    let nothing = amounts::nothing(&note.currency)?;
    let balance = Balance {
        amount: note.amounts.gross_total.max(nothing),
        version: 1,
    };
    note.balance = Some(balance);
    if note.generates_grant && balance.amount > nothing {
        note.grant_id = Some(credits::grant_of_credit_note(call, note, balance.amount)?);
        note.balance = Some(balance.changed_to(nothing));
    }
    Ok(())
}

fn take_number(call: &mut Call<'_, '_>, note: &mut CreditNote) {
    if note.credit_note_number.is_none() {
        let number = call.tx.next_number("credit note");
        note.credit_note_number = Some(format!("SCN-{number:05}"));
    }
}
