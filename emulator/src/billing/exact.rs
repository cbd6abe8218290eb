//! Decimal arithmetic that is exact, rounds where asked to, or fails.
//!
//! The operators of `rust_decimal` round silently once a result needs more than 28 digits. These
//! functions never do: a result is exact, or rounded once from the exact value.

use rust_decimal::Decimal;

use super::error::{Error, Result};

const LARGEST: u128 = (1 << 96) - 1;

/// `a + b`, exactly, with the decimals of the one that has more if they fit.
pub(crate) fn sum(a: Decimal, b: Decimal) -> Result<Decimal> {
    sum_as_written(a, b).or_else(|_| sum_as_written(a.normalize(), b.normalize()))
}

fn sum_as_written(a: Decimal, b: Decimal) -> Result<Decimal> {
    let scale = a.scale().max(b.scale());
    let lift = |d: Decimal| 10_i128.checked_pow(scale - d.scale())?.checked_mul(d.mantissa());
    let total = lift(a)
        .zip(lift(b))
        .and_then(|(a, b)| a.checked_add(b))
        .ok_or(Error::TooManyDigits)?;
    finish(total.is_negative(), total.unsigned_abs(), scale)
}

/// `a - b`, exactly.
pub(crate) fn difference(a: Decimal, b: Decimal) -> Result<Decimal> {
    sum(a, -b)
}

/// The sum of all, exactly.
pub(crate) fn total(amounts: impl IntoIterator<Item = Decimal>) -> Result<Decimal> {
    amounts.into_iter().try_fold(Decimal::ZERO, sum)
}

/// `a × b`, exactly.
pub(crate) fn product(a: Decimal, b: Decimal) -> Result<Decimal> {
    let (a, b) = (a.normalize(), b.normalize());
    let mantissa = a
        .mantissa()
        .checked_mul(b.mantissa())
        .ok_or(Error::TooManyDigits)?;
    finish(
        mantissa.is_negative(),
        mantissa.unsigned_abs(),
        a.scale() + b.scale(),
    )
}

/// `a × b`, rounded half away from zero to `digits` decimals.
pub(crate) fn rounded_product(a: Decimal, b: Decimal, digits: u32) -> Result<Decimal> {
    scaled(a, b, Decimal::ONE, digits)
}

/// `a × n / d`, rounded half away from zero to `digits` decimals, in one step. `d` is not zero.
pub(crate) fn scaled(a: Decimal, n: Decimal, d: Decimal, digits: u32) -> Result<Decimal> {
    debug_assert!(!d.is_zero(), "callers refuse a zero divisor");
    let negative = a.is_sign_negative() ^ n.is_sign_negative() ^ d.is_sign_negative();
    let [am, nm, dm] = [a, n, d].map(|x| x.mantissa().unsigned_abs());
    let up = digits + d.scale();
    let down = a.scale() + n.scale();
    let (lift, lower) = (up.saturating_sub(down), down.saturating_sub(up));
    let narrow = || {
        let numerator = am.checked_mul(nm)?.checked_mul(10_u128.checked_pow(lift)?)?;
        let denominator = dm.checked_mul(10_u128.checked_pow(lower)?)?;
        Some(halves_up(
            numerator / denominator,
            numerator % denominator,
            denominator,
        ))
    };
    let quotient = match narrow() {
        Some(quotient) => quotient,
        None => {
            let numerator = Wide::from(am).times(&Wide::from(nm)).times_power_of_ten(lift);
            let denominator = Wide::from(dm).times_power_of_ten(lower);
            numerator
                .rounded_quotient(&denominator)
                .ok_or(Error::TooManyDigits)?
        }
    };
    finish(negative, quotient, digits)
}

fn halves_up(quotient: u128, remainder: u128, denominator: u128) -> u128 {
    // remainder < denominator, so the difference does not wrap; it avoids doubling the remainder.
    quotient + u128::from(remainder >= denominator - remainder)
}

fn finish(negative: bool, mut mantissa: u128, mut scale: u32) -> Result<Decimal> {
    while (scale > Decimal::MAX_SCALE || mantissa > LARGEST) && scale > 0 && mantissa.is_multiple_of(10) {
        mantissa /= 10;
        scale -= 1;
    }
    if mantissa > LARGEST || scale > Decimal::MAX_SCALE {
        return Err(Error::TooManyDigits);
    }
    let value = i128::try_from(mantissa).expect("96 bits fit into 127");
    let value = if negative { -value } else { value };
    Ok(Decimal::from_i128_with_scale(value, scale))
}

/// Quotient of two integers, in lowest terms: days over days, or seat days over days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fraction {
    numerator: u128,
    denominator: u128,
}

impl Fraction {
    pub(crate) const ZERO: Self = Self {
        numerator: 0,
        denominator: 1,
    };
    pub(crate) const ONE: Self = Self {
        numerator: 1,
        denominator: 1,
    };

