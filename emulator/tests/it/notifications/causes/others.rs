//! Customers, schedules, quotes, the account, and what only the control announces.

use sequencehq_emulator::contract::Operation as Op;
use sequencehq_emulator::operations::Subject;
use sequencehq_emulator::records::QuoteStatus;
use serde_json::json;

use super::super::Stage;
use super::super::things::*;
use super::{Cause, never, once};

pub(super) const CAUSES: &[Cause] = &[
    once(
        "CUSTOMER_CREATED",
        "a customer is created",
        nothing,
        |stage, _| {
            customer(stage);
        },
    ),
    once(
        "CUSTOMER_UPDATED",
        "a customer is replaced",
        customer,
        |stage, id| {
            let body = customer_body(stage.version);
            stage.put(Op::CustomerUpdate, id, body);
        },
    ),
    once("CUSTOMER_UPDATED", "a contact is added", customer, |stage, id| {
        let body = json!({"name": "Eve", "email": "eve@acme.example", "billingPreference": "NONE"});
        stage.ok(Op::ContactCreate, &[("customer", id)], "", Some(&body));
    }),
    once("CUSTOMER_UPDATED", "an alias is added", customer, |stage, id| {
        let account = account(stage);
        let body = json!({"customerId": id, "value": "acme-2", "sequenceAccountId": account});
        stage.new_id(Op::CustomerAliasCreate, body);
    }),
    once(
        "CUSTOMER_ARCHIVED",
        "a customer is archived",
        customer,
        |stage, id| {
            stage.on(Op::CustomerArchive, id);
        },
    ),
    never(
        "CUSTOMER_UPDATED",
        "a customer is archived",
        customer,
        |stage, id| {
            stage.on(Op::CustomerArchive, id);
        },
    ),
    once(
        "BILLING_SCHEDULE_CREATED",
        "a schedule is created",
        nothing,
        |stage, _| {
            schedule(stage);
        },
    ),
    once(
        "BILLING_SCHEDULE_CREATED",
        "a schedule is duplicated",
        schedule,
        |stage, id| {
            let customer = on_schedule(stage, Op::BillingScheduleGet, id, None)["customerId"].clone();
            on_schedule(
                stage,
                Op::BillingScheduleDuplicate,
                id,
                Some(&json!({"customerId": customer})),
            );
        },
    ),
    once(
        "BILLING_SCHEDULE_UPDATED",
        "a schedule is replaced",
        schedule,
        |stage, id| {
            let body = replacement(stage, id);
            on_schedule(stage, Op::BillingScheduleUpdate, id, Some(&body));
        },
    ),
    once(
        "BILLING_SCHEDULE_UPDATED",
        "a draft is activated",
        draft_schedule,
        |stage, id| {
            on_schedule(stage, Op::BillingScheduleActivate, id, None);
        },
    ),
    once(
        "BILLING_SCHEDULE_UPDATED",
        "a schedule starts",
        pending_schedule,
        |stage, _| {
            stage.advance("2026-01-11");
        },
    ),
    once(
        "BILLING_SCHEDULE_UPDATED",
        "payment settings are added",
        schedule,
        |stage, id| {
            let body = json!({"billingScheduleId": id, "paymentProvider": "STRIPE"});
            stage.new_id(Op::BillingSchedulePaymentSettingsCreate, body);
        },
    ),
    once(
        "BILLING_SCHEDULE_ARCHIVED",
        "a schedule is archived",
        schedule,
        |stage, id| {
            on_schedule(stage, Op::BillingScheduleArchive, id, None);
        },
    ),
    once(
        "QUOTE_PUBLISHED",
        "a quote is published",
        draft_quote,
        |stage, id| {
            move_quote(stage, id, QuoteStatus::Published);
        },
    ),
    once(
        "QUOTE_ACCEPTED",
        "a quote is accepted",
        ready_quote,
        |stage, id| {
            move_quote(stage, id, QuoteStatus::Accepted);
        },
    ),
    once(
        "QUOTE_SIGNED",
        "a quote is executed",
        accepted_quote,
        |stage, id| {
            move_quote(stage, id, QuoteStatus::Executed);
        },
    ),
    once("MERCHANT_UPDATED", "the account changes", account, |stage, id| {
        let body = json!({"companyName": "Example", "companyNumber": "1", "country": "GB", "sendCustomerNotifications": true, "alertEmailAddresses": []});
        stage.put(Op::AccountUpdate, id, body);
    }),
    once(
        "MERCHANT_UPDATED",
        "settings of the account change",
        stripe_settings,
        |stage, id| {
            stage.put(
                Op::StripeCollectionSettingsUpdate,
                id,
                json!({"autoEnableStripePayments": true}),
            );
        },
    ),
    once(
        "INTEGRATION_SYNC_COMPLETED",
        "it is triggered",
        nothing,
        |stage, _| {
            trigger(stage, "INTEGRATION_SYNC_COMPLETED");
        },
    ),
    once(
        "INTEGRATION_WEBHOOK_HANDLED",
        "it is triggered",
        nothing,
        |stage, _| {
            trigger(stage, "INTEGRATION_WEBHOOK_HANDLED");
        },
    ),
    once(
        "WATCHTOWER_TASK_ASSIGNED",
        "it is triggered",
        nothing,
        |stage, _| {
            trigger(stage, "WATCHTOWER_TASK_ASSIGNED");
        },
    ),
];

fn move_quote(stage: &mut Stage, quote: &str, status: QuoteStatus) {
    assert_eq!(stage.account.world.move_quote(quote, status), Ok(()));
}

fn trigger(stage: &mut Stage, kind: &str) {
    let queued = stage.account.world.trigger(kind, Subject::Newest);
    assert_eq!(queued.map(|queued| queued.len()), Ok(1));
}
