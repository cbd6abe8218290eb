//! Minimums: the least that a period is billed for.

use rust_decimal::Decimal;

use super::error::Result;
use super::exact::difference;
use super::money::{Currency, round};
use super::price::not_negative;
use super::proration::Share;
use crate::assumptions::{A52, Assumed};

/// The least to be billed for some prices in a billing period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Minimum {
    /// Amount for a whole billing period.
    pub amount: Decimal,
    /// The prices that count towards it. Empty means all.
    pub restrict_to_prices: Vec<String>,
    /// How much of the billing period was served.
    pub share: Share,
    /// Tax rate of the top-up if none of the prices has a line: a fraction.
    pub tax_rate_without_lines: Decimal,
}

impl Minimum {
    /// What is missing to the minimum, if anything is. `net` is the sum of the prices that count.
    ///
    /// # Errors
    ///
    /// [`Error::NegativeAmount`](super::Error::NegativeAmount),
    /// [`Error::TooManyDigits`](super::Error::TooManyDigits).
    pub fn top_up(&self, net: Decimal, currency: Currency, assumed: &mut Assumed) -> Result<Option<Decimal>> {
        not_negative("amount", self.amount)?;
        let least = if self.share.is_whole() {
            round(self.amount, currency)?
        } else {
            *assumed |= A52;
            self.share.of(self.amount, currency)?
        };
        let missing = difference(least, net)?;
        Ok((missing > Decimal::ZERO).then_some(missing))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::billing::Error;

    fn minimum(amount: i64, share: Share) -> Minimum {
        Minimum {
            amount: Decimal::from(amount),
            restrict_to_prices: Vec::new(),
            share,
            tax_rate_without_lines: Decimal::ZERO,
        }
    }

    #[test]
    fn the_top_up_reaches_the_minimum_exactly() {
        let mut assumed = Assumed::NONE;
        let mut top_up = |minimum: &Minimum, net| minimum.top_up(net, Currency::Usd, &mut assumed);
        let whole = minimum(100, Share::WHOLE);
        assert_eq!(
            top_up(&whole, Decimal::new(5933, 2)),
            Ok(Some(Decimal::new(4067, 2)))
        );
        assert_eq!(top_up(&whole, Decimal::from(100)), Ok(None));
        assert_eq!(top_up(&whole, Decimal::from(101)), Ok(None));
        assert_eq!(top_up(&whole, Decimal::from(-5)), Ok(Some(Decimal::from(105))));
        let stub = minimum(100, Share::of_days(10, 31).unwrap());
        assert_eq!(top_up(&stub, Decimal::from(30)), Ok(Some(Decimal::new(226, 2))));
        assert!(matches!(
            top_up(&minimum(-1, Share::WHOLE), Decimal::ZERO),
            Err(Error::NegativeAmount { .. })
        ));
        assert_eq!(assumed, A52.into());
    }
}
