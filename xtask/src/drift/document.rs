//! The documents that are compared: ours, and the published ones by API version.

use std::path::Path;

use serde_json::Value;

use crate::load::Document;
use crate::model::{self, METHODS};

/// One published document, or one of several snapshots of it.
#[derive(Debug)]
pub(crate) struct Published {
    pub(crate) version: String,
    pub(crate) root: Value,
}

/// An operation as one document has it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Operation<'a> {
    pub(crate) root: &'a Value,
    pub(crate) item: &'a Value,
    pub(crate) raw: &'a Value,
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
}

/// Reads `openapi.yaml`.
pub(crate) fn ours(path: &Path) -> Result<Document, String> {
    let document = Document::read(path).map_err(|faults| faults.to_string())?;
    check(&document.name, &document.root)?;
    if versions(&document.root).is_empty() {
        return Err(format!("{}: no operation has x-versions", document.name));
    }
    Ok(document)
}

/// Reads one published document. Its version is said by `VERSION=` before the path, or else by the path.
pub(crate) fn published(argument: &str, known: &[String]) -> Result<Published, String> {
    let (version, path) = match argument.split_once('=') {
        Some((version, path)) if known.iter().any(|one| one == version) => (version.to_owned(), path),
        _ => (version_in(argument, known)?, argument),
    };
    let text = std::fs::read_to_string(path).map_err(|error| format!("{path}: cannot be read: {error}"))?;
    let root = serde_json::from_str(&text).map_err(|error| format!("{path}: is not JSON: {error}"))?;
    check(path, &root)?;
    Ok(Published { version, root })
}

/// The API versions that operations of our document name, oldest first.
pub(crate) fn versions(root: &Value) -> Vec<String> {
    let mut versions: Vec<String> = model::raw_operations(root)
        .flat_map(|(_, _, _, operation)| model::strings(&operation["x-versions"]))
        .collect();
    versions.sort();
    versions.dedup();
    versions
}

pub(crate) fn operations(root: &Value) -> impl Iterator<Item = Operation<'_>> {
    root["paths"]
        .as_object()
        .into_iter()
        .flatten()
        .flat_map(move |(path, item)| {
            METHODS.iter().filter_map(move |method| {
                Some(Operation {
                    root,
                    item,
                    raw: item.get(*method)?,
                    method,
                    path,
                })
            })
        })
}

/// The path with its parameters unnamed: names of path parameters are never sent.
pub(crate) fn anonymous(path: &str) -> String {
    let segments = path
        .split('/')
        .map(|segment| if segment.starts_with('{') { "{}" } else { segment });
    segments.collect::<Vec<_>>().join("/")
}

/// The part of `path` closest to its end that names a version: the file, or else a directory above it.
fn version_in(path: &str, known: &[String]) -> Result<String, String> {
    let mut parts = path.rsplit(['/', '\\']);
    parts
        .find_map(|part| known.iter().find(|version| part.contains(*version)))
        .cloned()
        .ok_or_else(|| {
            format!(
                "{path}: names no API version ({}); write VERSION={path}",
                known.join(", ")
            )
        })
}

fn check(name: &str, root: &Value) -> Result<(), String> {
    if !root["openapi"].is_string() || !root["paths"].is_object() {
        return Err(format!("{name}: is not an OpenAPI 3 document"));
    }
    let mut dangling = Vec::new();
    model::references(root, "", &mut |place, reference| {
        if reference
            .strip_prefix('#')
            .and_then(|pointer| root.pointer(pointer))
            .is_none()
        {
            dangling.push(format!("{name}: {place}: nothing stands at {reference}"));
        }
    });
    if dangling.is_empty() {
        Ok(())
    } else {
        Err(dangling.join("\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_taken_from_the_file_before_the_directory() {
        let known = ["2024-01-01".to_owned(), "2024-07-30".to_owned()];
        for (path, version) in [
            ("2024-07-30.json", Some("2024-07-30")),
            ("a/2024-01-01/2026-08-01.json", Some("2024-01-01")),
            ("2024-01-01/2024-07-30.product.json", Some("2024-07-30")),
            ("latest.json", None),
        ] {
            assert_eq!(version_in(path, &known).ok().as_deref(), version, "{path}");
        }
    }

    #[test]
    fn path_parameters_have_no_names() {
        assert_eq!(anonymous("/a/{id}/b/{other}"), "/a/{}/b/{}");
    }
}
