//! Refuses what depends on an assumption, on request.

use crate::assumptions::Assumed;

use super::problem::Problem;

/// Refuses a response that depends on other assumptions than those.
pub(super) fn check(assumed: Assumed, accepted: Assumed) -> Result<(), Problem> {
    let refused: Vec<_> = assumed.iter().filter(|one| !accepted.contains(*one)).collect();
    if refused.is_empty() {
        return Ok(());
    }
    let names: Vec<String> = refused.iter().map(ToString::to_string).collect();
    let rules: Vec<String> = refused
        .iter()
        .map(|one| format!("{one}: {}", one.rule()))
        .collect();
    let message = format!(
        "The response depends on rules that no published source states, and strict mode refuses it. {} Accept them with `--assume {}`, \
         or start without `--strict`.",
        rules.join(" "),
        names.join(",")
    );
    Err(Problem::assumed(message).assuming(assumed))
}
