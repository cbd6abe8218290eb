//! Writes YAML. Texts that YAML could read as something else are quoted as in JSON, which is a part of YAML.

use crate::json::{Json, quoted};

/// Returns a value as a document.
pub(crate) fn document(value: &Json) -> String {
    let mut out = String::new();
    write(value, 0, &mut out);
    out
}

/// Returns a value as an item of a list.
pub(crate) fn item(value: &Json) -> String {
    document(&Json::List(vec![value.clone()]))
}

/// Writes a value whose lines are indented, each with its line break.
fn write(value: &Json, depth: usize, out: &mut String) {
    let indent = "  ".repeat(depth);
    match value {
        Json::Object(fields) if !fields.is_empty() => {
            for (name, value) in fields {
                out.push_str(&format!("{indent}{}:", scalar(name)));
                after(value, depth + 1, out);
            }
        }
        Json::List(items) if !items.is_empty() => {
            for item in items {
                let start = out.len();
                write(item, depth + 1, out);
                // The dash takes the place of the indentation of the first line.
                let end = start + indent.len() + 2;
                out.replace_range(start..end, &format!("{indent}- "));
            }
        }
        other => {
            out.push_str(&indent);
            out.push_str(&leaf(other));
            out.push('\n');
        }
    }
}

/// Writes a value after the colon of its name.
fn after(value: &Json, depth: usize, out: &mut String) {
    let is_nested = match value {
        Json::Object(fields) => !fields.is_empty(),
        Json::List(items) => !items.is_empty(),
        _ => false,
    };
    if is_nested {
        out.push('\n');
        write(value, depth, out);
    } else {
        out.push(' ');
        out.push_str(&leaf(value));
        out.push('\n');
    }
}

fn leaf(value: &Json) -> String {
    match value {
        Json::Text(text) => scalar(text),
        other => other.to_string(),
    }
}

/// Returns a text without quotes if no YAML parser can read it as anything else.
fn scalar(text: &str) -> String {
    const WORDS: [&str; 8] = ["null", "true", "false", "yes", "no", "on", "off", "n"];
    let is_plain = text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || "_-./".contains(character))
        && text.len() > 1
        && !WORDS.contains(&text.to_ascii_lowercase().as_str());
    let is_letter = text.len() == 1
        && text
            .chars()
            .all(|letter| letter.is_ascii_alphabetic() && !"yYnN".contains(letter));
    if is_plain || is_letter {
        text.to_owned()
    } else {
        quoted(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_stay_texts() {
        for (text, yaml) in [
            ("GBP", "GBP"),
            ("6cedbb5e-4f77", "\"6cedbb5e-4f77\""),
            ("a.b_c-d/e", "a.b_c-d/e"),
            ("no", "\"no\""),
            ("Y", "\"Y\""),
            ("1.50", "\"1.50\""),
            ("2026-01-31", "\"2026-01-31\""),
            ("a: b", "\"a: b\""),
            ("", "\"\""),
        ] {
            assert_eq!(scalar(text), yaml);
        }
    }

    #[test]
    fn nested_values_are_indented() {
        let json = Json::parse(r#"{"a":[{"b":1,"c":[]},[2]],"d":{}}"#).expect("JSON");
        assert_eq!(document(&json), "a:\n  - b: 1\n    c: []\n  - - 2\nd: {}\n");
    }
}
