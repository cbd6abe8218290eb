//! Statuses, from creation to the end.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use sequencehq_emulator::contract::{Operation, Version};
use sequencehq_emulator::operations::World;
use sequencehq_emulator::records::{BillingSchedule, Delivery, ScheduleStatus};
use sequencehq_emulator::store::Settings;
use sequencehq_emulator::store::clock::{Clock, Sleep, Source};
use serde_json::{Value, json};

use super::super::{Account, id, text};
use super::Story;

#[test]
fn the_status_follows_the_first_day() {
    let story = Story::new();
    for (is_draft, start, expected) in [
        (false, "2026-01-02", "PENDING"),
        (false, "2026-01-01", "ACTIVE"),
        (false, "2025-06-01", "ACTIVE"),
        (true, "2025-06-01", "DRAFT"),
    ] {
        let created = story.create(|body| {
            body["isDraft"] = is_draft.into();
            body["startDate"] = start.into();
            body["phases"][0]["startDate"] = start.into();
        });
        assert_eq!(text(&created, "status"), expected, "{is_draft} {start}");
    }
}

#[test]
fn a_draft_is_activated_once() {
    let story = Story::new();
    for (start, expected) in [("2026-01-02", "PENDING"), ("2026-01-01", "ACTIVE")] {
        let draft = story.create(|body| {
            body["isDraft"] = true.into();
            body["startDate"] = start.into();
        });
        let activated = story.on(Operation::BillingScheduleActivate, &draft, None);
        assert_eq!(text(&activated, "status"), expected);
        let path = [("billingScheduleId", id(&draft))];
        let refused = story
            .account
            .refused(Operation::BillingScheduleActivate, &path, "", None);
        assert_eq!(
            (refused.kind.as_str(), refused.assumed.as_str()),
            ("IllegalState", "A40")
        );
    }
    let refused = story.account.refused(
        Operation::BillingScheduleActivate,
        &[("billingScheduleId", "unknown")],
        "",
        None,
    );
    assert_eq!(refused.status, 404);
}

#[test]
fn the_clock_starts_and_completes_schedules() {
    let story = Story::new();
    let schedule = story.create(|body| {
        body["startDate"] = "2026-01-03".into();
        body["phases"][0]["startDate"] = "2026-01-03".into();
        body["phases"][0]["endDate"] = "2026-02-10".into();
    });
    story.account.watch();
    for (date, expected) in [
        ("2026-01-02", "PENDING"),
        ("2026-01-03", "ACTIVE"),
        ("2026-02-10", "ACTIVE"),
        ("2026-02-11", "COMPLETED"),
    ] {
        story.advance(date);
        assert_eq!(text(&story.read(&schedule), "status"), expected, "{date}");
    }
    assert_eq!(
        text(&story.read(&schedule), "updatedAt"),
        "2026-02-11T00:00:00Z",
        "a day begins at midnight"
    );
    let update = ("BILLING_SCHEDULE_UPDATED".to_owned(), id(&schedule).to_owned());
    assert_eq!(story.announced_schedules(), [update.clone(), update]);
}

#[test]
fn a_schedule_that_is_over_already_is_complete_at_once() {
    let story = Story::new();
    let ended = |body: &mut Value| {
        body["startDate"] = "2025-11-01".into();
        body["phases"][0]["startDate"] = "2025-11-01".into();
        body["phases"][0]["endDate"] = "2025-12-31".into();
    };
    let created = story.create(ended);
    assert_eq!(text(&created, "status"), "COMPLETED");
    assert_eq!(
        story.billed(),
        ["DRAFT 2025-11-01 10.00", "DRAFT 2025-12-01 10.00"]
    );
    let running = story.create(|body| {
        ended(body);
        body["phases"][0]["endDate"] = "2026-01-01".into();
    });
    assert_eq!(text(&running, "status"), "ACTIVE", "today is its last day");
    assert_eq!(text(&story.update(&running, ended), "status"), "COMPLETED");
    assert_eq!(text(&story.read(&running), "status"), "COMPLETED");
}

