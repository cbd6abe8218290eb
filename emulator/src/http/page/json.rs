//! JSON as people read it.

/// Indents the text of an object or a list. Everything but the whitespace stays as it is, also the digits of numbers, and a text
/// that was cut off is indented as far as it goes. Other texts are returned as they are.
pub(super) fn indented(text: &str) -> String {
    if !text.trim_start().starts_with(['{', '[']) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() * 2);
    let mut depth: usize = 0;
    let (mut in_string, mut is_escaped) = (false, false);
    let mut rest = text.chars().peekable();
    while let Some(letter) = rest.next() {
        if in_string {
            in_string = is_escaped || letter != '"';
            is_escaped = !is_escaped && letter == '\\';
            out.push(letter);
            continue;
        }
        match letter {
            '{' | '[' => {
                out.push(letter);
                while rest.next_if(|next| next.is_ascii_whitespace()).is_some() {}
                if let Some(end) = rest.next_if(|next| matches!(next, '}' | ']')) {
                    out.push(end);
                } else {
                    depth += 1;
                    break_line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                break_line(&mut out, depth);
                out.push(letter);
            }
            ',' => {
                out.push(letter);
                break_line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            letter if letter.is_ascii_whitespace() => {}
            letter => {
                in_string = letter == '"';
                out.push(letter);
            }
        }
    }
    out
}

fn break_line(out: &mut String, depth: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}

#[cfg(test)]
mod tests {
    use super::indented;

    #[test]
    fn objects_and_lists_are_indented_and_keep_every_digit() {
        for (text, expected) in [
            (
                r#"{"a":[1,{"b":0.12345678901234567890}],"c":{},"d":[ ]}"#,
                "{\n  \"a\": [\n    1,\n    {\n      \"b\": 0.12345678901234567890\n    }\n  ],\n  \"c\": {},\n  \"d\": []\n}",
            ),
            (r#"{"a, \"[": "b: \\"}"#, "{\n  \"a, \\\"[\": \"b: \\\\\"\n}"),
            (r#"{"cut": "of"#, "{\n  \"cut\": \"of"),
            ("<html>, a: b", "<html>, a: b"),
            ("", ""),
        ] {
            assert_eq!(indented(text), expected);
        }
    }
}
