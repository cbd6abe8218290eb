//! Splits what the generator wrote: types are finished by `fields`, the client stays private.

use proc_macro2::TokenStream;
use quote::ToTokens;
use sequencehq_document::{Document, Faults};
use syn::{File, Item, ItemStruct};

use super::fields;

/// The generated code in its two halves.
pub struct Polished {
    pub types: Vec<ItemStruct>,
    pub client: TokenStream,
}

/// Splits the types from the client and finishes them with what `document` says.
pub fn finish(document: &Document, file: File) -> Result<Polished, Faults> {
    let mut types = Vec::new();
    let mut client = TokenStream::new();
    for item in file.items {
        match item {
            Item::Mod(module) if module.ident == "types" => {
                for item in module.content.into_iter().flat_map(|(_, items)| items) {
                    if let Item::Struct(item) = item {
                        types.push(fields::structure(document, item)?);
                    }
                }
            }
            // Names for users of a generated crate; ours has its own.
            Item::Mod(module) if module.ident == "prelude" => {}
            mut other => {
                undocument(&mut other);
                other.to_tokens(&mut client);
            }
        }
    }
    Ok(Polished { types, client })
}

/// The client is private: its documentation would only be compiled.
fn undocument(item: &mut Item) {
    if let Item::Impl(item) = item {
        for entry in &mut item.items {
            if let syn::ImplItem::Fn(function) = entry {
                function
                    .attrs
                    .retain(|attribute| !attribute.path().is_ident("doc"));
            }
        }
    }
}
