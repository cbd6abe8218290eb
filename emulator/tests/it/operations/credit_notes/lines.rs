//! Lines and groups of credit notes, and what bounds them.

use sequencehq_emulator::contract::Operation;
use sequencehq_emulator::records::Kind;
use serde_json::{Value, json};

use super::{Story, add_line, body, draft, draft_on, get, id, line, text, texts};

/// A sent invoice with a line of a price in a group: invoice, line, group.
fn credited(story: &Story) -> (String, String, String) {
    let price = json!({"id": "price-1", "productId": "product-1"});
    story.account.seed(Kind::Price, price);
    story.account.seed(Kind::Product, json!({"id": "product-1"}));
    let invoice = story.draft();
    let group = json!({"title": "G"});
    let group = story.line(Operation::InvoiceLineItemGroupCreate, &invoice, &group);
    let mut line = line("1", "100", "0");
    line["priceId"] = "price-1".into();
    let line = story.line(Operation::InvoiceLineItemCreate, &invoice, &line);
    story.act(Operation::InvoiceFinalizeAndSend, &invoice);
    (invoice, id(&line).to_owned(), id(&group).to_owned())
}

#[test]
fn a_line_credits_a_line_of_the_invoice() {
    let story = Story::new();
    story.account.watch();
    let (invoice, line, _) = credited(&story);
    let note = draft_on(&story, &invoice);
    let mut sent = body(&note, "40");
    sent["lineItemId"] = line.as_str().into();
    sent["servicePeriod"] = json!({"start": "2026-01-01", "endInclusive": "2026-01-31"});
    let path = [("creditnote", note.as_str())];
    let create = Operation::CreditNoteLineItemCreate;
    let added = story.account.ok(create, &path, "", Some(&sent));
    assert_eq!(
        texts(
            &added,
            ["creditNoteId", "lineItemId", "priceId", "productId", "grossTotal"]
        ),
        [note.as_str(), line.as_str(), "price-1", "product-1", "40.00"]
    );
    assert_eq!(text(&get(&story, &note), "grossTotal"), "40.00");

    let path = [("creditnote", note.as_str()), ("id", id(&added))];
    let update = Operation::CreditNoteLineItemUpdate;
    let changed = story.account.ok(update, &path, "", Some(&body(&note, "50")));
    assert_eq!(
        texts(&changed, ["lineItemId", "priceId", "grossTotal"]),
        [line.as_str(), "price-1", "50.00"]
    );
    assert_eq!(changed.get("servicePeriod"), None);
    story
        .account
        .ok(Operation::CreditNoteLineItemDelete, &path, "", None);
    assert_eq!(text(&get(&story, &note), "grossTotal"), "0.00");
    assert_eq!(
        story.announced(&note),
        [
            "CREDIT_NOTE_CREATED",
            "CREDIT_NOTE_UPDATED",
            "CREDIT_NOTE_UPDATED",
            "CREDIT_NOTE_UPDATED"
        ]
    );
}

#[test]
fn a_line_is_refused_if_a_field_is_wrong() {
    let story = Story::new();
    let (invoice, line, _) = credited(&story);
    let (other, alone) = (story.invoice_in("SENT"), draft(&story, json!({})));
    let note = draft_on(&story, &invoice);
    let foreign = draft_on(&story, &other);
    let cases: [(&str, Value, &str, &str); 8] = [
        (&note, json!({"creditNoteId": "x"}), "body.creditNoteId:", ""),
        (&note, json!({"lineItemId": "x"}), "body.lineItemId:", "A4"),
        (&foreign, json!({"lineItemId": line}), "body.lineItemId:", "A4"),
        (&alone, json!({"lineItemId": line}), "body.lineItemId:", "A4"),
        (
            &note,
            json!({"invoiceLineItemIds": [line, "x"]}),
            "body.invoiceLineItemIds:",
            "A4",
        ),
        (&note, json!({"productId": "x"}), "body.productId:", "A4"),
        (
            &note,
            json!({"revenueRecognitionMethod": "USAGE"}),
            "body.revenueRecognitionMethod:",
            "",
        ),
        (&note, json!({"groupId": "x"}), "body.groupId:", ""),
    ];
    for (note, fields, start, assumed) in cases {
        let mut sent = body(note, "1");
        for (name, value) in fields.as_object().expect("an object") {
            sent[name] = value.clone();
        }
        let path = [("creditnote", note)];
        let create = Operation::CreditNoteLineItemCreate;
        let refused = story.account.refused(create, &path, "", Some(&sent));
        assert!(refused.message.starts_with(start), "{}", refused.message);
        assert_eq!(
            (refused.status, refused.assumed.as_str()),
            (400, assumed),
            "{start}"
        );
    }
}

