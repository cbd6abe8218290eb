//! Credit notes as they are created, replaced, deleted and listed.

use sequencehq_emulator::contract::{Operation, Version};
use sequencehq_emulator::records::{Delivery, Kind};
use serde_json::{Value, json};

use super::{Story, add_line, customer, draft, draft_on, get, id, sent, text, texts};

#[test]
fn a_draft_has_what_its_customer_and_invoice_have() {
    let story = Story::new();
    story.account.watch();
    let invoice = story.invoice_in("SENT");
    let note = draft(&story, json!({"invoiceId": invoice, "memo": "Sorry"}));
    let shown = get(&story, &note);
    for (field, expected) in [
        ("status", json!("DRAFT")),
        ("invoiceId", json!(invoice)),
        ("invoiceNumber", json!("SEQ-00001")),
        ("customerLegalCompanyName", json!("Acme Ltd")),
        ("customerEmails", json!(["ada@acme.example", "bob@acme.example"])),
        ("accountingDate", json!("2026-01-01")),
        ("grossTotal", json!("0.00")),
        ("memo", json!("Sorry")),
        ("metadata", json!([])),
        ("applications", json!([])),
        ("settings", json!({"generateCashCreditGrant": "DISABLED"})),
    ] {
        assert_eq!(shown[field], expected, "{field}");
    }
    for absent in [
        "creditNoteNumber",
        "issueDate",
        "balance",
        "balanceVersion",
        "applicationStatus",
    ] {
        assert_eq!(shown.get(absent), None, "{absent}");
    }
    assert_eq!(story.get(&invoice)["creditNoteIds"], json!([note]));
    assert_eq!(story.announced(&note), ["CREDIT_NOTE_CREATED"]);
    let last = story.account.world.store().read(|state| state.all::<Delivery>());
    let last: Value = serde_json::from_str(&last.last().expect("a delivery").body).expect("JSON");
    assert_eq!(text(&last, "resourceType"), "CreditNoteResponse");
    assert_eq!(last["resource"], shown);
}

#[test]
fn a_draft_is_refused_if_a_field_is_wrong() {
    let story = Story::new();
    let archived = customer(&story.account, "Gone");
    story.act(Operation::CustomerArchive, &archived);
    let other = customer(&story.account, "Other");
    let (sent, unsent) = (story.invoice_in("SENT"), story.invoice_in("FINAL"));
    let address = json!({"line1": "1", "town": "Springfield", "postcode": "1", "country": "US"});
    for (fields, path, kind, assumed) in [
        (
            json!({"customerId": "x"}),
            "body.customerId:",
            "InvalidRequest",
            "A4",
        ),
        (
            json!({"customerId": archived}),
            "body.customerId:",
            "IllegalState",
            "A8",
        ),
        (
            json!({"invoiceId": "x"}),
            "body.invoiceId:",
            "InvalidRequest",
            "A4",
        ),
        (
            json!({"invoiceId": unsent}),
            "body.invoiceId:",
            "IllegalState",
            "",
        ),
        (
            json!({"invoiceId": sent, "currency": "EUR"}),
            "body.currency:",
            "InvalidRequest",
            "",
        ),
        (
            json!({"invoiceId": sent, "customerId": other}),
            "body.customerId:",
            "InvalidRequest",
            "",
        ),
        (
            json!({"customerBillingAddress": address}),
            "body.customerBillingAddress.state:",
            "InvalidRequest",
            "",
        ),
        (
            json!({"billingPeriodStart": "2026-02-01T00:00:00Z", "billingPeriodEnd": "2026-01-01T00:00:00Z"}),
            "body.billingPeriodEnd:",
            "InvalidRequest",
            "",
        ),
    ] {
        let mut body = json!({"customerId": story.customer, "currency": "GBP"});
        for (name, value) in fields.as_object().expect("an object") {
            body[name] = value.clone();
        }
        let create = Operation::CreditNoteCreate;
        let refused = story.account.refused(create, &[], "", Some(&body));
        assert!(refused.message.starts_with(path), "{}", refused.message);
        assert_eq!(
            (refused.kind.as_str(), refused.assumed.as_str()),
            (kind, assumed),
            "{path}"
        );
    }
}

