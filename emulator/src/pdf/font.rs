//! The fonts, which every reader has: Helvetica, and Helvetica-Bold. They print the characters of Windows-1252.

/// The characters from 0x80 to 0x9F; the others are those of Latin-1.
const SPECIAL: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The character that stands for those that the fonts lack.
const UNKNOWN: u8 = b'?';

/// The first character with a width.
const FIRST: u8 = b' ';

/// Widths in thousandths of the font size, from the space on.
#[rustfmt::skip]
const REGULAR: [u16; 224] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584, 278,
    556, 350, 222, 556, 333, 1000, 556, 556, 333, 1000, 667, 333, 1000, 350, 611, 350,
    350, 222, 222, 333, 333, 350, 556, 1000, 333, 1000, 500, 333, 944, 350, 500, 667,
    278, 333, 556, 556, 556, 556, 260, 556, 333, 737, 370, 556, 584, 333, 737, 333,
    400, 584, 333, 333, 333, 556, 537, 278, 333, 333, 365, 556, 834, 834, 834, 611,
    667, 667, 667, 667, 667, 667, 1000, 722, 667, 667, 667, 667, 278, 278, 278, 278,
    722, 722, 778, 778, 778, 778, 778, 584, 778, 722, 722, 722, 722, 667, 667, 611,
    556, 556, 556, 556, 556, 556, 889, 500, 556, 556, 556, 556, 278, 278, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 584, 611, 556, 556, 556, 556, 500, 556, 500,
];

/// The same of the bold font.
#[rustfmt::skip]
const BOLD: [u16; 224] = [
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611,
    975, 722, 722, 722, 722, 667, 611, 778, 722, 278, 556, 722, 611, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584, 556,
    333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611,
    611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584, 278,
    556, 350, 278, 556, 500, 1000, 556, 556, 333, 1000, 667, 333, 1000, 350, 611, 350,
    350, 278, 278, 500, 500, 350, 556, 1000, 333, 1000, 556, 333, 944, 350, 500, 667,
    278, 333, 556, 556, 556, 556, 280, 556, 333, 737, 370, 556, 584, 333, 737, 333,
    400, 584, 333, 333, 333, 611, 556, 278, 333, 333, 365, 556, 834, 834, 834, 611,
    722, 722, 722, 722, 722, 722, 1000, 722, 667, 667, 667, 667, 278, 278, 278, 278,
    722, 722, 778, 778, 778, 778, 778, 584, 778, 722, 722, 722, 722, 667, 667, 611,
    556, 556, 556, 556, 556, 556, 889, 556, 556, 556, 556, 556, 278, 278, 278, 278,
    611, 611, 611, 611, 611, 611, 611, 584, 611, 611, 611, 611, 611, 556, 611, 556,
];

/// A font.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Font {
    Regular,
    Bold,
}

impl Font {
    /// The width of a text in points.
    pub(super) fn width(self, text: &str, size: f32) -> f32 {
        let widths = match self {
            Self::Regular => &REGULAR,
            Self::Bold => &BOLD,
        };
        let width = |byte: u8| widths.get(usize::from(byte.saturating_sub(FIRST))).copied();
        let thousandths: u32 = encoded(text)
            .into_iter()
            .map(|byte| u32::from(width(byte).unwrap_or_default()))
            .sum();
        thousandths as f32 * size / 1000.0
    }

    /// Breaks a text into lines that are at most this wide. A word that is wider is broken too.
    pub(super) fn wrapped(self, text: &str, size: f32, width: f32) -> Vec<String> {
        text.lines()
            .flat_map(|line| self.wrapped_line(line, size, width))
            .collect()
    }

    fn wrapped_line(self, text: &str, size: f32, width: f32) -> Vec<String> {
        let fits = |text: &str| self.width(text, size) <= width;
        let mut lines = vec![String::new()];
        for word in text.split_whitespace() {
            let last = lines.last_mut();
            let joined = last
                .as_deref()
                .filter(|last| !last.is_empty())
                .map(|last| format!("{last} {word}"));
            match (last, joined) {
                (Some(last), Some(joined)) if fits(&joined) => *last = joined,
                (Some(last), None) if fits(word) => word.clone_into(last),
                (_, joined) => {
                    if joined.is_none() {
                        lines.pop();
                    }
                    lines.extend(self.broken(word, size, width));
                }
            }
        }
        lines
    }

    /// The pieces of a word, each at most this wide, and of at least one character.
    fn broken(self, word: &str, size: f32, width: f32) -> Vec<String> {
        let mut pieces = vec![String::new()];
        for letter in word.chars() {
            let Some(last) = pieces.last_mut() else { break };
            let longer = format!("{last}{letter}");
            if last.is_empty() || self.width(&longer, size) <= width {
                *last = longer;
            } else {
                pieces.push(letter.to_string());
            }
        }
        pieces
    }
}

/// The text in Windows-1252. Characters that it lacks are question marks, and control characters are spaces.
pub(super) fn encoded(text: &str) -> Vec<u8> {
    let byte = |letter: char| {
        let special = SPECIAL.iter().position(|one| *one == letter);
        match (
            special.and_then(|place| u8::try_from(place).ok()),
            u8::try_from(letter),
        ) {
            (Some(place), _) if !letter.is_control() => 0x80 + place,
            (None, Ok(byte)) if !letter.is_control() => byte,
            _ if letter.is_control() => b' ',
            _ => UNKNOWN,
        }
    };
    text.chars().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::{Font, encoded};

    #[test]
    fn texts_are_encoded_or_replaced() {
        assert_eq!(encoded("Aé€–ł\u{81}\n"), b"A\xe9\x80\x96?  ");
    }

    #[test]
    fn widths_are_those_of_helvetica() {
        assert_eq!(Font::Regular.width("AVA", 1000.0), 667.0 * 3.0);
        assert_eq!(Font::Bold.width("i.", 1000.0), 278.0 * 2.0);
        assert_eq!(Font::Regular.width("ÿ", 1000.0), 500.0);
    }

    #[test]
    fn lines_are_broken_between_words_and_long_words_anywhere() {
        let wrapped = |text: &str| Font::Regular.wrapped(text, 10.0, 60.0);
        assert_eq!(wrapped("one two three four"), ["one two", "three four"]);
        assert_eq!(wrapped("a\n\nb"), ["a", "", "b"]);
        assert_eq!(wrapped(""), [""; 0]);
        let long = wrapped(&"x".repeat(30));
        assert!(long.len() > 2 && long.concat() == "x".repeat(30), "{long:?}");
        assert_eq!(wrapped(&format!("a {}", "x".repeat(30)))[0], "a");
        assert!(long.iter().all(|line| Font::Regular.width(line, 10.0) <= 60.0));
    }
}
