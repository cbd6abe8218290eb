//! Generates the types and calls of the crate from `openapi.yaml`.
//!
//! Each step is a function from one value to another; only `main`, `enabled_features` and `write` use Cargo's environment.
//! `sequencehq-document` reads, checks and models the document.
//! `SEQUENCEHQ_OPENAPI=/path/to/openapi.yaml cargo build` builds from another document. A relative path is relative to
//! the folder of this crate, as for any build script; an empty one counts as unset.

#![allow(
    unreachable_pub,
    reason = "the steps are modules of a program, and of the test that includes it"
)]

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use quote::quote;
use sequencehq_document::{Document, Faults, features, prune};

#[path = "build/builders.rs"]
mod builders;
#[path = "build/calls.rs"]
pub(crate) mod calls;
#[path = "build/conflicts.rs"]
mod conflicts;
#[path = "build/debug.rs"]
mod debug;
#[path = "build/defined.rs"]
mod defined;
#[path = "build/differences.rs"]
mod differences;
#[path = "build/entries.rs"]
mod entries;
#[path = "build/examples.rs"]
mod examples;
#[path = "build/fields.rs"]
mod fields;
#[path = "build/generate.rs"]
pub(crate) mod generate;
#[path = "build/last_resort.rs"]
pub(crate) mod last_resort;
#[path = "build/named.rs"]
pub(crate) mod named;
#[path = "build/objects.rs"]
mod objects;
#[path = "build/requests.rs"]
pub(crate) mod requests;
#[path = "build/samples/mod.rs"]
mod samples;
#[path = "build/simplify.rs"]
pub(crate) mod simplify;
#[path = "build/surface.rs"]
mod surface;
#[path = "build/types.rs"]
mod types;
#[path = "build/update_docs.rs"]
mod update_docs;
#[path = "build/updates.rs"]
mod updates;
#[path = "build/versions.rs"]
mod versions;
#[path = "build/write.rs"]
mod write;

const MANIFEST: &str = include_str!("Cargo.toml");
const VARIABLE: &str = "SEQUENCEHQ_OPENAPI";

fn main() {
    let path = document_path(std::env::var_os(VARIABLE));
    println!("cargo::rerun-if-env-changed={VARIABLE}");
    println!("cargo::rerun-if-changed={}", path.display());
    println!("cargo::rerun-if-changed=build");
    if let Err(faults) = build(&path) {
        for line in faults.lines().into_iter().chain(hint(&path)) {
            println!("cargo::error={line}");
        }
        std::process::exit(1);
    }
}

fn build(path: &Path) -> Result<(), Faults> {
    let document = features::check(Document::read(path)?, &features::declared(MANIFEST))?;
    let features = enabled_features();
    let document = prune::to_features(document, &features);
    for (name, content) in last_resort::guarded(document, |document| files(document, &features))? {
        write::into_out_dir(name, &content);
    }
    Ok(())
}

/// Generates the files for a document that has passed the checks, by name.
pub(crate) fn files(
    document: Document,
    features: &BTreeSet<String>,
) -> Result<Vec<(&'static str, String)>, Faults> {
    let contract = document.root.to_string();
    let named = named::types(&document);
    let document = named::without_discriminators(document);
    let plain = simplify::for_generator(document.clone());
    let generated = generate::client(&plain, &named)?;
    let requests = requests::keep(&plain, &generated)?;
    let calls = calls::code(&document, &requests)?;
    let types = fields::types(&document, generated)?;
    let debug = debug::code(&document, &types);
    let named = named.into_iter().map(|named| named.code);
    let conflicts = conflicts::code(&document);
    let builders = builders::code(&document, &types);
    let updates = updates::code(&document, &types);
    let surface = surface::listing(&document, &types);
    let samples = features.contains(samples::FEATURE).then(|| {
        [
            ("samples.rs", write::formatted(samples::code(&document, &types))),
            ("every_sample.rs", samples::every_sample(&document, &types)),
        ]
    });
    let objects = objects::code(&document, types);
    let methods = &requests.code;

    let mut files = vec![
        (
            "types.rs",
            write::formatted(quote! { #objects #(#named)* #builders #updates #debug #conflicts }),
        ),
        (
            "requests.rs",
            write::formatted(quote! { impl Requests { #methods } }),
        ),
        ("calls.rs", write::formatted(calls)),
        ("accessors.rs", write::formatted(calls::accessors(&document))),
        ("versions.rs", write::formatted(versions::code(&document))),
        ("versions.md", versions::docs(&document)),
        ("every_call.rs", examples::every_call(&document)),
        ("every_secret.rs", examples::every_secret(&document)),
        ("every_update.rs", updates::every_update(&document)),
        ("every_name.rs", named::every_name(&document)),
        ("openapi.json", contract),
        ("surface.txt", surface),
    ];
    files.extend(samples.into_iter().flatten());
    Ok(files)
}

/// Returns the path in the variable. If that is unset or empty, it is the document of this crate.
pub(crate) fn document_path(variable: Option<OsString>) -> PathBuf {
    let path = variable.filter(|path| !path.is_empty());
    path.map_or_else(|| PathBuf::from("openapi.yaml"), PathBuf::from)
}

/// Returns what to do about a relative path that leads nowhere.
pub(crate) fn hint(path: &Path) -> Option<String> {
    let is_lost = path.is_relative() && !path.exists();
    is_lost.then(|| {
        format!(
            "{VARIABLE} is the relative path `{}`, which begins in the folder of this crate: use an absolute path, or \
             `relative = true` under `[env]` in .cargo/config.toml, with which the path begins in the folder of .cargo",
            path.display()
        )
    })
}

/// Returns the names of the enabled features, from Cargo's environment.
fn enabled_features() -> BTreeSet<String> {
    let names = std::env::vars().filter_map(|(name, _)| {
        let feature = name.strip_prefix("CARGO_FEATURE_")?;
        Some(feature.to_ascii_lowercase().replace('_', "-"))
    });
    names.collect()
}
