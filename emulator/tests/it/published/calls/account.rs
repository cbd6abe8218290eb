//! The account, its users and settings, notifications, quotes, and the log.

use sequencehq_emulator::contract::Operation as Op;
use sequencehq_emulator::records::{Kind, QuoteStatus};
use serde_json::json;

use super::super::super::operations::id;
use super::super::stage::Stage;
use super::{Ids, first_id};

/// Returns the id of the account.
pub(super) fn first(stage: &mut Stage) -> String {
    first_id(&stage.list(Op::AccountList))
}

pub(super) fn make(stage: &mut Stage, ids: &Ids) {
    stage.on(Op::AccountGet, &ids.account);
    let body = json!({
        "companyName": "Example", "companyNumber": "1", "country": "GB", "sendCustomerNotifications": false,
        "alertEmailAddresses": ["a@example.com"],
    });
    stage.put(Op::AccountUpdate, &ids.account, body);
    let options = json!({"merchantNotifications": "SEND_NOTIFICATIONS", "customerNotifications": "DO_NOT_SEND_NOTIFICATIONS"});
    let settings = stage.list(Op::AccountPaymentSettingsGet);
    stage.put(
        Op::AccountPaymentSettingsUpdate,
        id(&settings),
        json!({"failureNotifications": options}),
    );
    let settings = stage.list(Op::StripeCollectionSettingsGet);
    stage.put(
        Op::StripeCollectionSettingsUpdate,
        id(&settings),
        json!({"retryAnchor": "DUE_DATE", "retryOffsetDays": [0, 7], "enableAutomaticPayments": true}),
    );
    users(stage, ids);
    policies(stage);
    quotes(stage, ids);
    let log = stage.list(Op::ActivityLogList);
    stage.on(Op::ActivityLogGet, &first_id(&log));
}

fn users(stage: &mut Stage, ids: &Ids) {
    // The last user cannot be deleted.
    let user = json!({
        "id": "b8a45aa0-35a4-4a1c-9e4a-b4e1b1fd1a11", "email": "second@example.com", "state": "active",
        "sequenceAccountIds": [ids.account], "roles": [{"roleName": "admin", "permissions": []}],
    });
    stage.account.seed(Kind::User, user);
    stage.list(Op::UserList);
    stage.on(Op::UserGet, "b8a45aa0-35a4-4a1c-9e4a-b4e1b1fd1a11");
    stage.on(Op::UserDelete, "b8a45aa0-35a4-4a1c-9e4a-b4e1b1fd1a11");
}

fn policies(stage: &mut Stage) {
    let body = json!({
        "name": "Hooks", "channel": "WEBHOOK", "recipients": ["http://a.example"],
        "notificationTypes": ["INVOICE_CREATED", "INVOICE_ISSUED"],
    });
    let policy = stage.new_id(Op::NotificationPolicyCreate, body);
    stage.list(Op::NotificationPolicyList);
    stage.on(Op::NotificationPolicyGet, &policy);
    let types = json!({"notificationTypes": ["CUSTOMER_CREATED"]});
    stage.put(Op::NotificationPolicyAddNotificationTypes, &policy, types);
    let path = [("id", policy.as_str()), ("type", "CUSTOMER_CREATED")];
    stage.ok(Op::NotificationPolicyRemoveNotificationType, &path, "", None);
    let recipients = json!({"recipients": ["http://b.example"]});
    stage.put(Op::NotificationPolicyAddRecipients, &policy, recipients);
    let path = [("id", policy.as_str()), ("recipient", "http://b.example")];
    stage.ok(Op::NotificationPolicyRemoveRecipient, &path, "", None);
    stage.on(Op::NotificationPolicyDelete, &policy);
}

fn quotes(stage: &mut Stage, ids: &Ids) {
    let quote = json!({
        "id": "0d1d7a3e-5c0f-4b0e-8d1c-7a3f5d1a2b3c", "quoteNumber": "Q-1", "title": "Renewal", "status": "DRAFT",
        "createdBy": "ada", "customerId": ids.customer, "currency": "GBP", "dealType": "RENEWAL", "expiryDays": 30,
        "preliminaryBillingStartDate": "2026-06-01", "hasActiveApprovalWorkflow": false,
        "createdAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-01-01T00:00:00Z",
    });
    stage.account.seed(Kind::Quote, quote);
    stage.list(Op::QuoteList);
    let quote = "0d1d7a3e-5c0f-4b0e-8d1c-7a3f5d1a2b3c";
    for status in [
        QuoteStatus::Published,
        QuoteStatus::PreparingSignatureRequest,
        QuoteStatus::ReadyToSign,
        QuoteStatus::Accepted,
    ] {
        let moved = stage.account.world.move_quote(quote, status);
        assert_eq!(moved, Ok(()), "{}", status.name());
        stage.list(Op::QuoteList);
    }
    stage.on(Op::QuoteAnalytics, quote);
    stage.on(Op::QuoteDownload, quote);
}
