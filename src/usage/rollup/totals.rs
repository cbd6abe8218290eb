//! The sums of all groups.

use std::collections::HashMap;
use std::fmt;

use chrono::{DateTime, Utc};

use crate::types::UsageEventCreate;
use crate::usage::derived::derived_id;
use crate::usage::rollup::error::RollupError;
use crate::usage::rollup::file::StateFile;
use crate::usage::rollup::group::Group;
use crate::usage::rollup::key;
use crate::usage::rollup::settings::Settings;
use crate::usage::rollup::sum::Sum;

/// Adds up facts by customer, type and properties over a window, and sends one event for each group and window.
///
/// The API accepts 12,000 usage events per minute. If you have more facts than that, add them up first: a rollup adds
/// a million facts per second on one core, and sends as many events as there are groups. A fact is a usage event, as
/// you would send it.
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use std::time::Duration;
///
/// use sequencehq::DateTime;
/// use sequencehq::emulator::Emulator;
/// use sequencehq::types::UsageEventCreate;
/// use sequencehq::usage::{Rollup, Sender};
///
/// let emulator = Emulator::start().await?;
/// let mut rollup = Rollup::builder("gateway-1", Duration::from_secs(3_600)).sum("tokens").count_as("calls").build()?;
///
/// let noon: DateTime<sequencehq::Utc> = "2026-03-01T12:00:00Z".parse()?;
/// for number in 0..1_000_u32 {
///     let properties = serde_json::json!({"model": "large", "tokens": number});
///     rollup.add(
///         &UsageEventCreate::builder()
///             .customer_alias("acme")
///             .event_type("completion")
///             .event_timestamp(noon)
///             .event_properties(properties.as_object().cloned().unwrap_or_default())
///             .build()?,
///     )?;
/// }
/// let client = emulator.client();
/// let one_o_clock = "2026-03-01T13:00:00Z".parse()?;
/// let report = rollup.send(&Sender::new(&client), one_o_clock).await?;
/// assert_eq!(report.accepted.len(), 1);
///
/// let page = client.usage_events().list().await?;
/// let expected = serde_json::json!({"model": "large", "tokens": 499_500, "calls": 1_000});
/// assert_eq!(Some(&page.items[0].event_properties), expected.as_object());
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
///
/// # What can be added up
///
/// | metric | with a rollup |
/// | --- | --- |
/// | `SUM` of a property | exact: name the property with [`sum`](crate::usage::RollupBuilder::sum) |
/// | `COUNT` | would count windows. Send the number of facts with [`count_as`](crate::usage::RollupBuilder::count_as), and bill a `SUM` of it |
/// | `UNIQUE` of a property | only if the property is not summed, so that each of its values is a group. Numbers of distinct values do not add up: a user of two windows would count twice |
/// | `CUSTOM` | only if its formula is linear in the summed properties |
/// | filters by property | exact, since every property that is not summed is a part of the group |
///
/// Properties with a different value in each fact, such as a request id, make a group of each fact. Leave them out.
///
/// # Windows
///
/// Windows begin at midnight UTC and divide the day, so that none lies in two billing periods that begin at a full
/// hour, for windows of up to an hour. The event has the start of its window as `eventTimestamp`. Its id is
/// derived from the name of the rollup, the window and the group.
///
/// [`send`](Self::send) sends the windows that have ended. A late fact changes the sum of its window, and the next `send`
/// sends a correction, which has the same id and replaces the event. Sums are kept for a day after the end of the window
/// ([`keep_for`](crate::usage::RollupBuilder::keep_for)); a fact that is later is [refused](RollupError::TooLate).
///
/// # Names
///
/// Two rollups with the same name replace each other's events. Each process, or each partition of the input, needs a
/// name of its own, which stays the same after a restart.
///
/// # After a crash
///
/// Without a [journal](crate::usage::RollupBuilder::journal), open windows are lost with the process. With one,
/// [`checkpoint`](Self::checkpoint) writes all sums together with a position in the input, such as an offset. After a
/// crash, continue to read after [`position`](Self::position): each fact counts once, since the facts after it are not in
/// the sums. Facts need no ids for this, and repeated ids are not recognized.
///
/// ```no_run
/// # fn example(facts_after: impl Fn(Option<&str>) -> Vec<(String, sequencehq::types::UsageEventCreate)>)
/// # -> Result<(), Box<dyn std::error::Error>> {
/// use std::time::Duration;
///
/// use sequencehq::usage::Rollup;
///
/// let hour = Duration::from_secs(3_600);
/// let mut rollup = Rollup::builder("partition-3", hour).sum("tokens").journal("partition-3.rollup").build()?;
/// for (position, fact) in facts_after(rollup.position()) {
///     rollup.add(&fact)?;
///     rollup.checkpoint(&position)?; // after some thousand facts, or every second
/// }
/// # Ok(())
/// # }
/// ```
///
/// # Memory
///
/// Each group of a window that is kept uses about 150 bytes and its text. At
/// [`max_groups`](crate::usage::RollupBuilder::max_groups), facts of known groups are still added, and others are
/// [refused](RollupError::Full). Nothing is ever dropped.
pub struct Rollup {
    pub(super) settings: Settings,
    pub(super) groups: HashMap<Box<[u8]>, Group>,
    /// Windows that begin before this time, in seconds, are closed for late facts.
    pub(super) closed_before: i64,
    pub(super) position: Option<String>,
    pub(super) file: Option<StateFile>,
    /// Whether facts were added since the last checkpoint.
    pub(super) is_changed: bool,
    /// The key of the current fact, which keeps its memory.
    pub(super) scratch: Vec<u8>,
}

