//! An emulator, a client whose clock jumps over every wait, and events.

use std::collections::BTreeMap;
use std::time::Duration;

use sequencehq::clock::ManualClock;
use sequencehq::emulator::Emulator;
use sequencehq::types::{UsageEventCreate, UsageEventCreateBuilder};
use sequencehq::usage::{Event, Report};
use sequencehq::{Client, ClientBuilder};
use sequencehq_emulator::records::Kind;
use serde_json::Value;

pub struct Stage {
    pub emulator: Emulator,
    pub client: Client,
}

impl Stage {
    pub async fn begin() -> Self {
        Self::with(|builder| builder).await
    }

    /// The time that jumps ahead is everybody's, so an attempt may take an hour of it.
    pub async fn with(change: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Self {
        let emulator = Emulator::start().await.expect("a free port");
        let hour = Duration::from_secs(3_600);
        let builder = emulator
            .client_builder()
            .clock(ManualClock::running())
            .attempt_timeout(hour)
            .timeout(24 * hour);
        let client = change(builder).build().expect("good");
        Self { emulator, client }
    }

    /// The usage events that count on the server: those that were received and not superseded, also if the response was lost.
    pub fn events(&self) -> Vec<Value> {
        self.records(Kind::UsageEvent)
    }

    /// The records of a kind, as they are listed.
    pub fn records(&self, kind: Kind) -> Vec<Value> {
        let read = |text: &str| serde_json::from_str(text).expect("JSON");
        self.emulator
            .world()
            .store()
            .read(|state| state.rows(kind).map(|row| read(&row.text())).collect())
    }

    /// How often each event counts on the server.
    pub fn counted(&self) -> BTreeMap<String, usize> {
        let mut counted = BTreeMap::new();
        for event in self.events() {
            let id = event["customerEventId"].as_str().expect("a text").to_owned();
            *counted.entry(id).or_default() += 1;
        }
        counted
    }

    /// The server has what the report calls accepted, once each; of the unknown ones any; and nothing else.
    pub fn check<E: Event>(&self, report: &Report<E>) {
        let mut counted = self.counted();
        for accepted in &report.accepted {
            assert_eq!(
                counted.remove(&accepted.customer_event_id),
                Some(1),
                "{accepted:?}"
            );
        }
        for unknown in &report.unknown {
            let id = unknown.event.customer_event_id().expect("fixed");
            assert!(matches!(counted.remove(id), None | Some(1)), "{unknown:?}");
        }
        assert!(counted.is_empty(), "more than the report knows: {counted:?}");
        check_positions(report);
    }

    pub fn is_counted(&self, id: &str) -> bool {
        self.events().iter().any(|event| event["customerEventId"] == id)
    }

    pub fn properties(&self, id: &str) -> Vec<Value> {
        let events = self.events();
        let own = events.iter().filter(|event| event["customerEventId"] == id);
        own.map(|event| event["eventProperties"].clone()).collect()
    }
}

/// Every item has exactly one outcome, and the lists are in order.
pub fn check_positions<E: Event>(report: &Report<E>) {
    let lists: [Vec<u64>; 6] = [
        report.accepted.iter().map(|it| it.position).collect(),
        report.rejected.iter().map(|it| it.position).collect(),
        report.invalid.iter().map(|it| it.position).collect(),
        report.unknown.iter().map(|it| it.position).collect(),
        report.unsent.iter().map(|it| it.position).collect(),
        report.skipped.iter().map(|it| it.position).collect(),
    ];
    assert!(lists.iter().all(|list| list.is_sorted()));
    let mut all = lists.concat();
    all.sort_unstable();
    assert_eq!(all, (0..report.progress.read).collect::<Vec<_>>());
    assert_eq!(report.progress.completed(), report.progress.read);
    assert_eq!(report.progress.in_flight, 0);
}

pub fn event(id: impl Into<String>) -> UsageEventCreateBuilder {
    UsageEventCreate::builder()
        .customer_event_id(id)
        .customer_alias("acme")
        .event_type("api_call")
}

/// An event that says more than its id.
pub fn event_with(id: &str, name: &str, value: impl Into<Value>) -> UsageEventCreateBuilder {
    event(id).event_properties([(name, value)])
}

pub fn numbered(count: usize) -> impl Iterator<Item = UsageEventCreateBuilder> {
    (0..count).map(|number| event(format!("e-{number}")))
}
