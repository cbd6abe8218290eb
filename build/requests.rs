//! Keeps the requests of the generated client and drops the rest.
//!
//! Each generated method builds a request, sends it and decodes the response. Sending and decoding belong to
//! `src/transport`, so each method is cut after its request is built:
//!
//! ```text
//! async fn invoice_void(&self, id: &str) -> Result<ResponseValue<Invoice>, Error<ApiError>>   generated
//! fn invoice_void(&self, id: &Segment) -> reqwest::Result<Request>                            kept
//! ```
//!
//! A path parameter becomes a `Segment`, which is already checked and encoded, query parameters get their names on the
//! wire, and the generator's version header is removed. A method of another shape fails the build, since it means that the generator has changed.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use sequencehq_document::{Document, Faults, model};
use serde_json::Value;
use syn::parse::Parser as _;
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Expr, ExprCall, ExprLit, File, FnArg, ImplItem, ImplItemFn, Item, Lit, LitStr, Pat, Stmt, parse_quote,
};

use super::simplify::WIRE_NAME;

/// The requests of a document.
#[derive(Debug)]
pub struct Requests {
    /// The methods of `impl Requests`.
    pub code: TokenStream,
    signatures: BTreeMap<String, Vec<String>>,
}

impl Requests {
    /// The Rust names of each method's arguments, in the order of its signature.
    pub fn arguments(&self, method: &str) -> &[String] {
        self.signatures.get(method).map_or(&[], Vec::as_slice)
    }
}

/// Cuts every method of the generated client in `file`.
pub fn keep(document: &Document, file: &File) -> Result<Requests, Faults> {
    let mut kept = Vec::new();
    let mut signatures = BTreeMap::new();
    let mut faults = Vec::new();
    let pointers: BTreeMap<String, String> = model::raw_operations(&document.root)
        .filter_map(|operation| {
            Some((
                operation.raw["operationId"].as_str()?.to_owned(),
                operation.pointer(),
            ))
        })
        .collect();
    let wire_names = wire_names(document);
    for method in methods(file) {
        let name = method.sig.ident.to_string();
        match cut(method.clone()).and_then(|method| restore(method, wire_names.get(&name))) {
            Ok(method) => {
                signatures.insert(name, arguments(&method));
                kept.push(method);
            }
            Err(problem) => faults.push(document.fault(
                pointers.get(&name).map_or("", String::as_str),
                format!("the generated method `{name}` has an unexpected shape: {problem}"),
            )),
        }
    }
    for (id, pointer) in &pointers {
        if faults.is_empty() && !signatures.contains_key(id) {
            faults.push(document.fault(pointer, format!("the generator did not produce a method `{id}`")));
        }
    }
    if faults.is_empty() {
        Ok(Requests {
            code: quote! { #(#kept)* },
            signatures,
        })
    } else {
        Err(Faults(faults))
    }
}

type WireNames = BTreeMap<String, String>;

/// Returns the names on the wire of the parameters of each operation, by their names in the generated request.
fn wire_names(document: &Document) -> BTreeMap<String, WireNames> {
    let name = |parameter: &Value, key: &str| parameter[key].as_str().map(str::to_owned);
    model::raw_operations(&document.root)
        .filter_map(|operation| {
            let parameters = operation.raw["parameters"].as_array()?.iter();
            let names = parameters
                .filter_map(|parameter| Some((name(parameter, "name")?, name(parameter, WIRE_NAME)?)));
            Some((name(operation.raw, "operationId")?, names.collect()))
        })
        .collect()
}

/// Replaces the name of each query parameter by the one on the wire.
fn restore(mut method: ImplItemFn, names: Option<&WireNames>) -> Result<ImplItemFn, String> {
    let mut queries = Queries {
        names,
        unknown: Vec::new(),
    };
    queries.visit_impl_item_fn_mut(&mut method);
    match queries.unknown.first() {
        None => Ok(method),
        Some(unknown) => Err(format!(
            "it sends a query parameter `{unknown}` that is not in the document"
        )),
    }
}

struct Queries<'a> {
    names: Option<&'a WireNames>,
    unknown: Vec<String>,
}

impl VisitMut for Queries<'_> {
    /// `QueryParam::new("text_due_before", …)` becomes `QueryParam::new("dueBefore", …)`.
    fn visit_expr_call_mut(&mut self, call: &mut ExprCall) {
        visit_mut::visit_expr_call_mut(self, call);
        if !mentions(&call.func, "QueryParam") {
            return;
        }
        if let Some(Expr::Lit(ExprLit {
            lit: Lit::Str(name), ..
        })) = call.args.first_mut()
        {
            match self.names.and_then(|names| names.get(&name.value())) {
                Some(wire) => *name = LitStr::new(wire, name.span()),
                None => self.unknown.push(name.value()),
            }
        }
    }
}

/// The methods of the generated client that perform operations.
fn methods(file: &File) -> impl Iterator<Item = &ImplItemFn> {
    file.items
        .iter()
        .filter_map(|item| match item {
            Item::Impl(item) if item.trait_.is_none() => Some(item),
            _ => None,
        })
        .flat_map(|item| &item.items)
        .filter_map(|item| match item {
            ImplItem::Fn(method) if method.sig.asyncness.is_some() => Some(method),
            _ => None,
        })
}

