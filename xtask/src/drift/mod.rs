//! Compares `openapi.yaml` with what the vendor publishes.
//!
//! Structures count, not texts: operations by method and path, then parameters, bodies and answers, with every
//! reference resolved. Several documents of one API version are snapshots of it and are united, since single
//! ones are noisy; those of different versions are compared with the operations that `x-versions` gives them.
//! What differs on purpose stands in `drift.yaml` beside our document, with the reason.
//!
//! Exit status: 0 if nothing is left unexplained, 1 if something is, 2 if the comparison could not run.

mod compare;
mod document;
mod not_offered;
mod report;
mod rules;
mod schema;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use sequencehq_document::model;

const USAGE: &str = "\
usage: cargo xtask drift [--json] [--openapi openapi.yaml] [--rules drift.yaml] [VERSION=]PUBLISHED.json…

Compares our document with published ones. The API version of each is taken from its path, or from VERSION=.
Several documents of one version are united. Without --rules, drift.yaml beside our document is read, if any.

exit status: 0 nothing unexplained, 1 drift, 2 could not run";

#[derive(Debug, Default, PartialEq, Eq)]
struct Arguments {
    help: bool,
    json: bool,
    openapi: Option<PathBuf>,
    rules: Option<PathBuf>,
    published: Vec<String>,
}

/// Runs the command and prints the outcome.
pub(crate) fn run(arguments: &[String]) -> ExitCode {
    match parse(arguments).and_then(|arguments| outcome(&arguments)) {
        Ok((text, status)) => {
            println!("{}", text.trim_end());
            ExitCode::from(status)
        }
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(2)
        }
    }
}

fn outcome(arguments: &Arguments) -> Result<(String, u8), String> {
    if arguments.help {
        return Ok((USAGE.to_owned(), 0));
    }
    let openapi = arguments
        .openapi
        .clone()
        .unwrap_or_else(|| top_level().join("openapi.yaml"));
    let ours = document::ours(&openapi)?;
    let known = model::versions(&ours.root).all;
    let published = arguments
        .published
        .iter()
        .map(|one| document::published(one, &known));
    let published = published.collect::<Result<Vec<_>, _>>()?;
    let rules = match &arguments.rules {
        Some(path) => rules::read(path)?,
        None => {
            let path = openapi.with_file_name("drift.yaml");
            if path.exists() {
                rules::read(&path)?
            } else {
                Vec::new()
            }
        }
    };
    let comparison = compare::compare(&ours.root, &published);
    let judged = rules::judge(&comparison, &rules);
    let not_offered = not_offered::mistakes(&ours.root, &comparison);
    let text = if arguments.json {
        let mut report = report::json(&comparison, &judged);
        report["not_offered"] = serde_json::json!(not_offered);
        format!("{report:#}")
    } else {
        let lines: String = not_offered.iter().map(|line| format!("{line}\n")).collect();
        lines + &report::text(&comparison, &judged)
    };
    let clean = judged.unexplained.is_empty() && judged.stale.is_empty() && not_offered.is_empty();
    Ok((text, u8::from(!clean)))
}

fn parse(arguments: &[String]) -> Result<Arguments, String> {
    let mut parsed = Arguments::default();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let mut path = || {
            rest.next()
                .map(PathBuf::from)
                .ok_or_else(|| format!("{argument} needs a path\n\n{USAGE}"))
        };
        match argument.as_str() {
            "--help" | "-h" => parsed.help = true,
            "--json" => parsed.json = true,
            "--openapi" => parsed.openapi = Some(path()?),
            "--rules" => parsed.rules = Some(path()?),
            option if option.starts_with('-') => {
                return Err(format!("there is no option {option}\n\n{USAGE}"));
            }
            _ => parsed.published.push(argument.clone()),
        }
    }
    if parsed.published.is_empty() && !parsed.help {
        return Err(format!("no published document was given\n\n{USAGE}"));
    }
    Ok(parsed)
}

/// The top of the repository: cargo tells where this package is, and it is one level below.
fn top_level() -> PathBuf {
    let package = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    package
        .as_deref()
        .and_then(Path::parent)
        .map_or_else(|| PathBuf::from("."), Path::to_owned)
}
