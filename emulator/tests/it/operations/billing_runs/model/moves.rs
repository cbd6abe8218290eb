//! The moves.

use chrono::{NaiveDate, TimeDelta};
use proptest::prelude::*;
use sequencehq_emulator::contract::{Operation, Version};
use sequencehq_emulator::operations::World;
use sequencehq_emulator::records::{Invoice, InvoiceStatus};
use serde_json::{Value, json};

use super::calls::{call, nth, on_invoice};
use super::catalogue::PRICES;
use super::day;
use super::grants::{self, Granting};
use super::known::{KnownPhase, KnownSchedule, Model, PhaseMove, known, shown};
use super::quotes;
use super::settle::{self, Settle};

/// A grant of a phase: amount, frequency, rollover, and whether it is for the first price only, in money or in units.
type PhaseGrant = (u16, usize, usize, usize);

#[derive(Clone, Debug)]
pub(super) enum Move {
    /// A schedule from a day on: phases, of which the last may be open, day of the month, grant of the first phase.
    Schedule {
        start: i64,
        phases: Vec<PhaseMove>,
        is_open: bool,
        recurrence: Option<u32>,
        rolls_up: bool,
        issues: bool,
        grant: Option<PhaseGrant>,
    },
    /// Usage on a day, counted from today.
    Usage(i64, u32),
    /// Seats from a day on, counted from today.
    Seats(i64, u32),
    Grant(Granting),
    Quote(usize),
    /// The clock.
    Advance(i64),
    /// Something is done to an invoice.
    Finalize(usize),
    Void(usize),
    Delete(usize),
    Draft(usize),
    Merge(usize),
    /// New phases from today on.
    Replace(usize, Vec<PhaseMove>),
    Archive(usize),
    /// Payments, credit notes, and requests that may be refused.
    Settle(Settle),
}

fn phase() -> impl Strategy<Value = PhaseMove> {
    let prices = prop::sample::subsequence((0..PRICES.len()).collect::<Vec<_>>(), 1..5);
    let discount = prop::option::weighted(0.3, (1..=100_u8, any::<bool>()));
    (
        1..80_i64,
        prices,
        discount,
        prop::option::weighted(0.3, 1..60_u16),
    )
}

pub(super) fn any_move() -> impl Strategy<Value = Move> {
    let phases = || prop::collection::vec(phase(), 1..3);
    let schedule = (
        -70..40_i64,
        phases(),
        any::<bool>(),
        prop::option::of(1..=31_u32),
        any::<bool>(),
        any::<bool>(),
        prop::option::weighted(0.4, (1..40_u16, 0..3_usize, 0..3_usize, 0..4_usize)),
    );
    prop_oneof![
        3 => schedule.prop_map(|(start, phases, is_open, recurrence, rolls_up, issues, grant)| Move::Schedule {
            start, phases, is_open, recurrence, rolls_up, issues, grant,
        }),
        3 => (-40..20_i64, 0..250_u32).prop_map(|(day, count)| Move::Usage(day, count)),
        2 => (-40..20_i64, 0..9_u32).prop_map(|(day, count)| Move::Seats(day, count)),
        2 => grants::any_granting().prop_map(Move::Grant),
        1 => any::<usize>().prop_map(Move::Quote),
        4 => (1..75_i64).prop_map(Move::Advance),
        1 => any::<usize>().prop_map(Move::Finalize),
        1 => any::<usize>().prop_map(Move::Void),
        1 => any::<usize>().prop_map(Move::Delete),
        1 => any::<usize>().prop_map(Move::Draft),
        1 => any::<usize>().prop_map(Move::Merge),
        1 => (any::<usize>(), phases()).prop_map(|(place, phases)| Move::Replace(place, phases)),
        1 => any::<usize>().prop_map(Move::Archive),
        6 => settle::any_settle().prop_map(Move::Settle),
    ]
}

impl Model {
    pub(super) fn make(&mut self, world: &World, one: &Move) {
        let today = world.store().read(|state| state.today());
        match one {
            Move::Schedule { .. } => self.create(world, one),
            Move::Usage(offset, count) => {
                let on = today + TimeDelta::days(*offset);
                let event = json!({
                    "customerAlias": "acme", "eventType": "call", "eventTimestamp": format!("{on}T10:00:00Z"),
                    "eventProperties": {"n": count},
                });
                call(world, Operation::UsageEventCreate, &[], Some(&event));
                self.usage.push((on, *count));
            }
            Move::Seats(offset, total) => {
                let on = today + TimeDelta::days(*offset);
                let event = json!({
                    "customerAlias": "acme", "seatType": "admin", "eventTimestamp": format!("{on}T10:00:00Z"), "total": total,
                });
                call(world, Operation::SeatEventCreate, &[], Some(&event));
                self.seats.push((on, *total));
            }
            Move::Grant(one) => grants::make(world, self, one, today),
            Move::Quote(place) => quotes::step(world, *place),
            Move::Merge(place) => merge(world, self, *place),
            Move::Advance(days) => {
                let steps = if self.in_steps { *days } else { 1 };
                for _ in 0..steps {
                    world.advance(TimeDelta::days(*days / steps)).expect("forward");
                }
            }
            Move::Finalize(place) => {
                on_invoice(world, Operation::InvoiceFinalize, *place, &[InvoiceStatus::Draft])
            }
            Move::Void(place) => {
                let allowed = [InvoiceStatus::Draft, InvoiceStatus::Final, InvoiceStatus::Sent];
                on_invoice(world, Operation::InvoiceVoid, *place, &allowed);
            }
            Move::Delete(place) => {
                let allowed = [InvoiceStatus::Draft, InvoiceStatus::InProgress];
                on_invoice(world, Operation::InvoiceDelete, *place, &allowed);
            }
            Move::Draft(place) => on_invoice(
                world,
                Operation::InvoiceDraft,
                *place,
                &[InvoiceStatus::InProgress],
            ),
            Move::Settle(one) => settle::make(world, one),
            Move::Replace(place, phases) => self.replace(world, *place, phases, today),
            Move::Archive(place) => {
                if let Some(schedule) = nth(&mut self.schedules, *place) {
                    let path = [("billingScheduleId", schedule.id.as_str())];
                    call(world, Operation::BillingScheduleArchive, &path, None);
                    schedule.is_changed = true;
                }
            }
        }
    }

