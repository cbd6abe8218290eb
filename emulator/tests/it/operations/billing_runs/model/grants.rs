//! Moves of credit: grants in money and in units, their sale, and their deletion.

use chrono::{NaiveDate, TimeDelta};
use proptest::prelude::*;
use sequencehq_emulator::contract::Operation;
use sequencehq_emulator::operations::World;
use sequencehq_emulator::records::CreditGrant;
use serde_json::json;

use super::calls::{call, nth};
use super::known::Model;

#[derive(Clone, Debug)]
pub(super) enum Granting {
    Grant {
        /// Cents, or hundredths of a unit of the metric.
        hundredths: u32,
        is_metered: bool,
        /// The first day from today, which may be in the past.
        first: i64,
        /// How many days later it expires.
        days: Option<i64>,
        /// The cost of a draft that sells it, in cents.
        cost: Option<u16>,
    },
    Delete(usize),
}

pub(super) fn any_granting() -> impl Strategy<Value = Granting> {
    let grant = (
        1..5_000_u32,
        any::<bool>(),
        -20..20_i64,
        prop::option::of(0..60_i64),
        prop::option::weighted(0.2, 0..900_u16),
    );
    prop_oneof![
        4 => grant.prop_map(|(hundredths, is_metered, first, days, cost)| Granting::Grant {
            hundredths, is_metered, first, days, cost,
        }),
        1 => any::<usize>().prop_map(Granting::Delete),
    ]
}

pub(super) fn make(world: &World, model: &Model, one: &Granting, today: NaiveDate) {
    match one {
        Granting::Grant {
            hundredths,
            is_metered,
            first,
            days,
            cost,
        } => {
            let first = today + TimeDelta::days(*first);
            let mut grant = json!({
                "sequenceAccountId": model.account, "customerId": model.customer, "name": "Grant",
                "creditUnitType": "CURRENCY", "currency": "GBP", "amount": f64::from(*hundredths) / 100.0,
                "costOfCredit": f64::from(cost.unwrap_or_default()) / 100.0, "createInvoice": cost.is_some(),
                "effectiveDate": first.to_string(),
                "expiryDate": days.map(|days| (first + TimeDelta::days(days)).to_string()),
            });
            if *is_metered {
                grant["creditUnitType"] = "METRIC".into();
                grant["metricId"] = "metric".into();
            }
            call(world, Operation::CreditCreate, &[], Some(&grant));
        }
        Granting::Delete(place) => {
            let mut grants: Vec<CreditGrant> = world.store().read(|state| state.all());
            if let Some(grant) = nth(&mut grants, *place) {
                call(world, Operation::CreditDelete, &[("id", &grant.id)], None);
            }
        }
    }
}
