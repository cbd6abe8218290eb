//! Places of values inside a body.

use std::fmt::Write as _;

/// Characters of a text that messages quote.
const QUOTED: usize = 40;

/// One step from a value to a value inside it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

/// Returns the path as text: `body.lines[3].rate`, with other keys than names in quotes.
pub(super) fn text<'a>(root: &str, steps: impl IntoIterator<Item = Step<'a>>) -> String {
    let mut path = root.to_owned();
    for step in steps {
        let _ = match step {
            Step::Key(key) if is_name(key) => write!(path, ".{key}"),
            Step::Key(key) => write!(path, "[{}]", quoted(key)),
            Step::Index(index) => write!(path, "[{index}]"),
        };
    }
    path
}

/// Returns the text in quotes, shortened if it is long.
pub(super) fn quoted(text: &str) -> String {
    match text.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{:?}…", &text[..end]),
        None => format!("{text:?}"),
    }
}

fn is_name(key: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    !key.is_empty() && key.len() <= QUOTED && key.bytes().all(is_letter)
}

#[cfg(test)]
mod tests {
    use super::{Step, text};

    #[test]
    fn names_are_joined_by_points_and_other_keys_are_quoted() {
        let steps = [Step::Key("lines"), Step::Index(3), Step::Key("a.b\n")];
        assert_eq!(text("body", steps), r#"body.lines[3]["a.b\n"]"#);
        let long = "é".repeat(100);
        let path = text("body", [Step::Key(&long)]);
        assert_eq!(path, format!("body[\"{}\"…]", "é".repeat(40)));
    }
}
