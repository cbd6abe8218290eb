//! Webhooks and e-mails.

use serde_json::{Value, json};

use crate::operations::Problem;
use crate::records::{Delivery, Kind, time};
use crate::store::Row;

use super::{Call, Outcome, body};

/// How many deliveries are listed if the query has no limit.
const LIMIT: usize = 100;

/// Lists the newest ones, oldest first.
pub(super) fn list(call: &Call<'_>) -> Outcome {
    let query = body::query(call, &["limit", "pending"])?;
    let (limit, pending) = (
        body::number(&query, "limit", LIMIT)?,
        body::flag(&query, "pending")?,
    );
    let (mut items, total) = call.shared.world.store().read(|state| {
        let rows = state.rows(Kind::Delivery).rev().map(Row::read::<Delivery>);
        let fitting = rows.filter(|delivery| !pending || delivery.due.is_some());
        let items: Vec<Value> = fitting.take(limit).map(|delivery| shape(&delivery)).collect();
        (items, state.count(Kind::Delivery))
    });
    items.reverse();
    Ok(json!({"items": items, "total": total}))
}

fn shape(delivery: &Delivery) -> Value {
    json!({
        "id": delivery.id,
        "notificationType": delivery.notification_type,
        "resourceId": delivery.resource,
        "policyId": delivery.policy,
        "recipient": delivery.recipient,
        "body": delivery.body,
        "attempts": delivery.attempts,
        "isPending": delivery.due.is_some(),
        "dueAt": delivery.due.and_then(chrono::DateTime::from_timestamp_micros).map(time::instant),
    })
}

/// Makes a delivery due, signed anew.
pub(super) fn resend(call: &Call<'_>) -> Outcome {
    body::query(call, &[])?;
    body::no_body(call)?;
    call.shared.world.store().write(|tx| {
        let delivery = tx.get(call.id);
        let mut delivery: Delivery = delivery.ok_or_else(|| Problem::no(Kind::Delivery, call.id))?;
        if delivery.due.is_some() {
            return Err(Problem::illegal_state(format!(
                "The delivery {} is pending: its next attempt comes by itself. Advance the clock to its `dueAt`.",
                call.id
            )));
        }
        if !delivery.recipient.starts_with("http") {
            return Err(Problem::illegal_state(format!(
                "The delivery {} is an e-mail, and the emulator never sends any.",
                call.id
            )));
        }
        if !tx.has(Kind::NotificationPolicy, &delivery.policy) {
            return Err(Problem::illegal_state(format!(
                "The delivery {} cannot be signed: its notification policy was deleted, and the secret with it.",
                call.id
            )));
        }
        delivery.due = Some(tx.now().timestamp_micros());
        tx.put(&delivery);
        Ok(shape(&delivery))
    })
}
