//! The operations of the document that the SDK carries, as the commands see them.

use sequencehq_document::model::{self, Operation, Success, Tag};
use sequencehq_document::names;
use serde_json::Value;

/// The document with its resources and operations.
pub(crate) struct Catalog {
    pub(crate) root: Value,
    pub(crate) resources: Vec<Resource>,
}

/// A resource with its operations: a command with its subcommands.
pub(crate) struct Resource {
    pub(crate) tag: Tag,
    /// The operations by their commands, such as `mark-as-sent`.
    pub(crate) operations: Vec<(String, Operation)>,
}

impl Catalog {
    pub(crate) fn read() -> Result<Self, serde_json::Error> {
        let root: Value = serde_json::from_str(sequencehq::document())?;
        let operations = model::operations(&root);
        let resources = model::tags(&root).into_iter().map(|tag| {
            let own = operations.iter().filter(|operation| operation.tag == tag.name);
            let named = own.map(|operation| {
                let verb = names::method(&tag.resource, &operation.id).unwrap_or(&operation.id);
                (kebab(verb), operation.clone())
            });
            Resource {
                operations: named.collect(),
                tag,
            }
        });
        let resources = resources.collect();
        Ok(Self { root, resources })
    }

    pub(crate) fn schema(&self, name: &str) -> &Value {
        &self.root["components"]["schemas"][name]
    }

    /// Follows a reference, wrapped or not.
    pub(crate) fn resolve<'a>(&'a self, node: &'a Value) -> &'a Value {
        model::reference(node).map_or(node, |name| self.schema(name))
    }

    /// Returns the schema of one value of the response: of an item, if the operation is a list.
    pub(crate) fn row_schema(&self, operation: &Operation) -> &Value {
        const NOTHING: &Value = &Value::Null;
        let Success::Json(name) = &operation.success else {
            return NOTHING;
        };
        let response = self.schema(name);
        match response["properties"].get("items") {
            Some(list) => self.resolve(&list["items"]),
            None => response,
        }
    }
}

/// Returns a name in kebab case: `dueBefore` and `due_before` become `due-before`.
pub(crate) fn kebab(name: &str) -> String {
    names::snake(name).trim_end_matches('_').replace('_', "-")
}

/// Returns the first sentence of a text without its period, as the line of a list has it.
pub(crate) fn line(markdown: &str) -> String {
    plain(model::first_sentence(markdown))
        .trim_end_matches('.')
        .to_owned()
}

/// Returns the text without links, for terminals.
pub(crate) fn plain(markdown: &str) -> String {
    let mut out = String::new();
    let mut rest = markdown.trim();
    while let Some(start) = rest.find('[') {
        let link = rest[start..].find("](").and_then(|middle| {
            let label = &rest[start + 1..start + middle];
            let end = rest[start + middle..].find(')')?;
            (!label.contains(['[', ']'])).then_some((label, start + middle + end + 1))
        });
        match link {
            Some((label, end)) => {
                out.push_str(&rest[..start]);
                out.push_str(label);
                rest = &rest[end..];
            }
            None => {
                out.push_str(&rest[..=start]);
                rest = &rest[start + 1..];
            }
        }
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_is_a_command() {
        let catalog = Catalog::read().expect("JSON");
        let commands: usize = catalog
            .resources
            .iter()
            .map(|resource| resource.operations.len())
            .sum();
        assert_eq!(commands, model::operations(&catalog.root).len());
        assert!(commands > 170);
    }

    #[test]
    fn names_and_texts_are_those_of_a_terminal() {
        assert_eq!(kebab("dueBefore"), "due-before");
        assert_eq!(kebab("mark_as_sent"), "mark-as-sent");
        assert_eq!(kebab("type"), "type");
        assert_eq!(
            plain("See [`list`](x) and [1] or [a](b)."),
            "See `list` and [1] or a."
        );
    }
}
