//! Notification policies, which send the webhooks.
//!
//! Recipients and types are sets. Adding a type to a policy for all types changes nothing; removing one leaves all
//! others of the version. Removing an absent one changes nothing, so that a repeated request has the same
//! response.

use crate::assumptions::{A76, A77};
use crate::contract::enum_values;
use crate::records::{Facet, Kind, NotificationPolicy};
use crate::store::Test;

use super::answer::{Answer, Outcome};
use super::call::Call;
use super::entry::Entry;
use super::list::{self, Filter, List, Scope};
use super::problem::Problem;
use super::resource::{self, Resource};

const POLICY: Resource = Resource::of(Kind::NotificationPolicy);
const POLICIES: List = List::of(Kind::NotificationPolicy, &[Filter::Handled("notificationType")]);

pub(super) const CREATE: Entry = Entry::real(create, "document, A77");
pub(super) const GET: Entry = Entry::real(|call| resource::get(call, &POLICY), "document");
pub(super) const DELETE: Entry = Entry::real(|call| resource::delete(call, &POLICY), "document");
pub(super) const LIST: Entry = Entry::real(list, "document");
pub(super) const ADD_NOTIFICATION_TYPES: Entry = Entry::real(add_types, "document");
pub(super) const REMOVE_NOTIFICATION_TYPE: Entry = Entry::real(remove_type, "document");
pub(super) const ADD_RECIPIENTS: Entry = Entry::real(add_recipients, "document, A77");
pub(super) const REMOVE_RECIPIENT: Entry = Entry::real(remove_recipient, "document, A76");

fn create(call: &mut Call<'_, '_>) -> Outcome {
    let channel = call.text("channel").unwrap_or_default().to_owned();
    let recipients = without_repetition(call.texts("recipients"));
    if recipients.is_empty() {
        return Err(Problem::invalid("body.recipients: name at least one.").assuming(A76));
    }
    check_recipients(call, &channel, &recipients)?;
    let id = call.tx.new_id();
    let secret = call.text("webhookSecret").map(str::to_owned);
    let types = call
        .body
        .get("notificationTypes")
        .filter(|types| !types.is_null());
    let policy = NotificationPolicy {
        sequence_account_id: call.account_id(),
        name: call.text("name").unwrap_or_default().to_owned(),
        recipients,
        notification_types: types.map(|_| without_repetition(call.texts("notificationTypes"))),
        webhook_secret: (channel == "WEBHOOK")
            .then(|| secret.unwrap_or_else(|| format!("whsec_{}", id.replace('-', "")))),
        channel,
        created_at: call.tx.now_text(),
        id,
    };
    answer(call, &policy)
}

fn list(call: &mut Call<'_, '_>) -> Outcome {
    let wanted = call.query.all("notificationType").map(<[String]>::to_vec);
    let tests = wanted.into_iter().map(|mut types| {
        types.push(NotificationPolicy::ALL_TYPES.to_owned());
        Test::OneOf(Facet::NotificationType, types)
    });
    let scope = Scope {
        tests: tests.collect(),
        ..Scope::default()
    };
    list::page(call, &POLICIES, scope, |_, map| map.into())
}

fn add_types(call: &mut Call<'_, '_>) -> Outcome {
    let added = call.texts("notificationTypes");
    let mut policy = existing(call)?;
    if let Some(types) = policy.notification_types.take() {
        policy.notification_types = Some(without_repetition(types.into_iter().chain(added)));
    }
    answer(call, &policy)
}

fn remove_type(call: &mut Call<'_, '_>) -> Outcome {
    let known = enum_values("NotificationType", call.version).unwrap_or_default();
    let removed = call.path("type");
    if !known.contains(&removed) {
        return Err(Problem::invalid(format!(
            "path.type: {removed:?} has to be one of {}.",
            known.join(", ")
        )));
    }
    let mut policy = existing(call)?;
    let all = || known.iter().map(|one| (*one).to_owned()).collect();
    let mut types = policy.notification_types.unwrap_or_else(all);
    types.retain(|one| one != removed);
    policy.notification_types = Some(types);
    answer(call, &policy)
}

fn add_recipients(call: &mut Call<'_, '_>) -> Outcome {
    let added = call.texts("recipients");
    let mut policy = existing(call)?;
    check_recipients(call, &policy.channel, &added)?;
    policy.recipients = without_repetition(policy.recipients.into_iter().chain(added));
    answer(call, &policy)
}

fn remove_recipient(call: &mut Call<'_, '_>) -> Outcome {
    let removed = call.path("recipient");
    let mut policy = existing(call)?;
    policy.recipients.retain(|one| one != removed);
    if policy.recipients.is_empty() {
        let message = format!(
            "{removed} is the last recipient of the policy. Add another one first, or delete the policy."
        );
        return Err(Problem::illegal_state(message).assuming(A76));
    }
    answer(call, &policy)
}

fn existing(call: &Call<'_, '_>) -> Result<NotificationPolicy, Problem> {
    let id = call.path("id");
    call.tx
        .get(id)
        .ok_or_else(|| Problem::no(Kind::NotificationPolicy, id))
}

fn answer(call: &mut Call<'_, '_>, policy: &NotificationPolicy) -> Outcome {
    call.tx.put(policy);
    let stored = call.tx.map(Kind::NotificationPolicy, &policy.id);
    Ok(Answer::from(stored.unwrap_or_default()))
}

/// Refuses recipients that the channel cannot reach (A77).
fn check_recipients(call: &Call<'_, '_>, channel: &str, recipients: &[String]) -> Result<(), Problem> {
    let is_url = |text: &str| {
        let rest = text
            .strip_prefix("http://")
            .or_else(|| text.strip_prefix("https://"));
        rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
            && !text.contains(char::is_whitespace)
    };
    let is_address = |text: &str| {
        let parts = text.split_once('@');
        parts.is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'))
            && !text.contains(char::is_whitespace)
    };
    let (fits, wanted): (&dyn Fn(&str) -> bool, _) = match channel {
        "WEBHOOK" => (&is_url, "an http or https URL"),
        _ => (&is_address, "an e-mail address"),
    };
    match recipients.iter().find(|recipient| !fits(recipient)) {
        Some(recipient) => Err(Problem::invalid(format!(
            "body.recipients: {recipient:?} is not {wanted}, which {} sends to.",
            if call.body.contains_key("channel") {
                channel
            } else {
                "the policy"
            }
        ))
        .assuming(A77)),
        None => Ok(()),
    }
}

fn without_repetition(texts: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for text in texts {
        if !kept.contains(&text) {
            kept.push(text);
        }
    }
    kept
}
