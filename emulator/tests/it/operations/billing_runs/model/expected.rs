//! What an invoice comes to without credit, computed once more from the moves alone.

use chrono::NaiveDate;
use sequencehq_emulator::records::{BillingRun, RunItem};

use crate::naive::{NaiveDiscount, NaiveInvoice, NaiveMinimum, NaivePrice, NaiveTier, Ratio};

use super::catalogue::PRICES;
use super::known::{KnownPhase, Model};

/// Net total and tax in cents; `None` if a schedule was changed, so that the model does not know its terms on each day.
pub(super) fn of_invoice(model: &Model, runs: &[BillingRun]) -> Option<(i128, i128)> {
    let mut sums = (0, 0);
    for run in runs {
        let schedule = model
            .schedules
            .iter()
            .find(|one| one.id == run.billing_schedule_id)?;
        if schedule.is_changed {
            return None;
        }
        for phase in &schedule.phases {
            let is_within = |item: &&RunItem| {
                phase.start <= item.start() && phase.end.is_none_or(|end| item.start() <= end)
            };
            let mut items: Vec<&RunItem> = run.items.iter().filter(is_within).collect();
            items.sort_by_key(|item| (place(phase, item), item.start()));
            if !items.is_empty() {
                let totals = section(model, phase, &items).totals();
                sums.0 += totals.net;
                sums.1 += totals.tax;
            }
        }
    }
    Some(sums)
}

fn price(item: &RunItem) -> usize {
    PRICES
        .iter()
        .position(|(id, ..)| *id == item.price_id)
        .expect("a known price")
}

fn place(phase: &KnownPhase, item: &RunItem) -> Option<usize> {
    phase.prices.iter().position(|one| *one == price(item))
}

fn section(model: &Model, phase: &KnownPhase, items: &[&RunItem]) -> NaiveInvoice {
    let billed = items
        .iter()
        .map(|item| (charge(model, phase, item), PRICES[price(item)].3));
    let discounts = phase.discount.iter().map(|(percent, separate)| NaiveDiscount {
        amount: i128::from(*percent) * 100,
        is_percentage: true,
        separate: *separate,
        items: Vec::new(),
        spares: None,
    });
    NaiveInvoice {
        items: billed.collect(),
        discounts: discounts.collect(),
        minimum: phase.minimum.and_then(|amount| minimum(phase, items, amount)),
        units: None,
        cash: None,
    }
}

/// A minimum comes with the recurring prices in arrears, if the phase has any, and otherwise with any price.
fn minimum(phase: &KnownPhase, items: &[&RunItem], amount: u16) -> Option<NaiveMinimum> {
    let is_late = |price: usize| !PRICES[price].2 && PRICES[price].0 != "setup";
    let has_late = phase.prices.iter().any(|price| is_late(*price));
    let mut decisive: Vec<(i64, i64, i128)> = Vec::new();
    for item in items.iter().filter(|item| is_late(price(item)) || !has_late) {
        let served = (item.end() - item.start()).num_days() + 1;
        let full = i64::from(item.segments[0].full_days);
        decisive.push((full, served, PRICES[price(item)].3));
    }
    let (full, served, percent) = decisive.into_iter().min_by_key(|(full, ..)| *full)?;
    let cents = Ratio(i128::from(amount) * 100 * i128::from(served), i128::from(full)).round();
    Some(NaiveMinimum {
        cents,
        percent,
        items: Vec::new(),
    })
}

fn charge(model: &Model, phase: &KnownPhase, item: &RunItem) -> NaivePrice {
    let used = |first: NaiveDate, last: NaiveDate| -> u32 {
        let within = model
            .usage
            .iter()
            .filter(|(day, _)| first <= *day && *day <= last);
        within.map(|(_, count)| count).sum()
    };
    let of_item = used(item.start(), item.end());
    let before = item.start().pred_opt().map_or(0, |last| used(phase.start, last));
    let graduated = |before| NaivePrice::Graduated {
        tiers: vec![
            NaiveTier {
                upper: 100,
                price: 500,
                fee: 0,
            },
            NaiveTier {
                upper: 0,
                price: 100,
                fee: 200,
            },
        ],
        before,
        used: of_item,
    };
    match &*item.price_id {
        "base" => NaivePrice::Fixed { cents: 10_01 },
        "late" => NaivePrice::Fixed { cents: 7_00 },
        "quarter" => NaivePrice::Fixed { cents: 50_00 },
        "setup" => NaivePrice::Fixed { cents: 99_00 },
        "calls" => NaivePrice::Linear {
            price: 123,
            used: of_item,
        },
        "tiers" => graduated(0),
        "total" => graduated(before),
        "season" => NaivePrice::Package {
            size: 30,
            cents: 1_50,
            used: of_item,
        },
        _ => NaivePrice::Seats {
            strategy: 2,
            minimum: 3,
            balances: item
                .start()
                .iter_days()
                .take_while(|day| *day <= item.end())
                .map(|day| balance(model, day))
                .collect(),
            days: item.segments[0].full_days.into(),
            cents: 3_10,
        },
    }
}

/// The total of the latest event by the end of a day.
fn balance(model: &Model, day: NaiveDate) -> u64 {
    let mut latest: Option<(NaiveDate, u32)> = None;
    for (on, total) in model.seats.iter().filter(|(on, _)| *on <= day) {
        if latest.is_none_or(|(before, _)| before <= *on) {
            latest = Some((*on, *total));
        }
    }
    latest.map_or(0, |(_, total)| total.into())
}
