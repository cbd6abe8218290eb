//! Compares a value with a schema, and reports each difference with what is expected.

use serde_json::{Map, Value};

use super::super::schemas::{Node, Property, Schemas};
use super::super::{Version, near, scalars};
use super::exact::Inexact;
use super::path::{self, Step};
use super::problem::Problem;

/// Problems that are reported.
const MOST: usize = 20;
/// Levels of a value that are checked.
const DEEPEST: usize = 128;
/// Values of an enum that a message lists.
const LISTED: usize = 40;
/// Bytes of a text, and texts, that are compared in search of a misspelling.
const COMPARED: (usize, usize) = (64, 100);

/// Who wrote the value.
#[derive(Clone, Copy)]
pub(super) enum Side<'a> {
    /// The caller. The numbers are those that lost digits when they were read.
    Request {
        inexact: &'a Inexact,
        /// Whether members that the document does not declare are a problem, and not ignored.
        declared_only: bool,
    },
    /// The emulator.
    Answer,
    /// A test, in place of the emulator: members that are not declared are allowed, and `null` counts as absent.
    Scripted,
}

pub(super) struct Checker<'a> {
    schemas: Schemas,
    version: Version,
    side: Side<'a>,
    path: Vec<Step<'a>>,
    problems: Vec<Problem>,
}

