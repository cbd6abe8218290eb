//! The columns of a list: those of a schema if none are chosen, and warnings about those that are.

use sequencehq_document::near;
use serde_json::Value;

use crate::catalog::Catalog;
use crate::command::Format;

/// The most columns of a table, which is for people: amounts, and others.
const MOST_AMOUNTS: usize = 3;
const MOST_OTHERS: usize = 5;

/// Returns the columns for items of a schema: all of its fields for programs, and for a table the first of those with one
/// value, without the ids of other resources.
pub(crate) fn of_schema(catalog: &Catalog, schema: &Value, format: Format) -> Vec<String> {
    let properties = || schema["properties"].as_object().into_iter().flatten();
    if format != Format::Table {
        return properties().map(|(name, _)| name.clone()).collect();
    }
    let (mut amounts, mut others) = (0, 0);
    let mut is_shown = |name: &str, property: &Value| {
        let resolved = catalog.resolve(property);
        let is_single = matches!(
            resolved["type"].as_str(),
            Some("string" | "integer" | "number" | "boolean")
        );
        let is_foreign = name != "id" && (resolved["format"] == "id" || name.ends_with("Id"));
        if !is_single || is_foreign {
            return false;
        }
        let (count, most) = match resolved["format"] == "decimal" {
            true => (&mut amounts, MOST_AMOUNTS),
            false => (&mut others, MOST_OTHERS),
        };
        *count += 1;
        *count <= most
    };
    let shown = properties().filter(|(name, property)| is_shown(name, property));
    shown.map(|(name, _)| name.clone()).collect()
}

/// Returns a warning for each chosen column that is not a field of the schema. The API may send it all the same.
pub(crate) fn warnings(schema: &Value, chosen: &[String]) -> Vec<String> {
    let Some(properties) = schema["properties"].as_object() else {
        return Vec::new();
    };
    let known: Vec<&str> = properties.keys().map(String::as_str).collect();
    let first = |path: &String| path.split('.').next().unwrap_or_default().to_owned();
    let unknown = chosen
        .iter()
        .map(first)
        .filter(|name| !known.contains(&name.as_str()));
    unknown
        .map(|name| {
            let hint = near::hint(&name, known.iter().copied());
            format!("warning: --columns: `{name}` is not a field that the API documents{hint}; it is empty unless the API sends it")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_that_is_not_documented_has_a_warning() {
        let catalog = Catalog::read().expect("JSON");
        let columns = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let invoice = catalog.schema("Invoice");
        assert_eq!(
            warnings(invoice, &columns(&["id", "grossTotal"])),
            Vec::<String>::new()
        );
        assert_eq!(
            warnings(invoice, &columns(&["grosTotal"])),
            [
                "warning: --columns: `grosTotal` is not a field that the API documents (did you mean `grossTotal`?); it is empty \
                 unless the API sends it"
            ]
        );
        assert_eq!(warnings(&Value::Null, &columns(&["x"])), Vec::<String>::new());
    }

    #[test]
    fn a_table_shows_what_people_look_for() {
        let catalog = Catalog::read().expect("JSON");
        let invoice = catalog.schema("Invoice");
        assert_eq!(
            of_schema(&catalog, invoice, Format::Table),
            [
                "id",
                "status",
                "paymentStatus",
                "invoiceNumber",
                "customerLegalCompanyName",
                "netTotal",
                "totalTax",
                "grossTotal"
            ]
        );
        let fields = invoice["properties"].as_object().map_or(0, |fields| fields.len());
        assert_eq!(of_schema(&catalog, invoice, Format::Csv).len(), fields);
    }
}
