//! The command line of the Sequence billing API.
//!
//! The commands are built at run time from the document that the SDK carries, and call its operations by name.

mod body;
mod catalog;
mod command;
mod connect;
mod doctor;
mod emulator;
mod failure;
mod json;
mod local;
mod output;
mod profile;
mod run;
mod safety;
mod shell;
mod usage;
mod webhooks;

use std::io::Write as _;
use std::process::ExitCode;

use clap::{ArgMatches, ColorChoice};

use catalog::{Catalog, kebab};
use failure::Failure;

fn main() -> ExitCode {
    let catalog = match Catalog::read() {
        Ok(catalog) => catalog,
        Err(error) => {
            let failure = Failure::Local(format!("the document of the SDK: {error}"));
            return failed(&failure, ColorChoice::Auto);
        }
    };
    let matches = match command::tree(&catalog).try_get_matches() {
        Ok(matches) => matches,
        Err(error) => {
            // Without its stream, the status remains.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    let done = runtime
        .map_err(Failure::from)
        .and_then(|runtime| runtime.block_on(dispatch(&catalog, &matches)));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failed(&failure, command::color(innermost(&matches))),
    }
}

async fn dispatch(catalog: &Catalog, matches: &ArgMatches) -> Result<(), Failure> {
    let unknown = || Failure::Input("the command is unknown".to_owned());
    let (name, group) = matches.subcommand().ok_or_else(unknown)?;
    match name {
        "doctor" => return doctor::run(group).await,
        "emulator" => return emulator::run(group).await,
        "completion" => return shell::completion(command::tree(catalog), group),
        "man" => return shell::man(command::tree(catalog), group),
        _ => {}
    }
    let (verb, arguments) = group.subcommand().ok_or_else(unknown)?;
    match name {
        "usage" => return usage::run(arguments).await,
        "webhooks" => return webhooks::run(verb, arguments).await,
        _ => {}
    }
    let resource = catalog
        .resources
        .iter()
        .find(|resource| kebab(&resource.tag.name) == name);
    let operations = resource.map_or(&[][..], |resource| &resource.operations);
    let found = operations.iter().find(|(command, _)| command == verb);
    let (_, operation) = found.ok_or_else(unknown)?;
    run::Run {
        catalog,
        operation,
        verb,
        matches: arguments,
    }
    .run()
    .await
}

/// The arguments of the command itself, which have the options of every command too.
fn innermost(matches: &ArgMatches) -> &ArgMatches {
    matches
        .subcommand()
        .map_or(matches, |(_, arguments)| innermost(arguments))
}

fn failed(failure: &Failure, color: ColorChoice) -> ExitCode {
    if let Some(report) = failure.report().map(|report| output::shown(&report)) {
        let mut stream = std::io::stderr();
        let has_color = output::has_color(color, &stream);
        let report = match report.strip_prefix("error:") {
            Some(rest) if has_color => format!("\u{1b}[1;31merror:\u{1b}[0m{rest}"),
            _ => report,
        };
        // Without standard error, the status remains.
        let _ = stream.write_all(report.as_bytes());
    }
    failure.status()
}
