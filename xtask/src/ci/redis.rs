//! The proofs that need a real Redis.

use std::process::Command;

use super::command::{cargo, run, succeeds};
use super::{Skipped, apt};

const SERVER: &str = "redis-server";
/// The example that needs the server.
pub(super) const EXAMPLE: &str = "usage_workers";

/// Runs the proofs and the example with the `redis-server` of the system, which is installed if possible. The proofs are
/// optimized, because one of them sends a million events.
pub(super) fn prove(skipped: &mut Skipped) -> Result<(), String> {
    // The proofs start a server of their own; the package needs to start none.
    let is_ready = is_installed() || (apt::install(&[SERVER]) && is_installed());
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
