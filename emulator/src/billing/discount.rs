//! Discounts: how much of each line they take away.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::error::{Error, Result};
use super::exact::{difference, product, scaled, sum, total};
use super::money::{Currency, net, round};
use super::price::not_negative;
use crate::assumptions::{A49, Assumed};

/// How the amount of a discount is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Calculation {
    /// `PERCENTAGE`: 25 is 25 %.
    Percentage,
    /// `NOMINAL`: money, once in every billing period [A49].
    Nominal,
}

/// Which seats of a seat-based price a discount reduces. Other prices are reduced by any kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SeatDiscountType {
    /// `INCLUDED_SEATS_ONLY`: seats up to the contracted minimum.
    IncludedSeatsOnly,
    /// `OVERAGE_SEATS_ONLY`: seats above it.
    OverageSeatsOnly,
    /// `ALL_SEATS`.
    #[default]
    AllSeats,
}

/// A discount of a phase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discount {
    /// How the amount is read.
    pub calculation: Calculation,
    /// A percentage or money.
    pub amount: Decimal,
    /// The prices that are reduced. Empty means all.
    pub restrict_to_prices: Vec<String>,
    /// A negative line of its own, with `message`. Otherwise the rates of the lines are lowered.
    pub separate_line_item: bool,
    /// Text of the line.
    pub message: String,
    /// Which seats are reduced.
    pub seats: SeatDiscountType,
    /// First day on which the discount counts.
    pub valid_from: Option<NaiveDate>,
    /// Last day on which it counts, included.
    pub valid_to: Option<NaiveDate>,
}

impl Discount {
    /// Checks the terms.
    ///
    /// # Errors
    ///
    /// [`Error::NegativeAmount`], or [`Error::Percentage`] above 100.
    pub fn validate(&self) -> Result<()> {
        not_negative("amount", self.amount)?;
        if self.calculation == Calculation::Percentage && self.amount > Decimal::ONE_HUNDRED {
            return Err(Error::Percentage(self.amount));
        }
        Ok(())
    }

    /// Returns whether the discount counts for a line whose service period starts on `day`.
    pub fn is_valid_on(&self, day: NaiveDate) -> bool {
        self.valid_from.is_none_or(|from| from <= day) && self.valid_to.is_none_or(|to| day <= to)
    }

    /// Returns whether the discount reduces the price.
    pub fn covers(&self, price_id: &str) -> bool {
        covers(&self.restrict_to_prices, price_id)
    }

    /// What the discount takes from amounts that it covers, each at least 0: for each as much as it has
    /// at most. The parts add up to the rounded discount of the sum; the last takes the remainder.
    ///
    /// # Errors
    ///
    /// What [`validate`](Self::validate) refuses; [`Error::TooManyDigits`].
    pub fn reductions(
        &self,
        left: &[Decimal],
        currency: Currency,
        assumed: &mut Assumed,
    ) -> Result<Vec<Decimal>> {
        self.validate()?;
        let base = total(left.iter().copied())?;
        let reduction = match self.calculation {
            Calculation::Percentage => {
                scaled(base, self.amount, Decimal::ONE_HUNDRED, currency.minor_digits())?
            }
            Calculation::Nominal => {
                *assumed |= A49;
                round(self.amount, currency)?
            }
        };
        split(reduction.min(base), left, currency)
    }

    /// The rate after a percentage, exactly. `None` for money, or if it needs too many digits.
    pub(crate) fn lowered(&self, rate: Decimal) -> Option<Decimal> {
        if self.calculation == Calculation::Nominal {
            return None;
        }
        let left = difference(Decimal::ONE_HUNDRED, self.amount).ok()?;
        product(product(rate, left).ok()?, Decimal::new(1, 2)).ok()
    }
}

/// Whether a restriction to prices covers a price. An empty one covers all.
pub(crate) fn covers(restrict_to_prices: &[String], price_id: &str) -> bool {
    restrict_to_prices.is_empty() || restrict_to_prices.iter().any(|restricted| restricted == price_id)
}

