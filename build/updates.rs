//! Generates the way from read to write: the builder of a body with the values of a resource (`CustomerUpdate::from`).
//!
//! `sequencehq_document::updates` decides what belongs together. A value of the same type is cloned; every other one
//! goes through the setter, which converts it and keeps the errors of nested builders. An object in a body is made by a
//! function of its own, which all bodies share. The documentation of each function lists what it does not carry over.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use heck::ToSnakeCase as _;
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens as _, format_ident, quote};
use sequencehq_document::updates::{self, Carried, Making, Pair, Shape};
use sequencehq_document::{Document, model};
use serde_json::Value;
use syn::{Field, ItemStruct, Type};

use super::fields::json_name;
use super::types::{box_inner, option_inner, patch_inner};
use super::update_docs::{self, argument};
use super::versions::variant;

/// Returns the functions of all pairs of a body and a resource.
pub fn code(document: &Document, types: &[ItemStruct]) -> TokenStream {
    let pairs = updates::pairs(&document.root);
    let updates = Updates {
        root: &document.root,
        pairs: &pairs,
        types: types.iter().map(|item| (item.ident.to_string(), item)).collect(),
    };
    pairs.iter().map(|pair| updates.functions(pair)).collect()
}

/// Generates a list of the operations whose body can be made of a resource, each with a function that does so with JSON,
/// for the tests.
pub fn every_update(document: &Document) -> String {
    let pairs = updates::pairs(&document.root);
    let mut code = "[\n".to_owned();
    for operation in model::operations(&document.root) {
        if let Some(Ok((body, resource))) = updates::outcome(&document.root, &operation) {
            let (from, from_in) = function_names(&pairs, &body, &resource);
            let _ = writeln!(
                code,
                "({:?}, |read, version| made(read, |read: &{resource}| match version {{ \
                 None => {body}::{from}(read), Some(version) => {body}::{from_in}(read, version) }}, {body}Builder::build)),",
                operation.id,
            );
        }
    }
    code + "]\n"
}

/// Returns the names of the public functions. The first resource of which a body is made needs none of its own.
fn function_names(pairs: &[Pair], body: &str, resource: &str) -> (String, String) {
    let first = pairs.iter().find(|pair| pair.body == body);
    let name = match first {
        Some(first) if first.resource != resource => format!("from_{}", resource.to_snake_case()),
        _ => "from".to_owned(),
    };
    let name_in = format!("{name}_in");
    (name, name_in)
}

struct Updates<'a> {
    root: &'a Value,
    pairs: &'a [Pair],
    types: BTreeMap<String, &'a ItemStruct>,
}

