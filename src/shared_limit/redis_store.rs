//! The state of a limit in Redis.

use std::sync::Arc;
use std::time::Duration;

use redis::aio::ConnectionLike;
use redis::{RedisError, Script};

use crate::shared_limit::plan::Plan;
use crate::shared_limit::store::{Ask, Grant, Store, StoreError, Stored};

/// The scripts, which are loaded again if Redis lost them.
pub(super) struct Scripts {
    acquire: Script,
    pause: Script,
}

impl Scripts {
    pub(super) fn new() -> Self {
        Self {
            acquire: Script::new(include_str!("acquire.lua")),
            pause: Script::new(include_str!("pause.lua")),
        }
    }
}

pub(super) struct RedisStore<C> {
    pub(super) connection: C,
    pub(super) scripts: Arc<Scripts>,
    pub(super) plan: Plan,
    /// The names of the state and of the processes. A hash tag keeps them in one slot of a cluster.
    pub(super) keys: [String; 2],
    /// The id of this process.
    pub(super) member: Arc<str>,
}

impl<C: ConnectionLike + Clone + Send + Sync + 'static> Store for RedisStore<C> {
    fn ready(&self) -> Stored<'_, ()> {
        let mut connection = self.connection.clone();
        Box::pin(async move {
            let ping = redis::cmd("PING");
            ping.query_async::<()>(&mut connection).await.map_err(described)
        })
    }

    fn acquire(&self, ask: Ask) -> Stored<'_, Grant> {
        let mut connection = self.connection.clone();
        Box::pin(async move {
            let plan = &self.plan;
            let resume = if ask.after_outage {
                plan.resume
            } else {
                Duration::ZERO
            };
            let mut script = self.scripts.acquire.prepare_invoke();
            script
                .key(&self.keys[0])
                .key(&self.keys[1])
                .arg(micros(plan.interval).max(1))
                .arg(micros(plan.tolerance))
                .arg(micros(plan.horizon))
                .arg(ask.wanted)
                .arg(&*self.member)
                .arg(ask.known_end)
                .arg(micros(resume))
                .arg(micros(plan.minute))
                .arg(millis(plan.keep));
            let answer: (u32, i64, u64, u64, u32, u64) =
                script.invoke_async(&mut connection).await.map_err(described)?;
            let (slots, first_micros, interval, end, processes, paused) = answer;
            Ok(Grant {
                slots,
                first_micros,
                interval: Duration::from_micros(interval),
                end,
                processes,
                paused: Duration::from_micros(paused),
            })
        })
    }

    fn pause(&self, length: Duration) -> Stored<'_, ()> {
        let mut connection = self.connection.clone();
        Box::pin(async move {
            let mut script = self.scripts.pause.prepare_invoke();
            script
                .key(&self.keys[0])
                .arg(micros(length))
                .arg(micros(self.plan.minute))
                .arg(millis(self.plan.keep));
            let paused = script.invoke_async::<()>(&mut connection).await;
            paused.map_err(described)
        })
    }
}

/// Returns the kind of an error and what the server responded. The text of other errors may contain an address.
fn described(error: RedisError) -> StoreError {
    let kind = error.kind();
    StoreError(match error.code() {
        Some(code) => format!("Redis responded with {code}"),
        None if error.is_timeout() => "Redis did not respond in time".to_owned(),
        None if error.is_connection_refusal() => "the connection to Redis was refused".to_owned(),
        None => format!("the exchange with Redis failed: {kind:?}"),
    })
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
