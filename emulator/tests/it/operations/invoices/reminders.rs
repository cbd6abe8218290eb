//! Reminders by the clock.

use sequencehq_emulator::contract::Operation;
use serde_json::json;

use super::super::text;
use super::Story;

const REMINDED: &str = "INVOICE_REMINDER_SENT";

impl Story {
    /// Moves the clock to noon of a day.
    fn advance(&self, date: &str) {
        let date = date.parse().expect("a date");
        self.account.world.advance_to(date).expect("forward");
    }

    /// A sent invoice that is due on this day.
    fn due_on(&self, date: &str) -> String {
        let invoice = self.draft_with(json!({"dueDate": date}));
        self.add_line(&invoice, "2", "50.00", "0.2");
        self.act(Operation::InvoiceFinalizeAndSend, &invoice);
        self.account.watch();
        invoice
    }

    fn dunning(&self, invoice: &str) -> String {
        text(&self.get(invoice), "dunningStatus").to_owned()
    }
}

#[test]
fn reminders_are_sent_a_week_before_the_due_date_and_on_it() {
    let story = Story::new();
    let invoice = story.due_on("2026-01-20");
    for (date, count, dunning) in [
        ("2026-01-12", 0, "SCHEDULED"),
        ("2026-01-13", 1, "SCHEDULED"),
        ("2026-01-19", 1, "SCHEDULED"),
        ("2026-01-20", 2, "OVERDUE_CHECK_SCHEDULED"),
        ("2026-01-21", 2, "COMPLETED"),
        ("2026-06-01", 2, "COMPLETED"),
    ] {
        story.advance(date);
        let announced = story.announced(&invoice);
        let reminders = announced.iter().filter(|one| *one == REMINDED);
        assert_eq!(
            (reminders.count(), &*story.dunning(&invoice)),
            (count, dunning),
            "{date}"
        );
    }
    assert_eq!(text(&story.get(&invoice), "updatedAt"), "2026-01-21T00:00:00Z");
}

#[test]
fn there_is_no_reminder_on_the_day_of_sending() {
    for (due, expected) in [("2026-01-08", 1), ("2026-01-01", 0), ("2025-12-01", 0)] {
        let story = Story::new();
        let invoice = story.due_on(due);
        story.advance("2026-01-10");
        let announced = story.announced(&invoice);
        let reminders = announced.iter().filter(|one| *one == REMINDED);
        assert_eq!(
            (reminders.count(), &*story.dunning(&invoice)),
            (expected, "COMPLETED"),
            "{due}"
        );
    }
}

#[test]
fn an_invoice_that_owes_nothing_gets_no_reminder() {
    let story = Story::new();
    for (status, dunning) in [("PAID", "COMPLETED"), ("UNCOLLECTIBLE", "SCHEDULED")] {
        let invoice = story.due_on("2026-01-20");
        story.set_payment_status(&invoice, status);
        let before = story.announced(&invoice);
        story
            .account
            .world
            .advance(chrono::TimeDelta::days(30))
            .expect("forward");
        assert_eq!(story.announced(&invoice), before);
        assert_eq!(story.dunning(&invoice), dunning);
    }
    let marked = story.invoice_in("DRAFT");
    story.act(Operation::InvoiceMarkAsSent, &marked);
    let before = story.announced(&marked);
    story.advance("2026-12-01");
    assert_eq!(
        (story.announced(&marked), &*story.dunning(&marked)),
        (before, "NOT_REQUIRED")
    );
}

#[test]
fn a_due_date_that_is_moved_starts_the_reminders_anew() {
    let story = Story::new();
    let invoice = story.due_on("2026-01-10");
    story.advance("2026-01-11");
    assert_eq!(story.dunning(&invoice), "COMPLETED");
    story.send(
        Operation::InvoicePatchSent,
        &invoice,
        json!({"memo": "unchanged date"}),
    );
    assert_eq!(story.dunning(&invoice), "COMPLETED");
    story.send(
        Operation::InvoicePatchSent,
        &invoice,
        json!({"dueDate": "2026-02-10"}),
    );
    assert_eq!(story.dunning(&invoice), "SCHEDULED");
    story.advance("2026-02-10");
    let reminders = story.announced(&invoice);
    assert_eq!(reminders.iter().filter(|one| *one == REMINDED).count(), 4);
}

#[test]
fn an_invoice_over_nothing_gets_no_reminder() {
    let story = Story::new();
    let invoice = story.draft_with(json!({"dueDate": "2026-01-20"}));
    story.add_line(&invoice, "1", "0", "0");
    story.act(Operation::InvoiceFinalizeAndSend, &invoice);
    story.account.watch();
    story.advance("2026-02-01");
    assert_eq!(story.announced(&invoice), [""; 0]);
}
