//! The terms of a section: what one phase bills on one day, with its discounts and minimums.
//!
//! Percentages apply to everything. A nominal discount and a minimum count once in a billing period, which a phase can bill on
//! two days: its prices in advance as it starts, and those in arrears after its end. So a nominal discount comes with the
//! prices in advance, if it covers any, and a minimum with those in arrears.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use crate::assumptions::{A44, Assumed};
use crate::billing::discount::{self, Calculation, Discount};
use crate::billing::invoice::{Item, Section};
use crate::billing::minimum::Minimum;
use crate::billing::period::Frequency;
use crate::billing::tax::{Rate, Scale};
use crate::billing::{Currency, Error, Result, Share};
use crate::contract::decimal_of;
use crate::records::{
    self, BillingRun, BillingSchedule, Facet, Kind, Phase, PriceTaxRate, Progress, RunItem, RunPart,
};
use crate::store::State;

use super::super::discounts;
use super::super::prices::structure;
use super::measure::{self, measure};
use super::price::Price;

/// A section of an invoice, with what its lines show.
#[derive(Default)]
pub(super) struct Terms {
    pub(super) schedule_id: String,
    pub(super) phase_id: String,
    pub(super) section: Section,
    /// What is behind each item of the section.
    pub(super) billed: Vec<Billed>,
    /// What cannot be billed, and why.
    pub(super) refused: Vec<(Billed, Error)>,
    /// The texts of the discounts of the section.
    pub(super) messages: Vec<String>,
    pub(super) assumed: Assumed,
}

/// What is behind an item.
pub(super) struct Billed {
    pub(super) run_item: RunItem,
    pub(super) price: Price,
    /// The id of the tax rate.
    pub(super) tax_rate_id: Option<String>,
}

/// The terms of a run, a section for each phase. `names` are those of the customer in events.
pub(super) fn of_run(state: &State, run: &BillingRun, names: &[String]) -> Vec<Terms> {
    let Some(schedule) = state.get::<BillingSchedule>(&run.billing_schedule_id) else {
        return Vec::new();
    };
    let taxes: Vec<&PriceTaxRate> = schedule.tax_rates.iter().chain(&run.former.tax_rates).collect();
    let mut items: Vec<&RunItem> = run.items.iter().collect();
    items.sort_by_key(|item| (place(&schedule, item), item.start()));
    let mut by_phase: Vec<(&str, Terms)> = Vec::new();
    for item in items {
        let place = by_phase.iter().position(|(phase, _)| *phase == item.phase_id);
        let place = place.unwrap_or_else(|| {
            let terms = Terms {
                schedule_id: schedule.id.clone(),
                phase_id: item.phase_id.clone(),
                ..Terms::default()
            };
            by_phase.push((&item.phase_id, terms));
            by_phase.len() - 1
        });
        add(state, &taxes, item, names, &mut by_phase[place].1);
    }
    let all: Vec<records::Discount> = state.all_with(Facet::BillingScheduleId, &schedule.id);
    for (phase_id, terms) in &mut by_phase {
        // Of a phase that was changed, there can be both.
        let [now, former] =
            [&schedule.phases, &run.former.phases].map(|all| all.iter().find(|phase| phase.id == *phase_id));
        let of_phase =
            |discount: &&records::Discount| discount.phase_id.as_deref().is_none_or(|id| id == *phase_id);
        for discount in all.iter().filter(of_phase) {
            add_discount(state, (&schedule.progress, now.or(former)), discount, terms);
        }
        for discount in run.former.discounts.iter().filter(of_phase) {
            add_discount(state, (&schedule.progress, former), discount, terms);
        }
        for phase in [now, former].into_iter().flatten() {
            add_minimums(state, (&schedule.progress, phase), terms);
        }
        terms.assumed.add_if(schedule.phases.len() > 1, A44);
    }
    by_phase.into_iter().map(|(_, terms)| terms).collect()
}

/// The place of an item in the schedule: that of its phase, and of its price in the phase.
fn place(schedule: &BillingSchedule, item: &RunItem) -> Option<(usize, Option<usize>)> {
    let phase = schedule
        .phases
        .iter()
        .position(|phase| phase.id == item.phase_id)?;
    let prices = &schedule.phases[phase].price_ids;
    Some((phase, prices.iter().position(|price| *price == item.price_id)))
}

/// Adds an item that can be measured to the section, and any other to what is refused.
fn add(state: &State, taxes: &[&PriceTaxRate], item: &RunItem, names: &[String], terms: &mut Terms) {
    let Some(price) = Price::read(state, &item.price_id) else {
        return;
    };
    let tax = taxes.iter().find(|tax| tax.price_id == price.id);
    let billed = Billed {
        run_item: item.clone(),
        price,
        tax_rate_id: tax.map(|tax| tax.tax_rate_id.clone()),
    };
    match billed.item(state, names) {
        Ok(item) => {
            terms.section.items.push(item);
            terms.billed.push(billed);
        }
        Err(error) => terms.refused.push((billed, error)),
    }
}

impl Terms {
    /// Moves items whose charge fails to what is refused.
    pub(super) fn refuse_unchargeable(&mut self, currency: Currency) {
        let items = std::mem::take(&mut self.section.items).into_iter();
        for (item, billed) in items.zip(std::mem::take(&mut self.billed)) {
            match item.structure.charge(&item.measured, currency) {
                Ok(_) => {
                    self.section.items.push(item);
                    self.billed.push(billed);
                }
                Err(error) => self.refused.push((billed, error)),
            }
        }
    }
}

