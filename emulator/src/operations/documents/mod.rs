//! What invoices and credit notes have in common: lines, groups, amounts, and what is printed about customer and merchant.

pub(super) mod amounts;
pub(super) mod groups;
pub(super) mod lines;
pub(super) mod printed;
pub(super) mod printout;
pub(super) mod status;

use serde_json::{Map, Value, json};

use crate::records::{Amounts, Document, LineItem, LineItemGroup};
use crate::store::{State, Tx};

use super::call::Call;
use super::problem::Problem;

/// A document whose lines can be changed.
pub(super) trait Editable: Document {
    /// The field of a line that has the id of the document.
    const FIELD: &'static str;
    /// The parameter in the path of a line that has the id of the document.
    const PARAMETER: &'static str;
    /// The notification type of a change.
    const UPDATED: &'static str;
    /// Stored fields of a line that a replacement cannot change.
    const FIXED: &'static [&'static str] = &[];
    /// Whether a replaced line can go to another group.
    const CHANGES_GROUPS: bool = true;

    /// The code of the currency.
    fn currency(&self) -> &str;

    /// Refuses `change` unless the document is a draft.
    fn check_draft(&self, change: &str) -> Result<(), Problem>;

    /// Checks a line that was sent, and adds what follows from it.
    fn complete_line(&self, _: &mut Call<'_, '_>, _: &mut LineItem<Self>) -> Result<(), Problem> {
        Ok(())
    }

    /// Checks a new group.
    fn check_group(&self, _: &mut Call<'_, '_>, _: &LineItemGroup<Self>) -> Result<(), Problem> {
        Ok(())
    }

    /// Checks the sums after a change.
    fn check_sums(&self, _: &mut Call<'_, '_>) -> Result<(), Problem> {
        Ok(())
    }

    /// The sums of the lines, which a change of a line changes.
    fn sums(&mut self) -> Sums<'_>;

    /// Marks the document as changed at this instant.
    fn touch(&mut self, now: String);
}

/// What a document stores about the sum of its lines.
pub(super) struct Sums<'d> {
    /// The amounts.
    pub(super) amounts: &'d mut Amounts,
    /// The numbers of the assumptions that they depend on.
    pub(super) assumed: &'d mut Vec<u8>,
    /// Whether all quantities are zero, for documents that are filtered by it.
    pub(super) is_zero_quantity: Option<&'d mut bool>,
}

/// The document with this id.
pub(super) fn existing<D: Document>(call: &Call<'_, '_>, id: &str) -> Result<D, Problem> {
    call.tx.get(id).ok_or_else(|| Problem::no(D::KIND, id))
}

/// The lines of a document, in the printed order.
pub(super) fn lines_of<D: Document>(state: &State, document: &str) -> Vec<LineItem<D>> {
    let mut lines = state.all_with::<LineItem<D>>(D::PARENT, document);
    lines.sort_by_key(|line| line.index);
    lines
}

/// Closes the gaps that removed lines left in the printed order.
pub(super) fn renumber<D: Document>(tx: &mut Tx<'_>, document: &str) {
    for (index, mut line) in (0..).zip(lines_of::<D>(tx, document)) {
        if line.index != index {
            line.index = index;
            tx.put(&line);
        }
    }
}

/// The groups of a document, in the printed order.
pub(super) fn groups_of<D: Document>(state: &State, document: &str) -> Vec<LineItemGroup<D>> {
    let mut groups = state.all_with::<LineItemGroup<D>>(D::PARENT, document);
    groups.sort_by_key(|group| group.index);
    groups
}

/// Removes a document with its lines and groups.
pub(super) fn remove<D: Document>(tx: &mut Tx<'_>, document: &D) {
    for line in lines_of::<D>(tx, document.id()) {
        tx.remove(D::LINE, &line.id);
    }
    for group in groups_of::<D>(tx, document.id()) {
        tx.remove(D::GROUP, &group.id);
    }
    tx.remove(D::KIND, document.id());
}

/// Stores a document whose lines or groups changed, and announces it.
fn store_changed<D: Editable>(call: &mut Call<'_, '_>, mut document: D) {
    document.touch(call.tx.now_text());
    call.tx.put(&document);
    call.tx.announce(D::UPDATED, D::KIND, document.id());
}

/// The draft that the path of a line or group names.
fn draft<D: Editable>(call: &Call<'_, '_>, change: &str) -> Result<D, Problem> {
    let document: D = existing(call, call.path(D::PARAMETER))?;
    document.check_draft(change)?;
    Ok(document)
}

/// Adds amounts to a map, under the names of the API.
pub(super) fn write_amounts(map: &mut Map<String, Value>, amounts: &Amounts) {
    if let Value::Object(amounts) = json!(amounts) {
        map.extend(amounts);
    }
}