impl Rollup {
    /// Adds a fact. After an error, nothing was added.
    ///
    /// Its `customer_event_id` is ignored. A summed property is a JSON number or a text that is a decimal. A fact without it
    /// adds nothing to its sum.
    ///
    /// # Errors
    ///
    /// Returns an error if the fact is incomplete or has [unknown fields](crate::Extra) ([`RollupError::Field`]), is [too late](RollupError::TooLate), would
    /// begin a group above the [maximum](RollupError::Full), or makes a sum [inexact](RollupError::TooPrecise).
    pub fn add(&mut self, fact: &UsageEventCreate) -> Result<(), RollupError> {
        let Some(timestamp) = fact.event_timestamp else {
            let problem = "is missing; set it, since it decides the window";
            return Err(RollupError::field("eventTimestamp", problem));
        };
        for (field, text) in [
            ("customerAlias", &fact.customer_alias),
            ("eventType", &fact.event_type),
        ] {
            if text.trim().is_empty() {
                return Err(RollupError::field(field, "is blank"));
            }
        }
        if let Some((field, _)) = fact.extra().iter().next() {
            let problem =
                "is unknown to the rollup, which could not send it; move it into the event properties";
            return Err(RollupError::field(field, problem));
        }
        let seconds = timestamp.timestamp();
        let window = seconds - seconds.rem_euclid(self.settings.window_seconds);
        if window < self.closed_before {
            let window = DateTime::from_timestamp(window, 0).unwrap_or(timestamp);
            return Err(RollupError::TooLate { window });
        }
        let sums = &self.settings.sums;
        let properties = fact.event_properties.as_ref();
        if let Some(count_as) = &self.settings.count_as
            && properties.is_some_and(|properties| properties.contains_key(count_as))
        {
            let problem = "is the property of `count_as`, which the rollup sets; rename one of them";
            return Err(RollupError::field(count_as, problem));
        }
        key::write(
            &mut self.scratch,
            window,
            &fact.customer_alias,
            &fact.event_type,
            properties,
            |name| sums.iter().any(|sum| sum == name),
        );
        let groups = self.groups.len();
        match self.groups.get_mut(&*self.scratch) {
            Some(group) => group.add(sums, properties)?,
            None if groups >= self.settings.max_groups => return Err(RollupError::Full { groups }),
            None => {
                // Otherwise it could neither be sent nor be read from the journal.
                if key::parts(key::split(&self.scratch).1).is_none() {
                    return Err(RollupError::field("eventProperties", "are nested too deep"));
                }
                let mut group = Group::new(sums.len());
                group.add(sums, properties)?;
                self.groups.insert(self.scratch.as_slice().into(), group);
            }
        }
        self.is_changed = true;
        Ok(())
    }

    /// Writes all sums and the position in the input to the journal, atomically. Returns when they are on disk.
    ///
    /// `position` is what you need to continue reading after the last fact that was added. Without a journal, the position
    /// is only kept in memory.
    ///
    /// Writes all groups, so make a checkpoint every second or so and not for each fact, and one before
    /// [`send`](Self::send).
    /// Acknowledge facts to a queue after it.
    ///
    /// # Errors
    ///
    /// Returns an error if the journal cannot be written. The last checkpoint remains.
    pub fn checkpoint(&mut self, position: &str) -> Result<(), RollupError> {
        let earlier = self.position.replace(position.to_owned());
        if let Err(error) = self.save() {
            self.position = earlier;
            return Err(error);
        }
        self.is_changed = false;
        Ok(())
    }

    /// Returns the position of the last checkpoint, or `None` if there was none.
    pub fn position(&self) -> Option<&str> {
        self.position.as_deref()
    }

    /// Returns the number of groups in all windows that are kept.
    pub fn groups(&self) -> usize {
        self.groups.len()
    }

    /// Returns the events of the windows that have ended at `now` and are not accepted with their current sums, in no
    /// particular order. Use it to see what [`send`](Self::send) would send.
    pub fn due(&self, now: DateTime<Utc>) -> impl Iterator<Item = UsageEventCreate> {
        self.due_groups(now)
            .filter_map(|(key, group)| self.event(key, group))
    }

    pub(super) fn due_groups(&self, now: DateTime<Utc>) -> impl Iterator<Item = (&[u8], &Group)> {
        let length = self.settings.window_seconds;
        let has_ended = move |key: &[u8]| key::split(key).0.saturating_add(length) <= now.timestamp();
        let groups = self.groups.iter().map(|(key, group)| (&**key, group));
        groups.filter(move |(key, group)| group.is_due() && has_ended(key))
    }

    pub(super) fn event(&self, key: &[u8], group: &Group) -> Option<UsageEventCreate> {
        let (window, json) = key::split(key);
        let parts = key::parts(json)?;
        let mut properties = parts.properties;
        for (name, sum) in self.settings.sums.iter().zip(group.sums()) {
            if let Some(number) = sum.and_then(Sum::number) {
                properties.insert(name.clone(), number.into());
            }
        }
        if let Some(name) = &self.settings.count_as {
            properties.insert(name.clone(), group.facts().into());
        }
        let position = u64::from_be_bytes(window.to_be_bytes());
        UsageEventCreate::builder()
            .customer_event_id(derived_id(&self.settings.name, position, json))
            .customer_alias(parts.customer_alias)
            .event_type(parts.event_type)
            .event_timestamp(DateTime::from_timestamp(window, 0)?)
            .event_properties(properties)
            .build()
            .ok()
    }
}

impl fmt::Debug for Rollup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rollup")
            .field("name", &self.settings.name)
            .field("groups", &self.groups.len())
            .field("position", &self.position)
            .finish_non_exhaustive()
    }
}
