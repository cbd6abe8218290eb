//! The part of a billing period that was served.

use rust_decimal::Decimal;

use super::error::{Error, Result};
use super::exact::Fraction;
use super::money::{Currency, shown};
use crate::assumptions::Assumed;

/// Days served over days of the full billing period, as an exact fraction.
///
/// ```
/// use rust_decimal::Decimal;
/// use sequencehq_emulator::billing::{Currency, Share};
///
/// let share = Share::of_days(15, 31)?;
/// assert_eq!(share.of(Decimal::from(1000), Currency::Eur)?, Decimal::new(48387, 2));
/// # Ok::<(), sequencehq_emulator::billing::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share(pub(crate) Fraction);

impl Share {
    /// A whole billing period.
    pub const WHOLE: Self = Self(Fraction::ONE);

    /// `served` days of a billing period that has `full` days.
    ///
    /// # Errors
    ///
    /// [`Error::NoDays`] if `full` is 0.
    pub fn of_days(served: u32, full: u32) -> Result<Self> {
        Fraction::new(served.into(), full.into())
            .map(Self)
            .ok_or(Error::NoDays)
    }

    /// Returns whether this is exactly one billing period.
    pub fn is_whole(self) -> bool {
        self == Self::WHOLE
    }

    /// The share of an amount, rounded to the minor unit of the currency.
    pub fn of(self, amount: Decimal, currency: Currency) -> Result<Decimal> {
        self.0.of(amount, currency.minor_digits())
    }

    /// The share as the quantity of a line.
    pub(crate) fn shown(self, assumed: &mut Assumed) -> Result<Decimal> {
        shown(self.0, assumed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_share_needs_days() {
        assert_eq!(Share::of_days(3, 0), Err(Error::NoDays));
        assert!(Share::of_days(31, 31).unwrap().is_whole());
        assert!(!Share::of_days(30, 31).unwrap().is_whole());
    }

    proptest! {
        #[test]
        fn the_shares_of_two_stubs_make_the_whole_amount_within_a_minor_unit(
            cents in 0..1_000_000_000_i64, first in 0..31_u32,
        ) {
            let amount = Decimal::new(cents, 2);
            let parts = [first, 31 - first].map(|n| Share::of_days(n, 31).unwrap().of(amount, Currency::Eur).unwrap());
            prop_assert!((parts[0] + parts[1] - amount).abs() <= Decimal::new(1, 2));
            prop_assert!(parts.iter().all(|part| *part <= amount && *part >= Decimal::ZERO));
        }
    }
}
