//! Runs `progenitor` over the simplified document.

use openapiv3::OpenAPI;
use progenitor::{GenerationSettings, Generator, InterfaceStyle, TypeImpl};
use quote::ToTokens as _;
use schemars08::schema::{InstanceType, SchemaObject};
use sequencehq_document::{Document, Faults, model};
use syn::{File, Item};

use super::named::{Named, NamedKind};

/// The placeholder in generated code for a decimal sent as a JSON string.
pub const TEXT_DECIMAL: &str = "crate::data::codec::TextDecimal";
/// The placeholder in generated code for a decimal sent as a JSON number.
pub const NUMBER_DECIMAL: &str = "crate::data::codec::NumberDecimal";

/// Generates the client and its types, of which `requests` and `fields` keep the parts that are used.
pub fn client(document: &Document, named: &[Named]) -> Result<File, Faults> {
    let fault = |message: String| Faults(vec![document.fault("", message)]);
    let spec: OpenAPI = serde_path_to_error::deserialize(&document.root).map_err(|error| {
        let path = format!("/{}", error.path().to_string().replace('.', "/"));
        Faults(vec![
            document.fault(&path, format!("is not OpenAPI 3.0: {}", error.inner())),
        ])
    })?;
    let tokens = Generator::new(&settings(named))
        .generate_tokens(&spec)
        .map_err(|error| fault(format!("cannot be generated: {error}")))?;
    let file: File = syn::parse2(tokens)
        .map_err(|error| fault(format!("the generator produced invalid Rust: {error}")))?;
    every_replacement_fired(document, &file, named)?;
    Ok(file)
}

fn settings(named: &[Named]) -> GenerationSettings {
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Positional)
        .with_map_type("::std::collections::BTreeMap")
        .with_derive("PartialEq");
    for name in named {
        let traits = match name.kind {
            NamedKind::Enum | NamedKind::Id => vec![TypeImpl::Display, TypeImpl::FromStr],
            NamedKind::Union => Vec::new(),
        };
        settings.with_replacement(
            &name.schema,
            format!("crate::types::{}", name.schema),
            traits.into_iter(),
        );
    }
    for (kind, format, path) in [
        (InstanceType::String, "decimal", TEXT_DECIMAL),
        (InstanceType::Number, "decimal", NUMBER_DECIMAL),
        (InstanceType::String, "date", "::chrono::NaiveDate"),
        (
            InstanceType::String,
            "date-time",
            "::chrono::DateTime<::chrono::offset::Utc>",
        ),
    ] {
        let schema = SchemaObject {
            instance_type: Some(kind.into()),
            format: Some(format.to_owned()),
            ..SchemaObject::default()
        };
        settings.with_conversion(schema, path, [TypeImpl::Display].into_iter());
    }
    settings
}

/// Checks that all replacements were applied. The generator ignores one with an unknown name, and would silently
/// generate a closed enum.
pub fn every_replacement_fired(document: &Document, file: &File, named: &[Named]) -> Result<(), Faults> {
    let types = file.items.iter().find_map(|item| match item {
        Item::Mod(module) if module.ident == "types" => module.content.as_ref().map(|(_, items)| items),
        _ => None,
    });
    let defined: Vec<String> = types
        .into_iter()
        .flatten()
        .filter_map(|item| match item {
            Item::Struct(item) => Some(item.ident.to_string()),
            Item::Enum(item) => Some(item.ident.to_string()),
            _ => None,
        })
        .collect();
    let text = file.to_token_stream().to_string();
    let faults: Vec<_> = named
        .iter()
        .filter(|name| {
            defined.contains(&name.schema) || !text.contains(&format!("crate :: types :: {}", name.schema))
        })
        // Ids and enums that occur only in parameters are not used, since parameters are text for the generator.
        .filter(|name| defined.contains(&name.schema) || is_in_a_schema(document, &name.schema))
        .map(|name| {
            let pointer = format!("/components/schemas/{}", name.schema);
            document.fault(
                &pointer,
                "has a type of this crate, which the generator did not use",
            )
        })
        .collect();
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Faults(faults))
    }
}

fn is_in_a_schema(document: &Document, name: &str) -> bool {
    let mut found = false;
    model::references(
        &document.root["components"]["schemas"],
        "",
        &mut |_, reference| {
            found |= model::last_segment(reference) == name;
        },
    );
    found
}
