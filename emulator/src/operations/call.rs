//! A request that passed every check of the document.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::assumptions::Assumed;
use crate::contract::{Operation, Query, Version};
use crate::records::{Kind, time};
use crate::store::Tx;

use super::problem::Problem;

/// A request, and the transaction that it changes.
pub struct Call<'c, 's> {
    /// The operation.
    pub operation: Operation,
    /// The version that was asked for.
    pub version: Version,
    /// The query.
    pub query: Query,
    /// The body; empty if the operation has none. Numbers in it passed through 64-bit floats: see
    /// [`decimal`](Self::decimal).
    pub body: Map<String, Value>,
    /// The transaction.
    pub tx: &'c mut Tx<'s>,
    path: &'c BTreeMap<&'static str, String>,
    raw: &'c [u8],
    assumed: Assumed,
}

impl<'c, 's> Call<'c, 's> {
    pub(super) fn new(
        (operation, version): (Operation, Version),
        path: &'c BTreeMap<&'static str, String>,
        query: Query,
        (body, raw): (Map<String, Value>, &'c [u8]),
        tx: &'c mut Tx<'s>,
    ) -> Self {
        Self {
            operation,
            version,
            query,
            body,
            tx,
            path,
            raw,
            assumed: Assumed::NONE,
        }
    }

    /// A parameter of the path.
    ///
    /// # Panics
    ///
    /// If the document has no such parameter for the operation.
    pub fn path(&self, name: &str) -> &'c str {
        let value = self.path.get(name);
        value.unwrap_or_else(|| panic!("{} has no {{{name}}} in its path", self.operation.id()))
    }

    /// The only or last parameter of the path, whatever its name.
    pub fn id(&self) -> &'c str {
        let last = self.operation.data().path.last();
        self.path(last.map_or("id", |parameter| parameter.name))
    }

    /// Notes that the answer depends on something assumed.
    pub fn assume(&mut self, assumed: impl Into<Assumed>) {
        self.assumed |= assumed.into();
    }

    /// What the answer depends on so far.
    pub fn assumed(&self) -> Assumed {
        self.assumed
    }

    /// The id of the account.
    pub fn account_id(&self) -> String {
        let mut accounts = self.tx.rows(Kind::Account);
        accounts.next().map(|row| row.id().to_owned()).unwrap_or_default()
    }

    /// A text of the body. `null` counts as left out.
    pub fn text(&self, field: &str) -> Option<&str> {
        self.body.get(field)?.as_str()
    }

    /// A list of texts of the body.
    pub fn texts(&self, field: &str) -> Vec<String> {
        let items = self.body.get(field).and_then(Value::as_array);
        let texts = items.into_iter().flatten().filter_map(Value::as_str);
        texts.map(str::to_owned).collect()
    }

    /// A flag of the body.
    pub fn flag(&self, field: &str) -> Option<bool> {
        self.body.get(field)?.as_bool()
    }

    /// An instant of the body.
    pub fn instant(&self, field: &str) -> Option<DateTime<Utc>> {
        time::parse(self.text(field)?)
    }

    /// A date of the body.
    pub fn date(&self, field: &str) -> Option<NaiveDate> {
        self.text(field)?.parse().ok()
    }

    /// A number of the body, or a decimal in a text, exactly as it was sent.
    ///
    /// # Errors
    ///
    /// If it has more digits than the emulator can keep.
    pub fn decimal(&self, field: &str) -> Result<Option<Decimal>, Problem> {
        let raw = match self.body.get(field) {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::String(text)) => text.clone(),
            Some(_) => {
                let fields: HashMap<String, &RawValue> = serde_json::from_slice(self.raw).unwrap_or_default();
                fields
                    .get(field)
                    .map(|raw| raw.get().to_owned())
                    .unwrap_or_default()
            }
        };
        let exact = Decimal::from_str_exact(&raw).or_else(|_| Decimal::from_scientific(&raw));
        exact.map(Some).map_err(|_| {
            Problem::invalid(format!(
                "body.{field}: {raw} is not a decimal of at most 28 digits."
            ))
        })
    }

    /// The body, byte by byte.
    pub fn raw_body(&self) -> &'c [u8] {
        self.raw
    }

    /// A date of the query.
    pub fn query_date(&self, name: &str) -> Option<NaiveDate> {
        self.query.one(name)?.parse().ok()
    }

    /// Returns whether the version is older than the newest.
    pub fn is_older(&self) -> bool {
        self.version < Version::LATEST
    }
}
