//! Render settings and payment settings of invoices.
//!
//! An account has one record of render settings, made when it is first asked for.
//! An invoice has at most one record of payment settings; a second one is refused
//! with 400, and asking by invoice where there is none is 404.

use http::StatusCode;
use serde_json::{Value, json};

use super::dispatch::{Answer, Call};
use super::problem::Problem;
use super::state::State;

const SHOW_PAYMENT_LINK: &str = "SHOW_PAYMENT_LINK";
const SHOW_CURRENCY_CONVERSION: &str = "SHOW_CURRENCY_CONVERSION";

/// How invoices of the account are shown.
#[derive(Debug)]
pub(super) struct RenderSettings {
    id: String,
    payment_link: String,
    currency_conversion: String,
}

/// Who collects the payment of one invoice.
#[derive(Debug)]
pub(super) struct PaymentSettings {
    id: String,
    pub(super) invoice_id: String,
    customer_id: String,
    provider: String,
}

impl RenderSettings {
    fn write(&self) -> Value {
        json!({
            "id": self.id,
            "paymentLinkDisplay": self.payment_link,
            "currencyConversionDisplay": self.currency_conversion,
        })
    }
}

impl PaymentSettings {
    fn write(&self, state: &State) -> Value {
        json!({
            "id": self.id,
            "sequenceAccountId": state.account_id,
            "invoiceId": self.invoice_id,
            "customerId": self.customer_id,
            "paymentProvider": self.provider,
        })
    }
}

/// The preference that every invoice shows.
pub(super) fn payment_link_display(state: &State) -> &str {
    let settings = state.render_settings.as_ref();
    settings.map_or(SHOW_PAYMENT_LINK, |s| s.payment_link.as_str())
}

pub(super) fn invoice_render_settings_get(state: &mut State) -> Answer {
    if state.render_settings.is_none() {
        state.render_settings = Some(RenderSettings {
            id: state.new_id(),
            payment_link: SHOW_PAYMENT_LINK.to_owned(),
            currency_conversion: SHOW_CURRENCY_CONVERSION.to_owned(),
        });
    }
    let settings = state.render_settings.as_ref();
    Answer::ok(settings.expect("it was made above").write())
}

pub(super) fn invoice_render_settings_update(state: &mut State, call: &Call) -> Result<Answer, Problem> {
    let id = call.path("id");
    let settings = state
        .render_settings
        .as_mut()
        .filter(|settings| settings.id == id)
        .ok_or_else(|| {
            Problem::not_found(format!(
                "There are no render settings {id}; the id is in `GET /invoices/render-settings`."
            ))
        })?;
    if let Some(preference) = call.text("paymentLinkDisplay") {
        settings.payment_link = preference.to_owned();
    }
    if let Some(preference) = call.text("currencyConversionDisplay") {
        settings.currency_conversion = preference.to_owned();
    }
    Ok(Answer::ok(settings.write()))
}

pub(super) fn invoice_payment_settings_create(state: &mut State, call: &Call) -> Result<Answer, Problem> {
    let invoice_id = call.text("invoiceId").unwrap_or_default();
    let Ok(invoice) = state.invoice(invoice_id) else {
        return Err(Problem::invalid(format!(
            "body.invoiceId: there is no invoice {invoice_id}."
        )));
    };
    let customer_id = invoice.customer_id.clone();
    if call.text("customerId").is_some_and(|id| id != customer_id) {
        return Err(Problem::invalid(format!(
            "body.customerId: the invoice belongs to customer {customer_id}; leave the field out, or send that."
        )));
    }
    if let Some(existing) = state
        .payment_settings
        .values()
        .find(|s| s.invoice_id == invoice_id)
    {
        return Err(Problem::invalid(format!(
            "Invoice {invoice_id} has payment settings already; update {} instead.",
            existing.id
        )));
    }
    let settings = PaymentSettings {
        id: state.new_id(),
        invoice_id: invoice_id.to_owned(),
        customer_id,
        provider: call.text("paymentProvider").unwrap_or_default().to_owned(),
    };
    let answer = settings.write(state);
    state.payment_settings.insert(settings.id.clone(), settings);
    Ok(Answer::Json(StatusCode::CREATED, answer))
}

pub(super) fn invoice_payment_settings_get(state: &State, call: &Call) -> Result<Answer, Problem> {
    let id = call.path("id");
    let settings = state.payment_settings.get(id).ok_or_else(|| no_settings(id))?;
    Ok(Answer::ok(settings.write(state)))
}

pub(super) fn invoice_payment_settings_get_for_invoice(
    state: &State,
    call: &Call,
) -> Result<Answer, Problem> {
    let invoice_id = call.path("id");
    let settings = state
        .payment_settings
        .values()
        .find(|settings| settings.invoice_id == invoice_id)
        .ok_or_else(|| {
            Problem::not_found(format!(
                "Invoice {invoice_id} does not exist, or has no payment settings of its own."
            ))
        })?;
    let mut answer = settings.write(state);
    // This one operation leaves the customer out.
    if let Some(fields) = answer.as_object_mut() {
        fields.remove("customerId");
    }
    Ok(Answer::ok(answer))
}

pub(super) fn invoice_payment_settings_update(state: &mut State, call: &Call) -> Result<Answer, Problem> {
    let id = call.path("id");
    let settings = state
        .payment_settings
        .get_mut(id)
        .ok_or_else(|| no_settings(id))?;
    settings.provider = call.text("paymentProvider").unwrap_or_default().to_owned();
    invoice_payment_settings_get(state, call)
}

pub(super) fn invoice_payment_settings_delete(state: &mut State, call: &Call) -> Result<Answer, Problem> {
    let answer = invoice_payment_settings_get(state, call)?;
    state.payment_settings.remove(call.path("id"));
    Ok(answer)
}

fn no_settings(id: &str) -> Problem {
    Problem::not_found(format!(
        "There are no payment settings {id}; send the id of the settings, not of the invoice."
    ))
}
