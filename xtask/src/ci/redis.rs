//! The proofs that need a real Redis.

use std::process::Command;

use super::Skipped;
use super::command::{cargo, run, succeeds};

const SERVER: &str = "redis-server";
/// The example that needs the server.
pub(super) const EXAMPLE: &str = "usage_workers";

/// Runs the proofs and the example with the `redis-server` of the system, which is installed if possible. The proofs are
/// optimized, because one of them sends a million events.
pub(super) fn prove(skipped: &mut Skipped) -> Result<(), String> {
    let is_ready = is_installed() || (install() && is_installed());
    if !is_ready {
        skipped.because(format!(
            "{SERVER} is not installed, and apt-get could not install it"
        ));
        return Ok(());
    }
    let mut proofs = cargo(&["test", "--release", "--no-default-features"]);
    proofs.args(["--features", "redis,usage", "--test", "redis"]);
    proofs.env("SEQUENCEHQ_REDIS_SERVER", SERVER);
    run(proofs.env("SEQUENCEHQ_PROOF_EVENTS", "1000000"))?;
    run(&mut cargo(&["run", "--features", "full", "--example", EXAMPLE]))
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
