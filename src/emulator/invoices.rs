//! Invoices: what they hold, and what may happen to them when.
//!
//! ```text
//! IN_PROGRESS ── draft ──► DRAFT ── finalize ──► FINAL ── send ──► SENT
//!      │                   │ │ └─ finalize_and_send, mark_as_sent ──▲
//!    delete           delete └────────── void ─► VOIDED ◄── void (FINAL; SENT while UNPAID or UNCOLLECTIBLE)
//! ```
//!
//! A call in the wrong status is refused with 400. Where no source says what
//! Sequence does, the emulator does this:
//!
//! - PUT clears what it leaves out, except the currency. Name, e-mails, addresses and
//!   accounting date cannot be cleared: they fall back to the customer and to the day
//!   of creation.
//! - Without a due date of its own an invoice gets one when it is finalized, 30 days on.
//! - A draft is finalized even without lines, and numbered `SEQ-00001` and on; so is a
//!   draft that is voided.
//! - Merging makes a new draft from the fields of the first invoice named and the lines
//!   of all, in that order; the merged drafts are gone.
//! - Only what is `SENT` takes `patch_sent`, and it refuses all fields but its own.
//! - The payment status can be set on anything but a voided invoice. The balance is the
//!   gross total until `PAID` or voided, and then zero; it starts with finalizing.
//! - All versions answer in the newest shape.

use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveDate, Utc};
use http::StatusCode;
use serde_json::{Map, Value, json};

use super::dispatch::{Answer, Call};
use super::line_items::{Group, Line};
use super::money::{self, Totals};
use super::pdf;
use super::problem::Problem;
use super::settings;
use super::state::{State, instant};

const PAYMENT_TERM_DAYS: u64 = 30;

/// Fields that an update can set and that nothing here interprets.
const STORED: [&str; 12] = [
    "billingPeriod",
    "billingRunId",
    "creditBalances",
    "customerBillingAddress",
    "customerEmails",
    "customerLegalCompanyName",
    "customerShippingAddress",
    "memo",
    "metadata",
    "paymentOptions",
    "purchaseOrderNumber",
    "reference",
];

/// Fields that can be changed after sending, besides the due date.
const STORED_WHEN_SENT: [&str; 4] = [
    "customerBillingAddress",
    "memo",
    "purchaseOrderNumber",
    "reference",
];

/// Stage of an invoice's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    InProgress,
    Draft,
    Final,
    Sent,
    Voided,
}

/// An invoice in the books.
#[derive(Debug, Clone)]
pub(super) struct Invoice {
    pub(super) id: String,
    /// Orders invoices by creation.
    pub(super) sequence: u64,
    pub(super) customer_id: String,
    pub(super) status: Status,
    pub(super) payment_status: String,
    pub(super) currency: String,
    pub(super) number: Option<String>,
    pub(super) accounting_date: NaiveDate,
    pub(super) due_date: Option<NaiveDate>,
    is_due_date_chosen: bool,
    issue_date: Option<NaiveDate>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    calculated_at: Option<DateTime<Utc>>,
    pub(super) sent_at: Option<DateTime<Utc>>,
    dunning_status: Option<&'static str>,
    /// Zero while there is no balance.
    balance_version: u64,
    /// Fields under the names that they have on the wire, never `null`.
    stored: Map<String, Value>,
    /// In printed order.
    pub(super) lines: Vec<Line>,
    /// In printed order.
    pub(super) groups: Vec<Group>,
}

impl Status {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::InProgress => "IN_PROGRESS",
            Self::Draft => "DRAFT",
            Self::Final => "FINAL",
            Self::Sent => "SENT",
            Self::Voided => "VOIDED",
        }
    }

    /// What an invoice in this status takes, for messages.
    fn takes(self) -> &'static str {
        match self {
            Self::InProgress => "draft, update_payment_status, delete",
            Self::Draft => {
                "update, patch, changes of lines and groups, finalize, finalize_and_send, mark_as_sent, merge, update_payment_status, void, delete"
            }
            Self::Final => "send, mark_as_sent, update_payment_status, void, download",
            Self::Sent => {
                "patch_sent, update_payment_status, send_payment_reminder while not paid, void while UNPAID or UNCOLLECTIBLE, download"
            }
            Self::Voided => "download",
        }
    }
}

