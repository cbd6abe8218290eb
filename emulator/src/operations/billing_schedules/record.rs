//! Schedules as they are created, read, changed and duplicated.

use std::collections::BTreeMap;

use crate::assumptions::{A40, A41};
use crate::records::{BillingSchedule, Kind, Progress, ScheduleStatus};

use super::super::answer::{Answer, Outcome};
use super::super::billing_runs::{changes, day, former, limit};
use super::super::call::Call;
use super::super::documents::printed;
use super::super::entry::Entry;
use super::super::problem::Problem;
use super::input::{self, Input};
use super::{check, grants, payment_settings, phases, shape, status};

pub(in super::super) const CREATE: Entry = Entry::computed(create, "document, A4, A8, A16, A40, A43");
pub(in super::super) const VALIDATE_TAXES: Entry =
    Entry::computed(validate_taxes, "document, A4, A8, A16, A43");
pub(in super::super) const GET: Entry = Entry::real(get, "document");
pub(in super::super) const UPDATE: Entry = Entry::computed(update, "document, A4, A16, A40, A42, A43");
pub(in super::super) const ACTIVATE: Entry = Entry::computed(activate, "document, A40");
pub(in super::super) const ARCHIVE: Entry = Entry::computed(archive, "document, A40");
pub(in super::super) const DUPLICATE: Entry = Entry::computed(duplicate, "document, A4, A8, A41");

fn create(call: &mut Call<'_, '_>) -> Outcome {
    let customer = printed::customer(call)?;
    let input = input::read(call)?;
    check::all(call, &input, None)?;
    let now = call.tx.now_text();
    let mut schedule = BillingSchedule {
        id: call.tx.new_id(),
        sequence_account_id: call.account_id(),
        customer_id: customer.id,
        status: ScheduleStatus::Draft,
        start_date: String::new(),
        end_date: None,
        recurrence_day_of_month: None,
        tax_rates: Vec::new(),
        auto_issue_invoices: false,
        purchase_order_number: None,
        reference: call.text("reference").map(str::to_owned),
        label: call.text("label").map(str::to_owned),
        roll_up_billing: false,
        phases: Vec::new(),
        default_due_date_days: None,
        memo: None,
        custom_fields: BTreeMap::new(),
        created_at: now.clone(),
        updated_at: now,
        archived_at: None,
        progress: Progress::default(),
    };
    read(call, &mut schedule, &input);
    if call.body.get("isDraft") != Some(&true.into()) {
        schedule.status = status::started(&schedule, call.tx.today());
    }
    call.tx.put(&schedule);
    grants::replace(call, &schedule, &input.phases)?;
    payment_settings::create(call, &schedule);
    let created = "BILLING_SCHEDULE_CREATED";
    // Before the notifications of invoices.
    call.tx.announce(created, Kind::BillingSchedule, &schedule.id);
    start(call, &mut schedule)?;
    call.assume(A40);
    announced(call, &schedule, created)
}

/// Checks a body as `create` does, and stores nothing.
fn validate_taxes(call: &mut Call<'_, '_>) -> Outcome {
    printed::customer(call)?;
    let input = input::read(call)?;
    check::all(call, &input, None)?;
    Ok(Answer::Empty)
}

fn get(call: &mut Call<'_, '_>) -> Outcome {
    let schedule = existing(call)?;
    Ok(shape::complete(call, &schedule).into())
}

fn update(call: &mut Call<'_, '_>) -> Outcome {
    let mut schedule = existing(call)?;
    status::check_editable(&schedule)?;
    let input = input::read(call)?;
    check::all(call, &input, Some(&schedule.id))?;
    let former = former::of(call.tx, &schedule);
    read(call, &mut schedule, &input);
    grants::replace(call, &schedule, &input.phases)?;
    match schedule.status {
        ScheduleStatus::Pending => {
            schedule.status = status::started(&schedule, call.tx.today());
            start(call, &mut schedule)?;
            call.assume(A40);
        }
        ScheduleStatus::Active | ScheduleStatus::Suspended => {
            changes::replan(call.tx, &mut schedule, &former);
            status::complete(&mut schedule, call.tx.today());
        }
        _ => {}
    }
    changed(call, schedule, "BILLING_SCHEDULE_UPDATED")
}

