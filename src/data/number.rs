//! Parses decimals exactly: what cannot be represented is an error, and nothing is rounded.
//!
//! Zeros at the end of a fraction are kept as far as a [`Decimal`] can hold them, and dropped beyond: they add no
//! value. A zero has no sign.

use rust_decimal::Decimal;

/// The most digits that a [`Decimal`] has after the decimal point.
const LARGEST_SCALE: i64 = 28;

/// The largest exponent that is told apart: any larger one is out of range for all but zero.
const LARGEST_EXPONENT: i64 = 1_000_000;

/// The reason why a text is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    /// The text is not a decimal.
    Notation,
    /// The decimal has more digits than can be represented.
    TooLong,
}

/// The notations of a decimal. All have digits, a minus sign, and a decimal point between digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Notation {
    /// A literal in code: with a plus sign, and digits separated by `_`.
    Literal,
    /// A text in code: with a plus sign.
    Text,
    /// A value in JSON: with an exponent.
    Json,
}

/// Parses a decimal.
pub(crate) const fn parse(text: &[u8], notation: Notation) -> Result<Decimal, Problem> {
    let (is_negative, start) = match text {
        [b'-', ..] => (true, 1),
        [b'+', ..] if !matches!(notation, Notation::Json) => (false, 1),
        _ => (false, 0),
    };
    let mut number = Number::new(is_negative);
    let mut index = start;
    while index < text.len() {
        match text[index] {
            digit @ b'0'..=b'9' => number.push((digit - b'0') as u128),
            b'.' if number.scale.is_none() && number.has_digits => {
                number.scale = Some(0);
                // A digit is required on both sides of the point.
                number.has_digits = false;
            }
            b'_' if matches!(notation, Notation::Literal) && number.has_digits => {}
            b'e' | b'E' if matches!(notation, Notation::Json) && number.has_digits => {
                return match exponent(text, index + 1) {
                    Some(exponent) => number.finish(exponent),
                    None => Err(Problem::Notation),
                };
            }
            _ => return Err(Problem::Notation),
        }
        index += 1;
    }
    if number.has_digits {
        number.finish(0)
    } else {
        Err(Problem::Notation)
    }
}

/// Parses the digits of an exponent with an optional sign, from an index to the end of the text.
const fn exponent(text: &[u8], start: usize) -> Option<i64> {
    let (is_negative, mut index) = match text.split_at(start).1 {
        [b'-', ..] => (true, start + 1),
        [b'+', ..] => (false, start + 1),
        _ => (false, start),
    };
    if index == text.len() {
        return None;
    }
    let mut value = 0;
    while index < text.len() {
        match text[index] {
            digit @ b'0'..=b'9' if value < LARGEST_EXPONENT => value = value * 10 + (digit - b'0') as i64,
            b'0'..=b'9' => {}
            _ => return None,
        }
        index += 1;
    }
    Some(if is_negative { -value } else { value })
}

/// The digits of a number so far.
struct Number {
    is_negative: bool,
    /// The digits up to the last one that is not zero.
    mantissa: u128,
    /// The number of zeros after them.
    zeros: i64,
    /// The number of digits after the decimal point, if there is one.
    scale: Option<i64>,
    has_digits: bool,
    is_too_long: bool,
}

impl Number {
    const fn new(is_negative: bool) -> Self {
        Self {
            is_negative,
            mantissa: 0,
            zeros: 0,
            scale: None,
            has_digits: false,
            is_too_long: false,
        }
    }

    const fn push(&mut self, digit: u128) {
        self.has_digits = true;
        if let Some(scale) = self.scale {
            self.scale = Some(scale + 1);
        }
        if digit == 0 {
            if self.mantissa != 0 {
                self.zeros += 1;
            }
            return;
        }
        match shifted(self.mantissa, self.zeros + 1) {
            Some(mantissa) if fits(mantissa + digit) => self.mantissa = mantissa + digit,
            _ => self.is_too_long = true,
        }
        self.zeros = 0;
    }

    /// Returns the number multiplied by a power of ten.
    const fn finish(self, exponent: i64) -> Result<Decimal, Problem> {
        if self.is_too_long {
            return Err(Problem::TooLong);
        }
        let fraction = match self.scale {
            Some(scale) => scale,
            None => 0,
        };
        // The scale as written, and the smallest that represents the value.
        let written = fraction - exponent;
        let needed = written - self.zeros;
        if self.mantissa == 0 {
            return Ok(self.decimal(0, clamp(written)));
        }
        if needed > LARGEST_SCALE {
            return Err(Problem::TooLong);
        }
        let (mut mantissa, mut scale) = match shifted(self.mantissa, if needed < 0 { -needed } else { 0 }) {
            Some(mantissa) => (mantissa, if needed < 0 { 0 } else { needed }),
            None => return Err(Problem::TooLong),
        };
        while scale < clamp(written) {
            match shifted(mantissa, 1) {
                Some(longer) => (mantissa, scale) = (longer, scale + 1),
                None => break,
            }
        }
        Ok(self.decimal(mantissa, scale))
    }

