//! Compares the features that a document names with those of the crate.

use std::collections::BTreeSet;

use crate::fault::{Fault, Faults};
use crate::load::Document;
use crate::model::{self, Tag};
use crate::{near, rules};

/// Returns the names of the features that a manifest, `Cargo.toml`, declares.
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

/// Checks every rule, and that the crate declares the features of the tags: otherwise their operations would be missing
/// without a word.
///
/// # Errors
///
/// Returns all faults of the document, sorted by line.
pub fn check(document: Document, declared: &BTreeSet<String>) -> Result<Document, Faults> {
    let mut faults: Vec<Fault> = model::tags(&document.root)
        .iter()
        .enumerate()
        .filter(|(_, tag)| !tag.feature.is_empty() && !declared.contains(&tag.feature))
        .map(|(index, tag)| document.fault(&format!("/tags/{index}/x-feature"), unknown(tag, declared)))
        .collect();
    match rules::check(document) {
        Ok(document) if faults.is_empty() => return Ok(document),
        Ok(_) => {}
        Err(Faults(others)) => faults.extend(others),
    }
    faults.sort();
    Err(Faults(faults))
}

fn unknown(tag: &Tag, declared: &BTreeSet<String>) -> String {
    format!(
        "`{}` is not a feature of the crate{}: use one that `Cargo.toml` declares, declare it, or remove `x-feature` to \
         build the operations of `{}` in any case",
        tag.feature,
        near::hint(&tag.feature, declared.iter().map(String::as_str)),
        tag.name
    )
}

#[cfg(test)]
mod tests {
    use super::{check, declared};
    use crate::Document;

    const SMALL: &str = include_str!("../tests/small.yaml");

    #[test]
    fn a_feature_of_a_tag_is_one_of_the_crate() {
        let faults = |text: &str, declared: &[&str]| {
            let document = Document::parse("small.yaml", text).expect("the document is YAML");
            let declared = declared.iter().map(|feature| (*feature).to_owned()).collect();
            let faults = check(document, &declared).err();
            faults.map_or_else(String::new, |faults| faults.0[0].to_string())
        };
        assert_eq!(faults(SMALL, &["parcels", "depots"]), "");
        let fault = faults(SMALL, &["parcels", "depot"]);
        let problem =
            "/tags/1/x-feature: `depots` is not a feature of the crate (did you mean `depot`?): use one";
        assert!(fault.contains(problem), "{fault}");
        let both = faults(&SMALL.replace("openapi: 3.0.3", "openapi: 3.1.0"), &["parcels"]);
        assert!(both.contains(":2: /openapi"), "all faults at once: {both}");
        // A tag without a feature is built in any case.
        assert_eq!(
            faults(&SMALL.replace(", x-feature: depots", ""), &["parcels"]),
            ""
        );
    }

    #[test]
    fn the_features_of_a_manifest_are_the_keys_of_its_table() {
        let manifest = "[package]\nname = \"x\"\n\n[features]\n# a = 1\nall = [\n    \"parcels\",\n]\nparcels = []\n\n[dependencies]\nb = \"1\"\n";
        let declared = declared(manifest);
        assert_eq!(declared.iter().collect::<Vec<_>>(), ["all", "parcels"]);
    }
}
