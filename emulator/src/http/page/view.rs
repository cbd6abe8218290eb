//! A request for a page, and what pages read.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::operations::Problem;
use crate::records::{Customer, Kind, Record};
use crate::store::{Order, Page, Selection, State, Test};

use super::form;
use super::{BASE, Shared};

/// How many items a page of a list has.
const PER_PAGE: usize = 50;

/// A request for a page.
pub(super) struct View<'v> {
    pub(super) shared: &'v Shared,
    /// The id in the path, if the page has one.
    pub(super) id: &'v str,
    /// The path below the base.
    pub(super) below: &'v str,
    query: BTreeMap<String, String>,
}

impl<'v> View<'v> {
    pub(super) fn new(
        shared: &'v Shared,
        (below, id): (&'v str, &'v str),
        query: &str,
    ) -> Result<Self, Problem> {
        Ok(Self {
            shared,
            id,
            below,
            query: form::fields(query).ok_or_else(|| Problem::invalid("query: it is not UTF-8."))?,
        })
    }

    /// A parameter of the query; `None` if it is empty.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.query
            .get(name)
            .map(String::as_str)
            .filter(|text| !text.is_empty())
    }

    /// What a person entered in the form of an action, if it was refused just now; otherwise nothing.
    pub(super) fn refused(&self, action: &str) -> BTreeMap<String, String> {
        let notices = self.shared.notices();
        let notice = self.parameter("notice").and_then(|number| notices.get(number));
        let entered = notice.and_then(|notice| notice.entered.as_ref());
        let entered = entered.filter(|(form, _)| *form == action);
        entered.map(|(_, fields)| fields.clone()).unwrap_or_default()
    }

    /// Reads the account.
    pub(super) fn read<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        self.shared.world.store().read(look)
    }

    /// The record that the path names.
    pub(super) fn record<R: Record>(&self) -> Result<R, Problem> {
        self.read(|state| state.get(self.id))
            .ok_or_else(|| Problem::no(R::KIND, self.id))
    }

    /// The page of a list that the query asks for, newest first.
    pub(super) fn list(&self, kind: Kind, tests: Vec<Test>) -> Result<Page, Problem> {
        let selection = Selection {
            list: format!("{kind:?} {tests:?}"),
            tests,
            order: Order::Created,
            limit: PER_PAGE,
            after: self.parameter("after"),
            before: self.parameter("before"),
            ..Selection::default()
        };
        Ok(self.read(|state| state.page(kind, &selection))?)
    }

    /// The address of this page with another query. Parameters without a value are left out.
    pub(super) fn with(&self, parameters: &[(&str, Option<&str>)]) -> String {
        let mut address = format!("{BASE}/{}", self.below);
        let pairs = parameters
            .iter()
            .filter_map(|(name, value)| Some((name, (*value)?)));
        for (place, (name, value)) in pairs.enumerate() {
            address.push(if place == 0 { '?' } else { '&' });
            address += &format!("{name}={}", form::encoded(value));
        }
        address
    }
}

/// The name of a customer: the label or the registered name.
pub(super) fn customer_name(state: &State, id: &str) -> String {
    let customer: Option<Customer> = state.get(id);
    customer.map_or_else(
        || id.to_owned(),
        |customer| customer.label.unwrap_or(customer.legal_name),
    )
}

/// The name of a price.
pub(super) fn price_name(state: &State, id: &str) -> String {
    let price = state.map(Kind::Price, id).unwrap_or_default();
    let name = price.get("name").and_then(Value::as_str);
    name.unwrap_or(id).to_owned()
}

/// The records of a page of a list. The store wrote the texts itself.
pub(super) fn records<R: Record>(page: &Page) -> Vec<R> {
    let texts = page.texts.iter();
    texts.filter_map(|text| serde_json::from_str(text).ok()).collect()
}
