//! Generates a sample of every type that responses and requests contain, and of every id, for the feature `test-util`.
//!
//! A sample is the JSON of a value, which the decoder of its type reads at run time: so a type costs one text, and no
//! code of its own. The setters that change a sample are generic, and are compiled where they are used. What only requests
//! have is a builder, which has setters already.

mod value;
mod words;

use std::fmt::Write as _;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use sequencehq_document::model::{self, last_segment};
use sequencehq_document::{Document, names};
use serde_json::Value;
use syn::{Field, ItemStruct};

use super::builders::{Conversion, Converted, Presence};
use super::fields::json_name;

/// The feature that enables the samples.
pub const FEATURE: &str = "test-util";

/// Returns the samples of all structs and unions of responses, and of all structs that only requests have.
///
/// The members of unions have no discriminators in `document`, as in their types.
pub fn code(document: &Document, types: &[ItemStruct]) -> TokenStream {
    let root = &document.root;
    let responses = model::response_schemas(root);
    let structs = types
        .iter()
        .filter(|item| responses.contains(&item.ident.to_string()))
        .map(|item| structure(root, item));
    let unions = responses.iter().filter_map(|name| union(root, name));
    let bodies = only_sent(root, types).map(|item| body(root, item));
    let ids = model::schemas(root).filter_map(|(name, schema)| id(name, schema));
    structs.chain(unions).chain(bodies).chain(ids).collect()
}

/// Returns the structs that only requests have.
fn only_sent<'t>(root: &Value, types: &'t [ItemStruct]) -> impl Iterator<Item = &'t ItemStruct> {
    let (requests, responses) = (model::request_schemas(root), model::response_schemas(root));
    types.iter().filter(move |item| {
        let name = item.ident.to_string();
        requests.contains(&name) && !responses.contains(&name)
    })
}

/// Returns all samples, as the expression of an array of `(name, function)`. The functions pass the sample to
/// `checked`, or what was built to `built`, of the including module.
pub fn every_sample(document: &Document, types: &[ItemStruct]) -> String {
    let responses = model::response_schemas(&document.root);
    let mut code = "[\n".to_owned();
    for item in types {
        let name = item.ident.to_string();
        if responses.contains(&name) {
            let _ = writeln!(code, "({name:?}, || checked({name}::sample())),");
        }
    }
    for item in only_sent(&document.root, types) {
        let name = item.ident.to_string();
        let _ = writeln!(code, "({name:?}, || built({name}::sample().build())),");
    }
    for (name, schema) in model::schemas(&document.root) {
        if responses.contains(name) && schema.get("oneOf").is_some() {
            let _ = writeln!(code, "({name:?}, || checked({name}::sample())),");
        }
    }
    code + "]"
}

