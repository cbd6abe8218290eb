//! The lines of the README, as they stand there.

use std::path::Path;
use std::process::Command;

use crate::support::{Folder, Stage, ran};

const README: &str = include_str!("../../README.md");

/// The only block of shell that is meant to be run.
fn lines() -> &'static str {
    let (_, rest) = README.split_once("```sh\n").expect("a block");
    rest.split_once("```").expect("its end").0
}

#[test]
fn the_ten_lines_of_the_readme_bill_a_customer() {
    assert_eq!(lines().lines().count(), 10);
    let stage = Stage::new();
    let folder = Folder::new("story");
    let bin = Path::new(env!("CARGO_BIN_EXE_sequencehq"))
        .parent()
        .expect("a folder");
    let mut shell = Command::new("sh");
    shell
        .args(["-eu", "-c", lines()])
        .env_clear()
        .env("PATH", format!("{}:/usr/bin:/bin", bin.display()))
        .envs(stage.variables())
        .current_dir(&folder.0);
    let ran = ran(&mut shell, "");
    assert_eq!(ran.status, 0, "{ran:#?}");
    for part in [
        "grossTotal  286.56",
        "status         SENT",
        "2026-02-28T12:00:00Z",
        "invoiceNumber,dueDate,grossTotal\nSEQ-00001,",
        "status  VOIDED",
    ] {
        assert!(ran.out.contains(part), "{part}: {}", ran.out);
    }
    assert!(
        std::fs::read(folder.0.join("invoice.pdf"))
            .expect("downloaded")
            .starts_with(b"%PDF")
    );
}
