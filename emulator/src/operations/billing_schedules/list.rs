//! The list of schedules, and the keys of their custom fields.

use serde_json::Value;

use crate::records::{Facet, Kind};
use crate::store::Test;

use super::super::answer::Outcome;
use super::super::call::Call;
use super::super::entry::Entry;
use super::super::list::{self, Filter, List, Scope};
use super::super::problem::Problem;
use super::shape;

const SCHEDULES: List = List {
    kind: Kind::BillingSchedule,
    filters: &[
        Filter::OneOf("customerId", Facet::CustomerId),
        Filter::OneOf("billingScheduleStatus", Facet::Status),
        Filter::OneOf("autoSendInvoices", Facet::AutoSend),
        Filter::OneOf("label", Facet::Label),
        Filter::IncludeArchived("includeArchivedSchedules"),
        Filter::Handled("startingBefore"),
        Filter::Handled("startingAfter"),
        Filter::Handled("endingBefore"),
        Filter::Handled("endingAfter"),
        Filter::Handled("includeOpenEndedSchedules"),
        Filter::Handled("recurrenceDayOfMonth"),
    ],
    sorts: &[],
    custom: Some("customFields."),
};

pub(in super::super) const LIST: Entry = Entry::real(list, "document, A7");
pub(in super::super) const KEYS: Entry =
    Entry::real(|call| list::custom_keys(call, Kind::BillingSchedule), "document");

fn list(call: &mut Call<'_, '_>) -> Outcome {
    let mut tests = dates(call);
    if let Some(days) = call.query.all("recurrenceDayOfMonth") {
        let days = days.iter().map(|text| recurrence_day(text));
        let days = days.collect::<Result<_, _>>()?;
        tests.push(Test::OneOf(Facet::RecurrenceDay, days));
    }
    let scope = Scope {
        tests,
        ..Scope::default()
    };
    list::page(call, &SCHEDULES, scope, |call, map| {
        let schedule = serde_json::from_value(map.into());
        schedule.map_or(Value::Null, |schedule| shape::complete(call, &schedule).into())
    })
}

/// The filters by first and last day. An open schedule has no last day, and is shown if the query includes it.
fn dates(call: &Call<'_, '_>) -> Vec<Test> {
    let day = |name| call.query.one(name).map(str::to_owned);
    let has_end = || Test::Greater(Facet::EndDate, String::new());
    let includes_open = call.query.one("includeOpenEndedSchedules");
    let starting = [
        day("startingBefore").map(|day| Test::Less(Facet::StartDate, day)),
        day("startingAfter").map(|day| Test::Greater(Facet::StartDate, day)),
    ];
    let ending = [
        day("endingBefore").map(|day| Test::Less(Facet::EndDate, day)),
        day("endingAfter").map(|day| Test::Greater(Facet::EndDate, day)),
        (includes_open == Some("false")).then(has_end),
    ];
    let ending = ending.into_iter().flatten().map(|test| match includes_open {
        Some("true") => Test::Any(vec![test, Test::Not(Box::new(has_end()))]),
        _ => test,
    });
    starting.into_iter().flatten().chain(ending).collect()
}

fn recurrence_day(text: &str) -> Result<String, Problem> {
    match text.parse() {
        Ok(day @ 1..=31_i32) => Ok(day.to_string()),
        _ => Err(Problem::invalid(format!(
            "query.recurrenceDayOfMonth: {text} is not a day of the month. Send numbers from 1 to 31."
        ))),
    }
}
