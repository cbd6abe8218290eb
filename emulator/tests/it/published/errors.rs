//! The refusals that every caller meets: unknown ids, empty bodies, and parameters that cannot be read.

use sequencehq_emulator::contract::OPERATIONS;
use serde_json::json;

use super::stage::Stage;

/// Calls every operation of the version with what it refuses.
pub(super) fn make(stage: &mut Stage) {
    for operation in OPERATIONS {
        if !operation.exists_in(stage.version) {
            continue;
        }
        let data = operation.data();
        let unknown: Vec<(&'static str, &str)> = data
            .path
            .iter()
            .map(|parameter| (parameter.name, "00000000-0000-4000-8000-000000000000"))
            .collect();
        if data.body.is_some() {
            stage.call(operation, &unknown, "", Some(&json!([])));
            stage.call(operation, &unknown, "", Some(&json!({})));
        } else {
            stage.call(operation, &unknown, "", None);
        }
        if !data.query.is_empty() {
            stage.call(operation, &unknown, "limit=none", None);
        }
    }
}
