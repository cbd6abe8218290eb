//! Generates the table of operations by name, for `Client::operation`.
//!
//! Its entries are the data from which the typed calls are generated too, so that both send the same requests and
//! refuse the same input.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use sequencehq_document::Document;
use sequencehq_document::model::{self, List, Operation, Parameter, ParameterType, path_parameters};

use super::calls::{call_type, literal_siblings};
use super::differences::Differences;
use super::simplify::former_endpoints;
use super::versions::variant;

/// Generates the table, sorted by name.
pub fn table(document: &Document, differences: &Differences<'_>) -> TokenStream {
    let mut operations = model::operations(&document.root);
    operations.sort_by(|one, other| one.id.cmp(&other.id));
    let entries = operations
        .iter()
        .map(|operation| entry(&operations, differences, operation));
    quote! {
        /// Every operation, sorted by name.
        #[cfg(feature = "operations")]
        pub(crate) static ENTRIES: &[crate::call::named::Entry] = &[#(#entries),*];
    }
}

fn entry(operations: &[Operation], differences: &Differences<'_>, operation: &Operation) -> TokenStream {
    let call = call_type(operation);
    let endpoint = endpoint(operation, &operation.method, &operation.path);
    let former = former_endpoints(operation).into_iter().map(|former| {
        let versions = former.versions.iter().map(|version| variant(version));
        let endpoint = self::endpoint(operation, former.method, former.path);
        quote! { (&[#(ApiVersion::#versions),*], #endpoint) }
    });
    let path = operation.path_params.iter().map(|parameter| {
        let siblings = literal_siblings(operations, operation, &parameter.name);
        self::parameter(differences, parameter, Some(&siblings))
    });
    let query = operation
        .query
        .iter()
        .map(|parameter| self::parameter(differences, parameter, None));
    let body = match &operation.body {
        None => quote! { None },
        Some(schema) => {
            let check = differences.body_check(operation, &quote! { body });
            let has_event_id = operation.repeat == "event-id";
            quote! {
                Some(crate::call::named::Body {
                    schema: #schema,
                    has_event_id: #has_event_id,
                    check: |version, body| { #check Ok(()) },
                })
            }
        }
    };
    let is_paginated = operation.paginated;
    quote! {
        crate::call::named::Entry {
            operation: <#call as Endpoint>::OPERATION,
            endpoint: #endpoint,
            former: &[#(#former),*],
            parameters: &[#(#path,)* #(#query,)*],
            body: #body,
            is_paginated: #is_paginated,
        }
    }
}

/// Generates method and path. The parameters of a former path have their present names, which are in the same order.
fn endpoint(operation: &Operation, method: &str, path: &str) -> TokenStream {
    let mut present = path_parameters(&operation.path);
    let segments = path
        .split('/')
        .map(|segment| match path_parameters(segment).next() {
            None => segment.to_owned(),
            Some(own) => format!("{{{}}}", present.next().unwrap_or(own)),
        });
    let path = segments.collect::<Vec<_>>().join("/");
    let method = format_ident!("{}", method.to_uppercase());
    quote! { (::http::Method::#method, #path) }
}

fn parameter(
    differences: &Differences<'_>,
    parameter: &Parameter,
    siblings: Option<&[String]>,
) -> TokenStream {
    let Parameter {
        name,
        required,
        encode_items,
        ..
    } = parameter;
    let place = match (siblings, parameter.list) {
        (Some(siblings), _) => quote! { Path(&[#(#siblings),*]) },
        (None, List::Single) => quote! { Query },
        (None, List::Commas) => quote! { Commas { encode: #encode_items } },
        (None, List::Repeated) => quote! { Repeated },
    };
    let kind = match parameter.value_type {
        ParameterType::Named(_) | ParameterType::Text => quote! { Text },
        ParameterType::Boolean => quote! { Boolean },
        ParameterType::Int32 | ParameterType::Int64 => {
            let (least, most) = parameter.bounds.unwrap_or(match parameter.value_type {
                ParameterType::Int32 => (i32::MIN.into(), i32::MAX.into()),
                _ => (i64::MIN, i64::MAX),
            });
            quote! { Integer(#least, #most) }
        }
        ParameterType::Decimal => quote! { Decimal },
        ParameterType::Date => quote! { Date },
        ParameterType::Instant => quote! { Instant },
    };
    let versions = if parameter.versions.is_empty() {
        quote! { ApiVersion::ALL }
    } else {
        let versions = parameter.versions.iter().map(|version| variant(version));
        quote! { &[#(ApiVersion::#versions),*] }
    };
    let values = differences.parameter_values(parameter);
    quote! {
        crate::call::named::Parameter {
            name: #name,
            place: crate::call::named::Place::#place,
            kind: crate::call::named::Kind::#kind,
            is_required: #required,
            versions: #versions,
            values: &[#values],
        }
    }
}
