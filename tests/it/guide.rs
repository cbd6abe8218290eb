//! The pages of the guide state what the code does.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::path::Path;

use sequencehq::usage::Sender;
use sequencehq::{Client, Credentials};

/// Returns the value of a field in the `Debug` output of a value with default settings.
fn field(value: &impl Debug, name: &str) -> String {
    let text = format!("{value:?}");
    let start = text
        .find(&format!("{name}: "))
        .unwrap_or_else(|| panic!("{name} in {text}"));
    let value = &text[start + name.len() + 2..];
    let value = value.strip_prefix("RateLimit(Some(").unwrap_or(value);
    let value = value.strip_prefix("Some(").unwrap_or(value);
    let end = value.find([',', ' ', ')', '}']).unwrap_or(value.len());
    value[..end].to_owned()
}

/// Writes a value as the pages do: `120s` as `120 s`, `8388608` as `8 MiB` and `12000` as `12,000`.
fn written(value: &str, is_bytes: bool) -> String {
    const MIB: u64 = 1 << 20;
    if let Ok(number) = value.parse::<u64>() {
        return match number {
            number if is_bytes => format!("{} MiB", number / MIB),
            number if number >= 1_000 => format!("{},{:03}", number / 1_000, number % 1_000),
            number => number.to_string(),
        };
    }
    match value {
        "300s" => "5 min".to_owned(),
        _ => match value.find(|letter: char| letter.is_ascii_alphabetic()) {
            Some(unit) => format!("{} {}", &value[..unit], &value[unit..]),
            None => value.to_owned(),
        },
    }
}

/// The settings of the pages, as rows with their defaults.
fn defaults() -> Vec<(&'static str, String)> {
    let credentials = Credentials::new("my-client", "my-secret").expect("good");
    let builder = Client::builder(credentials);
    let sender = Sender::new(&builder.clone().build().expect("good"));
    let mut rows: Vec<(&'static str, String)> = [
        ("timeout", "whole"),
        ("attempt_timeout", "attempt"),
        ("connect_timeout", "connect_timeout"),
        ("read_timeout", "read"),
        ("max_attempts", "max_attempts"),
        ("base_delay", "base_delay"),
        ("max_delay", "max_delay"),
        ("max_retry_after", "max_retry_after"),
        ("rate_limit", " rate_limit"),
        ("event_rate_limit", "event_rate_limit"),
    ]
    .map(|(setting, name)| (setting, written(&field(&builder, name), false)))
    .to_vec();
    rows.push(("max_response_bytes", written(&field(&builder, "bytes"), true)));
    for setting in ["max_in_flight", "max_consecutive_failures"] {
        rows.push((setting, written(&field(&sender, setting), false)));
    }
    #[cfg(feature = "webhook")]
    {
        use sequencehq::webhook::{Secret, Verifier};

        let verifier = Verifier::new(Secret::new("whsec_example").expect("good"));
        rows.push(("tolerance", written(&field(&verifier, "tolerance"), false)));
        rows.push((
            "max_body_bytes",
            written(&field(&verifier, "max_body_bytes"), true),
        ));
    }
    #[cfg(feature = "redis")]
    {
        use sequencehq::shared_limit::SharedLimit;

        let share = field(&SharedLimit::builder(), "fallback_share");
        rows.push(("fallback_share", written(&share, false)));
    }
    rows
}

/// Returns the second cell of the row of a setting.
fn stated<'a>(page: &'a str, setting: &str) -> Option<&'a str> {
    let names = [format!("[`{setting}`]"), format!("`{setting}`")];
    page.lines().find_map(|line| {
        let mut cells = line
            .trim_start_matches(['/', '!', ' '])
            .split('|')
            .map(str::trim)
            .skip(1);
        let name = cells.next()?;
        let is_row = names
            .iter()
            .any(|known| name == known || name.starts_with(&format!("{known}(")));
        is_row.then(|| cells.next()).flatten()
    })
}

#[test]
fn the_page_about_production_states_every_default() {
    let page = include_str!("../../src/guide/in_production.rs");
    for (setting, default) in defaults() {
        assert_eq!(stated(page, setting), Some(default.as_str()), "`{setting}`");
    }
}

#[test]
fn the_tables_of_client_retries_and_sender_state_their_defaults() {
    let client = include_str!("../../src/client/handle.rs");
    let others = [
        include_str!("../../src/transport/retry.rs"),
        include_str!("../../src/usage/sender.rs"),
    ];
    let mut compared = 0;
    for (setting, default) in defaults() {
        let link = format!("[`{setting}`](crate::ClientBuilder::{setting})");
        let row = client.lines().find(|line| line.contains(&link));
        let of_client = row.and_then(|row| row.split('|').nth(2)).map(str::trim);
        let of_others = others.iter().filter_map(|page| stated(page, setting));
        for found in of_client.into_iter().chain(of_others) {
            assert!(found.contains(&default), "`{setting}` is {default}, not {found}");
            compared += 1;
        }
    }
    assert_eq!(compared, 13, "each table has its rows");
}

/// Adds the names of the tests in the Rust files of a folder.
fn add_tests(folder: &Path, names: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("readable").path();
        if path.is_dir() && path.file_name().is_some_and(|name| name != "target") {
            add_tests(&path, names);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).expect("the file can be read");
            for attribute in ["#[test]", "#[tokio::test"] {
                for after in text.split(attribute).skip(1) {
                    let function = after.split("fn ").nth(1).and_then(|name| name.split('(').next());
                    names.extend(function.map(str::to_owned));
                }
            }
        }
    }
}

/// The rows of the page of expectations, each as its cells.
fn expectations() -> Vec<Vec<&'static str>> {
    let page = include_str!("../../src/guide/expectations.rs");
    let (there, missing) = page
        .split_once("//! # What is missing")
        .expect("the page has the section");
    assert!(missing.lines().filter(|line| line.starts_with("//! | ")).count() > 2);
    let rows = there.lines().filter_map(|line| line.strip_prefix("//! | "));
    let rows = rows.map(|row| row.trim_end_matches(" |").split(" | ").collect::<Vec<_>>());
    rows.filter(|row| !["what", "---"].contains(&row[0])).collect()
}

#[test]
fn every_expectation_has_a_place_and_tests_that_exist() {
    let mut tests = BTreeSet::new();
    for folder in ["src", "tests", "emulator", "cli", "document", "examples", "xtask"] {
        add_tests(Path::new(folder), &mut tests);
    }
    let steps = std::fs::read_to_string("xtask/src/ci/steps.rs").expect("the file can be read");
    let rows = expectations();
    assert!(rows.len() > 60, "{} rows are found", rows.len());
    for row in rows {
        let [what, place, proofs] = row[..] else {
            panic!("{row:?} has not three cells")
        };
        assert!(!place.is_empty(), "{what}: where it is shown");
        for proof in proofs.split("; ") {
            let step = proof.strip_prefix("`ci ").and_then(|step| step.strip_suffix('`'));
            let exists = match step {
                Some(step) => steps.contains(&format!("name: \"{step}\"")),
                None => tests.contains(&proof.replace(' ', "_")),
            };
            assert!(
                exists,
                "{what}: the test `{proof}` does not exist. Name the one that proves it."
            );
        }
    }
}