fn structure(root: &Value, item: &ItemStruct) -> TokenStream {
    let name = &item.ident;
    let text_name = name.to_string();
    let schema = &root["components"]["schemas"][&text_name];
    let json = value::named(root, &text_name).to_string();
    let about = format!(
        "Returns a sample of [`{name}`]: plausible values, the same in every run, in the fields that every response has."
    );
    let fields: Vec<&Field> = item
        .fields
        .iter()
        .filter(|field| schema["properties"].get(json_name(field)).is_some())
        .collect();
    let setters = fields.iter().map(|field| setter(root, &text_name, schema, field));
    let page = page(root, schema, &fields);
    quote! {
        #[cfg_attr(docsrs, doc(cfg(feature = "test-util")))]
        impl #name {
            pub(crate) const SAMPLE: &'static str = #json;

            #[doc = #about]
            #[inline]
            #[must_use]
            pub fn sample() -> Self { crate::data::sample::decoded(#text_name, Self::SAMPLE) }
            #page
            #(#setters)*

            /// Sets a field that this version of the crate does not know.
            #[must_use]
            #[track_caller]
            pub fn with_extra(mut self, name: &str, value: impl ::serde::Serialize) -> Self {
                crate::data::sample::set_extra(#text_name, name, self.extra.set::<Self>(name, &value));
                self
            }
        }
    }
}

/// Returns the sample of an object that only requests have.
fn body(root: &Value, item: &ItemStruct) -> TokenStream {
    let name = &item.ident;
    let text_name = name.to_string();
    let required = model::strings(&root["components"]["schemas"][&text_name]["required"]);
    let json = value::named(root, &text_name).to_string();
    let builder = format_ident!("{name}Builder");
    let fields = item.fields.iter().map(|field| {
        let ident = &field.ident;
        match Presence::of(field, required.contains(&json_name(field))) {
            Presence::Required => quote! { #ident: Some(sample.#ident), },
            Presence::Optional(_) | Presence::Clearable(_) => quote! { #ident: sample.#ident, },
        }
    });
    let about = format!(
        "Returns a builder for a sample of [`{name}`]: plausible values, the same in every run, in the fields that are required."
    );
    quote! {
        #[cfg_attr(docsrs, doc(cfg(feature = "test-util")))]
        impl #name {
            #[doc = #about]
            #[inline]
            pub fn sample() -> #builder {
                let sample: Self = crate::data::sample::decoded(#text_name, #json);
                #builder { #(#fields)* extra: sample.extra, rejected: ::std::default::Default::default() }
            }
        }
    }
}

/// Returns the setter of a field, which changes a sample.
fn setter(root: &Value, owner: &str, schema: &Value, field: &Field) -> TokenStream {
    let name = json_name(field);
    let is_required = model::strings(&schema["required"]).contains(&name);
    let presence = Presence::of(field, is_required);
    let ident = field.ident.as_ref().expect("structs have named fields");
    let text_ident = ident.to_string().trim_start_matches("r#").to_owned();
    let setter = format_ident!("with_{text_ident}");
    let schemas = &root["components"]["schemas"];
    let conversion = Conversion::of(presence.inner(field), &text_ident, schemas, &quote! { rejected });
    let argument = conversion.argument;
    let value = match conversion.value {
        Converted::Always(value) => value,
        Converted::Checked(value) => {
            quote! { crate::data::sample::accepted(#owner, |rejected| #value) }
        }
    };
    let stored = match presence {
        Presence::Required => value,
        Presence::Optional(_) => quote! { Some(#value) },
        Presence::Clearable(_) => quote! { crate::data::Patch::Set(#value) },
    };
    let about = format!("Sets `{text_ident}`.");
    let deprecated = super::fields::deprecated(&schema["properties"][&name]);
    quote! {
        #[doc = #about]
        #deprecated
        #[must_use]
        #[track_caller]
        pub fn #setter(mut self, value: #argument) -> Self { self.#ident = #stored; self }
    }
}

/// Returns the constructor of a page or list with given items.
fn page(root: &Value, schema: &Value, fields: &[&Field]) -> Option<TokenStream> {
    let property = schema["properties"].get("items")?;
    model::reference(&property["items"])?;
    let ident = |wanted: &str| {
        let field = fields.iter().find(|field| json_name(field) == wanted)?;
        Some((*field, field.ident.as_ref()?))
    };
    let (field, items) = ident("items")?;
    let required = model::strings(&schema["required"]);
    let is_required = |name: &str| required.iter().any(|one| one == name);
    let schemas = &root["components"]["schemas"];
    let presence = Presence::of(field, is_required("items"));
    let argument = Conversion::of(presence.inner(field), "items", schemas, &quote! { rejected }).argument;
    let setter = format_ident!("with_{}", items.to_string().trim_start_matches("r#"));
    let pagination = &schemas[model::reference(&schema["properties"]["pagination"]).unwrap_or_default()];
    let total = pagination["properties"].get("totalResultSize");
    let counted = match (total, ident("pagination")) {
        (Some(total), Some((_, pagination))) if is_required("items") && is_required("pagination") => {
            let total = format_ident!("{}", names::property("totalResultSize", total));
            Some(quote! { page.#pagination.#total = page.#items.len().try_into().ok(); })
        }
        _ => None,
    };
    let mutability = counted.is_some().then(|| quote! { mut });
    Some(quote! {
        /// Returns a sample with these items, which is complete: no page follows.
        #[must_use]
        #[track_caller]
        pub fn sample_of(items: #argument) -> Self {
            let #mutability page = Self::sample().#setter(items);
            #counted
            page
        }
    })
}

/// Returns the samples of a union, one for each member.
fn union(root: &Value, name: &str) -> Option<TokenStream> {
    let schema = &root["components"]["schemas"][name];
    let mapping = schema["discriminator"]["mapping"].as_object()?;
    let ident = format_ident!("{name}");
    let json = value::named(root, name).to_string();
    let members = mapping.values().filter_map(Value::as_str).map(|target| {
        let member = format_ident!("{}", last_segment(target));
        quote! { #member::sample().into() }
    });
    let about = format!("Returns a sample of [`{name}`]. `samples` returns one for each variant.");
    Some(quote! {
        #[cfg_attr(docsrs, doc(cfg(feature = "test-util")))]
        impl #ident {
            #[doc = #about]
            #[inline]
            #[must_use]
            pub fn sample() -> Self { crate::data::sample::decoded(#name, #json) }

            /// Returns a sample for each variant, in the order of the API document.
            #[inline]
            #[must_use]
            pub fn samples() -> Vec<Self> { vec![#(#members),*] }
        }
    })
}

/// Returns the sample of an id, which is the same in all samples.
fn id(name: &str, schema: &Value) -> Option<TokenStream> {
    let ident = format_ident!("{name}");
    let text = words::id(name);
    (schema["format"] == "id").then(|| {
        quote! {
            #[cfg_attr(docsrs, doc(cfg(feature = "test-util")))]
            impl #ident {
                /// Returns the id that all samples have where they have one of this type.
                #[must_use]
                pub fn sample() -> Self { Self::new(#text) }
            }
        }
    })
}
