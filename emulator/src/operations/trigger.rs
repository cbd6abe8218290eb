//! Notifications that are announced on request, and quotes that move on request.

use std::fmt;

use crate::contract::{Version, enum_values};
use crate::records::{Delivery, Kind, QuoteStatus};
use crate::store::{Row, Tx};

use super::finish::{Cause, finish, send};
use super::problem::Problem;
use super::quotes;
use super::sample;
use super::world::World;

/// The kinds of resources, by how the types of their notifications begin. Others have no resource.
const KINDS: [(&str, Kind); 6] = [
    ("BILLING_SCHEDULE_", Kind::BillingSchedule),
    ("CREDIT_NOTE_", Kind::CreditNote),
    ("CUSTOMER_", Kind::Customer),
    ("INVOICE_", Kind::Invoice),
    ("MERCHANT_", Kind::Account),
    ("QUOTE_", Kind::Quote),
];

/// The resource that a notification is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject<'s> {
    /// The one with this id.
    Id(&'s str),
    /// The newest one of its kind.
    Newest,
    /// The newest one of its kind, or a sample if there is none.
    NewestOrSample,
}

/// The error returned for a notification that cannot be announced. Nothing is changed then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TriggerError(String);

impl fmt::Display for TriggerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for TriggerError {}

impl From<Problem> for TriggerError {
    fn from(problem: Problem) -> Self {
        // A call of a function has no body.
        let message = problem.message;
        Self(
            message
                .strip_prefix("body.")
                .map(str::to_owned)
                .unwrap_or(message),
        )
    }
}

impl World {
    /// Announces a resource as it is. Returns the queued deliveries.
    ///
    /// A type of quotes moves the quote to the status that it announces, as persons do in the dashboard.
    ///
    /// # Errors
    ///
    /// Returns an error if the type or the resource does not exist, or if no notification policy announces the type. Nothing is
    /// changed then.
    pub fn trigger(&self, notification_type: &str, subject: Subject<'_>) -> Result<Vec<Delivery>, Problem> {
        let known = enum_values("NotificationType", Version::LATEST).unwrap_or_default();
        let Some(name) = known.iter().find(|known| **known == notification_type) else {
            return Err(Problem::invalid(format!(
                "body.type: there is no notification type `{notification_type}`. Send one of {}.",
                known.join(", ")
            )));
        };
        self.store().write(|tx| {
            let before = tx.count(Kind::Delivery);
            let has_moved = announce(tx, name, subject)?;
            finish(
                tx,
                &Cause {
                    name: "control",
                    version: None,
                },
            );
            let queued = tx.count(Kind::Delivery) - before;
            if queued == 0 && !has_moved {
                return Err(Problem::illegal_state(format!(
                    "No notification policy announces {name}. Create one with POST /api/notifications/policies."
                )));
            }
            let mut deliveries: Vec<Delivery> = tx
                .rows(Kind::Delivery)
                .rev()
                .take(queued)
                .map(Row::read)
                .collect();
            deliveries.reverse();
            Ok(deliveries)
        })
    }
}

/// Announces a resource. Returns whether it was changed.
fn announce(tx: &mut Tx<'_>, name: &'static str, subject: Subject<'_>) -> Result<bool, Problem> {
    let Some((_, kind)) = KINDS.iter().find(|(prefix, _)| name.starts_with(prefix)) else {
        if matches!(subject, Subject::Id(_)) {
            return Err(Problem::invalid(format!(
                "body.resourceId: {name} has no resource. Leave it out."
            )));
        }
        send(tx, name, None);
        return Ok(false);
    };
    let status = match name {
        "QUOTE_PUBLISHED" => Some(QuoteStatus::Published),
        "QUOTE_ACCEPTED" => Some(QuoteStatus::Accepted),
        "QUOTE_SIGNED" => Some(QuoteStatus::Executed),
        _ => None,
    };
    let newest = tx.rows(*kind).next_back().map(|row| row.id().to_owned());
    let id = match (subject, newest) {
        (Subject::Id(id), _) if tx.has(*kind, id) => id.to_owned(),
        (Subject::Id(id), _) => return Err(Problem::no(*kind, id)),
        (_, Some(newest)) => newest,
        (Subject::NewestOrSample, None) => sample::create(tx, *kind, status)?,
        (Subject::Newest, None) => {
            return Err(Problem::illegal_state(format!(
                "There is no {} that {name} could announce. Create one first, or send `\"sample\": true`.",
                kind.name()
            )));
        }
    };
    let Some(status) = status else {
        tx.announce(name, *kind, &id);
        return Ok(false);
    };
    let has_moved = quotes::move_to(tx, &id, status)?;
    tx.announce(name, *kind, &id);
    Ok(has_moved)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_of_a_quote_moves_it_and_the_prefixes_are_those_of_types() {
        let known = enum_values("NotificationType", Version::LATEST).expect("an enum");
        for (prefix, _) in KINDS {
            assert!(known.iter().any(|name| name.starts_with(prefix)), "{prefix}");
        }
        let quotes: Vec<_> = known.iter().filter(|name| name.starts_with("QUOTE_")).collect();
        assert_eq!(quotes, [&"QUOTE_PUBLISHED", &"QUOTE_ACCEPTED", &"QUOTE_SIGNED"]);
    }
}
