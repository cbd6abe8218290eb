//! Puts what a text is as YAML into words: why it cannot be parsed, and where it ends too early.

use saphyr_parser::Span;

/// What the parser's messages mean, by a part of each, and what to do.
const MEANINGS: [(&str, &str); 15] = [
    ("tabs disallowed", TAB),
    ("a tab", TAB),
    (
        "mapping values are not allowed",
        "this line is indented too deep, has a second `: `, or follows one without a space after its colon: correct \
         that, or quote the text",
    ),
    (
        "did not find expected key",
        "the indentation of this line fits none above it: align it with the keys that it stands beside",
    ),
    (
        "did not find expected '-' indicator",
        "the indentation of this line fits none above it: align it with the items that it stands beside",
    ),
    (
        "simple key expect",
        "this line, or the one above it, has no `key: value`: write a space after the colon",
    ),
    (
        "unexpected character",
        "a text without quotes cannot begin with a backtick, `@` or `%`: quote it",
    ),
    (
        "found unknown anchor",
        "a text without quotes that begins with `*` is an alias: quote it",
    ),
    (
        "in quoted scalar",
        "a quote in this line or above it is not closed: close it",
    ),
    (
        "quoted scalar, found unexpected",
        "a quote in this line or above it is not closed: close it",
    ),
    (
        "after double-quoted scalar",
        "a text goes on after its closing quote: quote all of it",
    ),
    (
        "unknown escape character",
        "a backslash in double quotes begins an escape: use single quotes, or write it twice",
    ),
    ("parsing a flow", OPEN),
    ("invalid indentation", OPEN),
    (
        "block sequence entries are not allowed",
        "a list cannot begin in this line: begin it in the line below its key",
    ),
];

const TAB: &str = "a tab indents this line or the next one: use spaces";
const OPEN: &str =
    "a `{` or `[` above is not closed: close it, or quote a text with ` #`, which begins a comment";

/// Keys of texts that people read.
const TEXTS: [&str; 5] = [
    "/description",
    "/summary",
    "/reason",
    "/instead",
    "/x-repeat-reason",
];

/// Returns why `text` is not YAML, for the parser's `error` in `line`, and the line to look at.
pub(crate) fn problem(text: &str, error: &str, line: usize) -> (usize, String) {
    let is_mark = |line: &str| ["<<<<<<< ", ">>>>>>> "].iter().any(|mark| line.starts_with(mark));
    if let Some(index) = text.lines().position(is_mark) {
        let message = "has the marks of a merge conflict: resolve it, and remove them";
        return (index + 1, message.to_owned());
    }
    let known = MEANINGS.iter().find(|(part, _)| error.contains(part));
    let meaning = known.map_or(error, |(_, meaning)| meaning);
    (line, format!("is not YAML: {meaning}"))
}

/// Returns whether a comment cuts off a sentence: ` #` in a text without quotes.
pub(crate) fn is_cut(lines: &[&str], pointer: &str, text: &str, span: &Span) -> bool {
    let is_prose = TEXTS.iter().any(|key| pointer.ends_with(key));
    if !is_prose || text.is_empty() || text.ends_with(['.', '!', '?', ':']) {
        return false;
    }
    let line = lines.get(span.end.line().saturating_sub(1));
    line.is_some_and(|line| {
        let rest: String = line.chars().skip(span.end.col()).collect();
        rest.trim_start().starts_with('#')
    })
}

#[cfg(test)]
mod tests {
    use crate::Document;

    fn refused(text: &str) -> String {
        let faults = Document::parse("x.yaml", text).expect_err("refused");
        faults.to_string().lines().next().unwrap_or_default().to_owned()
    }

    #[test]
    fn a_text_that_is_not_yaml_is_refused_in_plain_words() {
        let mut wrong = Vec::new();
        for (text, line, part) in [
            ("a:\n  b: 1\n\tc: 2\n", 2, "use spaces"),
            ("a:\n  b: 1\n c: 2\n", 3, "fits none above it"),
            ("a:\n  - 1\n c\n", 3, "fits none above it"),
            ("a:\n  b:1\n  c: 2\n", 3, "without a space after its colon"),
            ("a:\n  b: 1\n  c:2\n  d: 3\n", 4, "write a space after the colon"),
            ("a: b: c\n", 1, "has a second `: `"),
            ("a: 1\n  b: 2\n", 2, "indented too deep"),
            ("a: `b`\n", 1, "cannot begin with a backtick"),
            ("a: *b\n", 1, "is an alias"),
            ("a: 'b\nc: d\n", 1, "a quote in this line or above it"),
            ("a: \"b\\c\"\n", 1, "use single quotes"),
            ("a: \"b\" c\n", 1, "quote all of it"),
            ("a: {b: #c}\nd: 1\n", 2, "a `{` or `[` above is not closed"),
            ("a: - 1\n", 1, "in the line below its key"),
            ("a: 1\n<<<<<<< ours\nb: 2\n", 2, "merge conflict"),
        ] {
            let found = refused(text);
            if !found.starts_with(&format!("x.yaml:{line}: ")) || !found.contains(part) {
                wrong.push(format!("{text:?}: {found}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn a_sentence_that_a_comment_cuts_off_is_refused() {
        let message = "x.yaml:2: /a/description: ends before ` #`, which begins a comment: quote the text";
        assert_eq!(refused("a:\n  description: Invoice #1 of two.\n"), message);
        for text in [
            "a:\n  description: Invoice #1\n",
            "a: {summary: Invoice #1\n  }\n",
        ] {
            assert!(refused(text).contains("begins a comment"), "{text:?}");
        }
        for text in [
            "description: Invoice 1. # A comment.\n",
            "description: 'Invoice #1'\n",
            "description: >-\n  Invoice #1\n",
            "description: Invoice#1\n",
            "description: # describe it\n",
            "type: string # A comment.\n",
            "properties:\n  description: # describe it\n    type: string\n",
        ] {
            assert!(
                Document::parse("x.yaml", &format!("a:\n  {}", text.replace('\n', "\n  "))).is_ok(),
                "{text:?}"
            );
        }
    }
}
