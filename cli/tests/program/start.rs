//! The start of an emulator, with other programs in its place.

#![cfg(unix)]

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{Ran, ran};

/// A folder with the program, and perhaps with another one as the emulator.
struct Beside(PathBuf);

impl Beside {
    fn new(name: &str, emulator: Option<&str>) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder can be made");
        // A copy could not be started while another test that starts a program has it open for writing.
        std::fs::hard_link(env!("CARGO_BIN_EXE_sequencehq"), folder.join("sequencehq"))
            .expect("the same disk");
        if let Some(emulator) = emulator {
            symlink(emulator, folder.join("sequencehq-emulator")).expect("a link can be made");
        }
        Self(folder)
    }

    fn run(&self, path: &Path, arguments: &[&str]) -> Ran {
        let mut program = Command::new(self.0.join("sequencehq"));
        program.env_clear().env("PATH", path).arg("emulator");
        ran(program.args(arguments), "")
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

const NOWHERE: &str = "/no/such/folder";

#[test]
fn the_emulator_beside_the_program_gets_all_arguments() {
    let folder = Beside::new("start", Some("/bin/echo"));
    for (arguments, passed) in [
        (&["--demo", "--port", "0"][..], "--demo --port 0\n"),
        (&["--", "--demo", "--data", "advance"], "--demo --data advance\n"),
        (&[], "\n"),
    ] {
        let started = folder.run(Path::new(NOWHERE), arguments);
        assert_eq!(
            (started.status, started.out.as_str()),
            (0, passed),
            "{started:#?}"
        );
    }
}

#[test]
fn the_emulator_is_found_in_the_path_and_its_status_is_kept() {
    let alone = Beside::new("start-path", None);
    for (program, status) in [("/bin/false", 1), ("/bin/true", 0)] {
        let elsewhere = Beside::new(&format!("start-{status}"), Some(program));
        assert_eq!(alone.run(&elsewhere.0, &["--demo"]).status, status, "{program}");
    }
}

#[test]
fn a_missing_emulator_and_a_misspelt_command_are_explained() {
    let alone = Beside::new("start-alone", None);
    let missing = alone.run(Path::new(NOWHERE), &["--demo"]);
    assert_eq!(missing.status, 1, "{missing:#?}");
    assert!(
        missing
            .err
            .contains("Install it with `cargo install sequencehq-emulator`."),
        "{missing:#?}"
    );
    let misspelt = alone.run(Path::new(NOWHERE), &["advnce"]);
    assert_eq!(misspelt.status, 2, "{misspelt:#?}");
    assert!(
        misspelt
            .err
            .contains("`advnce` is neither a command nor an option"),
        "{misspelt:#?}"
    );
}
