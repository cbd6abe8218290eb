//! Everything the emulator remembers, in one struct behind one mutex.
//!
//! Time and ids come from here and from nowhere else. Ids look like UUIDs and
//! are the same in every run, so recorded output can be compared.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, SecondsFormat, TimeDelta, Timelike, Utc};

use super::customers::Customer;
use super::events::Events;
use super::faults::Fault;
use super::gate::Minute;
use super::invoices::Invoice;
use super::notifications::{Delivery, Outbox, Policy};
use super::problem::Problem;
use super::requests::RecordedRequest;
use super::settings::{PaymentSettings, RenderSettings};

/// Asks for the time.
pub(super) type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// Tells ids of the emulator apart from the counter behind them.
const ID_SEED: u64 = 0x5E9_0E2C_E51D;

/// The books of one emulated account.
pub(super) struct State {
    clock: Clock,
    /// How far `advance` has moved the clock.
    advanced: TimeDelta,
    /// How many ids and sequence numbers there are so far.
    count: u64,
    pub(super) account_id: String,
    pub(super) customers: BTreeMap<String, Customer>,
    pub(super) invoices: BTreeMap<String, Invoice>,
    pub(super) last_invoice_number: u64,
    pub(super) render_settings: Option<RenderSettings>,
    pub(super) payment_settings: BTreeMap<String, PaymentSettings>,
    pub(super) policies: BTreeMap<String, Policy>,
    pub(super) outbox: Option<Outbox>,
    pub(super) deliveries: Vec<Delivery>,
    pub(super) usage_events: Events,
    pub(super) seat_events: Events,
    pub(super) faults: Vec<Fault>,
    pub(super) minute: Minute,
    pub(super) requests: Vec<RecordedRequest>,
}

impl State {
    pub(super) fn new(clock: Clock) -> Self {
        let mut state = Self {
            clock,
            advanced: TimeDelta::zero(),
            count: 0,
            account_id: String::new(),
            customers: BTreeMap::new(),
            invoices: BTreeMap::new(),
            last_invoice_number: 0,
            render_settings: None,
            payment_settings: BTreeMap::new(),
            policies: BTreeMap::new(),
            outbox: None,
            deliveries: Vec::new(),
            usage_events: Events::default(),
            seat_events: Events::default(),
            faults: Vec::new(),
            minute: Minute::default(),
            requests: Vec::new(),
        };
        state.account_id = state.new_id();
        state
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        // `advance` checked the sum, but the clock has moved since.
        let sum = (self.clock)().checked_add_signed(self.advanced);
        sum.unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// `false` where the sum leaves the calendar, and then nothing has moved.
    pub(super) fn advance(&mut self, by: TimeDelta) -> bool {
        let sum = self.advanced.checked_add(&by);
        let fits = |sum: &TimeDelta| (self.clock)().checked_add_signed(*sum).is_some();
        match sum.filter(fits) {
            Some(sum) => {
                self.advanced = sum;
                true
            }
            None => false,
        }
    }

    /// Grows with every call; orders what was made within one instant.
    pub(super) fn next_sequence(&mut self) -> u64 {
        self.count += 1;
        self.count
    }

    pub(super) fn new_id(&mut self) -> String {
        let count = self.next_sequence();
        let high = scrambled(ID_SEED ^ (count << 1));
        let low = scrambled(high ^ count);
        format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0xfff,
            0x8000 | ((low >> 48) & 0x3fff),
            low & 0xffff_ffff_ffff
        )
    }

    /// The customer whom an alias of an event means.
    pub(super) fn customer_of(&self, alias: &str) -> Option<&str> {
        self.customers
            .iter()
            .find(|(id, customer)| *id == alias || customer.has_alias(alias))
            .map(|(id, _)| id.as_str())
    }

    pub(super) fn invoice(&self, id: &str) -> Result<&Invoice, Problem> {
        self.invoices.get(id).ok_or_else(|| no_invoice(id))
    }

    pub(super) fn invoice_mut(&mut self, id: &str) -> Result<&mut Invoice, Problem> {
        self.invoices.get_mut(id).ok_or_else(|| no_invoice(id))
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("State")
            .field("now", &self.now())
            .field("customers", &self.customers.len())
            .field("invoices", &self.invoices.len())
            .field("requests", &self.requests.len())
            .finish_non_exhaustive()
    }
}

/// An instant as the API writes it: `Z`, and no fraction of a second or six digits of one.
pub(super) fn instant(time: DateTime<Utc>) -> String {
    let whole = time.nanosecond() < 1_000;
    let digits = if whole {
        SecondsFormat::Secs
    } else {
        SecondsFormat::Micros
    };
    time.to_rfc3339_opts(digits, true)
}

fn no_invoice(id: &str) -> Problem {
    Problem::not_found(format!(
        "There is no invoice {id}; it was never created, or deleted or merged."
    ))
}

/// The finalizer of SplitMix64: one to one, so different counts give different ids.
fn scrambled(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::{State, instant};
    use chrono::{DateTime, Utc};
    use std::collections::BTreeSet;
    use std::sync::Arc;

    #[test]
    fn ids_differ_and_look_like_uuids() {
        let mut state = State::new(Arc::new(|| DateTime::<Utc>::UNIX_EPOCH));
        let ids: BTreeSet<String> = (0..1_000).map(|_| state.new_id()).collect();
        assert_eq!(ids.len(), 1_000);
        for id in ids {
            let lengths: Vec<_> = id.split('-').map(str::len).collect();
            assert_eq!(lengths, [8, 4, 4, 4, 12], "{id}");
        }
    }

    #[test]
    fn instants_have_no_fraction_or_six_digits() {
        let at = |micros| DateTime::from_timestamp_micros(micros).expect("a small number");
        assert_eq!(instant(at(0)), "1970-01-01T00:00:00Z");
        assert_eq!(instant(at(1_500_000)), "1970-01-01T00:00:01.500000Z");
    }
}
