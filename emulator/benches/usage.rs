//! Measures usage events: receiving a million, and a metric over a thousand of them. Run with
//! `cargo bench -p sequencehq-emulator --bench usage`.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a measurement needs the clock of the system, and prints its result"
)]

mod support;

use std::time::Instant;

use sequencehq_emulator::contract::Operation;
use sequencehq_emulator::operations::World;
use sequencehq_emulator::store::Settings;
use serde_json::json;

use support::{call, resident};

const OTHERS: u32 = 1_000_000;
const OWN: u32 = 1_000;

fn record(world: &World, alias: &str, number: u32) {
    let event = json!({
        "customerEventId": format!("{alias} {number}"), "customerAlias": alias, "eventType": "api_call",
        "eventTimestamp": format!("2026-01-{:02}T08:00:00Z", number % 31 + 1),
        "eventProperties": {"bytes": 1500.25, "region": "eu", "method": "GET"},
    });
    call(world, Operation::UsageEventCreate, &[], "", Some(&event));
}

fn main() {
    let world = World::new(Settings::default());
    let metric = json!({
        "name": "Bytes", "metricType": "SIMPLE", "eventType": "api_call", "aggregationType": "SUM", "aggregationProperty": "bytes",
        "propertyFilters": {"region": ["eu"]},
    });
    let metric = call(&world, Operation::UsageMetricCreate, &[], "", Some(&metric));
    let path = [("usageMetricId", metric["id"].as_str().unwrap_or_default())];
    let query = "customerAliases=acme&periodStart=2026-01-01&periodEnd=2026-01-31";
    let calculate = |name: &str| {
        let start = Instant::now();
        let found = call(&world, Operation::UsageMetricCalculate, &path, query, None);
        println!(
            "a metric over {} events, {name}: {:?}",
            found["eventCount"],
            start.elapsed()
        );
    };
    (0..OWN).for_each(|number| record(&world, "acme", number));
    calculate("alone");
    let (start, before) = (Instant::now(), resident());
    (0..OTHERS).for_each(|number| record(&world, &format!("other-{}", number % 1_000), number));
    println!("receive: {:?} each", start.elapsed() / OTHERS);
    if let (Some(before), Some(after)) = (before, resident()) {
        println!(
            "memory: {} bytes each",
            (after - before) * 1_024 / u64::from(OTHERS)
        );
    }
    calculate(&format!("beside {OTHERS} of others"));
    for query in [
        "customerAlias=acme",
        "eventType=api_call",
        "unmappedAliasesOnly=true",
    ] {
        let start = Instant::now();
        call(&world, Operation::UsageEventList, &[], query, None);
        println!("a page of {query}: {:?}", start.elapsed());
    }
}
