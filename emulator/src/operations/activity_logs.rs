//! The activity log, with one entry for each commit. No source lists its values (A74).

use serde_json::{Value, json};

use crate::assumptions::A74;
use crate::records::ids::derived_id;
use crate::records::{Activity, Facet, Kind, Record};
use crate::store::Test;

use super::answer::{Answer, Outcome};
use super::call::Call;
use super::entry::Entry;
use super::list::{self, Filter, List, Scope};
use super::problem::Problem;

const LOGS: List = List::of(
    Kind::ActivityLog,
    &[
        Filter::OneOf("activityLogObjectId", Facet::ObjectId),
        Filter::Handled("activityLogObjectEntityId"),
    ],
);

pub(super) const GET: Entry = Entry::computed(get, "A74");
pub(super) const LIST: Entry = Entry::computed(list, "A74");

fn get(call: &mut Call<'_, '_>) -> Outcome {
    let id = call.id();
    let activity: Activity = call.tx.get(id).ok_or_else(|| Problem::no(Activity::KIND, id))?;
    call.assume(A74);
    Ok(Answer::Json(shown(&activity, &call.account_id())))
}

fn list(call: &mut Call<'_, '_>) -> Outcome {
    call.assume(A74);
    let account = call.account_id();
    // The ids of objects follow from those of entities.
    let entities = call.query.all("activityLogObjectEntityId");
    let objects = entities.map(|ids| ids.iter().map(|id| Activity::object_id(id)).collect());
    let scope = Scope {
        tests: objects
            .map(|ids| Test::OneOf(Facet::ObjectId, ids))
            .into_iter()
            .collect(),
        ..Scope::default()
    };
    list::page(call, &LOGS, scope, |_, map| {
        let activity = serde_json::from_value(map.into());
        activity.map_or(Value::Null, |activity| shown(&activity, &account))
    })
}

fn shown(activity: &Activity, account: &str) -> Value {
    let entity_type = activity.of.replace(' ', "_").to_uppercase();
    let mut shown = json!({
        "id": activity.id,
        "sequenceAccountId": account,
        "activityType": format!("{entity_type}_{}", activity.verb),
        "origin": if activity.version.is_some() { "API" } else { "SEQUENCE" },
        "traceId": derived_id(&format!("trace {}", activity.id)),
        "createdAt": activity.at,
        "activityLogItems": [{
            "id": derived_id(&format!("item {}", activity.id)),
            "activityLogId": activity.id,
            "verb": activity.verb,
            "name": activity.cause,
            "summary": format!("The {} {} was {}.", activity.of, activity.object, activity.verb.to_lowercase()),
            "activityLogActor": {"id": derived_id(&format!("actor {account}")), "entityType": "API_KEY"},
            "activityLogObject": {
                "id": Activity::object_id(&activity.object),
                "entityType": entity_type,
                "entityId": activity.object,
            },
        }],
    });
    if let Some(version) = &activity.version {
        shown["apiVersion"] = version.as_str().into();
    }
    shown
}
