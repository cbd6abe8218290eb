//! The moves, and what the model remembers of them.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};
use proptest::prelude::*;
use sequencehq_emulator::contract::{Operation, Version};
use sequencehq_emulator::operations::World;
use sequencehq_emulator::records::{Facet, Generic, Invoice, InvoiceStatus, Kind, UsageMetric};
use serde_json::{Value, json};

use super::balances::Seen;
use super::day;
use super::settle::{self, Settle};

/// The prices: id, frequency, whether in advance, tax rate in percent, structure.
pub(super) const PRICES: [(&str, &str, bool, i128, &str); 9] = [
    (
        "base",
        "MONTHLY",
        true,
        20,
        r#"{"pricingType": "FIXED", "price": "10.01"}"#,
    ),
    (
        "late",
        "MONTHLY",
        false,
        0,
        r#"{"pricingType": "FIXED", "price": "7.00"}"#,
    ),
    (
        "calls",
        "MONTHLY",
        false,
        20,
        r#"{"pricingType": "LINEAR", "pricePerUnit": "0.0123", "usageMetricId": "metric", "isPricePercentage": false}"#,
    ),
    (
        "tiers",
        "MONTHLY",
        false,
        5,
        r#"{"pricingType": "GRADUATED", "usageMetricId": "metric", "usageCalculationMode": "BILLING_PERIOD", "tiers": [
            {"upperBound": "100", "price": "0.05", "fee": "0", "isPricePercentage": false},
            {"price": "0.01", "fee": "2", "isPricePercentage": false}]}"#,
    ),
    (
        "total",
        "MONTHLY",
        false,
        0,
        r#"{"pricingType": "GRADUATED", "usageMetricId": "metric", "usageCalculationMode": "CUMULATIVE", "tiers": [
            {"upperBound": "100", "price": "0.05", "fee": "0", "isPricePercentage": false},
            {"price": "0.01", "fee": "2", "isPricePercentage": false}]}"#,
    ),
    (
        "quarter",
        "QUARTERLY",
        true,
        0,
        r#"{"pricingType": "FIXED", "price": "50.00"}"#,
    ),
    (
        "season",
        "QUARTERLY",
        false,
        0,
        r#"{"pricingType": "PACKAGE", "packageSize": "30", "pricePerPackage": "1.50", "usageMetricId": "metric"}"#,
    ),
    (
        "setup",
        "MONTHLY",
        true,
        20,
        r#"{"pricingType": "ONE_TIME", "price": "99.00"}"#,
    ),
    (
        "seats",
        "MONTHLY",
        false,
        20,
        r#"{"pricingType": "SEAT_BASED", "seatMetricId": "seats", "pricePerSeat": "3.10", "tiers": [],
            "prorationStrategy": "PRORATE_ALL_CHANGES", "contractedMinimumSeats": 3}"#,
    ),
];

/// A phase as it is chosen: length in days, prices, percentage of a discount, whether it has a line, minimum.
pub(super) type PhaseMove = (i64, Vec<usize>, Option<(u8, bool)>, Option<u16>);

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
        grant: Option<(u16, usize, usize)>,
    },
    /// Usage on a day, counted from today.
    Usage(i64, u32),
    /// Seats from a day on, counted from today.
    Seats(i64, u32),
    /// A grant in cash: amount in cents, last day from today.
    Grant(u32, Option<i64>),
    /// The clock.
    Advance(i64),
    /// Something is done to an invoice.
    Finalize(usize),
    Void(usize),
    Delete(usize),
    Draft(usize),
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
        prop::option::weighted(0.4, (1..40_u16, 0..3_usize, 0..2_usize)),
    );
    prop_oneof![
        3 => schedule.prop_map(|(start, phases, is_open, recurrence, rolls_up, issues, grant)| Move::Schedule {
            start, phases, is_open, recurrence, rolls_up, issues, grant,
        }),
        3 => (-40..20_i64, 0..250_u32).prop_map(|(day, count)| Move::Usage(day, count)),
        2 => (-40..20_i64, 0..9_u32).prop_map(|(day, count)| Move::Seats(day, count)),
        1 => (1..5_000_u32, prop::option::of(0..60_i64)).prop_map(|(cents, last)| Move::Grant(cents, last)),
        4 => (1..75_i64).prop_map(Move::Advance),
        1 => any::<usize>().prop_map(Move::Finalize),
        1 => any::<usize>().prop_map(Move::Void),
        1 => any::<usize>().prop_map(Move::Delete),
        1 => any::<usize>().prop_map(Move::Draft),
        1 => (any::<usize>(), phases()).prop_map(|(place, phases)| Move::Replace(place, phases)),
        1 => any::<usize>().prop_map(Move::Archive),
        6 => settle::any_settle().prop_map(Move::Settle),
    ]
}

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
    body: Value,
}

