//! Tax rates and the tax of a line.
//!
//! Tax is computed line by line: net amount times rate, rounded to the minor unit.

use rust_decimal::Decimal;

use super::error::{Error, Result};
use super::exact::{difference, product, rounded_product, scaled, total};
use super::money::Currency;
use crate::assumptions::{A53, A71, Assumed};

/// How the `amount` of a tax rate is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scale {
    /// At most 1 is a fraction, more is a percentage up to 100 [A71].
    #[default]
    Guessed,
    /// Always a fraction, from 0 to 1.
    Strict,
}

impl Scale {
    fn divisor(self, amount: Decimal) -> Result<(Decimal, Assumed)> {
        let (most, assumed) = match self {
            Self::Guessed => (100, A71.into()),
            Self::Strict => (1, Assumed::NONE),
        };
        if amount < Decimal::ZERO || amount > Decimal::from(most) {
            return Err(Error::TaxRate { amount, most });
        }
        Ok((
            if amount > Decimal::ONE {
                Decimal::ONE_HUNDRED
            } else {
                Decimal::ONE
            },
            assumed,
        ))
    }
}

/// A tax rate as a fraction: 0.2 is 20 %.
///
/// ```
/// use rust_decimal::Decimal;
/// use sequencehq_emulator::billing::tax::{Rate, Scale};
///
/// let twenty = Rate::new(Decimal::from(20), Scale::Guessed)?;
/// assert_eq!(twenty.fraction, Rate::new(Decimal::new(2, 1), Scale::Strict)?.fraction);
/// # Ok::<(), sequencehq_emulator::billing::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rate {
    /// The rate, from 0 to 1.
    pub fraction: Decimal,
    /// The parts of a rate with sub-rates, as fractions that add up to the rate. Empty without sub-rates.
    pub parts: Vec<Decimal>,
    /// What the rate depends on.
    pub assumed: Assumed,
}

impl Rate {
    /// Reads the `amount` of a tax rate.
    ///
    /// # Errors
    ///
    /// [`Error::TaxRate`] outside of the scale.
    pub fn new(amount: Decimal, scale: Scale) -> Result<Self> {
        let (divisor, assumed) = scale.divisor(amount)?;
        Ok(Self {
            fraction: fraction(amount, divisor)?,
            parts: Vec::new(),
            assumed,
        })
    }

    /// Reads a rate that is the sum of sub-rates. The sum decides on the scale of all of them, so that
    /// 0.5 beside 14 is half a percent.
    ///
    /// # Errors
    ///
    /// [`Error::TaxRate`] for a negative sub-rate, or a sum outside of the scale.
    pub fn of_sub_rates(amounts: &[Decimal], scale: Scale) -> Result<Self> {
        if let Some(amount) = amounts.iter().copied().find(|amount| *amount < Decimal::ZERO) {
            scale.divisor(amount)?;
        }
        let (divisor, assumed) = scale.divisor(total(amounts.iter().copied())?)?;
        let parts = amounts
            .iter()
            .map(|amount| fraction(*amount, divisor))
            .collect::<Result<Vec<_>>>()?;
        Ok(Self {
            fraction: total(parts.iter().copied())?,
            parts,
            assumed,
        })
    }

    /// The tax of a line divided among the sub-rates: each rounded, the last with the remainder, so that
    /// the parts add up to the tax of the line.
    ///
    /// # Errors
    ///
    /// [`Error::TooManyDigits`].
    pub fn breakdown(&self, net: Decimal, currency: Currency) -> Result<Vec<Decimal>> {
        let mut rest = tax(net, self.fraction, currency)?;
        let mut out = Vec::with_capacity(self.parts.len());
        for (i, part) in self.parts.iter().enumerate() {
            let share = if i + 1 == self.parts.len() {
                rest
            } else {
                tax(net, *part, currency)?
            };
            rest = difference(rest, share)?;
            out.push(share);
        }
        Ok(out)
    }
}

fn fraction(amount: Decimal, divisor: Decimal) -> Result<Decimal> {
    if divisor == Decimal::ONE {
        return Ok(amount.normalize());
    }
    Ok(product(amount, Decimal::new(1, 2))?.normalize())
}

