//! A worker: reads usage events from a Redis stream, sends them, and acknowledges what was accepted.
//!
//! An event counts once, whatever dies at any time. Its id is that of its entry in the stream, so sending it again
//! replaces it by itself. An entry is acknowledged only after the API has accepted or rejected its event; until then it is
//! pending, and another worker claims it.

use std::collections::HashMap;
use std::error::Error as StdError;
use std::time::Duration;

use sequencehq::Client;
use sequencehq::types::UsageEventCreate;
use sequencehq::usage::{Outcome, Sender, StopSignal, parse_line};
use sequencehq::{DateTime, Utc};
use serde_json::json;

use redis::aio::ConnectionManager;
use redis::streams::{StreamAutoClaimReply, StreamId, StreamReadReply};

/// The stream, its consumer group, and this consumer.
#[derive(Clone, Debug)]
pub struct Queue {
    pub stream: String,
    pub group: String,
    pub consumer: String,
    /// How long an entry is pending before another worker claims it. Longer than a batch usually takes: an event that two
    /// workers send counts once, but costs two permits.
    pub claim_after: Duration,
    /// The maximum number of entries of a batch.
    pub batch: usize,
}

/// What a worker did.
#[derive(Clone, Copy, Debug, Default)]
pub struct Done {
    pub read: u64,
    pub claimed: u64,
    pub accepted: u64,
    pub rejected: u64,
    /// Neither accepted nor rejected; still pending.
    pub unfinished: u64,
}

/// Works until the signal is set or, if `until_empty`, until every entry is acknowledged. Calls `report` after each batch.
pub async fn work(
    client: &Client,
    mut redis: ConnectionManager,
    queue: &Queue,
    stop: &StopSignal,
    until_empty: bool,
    mut report: impl FnMut(Done),
) -> Result<Done, Box<dyn StdError>> {
    create_group(&mut redis, queue).await?;
    let sender = Sender::new(client).stop_signal(stop);
    let mut done = Done::default();
    while !stop.is_stopped() {
        // What dead workers left comes first. Its events are the oldest.
        let mut entries = claim(&mut redis, queue).await?;
        done.claimed += entries.len() as u64;
        if entries.is_empty() {
            entries = read(&mut redis, queue).await?;
            done.read += entries.len() as u64;
        }
        if entries.is_empty() {
            if until_empty && is_empty(&mut redis, queue).await? {
                break;
            }
            continue;
        }
        send(&sender, &mut redis, queue, entries, &mut done).await?;
        report(done);
    }
    Ok(done)
}

/// Sends a batch, and acknowledges each event after its outcome.
async fn send(
    sender: &Sender,
    redis: &mut ConnectionManager,
    queue: &Queue,
    entries: Vec<StreamId>,
    done: &mut Done,
) -> Result<(), Box<dyn StdError>> {
    let events: Vec<_> = entries.iter().map(|entry| event(queue, entry)).collect();
    let mut outcomes = sender.send_all(events);
    let mut acknowledge = Vec::new();
    while let Some(outcome) = outcomes.next().await {
        let entry = usize::try_from(outcome.position())
            .ok()
            .and_then(|position| entries.get(position));
        let Some(entry) = entry else { continue };
        let reason = match &outcome {
            Outcome::Accepted(_) | Outcome::Skipped(_) => {
                done.accepted += 1;
                acknowledge.push(&*entry.id);
                continue;
            }
            Outcome::Rejected(it) => it.error.to_string(),
            Outcome::Invalid(it) => it.reason.to_string(),
            // The entry remains pending, and is claimed and sent again.
            Outcome::Unknown(_) | Outcome::Unsent(_) => {
                done.unfinished += 1;
                continue;
            }
        };
        done.rejected += 1;
        reject(redis, queue, entry, &reason).await?;
    }
    if !acknowledge.is_empty() {
        let mut command = redis::cmd("XACK");
        command.arg(&queue.stream).arg(&queue.group).arg(acknowledge);
        command.query_async::<()>(redis).await?;
    }
    Ok(())
}

