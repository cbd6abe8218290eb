//! Lines of YAML.

/// How many columns a line of the document has at most.
pub(crate) const WIDTH: usize = 120;

/// A mapping of one level: keys with values in one line each.
pub(super) type Pairs = Vec<(&'static str, String)>;

/// A string as YAML: quoted unless it is plainly a string.
pub(crate) fn quoted(text: &str) -> String {
    let plain = |one: char| one.is_ascii_alphanumeric() || ['_', '.'].contains(&one);
    let starts = text.starts_with(|one: char| one.is_ascii_alphabetic());
    let reserved = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    if starts && text.chars().all(plain) && !reserved.contains(&text.to_ascii_lowercase().as_str()) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "''"))
    }
}

/// `{type: string, format: date}`
pub(super) fn flow(pairs: &Pairs) -> String {
    let pairs: Vec<String> = pairs
        .iter()
        .map(|(key, value)| format!("{key}: {value}"))
        .collect();
    format!("{{{}}}", pairs.join(", "))
}

/// A reference to one of our schemas.
pub(super) fn reference(name: &str) -> Pairs {
    vec![("$ref", format!("'#/components/schemas/{name}'"))]
}

/// `key:` above `lines`, which are indented.
pub(super) fn nest(key: &str, lines: Vec<String>) -> Vec<String> {
    let mut out = vec![format!("{key}:")];
    out.extend(indented(2, lines));
    out
}

pub(crate) fn indented(columns: usize, lines: Vec<String>) -> Vec<String> {
    let indent = " ".repeat(columns);
    let line = |line: String| {
        if line.is_empty() {
            line
        } else {
            format!("{indent}{line}")
        }
    };
    lines.into_iter().map(line).collect()
}

/// An item of a list: the first line follows the dash.
pub(super) fn item(lines: Vec<String>) -> Vec<String> {
    let mut lines = indented(2, lines);
    if let Some(first) = lines.iter_mut().find(|line| !line.trim_start().starts_with('#')) {
        first.replace_range(..1, "-");
    }
    lines
}

/// The vendor's text as a comment, marked in each line.
pub(super) fn comment(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < WIDTH - 20 => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(format!("{VENDOR} {word}")),
        }
    }
    lines
}

/// How a comment with the vendor's text starts. No such comment may remain in the document.
pub(crate) const VENDOR: &str = "# Vendor:";

/// A key without a value: the build refuses it until it has one.
pub(super) fn gap(key: &str, what: &str) -> String {
    format!("{key}: # {what}")
}

/// `key: [A, B]`, broken into lines like the long lists of the document.
pub(crate) fn list(key: &str, indent: usize, values: &[String]) -> Vec<String> {
    let line = format!("{key}: [{}]", values.join(", "));
    if indent + line.chars().count() <= WIDTH {
        return vec![line];
    }
    let mut out = vec![format!("{key}: [")];
    let mut line = String::from(" ");
    for (index, value) in values.iter().enumerate() {
        let comma = if index + 1 == values.len() { "" } else { "," };
        if indent + line.chars().count() + value.chars().count() + 2 > WIDTH {
            out.push(std::mem::replace(&mut line, String::from(" ")));
        }
        line += &format!(" {value}{comma}");
    }
    out.extend([line, "]".to_owned()]);
    out
}
