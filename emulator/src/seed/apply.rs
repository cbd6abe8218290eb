//! Creates entries by the operations of the API.

use crate::contract::Version;
use crate::operations::{Request, World};
use crate::records::Kind;

use super::Seeded;
use super::body::{Body, Known, body};
use super::error::{Fault, Faults};
use super::node::Node;
use super::sections::Section;

/// The creation of a seed.
pub(super) struct Run<'w> {
    world: &'w World,
    account: String,
    pub(super) seeded: Seeded,
}

impl<'w> Run<'w> {
    pub(super) fn new(world: &'w World) -> Self {
        let account = world.store().read(|state| {
            let mut accounts = state.rows(Kind::Account);
            accounts.next().map(|row| row.id().to_owned())
        });
        Self {
            world,
            account: account.unwrap_or_default(),
            seeded: Seeded::default(),
        }
    }

    /// Creates an entry.
    pub(super) fn create(
        &mut self,
        section: &'static Section,
        index: usize,
        entry: &Node,
    ) -> Result<(), Faults> {
        let place = format!("{}[{index}]", section.name);
        let known = Known {
            ids: &self.seeded.ids,
            account: &self.account,
        };
        let Body { node, key } = body(section, entry, &place, &known)?;
        if let Some((key, line)) = &key
            && self.seeded.ids.contains_key(key)
        {
            let message = format!("another entry has the key `{key}`. Use another one.");
            return Err(vec![Fault::new(*line, format!("{place}.key"), message)]);
        }
        let response = self.world.respond(&Request {
            operation: section.operation,
            version: Version::LATEST,
            path: &std::collections::BTreeMap::new(),
            query: "",
            body: node.json().as_bytes(),
            key: None,
        });
        let answer = response.json_body();
        if response.status >= 400 {
            let message = answer["error"]["message"].as_str().unwrap_or_default();
            return Err(vec![fault(&node, &place, message)]);
        }
        if let Some((key, _)) = key {
            let id = answer["id"].as_str().unwrap_or_default();
            self.seeded.ids.insert(key, id.to_owned());
        }
        *self.seeded.created.entry(section.name).or_default() += 1;
        Ok(())
    }
}

/// A refusal, whose message begins with a path such as `body.phases[0].startDate` if it is about a field.
fn fault(node: &Node, place: &str, message: &str) -> Fault {
    let path = message
        .split_once(": ")
        .and_then(|(path, rest)| Some((path.strip_prefix("body")?, rest)));
    match path {
        Some((path, rest)) if path.is_empty() || path.starts_with(['.', '[']) => {
            Fault::new(node.line_at(path), format!("{place}{path}"), rest)
        }
        _ => Fault::new(node.line, place, message),
    }
}
