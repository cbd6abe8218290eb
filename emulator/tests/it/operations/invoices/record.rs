//! Invoices as they are created, replaced and deleted.

use sequencehq_emulator::contract::{Operation, Version};
use sequencehq_emulator::records::{Delivery, Kind};
use serde_json::{Value, json};

use super::super::{id, text};
use super::{InvoiceStatus, Story};

#[test]
fn a_draft_has_what_its_customer_has_and_no_number() {
    let story = Story::new();
    let body = json!({"customerId": story.customer, "currency": "GBP", "memo": "Thanks"});
    let response = story.account.call(Operation::InvoiceCreate, &[], "", Some(&body));
    assert_eq!(
        (response.status, response.assumed.to_string().as_str()),
        (201, "A55")
    );
    let draft = response.json_body();
    for (field, expected) in [
        ("status", "DRAFT"),
        ("paymentStatus", "UNPAID"),
        ("customerLegalCompanyName", "Acme Ltd"),
        ("customerTaxStatus", "TAXED"),
        ("grossTotal", "0.00"),
        ("accountingDate", "2026-01-01"),
        ("dueDateSource", "CALCULATED"),
        ("memo", "Thanks"),
    ] {
        assert_eq!(draft[field], expected, "{field}");
    }
    assert_eq!(
        draft["customerEmails"],
        json!(["ada@acme.example", "bob@acme.example"])
    );
    assert_eq!(
        draft["customerShippingAddress"]["line1"],
        json!("1 Example Street")
    );
    assert_eq!(
        (&draft["metadata"], &draft["paymentTermDays"]),
        (&json!([]), &json!(30))
    );
    assert_eq!(draft["merchantDetails"]["legalCompanyName"], "Example Ltd");
    for absent in [
        "invoiceNumber",
        "issueDate",
        "dueDate",
        "balance",
        "balanceVersion",
        "reference",
    ] {
        assert_eq!(draft.get(absent), None, "{absent}");
    }
    assert_eq!(story.get(id(&draft)), draft);
}

#[test]
fn a_draft_is_refused_if_a_field_is_wrong() {
    let story = Story::new();
    let archived = super::customer(&story.account, "Gone");
    story
        .account
        .ok(Operation::CustomerArchive, &[("id", &archived)], "", None);
    let unfinished = super::customer(&story.account, "Draft");
    let set = story.account.world.control(|tx| {
        let customer = tx.update::<sequencehq_emulator::records::Customer>(&unfinished, |customer| {
            customer.status = "DRAFT".to_owned();
        });
        customer.ok_or(())
    });
    assert!(set.is_ok());
    let address = json!({"line1": "1", "town": "Springfield", "postcode": "1", "country": "US"});
    let period = json!({"start": "2026-02-01", "endInclusive": "2026-01-31"});
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
            json!({"customerId": unfinished}),
            "body.customerId:",
            "IllegalState",
            "",
        ),
        (
            json!({"billingScheduleId": "x"}),
            "body.billingScheduleId:",
            "InvalidRequest",
            "A4",
        ),
        (
            json!({"customerBillingAddress": address}),
            "body.customerBillingAddress.state:",
            "InvalidRequest",
            "",
        ),
        (
            json!({"billingPeriod": period}),
            "body.billingPeriod.endInclusive:",
            "InvalidRequest",
            "",
        ),
        (
            json!({"attachmentAssetIds": ["x"]}),
            "body.attachmentAssetIds:",
            "NotEmulated",
            "",
        ),
    ] {
        let mut body = json!({"customerId": story.customer, "currency": "GBP"});
        for (name, value) in fields.as_object().expect("an object") {
            body[name] = value.clone();
        }
        let refused = story
            .account
            .refused(Operation::InvoiceCreate, &[], "", Some(&body));
        assert!(refused.message.starts_with(path), "{}", refused.message);
        assert_eq!(
            (refused.kind.as_str(), refused.assumed.as_str()),
            (kind, assumed),
            "{path}"
        );
    }
}

#[test]
fn the_payment_term_of_a_schedule_replaces_the_default() {
    let story = Story::new();
    let schedule = json!({"id": "schedule-1", "defaultDueDateDays": 7});
    story.account.seed(Kind::BillingSchedule, schedule);
    let body = json!({"customerId": story.customer, "currency": "GBP", "billingScheduleId": "schedule-1"});
    let response = story.account.call(Operation::InvoiceCreate, &[], "", Some(&body));
    assert_eq!(response.json_body()["paymentTermDays"], 7);
    assert_eq!(response.assumed.to_string(), "");
}

#[test]
fn an_invoice_keeps_what_it_has_of_its_customer_and_shows_that_it_is_archived() {
    let story = Story::new();
    let invoice = story.draft();
    story.act(Operation::CustomerArchive, &story.customer);
    let shown = story.get(&invoice);
    assert_eq!(
        (
            &shown["isCustomerArchived"],
            text(&shown, "customerLegalCompanyName")
        ),
        (&json!(true), "Acme Ltd")
    );
    story.act(Operation::InvoiceFinalize, &invoice);
}

