//! Generates the builders of the types that are sent in requests.
//!
//! A builder has a slot for each field. The slot of an optional field has the field's type, that of a required field
//! wraps it in an `Option`. `build` lists all required fields that are not set.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};
use sequencehq_document::{Document, model};
use serde_json::Value;
use syn::{Field, ItemStruct, Type};

use super::debug;
use super::fields::wire_name;
use super::types::{arguments, is_list, last_segment, option_inner, patch_inner};

/// Returns a builder for every type that is reachable from a request body.
pub fn code(document: &Document, types: &[ItemStruct]) -> TokenStream {
    let requests = model::request_schemas(&document.root);
    types
        .iter()
        .filter(|item| requests.contains(&item.ident.to_string()))
        .map(|item| {
            let name = item.ident.to_string();
            builder(item, &document.root["components"]["schemas"][name])
        })
        .collect()
}

/// Whether and how a field can be absent.
enum Presence<'a> {
    /// The field cannot be absent: `build` returns an error.
    Required,
    /// The field is an `Option` of this.
    Optional(&'a Type),
    /// The field is a `Patch` of this.
    Clearable(&'a Type),
}

/// A field of a struct and its builder.
struct Slot<'a> {
    field: &'a Field,
    ident: &'a Ident,
    /// The name used in messages and in method names.
    name: String,
    presence: Presence<'a>,
}

fn builder(item: &ItemStruct, schema: &Value) -> TokenStream {
    let required = model::strings(&schema["required"]);
    let slots: Vec<Slot<'_>> = item
        .fields
        .iter()
        .map(|field| Slot::new(field, required.contains(&wire_name(field))))
        .collect();
    let name = &item.ident;
    let builder = format_ident!("{name}Builder");
    let definitions = slots.iter().map(Slot::definition);
    let setters = slots.iter().map(Slot::setters);
    let build = build_method(name, &slots);
    let about_builder = format!("Builder for [`{name}`]. Unset fields are omitted.");
    let about_fn = format!("Returns a builder for [`{name}`].");
    let debug = (!debug::has_secret(schema)).then(|| quote! { #[derive(Debug)] });
    quote! {
        impl #name {
            #[doc = #about_fn]
            pub fn builder() -> #builder { #builder::default() }
        }

        #[doc = #about_builder]
        #[derive(Clone, Default)]
        #debug
        #[must_use]
        pub struct #builder { #(#definitions)* }

        impl #builder {
            #(#setters)*
            #build
        }

        impl TryFrom<#builder> for #name {
            type Error = crate::data::BuildError;

            fn try_from(builder: #builder) -> Result<Self, Self::Error> { builder.build() }
        }

        impl From<&#name> for #name {
            fn from(value: &#name) -> Self { value.clone() }
        }
    }
}