impl Invoice {
    /// Refuses a call that the status does not allow.
    pub(super) fn require(&self, call: &str, allowed: &[Status]) -> Result<(), Problem> {
        if allowed.contains(&self.status) {
            return Ok(());
        }
        let wanted: Vec<_> = allowed.iter().map(|status| status.as_str()).collect();
        Err(Problem::illegal_state(format!(
            "Invoice {} is {}, but {call} needs {}. An invoice that is {} takes: {}.",
            self.id,
            self.status.as_str(),
            wanted.join(" or "),
            self.status.as_str(),
            self.status.takes()
        )))
    }

    /// Sum of all lines.
    pub(super) fn totals(&self) -> Totals {
        self.totals_of(self.lines.iter())
    }

    pub(super) fn totals_of<'a>(&self, lines: impl Iterator<Item = &'a Line>) -> Totals {
        checked_totals(lines, &self.currency)
            .expect("lines whose sum overflows are refused when they are written")
    }

    /// Refuses what no longer adds up; called before a change of lines or currency is kept.
    pub(super) fn check_totals(&self) -> Result<(), Problem> {
        match checked_totals(self.lines.iter(), &self.currency) {
            Some(_) => Ok(()),
            None => Err(Problem::invalid(
                "body: quantity, rate and taxRate lead to amounts beyond 28 digits; send smaller ones.",
            )),
        }
    }

    pub(super) fn touch(&mut self, now: DateTime<Utc>) {
        self.updated_at = now;
    }

    pub(super) fn text(&self, field: &str) -> Option<&str> {
        self.stored.get(field)?.as_str()
    }

    pub(super) fn issue_date(&self) -> Option<NaiveDate> {
        self.issue_date
    }

    pub(super) fn due_date_source(&self) -> &'static str {
        if self.is_due_date_chosen {
            "MANUAL"
        } else {
            "CALCULATED"
        }
    }

    pub(super) fn stored(&self, field: &str) -> Option<&Value> {
        self.stored.get(field)
    }

    /// Takes over the fields of a body. Those that are `null` are cleared; those that
    /// are left out too if `replace`.
    fn apply(&mut self, body: &Map<String, Value>, fields: &[&str], replace: bool) {
        for &field in fields {
            match body.get(field) {
                Some(Value::Null) => {
                    self.stored.remove(field);
                }
                Some(value) => {
                    self.stored.insert(field.to_owned(), without_nulls(value));
                }
                None if replace => {
                    self.stored.remove(field);
                }
                None => {}
            }
        }
    }

    fn apply_dates(&mut self, body: &Map<String, Value>, replace: bool) {
        let sent = |field: &str| match body.get(field) {
            Some(value) => Some(value.as_str().and_then(|text| text.parse().ok())),
            None => replace.then_some(None),
        };
        if let Some(date) = sent("accountingDate") {
            self.accounting_date = date.unwrap_or(self.created_at.date_naive());
        }
        if let Some(date) = sent("dueDate") {
            self.due_date = date;
            self.is_due_date_chosen = date.is_some();
        }
    }

    /// Fills what every invoice has from its customer.
    fn fill_from(&mut self, customer_fields: Map<String, Value>) {
        for (field, value) in customer_fields {
            self.stored.entry(field).or_insert(value);
        }
        self.stored.entry("metadata").or_insert_with(|| json!([]));
    }

    fn take_number(&mut self, last: &mut u64) {
        if self.number.is_none() {
            *last += 1;
            self.number = Some(format!("SEQ-{last:05}"));
        }
    }

    fn finalize(&mut self, last_number: &mut u64, now: DateTime<Utc>) {
        let today = now.date_naive();
        self.take_number(last_number);
        self.status = Status::Final;
        self.issue_date = Some(today);
        if self.due_date.is_none() {
            self.due_date = today.checked_add_days(Days::new(PAYMENT_TERM_DAYS));
        }
        self.balance_version += 1;
        self.updated_at = now;
    }

    fn become_sent(&mut self, dunning: &'static str, now: DateTime<Utc>) {
        self.status = Status::Sent;
        self.sent_at = Some(now);
        self.dunning_status = Some(dunning);
        self.updated_at = now;
    }

    fn owes_nothing(&self) -> bool {
        self.status == Status::Voided || self.payment_status == "PAID"
    }

    /// The short form, which most operations answer with.
    pub(super) fn short(&self, state: &State) -> Value {
        let totals = self.totals();
        let amount = |value| money::text(value, &self.currency);
        let mut out = self.stored.clone();
        out.remove("billingRunId");
        let mut put = |name: &str, value: Value| out.insert(name.to_owned(), value);
        put("id", self.id.as_str().into());
        put("sequenceAccountId", state.account_id.as_str().into());
        put("customerId", self.customer_id.as_str().into());
        put("status", self.status.as_str().into());
        put("paymentStatus", self.payment_status.as_str().into());
        put("currency", self.currency.as_str().into());
        put("accountingDate", self.accounting_date.to_string().into());
        put("netTotal", amount(totals.net).into());
        put("totalTax", amount(totals.tax).into());
        put("grossTotal", amount(totals.gross()).into());
        put("creditNoteIds", json!([]));
        put("linkedServices", json!([]));
        put("createdAt", instant(self.created_at).into());
        put("updatedAt", instant(self.updated_at).into());
        put("merchantDetails", merchant());
        let link = settings::payment_link_display(state);
        put("renderSettings", json!({"paymentLinkDisplay": link}));
        let customer = state.customers.get(&self.customer_id);
        put(
            "isCustomerArchived",
            customer.is_some_and(|c| c.is_archived()).into(),
        );
        let dates = [("issueDate", self.issue_date), ("dueDate", self.due_date)];
        for (name, date) in dates {
            if let Some(date) = date {
                put(name, date.to_string().into());
            }
        }
        if let Some(number) = &self.number {
            put("invoiceNumber", number.as_str().into());
        }
        if let Some(status) = self.dunning_status {
            put("dunningStatus", status.into());
        }
        if let Some(time) = self.calculated_at {
            put("calculatedAt", instant(time).into());
        }
        Value::Object(out)
    }

    /// The long form of get, create and update.
    fn full(&self, state: &State) -> Value {
        let mut out = self.short(state);
        out["dueDateSource"] = self.due_date_source().into();
        if !self.is_due_date_chosen {
            out["paymentTermDays"] = PAYMENT_TERM_DAYS.into();
        }
        if let Some(run) = self.stored.get("billingRunId") {
            out["billingRunId"] = run.clone();
        }
        if self.balance_version > 0 {
            let owed = if self.owes_nothing() {
                Totals::default()
            } else {
                self.totals()
            };
            out["balance"] = money::text(owed.gross(), &self.currency).into();
            out["balanceVersion"] = self.balance_version.into();
        }
        for list in [
            "appliedCreditNotes",
            "appliedCreditGrants",
            "projectedCreditGrants",
            "paymentAllocations",
            "attachmentAssets",
        ] {
            out[list] = json!([]);
        }
        out["integrationPaymentStatuses"] = json!({});
        out
    }
}