#[test]
fn a_replacement_clears_what_it_leaves_out() {
    let story = Story::new();
    let note = draft(
        &story,
        json!({
            "memo": "Hi", "customerTaxId": "T1", "purchaseOrderNumber": "PO", "accountingDate": "2026-02-01",
            "customerLegalCompanyName": "Other Ltd", "metadata": [{"key": "a", "value": "b"}],
        }),
    );
    let before = get(&story, &note);
    assert_eq!(
        texts(
            &before,
            ["customerTaxId", "customerLegalCompanyName", "accountingDate"]
        ),
        ["T1", "Other Ltd", "2026-02-01"]
    );
    let body = json!({"memo": "Bye", "settings": {"generateCashCreditGrant": "ENABLED"}});
    let replaced = story.send(Operation::CreditNoteUpdate, &note, body);
    assert_eq!(
        texts(&replaced, ["memo", "customerLegalCompanyName", "accountingDate"]),
        ["Bye", "Acme Ltd", "2026-01-01"]
    );
    for gone in ["customerTaxId", "purchaseOrderNumber"] {
        assert_eq!(replaced.get(gone), None, "{gone}");
    }
    assert_eq!(replaced["settings"]["generateCashCreditGrant"], "ENABLED");
    let body = json!({"settings": null, "memo": null});
    let cleared = story.send(Operation::CreditNoteUpdate, &note, body);
    assert_eq!(cleared["settings"]["generateCashCreditGrant"], "DISABLED");
    assert_eq!(cleared.get("memo"), None);
}

#[test]
fn only_a_draft_is_deleted_and_its_lines_go_with_it() {
    let story = Story::new();
    let note = draft(&story, json!({}));
    add_line(&story, &note, "10");
    let deleted = story.act(Operation::CreditNoteDelete, &note);
    assert_eq!(
        (id(&deleted), text(&deleted, "grossTotal")),
        (note.as_str(), "10.00")
    );
    let left = story
        .account
        .world
        .store()
        .read(|state| state.count(Kind::CreditNoteLineItem) + state.count(Kind::CreditNote));
    assert_eq!(left, 0);
    let note = sent(&story, "10");
    let path = [("id", note.as_str())];
    let refused = story
        .account
        .refused(Operation::CreditNoteDelete, &path, "", None);
    assert_eq!(
        (refused.kind.as_str(), refused.assumed.as_str()),
        ("IllegalState", "A63")
    );
}

#[test]
fn credit_notes_are_filtered_and_sorted() {
    let story = Story::new();
    let other = customer(&story.account, "Other");
    let small = draft(&story, json!({}));
    add_line(&story, &small, "9");
    let large = sent(&story, "10");
    let foreign = draft(&story, json!({"customerId": other}));
    let mine = format!("customerId={}", story.customer);
    let cases: [(&str, &[&String]); 9] = [
        ("", &[&small, &large, &foreign]),
        ("creditNoteStatus=SENT", &[&large]),
        ("creditNoteStatus=DRAFT,FINAL", &[&small, &foreign]),
        (&mine, &[&small, &large]),
        ("sentAfter=2025-12-31&sentBefore=2026-01-02", &[&large]),
        ("sentBefore=2026-01-01", &[]),
        ("searchCreditNoteNumber=scn-", &[&large]),
        ("sortBy=GROSS_TOTAL", &[&foreign, &small, &large]),
        ("sortBy=CREDIT_NOTE_NUMBER", &[&large, &small, &foreign]),
    ];
    for (filter, expected) in cases {
        let query = format!("sortOrder=ASC&{filter}");
        let found = story.account.ids(Operation::CreditNoteList, &query);
        let found: Vec<&String> = found.iter().collect();
        assert_eq!(found, expected, "{filter}");
    }
    let sorted = story
        .account
        .ids(Operation::CreditNoteList, "sortBy=STATUS&limit=1");
    assert_eq!(sorted, [large]);
}

#[test]
fn older_versions_answer_fewer_fields() {
    let mut story = Story::new();
    let invoice = story.invoice_in("SENT");
    let note = draft_on(&story, &invoice);
    story.send(Operation::CreditNoteUpdate, &note, json!({"customerTaxId": "T1"}));
    story.act(Operation::CreditNoteFinalizeAndSend, &note);
    for name in ["2024-01-01", "2024-05-09"] {
        story.account.version = Version::parse(name).expect("the version exists");
        let shown = get(&story, &note);
        for absent in [
            "balance",
            "balanceVersion",
            "applications",
            "settings",
            "accountingDate",
        ] {
            assert_eq!(shown.get(absent), None, "{name} {absent}");
        }
        assert_eq!(text(&shown, "customerTaxId"), "T1");
        let list = story.account.ok(Operation::CreditNoteList, &[], "", None);
        assert_eq!(list["items"][0].get("customerTaxId"), None);
    }
}
