//! The table of what is emulated in the README.

use std::collections::BTreeMap;

use sequencehq::emulator::{Class, Emulator};
use sequencehq_document::{Document, model, shipped};

const README: &str = "README.md";
const FIRST: &str = "| group | operations |";
const CLASSES: [Class; 4] = [Class::Real, Class::Computed, Class::Stored, Class::Minimal];

/// `UPDATE_README=1 cargo test --features full --test emulator coverage` writes the table.
#[test]
fn the_readme_shows_what_is_emulated() {
    let readme = std::fs::read_to_string(README).expect("the README can be read");
    let start = readme
        .find(FIRST)
        .unwrap_or_else(|| panic!("{README} has no table that begins with `{FIRST}`"));
    let end = readme[start..]
        .find("\n\n")
        .map_or(readme.len(), |length| start + length + 1);
    let expected = table();
    if std::env::var_os("UPDATE_README").is_some() {
        let updated = [&readme[..start], &expected, &readme[end..]].concat();
        std::fs::write(README, updated).expect("the README can be written");
        return;
    }
    assert!(
        readme[start..end] == expected,
        "the emulation of an operation has another class than {README} shows. Run `UPDATE_README=1 cargo test --features full \
         --test emulator coverage` and review the result. The table would be:\n{expected}"
    );
}

/// One row for each group of resources, and one for all.
fn table() -> String {
    let document = Document::read(&shipped()).expect("the document is valid");
    let groups: BTreeMap<String, String> = model::tags(&document.root)
        .into_iter()
        .map(|tag| (tag.name, tag.feature))
        .collect();
    let mut rows: BTreeMap<&str, BTreeMap<Class, usize>> = BTreeMap::new();
    for (operation, entry) in Emulator::coverage() {
        for row in [&*groups[operation.data().tag], "all"] {
            *rows.entry(row).or_default().entry(entry.class).or_default() += 1;
        }
    }
    let total = rows.remove("all").unwrap_or_default();
    let mut table = format!("{FIRST}{}\n", CLASSES.map(|class| format!(" {class} |")).concat());
    table += &format!("| --- |{}\n", " --- |".repeat(CLASSES.len() + 1));
    let groups = rows.iter().map(|(group, counts)| (format!("`{group}`"), counts));
    for (name, counts) in groups.chain([("all".to_owned(), &total)]) {
        table += &format!("| {name} | {} |", counts.values().sum::<usize>());
        for class in CLASSES {
            let count = counts.get(&class).map(|count| format!(" {count}"));
            table += &format!("{} |", count.unwrap_or_default());
        }
        table.push('\n');
    }
    table
}
