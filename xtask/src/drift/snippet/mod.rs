//! What to write for a finding: YAML in the style of our document.
//!
//! Descriptions are gaps, keys without a value that the build refuses, below the vendor's text as a comment.

mod advice;
mod draft;
mod operation;
mod ours;
mod unions;
pub(super) mod yaml;

use std::collections::BTreeSet;
use std::path::Path;

use sequencehq_document::{Document, model};
use serde_json::Value;

use super::cause::Finding;
use super::compare::{Aspect, Difference, NOTHING, Offered, Severity};
use super::schema::Source;
use draft::Drafts;
use ours::Ours;

/// A piece of YAML and its place in our document.
#[derive(Debug)]
pub(crate) struct Edit {
    pub(crate) target: Target,
    /// Lines without indentation.
    pub(crate) lines: Vec<String>,
}

/// Where an edit belongs, by JSON pointer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// Values of the enum at this schema.
    Values(String),
    /// Properties of the object at this schema.
    Properties(String),
    /// Parameters of this operation.
    Parameters(String),
    /// An operation of this path.
    Path(String),
    /// Both lists of the union at this schema: `oneOf`, and the mapping of its discriminator.
    Variant(String),
    /// A component of this name.
    Schema(String),
    /// Something that only a person can decide.
    Advice,
}

impl Edit {
    /// The YAML to paste, below a comment with the place.
    pub(crate) fn shown(&self, ours: &Document) -> Vec<String> {
        let at = |pointer: &str| {
            let line = ours
                .line(pointer)
                .map_or_else(String::new, |line| format!(":{line}"));
            let path = Path::new(&ours.name).file_name().unwrap_or_default();
            format!("{}{line}", path.to_string_lossy())
        };
        let place = match &self.target {
            Target::Values(pointer) => {
                let mut lines = vec![format!("# {}, the whole enum:", at(&format!("{pointer}/enum")))];
                lines.extend(yaml::list("enum", 6, &self.values(&ours.root, pointer)));
                return lines;
            }
            Target::Properties(pointer) => {
                format!("{}, under `properties`:", at(&format!("{pointer}/properties")))
            }
            Target::Parameters(pointer) => {
                format!("{}, under `parameters`:", at(&format!("{pointer}/parameters")))
            }
            Target::Path(path) => {
                let mut lines = vec![format!("# {}, under `paths`:", at("/paths"))];
                lines.extend(yaml::nest(path, self.lines.clone()));
                return lines;
            }
            Target::Schema(name) => {
                let mut lines = vec![format!(
                    "# {}, under `components`, `schemas`:",
                    at("/components/schemas")
                )];
                lines.extend(yaml::nest(name, self.lines.clone()));
                return lines;
            }
            Target::Variant(pointer) => {
                let lists = ["oneOf", "discriminator/mapping"].iter().zip(&self.lines);
                let lines = lists.flat_map(|(key, line)| {
                    let place = at(&format!("{pointer}/{key}"));
                    let key = key.rsplit('/').next().unwrap_or(key);
                    [format!("# {place}, under `{key}`:"), line.clone()]
                });
                return lines.collect();
            }
            Target::Advice => return self.lines.clone(),
        };
        let mut lines = vec![format!("# {place}")];
        lines.extend(self.lines.clone());
        lines
    }

    /// The values of the enum at `pointer` with those of this edit: in alphabetical order if they were in it.
    pub(crate) fn values(&self, root: &Value, pointer: &str) -> Vec<String> {
        let known = root.pointer(&format!("{pointer}/enum"));
        let mut values = known.map(model::strings).unwrap_or_default();
        let is_sorted = values.is_sorted();
        values.extend(self.lines.iter().cloned());
        if is_sorted {
            values.sort();
        }
        values.iter().map(|value| yaml::quoted(value)).collect()
    }
}

/// Versions as a list in YAML.
fn version_list<'v>(versions: impl IntoIterator<Item = &'v String>) -> String {
    let quoted: Vec<String> = versions
        .into_iter()
        .map(|version| yaml::quoted(version))
        .collect();
    format!("[{}]", quoted.join(", "))
}

/// Makes drafts for findings.
pub(crate) struct Snippets<'a> {
    drafts: Drafts<'a>,
}

impl<'a> Snippets<'a> {
    pub(crate) fn new(ours: &'a Value) -> Self {
        Self {
            drafts: Drafts {
                ours: Ours::new(ours),
                is_request: false,
                new: Vec::new(),
                made: BTreeSet::new(),
                holders: Vec::new(),
            },
        }
    }

    /// What to write for `finding`: the first edit is the change itself, others are components that it needs.
    pub(crate) fn edits(&mut self, finding: &Finding<'_, 'a>) -> Vec<Edit> {
        let mut edits = self.main(finding);
        for (name, lines) in std::mem::take(&mut self.drafts.new) {
            let target = if name.is_empty() {
                Target::Advice
            } else {
                Target::Schema(name)
            };
            edits.push(Edit { target, lines });
        }
        edits
    }

