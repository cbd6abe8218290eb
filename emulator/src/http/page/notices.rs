//! What actions came to, for the page that follows.

use std::collections::{BTreeMap, VecDeque};

/// How many notices are kept.
const MOST: usize = 20;

/// What an action came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Notice {
    pub(super) text: String,
    pub(super) is_refusal: bool,
    /// What a person entered in the form of this action, if it was refused.
    pub(super) entered: Option<(&'static str, BTreeMap<String, String>)>,
}

/// The last notices. An address contains the number of a notice and not its text, so that a forged link cannot show a text of its own.
#[derive(Debug, Default)]
pub(in crate::http) struct Notices {
    dropped: usize,
    kept: VecDeque<Notice>,
}

impl Notices {
    /// Keeps a notice, and returns its number.
    pub(super) fn push(&mut self, notice: Notice) -> usize {
        self.kept.push_back(notice);
        if self.kept.len() > MOST {
            self.kept.pop_front();
            self.dropped += 1;
        }
        self.dropped + self.kept.len() - 1
    }

    /// The notice with a number, if it is still kept.
    pub(super) fn get(&self, number: &str) -> Option<&Notice> {
        let place = number.parse::<usize>().ok()?.checked_sub(self.dropped)?;
        self.kept.get(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_notices_are_found_by_their_numbers() {
        let mut notices = Notices::default();
        for number in 0..=MOST {
            let text = format!("notice {number}");
            assert_eq!(
                notices.push(Notice {
                    text,
                    is_refusal: false,
                    entered: None,
                }),
                number
            );
        }
        let found = |number: &str| notices.get(number).map(|notice| notice.text.as_str());
        assert_eq!(
            (found("0"), found("1"), found("20")),
            (None, Some("notice 1"), Some("notice 20"))
        );
        assert_eq!((found("21"), found("-1"), found("x")), (None, None, None));
    }
}
