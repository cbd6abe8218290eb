//! `sequencehq emulator`: starts the program `sequencehq-emulator`, and controls one that runs.

mod address;
mod call;
mod command;
mod control;
mod respond;
mod start;

pub(crate) use command::command;

use clap::ArgMatches;

use crate::failure::Failure;

pub(crate) async fn run(matches: &ArgMatches) -> Result<(), Failure> {
    match matches.subcommand() {
        Some((verb, arguments)) => control::run(verb, arguments).await,
        None => start::run(matches),
    }
}
