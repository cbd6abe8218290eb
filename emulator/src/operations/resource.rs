//! Resources that are stored as sent: create, get, replace, delete, archive.
//!
//! The record is the body with `id`, `sequenceAccountId`, `createdAt` and `updatedAt`; an answer has those of
//! them that its schema declares. A replacement keeps the fields that the server owns and clears all others that are omitted.

use serde_json::{Map, Value};

use crate::assumptions::{A4, A5};
use crate::records::{Facet, Generic, Kind, Record};
use crate::store::Tx;

use super::answer::{Answer, Outcome};
use super::call::Call;
use super::problem::Problem;

/// Fields that the server owns in every resource.
const OWNED: [&str; 7] = [
    "id",
    "sequenceAccountId",
    "createdAt",
    "createdBy",
    "archivedAt",
    "deletedAt",
    "isArchived",
];

/// The description of a stored resource.
pub(super) struct Resource {
    /// The kind of the record.
    pub(super) kind: Kind,
    /// Fields with the id, or a list of ids, of another record, which has to exist (A4).
    pub(super) references: &'static [(&'static str, Kind)],
    /// Further fields that a replacement keeps: those that the server owns, or that stay if they are left out.
    pub(super) kept: &'static [&'static str],
    /// The notifications of its changes.
    pub(super) notifications: Notifications,
    /// Checks a record before it is stored; the former one is given if it is replaced.
    pub(super) check: Check,
    /// Where the record is in use, so that it can be neither deleted nor archived (A5).
    pub(super) used: fn(&Tx<'_>, &str) -> Option<String>,
}

/// Checks a record before it is stored.
pub(super) type Check =
    fn(&mut Call<'_, '_>, &mut Map<String, Value>, Option<&Map<String, Value>>) -> Result<(), Problem>;

/// Notification types of a resource.
#[derive(Clone, Copy, Default)]
pub(super) struct Notifications {
    pub(super) created: Option<&'static str>,
    pub(super) updated: Option<&'static str>,
    pub(super) archived: Option<&'static str>,
}

impl Resource {
    /// A resource that refers to nothing, is used by nothing and announces nothing.
    pub(super) const fn of(kind: Kind) -> Self {
        Self {
            kind,
            references: &[],
            kept: &[],
            notifications: Notifications {
                created: None,
                updated: None,
                archived: None,
            },
            check: |_, _, _| Ok(()),
            used: |_, _| None,
        }
    }
}

/// Stores the body as a new record.
pub(super) fn create(call: &mut Call<'_, '_>, resource: &Resource) -> Outcome {
    let mut map = sent(call);
    check_references(call, resource, &map)?;
    (resource.check)(call, &mut map, None)?;
    let id = call.tx.new_id();
    let now = call.tx.now_text();
    map.insert("id".to_owned(), id.clone().into());
    map.insert("sequenceAccountId".to_owned(), call.account_id().into());
    map.insert("createdAt".to_owned(), now.clone().into());
    map.insert("updatedAt".to_owned(), now.into());
    store(call, resource.kind, &map);
    announce(call, resource.notifications.created, resource.kind, &id);
    Ok(map.into())
}

/// Returns the record that the path names.
pub(super) fn get(call: &mut Call<'_, '_>, resource: &Resource) -> Outcome {
    Ok(existing(call, resource.kind)?.into())
}

/// Replaces the record that the path names by the body.
pub(super) fn replace(call: &mut Call<'_, '_>, resource: &Resource) -> Outcome {
    let former = existing(call, resource.kind)?;
    let mut map = sent(call);
    check_references(call, resource, &map)?;
    for field in resource.kept {
        if let (Some(value), false) = (former.get(*field), call.body.contains_key(*field)) {
            map.insert((*field).to_owned(), value.clone());
        }
    }
    for field in OWNED {
        if let Some(value) = former.get(field) {
            map.insert(field.to_owned(), value.clone());
        }
    }
    (resource.check)(call, &mut map, Some(&former))?;
    map.insert("updatedAt".to_owned(), call.tx.now_text().into());
    store(call, resource.kind, &map);
    announce(call, resource.notifications.updated, resource.kind, call.id());
    Ok(map.into())
}

