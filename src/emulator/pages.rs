//! One page of a list, and the cursors to its neighbours.
//!
//! A cursor remembers where it stands in the sort, not how many items came before
//! it: items that are added or removed meanwhile neither repeat nor hide others. It
//! is bound to the operation, path, filters and sort it was made with; with
//! others it is refused with 400, and so is text that is not a cursor.
//! `limit` is 20 when left out.

use std::hash::{DefaultHasher, Hash, Hasher};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::dispatch::Call;
use super::problem::Problem;

const DEFAULT_LIMIT: usize = 20;

/// What a list is sorted by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) enum SortKey {
    Text(String),
    Number(#[serde(with = "decimal_text")] Decimal),
}

/// An item with its place in the list. `sequence` breaks ties and never changes.
pub(super) struct Entry<T> {
    pub(super) key: SortKey,
    pub(super) sequence: u64,
    pub(super) item: T,
}

#[derive(Serialize, Deserialize)]
struct Cursor {
    /// Fingerprint of the call.
    list: u64,
    key: SortKey,
    sequence: u64,
}

/// Sorts the entries, cuts the page that the call asks for, and writes it down.
pub(super) fn page<T>(
    mut entries: Vec<Entry<T>>,
    call: &Call,
    write: impl Fn(&T) -> Value,
) -> Result<Value, Problem> {
    let ascending = call.query.one("sortOrder") == Some("ASC");
    entries.sort_by(|a, b| {
        let order = (&a.key, a.sequence).cmp(&(&b.key, b.sequence));
        if ascending { order } else { order.reverse() }
    });

    let list = fingerprint(call);
    let limit = match call.query.one("limit") {
        Some(text) => text
            .parse()
            .map_err(|_| Problem::invalid("query.limit: send a number from 1 to 100."))?,
        None => DEFAULT_LIMIT,
    };
    let comes_before = |entry: &Entry<T>, cursor: &Cursor| {
        let (here, there) = ((&entry.key, entry.sequence), (&cursor.key, cursor.sequence));
        if ascending { here < there } else { here > there }
    };
    let (from, to) = match (call.query.one("after"), call.query.one("before")) {
        (Some(_), Some(_)) => {
            return Err(Problem::invalid(
                "query.after and query.before: send one of them, not both.",
            ));
        }
        (Some(text), None) => {
            let cursor = read(text, list, "after")?;
            let is_cursor = |e: &Entry<T>| e.sequence == cursor.sequence && e.key == cursor.key;
            let from = entries.partition_point(|e| comes_before(e, &cursor) || is_cursor(e));
            (from, (from + limit).min(entries.len()))
        }
        (None, Some(text)) => {
            let cursor = read(text, list, "before")?;
            let to = entries.partition_point(|e| comes_before(e, &cursor));
            (to.saturating_sub(limit), to)
        }
        (None, None) => (0, limit.min(entries.len())),
    };

    let mut pagination = Map::new();
    if let Some(last) = to.checked_sub(1).and_then(|i| entries.get(i))
        && to < entries.len()
    {
        pagination.insert("after".into(), write_cursor(last, list).into());
    }
    if let Some(first) = entries.get(from)
        && from > 0
    {
        pagination.insert("before".into(), write_cursor(first, list).into());
    }
    pagination.insert("totalResultSize".into(), entries.len().into());
    let items: Vec<Value> = entries[from..to].iter().map(|e| write(&e.item)).collect();
    Ok(json!({"items": items, "pagination": pagination}))
}

fn write_cursor<T>(entry: &Entry<T>, list: u64) -> String {
    let cursor = Cursor {
        list,
        key: entry.key.clone(),
        sequence: entry.sequence,
    };
    let bytes = serde_json::to_vec(&cursor).expect("a cursor is plain data");
    URL_SAFE_NO_PAD.encode(bytes)
}

fn read(text: &str, list: u64, parameter: &str) -> Result<Cursor, Problem> {
    let cursor: Option<Cursor> = URL_SAFE_NO_PAD
        .decode(text)
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok());
    match cursor {
        Some(cursor) if cursor.list == list => Ok(cursor),
        Some(_) => Err(Problem::invalid(format!(
            "query.{parameter}: this cursor belongs to another list, filter or sort order; start again without it."
        ))),
        None => Err(Problem::invalid(format!(
            "query.{parameter}: is not a cursor; send one from `pagination`, unchanged."
        ))),
    }
}

fn fingerprint(call: &Call) -> u64 {
    let mut hasher = DefaultHasher::new();
    call.operation_id.hash(&mut hasher);
    call.path.hash(&mut hasher);
    for (name, values) in call.query.iter() {
        if !matches!(name, "limit" | "after" | "before") {
            (name, values).hash(&mut hasher);
        }
    }
    hasher.finish()
}

mod decimal_text {
    use rust_decimal::Decimal;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(value: &Decimal, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&value.to_string())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Decimal, D::Error> {
        let text = String::deserialize(from)?;
        crate::emulator::money::parse(&text).ok_or_else(|| D::Error::custom("no decimal"))
    }
}

#[cfg(test)]
mod tests {
    use super::{Entry, SortKey, page};
    use crate::emulator::dispatch::Call;
    use serde_json::{Value, json};

    fn numbers(count: u64) -> Vec<Entry<u64>> {
        let entry = |n| Entry {
            key: SortKey::Text(String::new()),
            sequence: n,
            item: n,
        };
        (1..=count).map(entry).collect()
    }

    fn ask(count: u64, query: &[(&str, &str)]) -> Value {
        let call = Call::for_list("number_list", query);
        page(numbers(count), &call, |n| json!(n)).expect("a good request")
    }

    #[test]
    fn an_empty_list_has_no_cursors() {
        assert_eq!(
            ask(0, &[]),
            json!({"items": [], "pagination": {"totalResultSize": 0}})
        );
    }

    #[test]
    fn a_page_without_a_limit_has_twenty_items_newest_first() {
        let first = ask(25, &[]);
        assert_eq!(first["items"][0], json!(25));
        assert_eq!(first["items"].as_array().map(Vec::len), Some(20));
        assert_eq!(first["pagination"].get("before"), None);
    }

    #[test]
    fn a_cursor_survives_the_removal_of_its_item() {
        let order = ("sortOrder", "ASC");
        let first = ask(4, &[order, ("limit", "2")]);
        let after = first["pagination"]["after"].as_str().expect("two more");
        let call = Call::for_list("number_list", &[order, ("limit", "2"), ("after", after)]);
        let mut left = numbers(4);
        left.remove(1);
        let next = page(left, &call, |n| json!(n)).expect("the cursor is still good");
        assert_eq!(next["items"], json!([3, 4]));
    }

    #[test]
    fn a_cursor_of_another_filter_is_refused() {
        let first = ask(4, &[("limit", "2")]);
        let after = first["pagination"]["after"].as_str().expect("two more");
        let call = Call::for_list("number_list", &[("search", "x"), ("after", after)]);
        let refused = page(numbers(4), &call, |n| json!(n)).expect_err("another list");
        assert!(refused.message.contains("another list"), "{}", refused.message);
    }
}
