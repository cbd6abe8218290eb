//! Compares the features that the document names with those of the crate.

use std::collections::BTreeSet;

use sequencehq_document::{Document, Faults, model};

/// Returns the names of the enabled features, from Cargo's environment.
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

/// Returns the names of the features that a manifest declares.
pub fn declared(manifest: &str) -> BTreeSet<String> {
    manifest
        .lines()
        .skip_while(|line| line.trim() != "[features]")
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter(|line| line.starts_with(|first: char| first.is_alphanumeric() || first == '_'))
        .filter_map(|line| Some(line.split_once('=')?.0.trim().to_owned()))
        .collect()
}

/// Rejects tags with a feature that the crate does not declare: their operations would be missing without a word.
pub fn check(document: Document, declared: &BTreeSet<String>) -> Result<Document, Faults> {
    let faults: Vec<_> = model::tags(&document.root)
        .into_iter()
        .enumerate()
        .filter(|(_, tag)| !tag.feature.is_empty() && !declared.contains(&tag.feature))
        .map(|(index, tag)| {
            let message = format!(
                "`{}` is not a feature of the crate: use one that `Cargo.toml` declares, declare it, or remove \
                 `x-feature` to build the operations of `{}` in any case",
                tag.feature, tag.name
            );
            document.fault(&format!("/tags/{index}/x-feature"), message)
        })
        .collect();
    if faults.is_empty() {
        Ok(document)
    } else {
        Err(Faults(faults))
    }
}
