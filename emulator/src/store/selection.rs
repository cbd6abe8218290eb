//! Which rows a list has, in which order, and the cursors into it.
//!
//! A cursor is the position of an item in the order, not a count: items that are added or removed in the meantime neither
//! repeat nor hide others. It is bound to the list that it was made for.

use std::cmp::Ordering;
use std::fmt::{self, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::records::Facet;
use crate::records::ids::fingerprint;

use super::table::Row;

/// Which rows a list has, in which order, and which page of them.
#[derive(Clone, Default)]
pub struct Selection<'a> {
    /// Everything that has to hold.
    pub tests: Vec<Test>,
    /// Anything else that has to hold. It is tested anew for every page.
    pub keeps: Option<&'a dyn Fn(&Row) -> bool>,
    /// The order.
    pub order: Order,
    /// Whether the order goes upward.
    pub ascending: bool,
    /// How many rows are skipped, counted from the cursor.
    pub skip: usize,
    /// The most items of a page.
    pub limit: usize,
    /// A cursor, to get the page after it.
    pub after: Option<&'a str>,
    /// A cursor, to get the page before it.
    pub before: Option<&'a str>,
    /// What the cursors are bound to: operation, path, filters and order as text.
    pub list: String,
}

/// A test on the facets of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// The id is one of these.
    Id(Vec<String>),
    /// A value of the facet is one of these.
    OneOf(Facet, Vec<String>),
    /// No value of the facet is one of these. Holds also for rows without the facet.
    NoneOf(Facet, Vec<String>),
    /// A value of the facet contains this text, in any case. The text is in lower case.
    Contains(Facet, String),
    /// A value of the facet is less.
    Less(Facet, String),
    /// A value of the facet is greater.
    Greater(Facet, String),
    /// One of the tests holds.
    Any(Vec<Test>),
    /// The test does not hold.
    Not(Box<Test>),
}

/// The order of a list.
#[derive(Clone, Debug, Default)]
pub enum Order {
    /// The order of creation.
    #[default]
    Created,
    /// The order of an indexed facet, of which each row has at most one value. Rows without it come last either way.
    By(Facet),
    /// The order of the values of one custom key (A7). Rows without it come last either way.
    Custom(String),
}

/// The error returned for a cursor that does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CursorError {
    /// The text is not a cursor. Names the parameter.
    Unreadable(&'static str),
    /// The cursor belongs to another list. Names the parameter.
    OtherList(&'static str),
    /// There are two cursors.
    Both,
}

impl fmt::Display for CursorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(name) => write!(
                f,
                "query.{name}: is not a cursor. Send one from `pagination`, unchanged."
            ),
            Self::OtherList(name) => write!(
                f,
                "query.{name}: this cursor belongs to another list, filter or sort order. Start again without it."
            ),
            Self::Both => f.write_str("query.after and query.before: send one of them, not both."),
        }
    }
}

impl std::error::Error for CursorError {}

/// Where a row is in the order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) key: Option<String>,
    pub(super) sequence: u64,
}

impl Test {
    /// Returns whether the row passes.
    pub fn holds(&self, row: &Row) -> bool {
        match self {
            Self::Id(wanted) => wanted.iter().any(|one| one == row.id()),
            Self::OneOf(facet, wanted) => row
                .values(*facet)
                .any(|value| wanted.iter().any(|one| one == value)),
            Self::NoneOf(facet, unwanted) => !row
                .values(*facet)
                .any(|value| unwanted.iter().any(|one| one == value)),
            Self::Contains(facet, part) => row.values(*facet).any(|value| contains(value, part)),
            Self::Less(facet, bound) => row.values(*facet).any(|value| value < bound.as_str()),
            Self::Greater(facet, bound) => row.values(*facet).any(|value| value > bound.as_str()),
            Self::Any(tests) => tests.iter().any(|test| test.holds(row)),
            Self::Not(test) => !test.holds(row),
        }
    }
}

/// Whether a value contains a text in any case. The text is in lower case.
pub(super) fn contains(value: &str, part: &str) -> bool {
    if !value.is_ascii() {
        return value.to_lowercase().contains(part);
    }
    let part = part.as_bytes();
    part.is_empty()
        || value
            .as_bytes()
            .windows(part.len())
            .any(|window| window.eq_ignore_ascii_case(part))
}

impl Order {
    pub(super) fn facet(&self) -> Option<(Facet, String)> {
        match self {
            Self::Created => None,
            Self::By(facet) => Some((*facet, String::new())),
            Self::Custom(key) => Some((Facet::Custom, format!("{key}\0"))),
        }
    }
}

impl<'a> Selection<'a> {
    /// All rows, newest first.
    pub fn all(limit: usize) -> Self {
        Self {
            limit,
            ..Self::default()
        }
    }

    pub(super) fn fits(&self, row: &Row) -> bool {
        self.tests.iter().all(|test| test.holds(row)) && self.keeps.is_none_or(|keeps| keeps(row))
    }

    pub(super) fn position(&self, sequence: u64, row: &Row) -> Position {
        let key = match &self.order.facet() {
            Some((facet, prefix)) => row.key(*facet, prefix).map(str::to_owned),
            None => None,
        };
        Position { key, sequence }
    }

    pub(super) fn compare(&self, a: &Position, b: &Position) -> Ordering {
        let missing_last = a.key.is_none().cmp(&b.key.is_none());
        let order = (&a.key, a.sequence).cmp(&(&b.key, b.sequence));
        missing_last.then(if self.ascending { order } else { order.reverse() })
    }

    pub(super) fn cursor(&self) -> Result<Option<(Position, bool)>, CursorError> {
        match (self.after, self.before) {
            (Some(_), Some(_)) => Err(CursorError::Both),
            (Some(text), None) => Ok(Some((self.read(text, "after")?, true))),
            (None, Some(text)) => Ok(Some((self.read(text, "before")?, false))),
            (None, None) => Ok(None),
        }
    }

    pub(super) fn write(&self, position: &Position) -> String {
        let mut text = format!("{:016x}{:x}", fingerprint(&self.list), position.sequence);
        if let Some(key) = &position.key {
            let _ = write!(text, ":{key}");
        }
        URL_SAFE_NO_PAD.encode(text)
    }

    fn read(&self, text: &str, parameter: &'static str) -> Result<Position, CursorError> {
        let parse = || {
            let text = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
            let (list, rest) = text.split_at_checked(16)?;
            let (sequence, key) = match rest.split_once(':') {
                Some((sequence, key)) => (sequence, Some(key.to_owned())),
                None => (rest, None),
            };
            let list = u64::from_str_radix(list, 16).ok()?;
            let sequence = u64::from_str_radix(sequence, 16).ok()?;
            Some((list, Position { key, sequence }))
        };
        let (list, position) = parse().ok_or(CursorError::Unreadable(parameter))?;
        if list == fingerprint(&self.list) {
            Ok(position)
        } else {
            Err(CursorError::OtherList(parameter))
        }
    }
}