#[derive(Debug)]
pub(super) struct Model {
    in_steps: bool,
    pub(super) customer: String,
    account: String,
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
        let metric: UsageMetric = serde_json::from_value(json!({
            "id": "metric", "sequenceAccountId": "a", "name": "m", "metricType": "SIMPLE", "eventType": "call",
            "aggregationType": "SUM", "aggregationProperty": "n", "propertyFilters": {}, "parameters": [],
            "createdAt": "2026-01-01T00:00:00Z",
        }))
        .expect("a metric");
        let put = world.control(|tx| {
            tx.put(&metric);
            let mut records = vec![
                (Kind::SeatMetric, json!({"id": "seats", "seatType": "admin"})),
            ];
            for percent in [5, 20] {
                records.push((Kind::TaxRate, json!({"id": format!("rate {percent}"), "amount": percent.to_string()})));
            }
            for (id, frequency, is_in_advance, _, structure) in PRICES {
                let structure: Value = serde_json::from_str(structure).expect("JSON");
                records.push((
                    Kind::Price,
                    json!({
                        "id": id, "productId": "product", "name": id, "currency": "GBP", "billingFrequency": frequency,
                        "billingType": if is_in_advance { "IN_ADVANCE" } else { "IN_ARREARS" }, "structure": structure,
                        "status": "ACTIVE", "createdAt": "2026-01-01T00:00:00Z", "integrationIds": [],
                        "customMetricParameters": [],
                    }),
                ));
            }
            for (kind, record) in records {
                let record: Generic = serde_json::from_value(record).expect("a map");
                tx.put_generic(kind, &record);
            }
            Ok::<_, ()>(())
        });
        assert_eq!(put, Ok(()));
        self.account = world.store().read(|state| {
            let mut rows = state.rows(Kind::Account);
            rows.next().map(|row| row.id().to_owned()).expect("an account")
        });
    }

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
            Move::Grant(cents, last) => {
                let grant = json!({
                    "sequenceAccountId": self.account, "customerId": self.customer, "name": "Grant",
                    "creditUnitType": "CURRENCY", "currency": "GBP", "amount": f64::from(*cents) / 100.0, "costOfCredit": 0,
                    "createInvoice": false, "expiryDate": last.map(|last| (today + TimeDelta::days(last)).to_string()),
                });
                call(world, Operation::CreditCreate, &[], Some(&grant));
            }
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
        if let Some((amount, frequency, rollover)) = grant {
            let frequency = ["NONE", "MONTHLY", "QUARTERLY"][*frequency];
            let rollover = ["NONE", "ON_GRANT_REFRESH_AND_PHASE"][*rollover];
            sent[0]["creditGrants"] = json!([{
                "name": "Included", "creditUnitType": "CURRENCY", "currency": "GBP", "amount": amount,
                "grantRefreshFrequency": frequency,
                "rolloverMode": rollover,
            }]);
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

pub(super) fn nth<T>(items: &mut [T], place: usize) -> Option<&mut T> {
    let count = items.len();
    items.get_mut(place.checked_rem(count)?)
}

fn known(start: NaiveDate, phases: &[PhaseMove], is_open: bool) -> Vec<KnownPhase> {
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

fn shown(phase: &KnownPhase) -> Value {
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

pub(super) fn on_invoice(world: &World, operation: Operation, place: usize, allowed: &[InvoiceStatus]) {
    let mut ids: Vec<String> = world.store().read(|state| {
        let invoices = state.all::<Invoice>().into_iter();
        let fitting = invoices
            .filter(|invoice| allowed.contains(&invoice.status) && invoice.payment_status == "UNPAID");
        fitting.map(|invoice| invoice.id).collect()
    });
    if let Some(id) = nth(&mut ids, place) {
        call(world, operation, &[("id", id)], None);
    }
}

/// Has everything announced.
pub(super) fn watch(world: &World) {
    let policy = json!({"name": "Hooks", "channel": "WEBHOOK", "recipients": ["http://a.example"]});
    call(world, Operation::NotificationPolicyCreate, &[], Some(&policy));
}

/// Calls an operation that is not refused.
pub(super) fn call(
    world: &World,
    operation: Operation,
    path: &[(&'static str, &str)],
    body: Option<&Value>,
) -> Value {
    let response = world.call(operation, Version::LATEST, path, "", body);
    assert!(
        response.status < 300,
        "{}: {}",
        operation.id(),
        response.json_body()
    );
    response.json_body()
}

/// The records of an invoice.
pub(super) fn lines_of(world: &World, invoice: &str) -> Vec<sequencehq_emulator::records::InvoiceLineItem> {
    world
        .store()
        .read(|state| state.all_with(Facet::InvoiceId, invoice))
}
