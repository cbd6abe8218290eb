//! Compares `openapi.yaml` with what the vendor publishes.
//!
//! Structures are compared, not texts: operations by method and path, then parameters, bodies and responses, with every
//! reference resolved. Each API version is compared alone, with the operations that `x-versions` gives it. Deliberate
//! differences are in `drift.yaml` beside our document, with the reason.
//!
//! Exit status: 0 if no difference is unexplained, 1 if one is, 2 if the comparison could not run.

mod cause;
mod compare;
mod document;
mod listed;
mod not_offered;
mod report;
mod rules;
mod run;
mod schema;
mod snippet;
mod subject;
#[cfg(test)]
mod tests;
mod write;

use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use listed::Places;
use report::Report;
use run::Run;
use subject::Subjects;

const USAGE: &str = "\
usage: cargo xtask drift [--json | --snippet | --write | --record] [--openapi openapi.yaml] [--rules drift.yaml]
                         [VERSION=]PUBLISHED.json…
       cargo xtask drift [--json] --since OLD.json NEW.json
       cargo xtask drift --json-schema

Compares our document with published ones, version by version, and lists what differs by cause, breaking changes first.
The API version of each published document is taken from VERSION= or from its path. Of several snapshots of one version,
the newest is compared: the one with the latest date in its path, or the last one if some have no date.
Without --rules, drift.yaml beside our document is read, if it exists; drift.places.yaml is read from the same folder.

  --json     prints the report as JSON, as --json-schema describes it
  --snippet  prints what to write for each cause: YAML, with gaps that the build refuses
  --write    writes the additive changes into our document, with the same gaps, and lists their consequences
  --record   writes the places where rules with `listed: true` hold to drift.places.yaml
  --since    compares a published document with an older one, texts included, without our document and its rules

exit status: 0 no unexplained difference, or written, 1 differences, 2 could not run";

#[derive(Debug, Default, PartialEq, Eq)]
struct Arguments {
    help: bool,
    json: bool,
    json_schema: bool,
    record: bool,
    snippet: bool,
    write: bool,
    openapi: Option<PathBuf>,
    rules: Option<PathBuf>,
    since: Option<PathBuf>,
    published: Vec<String>,
}

/// Runs the command and prints the outcome.
pub(crate) fn run(arguments: &[String]) -> ExitCode {
    match parse(arguments).and_then(|arguments| outcome(&arguments)) {
        // A reader may stop before the end, as `head` does.
        Ok((text, status)) => match writeln!(std::io::stdout(), "{}", text.trim_end()) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                eprintln!("the report cannot be printed: {error}");
                ExitCode::from(2)
            }
            _ => ExitCode::from(status),
        },
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
    if arguments.json_schema {
        return Ok((report::SCHEMA.to_owned(), 0));
    }
    if let Some(old) = &arguments.since {
        return since(old, arguments);
    }
    let run = Run::read(arguments)?;
    let comparison = compare::compare(&run.ours.root, &run.published);
    if arguments.record {
        return run.record(&comparison).map(|text| (text, 0));
    }
    let report = run.report(&comparison);
    if arguments.write {
        return run.write(&report).map(|text| (text, 0));
    }
    if arguments.snippet {
        return Ok((run.snippets(&report), u8::from(!report.is_clean())));
    }
    Ok(shown(&report, arguments))
}

/// Compares two published documents, without ours and its rules.
fn since(old: &Path, arguments: &Arguments) -> Result<(String, u8), String> {
    let [new] = arguments.published.as_slice() else {
        return Err(format!(
            "--since compares two documents: --since OLD.json NEW.json\n\n{USAGE}"
        ));
    };
    let (old, new) = (document::any(old)?, document::any(Path::new(new))?);
    let comparison = compare::compare_published(&old.root, &new.root);
    let judged = rules::judge(&comparison, &[], &Places::default());
    let report = Report {
        document: String::new(),
        findings: cause::findings(&judged.unexplained, &Subjects::Published),
        not_offered: Vec::new(),
        unwritten: Vec::new(),
        comparison: &comparison,
        judged,
    };
    Ok(shown(&report, arguments))
}

/// The report and the exit status.
fn shown(report: &Report<'_, '_>, arguments: &Arguments) -> (String, u8) {
    let text = if arguments.json {
        format!("{:#}", report.json())
    } else {
        report.text()
    };
    (text, u8::from(!report.is_clean()))
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
            "--json-schema" => parsed.json_schema = true,
            "--json" => parsed.json = true,
            "--record" => parsed.record = true,
            "--write" => parsed.write = true,
            "--snippet" => parsed.snippet = true,
            "--openapi" => parsed.openapi = Some(path()?),
            "--since" => parsed.since = Some(path()?),
            "--rules" => parsed.rules = Some(path()?),
            option if option.starts_with('-') => {
                return Err(format!("there is no option {option}\n\n{USAGE}"));
            }
            _ => parsed.published.push(argument.clone()),
        }
    }
    let Arguments {
        json,
        snippet,
        write,
        record,
        ..
    } = parsed;
    let modes = [json, snippet, write, record]
        .into_iter()
        .filter(|one| *one)
        .count();
    if modes > 1 || (parsed.since.is_some() && (snippet || write || record)) {
        return Err(format!("these options exclude each other\n\n{USAGE}"));
    }
    if parsed.published.is_empty() && !parsed.help && !parsed.json_schema {
        return Err(format!("no published document was given\n\n{USAGE}"));
    }
    Ok(parsed)
}
