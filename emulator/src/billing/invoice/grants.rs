//! Step ④: usage credit, then cash credit.

use rust_decimal::Decimal;

use super::section::{add, covers_all};
use super::{Consumed, Creditable, Input, Item, Line, LineKind};
use crate::assumptions::{A57, Assumed};
use crate::billing::credit::{GrantAccount, Unit, burn_down_order};
use crate::billing::discount::{covers, split};
use crate::billing::error::Result;
use crate::billing::exact::{difference, scaled, sum, total};
use crate::billing::money::{Currency, Totals, round};
use crate::billing::tax::share;

/// The lines of the credit that was used.
pub(super) struct Used {
    pub(super) lines: Vec<Line>,
    pub(super) consumed: Vec<Consumed>,
    pub(super) assumed: Assumed,
}

pub(super) fn apply<'a>(
    input: &'a Input<'_>,
    lines: &[Line],
    creditable: Vec<Creditable<'a>>,
) -> Result<Used> {
    let mut grants: Vec<&GrantAccount> = Vec::new();
    for account in input.grants {
        let fits = match &account.grant().unit {
            Unit::Cash(currency) => *currency == input.currency,
            Unit::Usage(metric) => creditable.iter().any(|line| {
                line.item
                    .is_some_and(|item| item.metric_id.as_ref() == Some(metric))
            }),
        };
        if fits && account.available_on(input.date)? > Decimal::ZERO {
            grants.push(account);
        }
    }
    let order = burn_down_order(&mut grants);
    let mut ledger = Ledger {
        currency: input.currency,
        taxed: by_tax_rate(lines)?,
        creditable,
        used: Used {
            lines: Vec::new(),
            consumed: Vec::new(),
            assumed: Assumed::NONE,
        },
    };
    ledger.absorb_prices_below_zero()?;
    let items: Vec<&Item> = input.sections.iter().flat_map(|section| &section.items).collect();
    let mut usage = ledger.metered(&items)?;
    for account in grants {
        let available = account.available_on(input.date)?;
        let used = match &account.grant().unit {
            Unit::Usage(metric) => ledger.use_units(account, metric, available, &mut usage)?,
            Unit::Cash(_) => ledger.use_cash(account, available)?,
        };
        if used {
            ledger.used.assumed |= account.assumed() | order;
        }
    }
    Ok(ledger.used)
}

/// Net amount and tax of all lines with one tax rate.
struct Taxed {
    rate: Decimal,
    net: Decimal,
    tax: Decimal,
}

fn by_tax_rate(lines: &[Line]) -> Result<Vec<Taxed>> {
    let mut taxed: Vec<Taxed> = Vec::new();
    for line in lines {
        let Totals { net, tax, .. } = line.totals;
        match taxed.iter_mut().find(|taxed| taxed.rate == line.tax_rate) {
            Some(known) => {
                known.net = sum(known.net, net)?;
                known.tax = sum(known.tax, tax)?;
            }
            None => taxed.push(Taxed {
                rate: line.tax_rate,
                net,
                tax,
            }),
        }
    }
    Ok(taxed)
}

/// An item with usage, and how much of it is credited.
struct Metered<'a> {
    item: &'a Item,
    used: Decimal,
    units: Decimal,
    /// What was left of the item before any credit.
    worth: Decimal,
    /// How much of that is credited.
    amount: Decimal,
}

impl Metered<'_> {
    /// What the last `units` of the usage are worth: the part of the amount that they make up, scaled to
    /// what the discounts left of it.
    fn worth_of(&self, units: Decimal, currency: Currency) -> Result<Decimal> {
        let digits = currency.minor_digits();
        if self.worth.is_zero() || self.used.is_zero() {
            return Ok(Decimal::ZERO);
        }
        let structure = &self.item.structure;
        let measured = &self.item.measured;
        let whole = measured.without_last(Decimal::ZERO)?;
        let rest = measured.without_last(units)?;
        let Some((whole, rest)) = whole.zip(rest) else {
            return scaled(self.worth, units, self.used, digits);
        };
        let whole = structure.charge(&whole, currency)?.net()?;
        let rest = structure.charge(&rest, currency)?.net()?;
        if whole <= Decimal::ZERO {
            return Ok(Decimal::ZERO);
        }
        let lower = difference(whole, rest)?;
        scaled(self.worth, lower, whole, digits)
    }
}

struct Ledger<'a> {
    currency: Currency,
    taxed: Vec<Taxed>,
    creditable: Vec<Creditable<'a>>,
    used: Used,
}

impl<'a> Ledger<'a> {
    /// Prices below 0 lower what is left of the lines taxed alike, and then of the others.
    fn absorb_prices_below_zero(&mut self) -> Result<()> {
        let mut below: Vec<(Decimal, Decimal)> = Vec::new();
        for line in self
            .creditable
            .iter_mut()
            .filter(|line| line.left < Decimal::ZERO)
        {
            add(&mut below, line.tax_rate, -line.left)?;
            line.left = Decimal::ZERO;
        }
        let mut rest = Decimal::ZERO;
        for (tax_rate, amount) in below {
            let alike = |line: &Creditable<'_>| line.tax_rate == tax_rate;
            let taken = self.take(amount, alike)?;
            rest = sum(
                rest,
                difference(amount, total(taken.into_iter().map(|(_, part)| part))?)?,
            )?;
        }
        self.take(rest, |_| true)?;
        Ok(())
    }

