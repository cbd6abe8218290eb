//! Suggestions for names with a typo.

const MOST: usize = 3;

/// Returns the names of `known` that are nearest to `text`; none if all are far from it.
///
/// Case, separators and the order of words do not count: `createInvoice` is near `invoice_create`.
pub fn names<'a>(text: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let (plain, sorted) = (words(text).concat(), sorted_words(text));
    let limit = (plain.chars().count() / 4).max(2);
    let mut near: Vec<(usize, &str)> = known
        .into_iter()
        .map(|name| {
            let direct = distance(&plain, &words(name).concat());
            (direct.min(distance(&sorted, &sorted_words(name))), name)
        })
        .filter(|(distance, _)| *distance <= limit)
        .collect();
    near.sort_unstable();
    let least = near.first().map_or(0, |(distance, _)| *distance);
    let nearest = near.into_iter().take_while(|(distance, _)| *distance == least);
    nearest.take(MOST).map(|(_, name)| name).collect()
}

fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for letter in name.chars() {
        if letter.is_uppercase() || !letter.is_alphanumeric() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| letter.is_alphanumeric()) {
            word.extend(letter.to_lowercase());
        }
    }
    words
}

fn sorted_words(name: &str) -> String {
    let mut words = words(name);
    words.sort_unstable();
    words.concat()
}

/// The Levenshtein distance.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (line, letter) in left.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], line + 1);
        for (column, other) in right.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *other);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn near_names_are_suggested_and_far_ones_are_not() {
        let known = ["invoice_create", "invoice_list", "user_delete"];
        assert_eq!(names("createInvoice", known), ["invoice_create"]);
        assert_eq!(names("invoice-lists", known), ["invoice_list"]);
        assert!(names("charge", known).is_empty());
    }
}
