//! The commands: one for each operation of the document, and a few of our own.

mod fields;
mod global;
mod operations;
mod values;

pub(crate) use global::{Format, color, output};
pub(crate) use operations::ARGUMENT;

use clap::Command;

use crate::catalog::Catalog;
use crate::{doctor, emulator, shell, usage, webhooks};

const ABOUT: &str = "The command line of the Sequence billing API: every operation, safe by default.";

const AFTER: &str = "\
Credentials are read from SEQUENCE_CLIENT_ID and SEQUENCE_CLIENT_SECRET, or from a profile. The environment is the sandbox, \
unless production is named with --environment or a profile.

Exit status: 0 success, 1 the result is incomplete or cannot be written, 2 invalid input, 3 missing configuration, 4 refused \
by the API, 5 not processed (no connection, no time, too many requests), 6 may have been processed, 7 not confirmed.";

/// Returns the whole command line.
pub(crate) fn tree(catalog: &Catalog) -> Command {
    let resources = catalog
        .resources
        .iter()
        .map(|resource| operations::resource(catalog, resource));
    Command::new("sequencehq")
        .version(env!("CARGO_PKG_VERSION"))
        .about(ABOUT)
        .after_help(AFTER)
        .arg_required_else_help(true)
        .subcommand_required(true)
        .infer_long_args(true)
        .max_term_width(110)
        .args(global::arguments())
        .subcommands(resources)
        .subcommands(own())
}

/// Returns the commands that are not operations.
fn own() -> Vec<Command> {
    let mut own = vec![
        usage::command(),
        webhooks::command(),
        emulator::command(),
        doctor::command(),
    ];
    own.extend(shell::commands());
    own
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commands_are_consistent() {
        tree(&Catalog::read().expect("JSON")).debug_assert();
    }
}
