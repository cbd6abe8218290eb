//! The account. There is one, and it cannot be created or deleted.

use crate::records::Kind;

use super::answer::Outcome;
use super::call::Call;
use super::entry::Entry;
use super::list::{self, List, Scope};
use super::resource::{self, Resource};

const ACCOUNT: Resource = Resource::of(Kind::Account);
const ACCOUNTS: List = List::of(Kind::Account, &[]);

pub(super) const GET: Entry = Entry::stored(|call| resource::get(call, &ACCOUNT), "document");
pub(super) const LIST: Entry = Entry::stored(
    |call| list::page(call, &ACCOUNTS, Scope::default(), |_, map| map.into()),
    "document",
);
pub(super) const UPDATE: Entry = Entry::stored(update, "document");

/// Changes the fields that are sent. `null` changes nothing; the document leaves its effect open.
fn update(call: &mut Call<'_, '_>) -> Outcome {
    let mut map = resource::existing(call, Kind::Account)?;
    map.extend(resource::sent(call));
    resource::store(call, Kind::Account, &map);
    call.tx.announce("MERCHANT_UPDATED", Kind::Account, call.id());
    Ok(map.into())
}
