//! Generates the builders of the types that are sent in requests.
//!
//! A builder has a slot for each field. The slot of an optional field has the field's type, that of a required field
//! wraps it in an `Option`. A setter accepts the builder of a nested value, and a text for a decimal. If the conversion
//! fails, the builder keeps the error (`crate::data::Rejected`); `build` returns all of them, together with all required
//! fields that are not set.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use sequencehq_document::{Document, model};
use serde_json::Value;
use syn::{Field, ItemStruct, Type};

use super::debug;
use super::fields::json_name;
use super::types::{arguments, is_list, last_segment, option_inner, patch_inner};

/// Returns a builder for every type that is reachable from a request body.
pub fn code(document: &Document, types: &[ItemStruct]) -> TokenStream {
    let schemas = &document.root["components"]["schemas"];
    let requests = model::request_schemas(&document.root);
    let builders = types
        .iter()
        .filter(|item| requests.contains(&item.ident.to_string()))
        .map(|item| builder(item, schemas));
    let unions = requests
        .iter()
        .map(|name| union_conversions(name, &schemas[name]));
    builders.chain(unions).collect()
}

/// Lets the builder of a member be used where the union is expected.
fn union_conversions(name: &str, schema: &Value) -> TokenStream {
    let union = format_ident!("{name}");
    let members = schema["oneOf"].as_array().into_iter().flatten();
    members
        .filter_map(model::reference)
        .map(|member| {
            let member = format_ident!("{member}Builder");
            quote! {
                impl TryFrom<#member> for #union {
                    type Error = crate::data::BuildError;

                    #[inline]
                    fn try_from(builder: #member) -> Result<Self, Self::Error> { Ok(builder.build()?.into()) }
                }
            }
        })
        .collect()
}