impl Billed {
    /// The months between two invoices, and the days of the whole billing period. Overages can be billed more often than the
    /// period of their price ends.
    fn rhythm(&self) -> Option<(u32, u32)> {
        let months = self
            .price
            .frequency(self.run_item.part)
            .and_then(Frequency::months);
        let full_days = self.run_item.segments.first()?.full_days;
        Some((months.unwrap_or(1), full_days))
    }

    fn item(&self, state: &State, names: &[String]) -> Result<Item> {
        let structure = structure::read(&self.price.structure)?;
        let (measured, assumed) = measure(state, &self.run_item, &self.price, &structure, names)?;
        let tax = self.tax_rate(state)?;
        Ok(Item {
            metric_id: self.price.term("usageMetricId").map(str::to_owned),
            assumed: assumed | tax.assumed,
            ..Item::new(
                &self.price.id,
                structure,
                measured,
                measure::service(&self.run_item)?,
                tax.fraction,
            )
        })
    }

    /// The tax rate; 0 without one.
    fn tax_rate(&self, state: &State) -> Result<Rate> {
        let record = self
            .tax_rate_id
            .as_deref()
            .and_then(|id| state.map(Kind::TaxRate, id));
        let amount = record.and_then(|record| decimal_of(record.get("amount")?));
        match amount.filter(|amount| !amount.is_zero()) {
            Some(amount) => Rate::new(amount, Scale::Guessed),
            None => Rate::new(Decimal::ZERO, Scale::Strict),
        }
    }
}

fn add_discount(
    state: &State,
    of: (&Progress, Option<&Phase>),
    discount: &records::Discount,
    terms: &mut Terms,
) {
    let discount: Discount = discounts::terms(discount);
    if discount.calculation == Calculation::Nominal
        && decisive(state, of, &discount.restrict_to_prices, terms, true).is_none()
    {
        return;
    }
    terms.messages.push(discount.message.clone());
    terms.section.discounts.push(discount);
}

fn add_minimums(state: &State, (progress, phase): (&Progress, &Phase), terms: &mut Terms) {
    for minimum in &phase.minimums {
        let of = (progress, Some(phase));
        let Some(place) = decisive(state, of, &minimum.restrict_to_prices, terms, false) else {
            continue;
        };
        let share = served(&minimum.restrict_to_prices, place, terms).unwrap_or(Share::WHOLE);
        terms.section.minimums.push(Minimum {
            amount: minimum.amount,
            restrict_to_prices: minimum.restrict_to_prices.clone(),
            share,
            tax_rate_without_lines: terms.section.items[place].tax_rate,
        });
    }
}

/// How much of the billing period of an item is served. New terms can cut a period in parts, each with prices of its own, so
/// the days of all covered prices with the same period count, each day once.
fn served(restriction: &[String], place: usize, terms: &Terms) -> Result<Share> {
    let decisive = &terms.billed[place];
    let Some((_, full_days)) = decisive.rhythm() else {
        return Err(Error::NoDays);
    };
    let mut days = BTreeSet::new();
    for billed in &terms.billed {
        let item = &billed.run_item;
        let is_alike =
            item.is_in_advance == decisive.run_item.is_in_advance && billed.rhythm() == decisive.rhythm();
        if is_alike && discount::covers(restriction, &item.price_id) {
            days.extend(measure::first_days(item)?.iter());
        }
    }
    let served = u32::try_from(days.len()).unwrap_or(u32::MAX);
    Share::of_days(served.min(full_days), full_days)
}

/// The place of the item with which a term of a billing period comes, if it is in the section: of the covered prices in
/// advance, if these are preferred and the phase has any, and otherwise of those in arrears, or the other way round.
fn decisive(
    state: &State,
    (progress, phase): (&Progress, Option<&Phase>),
    restriction: &[String],
    terms: &Terms,
    prefers_advance: bool,
) -> Option<usize> {
    let covers = |price: &str| discount::covers(restriction, price);
    let ids = phase.into_iter().flat_map(|phase| &phase.price_ids);
    let prices = ids
        .filter(|id| covers(id))
        .filter_map(|id| Price::read(state, id));
    let prices: Vec<Price> = prices.collect();
    let is_split = prices.iter().any(|price| {
        let mut parts = price.parts().iter();
        parts.any(|part| !price.is_once(*part) && price.is_in_advance(*part) == prefers_advance)
    });
    let items = terms.billed.iter().enumerate();
    let items = items.filter(|(_, billed)| {
        let item = &billed.run_item;
        let fits = !billed.price.is_once(item.part) && item.is_in_advance == prefers_advance;
        covers(&item.price_id) && (fits || !is_split) && !joins_late(&prices, progress, terms, billed)
    });
    let most_often = items.min_by_key(|(_, billed)| billed.rhythm());
    most_often.map(|(place, _)| place)
}

/// Whether an item in advance is for the rest of a period for which another price was billed before, so that the terms of the
/// period came with that one. New terms in the middle of a period have such items.
fn joins_late(prices: &[Price], progress: &Progress, terms: &Terms, billed: &Billed) -> bool {
    let item = &billed.run_item;
    let was_billed = |price: &Price, part: RunPart| {
        let key = part.key(&price.id);
        let refused = terms.refused.iter().map(|(billed, _)| billed);
        let mut section = terms.billed.iter().chain(refused);
        price.is_in_advance(part)
            && !price.is_once(part)
            && price.frequency(part) == billed.price.frequency(item.part)
            && progress.next.get(&key).is_some_and(|next| *next > item.start())
            && section.all(|other| other.run_item.key() != key)
    };
    item.is_in_advance
        && prices
            .iter()
            .any(|price| price.parts().iter().any(|part| was_billed(price, *part)))
}