/// Takes over the terms of the body. What it leaves out is cleared, but for custom fields.
fn read(call: &mut Call<'_, '_>, schedule: &mut BillingSchedule, input: &Input) {
    schedule.start_date = input.start_date.clone();
    schedule.end_date = input.end_date.clone();
    schedule.recurrence_day_of_month = input.recurrence_day_of_month;
    schedule.tax_rates = input.tax_rates.clone();
    schedule.auto_issue_invoices = input.auto_issue_invoices;
    schedule.purchase_order_number = input.purchase_order_number.clone();
    schedule.roll_up_billing = input.roll_up_billing;
    schedule.default_due_date_days = input.default_due_date_days;
    schedule.memo = input.memo.clone();
    if let Some(fields) = &input.custom_fields {
        schedule.custom_fields = fields.clone();
    }
    // First, so that the activity log is about the schedule and not about a discount.
    call.tx.put(schedule);
    phases::replace(call, schedule, &input.phases);
}

fn activate(call: &mut Call<'_, '_>) -> Outcome {
    let mut schedule = existing(call)?;
    if schedule.status != ScheduleStatus::Draft {
        return Err(Problem::illegal_state(format!(
            "The billing schedule {} is {}. Only a DRAFT is activated.",
            schedule.id,
            schedule.status.name()
        ))
        .assuming(A40));
    }
    schedule.status = status::started(&schedule, call.tx.today());
    start(call, &mut schedule)?;
    call.assume(A40);
    changed(call, schedule, "BILLING_SCHEDULE_UPDATED")
}

/// Bills what is due by today, and lets the clock bill the rest.
fn start(call: &mut Call<'_, '_>, schedule: &mut BillingSchedule) -> Result<(), Problem> {
    if schedule.status == ScheduleStatus::Draft {
        return Ok(());
    }
    schedule.progress.next_day = Some(check::day(&schedule.start_date));
    call.tx.put(schedule);
    if schedule.status == ScheduleStatus::Active {
        let is_sent = call.body.contains_key("startDate");
        let path = if is_sent { "body.startDate" } else { "startDate" };
        limit::check(call.tx, schedule, path)?;
        day::run(call.tx, std::slice::from_ref(&schedule.id));
    }
    if let Some(billed) = call.tx.get(&schedule.id) {
        *schedule = billed;
    }
    status::complete(schedule, call.tx.today());
    call.tx.put(schedule);
    Ok(())
}

/// Ends a schedule that is not over. Archiving it again changes nothing.
fn archive(call: &mut Call<'_, '_>) -> Outcome {
    let mut schedule = existing(call)?;
    call.assume(A40);
    if schedule.archived_at.is_some() {
        return Ok(shape::complete(call, &schedule).into());
    }
    schedule.archived_at = Some(call.tx.now_text());
    if schedule.status != ScheduleStatus::Completed {
        schedule.status = ScheduleStatus::Cancelled;
        changes::end(call.tx, &schedule.id);
    }
    changed(call, schedule, "BILLING_SCHEDULE_ARCHIVED")
}

/// Creates a draft with the terms of a schedule (A41).
fn duplicate(call: &mut Call<'_, '_>) -> Outcome {
    let original = existing(call)?;
    let customer = printed::customer(call)?;
    let now = call.tx.now_text();
    let mut copy = BillingSchedule {
        id: call.tx.new_id(),
        customer_id: customer.id,
        status: ScheduleStatus::Draft,
        created_at: now.clone(),
        updated_at: now,
        archived_at: None,
        progress: Progress::default(),
        ..original.clone()
    };
    call.tx.put(&copy);
    phases::duplicate(call, &original, &mut copy);
    call.tx.put(&copy);
    grants::duplicate(call, &original, &copy)?;
    payment_settings::duplicate(call, &original.id, &copy);
    call.assume(A41);
    announced(call, &copy, "BILLING_SCHEDULE_CREATED")
}

fn existing(call: &Call<'_, '_>) -> Result<BillingSchedule, Problem> {
    let id = call.id();
    call.tx
        .get(id)
        .ok_or_else(|| Problem::no(Kind::BillingSchedule, id))
}

/// Stores a changed schedule, and answers it.
fn changed(
    call: &mut Call<'_, '_>,
    mut schedule: BillingSchedule,
    notification_type: &'static str,
) -> Outcome {
    schedule.updated_at = call.tx.now_text();
    call.tx.put(&schedule);
    announced(call, &schedule, notification_type)
}

fn announced(
    call: &mut Call<'_, '_>,
    schedule: &BillingSchedule,
    notification_type: &'static str,
) -> Outcome {
    call.tx
        .announce(notification_type, Kind::BillingSchedule, &schedule.id);
    Ok(shape::complete(call, schedule).into())
}
