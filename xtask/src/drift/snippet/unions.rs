//! Drafts of unions and of their variants.

use serde_json::Value;

use super::super::cause::Finding;
use super::super::schema::{Shape, Source};
use super::draft::{DESCRIBE, Drafts};
use super::ours::pascal;
use super::yaml::{gap, nest, quoted};
use super::{Edit, Snippets, Target};

impl<'a> Snippets<'a> {
    /// A variant: its component, and its line in both lists of the union.
    pub(super) fn variant(&mut self, finding: &Finding<'_, 'a>, sources: &[Source<'a>]) -> Vec<Edit> {
        let Some(first) = finding.differences.first() else {
            return Vec::new();
        };
        let union = self.drafts.ours.root.pointer(&finding.subject.pointer);
        let union = union.unwrap_or(&Value::Null);
        let tag = union["discriminator"]["propertyName"]
            .as_str()
            .unwrap_or_default();
        let value = first.theirs.as_str();
        let is_sent = |location: &str| location.starts_with("request");
        // A variant that responses share is not only a part of requests.
        self.drafts.is_request = finding.differences.iter().all(|one| is_sent(&one.location));
        let name = match suffix(union) {
            Some(suffix) => self
                .drafts
                .new_name(&format!("{}{suffix}", pascal(&value.to_lowercase()))),
            None => {
                let union = first.location.rsplit('.').next().unwrap_or_default();
                self.drafts.new_name(&format!("{}_{union}", value.to_lowercase()))
            }
        };
        self.drafts.is_request = finding.differences.iter().any(|one| is_sent(&one.location));
        let properties = Shape::of(sources).properties();
        let name = self
            .drafts
            .new_member(name, &properties, sources, Some((tag, value)));
        let reference = path(&name);
        let lines = vec![
            format!("- $ref: {reference}"),
            format!("{}: {reference}", quoted(value)),
        ];
        let target = if tag.is_empty() {
            Target::Advice
        } else {
            Target::Variant(finding.subject.pointer.clone())
        };
        vec![Edit { target, lines }]
    }
}

impl<'a> Drafts<'a> {
    pub(super) fn new_union(
        &mut self,
        name: &str,
        shape: &Shape<'a>,
        groups: &[(&'a str, Shape<'a>)],
    ) -> String {
        let tag = shape.tag().unwrap_or_default();
        let mut variants = Vec::new();
        for (value, variant) in groups {
            let name = self.new_name(&format!("{}_{name}", value.to_lowercase()));
            let variant = self.new_member(name, &variant.properties(), &[], Some((tag, value)));
            variants.push((*value, variant));
        }
        let mut lines = vec![gap("description", DESCRIBE)];
        let members = variants
            .iter()
            .map(|(_, variant)| format!("- $ref: {}", path(variant)));
        lines.extend(nest("oneOf", members.collect()));
        let mapping = variants
            .iter()
            .map(|(value, variant)| format!("{}: {}", quoted(value), path(variant)));
        let mut inner = vec![format!("propertyName: {}", quoted(tag))];
        inner.extend(nest("mapping", mapping.collect()));
        lines.extend(nest("discriminator", inner));
        let name = self.new_name(name);
        self.component(name, lines)
    }
}

/// The property that distinguishes a member: the only enum without a name of its own.
pub(super) fn discriminator(tag: &str, value: &str) -> Vec<String> {
    let lines = vec![
        gap("description", DESCRIBE),
        "type: string".to_owned(),
        format!("enum: [{}]", quoted(value)),
    ];
    nest(&quoted(tag), lines)
}

fn path(name: &str) -> String {
    format!("'#/components/schemas/{name}'")
}

/// How the names of members end, after the value in which they differ: `Pricing`, if `FIXED` is `FixedPricing`.
fn suffix(union: &Value) -> Option<&str> {
    let mapping = union["discriminator"]["mapping"].as_object()?;
    let mut names = mapping.iter().filter_map(|(value, member)| {
        let name = member.as_str()?.rsplit('/').next()?;
        name.strip_prefix(&pascal(&value.to_lowercase()))
    });
    names.find(|suffix| !suffix.is_empty())
}
