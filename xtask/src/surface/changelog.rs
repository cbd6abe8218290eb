//! Which changes the changelog has.

use super::changes::{Change, Label};

/// Returns the section of what is not released yet.
pub(super) fn unreleased(text: &str) -> Result<&str, String> {
    let (_, rest) = text
        .split_once("## Unreleased\n")
        .ok_or("CHANGELOG.md has no section `## Unreleased`. Add it above the last release.")?;
    Ok(rest.split_once("\n## ").map_or(rest, |(section, _)| section))
}

/// Returns the version of the last release, which is the first section with a version.
pub(super) fn last_release(text: &str) -> Option<&str> {
    let mut titles = text.lines().filter_map(|line| line.strip_prefix("## "));
    titles
        .find(|title| title.starts_with(|letter: char| letter.is_ascii_digit()))
        .and_then(|title| title.split(' ').next())
}

/// Returns `true` if an entry of the section has all names of the change. A breaking one has to be under `### Breaking`.
pub(super) fn names(section: &str, change: &Change) -> bool {
    let section = match change.label {
        Label::Breaking => part(section, change.label.heading()),
        Label::Behavior | Label::Additive => section,
    };
    let names: Vec<String> = change.names.iter().map(|name| format!("`{name}`")).collect();
    section
        .split("\n- ")
        .any(|entry| names.iter().all(|name| entry.contains(name)))
}

/// Returns the part of a section below a heading.
fn part<'a>(section: &'a str, heading: &str) -> &'a str {
    let Some((_, rest)) = section.split_once(&format!("### {heading}\n")) else {
        return "";
    };
    rest.split_once("\n### ").map_or(rest, |(part, _)| part)
}
