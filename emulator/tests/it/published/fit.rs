//! Whether a value fits a schema of the published documents, in the part of OpenAPI 3.0 that they use.

use serde_json::Value;

type Problems = Vec<(String, String)>;

/// The problems of a value, each with its place.
pub(super) fn problems(document: &Value, schema: &Value, value: &Value) -> Problems {
    let mut problems = Vec::new();
    fit(document, schema, value, "", &mut problems);
    problems
}

fn fit(document: &Value, schema: &Value, value: &Value, place: &str, problems: &mut Problems) {
    let schema = resolve(document, schema);
    let mut report = |message: String| problems.push((place.to_owned(), message));
    if value.is_null() {
        if schema["nullable"] != true {
            report("null".to_owned());
        }
        return;
    }
    if let Some(variants) = schema["oneOf"].as_array() {
        problems.extend(of_variants(document, variants, value, place));
        return;
    }
    let is_declared = match schema["type"].as_str() {
        Some("string") => value.is_string(),
        Some("boolean") => value.is_boolean(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("number") => value.is_number(),
        Some("array") => value.is_array(),
        Some("object") => value.is_object(),
        _ => true,
    };
    if !is_declared {
        report(format!("{} instead of {}", kind(value), schema["type"]));
        return;
    }
    if let Some(listed) = schema["enum"].as_array()
        && !listed.contains(value)
    {
        report(format!("{value} is not listed"));
    }
    if let (Some(format), Some(text)) = (schema["format"].as_str(), value.as_str()) {
        let is_formatted = match format {
            "date" => text.len() == 10 && text.parse::<chrono::NaiveDate>().is_ok(),
            "date-time" => chrono::DateTime::parse_from_rfc3339(text).is_ok(),
            _ => true,
        };
        if !is_formatted {
            report(format!("not a {format}"));
        }
    }
    match value {
        Value::Array(items) => {
            let place = format!("{place}[]");
            items
                .iter()
                .for_each(|item| fit(document, &schema["items"], item, &place, problems));
        }
        Value::Object(_) => members(document, schema, value, place, problems),
        _ => {}
    }
}

fn members(document: &Value, schema: &Value, value: &Value, place: &str, problems: &mut Problems) {
    let at = |name: &str| match place {
        "" => name.to_owned(),
        place => format!("{place}.{name}"),
    };
    for name in schema["required"].as_array().into_iter().flatten() {
        let name = name.as_str().unwrap_or_default();
        if value.get(name).is_none() {
            problems.push((at(name), "missing".to_owned()));
        }
    }
    let (declared, others) = (&schema["properties"], &schema["additionalProperties"]);
    for (name, member) in value.as_object().into_iter().flatten() {
        if let Some(schema) = declared.get(name) {
            fit(document, schema, member, &at(name), problems);
        } else if others.is_object() {
            fit(document, others, member, &at("*"), problems);
        } else if declared.is_object() {
            problems.push((at(name), "not declared".to_owned()));
        }
    }
}

/// The problems with the variant that the value is meant to have: the one with the fewest.
fn of_variants(document: &Value, variants: &[Value], value: &Value, place: &str) -> Problems {
    let tries = variants.iter().map(|variant| {
        let mut problems = Vec::new();
        fit(document, variant, value, place, &mut problems);
        problems
    });
    // A tag that is not listed counts more than anything else.
    let is_other = |problems: &Problems| problems.iter().any(|(place, _)| place.ends_with("pricingType"));
    tries
        .min_by_key(|problems| (is_other(problems), problems.len()))
        .unwrap_or_default()
}

fn resolve<'d>(document: &'d Value, schema: &'d Value) -> &'d Value {
    let target = schema["$ref"]
        .as_str()
        .and_then(|target| target.strip_prefix('#'));
    let found = target.and_then(|pointer| document.pointer(pointer));
    found.map_or(schema, |found| resolve(document, found))
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}
