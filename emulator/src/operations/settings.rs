//! Settings of which the account has one record.
//!
//! Until they are changed, the defaults are answered, and nothing is stored. No source states the defaults (A1): customers and
//! merchant are notified of failed payments, and Stripe collects nothing by itself.

use serde_json::{Map, Value, json};

use crate::assumptions::A1;
use crate::records::Kind;
use crate::records::ids::derived_id;

use super::answer::Outcome;
use super::call::Call;
use super::entry::Entry;
use super::list;
use super::problem::Problem;
use super::resource;

pub(super) const PAYMENTS_GET: Entry = Entry::stored(
    |call| Ok(current(call, Kind::AccountPaymentSettings, payments()).into()),
    "document, A1",
);
pub(super) const PAYMENTS_UPDATE: Entry = Entry::stored(
    |call| update(call, Kind::AccountPaymentSettings, payments()),
    "document",
);
pub(super) const STRIPE_GET: Entry = Entry::stored(
    |call| Ok(current(call, Kind::StripeCollectionSettings, stripe()).into()),
    "document, A1",
);
pub(super) const STRIPE_UPDATE: Entry = Entry::stored(
    |call| update(call, Kind::StripeCollectionSettings, stripe()),
    "document, A1",
);

fn payments() -> Value {
    json!({
        "failureNotifications": {
            "merchantNotifications": "SEND_NOTIFICATIONS",
            "customerNotifications": "SEND_NOTIFICATIONS",
        },
    })
}

fn stripe() -> Value {
    json!({"enableAutomaticPayments": false, "autoEnableStripePayments": false, "retryOffsetDays": []})
}

/// The settings, or the defaults with the id that they will have.
fn current(call: &mut Call<'_, '_>, kind: Kind, defaults: Value) -> Map<String, Value> {
    if let Some(row) = call.tx.rows(kind).next() {
        return list::map(row.text());
    }
    call.assume(A1);
    let account = call.account_id();
    let mut map = match defaults {
        Value::Object(map) => map,
        _ => Map::new(),
    };
    map.insert(
        "id".to_owned(),
        derived_id(&format!("{} {account}", kind.name())).into(),
    );
    map.insert("sequenceAccountId".to_owned(), account.into());
    map
}

/// Changes the fields that are sent. Of the fields that can be `null`, `retryAnchor` is cleared by it, and the others stay.
fn update(call: &mut Call<'_, '_>, kind: Kind, defaults: Value) -> Outcome {
    let mut map = current(call, kind, defaults);
    if map.get("id").and_then(Value::as_str) != Some(call.id()) {
        return Err(Problem::not_found(format!(
            "There are no {} {}. The response to GET has the id.",
            kind.name(),
            call.id()
        )));
    }
    map.extend(resource::sent(call));
    if call.body.get("retryAnchor").is_some_and(Value::is_null) {
        map.remove("retryAnchor");
    }
    resource::store(call, kind, &map);
    let account = call.account_id();
    call.tx.announce("MERCHANT_UPDATED", Kind::Account, &account);
    Ok(map.into())
}