/// Tax of a net amount at a rate that is a fraction.
///
/// # Errors
///
/// [`Error::TooManyDigits`].
pub fn tax(net: Decimal, rate: Decimal, currency: Currency) -> Result<Decimal> {
    rounded_product(net, rate, currency.minor_digits())
}

/// Share of a tax that belongs to a part of the net amount: `part × tax / net`, rounded.
pub(crate) fn share(part: Decimal, tax: Decimal, net: Decimal, currency: Currency) -> Result<Decimal> {
    scaled(part, tax, net, currency.minor_digits())
}

/// Whether a customer pays tax.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TaxStatus {
    /// `TAXED`.
    #[default]
    Taxed,
    /// `TAX_EXEMPT`.
    TaxExempt,
    /// `REVERSE_CHARGED`: the customer accounts for the tax.
    ReverseCharged,
}

impl TaxStatus {
    /// The rate that a line is taxed at: 0 for exempt and reverse charged customers [A53].
    pub fn rate(self, rate: Decimal, assumed: &mut Assumed) -> Decimal {
        if self == Self::Taxed {
            return rate;
        }
        assumed.add_if(!rate.is_zero(), A53);
        Decimal::ZERO
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Decimal {
        Decimal::from_str_exact(text).unwrap()
    }

    #[test]
    fn a_rate_of_at_most_1_is_a_fraction_and_a_larger_one_a_percentage() {
        for (amount, expected) in [
            ("0", "0"),
            ("0.2", "0.2"),
            ("1", "1"),
            ("1.01", "0.0101"),
            ("20", "0.2"),
            ("100", "1"),
        ] {
            let rate = Rate::new(d(amount), Scale::Guessed).unwrap();
            assert_eq!(
                (rate.fraction, rate.assumed),
                (d(expected), A71.into()),
                "{amount}"
            );
        }
        assert!(Rate::new(d("0.2"), Scale::Strict).unwrap().assumed.is_empty());
        for (amount, scale, most) in [
            ("-0.1", Scale::Guessed, 100),
            ("100.1", Scale::Guessed, 100),
            ("1.01", Scale::Strict, 1),
        ] {
            assert_eq!(
                Rate::new(d(amount), scale),
                Err(Error::TaxRate {
                    amount: d(amount),
                    most
                })
            );
        }
    }

    #[test]
    fn sub_rates_share_the_scale_of_their_sum_and_add_up() {
        let rate = Rate::of_sub_rates(&[d("0.5"), d("14"), d("9.975")], Scale::Guessed).unwrap();
        assert_eq!(rate.fraction, d("0.24475"));
        assert_eq!(rate.parts, [d("0.005"), d("0.14"), d("0.09975")]);
        let parts = rate.breakdown(d("10.01"), Currency::Cad).unwrap();
        assert_eq!(parts, [d("0.05"), d("1.40"), d("1.00")]);
        assert_eq!(
            total(parts).unwrap(),
            tax(d("10.01"), rate.fraction, Currency::Cad).unwrap()
        );
        for (scale, most) in [(Scale::Guessed, 100), (Scale::Strict, 1)] {
            let refused = Rate::of_sub_rates(&[d("-1"), d("2")], scale);
            assert_eq!(
                refused,
                Err(Error::TaxRate {
                    amount: d("-1"),
                    most
                })
            );
        }
    }

    #[test]
    fn the_last_sub_rate_takes_the_remainder() {
        // Half a cent each: one cent in all.
        let rate = Rate::of_sub_rates(&[d("0.005"), d("0.005")], Scale::Strict).unwrap();
        assert_eq!(
            rate.breakdown(d("1"), Currency::Usd).unwrap(),
            [d("0.01"), d("0.00")]
        );
    }

    #[test]
    fn exempt_and_reverse_charged_customers_pay_no_tax() {
        for (status, expected, depends) in [
            (TaxStatus::Taxed, "0.2", false),
            (TaxStatus::TaxExempt, "0", true),
            (TaxStatus::ReverseCharged, "0", true),
        ] {
            let mut assumed = Assumed::NONE;
            assert_eq!(status.rate(d("0.2"), &mut assumed), d(expected));
            assert_eq!(assumed.contains(A53), depends);
        }
    }
}