    /// Takes up to `most` from what is left of the chosen lines, in proportion. Returns their positions
    /// with what was taken.
    fn take(
        &mut self,
        most: Decimal,
        choose: impl Fn(&Creditable<'_>) -> bool,
    ) -> Result<Vec<(usize, Decimal)>> {
        let chosen = self
            .creditable
            .iter()
            .enumerate()
            .filter(|(_, line)| choose(line));
        let places: Vec<usize> = chosen.map(|(i, _)| i).collect();
        let left: Vec<Decimal> = places.iter().map(|i| self.creditable[*i].left).collect();
        let amount = most.min(total(left.iter().copied())?);
        let parts = split(amount, &left, self.currency)?;
        for (i, part) in places.iter().zip(&parts) {
            self.creditable[*i].left = difference(self.creditable[*i].left, *part)?;
        }
        Ok(places.into_iter().zip(parts).collect())
    }

    fn metered(&self, items: &[&'a Item]) -> Result<Vec<Metered<'a>>> {
        let metered = items.iter().filter(|item| item.metric_id.is_some()).map(|item| {
            let is_of_item =
                |line: &Creditable<'_>| line.item.is_some_and(|other| std::ptr::eq(other, *item));
            let left = self
                .creditable
                .iter()
                .filter(|line| is_of_item(line))
                .map(|line| line.left);
            Ok(Metered {
                item,
                used: item.measured.used()?,
                units: Decimal::ZERO,
                worth: total(left)?,
                amount: Decimal::ZERO,
            })
        });
        metered.collect()
    }

    /// Uses units on the prices of the metric, in the order of the invoice.
    fn use_units(
        &mut self,
        account: &GrantAccount,
        metric: &str,
        available: Decimal,
        usage: &mut [Metered<'a>],
    ) -> Result<bool> {
        let grant = account.grant();
        let (mut rest, mut taken) = (available, Vec::new());
        for metered in usage.iter_mut() {
            let fits = metered.item.metric_id.as_deref() == Some(metric)
                && covers(&grant.restrict_to_prices, &metered.item.price_id);
            let units = rest.min(difference(metered.used, metered.units)?);
            if !fits || units.is_zero() {
                continue;
            }
            rest = difference(rest, units)?;
            metered.units = sum(metered.units, units)?;
            let worth = metered.worth_of(metered.units, self.currency)?;
            // Less usage can cost more in volume tiers. Credit never adds to an invoice.
            let amount = difference(worth, metered.amount)?.max(Decimal::ZERO);
            metered.amount = sum(metered.amount, amount)?;
            let item = metered.item;
            let parts = self.take(amount, |line| {
                line.item.is_some_and(|other| std::ptr::eq(other, item))
            })?;
            taken.extend(parts);
        }
        let units = difference(available, rest)?;
        if units.is_zero() {
            return Ok(false);
        }
        self.book(account, Some(units), &taken)?;
        Ok(true)
    }

    fn use_cash(&mut self, account: &GrantAccount, available: Decimal) -> Result<bool> {
        let restriction = &account.grant().restrict_to_prices;
        let most = round(
            available.trunc_with_scale(self.currency.minor_digits()),
            self.currency,
        )?;
        let taken = self.take(most, |line| covers_all(restriction, &line.prices))?;
        if taken.iter().all(|(_, amount)| amount.is_zero()) {
            return Ok(false);
        }
        self.book(account, None, &taken)?;
        Ok(true)
    }

    /// A line for each tax rate that the credit was used at, with its share of the tax.
    fn book(
        &mut self,
        account: &GrantAccount,
        units: Option<Decimal>,
        taken: &[(usize, Decimal)],
    ) -> Result<()> {
        let mut amounts: Vec<(Decimal, Decimal)> = Vec::new();
        for (i, amount) in taken {
            add(&mut amounts, self.creditable[*i].tax_rate, *amount)?;
        }
        let mut totals = Totals::default();
        for (rate, amount) in amounts.into_iter().filter(|(_, amount)| !amount.is_zero()) {
            let tax = round(-self.tax_share(rate, amount)?, self.currency)?;
            let line = Totals::new(-amount, tax)?;
            totals = Totals::of([totals, line])?;
            self.used.lines.push(Line {
                grant_id: Some(account.grant().id.clone()),
                ..Line::with_tax(LineKind::Credit, Decimal::ONE, -amount, line, rate)
            });
        }
        self.used.consumed.push(Consumed {
            grant_id: account.grant().id.clone(),
            units,
            amount: round(-totals.net, self.currency)?,
            tax_amount: round(-totals.tax, self.currency)?,
        });
        Ok(())
    }

    /// The tax on credit, so that credit over all of the net amount leaves no tax.
    fn tax_share(&mut self, rate: Decimal, amount: Decimal) -> Result<Decimal> {
        let Some(taxed) = self.taxed.iter_mut().find(|taxed| taxed.rate == rate) else {
            return Ok(Decimal::ZERO);
        };
        self.used.assumed.add_if(!taxed.tax.is_zero(), A57);
        // Line by line, tiny amounts can round to a tax below 0 in sum. Credit does not add to it.
        let tax = taxed.tax.max(Decimal::ZERO);
        let tax = if amount >= taxed.net {
            tax
        } else {
            share(amount, tax, taxed.net, self.currency)?
        };
        taxed.net = difference(taxed.net, amount)?;
        taxed.tax = difference(taxed.tax, tax)?;
        Ok(tax)
    }
}
