//! Lines of an invoice and the groups they stand in. They change only while it is a draft.
//!
//! The `index` is the place in the printed order, from zero; it follows when
//! something before it goes. New lines and groups go last. Where no source says
//! what Sequence does:
//!
//! - Deleting a group keeps its lines, without a group.
//! - Revenue fields and service period of a group are given to its lines when the
//!   group is updated, and to a new line that does not set them.
//! - Tax categories are not imitated: naming one answers 501.

use http::StatusCode;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::dispatch::{Answer, Call};
use super::invoices::{Invoice, Status, without_nulls};
use super::money::{self, Totals};
use super::pages::{Entry, SortKey, page};
use super::problem::Problem;
use super::state::State;

/// Fields of a line that nothing here interprets.
const STORED: [&str; 14] = [
    "creditGrantId",
    "description",
    "externalIds",
    "priceId",
    "quantity",
    "rate",
    "rateDisplay",
    "revenueClassification",
    "revenueRecognitionMethod",
    "servicePeriod",
    "servicePeriodEnd",
    "servicePeriodStart",
    "taxRate",
    "title",
];

/// A line of an invoice.
#[derive(Debug, Clone)]
pub(super) struct Line {
    id: String,
    sequence: u64,
    pub(super) quantity: Decimal,
    rate: Decimal,
    tax_rate: Decimal,
    group_id: Option<String>,
    /// Fields under the names that they have on the wire, never `null`.
    stored: Map<String, Value>,
}

/// A heading, and what its lines have in common.
#[derive(Debug, Clone)]
pub(super) struct Group {
    id: String,
    sequence: u64,
    title: String,
    description: Option<String>,
    /// Fields for its lines, under their names.
    for_lines: Map<String, Value>,
}

impl Line {
    pub(super) fn totals(&self, currency: &str) -> Option<Totals> {
        Totals::of_line(self.quantity, self.rate, self.tax_rate, currency)
    }

    pub(super) fn title(&self) -> &str {
        self.stored
            .get("title")
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// Takes the fields of a whole line from a body.
    fn set(&mut self, invoice: &Invoice, call: &Call) -> Result<(), Problem> {
        let body = call.body();
        let decimal = |name: &str| {
            let sent = call.text(name).and_then(money::parse);
            sent.ok_or_else(|| Problem::invalid(format!("body.{name}: is not a decimal.")))
        };
        self.quantity = decimal("quantity")?;
        self.rate = decimal("rate")?;
        self.tax_rate = decimal("taxRate")?;
        let fields = STORED
            .iter()
            .filter_map(|field| Some((*field, body.get(*field)?)));
        self.stored = fields
            .filter(|(_, value)| !value.is_null())
            .map(|(field, value)| (field.to_owned(), without_nulls(value)))
            .collect();
        self.stored
            .entry("rateDisplay")
            .or_insert_with(|| "ABSOLUTE".into());
        self.group_id = call.text("groupId").map(str::to_owned);
        if let Some(group_id) = &self.group_id {
            let Some(group) = invoice.groups.iter().find(|group| group.id == *group_id) else {
                return Err(Problem::invalid(format!(
                    "body.groupId: invoice {} has no group {group_id}; create it first.",
                    invoice.id
                )));
            };
            for (field, value) in &group.for_lines {
                self.stored.entry(field).or_insert_with(|| value.clone());
            }
        }
        Ok(())
    }

    fn write(&self, invoice: &Invoice, index: usize) -> Value {
        let totals = invoice.totals_of(std::iter::once(self));
        let mut out = self.stored.clone();
        let mut put = |name: &str, value: Value| out.insert(name.to_owned(), value);
        put("id", self.id.as_str().into());
        put("invoiceId", invoice.id.as_str().into());
        put("index", index.into());
        if let Some(group_id) = &self.group_id {
            put("groupId", group_id.as_str().into());
        }
        write_totals(&mut out, totals, &invoice.currency);
        Value::Object(out)
    }
}

impl Group {
    fn set(&mut self, call: &Call) -> Result<(), Problem> {
        let body = call.body();
        if call.text("taxCategoryId").is_some() {
            return Err(Problem::not_imitated(
                "body.taxCategoryId: the emulator has no tax categories; set `taxRate` on the lines.",
            ));
        }
        self.title = call.text("title").unwrap_or_default().to_owned();
        self.description = call.text("description").map(str::to_owned);
        self.for_lines = Map::new();
        for field in ["revenueClassification", "revenueRecognitionMethod"] {
            if let Some(value) = call.text(field) {
                self.for_lines.insert(field.to_owned(), value.into());
            }
        }
        // A group has the other kind of date range than a line.
        if let Some(Value::Object(period)) = body.get("servicePeriod") {
            let range = json!({"startDate": period["start"], "endDate": period["endInclusive"]});
            self.for_lines.insert("servicePeriod".to_owned(), range);
        }
        Ok(())
    }