/// Returns the event of an entry, with an id and a time that are the same whenever it is read.
fn event(queue: &Queue, entry: &StreamId) -> Result<UsageEventCreate, String> {
    let json: String = entry.get("event").ok_or("the entry has no field `event`")?;
    let mut event = parse_line(&json).map_err(|error| error.to_string())?;
    if event.customer_event_id.is_none() {
        event.customer_event_id = Some(format!("{}-{}", queue.stream, entry.id));
    }
    if event.event_timestamp.is_none() {
        // The id begins with the time at which the entry was added.
        let millis = entry.id.split('-').next().and_then(|millis| millis.parse().ok());
        event.event_timestamp = millis.and_then(DateTime::<Utc>::from_timestamp_millis);
    }
    Ok(event)
}

/// Moves an entry to the stream of rejected events, in one transaction.
async fn reject(
    redis: &mut ConnectionManager,
    queue: &Queue,
    entry: &StreamId,
    reason: &str,
) -> redis::RedisResult<()> {
    let event: Option<String> = entry.get("event");
    let mut transaction = redis::pipe();
    transaction
        .atomic()
        .cmd("XADD")
        .arg(format!("{}:rejected", queue.stream))
        .arg("*")
        .arg(&[
            ("entry", &*entry.id),
            ("reason", reason),
            ("event", event.as_deref().unwrap_or_default()),
        ])
        .ignore()
        .cmd("XACK")
        .arg(&queue.stream)
        .arg(&queue.group)
        .arg(&entry.id)
        .ignore();
    transaction.query_async(redis).await
}

async fn create_group(redis: &mut ConnectionManager, queue: &Queue) -> redis::RedisResult<()> {
    let mut command = redis::cmd("XGROUP");
    command
        .arg("CREATE")
        .arg(&queue.stream)
        .arg(&queue.group)
        .arg("0")
        .arg("MKSTREAM");
    match command.query_async::<()>(redis).await {
        Err(error) if error.code() == Some("BUSYGROUP") => Ok(()),
        created => created,
    }
}

/// Returns new entries, or none after a moment.
async fn read(redis: &mut ConnectionManager, queue: &Queue) -> redis::RedisResult<Vec<StreamId>> {
    let mut command = redis::cmd("XREADGROUP");
    command.arg("GROUP").arg(&queue.group).arg(&queue.consumer);
    command.arg("COUNT").arg(queue.batch).arg("BLOCK").arg(200);
    command.arg("STREAMS").arg(&queue.stream).arg(">");
    let reply: Option<StreamReadReply> = command.query_async(redis).await?;
    let keys = reply.map(|reply| reply.keys).unwrap_or_default();
    Ok(keys.into_iter().flat_map(|key| key.ids).collect())
}

/// Returns entries that have been pending for too long, which are now pending for this worker.
async fn claim(redis: &mut ConnectionManager, queue: &Queue) -> redis::RedisResult<Vec<StreamId>> {
    let mut command = redis::cmd("XAUTOCLAIM");
    command.arg(&queue.stream).arg(&queue.group).arg(&queue.consumer);
    command.arg(queue.claim_after.as_millis() as u64).arg("0-0");
    command.arg("COUNT").arg(queue.batch);
    let reply: StreamAutoClaimReply = command.query_async(redis).await?;
    Ok(reply.claimed)
}

/// Returns `true` if every entry was read and acknowledged.
async fn is_empty(redis: &mut ConnectionManager, queue: &Queue) -> redis::RedisResult<bool> {
    let mut command = redis::cmd("XINFO");
    command.arg("GROUPS").arg(&queue.stream);
    let groups: Vec<HashMap<String, redis::Value>> = command.query_async(redis).await?;
    let is_zero = |group: &HashMap<String, redis::Value>, field: &str| {
        matches!(group.get(field), Some(redis::Value::Int(0)))
    };
    Ok(groups
        .iter()
        .all(|group| is_zero(group, "pending") && is_zero(group, "lag")))
}

impl Done {
    /// Encodes the numbers as a line, from which [`Done::parse`] reads them.
    pub fn line(self) -> String {
        let Self {
            read,
            claimed,
            accepted,
            rejected,
            unfinished,
        } = self;
        json!([read, claimed, accepted, rejected, unfinished]).to_string()
    }

    pub fn parse(line: &str) -> Option<Self> {
        let [read, claimed, accepted, rejected, unfinished] = serde_json::from_str(line).ok()?;
        Some(Self {
            read,
            claimed,
            accepted,
            rejected,
            unfinished,
        })
    }
}
