//! Steps ① to ③: price lines, discounts, minimums.

use rust_decimal::Decimal;

use super::{Creditable, Input, Item, Line, LineKind, Section};
use crate::assumptions::{A50, A51, Assumed};
use crate::billing::discount::{Discount, SeatDiscountType, covers, rate_for};
use crate::billing::error::Result;
use crate::billing::exact::{difference, sum, total};
use crate::billing::minimum::Minimum;
use crate::billing::money::{Currency, net};
use crate::billing::price::{PriceLine, Structure};

/// The lines of a section, and what is left of them for credit.
pub(super) struct Drafted<'a> {
    pub(super) lines: Vec<Line>,
    pub(super) creditable: Vec<Creditable<'a>>,
    /// Whether a discount took something.
    pub(super) discounted: bool,
    pub(super) assumed: Assumed,
}

pub(super) fn draft<'a>(input: &'a Input<'_>, section: usize) -> Result<Drafted<'a>> {
    let terms = &input.sections[section];
    let currency = input.currency;
    let mut assumed = Assumed::NONE;
    let mut prices = price_lines(input, terms, &mut assumed)?;
    let discounts = apply_discounts(&terms.discounts, &mut prices, currency, &mut assumed)?;
    let top_ups = top_ups(input, terms, &prices, &mut assumed)?;

    let mut drafted = Drafted {
        lines: Vec::new(),
        creditable: Vec::new(),
        discounted: !discounts.is_empty() || prices.iter().any(|price| price.net != price.charged),
        assumed,
    };
    for price in prices {
        let left = price.contribution()?;
        let Priced {
            position,
            item,
            line,
            tax_rate,
            net,
            ..
        } = price;
        drafted.lines.push(Line {
            section: Some(section),
            item: Some(position),
            price_id: Some(item.price_id.clone()),
            group: line.group,
            service: Some(item.service),
            is_percentage: line.is_percentage,
            ..Line::new(
                LineKind::Price(line.component),
                line.quantity,
                line.rate,
                net,
                tax_rate,
                currency,
            )?
        });
        let prices = vec![item.price_id.as_str()];
        drafted.creditable.push(Creditable {
            item: Some(item),
            prices,
            tax_rate,
            left,
        });
    }
    let own_line = |kind, amount, tax_rate| -> Result<Line> {
        let line = Line::new(kind, Decimal::ONE, amount, amount, tax_rate, currency)?;
        Ok(Line {
            section: Some(section),
            ..line
        })
    };
    for (position, amount, tax_rate) in discounts {
        drafted
            .lines
            .push(own_line(LineKind::Discount(position), -amount, tax_rate)?);
    }
    for TopUp {
        position,
        minimum,
        amount,
        tax_rate,
    } in top_ups
    {
        drafted
            .lines
            .push(own_line(LineKind::Minimum(position), amount, tax_rate)?);
        let prices = minimum.restrict_to_prices.iter().map(String::as_str).collect();
        drafted.creditable.push(Creditable {
            item: None,
            prices,
            tax_rate,
            left: amount,
        });
    }
    Ok(drafted)
}

/// A part of a line, for discounts on seats.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// A line of a price without seats.
    Whole,
    IncludedSeats,
    OverageSeats,
    /// The fee of a tier of seats.
    SeatFee,
}

impl Part {
    fn is_reduced_by(self, seats: SeatDiscountType) -> bool {
        match self {
            Self::Whole => true,
            Self::IncludedSeats => seats != SeatDiscountType::OverageSeatsOnly,
            Self::OverageSeats => seats != SeatDiscountType::IncludedSeatsOnly,
            Self::SeatFee => seats == SeatDiscountType::AllSeats,
        }
    }
}

/// A price line on its way through the discounts.
struct Priced<'a> {
    position: usize,
    item: &'a Item,
    line: PriceLine,
    tax_rate: Decimal,
    /// Net amount before discounts.
    charged: Decimal,
    /// Net amount of the line: after discounts without a line of their own.
    net: Decimal,
    /// What is left after all discounts. Empty for a price below 0.
    left: Vec<(Part, Decimal)>,
}

impl Priced<'_> {
    /// What the line comes to after all discounts.
    fn contribution(&self) -> Result<Decimal> {
        if self.charged < Decimal::ZERO {
            return Ok(self.charged);
        }
        total(self.left.iter().map(|(_, left)| *left))
    }
}

fn price_lines<'a>(input: &Input<'_>, terms: &'a Section, assumed: &mut Assumed) -> Result<Vec<Priced<'a>>> {
    let mut lines = Vec::new();
    for (position, item) in terms.items.iter().enumerate() {
        let charge = item.structure.charge(&item.measured, input.currency)?;
        *assumed |= charge.assumed | item.assumed;
        let tax_rate = input.tax_status.rate(item.tax_rate, assumed);
        for line in charge.lines {
            let (charged, left) = (line.net, parts(item, &line, input.currency)?);
            lines.push(Priced {
                position,
                item,
                line,
                tax_rate,
                charged,
                net: charged,
                left,
            });
        }
    }
    Ok(lines)
}

