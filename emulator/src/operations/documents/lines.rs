//! Lines of a document. They can be changed while it is a draft.
//!
//! The `index` is the place in the printed order, from 0: new lines go last, and those behind a deleted one move up. Lists
//! are sorted by it. A line without revenue fields or a service period has those of its group.

use rust_decimal::Decimal;
use serde_json::{Map, Value};

use crate::assumptions::Assumed;
use crate::contract;
use crate::records::{Facet, Kind, LineItem};
use crate::store::Order;

use super::super::answer::{Answer, Outcome};
use super::super::call::Call;
use super::super::list::{self, List, Scope};
use super::super::problem::Problem;
use super::super::resource;
use super::{Editable, amounts, draft, existing, groups, printed, renumber, store_changed, write_amounts};

/// Fields of a body that the record has as its own fields.
const OWN: [&str; 6] = ["title", "quantity", "rate", "taxRate", "groupId", "creditNoteId"];

/// Fields with the id of another record, which has to exist (A4).
const REFERENCES: [(&str, Kind); 3] = [
    ("priceId", Kind::Price),
    ("productId", Kind::Product),
    ("creditGrantId", Kind::CreditGrant),
];

pub(in super::super) fn list<D: Editable>(call: &mut Call<'_, '_>) -> Outcome {
    let document: D = existing(call, call.path(D::PARAMETER))?;
    let scope = Scope {
        order: Order::By(Facet::Index),
        ..Scope::of_parent(D::PARENT, document.id())
    };
    list::page(call, &List::of(D::LINE, &[]), scope, |call, map| {
        let line = serde_json::from_value::<LineItem<D>>(map.into());
        line.map_or(Value::Null, |line| shown(call, &line))
    })
}

pub(in super::super) fn create<D: Editable>(call: &mut Call<'_, '_>) -> Outcome {
    let mut document: D = draft(call, "adding a line")?;
    let count = call.tx.rows_with(D::LINE, D::PARENT, document.id()).count();
    let index = u32::try_from(count).map_err(|_| Problem::invalid("The document has too many lines."))?;
    let mut line = LineItem::new(call.tx.new_id(), document.id(), index);
    read(call, &document, &mut line, None)?;
    let currency = amounts::currency(document.currency())?;
    amounts::add(document.sums(), &line, currency)?;
    document.check_sums(call)?;
    call.tx.put(&line);
    store_changed(call, document);
    Ok(Answer::Json(shown(call, &line)))
}

pub(in super::super) fn update<D: Editable>(call: &mut Call<'_, '_>) -> Outcome {
    let document: D = draft(call, "changing a line")?;
    let former = of_document(call, &document)?;
    let mut line = LineItem::new(former.id.clone(), document.id(), former.index);
    read(call, &document, &mut line, Some(former))?;
    call.tx.put(&line);
    let shown = shown(call, &line);
    store_resummed(call, document)?;
    Ok(Answer::Json(shown))
}

pub(in super::super) fn delete<D: Editable>(call: &mut Call<'_, '_>) -> Outcome {
    let document: D = draft(call, "deleting a line")?;
    let line = of_document(call, &document)?;
    let shown = shown(call, &line);
    call.tx.remove(D::LINE, &line.id);
    renumber::<D>(call.tx, document.id());
    store_resummed(call, document)?;
    Ok(Answer::Json(shown))
}

fn store_resummed<D: Editable>(call: &mut Call<'_, '_>, mut document: D) -> Result<(), Problem> {
    amounts::resum(call.tx, &mut document)?;
    document.check_sums(call)?;
    store_changed(call, document);
    Ok(())
}

/// The line that the path names.
fn of_document<D: Editable>(call: &Call<'_, '_>, document: &D) -> Result<LineItem<D>, Problem> {
    let id = call.path("id");
    let line: Option<LineItem<D>> = call.tx.get(id);
    line.filter(|line| line.document_id == document.id())
        .ok_or_else(|| {
            Problem::not_found(format!(
                "The {} {} has no line {id}.",
                D::KIND.name(),
                document.id()
            ))
        })
}

