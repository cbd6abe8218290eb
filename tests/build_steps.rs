//! The build script on a small document: what it makes of it, and the steps that need a look by themselves.
//!
//! The snapshots are in `tests/snapshots`; `INSTA_UPDATE=always cargo test --test build_steps` renews them. What
//! the rules refuse is tested in `document/tests`.

#![allow(
    unreachable_pub,
    missing_docs,
    dead_code,
    clippy::print_stdout,
    reason = "the build script is a program, of which this test needs a part"
)]

#[path = "../build.rs"]
mod build_script;

use build_script::{files, generate, named, simplify};
use sequencehq_document::{Document, rules};

/// A document that keeps every rule, with one of everything.
fn small() -> Document {
    let text = include_str!("../document/tests/small.yaml");
    let document = Document::parse("small.yaml", text).expect("the document is YAML");
    rules::check(document).expect("the document keeps the rules")
}

#[test]
fn the_small_document_becomes_the_reviewed_files() {
    let files = files(small()).expect("the document can be built");
    let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    assert_eq!(
        names,
        [
            "types.rs",
            "client.rs",
            "calls.rs",
            "versions.rs",
            "every_call.rs",
            "openapi.json",
            "surface.txt"
        ]
    );
    for (name, content) in files {
        if name == "openapi.json" {
            assert_eq!(content, small().root.to_string());
        } else {
            insta::assert_snapshot!(name, content);
        }
    }
}

#[test]
fn equal_input_gives_equal_bytes() {
    assert_eq!(files(small()).expect("builds"), files(small()).expect("builds"));
}

#[test]
fn the_members_of_a_union_have_no_discriminator() {
    let document = named::without_discriminators(small());
    let member = &document.root["components"]["schemas"]["Box"];
    assert!(member["properties"]["form"].is_null());
    assert_eq!(member["required"].to_string(), r#"["side"]"#);
}

#[test]
fn the_generator_sees_text_parameters_and_nullable_lists() {
    let document = simplify::for_generator(small());
    let list = &document.root["paths"]["/depots"]["get"]["parameters"];
    assert!(
        list.as_array()
            .expect("parameters")
            .iter()
            .all(|one| one["schema"]["type"] == "string"),
        "{list}"
    );
    let parcel = &document.root["components"]["schemas"]["Parcel"]["properties"];
    assert_eq!(parcel["marks"]["nullable"], true);
    assert_eq!(parcel["id"]["$ref"], "#/components/schemas/ParcelId", "unwrapped");
}

#[test]
fn a_replacement_that_never_fires_fails_the_build() {
    let document = small();
    let named = named::types(&document);
    let plain = simplify::for_generator(named::without_discriminators(document));
    // As if the name of `Speed` had been misspelt: the generator closes the enum without a word.
    let misspelt: Vec<_> = named
        .iter()
        .filter(|one| one.schema != "Speed")
        .cloned()
        .collect();
    let file = generate::client(&plain, &misspelt).expect("the generator does not mind");
    let error = generate::every_replacement_fired(&plain, &file, &named)
        .expect_err("it did not fire")
        .to_string();
    assert!(
        error.contains("/components/schemas/Speed") && error.contains("did not use it"),
        "{error}"
    );
}

#[test]
fn what_the_generator_cannot_read_is_named_by_path() {
    let mut document = simplify::for_generator(small());
    document.root["paths"]["/depots"]["get"]["responses"] = serde_json::json!(7);
    let error = generate::client(&document, &[])
        .expect_err("no OpenAPI")
        .to_string();
    assert!(error.contains("is not OpenAPI 3.0"), "{error}");
}
