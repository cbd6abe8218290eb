//! The documents that are compared: ours, and the published ones by API version.

use std::path::Path;

use sequencehq_document::{Document, model};
use serde_json::Value;

/// One published document, or one of several snapshots of it.
#[derive(Debug)]
pub(crate) struct Published {
    pub(crate) version: String,
    /// The path, for messages.
    pub(crate) name: String,
    /// The digits of the day in the path that is not the version, to order snapshots.
    pub(crate) date: Option<String>,
    pub(crate) root: Value,
}

/// Reads `openapi.yaml`.
pub(crate) fn ours(path: &Path) -> Result<Document, String> {
    let document = any(path)?;
    if model::versions(&document.root).all.is_empty() {
        return Err(document.fault("/x-versions", "names no API version").to_string());
    }
    Ok(document)
}

/// Reads a published document of any version.
pub(crate) fn any(path: &Path) -> Result<Document, String> {
    let document = Document::read(path).map_err(|faults| faults.to_string())?;
    check(&document.name, &document.root)?;
    Ok(document)
}

/// Reads one published document. Its version stands before the path as `VERSION=`, or in the path.
pub(crate) fn published(argument: &str, known: &[String]) -> Result<Published, String> {
    let (version, path) = match argument.split_once('=') {
        Some((version, path)) if known.iter().any(|one| one == version) => (version.to_owned(), path),
        _ => (version_in(argument, known)?, argument),
    };
    let document = any(Path::new(path))?;
    Ok(Published {
        date: date_in(&path.replace(&version, "")),
        version,
        name: path.to_owned(),
        root: document.root,
    })
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

/// The digits of the last day in `text`, written `2026-08-21` or `20260821`, with those of a time that follows.
fn date_in(text: &str) -> Option<String> {
    let is_date = |digits: &&String| digits.len() >= 8 && digits.starts_with("20");
    let runs = text.split(|one: char| !one.is_ascii_digit() && !['-', ':', 'T', 'Z'].contains(&one));
    let digits = runs.map(|run| run.chars().filter(char::is_ascii_digit).collect::<String>());
    let dates: Vec<String> = digits.collect();
    dates.iter().rfind(is_date).cloned()
}

fn check(name: &str, root: &Value) -> Result<(), String> {
    if !root["openapi"].is_string() || !root["paths"].is_object() {
        return Err(format!("{name}: is not an OpenAPI 3 document"));
    }
    let dangling = model::dangling(root);
    let lines = dangling
        .iter()
        .map(|(place, reference)| format!("{name}: {place}: nothing stands at {reference}"));
    let lines: Vec<String> = lines.collect();
    if lines.is_empty() {
        Ok(())
    } else {
        Err(lines.join("\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_of_a_snapshot_is_taken_from_its_path() {
        for (path, date) in [
            ("snapshots/2026-08-21.json", Some("20260821")),
            ("20260821T120000Z.json", Some("20260821120000")),
            ("2026-08-20/2026-08-21-a.json", Some("20260821")),
            ("latest-7.json", None),
        ] {
            assert_eq!(date_in(path).as_deref(), date, "{path}");
        }
    }

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
}
