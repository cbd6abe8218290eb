//! Properties of decimals that hold for any value.

use proptest::prelude::*;

use super::*;
use crate::data::{Extra, object};

/// The largest mantissa of a [`Decimal`].
const LARGEST: i128 = (1 << 96) - 1;

#[derive(Debug, PartialEq)]
struct Amounts {
    text: Decimal,
    number: Decimal,
    text_or_null: Option<Decimal>,
    number_or_null: Option<Decimal>,
    extra: Extra,
}

object! {
    Amounts {
        0 text "text" required Text,
        1 number "number" required Number,
        2 text_or_null "text_or_null" optional Text,
        3 number_or_null "number_or_null" optional Number,
    }
}

/// Returns JSON with the same decimal in each field.
fn json(text_form: &str, number_form: &str) -> String {
    format!(
        r#"{{"text":"{text_form}","number":{number_form},"text_or_null":"{text_form}","number_or_null":{number_form}}}"#
    )
}

/// Returns a number as JSON has it, with `scale` digits after the point.
fn written(mantissa: i128, scale: usize) -> String {
    let sign = if mantissa < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", mantissa.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    let point = if scale == 0 { "" } else { "." };
    format!("{sign}{whole}{point}{fraction}")
}

/// Returns the value of a number: its sign, its digits without zeros at either end, and the power of ten of the last
/// one. Equal values have equal results, whatever their spelling.
fn value(text: &str) -> (bool, String, i64) {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{}{fraction}", whole.trim_start_matches('-'));
    let significant = digits.trim_end_matches('0');
    let power = exponent.parse::<i64>().expect("an exponent is an integer") - fraction.len() as i64
        + (digits.len() - significant.len()) as i64;
    match significant.trim_start_matches('0') {
        "" => (false, String::new(), 0),
        significant => (mantissa.starts_with('-'), significant.to_owned(), power),
    }
}

fn config() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn every_decimal_keeps_its_digits_and_its_scale(mantissa in -LARGEST..=LARGEST, scale in 0_usize..=28) {
        let text = written(mantissa, scale);
        let json = json(&text, &text);
        let amounts: Amounts = serde_json::from_str(&json).expect("the decimal is exact");
        prop_assert_eq!(amounts.text.mantissa(), mantissa);
        prop_assert_eq!(amounts.text.scale() as usize, scale);
        prop_assert_eq!(serde_json::to_string(&amounts).expect("encodes"), json);
    }

    #[test]
    fn a_value_that_decodes_is_exactly_the_one_that_was_sent(
        number in "-?(0|[1-9][0-9]{0,32})(\\.[0-9]{1,32})?([eE][+-]?[0-9]{1,2})?",
    ) {
        let decoded = serde_json::from_str::<Amounts>(&json(&number, &number));
        if let Ok(amounts) = decoded {
            for decimal in [Some(amounts.text), Some(amounts.number), amounts.text_or_null, amounts.number_or_null] {
                let decimal = decimal.expect("the field is not null").to_string();
                prop_assert_eq!(value(&decimal), value(&number), "{} was decoded as {}", number, decimal);
            }
        }
    }

    #[test]
    fn a_value_with_too_many_digits_is_rejected_in_both_forms(
        digits in "[1-9][0-9]{28,60}[1-9]",
        point in 1_usize..30,
        is_negative: bool,
    ) {
        let (whole, fraction) = digits.split_at(point);
        let number = format!("{}{whole}.{fraction}", if is_negative { "-" } else { "" });
        for json in [json(&number, "0"), json("0", &number)] {
            prop_assert!(serde_json::from_str::<Amounts>(&json).is_err(), "{}", json);
        }
    }
}
