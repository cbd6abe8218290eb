//! The commands of an emulator.

use std::ffi::OsString;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgGroup, Command, value_parser};

use super::respond;

const LONG: &str = "\
Starts the program `sequencehq-emulator`, which emulates the whole API on this machine, without a network or an account. It is \
installed with `cargo install sequencehq-emulator`. All arguments are passed on: `sequencehq emulator -- --help` lists them.

The commands control an emulator that runs on this machine: the one of --url, --base-url, a profile or SEQUENCE_BASE_URL, or \
by default http://127.0.0.1:4010.";

/// The kinds of faults, as the control names them.
const FAULTS: [&str; 7] = [
    "status",
    "html502",
    "dropBefore",
    "dropAfter",
    "truncateBody",
    "delay",
    "wrongShape",
];

/// Returns the command.
pub(crate) fn command() -> Command {
    Command::new("emulator")
        .about("Starts or controls an emulator of the whole API on this machine")
        .long_about(LONG)
        .args_conflicts_with_subcommands(true)
        .disable_help_subcommand(true)
        .arg(
            Arg::new("arguments")
                .value_name("ARGUMENTS")
                .num_args(0..)
                .trailing_var_arg(true)
                .allow_hyphen_values(true)
                .value_parser(value_parser!(OsString))
                .help("Arguments of the emulator to start, such as `--demo`"),
        )
        .subcommands([
            verb(
                "status",
                "Shows the clock, the number of records, the faults and the scripted answers",
            ),
            advance(),
            verb(
                "reset",
                "Returns to the account at the start, and clears requests, faults and scripted answers",
            ),
            verb(
                "seed",
                "Adds what a seed describes: customers, products, prices, schedules",
            )
            .arg(
                Arg::new("file")
                    .value_name("FILE")
                    .required(true)
                    .help("Seed in YAML or JSON; `-` is standard input"),
            ),
            verb("snapshot", "Keeps a copy of the account").arg(name("Name of the copy")),
            verb("restore", "Returns to a copy of the account").arg(name("Name of the copy")),
            faults(),
            respond::command(),
            trigger(),
            verb(
                "bill",
                "Bills the prices of a schedule that are on demand or per event, through today",
            )
            .arg(id("Id of the billing schedule")),
            verb(
                "requests",
                "Lists the last requests, with the reasons of refusals",
            )
            .args([limit(), flag("refused", "Lists only requests that were refused")]),
            verb("deliveries", "Lists the last webhooks and e-mails").args([
                limit(),
                flag("pending", "Lists only those that are still to be delivered"),
            ]),
            verb("resend", "Delivers a webhook once more").arg(id("Id of the delivery")),
        ])
}

/// A command that controls an emulator.
pub(super) fn verb(verb: &'static str, about: &'static str) -> Command {
    Command::new(verb).about(about).arg(
        Arg::new("url")
            .long("url")
            .value_name("URL")
            .global(true)
            .help("Address of the emulator [default: that of the API, or http://127.0.0.1:4010]"),
    )
}

fn advance() -> Command {
    verb("advance", "Moves the clock, which bills what is due on the way")
        .arg(
            Arg::new("by")
                .long("by")
                .value_name("PERIOD")
                .help("Period of ISO 8601, such as P1D, P1M or PT12H"),
        )
        .arg(
            Arg::new("to")
                .long("to")
                .value_name("DATE")
                .help("Date, at noon UTC, or timestamp, such as 2026-02-02"),
        )
        .group(ArgGroup::new("target").args(["by", "to"]).required(true))
}

fn faults() -> Command {
    let inject = Command::new("inject")
        .about("Injects a fault, which hits the next requests")
        .arg(
            Arg::new("kind")
                .value_name("KIND")
                .required(true)
                .value_parser(PossibleValuesParser::new(FAULTS))
                .help("Kind of the fault"),
        )
        .args([
            Arg::new("operation")
                .long("operation")
                .value_name("NAME")
                .help("Operation that it hits, such as invoice_create; any by default"),
            number("times", "NUMBER")
                .value_parser(value_parser!(u64).range(1..=1_000_000))
                .help("Number of requests that it hits [default: 1]"),
            number("status", "STATUS").help("Status of the response, for `status`"),
            number("retry-after", "SECONDS").help("Header Retry-After of the response, for `status`"),
            Arg::new("body")
                .long("body")
                .value_name("TEXT")
                .help("Body of the response, for `status`"),
            number("milliseconds", "NUMBER").help("Time until the response, for `delay`"),
        ]);
    verb("faults", "Lists the injected faults, injects one, or removes all")
        .disable_help_subcommand(true)
        .subcommands([inject, Command::new("clear").about("Removes all faults")])
}

fn trigger() -> Command {
    verb("trigger", "Sends a notification about a resource")
        .arg(
            Arg::new("type")
                .value_name("TYPE")
                .required(true)
                .help("Type of the notification, such as INVOICE_CREATED"),
        )
        .arg(
            Arg::new("resource")
                .long("resource")
                .value_name("ID")
                .help("Id of the resource; the newest one of its kind by default"),
        )
        .arg(flag(
            "sample",
            "Creates a resource if the account has none of its kind",
        ))
}

fn name(help: &'static str) -> Arg {
    Arg::new("name")
        .value_name("NAME")
        .default_value("default")
        .help(help)
}

fn id(help: &'static str) -> Arg {
    Arg::new("id").value_name("ID").required(true).help(help)
}

fn limit() -> Arg {
    number("limit", "NUMBER").help("Number of the newest ones to list [default: 100]")
}

pub(super) fn number(name: &'static str, value: &'static str) -> Arg {
    Arg::new(name)
        .long(name)
        .value_name(value)
        .value_parser(value_parser!(u64))
}

pub(super) fn flag(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).action(ArgAction::SetTrue).help(help)
}
