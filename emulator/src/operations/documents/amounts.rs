//! The amounts of lines, and their sums.

use rust_decimal::Decimal;

use crate::assumptions::Assumed;
use crate::billing::money::{self, Currency, Totals};
use crate::billing::tax::{self, Rate, Scale};
use crate::billing::{Error, Result};
use crate::records::{Amounts, LineItem};
use crate::store::State;

use super::super::call::Call;
use super::super::problem::Problem;
use super::{Editable, Sums, lines_of};

impl From<Totals> for Amounts {
    fn from(totals: Totals) -> Self {
        Self {
            net_total: totals.net,
            total_tax: totals.tax,
            gross_total: totals.gross,
        }
    }
}

impl From<Amounts> for Totals {
    fn from(amounts: Amounts) -> Self {
        Self {
            net: amounts.net_total,
            tax: amounts.total_tax,
            gross: amounts.gross_total,
        }
    }
}

/// The currency with this code.
pub(in super::super) fn currency(code: &str) -> Result<Currency, Problem> {
    code.parse()
        .map_err(|error| Problem::invalid(format!("body.currency: {error}.")))
}

/// Zero, with the decimals of the currency.
pub(in super::super) fn nothing(code: &str) -> Result<Decimal, Problem> {
    Ok(money::round(Decimal::ZERO, currency(code)?)?)
}

/// Computes the amounts of a line: quantity times rate, and tax on that. A tax rate above 1 is a percentage (A71).
pub(in super::super) fn compute<D>(line: &mut LineItem<D>, currency: Currency) -> Result<(), Problem> {
    let rate =
        Rate::new(line.tax_rate, Scale::Guessed).map_err(|error| Problem::at("body.taxRate", error))?;
    let is_taxed = !rate.fraction.is_zero();
    line.assumed = if is_taxed { rate.assumed } else { Assumed::NONE }.numbers();
    let totals = || {
        let net = money::net(line.quantity, line.rate, currency)?;
        Totals::new(net, tax::tax(net, rate.fraction, currency)?)
    };
    line.amounts = totals().map_err(too_large)?.into();
    Ok(())
}

/// Sums amounts, with the decimals of the currency even if there are none.
pub(in super::super) fn sum(
    amounts: impl IntoIterator<Item = Amounts>,
    currency: Currency,
) -> Result<Amounts> {
    let none = money::round(Decimal::ZERO, currency)?;
    let amounts = amounts.into_iter().map(Totals::from);
    let totals = Totals::of(std::iter::once(Totals::new(none, none)?).chain(amounts))?;
    Ok(totals.into())
}

/// Adds a line to the sums of its document.
pub(in super::super) fn add<D>(
    sums: Sums<'_>,
    line: &LineItem<D>,
    currency: Currency,
) -> Result<(), Problem> {
    *sums.amounts = sum([*sums.amounts, line.amounts], currency).map_err(too_large)?;
    let assumed = sums.assumed.iter().chain(&line.assumed).copied();
    *sums.assumed = Assumed::from_numbers(assumed).numbers();
    if let Some(is_zero_quantity) = sums.is_zero_quantity {
        *is_zero_quantity &= line.quantity.is_zero();
    }
    Ok(())
}

/// Sums all lines of a document anew.
pub(in super::super) fn resum<D: Editable>(state: &State, document: &mut D) -> Result<(), Problem> {
    let currency = currency(document.currency())?;
    let lines = lines_of::<D>(state, document.id());
    let sums = document.sums();
    *sums.amounts = sum([], currency).map_err(too_large)?;
    sums.assumed.clear();
    if let Some(is_zero_quantity) = sums.is_zero_quantity {
        *is_zero_quantity = true;
    }
    for line in &lines {
        add(document.sums(), line, currency)?;
    }
    Ok(())
}

/// Computes the amounts of all lines in another currency, and stores them.
pub(in super::super) fn convert<D: Editable>(
    call: &mut Call<'_, '_>,
    document: &mut D,
) -> Result<(), Problem> {
    let currency = currency(document.currency())?;
    for mut line in lines_of::<D>(call.tx, document.id()) {
        compute(&mut line, currency)?;
        call.tx.put(&line);
    }
    resum(call.tx, document)
}

fn too_large(error: Error) -> Problem {
    Problem::at("body.quantity and body.rate", error)
}