    fn create(&mut self, world: &World, one: &Move) {
        let Move::Schedule {
            start,
            phases,
            is_open,
            recurrence,
            rolls_up,
            issues,
            grant,
        } = one
        else {
            return;
        };
        let phases = known(day(*start), phases, *is_open);
        let mut sent: Vec<Value> = phases.iter().map(shown).collect();
        if let Some(grant) = grant {
            sent[0]["creditGrants"] = json!([phase_grant(grant, &phases[0])]);
        }
        let taxed = PRICES.iter().filter(|(_, _, _, percent, _)| *percent > 0);
        let rates = taxed
            .map(|(id, _, _, percent, _)| json!({"priceId": id, "taxRateId": format!("rate {percent}")}));
        let body = json!({
            "customerId": self.customer, "startDate": day(*start).to_string(), "taxRates": rates.collect::<Value>(),
            "autoIssueInvoices": issues, "isDraft": false, "rollUpBilling": rolls_up, "phases": sent,
            "recurrenceDayOfMonth": recurrence,
        });
        let created = call(world, Operation::BillingScheduleCreate, &[], Some(&body));
        self.schedules.push(KnownSchedule {
            id: created["id"].as_str().map(str::to_owned).expect("an id"),
            anchor: recurrence.unwrap_or_else(|| chrono::Datelike::day(&day(*start))),
            phases,
            is_changed: false,
            body,
        });
    }

    fn replace(&mut self, world: &World, place: usize, phases: &[PhaseMove], today: NaiveDate) {
        let Some(schedule) = nth(&mut self.schedules, place) else {
            return;
        };
        let known = known(today - TimeDelta::days(20), phases, true);
        schedule.body["startDate"] = known[0].start.to_string().into();
        schedule.body["phases"] = known.iter().map(shown).collect();
        let path = [("billingScheduleId", schedule.id.as_str())];
        // A schedule that is over is not changed.
        let response = world.call(
            Operation::BillingScheduleUpdate,
            Version::LATEST,
            &path,
            "",
            Some(&schedule.body),
        );
        assert!(response.status == 200 || response.json_body()["error"]["type"] == "IllegalState");
        schedule.is_changed = true;
    }
}

/// Merges two drafts. Their lines stay as they are.
fn merge(world: &World, model: &mut Model, place: usize) {
    let mut drafts: Vec<Invoice> = world.store().read(|state| state.all());
    drafts.retain(|invoice| invoice.status == InvoiceStatus::Draft);
    let chosen =
        [place, place.wrapping_add(1)].map(|place| nth(&mut drafts, place).map(|one| one.id.clone()));
    let [Some(first), Some(second)] = chosen else {
        return;
    };
    if first == second {
        return;
    }
    let body = json!({"invoiceIds": [first, second]});
    let merged = call(world, Operation::InvoiceMerge, &[], Some(&body));
    let sources = [first, second].map(|source| model.settled.remove(&source));
    if let [Some(first), Some(second)] = sources {
        let merged = merged["id"].as_str().map(str::to_owned).expect("an id");
        model
            .settled
            .insert(merged, (first.0 + second.0, first.1 + second.1));
    }
}

fn phase_grant((amount, frequency, rollover, restriction): &PhaseGrant, phase: &KnownPhase) -> Value {
    let frequency = ["NONE", "MONTHLY", "QUARTERLY"][*frequency];
    let rollover = ["NONE", "ON_GRANT_REFRESH", "ON_GRANT_REFRESH_AND_PHASE"][*rollover];
    let mut grant = json!({
        "name": "Included", "creditUnitType": "CURRENCY", "currency": "GBP", "amount": amount,
        "grantRefreshFrequency": frequency, "rolloverMode": rollover,
    });
    let mut prices = phase.prices.iter().map(|price| &PRICES[*price]);
    match restriction {
        0 => grant["restrictToPrices"] = json!([PRICES[phase.prices[0]].0]),
        1 => {
            if let Some(metered) = prices.find(|price| price.4.contains("usageMetricId")) {
                grant["restrictToPrices"] = json!([metered.0]);
                grant["creditUnitType"] = "METRIC".into();
            }
        }
        _ => {}
    }
    grant
}
