//! Turns `openapi.yaml` into the types and calls of the crate.
//!
//! Each step takes a value and gives one back; only `main` knows where things come from and go to.
//! `SEQUENCEHQ_OPENAPI=/path/to/openapi.yaml cargo build` builds from another document.

#![allow(
    unreachable_pub,
    reason = "the steps are modules of a program, and of the test that includes them"
)]

use std::path::PathBuf;

use load::{Document, Faults};

#[path = "build/calls.rs"]
mod calls;
#[path = "build/debug.rs"]
mod debug;
#[path = "build/examples.rs"]
mod examples;
#[path = "build/generate.rs"]
mod generate;
#[path = "build/load.rs"]
mod load;
#[path = "build/model.rs"]
mod model;
#[path = "build/named.rs"]
mod named;
#[path = "build/polish.rs"]
mod polish;
#[path = "build/prune.rs"]
mod prune;
#[path = "build/requests.rs"]
mod requests;
#[path = "build/rules.rs"]
mod rules;
#[path = "build/simplify.rs"]
mod simplify;
#[path = "build/surface.rs"]
mod surface;
#[path = "build/versions.rs"]
mod versions;
#[path = "build/write.rs"]
mod write;

fn main() {
    let path = document_path();
    println!("cargo::rerun-if-env-changed=SEQUENCEHQ_OPENAPI");
    println!("cargo::rerun-if-changed={}", path.display());
    println!("cargo::rerun-if-changed=build");
    if let Err(faults) = build(&path) {
        for fault in &faults.0 {
            println!("cargo::error={fault}");
        }
        std::process::exit(1);
    }
}

fn build(path: &std::path::Path) -> Result<(), Faults> {
    let document = rules::check(Document::read(path)?)?;
    let document = prune::to_features(document, &prune::enabled_features());
    let contract = document.root.to_string();
    let named = named::types(&document);
    let document = named::without_discriminators(document);
    let plain = simplify::for_generator(document.clone());
    let generated = generate::client(&plain, &named)?;
    let requests = requests::keep(&plain, &generated)?;
    let calls = calls::code(&document, &requests)?;
    let mut types = polish::types(&document, generated)?;
    let debug = debug::hide_secrets(&document, &mut types);
    let named = named.into_iter().map(|named| named.code);
    let builders = polish::builders(&document, &types);
    let methods = &requests.code;

    write::into_out_dir(
        "types.rs",
        &write::formatted(quote::quote! { #(#types)* #(#named)* #builders #debug }),
    );
    write::into_out_dir(
        "requests.rs",
        &write::formatted(quote::quote! { impl Requests { #methods } }),
    );
    write::into_out_dir("calls.rs", &write::formatted(calls));
    write::into_out_dir("accessors.rs", &write::formatted(calls::accessors(&document)));
    write::into_out_dir("every_call.rs", &examples::every_call(&document));
    write::into_out_dir("every_secret.rs", &examples::every_secret(&document));
    write::into_out_dir("openapi.json", &contract);
    write::into_out_dir("versions.md", &versions::docs(&document));
    write::into_out_dir("surface.txt", &surface::listing(&document, &types));
    Ok(())
}

fn document_path() -> PathBuf {
    std::env::var_os("SEQUENCEHQ_OPENAPI").map_or_else(|| PathBuf::from("openapi.yaml"), PathBuf::from)
}
