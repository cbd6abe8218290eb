//! Writes generated files into Cargo's output directory, without touching files that have not changed.

use std::path::PathBuf;

use proc_macro2::TokenStream;

/// Formats Rust code, so that compiler errors in it point at readable lines.
pub fn formatted(code: TokenStream) -> String {
    match syn::parse2(code.clone()) {
        Ok(file) => prettyplease::unparse(&file),
        // Invalid code is written as is, since the compiler reports the error best.
        Err(_) => code.to_string(),
    }
}

/// Writes one file.
pub fn into_out_dir(name: &str, content: &str) {
    let folder = std::env::var_os("OUT_DIR").expect("Cargo sets OUT_DIR for build scripts");
    let path = PathBuf::from(folder).join(name);
    if std::fs::read_to_string(&path).ok().as_deref() != Some(content) {
        std::fs::write(&path, content)
            .unwrap_or_else(|error| panic!("{} cannot be written: {error}", path.display()));
    }
}
