//! Random schedules, usage, credit and moves of the clock, and what holds after each of them.

mod balances;
mod calls;
mod catalogue;
mod expected;
mod grants;
mod invariants;
mod known;
mod ledgers;
mod moves;
mod quotes;
mod settle;

use std::sync::{Arc, Mutex};

use chrono::{NaiveDate, TimeDelta};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use sequencehq_emulator::operations::World;
use sequencehq_emulator::store::Commit;

use super::super::settings;
use known::Model;
use moves::Move;

/// A day, counted from 1 January 2026.
fn day(number: i64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 1).expect("a date") + TimeDelta::days(number)
}

/// The rows of an account, after the line with the clock and the number of commits.
fn dump(world: &World) -> Vec<String> {
    let dump = world.store().read(|state| state.dump());
    dump.lines().map(str::to_owned).collect()
}

/// Compares rows, and shows the first that differ.
#[track_caller]
fn check_equal(found: &[String], expected: &[String]) {
    let differing = found
        .iter()
        .zip(expected)
        .find(|(found, expected)| found != expected);
    assert_eq!(differing, None);
    assert_eq!(found.len(), expected.len());
}

fn run(world: &World, moves: &[Move], in_steps: bool, mut after: impl FnMut(&mut Model)) {
    let mut model = Model::new(in_steps);
    model.seed(world);
    for one in moves {
        model.make(world, one);
        after(&mut model);
    }
}

/// The same moves in every run, so that a failure is repeatable. `PROPTEST_RNG_SEED` and `PROPTEST_CASES` choose others.
fn config() -> ProptestConfig {
    let chosen = |name: &str| std::env::var_os(name).is_some();
    let mut config = ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    if !chosen("PROPTEST_CASES") {
        config.cases = 48;
    }
    if !chosen("PROPTEST_RNG_SEED") {
        config.rng_seed = RngSeed::Fixed(2026);
    }
    config
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn every_invariant_holds_after_every_move(moves in prop::collection::vec(moves::any_move(), 1..14)) {
        let commits = Arc::new(Mutex::new(Vec::new()));
        let sink = Arc::clone(&commits);
        let journal = Box::new(move |commit: &Commit| sink.lock().expect("no panic").push(commit.to_line()));
        let world = World::recorded(settings(), journal);
        run(&world, &moves, false, |model| {
            invariants::check(&world, model);
            let customer = model.customer.clone();
            balances::check(&world, &mut model.seen, &customer);
            quotes::check(&world);
            let again = || world.advance(TimeDelta::zero()).expect("no time passes");
            // The first run completes a schedule that was created after its end.
            again();
            let before = dump(&world);
            again();
            check_equal(&dump(&world), &before);
        });
        let lines = std::mem::take(&mut *commits.lock().expect("no panic"));
        let commits: Vec<Commit> = lines.iter().map(|line| Commit::from_line(line).expect("a commit")).collect();
        let replayed = World::replayed(settings(), &commits).expect("records");
        check_equal(&dump(&replayed), &dump(&world));
    }

    #[test]
    fn every_balance_holds_after_every_settlement(moves in prop::collection::vec(settle::any_settle(), 10..40)) {
        let world = World::new(settings());
        let mut model = Model::new(false);
        model.seed(&world);
        settle::invoices(&world, &model.customer);
        balances::check(&world, &mut model.seen, &model.customer);
        for one in &moves {
            settle::make(&world, one);
            balances::check(&world, &mut model.seen, &model.customer);
        }
    }

    #[test]
    fn one_jump_equals_daily_steps(moves in prop::collection::vec(moves::any_move(), 1..14)) {
        let worlds = [false, true].map(|in_steps| {
            let world = World::new(settings());
            calls::watch(&world);
            run(&world, &moves, in_steps, |_| {});
            world
        });
        let [jump, steps] = worlds.map(|world| dump(&world));
        // There is a commit for each move of the clock.
        check_equal(&jump[1..], &steps[1..]);
    }
}
