//! Lists: declared filters and orders, and pages.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use crate::assumptions::{A2, A6, A7};
use crate::contract::Query;
use crate::records::{Facet, Kind, time};
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
    /// No value is one of those sent.
    NoneOf(&'static str, Facet),
    /// A value contains what was sent, in any case.
    Contains(&'static str, Facet),
    /// No value contains what was sent, in any case.
    ContainsNot(&'static str, Facet),
    /// A value is a number that equals what was sent.
    Equals(&'static str, Facet),
    /// No value is a number that equals what was sent.
    EqualsNot(&'static str, Facet),
    /// A value is less than what was sent, such as an earlier day.
    Less(&'static str, Facet),
    /// A value is greater than what was sent, such as a later day.
    Greater(&'static str, Facet),
    /// No value is `true`, if the parameter is.
    Excludes(&'static str, Facet),
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
    /// The order unless `sortBy` is sent.
    pub(super) order: Order,
}

impl Scope<'_> {
    /// The records of one parent.
    pub(super) fn of_parent(parent: Facet, id: &str) -> Self {
        Self {
            tests: vec![Test::OneOf(parent, vec![id.to_owned()])],
            ..Self::default()
        }
    }
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
fn select(call: &mut Call<'_, '_>, list: &List, scope: Scope<'_>) -> Result<(Vec<String>, Value), Problem> {
    check_names(call, list)?;
    let tests = tests(call, list, (scope.tests, scope.shows_archived));
    let order = order(call, list, scope.order)?;
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

/// The texts of all records that pass the filters, newest first.
pub(super) fn matching(call: &mut Call<'_, '_>, list: &List) -> Result<Vec<String>, Problem> {
    check_names(call, list)?;
    let selection = Selection {
        tests: tests(call, list, (Vec::new(), false)),
        ..Selection::all(usize::MAX - 1)
    };
    Ok(call.tx.page(list.kind, &selection)?.texts)
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

/// Answers the keys of the custom fields or properties of all records, sorted.
pub(super) fn custom_keys(call: &Call<'_, '_>, kind: Kind) -> Outcome {
    let custom = call.tx.rows(kind).flat_map(|row| row.values(Facet::Custom));
    let keys: BTreeSet<&str> = custom
        .filter_map(|custom| Some(custom.split_once('\0')?.0))
        .collect();
    Ok(Answer::Json(json!({"items": keys})))
}

/// A stored record as a map.
pub(super) fn map(text: &str) -> Map<String, Value> {
    serde_json::from_str(text).expect("stored records are objects")
}

/// Refuses more values of a parameter than the document allows.
pub(super) fn check_count(call: &Call<'_, '_>, name: &str, most: usize) -> Result<(), Problem> {
    match call.query.all(name).map_or(0, <[String]>::len) {
        count if count > most => Err(Problem::invalid(format!(
            "query.{name}: has {count} values. Send at most {most}, and the others in another request."
        ))),
        _ => Ok(()),
    }
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
        if let Filter::IncludeArchived(_) = filter {
            shows_archived = call.query.is_true(name);
        }
        tests.extend(filter.test(sent));
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

fn order(call: &mut Call<'_, '_>, list: &List, default: Order) -> Result<Order, Problem> {
    let Some(wanted) = call.query.one("sortBy").map(str::to_owned) else {
        return Ok(default);
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
            Self::OneOf(name, _)
            | Self::NoneOf(name, _)
            | Self::Contains(name, _)
            | Self::ContainsNot(name, _)
            | Self::Equals(name, _)
            | Self::EqualsNot(name, _)
            | Self::Less(name, _)
            | Self::Greater(name, _)
            | Self::Excludes(name, _)
            | Self::IncludeArchived(name)
            | Self::Handled(name) => name,
        }
    }

    /// The test for the values that were sent; `None` if there is nothing to test.
    fn test(&self, sent: Vec<String>) -> Option<Test> {
        let one = |sent: Vec<String>| sent.into_iter().next().unwrap_or_default();
        let number = |sent: Vec<String>| {
            let number = Decimal::from_str_exact(&one(sent)).unwrap_or_default();
            vec![time::number_key(number)]
        };
        match self {
            Self::OneOf(_, facet) => Some(Test::OneOf(*facet, sent)),
            Self::NoneOf(_, facet) => Some(Test::NoneOf(*facet, sent)),
            Self::Contains(_, facet) => Some(Test::Contains(*facet, one(sent).to_lowercase())),
            Self::ContainsNot(_, facet) => {
                let contains = Test::Contains(*facet, one(sent).to_lowercase());
                Some(Test::Not(Box::new(contains)))
            }
            Self::Equals(_, facet) => Some(Test::OneOf(*facet, number(sent))),
            Self::EqualsNot(_, facet) => Some(Test::NoneOf(*facet, number(sent))),
            Self::Less(_, facet) => Some(Test::Less(*facet, one(sent))),
            Self::Greater(_, facet) => Some(Test::Greater(*facet, one(sent))),
            Self::Excludes(_, facet) => {
                (one(sent) == "true").then(|| Test::NoneOf(*facet, vec!["true".to_owned()]))
            }
            Self::IncludeArchived(_) | Self::Handled(_) => None,
        }
    }
}
