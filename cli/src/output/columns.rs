//! The columns of a list if none are chosen.

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

#[cfg(test)]
mod tests {
    use super::*;

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
