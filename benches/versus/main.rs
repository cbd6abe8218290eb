//! What the crate costs over code written by hand for the same job. Results and how to read them: BENCHMARKS.md.
//!
//! `cargo bench --bench versus` measures; `-- --short`, or running it as a test, only goes through everything once;
//! any other word picks the contests whose name contains it.
//!
//! The contests are timed here and not by a framework, because those measure one side to its end and then the other. What
//! is wanted is a ratio, also on a machine that has other work: the sides take turns, and each round gives one ratio.

#![allow(clippy::print_stdout, reason = "a benchmark's result is what it prints")]
#![allow(clippy::disallowed_methods, reason = "real time is what a benchmark measures")]

mod api;
mod call;
mod decode;
mod payload;
mod plain;
mod race;
#[allow(unreachable_pub, reason = "tests use it as a module too")]
#[path = "../../tests/support/server.rs"]
mod server;
mod stream;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let said = |word: &str| arguments.iter().any(|argument| argument == word);
    let race = race::Race {
        short: said("--short") || !said("--bench"),
        filter: arguments.iter().find(|word| !word.starts_with('-')).cloned(),
    };
    race::Race::heading();
    call::run(&race);
    decode::run(&race);
    stream::run(&race);
}
