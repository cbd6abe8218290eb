//! Proofs of `sequencehq::shared_limit` with a real Redis and real processes. Takes about five minutes.
//!
//! ```text
//! SEQUENCEHQ_REDIS_SERVER=redis-server cargo test --features full --test redis
//! ```
//!
//! Without the variable, nothing runs. The program starts itself again for each process of a scenario.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    unreachable_pub,
    reason = "a proof with real processes runs in real time and prints its results"
)]

mod api;
mod proxy;
mod quota;
mod server;
mod stream;
#[path = "../../examples/usage_workers/worker.rs"]
mod stream_worker;
mod thousand;
mod worker;

use std::process::ExitCode;

/// The program that is started as Redis.
const SERVER: &str = "SEQUENCEHQ_REDIS_SERVER";

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime can be built");
    if let Some(settings) = worker::settings() {
        runtime.block_on(worker::run(settings));
        return ExitCode::SUCCESS;
    }
    if runtime.block_on(stream::run_worker_if_asked()) {
        return ExitCode::SUCCESS;
    }
    let Some(program) = std::env::var_os(SERVER) else {
        println!("skipped: set {SERVER} to a redis-server, version 5 or later, to run these proofs:");
        println!("  {SERVER}=redis-server cargo test --features full --test redis");
        return ExitCode::SUCCESS;
    };
    let only = std::env::args()
        .nth(1)
        .filter(|argument| !argument.starts_with('-'));
    let is_selected = |name: &str| only.as_deref().is_none_or(|only| name.contains(only));
    runtime.block_on(async {
        if is_selected("quota") {
            quota::eight_processes_share_a_quota(&program).await;
        }
        if is_selected("stream") {
            stream::events_count_once_while_workers_die(&program).await;
        }
        if is_selected("thousand") {
            thousand::a_thousand_processes_share_a_quota(&program).await;
        }
    });
    println!("all proofs hold");
    ExitCode::SUCCESS
}
