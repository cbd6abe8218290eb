//! What holds after every move.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;
use sequencehq_emulator::contract::Operation;
use sequencehq_emulator::operations::World;
use sequencehq_emulator::records::{BillingRun, Facet, Invoice, InvoiceStatus, RunItem};

use super::calls::{call, lines_of};
use super::catalogue::PRICES;
use super::expected;
use super::known::{KnownPhase, KnownSchedule, Model};
use super::ledgers;

pub(super) fn check(world: &World, model: &mut Model) {
    // A request has stale invoices calculated.
    call(world, Operation::InvoiceList, &[], None);
    let today = world.store().read(|state| state.today());
    let runs: Vec<BillingRun> = world.store().read(|state| state.all());
    for schedule in &model.schedules {
        let of_schedule = runs.iter().filter(|run| run.billing_schedule_id == schedule.id);
        periods(schedule, &of_schedule.collect::<Vec<_>>(), today);
    }
    for run in &runs {
        for item in &run.items {
            let due = if item.is_in_advance {
                Some(item.start())
            } else {
                item.end().succ_opt()
            };
            // A period that ended early is billed on the day on which it would have been.
            assert!(due.is_some_and(|due| due <= run.due_date), "{run:?}");
        }
        let invoice: Option<Invoice> = world.store().read(|state| state.get(&run.invoice_id));
        if run.is_open {
            assert!(run.due_date > today && run.stale_since.is_none(), "{run:?}");
            assert_eq!(
                invoice.map(|invoice| invoice.status),
                Some(InvoiceStatus::InProgress)
            );
        }
    }
    let invoices: Vec<Invoice> = world.store().read(|state| state.all());
    for invoice in &invoices {
        amounts(world, model, invoice);
    }
    ledgers::check(world, &invoices, today);
}

/// No day of a price is billed twice. Those of an unchanged schedule tile its phases through today.
fn periods(schedule: &KnownSchedule, runs: &[&BillingRun], today: NaiveDate) {
    let mut by_price: BTreeMap<&str, Vec<&RunItem>> = BTreeMap::new();
    for item in runs.iter().flat_map(|run| &run.items) {
        by_price.entry(&item.price_id).or_default().push(item);
    }
    for items in by_price.values_mut() {
        items.sort_by_key(|item| item.start());
        for pair in items.windows(2) {
            assert!(pair[0].end() < pair[1].start(), "a day is billed twice: {pair:?}");
        }
    }
    if schedule.is_changed {
        return;
    }
    for phase in schedule.phases.iter().filter(|phase| phase.start <= today) {
        for price in &phase.prices {
            let items = by_price.get(PRICES[*price].0).map_or(&[][..], Vec::as_slice);
            let within = |item: &&&RunItem| {
                phase.start <= item.start() && phase.end.is_none_or(|end| item.start() <= end)
            };
            let items: Vec<&RunItem> = items.iter().filter(within).copied().collect();
            tiled(schedule, phase, *price, &items, today);
        }
    }
}

fn tiled(schedule: &KnownSchedule, phase: &KnownPhase, price: usize, items: &[&RunItem], today: NaiveDate) {
    let (id, frequency, ..) = PRICES[price];
    let mut next = phase.start;
    for item in items {
        assert_eq!(item.start(), next, "{id}: a day is skipped");
        next = item.end().succ_opt().expect("within the calendar");
        let is_last = phase.end == Some(item.end());
        assert!(is_last || is_anchor(schedule, frequency, next), "{id}: {item:?}");
    }
    if id == "setup" {
        assert_eq!(items.len(), 1, "{id} is charged once");
    } else {
        let through = phase.end.map_or(today, |end| end.min(today));
        assert!(
            next > through,
            "{id}: billed before {next}, but not through {through}"
        );
    }
}

/// Whether a period of the frequency starts on the day.
fn is_anchor(schedule: &KnownSchedule, frequency: &str, day: NaiveDate) -> bool {
    let in_month = |year: i32, month: u32| {
        let days = (1..=schedule.anchor).rev();
        let mut days = days.filter_map(|day| NaiveDate::from_ymd_opt(year, month, day));
        days.next().expect("every month has a first day")
    };
    let month = |day: NaiveDate| day.year() * 12 + day.month0() as i32;
    let start = schedule.phases[0].start;
    let first = month(start) + i32::from(in_month(start.year(), start.month()) < start);
    let distance = month(day) - first;
    let step = if frequency == "QUARTERLY" { 3 } else { 1 };
    in_month(day.year(), day.month()) == day && distance % step == 0
}

/// Totals are the sums of the lines, and those without credit what an independent computation comes to.
fn amounts(world: &World, model: &mut Model, invoice: &Invoice) {
    let lines = lines_of(world, &invoice.id);
    let sum = |amount: fn(&sequencehq_emulator::records::Amounts) -> Decimal| -> Decimal {
        lines.iter().map(|line| amount(&line.amounts)).sum()
    };
    assert_eq!(invoice.amounts.net_total, sum(|amounts| amounts.net_total));
    assert_eq!(invoice.amounts.total_tax, sum(|amounts| amounts.total_tax));
    assert!(invoice.amounts.net_total >= Decimal::ZERO, "{invoice:?}");
    let billed = lines.iter().filter(|line| line.text("creditGrantId").is_none());
    let found = billed.fold((0, 0), |(net, tax), line| {
        (
            net + cents(line.amounts.net_total),
            tax + cents(line.amounts.total_tax),
        )
    });
    if let Some(settled) = model.settled.get(&invoice.id) {
        assert_eq!(found, *settled, "a draft stays as it is");
        return;
    }
    let runs: Vec<BillingRun> = world
        .store()
        .read(|state| state.all_with(Facet::InvoiceId, &invoice.id));
    if let Some(expected) = expected::of_invoice(model, &runs) {
        assert_eq!(found, expected, "{lines:#?}\n{runs:#?}");
    }
    if invoice.status != InvoiceStatus::InProgress {
        model.settled.insert(invoice.id.clone(), found);
    }
}

fn cents(amount: Decimal) -> i128 {
    let cents = amount * Decimal::ONE_HUNDRED;
    assert!(cents.fract().is_zero(), "{amount} is not a whole number of cents");
    cents.normalize().mantissa()
}