    fn main(&mut self, finding: &Finding<'_, 'a>) -> Vec<Edit> {
        let pointer = &finding.subject.pointer;
        let Some(first) = finding.differences.first() else {
            return Vec::new();
        };
        match (finding.kind, &first.offered) {
            (Aspect::Enum, _) if first.ours == NOTHING => {
                let mut values: Vec<String> = Vec::new();
                for one in &finding.differences {
                    if !values.contains(&one.theirs) {
                        values.push(one.theirs.clone());
                    }
                }
                vec![Edit {
                    target: Target::Values(pointer.clone()),
                    lines: values,
                }]
            }
            (Aspect::Missing, Offered::Operation(operation)) => {
                let versions: Vec<&str> = finding.versions.iter().map(String::as_str).collect();
                self.drafts.is_request = false;
                vec![Edit {
                    target: Target::Path(operation.path.to_owned()),
                    lines: self.drafts.operation(*operation, &versions),
                }]
            }
            (Aspect::Variant, Offered::Variant(sources)) => self.variant(finding, sources),
            (Aspect::Missing, Offered::Property(sources, _)) if first.location == "request.body" => {
                let lines = self.drafts.body_of(&first.operation, sources);
                vec![Edit {
                    target: Target::Advice,
                    lines,
                }]
            }
            (Aspect::Missing, Offered::Parameter(_)) => self.parameters(finding),
            (Aspect::Missing, Offered::Property(..)) => self.properties(finding),
            _ => vec![Edit {
                target: Target::Advice,
                lines: self.advice(finding),
            }],
        }
    }

    fn parameters(&mut self, finding: &Finding<'_, 'a>) -> Vec<Edit> {
        let versions = self.only_in(finding);
        let mut lines = Vec::new();
        let mut done: Vec<&str> = Vec::new();
        for one in &finding.differences {
            if let Offered::Parameter(parameter) = one.offered
                && !done.contains(&one.location.as_str())
            {
                done.push(&one.location);
                let mut draft = self.drafts.parameter(parameter);
                // After the name and `in`.
                draft.splice(
                    2..2,
                    versions
                        .iter()
                        .map(|versions| format!("  x-versions: {versions}")),
                );
                lines.extend(draft);
            }
        }
        vec![Edit {
            target: Target::Parameters(finding.subject.pointer.clone()),
            lines,
        }]
    }

    /// The versions of the finding, unless an operation that it is about has no others. The client refuses to send what
    /// a version lacks.
    fn only_in(&self, finding: &Finding<'_, 'a>) -> Option<String> {
        let operations = model::raw_operations(self.drafts.ours.root).map(|raw| raw.read());
        let has_others = operations
            .filter(|operation| {
                finding
                    .differences
                    .iter()
                    .any(|one| one.operation == operation.id)
            })
            .any(|operation| {
                operation
                    .versions
                    .iter()
                    .any(|one| !finding.versions.contains(one))
            });
        has_others.then(|| version_list(&finding.versions))
    }

    /// Properties by name. Only one that every request needs is required.
    fn properties(&mut self, finding: &Finding<'_, 'a>) -> Vec<Edit> {
        let mut properties: Vec<(String, Vec<Source<'a>>, bool)> = Vec::new();
        for one in &finding.differences {
            let Offered::Property(sources, required) = &one.offered else {
                continue;
            };
            let name = one.item().1;
            match properties.iter_mut().find(|(known, ..)| *known == name) {
                Some((_, known, all)) => {
                    known.extend(sources);
                    *all &= *required;
                }
                None => properties.push((name, sources.clone(), *required)),
            }
        }
        let in_requests = |one: &&Difference<'_>| one.location.starts_with("request");
        self.drafts.is_request = finding.differences.iter().any(in_requests);
        let must = self.drafts.is_request && finding.severity == Severity::Breaking;
        let mut lines = Vec::new();
        let mut required = Vec::new();
        let versions = self.only_in(finding).filter(|_| self.drafts.is_request);
        for (name, sources, all) in properties {
            let mut draft = self.drafts.property(&name, &sources, must && all);
            if let Some(versions) = &versions {
                draft.insert(1, format!("  x-versions: {versions}"));
            }
            match &versions {
                Some(versions) if must && all => draft.insert(2, format!("  x-required-in: {versions}")),
                None if must && all => required.push(name),
                _ => {}
            }
            lines.extend(draft);
        }
        let mut edits = vec![Edit {
            target: Target::Properties(finding.subject.pointer.clone()),
            lines,
        }];
        if !required.is_empty() {
            edits.push(Edit {
                target: Target::Advice,
                lines: vec![format!("# and add to `required`: {}", required.join(", "))],
            });
        }
        edits
    }
}
