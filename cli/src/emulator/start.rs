//! Starts the program `sequencehq-emulator`.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command as Process;

use clap::ArgMatches;

use crate::failure::Failure;

const PROGRAM: &str = "sequencehq-emulator";

/// Replaces this process, so that signals reach the emulator.
pub(super) fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let arguments = matches.get_many::<OsString>("arguments").into_iter().flatten();
    let arguments: Vec<&OsString> = arguments.collect();
    // A misspelt command would be an argument of the emulator, which has none without a hyphen.
    if let Some(first) = arguments
        .first()
        .filter(|first| !first.as_encoded_bytes().starts_with(b"-"))
    {
        return Err(Failure::Input(format!(
            "`{}` is neither a command nor an option of the emulator. `sequencehq emulator --help` lists the commands, and \
             `sequencehq emulator -- --help` the options.",
            first.to_string_lossy()
        )));
    }
    let mut process = Process::new(program());
    process.args(arguments);
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