fn parts(item: &Item, line: &PriceLine, currency: Currency) -> Result<Vec<(Part, Decimal)>> {
    if line.net < Decimal::ZERO {
        return Ok(Vec::new());
    }
    let Some(seats) = line.included_seats else {
        let is_seat_price = matches!(item.structure, Structure::SeatBased { .. });
        return Ok(vec![(
            if is_seat_price { Part::SeatFee } else { Part::Whole },
            line.net,
        )]);
    };
    let included = net(seats, line.rate, currency)?.min(line.net);
    Ok(vec![
        (Part::IncludedSeats, included),
        (Part::OverageSeats, difference(line.net, included)?),
    ])
}

/// Applies the discounts in order, each to what is left. Returns those with a line of their own: the
/// position of the discount, its amount, and its tax rate. Lines that are taxed differently are
/// discounted apart, so that the discount is taxed as they are.
fn apply_discounts(
    discounts: &[Discount],
    lines: &mut [Priced<'_>],
    currency: Currency,
    assumed: &mut Assumed,
) -> Result<Vec<(usize, Decimal, Decimal)>> {
    let mut own_lines = Vec::new();
    for (position, discount) in discounts.iter().enumerate() {
        discount.validate()?;
        let mut places = Vec::new();
        for (i, line) in lines.iter().enumerate() {
            if discount.covers(&line.item.price_id) && discount.is_valid_on(line.item.service.start()) {
                let reduced = line
                    .left
                    .iter()
                    .enumerate()
                    .filter(|(_, (part, left))| part.is_reduced_by(discount.seats) && !left.is_zero());
                places.extend(reduced.map(|(k, (_, left))| (i, k, *left)));
            }
        }
        if places.is_empty() {
            continue;
        }
        let left: Vec<Decimal> = places.iter().map(|(.., left)| *left).collect();
        let reductions = discount.reductions(&left, currency, assumed)?;
        let (mut by_line, mut by_tax_rate) = (Vec::new(), Vec::new());
        for ((i, k, left), reduction) in places.into_iter().zip(reductions) {
            lines[i].left[k].1 = difference(left, reduction)?;
            if discount.separate_line_item {
                add(&mut by_tax_rate, lines[i].tax_rate, reduction)?;
            } else {
                add(&mut by_line, i, reduction)?;
            }
        }
        for (i, reduction) in by_line {
            if reduction.is_zero() {
                continue;
            }
            *assumed |= A50;
            let line = &mut lines[i];
            line.net = difference(line.net, reduction)?;
            let preferred = discount.lowered(line.line.rate);
            line.line.rate = rate_for(line.net, line.line.quantity, preferred, currency)?;
        }
        let nonzero = by_tax_rate
            .into_iter()
            .filter(|(_, reduction)| !reduction.is_zero());
        own_lines.extend(nonzero.map(|(tax_rate, reduction)| (position, reduction, tax_rate)));
    }
    Ok(own_lines)
}

/// Adds to the amount under the key, which keeps its first position.
pub(super) fn add<K: PartialEq>(amounts: &mut Vec<(K, Decimal)>, key: K, amount: Decimal) -> Result<()> {
    match amounts.iter_mut().find(|(known, _)| *known == key) {
        Some((_, known)) => *known = sum(*known, amount)?,
        None => amounts.push((key, amount)),
    }
    Ok(())
}

struct TopUp<'a> {
    position: usize,
    minimum: &'a Minimum,
    amount: Decimal,
    tax_rate: Decimal,
}

fn top_ups<'a>(
    input: &Input<'_>,
    terms: &'a Section,
    lines: &[Priced<'_>],
    assumed: &mut Assumed,
) -> Result<Vec<TopUp<'a>>> {
    let mut ordered: Vec<(usize, &Minimum)> = terms.minimums.iter().enumerate().collect();
    // What tops up some prices counts towards a minimum of all, whichever comes first in the list.
    ordered.sort_by_key(|(_, minimum)| minimum.restrict_to_prices.is_empty());
    let mut top_ups: Vec<TopUp<'a>> = Vec::new();
    for (position, minimum) in ordered {
        let prices = &minimum.restrict_to_prices;
        let counted: Vec<_> = lines
            .iter()
            .filter(|line| covers(prices, &line.item.price_id))
            .collect();
        let mut net = total(
            counted
                .iter()
                .map(|line| line.contribution())
                .collect::<Result<Vec<_>>>()?,
        )?;
        for earlier in top_ups
            .iter()
            .filter(|earlier| covers_all(prices, &earlier.minimum.restrict_to_prices))
        {
            net = sum(net, earlier.amount)?;
        }
        let Some(amount) = minimum.top_up(net, input.currency, assumed)? else {
            continue;
        };
        *assumed |= A51;
        // Of equal lines, `max_by` returns the last, so the search runs from the end.
        let largest = counted.iter().rev().max_by(|a, b| a.net.cmp(&b.net));
        let tax_rate = match largest {
            Some(line) => line.tax_rate,
            None => input.tax_status.rate(minimum.tax_rate_without_lines, assumed),
        };
        top_ups.push(TopUp {
            position,
            minimum,
            amount,
            tax_rate,
        });
    }
    Ok(top_ups)
}

/// Whether a restriction covers everything that another one does. An empty one covers all prices.
pub(super) fn covers_all<T: AsRef<str>>(restriction: &[String], other: &[T]) -> bool {
    restriction.is_empty()
        || (!other.is_empty() && other.iter().all(|price| covers(restriction, price.as_ref())))
}