fn build_method(name: &Ident, slots: &[Slot<'_>]) -> TokenStream {
    let (required, others): (Vec<_>, Vec<_>) = slots
        .iter()
        .partition(|slot| matches!(slot.presence, Presence::Required));
    let idents: Vec<_> = required.iter().map(|slot| slot.ident).collect();
    let checks = required.iter().map(|Slot { ident, name, .. }| {
        quote! { if self.#ident.is_none() { missing.push(#name); } }
    });
    let others = others
        .iter()
        .map(|Slot { ident, .. }| quote! { #ident: self.#ident, });
    let about = if required.is_empty() {
        "Builds the value. It has no required fields, so this cannot fail.".to_owned()
    } else {
        "Builds the value.\n\n# Errors\n\nReturns an error that lists all required fields that are not set."
            .to_owned()
    };
    let mutability = (!required.is_empty()).then(|| quote! { mut });
    let text_name = name.to_string();
    quote! {
        #[doc = #about]
        #[allow(unused_variables)]
        pub fn build(self) -> Result<#name, crate::data::BuildError> {
            let #mutability missing: Vec<&'static str> = Vec::new();
            #(#checks)*
            match (#(self.#idents,)*) {
                (#(Some(#idents),)*) => Ok(#name { #(#idents,)* #(#others)* }),
                #[allow(unreachable_patterns)]
                _ => Err(crate::data::BuildError::new(#text_name, missing)),
            }
        }
    }
}

impl<'a> Slot<'a> {
    fn new(field: &'a Field, is_required: bool) -> Self {
        let ident = field.ident.as_ref().expect("structs have named fields");
        let presence = match (option_inner(&field.ty), patch_inner(&field.ty)) {
            _ if is_required => Presence::Required,
            (Some(inner), _) => Presence::Optional(inner),
            (None, Some(inner)) => Presence::Clearable(inner),
            (None, None) => unreachable!("`fields` makes every other field an `Option` or a `Patch`"),
        };
        Self {
            field,
            ident,
            name: ident.to_string().trim_start_matches("r#").to_owned(),
            presence,
        }
    }

    fn definition(&self) -> TokenStream {
        let (ident, ty) = (self.ident, &self.field.ty);
        match self.presence {
            Presence::Required => quote! { #ident: ::std::option::Option<#ty>, },
            Presence::Optional(_) | Presence::Clearable(_) => quote! { #ident: #ty, },
        }
    }

    fn setters(&self) -> TokenStream {
        let ident = self.ident;
        let attributes = self.field.attrs.iter();
        let docs = attributes.filter(|attribute| attribute.path().is_ident("doc"));
        let docs = quote! { #(#docs)* };
        let empty = self.empty_setter();
        let own = match self.presence {
            Presence::Required => {
                let (argument, value) = conversion(&self.field.ty);
                quote! {
                    #docs
                    ///
                    /// Required.
                    pub fn #ident(mut self, value: #argument) -> Self { self.#ident = Some(#value); self }
                }
            }
            Presence::Optional(inner) => {
                let (argument, value) = conversion(inner);
                quote! {
                    #docs
                    pub fn #ident(mut self, value: #argument) -> Self { self.#ident = Some(#value); self }
                }
            }
            Presence::Clearable(inner) => {
                let (argument, value) = conversion(inner);
                let clear = format_ident!("clear_{}", self.name);
                let about_clear = format!("Clears `{}` by sending `null`.", self.name);
                quote! {
                    #docs
                    pub fn #ident(mut self, value: #argument) -> Self { self.#ident = crate::data::Patch::Set(#value); self }
                    #[doc = #about_clear]
                    pub fn #clear(mut self) -> Self { self.#ident = crate::data::Patch::Clear; self }
                }
            }
        };
        quote! { #empty #own }
    }

    /// Returns a setter for an empty list, for which the generic setter cannot infer the type of the items.
    fn empty_setter(&self) -> Option<TokenStream> {
        let ty = &self.field.ty;
        if !is_list(option_inner(ty).unwrap_or(ty)) {
            return None;
        }
        let ident = self.ident;
        let empty = format_ident!("empty_{}", self.name);
        let about = format!("Sets `{}` to an empty list.", self.name);
        Some(quote! {
            #[doc = #about]
            pub fn #empty(mut self) -> Self { self.#ident = Some(Vec::new()); self }
        })
    }
}

/// Returns the type of a setter's argument for a value of type `ty`, and the expression that converts it.
fn conversion(ty: &Type) -> (TokenStream, TokenStream) {
    let Some(last) = last_segment(ty) else {
        return (quote! { #ty }, quote! { value });
    };
    let is_json = || ty.to_token_stream().to_string().contains("serde_json");
    match (last.ident.to_string().as_str(), arguments(last).as_slice()) {
        ("bool" | "i32" | "i64", _) => (quote! { #ty }, quote! { value }),
        ("Vec", [item]) => (
            quote! { impl IntoIterator<Item = impl Into<#item>> },
            quote! { value.into_iter().map(Into::into).collect() },
        ),
        (map, [_, item]) if map == "BTreeMap" || (map == "Map" && is_json()) => (
            quote! { impl IntoIterator<Item = (impl Into<String>, impl Into<#item>)> },
            quote! { value.into_iter().map(|(key, value)| (key.into(), value.into())).collect() },
        ),
        _ => (quote! { impl Into<#ty> }, quote! { value.into() }),
    }
}