pub(super) fn invoice_create(state: &mut State, call: &Call) -> Result<Answer, Problem> {
    let body = call.body();
    let customer_id = call.text("customerId").unwrap_or_default();
    let Some(customer) = state.customers.get(customer_id) else {
        return Err(Problem::invalid(format!(
            "body.customerId: there is no customer {customer_id}; make one with `add_customer`."
        )));
    };
    let customer_fields = customer.invoice_fields();
    check_fields(body)?;
    let now = state.now();
    let mut invoice = Invoice {
        id: state.new_id(),
        sequence: state.next_sequence(),
        customer_id: customer_id.to_owned(),
        status: Status::Draft,
        payment_status: "UNPAID".to_owned(),
        currency: call.text("currency").unwrap_or_default().to_owned(),
        number: None,
        accounting_date: now.date_naive(),
        due_date: None,
        is_due_date_chosen: false,
        issue_date: None,
        created_at: now,
        updated_at: now,
        calculated_at: None,
        sent_at: None,
        dunning_status: None,
        balance_version: 0,
        stored: Map::new(),
        lines: Vec::new(),
        groups: Vec::new(),
    };
    invoice.apply(body, &STORED, true);
    invoice.apply(body, &["billingScheduleId"], true);
    invoice.apply_dates(body, true);
    invoice.fill_from(customer_fields);
    let answer = invoice.full(state);
    state.invoices.insert(invoice.id.clone(), invoice);
    Ok(Answer::Json(StatusCode::CREATED, answer))
}

