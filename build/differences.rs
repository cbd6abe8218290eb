//! Generates what differs in requests between API versions, for the checks in `src/call/differences.rs`.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToShoutySnakeCase;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use sequencehq_document::model::{self, List, Operation, Parameter, ParameterType};
use sequencehq_document::names;
use serde_json::Value;

use super::calls::argument_ident;
use super::versions::variant;

/// The schemas that differ between versions, or contain one that does.
pub struct Differences<'a> {
    schemas: BTreeMap<&'a str, &'a Value>,
    /// The schemas that occur in each schema, by name.
    parts: BTreeMap<&'a str, BTreeSet<&'a str>>,
    /// The versions in which a request with the schema may be refused.
    concerned: BTreeMap<&'a str, BTreeSet<String>>,
    versions: Vec<String>,
}

impl<'a> Differences<'a> {
    pub fn of(root: &'a Value) -> Self {
        let named = root["components"]["schemas"].as_object();
        let schemas: BTreeMap<&str, &Value> = named
            .into_iter()
            .flatten()
            .map(|(name, schema)| (name.as_str(), schema))
            .collect();
        let mut parts = BTreeMap::new();
        for (name, schema) in &schemas {
            let members = members(schema).into_iter().map(|(_, target)| target);
            let inner = properties(schema).filter_map(|(_, property)| target(property));
            parts.insert(*name, members.chain(inner).collect::<BTreeSet<_>>());
        }
        let mut differences = Self {
            schemas,
            parts,
            concerned: BTreeMap::new(),
            versions: model::versions(root).all,
        };
        let names: Vec<&str> = differences.schemas.keys().copied().collect();
        for name in names {
            let versions = differences
                .closure(name)
                .iter()
                .flat_map(|part| differences.own(part))
                .collect();
            differences.concerned.insert(name, versions);
        }
        differences
    }

