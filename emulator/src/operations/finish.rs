//! Additions to every commit: an entry in the activity log, and notifications.

use serde_json::{Value, json};

use crate::contract::Version;
use crate::records::{Activity, Delivery, Kind, NotificationPolicy};
use crate::store::{Notice, Tx};

use super::billing_runs::stale;
use super::shapes;

/// What caused a commit.
pub(super) struct Cause<'c> {
    /// The operation or the step of the clock.
    pub(super) name: &'c str,
    /// The version, if it was a call.
    pub(super) version: Option<Version>,
}

/// Completes a transaction, before it is committed.
pub(super) fn finish(tx: &mut Tx<'_>, cause: &Cause<'_>) {
    log(tx, cause);
    let notices = tx.take_notices();
    let is_shown = tx.count(Kind::NotificationPolicy) > 0;
    if is_shown && notices.iter().any(|notice| notice.kind == Kind::Invoice) {
        stale::settle(tx);
    }
    for notice in notices {
        queue(tx, &notice);
    }
}

/// Kinds without an entry: bookkeeping, and events, of which there may be millions.
fn is_logged(kind: Kind) -> bool {
    !matches!(
        kind,
        Kind::ActivityLog
            | Kind::BillingRun
            | Kind::Delivery
            | Kind::IdempotencyKey
            | Kind::UsageEvent
            | Kind::SeatEvent
    )
}

/// One entry for each commit, about the first record that it changes (A74).
fn log(tx: &mut Tx<'_>, cause: &Cause<'_>) {
    let Some((change, is_new)) = tx.first_change(is_logged) else {
        return;
    };
    let verb = match (&change.text, is_new) {
        (None, _) => "DELETED",
        (Some(_), true) => "CREATED",
        (Some(_), false) => "UPDATED",
    };
    let activity = Activity {
        id: tx.new_id(),
        at: tx.now_text(),
        version: cause.version.map(|version| version.name().to_owned()),
        cause: cause.name.to_owned(),
        verb: verb.to_owned(),
        of: change.kind.name().to_owned(),
        object: change.id.to_string(),
    };
    tx.put(&activity);
}

/// Queues a notification for every recipient of every policy that announces its type.
fn queue(tx: &mut Tx<'_>, notice: &Notice) {
    if tx.count(Kind::NotificationPolicy) == 0 {
        return;
    }
    let Some((resource_type, resource)) = shapes::of_notice(tx, notice) else {
        return;
    };
    send(
        tx,
        notice.notification_type,
        Some((resource_type, &notice.id, resource)),
    );
}

/// Queues a notification about a resource, which has a type, an id and a shape, or about none.
pub(super) fn send(tx: &mut Tx<'_>, notification_type: &str, about: Option<(&str, &str, Value)>) {
    let account = tx.rows(Kind::Account).next().map(|row| row.id().to_owned());
    let mut body = json!({"notificationType": notification_type, "sequenceAccountId": account});
    let mut id = "";
    if let Some((resource_type, resource_id, resource)) = about {
        id = resource_id;
        body["resourceType"] = resource_type.into();
        body["resourceId"] = id.into();
        body["resource"] = resource;
    }
    let body = body.to_string();
    let due = tx.now().timestamp_micros();
    for policy in tx.all::<NotificationPolicy>() {
        if !policy.announces(notification_type) {
            continue;
        }
        for recipient in policy.recipients {
            let delivery = Delivery {
                id: tx.new_id(),
                policy: policy.id.clone(),
                recipient,
                resource: id.to_owned(),
                notification_type: notification_type.to_owned(),
                body: body.clone(),
                attempts: Vec::new(),
                // Mail is recorded and never sent.
                due: (policy.channel == "WEBHOOK").then_some(due),
            };
            tx.put(&delivery);
        }
    }
}
