//! `cargo xtask screenshots`: the pictures of the page of the emulator, for the READMEs.
//!
//! They show the demo company, whose clock stands, so that they only change if the page does.

use std::process::ExitCode;

use crate::ci;

pub(crate) fn run() -> ExitCode {
    let mut pictures = ci::cargo(&["run", "--manifest-path", ci::BROWSER]);
    match ci::run_command(&mut pictures) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}
