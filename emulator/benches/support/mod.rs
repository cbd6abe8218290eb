//! What the measurements share.

use sequencehq_emulator::contract::{Operation, Version};
use sequencehq_emulator::operations::World;
use serde_json::Value;

/// Calls an operation that succeeds, and returns its response.
pub(crate) fn call(
    world: &World,
    operation: Operation,
    path: &[(&'static str, &str)],
    query: &str,
    body: Option<&Value>,
) -> Value {
    let response = world.call(operation, Version::LATEST, path, query, body);
    assert!(response.status < 300, "{}", response.json_body());
    response.json_body()
}

/// The resident memory of this process in kB, where the system shows it.
#[allow(dead_code, reason = "not every measurement is about memory")]
pub(crate) fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}
