//! `sequencehq emulator`: starts the program `sequencehq-emulator`.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command as Process;

use clap::{Arg, ArgMatches, Command, value_parser};

use crate::failure::Failure;

const PROGRAM: &str = "sequencehq-emulator";

pub(crate) fn command() -> Command {
    Command::new("emulator")
        .about("Starts an emulator of the whole API on this machine")
        .long_about(
            "Starts the program `sequencehq-emulator`, which emulates the whole API on this machine, without a network or an \
             account. It is installed with `cargo install sequencehq-emulator`. All arguments are passed on: \
             `sequencehq emulator -- --help` lists them.",
        )
        .arg(
            Arg::new("arguments")
                .value_name("ARGUMENTS")
                .num_args(0..)
                .trailing_var_arg(true)
                .allow_hyphen_values(true)
                .value_parser(value_parser!(OsString))
                .help("Arguments of the emulator, such as `--demo`"),
        )
}

/// Replaces this process, so that signals reach the emulator.
pub(crate) fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let mut process = Process::new(program());
    process.args(matches.get_many::<OsString>("arguments").into_iter().flatten());
    Err(failed(&start(&mut process)?))
}

#[cfg(unix)]
fn start(process: &mut Process) -> Result<std::io::Error, Failure> {
    use std::os::unix::process::CommandExt as _;
    Ok(process.exec())
}

#[cfg(not(unix))]
fn start(process: &mut Process) -> Result<std::io::Error, Failure> {
    match process.status() {
        Ok(status) => std::process::exit(status.code().unwrap_or(1)),
        Err(error) => Ok(error),
    }
}

fn failed(error: &std::io::Error) -> Failure {
    let advice = match error.kind() {
        std::io::ErrorKind::NotFound => ". Install it with `cargo install sequencehq-emulator`.",
        _ => "",
    };
    Failure::Local(format!("`{PROGRAM}` cannot be started: {error}{advice}"))
}

/// Returns the program beside this one, or its name, which is looked up in PATH.
fn program() -> PathBuf {
    let name = format!("{PROGRAM}{}", std::env::consts::EXE_SUFFIX);
    let beside = std::env::current_exe().ok().map(|own| own.with_file_name(&name));
    beside.filter(|path| path.exists()).unwrap_or_else(|| name.into())
}
