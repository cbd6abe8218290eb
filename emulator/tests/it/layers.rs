//! Layers depend only on those below them.

use std::fs;
use std::path::Path;

fn sources(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else {
            found.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
        }
    }
    found
}

#[test]
fn the_arithmetic_knows_neither_clock_nor_store_nor_network() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/billing");
    let sources = sources(&folder);
    assert!(sources.len() > 10, "the folder of the arithmetic was found");
    for (name, code) in sources {
        for (i, _) in code.match_indices("crate::") {
            let used = &code[i + "crate::".len()..];
            assert!(
                used.starts_with("assumptions") || used.starts_with("billing"),
                "{name}: crate::{used:.40}"
            );
        }
        for forbidden in [
            "std::time",
            "std::net",
            "std::io",
            "Utc::now",
            "Local::now",
            "std::env",
            "serde",
        ] {
            // Tests may read files; the arithmetic may not.
            let code = code.split("mod tests {").next().unwrap();
            assert!(!code.contains(forbidden), "{name} uses {forbidden}");
        }
    }
}

/// The modules that each module may use.
const LAYERS: [(&str, &[&str]); 6] = [
    ("billing", &["assumptions", "billing"]),
    ("contract", &["contract"]),
    ("pdf", &["pdf"]),
    ("records", &["records"]),
    ("store", &["records", "store"]),
    (
        "operations",
        &[
            "assumptions",
            "billing",
            "contract",
            "pdf",
            "records",
            "store",
            "operations",
        ],
    ),
];

#[test]
fn each_layer_knows_only_those_below_it() {
    for (layer, known) in LAYERS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(layer);
        let sources = sources(&folder);
        assert!(sources.len() > 2, "{layer} was found");
        for (name, code) in sources {
            for (i, _) in code.match_indices("crate::") {
                let used = &code[i + "crate::".len()..];
                let fits = known.iter().any(|known| used.starts_with(known));
                assert!(fits, "{name}: crate::{used:.40}");
            }
        }
    }
}

#[test]
fn only_the_clock_of_the_store_reads_the_time() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for (name, code) in sources(&source) {
        let reads = ["Time::now", "Instant::now", "Utc::now", "time::sleep"];
        let is_clock = name.ends_with("store/clock.rs");
        assert_eq!(reads.iter().any(|read| code.contains(read)), is_clock, "{name}");
    }
}
