//! Payment settings of invoices, render settings, and work in the background.

use sequencehq_emulator::contract::{Operation, Version};
use serde_json::json;

use super::super::{id, text};
use super::Story;

#[test]
fn payment_settings_belong_to_an_invoice_and_its_customer() {
    let story = Story::new();
    let invoice = story.draft();
    let of_invoice = [("id", invoice.as_str())];
    let get_for = Operation::InvoicePaymentSettingsGetForInvoice;
    let none = story.account.refused(get_for, &of_invoice, "", None);
    assert_eq!(none.status, 404);
    let create = Operation::InvoicePaymentSettingsCreate;
    for (body, path, assumed) in [
        (
            json!({"invoiceId": "x", "paymentProvider": "NONE"}),
            "body.invoiceId:",
            "A4",
        ),
        (
            json!({"invoiceId": invoice, "customerId": "x", "paymentProvider": "NONE"}),
            "body.customerId:",
            "",
        ),
    ] {
        let refused = story.account.refused(create, &[], "", Some(&body));
        assert!(refused.message.starts_with(path), "{}", refused.message);
        assert_eq!((refused.status, refused.assumed.as_str()), (400, assumed));
    }
    let body = json!({"invoiceId": invoice, "paymentProvider": "STRIPE"});
    let made = story.account.create(create, &body);
    assert_eq!(text(&made, "customerId"), story.customer);
    let second = story.account.refused(create, &[], "", Some(&body));
    assert!(second.message.contains(id(&made)), "{}", second.message);

    let path = [("id", id(&made))];
    let read = Operation::InvoicePaymentSettingsGet;
    assert_eq!(story.account.ok(read, &path, "", None), made);
    let short = story.account.ok(get_for, &of_invoice, "", None);
    assert_eq!((id(&short), short.get("customerId")), (id(&made), None));
    let body = json!({"paymentProvider": "NONE"});
    let update = Operation::InvoicePaymentSettingsUpdate;
    let changed = story.account.ok(update, &path, "", Some(&body));
    assert_eq!(
        super::texts(&changed, ["paymentProvider", "invoiceId", "customerId"]),
        ["NONE", invoice.as_str(), story.customer.as_str()]
    );
    let delete = Operation::InvoicePaymentSettingsDelete;
    story.account.ok(delete, &path, "", None);
    for (operation, body) in [(read, None), (update, Some(&body)), (delete, None)] {
        assert_eq!(story.account.refused(operation, &path, "", body).status, 404);
    }
}

#[test]
fn payment_settings_are_gone_with_their_invoice() {
    let story = Story::new();
    let (deleted, merged, other) = (story.draft(), story.draft(), story.draft());
    let settings = [&deleted, &merged].map(|invoice| {
        let body = json!({"invoiceId": invoice, "paymentProvider": "STRIPE"});
        let create = Operation::InvoicePaymentSettingsCreate;
        id(&story.account.create(create, &body)).to_owned()
    });
    story.act(Operation::InvoiceDelete, &deleted);
    let body = json!({"invoiceIds": [other, merged]});
    story.account.create(Operation::InvoiceMerge, &body);
    for settings in &settings {
        let path = [("id", settings.as_str())];
        let read = Operation::InvoicePaymentSettingsGet;
        assert_eq!(story.account.refused(read, &path, "", None).status, 404);
    }
}

#[test]
fn render_settings_have_defaults_and_are_shown_by_invoices() {
    let story = Story::new();
    let response = story
        .account
        .call(Operation::InvoiceRenderSettingsGet, &[], "", None);
    let settings = response.json_body();
    assert_eq!(response.assumed.to_string(), "");
    assert_eq!(
        super::texts(&settings, ["paymentLinkDisplay", "currencyConversionDisplay"]),
        ["SHOW_PAYMENT_LINK", "SHOW_CURRENCY_CONVERSION"]
    );
    let invoice = story.draft();
    let shown = || story.get(&invoice)["renderSettings"].clone();
    assert_eq!(shown(), json!({"paymentLinkDisplay": "SHOW_PAYMENT_LINK"}));
    let body = json!({"paymentLinkDisplay": "HIDE_PAYMENT_LINK"});
    let update = Operation::InvoiceRenderSettingsUpdate;
    let changed = story
        .account
        .ok(update, &[("id", id(&settings))], "", Some(&body));
    assert_eq!(
        super::texts(
            &changed,
            ["id", "paymentLinkDisplay", "currencyConversionDisplay"]
        ),
        [id(&settings), "HIDE_PAYMENT_LINK", "SHOW_CURRENCY_CONVERSION"]
    );
    assert_eq!(shown(), json!({"paymentLinkDisplay": "HIDE_PAYMENT_LINK"}));
    let refused = story.account.refused(update, &[("id", "x")], "", Some(&body));
    assert_eq!(refused.status, 404);
}

#[test]
fn background_work_is_accepted_and_conversions_are_none() {
    let story = Story::new();
    let invoice = story.draft();
    let fix = Operation::InvoiceFixBillingRuns;
    let body = json!({
        "integrationService": "Xero", "invoiceIds": [invoice], "propertiesToCompare": ["STATUS"],
    });
    for (operation, body) in [(fix, None), (Operation::InvoiceReconcile, Some(&body))] {
        let response = story.account.call(operation, &[], "", body);
        assert_eq!(
            (response.status, response.assumed.to_string().as_str()),
            (202, "A1")
        );
    }
    let conversions = Operation::InvoiceCurrencyConversionList;
    let path = [("id", invoice.as_str())];
    let response = story.account.call(conversions, &path, "", None);
    assert_eq!(response.json_body(), json!({"items": []}));
    assert_eq!(response.assumed.to_string(), "A1");
    let refused = story.account.refused(conversions, &[("id", "x")], "", None);
    assert_eq!(refused.status, 404);
}

#[test]
fn the_oldest_version_has_payment_settings_too() {
    let mut story = Story::new();
    let invoice = story.draft();
    story.account.version = Version::parse("2024-01-01").expect("the version exists");
    let body = json!({"invoiceId": invoice, "paymentProvider": "STRIPE"});
    let made = story
        .account
        .create(Operation::InvoicePaymentSettingsCreate, &body);
    assert_eq!(text(&made, "customerId"), story.customer);
}
