//! What the documents and the documentation of the crate claim.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sequencehq_document::model;

use crate::document::{self, DOCUMENT};

const README: &str = include_str!("../../README.md");
/// The tables in the documentation of `ApiVersion`.
const VERSIONS: &str = include_str!(concat!(env!("OUT_DIR"), "/versions.md"));

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The targets of the links in Markdown text.
fn links(text: &str) -> Vec<&str> {
    text.split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
        .collect()
}

/// As an anchor is made of a heading: lower case, hyphens for spaces, nothing else but letters and digits.
fn anchor(heading: &str) -> String {
    heading
        .trim()
        .chars()
        .filter(|letter| letter.is_alphanumeric() || " -_".contains(*letter))
        .map(|letter| {
            if letter == ' ' {
                '-'
            } else {
                letter.to_ascii_lowercase()
            }
        })
        .collect()
}

fn sources(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder of the crate") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            sources(&path, out);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            out.push(path);
        }
    }
}

/// The README is the front page of registries, where relative links lead nowhere.
#[test]
fn links_of_the_readme_work_outside_of_the_repository() {
    let anchors: Vec<String> = README
        .lines()
        .filter(|line| line.starts_with('#'))
        .map(|line| anchor(line.trim_start_matches('#')))
        .collect();
    let links = links(README);
    assert!(links.len() > 1, "{links:?}");
    for link in links {
        let leads = match link.strip_prefix('#') {
            Some(wanted) => anchors.iter().any(|anchor| anchor == wanted),
            // A picture has a text in its place outside of the repository.
            None if link.ends_with(".png") => root().join(link).is_file(),
            None => link.starts_with("https://"),
        };
        assert!(leads, "{link} is dead outside of the repository");
    }
}

#[test]
fn every_document_that_the_readme_names_is_in_the_package() {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).expect("readable");
    let mut named = 0;
    for name in README.split('`').filter(|text| text.ends_with(".md")) {
        assert!(root().join(name).is_file(), "{name}");
        assert!(
            manifest.contains(&format!("\"/{name}\"")),
            "{name} is not packaged"
        );
        named += 1;
    }
    assert!(named >= 3, "{named}");
}

/// The first paragraph of each block of documentation, with its place.
fn summaries() -> Vec<(String, String)> {
    let mut files = Vec::new();
    sources(&root().join("src"), &mut files);
    let mut summaries = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("readable");
        let mut block: Option<String> = None;
        let mut ended = false;
        for (number, line) in text.lines().enumerate() {
            let line = line.trim_start();
            let documentation = line.strip_prefix("///").or_else(|| line.strip_prefix("//!"));
            match documentation {
                Some(words) if !ended && !words.trim().is_empty() => {
                    let block = block.get_or_insert_default();
                    block.push(' ');
                    block.push_str(words.trim());
                }
                Some(_) => ended = true,
                None => {
                    let place = format!("{}:{number}", file.display());
                    summaries.extend(block.take().map(|words| (place, words)));
                    ended = false;
                }
            }
        }
    }
    summaries
}

/// Lists of items show the first paragraph alone.
#[test]
fn no_summary_ends_with_a_colon() {
    let mut all = summaries();
    assert!(all.len() > 500, "{}", all.len());
    for (name, schema) in DOCUMENT["components"]["schemas"].as_object().expect("schemas") {
        let about = schema["description"].as_str().unwrap_or_default();
        all.push((
            name.clone(),
            about.split("\n\n").next().unwrap_or_default().to_owned(),
        ));
    }
    for operation in document::operations() {
        let summary = operation.summary.as_str();
        all.push((operation.id.clone(), summary.to_owned()));
    }
    for (place, summary) in all {
        assert!(!summary.trim().ends_with(':'), "{place}: {summary}");
    }
}

/// They stay literal brackets wherever the documentation of the other crate is not at hand.
#[test]
fn no_documentation_links_into_another_crate_by_its_path() {
    let mut files = Vec::new();
    sources(&root().join("src"), &mut files);
    for file in files {
        let text = std::fs::read_to_string(&file).expect("readable");
        for line in text.lines().map(str::trim_start) {
            if line.starts_with("///") || line.starts_with("//!") {
                for foreign in [
                    "axum",
                    "bytes",
                    "chrono",
                    "http",
                    "reqwest",
                    "rust_decimal",
                    "serde_json",
                    "tokio",
                    "url",
                ] {
                    assert!(
                        !line.contains(&format!("[`{foreign}::"))
                            && !line.contains(&format!("]({foreign}::")),
                        "{}: {line}",
                        file.display()
                    );
                }
            }
        }
    }
}

