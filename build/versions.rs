//! Lists the API versions for the macro in `src/version.rs`.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use sequencehq_document::{Document, model};

/// A call of `api_versions!` with every version, the default, and those that honour an idempotency key.
pub fn code(document: &Document) -> TokenStream {
    let versions = model::versions(&document.root);
    let entries = versions.all.iter().map(|version| {
        let variant = variant(version);
        let is_default = *version == versions.default;
        let about = format!("`{version}`{}.", if is_default { ", the default" } else { "" });
        let default = is_default.then(|| quote! { #[default] });
        quote! { #[doc = #about] #default #variant = #version, }
    });
    let keyed = versions.idempotency_key.iter().map(|version| variant(version));
    quote! {
        api_versions! {
            versions { #(#entries)* }
            honours_idempotency_key { #(#keyed)* }
        }
    }
}

/// The name of a version in Rust, `V2024_07_30`.
pub fn variant(version: &str) -> Ident {
    format_ident!("V{}", version.replace('-', "_"))
}
