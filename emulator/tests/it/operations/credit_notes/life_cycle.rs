//! From draft to sent or void.

use sequencehq_emulator::contract::Operation;
use sequencehq_emulator::operations::Content;
use sequencehq_emulator::records::{CreditNote, CreditNoteStatus};
use serde_json::{Value, json};

use super::{Story, add_line, draft, draft_on, get, sent, text, texts};

fn in_status(story: &Story, status: &str) -> String {
    let note = draft(story, json!({}));
    add_line(story, &note, "10");
    match status {
        "DRAFT" => {}
        "IN_PROGRESS" => {
            let set = story.account.world.control(|tx| {
                tx.update::<CreditNote>(&note, |note| note.status = CreditNoteStatus::InProgress)
                    .ok_or(())
            });
            assert!(set.is_ok());
        }
        "FINAL" => drop(story.act(Operation::CreditNoteFinalize, &note)),
        "SENT" => drop(story.act(Operation::CreditNoteFinalizeAndSend, &note)),
        "VOIDED" => drop(story.act(Operation::CreditNoteVoid, &note)),
        other => panic!("no status {other}"),
    }
    note
}

#[test]
fn a_credit_note_lives_from_draft_to_sent() {
    let story = Story::new();
    story.account.watch();
    let note = draft(&story, json!({}));
    add_line(&story, &note, "10");
    let finalized = story.act(Operation::CreditNoteFinalize, &note);
    assert_eq!(
        texts(&finalized, ["status", "creditNoteNumber", "issueDate"]),
        ["FINAL", "SCN-00001", "2026-01-01"]
    );
    assert_eq!(finalized.get("balance"), None);
    let path = [("id", note.as_str())];
    let response = story.account.call(Operation::CreditNoteSend, &path, "", None);
    let sent = response.json_body();
    assert_eq!(
        texts(&sent, ["status", "balance", "applicationStatus"]),
        ["SENT", "10.00", "UNAPPLIED"]
    );
    assert_eq!(sent["balanceVersion"], 1);
    assert_eq!(response.assumed.to_string(), "A65");
    assert_eq!(
        story.announced(&note),
        [
            "CREDIT_NOTE_CREATED",
            "CREDIT_NOTE_UPDATED",
            "CREDIT_NOTE_ISSUED",
            "CREDIT_NOTE_UPDATED"
        ]
    );
    for operation in [
        Operation::CreditNoteFinalizeAndSend,
        Operation::CreditNoteMarkAsSent,
    ] {
        let note = draft(&story, json!({}));
        assert_eq!(text(&story.act(operation, &note), "status"), "SENT");
        assert_eq!(
            story.announced(&note),
            ["CREDIT_NOTE_CREATED", "CREDIT_NOTE_ISSUED"]
        );
    }
}

#[test]
fn what_the_status_does_not_allow_is_refused() {
    let story = Story::new();
    let cases: [(Operation, &str, Option<Value>); 7] = [
        (Operation::CreditNoteFinalize, "DRAFT", None),
        (Operation::CreditNoteFinalizeAndSend, "DRAFT", None),
        (Operation::CreditNoteMarkAsSent, "DRAFT FINAL", None),
        (Operation::CreditNoteSend, "FINAL", None),
        (Operation::CreditNoteVoid, "DRAFT FINAL SENT", None),
        (Operation::CreditNoteUpdate, "DRAFT", Some(json!({}))),
        (Operation::CreditNoteDelete, "DRAFT", None),
    ];
    for (operation, allowed, body) in cases {
        for status in ["IN_PROGRESS", "DRAFT", "FINAL", "SENT", "VOIDED"] {
            let note = in_status(&story, status);
            let path = [("id", note.as_str())];
            if allowed.split(' ').any(|one| one == status) {
                story.account.ok(operation, &path, "", body.as_ref());
                continue;
            }
            let refused = story.account.refused(operation, &path, "", body.as_ref());
            let label = format!("{} in {status}: {}", operation.id(), refused.message);
            assert_eq!(refused.kind, "IllegalState", "{label}");
            assert!(refused.message.contains(&format!("is {status}, but")), "{label}");
        }
        let refused = story
            .account
            .refused(operation, &[("id", "x")], "", body.as_ref());
        assert_eq!(refused.status, 404);
    }
}

