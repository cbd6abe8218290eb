//! Notifications that are announced on request.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::operations::{Problem, Subject};

use super::{Call, Outcome, body};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Wanted {
    #[serde(rename = "type")]
    notification_type: String,
    resource_id: Option<String>,
    #[serde(default)]
    sample: bool,
}

pub(super) fn trigger(call: &Call<'_>) -> Outcome {
    body::query(call, &[])?;
    let wanted: Wanted = body::body(call)?;
    let subject = match (&wanted.resource_id, wanted.sample) {
        (Some(_), true) => {
            return Err(Problem::invalid(
                "body.sample: has no effect with `resourceId`. Leave one of them out.",
            ));
        }
        (Some(id), false) => Subject::Id(id),
        (None, false) => Subject::Newest,
        (None, true) => Subject::NewestOrSample,
    };
    let deliveries = call.shared.world.trigger(&wanted.notification_type, subject)?;
    let items: Vec<Value> = deliveries
        .iter()
        .map(|delivery| json!({"id": delivery.id, "recipient": delivery.recipient}))
        .collect();
    Ok(json!({"deliveries": items}))
}
