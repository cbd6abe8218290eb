//! Currencies, rounding, and what a line amounts to.
//!
//! Amounts are rounded half away from zero to the minor unit of their currency, once, and totals are
//! sums of what was rounded, so that they add up on paper. For every line, the net amount is the
//! quantity shown times the rate.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;

use super::error::Result;
use super::exact;
use crate::assumptions::{A17, Assumed};

/// Decimals of a quantity that does not terminate [A17].
pub const SHOWN_DECIMALS: u32 = 12;

macro_rules! currencies {
    ($($name:ident $code:literal $digits:literal)*) => {
        /// A currency of the API, by its ISO 4217 code.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        #[allow(missing_docs, reason = "the code is the documentation")]
        pub enum Currency { $($name),* }

        impl Currency {
            /// All currencies of the API.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The code, such as `GBP`.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code),* }
            }

            /// Number of decimals of an amount, by ISO 4217.
            pub const fn minor_digits(self) -> u32 {
                match self { $(Self::$name => $digits),* }
            }
        }
    };
}

currencies! {
    Aed "AED" 2  Ars "ARS" 2  Aud "AUD" 2  Bgn "BGN" 2  Brl "BRL" 2  Cad "CAD" 2  Chf "CHF" 2  Clp "CLP" 0
    Cny "CNY" 2  Cop "COP" 2  Czk "CZK" 2  Dkk "DKK" 2  Egp "EGP" 2  Eur "EUR" 2  Gbp "GBP" 2  Hkd "HKD" 2
    Ils "ILS" 2  Inr "INR" 2  Isk "ISK" 0  Jpy "JPY" 0  Krw "KRW" 0  Mxn "MXN" 2  Nok "NOK" 2  Nzd "NZD" 2
    Pln "PLN" 2  Sar "SAR" 2  Sek "SEK" 2  Sgd "SGD" 2  Thb "THB" 2  Usd "USD" 2  Uyu "UYU" 2  Zar "ZAR" 2
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A text that is not the code of a currency of the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownCurrency(String);

impl fmt::Display for UnknownCurrency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is not the code of a currency", self.0)
    }
}

impl std::error::Error for UnknownCurrency {}

impl FromStr for Currency {
    type Err = UnknownCurrency;

    fn from_str(code: &str) -> Result<Self, UnknownCurrency> {
        let known = Self::ALL.iter().copied().find(|currency| currency.code() == code);
        known.ok_or_else(|| UnknownCurrency(code.to_owned()))
    }
}

/// Rounds half away from zero to the minor unit of the currency.
///
/// Fails only if the rounded amount needs more than 28 digits.
///
/// ```
/// use rust_decimal::Decimal;
/// use sequencehq_emulator::billing::{Currency, money::round};
///
/// assert_eq!(round(Decimal::new(-125, 3), Currency::Usd)?, Decimal::new(-13, 2));
/// assert_eq!(round(Decimal::new(1005, 1), Currency::Jpy)?, Decimal::from(101));
/// # Ok::<(), sequencehq_emulator::billing::Error>(())
/// ```
pub fn round(amount: Decimal, currency: Currency) -> Result<Decimal> {
    net(amount, Decimal::ONE, currency)
}

/// Net amount of a line: quantity times rate, rounded once from the exact product.
pub fn net(quantity: Decimal, rate: Decimal, currency: Currency) -> Result<Decimal> {
    exact::rounded_product(quantity, rate, currency.minor_digits())
}

/// The sum of amounts, exactly.
///
/// Fails only if it needs more than 28 digits.
pub fn sum(amounts: impl IntoIterator<Item = Decimal>) -> Result<Decimal> {
    exact::total(amounts)
}

/// Quotient as a quantity: exact if it terminates within 12 decimals, otherwise rounded to them.
pub(crate) fn shown(quotient: exact::Fraction, assumed: &mut Assumed) -> Result<Decimal> {
    let (quantity, is_exact) = quotient.rounded(SHOWN_DECIMALS)?;
    assumed.add_if(!is_exact, A17);
    Ok(quantity)
}

/// Net amount, tax and their sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    /// Before tax.
    pub net: Decimal,
    /// Tax.
    pub tax: Decimal,
    /// Including tax.
    pub gross: Decimal,
}

impl Totals {
    /// Adds up net amount and tax.
    pub fn new(net: Decimal, tax: Decimal) -> Result<Self> {
        Ok(Self {
            net,
            tax,
            gross: exact::sum(net, tax)?,
        })
    }

    /// Adds up the totals of several lines.
    pub fn of(lines: impl IntoIterator<Item = Self>) -> Result<Self> {
        lines.into_iter().try_fold(Self::default(), |sum, line| {
            Self::new(exact::sum(sum.net, line.net)?, exact::sum(sum.tax, line.tax)?)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_32_currencies_have_the_minor_digits_of_iso_4217() {
        assert_eq!(Currency::ALL.len(), 32);
        for currency in Currency::ALL {
            let whole = matches!(currency.code(), "CLP" | "ISK" | "JPY" | "KRW");
            assert_eq!(currency.minor_digits(), if whole { 0 } else { 2 }, "{currency}");
            assert_eq!(currency.code().parse(), Ok(*currency));
        }
        assert_eq!("gbp".parse::<Currency>(), Err(UnknownCurrency("gbp".to_owned())));
    }

    #[test]
    fn lines_round_half_away_from_zero() {
        for (quantity, rate, currency, expected) in [
            ("3", "0.335", Currency::Gbp, "1.01"),
            ("1", "-0.125", Currency::Usd, "-0.13"),
            ("7", "33.33", Currency::Eur, "233.31"),
            ("2", "10.4", Currency::Krw, "21"),
            ("0.001", "1", Currency::Gbp, "0.00"),
        ] {
            let [quantity, rate] = [quantity, rate].map(|t| Decimal::from_str_exact(t).unwrap());
            assert_eq!(net(quantity, rate, currency).unwrap().to_string(), expected);
        }
    }

    #[test]
    fn only_a_quantity_that_does_not_terminate_depends_on_the_assumption() {
        let mut assumed = Assumed::NONE;
        let quarter = exact::Fraction::new(1, 4).unwrap();
        assert_eq!(shown(quarter, &mut assumed).unwrap().to_string(), "0.25");
        assert!(assumed.is_empty());
        let third = exact::Fraction::new(19, 3).unwrap();
        assert_eq!(shown(third, &mut assumed).unwrap().to_string(), "6.333333333333");
        assert_eq!(assumed, A17.into());
    }
}