fn arguments(method: &ImplItemFn) -> Vec<String> {
    method
        .sig
        .inputs
        .iter()
        .filter_map(|input| match input {
            FnArg::Typed(input) => Some(input.pat.to_token_stream().to_string()),
            FnArg::Receiver(_) => None,
        })
        .collect()
}

fn cut(mut method: ImplItemFn) -> Result<ImplItemFn, String> {
    let statements = &mut method.block.stmts;
    let built = statements
        .iter()
        .position(|statement| declares(statement, "request"))
        .ok_or("it does not declare `request`")?;
    statements.truncate(built + 1);
    let Some(Stmt::Local(request)) = statements.pop() else {
        return Err("`request` is not a variable".to_owned());
    };
    let request = without_headers(built_by(request.init.map(|init| *init.expr))?);
    statements.retain(|statement| !mentions(statement, "header_map") || !is_version_header(statement));
    if let Some(statement) = statements
        .iter()
        .find(|statement| mentions(statement, "header_map"))
    {
        return Err(format!("it sets a header: `{}`", statement.to_token_stream()));
    }
    let mut segments = Vec::new();
    for statement in statements.iter_mut() {
        segments.extend(unwrap_segments(statement)?);
    }
    statements.push(Stmt::Expr(request, None));

    method.attrs.clear();
    method.vis = parse_quote! { pub(crate) };
    method.sig.asyncness = None;
    method.sig.output = parse_quote! { -> ::reqwest::Result<::reqwest::Request> };
    for input in &mut method.sig.inputs {
        if let FnArg::Typed(input) = input
            && let Pat::Ident(pattern) = &*input.pat
            && segments.contains(&pattern.ident.to_string())
        {
            *input.ty = parse_quote! { &'a Segment<'a> };
        }
    }
    Ok(method)
}

fn declares(statement: &Stmt, name: &str) -> bool {
    matches!(statement, Stmt::Local(local) if matches!(&local.pat, Pat::Ident(pattern) if pattern.ident == name))
}

fn mentions(tokens: &impl ToTokens, name: &str) -> bool {
    fn any(tokens: TokenStream, name: &str) -> bool {
        tokens.into_iter().any(|token| match token {
            proc_macro2::TokenTree::Ident(ident) => ident == name,
            proc_macro2::TokenTree::Group(group) => any(group.stream(), name),
            _ => false,
        })
    }
    any(tokens.to_token_stream(), name)
}

/// Returns `true` for `let mut header_map = …with_capacity(…)`, and for the statement that appends `api-version` to it.
fn is_version_header(statement: &Stmt) -> bool {
    declares(statement, "header_map")
        || statement
            .to_token_stream()
            .to_string()
            .contains("\"api-version\"")
}

/// Returns `x.build()` of `x.build()?`.
fn built_by(expression: Option<Expr>) -> Result<Expr, String> {
    match expression {
        Some(Expr::Try(attempt)) => match *attempt.expr {
            Expr::MethodCall(call) if call.method == "build" => Ok(Expr::MethodCall(call)),
            _ => Err("`request` is not built by `build()`".to_owned()),
        },
        _ => Err("`request` is not the value of `build()?`".to_owned()),
    }
}

/// Removes `.headers(header_map)` from a chain of method calls.
fn without_headers(expression: Expr) -> Expr {
    match expression {
        Expr::MethodCall(call) if call.method == "headers" && mentions(&call.args, "header_map") => {
            without_headers(*call.receiver)
        }
        Expr::MethodCall(mut call) => {
            call.receiver = Box::new(without_headers(*call.receiver));
            Expr::MethodCall(call)
        }
        other => other,
    }
}

/// Replaces `encode_path(&id.to_string())` with `id` in the `format!` of a URL, and returns the replaced names.
fn unwrap_segments(statement: &mut Stmt) -> Result<Vec<String>, String> {
    let Stmt::Local(local) = statement else {
        return Ok(Vec::new());
    };
    let Some(Expr::Macro(formatted)) = local.init.as_mut().map(|init| &mut *init.expr) else {
        return Ok(Vec::new());
    };
    let parser = Punctuated::<Expr, syn::Token![,]>::parse_terminated;
    let mut arguments = parser
        .parse2(formatted.mac.tokens.clone())
        .map_err(|error| format!("`{}` cannot be parsed: {error}", formatted.to_token_stream()))?;
    let mut names = Vec::new();
    for argument in &mut arguments {
        let Expr::Call(call) = argument else { continue };
        if !mentions(&call.func, "encode_path") {
            return Err(format!("`{}` has an unexpected form", call.to_token_stream()));
        }
        let name = call
            .args
            .first()
            .and_then(stringified)
            .ok_or_else(|| format!("`{}` has an unexpected form", call.to_token_stream()))?;
        names.push(name.to_token_stream().to_string());
        *argument = name;
    }
    formatted.mac.tokens = arguments.to_token_stream();
    Ok(names)
}

/// Returns `x` of `&x.to_string()`.
fn stringified(expression: &Expr) -> Option<Expr> {
    let Expr::Reference(reference) = expression else {
        return None;
    };
    let Expr::MethodCall(call) = &*reference.expr else {
        return None;
    };
    match &*call.receiver {
        Expr::Path(path) if call.method == "to_string" => Some(Expr::Path(path.clone())),
        _ => None,
    }
}
