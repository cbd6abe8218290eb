//! The invoice of a billing date: lines, totals, and the credit that it uses.
//!
//! [`calculate`] computes in one order [A48]: price lines, discounts, minimums, usage credit, cash credit, and
//! the tax of each line. The totals are the sums of the lines.
//!
//! ```
//! use chrono::NaiveDate;
//! use rust_decimal::Decimal;
//! use sequencehq_emulator::billing::invoice::{Input, Item, Section, calculate};
//! use sequencehq_emulator::billing::price::{Measured, Structure};
//! use sequencehq_emulator::billing::{Currency, Period};
//!
//! let day = |m, d| NaiveDate::from_ymd_opt(2026, m, d).unwrap();
//! let january = Period::new(day(1, 1), day(1, 31))?;
//! let calls = Structure::Linear { price_per_unit: Decimal::new(5, 2), is_price_percentage: false };
//! let item = Item::new("calls", calls, Measured::usage(Decimal::from(1234)), january, Decimal::new(2, 1));
//! let invoice = calculate(&Input {
//!     sections: vec![Section { items: vec![item], ..Section::default() }],
//!     ..Input::new(Currency::Gbp, day(2, 1))
//! })?;
//! assert_eq!(invoice.totals.net, Decimal::new(6170, 2));
//! assert_eq!(invoice.totals.gross, Decimal::new(7404, 2));
//! assert!(invoice.assumed.is_empty());
//! # Ok::<(), sequencehq_emulator::billing::Error>(())
//! ```

mod grants;
mod reduction;
mod section;

pub use reduction::reduced_credit;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::credit::GrantAccount;
use super::discount::Discount;
use super::error::Result;
use super::minimum::Minimum;
use super::money::{Currency, Totals, round};
use super::period::Period;
use super::price::{Component, Measured, Structure};
use super::tax::{TaxStatus, tax};
use crate::assumptions::{A48, Assumed};

/// Everything that decides on an invoice.
#[derive(Debug, Clone)]
pub struct Input<'a> {
    /// Currency of all prices.
    pub currency: Currency,
    /// The day of billing. Credit must be usable on it.
    pub date: NaiveDate,
    /// Whether the customer pays tax.
    pub tax_status: TaxStatus,
    /// What is billed: a section for each phase of a schedule with something due.
    pub sections: Vec<Section>,
    /// Credit of the customer, in any order. What does not fit the invoice is left alone.
    pub grants: &'a [GrantAccount],
}

impl Input<'_> {
    /// An invoice over nothing, for a taxed customer without credit.
    pub const fn new(currency: Currency, date: NaiveDate) -> Self {
        Self {
            currency,
            date,
            tax_status: TaxStatus::Taxed,
            sections: Vec::new(),
            grants: &[],
        }
    }
}

/// Prices that are billed together with the discounts and minimums of their phase.
#[derive(Debug, Clone, Default)]
pub struct Section {
    /// The prices and what was measured for them.
    pub items: Vec<Item>,
    /// Discounts, in the order in which they apply.
    pub discounts: Vec<Discount>,
    /// Minimums. Those of some prices are reached before those of all.
    pub minimums: Vec<Minimum>,
}

/// One price for one service period.
#[derive(Debug, Clone)]
pub struct Item {
    /// Id of the price.
    pub price_id: String,
    /// Id of its usage metric, for usage credit.
    pub metric_id: Option<String>,
    /// The terms.
    pub structure: Structure,
    /// What was measured.
    pub measured: Measured,
    /// The days that are billed. Discounts count by the first of them.
    pub service: Period,
    /// Tax rate as a fraction.
    pub tax_rate: Decimal,
    /// What the measure and the rate depend on. It is added to the result.
    pub assumed: Assumed,
}

impl Item {
    /// A price without a usage metric, from what depends on no assumption.
    pub fn new(
        price_id: impl Into<String>,
        structure: Structure,
        measured: Measured,
        service: Period,
        tax_rate: Decimal,
    ) -> Self {
        Self {
            price_id: price_id.into(),
            metric_id: None,
            structure,
            measured,
            service,
            tax_rate,
            assumed: Assumed::NONE,
        }
    }
}

/// What a line of an invoice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum LineKind {
    /// A price.
    Price(Component),
    /// A discount with a line of its own: its position in the section.
    Discount(usize),
    /// The difference to a minimum: its position in the section.
    Minimum(usize),
    /// Credit that was used.
    Credit,
}

