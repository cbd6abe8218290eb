//! `cargo xtask features`: what each group of resources costs, as the table of the README.
//!
//! Builds the crate once for each group in a target folder of its own, dependencies first, and measures the CPU time of
//! the build of the crate alone (its build script included).

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use sequencehq_document::{Document, model};

use crate::cost::cpu_seconds;

const TARGET: &str = "target/features";

pub(crate) fn run() -> ExitCode {
    let document = match Document::read(Path::new("openapi.yaml")) {
        Ok(document) => document,
        Err(faults) => {
            eprintln!("{faults}");
            return ExitCode::from(2);
        }
    };
    let groups: BTreeSet<String> = model::tags(&document.root)
        .into_iter()
        .map(|tag| tag.feature)
        .collect();
    println!("| feature | accessors | operations | generated lines | build, CPU |");
    println!("| --- | --- | --- | --- | --- |");
    for group in groups.iter().map(String::as_str).chain(["all-resources"]) {
        match measure(group) {
            Ok((lines, seconds)) => {
                let (accessors, operations) = count(&document, group);
                println!("| `{group}` | {accessors} | {operations} | {lines} | {seconds:.1} s |");
            }
            Err(problem) => {
                eprintln!("{group}: {problem}");
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}

fn count(document: &Document, group: &str) -> (String, usize) {
    let tags = model::tags(&document.root);
    let of_group = |name: &str| {
        tags.iter()
            .any(|tag| tag.name == name && (tag.feature == group || group == "all-resources"))
    };
    let operations = model::operations(&document.root)
        .iter()
        .filter(|operation| of_group(&operation.tag))
        .count();
    let accessors: Vec<String> = tags
        .iter()
        .filter(|tag| tag.feature == group)
        .map(|tag| format!("`{}`", tag.name))
        .collect();
    (
        if accessors.is_empty() {
            "all of them".to_owned()
        } else {
            accessors.join(", ")
        },
        operations,
    )
}

/// The lines that were generated, and the CPU seconds of the crate without its dependencies.
fn measure(group: &str) -> Result<(usize, f64), String> {
    build(group)?;
    let own = Command::new("cargo")
        .args(["clean", "--package", "sequencehq", "--target-dir", TARGET])
        .output();
    own.map_err(|error| error.to_string())?;
    let before = cpu_seconds()?;
    let out_dir = build(group)?;
    let seconds = cpu_seconds()? - before;
    let lines = ["types.rs", "requests.rs", "calls.rs", "accessors.rs"]
        .iter()
        .map(|name| std::fs::read_to_string(out_dir.join(name)).map_or(0, |text| text.lines().count()))
        .sum();
    Ok((lines, seconds))
}

/// Builds, and finds the folder that the build script wrote into.
fn build(group: &str) -> Result<PathBuf, String> {
    let output = Command::new("cargo")
        .env("CARGO_INCREMENTAL", "0")
        .args([
            "build",
            "--no-default-features",
            "--features",
            group,
            "--message-format",
            "json",
            "--target-dir",
            TARGET,
        ])
        .output()
        .map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    crate::ci::out_dir(&String::from_utf8_lossy(&output.stdout))
}