/// Deletes the record that the path names, and returns it in its last state.
pub(super) fn delete(call: &mut Call<'_, '_>, resource: &Resource) -> Outcome {
    let map = existing(call, resource.kind)?;
    check_unused(call, resource, "deleted")?;
    call.tx.remove(resource.kind, call.id());
    Ok(map.into())
}

/// Marks the record that the path names as archived. Archiving it again changes nothing.
pub(super) fn archive(call: &mut Call<'_, '_>, resource: &Resource) -> Outcome {
    let mut map = existing(call, resource.kind)?;
    if map.contains_key("archivedAt") {
        return Ok(map.into());
    }
    check_unused(call, resource, "archived")?;
    let now = call.tx.now_text();
    map.insert("archivedAt".to_owned(), now.clone().into());
    map.insert("updatedAt".to_owned(), now.into());
    store(call, resource.kind, &map);
    announce(call, resource.notifications.archived, resource.kind, call.id());
    Ok(map.into())
}

/// The record that the path names.
pub(super) fn existing(call: &Call<'_, '_>, kind: Kind) -> Result<Map<String, Value>, Problem> {
    let id = call.id();
    call.tx.map(kind, id).ok_or_else(|| Problem::no(kind, id))
}

/// Stores a map as a generic record.
pub(super) fn store(call: &mut Call<'_, '_>, kind: Kind, map: &Map<String, Value>) {
    call.tx.put_generic(kind, &Generic(map.clone()));
}

/// Stores a record, and answers it as it is stored, with all digits of its numbers.
pub(super) fn put<R: Record>(call: &mut Call<'_, '_>, record: &R) -> Outcome {
    call.tx.put(record);
    Ok(Answer::exact(record))
}

/// Refuses the id of a record that does not exist or was deleted (A4).
pub(super) fn check_reference(
    call: &mut Call<'_, '_>,
    field: &str,
    kind: Kind,
    id: &str,
) -> Result<(), Problem> {
    let row = call.tx.row(kind, id);
    if row.is_some_and(|row| !row.has(Facet::Deleted)) {
        return Ok(());
    }
    Err(Problem::invalid(format!("body.{field}: there is no {} {id}.", kind.name())).assuming(A4))
}

fn check_references(
    call: &mut Call<'_, '_>,
    resource: &Resource,
    map: &Map<String, Value>,
) -> Result<(), Problem> {
    for (field, kind) in resource.references {
        let ids = match map.get(*field) {
            Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect(),
            Some(Value::String(id)) => vec![id.as_str()],
            _ => Vec::new(),
        };
        for id in ids {
            check_reference(call, field, *kind, id)?;
        }
    }
    Ok(())
}

/// Refuses to change what is in use (A5).
pub(super) fn check_unused(call: &mut Call<'_, '_>, resource: &Resource, done: &str) -> Result<(), Problem> {
    match (resource.used)(call.tx, call.id()) {
        Some(place) => Err(Problem::illegal_state(format!(
            "The {} {} cannot be {done}, since {place}.",
            resource.kind.name(),
            call.id()
        ))
        .assuming(A5)),
        None => Ok(()),
    }
}

fn announce(call: &mut Call<'_, '_>, notification_type: Option<&'static str>, kind: Kind, id: &str) {
    if let Some(notification_type) = notification_type {
        call.tx.announce(notification_type, kind, id);
    }
}

/// The members of the body without those that the server owns, and without `null`, which counts as left out.
pub(super) fn sent(call: &Call<'_, '_>) -> Map<String, Value> {
    let kept = call
        .body
        .iter()
        .filter(|(name, value)| !value.is_null() && !OWNED.contains(&name.as_str()));
    kept.map(|(name, value)| (name.clone(), value.clone())).collect()
}
