//! Billing schedules, with their discounts and settings.

use serde_json::{Value, json};

use super::super::stage::Stage;
use super::{Ids, Resource, id};

/// What a schedule is sent without the ids of.
const MADE_ANEW: &[&str] = &[
    "phases[].discounts[].id",
    "phases[].minimums[].id",
    "phases[].minimums[].createdAt",
    "phases[].minimums[].updatedAt",
];

pub async fn make(stage: &Stage<'_>, ids: &Ids, all: &mut Vec<Resource>) {
    let schedule = stage.create("billing_schedule_create", &[], body(ids)).await;
    // The update of the schedule makes its discounts anew.
    let discounts = stage.call("discount_list", &[], None).await;
    let (discount, value) = (&discounts["items"][0], json!("Five off"));
    all.push(Resource::new("discount_update", discount, "/message", value));
    let by_id = vec![("billingScheduleId", id(&schedule))];
    let (update, field) = ("billing_schedule_update", "/purchaseOrderNumber");
    all.push(Resource {
        read: Some(("billing_schedule_get".to_owned(), by_id.clone())),
        arguments: by_id,
        made_anew: MADE_ANEW,
        ..Resource::new(update, &schedule, field, json!("8"))
    });
    let settings = json!({"billingScheduleId": id(&schedule), "paymentProvider": "STRIPE"});
    let settings = stage
        .create("billing_schedule_payment_settings_create", &[], settings)
        .await;
    let update = "billing_schedule_payment_settings_update";
    all.push(Resource::new(
        update,
        &settings,
        "/paymentProvider",
        json!("NONE"),
    ));
}

fn body(ids: &Ids) -> Value {
    let phase = json!({
        "name": "First", "startDate": "2026-01-01", "endDate": "2026-12-31", "priceIds": [ids.price],
        "minimums": [{"restrictToPrices": [], "amount": 50}],
        "discounts": [{
            "restrictToPrices": [], "type": "PERCENTAGE", "amount": 5, "message": "5 % off", "separateLineItem": true,
        }],
        "creditGrants": [{
            "name": "Monthly", "creditUnitType": "CURRENCY", "currency": "GBP", "amount": 4.25, "costOfCredit": 0,
            "grantRefreshFrequency": "MONTHLY", "rolloverMode": "NONE", "restrictToPrices": [],
        }],
        "recurrencePreference": "RESET", "phasePriceMetadata": [{"priceId": ids.price, "arrCalculation": "INCLUDE"}],
    });
    json!({
        "customerId": ids.customer, "startDate": "2026-01-01", "endDate": "2026-12-31", "recurrenceDayOfMonth": 1,
        "taxRates": [{"priceId": ids.price, "taxRateId": ids.tax_rate}], "autoIssueInvoices": true, "isDraft": true,
        "rollUpBilling": false, "phases": [phase], "purchaseOrderNumber": "7", "reference": "r", "label": "Main",
        "defaultDueDateDays": 14, "memo": "Thanks", "customFields": {"team": "a"},
    })
}