#[test]
fn credit_notes_on_an_invoice_are_bounded_by_it() {
    let story = Story::new();
    let (invoice, ..) = credited(&story);
    let (first, second) = (draft_on(&story, &invoice), draft_on(&story, &invoice));
    let create = Operation::CreditNoteLineItemCreate;
    let refused_line = |note: &str, rate: &str| {
        let path = [("creditnote", note)];
        let refused = story.account.refused(create, &path, "", Some(&body(note, rate)));
        assert_eq!((refused.status, refused.assumed.as_str()), (400, "A64"));
        refused.message
    };
    refused_line(&first, "100.01");
    add_line(&story, &first, "60");
    // Drafts do not bound each other.
    let line = add_line(&story, &second, "60");
    story.act(Operation::CreditNoteFinalize, &first);
    let path = [("id", second.as_str())];
    let refused = story
        .account
        .refused(Operation::CreditNoteFinalize, &path, "", None);
    assert_eq!(refused.assumed, "A64");
    assert!(refused.message.contains("only 40.00"), "{}", refused.message);
    let of_line = [("creditnote", second.as_str()), ("id", id(&line))];
    let update = Operation::CreditNoteLineItemUpdate;
    let refused = story
        .account
        .refused(update, &of_line, "", Some(&body(&second, "41")));
    assert_eq!(refused.assumed, "A64");
    story.account.ok(update, &of_line, "", Some(&body(&second, "40")));
    story.act(Operation::CreditNoteFinalize, &second);
    story.act(Operation::CreditNoteVoid, &first);
    let third = draft_on(&story, &invoice);
    add_line(&story, &third, "60");
    story.act(Operation::CreditNoteFinalize, &third);

    let alone = draft(&story, json!({}));
    add_line(&story, &alone, "1000000");
}

#[test]
fn lines_stay_in_their_group() {
    let story = Story::new();
    let (invoice, _, group_of_invoice) = credited(&story);
    let note = draft_on(&story, &invoice);
    let path = [("creditnote", note.as_str())];
    let create = Operation::CreditNoteLineItemGroupCreate;
    let sent = json!({"title": "Support", "lineItemGroupId": group_of_invoice});
    let group = story.account.ok(create, &path, "", Some(&sent));
    assert_eq!(text(&group, "lineItemGroupId"), group_of_invoice);
    let wrong = json!({"title": "Support", "lineItemGroupId": "x"});
    let refused = story.account.refused(create, &path, "", Some(&wrong));
    assert!(
        refused.message.starts_with("body.lineItemGroupId:"),
        "{}",
        refused.message
    );
    assert_eq!(refused.assumed, "A4");

    let mut sent = body(&note, "10");
    sent["groupId"] = id(&group).into();
    let added = story
        .account
        .ok(Operation::CreditNoteLineItemCreate, &path, "", Some(&sent));
    let of_line = [("creditnote", note.as_str()), ("id", id(&added))];
    let update = Operation::CreditNoteLineItemUpdate;
    let changed = story.account.ok(update, &of_line, "", Some(&body(&note, "20")));
    assert_eq!(text(&changed, "groupId"), id(&group));
    let of_group = [("creditnote", note.as_str()), ("id", id(&group))];
    let renamed = story.account.ok(
        Operation::CreditNoteLineItemGroupUpdate,
        &of_group,
        "",
        Some(&json!({"title": "Help"})),
    );
    assert_eq!(
        texts(&renamed, ["title", "grossTotal", "lineItemGroupId"]),
        ["Help", "20.00", group_of_invoice.as_str()]
    );
    let list = |operation: Operation| story.account.ok(operation, &path, "", None)["items"].clone();
    assert_eq!(list(Operation::CreditNoteLineItemGroupList), json!([renamed]));
    story
        .account
        .ok(Operation::CreditNoteLineItemGroupDelete, &of_group, "", None);
    let lines = list(Operation::CreditNoteLineItemList);
    assert_eq!(lines[0].get("groupId"), None);
}

