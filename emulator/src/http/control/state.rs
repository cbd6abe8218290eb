//! What the emulator is, and what it has.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::assumptions;
use crate::contract::{OPERATIONS, Version};
use crate::operations::entry;

use super::{Call, Outcome, body, clock};

pub(super) fn health(call: &Call<'_>) -> Outcome {
    body::query(call, &[])?;
    let versions: Vec<_> = Version::all().map(Version::name).collect();
    Ok(json!({
        "status": "ok",
        "version": env!("CARGO_PKG_VERSION"),
        "apiVersions": versions,
        "operations": OPERATIONS.len(),
    }))
}

pub(super) fn coverage(call: &Call<'_>) -> Outcome {
    body::query(call, &[])?;
    let mut classes: BTreeMap<String, usize> = BTreeMap::new();
    let items: Vec<Value> = OPERATIONS
        .into_iter()
        .map(|operation| {
            let (data, entry) = (operation.data(), entry(operation));
            let class = entry.class.to_string();
            *classes.entry(class.clone()).or_default() += 1;
            let (method, path) = operation.endpoint(Version::LATEST).unwrap_or_default();
            json!({
                "operation": data.id,
                "vendorOperation": data.vendor_id,
                "group": data.tag,
                "method": method,
                "path": path,
                "class": class,
                "source": entry.source,
            })
        })
        .collect();
    Ok(json!({"items": items, "classes": classes}))
}

pub(super) fn assumptions(call: &Call<'_>) -> Outcome {
    body::query(call, &[])?;
    let items = assumptions::table()
        .iter()
        .map(|one| json!({"assumption": one.to_string(), "rule": one.rule(), "place": one.place()}));
    Ok(json!({"items": items.collect::<Vec<_>>()}))
}

pub(super) fn state(call: &Call<'_>) -> Outcome {
    body::query(call, &[])?;
    let snapshots: Vec<String> = call.shared.snapshots().keys().cloned().collect();
    let shape = call.shared.world.store().read(|state| {
        json!({
            "revision": state.revision(),
            "clock": clock::shape(state),
            "records": clock::counts(state),
            "snapshots": snapshots,
        })
    });
    Ok(shape)
}