#[test]
fn a_voided_credit_note_has_a_number_and_nothing_left() {
    let story = Story::new();
    for (status, assumed) in [("DRAFT", ""), ("FINAL", "A61"), ("SENT", "A61, A62, A65")] {
        let note = in_status(&story, status);
        let path = [("id", note.as_str())];
        let response = story.account.call(Operation::CreditNoteVoid, &path, "", None);
        let voided = response.json_body();
        assert_eq!(text(&voided, "status"), "VOIDED");
        assert!(text(&voided, "creditNoteNumber").starts_with("SCN-"));
        assert_eq!(response.assumed.to_string(), assumed);
        assert_eq!(voided.get("applicationStatus"), None);
        if status == "SENT" {
            assert_eq!(
                (text(&voided, "balance"), &voided["balanceVersion"]),
                ("0.00", &json!(2))
            );
        }
    }
}

#[test]
fn sending_can_grant_the_balance_as_cash_credit_once() {
    let story = Story::new();
    let note = draft(&story, json!({}));
    add_line(&story, &note, "10.50");
    let settings = json!({"settings": {"generateCashCreditGrant": "ENABLED"}});
    story.send(Operation::CreditNoteUpdate, &note, settings);
    story.act(Operation::CreditNoteFinalize, &note);
    let path = [("id", note.as_str())];
    let response = story.account.call(Operation::CreditNoteSend, &path, "", None);
    let sent = response.json_body();
    assert_eq!(
        texts(&sent, ["balance", "applicationStatus"]),
        ["0.00", "FULLY_APPLIED"]
    );
    assert_eq!(response.assumed.to_string(), "A65, A66");
    let grants = story.account.ok(Operation::CreditList, &[], "", None);
    assert_eq!(grants["items"].as_array().map(Vec::len), Some(1));
    let grant = &grants["items"][0];
    assert_eq!(
        texts(
            grant,
            ["creditNoteId", "customerId", "currency", "creditUnitType"]
        ),
        [note.as_str(), story.customer.as_str(), "GBP", "CURRENCY"]
    );
    assert_eq!(grant["amount"], json!(10.5));
    let refused = story.account.refused(Operation::CreditNoteVoid, &path, "", None);
    assert!(refused.assumed.contains("A62"), "{}", refused.assumed);
}

#[test]
fn a_final_credit_note_is_printed() {
    let story = Story::new();
    let invoice = story.invoice_in("SENT");
    let note = draft_on(&story, &invoice);
    add_line(&story, &note, "10.50");
    let path = [("id", note.as_str())];
    let download = Operation::CreditNoteDownload;
    let refused = story.account.refused(download, &path, "", None);
    assert_eq!((refused.status, refused.assumed.as_str()), (400, "A1"));
    story.act(Operation::CreditNoteFinalize, &note);
    let response = story.account.call(download, &path, "", None);
    let Content::Pdf { file_name, bytes } = response.content else {
        panic!("{:?}", response.content);
    };
    assert_eq!(file_name, "SCN-00001.pdf");
    let text: String = bytes.iter().map(|byte| char::from(*byte)).collect();
    for part in [
        "(Credit note)",
        "(SCN-00001)",
        "(SEQ-00001)",
        "(Acme Ltd)",
        "(10.50 GBP)",
    ] {
        assert!(text.contains(part), "{part}");
    }
}

#[test]
fn numbers_of_credit_notes_have_a_series_of_their_own() {
    let story = Story::new();
    story.invoice_in("FINAL");
    let notes = [sent(&story, "1"), sent(&story, "1")];
    let numbers = notes.map(|note| text(&get(&story, &note), "creditNoteNumber").to_owned());
    assert_eq!(numbers, ["SCN-00001", "SCN-00002"]);
}
