//! Chores of the repository: `cargo xtask <command>`.
//!
//! Each command is a module with a `run` that takes its arguments and answers the exit status.

mod check;
mod ci;
mod cost;
mod drift;
mod features;
mod screenshots;
mod surface;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask <command>

commands:
  check        all faults of a document, without building the crate
  ci           all checks that a change must pass
  cost         the CPU time of a clean build, compared with a program without the crate
  drift        compares openapi.yaml with the vendor's published documents
  features     what each group of resources costs
  screenshots  makes the pictures of the READMEs, with Chromium
  surface      what has changed for users since the last release";

fn main() -> ExitCode {
    if let Some(status) = ci::in_place_of_rustdoc() {
        return status;
    }
    let mut arguments = std::env::args().skip(1);
    match arguments.next().as_deref() {
        Some("check") => check::run(&arguments.collect::<Vec<_>>()),
        Some("ci") => ci::run(&arguments.collect::<Vec<_>>()),
        Some("cost") => cost::run(&arguments.collect::<Vec<_>>()),
        Some("drift") => drift::run(&arguments.collect::<Vec<_>>()),
        Some("features") => features::run(),
        Some("screenshots") => screenshots::run(),
        Some("surface") => surface::run(&arguments.collect::<Vec<_>>()),
        Some("help" | "--help" | "-h") => {
            println!("{USAGE}");
            ExitCode::SUCCESS
        }
        Some(other) => {
            eprintln!("there is no command `{other}`\n\n{USAGE}");
            ExitCode::from(2)
        }
        None => {
            eprintln!("{USAGE}");
            ExitCode::from(2)
        }
    }
}
