//! The contrast of texts, by the definition of the Web Content Accessibility Guidelines.

use std::collections::BTreeMap;

const STYLE: &str = include_str!("../../../../src/http/page/style.css");

/// Texts on their backgrounds.
const PAIRS: [(&str, &str); 18] = [
    ("text", "ground"),
    ("text", "card"),
    ("muted", "ground"),
    ("muted", "card"),
    ("accent", "ground"),
    ("accent", "card"),
    ("on-accent", "accent"),
    ("good", "on-good"),
    ("calm", "on-calm"),
    ("bad", "on-bad"),
    ("bad", "card"),
    ("on-bad", "bad"),
    ("plain", "on-plain"),
    ("text", "bar"),
    ("text", "bar-open"),
    ("calm", "card"),
    ("good", "card"),
    ("muted", "on-good"),
];

/// The colours of a block.
fn colours(block: &str) -> BTreeMap<&str, u32> {
    let lines = block
        .lines()
        .filter_map(|line| line.trim().strip_prefix("--")?.split_once(": #"));
    lines
        .map(|(name, value)| {
            let value = u32::from_str_radix(value.trim_end_matches(';'), 16);
            (name, value.expect("a colour"))
        })
        .collect()
}

fn luminance(colour: u32) -> f64 {
    let channel = |shift: u32| {
        let value = f64::from(colour >> shift & 0xFF) / 255.0;
        if value <= 0.04045 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * channel(16) + 0.7152 * channel(8) + 0.0722 * channel(0)
}

fn contrast(one: u32, other: u32) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn texts_have_a_contrast_of_four_and_a_half_in_light_and_dark() {
    assert!((contrast(0x00_0000, 0xFF_FFFF) - 21.0).abs() < 1e-9);
    let blocks: Vec<&str> = STYLE
        .split(":root {")
        .skip(1)
        .take(2)
        .filter_map(|block| block.split('}').next())
        .collect();
    assert_eq!(blocks.len(), 2, "a light and a dark one");
    for block in blocks {
        let colours = colours(block);
        for (text, ground) in PAIRS {
            let found = contrast(colours[text], colours[ground]);
            assert!(found >= 4.5, "{text} on {ground}: {found:.2}");
        }
    }
}
