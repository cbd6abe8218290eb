//! An account whose operations are called in one version, and what they answered.

use sequencehq_emulator::contract::{Operation, Version};
use serde_json::Value;

use super::super::operations::{Account, id};

/// What an operation answered.
pub(crate) struct Answer {
    pub(crate) operation: Operation,
    pub(crate) version: Version,
    pub(crate) status: u16,
    pub(crate) body: Value,
    /// The types that the call announced, if a policy announces them.
    pub(crate) announced: Vec<String>,
}

/// Calls operations in `version`, and those that it lacks in the newest.
pub(crate) struct Stage {
    pub(crate) account: Account,
    pub(crate) version: Version,
    pub(crate) answers: Vec<Answer>,
}

impl Stage {
    pub(crate) fn new(version: Version) -> Self {
        Self {
            account: Account::new(),
            version,
            answers: Vec::new(),
        }
    }

    /// Calls an operation, whatever it answers.
    #[track_caller]
    pub(crate) fn call(
        &mut self,
        operation: Operation,
        path: &[(&'static str, &str)],
        query: &str,
        body: Option<&Value>,
    ) -> (u16, Value) {
        let version = match operation.exists_in(self.version) {
            true => self.version,
            false => Version::LATEST,
        };
        self.account.version = version;
        let before = self.account.announced().len();
        let response = self.account.call(operation, path, query, body);
        let (status, body) = (response.status, response.json_body());
        let announced = self.account.announced().into_iter().skip(before);
        let announced = announced
            .map(|(notification_type, _)| notification_type)
            .collect();
        self.answers.push(Answer {
            operation,
            version,
            status,
            body: body.clone(),
            announced,
        });
        (status, body)
    }

    /// Calls an operation that is not refused.
    #[track_caller]
    pub(crate) fn ok(
        &mut self,
        operation: Operation,
        path: &[(&'static str, &str)],
        query: &str,
        body: Option<&Value>,
    ) -> Value {
        let (status, mut answer) = self.call(operation, path, query, body);
        let name = operation.id();
        assert!(status < 300, "{name} in {}: {answer}", self.version.name());
        match operation.envelope(self.account.version) {
            Some(member) => answer[member].take(),
            None => answer,
        }
    }

    /// Creates something, and returns its id.
    #[track_caller]
    pub(crate) fn new_id(&mut self, operation: Operation, body: Value) -> String {
        id(&self.ok(operation, &[], "", Some(&body))).to_owned()
    }

    /// Calls an operation without a body on `{id}`.
    #[track_caller]
    pub(crate) fn on(&mut self, operation: Operation, id: &str) -> Value {
        self.ok(operation, &[("id", id)], "", None)
    }

    /// Calls an operation with a body on `{id}`.
    #[track_caller]
    pub(crate) fn put(&mut self, operation: Operation, id: &str, body: Value) -> Value {
        self.ok(operation, &[("id", id)], "", Some(&body))
    }

    /// Calls a list.
    #[track_caller]
    pub(crate) fn list(&mut self, operation: Operation) -> Value {
        self.ok(operation, &[], "", None)
    }

    /// Moves the clock to noon of a day.
    #[track_caller]
    pub(crate) fn advance(&mut self, date: &str) {
        let date = date.parse().expect("a date");
        self.account.world.advance_to(date).expect("forward");
    }
}
