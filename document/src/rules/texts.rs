//! Texts become documentation in Markdown: what would be a link, a tag or an example there is refused.

use serde_json::Value;

use super::Checker;
use crate::load::escape;

/// Keys of texts that become documentation.
const TEXTS: [&str; 5] = ["description", "summary", "reason", "instead", "x-repeat-reason"];

impl Checker<'_> {
    pub(super) fn texts(&mut self) {
        self.texts_in(&self.document.root, "");
    }

    fn texts_in(&mut self, value: &Value, pointer: &str) {
        match value {
            Value::Object(map) => {
                for (key, value) in map {
                    let here = format!("{pointer}/{}", escape(key));
                    let is_text = TEXTS.contains(&key.as_str()) || pointer.ends_with("/x-values");
                    match value.as_str() {
                        Some(text) if is_text => {
                            if let Some(problem) = problem(text) {
                                self.fault(&here, problem);
                            }
                        }
                        _ => self.texts_in(value, &here),
                    }
                }
            }
            Value::Array(list) => {
                for (index, value) in list.iter().enumerate() {
                    self.texts_in(value, &format!("{pointer}/{index}"));
                }
            }
            _ => {}
        }
    }
}

/// What Markdown makes of a text, if it is not what the text has.
fn problem(text: &str) -> Option<String> {
    let is_code = |line: &str| line.starts_with("    ") || line.trim_start().starts_with("```");
    if text.lines().any(is_code) {
        return Some(
            "has a block of code, which would be compiled as an example: write it in the text, in backticks"
                .to_owned(),
        );
    }
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return Some("has a backtick without a second one: close it, or remove it".to_owned());
    }
    parts.iter().step_by(2).find_map(|plain| {
        let link = plain.split_once('[').and_then(|(_, rest)| rest.split_once(']'));
        if let Some((name, after)) = link
            && !after.starts_with('(')
        {
            return Some(format!(
                "`[{name}]` would be a link: put it in backticks, or remove the brackets"
            ));
        }
        let tag = plain.split_once('<').map(|(_, rest)| rest);
        tag.filter(|rest| rest.starts_with(|one: char| one.is_ascii_alphabetic() || one == '/'))
            .map(|rest| {
                let name: String = rest.chars().take_while(|one| !one.is_whitespace()).collect();
                format!("`<{name}` would be a tag of HTML: put it in backticks")
            })
    })
}
