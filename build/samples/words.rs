//! Values that suit the name of a property, where the document has no example.
//!
//! The amounts add up wherever they meet: a line of 10 units at 10.00 with a tax of 20 % has the totals of its document.
//! The dates are in order: what starts is before what ends, and what is due is after both.

use heck::ToSnakeCase as _;
use serde_json::{Value, json};

/// The amounts that are not `100.00`.
const DECIMALS: [(&str, &str); 8] = [
    ("quantity", "10"),
    ("rate", "10.00"),
    ("taxRate", "0.2"),
    ("taxAmount", "20.00"),
    ("totalTax", "20.00"),
    ("grossTotal", "120.00"),
    ("exchangeRate", "1.25"),
    ("upperBound", "1000"),
];

/// The texts for names that end like this, in words. The first that fits is used.
const TEXTS: [(&[&str], &str); 17] = [
    (&["email"], "accounts@acme.example"),
    (&["emails"], "accounts@acme.example"),
    (&["email", "addresses"], "accounts@acme.example"),
    (&["url"], "https://acme.example/sample"),
    (&["recipients"], "https://acme.example/webhooks"),
    (&["id"], "7d9f3c52-8a1e-4b6f-9c04-5e2d8b7a1f63"),
    (&["company", "name"], "Acme Ltd"),
    (&["legal", "name"], "Acme Ltd"),
    (&["account", "name"], "Acme Ltd"),
    (&["company", "number"], "01234567"),
    (&["account", "number"], "31510604"),
    (&["bank", "name"], "Example Bank"),
    (&["swift", "code"], "EXMPGB2L"),
    (&["customer", "alias"], "acme-42"),
    (&["customer", "aliases"], "acme-42"),
    (&["phone", "number"], "+44 20 7946 0958"),
    (&["file", "name"], "sample.pdf"),
];

/// Returns the id of all samples of a type: a UUID made from its name.
pub fn id(type_name: &str) -> String {
    let bits = u128::from(hash(type_name, 0)) << 64 | u128::from(hash(type_name, 1));
    // The version, 4, and the variant.
    let bits = bits & !(0xf << 76) & !(0x3 << 62) | 0x4 << 76 | 0x2 << 62;
    let digits = format!("{bits:032x}");
    let groups = [0..8, 8..12, 12..16, 16..20, 20..32];
    groups.map(|group| digits[group].to_owned()).join("-")
}

/// FNV-1a, which is the same on every platform and in every version of Rust.
fn hash(text: &str, seed: u8) -> u64 {
    let bytes = [seed].into_iter().chain(text.bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

pub fn decimal(name: &str) -> &'static str {
    let listed = DECIMALS.iter().find(|(listed, _)| *listed == name);
    listed.map_or("100.00", |(_, decimal)| decimal)
}

/// Returns a decimal as a JSON number.
pub fn number(decimal: &str) -> Value {
    let short = match decimal.split_once('.') {
        Some((_, fraction)) if !fraction.is_empty() => decimal.trim_end_matches('0').trim_end_matches('.'),
        _ => decimal,
    };
    serde_json::from_str(short).unwrap_or_else(|_| json!(100))
}

pub fn integer(name: &str) -> i64 {
    match last_word(name).as_str() {
        "index" => 0,
        "days" => 30,
        "seats" | "total" => 10,
        _ => 1,
    }
}

pub fn date(name: &str) -> &'static str {
    match Moment::of(name) {
        Moment::Start => "2026-01-01",
        Moment::End if name.ends_with("Inclusive") => "2026-01-31",
        Moment::End => "2026-12-31",
        Moment::Due => "2026-03-02",
        Moment::Change | Moment::Event => "2026-01-31",
    }
}

pub fn instant(name: &str) -> &'static str {
    match Moment::of(name) {
        Moment::Start => "2026-01-01T09:00:00Z",
        Moment::Change => "2026-01-02T09:00:00Z",
        Moment::Event => "2026-01-31T12:00:00Z",
        Moment::Due => "2026-03-02T12:00:00Z",
        Moment::End => "2026-12-31T12:00:00Z",
    }
}

/// What happens at a date or time, according to its name.
#[derive(Clone, Copy)]
enum Moment {
    Start,
    Change,
    Event,
    Due,
    End,
}

impl Moment {
    fn of(name: &str) -> Self {
        let moments = name.to_snake_case();
        let mut moments = moments.split('_').filter_map(|word| match word {
            "start" | "from" | "effective" | "first" | "created" => Some(Self::Start),
            "updated" | "archived" | "deleted" => Some(Self::Change),
            "due" => Some(Self::Due),
            "end" | "to" | "expiry" | "expires" => Some(Self::End),
            _ => None,
        });
        moments.next().unwrap_or(Self::Event)
    }
}

/// Returns a text for the property `name` of `owner`.
pub fn text(owner: &str, name: &str) -> String {
    let words = name.to_snake_case();
    let words: Vec<&str> = words.split('_').collect();
    if let Some((_, text)) = TEXTS.iter().find(|(end, _)| words.ends_with(end)) {
        return (*text).to_owned();
    }
    match name {
        "name" | "title" | "label" => sentence(owner),
        _ => sentence(name),
    }
}

/// Returns the words of a name as a text: `Bank name` for `bankName`.
fn sentence(name: &str) -> String {
    let words = name.to_snake_case().replace('_', " ");
    let mut letters = words.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

fn last_word(name: &str) -> String {
    let words = name.to_snake_case();
    words.rsplit('_').next().unwrap_or_default().to_owned()
}