pub(super) fn invoice_get(state: &State, call: &Call) -> Result<Answer, Problem> {
    let invoice = state.invoice(call.path("id"))?;
    Ok(Answer::ok(invoice.full(state)))
}

pub(super) fn invoice_update(state: &mut State, call: &Call) -> Result<Answer, Problem> {
    change_draft(state, call, "update", true)?;
    invoice_get(state, call)
}

pub(super) fn invoice_patch(state: &mut State, call: &Call) -> Result<Answer, Problem> {
    change_draft(state, call, "patch", false)?;
    short(state, call)
}

fn change_draft(state: &mut State, call: &Call, name: &str, replace: bool) -> Result<(), Problem> {
    let now = state.now();
    let before = state.invoice(call.path("id"))?;
    before.require(name, &[Status::Draft])?;
    let body = call.body();
    check_fields(body)?;
    let mut invoice = before.clone();
    // Only PUT knows the currency; a patch that names it is one with an unknown field.
    if replace && let Some(currency) = call.text("currency") {
        invoice.currency = currency.to_owned();
        invoice.check_totals()?;
    }
    invoice.apply(body, &STORED, replace);
    invoice.apply_dates(body, replace);
    invoice.fill_from(customer_fields(state, &invoice));
    invoice.touch(now);
    state.invoices.insert(invoice.id.clone(), invoice);
    Ok(())
}

pub(super) fn invoice_patch_sent(state: &mut State, call: &Call) -> Result<Answer, Problem> {
    let now = state.now();
    let before = state.invoice(call.path("id"))?;
    before.require("patch_sent", &[Status::Sent])?;
    let body = call.body();
    check_fields(body)?;
    let is_known = |field: &str| field == "dueDate" || STORED_WHEN_SENT.contains(&field);
    if let Some(other) = body.keys().find(|field| !is_known(field)) {
        return Err(Problem::invalid(format!(
            "body.{other}: a sent invoice takes only dueDate, {}.",
            STORED_WHEN_SENT.join(", ")
        )));
    }
    if body.get("dueDate") == Some(&Value::Null) {
        return Err(Problem::invalid(
            "body.dueDate: the due date of a sent invoice can be moved but not cleared; send a date, or leave it out.",
        ));
    }
    let mut invoice = before.clone();
    invoice.apply(body, &STORED_WHEN_SENT, false);
    invoice.apply_dates(body, false);
    invoice.fill_from(customer_fields(state, &invoice));
    invoice.touch(now);
    state.invoices.insert(invoice.id.clone(), invoice);
    short(state, call)
}

pub(super) fn invoice_delete(state: &mut State, call: &Call) -> Result<Answer, Problem> {
    let id = call.path("id");
    let invoice = state.invoice(id)?;
    invoice.require("delete", &[Status::Draft, Status::InProgress])?;
    let answer = invoice.short(state);
    forget(state, id);
    Ok(Answer::ok(answer))
}

pub(super) fn invoice_draft(state: &mut State, call: &Call) -> Result<Answer, Problem> {
    let now = state.now();
    let invoice = state.invoice_mut(call.path("id"))?;
    invoice.require("draft", &[Status::InProgress])?;
    invoice.status = Status::Draft;
    invoice.calculated_at = Some(now);
    invoice.touch(now);
    short(state, call)
}

pub(super) fn invoice_finalize(state: &mut State, call: &Call) -> Result<Answer, Problem> {
    finalize(state, call, "finalize")?;
    short(state, call)
}

pub(super) fn invoice_send(state: &mut State, call: &Call) -> Result<Answer, Problem> {
    let now = state.now();
    let invoice = state.invoice_mut(call.path("id"))?;
    invoice.require("send", &[Status::Final])?;
    invoice.become_sent("SCHEDULED", now);
    short(state, call)
}

pub(super) fn invoice_finalize_and_send(state: &mut State, call: &Call) -> Result<Answer, Problem> {
    finalize(state, call, "finalize_and_send")?;
    invoice_send(state, call)
}