/// Divides `amount` in proportion to `weights`, rounded to the minor unit; the last takes the remainder.
/// None gets more than its weight: if rounding leaves more than the last can take, the ones before
/// take it, from the end. `0 ≤ amount ≤ Σ weights`, and all of them are whole minor units.
pub(crate) fn split(amount: Decimal, weights: &[Decimal], currency: Currency) -> Result<Vec<Decimal>> {
    let whole = total(weights.iter().copied())?;
    debug_assert!(
        Decimal::ZERO <= amount && amount <= whole,
        "callers cap the amount"
    );
    let mut parts = vec![Decimal::ZERO; weights.len()];
    if whole.is_zero() {
        return Ok(parts);
    }
    let mut rest = amount;
    let Some(last) = weights.iter().rposition(|weight| !weight.is_zero()) else {
        return Ok(parts);
    };
    for (part, weight) in parts[..last].iter_mut().zip(weights) {
        let share = scaled(amount, *weight, whole, currency.minor_digits())?;
        *part = share.min(*weight).min(rest);
        rest = difference(rest, *part)?;
    }
    for (part, weight) in parts[..=last].iter_mut().zip(weights).rev() {
        let more = rest.min(difference(*weight, *part)?);
        *part = sum(*part, more)?;
        rest = difference(rest, more)?;
    }
    debug_assert!(rest.is_zero(), "the weights can take the amount");
    Ok(parts)
}