#[test]
fn the_documentation_of_versions_lists_exactly_what_each_lacks() {
    let operations = document::operations();
    let row = |accessor: &str| {
        VERSIONS
            .lines()
            .find(|line| line.starts_with(&format!("| `{accessor}()` |")))
            .map(|line| line.split('|').map(str::trim).collect::<Vec<_>>())
    };
    let mut lacking = [0; 2];
    for operation in operations {
        let tag = document::raw(operation)["tags"][0].as_str().expect("a tag");
        let versions = document::raw(operation)["x-versions"]
            .as_array()
            .expect("versions");
        let resource = DOCUMENT["tags"]
            .as_array()
            .and_then(|tags| tags.iter().find(|one| one["name"] == tag))
            .and_then(|tag| tag["x-resource"].as_str())
            .expect("a resource");
        let method = &operation.id[resource.len() + 1..];
        for (index, version) in ["2024-05-09", "2024-01-01"].iter().enumerate() {
            let is_lacking = !versions.iter().any(|one| one == version);
            lacking[index] += usize::from(is_lacking);
            // The columns: nothing, accessor, oldest version, next version.
            let listed = row(tag).is_some_and(|cells| cells[3 - index].contains(&format!("[`{method}`]")));
            assert_eq!(listed, is_lacking, "{} in {version}", operation.id);
        }
    }
    let claim = format!(
        "Of the {}, {} do not exist in `2024-05-09` and {} not in `2024-01-01`",
        operations.len(),
        lacking[0],
        lacking[1]
    );
    assert!(in_one_line(README).contains(&claim), "README: {claim}");
}

#[test]
fn the_readme_counts_what_is_published_and_not_offered() {
    let count = |version: &str| {
        let entries = DOCUMENT["x-not-offered"].as_array().expect("a list");
        let of_version = entries.iter().filter(|entry| {
            let versions = entry["versions"].as_array().expect("versions");
            versions.iter().any(|one| one == version)
        });
        of_version
            .map(|entry| entry["operations"].as_array().expect("operations").len())
            .sum::<usize>()
    };
    let (older, oldest) = (count("2024-05-09"), count("2024-01-01"));
    let claim = format!("{older} operations of `2024-05-09` and {oldest} of `2024-01-01` are not offered");
    assert!(in_one_line(README).contains(&claim), "README: {claim}");
    let claim = format!("{oldest} of `2024-01-01`, {older} of `2024-05-09`");
    assert!(VERSIONS.contains(&claim), "{VERSIONS}");
    for entry in DOCUMENT["x-not-offered"].as_array().expect("a list") {
        for operation in entry["operations"].as_array().expect("operations") {
            let operation = operation.as_str().expect("text");
            assert!(VERSIONS.contains(&format!("`{operation}`")), "{operation}");
        }
    }
}

#[test]
fn the_search_of_the_documentation_knows_the_names_of_the_vendor() {
    let calls = include_str!(concat!(env!("OUT_DIR"), "/calls.rs"));
    for operation in document::operations() {
        let alias = format!("#[doc(alias = {:?})]", operation.vendor_id);
        assert!(calls.contains(&alias), "{}: {alias}", operation.id);
    }
}

fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The accessors and the number of operations of each group, by the name of its feature.
fn groups() -> BTreeMap<String, (Vec<String>, usize)> {
    let mut groups: BTreeMap<String, (Vec<String>, usize)> = BTreeMap::new();
    for tag in model::tags(&DOCUMENT) {
        let operations = document::operations().iter();
        let of_tag = operations.filter(|operation| operation.tag == tag.name);
        let (accessors, count) = groups.entry(tag.feature).or_default();
        accessors.push(format!("`{}`", tag.name));
        *count += of_tag.count();
    }
    groups
}

#[test]
fn the_readme_lists_the_groups_with_their_accessors_and_operations() {
    let all = document::operations().len();
    let version = model::versions(&DOCUMENT).default;
    let claim = format!("It covers all {all} operations of API version `{version}`");
    assert!(in_one_line(README).contains(&claim), "README: {claim}");
    let rows = groups().into_iter().map(|(group, (accessors, count))| {
        let accessors = accessors.join(", ");
        format!("| `{group}` | {accessors} | {count} |")
    });
    for row in rows.chain([format!("| `all-resources` | all of them | {all} |")]) {
        assert!(README.contains(&row), "README: {row} …");
    }
}

#[test]
fn the_manifest_and_the_documentation_list_all_groups() {
    let groups: Vec<String> = groups().into_keys().collect();
    let manifest = include_str!("../../Cargo.toml");
    let (_, rest) = manifest.split_once("\nall-resources = [\n").expect("a feature");
    let (list, _) = rest.split_once(']').expect("the end of the list");
    let listed = list
        .lines()
        .map(|line| line.trim().trim_matches(['"', ',']).to_owned());
    assert_eq!(listed.filter(|name| !name.is_empty()).collect::<Vec<_>>(), groups);
    let listed = groups
        .iter()
        .map(|group| format!("`{group}`"))
        .collect::<Vec<_>>();
    let claim = format!("all resource groups: {} |", listed.join(", "));
    assert!(
        include_str!("../../src/lib.rs").contains(&claim),
        "src/lib.rs: {claim}"
    );
}

#[test]
fn every_tag_of_the_document_has_a_feature() {
    for tag in DOCUMENT["tags"].as_array().expect("the document has tags") {
        assert!(tag["x-feature"].is_string(), "{}", tag["name"]);
    }
}