/// Fills an empty line from the body, and computes its amounts. What cannot change is that of the former line.
fn read<D: Editable>(
    call: &mut Call<'_, '_>,
    document: &D,
    line: &mut LineItem<D>,
    former: Option<LineItem<D>>,
) -> Result<(), Problem> {
    line.title = call.text("title").unwrap_or_default().to_owned();
    line.quantity = decimal(call, "quantity")?;
    line.rate = decimal(call, "rate")?;
    line.tax_rate = decimal(call, "taxRate")?;
    line.rest = resource::sent(call);
    line.rest.retain(|field, _| !OWN.contains(&field.as_str()));
    line.group_id = call.text("groupId").map(str::to_owned);
    if let Some(mut former) = former {
        for field in D::FIXED {
            if let Some(value) = former.rest.remove(*field) {
                line.rest.insert((*field).to_owned(), value);
            }
        }
        if !D::CHANGES_GROUPS {
            line.group_id = former.group_id;
        }
    }
    printed::check_period(call, "servicePeriod")?;
    document.complete_line(call, line)?;
    complete(call, document, line)?;
    amounts::compute(line, amounts::currency(document.currency())?)
}

/// Checks what a line refers to, and adds what it has from its price and its group.
fn complete<D: Editable>(
    call: &mut Call<'_, '_>,
    document: &D,
    line: &mut LineItem<D>,
) -> Result<(), Problem> {
    for (field, kind) in REFERENCES {
        if let Some(id) = line.text(field) {
            resource::check_reference(call, field, kind, id)?;
        }
    }
    let price = line.text("priceId").and_then(|id| call.tx.map(Kind::Price, id));
    if let Some(product) = price.and_then(|mut price| price.remove("productId")) {
        line.rest.entry("productId").or_insert(product);
    }
    let default = || Value::from("ABSOLUTE");
    line.rest.entry("rateDisplay").or_insert_with(default);
    if let Some(group) = &line.group_id {
        let group = groups::of_document(call, document, group).ok_or_else(|| {
            Problem::invalid(format!(
                "body.groupId: the {} {} has no group {group}. Create it first.",
                D::KIND.name(),
                document.id()
            ))
        })?;
        for (field, value) in group.for_lines {
            line.rest.entry(field).or_insert(value);
        }
    }
    Ok(())
}

fn decimal(call: &Call<'_, '_>, field: &str) -> Result<Decimal, Problem> {
    let value = call.body.get(field).and_then(contract::decimal_of);
    value.ok_or_else(|| {
        Problem::invalid(format!(
            "body.{field}: is not a decimal. Send digits with a dot, such as 1.5."
        ))
    })
}

/// The line as the API answers it.
fn shown<D: Editable>(call: &mut Call<'_, '_>, line: &LineItem<D>) -> Value {
    call.assume(Assumed::from_numbers(line.assumed.iter().copied()));
    let mut map = line.rest.clone();
    write_line(&mut map, D::FIELD, line);
    map.into()
}

fn write_line<D>(map: &mut Map<String, Value>, field: &str, line: &LineItem<D>) {
    for (name, value) in [
        ("id", line.id.as_str()),
        (field, &line.document_id),
        ("title", &line.title),
    ] {
        map.insert(name.to_owned(), value.into());
    }
    for (name, value) in [
        ("quantity", line.quantity),
        ("rate", line.rate),
        ("taxRate", line.tax_rate),
    ] {
        map.insert(name.to_owned(), value.to_string().into());
    }
    map.insert("index".to_owned(), line.index.into());
    if let Some(group) = &line.group_id {
        map.insert("groupId".to_owned(), group.as_str().into());
    }
    write_amounts(map, &line.amounts);
}
