//! The build script on a small document: what it makes of it, and the steps that need a look by themselves.
//!
//! The snapshots are in `tests/snapshots`; `INSTA_UPDATE=always cargo test --features full --test build_steps` renews them. What
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

use std::collections::BTreeSet;

use build_script::{calls, document_path, files, generate, hint, last_resort, named, requests, simplify};
use quote::quote;
use sequencehq_document::{Document, features, names, rules};

/// The features that the build is run with.
fn test_util() -> BTreeSet<String> {
    BTreeSet::from(["test-util".to_owned()])
}

/// A document that keeps every rule, with one of everything.
fn small() -> Document {
    let text = include_str!("../document/tests/small.yaml");
    let document = Document::parse("small.yaml", text).expect("the document is YAML");
    rules::check(document).expect("the document keeps the rules")
}

#[test]
fn the_small_document_becomes_the_reviewed_files() {
    let files = files(small(), &test_util()).expect("the document can be built");
    let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    assert_eq!(
        names,
        [
            "types.rs",
            "requests.rs",
            "calls.rs",
            "accessors.rs",
            "versions.rs",
            "versions.md",
            "every_call.rs",
            "every_secret.rs",
            "every_update.rs",
            "every_name.rs",
            "openapi.json",
            "surface.txt",
            "samples.rs",
            "every_sample.rs"
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

/// A document with the distinctions that the small one lacks.
fn wide() -> Document {
    let text = include_str!("support/wide.yaml");
    let document = Document::parse("wide.yaml", text).expect("the document is YAML");
    rules::check(document).unwrap_or_else(|faults| panic!("the document keeps the rules: {faults}"))
}

#[test]
fn every_distinction_of_the_build_is_in_the_reviewed_files() {
    for (name, content) in files(wide(), &test_util()).expect("the document can be built") {
        if name != "openapi.json" {
            insta::assert_snapshot!(format!("wide_{name}"), content);
        }
    }
}

#[test]
fn equal_input_gives_equal_bytes() {
    assert_eq!(
        files(small(), &test_util()).expect("builds"),
        files(small(), &test_util()).expect("builds")
    );
}

#[test]
fn without_its_feature_no_sample_is_generated() {
    let names = |features| -> Vec<&str> {
        let files = files(small(), &features).expect("builds");
        files.into_iter().map(|(name, _)| name).collect()
    };
    assert!(names(test_util()).contains(&"samples.rs"));
    assert!(!names(BTreeSet::new()).iter().any(|name| name.contains("sample")));
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
fn a_replacement_fired_if_its_type_is_used_and_not_defined() {
    let document = small();
    let speed = |file: syn::File, name: &str| {
        let mut named = named::types(&document);
        named.retain(|one| one.schema == "Speed");
        named[0].schema = name.to_owned();
        generate::every_replacement_fired(&document, &file, &named).is_ok()
    };
    let elsewhere = quote! { mod other { struct Speed; } };
    let user = quote! { struct Van { speed: crate::types::Speed } };
    let used = syn::parse_quote! { #elsewhere mod types { #user } };
    assert!(speed(used, "Speed"));
    let unused = syn::parse_quote! { #elsewhere mod types { struct Van; } };
    assert!(!speed(unused, "Speed"));
    for definition in [quote! { struct Speed; }, quote! { enum Speed {} }] {
        let defined = syn::parse_quote! { #elsewhere mod types { #user #definition } };
        assert!(!speed(defined, "Speed"), "{definition}");
    }
    let in_no_schema = syn::parse_quote! { mod types {} };
    assert!(speed(in_no_schema, "OfParameters"));
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
        error.contains("/components/schemas/Speed") && error.contains("did not use"),
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

#[test]
fn a_generated_method_of_another_shape_fails_the_build() {
    let document = simplify::for_generator(named::without_discriminators(small()));
    let client = |body: &str| -> syn::File {
        let method = |name| format!("pub async fn {name}(&self) -> Result<(), ()> {{ {body} }}");
        let methods = ["parcel_send", "parcel_send_2024_05_09", "depot_list"].map(method);
        syn::parse_str(&format!("impl Client {{ {} }}", methods.join("\n"))).expect("Rust")
    };
    let good = "let url = format!(\"{}/x\", self.baseurl,); let mut request = self.client.get(url).build()?;";
    requests::keep(&document, &client(good)).expect("the shape that is known");
    for (body, problem) in [
        ("Ok(())", "does not declare `request`"),
        (
            "let request = self.client.get(url);",
            "not the value of `build()?`",
        ),
        ("let request = self.make()?;", "not built by `build()`"),
        (
            "let mut header_map = new(); header_map.append(\"x-other\", 1); let request = self.a().build()?;",
            "sets a header",
        ),
        (
            "let url = format!(\"{}/{}\", self.baseurl, encode(&id.to_string())); let request = self.a().build()?;",
            "has an unexpected form",
        ),
        (
            "let url = format!(\"{}/{}\", self.baseurl, encode_path(&id.into())); let request = self.a().build()?;",
            "has an unexpected form",
        ),
    ] {
        let faults = requests::keep(&document, &client(body))
            .expect_err(problem)
            .to_string();
        assert!(faults.contains(problem), "{body}: {faults}");
        assert!(
            faults.contains("`parcel_send`") && faults.contains("~1send/post"),
            "the operation is named: {faults}"
        );
    }
    let missing: syn::File = syn::parse_str("impl Client {}").expect("Rust");
    let faults = requests::keep(&document, &missing)
        .expect_err("no methods")
        .to_string();
    assert!(
        faults.contains("did not produce a method `depot_list`"),
        "{faults}"
    );
}

#[test]
fn an_argument_that_no_parameter_provides_fails_the_build() {
    let document = wide();
    let plain = simplify::for_generator(named::without_discriminators(document.clone()));
    let generated = generate::client(&plain, &named::types(&document)).expect("generates");
    let requests = requests::keep(&plain, &generated).expect("keeps");
    for (path, removed, argument) in [
        ("/routes/{id}", "parameters", "text_id"),
        ("/routes", "requestBody", "body"),
    ] {
        let mut other = document.clone();
        for method in ["put", "post"] {
            if let Some(operation) = other.root["paths"][path][method].as_object_mut() {
                operation.remove(removed);
            }
        }
        let faults = calls::code(&other, &requests).expect_err(argument).to_string();
        let problem = format!("has an argument `{argument}` that no parameter provides");
        assert!(faults.contains(&problem), "{faults}");
    }
}

#[test]
fn the_page_of_each_call_has_its_facts_and_an_example_worth_copying() {
    let document = Document::read(&sequencehq_document::shipped()).expect("the document is YAML");
    let operations = sequencehq_document::model::operations(&document.root);
    let files = files(document, &test_util()).expect("the document can be built");
    let (_, text) = files.iter().find(|(name, _)| *name == "calls.rs").expect("calls");
    let code = syn::parse_file(text).expect("Rust");
    let mut pages = std::collections::BTreeMap::new();
    for item in code.items {
        let syn::Item::Struct(item) = item else { continue };
        let docs = item.attrs.iter().filter_map(|attribute| match &attribute.meta {
            syn::Meta::NameValue(pair) if pair.path.is_ident("doc") => Some(&pair.value),
            _ => None,
        });
        let docs: String = docs
            .filter_map(|value| match value {
                syn::Expr::Lit(syn::ExprLit {
                    lit: syn::Lit::Str(text),
                    ..
                }) => Some(text.value()),
                _ => None,
            })
            .collect();
        pages.insert(item.ident.to_string(), docs);
    }
    for operation in &operations {
        let name = calls::call_type(operation).to_string();
        let page = &pages[&name];
        let endpoint = format!("[`{} {}`](", operation.method.to_uppercase(), operation.path);
        let body = operation
            .body
            .as_ref()
            .map(|body| format!("- `body`: [`{body}`]"));
        let parameters = operation.path_params.iter().map(|parameter| {
            let argument = calls::argument_ident(parameter);
            format!("- `{argument}`: ")
        });
        let sections = ["Created by [`", "retr", "# Errors", "# Example\n\n```no_run\n"].map(str::to_owned);
        for text in sections
            .into_iter()
            .chain([endpoint])
            .chain(body)
            .chain(parameters)
        {
            assert!(page.contains(&text), "{name} lacks `{text}`:\n{page}");
        }
        for placeholder in [":?}", "\"text\"", "\"\"", "Currency::Aed", "build()?", "let _"] {
            assert!(!page.contains(placeholder), "{name} has `{placeholder}`:\n{page}");
        }
    }
}

#[test]
fn a_literal_sibling_of_a_path_parameter_is_refused_as_its_value() {
    let mut document = small();
    let paths = &mut document.root["paths"];
    let mut sibling = paths["/parcels/{id}/send"].clone();
    sibling["post"]["operationId"] = "parcel_send_all".into();
    sibling["post"]["parameters"] = serde_json::json!([]);
    sibling["post"]
        .as_object_mut()
        .expect("an operation")
        .remove("x-former");
    paths["/parcels/all/send"] = sibling;
    let files = files(document, &test_util()).expect("the document can be built");
    let (_, calls) = files.iter().find(|(name, _)| *name == "calls.rs").expect("calls");
    assert!(
        calls.contains("segment(\"id\", &self.id, &[\"all\"])?"),
        "{calls}"
    );
}

#[test]
fn what_is_not_offered_becomes_documentation() {
    let mut document = small();
    document.root["x-not-offered"] = serde_json::json!([
        {"operations": ["POST /parcels/{id}/send"], "versions": ["2024-05-09"], "reason": "R.", "instead": "I."}
    ]);
    let document = rules::check(document).expect("it keeps the rules");
    let files = files(document, &test_util()).expect("the document can be built");
    let (_, docs) = files
        .iter()
        .find(|(name, _)| *name == "versions.md")
        .expect("docs");
    assert!(
        docs.contains("| `POST /parcels/{id}/send` | `2024-05-09` | R. | I. |"),
        "{docs}"
    );
    assert!(docs.contains(": 1 of `2024-05-09`. "), "{docs}");
}

#[test]
fn the_features_of_the_crate_are_read_from_its_manifest() {
    let ours = features::declared(include_str!("../Cargo.toml"));
    assert!(
        ["all-resources", "usage", "tracing"]
            .iter()
            .all(|feature| ours.contains(*feature)),
        "{ours:?}"
    );
}

#[test]
fn a_panic_of_the_build_names_the_schema_or_the_operation() {
    let failing = |problem: fn(&serde_json::Value) -> bool| {
        let step = |document: Document| {
            assert!(!problem(&document.root), "not yet implemented");
            Ok(())
        };
        let faults = last_resort::guarded(small(), step).err();
        faults.map_or_else(String::new, |faults| faults.to_string())
    };
    let fault = failing(|root| root["components"]["schemas"].get("StampInput").is_some());
    assert!(
        fault.contains("95: /components/schemas/StampInput: the build cannot handle this"),
        "{fault}"
    );
    assert!(
        fault.contains("it keeps the rules: not yet implemented. Leave it out"),
        "{fault}"
    );
    let fault = failing(|root| root["paths"].get("/depots").is_some());
    assert!(fault.contains("33: /paths/~1depots/get: the build"), "{fault}");
    assert_eq!(failing(|_| false), "");
    // What fails with all of the document only.
    let fault = failing(|root| root["paths"].as_object().is_some_and(|paths| paths.len() > 1));
    assert!(fault.starts_with("small.yaml:2: the build"), "{fault}");
}

#[test]
fn an_error_of_the_generator_without_a_place_is_given_one() {
    // The generator has one type of errors for an operation; the rules refuse a second one.
    let mut document = small();
    let list = "/paths/~1depots/get/responses/4XX";
    *document.root.pointer_mut(list).expect("a response") = serde_json::json!({"description": "None."});
    let faults = last_resort::guarded(document, |document| files(document, &test_util())).err();
    let fault = faults.map_or_else(String::new, |faults| faults.to_string());
    assert!(
        fault.contains("33: /paths/~1depots/get: the build cannot handle this")
            && fault.contains("response_types"),
        "{fault}"
    );
}

#[test]
fn the_reserved_names_are_those_of_the_methods_beside_generated_ones() {
    let methods = |text: &str| -> Vec<String> {
        // The examples in documentation have functions too.
        let lines = text.lines().filter(|line| !line.trim_start().starts_with("///"));
        let code = lines.collect::<Vec<_>>().join("\n");
        let parts = code.split("fn ").skip(1);
        let named = parts.filter_map(|part| part.split(['(', '<']).next());
        named.map(str::to_owned).collect()
    };
    let between = |text: &'static str, start: &str, end: &str| -> &'static str {
        let (_, rest) = text.split_once(start).expect(start);
        rest.split_once(end).expect(end).0
    };
    let options = include_str!("../src/call/options.rs");
    let calls = include_str!("../src/call/mod.rs");
    let handle = include_str!("../src/client/handle.rs");
    let builder = include_str!("../src/client/builder.rs");
    let options = methods(between(options, "macro_rules! option_methods", "pub(crate) use"));
    let calls = methods(between(calls, "macro_rules! endpoint", "\npub(crate) use"));
    let own = calls.iter().filter(|name| *name != "into_future");
    for name in options.iter().chain(own) {
        assert!(names::CALL_METHODS.contains(&name.as_str()), "calls: {name}");
    }
    let handle = methods(between(handle, "impl Client {", "\n}"));
    let builder = methods(between(builder, "impl Client {", "\n}"));
    for name in handle.iter().chain(&builder) {
        assert!(names::CLIENT_METHODS.contains(&name.as_str()), "client: {name}");
    }
    assert!(options.len() > 5 && calls.len() > 2 && handle.len() > 3 && builder.len() > 1);
}

#[test]
fn an_empty_variable_counts_as_unset() {
    for (variable, path) in [
        (None, "openapi.yaml"),
        (Some(""), "openapi.yaml"),
        (Some("billing/openapi.yaml"), "billing/openapi.yaml"),
    ] {
        assert_eq!(
            document_path(variable.map(Into::into)),
            std::path::Path::new(path)
        );
    }
}

#[test]
fn a_relative_path_that_leads_nowhere_is_explained() {
    let hint_of = |path: &str| hint(path.as_ref()).unwrap_or_default();
    let hint = hint_of("billing/openapi.yaml");
    assert!(
        hint.contains("`billing/openapi.yaml`, which begins in the folder of this crate")
            && hint.contains("relative = true"),
        "{hint}"
    );
    assert_eq!(hint_of("openapi.yaml"), "");
    assert_eq!(hint_of("/no/such/file.yaml"), "");
}
