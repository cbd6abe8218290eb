//! The emulator as a program, for clients in any language.
//!
//! Standard output has one line, with the URL and the credentials, once requests are answered. Requests, warnings and errors
//! are lines on standard error.

mod account;
mod arguments;
mod data;
mod log;
mod record;
mod run;

use std::ffi::OsString;
use std::io::Write as _;
use std::process::ExitCode;

use arguments::Command;

/// The status if the emulator cannot start, or cannot go on.
const FAILED: u8 = 1;
/// The status if the arguments are invalid.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    match arguments::parse(arguments) {
        Ok(Command::Help) => print(arguments::HELP),
        Ok(Command::Version) => print(concat!("sequencehq-emulator ", env!("CARGO_PKG_VERSION"), "\n")),
        Ok(Command::Run(options)) => run::run(&options),
        Err(problem) => {
            // Without standard error, the status remains.
            let _ = writeln!(
                std::io::stderr(),
                "error: {problem}\n`sequencehq-emulator --help` lists all options."
            );
            ExitCode::from(USAGE)
        }
    }
}

fn print(text: &str) -> ExitCode {
    match std::io::stdout().write_all(text.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::from(FAILED),
    }
}
