//! Notifications that are announced on request.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Call, Outcome, body};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Wanted {
    #[serde(rename = "type")]
    notification_type: String,
    resource_id: Option<String>,
}

pub(super) fn trigger(call: &Call<'_>) -> Outcome {
    body::query(call, &[])?;
    let wanted: Wanted = body::body(call)?;
    let deliveries = call
        .shared
        .world
        .trigger(&wanted.notification_type, wanted.resource_id.as_deref())?;
    let items: Vec<Value> = deliveries
        .iter()
        .map(|delivery| json!({"id": delivery.id, "recipient": delivery.recipient}))
        .collect();
    Ok(json!({"deliveries": items}))
}
