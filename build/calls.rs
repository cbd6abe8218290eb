//! Writes the typed calls: an accessor for each tag, and for each operation a call with its setters.
//!
//! A call keeps typed arguments, turns them into what travels, and hands them to the generated
//! client. What every call can do besides (options, sending, awaiting) comes from the macros in
//! `src/call/`.

use heck::{ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use serde_json::Value;

use sequencehq_document::Document;
use sequencehq_document::model::{self, Kind, List, Operation, Parameter, Success, Tag};

use super::examples;
use super::versions::variant as version_variant;

const DOCS: &str = "https://docs.sequencehq.com";

/// The accessors, calls and the table of operations.
pub fn code(document: &Document) -> TokenStream {
    let root = &document.root;
    let operations = model::operations(root);
    let accessors = model::tags(root).into_iter().map(|tag| {
        let own: Vec<_> = operations
            .iter()
            .filter(|operation| operation.tag == tag.name)
            .collect();
        accessor(document, &tag, &own)
    });
    let calls = operations.iter().map(|operation| call(root, operation));
    let table = operations.iter().map(table_entry);
    quote! {
        /// What the client knows about each operation.
        pub(crate) mod table {
            use crate::call::{Operation, Repeat};
            use crate::ApiVersion;
            use ::http::Method;
            #(#table)*
        }
        #(#accessors)*
        #(#calls)*
    }
}

fn table_entry(operation: &Operation) -> TokenStream {
    let name = constant(operation);
    let Operation {
        id,
        path,
        status,
        is_event,
        ..
    } = operation;
    let method = method(&operation.method);
    let versions = operation.versions.iter().map(|version| version_variant(version));
    let former = operation.former.iter().map(|(version, (old_method, old_path))| {
        let version = version_variant(version);
        let old_method = self::method(old_method);
        quote! { (ApiVersion::#version, #old_method, #old_path) }
    });
    let repeat = match (operation.repeat.as_str(), operation.method.as_str()) {
        ("event-id", _) => quote! { Repeat::Safe },
        ("idempotency-key", _) => quote! { Repeat::WithKey },
        ("http", "get" | "put" | "delete") => quote! { Repeat::Safe },
        _ => quote! { Repeat::Never },
    };
    let is_download = operation.success == Success::Pdf;
    let needs_body = matches!(operation.success, Success::Json(_));
    quote! {
        pub(crate) static #name: Operation = Operation {
            id: #id,
            method: #method,
            path: #path,
            versions: &[#(ApiVersion::#versions),*],
            former: &[#(#former),*],
            repeat: #repeat,
            is_event: #is_event,
            status: #status,
            is_download: #is_download,
            has_body: #needs_body,
        };
    }
}

fn accessor(document: &Document, tag: &Tag, operations: &[&Operation]) -> TokenStream {
    let name = format_ident!("{}", tag.name);
    let ty = format_ident!("{}", tag.name.to_upper_camel_case());
    let about = tag.description.trim();
    let about_fn = format!(
        "{}\n\nSee [`{ty}`](crate::calls::{ty}) for the calls.",
        model::first_sentence(about)
    );
    let methods = operations
        .iter()
        .map(|operation| accessor_method(document, tag, operation));
    quote! {
        impl crate::Client {
            #[doc = #about_fn]
            pub fn #name(&self) -> #ty { #ty { client: self.clone() } }
        }

        #[doc = #about]
        #[derive(Clone, Debug)]
        pub struct #ty { client: crate::Client }

        impl #ty { #(#methods)* }
    }
}

fn accessor_method(document: &Document, tag: &Tag, operation: &Operation) -> TokenStream {
    let name = format_ident!("{}", verb(tag, operation));
    let call = call_type(operation);
    let constant = constant(operation);
    let arguments = arguments(operation);
    let parameters = arguments.iter().map(|(ident, ty, _)| quote! { #ident: #ty });
    let values = arguments
        .iter()
        .map(|(ident, _, value)| quote! { #ident: #value });
    let optional = setters(operation)
        .into_iter()
        .map(|(_, ident)| quote! { #ident: None });
    let about = method_docs(document, tag, operation);
    quote! {
        #[doc = #about]
        pub fn #name(&self, #(#parameters),*) -> #call {
            #call {
                call: crate::call::Call::new(&self.client, &table::#constant),
                #(#values,)*
                #(#optional,)*
            }
        }
    }
}

fn method_docs(document: &Document, tag: &Tag, operation: &Operation) -> String {
    let mut about = format!(
        "{}\n\n{}\n\n",
        operation.summary.trim(),
        operation.description.trim()
    );
    about += &format!(
        "Implements [`{} {}`]({DOCS}) (`{}`), in the API versions {}.",
        operation.method.to_uppercase(),
        operation.path,
        operation.vendor_id,
        operation
            .versions
            .iter()
            .map(|version| format!("`{version}`"))
            .collect::<Vec<_>>()
            .join(", "),
    );
    about += match (operation.repeat.as_str(), operation.method.as_str()) {
        ("http", _) => " Safe to repeat.",
        ("event-id", _) => " Safe to repeat, since a repeated `customerEventId` supersedes the first.",
        ("idempotency-key", _) => " Safe to repeat: an idempotency key is sent along.",
        _ => " Never repeated when the first attempt could have acted.",
    };
    about += "\n\n# Errors\n\nAs every call: see [`Error`](crate::Error).";
    if let Some(conflict) = &operation.conflict {
        about += &format!(
            " A conflict (409) says more: decode it with [`body_as`](crate::Error::body_as) as [`{conflict}`](types::{conflict})."
        );
    }
    about += &format!("\n\n# Example\n\n{}", examples::call(document, tag, operation));
    about
}

fn call(root: &Value, operation: &Operation) -> TokenStream {
    let ty = call_type(operation);
    let about = format!(
        "{}\n\nA call that is sent when it is awaited.",
        operation.summary.trim()
    );
    let fields: Vec<_> = stored(operation);
    let field_definitions = fields.iter().map(|(ident, ty)| quote! { #ident: #ty });
    let names: Vec<_> = fields.iter().map(|(ident, _)| ident).collect();
    let setters = setters(operation)
        .into_iter()
        .map(|(parameter, ident)| setter(parameter, &ident));
    let output = match &operation.success {
        Success::Json(schema) => {
            let schema = format_ident!("{schema}");
            quote! { types::#schema }
        }
        Success::Nothing => quote! { () },
        Success::Pdf => quote! { crate::Download },
    };
    let perform = perform(operation);
    let paged = operation.paginated.then(|| paged(root, operation));
    quote! {
        #[doc = #about]
        #[derive(Clone, Debug)]
        #[must_use = "a call is sent when it is awaited"]
        pub struct #ty {
            call: crate::call::Call,
            #(#field_definitions,)*
        }

        impl #ty { #(#setters)* }

        crate::call::call_methods! { #ty => #output, |this| {
            let #ty { call, #(#names),* } = this;
            #perform
        } }

        #paged
    }
}

/// The part of a call that turns its fields into what travels and waits for the answer.
fn perform(operation: &Operation) -> TokenStream {
    let path = operation.path_params.iter().map(|parameter| {
        let ident = argument_ident(&parameter.name);
        let name = &parameter.name;
        quote! { (#name, crate::call::query::Wire::wire(&#ident)) }
    });
    let query_texts = operation.query.iter().map(|parameter| {
        let ident = argument_ident(&parameter.name);
        let name = &parameter.name;
        let optional = if parameter.required { quote! { Some(&#ident) } } else { quote! { #ident.as_ref() } };
        match parameter.list {
            List::Single => {
                let bounded = parameter.bounds.map(|(low, high)| {
                    quote! { crate::call::query::within(#name, #ident, #low, #high).map_err(|input| call.refuse(input))?; }
                });
                quote! { #bounded let #ident = crate::call::query::one(#optional); }
            }
            List::Commas => {
                let encode = parameter.encode_items;
                quote! {
                    let #ident = crate::call::query::commas(#name, #optional, #encode)
                        .map_err(|input| call.refuse(input))?;
                }
            }
            List::Repeated => quote! { let #ident = crate::call::query::repeated(#optional); },
        }
    });
    let body = operation.body.as_ref().map(|_| {
        // Fixed before the first attempt, so that every attempt is the same event.
        let fix_event = (operation.repeat == "event-id").then(|| {
            quote! { body.customer_event_id.get_or_insert_with(crate::call::new_event_id); }
        });
        quote! {
            let mut body = body.map_err(|error| call.refuse(crate::error::InvalidInput::from(error)))?;
            #fix_event
        }
    });
    // The generator sorts parameters by kind and name.
    let mut ordered: Vec<(&str, TokenStream)> = Vec::new();
    for parameter in &operation.path_params {
        ordered.push((&parameter.name, quote! { crate::call::PATH_PLACEHOLDER }));
    }
    let mut queries: Vec<&Parameter> = operation.query.iter().collect();
    queries.sort_by_key(|parameter| parameter.name.to_snake_case());
    for parameter in queries {
        let ident = argument_ident(&parameter.name);
        let value = match (parameter.list, parameter.required) {
            (List::Repeated, false) => quote! { #ident.as_ref() },
            (List::Repeated, true) => quote! { &#ident.unwrap_or_default() },
            (_, false) => quote! { #ident.as_deref() },
            (_, true) => quote! { #ident.as_deref().unwrap_or_default() },
        };
        ordered.push((&parameter.name, value));
    }
    let mut values: Vec<TokenStream> = ordered.into_iter().map(|(_, value)| value).collect();
    if operation.body.is_some() {
        values.push(quote! { &body });
    }
    let function = format_ident!("{}", operation.id);
    let finish = match operation.success {
        Success::Json(_) => quote! { finish },
        Success::Nothing => quote! { finish_empty },
        Success::Pdf => quote! { finish_download },
    };
    quote! {
        #(#query_texts)*
        #body
        let client = call.start(&[#(#path),*])?;
        let result = client.#function(#(#values),*).await;
        crate::transport::#finish(client, result)
    }
}

fn paged(root: &Value, operation: &Operation) -> TokenStream {
    let ty = call_type(operation);
    let Success::Json(page) = &operation.success else {
        return TokenStream::new();
    };
    let item = &root["components"]["schemas"][page]["properties"]["items"]["items"];
    let page = format_ident!("{page}");
    let item = match model::reference(item) {
        Some(name) => {
            let name = format_ident!("{name}");
            quote! { types::#name }
        }
        None => quote! { ::serde_json::Value },
    };
    quote! { crate::call::paged_methods! { #ty => types::#page, #item } }
}

/// What a caller has to give: path parameters, required query parameters, the body.
fn arguments(operation: &Operation) -> Vec<(Ident, TokenStream, TokenStream)> {
    let required = operation.query.iter().filter(|parameter| parameter.required);
    let mut arguments: Vec<_> = operation
        .path_params
        .iter()
        .chain(required)
        .map(|parameter| {
            let ident = argument_ident(&parameter.name);
            let (argument, value) = take(parameter, &ident);
            (ident, argument, value)
        })
        .collect();
    if let Some(body) = &operation.body {
        let body = format_ident!("{body}");
        arguments.push((
            format_ident!("body"),
            quote! { impl TryInto<types::#body, Error: Into<crate::BuildError>> },
            quote! { body.try_into().map_err(Into::into) },
        ));
    }
    arguments
}

/// The fields that a call stores besides its options.
fn stored(operation: &Operation) -> Vec<(Ident, TokenStream)> {
    let parameters = operation
        .path_params
        .iter()
        .chain(&operation.query)
        .map(|parameter| {
            let ty = stored_type(parameter);
            let ty = if parameter.required {
                ty
            } else {
                quote! { Option<#ty> }
            };
            (argument_ident(&parameter.name), ty)
        });
    let body = operation.body.iter().map(|body| {
        let body = format_ident!("{body}");
        (
            format_ident!("body"),
            quote! { Result<types::#body, crate::BuildError> },
        )
    });
    parameters.chain(body).collect()
}

fn setters(operation: &Operation) -> Vec<(&Parameter, Ident)> {
    operation
        .query
        .iter()
        .filter(|parameter| !parameter.required)
        .map(|parameter| (parameter, argument_ident(&parameter.name)))
        .collect()
}

fn setter(parameter: &Parameter, ident: &Ident) -> TokenStream {
    let (argument, value) = take(parameter, ident);
    let about = parameter.description.trim();
    quote! {
        #[doc = #about]
        pub fn #ident(mut self, #ident: #argument) -> Self {
            self.#ident = Some(#value);
            self
        }
    }
}

/// The argument that a parameter takes, and how it becomes what is stored.
fn take(parameter: &Parameter, ident: &Ident) -> (TokenStream, TokenStream) {
    let one = value_type(&parameter.kind);
    match (parameter.list, &parameter.kind) {
        (List::Single, Kind::Boolean | Kind::Int32 | Kind::Int64) => (one, quote! { #ident }),
        (List::Single, _) => (quote! { impl Into<#one> }, quote! { #ident.into() }),
        _ => (
            quote! { impl IntoIterator<Item = impl Into<#one>> },
            quote! { #ident.into_iter().map(Into::into).collect() },
        ),
    }
}

fn stored_type(parameter: &Parameter) -> TokenStream {
    let one = value_type(&parameter.kind);
    match parameter.list {
        List::Single => one,
        List::Commas | List::Repeated => quote! { Vec<#one> },
    }
}

fn value_type(kind: &Kind) -> TokenStream {
    match kind {
        Kind::Named(name) => {
            let name = format_ident!("{name}");
            quote! { types::#name }
        }
        Kind::Text => quote! { String },
        Kind::Boolean => quote! { bool },
        Kind::Int32 => quote! { i32 },
        Kind::Int64 => quote! { i64 },
        Kind::Decimal => quote! { ::rust_decimal::Decimal },
        Kind::Date => quote! { ::chrono::NaiveDate },
        Kind::Instant => quote! { ::chrono::DateTime<::chrono::Utc> },
    }
}

/// The method of the accessor: what follows the resource in the operation's id.
pub fn verb<'a>(tag: &Tag, operation: &'a Operation) -> &'a str {
    operation
        .id
        .strip_prefix(&tag.resource)
        .and_then(|rest| rest.strip_prefix('_'))
        .expect("the rules make every operationId begin with its resource")
}

pub fn call_type(operation: &Operation) -> Ident {
    format_ident!("{}", operation.id.to_upper_camel_case())
}

/// The name of a parameter in Rust.
pub fn argument_ident(wire: &str) -> Ident {
    let name = wire.to_snake_case();
    // What a path calls `type` would need escaping at every use.
    if name == "type" {
        format_ident!("kind")
    } else {
        format_ident!("{name}")
    }
}

fn constant(operation: &Operation) -> Ident {
    format_ident!("{}", operation.id.to_shouty_snake_case())
}

fn method(method: &str) -> TokenStream {
    let method = format_ident!("{}", method.to_uppercase());
    quote! { Method::#method }
}
