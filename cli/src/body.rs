//! The body of a request, from `--body` and `--set`.

use std::io::Read as _;
use std::path::Path;

use sequencehq_document::model;
use serde_json::Value;

use crate::catalog::Catalog;
use crate::json::Json;

/// The most items that `--set` adds to a list by an index.
const MOST_ITEMS: usize = 1_000;

/// Returns the body, or `None` if nothing of it is given.
pub(crate) fn read(
    catalog: &Catalog,
    schema: &str,
    body: Option<&str>,
    set: &[&str],
) -> Result<Option<Json>, String> {
    let mut value = match body {
        None if set.is_empty() => return Ok(None),
        None => Json::Object(Vec::new()),
        Some(source) => given("--body", source)?,
    };
    for assignment in set {
        assign(catalog, catalog.schema(schema), &mut value, assignment)
            .map_err(|problem| format!("--set {assignment}: {problem}"))?;
    }
    Ok(Some(value))
}

/// Returns the JSON of an option: itself, `@FILE`, or `-` for standard input.
pub(crate) fn given(option: &str, source: &str) -> Result<Json, String> {
    let (name, text) = match source.strip_prefix('@') {
        Some("-") => ("standard input", standard_input()?),
        None if source == "-" => ("standard input", standard_input()?),
        Some(path) => (
            path,
            std::fs::read_to_string(path).map_err(|error| format!("{option} @{path}: {error}"))?,
        ),
        None => (option, source.to_owned()),
    };
    Json::parse(&text).map_err(|error| match Path::new(source).is_file() {
        true => format!("{name} is not JSON, but a file; write `{option} @{source}` to read it"),
        false => format!("{name} is not JSON: {error}"),
    })
}

fn standard_input() -> Result<String, String> {
    let mut text = String::new();
    let read = std::io::stdin().read_to_string(&mut text);
    read.map(|_| text)
        .map_err(|error| format!("standard input: {error}"))
}

/// One step of a path: a field, or the index of an item.
enum Step<'a> {
    Field(&'a str),
    Item(usize),
}

fn assign(catalog: &Catalog, schema: &Value, body: &mut Json, assignment: &str) -> Result<(), String> {
    let (path, value) = assignment.split_once('=').ok_or("expected FIELD=VALUE")?;
    let (path, is_json) = path.strip_suffix(':').map_or((path, false), |path| (path, true));
    let steps = steps(path)?;
    let (mut schema, mut place) = (schema, body);
    for step in &steps {
        schema = inner(catalog, schema, step);
        place = enter(place, step)?;
    }
    *place = if is_json {
        Json::parse(value).map_err(|error| format!("not JSON: {error}"))?
    } else {
        typed(catalog.resolve(schema), value)?
    };
    Ok(())
}

fn steps(path: &str) -> Result<Vec<Step<'_>>, String> {
    let mut steps = Vec::new();
    for part in path.split('.') {
        let (name, indices) = part
            .split_once('[')
            .map_or((part, ""), |(name, rest)| (name, rest));
        if name.is_empty() {
            return Err("a field has no name".to_owned());
        }
        steps.push(Step::Field(name));
        for index in indices.split('[').filter(|index| !index.is_empty()) {
            let index = index.strip_suffix(']').and_then(|index| index.parse().ok());
            match index {
                Some(index) if index < MOST_ITEMS => steps.push(Step::Item(index)),
                _ => return Err(format!("`{part}` needs an index such as [0], below {MOST_ITEMS}")),
            }
        }
    }
    Ok(steps)
}

/// Returns the schema of a field or an item. It is null if the document does not have it, which the call refuses later.
fn inner<'a>(catalog: &'a Catalog, schema: &'a Value, step: &Step<'_>) -> &'a Value {
    let schema = catalog.resolve(schema);
    match step {
        Step::Item(_) => &schema["items"],
        Step::Field(name) => {
            let members = schema["oneOf"].as_array().into_iter().flatten();
            let members = members.map(|member| catalog.resolve(member));
            let field = std::iter::once(schema)
                .chain(members)
                .find_map(|schema| schema["properties"].get(name));
            field.unwrap_or(&schema["additionalProperties"])
        }
    }
}

