//! Suggestions for misspelt words.

/// Returns the word of `known` that `text` probably stands for; `None` if all are far from it.
pub(crate) fn word<'a>(text: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = plain(text);
    let limit = (plain.len() / 4).max(2);
    let near = known.into_iter().filter_map(|word| {
        let candidate = self::plain(word);
        // An abbreviation, such as `str` or `params`, is far from the whole word.
        let is_start = plain.len() > 2 && candidate.starts_with(&plain);
        let distance = if is_start { 1 } else { distance(&plain, &candidate) };
        (distance <= limit && distance < candidate.len()).then_some((distance, word))
    });
    near.min_by_key(|(distance, word)| (*distance, word.len()))
        .map(|(_, word)| word)
}

/// Returns ` (did you mean …?)` for the word that `text` probably stands for, or nothing.
pub fn hint<'a>(text: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    word(text, known).map_or_else(String::new, |word| format!(" (did you mean `{word}`?)"))
}

/// The letters of a name. Case and separators do not count.
fn plain(name: &str) -> Vec<char> {
    let letters = name.chars().filter(|letter| letter.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// The Levenshtein distance, in which two swapped neighbours are one change.
fn distance(left: &[char], right: &[char]) -> usize {
    let mut rows = vec![vec![0; right.len() + 1]; left.len() + 1];
    for line in 0..=left.len() {
        for column in 0..=right.len() {
            rows[line][column] = match (line, column) {
                (0, _) => column,
                (_, 0) => line,
                _ => {
                    let is_equal = left[line - 1] == right[column - 1];
                    let changed = rows[line - 1][column - 1] + usize::from(!is_equal);
                    let shifted = rows[line - 1][column].min(rows[line][column - 1]) + 1;
                    let is_swapped = line > 1
                        && column > 1
                        && left[line - 1] == right[column - 2]
                        && left[line - 2] == right[column - 1];
                    let swapped = if is_swapped {
                        rows[line - 2][column - 2] + 1
                    } else {
                        changed
                    };
                    changed.min(shifted).min(swapped)
                }
            };
        }
    }
    rows[left.len()][right.len()]
}

#[cfg(test)]
mod tests {
    use super::{hint, word};

    const KNOWN: [&str; 6] = ["type", "format", "required", "string", "x-versions", "parameters"];

    #[test]
    fn a_misspelt_word_has_a_suggestion() {
        for (text, expected) in [
            ("requird", "required"),
            ("fromat", "format"),
            ("Type", "type"),
            ("x_version", "x-versions"),
            ("str", "string"),
            ("param", "parameters"),
        ] {
            assert_eq!(word(text, KNOWN), Some(expected), "{text}");
        }
    }

    #[test]
    fn of_several_words_that_are_near_the_shortest_is_suggested() {
        let known = ["invoice_line_items", "invoices"];
        assert_eq!(word("invoice", known), Some("invoices"));
    }

    #[test]
    fn a_word_that_is_far_from_all_has_none() {
        for text in ["externalDocs", "<<", "", "a"] {
            assert_eq!(word(text, KNOWN), None, "{text}");
        }
        assert_eq!(hint("xml", KNOWN), "");
        assert_eq!(hint("formt", KNOWN), " (did you mean `format`?)");
    }
}
