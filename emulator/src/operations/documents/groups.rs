//! Groups of lines. They can be changed while the document is a draft.
//!
//! Revenue fields and the service period of a group go to its lines when it is updated, and to new lines that do not set
//! them. Deleting a group keeps its lines, without a group. There are no tax categories.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::assumptions::Assumed;
use crate::records::{Amounts, Facet, LineItem, LineItemGroup};
use crate::store::Order;

use super::super::answer::{Answer, Outcome};
use super::super::call::Call;
use super::super::list::{self, List, Scope};
use super::super::problem::Problem;
use super::{Editable, amounts, draft, existing, groups_of, lines_of, printed, store_changed, write_amounts};

pub(in super::super) fn list<D: Editable>(call: &mut Call<'_, '_>) -> Outcome {
    let document: D = existing(call, call.path(D::PARAMETER))?;
    let lines = lines_of::<D>(call.tx, document.id());
    let mut sums = BTreeMap::new();
    for group in groups_of::<D>(call.tx, document.id()) {
        sums.insert(group.id.clone(), sum(call, &document, &lines, &group.id)?);
    }
    let scope = Scope {
        order: Order::By(Facet::Index),
        ..Scope::of_parent(D::PARENT, document.id())
    };
    list::page(call, &List::of(D::GROUP, &[]), scope, |_, map| {
        let group = serde_json::from_value::<LineItemGroup<D>>(map.into());
        let sums = |group: &LineItemGroup<D>| sums.get(&group.id).copied().unwrap_or_default();
        group.map_or(Value::Null, |group| written(&group, &sums(&group)))
    })
}

pub(in super::super) fn create<D: Editable>(call: &mut Call<'_, '_>) -> Outcome {
    let document: D = draft(call, "adding a group")?;
    let count = call.tx.rows_with(D::GROUP, D::PARENT, document.id()).count();
    let index = u32::try_from(count).map_err(|_| Problem::invalid("The document has too many groups."))?;
    let mut group = LineItemGroup::<D>::new(call.tx.new_id(), document.id(), index);
    group.line_item_group_id = call.text("lineItemGroupId").map(str::to_owned);
    read(call, &mut group)?;
    document.check_group(call, &group)?;
    call.tx.put(&group);
    let shown = shown(call, &document, &group)?;
    store_changed(call, document);
    Ok(Answer::Json(shown))
}

pub(in super::super) fn update<D: Editable>(call: &mut Call<'_, '_>) -> Outcome {
    let document: D = draft(call, "changing a group")?;
    let mut group = existing_group(call, &document)?;
    read(call, &mut group)?;
    for mut line in lines_of::<D>(call.tx, document.id()) {
        if line.group_id.as_deref() == Some(&group.id) && !group.for_lines.is_empty() {
            line.rest.extend(group.for_lines.clone());
            call.tx.put(&line);
        }
    }
    let mut groups = groups_of::<D>(call.tx, document.id());
    groups.retain(|other| other.id != group.id);
    if let Some(index) = call.body.get("index").and_then(Value::as_i64) {
        // Beyond either end is at that end.
        let last = u32::try_from(groups.len()).unwrap_or(u32::MAX);
        group.index = u32::try_from(index.max(0)).map_or(last, |index| index.min(last));
    }
    call.tx.put(&group);
    groups.insert(group.index as usize, group.clone());
    store_in_order(call, groups);
    let shown = shown(call, &document, &group)?;
    store_changed(call, document);
    Ok(Answer::Json(shown))
}

pub(in super::super) fn delete<D: Editable>(call: &mut Call<'_, '_>) -> Outcome {
    let document: D = draft(call, "deleting a group")?;
    let group = existing_group(call, &document)?;
    let shown = shown(call, &document, &group)?;
    call.tx.remove(D::GROUP, &group.id);
    for mut line in lines_of::<D>(call.tx, document.id()) {
        if line.group_id.take_if(|id| *id == group.id).is_some() {
            call.tx.put(&line);
        }
    }
    store_in_order(call, groups_of::<D>(call.tx, document.id()));
    store_changed(call, document);
    Ok(Answer::Json(shown))
}

