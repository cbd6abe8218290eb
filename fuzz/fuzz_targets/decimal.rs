//! No JSON panics as a decimal, and no decimal differs from the JSON that it was decoded from.
//!
//! Contains the source of the codec, which is not public.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize, Serializer};

#[allow(dead_code, reason = "the rest is for generated code")]
#[path = "../../src/data/codec.rs"]
mod codec;

#[allow(dead_code, reason = "the rest is for code")]
#[path = "../../src/data/number.rs"]
mod number;

#[allow(dead_code, reason = "the rest is for code")]
#[path = "../../src/data/place.rs"]
mod place;

/// The home of both, as the codec names it.
mod data {
    pub(crate) use crate::{number, place};
}

#[derive(Deserialize, Serialize)]
struct AsText(#[serde(deserialize_with = "codec::exact", serialize_with = "as_text")] Decimal);
#[derive(Deserialize, Serialize)]
struct AsNumber(#[serde(deserialize_with = "codec::exact", serialize_with = "codec::number")] Decimal);

fn as_text<S: Serializer>(decimal: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(decimal)
}

fuzz_target!(|json: &[u8]| {
    let Ok(AsText(decimal)) = serde_json::from_slice(json) else {
        assert!(
            serde_json::from_slice::<AsNumber>(json).is_err(),
            "both accept the same JSON"
        );
        return;
    };
    for encoded in [
        serde_json::to_vec(&AsText(decimal)),
        serde_json::to_vec(&AsNumber(decimal)),
    ] {
        let encoded = encoded.expect("decimals encode");
        let AsNumber(again) = serde_json::from_slice(&encoded).expect("an encoded decimal decodes");
        assert_eq!((again, again.scale()), (decimal, decimal.scale()));
    }
    // The text without an exponent is the value itself, digit for digit.
    let text = std::str::from_utf8(json).expect("JSON is UTF-8").trim();
    let text = text
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'))
        .unwrap_or(text);
    if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && text.starts_with(|first| first != '.')
    {
        // Zeros at the end that do not fit are dropped.
        let digits = |text: &str| {
            let text = text.trim_start_matches('0');
            match text.contains('.') {
                true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
                false => text.to_owned(),
            }
        };
        assert_eq!(digits(&decimal.to_string()), digits(text));
    }
});