    /// `None` if the denominator is zero.
    pub(crate) fn new(numerator: u128, denominator: u128) -> Option<Self> {
        if denominator == 0 {
            return None;
        }
        let common = gcd(numerator, denominator);
        Some(Self {
            numerator: numerator / common,
            denominator: denominator / common,
        })
    }

    pub(crate) fn plus(self, other: Self) -> Result<Self> {
        let shared = gcd(self.denominator, other.denominator);
        let (left, right) = (other.denominator / shared, self.denominator / shared);
        let numerator = self
            .numerator
            .checked_mul(left)
            .zip(other.numerator.checked_mul(right))
            .and_then(|(a, b)| a.checked_add(b));
        let denominator = self.denominator.checked_mul(left);
        let (numerator, denominator) = numerator.zip(denominator).ok_or(Error::TooManyDigits)?;
        Self::new(numerator, denominator).ok_or(Error::TooManyDigits)
    }

    pub(crate) fn times(self, factor: u128) -> Result<Self> {
        let common = gcd(factor, self.denominator);
        let numerator = self
            .numerator
            .checked_mul(factor / common)
            .ok_or(Error::TooManyDigits)?;
        Self::new(numerator, self.denominator / common).ok_or(Error::TooManyDigits)
    }

    /// Rounded half up to `digits` decimals, and whether that is exact.
    pub(crate) fn rounded(self, digits: u32) -> Result<(Decimal, bool)> {
        let lifted = 10_u128
            .checked_pow(digits)
            .and_then(|power| self.numerator.checked_mul(power))
            .ok_or(Error::TooManyDigits)?;
        let remainder = lifted % self.denominator;
        let quotient = halves_up(lifted / self.denominator, remainder, self.denominator);
        Ok((finish(false, quotient, digits)?.normalize(), remainder == 0))
    }

    /// `amount` times this, rounded half away from zero to `digits` decimals.
    pub(crate) fn of(self, amount: Decimal, digits: u32) -> Result<Decimal> {
        scaled(
            amount,
            decimal(self.numerator)?,
            decimal(self.denominator)?,
            digits,
        )
    }
}

fn decimal(integer: u128) -> Result<Decimal> {
    finish(false, integer, 0)
}

fn gcd(a: u128, b: u128) -> u128 {
    if b == 0 { a.max(1) } else { gcd(b, a % b) }
}

/// An unsigned integer of 512 bits, least limb first. Every value in `scaled` has fewer: two mantissas
/// of 96 bits and a power of ten of at most 56 digits, which is 186 bits.
#[derive(Clone, PartialEq, Eq)]
struct Wide([u32; 16]);

impl From<u128> for Wide {
    fn from(value: u128) -> Self {
        let mut limbs = [0; 16];
        for (i, limb) in limbs.iter_mut().take(4).enumerate() {
            *limb = (value >> (32 * i)) as u32;
        }
        Self(limbs)
    }
}

impl Wide {
    fn times(&self, other: &Self) -> Self {
        let mut out = [0_u32; 16];
        for (i, a) in self.0.iter().enumerate().filter(|(_, a)| **a != 0) {
            let mut carry = 0_u64;
            for (b, place) in other.0.iter().zip(&mut out[i..]) {
                let value = u64::from(*a) * u64::from(*b) + u64::from(*place) + carry;
                *place = value as u32;
                carry = value >> 32;
            }
        }
        Self(out)
    }

    fn times_power_of_ten(self, exponent: u32) -> Self {
        (0..exponent).fold(self, |value, _| value.times(&Self::from(10)))
    }

    fn at_least(&self, other: &Self) -> bool {
        self.0.iter().rev().cmp(other.0.iter().rev()).is_ge()
    }

    fn subtract(&mut self, other: &Self) {
        let mut borrow = false;
        for (a, b) in self.0.iter_mut().zip(&other.0) {
            let (value, under) = a.overflowing_sub(*b);
            let (value, again) = value.overflowing_sub(u32::from(borrow));
            *a = value;
            borrow = under || again;
        }
    }

    fn double_and_add(&mut self, bit: u32) {
        let mut carry = bit;
        for limb in &mut self.0 {
            let next = *limb >> 31;
            *limb = (*limb << 1) | carry;
            carry = next;
        }
    }

