//! Differences between API versions (`x-versions`, `x-required-in`, `x-value-versions`) and between responses of one
//! version (`x-since`, `x-former-name`).

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::Checker;
use super::document::is_date;
use crate::load::escape;
use crate::model;

impl Checker<'_> {
    /// Checks the differences of a named schema; `is_answer` is whether it is in responses only.
    pub(super) fn differences(&mut self, schema: &Value, pointer: &str, is_answer: bool) {
        let values = model::strings(&schema["enum"]);
        for (value, versions) in entries(&schema["x-value-versions"]) {
            let here = format!("{pointer}/x-value-versions/{}", escape(value));
            if !values.iter().any(|one| one == value) {
                self.fault(&here, format!("`{value}` is not a value of the enum"));
            }
            self.some_versions(versions, &here);
        }
        let required = model::strings(&schema["required"]);
        for (name, property) in entries(&schema["properties"]) {
            let here = format!("{pointer}/properties/{}", escape(name));
            self.property_differences(property, &here, required.contains(name));
            if property.get("x-required-in").is_some() && is_answer {
                self.fault(
                    &format!("{here}/x-required-in"),
                    "has an effect in request bodies only: remove it, or use `x-versions` and `x-since`",
                );
            }
            self.since(property, &here, required.contains(name));
            if let Some(former) = property["x-former-name"].as_str()
                && schema["properties"].get(former).is_some()
            {
                self.fault(
                    &format!("{here}/x-former-name"),
                    format!("`{former}` is the name of another property: remove one of them"),
                );
            }
        }
    }

    /// Checks since when a property is always in responses. Responses of the time before may be stored or queued.
    fn since(&mut self, property: &Value, pointer: &str, is_required: bool) {
        let Some(since) = property["x-since"].as_str() else {
            return;
        };
        if since != "unknown" && !is_date(since) {
            self.fault(
                &format!("{pointer}/x-since"),
                format!("`{since}` is not a day: write `yyyy-mm-dd`, or `unknown`"),
            );
        }
        if is_required {
            self.fault(
                pointer,
                "is required, but earlier responses lack it, see `x-since`: remove it from `required`",
            );
        }
    }

    fn property_differences(&mut self, property: &Value, pointer: &str, is_required: bool) {
        let exists_in = property.get("x-versions");
        let required_in = property.get("x-required-in");
        if let Some(versions) = exists_in {
            self.some_versions(versions, &format!("{pointer}/x-versions"));
            if is_required {
                self.fault(
                    pointer,
                    "is required, but not every version has it: remove it from `required`, and list the versions that require it in `x-required-in`",
                );
            }
        }
        let Some(required_in) = required_in else { return };
        let here = format!("{pointer}/x-required-in");
        self.known_versions(required_in, &here);
        if is_required && exists_in.is_none() {
            self.fault(&here, "every version requires the property: remove `x-required-in`, or the property from `required`");
        }
        if exists_in.is_none() && model::strings(required_in).len() == self.versions.all.len() {
            self.fault(
                &here,
                "lists every version: list the property under `required` instead",
            );
        }
        let exists_in = exists_in.map(model::strings);
        for version in model::strings(required_in) {
            if exists_in
                .as_ref()
                .is_some_and(|versions| !versions.contains(&version))
            {
                self.fault(
                    &here,
                    format!("version `{version}` does not have the property, see `x-versions`"),
                );
            }
        }
    }

    /// Checks the versions of a parameter.
    pub(super) fn parameter_versions(&mut self, parameter: &Value, pointer: &str) {
        let Some(versions) = parameter.get("x-versions") else {
            return;
        };
        self.some_versions(versions, &format!("{pointer}/x-versions"));
        if parameter["required"] == true {
            self.fault(
                pointer,
                "is required, so every version of the operation has it: remove `x-versions`",
            );
        }
    }

    /// Checks a list of some versions, but not all.
    fn some_versions(&mut self, versions: &Value, pointer: &str) {
        self.known_versions(versions, pointer);
        if model::strings(versions).len() == self.versions.all.len() {
            self.fault(pointer, "lists every version: remove it");
        }
    }

    /// Checks a list of versions, which are in the order of the document, each once.
    pub(super) fn known_versions(&mut self, versions: &Value, pointer: &str) {
        let listed = model::strings(versions);
        let known: Vec<&String> = self
            .versions
            .all
            .iter()
            .filter(|version| listed.contains(version))
            .collect();
        if listed.is_empty() || !listed.iter().eq(known) {
            let all = self.versions.all.join("`, `");
            self.fault(
                pointer,
                format!("is not a list of versions in their order: use some of `{all}`"),
            );
        }
    }
}

fn entries(value: &Value) -> BTreeMap<&String, &Value> {
    value.as_object().into_iter().flat_map(Map::iter).collect()
}
