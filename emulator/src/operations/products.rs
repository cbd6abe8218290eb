//! Products. An archived product accepts no new prices; existing ones remain in use.

use crate::records::{Facet, Kind};

use super::entry::Entry;
use super::list::{self, Filter, List, Scope};
use super::resource::{self, Resource};

const PRODUCT: Resource = Resource {
    // The API can neither set nor change it.
    kept: &["recognitionMethod"],
    ..Resource::of(Kind::Product)
};
const PRODUCTS: List = List::of(Kind::Product, &[Filter::OneOf("name", Facet::Name)]);

pub(super) const CREATE: Entry = Entry::stored(|call| resource::create(call, &PRODUCT), "document");
pub(super) const GET: Entry = Entry::stored(|call| resource::get(call, &PRODUCT), "document");
pub(super) const LIST: Entry = Entry::stored(
    |call| list::page(call, &PRODUCTS, Scope::default(), |_, map| map.into()),
    "document, A2",
);
pub(super) const UPDATE: Entry = Entry::stored(|call| resource::replace(call, &PRODUCT), "document");
pub(super) const ARCHIVE: Entry = Entry::real(|call| resource::archive(call, &PRODUCT), "document");
