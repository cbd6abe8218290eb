//! Packages of the system, for steps that need more than Rust.

use std::process::Command;

use super::command::{run, succeeds};

/// Installs packages, where there is `apt-get` and it may.
pub(super) fn install(packages: &[&str]) -> bool {
    let apt = |arguments: &[&str]| {
        let mut apt = Command::new("apt-get");
        run(apt.args(arguments).env("DEBIAN_FRONTEND", "noninteractive")).is_ok()
    };
    let install = [&["install", "--yes", "--no-install-recommends"], packages].concat();
    succeeds(Command::new("apt-get").arg("--version"))
        && (apt(&install) || (apt(&["update"]) && apt(&install)))
}
