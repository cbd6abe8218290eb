//! From an entry to the body of its operation: defaults, references, and texts that are written as numbers.

use std::collections::BTreeMap;

use crate::contract::{self, Version, check_declared};

use super::error::{Fault, Faults};
use super::node::{Node, Value};
use super::sections::{Fallback, Section};
use super::yaml;

/// An entry that fits the document.
pub(super) struct Body {
    pub(super) node: Node,
    /// The key, and the line of it.
    pub(super) key: Option<(String, usize)>,
}

/// What references and defaults lead to.
pub(super) struct Known<'k> {
    pub(super) ids: &'k BTreeMap<String, String>,
    pub(super) account: &'k str,
}

/// Makes the body of an entry. `place` is its name in messages.
pub(super) fn body(section: &Section, entry: &Node, place: &str, known: &Known<'_>) -> Result<Body, Faults> {
    let line = entry.line;
    let mut members = entry.clone().into_members(place)?;
    let key = take_key(&mut members, place).map_err(|fault| vec![fault])?;
    let mut node = Node::new(line, Value::Map(members));
    node.each_leaf(&mut |line, leaf| resolve(line, leaf, place, known))
        .map_err(|fault| vec![fault])?;
    for (name, default) in section.defaults {
        add_default(&mut node, name, *default, known)?;
    }
    check(section, &mut node, place)?;
    Ok(Body { node, key })
}

fn take_key(members: &mut Vec<(String, Node)>, place: &str) -> Result<Option<(String, usize)>, Fault> {
    let Some(position) = members.iter().position(|(name, _)| name == "key") else {
        return Ok(None);
    };
    let (_, node) = members.remove(position);
    match node.value {
        Value::Text(key) => Ok(Some((key, node.line))),
        _ => Err(Fault::new(
            node.line,
            format!("{place}.key"),
            "it is not a text. Use a name such as `acme`.",
        )),
    }
}

/// Replaces `$key` by the id of that entry, and `$$` at the beginning by `$`.
fn resolve(line: usize, leaf: &mut Value, place: &str, known: &Known<'_>) -> Result<(), Fault> {
    let Value::Text(text) = leaf else { return Ok(()) };
    let Some(key) = text.strip_prefix('$') else {
        return Ok(());
    };
    if key.starts_with('$') {
        *text = key.to_owned();
        return Ok(());
    }
    let Some(id) = known.ids.get(key) else {
        let near = contract::near_names(key, known.ids.keys().map(String::as_str));
        let hint = match near.first() {
            Some(near) => format!("Perhaps `${near}` is meant."),
            None => format!("Write `$${key}` for the text itself."),
        };
        let message = format!("no entry before it has the key `{key}`. {hint}");
        return Err(Fault::new(line, place, message));
    };
    id.clone_into(text);
    Ok(())
}

fn add_default(node: &mut Node, name: &str, default: Fallback, known: &Known<'_>) -> Result<(), Faults> {
    if node.member(name).is_some() {
        return Ok(());
    }
    let line = node.line;
    let mut value = match default {
        Fallback::Json(text) => yaml::parse(text)?,
        Fallback::Account => Node::new(line, Value::Text(known.account.to_owned())),
        Fallback::Of(other) => match node.member(other) {
            Some(other) => other.clone(),
            None => return Ok(()),
        },
    };
    value.line = line;
    if let Value::Map(members) = &mut node.value {
        members.push((name.to_owned(), value));
    }
    Ok(())
}

/// Checks the body against the document; members that it does not declare are typos. Numbers become texts where texts are wanted.
fn check(section: &Section, node: &mut Node, place: &str) -> Result<(), Faults> {
    loop {
        let checked = check_declared(section.operation, Version::LATEST, node.json().as_bytes());
        let Err(problems) = checked else { return Ok(()) };
        let (mut has_changed, mut faults) = (false, Vec::new());
        for problem in &problems {
            let path = problem.path().strip_prefix("body").unwrap_or_default();
            if let Some(found) = node.at(path)
                && let Value::Number(digits) = &mut found.value
            {
                found.value = Value::Text(std::mem::take(digits));
                has_changed = true;
            } else {
                let place = format!("{place}{path}");
                faults.push(Fault::new(node.line_at(path), place, problem.message()));
            }
        }
        if !has_changed {
            return Err(faults);
        }
    }
}
