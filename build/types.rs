//! Helpers for the types of generated fields.

use syn::{GenericArgument, PathArguments, PathSegment, Type};

/// Returns `T` of `Option<T>`.
pub fn option_inner(ty: &Type) -> Option<&Type> {
    let last = last_segment(ty).filter(|last| last.ident == "Option")?;
    arguments(last).into_iter().next()
}

/// Returns `T` of `crate::data::Patch<T>`.
pub fn patch_inner(ty: &Type) -> Option<&Type> {
    let last = last_segment(ty).filter(|last| last.ident == "Patch")?;
    arguments(last).into_iter().next()
}

/// Returns `T` of `Vec<T>`.
pub fn list_inner(ty: &Type) -> Option<&Type> {
    let last = last_segment(ty).filter(|last| last.ident == "Vec")?;
    arguments(last).into_iter().next()
}

/// Returns `T` of `Box<T>`.
pub fn box_inner(ty: &Type) -> Option<&Type> {
    let last = last_segment(ty).filter(|last| last.ident == "Box")?;
    arguments(last).into_iter().next()
}

/// Returns `true` if the type is a `Vec`.
pub fn is_list(ty: &Type) -> bool {
    last_segment(ty).is_some_and(|last| last.ident == "Vec")
}

/// Returns the last segment of the type's path.
pub fn last_segment(ty: &Type) -> Option<&PathSegment> {
    match ty {
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    }
}

/// Returns the generic type arguments of a segment.
pub fn arguments(segment: &PathSegment) -> Vec<&Type> {
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else {
        return Vec::new();
    };
    let types = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    types.collect()
}