/// Whether and how a field can be absent.
pub enum Presence<'a> {
    /// The field cannot be absent: `build` returns an error.
    Required,
    /// The field is an `Option` of this.
    Optional(&'a Type),
    /// The field is a `Patch` of this.
    Clearable(&'a Type),
}

impl<'a> Presence<'a> {
    pub fn of(field: &'a Field, is_required: bool) -> Self {
        match (option_inner(&field.ty), patch_inner(&field.ty)) {
            _ if is_required => Self::Required,
            (Some(inner), _) => Self::Optional(inner),
            (None, Some(inner)) => Self::Clearable(inner),
            (None, None) => unreachable!("`fields` makes every other field an `Option` or a `Patch`"),
        }
    }

    /// Returns the type of the field's value, if it is present.
    pub fn inner(&self, field: &'a Field) -> &'a Type {
        match self {
            Self::Required => &field.ty,
            Self::Optional(inner) | Self::Clearable(inner) => inner,
        }
    }
}

/// A field of a struct and its builder.
struct Slot<'a> {
    field: &'a Field,
    ident: &'a Ident,
    /// The name used in messages and in method names.
    name: String,
    presence: Presence<'a>,
    conversion: Conversion,
}

fn builder(item: &ItemStruct, schemas: &Value) -> TokenStream {
    let schema = &schemas[item.ident.to_string()];
    let required = model::strings(&schema["required"]);
    let slots: Vec<Slot<'_>> = item
        .fields
        .iter()
        .map(|field| Slot::new(field, required.contains(&json_name(field)), schemas))
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
            #[inline]
            pub fn builder() -> #builder { <#builder as ::std::default::Default>::default() }

            /// Sets a field that this version of the crate does not know, to be sent as it is.
            ///
            /// # Errors
            ///
            /// Returns an error for a field that the type has, and for a value that cannot be encoded as JSON.
            pub fn set_extra(
                &mut self,
                name: &str,
                value: impl ::serde::Serialize,
            ) -> Result<(), crate::data::BuildError> {
                self.extra.set::<Self>(name, &value)
            }
        }

        #[doc = #about_builder]
        #[derive(Clone, Default)]
        #debug
        #[must_use]
        pub struct #builder { #(#definitions)* extra: crate::data::Extra, rejected: crate::data::Rejected }

        impl #builder {
            #(#setters)*

            /// Sets a field that this version of the crate does not know, to be sent as it is. It is invalid for a field
            /// that has a setter.
            pub fn extra(mut self, name: &str, value: impl ::serde::Serialize) -> Self {
                self.rejected.extra(name, self.extra.set::<#name>(name, &value));
                self
            }

            #build
        }

        impl TryFrom<#builder> for #name {
            type Error = crate::data::BuildError;

            #[inline]
            fn try_from(builder: #builder) -> Result<Self, Self::Error> { builder.build() }
        }

        impl From<&#name> for #name {
            #[inline]
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
        "Builds the value.\n\n# Errors\n\nReturns an error that lists all invalid values."
    } else {
        "Builds the value.\n\n# Errors\n\nReturns an error that lists all required fields that are not set and all invalid values."
    };
    let mutability = (!required.is_empty()).then(|| quote! { mut });
    let text_name = name.to_string();
    quote! {
        #[doc = #about]
        #[inline]
        pub fn build(self) -> Result<#name, crate::data::BuildError> {
            let #mutability missing: Vec<&'static str> = Vec::new();
            #(#checks)*
            match (#(self.#idents,)*) {
                (#(Some(#idents),)*) if self.rejected.is_empty() => {
                    Ok(#name { #(#idents,)* #(#others)* extra: self.extra })
                }
                _ => Err(crate::data::BuildError::new(#text_name, missing, self.rejected)),
            }
        }
    }
}

impl<'a> Slot<'a> {
    fn new(field: &'a Field, is_required: bool, schemas: &Value) -> Self {
        let ident = field.ident.as_ref().expect("structs have named fields");
        let presence = Presence::of(field, is_required);
        let name = ident.to_string().trim_start_matches("r#").to_owned();
        assert!(
            name != "extra" && name != "rejected",
            "a builder has a field of its own with this name"
        );
        Self {
            field,
            ident,
            conversion: Conversion::of(presence.inner(field), &name, schemas, &quote! { self.rejected }),
            name,
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
        let docs = self.attributes("doc");
        let deprecated = self.attributes("deprecated");
        let empty = self.empty_setter();
        let Conversion { argument, value } = &self.conversion;
        let required =
            matches!(self.presence, Presence::Required).then(|| quote! { #[doc = "\n\nRequired."] });
        let stored = match (value, &self.presence) {
            (Converted::Always(value), Presence::Required | Presence::Optional(_)) => quote! { Some(#value) },
            (Converted::Always(value), Presence::Clearable(_)) => quote! { crate::data::Patch::Set(#value) },
            (Converted::Checked(value), Presence::Required | Presence::Optional(_)) => value.clone(),
            (Converted::Checked(value), Presence::Clearable(_)) => {
                quote! { #value.map_or(crate::data::Patch::Keep, crate::data::Patch::Set) }
            }
        };
        let clear = matches!(self.presence, Presence::Clearable(_)).then(|| {
            let clear = format_ident!("clear_{}", self.name);
            let about = format!("Clears `{}` by sending `null`.", self.name);
            let forget = self.forget();
            quote! {
                #[doc = #about]
                #deprecated
                #[inline]
                pub fn #clear(mut self) -> Self { #forget self.#ident = crate::data::Patch::Clear; self }
            }
        });
        let own = quote! {
            #docs
            #required
            #deprecated
            #[inline]
            pub fn #ident(mut self, value: #argument) -> Self { self.#ident = #stored; self }
            #clear
        };
        quote! { #empty #own }
    }

    /// Returns the attributes of the field with this name.
    fn attributes(&self, name: &str) -> TokenStream {
        let attributes = self.field.attrs.iter();
        let named = attributes.filter(|attribute| attribute.path().is_ident(name));
        quote! { #(#named)* }
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
        let forget = self.forget();
        let deprecated = self.attributes("deprecated");
        Some(quote! {
            #[doc = #about]
            #deprecated
            #[inline]
            pub fn #empty(mut self) -> Self { #forget self.#ident = Some(Vec::new()); self }
        })
    }

    /// Returns the statement that removes the errors of an earlier value.
    fn forget(&self) -> Option<TokenStream> {
        let name = &self.name;
        self.conversion
            .is_fallible()
            .then(|| quote! { self.rejected.forget(#name); })
    }
}

/// The argument of a setter, and its conversion into the value of the field.
pub struct Conversion {
    pub argument: TokenStream,
    pub value: Converted,
}

pub enum Converted {
    /// An expression with the value.
    Always(TokenStream),
    /// An expression with the `Option` of a value: `None` if the conversion failed.
    Checked(TokenStream),
}

impl Conversion {
    fn is_fallible(&self) -> bool {
        matches!(self.value, Converted::Checked(_))
    }

    /// Returns the conversion to a value of type `ty` for the field `name`. `rejected` is the expression of a place for
    /// its error.
    pub fn of(ty: &Type, name: &str, schemas: &Value, rejected: &TokenStream) -> Self {
        let always = |argument, value| Self {
            argument,
            value: Converted::Always(value),
        };
        let checked = |argument, value| Self {
            argument,
            value: Converted::Checked(value),
        };
        let Some(last) = last_segment(ty) else {
            return always(quote! { #ty }, quote! { value });
        };
        match (last.ident.to_string().as_str(), arguments(last).as_slice()) {
            ("bool" | "i32" | "i64", _) => always(quote! { #ty }, quote! { value }),
            ("Decimal", _) => checked(
                quote! { impl crate::data::IntoDecimal },
                quote! { #rejected.one(#name, crate::data::Convert::convert(value)) },
            ),
            ("NaiveDate", _) => always(
                quote! { impl crate::data::IntoDate },
                quote! { crate::data::Day::into_day(value) },
            ),
            ("DateTime", _) => always(
                quote! { impl crate::data::IntoTimestamp },
                quote! { crate::data::Instant::into_instant(value) },
            ),
            // A schema that contains itself.
            ("Box", [inner]) => checked(
                quote! { impl TryInto<#inner, Error: Into<crate::data::BuildError>> },
                quote! { #rejected.one(#name, value.try_into()).map(::std::boxed::Box::new) },
            ),
            ("Vec", [item]) if has_builder(item, schemas) => checked(
                quote! { impl IntoIterator<Item = impl TryInto<#item, Error: Into<crate::data::BuildError>>> },
                quote! { #rejected.list(#name, value) },
            ),
            ("Vec", [item]) => always(
                quote! { impl IntoIterator<Item = impl Into<#item>> },
                quote! { value.into_iter().map(Into::into).collect() },
            ),
            ("BTreeMap", [_, item]) if has_builder(item, schemas) => checked(
                quote! {
                    impl IntoIterator<Item = (impl Into<String>, impl TryInto<#item, Error: Into<crate::data::BuildError>>)>
                },
                quote! { #rejected.map(#name, value) },
            ),
            ("BTreeMap" | "Map", [_, item]) => always(
                quote! { impl IntoIterator<Item = (impl Into<String>, impl Into<#item>)> },
                quote! { value.into_iter().map(|(key, value)| (key.into(), value.into())).collect() },
            ),
            _ if has_builder(ty, schemas) => checked(
                quote! { impl TryInto<#ty, Error: Into<crate::data::BuildError>> },
                quote! { #rejected.one(#name, value.try_into()) },
            ),
            _ => always(quote! { impl Into<#ty> }, quote! { value.into() }),
        }
    }
}

/// Returns `true` if the type is a struct of the document, or a union of such structs.
fn has_builder(ty: &Type, schemas: &Value) -> bool {
    let schema = last_segment(ty).map(|last| &schemas[last.ident.to_string()]);
    schema.is_some_and(|schema| schema.get("properties").is_some() || schema.get("oneOf").is_some())
}
