//! Asks Cargo which features are enabled.

use std::collections::BTreeSet;

/// The features that Cargo enabled, by name.
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
