//! Generates the typed calls: an accessor for each tag, and a call with its setters for each operation.
//!
//! A call stores typed arguments and converts them into a request of the generated client. The behavior shared by all
//! calls (options, sending, awaiting, pagination) is in `src/call/`.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use serde_json::Value;

use sequencehq_document::model::{
    self, List, Operation, Parameter, ParameterType, Success, Tag, path_parameters,
};
use sequencehq_document::{Document, Faults, escape, names, updates};

use super::differences::Differences;
use super::requests::Requests;
use super::simplify::{former_endpoints, text_name};
use super::versions::variant as version_variant;
use super::{defined, entries, examples};

const DOCS: &str = "https://docs.sequencehq.com";

/// Generates the calls of all operations, and the structs that the accessors return.
pub fn code(document: &Document, requests: &Requests) -> Result<TokenStream, Faults> {
    let operations = model::operations(&document.root);
    let differences = Differences::of(&document.root);
    let accessors = model::tags(&document.root).into_iter().map(|tag| {
        let own: Vec<_> = operations
            .iter()
            .filter(|operation| operation.tag == tag.name)
            .collect();
        accessor(document, &tag, &own)
    });
    let mut calls = Vec::new();
    let mut faults = Vec::new();
    let tags = model::tags(&document.root);
    for operation in &operations {
        let Some(tag) = tags.iter().find(|tag| tag.name == operation.tag) else {
            continue;
        };
        match call(document, tag, &operations, &differences, operation, requests) {
            Ok(call) => calls.push(call),
            Err(problem) => {
                let pointer = format!("/paths/{}/{}", escape(&operation.path), operation.method);
                faults.push(document.fault(&pointer, problem));
            }
        }
    }
    if faults.is_empty() {
        let tables = differences.tables(&operations);
        let entries = entries::table(document, &differences);
        Ok(quote! { #(#accessors)* #(#calls)* #tables #entries })
    } else {
        Err(Faults(faults))
    }
}

/// Generates the accessor methods of the client.
pub fn accessors(document: &Document) -> TokenStream {
    let methods = model::tags(&document.root).into_iter().map(|tag| {
        let name = format_ident!("{}", tag.name);
        let ty = accessor_type(&tag);
        let about = format!(
            "{}\n\nSee [`{ty}`](crate::calls::{ty}) for the available calls.",
            model::first_sentence(&tag.description)
        );
        quote! {
            #[doc = #about]
            #[inline]
            pub fn #name(&self) -> crate::calls::#ty { crate::calls::#ty::new(self.scope()) }
        }
    });
    quote! { impl Client { #(#methods)* } }
}

/// Returns the name of the struct with the calls of a tag, such as `InvoicesApi`.
pub fn accessor_type(tag: &Tag) -> Ident {
    format_ident!("{}", names::accessor_type(&tag.name))
}

/// Generates the static description of an operation.
fn description(root: &Value, operation: &Operation) -> TokenStream {
    let id = &operation.id;
    let versions = operation.versions.iter().map(|version| version_variant(version));
    let repeat = match (operation.repeat.as_str(), operation.method.as_str()) {
        ("event-id", _) => quote! { Repeat::Safe },
        ("idempotency-key", _) => quote! { Repeat::WithKey },
        ("http", "get") | ("safe", "put" | "delete") => quote! { Repeat::Safe },
        _ => quote! { Repeat::Never },
    };
    let quota = if operation.is_event {
        quote! { Quota::Events }
    } else {
        quote! { Quota::Requests }
    };
    let content = match operation.success {
        Success::Json(_) => {
            let envelopes: BTreeSet<&String> = operation.envelopes.values().collect();
            match &operation.bare_list {
                Some(list) => quote! { Content::List(#list) },
                None if envelopes.is_empty() => quote! { Content::Json },
                None => quote! { Content::Enclosed(&[#(#envelopes),*]) },
            }
        }
        Success::Nothing => quote! { Content::Nothing },
        Success::Pdf => quote! { Content::File },
    };
    let route_of = |method: &str, path: &str| {
        let method = method.to_uppercase();
        quote! { Route { method: #method, path: #path } }
    };
    let route = route_of(&operation.method, &operation.path);
    let former_routes = operation.former.iter().map(|(version, (method, path))| {
        let (version, route) = (version_variant(version), route_of(method, path));
        quote! { (ApiVersion::#version, #route) }
    });
    let (query, fields) = (defined::query(operation), defined::fields(root, operation));
    quote! {
        Operation {
            id: #id,
            versions: &[#(ApiVersion::#versions),*],
            repeat: #repeat,
            quota: #quota,
            content: #content,
            route: #route,
            former_routes: &[#(#former_routes),*],
            query: #query,
            fields: #fields,
        }
    }
}

fn accessor(document: &Document, tag: &Tag, operations: &[&Operation]) -> TokenStream {
    let ty = accessor_type(tag);
    let about = tag.description.trim();
    let methods = operations
        .iter()
        .map(|operation| accessor_method(document, tag, operation));
    quote! {
        #[doc = #about]
        #[derive(Clone, Debug)]
        pub struct #ty { scope: Scope }

        impl #ty {
            pub(crate) fn new(scope: Scope) -> Self { Self { scope } }
            #(#methods)*
        }
    }
}

fn accessor_method(document: &Document, tag: &Tag, operation: &Operation) -> TokenStream {
    let name = format_ident!("{}", verb(tag, operation));
    let call = call_type(operation);
    let arguments = arguments(operation);
    let parameters = arguments.iter().map(|(ident, ty, _)| quote! { #ident: #ty });
    let values = arguments
        .iter()
        .map(|(ident, _, value)| quote! { #ident: #value });
    let optional = setters(operation)
        .into_iter()
        .map(|(_, ident)| quote! { #ident: None });
    let about = method_docs(document, tag, operation);
    let deprecated = operation.deprecated.then(|| quote! { #[deprecated] });
    let alias = alias(operation, &name);
    quote! {
        #[doc = #about]
        #alias
        #deprecated
        #[inline]
        pub fn #name(&self, #(#parameters),*) -> #call {
            #call {
                call: Call::new(&self.scope),
                #(#values,)*
                #(#optional,)*
            }
        }
    }
}

/// Returns the attribute with which the search of the documentation finds a method by the vendor's name of its operation.
fn alias(operation: &Operation, method: &Ident) -> Option<TokenStream> {
    let vendor_id = &operation.vendor_id;
    let is_word = |text: &str| {
        text.chars()
            .all(|char| char.is_ascii_alphanumeric() || char == '_')
    };
    let is_other = !vendor_id.is_empty() && method != vendor_id;
    (is_other && is_word(vendor_id)).then(|| quote! { #[doc(alias = #vendor_id)] })
}

/// Returns the documentation of an accessor method: what the call does, its facts, and an example.
fn method_docs(document: &Document, tag: &Tag, operation: &Operation) -> String {
    let call = call_type(operation);
    format!(
        "{}\n\n{}\n\n{} Options and parameters are described at [`{call}`].\n\n{}\n\n# Example\n\n{}",
        operation.summary.trim(),
        operation.description.trim(),
        facts(operation),
        errors(operation),
        examples::call(document, tag, operation),
    )
}

/// Returns the documentation of a call, which is complete on its own page.
fn call_docs(document: &Document, tag: &Tag, operation: &Operation) -> String {
    let (accessor, method) = (accessor_type(tag), verb(tag, operation));
    let returns = match &operation.success {
        Success::Json(schema) => format!("[`{schema}`](types::{schema})"),
        Success::Nothing => "`()`".to_owned(),
        Success::Pdf => "a [`Download`]".to_owned(),
    };
    let paged = if operation.paginated {
        ", or a stream of all items with [`items`](Self::items)"
    } else {
        ""
    };
    let mut about = format!(
        "{}\n\n{}\n\nCreated by [`{accessor}::{method}`]. The call is sent when it is awaited, and returns {returns}{paged}.\n\n{}\n\n",
        operation.summary.trim(),
        operation.description.trim(),
        facts(operation),
    );
    let required = operation.query.iter().filter(|parameter| parameter.required);
    let mut lines: Vec<String> = operation
        .path_params
        .iter()
        .chain(required)
        .map(|parameter| {
            let ident = argument_ident(parameter);
            format!(
                "- `{ident}`: {}. {}",
                type_link(parameter),
                parameter.description.trim()
            )
        })
        .collect();
    if let Some(body) = &operation.body {
        let is_union = document.root["components"]["schemas"][body]
            .get("oneOf")
            .is_some();
        let builder = if is_union {
            "the builder of one of its members".to_owned()
        } else {
            format!("its [builder](types::{body}::builder)")
        };
        let made = match updates::outcome(&document.root, operation) {
            Some(Ok((_, resource))) => format!(
                " [`{body}::from`](types::{body}::from) makes it of a [`{resource}`](types::{resource}) that was read."
            ),
            _ => String::new(),
        };
        lines.push(format!(
            "- `body`: [`{body}`](types::{body}), or {builder}.{made}"
        ));
    }
    if operation.query.iter().any(|parameter| !parameter.required) {
        lines.push("- Optional parameters are set by the methods of this type.".to_owned());
    }
    if !lines.is_empty() {
        about += &format!("# Parameters\n\n{}\n\n", lines.join("\n"));
    }
    about += &format!(
        "{}\n\n# Example\n\n{}",
        errors(operation),
        examples::call(document, tag, operation)
    );
    about
}

/// Returns the type of a parameter, with a link if it is a type of the crate.
fn type_link(parameter: &Parameter) -> String {
    let one = match &parameter.value_type {
        ParameterType::Named(name) => format!("[`{name}`](types::{name})"),
        ParameterType::Text => "text".to_owned(),
        ParameterType::Boolean => "`bool`".to_owned(),
        ParameterType::Int32 => "`i32`".to_owned(),
        ParameterType::Int64 => "`i64`".to_owned(),
        ParameterType::Decimal => "[`Decimal`](crate::Decimal)".to_owned(),
        ParameterType::Date => "[`NaiveDate`](crate::NaiveDate)".to_owned(),
        ParameterType::Instant => "[`DateTime<Utc>`](crate::DateTime)".to_owned(),
    };
    match parameter.list {
        List::Single => one,
        List::Commas | List::Repeated => format!("list of {one}"),
    }
}

/// Returns the endpoint of a call, its versions and its repeat rule.
fn facts(operation: &Operation) -> String {
    let versions: Vec<String> = operation
        .versions
        .iter()
        .map(|version| format!("`{version}`"))
        .collect();
    let mut facts = format!(
        "Sends [`{} {}`]({DOCS}) (`{}`). Available in API {} {}.",
        operation.method.to_uppercase(),
        operation.path,
        operation.vendor_id,
        if versions.len() == 1 {
            "version"
        } else {
            "versions"
        },
        versions.join(", "),
    );
    facts += match (operation.repeat.as_str(), operation.method.as_str()) {
        ("http" | "safe", _) => " Safe to retry.",
        ("event-id", _) => {
            " Safe to retry, since an event with the same `customerEventId` replaces the first."
        }
        ("idempotency-key", _) => " Safe to retry, since the call sends an idempotency key.",
        _ => " Not retried if an attempt may have been processed.",
    };
    if let Some(reason) = &operation.repeat_reason {
        facts += &format!(" {}", reason.trim());
    }
    facts
}

fn errors(operation: &Operation) -> String {
    let mut errors = "# Errors\n\nReturns an [`Error`] if the call fails.".to_owned();
    if let Some(conflict) = &operation.conflict {
        errors += &format!(
            " A conflict (409) has details of the type [`{conflict}`](types::{conflict}): see [`conflict`](crate::Error::conflict)."
        );
    }
    errors
}

fn call(
    document: &Document,
    tag: &Tag,
    operations: &[Operation],
    differences: &Differences<'_>,
    operation: &Operation,
    requests: &Requests,
) -> Result<TokenStream, String> {
    let ty = call_type(operation);
    let about = call_docs(document, tag, operation);
    let fields = stored(operation)
        .into_iter()
        .map(|(ident, ty)| quote! { #ident: #ty });
    let setters = setters(operation)
        .into_iter()
        .map(|(parameter, ident)| setter(parameter, &ident));
    let (output, receive) = output(operation);
    let description = description(&document.root, operation);
    let prepare = prepare(operation);
    let request = request(operations, differences, operation, requests)?;
    let paged = operation.paginated.then(|| paged(&document.root, operation));
    let file = (operation.success == Success::Pdf).then(|| {
        quote! {
            #[cfg(feature = "emulator")]
            impl crate::call::returns::Returns<::bytes::Bytes> for #ty {}
        }
    });
    Ok(quote! {
        #[doc = #about]
        #[derive(Clone, Debug)]
        #[must_use = "calls do nothing unless awaited"]
        pub struct #ty {
            call: Call,
            #(#fields,)*
        }

        impl #ty { #(#setters)* }

        impl Endpoint for #ty {
            type Output = #output;

            const OPERATION: &'static Operation = &#description;

            fn call(&self) -> &Call { &self.call }

            #prepare

            fn request(&self, requests: &Requests, version: ApiVersion) -> Result<Request, InvalidInput> {
                #request
            }

            fn receive(received: Received) -> Result<Response<Self::Output>, Error> { #receive }
        }

        crate::call::endpoint!(#ty, #output);

        #paged
        #file
    })
}

/// Returns the type of a response, and the expression that decodes it.
fn output(operation: &Operation) -> (TokenStream, TokenStream) {
    match &operation.success {
        Success::Json(schema) => {
            let schema = format_ident!("{schema}");
            (quote! { types::#schema }, quote! { received.json() })
        }
        Success::Nothing => (quote! { () }, quote! { Ok(received.nothing()) }),
        Success::Pdf => (quote! { Download }, quote! { Download::pdf(received) }),
    }
}

/// Generates `Endpoint::prepare`, which sets the id of an event before the first attempt, so that every attempt sends
/// the same event.
fn prepare(operation: &Operation) -> Option<TokenStream> {
    (operation.repeat == "event-id").then(|| {
        quote! {
            fn prepare(&mut self) {
                if let Ok(body) = &mut self.body {
                    body.customer_event_id.get_or_insert_with(crate::call::new_event_id);
                }
            }
        }
    })
}

/// Generates the body of `Endpoint::request`, which converts typed arguments into text and calls the method of the
/// version.
fn request(
    operations: &[Operation],
    differences: &Differences<'_>,
    operation: &Operation,
    requests: &Requests,
) -> Result<TokenStream, String> {
    let path = operation.path_params.iter().map(|parameter| {
        let (text, ident, name) = (text_ident(parameter), argument_ident(parameter), &parameter.name);
        let siblings = literal_siblings(operations, operation, name);
        quote! { let #text = segment(#name, &self.#ident, &[#(#siblings),*])?; }
    });
    let query = operation.query.iter().map(query_text);
    let body = operation.body.as_ref().map(|_| {
        quote! { let body = self.body.as_ref().map_err(InvalidInput::from)?; }
    });
    let checks = differences.checks(operation);
    let method = format_ident!("{}", operation.id);
    let arguments = request_arguments(operation, requests.arguments(&operation.id))?;
    let mut former = Vec::new();
    for endpoint in former_endpoints(operation) {
        let method = format_ident!("{}", endpoint.method_name);
        let arguments = request_arguments(operation, requests.arguments(&endpoint.method_name))?;
        let versions = endpoint.versions.iter().map(|version| version_variant(version));
        former.push(quote! { #(ApiVersion::#versions)|* => requests.#method(#(#arguments),*), });
    }
    let newest = quote! { requests.#method(#(#arguments),*) };
    let chosen = if former.is_empty() {
        newest
    } else {
        quote! { match version { #(#former)* _ => #newest } }
    };
    Ok(quote! {
        #(#path)*
        #(#query)*
        #body
        #checks
        #chosen.map_err(InvalidInput::unbuildable)
    })
}

/// Converts a query argument into the text that is sent.
fn query_text(parameter: &Parameter) -> TokenStream {
    let (text, ident, name) = (text_ident(parameter), argument_ident(parameter), &parameter.name);
    let optional = if parameter.required {
        quote! { Some(&self.#ident) }
    } else {
        quote! { self.#ident.as_ref() }
    };
    match parameter.list {
        List::Single => {
            let bounded = parameter
                .bounds
                .map(|(low, high)| quote! { query::within(#name, #optional, #low, #high)?; });
            quote! { #bounded let #text = query::one(#optional); }
        }
        List::Commas => {
            let encode = parameter.encode_items;
            quote! { let #text = query::commas(#name, #optional, #encode)?; }
        }
        List::Repeated => quote! { let #text = query::repeated(#optional); },
    }
}

/// Returns the arguments of a generated method, in the order of its signature.
fn request_arguments(operation: &Operation, signature: &[String]) -> Result<Vec<TokenStream>, String> {
    let values: Vec<TokenStream> = signature
        .iter()
        .map(|argument| {
            let is_this = |parameter: &&Parameter| text_name(parameter) == *argument;
            if let Some(parameter) = operation.path_params.iter().find(is_this) {
                let text = text_ident(parameter);
                Ok(quote! { &#text })
            } else if let Some(parameter) = operation.query.iter().find(is_this) {
                Ok(query_value(parameter))
            } else if argument == "body" && operation.body.is_some() {
                Ok(quote! { body })
            } else {
                Err(format!(
                    "the generated method has an argument `{argument}` that no parameter provides"
                ))
            }
        })
        .collect::<Result<_, _>>()?;
    let wanted = operation.path_params.len() + operation.query.len() + usize::from(operation.body.is_some());
    if values.len() == wanted {
        Ok(values)
    } else {
        Err(format!(
            "the generated method has {} arguments, the operation {wanted} parameters",
            values.len()
        ))
    }
}

fn query_value(parameter: &Parameter) -> TokenStream {
    let text = text_ident(parameter);
    match (parameter.list, parameter.required) {
        (List::Repeated, false) => quote! { #text.as_ref() },
        (List::Repeated, true) => quote! { &#text.unwrap_or_default() },
        (_, false) => quote! { #text.as_deref() },
        (_, true) => quote! { #text.as_deref().unwrap_or_default() },
    }
}

fn text_ident(parameter: &Parameter) -> Ident {
    format_ident!("{}", text_name(parameter))
}

/// Returns the literal segments of other paths at the position of a path parameter. As its value, each of them would
/// call another operation.
pub fn literal_siblings(operations: &[Operation], operation: &Operation, parameter: &str) -> Vec<String> {
    let mut literals = std::collections::BTreeSet::new();
    // In a former path the parameter may have another name, but has the same position among the parameters.
    let Some(index) = path_parameters(&operation.path).position(|name| name == parameter) else {
        return Vec::new();
    };
    for (method, path) in endpoints(operation) {
        let own: Vec<&str> = path.split('/').collect();
        let mut parameters = own
            .iter()
            .enumerate()
            .filter(|(_, segment)| segment.starts_with('{'));
        let Some((position, _)) = parameters.nth(index) else {
            continue;
        };
        for (other_method, other_path) in operations.iter().flat_map(endpoints) {
            let other: Vec<&str> = other_path.split('/').collect();
            let is_reachable = other_method == method
                && other.len() == own.len()
                && own.iter().zip(&other).enumerate().all(|(index, (own, other))| {
                    index == position || own == other || own.starts_with('{') || other.starts_with('{')
                });
            if is_reachable && !other[position].starts_with('{') {
                literals.insert(other[position].to_owned());
            }
        }
    }
    literals.into_iter().collect()
}

/// Returns the method and path of an operation in every version.
fn endpoints(operation: &Operation) -> Vec<(&str, &str)> {
    let former = operation
        .former
        .values()
        .map(|(method, path)| (method.as_str(), path.as_str()));
    std::iter::once((operation.method.as_str(), operation.path.as_str()))
        .chain(former)
        .collect()
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
    quote! { crate::call::paged_endpoint!(#ty, types::#page, #item); }
}

/// Returns the arguments of an accessor method: path parameters, required query parameters and the body.
fn arguments(operation: &Operation) -> Vec<(Ident, TokenStream, TokenStream)> {
    let required = operation.query.iter().filter(|parameter| parameter.required);
    let mut arguments: Vec<_> = operation
        .path_params
        .iter()
        .chain(required)
        .map(|parameter| {
            let ident = argument_ident(parameter);
            let (argument, value) = argument(parameter, &ident);
            (ident, argument, value)
        })
        .collect();
    if let Some(body) = &operation.body {
        let body = format_ident!("{body}");
        arguments.push((
            format_ident!("body"),
            quote! { impl TryInto<types::#body, Error: Into<BuildError>> },
            quote! { body.try_into().map_err(Into::into) },
        ));
    }
    arguments
}

/// Returns the fields of a call besides its options.
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
            (argument_ident(parameter), ty)
        });
    let body = operation.body.iter().map(|body| {
        let body = format_ident!("{body}");
        (format_ident!("body"), quote! { Result<types::#body, BuildError> })
    });
    parameters.chain(body).collect()
}

fn setters(operation: &Operation) -> Vec<(&Parameter, Ident)> {
    operation
        .query
        .iter()
        .filter(|parameter| !parameter.required)
        .map(|parameter| (parameter, argument_ident(parameter)))
        .collect()
}

fn setter(parameter: &Parameter, ident: &Ident) -> TokenStream {
    let about = parameter.description.trim();
    let deprecated = parameter.deprecated.then(|| quote! { #[deprecated] });
    if (parameter.list, &parameter.value_type) == (List::Single, &ParameterType::Decimal) {
        let name = &parameter.name;
        return quote! {
            #[doc = #about]
            #deprecated
            #[inline]
            pub fn #ident(mut self, #ident: impl IntoDecimal) -> Self {
                self.#ident = self.call.decimal(#name, #ident);
                self
            }
        };
    }
    let (argument, value) = argument(parameter, ident);
    quote! {
        #[doc = #about]
        #deprecated
        #[inline]
        pub fn #ident(mut self, #ident: #argument) -> Self {
            self.#ident = Some(#value);
            self
        }
    }
}

/// Returns the type of a parameter's argument, and the expression that converts it into the stored value.
fn argument(parameter: &Parameter, ident: &Ident) -> (TokenStream, TokenStream) {
    let one = value_type(&parameter.value_type);
    match (parameter.list, &parameter.value_type) {
        (List::Single, ParameterType::Boolean | ParameterType::Int32 | ParameterType::Int64) => {
            (one, quote! { #ident })
        }
        (List::Single, ParameterType::Date) => (
            quote! { impl crate::data::IntoDate },
            quote! { crate::data::Day::into_day(#ident) },
        ),
        (List::Single, ParameterType::Instant) => (
            quote! { impl crate::data::IntoTimestamp },
            quote! { crate::data::Instant::into_instant(#ident) },
        ),
        (List::Single, _) => (quote! { impl Into<#one> }, quote! { #ident.into() }),
        _ => (
            quote! { impl IntoIterator<Item = impl Into<#one>> },
            quote! { #ident.into_iter().map(Into::into).collect() },
        ),
    }
}

fn stored_type(parameter: &Parameter) -> TokenStream {
    let one = value_type(&parameter.value_type);
    match parameter.list {
        List::Single => one,
        List::Commas | List::Repeated => quote! { Vec<#one> },
    }
}

fn value_type(value_type: &ParameterType) -> TokenStream {
    match value_type {
        ParameterType::Named(name) => {
            let name = format_ident!("{name}");
            quote! { types::#name }
        }
        ParameterType::Text => quote! { String },
        ParameterType::Boolean => quote! { bool },
        ParameterType::Int32 => quote! { i32 },
        ParameterType::Int64 => quote! { i64 },
        ParameterType::Decimal => quote! { ::rust_decimal::Decimal },
        ParameterType::Date => quote! { ::chrono::NaiveDate },
        ParameterType::Instant => quote! { ::chrono::DateTime<::chrono::Utc> },
    }
}

/// Returns the name of the accessor method, which is the operation's id without the resource.
pub fn verb<'a>(tag: &Tag, operation: &'a Operation) -> &'a str {
    names::method(&tag.resource, &operation.id)
        .expect("the rules make every operationId begin with its resource")
}

/// Returns the name of the struct of a call, such as `InvoiceVoidCall`.
pub fn call_type(operation: &Operation) -> Ident {
    format_ident!("{}", names::call_type(&operation.id))
}

/// Returns the Rust name of a parameter.
pub fn argument_ident(parameter: &Parameter) -> Ident {
    format_ident!("{}", parameter.rust_name)
}