#[test]
fn lines_change_only_in_drafts() {
    let story = Story::new();
    let note = draft(&story, json!({}));
    let added = add_line(&story, &note, "10");
    story.act(Operation::CreditNoteFinalize, &note);
    let sent = body(&note, "1");
    let title = json!({"title": "T"});
    for (operation, child, body) in [
        (Operation::CreditNoteLineItemCreate, None, Some(&sent)),
        (Operation::CreditNoteLineItemUpdate, Some(&added), Some(&sent)),
        (Operation::CreditNoteLineItemDelete, Some(&added), None),
        (Operation::CreditNoteLineItemGroupCreate, None, Some(&title)),
    ] {
        let mut path = vec![("creditnote", note.as_str())];
        path.extend(child.map(|child| ("id", id(child))));
        let refused = story.account.refused(operation, &path, "", body);
        assert_eq!(refused.kind, "IllegalState", "{}", operation.id());
    }
}

#[test]
fn nothing_of_an_invoice_that_was_voided_is_credited() {
    let story = Story::new();
    let (invoice, ..) = credited(&story);
    let note = draft_on(&story, &invoice);
    let line = add_line(&story, &note, "60");
    story.act(Operation::InvoiceVoid, &invoice);
    let path = [("id", note.as_str())];
    for operation in [
        Operation::CreditNoteFinalize,
        Operation::CreditNoteFinalizeAndSend,
        Operation::CreditNoteMarkAsSent,
    ] {
        let refused = story.account.refused(operation, &path, "", None);
        assert_eq!(refused.kind, "IllegalState", "{}", operation.id());
        assert!(refused.message.contains("was voided"), "{}", refused.message);
    }
    let of_line = [("creditnote", note.as_str()), ("id", id(&line))];
    let delete = Operation::CreditNoteLineItemDelete;
    story.account.ok(delete, &of_line, "", None);
    story.account.ok(Operation::CreditNoteDelete, &path, "", None);
}

#[test]
fn a_credit_note_below_zero_makes_no_room_for_others() {
    let story = Story::new();
    let (invoice, ..) = credited(&story);
    let (below, above) = (draft_on(&story, &invoice), draft_on(&story, &invoice));
    add_line(&story, &below, "-50");
    story.act(Operation::CreditNoteFinalize, &below);
    let create = Operation::CreditNoteLineItemCreate;
    let path = [("creditnote", above.as_str())];
    let refused = story
        .account
        .refused(create, &path, "", Some(&body(&above, "100.01")));
    assert_eq!(refused.assumed, "A64");
    add_line(&story, &above, "100");
    story.act(Operation::CreditNoteFinalize, &above);
}

#[test]
fn a_line_is_about_the_line_that_it_credits() {
    for named in [None, Some(json!([]))] {
        let story = Story::new();
        let (invoice, line, _) = credited(&story);
        let note = draft_on(&story, &invoice);
        let mut sent = body(&note, "40");
        sent["lineItemId"] = line.as_str().into();
        if let Some(named) = named {
            sent["invoiceLineItemIds"] = named;
        }
        let path = [("creditnote", note.as_str())];
        let create = Operation::CreditNoteLineItemCreate;
        story.account.ok(create, &path, "", Some(&sent));
        story.act(Operation::CreditNoteFinalizeAndSend, &note);
        let application = json!({
            "creditNoteId": note, "invoiceId": invoice, "amount": 40, "currency": "GBP",
            "creditNoteBalanceVersion": 1, "invoiceBalanceVersion": 1,
        });
        story
            .account
            .create(Operation::CreditNoteApplicationCreate, &application);
        let applied = story.get(&invoice)["appliedCreditNotes"][0]["lineItems"].clone();
        assert_eq!(applied[0]["invoiceLineItemIds"], json!([line]));
    }
}
