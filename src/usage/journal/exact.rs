//! Decodes JSON to exactly the values that were encoded.

use std::collections::BTreeMap;

use serde_json::value::RawValue;
use serde_json::{Error, Map, Number, Value};

/// Decodes JSON like `serde_json::from_str`, but exactly: that function may decode a fraction as a neighbouring value, so
/// the event that is sent again would differ from the one that was attempted.
pub(super) fn read(json: &RawValue) -> Result<Value, Error> {
    let text = json.get();
    Ok(match text.as_bytes().first() {
        Some(b'{') => {
            let fields: BTreeMap<String, &RawValue> = serde_json::from_str(text)?;
            let fields = fields.into_iter().map(|(name, value)| Ok((name, read(value)?)));
            Value::Object(fields.collect::<Result<Map<_, _>, Error>>()?)
        }
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(text)?;
            Value::Array(items.into_iter().map(read).collect::<Result<_, Error>>()?)
        }
        Some(b'-' | b'0'..=b'9') => {
            let number: Number = serde_json::from_str(text)?;
            let exact = || Number::from_f64(text.parse().ok()?);
            match number.to_string() == text {
                true => Value::Number(number),
                false => Value::Number(exact().unwrap_or(number)),
            }
        }
        _ => serde_json::from_str(text)?,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn again(value: &Value) -> Value {
        let text = value.to_string();
        read(serde_json::from_str(&text).expect("JSON")).expect("JSON")
    }

    #[test]
    fn every_kind_of_value_reads_back() {
        let text = r#"{"a":[1,-2,18446744073709551615,0.1,1e300,-0.0,true,null,"x\n"],"b":{"c":{}},"d":[]}"#;
        let value: Value = serde_json::from_str(text).expect("JSON");
        assert_eq!(again(&value).to_string(), value.to_string());
    }

    proptest! {
        #[test]
        fn every_fraction_reads_back(bits: u64) {
            if let Some(number) = Number::from_f64(f64::from_bits(bits)) {
                prop_assert_eq!(again(&number.clone().into()), Value::Number(number));
            }
        }
    }
}
