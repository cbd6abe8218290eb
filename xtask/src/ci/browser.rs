//! The page of the emulator in a real browser.

use std::path::Path;
use std::process::Command;

use super::command::{cargo, run, succeeds};
use super::{Skipped, apt};

/// A workspace of its own, which the other tests do not compile.
pub(crate) const MANIFEST: &str = "emulator/browser/Cargo.toml";

/// Checks the code of the test, and runs it with the Chromium of the system, which is installed if possible. Its pictures are in
/// `target/screenshots`.
pub(super) fn test(skipped: &mut Skipped, target: &Path) -> Result<(), String> {
    let in_target = |arguments: &[&str]| {
        let mut cargo = cargo(arguments);
        cargo.env("CARGO_TARGET_DIR", target);
        cargo
    };
    let clippy = [
        "clippy",
        "--locked",
        "--manifest-path",
        MANIFEST,
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ];
    run(&mut in_target(&clippy))?;
    let is_ready = is_installed() || (apt::install(&["chromium", "chromium-driver"]) && is_installed());
    if !is_ready {
        skipped.because("Chromium and chromedriver are not installed, and apt-get could not install them");
        return Ok(());
    }
    // Each test has a browser of its own.
    let test = ["test", "--manifest-path", MANIFEST, "--", "--test-threads", "2"];
    run(&mut in_target(&test))
}

fn is_installed() -> bool {
    ["chromium", "chromedriver"]
        .iter()
        .all(|program| succeeds(Command::new(program).arg("--version")))
}