/// Returns the place of a step in a value, which is created if it is missing.
fn enter<'a>(value: &'a mut Json, step: &Step<'_>) -> Result<&'a mut Json, String> {
    match step {
        Step::Field(name) => {
            if *value == Json::Null {
                *value = Json::Object(Vec::new());
            }
            let Json::Object(fields) = value else {
                return Err(format!("`{name}` is set in something that is not an object"));
            };
            let index = fields
                .iter()
                .position(|(known, _)| known == name)
                .unwrap_or_else(|| {
                    fields.push(((*name).to_owned(), Json::Null));
                    fields.len() - 1
                });
            Ok(&mut fields[index].1)
        }
        Step::Item(index) => {
            if *value == Json::Null {
                *value = Json::List(Vec::new());
            }
            let Json::List(items) = value else {
                return Err(format!("[{index}] is set in something that is not a list"));
            };
            while items.len() <= *index {
                items.push(Json::Null);
            }
            Ok(&mut items[*index])
        }
    }
}

/// Returns a text as a value of the type that the document has there.
fn typed(schema: &Value, text: &str) -> Result<Json, String> {
    let json = |expected: &str| Json::parse(text).map_err(|_| format!("`{text}` is not {expected}"));
    match schema["type"].as_str() {
        Some("string") => Ok(Json::Text(text.to_owned())),
        Some("boolean") => json("`true` or `false`"),
        Some("integer" | "number") => json("a number"),
        Some("object") => {
            json("JSON for an object; set its fields one by one, such as `address.town=London`")
        }
        Some("array") => match Json::parse(text) {
            Ok(list @ Json::List(_)) => Ok(list),
            // `--set paymentOptions=LINK,BANK_TRANSFER`
            _ if model::reference(&schema["items"]).is_some() || schema["items"]["type"] == "string" => {
                let items = text.split(',').filter(|item| !item.is_empty());
                Ok(Json::List(
                    items.map(|item| Json::Text(item.to_owned())).collect(),
                ))
            }
            _ => Err(format!("`{text}` is not a JSON list")),
        },
        // Free-form JSON, or a field that the document does not have.
        _ => Ok(Json::parse(text).unwrap_or_else(|_| Json::Text(text.to_owned()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(schema: &str, body: Option<&str>, set: &[&str]) -> String {
        let catalog = Catalog::read().expect("JSON");
        match read(&catalog, schema, body, set) {
            Ok(body) => body.map_or_else(String::new, |body| body.to_string()),
            Err(problem) => problem,
        }
    }

    #[test]
    fn fields_have_the_types_of_the_document() {
        let set = [
            "customerId=1",
            "currency=GBP",
            "purchaseOrderNumber=07",
            "memo:=null",
        ];
        assert_eq!(
            body("InvoiceCreate", None, &set),
            r#"{"customerId":"1","currency":"GBP","purchaseOrderNumber":"07","memo":null}"#
        );
        let set = [
            "contacts[1].name=Ada",
            "contacts[0].name=Bob",
            "address.town=London",
        ];
        assert_eq!(
            body("CustomerCreate", Some(r#"{"n":1.50}"#), &set),
            r#"{"n":1.50,"contacts":[{"name":"Bob"},{"name":"Ada"}],"address":{"town":"London"}}"#
        );
        assert_eq!(body("InvoiceCreate", None, &[]), "");
    }

    #[test]
    fn what_cannot_be_set_is_explained() {
        for (set, message) in [
            ("currency", "expected FIELD=VALUE"),
            ("=x", "a field has no name"),
            ("contacts[x].name=a", "needs an index"),
            ("contacts[5000].name=a", "below 1000"),
            ("memo:=nul", "not JSON"),
        ] {
            let problem = body("CustomerCreate", None, &[set]);
            assert!(
                problem.starts_with("--set ") && problem.contains(message),
                "{problem}"
            );
        }
        assert!(body("CustomerCreate", Some("{"), &[]).starts_with("--body is not JSON"));
        let problem = body("CustomerCreate", Some("Cargo.toml"), &[]);
        assert_eq!(
            problem,
            "--body is not JSON, but a file; write `--body @Cargo.toml` to read it"
        );
        let problem = body("CustomerCreate", Some("@/no/such/file"), &[]);
        assert!(problem.starts_with("--body @/no/such/file: "), "{problem}");
    }
}