    /// Generates the tables of all bodies that differ between versions.
    pub fn tables(&self, operations: &[Operation]) -> TokenStream {
        let bodies = operations
            .iter()
            .filter_map(|operation| operation.body.as_deref());
        let needed: BTreeSet<&str> = bodies.flat_map(|body| self.closure(body)).collect();
        let tables = needed.into_iter().filter(|name| self.differs(name)).map(|name| {
            let (ident, table) = (table_name(name), self.table(self.schemas[name]));
            quote! { static #ident: crate::call::differences::Schema = #table; }
        });
        quote! { #(#tables)* }
    }

    /// Generates the checks of a request, which the method of the call runs before it builds one.
    pub fn checks(&self, operation: &Operation) -> TokenStream {
        let parameters = operation.path_params.iter().chain(&operation.query);
        let parameters = parameters.map(|parameter| self.parameter(parameter));
        let body = self.body_check(operation, &quote! { body });
        quote! { #(#parameters)* #body }
    }

    /// Generates the check of `body`, a value of the body of the operation.
    pub fn body_check(&self, operation: &Operation, value: &TokenStream) -> Option<TokenStream> {
        let body = operation.body.as_deref().filter(|body| self.differs(body))?;
        let table = table_name(body);
        let versions = self.concerned[body].iter().map(|version| variant(version));
        Some(quote! {
            if matches!(version, #(ApiVersion::#versions)|*) {
                crate::call::differences::check_body(version, &#table, #value)?;
            }
        })
    }

    /// Generates the values of a parameter that not every version has, with the versions that have them.
    pub fn parameter_values(&self, parameter: &Parameter) -> Option<TokenStream> {
        match &parameter.value_type {
            ParameterType::Named(schema) => values(self.schemas.get(schema.as_str())?),
            _ => None,
        }
    }

    fn parameter(&self, parameter: &Parameter) -> TokenStream {
        let (name, ident) = (&parameter.name, argument_ident(parameter));
        let exists = (!parameter.versions.is_empty()).then(|| {
            let versions = versions(&parameter.versions);
            quote! {
                crate::call::differences::check_parameter(version, #name, self.#ident.is_some(), #versions)?;
            }
        });
        let values = self.parameter_values(parameter);
        let values = values.map(|values| {
            let sent = match (parameter.list, parameter.required) {
                (List::Single, true) => quote! { [self.#ident.as_str()] },
                (List::Single, false) => quote! { self.#ident.iter().map(|value| value.as_str()) },
                (_, true) => quote! { self.#ident.iter().map(|value| value.as_str()) },
                (_, false) => quote! { self.#ident.iter().flatten().map(|value| value.as_str()) },
            };
            quote! { crate::call::differences::check_values(version, #name, #sent, &[#values])?; }
        });
        quote! { #exists #values }
    }

    fn table(&self, schema: &Value) -> TokenStream {
        if let Some(values) = values(schema) {
            return quote! { crate::call::differences::Schema::Values(&[#values]) };
        }
        if let Some(tag) = schema["discriminator"]["propertyName"].as_str() {
            let members = members(schema)
                .into_iter()
                .filter(|(_, target)| self.differs(target))
                .map(|(value, target)| {
                    let table = table_name(target);
                    quote! { (#value, &#table) }
                });
            return quote! { crate::call::differences::Schema::Union(#tag, &[#(#members),*]) };
        }
        let properties = properties(schema).filter_map(|(name, property)| self.property(name, property));
        quote! { crate::call::differences::Schema::Object(&[#(#properties),*]) }
    }

    fn property(&self, name: &str, property: &Value) -> Option<TokenStream> {
        let inner = target(property).filter(|target| self.differs(target));
        let required_in = model::strings(&property["x-required-in"]);
        let exists_in = model::strings(&property["x-versions"]);
        if inner.is_none() && required_in.is_empty() && exists_in.is_empty() {
            return None;
        }
        let setter = names::property(name, property);
        let required_in = versions(&required_in);
        let exists_in = if exists_in.is_empty() {
            quote! { None }
        } else {
            let versions = versions(&exists_in);
            quote! { Some(#versions) }
        };
        let schema = match inner {
            None => quote! { None },
            Some(inner) => {
                let table = table_name(inner);
                if property.get("additionalProperties").is_some() {
                    quote! { Some(&crate::call::differences::Schema::Map(&#table)) }
                } else {
                    quote! { Some(&#table) }
                }
            }
        };
        Some(quote! {
            crate::call::differences::Property {
                name: #name,
                setter: #setter,
                exists_in: #exists_in,
                required_in: #required_in,
                schema: #schema,
            }
        })
    }

    fn differs(&self, name: &str) -> bool {
        self.concerned
            .get(name)
            .is_some_and(|versions| !versions.is_empty())
    }

    /// Returns the versions in which a schema itself may be refused.
    fn own(&self, name: &str) -> BTreeSet<String> {
        let schema = self.schemas[name];
        let mut own = BTreeSet::new();
        let mut lacking = |having: &Value| {
            let having = model::strings(having);
            if !having.is_empty() {
                let lacking = self.versions.iter().filter(|version| !having.contains(version));
                own.extend(lacking.cloned());
            }
        };
        for (_, property) in properties(schema) {
            lacking(&property["x-versions"]);
        }
        for (_, having) in schema["x-value-versions"].as_object().into_iter().flatten() {
            lacking(having);
        }
        for (_, property) in properties(schema) {
            own.extend(model::strings(&property["x-required-in"]));
        }
        own
    }

    /// Returns the schema with all that occur in it.
    fn closure(&self, name: &str) -> BTreeSet<&'a str> {
        let mut found = BTreeSet::new();
        let mut open: Vec<&str> = self
            .schemas
            .get_key_value(name)
            .map(|(name, _)| *name)
            .into_iter()
            .collect();
        while let Some(name) = open.pop() {
            if self.schemas.contains_key(name) && found.insert(name) {
                open.extend(&self.parts[name]);
            }
        }
        found
    }
}

fn properties(schema: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let properties = schema["properties"].as_object();
    properties
        .into_iter()
        .flatten()
        .map(|(name, property)| (name.as_str(), property))
}

/// Returns the members of a union, as the value of the discriminator and the name of the schema.
fn members(schema: &Value) -> Vec<(&str, &str)> {
    let mapping = schema["discriminator"]["mapping"].as_object();
    let pairs = mapping.into_iter().flatten();
    pairs
        .filter_map(|(value, target)| Some((value.as_str(), model::last_segment(target.as_str()?))))
        .collect()
}

/// Returns the name of the schema that a property, its items or its entries have.
fn target(property: &Value) -> Option<&str> {
    let inner = [property, &property["items"], &property["additionalProperties"]];
    inner.into_iter().find_map(model::reference)
}

/// Generates the values of an enum that not every version has, with the versions that have them.
fn values(schema: &Value) -> Option<TokenStream> {
    let values = schema["x-value-versions"].as_object()?;
    let pairs = values.iter().map(|(value, having)| {
        let versions = versions(&model::strings(having));
        quote! { (#value, #versions) }
    });
    Some(quote! { #(#pairs),* })
}

fn versions(names: &[String]) -> TokenStream {
    let variants = names.iter().map(|name| variant(name));
    quote! { &[#(ApiVersion::#variants),*] }
}

fn table_name(schema: &str) -> Ident {
    format_ident!("DIFFERENCES_OF_{}", schema.to_shouty_snake_case())
}