impl<'a> Checker<'a> {
    pub(super) fn new(schemas: Schemas, version: Version, side: Side<'a>) -> Self {
        Self {
            schemas,
            version,
            side,
            path: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// Returns the problems of `value`, in the order of the schema.
    pub(super) fn check(mut self, node: &Node, value: &'a Value) -> Result<(), Vec<Problem>> {
        self.node(node, value);
        if self.problems.is_empty() {
            Ok(())
        } else {
            self.problems.truncate(MOST);
            Err(self.problems)
        }
    }

    fn node(&mut self, node: &Node, value: &'a Value) {
        match *node {
            Node::Named(index) => self.node(&self.schemas[index].1, value),
            Node::List(items) => match value {
                Value::Array(values) => self.each(items, values.iter().enumerate(), Step::Index),
                _ => self.mismatch(node, value),
            },
            Node::Map(entries) => match value {
                Value::Object(map) => self.each(entries, map, |key| Step::Key(key)),
                _ => self.mismatch(node, value),
            },
            Node::Object(properties) => match value {
                Value::Object(map) => self.object(properties, map),
                _ => self.mismatch(node, value),
            },
            Node::Union(tag, members) => match value {
                Value::Object(map) => self.union(tag, members, map, value),
                _ => self.mismatch(node, value),
            },
            Node::Enum(values) => self.enumerated(values, value),
            _ if !fits(node, value) => self.mismatch(node, value),
            Node::Number | Node::Int32 | Node::Int64 => self.exact(value),
            _ => {}
        }
    }

    fn each<K>(
        &mut self,
        node: &Node,
        values: impl IntoIterator<Item = (K, &'a Value)>,
        step: impl Fn(K) -> Step<'a>,
    ) {
        for (key, value) in values {
            if self.is_full() {
                return;
            }
            self.inside(step(key), node, value);
        }
    }

    fn inside(&mut self, step: Step<'a>, node: &Node, value: &'a Value) {
        self.path.push(step);
        if self.path.len() > DEEPEST {
            self.problem(format!("is nested more than {DEEPEST} levels deep."));
        } else {
            self.node(node, value);
        }
        self.path.pop();
    }

    fn object(&mut self, properties: &'static [Property], map: &'a Map<String, Value>) {
        let (mut known, version) = (0, self.version);
        for property in properties.iter().filter(|one| one.exists_in(version)) {
            if self.is_full() {
                return;
            }
            match map.get(property.name) {
                Some(value) => {
                    known += 1;
                    let is_absent =
                        value.is_null() && !matches!(self.side, Side::Answer) && !self.requires(property);
                    if !is_absent {
                        self.inside(Step::Key(property.name), &property.node, value);
                    }
                }
                None if self.requires(property) => self.missing(property, properties, map),
                None => {}
            }
        }
        let ignores = matches!(
            self.side,
            Side::Scripted
                | Side::Request {
                    declared_only: false,
                    ..
                }
        );
        if known < map.len() && !ignores {
            self.undeclared(properties, map);
        }
    }

    fn requires(&self, property: &Property) -> bool {
        let versions = match self.side {
            Side::Request { .. } => property.required_in_requests,
            Side::Answer | Side::Scripted => property.required,
        };
        versions & self.version.bit() != 0
    }

    fn missing(&mut self, property: &Property, declared: &[Property], map: &'a Map<String, Value>) {
        let mut rule = format!(
            "expected {}, but the member is missing.",
            self.expected(&property.node)
        );
        let unknown = map.keys().map(String::as_str);
        let unknown = unknown.filter(|key| declared.iter().all(|one| one.name != *key));
        let unknown = unknown.filter(|key| key.len() <= COMPARED.0);
        if let [key] = near::names(property.name, unknown.take(COMPARED.1))[..] {
            rule.push_str(&format!(" Is {} a misspelling of it?", path::quoted(key)));
        }
        self.path.push(Step::Key(property.name));
        self.problem(rule);
        self.path.pop();
    }

    fn undeclared(&mut self, properties: &[Property], map: &'a Map<String, Value>) {
        let version = self.version;
        for key in map.keys() {
            let declared = || properties.iter().filter(|one| one.exists_in(version));
            if declared().all(|one| one.name != key) {
                let mut rule = format!("version {} does not declare this member.", version.name());
                if let Some(near) = near::names(key, declared().map(|one| one.name)).first() {
                    rule.push_str(&format!(" Is it a misspelling of `{near}`?"));
                }
                self.path.push(Step::Key(key));
                self.problem(rule);
                self.path.pop();
            }
        }
    }

    fn union(
        &mut self,
        tag: &'static str,
        members: &'static [(&'static str, Node)],
        map: &'a Map<String, Value>,
        value: &'a Value,
    ) {
        let given = map.get(tag);
        let kind = given.and_then(Value::as_str);
        if let Some((_, member)) = members.iter().find(|(name, _)| Some(*name) == kind) {
            return self.node(member, value);
        }
        let names: Vec<&str> = members.iter().map(|(name, _)| *name).collect();
        let rule = match given {
            None => format!("expected one of {}, but the member is missing.", names.join(", ")),
            Some(given) => one_of(&names, given),
        };
        self.path.push(Step::Key(tag));
        self.problem(rule);
        self.path.pop();
    }

    fn enumerated(&mut self, values: &'static [(&'static str, u8)], value: &Value) {
        let text = value.as_str();
        let found = values.iter().find(|(one, _)| Some(*one) == text);
        if found.is_some_and(|(_, versions)| versions & self.version.bit() != 0) {
            return;
        }
        let usable = values
            .iter()
            .filter(|(_, versions)| versions & self.version.bit() != 0);
        let usable: Vec<&str> = usable.map(|(value, _)| *value).collect();
        let mut rule = one_of(&usable, value);
        if let Some((_, versions)) = found {
            let names: Vec<_> = Version::all()
                .filter(|version| versions & version.bit() != 0)
                .map(Version::name)
                .collect();
            rule.push_str(&format!(
                " Version {} lacks it; {} has it.",
                self.version.name(),
                names.join(" and ")
            ));
        }
        self.problem(rule);
    }

    fn exact(&mut self, value: &Value) {
        let Side::Request { inexact, .. } = self.side else {
            return;
        };
        if inexact.is_empty() {
            return;
        }
        if let Some(sent) = inexact.get(&path::text("body", self.path.iter().copied())) {
            let sent = sent
                .get(..60)
                .map_or_else(|| sent.clone(), |start| format!("{start}…"));
            self.problem(format!(
                "{sent} has more digits than a JSON number carries safely: it would be read as {value}. \
                 Send at most 15 digits."
            ));
        }
    }

    fn mismatch(&mut self, node: &Node, value: &Value) {
        let got = match (node, value) {
            (Node::Secret, Value::Number(_)) => "a number".to_owned(),
            _ => described(value),
        };
        self.problem(format!("expected {}, got {got}.", self.expected(node)));
    }

    fn problem(&mut self, message: String) {
        let root = match self.side {
            Side::Request { .. } => "body",
            Side::Answer => "answer",
            Side::Scripted => "value",
        };
        let path = path::text(root, self.path.iter().copied());
        self.problems.push(Problem::new(path, message));
    }

    fn is_full(&self) -> bool {
        self.problems.len() >= MOST
    }

    fn expected(&self, node: &Node) -> String {
        let text = match node {
            Node::Named(index) => return self.expected(&self.schemas[*index].1),
            Node::Enum(values) => {
                let usable = values
                    .iter()
                    .filter(|(_, versions)| versions & self.version.bit() != 0);
                return listed(&usable.map(|(value, _)| *value).collect::<Vec<_>>());
            }
            Node::Any => "a value",
            Node::Boolean => "`true` or `false`",
            Node::Int32 => "an integer of 32 bits",
            Node::Int64 => "an integer of 64 bits",
            Node::Number => "a decimal as a JSON number, such as 12.5, of at most 28 digits",
            Node::Text | Node::Secret => "a text",
            Node::Decimal => "a decimal as a JSON string, such as \"12.50\", of at most 28 digits",
            Node::Date => "a date, such as \"2026-01-31\"",
            Node::Instant => "an RFC 3339 timestamp, such as \"2026-01-31T09:30:00Z\"",
            Node::Id => "an id",
            Node::List(_) => "a list",
            Node::Map(_) | Node::Object(_) | Node::Union(..) => "an object",
        };
        text.to_owned()
    }
}

