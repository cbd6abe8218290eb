//! Decimals in code: the values that a setter accepts, and the literals of [`dec!`](crate::dec).
//!
//! Both parse the same notation: digits with an optional sign and decimal point. Nothing is rounded, and no float is
//! accepted, since `0.1_f64` is not the decimal 0.1.

use rust_decimal::Decimal;

use crate::data::build_error::BuildError;
use crate::data::number::{Notation, Problem, parse};

/// The number of characters of an invalid text that its error quotes.
const QUOTED: usize = 40;

/// A value that a setter accepts for a decimal field: a [`Decimal`], an integer, or a text such as `"19.90"`.
///
/// A text that is not a decimal, or has more than 28 digits, is an error of the builder or the call that names the
/// field. Floats are not accepted, because they cannot represent most decimal fractions: write
/// [`dec!(19.90)`](crate::dec) or `"19.90"`.
///
/// ```
/// # #[cfg(feature = "invoices")]
/// # fn example() -> Result<(), sequencehq::Error> {
/// use sequencehq::{dec, types::InvoiceLineItemCreate};
///
/// let line_item = InvoiceLineItemCreate::builder()
///     .title("Platform fee")
///     .quantity(2)
///     .rate("19.90")
///     .tax_rate(dec!(0.2))
///     .empty_external_ids()
///     .build()?;
/// assert_eq!(line_item.rate, dec!(19.90));
///
/// let error = InvoiceLineItemCreate::builder().rate("19,90").build().unwrap_err();
/// assert_eq!(error.invalid().next().map(|(field, _)| field), Some("rate"));
/// # Ok(())
/// # }
/// # #[cfg(feature = "invoices")]
/// # example().unwrap();
/// ```
///
/// ```compile_fail
/// # use sequencehq::types::InvoiceLineItemCreate;
/// let line_item = InvoiceLineItemCreate::builder().rate(19.90); // a float does not compile
/// ```
///
/// This trait is sealed: it cannot be implemented outside of this crate.
pub trait IntoDecimal: sealed::Convert {}

impl<T: sealed::Convert> IntoDecimal for T {}

pub(crate) mod sealed {
    use super::{BuildError, Decimal};

    #[allow(unreachable_pub, reason = "the trait is sealed by its module")]
    pub trait Convert {
        fn convert(self) -> Result<Decimal, BuildError>;
    }
}

impl sealed::Convert for Decimal {
    fn convert(self) -> Result<Decimal, BuildError> {
        Ok(self)
    }
}

impl sealed::Convert for &Decimal {
    fn convert(self) -> Result<Decimal, BuildError> {
        Ok(*self)
    }
}

macro_rules! integers {
    ($($integer:ty)*) => {
        $(
            impl sealed::Convert for $integer {
                fn convert(self) -> Result<Decimal, BuildError> {
                    Ok(self.into())
                }
            }
        )*
    };
}

integers!(i8 i16 i32 i64 isize u8 u16 u32 u64 usize);

impl sealed::Convert for &str {
    fn convert(self) -> Result<Decimal, BuildError> {
        parse(self.as_bytes(), Notation::Text).map_err(|problem| {
            let rule = match problem {
                Problem::Notation => {
                    "is not a decimal: use digits with an optional sign and decimal point, such as `-19.90`"
                }
                Problem::TooLong => "has more digits than a decimal can represent exactly (28)",
            };
            let more = if self.chars().nth(QUOTED).is_some() {
                "…"
            } else {
                ""
            };
            let start: String = self.chars().take(QUOTED).collect();
            BuildError::invalid_value(format!("`{}{more}` {rule}", start.escape_debug()))
        })
    }
}

impl sealed::Convert for String {
    fn convert(self) -> Result<Decimal, BuildError> {
        self.as_str().convert()
    }
}

impl sealed::Convert for &String {
    fn convert(self) -> Result<Decimal, BuildError> {
        self.as_str().convert()
    }
}

/// The function behind [`dec!`](crate::dec).
#[doc(hidden)]
pub const fn decimal_literal(text: &str) -> Decimal {
    match parse(text.as_bytes(), Notation::Literal) {
        Ok(value) => value,
        Err(Problem::Notation) => {
            panic!("not a decimal: use digits with an optional sign and decimal point, such as -19.90")
        }
        Err(Problem::TooLong) => panic!("more digits than a decimal can represent exactly (28)"),
    }
}

#[cfg(test)]
mod tests {
    use super::sealed::Convert;
    use super::*;

    fn problem(text: &str) -> String {
        text.convert().expect_err(text).to_string()
    }

    #[test]
    fn a_text_keeps_its_value_sign_and_scale() {
        for text in [
            "0",
            "0.00",
            "19.90",
            "-19.90",
            "1000",
            "7922816251426433759354395033.5",
            "79228162514264337593543950335",
            "0.0000000000000000000000000001",
        ] {
            assert_eq!(text.convert().expect(text).to_string(), text);
            assert_eq!(
                text.to_owned().convert(),
                text.parse::<Decimal>().map_err(|_| unreachable!())
            );
        }
        assert_eq!("+5".convert().expect("signed").to_string(), "5");
        assert_eq!(
            (&"5.0".to_owned()).convert().expect("by reference").to_string(),
            "5.0"
        );
    }

    #[test]
    fn a_text_that_is_not_a_decimal_is_quoted_with_the_rule() {
        for text in [
            "", "-", "19,90", "1e3", ".5", "5.", "1.2.3", " 1", "1_000", "0x10", "NaN", "١",
        ] {
            let problem = problem(text);
            assert!(
                problem.contains(&format!("`{text}` is not a decimal: use digits")),
                "{problem}"
            );
        }
    }

    #[test]
    fn nothing_is_rounded() {
        for text in [
            "79228162514264337593543950336",
            "0.00000000000000000000000000001",
            "0.33333333333333333333333333333",
            "999999999999999999999999999999999999999999999999999999",
        ] {
            assert!(
                problem(text).contains("more digits than a decimal can represent exactly"),
                "{text}"
            );
        }
    }

    #[test]
    fn a_long_text_is_quoted_in_part() {
        let problem = problem(&"x".repeat(1000));
        assert!(problem.len() < 250, "{problem}");
    }

    #[test]
    fn integers_and_decimals_are_accepted_as_they_are() {
        assert_eq!(7_u8.convert().expect("exact"), 7.into());
        assert_eq!((-7).convert().expect("exact"), (-7).into());
        assert_eq!(u64::MAX.convert().expect("exact"), u64::MAX.into());
        let decimal = Decimal::new(250, 2);
        assert_eq!(decimal.convert().expect("exact").to_string(), "2.50");
        assert_eq!((&decimal).convert().expect("exact"), decimal);
    }

    #[test]
    fn a_literal_may_have_separators() {
        assert_eq!(decimal_literal("1_000.50").to_string(), "1000.50");
        assert_eq!(decimal_literal("-5").to_string(), "-5");
        assert_eq!(decimal_literal("0.0").to_string(), "0.0");
    }
}
