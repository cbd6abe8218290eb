//! `cargo xtask ci`: the checks that a change must pass, as named steps.
//!
//! Runs all steps in order and stops at the first that fails. The arguments are names of steps, to run only these, and
//! options:
//!
//! - `--list` prints the steps and runs nothing.
//! - `--skip STEP` leaves out a step.
//! - `--keep-going` runs the remaining steps after a failure.
//!
//! A step, or a part of it, is skipped only if this machine cannot run it, and the summary lists the reason.

mod apt;
mod browser;
mod command;
mod own_document;
mod public;
mod redis;
mod rustdoc;
mod steps;
mod tools;

use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

pub(crate) use browser::MANIFEST as BROWSER;
pub(crate) use command::{cargo, out_dir, run as run_command};
pub(crate) use rustdoc::in_place_of_rustdoc;

/// One check.
struct Step {
    name: &'static str,
    title: &'static str,
    run: fn(&mut Skipped) -> Result<(), String>,
}

/// The reasons for which a step, or a part of it, could not run.
#[derive(Default)]
struct Skipped(Vec<String>);

impl Skipped {
    fn because(&mut self, reason: impl Into<String>) {
        let reason = reason.into();
        println!("skipped: {reason}");
        self.0.push(reason);
    }
}

/// What to run, as given by the arguments.
#[derive(Debug, Default, PartialEq)]
struct Selection {
    list: bool,
    keep_going: bool,
    only: Vec<String>,
    skip: Vec<String>,
}

impl Selection {
    fn parse(arguments: &[String], steps: &[Step]) -> Result<Self, String> {
        let known = |name: &str| {
            let exists = steps.iter().any(|step| step.name == name);
            exists.then(|| name.to_owned()).ok_or_else(|| {
                let names: Vec<_> = steps.iter().map(|step| step.name).collect();
                format!("there is no step `{name}`; the steps are: {}", names.join(", "))
            })
        };
        let mut selection = Self::default();
        let mut arguments = arguments.iter().map(String::as_str);
        while let Some(argument) = arguments.next() {
            match argument {
                "--list" => selection.list = true,
                "--keep-going" => selection.keep_going = true,
                "--skip" => selection
                    .skip
                    .push(known(arguments.next().ok_or("--skip needs a step")?)?),
                option if option.starts_with('-') => return Err(format!("there is no option {option}")),
                name => selection.only.push(known(name)?),
            }
        }
        Ok(selection)
    }

    fn includes(&self, name: &str) -> bool {
        let named = |list: &[String]| list.iter().any(|listed| listed == name);
        (self.only.is_empty() || named(&self.only)) && !named(&self.skip)
    }
}

/// The result of one step that ran.
struct Ran {
    name: &'static str,
    took: Duration,
    failure: Option<String>,
    skipped: Vec<String>,
}