pub(super) fn invoice_mark_as_sent(state: &mut State, call: &Call) -> Result<Answer, Problem> {
    let now = state.now();
    let invoice = state.invoice(call.path("id"))?;
    invoice.require("mark_as_sent", &[Status::Draft, Status::Final])?;
    if invoice.status == Status::Draft {
        finalize(state, call, "mark_as_sent")?;
    }
    // Reminder workflows do not start for what was marked by hand.
    state
        .invoice_mut(call.path("id"))?
        .become_sent("NOT_REQUIRED", now);
    short(state, call)
}

pub(super) fn invoice_void(state: &mut State, call: &Call) -> Result<Answer, Problem> {
    let now = state.now();
    let mut last_number = state.last_invoice_number;
    let invoice = state.invoice_mut(call.path("id"))?;
    invoice.require("void", &[Status::Draft, Status::Final, Status::Sent])?;
    let may_be_voided = matches!(invoice.payment_status.as_str(), "UNPAID" | "UNCOLLECTIBLE");
    if invoice.status == Status::Sent && !may_be_voided {
        return Err(Problem::illegal_state(format!(
            "Invoice {} is SENT and {}; void needs UNPAID or UNCOLLECTIBLE there. Set the payment status first, or create a credit note.",
            invoice.id, invoice.payment_status
        )));
    }
    invoice.take_number(&mut last_number);
    invoice.status = Status::Voided;
    if invoice.balance_version > 0 {
        invoice.balance_version += 1;
    }
    invoice.touch(now);
    state.last_invoice_number = last_number;
    short(state, call)
}

pub(super) fn invoice_update_payment_status(state: &mut State, call: &Call) -> Result<Answer, Problem> {
    let now = state.now();
    let invoice = state.invoice_mut(call.path("id"))?;
    let allowed = [Status::InProgress, Status::Draft, Status::Final, Status::Sent];
    invoice.require("update_payment_status", &allowed)?;
    let owed_nothing = invoice.owes_nothing();
    invoice.payment_status = call.text("paymentStatus").unwrap_or_default().to_owned();
    if invoice.balance_version > 0 && invoice.owes_nothing() != owed_nothing {
        invoice.balance_version += 1;
    }
    if invoice.payment_status == "PAID" && invoice.dunning_status == Some("SCHEDULED") {
        invoice.dunning_status = Some("COMPLETED");
    }
    invoice.touch(now);
    short(state, call)
}

pub(super) fn invoice_send_payment_reminder(state: &State, call: &Call) -> Result<Answer, Problem> {
    let invoice = state.invoice(call.path("id"))?;
    invoice.require("send_payment_reminder", &[Status::Sent])?;
    if !matches!(invoice.payment_status.as_str(), "UNPAID" | "PARTIALLY_PAID") {
        return Err(Problem::illegal_state(format!(
            "Invoice {} is {}; a reminder needs UNPAID or PARTIALLY_PAID.",
            invoice.id, invoice.payment_status
        )));
    }
    short(state, call)
}

pub(super) fn invoice_merge(state: &mut State, call: &Call) -> Result<Answer, Problem> {
    let ids = call.texts("invoiceIds");
    let distinct: BTreeSet<_> = ids.iter().collect();
    if ids.len() < 2 || distinct.len() != ids.len() {
        return Err(Problem::invalid(
            "body.invoiceIds: name at least two invoices, each of them once.",
        ));
    }
    let mut sources = Vec::new();
    for id in &ids {
        let source = state.invoice(id)?;
        source.require("merge", &[Status::Draft])?;
        sources.push(source.clone());
    }
    let first = &sources[0];
    let is_alike =
        |other: &&Invoice| other.customer_id == first.customer_id && other.currency == first.currency;
    if let Some(other) = sources.iter().find(|other| !is_alike(other)) {
        return Err(Problem::invalid(format!(
            "body.invoiceIds: invoice {} has another customer or currency than {}; merge only what agrees in both.",
            other.id, first.id
        )));
    }

    let now = state.now();
    let mut merged = first.clone();
    merged.id = state.new_id();
    merged.sequence = state.next_sequence();
    merged.created_at = now;
    merged.updated_at = now;
    merged.lines = sources.iter().flat_map(|s| s.lines.iter().cloned()).collect();
    merged.groups = sources.iter().flat_map(|s| s.groups.iter().cloned()).collect();
    merged.check_totals()?;
    for id in &ids {
        forget(state, id);
    }
    let answer = merged.short(state);
    state.invoices.insert(merged.id.clone(), merged);
    Ok(Answer::Json(StatusCode::CREATED, answer))
}