/// Whether a scalar is what the node expects.
fn fits(node: &Node, value: &Value) -> bool {
    let is_text = |rule: fn(&str) -> bool| value.as_str().is_some_and(rule);
    match node {
        Node::Boolean => value.is_boolean(),
        Node::Int32 => whole(value).is_some_and(|whole| i32::try_from(whole).is_ok()),
        Node::Int64 => whole(value).is_some(),
        Node::Number => value
            .as_number()
            .is_some_and(|number| scalars::number(&number.to_string()).is_some()),
        Node::Text | Node::Secret => value.is_string(),
        Node::Decimal => is_text(|text| scalars::decimal(text).is_some()),
        Node::Date => is_text(scalars::is_date),
        Node::Instant => is_text(scalars::is_instant),
        Node::Id => is_text(|text| !text.is_empty()),
        _ => true,
    }
}

/// Returns the value of an integer, which may be written as `7.0`.
pub(super) fn whole(value: &Value) -> Option<i64> {
    /// 2⁶³, the first double beyond the integers.
    const END: f64 = 9_223_372_036_854_775_808.0;
    let number = value.as_number()?;
    number.as_i64().or_else(|| {
        let float = number.as_f64().filter(|_| number.is_f64())?;
        let is_whole = float.fract() == 0.0 && (-END..END).contains(&float);
        // In range and without a fraction, so that nothing is cut off.
        is_whole.then_some(float as i64)
    })
}

fn one_of(values: &[&str], given: &Value) -> String {
    let mut rule = format!("expected {}, got {}.", listed(values), described(given));
    let given = given.as_str().filter(|text| text.len() <= COMPARED.0);
    let near = given
        .map(|text| near::names(text, values.iter().copied()))
        .unwrap_or_default();
    if !near.is_empty() {
        rule.push_str(&format!(" Did you mean {}?", near.join(" or ")));
    }
    rule
}

fn listed(values: &[&str]) -> String {
    if let [only] = values {
        return format!("{only:?}");
    }
    let shown = &values[..values.len().min(LISTED)];
    let more = values.len() - shown.len();
    if more > 0 {
        format!("one of {} and {more} more", shown.join(", "))
    } else {
        format!("one of {}", shown.join(", "))
    }
}

fn described(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => format!("`{value}`"),
        Value::Number(number) => format!("the number {number}"),
        Value::String(text) => path::quoted(text),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::super::Version;
    use super::super::super::schemas::{Node, Property, Schemas};
    use super::super::exact::Inexact;
    use super::{Checker, DEEPEST, Side};

    const fn property(name: &'static str, node: Node) -> Property {
        Property {
            name,
            node,
            versions: 0b111,
            required: 0b110,
            required_in_requests: 0b100,
            nullable: false,
        }
    }

    /// A tree: each node has a list of children and a map of named ones.
    static TREE: Schemas = &[(
        "Tree",
        Node::Object(&[
            property("children", Node::List(&Node::Named(0))),
            property("named", Node::Map(&Node::Named(0))),
        ]),
    )];

    fn problems(side: Side<'_>, version: Version, value: &Value) -> Vec<String> {
        let checked = Checker::new(TREE, version, side).check(&Node::Named(0), value);
        let problems = checked.err().unwrap_or_default();
        problems.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_schema_that_contains_itself_is_checked_at_every_level() {
        let leaf = json!({"children": [], "named": {}});
        let tree = json!({"children": [leaf, {"children": [leaf, 7], "named": {}}], "named": {"a": {"children": []}}});
        assert_eq!(
            problems(Side::Answer, Version::LATEST, &tree),
            [
                "answer.children[1].children[1]: expected an object, got the number 7.",
                "answer.named.a.named: expected an object, but the member is missing.",
            ]
        );
    }

    #[test]
    fn a_value_that_is_too_deep_is_refused() {
        let nested = |levels: usize| {
            let wrap = |inside: Value, _| json!({"children": [inside], "named": {}});
            (0..levels).fold(json!({"children": [], "named": {}}), wrap)
        };
        // Each level is a member and an item.
        assert_eq!(
            problems(Side::Answer, Version::LATEST, &nested(DEEPEST / 2 - 1)),
            [""; 0]
        );
        for levels in [DEEPEST / 2, 200] {
            let problems = problems(Side::Answer, Version::LATEST, &nested(levels));
            let is_too_deep = |one: &String| one.ends_with(": is nested more than 128 levels deep.");
            assert!(
                !problems.is_empty() && problems.iter().all(is_too_deep),
                "{problems:?}"
            );
        }
    }

    #[test]
    fn what_is_required_depends_on_the_side_and_the_version() {
        let inexact = Inexact::new();
        let missing = |version: &str| {
            let version = Version::parse(version).expect("the version exists");
            let sides = [
                Side::Request {
                    inexact: &inexact,
                    declared_only: false,
                },
                Side::Answer,
            ];
            sides.map(|side| problems(side, version, &json!({})).len())
        };
        assert_eq!(missing("2024-01-01"), [0, 0]);
        assert_eq!(missing("2024-05-09"), [0, 2]);
        assert_eq!(missing("2024-07-30"), [2, 2]);
    }
}
