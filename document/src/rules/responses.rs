//! Responses, and pages among them.

use serde_json::Value;

use super::Checker;
use crate::load::escape;
use crate::model;

impl Checker<'_> {
    pub(super) fn responses(&mut self, operation: &Value, pointer: &str) {
        let Some(responses) = operation["responses"].as_object() else {
            self.fault(pointer, "has no responses");
            return;
        };
        for wanted in ["4XX", "5XX"] {
            if !responses.contains_key(wanted) {
                self.fault(pointer, format!("has no {wanted} error response"));
            }
        }
        let successes: Vec<_> = responses
            .iter()
            .filter(|(status, _)| status.starts_with('2'))
            .collect();
        if successes.len() != 1 {
            self.fault(
                pointer,
                format!("has {} success responses instead of one", successes.len()),
            );
        }
        for (status, response) in responses {
            let here = format!("{pointer}/responses/{}", escape(status));
            if !status.starts_with('2') && status != "4XX" && status != "5XX" {
                self.fault(&here, "is not a success, 4XX or 5XX");
            }
            let response = model::resolve(&self.document.root, response);
            self.require_text(response, &here, "description");
            let Some(content) = response.get("content") else {
                continue;
            };
            let json = content.pointer("/application~1json/schema/$ref").is_some();
            let pdf = content.get("application/pdf").is_some();
            if !(json || pdf) || content.as_object().is_some_and(|kinds| kinds.len() != 1) {
                self.fault(
                    &here,
                    "has content that is neither a single named JSON schema nor application/pdf",
                );
            }
        }
        if operation["x-paginated"] == true && !self.is_page(operation) {
            self.fault(
                pointer,
                "is paginated but does not respond with `items` and `pagination`",
            );
        }
    }

    pub(super) fn is_page(&self, operation: &Value) -> bool {
        let root = &self.document.root;
        operation["responses"]["200"]
            .pointer("/content/application~1json/schema")
            .is_some_and(|schema| {
                let page = model::resolve(root, schema);
                page["properties"]["items"]["type"] == "array"
                    && model::reference(&page["properties"]["pagination"]) == Some("Pagination")
            })
    }
}
