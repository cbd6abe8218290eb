//! The JSON of samples.
//!
//! A sample has the required properties, and the optional ones with an `example`, of the default version. A value is the
//! `example` of its property, else that of its schema, else what suits the name of the property (`words`). An id follows
//! from its type, so the samples refer to each other: the invoice of a sample line item is the sample invoice.

use sequencehq_document::{model, nesting};
use serde_json::{Map, Value, json};

use super::words;

/// Returns the sample of a named schema.
pub fn named(root: &Value, name: &str) -> Value {
    let version = root["info"]["version"].as_str().unwrap_or_default();
    let mut sampler = Sampler {
        root,
        version,
        above: Vec::new(),
    };
    sampler.schema("", "", name, &Value::Null)
}

struct Sampler<'a> {
    root: &'a Value,
    /// The version whose responses the samples are.
    version: &'a str,
    /// The objects and unions around the present value.
    above: Vec<String>,
}

impl Sampler<'_> {
    /// Returns a value of the schema `target`, for the property `name` of `owner`, which may have an example.
    fn schema(&mut self, owner: &str, name: &str, target: &str, example: &Value) -> Value {
        let root = self.root;
        let schema = &root["components"]["schemas"][target];
        if let Some(first) = model::values_in(schema, self.version).first() {
            let examples = [example, &schema["example"]].into_iter();
            let mut given = examples.filter(|example| !example.is_null());
            return given.next().cloned().unwrap_or_else(|| json!(first));
        }
        if schema["format"] == "id" {
            return json!(words::id(target));
        }
        self.above.push(target.to_owned());
        let value = if schema.get("oneOf").is_some() {
            self.union(target, schema)
        } else if schema.get("properties").is_some() {
            self.object(target, schema)
        } else {
            self.value(owner, name, schema)
        };
        self.above.pop();
        value
    }

    /// Returns the member that the example of the union names, or the first one that ends.
    fn union(&mut self, name: &str, schema: &Value) -> Value {
        let root = self.root;
        let tag = schema["discriminator"]["propertyName"]
            .as_str()
            .unwrap_or_default();
        let kind = schema["example"].as_str().filter(|_| !self.is_above_itself(name));
        let chosen = kind.and_then(|kind| {
            let target = schema["discriminator"]["mapping"][kind].as_str()?;
            Some((kind, model::last_segment(target)))
        });
        let Some((kind, member)) = chosen.or_else(|| nesting::first_member(root, name)) else {
            return Value::Null;
        };
        let mut object = Map::new();
        object.insert(tag.to_owned(), json!(kind));
        if let Value::Object(fields) = self.schema("", "", member, &Value::Null) {
            object.extend(fields);
        }
        Value::Object(object)
    }

    fn object(&mut self, owner: &str, schema: &Value) -> Value {
        let required = model::strings(&schema["required"]);
        let properties = schema["properties"].as_object().into_iter().flatten();
        let mut object = Map::new();
        for (name, property) in properties {
            let is_required = required.contains(name) || self.is_required_here(property);
            let is_present = is_required || is_given(property);
            if is_present && model::exists_in(property, self.version) {
                object.insert(name.clone(), self.value(owner, name, property));
            }
        }
        Value::Object(object)
    }

    fn value(&mut self, owner: &str, name: &str, schema: &Value) -> Value {
        let example = &schema["example"];
        if let Some(target) = model::reference(schema) {
            return self.schema(owner, name, target, example);
        }
        let (kind, format) = (schema["type"].as_str(), schema["format"].as_str());
        if !example.is_null() {
            return match (kind, example.as_str()) {
                (Some("number"), Some(text)) => words::number(text),
                _ => example.clone(),
            };
        }
        match (kind, format) {
            (Some("array"), _) if self.is_again(&schema["items"]) => json!([]),
            (Some("array"), _) => json!([self.value(owner, name, &schema["items"])]),
            (Some("object"), _) => self.map(schema),
            (Some("number"), _) => words::number(words::decimal(name)),
            (_, Some("decimal")) => json!(words::decimal(name)),
            (_, Some("date")) => json!(words::date(name)),
            (_, Some("date-time")) => json!(words::instant(name)),
            (_, Some("password")) => json!("not-a-secret"),
            (Some("integer"), _) => json!(words::integer(name)),
            (Some("boolean"), _) => json!(false),
            (Some("string"), _) => json!(words::text(owner, name)),
            _ => json!({}),
        }
    }

    /// Returns a map of one entry. A map of anything is empty, since what it may contain is not known.
    fn map(&mut self, schema: &Value) -> Value {
        let entry = &schema["additionalProperties"];
        let is_typed = entry.as_object().is_some_and(|entry| !entry.is_empty());
        if !is_typed || self.is_again(entry) {
            return json!({});
        }
        let value = match entry["type"].as_str() {
            Some("string") => json!("emea"),
            _ => self.value("", "", entry),
        };
        json!({ "region": value })
    }

    /// Whether the version requires a property that others do not require.
    fn is_required_here(&self, property: &Value) -> bool {
        let versions = model::strings(&property["x-required-in"]);
        versions.iter().any(|version| version == self.version)
    }

    /// Whether `schema` refers to a schema around it.
    fn is_again(&self, schema: &Value) -> bool {
        model::reference(schema).is_some_and(|name| self.above.iter().any(|above| above == name))
    }

    /// Whether the union `name`, the innermost one, is inside another value of it.
    fn is_above_itself(&self, name: &str) -> bool {
        self.above.iter().filter(|above| *above == name).count() > 1
    }
}

/// Whether a property has an example of its own, or one for its items.
fn is_given(property: &Value) -> bool {
    !property["example"].is_null() || !property["items"]["example"].is_null()
}
