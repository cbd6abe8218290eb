//! The properties of request bodies that are made of a resource's property with another name (`x-from`).

use std::collections::BTreeSet;

use super::Checker;
use crate::load::escape;
use crate::model::{self, Success};
use crate::updates;

impl Checker<'_> {
    pub(super) fn sources(&mut self) {
        let root = &self.document.root;
        let made = made(root);
        for (body, schema) in model::schemas(root) {
            let properties = schema["properties"].as_object().into_iter().flatten();
            let renamed =
                properties.filter_map(|(name, property)| Some((name, property["x-from"].as_str()?)));
            for (name, source) in renamed {
                let pointer = format!(
                    "/components/schemas/{}/properties/{}/x-from",
                    escape(body),
                    escape(name)
                );
                if source == name {
                    self.fault(&pointer, "is the name of the property itself: remove it");
                }
                let mut resources = made.iter().filter(|(one, _)| one == body).peekable();
                if resources.peek().is_none() {
                    self.fault(
                        &pointer,
                        format!("has no effect, because no PUT has `{body}` in its body and an object as its response: remove it"),
                    );
                }
                for (_, resource) in resources {
                    if !updates::pair(root, body, resource)
                        .carried
                        .iter()
                        .any(|carried| carried.name == *name)
                    {
                        self.fault(
                            &pointer,
                            format!(
                                "`{source}` is not a property of `{resource}` with the same type: write the name of one, or \
                                 `property.member` for a property of the objects in it"
                            ),
                        );
                    }
                }
            }
        }
    }
}

/// Returns the schemas in the bodies of PUTs, with the resources of which they are made.
fn made(root: &serde_json::Value) -> BTreeSet<(String, String)> {
    let of_puts = model::operations(root)
        .into_iter()
        .filter_map(|operation| match operation.success {
            Success::Json(resource) if operation.method == "put" => Some((operation.body?, resource)),
            _ => None,
        });
    let pairs = updates::pairs(root).into_iter();
    of_puts
        .chain(pairs.map(|pair| (pair.body, pair.resource)))
        .collect()
}
