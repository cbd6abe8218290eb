//! Reads the enabled features from Cargo's environment.

use std::collections::BTreeSet;

/// Returns the names of the enabled features.
pub fn enabled() -> BTreeSet<String> {
    std::env::vars()
        .filter_map(|(name, _)| {
            Some(
                name.strip_prefix("CARGO_FEATURE_")?
                    .to_ascii_lowercase()
                    .replace('_', "-"),
            )
        })
        .collect()
}
