//! Copies of the account, and the way back to them.

use serde::Deserialize;
use serde_json::json;

use crate::operations::Problem;
use crate::store::Commit;

use super::{Call, Outcome, body, clock};

/// The most copies that are kept.
const MOST: usize = 100;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    #[serde(default = "unnamed")]
    name: String,
}

fn unnamed() -> String {
    "default".to_owned()
}

/// Keeps a copy in memory, in place of one with the same name.
pub(super) fn take(call: &Call<'_>) -> Outcome {
    body::query(call, &[])?;
    let Named { name } = body::body(call)?;
    let mut snapshots = call.shared.snapshots();
    if snapshots.len() >= MOST && !snapshots.contains_key(&name) {
        return Err(Problem::illegal_state(format!(
            "There are {MOST} snapshots. Use the name of one of them, which is then replaced."
        )));
    }
    let whole = call.shared.world.store().whole();
    let answer = json!({"name": name, "revision": whole.revision(), "records": whole.changes.len()});
    snapshots.insert(name, whole);
    Ok(answer)
}

pub(super) fn restore(call: &Call<'_>) -> Outcome {
    body::query(call, &[])?;
    let Named { name } = body::body(call)?;
    let whole = call.shared.snapshots().get(&name).cloned();
    let whole = whole.ok_or_else(|| {
        Problem::not_found(format!(
            "There is no snapshot `{name}`. POST /_emulator/snapshot takes one, and GET /_emulator/state lists their names."
        ))
    })?;
    replace(call, &whole)
}

/// Returns to the start, with the same ids to come. Copies of the account stay.
pub(super) fn reset(call: &Call<'_>) -> Outcome {
    body::query(call, &[])?;
    body::no_body(call)?;
    call.shared.forget();
    replace(call, &call.shared.origin)
}

fn replace(call: &Call<'_>, whole: &Commit) -> Outcome {
    let store = call.shared.world.store();
    let restored = store.restore(whole);
    debug_assert!(restored.is_ok(), "the store wrote the records itself");
    Ok(store.read(|state| json!({"revision": state.revision(), "clock": clock::shape(state)})))
}