/// One line of an invoice. Its net amount is quantity times rate, rounded to the minor unit. Amounts have
/// exactly the decimals of the currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What the line is about.
    pub kind: LineKind,
    /// Position of the section. `None` for credit.
    pub section: Option<usize>,
    /// Position of the item in the section. `None` unless the line is about a price.
    pub item: Option<usize>,
    /// Id of the price.
    pub price_id: Option<String>,
    /// Id of the credit grant.
    pub grant_id: Option<String>,
    /// The group of a `GROUPED` metric.
    pub group: Option<String>,
    /// The days that are billed.
    pub service: Option<Period>,
    /// Quantity as shown.
    pub quantity: Decimal,
    /// Rate after discounts without a line of their own.
    pub rate: Decimal,
    /// The rate is a share, and 1 is 100 %: `rateDisplay` is `PERCENTAGE`.
    pub is_percentage: bool,
    /// Tax rate as a fraction: 0 for customers without tax.
    pub tax_rate: Decimal,
    /// Net amount, tax, and gross amount.
    pub totals: Totals,
}

/// Credit that the invoice uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consumed {
    /// Id of the grant.
    pub grant_id: String,
    /// Units of the metric. `None` for cash.
    pub units: Option<Decimal>,
    /// What the credit is worth on this invoice, before tax.
    pub amount: Decimal,
    /// The tax on it.
    pub tax_amount: Decimal,
}

impl Consumed {
    /// What is taken from the grant: units, or money before tax.
    pub fn debit(&self) -> Decimal {
        self.units.unwrap_or(self.amount)
    }
}

/// A computed invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invoice {
    /// The lines: for each section its prices, discounts and minimums; credit last.
    pub lines: Vec<Line>,
    /// Sums of the lines.
    pub totals: Totals,
    /// Credit that was used, in the order of use.
    pub consumed: Vec<Consumed>,
    /// What the invoice depends on.
    pub assumed: Assumed,
}

/// Computes an invoice. Changes nothing: credit is taken from the grants by
/// [`debit`](GrantAccount::debit) when the invoice is issued.
///
/// # Errors
///
/// What the parts refuse: see [`Structure::charge`], [`Discount::validate`], [`Minimum::top_up`] and
/// [`GrantAccount::advance_to`]; [`Error::NoSuchRate`](super::Error::NoSuchRate) if a discount
/// needs a rate of more than 28 digits; [`Error::TooManyDigits`](super::Error::TooManyDigits).
pub fn calculate(input: &Input<'_>) -> Result<Invoice> {
    let mut lines = Vec::new();
    let mut creditable = Vec::new();
    let mut assumed = Assumed::NONE;
    let mut discounted = false;
    for section in 0..input.sections.len() {
        let drafted = section::draft(input, section)?;
        lines.extend(drafted.lines);
        creditable.extend(drafted.creditable);
        assumed |= drafted.assumed;
        discounted |= drafted.discounted;
    }
    let used = grants::apply(input, &lines, creditable)?;
    lines.extend(used.lines);
    assumed |= used.assumed;

    // The order matters once two of the steps have something to do.
    let steps = [
        discounted,
        input.sections.iter().any(|section| !section.minimums.is_empty()),
        !used.consumed.is_empty(),
        lines.iter().any(|line| !line.totals.tax.is_zero()),
    ];
    assumed.add_if(steps.into_iter().filter(|step| *step).count() > 1, A48);
    let sums = Totals::of(lines.iter().map(|line| line.totals))?;
    // Without lines, the sum has no decimals yet.
    let totals = Totals::new(round(sums.net, input.currency)?, round(sums.tax, input.currency)?)?;
    Ok(Invoice {
        lines,
        totals,
        consumed: used.consumed,
        assumed,
    })
}

impl Line {
    /// A line whose tax is that of its net amount.
    fn new(
        kind: LineKind,
        quantity: Decimal,
        rate: Decimal,
        net: Decimal,
        tax_rate: Decimal,
        currency: Currency,
    ) -> Result<Self> {
        Ok(Self::with_tax(
            kind,
            quantity,
            rate,
            Totals::new(net, tax(net, tax_rate, currency)?)?,
            tax_rate,
        ))
    }

    fn with_tax(kind: LineKind, quantity: Decimal, rate: Decimal, totals: Totals, tax_rate: Decimal) -> Self {
        Self {
            kind,
            section: None,
            item: None,
            price_id: None,
            grant_id: None,
            group: None,
            service: None,
            quantity,
            rate,
            is_percentage: false,
            tax_rate,
            totals,
        }
    }
}

/// What credit can be used on: what is left of a line.
struct Creditable<'a> {
    /// The price that the line is for. `None` for a top-up.
    item: Option<&'a Item>,
    /// The prices that the line stands for. Empty for a top-up to a minimum of all prices.
    prices: Vec<&'a str>,
    tax_rate: Decimal,
    /// Below 0 for a price below 0.
    left: Decimal,
}