    /// Half up. `None` if the quotient has more than 128 bits.
    fn rounded_quotient(&self, denominator: &Self) -> Option<u128> {
        let mut remainder = Self([0; 16]);
        let mut quotient = Self([0; 16]);
        for bit in (0..512).rev() {
            remainder.double_and_add((self.0[bit / 32] >> (bit % 32)) & 1);
            let fits = remainder.at_least(denominator);
            if fits {
                remainder.subtract(denominator);
            }
            quotient.double_and_add(u32::from(fits));
        }
        if quotient.0[4..].iter().any(|limb| *limb != 0) {
            return None;
        }
        let quotient = (0..4).fold(0, |value, i| value | (u128::from(quotient.0[i]) << (32 * i)));
        remainder.double_and_add(0);
        quotient.checked_add(u128::from(remainder.at_least(denominator)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn d(text: &str) -> Decimal {
        Decimal::from_str_exact(text).expect("the tests hold decimals")
    }

    #[test]
    fn what_rust_decimal_would_round_silently_is_refused() {
        let large = d("7922816251426433759354395033");
        assert_eq!(sum(large, d("0.01")), Err(Error::TooManyDigits));
        assert_ne!(large + d("0.01") - large, d("0.01"), "the operator rounds");
        let fine = d("0.123456789012345678");
        assert_eq!(product(fine, fine), Err(Error::TooManyDigits));
        assert_eq!(product(Decimal::MAX, d("10")), Err(Error::TooManyDigits));
        assert_eq!(sum(Decimal::MAX, Decimal::ONE), Err(Error::TooManyDigits));
    }

    #[test]
    fn trailing_zeros_do_not_count_as_digits() {
        assert_eq!(
            product(
                d("10000000000000000000000000000"),
                d("0.0000000000000000000000000001")
            ),
            Ok(d("1"))
        );
        assert_eq!(
            sum(
                d("1.0000000000000000000000000000"),
                d("1000000000000000000000000000")
            ),
            Ok(d("1000000000000000000000000001"))
        );
    }

    #[test]
    fn halves_round_away_from_zero() {
        for (a, b, digits, expected) in [
            ("0.5", "0.01", 2, "0.01"),
            ("-0.5", "0.01", 2, "-0.01"),
            ("0.499999999999", "0.01", 2, "0.00"),
            ("100.5", "1", 0, "101"),
            ("-100.5", "1", 0, "-101"),
            ("6.333333333333", "12", 2, "76.00"),
        ] {
            assert_eq!(rounded_product(d(a), d(b), digits), Ok(d(expected)), "{a} x {b}");
        }
    }

    #[test]
    fn products_of_more_than_128_bits_are_rounded_from_the_exact_value() {
        // 28 nines times 28 decimals of nines: 10^28 - 1 times (1 - 10^-28), which is 10^28 - 2 and a bit.
        let whole = d("9999999999999999999999999999");
        let part = d("0.9999999999999999999999999999");
        assert_eq!(
            rounded_product(whole, part, 0),
            Ok(d("9999999999999999999999999998"))
        );
        assert_eq!(scaled(whole, part, part, 0), Ok(whole));
        assert_eq!(
            scaled(whole, d("3"), d("9999999999999999999999999999"), 12),
            Ok(d("3"))
        );
        assert_eq!(
            scaled(Decimal::MAX, Decimal::MAX, Decimal::MAX, 0),
            Ok(Decimal::MAX)
        );
        assert_eq!(scaled(Decimal::MAX, d("2"), d("1"), 0), Err(Error::TooManyDigits));
        assert_eq!(
            scaled(d("1000000000000000000"), d("1"), d("3"), 12),
            Err(Error::TooManyDigits)
        );
    }

    proptest! {
        #[test]
        fn the_wide_path_equals_the_narrow_one(a in any::<u64>(), b in 1..u64::MAX, c in 1..u64::MAX) {
            let exact = u128::from(a) * u128::from(b);
            let narrow = halves_up(exact / u128::from(c), exact % u128::from(c), u128::from(c));
            let wide = Wide::from(u128::from(a)).times(&Wide::from(u128::from(b)));
            prop_assert_eq!(wide.rounded_quotient(&Wide::from(u128::from(c))), Some(narrow));
        }

        #[test]
        fn a_wide_product_divided_again_gives_the_factor(a in any::<u128>(), b in 1..u128::MAX) {
            let wide = Wide::from(a).times(&Wide::from(b));
            prop_assert_eq!(wide.rounded_quotient(&Wide::from(b)), Some(a));
        }

        #[test]
        fn sums_undo_differences(a in any::<i64>(), b in any::<i64>(), s in 0..9_u32, t in 0..9_u32) {
            let (a, b) = (Decimal::new(a, s), Decimal::new(b, t));
            prop_assert_eq!(sum(difference(a, b).unwrap(), b), Ok(a));
        }

        #[test]
        fn fractions_add_up(a in 0..10_000_u32, b in 1..400_u32, c in 0..10_000_u32, e in 1..400_u32) {
            let left = Fraction::new(a.into(), b.into()).unwrap();
            let right = Fraction::new(c.into(), e.into()).unwrap();
            let whole = left.plus(right).unwrap().times(u128::from(b) * u128::from(e)).unwrap();
            prop_assert_eq!(whole, Fraction::new(u128::from(a * e) + u128::from(c * b), 1).unwrap());
        }
    }
}
