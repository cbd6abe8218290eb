//! Generates `enum Operation` and the tables of the contract from `openapi.yaml`.

use std::fmt::Write as _;
use std::path::Path;

use sequencehq_document::model::{self, List, Operation, Parameter, ParameterType, Success};
use sequencehq_document::routes::Routes;
use sequencehq_document::{Document, rules};
use serde_json::Value;

#[path = "build/schemas.rs"]
mod schemas;

fn main() {
    let path = sequencehq_document::shipped();
    println!("cargo::rerun-if-changed={}", path.display());
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build");
    match Document::read(&path).and_then(rules::check) {
        Ok(document) => {
            write("operations.rs", &operations(&document.root));
            match schemas::code(&document.root) {
                Ok(code) => write("schemas.rs", &code),
                Err(faults) => faults.iter().for_each(|fault| println!("cargo::error={fault}")),
            }
        }
        Err(faults) => {
            for fault in &faults.0 {
                println!("cargo::error={fault}");
            }
        }
    }
}

fn write(name: &str, content: &str) {
    let folder = std::env::var_os("OUT_DIR").expect("Cargo sets OUT_DIR for build scripts");
    std::fs::write(Path::new(&folder).join(name), content).expect("OUT_DIR is writable");
}

fn operations(root: &Value) -> String {
    let operations = model::operations(root);
    let versions = model::versions(root);
    let mut code = String::new();
    let w = &mut code;
    let _ = writeln!(w, "/// An operation of the API.");
    let _ = writeln!(
        w,
        "#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]\npub enum Operation {{"
    );
    for operation in &operations {
        let summary = operation.summary.replace('\n', " ");
        let _ = writeln!(w, "/// {summary}\n{},", variant(&operation.id));
    }
    let _ = writeln!(
        w,
        "}}\n/// Every operation, in the order of the document.\npub const OPERATIONS: [Operation; {}] = [",
        operations.len()
    );
    for operation in &operations {
        let _ = writeln!(w, "Operation::{},", variant(&operation.id));
    }
    let _ = writeln!(w, "];\nstatic DATA: [Data; {}] = [", operations.len());
    for operation in &operations {
        data(w, operation, &versions.all);
    }
    let _ = writeln!(w, "];\npub(crate) const VERSIONS: &[&str] = &{:?};", versions.all);
    let _ = writeln!(w, "static ENDPOINTS: &[&[Endpoint]] = &[");
    for version in &versions.all {
        let _ = writeln!(w, "&[");
        for route in Routes::new(root, version).iter() {
            let (method, path, operation) = (
                route.method.to_uppercase(),
                &route.path,
                variant(&route.operation),
            );
            let _ = writeln!(
                w,
                "Endpoint {{ method: {method:?}, path: {path:?}, operation: Operation::{operation} }},"
            );
        }
        let _ = writeln!(w, "],");
    }
    let _ = writeln!(w, "];");
    code
}

fn data(w: &mut String, operation: &Operation, all: &[String]) {
    let versions: Vec<usize> = (0..all.len())
        .filter(|index| operation.versions.contains(&all[*index]))
        .collect();
    let success = match &operation.success {
        Success::Json(name) => format!("Success::Json({name:?})"),
        Success::Nothing => "Success::Nothing".to_owned(),
        Success::Pdf => "Success::Pdf".to_owned(),
    };
    let query: String = operation.query.iter().map(parameter).collect();
    let class = |(status, name): (&String, &String)| format!("({}, {name:?}), ", &status[..1]);
    let errors: String = operation.errors.iter().map(class).collect();
    let path: String = operation.path_params.iter().map(parameter).collect();
    let _ = writeln!(
        w,
        "Data {{ id: {:?}, vendor_id: {:?}, tag: {:?}, versions: &{versions:?}, takes_key: {}, body: {:?}, \
         status: {}, success: {success}, envelopes: &{:?}, conflict: {:?}, errors: &[{errors}], path: &[{path}], \
         query: &[{query}] }},",
        operation.id,
        operation.vendor_id,
        operation.tag,
        operation.repeat == "idempotency-key",
        operation.body,
        operation.status,
        operation.envelopes.iter().collect::<Vec<_>>(),
        operation.conflict,
    );
}

fn parameter(parameter: &Parameter) -> String {
    let value = match &parameter.value_type {
        ParameterType::Named(name) => format!("ValueType::Named({name:?})"),
        other => format!("ValueType::{other:?}"),
    };
    let list = match parameter.list {
        List::Single => "Single",
        List::Commas if parameter.encode_items => "EncodedCommas",
        List::Commas => "Commas",
        List::Repeated => "Repeated",
    };
    format!(
        "Parameter {{ name: {:?}, required: {}, value: {value}, list: List::{list}, bounds: {:?}, versions: &{:?} }}, ",
        parameter.name, parameter.required, parameter.bounds, parameter.versions
    )
}

/// `invoice_line_item_create` as `InvoiceLineItemCreate`.
fn variant(id: &str) -> String {
    let words = id.split('_').map(|word| word[..1].to_uppercase() + &word[1..]);
    words.collect()
}
