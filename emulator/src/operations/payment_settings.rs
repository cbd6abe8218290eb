//! Payment settings of a resource that is billed: at most one record for each owner.

use serde_json::{Map, Value};

use crate::records::{Facet, Kind};
use crate::store::State;

use super::answer::Outcome;
use super::call::Call;
use super::list;
use super::problem::Problem;
use super::resource;

/// What the settings belong to.
pub(super) struct Owner {
    /// The kind of the settings.
    pub(super) settings: Kind,
    /// The kind of the owner.
    pub(super) kind: Kind,
    /// The field with the id of the owner.
    pub(super) field: &'static str,
    /// The indexed facet of that field.
    pub(super) facet: Facet,
}

/// Checks settings before they are stored. A replacement keeps the owner.
pub(super) fn check(
    call: &mut Call<'_, '_>,
    map: &mut Map<String, Value>,
    former: Option<&Map<String, Value>>,
    owner: &Owner,
) -> Result<(), Problem> {
    let field = owner.field;
    if let Some(former) = former {
        map.insert(field.to_owned(), former.get(field).cloned().unwrap_or_default());
        return Ok(());
    }
    let id = map.get(field).and_then(Value::as_str).unwrap_or_default();
    resource::check_reference(call, field, owner.kind, id)?;
    match call.tx.rows_with(owner.settings, owner.facet, id).next() {
        Some(row) => Err(Problem::invalid(format!(
            "body.{field}: the {} has payment settings already. Update {} instead.",
            owner.kind.name(),
            row.id()
        ))),
        None => Ok(()),
    }
}

/// The settings of an owner.
pub(super) fn of_owner(state: &State, owner: &Owner, id: &str) -> Option<Map<String, Value>> {
    let row = state.rows_with(owner.settings, owner.facet, id).next()?;
    Some(list::map(&row.text()))
}

/// Answers the settings of the owner that the path names.
pub(super) fn get_for_owner(call: &mut Call<'_, '_>, owner: &Owner) -> Outcome {
    let id = call.id();
    if !call.tx.has(owner.kind, id) {
        return Err(Problem::no(owner.kind, id));
    }
    match of_owner(call.tx, owner, id) {
        Some(settings) => Ok(settings.into()),
        None => Err(Problem::not_found(format!(
            "The {} {id} has no payment settings.",
            owner.kind.name()
        ))),
    }
}
