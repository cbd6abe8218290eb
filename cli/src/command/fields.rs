//! The fields of a body, for help texts.

use std::fmt::Write as _;

use sequencehq_document::model;
use serde_json::Value;

use crate::catalog::{Catalog, plain};

/// The number of characters of the column with the names.
const NAMES: usize = 28;

/// Lists the fields of a body with their types: the required ones first, and those that only older versions have last.
pub(crate) fn listing(catalog: &Catalog, schema: &str) -> String {
    let schema = catalog.schema(schema);
    let newest = catalog.root["info"]["version"].as_str().unwrap_or_default();
    let required = model::strings(&schema["required"]);
    let properties = schema["properties"].as_object().into_iter().flatten();
    let fields = properties.map(|(name, property)| {
        let need = Need::of(property, newest, required.contains(name));
        (need, name, property)
    });
    let mut fields: Vec<_> = fields.collect();
    // The order of the document is kept among fields of one kind.
    fields.sort_by_key(|(need, _, _)| need.order());
    let mut out = String::from("Fields of the body:\n");
    for (need, name, property) in fields {
        let (kind, mark) = (kind(catalog, property), need.mark());
        let about = property["description"].as_str();
        let about = about.map(|text| format!("\n      {}", plain(model::first_sentence(text))));
        let _ = writeln!(out, "  {name:<NAMES$} {kind}{mark}{}", about.unwrap_or_default());
    }
    out
}

/// Whether a field is needed.
enum Need {
    Required,
    Optional,
    /// Required, but only in these versions, which are older.
    RequiredIn(Vec<String>),
    /// Optional, and only in these versions, which are older.
    OnlyIn(Vec<String>),
}

impl Need {
    fn of(property: &Value, newest: &str, is_required: bool) -> Self {
        let (required_in, versions) = (
            model::strings(&property["x-required-in"]),
            model::strings(&property["x-versions"]),
        );
        let has_newest = |versions: &[String]| versions.iter().any(|version| version == newest);
        if is_required || has_newest(&required_in) {
            Self::Required
        } else if !required_in.is_empty() {
            Self::RequiredIn(required_in)
        } else if versions.is_empty() || has_newest(&versions) {
            Self::Optional
        } else {
            Self::OnlyIn(versions)
        }
    }

    fn order(&self) -> u8 {
        match self {
            Self::Required => 0,
            Self::Optional => 1,
            Self::RequiredIn(_) | Self::OnlyIn(_) => 2,
        }
    }

    fn mark(&self) -> String {
        match self {
            Self::Required => ", required".to_owned(),
            Self::Optional => String::new(),
            Self::RequiredIn(versions) => format!(", required in {}", versions.join(" and ")),
            Self::OnlyIn(versions) => format!(", only in {}", versions.join(" and ")),
        }
    }
}

/// Returns the type of a value in a few words.
fn kind(catalog: &Catalog, node: &Value) -> String {
    let resolved = catalog.resolve(node);
    if resolved.get("oneOf").is_some() {
        return "object".to_owned();
    }
    match (resolved["type"].as_str(), resolved["format"].as_str()) {
        (Some("array"), _) => format!("list of {}", kind(catalog, &resolved["items"])),
        (Some("string"), Some("decimal")) => "decimal".to_owned(),
        (Some("string"), Some("date")) => "date".to_owned(),
        (Some("string"), Some("date-time")) => "timestamp".to_owned(),
        (Some("string"), _) => {
            let values = model::strings(&resolved["enum"]);
            if (1..=6).contains(&values.len()) {
                values.join("|")
            } else {
                "text".to_owned()
            }
        }
        (Some("object"), _) if resolved.get("properties").is_none() => "object with any names".to_owned(),
        (Some(other), _) => other.to_owned(),
        (None, _) => "any JSON".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_marked_as_the_newest_version_needs_them() {
        let catalog = Catalog::read().expect("JSON");
        let listed = listing(&catalog, "CustomerCreate");
        let line = |name: &str| {
            let found = listed
                .lines()
                .position(|line| line.starts_with(&format!("  {name} ")));
            let place = found.unwrap_or_else(|| panic!("{name}: {listed}"));
            (
                place,
                listed
                    .lines()
                    .nth(place)
                    .unwrap_or_default()
                    .trim_end()
                    .to_owned(),
            )
        };
        let (contacts, text) = line("contacts");
        assert!(text.ends_with("list of object, required"), "{text}");
        let (email, text) = line("email");
        assert!(
            text.ends_with("text, required in 2024-01-01 and 2024-05-09"),
            "{text}"
        );
        let (label, text) = line("label");
        assert!(!text.contains("required"), "{text}");
        assert!(contacts < label && label < email, "{listed}");
    }
}
