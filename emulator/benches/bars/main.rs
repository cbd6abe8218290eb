//! Measures the emulator against its bars, and prints for each whether it is met. Results: BENCHMARKS.md.
//!
//! `cargo bench -p sequencehq-emulator --bench bars` measures; `-- page year` measures only bars whose names begin with one of
//! these words. Pages, walks, the year and the pages for a browser are measured in CPU time of all threads, the others in time that passes; the fastest
//! of several rounds counts.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a measurement needs the clock of the system, and prints its result"
)]

mod bar;
mod browser;
mod data;
mod invoices;
mod server;
mod year;

#[path = "../support/mod.rs"]
mod support;

fn main() {
    let wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with("--"))
        .collect();
    if wanted.is_empty() {
        return each_alone();
    }
    let is_wanted = |name: &str| wanted.iter().any(|word| name.starts_with(word.as_str()));
    if is_wanted("memory") {
        invoices::memory();
    }
    if is_wanted("year") {
        year::year();
    }
    if is_wanted("start") {
        server::start();
    }
    if is_wanted("requests") {
        server::requests();
    }
    if is_wanted("data") {
        data::data();
    }
    if is_wanted("browser") {
        browser::browser();
    }
    if is_wanted("page") || is_wanted("walk") {
        invoices::lists(is_wanted("page"), is_wanted("walk"));
    }
}

/// Freed memory stays with a process, and makes what follows slower and smaller. So each group of bars has a process of its own.
fn each_alone() {
    let program = std::env::current_exe().expect("a program has a path");
    for group in [
        &["memory"][..],
        &["year"],
        &["start"],
        &["requests"],
        &["page", "walk"],
        &["browser"],
        &["data"],
    ] {
        let status = std::process::Command::new(&program).args(group).status();
        let status = status.expect("the program can be started again");
        assert!(status.success(), "{group:?}: {status}");
    }
}
