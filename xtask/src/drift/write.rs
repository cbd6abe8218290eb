//! Puts drafts into the text of our document, which keeps its comments and its style.

use std::collections::BTreeMap;

use sequencehq_document::{Document, escape};

use super::snippet::yaml::{VENDOR, indented, list, quoted};
use super::snippet::{Edit, Target};

/// A change of the text: the lines from `first` up to `end`, which is excluded, become others.
struct Change {
    first: usize,
    end: usize,
    lines: Vec<String>,
}

/// The text of a document, by line.
pub(crate) struct Writer<'a> {
    document: &'a Document,
    lines: Vec<&'a str>,
    changes: Vec<Change>,
    /// New values of each enum.
    values: BTreeMap<String, Vec<String>>,
    /// New parameters of each operation.
    parameters: BTreeMap<String, Vec<String>>,
    /// New path items, with the lines of their operations.
    paths: BTreeMap<String, Vec<String>>,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(document: &'a Document, text: &'a str) -> Self {
        Self {
            document,
            lines: text.lines().collect(),
            changes: Vec::new(),
            values: BTreeMap::new(),
            parameters: BTreeMap::new(),
            paths: BTreeMap::new(),
        }
    }

    /// Adds an edit; `false` if the document has no block at its place.
    pub(crate) fn add(&mut self, edit: &Edit) -> bool {
        match &edit.target {
            Target::Values(pointer) => {
                let is_there = self.line(&format!("{pointer}/enum")).is_some();
                let values = self.values.entry(pointer.clone()).or_default();
                values.extend(edit.lines.iter().cloned());
                is_there
            }
            Target::Parameters(pointer) => {
                let is_there = self.line(&format!("{pointer}/responses")).is_some();
                let parameters = self.parameters.entry(pointer.clone()).or_default();
                parameters.extend(edit.lines.iter().cloned());
                is_there
            }
            Target::Properties(pointer) => self.append(&format!("{pointer}/properties"), &edit.lines),
            Target::Variant(pointer) => {
                let lists = ["oneOf", "discriminator/mapping"].map(|key| format!("{pointer}/{key}"));
                lists.iter().all(|list| self.block(list).is_some())
                    && lists
                        .iter()
                        .zip(&edit.lines)
                        .all(|(list, line)| self.append(list, std::slice::from_ref(line)))
            }
            Target::Path(path) => {
                let pointer = format!("/paths/{}", escape(path));
                if self.document.root.pointer(&pointer).is_some() {
                    return self.append(&pointer, &edit.lines);
                }
                let operations = self.paths.entry(path.clone()).or_default();
                operations.extend(edit.lines.iter().cloned());
                true
            }
            Target::Schema(name) => {
                let mut lines = vec![format!("{name}:")];
                lines.extend(indented(2, edit.lines.clone()));
                self.append("/components/schemas", &lines)
            }
            Target::Advice => false,
        }
    }

    /// The new text.
    pub(crate) fn text(mut self) -> String {
        for (pointer, values) in std::mem::take(&mut self.values) {
            self.write_values(&pointer, values);
        }
        for (pointer, lines) in std::mem::take(&mut self.parameters) {
            self.write_parameters(&pointer, &lines);
        }
        for (path, lines) in std::mem::take(&mut self.paths) {
            let mut item = vec![String::new(), format!("{path}:")];
            item.extend(indented(2, lines));
            self.append("/paths", &item);
        }
        // From the end, so that earlier lines keep their numbers; those at one place in their order.
        self.changes.reverse();
        self.changes.sort_by_key(|change| std::cmp::Reverse(change.first));
        let mut lines: Vec<String> = self.lines.iter().map(|line| (*line).to_owned()).collect();
        for change in self.changes {
            lines.splice(change.first..change.end, change.lines);
        }
        lines.join("\n") + "\n"
    }

    fn write_values(&mut self, pointer: &str, new: Vec<String>) {
        let Some(first) = self.line(&format!("{pointer}/enum")) else {
            return;
        };
        let Some((before, rest)) = self.lines[first].split_once("enum:") else {
            return;
        };
        if rest.trim_start().starts_with('[') {
            let Some(last) = (first..self.lines.len()).find(|line| self.lines[*line].contains(']')) else {
                return;
            };
            let after = self.lines[last].rsplit_once(']').map_or("", |(_, after)| after);
            let edit = Edit {
                target: Target::Values(pointer.to_owned()),
                lines: new.clone(),
            };
            let values = edit.values(&self.document.root, pointer);
            let lines = if before.trim().is_empty() && after.trim().is_empty() {
                indented(before.len(), list("enum", before.len(), &values))
            } else {
                vec![format!("{before}enum: [{}]{after}", values.join(", "))]
            };
            self.changes.push(Change {
                first,
                end: last + 1,
                lines,
            });
        } else {
            let items: Vec<String> = new.iter().map(|value| format!("- {}", quoted(value))).collect();
            self.append(&format!("{pointer}/enum"), &items);
        }
        // If the values of the enum are described in a block, each new one has a gap there.
        let gap = |value: &String| format!("{}: # describe it in your own words", quoted(value));
        let gaps: Vec<String> = new.iter().map(gap).collect();
        self.append(&format!("{pointer}/x-values"), &gaps);
    }

    fn write_parameters(&mut self, pointer: &str, lines: &[String]) {
        let here = format!("{pointer}/parameters");
        if self.document.root.pointer(&here).is_some() {
            self.append(&here, lines);
            return;
        }
        let Some(first) = self.line(&format!("{pointer}/responses")) else {
            return;
        };
        let mut block = vec!["parameters:".to_owned()];
        block.extend(indented(2, lines.to_vec()));
        let lines = indented(indent(self.lines[first]), block);
        self.changes.push(Change {
            first,
            end: first,
            lines,
        });
    }

    /// Adds `lines` at the end of the block at `pointer`.
    fn append(&mut self, pointer: &str, lines: &[String]) -> bool {
        let Some(first) = self.block(pointer) else {
            return false;
        };
        let columns = indent(self.lines[first]);
        let is_inside = |line: &&str| {
            line.trim().is_empty()
                || indent(line) > columns
                || line.trim_start().starts_with("- ") && indent(line) == columns
        };
        let inside = self.lines[first + 1..].iter().take_while(|line| is_inside(line));
        let mut end = first + 1 + inside.count();
        while self.lines[end - 1].trim().is_empty() {
            end -= 1;
        }
        let inner = self.lines.get(first + 1).map_or(columns + 2, |line| indent(line));
        self.changes.push(Change {
            first: end,
            end,
            lines: indented(inner.max(columns), lines.to_vec()),
        });
        true
    }

    /// The line that opens the block at `pointer`; `None` if its value is in the same line.
    fn block(&self, pointer: &str) -> Option<usize> {
        let first = self.line(pointer)?;
        let opens = self.lines[first].split(" #").next().unwrap_or_default();
        opens.trim_end().ends_with(':').then_some(first)
    }

    fn line(&self, pointer: &str) -> Option<usize> {
        self.document.root.pointer(pointer)?;
        self.document.line(pointer)?.checked_sub(1)
    }
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// The lines with the vendor's text, which a draft has as a comment until it is described in our words.
pub(crate) fn unwritten(name: &str, text: &str) -> Vec<String> {
    let lines = text.lines().enumerate();
    lines
        .filter(|(_, line)| line.trim_start().starts_with(VENDOR))
        .map(|(index, _)| {
            format!(
                "{name}:{}: has the vendor's text: describe it in your own words and remove the comment",
                index + 1
            )
        })
        .collect()
}