pub(super) fn invoice_currency_conversion_list(state: &State, call: &Call) -> Result<Answer, Problem> {
    state.invoice(call.path("id"))?;
    Ok(Answer::ok(json!({"items": []})))
}

pub(super) fn invoice_download(state: &State, call: &Call) -> Result<Answer, Problem> {
    let invoice = state.invoice(call.path("id"))?;
    invoice.require("download", &[Status::Final, Status::Sent, Status::Voided])?;
    let name = invoice.number.as_deref().unwrap_or(&invoice.id);
    Ok(Answer::Pdf {
        file_name: format!("{name}.pdf"),
        bytes: pdf::of_invoice(invoice),
    })
}

/// Turns a draft into the invoice of a running billing period. Returns `false` if the draft does not exist.
pub(super) fn put_in_progress(state: &mut State, id: &str) -> bool {
    match state.invoices.get_mut(id) {
        Some(invoice) if invoice.status == Status::Draft => {
            invoice.status = Status::InProgress;
            true
        }
        _ => false,
    }
}

fn finalize(state: &mut State, call: &Call, name: &str) -> Result<(), Problem> {
    let now = state.now();
    let mut last_number = state.last_invoice_number;
    let invoice = state.invoice_mut(call.path("id"))?;
    invoice.require(name, &[Status::Draft])?;
    invoice.finalize(&mut last_number, now);
    state.last_invoice_number = last_number;
    Ok(())
}

fn short(state: &State, call: &Call) -> Result<Answer, Problem> {
    let invoice = state.invoice(call.path("id"))?;
    Ok(Answer::ok(invoice.short(state)))
}

/// Removes an invoice and what belongs to it.
fn forget(state: &mut State, id: &str) {
    state.invoices.remove(id);
    state
        .payment_settings
        .retain(|_, settings| settings.invoice_id != id);
}

fn customer_fields(state: &State, invoice: &Invoice) -> Map<String, Value> {
    let customer = state.customers.get(&invoice.customer_id);
    customer.map(|c| c.invoice_fields()).unwrap_or_default()
}

/// Rules that the document states in words, not in schemas.
fn check_fields(body: &Map<String, Value>) -> Result<(), Problem> {
    if let Some(Value::Array(assets)) = body.get("attachmentAssetIds")
        && !assets.is_empty()
    {
        return Err(Problem::not_imitated(
            "body.attachmentAssetIds: the emulator keeps no files; leave the list out, or send it empty.",
        ));
    }
    for field in ["customerBillingAddress", "customerShippingAddress"] {
        if let Some(Value::Object(address)) = body.get(field) {
            let needs_state = matches!(address.get("country").and_then(Value::as_str), Some("US" | "CA"));
            if needs_state && address.get("state").is_none_or(Value::is_null) {
                return Err(Problem::invalid(format!(
                    "body.{field}.state: addresses in the USA and in Canada must have one."
                )));
            }
        }
    }
    if let Some(Value::Object(period)) = body.get("billingPeriod") {
        let day = |name: &str| period.get(name).and_then(Value::as_str);
        // Dates in this form sort as text.
        if day("start") > day("endInclusive") {
            return Err(Problem::invalid("body.billingPeriod: it starts after its end."));
        }
    }
    Ok(())
}

fn checked_totals<'a>(lines: impl Iterator<Item = &'a Line>, currency: &str) -> Option<Totals> {
    let mut sum = Totals::default();
    for line in lines {
        sum = sum.checked_add(line.totals(currency)?)?;
    }
    Some(sum)
}

/// Answers leave out what is not there, however deep a request wrote `null`.
pub(super) fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(map) => map
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name.clone(), without_nulls(value)))
            .collect(),
        Value::Array(items) => items.iter().map(without_nulls).collect(),
        other => other.clone(),
    }
}

fn merchant() -> Value {
    json!({
        "legalCompanyName": pdf::MERCHANT,
        "email": "finance@merchant.example",
        "address": {
            "line1": "2 Example Street",
            "town": "London",
            "postcode": "EC1A 1AA",
            "country": "GB",
        },
        "customFields": [],
        "includeBeneficiaryAddressInPaymentDetails": false,
    })
}