impl Updates<'_> {
    fn functions(&self, pair: &Pair) -> TokenStream {
        let [body, resource] = [&pair.body, &pair.resource].map(|name| format_ident!("{name}"));
        let builder = format_ident!("{body}Builder");
        let argument = format_ident!("{}", argument(&pair.resource));
        let (from, from_in) = function_names(self.pairs, &pair.body, &pair.resource);
        let made = made(&pair.resource);
        let statements = self.statements(pair, &argument);
        let about = update_docs::from(self.root, self.pairs, pair, &from_in);
        let about_in = update_docs::from_in(self.root, self.pairs, pair, &from);
        let [from, from_in] = [from, from_in].map(|name| format_ident!("{name}"));
        quote! {
            impl #body {
                #[doc = #about]
                #[inline]
                pub fn #from(#argument: &#resource) -> #builder { Self::#made(#argument, None) }

                #[doc = #about_in]
                #[inline]
                pub fn #from_in(#argument: &#resource, version: crate::version::ApiVersion) -> #builder {
                    Self::#made(#argument, Some(version))
                }

                #[allow(unused_variables)]
                #[inline]
                fn #made(#argument: &#resource, version: Option<crate::version::ApiVersion>) -> #builder {
                    let mut builder = Self::builder();
                    builder.extra = #argument.extra.for_another::<Self>();
                    #statements
                    builder
                }
            }
        }
    }

    fn statements(&self, pair: &Pair, resource: &Ident) -> TokenStream {
        let of_equal_versions = pair.carried.chunk_by(|one, next| one.versions == next.versions);
        let blocks = of_equal_versions.map(|chunk| {
            let statements = chunk.iter().map(|carried| self.statement(pair, carried, resource));
            let statements = quote! { #(#statements)* };
            let versions = &chunk[0].versions;
            if versions.is_empty() {
                return statements;
            }
            let versions = versions.iter().map(|version| variant(version));
            quote! {
                if version.is_none_or(|version| matches!(version, #(crate::version::ApiVersion::#versions)|*)) {
                    #statements
                }
            }
        });
        quote! { #(#blocks)* }
    }

    fn statement(&self, pair: &Pair, carried: &Carried, resource: &Ident) -> TokenStream {
        let to = self.field(&pair.body, &carried.name);
        let from = self.field(&pair.resource, &carried.source);
        let (Some(setter), Some(source)) = (&to.ident, &from.ident) else {
            unreachable!("structs have named fields");
        };
        let optional = option_inner(&from.ty);
        let sent = option_inner(&to.ty)
            .or_else(|| patch_inner(&to.ty))
            .unwrap_or(&to.ty);
        let read = optional.unwrap_or(&from.ty);
        let is_plain = carried.making == Making::Same && carried.member.is_none();
        if is_plain && text(sent) == text(read) {
            let value = match (patch_inner(&to.ty).is_some(), optional.is_some()) {
                (true, true) => quote! { crate::data::Patch::carry(#resource.#source.clone()) },
                (true, false) => quote! { crate::data::Patch::Set(#resource.#source.clone()) },
                (false, true) => quote! { #resource.#source.clone() },
                (false, false) => quote! { Some(#resource.#source.clone()) },
            };
            return quote! { builder.#setter = #value; };
        }
        let value = self.converted(carried, box_inner(read).is_some());
        match optional {
            Some(_) => quote! {
                if let Some(value) = &#resource.#source { builder = builder.#setter(#value); }
            },
            None => quote! {
                let value = &#resource.#source;
                builder = builder.#setter(#value);
            },
        }
    }

    /// Returns the argument of the setter for `value`, what the resource has.
    fn converted(&self, carried: &Carried, is_boxed: bool) -> TokenStream {
        let one = self.one(carried, is_boxed);
        match carried.shape {
            Shape::One => one,
            Shape::List => quote! { value.iter().map(|value| #one) },
            Shape::Map => quote! { value.iter().map(|(key, value)| (key.clone(), #one)) },
        }
    }

    fn one(&self, carried: &Carried, is_boxed: bool) -> TokenStream {
        let member = carried.member.as_ref();
        let member = member.map(|member| &self.field(&member.of, &member.name).ident);
        if let Making::Pair(body, resource) = &carried.making {
            let (body, made) = (format_ident!("{body}"), made(resource));
            // A reference to a box becomes one to its content.
            let value = member.map_or(quote! { value }, |member| quote! { &value.#member });
            return quote! { #body::#made(#value, version) };
        }
        match member {
            Some(member) => quote! { value.#member.clone() },
            None if is_boxed => quote! { (**value).clone() },
            None => quote! { value.clone() },
        }
    }

    fn field(&self, schema: &str, name: &str) -> &Field {
        let fields = self.types.get(schema).map(|item| item.fields.iter());
        let mut named = fields
            .into_iter()
            .flatten()
            .filter(|field| json_name(field) == name);
        named
            .next()
            .unwrap_or_else(|| unreachable!("`{schema}` has the property `{name}`"))
    }
}

/// Returns the name of the function behind the public ones of a pair.
fn made(resource: &str) -> Ident {
    format_ident!("made_of_{}", resource.to_snake_case())
}

fn text(ty: &Type) -> String {
    ty.to_token_stream().to_string()
}
