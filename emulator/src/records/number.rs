//! Decimals that are JSON numbers, written and read digit by digit: `#[serde(with = "number")]`.
//!
//! They never pass through a float. That works in structs without a flattened map only.

use rust_decimal::Decimal;
use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

pub(crate) fn serialize<S: Serializer>(number: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
    let raw = RawValue::from_string(number.to_string()).map_err(S::Error::custom)?;
    raw.serialize(serializer)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
    let raw = Box::<RawValue>::deserialize(deserializer)?;
    let text = raw.get();
    Decimal::from_str_exact(text)
        .or_else(|_| Decimal::from_scientific(text))
        .map_err(|error| D::Error::custom(format!("{text} is not a decimal: {error}")))
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;
    use serde::{Deserialize, Serialize};

    #[derive(Serialize, Deserialize)]
    struct Record {
        #[serde(with = "super")]
        amount: Decimal,
    }

    #[test]
    fn every_digit_of_a_number_is_kept() {
        for text in [
            r#"{"amount":79228162514264337593543950335}"#,
            r#"{"amount":-0.0000000000000000000000000001}"#,
            r#"{"amount":12.50}"#,
        ] {
            let record: Record = serde_json::from_str(text).expect(text);
            assert_eq!(serde_json::to_string(&record).expect("plain data"), text);
        }
        let record: Record = serde_json::from_str(r#"{"amount": 1e-7}"#).expect("a number");
        assert_eq!(record.amount, Decimal::new(1, 7));
        assert!(serde_json::from_str::<Record>(r#"{"amount": "1"}"#).is_err());
    }
}
