//! The command and its arguments.

use std::path::PathBuf;

use clap::{Arg, ArgAction, Command, value_parser};

const ABOUT: &str = "Sends usage events from a file, safe to repeat";

const LONG: &str = "\
Sends usage events from a file, as fast as the rate limit allows.

NDJSON has an event on each line, with the fields of the API: customerAlias, eventType, eventTimestamp, and optionally \
customerEventId and eventProperties. CSV has columns with the same names, and a column properties.NAME for each property.

The journal records what was sent. After a crash or Ctrl-C, run the same command again: accepted events are skipped, and \
those in flight are sent again under their ids, so none is billed twice. An event without an id gets one that is derived from \
the name of the source, its line and its content.

An import ends early if the credentials are refused or the server stays away; the rest of the file is then left for the next run.";

pub(crate) fn command() -> Command {
    let import = Command::new("import")
        .about(ABOUT)
        .long_about(LONG)
        .arg(
            Arg::new("file")
                .value_name("FILE")
                .required(true)
                .help("File with events; `-` is standard input"),
        )
        .arg(
            Arg::new("format")
                .long("format")
                .value_name("FORMAT")
                .value_parser(["ndjson", "csv"])
                .help("Format of the file; by default that of its extension, and NDJSON for others"),
        )
        .arg(
            Arg::new("source")
                .long("source")
                .value_name("NAME")
                .help("Name from which ids are derived [default: the name of the file]"),
        )
        .arg(
            Arg::new("journal")
                .long("journal")
                .value_name("FILE")
                .value_parser(value_parser!(PathBuf))
                .help("File that records what was sent [default: FILE.journal]"),
        )
        .arg(
            Arg::new("no-journal")
                .long("no-journal")
                .action(ArgAction::SetTrue)
                .conflicts_with("journal")
                .help("Records nothing; a repeated import sends every event again"),
        )
        .arg(
            Arg::new("rejects")
                .long("rejects")
                .value_name("FILE")
                .value_parser(value_parser!(PathBuf))
                .help(
                    "File for events that were not accepted, with reasons; that of an earlier import is replaced \
                     [default: FILE.rejects.ndjson]",
                ),
        )
        .arg(
            Arg::new("in-flight")
                .long("in-flight")
                .value_name("NUMBER")
                .value_parser(value_parser!(u16).range(1..=1_000))
                .default_value("64")
                .help("Events that are sent at the same time"),
        );
    Command::new("usage")
        .about("Bulk usage: `import` sends a file of events")
        .arg_required_else_help(true)
        .subcommand_required(true)
        .subcommand(import)
}
