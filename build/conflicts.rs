//! Connects the types of conflict details with the operations that document them.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use sequencehq_document::{Document, model};

/// Generates an implementation for each type that operations name with `x-conflict`.
pub fn code(document: &Document) -> TokenStream {
    let mut operations: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for operation in model::operations(&document.root) {
        if let Some(conflict) = operation.conflict {
            operations.entry(conflict).or_default().push(operation.id);
        }
    }
    let impls = operations.iter().map(|(ty, ids)| {
        let ty = format_ident!("{ty}");
        quote! {
            impl crate::data::Documented for #ty {
                const OPERATIONS: &'static [&'static str] = &[#(#ids),*];
            }
        }
    });
    quote! { #(#impls)* }
}
