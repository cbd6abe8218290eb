//! Merging drafts.

use sequencehq_emulator::contract::Operation;
use sequencehq_emulator::records::Kind;
use serde_json::{Value, json};

use super::super::{id, text};
use super::Story;

#[test]
fn merging_makes_one_draft_of_several() {
    let story = Story::new();
    story.account.watch();
    let (first, second) = (story.draft_with(json!({"memo": "First"})), story.draft());
    story.add_line(&first, "1", "10.00", "0");
    story.add_line(&second, "1", "5.00", "0.2");
    let group = json!({"title": "G"});
    story.line(Operation::InvoiceLineItemGroupCreate, &first, &group);
    story.line(Operation::InvoiceLineItemGroupCreate, &second, &group);
    let body = json!({"invoiceIds": [second, first]});
    let response = story.account.call(Operation::InvoiceMerge, &[], "", Some(&body));
    assert_eq!(
        (response.status, response.assumed.to_string().as_str()),
        (201, "A71")
    );
    let merged = response.json_body();
    assert_eq!(
        super::texts(&merged, ["status", "grossTotal"]),
        ["DRAFT", "16.00"]
    );
    assert_eq!(
        merged.get("memo"),
        None,
        "the fields are those of the first named"
    );
    for gone in [&first, &second] {
        let refused = story
            .account
            .refused(Operation::InvoiceGet, &[("id", gone)], "", None);
        assert_eq!(refused.status, 404);
    }
    let parent = [("invoice", id(&merged))];
    let list = |operation: Operation| -> Vec<Value> {
        let page = story.account.ok(operation, &parent, "sortOrder=ASC", None);
        page["items"].as_array().cloned().expect("items")
    };
    let lines = list(Operation::InvoiceLineItemList);
    let places: Vec<_> = lines
        .iter()
        .map(|line| (text(line, "grossTotal"), line["index"].as_i64()))
        .collect();
    assert_eq!(places, [("6.00", Some(0)), ("10.00", Some(1))]);
    let groups = list(Operation::InvoiceLineItemGroupList);
    let places: Vec<_> = groups.iter().map(|group| group["index"].as_i64()).collect();
    assert_eq!(places, [Some(0), Some(1)]);
    assert_eq!(story.announced(id(&merged)), ["INVOICE_CREATED"]);
}

#[test]
fn what_does_not_fit_together_is_not_merged() {
    let story = Story::new();
    let (pounds, other) = (story.draft(), story.draft());
    let euros = story.draft_with(json!({"currency": "EUR"}));
    let customer = super::customer(&story.account, "Other");
    let foreign = story.draft_with(json!({"customerId": customer}));
    let sent = story.invoice_in("SENT");
    for (ids, path, assumed) in [
        (json!([pounds]), "body.invoiceIds:", ""),
        (json!([pounds, pounds]), "body.invoiceIds:", ""),
        (json!([pounds, euros]), "body.invoiceIds[1]:", ""),
        (json!([pounds, other, foreign]), "body.invoiceIds[2]:", ""),
        (json!([pounds, "x"]), "body.invoiceIds[1]:", "A4"),
        (json!([pounds, sent]), "The invoice", ""),
    ] {
        let body = json!({"invoiceIds": ids});
        let refused = story
            .account
            .refused(Operation::InvoiceMerge, &[], "", Some(&body));
        assert!(refused.message.starts_with(path), "{}", refused.message);
        assert_eq!((refused.status, refused.assumed.as_str()), (400, assumed));
    }
    let left = story
        .account
        .world
        .store()
        .read(|state| state.count(Kind::Invoice));
    assert_eq!(left, 5);
}

#[test]
fn drafts_with_different_payment_statuses_become_an_unpaid_one() {
    for (statuses, expected) in [
        (["PAID", "PAID"], "PAID"),
        (["PAID", "UNPAID"], "UNPAID"),
        (["UNPAID", "PARTIALLY_PAID"], "UNPAID"),
    ] {
        let story = Story::new();
        let drafts = statuses.map(|status| {
            let draft = story.invoice_in("DRAFT");
            story.set_payment_status(&draft, status);
            draft
        });
        let body = json!({"invoiceIds": drafts});
        let merged = story.account.create(Operation::InvoiceMerge, &body);
        assert_eq!(text(&merged, "paymentStatus"), expected, "{statuses:?}");
        story.act(Operation::InvoiceFinalize, id(&merged));
        let owed = if expected == "PAID" { "0.00" } else { "240.00" };
        assert_eq!(text(&story.get(id(&merged)), "balance"), owed, "{statuses:?}");
    }
}