/// A rate with which `quantity` comes to exactly `amount`: `preferred` if it does, or else the quotient with
/// as few decimals as possible.
pub(crate) fn rate_for(
    amount: Decimal,
    quantity: Decimal,
    preferred: Option<Decimal>,
    currency: Currency,
) -> Result<Decimal> {
    if let Some(rate) = preferred.filter(|rate| net(quantity, *rate, currency) == Ok(amount)) {
        return Ok(rate);
    }
    if quantity.is_zero() {
        return if amount.is_zero() {
            Ok(amount)
        } else {
            Err(Error::NoSuchRate)
        };
    }
    (currency.minor_digits()..=Decimal::MAX_SCALE)
        .map_while(|digits| scaled(amount, Decimal::ONE, quantity, digits).ok())
        .find(|rate| net(quantity, *rate, currency) == Ok(amount))
        .ok_or(Error::NoSuchRate)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn d(text: &str) -> Decimal {
        Decimal::from_str_exact(text).unwrap()
    }

    fn discount(calculation: Calculation, amount: &str) -> Discount {
        Discount {
            calculation,
            amount: d(amount),
            restrict_to_prices: Vec::new(),
            separate_line_item: true,
            message: String::new(),
            seats: SeatDiscountType::AllSeats,
            valid_from: None,
            valid_to: None,
        }
    }

    fn cents(amounts: &[i64]) -> Vec<Decimal> {
        amounts.iter().map(|amount| Decimal::new(*amount, 2)).collect()
    }

    #[test]
    fn the_last_takes_the_remainder() {
        let ten_percent = discount(Calculation::Percentage, "10");
        let mut assumed = Assumed::NONE;
        let parts = ten_percent
            .reductions(&cents(&[3333, 3333, 3334]), Currency::Usd, &mut assumed)
            .unwrap();
        assert_eq!(parts, cents(&[333, 333, 334]));
        assert!(assumed.is_empty());
        let parts = split(d("0.04"), &cents(&[1; 10]), Currency::Usd).unwrap();
        assert_eq!(parts, cents(&[0, 0, 0, 0, 0, 0, 1, 1, 1, 1]));
        let parts = split(d("0.05"), &cents(&[1; 10]), Currency::Usd).unwrap();
        assert_eq!(parts, cents(&[1, 1, 1, 1, 1, 0, 0, 0, 0, 0]));
    }

    #[test]
    fn a_nominal_discount_is_capped_at_what_is_left() {
        let mut assumed = Assumed::NONE;
        let hundred = discount(Calculation::Nominal, "100");
        assert_eq!(
            hundred
                .reductions(&cents(&[3000, 2000]), Currency::Usd, &mut assumed)
                .unwrap(),
            cents(&[3000, 2000])
        );
        assert_eq!(
            hundred
                .reductions(&cents(&[15000, 5000]), Currency::Usd, &mut assumed)
                .unwrap(),
            cents(&[7500, 2500])
        );
        assert_eq!(hundred.reductions(&[], Currency::Usd, &mut assumed).unwrap(), []);
        assert_eq!(assumed, A49.into());
    }

    #[test]
    fn terms_are_checked() {
        assert_eq!(discount(Calculation::Percentage, "100").validate(), Ok(()));
        assert_eq!(
            discount(Calculation::Percentage, "100.01").validate(),
            Err(Error::Percentage(d("100.01")))
        );
        assert_eq!(discount(Calculation::Nominal, "100.01").validate(), Ok(()));
        let negative = Error::NegativeAmount {
            field: "amount",
            amount: d("-1"),
        };
        assert_eq!(discount(Calculation::Nominal, "-1").validate(), Err(negative));
    }

    #[test]
    fn both_days_of_validity_count() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 1, day).unwrap();
        let limited = Discount {
            valid_from: Some(day(2)),
            valid_to: Some(day(4)),
            ..discount(Calculation::Nominal, "1")
        };
        let valid: Vec<bool> = (1..=5).map(|n| limited.is_valid_on(day(n))).collect();
        assert_eq!(valid, [false, true, true, true, false]);
        assert!(discount(Calculation::Nominal, "1").is_valid_on(day(1)));
    }

    #[test]
    fn lowered_rates_come_to_the_amount_with_few_decimals() {
        let rate = |amount, quantity, preferred: Option<&str>| {
            rate_for(d(amount), d(quantity), preferred.map(d), Currency::Usd)
        };
        assert_eq!(rate("74.00", "7", None), Ok(d("10.571")));
        assert_eq!(rate("86.40", "8", Some("10.8")), Ok(d("10.8")));
        assert_eq!(rate("0.03", "1", Some("0.02997")), Ok(d("0.02997")));
        assert_eq!(rate("0.03", "1", Some("0.05")), Ok(d("0.03")));
        assert_eq!(rate("0", "0", None), Ok(d("0")));
        assert_eq!(rate("1", "0", None), Err(Error::NoSuchRate));
        let large = d("9999999999999999999999999999");
        let found = rate_for(d("12345678901234567890.12"), large, None, Currency::Usd);
        assert!(
            found.is_err() || net(large, found.unwrap(), Currency::Usd) == Ok(d("12345678901234567890.12"))
        );
    }

    proptest! {
        #[test]
        fn parts_add_up_and_none_exceeds_its_weight(
            weights in prop::collection::vec(0..100_000_i64, 1..12), percent in 0..=100_u32,
        ) {
            let left = cents(&weights);
            let whole = total(left.iter().copied()).unwrap();
            let amount = scaled(whole, percent.into(), Decimal::ONE_HUNDRED, 2).unwrap();
            let parts = split(amount, &left, Currency::Usd).unwrap();
            prop_assert_eq!(total(parts.iter().copied()).unwrap(), amount);
            for (part, weight) in parts.iter().zip(&left) {
                prop_assert!(Decimal::ZERO <= *part && part <= weight);
            }
        }

        #[test]
        fn every_lowered_rate_reproduces_its_amount(
            amount in 0..10_000_000_000_i64, quantity in 1..1_000_000_000_000_000_i64, scale in 0..=12_u32,
        ) {
            let (amount, quantity) = (Decimal::new(amount, 2), Decimal::new(quantity, scale));
            let rate = rate_for(amount, quantity, None, Currency::Usd).unwrap();
            prop_assert_eq!(net(quantity, rate, Currency::Usd), Ok(amount));
        }
    }
}
