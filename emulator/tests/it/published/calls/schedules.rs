//! Billing schedules, their discounts and payment settings, and what they bill.

use sequencehq_emulator::contract::Operation as Op;
use serde_json::{Value, json};

use super::super::super::operations::id;
use super::super::stage::Stage;
use super::{Ids, credits, first_id};

fn body(ids: &Ids) -> Value {
    let taxes: Vec<Value> = ids
        .prices
        .iter()
        .map(|price| json!({"priceId": price, "taxRateId": ids.tax_rate}))
        .collect();
    let phase = json!({
        "name": "First", "externalContractRef": "C-1", "startDate": "2026-01-01", "endDate": "2026-12-31",
        "priceIds": ids.prices, "minimums": [{"restrictToPrices": [], "amount": 50}],
        "discounts": [{
            "restrictToPrices": [], "type": "PERCENTAGE", "amount": 5, "message": "5 % off", "separateLineItem": true,
            "seatDiscountType": "ALL_SEATS",
        }],
        "creditGrants": [{
            "name": "Monthly", "creditUnitType": "CURRENCY", "currency": "GBP", "amount": 4, "costOfCredit": 0,
            "grantRefreshFrequency": "MONTHLY", "rolloverMode": "NONE", "restrictToPrices": [],
        }],
        "recurrencePreference": "RESET", "phasePriceMetadata": [{"priceId": ids.prices[0], "arrCalculation": "INCLUDE"}],
    });
    json!({
        "customerId": ids.customer, "startDate": "2026-01-01", "endDate": "2026-12-31", "recurrenceDayOfMonth": 1,
        "taxRates": taxes, "autoIssueInvoices": true, "isDraft": true, "rollUpBilling": false, "phases": [phase],
        "purchaseOrderNumber": "7", "reference": "r", "label": "Main", "defaultDueDateDays": 14, "memo": "Thanks",
        "customFields": {"team": "a"},
    })
}

fn on(stage: &mut Stage, operation: Op, schedule: &str, body: Option<&Value>) -> Value {
    stage.ok(operation, &[("billingScheduleId", schedule)], "", body)
}

pub(super) fn make(stage: &mut Stage, ids: &Ids) {
    stage.ok(Op::BillingScheduleValidateTaxes, &[], "", Some(&body(ids)));
    let schedule = stage.new_id(Op::BillingScheduleCreate, body(ids));
    on(
        stage,
        Op::BillingScheduleUpdate,
        &schedule,
        Some(&replacement(stage, ids)),
    );
    let customer = json!({"customerId": ids.customer});
    let copy = on(stage, Op::BillingScheduleDuplicate, &schedule, Some(&customer));
    payment_settings(stage, id(&copy));
    discounts(stage);
    on(stage, Op::BillingScheduleArchive, id(&copy), None);
    on(stage, Op::BillingScheduleActivate, &schedule, None);
    stage.list(Op::BillingScheduleCustomFieldKeyList);
    for date in ["2026-01-20", "2026-02-10", "2026-04-02"] {
        stage.advance(date);
        on(stage, Op::BillingScheduleGet, &schedule, None);
        stage.list(Op::BillingScheduleList);
        invoices(stage);
        credits::show(stage, ids);
    }
    stage.list(Op::BillingProductList);
    let page = stage.ok(Op::InvoiceList, &[], "invoiceStatus=IN_PROGRESS", None);
    stage.on(Op::InvoiceDraft, &first_id(&page));
}

/// Versions before the newest replace a schedule by its prices.
fn replacement(stage: &Stage, ids: &Ids) -> Value {
    let mut body = body(ids);
    if stage.version != sequencehq_emulator::contract::Version::LATEST {
        body["type"] = "PHASES".into();
    }
    body
}

/// Reads all invoices with their lines.
fn invoices(stage: &mut Stage) {
    let page = stage.list(Op::InvoiceList);
    for invoice in page["items"].as_array().expect("items") {
        stage.on(Op::InvoiceGet, id(invoice));
        stage.ok(Op::InvoiceLineItemList, &[("invoice", id(invoice))], "", None);
    }
}

fn discounts(stage: &mut Stage) {
    let page = stage.list(Op::DiscountList);
    let discount = first_id(&page);
    let mut body = stage.on(Op::DiscountGet, &discount);
    body["amount"] = 7.5.into();
    stage.put(Op::DiscountUpdate, &discount, body);
    stage.on(Op::DiscountDelete, &discount);
}

fn payment_settings(stage: &mut Stage, schedule: &str) {
    let body = json!({"billingScheduleId": schedule, "paymentProvider": "STRIPE", "autoCharge": true});
    let settings = stage.new_id(Op::BillingSchedulePaymentSettingsCreate, body);
    stage.on(Op::BillingSchedulePaymentSettingsGet, &settings);
    stage.on(Op::BillingSchedulePaymentSettingsGetForBillingSchedule, schedule);
    let body = json!({"paymentProvider": "NONE", "billingScheduleId": schedule});
    stage.put(Op::BillingSchedulePaymentSettingsUpdate, &settings, body);
    stage.on(Op::BillingSchedulePaymentSettingsDelete, &settings);
}
