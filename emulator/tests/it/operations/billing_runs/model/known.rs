//! What the model remembers of the moves.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};
use sequencehq_emulator::contract::Operation;
use sequencehq_emulator::operations::World;
use sequencehq_emulator::records::Kind;
use serde_json::{Value, json};

use super::balances::Seen;
use super::calls::call;
use super::catalogue::{self, PRICES};

/// A phase as it is chosen: length in days, prices, percentage of a discount, whether it has a line, minimum.
pub(super) type PhaseMove = (i64, Vec<usize>, Option<(u8, bool)>, Option<u16>);

/// A phase that the model knows.
#[derive(Clone, Debug)]
pub(super) struct KnownPhase {
    pub(super) start: NaiveDate,
    pub(super) end: Option<NaiveDate>,
    pub(super) prices: Vec<usize>,
    pub(super) discount: Option<(u8, bool)>,
    pub(super) minimum: Option<u16>,
}

/// A schedule that the model knows.
#[derive(Clone, Debug)]
pub(super) struct KnownSchedule {
    pub(super) id: String,
    pub(super) anchor: u32,
    pub(super) phases: Vec<KnownPhase>,
    /// Whether it was replaced or archived, so that its periods are no longer those of its phases.
    pub(super) is_changed: bool,
    pub(super) body: Value,
}

#[derive(Debug)]
pub(super) struct Model {
    pub(super) in_steps: bool,
    pub(super) customer: String,
    pub(super) account: String,
    pub(super) schedules: Vec<KnownSchedule>,
    pub(super) usage: Vec<(NaiveDate, u32)>,
    pub(super) seats: Vec<(NaiveDate, u32)>,
    /// Net total and tax of the invoices that are not upcoming any more, without credit.
    pub(super) settled: BTreeMap<String, (i128, i128)>,
    pub(super) seen: Seen,
}

impl Model {
    pub(super) fn new(in_steps: bool) -> Self {
        Self {
            in_steps,
            customer: String::new(),
            account: String::new(),
            schedules: Vec::new(),
            usage: Vec::new(),
            seats: Vec::new(),
            settled: BTreeMap::new(),
            seen: Seen::default(),
        }
    }

    /// Stores what the moves refer to.
    pub(super) fn seed(&mut self, world: &World) {
        let customer = json!({
            "legalName": "Acme", "taxStatus": "TAXED", "customerAliases": ["acme"],
            "address": {"line1": "1", "town": "London", "postcode": "E1 6AN", "country": "GB"},
            "contacts": [{"name": "A", "email": "a@x.example", "billingPreference": "PRIMARY"}],
        });
        self.customer = call(world, Operation::CustomerCreate, &[], Some(&customer))["id"]
            .as_str()
            .map(str::to_owned)
            .expect("an id");
        catalogue::seed(world);
        self.account = world.store().read(|state| {
            let mut rows = state.rows(Kind::Account);
            rows.next().map(|row| row.id().to_owned()).expect("an account")
        });
    }
}

pub(super) fn known(start: NaiveDate, phases: &[PhaseMove], is_open: bool) -> Vec<KnownPhase> {
    let mut next = start;
    let last = phases.len() - 1;
    let known = phases
        .iter()
        .enumerate()
        .map(|(place, (days, prices, discount, minimum))| {
            let start = next;
            next = start + TimeDelta::days(*days);
            KnownPhase {
                start,
                end: (place < last || !is_open).then(|| next - TimeDelta::days(1)),
                prices: prices.clone(),
                discount: *discount,
                minimum: *minimum,
            }
        });
    known.collect()
}

pub(super) fn shown(phase: &KnownPhase) -> Value {
    let ids: Vec<&str> = phase.prices.iter().map(|price| PRICES[*price].0).collect();
    let discount = phase.discount.map(|(percent, separate)| {
        json!({"type": "PERCENTAGE", "amount": percent, "message": "off", "separateLineItem": separate})
    });
    let minimum = phase.minimum.map(|amount| json!({"amount": amount}));
    json!({
        "priceIds": ids, "startDate": phase.start.to_string(), "endDate": phase.end.map(|end| end.to_string()),
        "discounts": discount.into_iter().collect::<Value>(), "minimums": minimum.into_iter().collect::<Value>(),
    })
}
