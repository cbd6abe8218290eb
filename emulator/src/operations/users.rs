//! Users with access to the account. The first one is created with the account; the API cannot add more.

use serde_json::Value;

use crate::assumptions::A73;
use crate::records::Kind;

use super::answer::Outcome;
use super::call::Call;
use super::entry::Entry;
use super::list::{self, List, Scope};
use super::problem::Problem;
use super::resource::{self, Resource};

const USER: Resource = Resource::of(Kind::User);
const USERS: List = List::of(Kind::User, &[]);
const DELETED: &str = "deleted";

pub(super) const GET: Entry = Entry::stored(|call| resource::get(call, &USER), "document");
pub(super) const LIST: Entry = Entry::stored(
    |call| list::page(call, &USERS, Scope::default(), |_, map| map.into()),
    "document",
);
pub(super) const DELETE: Entry = Entry::stored(delete, "A73");

/// Sets the state (A73). The last active user cannot be deleted.
fn delete(call: &mut Call<'_, '_>) -> Outcome {
    let mut map = resource::existing(call, Kind::User)?;
    let id = call.id();
    let is_active =
        |map: &serde_json::Map<String, Value>| map.get("state").and_then(Value::as_str) != Some(DELETED);
    let others = call.tx.rows(Kind::User).filter(|row| row.id() != id);
    if !others
        .map(|row| list::map(&row.text()))
        .any(|other| is_active(&other))
    {
        return Err(
            Problem::illegal_state(format!("The user {id} is the last one of the account.")).assuming(A73),
        );
    }
    map.insert("state".to_owned(), DELETED.into());
    resource::store(call, Kind::User, &map);
    call.assume(A73);
    Ok(map.into())
}
