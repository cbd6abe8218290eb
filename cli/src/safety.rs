//! Asks before something is done in production that cannot be taken back.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use sequencehq_document::model::Operation;

use crate::failure::Failure;

/// Operations with these verbs only create, change or check something.
const HARMLESS: [&str; 6] = ["add", "create", "draft", "duplicate", "patch", "validate"];

/// Returns `true` if an operation issues, sends, voids or deletes something, or starts something.
///
/// This follows from the document: everything that must not be repeated counts, except for a few verbs. So a new kind of
/// operation counts until it is known to be harmless.
pub(crate) fn is_final(verb: &str, operation: &Operation) -> bool {
    let first = verb.split('-').next().unwrap_or_default();
    match &*operation.method {
        "get" => false,
        "delete" => true,
        _ => operation.repeat == "never" && !HARMLESS.contains(&first),
    }
}

/// Asks on a terminal, and refuses without one.
pub(crate) fn confirm(what: &str) -> Result<(), Failure> {
    let mut terminal = io::stderr();
    if !io::stdin().is_terminal() || !terminal.is_terminal() {
        return Err(Failure::Unconfirmed(format!(
            "{what} was not confirmed, and nothing was sent. Add --yes to do it in production."
        )));
    }
    write!(terminal, "This calls {what} in production. Type `yes` to go on: ")?;
    terminal.flush()?;
    let mut answer = String::new();
    let count = io::stdin().lock().read_line(&mut answer)?;
    if count == 0 {
        // At the end of the input, the line of the question is still open.
        writeln!(terminal)?;
    }
    match answer.trim() {
        "yes" => Ok(()),
        "" => Err(Failure::Unconfirmed(
            "not confirmed, and nothing was sent".to_owned(),
        )),
        other => Err(Failure::Unconfirmed(format!(
            "not confirmed, since `{other}` is not `yes`; nothing was sent"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::catalog::Catalog;

    #[test]
    fn what_issues_sends_voids_or_deletes_is_final() {
        let catalog = Catalog::read().expect("JSON");
        let all = catalog.resources.iter().flat_map(|resource| &resource.operations);
        let mut finals: Vec<&str> = all
            .filter(|(verb, operation)| is_final(verb, operation))
            .map(|(_, operation)| operation.id.as_str())
            .filter(|id| !id.ends_with("_delete") && !id.ends_with("_archive"))
            .collect();
        finals.sort_unstable();
        let expected = [
            "billing_schedule_activate",
            "billing_schedule_update",
            "credit_note_finalize",
            "credit_note_finalize_and_send",
            "credit_note_mark_as_sent",
            "credit_note_send",
            "credit_note_void",
            "invoice_finalize",
            "invoice_finalize_and_send",
            "invoice_fix_billing_runs",
            "invoice_mark_as_sent",
            "invoice_merge",
            "invoice_reconcile",
            "invoice_send",
            "invoice_send_payment_reminder",
            "invoice_void",
            "notification_policy_remove_notification_type",
            "notification_policy_remove_recipient",
            "tax_rate_update",
        ];
        assert_eq!(finals, expected);
    }
}