#[test]
fn a_schedule_is_complete_once_its_last_invoice_is_made() {
    let story = Story::new();
    story.arrears("late", json!({"pricingType": "FIXED", "price": "7.00"}));
    let schedule = story.create(|body| body["phases"][0]["priceIds"] = json!(["base", "late"]));
    story.advance("2026-01-16");
    story.update(&schedule, |body| {
        body["phases"][0]["endDate"] = "2026-01-20".into()
    });
    for (date, expected) in [("2026-01-31", "ACTIVE"), ("2026-02-01", "COMPLETED")] {
        story.advance(date);
        assert_eq!(text(&story.read(&schedule), "status"), expected, "{date}");
    }
    assert_eq!(
        story.billed().last().map(String::as_str),
        Some("DRAFT 2026-02-01 7.00")
    );
}

#[test]
fn one_jump_of_the_clock_equals_small_steps() {
    let stories = [Story::new(), Story::new()];
    for story in &stories {
        story.account.watch();
        for (start, end) in [
            ("2026-01-03", "2026-01-04"),
            ("2025-01-01", "2025-02-01"),
            ("2026-01-02", "2026-01-20"),
        ] {
            story.create(|body| {
                body["startDate"] = start.into();
                body["endDate"] = end.into();
                body["phases"][0]["startDate"] = start.into();
            });
        }
    }
    let [steps, jump] = stories;
    for _ in 0..(24 * 30) {
        let hour = chrono::TimeDelta::hours(1);
        steps.account.world.advance(hour).expect("forward");
    }
    jump.advance("2026-01-31");
    let seen = |story: &Story| {
        let deliveries = story.account.world.store().read(|state| state.all::<Delivery>());
        let bodies = deliveries
            .into_iter()
            .map(|delivery| (delivery.notification_type, delivery.body));
        let schedules = story.account.ok(Operation::BillingScheduleList, &[], "", None);
        let log = story.account.ok(Operation::ActivityLogList, &[], "", None);
        let now = story.account.world.store().read(|state| state.now());
        (bodies.collect::<Vec<_>>(), schedules, log, now)
    };
    assert_eq!(seen(&steps), seen(&jump));
    assert_eq!(jump.announced_schedules().len(), 3 + 4);
}

#[derive(Clone, Debug, Default)]
struct Hand(Arc<AtomicI64>);

impl Source for Hand {
    fn now(&self) -> chrono::DateTime<chrono::Utc> {
        chrono::DateTime::from_timestamp(self.0.load(Ordering::Relaxed), 0).expect("within the calendar")
    }

    fn sleep(&self, _: Duration) -> Sleep {
        Box::pin(std::future::ready(()))
    }
}

#[test]
fn a_running_clock_catches_up_before_it_answers() {
    let hand = Hand::default();
    let settings = Settings {
        clock: Clock::running(),
        source: Arc::new(hand.clone()),
        ..Settings::default()
    };
    let story = Story::of(Account {
        world: World::new(settings),
        version: Version::LATEST,
    });
    let schedule = story.create(|body| {
        body["startDate"] = "1970-01-03".into();
        body["phases"][0]["startDate"] = "1970-01-03".into();
        body["phases"][0]["endDate"] = "1970-01-04".into();
    });
    story.account.watch();
    for (day, expected) in [(1, "PENDING"), (2, "ACTIVE"), (9, "COMPLETED")] {
        hand.0.store(day * 86_400 + 60, Ordering::Relaxed);
        assert_eq!(text(&story.read(&schedule), "status"), expected, "{day}");
        let updated = text(&story.read(&schedule), "updatedAt").to_owned();
        if day == 2 {
            assert_eq!(updated, "1970-01-03T00:01:00Z", "when the request came");
        }
    }
    assert_eq!(story.announced_schedules().len(), 2);
}

