//! What each operation announces.

use std::collections::{BTreeMap, BTreeSet};

use sequencehq_emulator::contract::Version;

use super::super::published::ANSWERS;

/// What operations announce, if the call changes something. All others announce nothing.
#[rustfmt::skip]
const ANNOUNCED: &[(&str, &[&str])] = &[
    ("account_payment_settings_update", &["MERCHANT_UPDATED"]),
    ("account_update", &["MERCHANT_UPDATED"]),
    ("billing_schedule_activate", &["BILLING_SCHEDULE_UPDATED", "INVOICE_CREATED", "INVOICE_ISSUED"]),
    ("billing_schedule_archive", &["BILLING_SCHEDULE_ARCHIVED"]),
    ("billing_schedule_create", &["BILLING_SCHEDULE_CREATED"]),
    ("billing_schedule_duplicate", &["BILLING_SCHEDULE_CREATED"]),
    ("billing_schedule_payment_settings_create", &["BILLING_SCHEDULE_UPDATED"]),
    ("billing_schedule_payment_settings_delete", &["BILLING_SCHEDULE_UPDATED"]),
    ("billing_schedule_payment_settings_update", &["BILLING_SCHEDULE_UPDATED"]),
    ("billing_schedule_update", &["BILLING_SCHEDULE_UPDATED"]),
    ("contact_archive", &["CUSTOMER_UPDATED"]),
    ("contact_create", &["CUSTOMER_UPDATED"]),
    ("contact_update", &["CUSTOMER_UPDATED"]),
    ("credit_create", &["INVOICE_CREATED"]),
    ("credit_note_application_create", &["CREDIT_NOTE_UPDATED", "INVOICE_UPDATED"]),
    ("credit_note_create", &["CREDIT_NOTE_CREATED"]),
    ("credit_note_finalize", &["CREDIT_NOTE_ISSUED"]),
    ("credit_note_finalize_and_send", &["CREDIT_NOTE_ISSUED"]),
    ("credit_note_line_item_create", &["CREDIT_NOTE_UPDATED"]),
    ("credit_note_line_item_delete", &["CREDIT_NOTE_UPDATED"]),
    ("credit_note_line_item_group_create", &["CREDIT_NOTE_UPDATED"]),
    ("credit_note_line_item_group_delete", &["CREDIT_NOTE_UPDATED"]),
    ("credit_note_line_item_group_update", &["CREDIT_NOTE_UPDATED"]),
    ("credit_note_line_item_update", &["CREDIT_NOTE_UPDATED"]),
    ("credit_note_mark_as_sent", &["CREDIT_NOTE_ISSUED"]),
    ("credit_note_send", &["CREDIT_NOTE_UPDATED"]),
    ("credit_note_update", &["CREDIT_NOTE_UPDATED"]),
    ("credit_note_void", &["CREDIT_NOTE_UPDATED"]),
    ("customer_alias_create", &["CUSTOMER_UPDATED"]),
    ("customer_alias_delete", &["CUSTOMER_UPDATED"]),
    ("customer_alias_update", &["CUSTOMER_UPDATED"]),
    ("customer_archive", &["CUSTOMER_ARCHIVED"]),
    ("customer_create", &["CUSTOMER_CREATED"]),
    ("customer_organization_add_members", &["CUSTOMER_UPDATED"]),
    ("customer_organization_create", &["CUSTOMER_UPDATED"]),
    ("customer_organization_replace_members", &["CUSTOMER_UPDATED"]),
    ("customer_update", &["CUSTOMER_UPDATED"]),
    ("discount_delete", &["BILLING_SCHEDULE_UPDATED"]),
    ("discount_update", &["BILLING_SCHEDULE_UPDATED"]),
    ("invoice_create", &["INVOICE_CREATED"]),
    ("invoice_draft", &["INVOICE_UPDATED"]),
    ("invoice_finalize", &["INVOICE_ISSUED"]),
    ("invoice_finalize_and_send", &["INVOICE_ISSUED"]),
    ("invoice_line_item_create", &["INVOICE_UPDATED"]),
    ("invoice_line_item_delete", &["INVOICE_UPDATED"]),
    ("invoice_line_item_group_create", &["INVOICE_UPDATED"]),
    ("invoice_line_item_group_delete", &["INVOICE_UPDATED"]),
    ("invoice_line_item_group_update", &["INVOICE_UPDATED"]),
    ("invoice_line_item_update", &["INVOICE_UPDATED"]),
    ("invoice_mark_as_sent", &["INVOICE_ISSUED"]),
    ("invoice_merge", &["INVOICE_CREATED"]),
    ("invoice_patch", &["INVOICE_UPDATED"]),
    ("invoice_patch_sent", &["INVOICE_UPDATED"]),
    ("invoice_render_settings_update", &["MERCHANT_UPDATED"]),
    ("invoice_send", &["INVOICE_UPDATED"]),
    ("invoice_send_payment_reminder", &["INVOICE_REMINDER_SENT"]),
    ("invoice_update", &["INVOICE_UPDATED"]),
    ("invoice_update_payment_status", &["INVOICE_UPDATED"]),
    ("invoice_void", &["INVOICE_UPDATED"]),
    ("stripe_collection_settings_update", &["MERCHANT_UPDATED"]),
];

#[test]
fn every_operation_announces_what_it_changes_and_no_other_does() {
    let mut found: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for answer in ANSWERS.iter().filter(|answer| answer.version == Version::LATEST) {
        let types = answer.announced.iter().map(String::as_str);
        found.entry(answer.operation.id()).or_default().extend(types);
    }
    let listed: BTreeMap<&str, BTreeSet<&str>> = ANNOUNCED
        .iter()
        .map(|(operation, types)| (*operation, types.iter().copied().collect()))
        .collect();
    for (operation, types) in &found {
        let expected = listed.get(operation).cloned().unwrap_or_default();
        assert_eq!(*types, expected, "{operation}");
    }
    let unknown: Vec<&&str> = listed
        .keys()
        .filter(|operation| !found.contains_key(*operation))
        .collect();
    assert_eq!(unknown, [&""; 0]);
}
