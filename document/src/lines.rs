//! The lines of the values in a JSON text.

use std::collections::HashMap;

use crate::load::escape;

/// Returns the line of each key and each item by JSON pointer. The text is valid JSON, otherwise what follows an error
/// is left out.
pub(crate) fn of_json(text: &str) -> HashMap<String, usize> {
    let mut scanner = Scanner {
        text,
        at: 0,
        line: 1,
        lines: HashMap::new(),
    };
    let _ = scanner.value("");
    scanner.lines
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    line: usize,
    lines: HashMap<String, usize>,
}

impl Scanner<'_> {
    /// Passes a value; `None` at the end of the text.
    fn value(&mut self, pointer: &str) -> Option<()> {
        let first = self.next()?;
        self.lines.entry(pointer.to_owned()).or_insert(self.line);
        match first {
            b'{' => self.entries(pointer, b'}'),
            b'[' => self.entries(pointer, b']'),
            b'"' => self.string().map(|_| ()),
            _ => {
                while !matches!(
                    self.peek(),
                    None | Some(b',' | b'}' | b']' | b'\n' | b' ' | b'\r' | b'\t')
                ) {
                    self.at += 1;
                }
                Some(())
            }
        }
    }

    fn entries(&mut self, pointer: &str, end: u8) -> Option<()> {
        self.at += 1;
        for index in 0.. {
            let mut next = self.next()?;
            if next == b',' {
                self.at += 1;
                next = self.next()?;
            }
            if next == end {
                self.at += 1;
                break;
            }
            let here = if end == b'}' {
                let here = format!("{pointer}/{}", escape(&self.string()?));
                self.lines.insert(here.clone(), self.line);
                self.next()?;
                self.at += 1;
                here
            } else {
                format!("{pointer}/{index}")
            };
            self.value(&here)?;
        }
        Some(())
    }

    fn string(&mut self) -> Option<String> {
        let start = self.at;
        self.at += 1;
        while self.peek()? != b'"' {
            self.at += if self.peek()? == b'\\' { 2 } else { 1 };
        }
        self.at += 1;
        serde_json::from_str(self.text.get(start..self.at)?).ok()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The next byte that is not a space, which is not passed.
    fn next(&mut self) -> Option<u8> {
        loop {
            let byte = self.peek()?;
            if !byte.is_ascii_whitespace() {
                return Some(byte);
            }
            self.line += usize::from(byte == b'\n');
            self.at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::of_json;

    #[test]
    fn every_key_and_item_has_its_line() {
        let text =
            "{\n \"a/b\": [1,\n  {\"c\\\"]\": null}],\n\t\"d\"\n:\n{}, \"e\": \"}\\\\\",\n\"f\": -1.5e3}";
        let lines = of_json(text);
        for (pointer, line) in [
            ("", 1),
            ("/a~1b", 2),
            ("/a~1b/0", 2),
            ("/a~1b/1", 3),
            ("/a~1b/1/c\"]", 3),
            ("/d", 4),
            ("/e", 6),
            ("/f", 7),
        ] {
            assert_eq!(lines.get(pointer), Some(&line), "{pointer}");
        }
        assert_eq!(lines.len(), 8);
    }

    #[test]
    fn what_is_not_json_ends_the_lines() {
        for text in ["", "{", "{\"a\"", "[1,", "\"a", "{\"a\": \"\\"] {
            assert!(of_json(text).len() < 3, "{text}");
        }
    }
}
