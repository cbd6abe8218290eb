//! Settings of which the account has one record.
//!
//! Until they are changed, the defaults are answered, and nothing is stored. The document states those of invoices, which show
//! everything. No source states the others (A1): customers and merchant are notified of failed payments, and Stripe collects
//! nothing by itself.

use serde_json::{Map, Value, json};

use crate::assumptions::{A1, Assumption};
use crate::records::Kind;
use crate::records::ids::derived_id;
use crate::store::State;

use super::answer::Outcome;
use super::call::Call;
use super::entry::Entry;
use super::list;
use super::problem::Problem;
use super::resource;

/// A kind of settings.
struct Settings {
    kind: Kind,
    defaults: fn() -> Value,
    /// What the defaults depend on.
    assumed: Option<Assumption>,
}

const PAYMENTS: Settings = Settings {
    kind: Kind::AccountPaymentSettings,
    defaults: || {
        json!({
            "failureNotifications": {
                "merchantNotifications": "SEND_NOTIFICATIONS",
                "customerNotifications": "SEND_NOTIFICATIONS",
            },
        })
    },
    assumed: Some(A1),
};
const STRIPE: Settings = Settings {
    kind: Kind::StripeCollectionSettings,
    defaults: || json!({"enableAutomaticPayments": false, "autoEnableStripePayments": false, "retryOffsetDays": []}),
    assumed: Some(A1),
};
const RENDER: Settings = Settings {
    kind: Kind::InvoiceRenderSettings,
    defaults: || {
        json!({
            "paymentLinkDisplay": "SHOW_PAYMENT_LINK",
            "currencyConversionDisplay": "SHOW_CURRENCY_CONVERSION",
        })
    },
    assumed: None,
};

pub(super) const PAYMENTS_GET: Entry = Entry::stored(|call| get(call, &PAYMENTS), "document, A1");
pub(super) const PAYMENTS_UPDATE: Entry = Entry::stored(|call| update(call, &PAYMENTS), "document");
pub(super) const STRIPE_GET: Entry = Entry::stored(|call| get(call, &STRIPE), "document, A1");
pub(super) const STRIPE_UPDATE: Entry = Entry::stored(|call| update(call, &STRIPE), "document, A1");
pub(super) const RENDER_GET: Entry = Entry::real(|call| get(call, &RENDER), "document");
pub(super) const RENDER_UPDATE: Entry = Entry::real(|call| update(call, &RENDER), "document");

/// Whether invoices show a payment link.
pub(super) fn payment_link_display(state: &State) -> Value {
    let (mut map, _) = stored_or_default(state, &RENDER);
    map.remove("paymentLinkDisplay").unwrap_or_default()
}

fn get(call: &mut Call<'_, '_>, settings: &Settings) -> Outcome {
    Ok(current(call, settings).into())
}

/// The settings, or the defaults with the id that they will have.
fn current(call: &mut Call<'_, '_>, settings: &Settings) -> Map<String, Value> {
    let (mut map, is_stored) = stored_or_default(call.tx, settings);
    if !is_stored {
        if let Some(assumed) = settings.assumed {
            call.assume(assumed);
        }
        let account = call.account_id();
        let id = derived_id(&format!("{} {account}", settings.kind.name()));
        map.insert("id".to_owned(), id.into());
        map.insert("sequenceAccountId".to_owned(), account.into());
    }
    map
}

fn stored_or_default(state: &State, settings: &Settings) -> (Map<String, Value>, bool) {
    match (state.rows(settings.kind).next(), (settings.defaults)()) {
        (Some(row), _) => (list::map(&row.text()), true),
        (None, Value::Object(map)) => (map, false),
        (None, _) => (Map::new(), false),
    }
}

/// Changes the fields that are sent. Of the fields that can be `null`, `retryAnchor` is cleared by it, and the others stay.
fn update(call: &mut Call<'_, '_>, settings: &Settings) -> Outcome {
    let kind = settings.kind;
    let mut map = current(call, settings);
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