    const fn decimal(&self, mantissa: u128, scale: i64) -> Decimal {
        let (low, middle, high) = (mantissa as u32, (mantissa >> 32) as u32, (mantissa >> 64) as u32);
        Decimal::from_parts(low, middle, high, self.is_negative, scale as u32)
    }
}

const fn clamp(scale: i64) -> i64 {
    if scale < 0 {
        0
    } else if scale > LARGEST_SCALE {
        LARGEST_SCALE
    } else {
        scale
    }
}

/// Multiplies a mantissa by a power of ten, if the product fits into a [`Decimal`].
const fn shifted(mut mantissa: u128, zeros: i64) -> Option<u128> {
    let mut left = if mantissa == 0 { 0 } else { zeros };
    while left > 0 {
        mantissa *= 10;
        if !fits(mantissa) {
            return None;
        }
        left -= 1;
    }
    Some(mantissa)
}

/// A [`Decimal`] has 96 bits for its digits.
const fn fits(mantissa: u128) -> bool {
    mantissa >> 96 == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Result<String, Problem> {
        parse(text.as_bytes(), Notation::Json).map(|decimal| decimal.to_string())
    }

    #[test]
    fn a_value_keeps_its_digits_sign_and_scale() {
        for text in [
            "0",
            "0.00",
            "2.50",
            "1000",
            "-19.90",
            "79228162514264337593543950335",
            "7922816251426433759354395033.5",
            "0.0000000000000000000000000001",
            "7.0000000000000000000000000000",
        ] {
            assert_eq!(json(text).as_deref(), Ok(text));
        }
        assert_eq!(json("007.50").as_deref(), Ok("7.50"));
    }

    #[test]
    fn a_zero_has_no_sign() {
        for (text, wanted) in [("-0", "0"), ("-0.00", "0.00"), ("-0e5", "0")] {
            assert_eq!(json(text).as_deref(), Ok(wanted), "{text}");
        }
    }

    #[test]
    fn zeros_that_do_not_fit_are_dropped() {
        let zeros = "0".repeat(29);
        assert_eq!(json(&format!("1.{zeros}")), Ok(format!("1.{}", &zeros[..28])));
        assert_eq!(json(&format!("0.{zeros}")), Ok(format!("0.{}", &zeros[..28])));
        assert_eq!(
            json(&format!("79228162514264337593543950335.{zeros}")).as_deref(),
            Ok("79228162514264337593543950335")
        );
        assert_eq!(json(&"0".repeat(1000)).as_deref(), Ok("0"));
    }

    #[test]
    fn nothing_is_rounded() {
        for text in [
            "79228162514264337593543950336",
            "79228162514264337593543950335.1",
            "0.00000000000000000000000000001",
            "1.00000000000000000000000000001",
            "1e29",
            "1e-29",
            "1e99999999999999999999",
            "-1e-99999999999999999999",
        ] {
            assert_eq!(json(text), Err(Problem::TooLong), "{text}");
        }
        assert_eq!(json(&"9".repeat(1000)), Err(Problem::TooLong));
        assert_eq!(json(&format!("1{}", "0".repeat(1000))), Err(Problem::TooLong));
    }

    #[test]
    fn an_exponent_moves_the_point() {
        for (text, wanted) in [
            ("1.5E-7", "0.00000015"),
            ("2e3", "2000"),
            ("2e+3", "2000"),
            ("-1.20e1", "-12.0"),
            ("1.25e2", "125"),
            ("1.25e3", "1250"),
            ("1.250e2", "125.0"),
            ("100e-2", "1.00"),
            ("5e-28", "0.0000000000000000000000000005"),
            ("50e-29", "0.0000000000000000000000000005"),
            (
                "10000000000000000000000000000000e-31",
                "1.0000000000000000000000000000",
            ),
            ("0e99999999999999999999", "0"),
            ("0.0e-99999999999999999999", "0.0000000000000000000000000000"),
        ] {
            assert_eq!(json(text).as_deref(), Ok(wanted), "{text}");
        }
    }

    #[test]
    fn what_is_not_a_decimal_in_json_is_rejected() {
        for text in [
            "", "-", ".", "+5", ".5", "5.", "1_000", "1,5", "1.2.3", " 1", "1 ", "--1", "0x10", "NaN", "١",
            "1e", "1e+", "e5", "1.e5", "1e5.0", "1e5e5", "1-",
        ] {
            assert_eq!(json(text), Err(Problem::Notation), "{text}");
        }
    }

    #[test]
    fn code_may_have_a_plus_sign_and_literals_separators() {
        let parsed =
            |text: &str, notation| parse(text.as_bytes(), notation).map(|decimal| decimal.to_string());
        assert_eq!(parsed("+5.0", Notation::Text).as_deref(), Ok("5.0"));
        assert_eq!(parsed("+1_000.5", Notation::Literal).as_deref(), Ok("1000.5"));
        assert_eq!(parsed("1_000", Notation::Text), Err(Problem::Notation));
        assert_eq!(parsed("_1", Notation::Literal), Err(Problem::Notation));
        assert_eq!(parsed("1._5", Notation::Literal), Err(Problem::Notation));
        for notation in [Notation::Text, Notation::Literal] {
            assert_eq!(parsed("1e3", notation), Err(Problem::Notation));
        }
    }
}
