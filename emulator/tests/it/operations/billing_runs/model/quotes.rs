//! Moves of quotes, and what holds of them.

use chrono::{NaiveDate, TimeDelta};
use sequencehq_emulator::operations::World;
use sequencehq_emulator::records::{BillingSchedule, Quote, QuoteStatus};

use super::calls::nth;
use super::{check_equal, dump};

/// How long a quote is open.
const DAYS: u32 = 20;

/// Adds a quote, or moves one to its next status. That is refused for one without a schedule to be executed.
pub(super) fn step(world: &World, place: usize) {
    let mut quotes: Vec<Quote> = world.store().read(|state| state.all());
    let Some(quote) = nth(&mut quotes, place / 2).filter(|_| place.is_multiple_of(2)) else {
        return add(world);
    };
    let before = dump(world);
    let skipped = quote.status.next().and_then(QuoteStatus::next);
    let skipped = world.move_quote(&quote.id, skipped.unwrap_or(QuoteStatus::Draft));
    assert!(skipped.is_err(), "a status is neither skipped nor left again");
    check_equal(&dump(world), &before);
    let Some(next) = quote.status.next() else {
        return;
    };
    let is_possible = next != QuoteStatus::Executed || quote.billing_schedule_id.is_some();
    let moved = world.move_quote(&quote.id, next);
    assert_eq!(moved.is_ok(), is_possible, "{quote:?}");
    if !is_possible {
        check_equal(&dump(world), &before);
    }
}

fn add(world: &World) {
    let added = world.control(|tx| {
        let schedule = tx.all::<BillingSchedule>().into_iter().next();
        let quote = Quote {
            id: tx.new_id(),
            quote_number: "Q".to_owned(),
            title: None,
            status: QuoteStatus::Draft,
            created_by: "ada".to_owned(),
            customer_id: None,
            currency: None,
            deal_type: None,
            preliminary_billing_start_date: None,
            expiry_days: Some(DAYS),
            expires_at: None,
            published_at: None,
            accepted_at: None,
            executed_at: None,
            billing_schedule_id: schedule.map(|schedule| schedule.id),
            has_active_approval_workflow: false,
            created_at: tx.now_text(),
            updated_at: tx.now_text(),
            archived_at: None,
        };
        tx.put(&quote);
        Ok::<_, ()>(())
    });
    assert_eq!(added, Ok(()));
}

/// A quote has the instants of the statuses that it went through, in their order, and is open for its days.
pub(super) fn check(world: &World) {
    let quotes: Vec<Quote> = world.store().read(|state| state.all());
    for quote in quotes {
        let instants = [&quote.published_at, &quote.accepted_at, &quote.executed_at];
        let passed = match quote.status {
            QuoteStatus::Draft => 0,
            QuoteStatus::Published | QuoteStatus::PreparingSignatureRequest | QuoteStatus::ReadyToSign => 1,
            QuoteStatus::Accepted => 2,
            QuoteStatus::Executed => 3,
        };
        assert_eq!(
            instants.map(Option::is_some),
            [1, 2, 3].map(|place| place <= passed),
            "{quote:?}"
        );
        let known: Vec<&String> = instants.into_iter().flatten().collect();
        assert!(known.is_sorted(), "{quote:?}");
        let last = known.first().map(|published| {
            let day: NaiveDate = published[..10].parse().expect("a day");
            (day + TimeDelta::days(DAYS.into())).to_string()
        });
        assert_eq!(quote.expires_at, last, "{quote:?}");
    }
}
