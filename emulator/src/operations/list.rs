//! Lists: declared filters and orders, and pages.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::assumptions::{A2, A6, A7};
use crate::contract::Query;
use crate::records::{Facet, Kind};
use crate::store::{Order, Row, Selection, Test};

use super::answer::{Answer, Outcome};
use super::call::Call;
use super::problem::Problem;

const DEFAULT_LIMIT: usize = 20;

/// The filters and orders of a list. A parameter of the document that none of them names is refused with 501.
pub(super) struct List {
    /// What the list is of.
    pub(super) kind: Kind,
    /// The filters.
    pub(super) filters: &'static [Filter],
    /// Values of `sortBy`, and the indexed facets that they sort by. Creation is the default.
    pub(super) sorts: &'static [(&'static str, Facet)],
    /// The prefix of custom keys in `sortBy`, such as `customProperties.`.
    pub(super) custom: Option<&'static str>,
}

/// A filter: the parameter, and the facet that it is about.
pub(super) enum Filter {
    /// A value is one of those sent.
    OneOf(&'static str, Facet),
    /// Archived records are shown only if the parameter is `true`. Without this filter they never are (A2).
    IncludeArchived(&'static str),
    /// The group handles the parameter by itself.
    Handled(&'static str),
}

impl List {
    /// A list with filters, sorted by creation.
    pub(super) const fn of(kind: Kind, filters: &'static [Filter]) -> Self {
        Self {
            kind,
            filters,
            sorts: &[],
            custom: None,
        }
    }
}

/// Restrictions of a list in addition to its declared filters.
#[derive(Default)]
pub(super) struct Scope<'a> {
    /// Further tests, such as the parent.
    pub(super) tests: Vec<Test>,
    /// A condition that facets cannot express.
    pub(super) keeps: Option<&'a dyn Fn(&Row) -> bool>,
    /// How many records are skipped, counted from the cursor.
    pub(super) skip: usize,
    /// Whether archived records are shown, if the list has no filter about it.
    pub(super) shows_archived: bool,
}

/// Answers one page, each record changed by `show`.
pub(super) fn page(
    call: &mut Call<'_, '_>,
    list: &List,
    scope: Scope<'_>,
    mut show: impl FnMut(&mut Call<'_, '_>, Map<String, Value>) -> Value,
) -> Outcome {
    let (texts, pagination) = select(call, list, scope)?;
    let items: Vec<Value> = texts.iter().map(|text| show(call, map(text))).collect();
    Ok(Answer::Json(json!({"items": items, "pagination": pagination})))
}

/// Answers one page of the records as they are stored, with all digits of their numbers.
pub(super) fn page_as_stored(call: &mut Call<'_, '_>, list: &List, scope: Scope<'_>) -> Outcome {
    let (texts, pagination) = select(call, list, scope)?;
    Ok(Answer::Text(format!(
        r#"{{"items":[{}],"pagination":{pagination}}}"#,
        texts.join(",")
    )))
}

/// The stored texts of one page, and its `pagination`.
fn select(call: &mut Call<'_, '_>, list: &List, scope: Scope<'_>) -> Result<(Vec<Arc<str>>, Value), Problem> {
    check_names(call, list)?;
    let tests = tests(call, list, (scope.tests, scope.shows_archived));
    let order = order(call, list)?;
    let limit = call.query.one("limit").and_then(|text| text.parse().ok());
    let path = call
        .operation
        .data()
        .path
        .iter()
        .map(|parameter| call.path(parameter.name));
    let path: Vec<&str> = path.collect();
    let selection = Selection {
        tests,
        keeps: scope.keeps,
        order,
        ascending: call.query.one("sortOrder") == Some("ASC"),
        skip: scope.skip,
        limit: limit.unwrap_or(DEFAULT_LIMIT),
        after: call.query.one("after"),
        before: call.query.one("before"),
        list: format!(
            "{} {} {}",
            call.operation.id(),
            path.join("/"),
            call.query.fingerprint()
        ),
    };
    let page = call.tx.page(list.kind, &selection)?;
    let mut pagination = Map::new();
    for (name, cursor) in [("after", page.after), ("before", page.before)] {
        if let Some(cursor) = cursor {
            pagination.insert(name.to_owned(), cursor.into());
        }
    }
    pagination.insert("totalResultSize".to_owned(), page.total.into());
    Ok((page.texts, pagination.into()))
}

/// Answers everything that passes the tests, newest first, as one page.
pub(super) fn everything(call: &mut Call<'_, '_>, kind: Kind, tests: Vec<Test>) -> Outcome {
    let selection = Selection {
        tests,
        ..Selection::all(usize::MAX - 1)
    };
    let page = call.tx.page(kind, &selection)?;
    let items: Vec<Value> = page.texts.iter().map(|text| map(text).into()).collect();
    Ok(Answer::Json(
        json!({"items": items, "pagination": {"totalResultSize": page.total}}),
    ))
}

/// A stored record as a map.
pub(super) fn map(text: &str) -> Map<String, Value> {
    serde_json::from_str(text).expect("stored records are objects")
}

fn check_names(call: &Call<'_, '_>, list: &List) -> Result<(), Problem> {
    let handled = |name: &str| {
        matches!(name, "limit" | "after" | "before" | "sortOrder" | "sortBy")
            || list.filters.iter().any(|filter| filter.parameter() == name)
    };
    match call.query.names().find(|name| !handled(name)) {
        Some(name) => Err(Problem::not_emulated(format!(
            "query.{name}: the emulator does not emulate this filter. Leave it out."
        ))),
        None => Ok(()),
    }
}

fn tests(call: &mut Call<'_, '_>, list: &List, scope: (Vec<Test>, bool)) -> Vec<Test> {
    let (mut tests, mut shows_archived) = scope;
    for filter in list.filters {
        let name = filter.parameter();
        let Some(sent) = call.query.all(name).map(<[String]>::to_vec) else {
            continue;
        };
        if sent.len() > 1 && !Query::takes_lists(call.operation, name) {
            call.assume(A6);
        }
        match filter {
            Filter::OneOf(_, facet) => tests.push(Test::OneOf(*facet, sent)),
            Filter::IncludeArchived(_) => shows_archived = call.query.is_true(name),
            Filter::Handled(_) => {}
        }
    }
    let has = |facet| call.tx.rows_with(list.kind, facet, "true").next().is_some();
    let (has_archived, has_deleted) = (has(Facet::Archived), has(Facet::Deleted));
    if !shows_archived && has_archived {
        tests.push(Test::NoneOf(Facet::Archived, vec!["true".to_owned()]));
        call.assume(A2);
    }
    if has_deleted {
        tests.push(Test::NoneOf(Facet::Deleted, vec!["true".to_owned()]));
    }
    tests
}

fn order(call: &mut Call<'_, '_>, list: &List) -> Result<Order, Problem> {
    let Some(wanted) = call.query.one("sortBy").map(str::to_owned) else {
        return Ok(Order::Created);
    };
    if let Some((_, facet)) = list.sorts.iter().find(|(name, _)| *name == wanted) {
        return Ok(Order::By(*facet));
    }
    if let Some(key) = list.custom.and_then(|prefix| wanted.strip_prefix(prefix)) {
        call.assume(A7);
        return Ok(Order::Custom(key.to_owned()));
    }
    let names = list.sorts.iter().map(|(name, _)| (*name).to_owned());
    let names: Vec<String> = names
        .chain(list.custom.map(|prefix| format!("{prefix}<key>")))
        .collect();
    let names = if names.is_empty() {
        "nothing but creation".to_owned()
    } else {
        names.join(", ")
    };
    Err(Problem::invalid(format!(
        "query.sortBy: the list is sorted by {names}, not by {wanted:?}."
    )))
}

impl Filter {
    fn parameter(&self) -> &'static str {
        match self {
            Self::OneOf(name, _) | Self::IncludeArchived(name) | Self::Handled(name) => name,
        }
    }
}
