//! Amounts, exact to the last minor unit.
//!
//! The net amount of a line is quantity times rate, its tax is that net amount
//! times the tax rate (a fraction: `0.2` is 20 %). Both are rounded half up (away
//! from zero) to the minor unit of the currency. Totals are sums of what was
//! rounded, so they always add up on paper.

use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Number, Value};

/// What a line, a group or an invoice amounts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Totals {
    pub(super) net: Decimal,
    pub(super) tax: Decimal,
}

impl Totals {
    /// `None` where a number grows beyond what a decimal of 28 digits can hold.
    pub(super) fn of_line(
        quantity: Decimal,
        rate: Decimal,
        tax_rate: Decimal,
        currency: &str,
    ) -> Option<Self> {
        let net = rounded(quantity.checked_mul(rate)?, currency);
        let tax = rounded(net.checked_mul(tax_rate)?, currency);
        net.checked_add(tax)?;
        Some(Self { net, tax })
    }

    pub(super) fn checked_add(self, other: Self) -> Option<Self> {
        let sum = Self {
            net: self.net.checked_add(other.net)?,
            tax: self.tax.checked_add(other.tax)?,
        };
        sum.net.checked_add(sum.tax)?;
        Some(sum)
    }

    pub(super) fn gross(self) -> Decimal {
        self.net + self.tax
    }
}

/// Reads a decimal as the API writes it: an optional sign, digits, and optionally a point with more digits.
pub(super) fn parse(text: &str) -> Option<Decimal> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let only_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !only_digits(whole) || !only_digits(fraction) {
        return None;
    }
    Decimal::from_str_exact(text).ok()
}

/// The amount with exactly as many decimals as the currency has.
pub(super) fn text(amount: Decimal, currency: &str) -> String {
    let mut amount = rounded(amount, currency);
    amount.rescale(minor_digits(currency));
    amount.to_string()
}

/// The amount as a JSON number, for the few places where the API writes one.
pub(super) fn number(amount: Decimal) -> Value {
    let digits = amount.normalize().to_string();
    let number: Number = serde_json::from_str(&digits).expect("a decimal is a JSON number");
    Value::Number(number)
}

fn rounded(amount: Decimal, currency: &str) -> Decimal {
    amount.round_dp_with_strategy(minor_digits(currency), RoundingStrategy::MidpointAwayFromZero)
}

/// ISO 4217, for the currencies of the document. None of them has three digits.
fn minor_digits(currency: &str) -> u32 {
    match currency {
        "CLP" | "ISK" | "JPY" | "KRW" => 0,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::{Totals, number, parse, text};

    #[test]
    fn a_line_is_rounded_half_up_to_the_minor_unit() {
        let cases = [
            ("1", "10.00", "0.2", "GBP", "10.00", "2.00", "12.00"),
            ("3", "0.335", "0", "GBP", "1.01", "0.00", "1.01"),
            ("1", "0.125", "0", "USD", "0.13", "0.00", "0.13"),
            ("1", "-0.125", "0", "USD", "-0.13", "0.00", "-0.13"),
            ("7", "33.33", "0.175", "EUR", "233.31", "40.83", "274.14"),
            ("1", "100.5", "0.1", "JPY", "101", "10", "111"),
            ("2", "10.4", "0.2", "KRW", "21", "4", "25"),
            ("0.001", "1", "0.2", "GBP", "0.00", "0.00", "0.00"),
        ];
        for (quantity, rate, tax_rate, currency, net, tax, gross) in cases {
            let value = |t: &str| parse(t).expect("the table holds decimals");
            let totals = Totals::of_line(value(quantity), value(rate), value(tax_rate), currency)
                .expect("the table holds small numbers");
            let found = [totals.net, totals.tax, totals.gross()].map(|a| text(a, currency));
            assert_eq!(
                found,
                [net, tax, gross],
                "{quantity} x {rate} at {tax_rate} {currency}"
            );
        }
    }

    #[test]
    fn only_plain_decimals_are_read() {
        for good in ["0", "-1", "2.50", "20000.10", "0.0000000001"] {
            assert!(parse(good).is_some(), "{good}");
        }
        for bad in [
            "",
            "-",
            "+1",
            "1.",
            ".5",
            "1e3",
            "1_000",
            "1,5",
            " 1",
            "NaN",
            "99999999999999999999999999999999",
        ] {
            assert!(parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn too_large_a_product_is_no_total() {
        let large = parse("70000000000000000000000000000").expect("29 digits fit");
        assert_eq!(Totals::of_line(large, large, large, "GBP"), None);
    }

    #[test]
    fn json_numbers_lose_trailing_zeros_only() {
        assert_eq!(number(parse("120.50").expect("a decimal")).to_string(), "120.5");
        assert_eq!(number(parse("7.00").expect("a decimal")).to_string(), "7");
    }
}
