//! Suggestions for names with a typo.

/// At most this many are suggested.
const SUGGESTED: usize = 3;

/// The names of `known` that are nearest to `text`, unless they are far from it too.
///
/// Case and separators do not count, and neither does the order of words: `createInvoice` is near `invoice_create`.
pub(super) fn names<'a>(text: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let (plain, sorted) = (words(text).concat(), in_order(text));
    let most = (plain.chars().count() / 4).max(2);
    let mut near: Vec<(usize, &str)> = known
        .into_iter()
        .map(|name| {
            let apart = distance(&plain, &words(name).concat()).min(distance(&sorted, &in_order(name)));
            (apart, name)
        })
        .filter(|(apart, _)| *apart <= most)
        .collect();
    near.sort();
    near.dedup();
    let nearest = near.first().map_or(0, |(apart, _)| *apart);
    let best = near.into_iter().take_while(|(apart, _)| *apart == nearest);
    best.take(SUGGESTED).map(|(_, name)| name).collect()
}

/// `invoice_create` and `invoiceCreate` as `["invoice", "create"]`.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for letter in name.chars() {
        if !letter.is_alphanumeric() || letter.is_uppercase() {
            words.push(String::new());
        }
        if letter.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(letter.to_lowercase());
        }
    }
    words
}

fn in_order(name: &str) -> String {
    let mut words = words(name);
    words.sort();
    words.concat()
}

/// How many letters have to be inserted, removed or replaced to make one text of the other (Levenshtein).
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, letter) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, other) in right.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *other);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::{distance, names};

    #[test]
    fn the_distance_counts_letters() {
        for (left, right, wanted) in [
            ("", "", 0),
            ("", "abc", 3),
            ("abc", "", 3),
            ("kitten", "sitting", 3),
            ("flaw", "lawn", 2),
            ("same", "same", 0),
        ] {
            assert_eq!(distance(left, right), wanted, "{left} {right}");
        }
    }

    #[test]
    fn the_nearest_names_are_suggested_and_strangers_are_not() {
        let known = [
            "invoice_create",
            "invoice_list",
            "invoice_update",
            "user_delete",
            "postInvoices",
        ];
        assert_eq!(names("invoice_creat", known), ["invoice_create"]);
        assert_eq!(names("createInvoice", known), ["invoice_create"]);
        assert_eq!(names("invoice-updated", known), ["invoice_update"]);
        assert_eq!(names("abXd", ["abcd", "abdd", "abYZ"]), ["abcd", "abdd"]);
        assert_eq!(names("postInvoice", known), ["postInvoices"]);
        assert!(names("charge", known).is_empty());
    }
}
