//! The versions, what is not offered, and the tags.

use std::collections::BTreeSet;

use super::Checker;
use crate::model::{self, Versions};
use crate::names;

impl Checker<'_> {
    pub(super) fn versions(&mut self) {
        let root = &self.document.root;
        let openapi = root["openapi"].as_str().unwrap_or_default();
        if !openapi.starts_with("3.0.") {
            self.fault(
                "/openapi",
                format!("`{openapi}` is not supported: write the document in OpenAPI 3.0, `openapi: 3.0.3`"),
            );
        }
        let listed = root["x-versions"].as_array().map_or(0, Vec::len);
        let Versions { all, default, .. } = self.versions.clone();
        if all.is_empty() || all.len() != listed {
            self.fault(
                "/x-versions",
                "the document needs the list of the API versions that it supports, such as `x-versions: ['2024-07-30']`",
            );
            return;
        }
        if !all.is_sorted_by(|one, next| one < next) {
            self.fault(
                "/x-versions",
                "the versions are not in order, each once: list the oldest first",
            );
        }
        for version in all.iter().filter(|version| !is_date(version)) {
            self.fault(
                "/x-versions",
                format!("version `{version}` does not have the form `yyyy-mm-dd`"),
            );
        }
        if !all.contains(&default) {
            self.fault(
                "/info/version",
                format!(
                    "the default version `{default}` is not listed in x-versions: add it, or use one of them"
                ),
            );
        }
        if let Some(since) = root.get("x-idempotency-key-since")
            && !all.iter().any(|version| since == version)
        {
            self.fault(
                "/x-idempotency-key-since",
                "is not listed in x-versions: use one of them",
            );
        }
    }

    pub(super) fn not_offered(&mut self) {
        let root = &self.document.root;
        let entries = root["x-not-offered"].as_array().into_iter().flatten();
        for (index, entry) in entries.enumerate() {
            let pointer = format!("/x-not-offered/{index}");
            self.require_text(entry, &pointer, "reason");
            self.require_text(entry, &pointer, "instead");
            let versions = model::strings(&entry["versions"]);
            for version in &versions {
                if !self.versions.all.contains(version) {
                    let known = self.versions.all.join(", ");
                    self.fault(
                        &pointer,
                        format!("unknown version `{version}`: use one of {known}"),
                    );
                }
            }
            for route in model::strings(&entry["operations"]) {
                let is_route = route.split_once(' ').is_some_and(|(method, path)| {
                    path.starts_with('/')
                        && model::METHODS
                            .iter()
                            .any(|one| one.to_ascii_uppercase() == method)
                });
                if !is_route {
                    self.fault(
                        &pointer,
                        format!("`{route}` is not `METHOD /path`, such as `GET /invoices`"),
                    );
                }
                let offered = model::operations(root).into_iter().find(|operation| {
                    versions.iter().any(|version| {
                        operation.endpoint(version).is_some_and(|(method, path)| {
                            route == format!("{} {path}", method.to_uppercase())
                        })
                    })
                });
                if let Some(operation) = offered {
                    self.fault(
                        &pointer,
                        format!("`{route}` is offered, as {}: remove it here", operation.id),
                    );
                }
            }
        }
    }

    pub(super) fn tags(&mut self) {
        let root = &self.document.root;
        let mut seen = BTreeSet::new();
        for (index, tag) in root["tags"].as_array().into_iter().flatten().enumerate() {
            let pointer = format!("/tags/{index}");
            for key in ["name", "description", "x-resource"] {
                self.require_text(tag, &pointer, key);
            }
            let name = tag["name"].as_str().unwrap_or_default();
            if !names::is_snake(name) {
                self.fault(
                    &pointer,
                    format!(
                        "tag `{name}` is not in snake_case: write `{}`",
                        names::snake(name)
                    ),
                );
            }
            if !seen.insert(name.to_owned()) {
                self.fault(
                    &pointer,
                    format!("tag `{name}` is declared twice: remove one of them"),
                );
            }
        }
    }
}

/// Whether a text is a day of the calendar.
pub(super) fn is_date(text: &str) -> bool {
    let form = text
        .bytes()
        .map(|byte| if byte.is_ascii_digit() { b'0' } else { byte });
    let number = |range| {
        text.get(range)
            .and_then(|digits: &str| digits.parse::<u32>().ok())
    };
    if !form.eq(*b"0000-00-00") {
        return false;
    }
    let (Some(year), Some(month), Some(day)) = (number(0..4), number(5..7), number(8..10)) else {
        return false;
    };
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(is_leap),
        _ => 0,
    };
    (1..=days).contains(&day)
}