/// Stores the groups that are not at their place in the list.
fn store_in_order<D: Editable>(call: &mut Call<'_, '_>, groups: Vec<LineItemGroup<D>>) {
    for (index, mut group) in (0..).zip(groups) {
        if group.index != index {
            group.index = index;
            call.tx.put(&group);
        }
    }
}

/// A group of a document.
pub(super) fn of_document<D: Editable>(
    call: &Call<'_, '_>,
    document: &D,
    id: &str,
) -> Option<LineItemGroup<D>> {
    let group: Option<LineItemGroup<D>> = call.tx.get(id);
    group.filter(|group| group.document_id == document.id())
}

fn existing_group<D: Editable>(call: &Call<'_, '_>, document: &D) -> Result<LineItemGroup<D>, Problem> {
    let id = call.path("id");
    of_document(call, document, id).ok_or_else(|| {
        Problem::not_found(format!(
            "The {} {} has no group {id}.",
            D::KIND.name(),
            document.id()
        ))
    })
}

/// Replaces a group by the body.
fn read<D: Editable>(call: &mut Call<'_, '_>, group: &mut LineItemGroup<D>) -> Result<(), Problem> {
    if call.text("taxCategoryId").is_some() {
        return Err(Problem::not_emulated(
            "body.taxCategoryId: the emulator has no tax categories. Set `taxRate` on the lines.",
        ));
    }
    printed::check_period(call, "servicePeriod")?;
    group.title = call.text("title").unwrap_or_default().to_owned();
    group.description = call.text("description").map(str::to_owned);
    group.for_lines = Map::new();
    for field in ["revenueClassification", "revenueRecognitionMethod"] {
        if let Some(value) = call.text(field) {
            group.for_lines.insert(field.to_owned(), value.into());
        }
    }
    // The period of a group has other names than that of a line.
    if let Some(Value::Object(period)) = call.body.get("servicePeriod") {
        let period = json!({"startDate": period.get("start"), "endDate": period.get("endInclusive")});
        group.for_lines.insert("servicePeriod".to_owned(), period);
    }
    Ok(())
}

/// The group as the API answers it.
fn shown<D: Editable>(
    call: &mut Call<'_, '_>,
    document: &D,
    group: &LineItemGroup<D>,
) -> Result<Value, Problem> {
    let lines = lines_of::<D>(call.tx, document.id());
    let sums = sum(call, document, &lines, &group.id)?;
    Ok(written(group, &sums))
}

/// The sums of the lines in a group.
fn sum<D: Editable>(
    call: &mut Call<'_, '_>,
    document: &D,
    lines: &[LineItem<D>],
    group: &str,
) -> Result<Amounts, Problem> {
    let grouped = lines
        .iter()
        .filter(|line| line.group_id.as_deref() == Some(group));
    let mut amounts = Vec::new();
    for line in grouped {
        call.assume(Assumed::from_numbers(line.assumed.iter().copied()));
        amounts.push(line.amounts);
    }
    Ok(amounts::sum(amounts, amounts::currency(document.currency())?)?)
}

fn written<D: Editable>(group: &LineItemGroup<D>, sums: &Amounts) -> Value {
    let mut map = Map::new();
    for (name, value) in [
        ("id", Some(group.id.as_str())),
        (D::FIELD, Some(&group.document_id)),
        ("title", Some(&group.title)),
        ("description", group.description.as_deref()),
        ("lineItemGroupId", group.line_item_group_id.as_deref()),
    ] {
        if let Some(value) = value {
            map.insert(name.to_owned(), value.into());
        }
    }
    map.insert("index".to_owned(), group.index.into());
    write_amounts(&mut map, sums);
    map.into()
}
