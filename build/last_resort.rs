//! Names the schema or operation that a step of the build cannot handle.
//!
//! The rules refuse everything that is known to fail, with better words. This is for what is not known: the generator
//! panics where it does not support something, and does not name the place.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use sequencehq_document::{Document, Faults, escape, model, prune};

/// Runs `generate`. If it panics or fails without a place, the fault has the pointer of the smallest part of the
/// document for which it does.
pub fn guarded<T>(document: Document, generate: impl Fn(Document) -> Result<T, Faults>) -> Result<T, Faults> {
    let problem = match attempt(&document, &generate) {
        Ok(Err(faults)) if faults.0.iter().all(|fault| fault.pointer().is_empty()) => faults
            .0
            .first()
            .map_or_else(String::new, |fault| fault.message().to_owned()),
        Ok(result) => return result,
        Err(panic) => panic,
    };
    let fails = |part: &Document| !matches!(attempt(part, &generate), Ok(Ok(_)));
    let pointer = schema(&document, fails).or_else(|| operation(&document, fails));
    let message = format!(
        "the build cannot handle this, although it keeps the rules: {problem}. Leave it out or describe it differently, \
         and report it, so that there is a rule for it"
    );
    Err(Faults(vec![
        document.fault(&pointer.unwrap_or_default(), message),
    ]))
}

/// Returns the text of a panic as an error.
fn attempt<T>(
    document: &Document,
    generate: impl Fn(Document) -> Result<T, Faults>,
) -> Result<Result<T, Faults>, String> {
    let document = document.clone();
    catch_unwind(AssertUnwindSafe(|| generate(document))).map_err(|panic| text(&*panic))
}

fn text(panic: &(dyn Any + Send)) -> String {
    let owned = panic.downcast_ref::<String>().cloned();
    let text = owned.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
    text.unwrap_or_else(|| "it panicked".to_owned())
}

/// Returns the pointer of the schema that fails with the fewest others.
fn schema(document: &Document, fails: impl Fn(&Document) -> bool) -> Option<String> {
    let mut parts: Vec<(usize, &String, Document)> = model::schemas(&document.root)
        .map(|(name, _)| (name, prune::to_schema(document.clone(), name)))
        .map(|(name, part)| (model::schemas(&part.root).count(), name, part))
        .collect();
    parts.sort_by_key(|(size, ..)| *size);
    let (_, name, _) = parts.into_iter().find(|(.., part)| fails(part))?;
    Some(format!("/components/schemas/{}", escape(name)))
}

fn operation(document: &Document, fails: impl Fn(&Document) -> bool) -> Option<String> {
    let mut operations = model::raw_operations(&document.root);
    let failing = operations.find(|operation| {
        let part = prune::to_operation(document.clone(), operation.path, operation.method);
        fails(&part)
    });
    failing.map(|operation| operation.pointer())
}