#[test]
fn a_replacement_clears_what_it_leaves_out() {
    let story = Story::new();
    let invoice = story.draft_with(json!({
        "memo": "Hi", "reference": "R1", "dueDate": "2026-05-01", "customerEmails": ["x@acme.example"],
        "customerLegalCompanyName": "Other Ltd", "accountingDate": "2026-02-01", "billingRunId": "run-1",
        "metadata": [{"key": "order", "value": "7"}], "paymentOptions": ["LINK"],
    }));
    let before = story.get(&invoice);
    assert_eq!(
        super::texts(&before, ["dueDate", "dueDateSource", "billingRunId"]),
        ["2026-05-01", "MANUAL", "run-1"]
    );
    assert_eq!(before.get("paymentTermDays"), None);
    let path = [("id", invoice.as_str())];
    let body = json!({"memo": "Bye"});
    let replaced = story.account.ok(Operation::InvoiceUpdate, &path, "", Some(&body));
    assert_eq!(
        super::texts(
            &replaced,
            [
                "memo",
                "currency",
                "customerLegalCompanyName",
                "accountingDate",
                "dueDateSource"
            ]
        ),
        ["Bye", "GBP", "Acme Ltd", "2026-01-01", "CALCULATED"]
    );
    for gone in ["reference", "dueDate", "billingRunId", "paymentOptions"] {
        assert_eq!(replaced.get(gone), None, "{gone}");
    }
    assert_eq!(replaced["metadata"], json!([]));
    assert_eq!(
        replaced["customerEmails"],
        json!(["ada@acme.example", "bob@acme.example"])
    );
    let body = json!({"customerEmails": []});
    let emptied = story.account.ok(Operation::InvoiceUpdate, &path, "", Some(&body));
    assert_eq!(emptied["customerEmails"], json!([]));
}

#[test]
fn lines_follow_the_currency_of_the_invoice() {
    let story = Story::new();
    let invoice = story.draft();
    story.add_line(&invoice, "1", "10.50", "0");
    let path = [("id", invoice.as_str())];
    let body = json!({"currency": "JPY"});
    let changed = story.account.ok(Operation::InvoiceUpdate, &path, "", Some(&body));
    assert_eq!(super::texts(&changed, ["currency", "netTotal"]), ["JPY", "11"]);
    let lines = story
        .account
        .ok(Operation::InvoiceLineItemList, &[("invoice", &invoice)], "", None);
    assert_eq!(lines["items"][0]["netTotal"], "11");
}

#[test]
fn a_deleted_invoice_is_gone_with_its_lines() {
    let story = Story::new();
    let invoice = story.draft();
    story.add_line(&invoice, "1", "1", "0");
    story.line(
        Operation::InvoiceLineItemGroupCreate,
        &invoice,
        &json!({"title": "G"}),
    );
    let path = [("id", invoice.as_str())];
    let deleted = story.account.ok(Operation::InvoiceDelete, &path, "", None);
    assert_eq!(
        (id(&deleted), text(&deleted, "grossTotal")),
        (invoice.as_str(), "1.00")
    );
    let refused = story.account.refused(Operation::InvoiceGet, &path, "", None);
    assert_eq!((refused.status, refused.kind.as_str()), (404, "NotFound"));
    let left = story
        .account
        .world
        .store()
        .read(|state| state.count(Kind::InvoiceLineItem) + state.count(Kind::InvoiceLineItemGroup));
    assert_eq!(left, 0);
}

#[test]
fn only_drafts_are_replaced_and_invoices_of_running_periods_deleted_in_the_newest_version() {
    let mut story = Story::new();
    let (running, sent) = (story.draft(), story.draft());
    story.put_in(&running, InvoiceStatus::InProgress);
    story.put_in(&sent, InvoiceStatus::Sent);
    for (operation, invoice) in [
        (Operation::InvoiceUpdate, &running),
        (Operation::InvoiceUpdate, &sent),
        (Operation::InvoiceDelete, &sent),
    ] {
        let body = (operation == Operation::InvoiceUpdate).then(|| json!({}));
        let refused = story
            .account
            .refused(operation, &[("id", invoice)], "", body.as_ref());
        assert_eq!(refused.kind, "IllegalState");
        assert!(refused.message.contains("needs DRAFT"), "{}", refused.message);
    }
    let path = [("id", running.as_str())];
    story.account.version = Version::parse("2024-05-09").expect("the version exists");
    story.account.refused(Operation::InvoiceDelete, &path, "", None);
    story.account.version = Version::LATEST;
    story.account.ok(Operation::InvoiceDelete, &path, "", None);
}

#[test]
fn older_versions_answer_the_short_shape_and_the_oldest_lists_a_bare_one() {
    for (version, has_schedule) in [("2024-01-01", false), ("2024-05-09", true)] {
        let mut story = Story::new();
        story
            .account
            .seed(Kind::BillingSchedule, json!({"id": "schedule-1"}));
        story.account.version = Version::parse(version).expect("the version exists");
        let invoice = story.draft_with(json!({"billingScheduleId": "schedule-1"}));
        let full = story.get(&invoice);
        assert_eq!(full.get("dueDateSource"), None, "{version}");
        assert_eq!(full["billingScheduleId"], "schedule-1", "{version}");
        let list = story.account.ok(Operation::InvoiceList, &[], "", None);
        let item = &list["items"][0];
        assert_eq!(item.get("billingScheduleId").is_some(), has_schedule, "{version}");
        assert_eq!(
            item.get("isCustomerArchived").is_some(),
            has_schedule,
            "{version}"
        );
    }
}

#[test]
fn changes_are_announced_with_the_full_shape() {
    let story = Story::new();
    story.account.watch();
    let invoice = story.draft();
    story.add_line(&invoice, "1", "10", "0");
    let path = [("id", invoice.as_str())];
    story
        .account
        .ok(Operation::InvoiceUpdate, &path, "", Some(&json!({"memo": "Hi"})));
    assert_eq!(
        story.announced(&invoice),
        ["INVOICE_CREATED", "INVOICE_UPDATED", "INVOICE_UPDATED"]
    );
    let last = story.account.world.store().read(|state| state.all::<Delivery>());
    let last = last.last().expect("a delivery");
    let body: Value = serde_json::from_str(&last.body).expect("JSON");
    assert_eq!(text(&body, "resourceType"), "InvoiceResponse");
    assert_eq!(body["resource"], story.get(&invoice));
}
