//! A request that passed every check of the document.

use std::collections::BTreeMap;

use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::assumptions::Assumed;
use crate::contract::{Operation, Query, Version};
use crate::records::Kind;
use crate::store::Tx;

use super::world::Request;

/// A request, and the transaction that it changes.
pub struct Call<'c, 's> {
    /// The operation.
    pub operation: Operation,
    /// The requested version.
    pub version: Version,
    /// The query.
    pub query: Query,
    /// The declared members of the body; none if the operation has no body. Declared numbers that would lose digits were
    /// refused; those in members of any shape may have lost some.
    pub body: Map<String, Value>,
    /// The transaction.
    pub tx: &'c mut Tx<'s>,
    request: &'c Request<'c>,
    assumed: Assumed,
    notes: Vec<String>,
}

impl<'c, 's> Call<'c, 's> {
    pub(super) fn new(
        (operation, version): (Operation, Version),
        request: &'c Request<'c>,
        query: Query,
        body: Map<String, Value>,
        tx: &'c mut Tx<'s>,
    ) -> Self {
        Self {
            operation,
            version,
            query,
            body,
            tx,
            request,
            assumed: Assumed::NONE,
            notes: Vec::new(),
        }
    }

    /// A parameter of the path.
    ///
    /// # Panics
    ///
    /// If the document has no such parameter for the operation.
    pub fn path(&self, name: &str) -> &'c str {
        let value = self.request.path.get(name);
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

    /// Adds a sentence to the request in the log.
    pub fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    pub(super) fn take_notes(&mut self) -> Vec<String> {
        std::mem::take(&mut self.notes)
    }

    /// The id of the account.
    pub fn account_id(&self) -> String {
        let mut accounts = self.tx.rows(Kind::Account);
        accounts.next().map(|row| row.id().to_owned()).unwrap_or_default()
    }

    /// The id of the first user, by whom the API creates.
    pub fn user_id(&self) -> Option<String> {
        let mut users = self.tx.rows(Kind::User);
        users.next().map(|row| row.id().to_owned())
    }

    /// A text of the body. `null` counts as left out.
    pub fn text(&self, field: &str) -> Option<&str> {
        self.body.get(field)?.as_str()
    }

    /// A member of the body as it was sent, with all digits of its numbers. `null` counts as left out.
    pub fn raw(&self, field: &str) -> Option<&'c RawValue> {
        let mut members: BTreeMap<String, &'c RawValue> = serde_json::from_slice(self.request.body).ok()?;
        members.remove(field).filter(|value| value.get() != "null")
    }

    /// A list of texts of the body.
    pub fn texts(&self, field: &str) -> Vec<String> {
        let items = self.body.get(field).and_then(Value::as_array);
        let texts = items.into_iter().flatten().filter_map(Value::as_str);
        texts.map(str::to_owned).collect()
    }
}