pub(crate) fn run(arguments: &[String]) -> ExitCode {
    // Before a step replaces the file. A failure is reported by the steps that need the path.
    let _ = rustdoc::program();
    let steps = steps::ALL;
    let selection = match Selection::parse(arguments, steps) {
        Ok(selection) => selection,
        Err(problem) => {
            eprintln!("{problem}");
            return ExitCode::from(2);
        }
    };
    if selection.list {
        for step in steps.iter().filter(|step| selection.includes(step.name)) {
            println!("{:<14}{}", step.name, step.title);
        }
        return ExitCode::SUCCESS;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the member is a folder of the workspace");
    if let Err(error) = std::env::set_current_dir(root) {
        eprintln!("{}: {error}", root.display());
        return ExitCode::from(2);
    }
    let ran = run_steps(steps, &selection);
    print!("{}", summary(&ran));
    if ran.iter().all(|step| step.failure.is_none()) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

#[allow(clippy::disallowed_methods, reason = "the real time of a step is measured")]
fn run_steps(steps: &[Step], selection: &Selection) -> Vec<Ran> {
    let mut ran = Vec::new();
    for step in steps.iter().filter(|step| selection.includes(step.name)) {
        println!("\n== {}: {}", step.name, step.title);
        let started = Instant::now();
        let mut skipped = Skipped::default();
        let failure = (step.run)(&mut skipped).err();
        let took = started.elapsed();
        match &failure {
            None => println!("-- {}: {:.0} s", step.name, took.as_secs_f64()),
            Some(problem) => println!(
                "-- {} failed after {:.0} s: {problem}\n   to run it alone: cargo xtask ci {}",
                step.name,
                took.as_secs_f64(),
                step.name
            ),
        }
        let stop = failure.is_some() && !selection.keep_going;
        ran.push(Ran {
            name: step.name,
            took,
            failure,
            skipped: skipped.0,
        });
        if stop {
            break;
        }
    }
    ran
}

fn summary(ran: &[Ran]) -> String {
    let mut text = String::from("\n== summary\n");
    for step in ran {
        let result = match (&step.failure, step.skipped.is_empty()) {
            (Some(_), _) => "FAILED",
            (None, true) => "passed",
            (None, false) => "skipped, or parts of it",
        };
        text += &format!("{:<14}{:>6.0} s  {result}\n", step.name, step.took.as_secs_f64());
        let notes = step.failure.iter().chain(&step.skipped);
        text.extend(notes.map(|note| format!("{:24}{note}\n", "")));
    }
    let failed: Vec<_> = ran
        .iter()
        .filter(|step| step.failure.is_some())
        .map(|step| step.name)
        .collect();
    if failed.is_empty() {
        text + "All of these steps passed, except for the skipped parts.\n"
    } else {
        text + &format!(
            "To run the failed steps again: cargo xtask ci {}\n",
            failed.join(" ")
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEPS: &[Step] = &[
        Step {
            name: "good",
            title: "passes",
            run: |_| Ok(()),
        },
        Step {
            name: "bad",
            title: "fails",
            run: |_| Err("`cargo x` failed".to_owned()),
        },
        Step {
            name: "absent",
            title: "is skipped",
            run: |skipped| {
                skipped.because("no network");
                Ok(())
            },
        },
    ];

    fn names(arguments: &[&str]) -> Vec<&'static str> {
        let arguments: Vec<String> = arguments.iter().map(|&argument| argument.into()).collect();
        let selection = Selection::parse(&arguments, STEPS).expect("valid arguments");
        let ran = run_steps(STEPS, &selection);
        ran.iter().map(|step| step.name).collect()
    }

    #[test]
    fn the_first_failure_ends_the_run() {
        assert_eq!(names(&[]), ["good", "bad"]);
    }

    #[test]
    fn keep_going_runs_the_remaining_steps() {
        assert_eq!(names(&["--keep-going"]), ["good", "bad", "absent"]);
    }

    #[test]
    fn steps_are_chosen_and_left_out_by_name() {
        assert_eq!(names(&["absent", "good"]), ["good", "absent"]);
        assert_eq!(names(&["--skip", "bad"]), ["good", "absent"]);
    }

    #[test]
    fn a_step_that_does_not_exist_is_an_error_that_lists_the_steps() {
        for arguments in [&["odd"][..], &["--skip", "odd"]] {
            let arguments: Vec<String> = arguments.iter().map(|&argument| argument.into()).collect();
            let problem = Selection::parse(&arguments, STEPS).unwrap_err();
            assert!(
                problem.contains("`odd`") && problem.contains("good, bad, absent"),
                "{problem}"
            );
        }
        for arguments in ["--odd", "--skip"] {
            assert!(
                Selection::parse(&[arguments.to_owned()], STEPS).is_err(),
                "{arguments}"
            );
        }
    }

    #[test]
    fn the_summary_lists_failures_with_their_command_and_the_reasons_of_skipped_steps() {
        let selection = Selection {
            keep_going: true,
            ..Selection::default()
        };
        let text = summary(&run_steps(STEPS, &selection));
        for part in ["no network", "`cargo x` failed", "again: cargo xtask ci bad\n"] {
            assert!(text.contains(part), "{text}");
        }
        let only = Selection {
            only: vec!["good".to_owned()],
            ..Selection::default()
        };
        let text = summary(&run_steps(STEPS, &only));
        assert!(text.contains("passed") && !text.contains("FAILED"), "{text}");
    }

    #[test]
    fn names_of_steps_are_unique() {
        let mut names: Vec<_> = steps::ALL.iter().map(|step| step.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), steps::ALL.len());
    }
}
