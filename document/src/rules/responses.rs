//! Responses, and pages among them.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Checker;
use super::operations::is_plain_optional;
use crate::load::escape;
use crate::model;

const ERRORS: [&str; 2] = ["4XX", "5XX"];
const STATUS: &str = "is not a status that the client expects: use a number, such as `200`, for the success, and `4XX` and `5XX`";

impl<'a> Checker<'a> {
    pub(super) fn responses(&mut self, operation: &'a Value, pointer: &str) {
        let Some(responses) = operation["responses"].as_object() else {
            self.fault(pointer, "has no responses: add the success, `4XX` and `5XX`");
            return;
        };
        for wanted in ERRORS {
            if !responses.contains_key(wanted) {
                self.fault(
                    pointer,
                    format!("has no {wanted} response: refer to the one with the shared error"),
                );
            }
        }
        let successes = responses.keys().filter(|status| status.starts_with('2')).count();
        if successes != 1 {
            self.fault(
                pointer,
                format!("has {successes} success responses instead of one, such as `200`"),
            );
        }
        let mut errors = BTreeSet::new();
        for (status, response) in responses {
            let own = format!("{pointer}/responses/{}", escape(status));
            if !self.leads(response, "responses") {
                continue;
            }
            if status == "204" && response.get("content").is_some() {
                self.fault(
                    &own,
                    "has a body, which a 204 never has: use 200, or remove the content",
                );
            }
            let (response, here) = self.definition(response, own.clone());
            self.require_text(response, &here, "description");
            let is_error = ERRORS.contains(&status.as_str());
            let is_success =
                status.starts_with('2') && status.parse::<u16>().is_ok_and(|status| status < 300);
            if !is_error && !is_success {
                self.fault(&own, STATUS);
            }
            errors.extend(self.content(response, &here, is_error));
        }
        if errors.len() > 1 {
            self.fault(
                pointer,
                "4XX and 5XX have different schemas: use one schema for all errors (and `x-conflict` for a 409)",
            );
        }
        let is_paginated = operation["x-paginated"] == true;
        let is_query = |name: &str| {
            let listed = operation["parameters"].as_array().into_iter().flatten();
            let mut listed = listed.map(|one| model::resolve(&self.document.root, one));
            listed.any(|one| one["in"] == "query" && one["name"] == name)
        };
        let has_cursor = is_query("after");
        match self.page_problem(operation) {
            Some(problem) if is_paginated => self.fault(pointer, format!("is paginated, but {problem}")),
            None if !is_paginated && has_cursor => self.fault(
                pointer,
                "returns a page, but is not `x-paginated: true`, without which the calls have no stream of all items: add it",
            ),
            _ => {}
        }
    }

    /// Returns the reference to the schema of an error.
    fn content<'v>(&mut self, response: &'v Value, pointer: &str, is_error: bool) -> Option<&'v str> {
        let content = &response["content"];
        let json = content
            .pointer("/application~1json/schema/$ref")
            .and_then(Value::as_str);
        if is_error {
            if json.is_none() || content.as_object().is_none_or(|kinds| kinds.len() != 1) {
                self.fault(
                    pointer,
                    "an error response has no `application/json` content that refers to a named schema, by which it is decoded",
                );
            }
            return json;
        }
        let pdf = content.get("application/pdf").is_some();
        if !content.is_null()
            && (!(json.is_some() || pdf) || content.as_object().is_none_or(|kinds| kinds.len() != 1))
        {
            self.fault(
                pointer,
                "has content that is neither `application/json` with a reference nor `application/pdf`: define its schema under \
                 components/schemas",
            );
        }
        None
    }

    /// The client opens an envelope by the name of its first member, so the response itself has none of that name.
    pub(super) fn envelopes(&mut self, operation: &Value, pointer: &str) {
        let having = model::strings(&operation["x-versions"]);
        for (version, member) in operation["x-envelope"].as_object().into_iter().flatten() {
            let member = member.as_str().unwrap_or_default();
            if !having.contains(version) {
                self.fault(
                    pointer,
                    format!("x-envelope names version `{version}`, which does not have the operation, see `x-versions`"),
                );
            }
            let response = self.success_schema(operation);
            if response["type"] != "object" || response["properties"].get(member).is_some() {
                self.fault(
                    pointer,
                    format!(
                        "x-envelope is `{member}`, but the response is not an object without such a property"
                    ),
                );
            }
        }
    }

    /// A response that was once a bare list is decoded as the object with that list.
    pub(super) fn bare_list(&mut self, operation: &Value, pointer: &str, member: &str) {
        let response = self.success_schema(operation);
        if response["properties"][member]["type"] != "array" {
            self.fault(
                pointer,
                format!("x-bare-list is `{member}`, which is not a list of the response: name the property with the list"),
            );
        }
    }

    /// Returns the schema of the successful response, or null.
    fn success_schema<'v>(&'v self, operation: &'v Value) -> &'v Value {
        let root = &self.document.root;
        let mut responses = operation["responses"].as_object().into_iter().flatten();
        let success = responses.find(|(status, _)| status.starts_with('2'));
        let response = success.map_or(&Value::Null, |(_, response)| model::resolve(root, response));
        let schema = response.pointer("/content/application~1json/schema");
        model::resolve(root, schema.unwrap_or(&Value::Null))
    }

    /// Returns why the client cannot read the response as a page.
    fn page_problem(&self, operation: &Value) -> Option<String> {
        let root = &self.document.root;
        let page = self.success_schema(operation);
        let required = model::strings(&page["required"]);
        for name in ["items", "pagination"] {
            let property = &page["properties"][name];
            if !required.iter().any(|required| required == name) || property.get("x-rust-name").is_some() {
                return Some(format!("the response has no required property `{name}`"));
            }
        }
        if page["properties"]["items"]["type"] != "array" {
            return Some("`items` of the response is not a list".to_owned());
        }
        if model::reference(&page["properties"]["pagination"]) != Some("Pagination") {
            return Some("`pagination` of the response is not a `Pagination`".to_owned());
        }
        let cursor = &root["components"]["schemas"]["Pagination"];
        if !is_plain_optional(cursor, "after", "string") {
            return Some("`Pagination` has no optional property `after` (`type: string`)".to_owned());
        }
        let is_total = is_plain_optional(cursor, "totalResultSize", "integer")
            && cursor["properties"]["totalResultSize"]["format"] != "int32";
        (!is_total)
            .then(|| "`Pagination` has no optional property `totalResultSize` (`format: int64`)".to_owned())
    }
}
