//! Credit on a calculated invoice of which less is left than was calculated.

use rust_decimal::Decimal;

use crate::billing::discount::split;
use crate::billing::error::Result;
use crate::billing::exact::{scaled, total};
use crate::billing::money::{Currency, Totals};
use crate::billing::tax::share;

/// Reduces the lines of a grant to what is left of it: `left` of the `wanted` units, or money in whole minor units. Each line
/// keeps its part, and the tax that belongs to it.
///
/// # Errors
///
/// [`Error::TooManyDigits`](crate::billing::Error::TooManyDigits).
pub fn reduced_credit(
    lines: &[Totals],
    wanted: Decimal,
    left: Decimal,
    currency: Currency,
) -> Result<Vec<Totals>> {
    let nets: Vec<Decimal> = lines.iter().map(|line| -line.net).collect();
    let whole = total(nets.iter().copied())?;
    let most = if wanted > Decimal::ZERO {
        scaled(whole, left, wanted, currency.minor_digits())?
    } else {
        whole
    };
    let parts = split(most.min(whole), &nets, currency)?;
    let reduced = lines.iter().zip(parts).map(|(line, part)| {
        let tax = if line.net.is_zero() {
            line.tax
        } else {
            share(-part, line.tax, line.net, currency)?
        };
        Totals::new(-part, tax)
    });
    reduced.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(net: i64, tax: i64) -> Totals {
        Totals::new(Decimal::new(-net, 2), Decimal::new(-tax, 2)).unwrap()
    }

    #[test]
    fn each_line_keeps_its_part_and_the_tax_on_it() {
        let lines = [line(60_00, 12_00), line(40_00, 0)];
        let reduced =
            |wanted, left| reduced_credit(&lines, Decimal::from(wanted), left, Currency::Gbp).unwrap();
        assert_eq!(
            reduced(100, Decimal::from(50)),
            [line(30_00, 6_00), line(20_00, 0)]
        );
        assert_eq!(reduced(100, Decimal::ZERO), [line(0, 0), line(0, 0)]);
        assert_eq!(
            reduced(100, Decimal::new(10_01, 2)),
            [line(6_01, 1_20), line(4_00, 0)]
        );
        // Units: half of them are worth half.
        assert_eq!(reduced(8, Decimal::from(4)), [line(30_00, 6_00), line(20_00, 0)]);
        let net: Decimal = reduced(3, Decimal::ONE).iter().map(|line| line.net).sum();
        assert_eq!(net, Decimal::new(-33_33, 2));
    }
}
