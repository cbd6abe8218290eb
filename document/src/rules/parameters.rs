//! Parameters in paths and queries.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Checker;
use crate::model;

impl Checker<'_> {
    pub(super) fn parameters(&mut self, operation: &Value, pointer: &str, path: &str) {
        let root = &self.document.root;
        let mut in_path = BTreeSet::new();
        let mut names = BTreeSet::new();
        for (index, raw) in operation["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .enumerate()
        {
            let here = format!("{pointer}/parameters/{index}");
            let parameter = model::resolve(root, raw);
            self.known_extensions(parameter, &here, &["x-encode-items"]);
            self.require_text(parameter, &here, "name");
            self.require_text(parameter, &here, "description");
            for schema in [&parameter["schema"], &parameter["schema"]["items"]] {
                if schema["format"] == "password" {
                    self.fault(
                        &here,
                        "a secret must not be sent in a URL, which servers and proxies log",
                    );
                }
            }
            if parameter["required"] == true {
                self.example(&parameter["schema"], &here);
            }
            let name = parameter["name"].as_str().unwrap_or_default();
            names.insert(name.to_owned());
            match parameter["in"].as_str() {
                Some("query") => {}
                Some("path") if parameter["required"] == true => {
                    in_path.insert(name.to_owned());
                }
                Some("path") => self.fault(&here, "a path parameter must be `required: true`"),
                _ => self.fault(
                    &here,
                    "is neither a path nor a query parameter: the client sets headers itself",
                ),
            }
        }
        let wanted: BTreeSet<String> = path
            .split('/')
            .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}').map(str::to_owned))
            .collect();
        if wanted != in_path {
            self.fault(
                pointer,
                format!("the path has the parameters {wanted:?}, but the operation declares {in_path:?}"),
            );
        }
        if operation["x-paginated"] == true {
            for name in ["limit", "after", "before"] {
                if !names.contains(name) {
                    self.fault(pointer, format!("is paginated but has no parameter `{name}`"));
                }
            }
        }
    }
}