    fn write(&self, invoice: &Invoice, index: usize) -> Value {
        let is_mine = |line: &&Line| line.group_id.as_deref() == Some(&self.id);
        let totals = invoice.totals_of(invoice.lines.iter().filter(is_mine));
        let mut out = Map::new();
        let mut put = |name: &str, value: Value| out.insert(name.to_owned(), value);
        put("id", self.id.as_str().into());
        put("invoiceId", invoice.id.as_str().into());
        put("index", index.into());
        put("title", self.title.as_str().into());
        if let Some(description) = &self.description {
            put("description", description.as_str().into());
        }
        write_totals(&mut out, totals, &invoice.currency);
        Value::Object(out)
    }
}

pub(super) fn invoice_line_item_list(state: &State, call: &Call) -> Result<Answer, Problem> {
    let invoice = state.invoice(call.path("invoice"))?;
    let lines = invoice.lines.iter().enumerate();
    let entries = lines.map(|(index, line)| in_order(index, line.sequence, line));
    let page = page(entries.collect(), call, |(index, line)| {
        line.write(invoice, *index)
    })?;
    Ok(Answer::ok(page))
}

pub(super) fn invoice_line_item_create(state: &mut State, call: &Call) -> Result<Answer, Problem> {
    let mut invoice = draft(state, call, "adding a line")?;
    let mut line = Line {
        id: state.new_id(),
        sequence: state.next_sequence(),
        quantity: Decimal::ZERO,
        rate: Decimal::ZERO,
        tax_rate: Decimal::ZERO,
        group_id: None,
        stored: Map::new(),
    };
    line.set(&invoice, call)?;
    invoice.lines.push(line);
    invoice.check_totals()?;
    let index = invoice.lines.len() - 1;
    let answer = invoice.lines[index].write(&invoice, index);
    keep(state, invoice);
    Ok(Answer::Json(StatusCode::CREATED, answer))
}

pub(super) fn invoice_line_item_update(state: &mut State, call: &Call) -> Result<Answer, Problem> {
    let mut invoice = draft(state, call, "changing a line")?;
    let index = line_index(&invoice, call)?;
    let mut line = invoice.lines[index].clone();
    line.set(&invoice, call)?;
    invoice.lines[index] = line;
    invoice.check_totals()?;
    let answer = invoice.lines[index].write(&invoice, index);
    keep(state, invoice);
    Ok(Answer::ok(answer))
}

pub(super) fn invoice_line_item_delete(state: &mut State, call: &Call) -> Result<Answer, Problem> {
    let mut invoice = draft(state, call, "deleting a line")?;
    let index = line_index(&invoice, call)?;
    let answer = invoice.lines[index].write(&invoice, index);
    invoice.lines.remove(index);
    keep(state, invoice);
    Ok(Answer::ok(answer))
}

pub(super) fn invoice_line_item_group_list(state: &State, call: &Call) -> Result<Answer, Problem> {
    let invoice = state.invoice(call.path("invoice"))?;
    let groups = invoice.groups.iter().enumerate();
    let entries = groups.map(|(index, group)| in_order(index, group.sequence, group));
    let page = page(entries.collect(), call, |(index, group)| {
        group.write(invoice, *index)
    })?;
    Ok(Answer::ok(page))
}

pub(super) fn invoice_line_item_group_create(state: &mut State, call: &Call) -> Result<Answer, Problem> {
    let mut invoice = draft(state, call, "adding a group")?;
    let mut group = Group {
        id: state.new_id(),
        sequence: state.next_sequence(),
        title: String::new(),
        description: None,
        for_lines: Map::new(),
    };
    group.set(call)?;
    let answer = group.write(&invoice, invoice.groups.len());
    invoice.groups.push(group);
    keep(state, invoice);
    Ok(Answer::Json(StatusCode::CREATED, answer))
}

pub(super) fn invoice_line_item_group_update(state: &mut State, call: &Call) -> Result<Answer, Problem> {
    let mut invoice = draft(state, call, "changing a group")?;
    let mut index = group_index(&invoice, call)?;
    let mut group = invoice.groups.remove(index);
    group.set(call)?;
    for line in &mut invoice.lines {
        if line.group_id.as_deref() == Some(&group.id) {
            line.stored.extend(group.for_lines.clone());
        }
    }
    if let Some(wanted) = call.body().get("index").and_then(Value::as_i64) {
        // Beyond either end means at that end.
        let last = invoice.groups.len();
        index = usize::try_from(wanted.max(0)).map_or(last, |wanted| wanted.min(last));
    }
    invoice.groups.insert(index, group);
    let answer = invoice.groups[index].write(&invoice, index);
    keep(state, invoice);
    Ok(Answer::ok(answer))
}

pub(super) fn invoice_line_item_group_delete(state: &mut State, call: &Call) -> Result<Answer, Problem> {
    let mut invoice = draft(state, call, "deleting a group")?;
    let index = group_index(&invoice, call)?;
    let answer = invoice.groups[index].write(&invoice, index);
    let group = invoice.groups.remove(index);
    for line in &mut invoice.lines {
        line.group_id.take_if(|id| *id == group.id);
    }
    keep(state, invoice);
    Ok(Answer::ok(answer))
}

/// A copy of the invoice to change, so that a refused call leaves no trace.
fn draft(state: &State, call: &Call, what: &str) -> Result<Invoice, Problem> {
    let invoice = state.invoice(call.path("invoice"))?;
    invoice.require(what, &[Status::Draft])?;
    Ok(invoice.clone())
}

fn keep(state: &mut State, mut invoice: Invoice) {
    invoice.touch(state.now());
    state.invoices.insert(invoice.id.clone(), invoice);
}

fn line_index(invoice: &Invoice, call: &Call) -> Result<usize, Problem> {
    let id = call.path("id");
    let position = invoice.lines.iter().position(|line| line.id == id);
    position.ok_or_else(|| Problem::not_found(format!("Invoice {} has no line {id}.", invoice.id)))
}

fn group_index(invoice: &Invoice, call: &Call) -> Result<usize, Problem> {
    let id = call.path("id");
    let position = invoice.groups.iter().position(|group| group.id == id);
    position.ok_or_else(|| Problem::not_found(format!("Invoice {} has no group {id}.", invoice.id)))
}

fn in_order<T>(index: usize, sequence: u64, item: T) -> Entry<(usize, T)> {
    Entry {
        key: SortKey::Number(index.into()),
        sequence,
        item: (index, item),
    }
}

fn write_totals(out: &mut Map<String, Value>, totals: Totals, currency: &str) {
    let amounts = [
        ("netTotal", totals.net),
        ("totalTax", totals.tax),
        ("grossTotal", totals.gross()),
    ];
    for (name, amount) in amounts {
        out.insert(name.to_owned(), money::text(amount, currency).into());
    }
}
