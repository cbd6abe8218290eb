//! Exact sums.

use rust_decimal::Decimal;
use serde_json::{Number, Value};

use crate::data::number::{Notation, parse};

/// The largest number of digits of which every decimal survives a JSON number, which most programs read as a double.
const SAFE: u128 = 1_000_000_000_000_000;

/// A sum with the scale of its most precise part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sum {
    mantissa: i128,
    scale: u32,
}

impl Sum {
    /// Adds a value. Returns `None` if the sum has too many digits to be sent as a JSON number.
    pub(super) fn plus(self, value: Decimal) -> Option<Self> {
        let other = Self {
            mantissa: value.mantissa(),
            scale: value.scale(),
        };
        let scale = self.scale.max(other.scale);
        let sum = Self {
            mantissa: self.at(scale)?.checked_add(other.at(scale)?)?,
            scale,
        };
        let is_safe = sum.mantissa.unsigned_abs() < SAFE;
        (is_safe || sum.number().is_some()).then_some(sum)
    }

    fn at(self, scale: u32) -> Option<i128> {
        if self.scale == scale {
            return Some(self.mantissa);
        }
        self.mantissa
            .checked_mul(10_i128.checked_pow(scale - self.scale)?)
    }

    pub(super) fn decimal(self) -> Option<Decimal> {
        Decimal::try_from_i128_with_scale(self.mantissa, self.scale).ok()
    }

    /// Returns the sum as a JSON number that has exactly its value, or `None` if there is none.
    pub(super) fn number(self) -> Option<Number> {
        let decimal = self.decimal()?.normalize();
        let text = decimal.to_string();
        if decimal.scale() == 0 {
            return text.parse::<i64>().ok().map(Number::from);
        }
        let number = Number::from_f64(text.parse().ok()?)?;
        let again = parse(number.to_string().as_bytes(), Notation::Json).ok()?;
        (again == decimal).then_some(number)
    }
}

/// Returns the exact value of a property that is added up: a number, or a text that is a decimal.
pub(super) fn value_of(value: &Value) -> Option<Decimal> {
    match value {
        Value::Number(number) => match number.as_i64() {
            Some(integer) => Some(Decimal::from(integer)),
            None => parse(number.to_string().as_bytes(), Notation::Json).ok(),
        },
        Value::String(text) => parse(text.as_bytes(), Notation::Json).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn sum(values: &[Value]) -> Option<Sum> {
        let add = |sum: Sum, value| sum.plus(value_of(value).expect("a decimal"));
        values.iter().try_fold(Sum::default(), add)
    }

    #[test]
    fn numbers_and_texts_add_up_exactly() {
        let tenths = sum(&[json!(0.1), json!("0.2"), json!(-1), json!(3)]).expect("few digits");
        assert_eq!(tenths.number(), Some(Number::from_f64(2.3).expect("finite")));
        let whole = sum(&[json!(0.25), json!("0.75")]).expect("few digits");
        assert_eq!(
            whole.number(),
            Some(Number::from(1)),
            "an integer without a fraction"
        );
    }

    #[test]
    fn a_sum_that_no_json_number_has_is_refused() {
        assert!(sum(&[json!("1000000000000000.1"), json!("0.00001")]).is_none());
        assert!(sum(&[json!(i64::MAX), json!(1)]).is_none());
        assert!(sum(&[json!("79228162514264337593543950335"), json!(1)]).is_none());
        assert!(sum(&[json!(i64::MAX)]).is_some());
    }

    #[test]
    fn what_is_not_a_decimal_has_no_value() {
        for value in [
            json!(null),
            json!(true),
            json!("1,5"),
            json!(""),
            json!([1]),
            json!({}),
        ] {
            assert_eq!(value_of(&value), None, "{value}");
        }
    }

    proptest! {
        #[test]
        fn every_sum_that_is_accepted_is_sent_exactly(values in proptest::collection::vec((-1_000_000_000_i64..1_000_000_000, 0_u32..9), 1..50)) {
            let decimals: Vec<Decimal> = values.iter().map(|(mantissa, scale)| Decimal::new(*mantissa, *scale)).collect();
            let expected: Decimal = decimals.iter().sum();
            let sum = decimals.iter().try_fold(Sum::default(), |sum, value| sum.plus(*value));
            if let Some(sum) = sum {
                let text = sum.number().expect("accepted").to_string();
                prop_assert_eq!(parse(text.as_bytes(), Notation::Json), Ok(expected));
            }
        }
    }
}
