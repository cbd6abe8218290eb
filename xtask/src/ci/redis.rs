//! The proofs that need a real Redis.

use std::process::Command;

use super::Skipped;
use super::command::{cargo, run, succeeds};

const SERVER: &str = "redis-server";

/// Runs the proofs with the `redis-server` of the system, which is installed if possible.
pub(super) fn prove(skipped: &mut Skipped) -> Result<(), String> {
    let is_ready = is_installed() || (install() && is_installed());
    if !is_ready {
        skipped.because(format!(
            "{SERVER} is not installed, and apt-get could not install it"
        ));
        return Ok(());
    }
    let mut proofs = cargo(&["test", "--features", "full", "--test", "redis"]);
    run(proofs.env("SEQUENCEHQ_REDIS_SERVER", SERVER))
}

fn is_installed() -> bool {
    succeeds(Command::new(SERVER).arg("--version"))
}

/// The proofs start a server of their own, so the package may not start one.
fn install() -> bool {
    let apt = |arguments: &[&str]| {
        let mut apt = Command::new("apt-get");
        run(apt.args(arguments).env("DEBIAN_FRONTEND", "noninteractive")).is_ok()
    };
    let install = ["install", "--yes", "--no-install-recommends", SERVER];
    succeeds(Command::new("apt-get").arg("--version"))
        && (apt(&install) || (apt(&["update"]) && apt(&install)))
}