#[test]
fn the_clock_stays_where_it_is_if_it_cannot_reach_the_day() {
    let story = Story::new();
    let pending = story.create(|body| body["startDate"] = "2026-01-03".into());
    let before = story.account.world.store().read(|state| state.dump());
    for by in [chrono::TimeDelta::days(-1), chrono::TimeDelta::MAX] {
        assert!(story.account.world.advance(by).is_err(), "{by}");
    }
    assert!(
        story
            .account
            .world
            .advance_to("2025-12-31".parse().expect("a date"))
            .is_err()
    );
    assert_eq!(story.account.world.store().read(|state| state.dump()), before);
    assert_eq!(text(&story.read(&pending), "status"), "PENDING");
}

#[test]
fn an_archived_schedule_is_cancelled() {
    let story = Story::new();
    let schedule = story.create(|_| {});
    story.account.watch();
    let archived = story.on(Operation::BillingScheduleArchive, &schedule, None);
    assert_eq!(
        (text(&archived, "status"), text(&archived, "archivedAt")),
        ("CANCELLED", "2026-01-01T12:00:00Z")
    );
    assert_eq!(
        story.on(Operation::BillingScheduleArchive, &schedule, None),
        archived
    );
    let expected = ("BILLING_SCHEDULE_ARCHIVED".to_owned(), id(&schedule).to_owned());
    assert_eq!(story.account.announced(), [expected]);
    story.advance("2027-01-01");
    assert_eq!(text(&story.read(&schedule), "status"), "CANCELLED");
}

#[test]
fn a_schedule_that_is_over_is_not_changed() {
    let story = Story::new();
    let discounted = |body: &mut Value| {
        body["phases"][0]["endDate"] = "2026-01-01".into();
        body["phases"][0]["discounts"] =
            json!([{"type": "NOMINAL", "amount": 1, "message": "1 off", "separateLineItem": true}]);
    };
    let (completed, cancelled) = (story.create(discounted), story.create(discounted));
    story.on(Operation::BillingScheduleArchive, &cancelled, None);
    story.advance("2026-01-02");
    for (schedule, status, assumed) in [(&completed, "COMPLETED", ""), (&cancelled, "CANCELLED", "A40")] {
        let path = [("billingScheduleId", id(schedule))];
        let discount = id(&schedule["phases"][0]["discounts"][0]);
        for (operation, path, body) in [
            (Operation::BillingScheduleUpdate, path, Some(story.body())),
            (Operation::DiscountDelete, [("id", discount)], None),
        ] {
            let refused = story.account.refused(operation, &path, "", body.as_ref());
            assert_eq!(
                (refused.kind.as_str(), refused.assumed.as_str()),
                ("IllegalState", assumed)
            );
            assert!(refused.message.contains(status), "{}", refused.message);
        }
    }
    let archived = story.on(Operation::BillingScheduleArchive, &completed, None);
    assert_eq!(text(&archived, "status"), "COMPLETED");
    assert!(archived["archivedAt"].is_string());
}

#[test]
fn a_pending_schedule_that_is_moved_to_today_is_active() {
    let story = Story::new();
    let pending = story.create(|body| body["startDate"] = "2026-02-01".into());
    let moved = story.update(&pending, |body| body["startDate"] = "2026-02-02".into());
    assert_eq!(text(&moved, "status"), "PENDING");
    assert_eq!(text(&story.update(&pending, |_| {}), "status"), "ACTIVE");
}

#[test]
fn a_suspended_schedule_can_be_changed_and_stays_suspended() {
    let story = Story::new();
    let schedule = story.create(|_| {});
    let suspended = story.account.world.control(|tx| {
        tx.update(id(&schedule), |schedule: &mut BillingSchedule| {
            schedule.status = ScheduleStatus::Suspended;
        })
        .ok_or(())
    });
    assert!(suspended.is_ok());
    story.update(&schedule, |body| body["endDate"] = "2026-01-05".into());
    story.advance("2026-02-01");
    assert_eq!(text(&story.read(&schedule), "status"), "SUSPENDED");
}
