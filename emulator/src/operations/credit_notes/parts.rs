//! Lines and groups of a credit note, which may refer to those of the credited invoice.

use serde_json::Value;

use crate::assumptions::A4;
use crate::records::{
    CreditNote, CreditNoteLineItem, CreditNoteLineItemGroup, CreditNoteStatus, InvoiceLineItem,
    InvoiceLineItemGroup,
};

use super::super::call::Call;
use super::super::documents::{Editable, Sums, status};
use super::super::problem::Problem;
use super::bound;

/// The methods that lines of credit notes can have.
const METHODS: [&str; 2] = ["STRAIGHT_LINE", "POINT_IN_TIME"];

impl Editable for CreditNote {
    const FIELD: &'static str = "creditNoteId";
    const PARAMETER: &'static str = "creditnote";
    const UPDATED: &'static str = "CREDIT_NOTE_UPDATED";
    const FIXED: &'static [&'static str] = &["lineItemId", "invoiceLineItemIds", "priceId"];
    const CHANGES_GROUPS: bool = false;

    fn currency(&self) -> &str {
        &self.currency
    }

    fn check_draft(&self, change: &str) -> Result<(), Problem> {
        status::check(&self.id, self.status, change, &[CreditNoteStatus::Draft])
    }

    /// The invoice lines that are credited have to be of the credited invoice. Their price and product are those of the line.
    fn complete_line(&self, call: &mut Call<'_, '_>, line: &mut CreditNoteLineItem) -> Result<(), Problem> {
        if let Some(id) = call.text("creditNoteId").filter(|id| *id != self.id) {
            return Err(Problem::invalid(format!(
                "body.creditNoteId: {id} is not the credit note in the path, {}. Send the same id.",
                self.id
            )));
        }
        if let Some(method) = line.text("revenueRecognitionMethod")
            && !METHODS.contains(&method)
        {
            return Err(Problem::invalid(format!(
                "body.revenueRecognitionMethod: lines of credit notes have {}, not {method}.",
                METHODS.join(" or ")
            )));
        }
        for id in call.texts("invoiceLineItemIds") {
            self.invoice_line(call, "invoiceLineItemIds", &id)?;
        }
        let Some(id) = line.text("lineItemId").map(str::to_owned) else {
            return Ok(());
        };
        let credited = self.invoice_line(call, "lineItemId", &id)?;
        for field in ["priceId", "productId"] {
            if let Some(value) = credited.rest.get(field) {
                line.rest.entry(field).or_insert_with(|| value.clone());
            }
        }
        let ids = line.rest.entry("invoiceLineItemIds").or_insert(Value::Null);
        if ids.as_array().is_none_or(Vec::is_empty) {
            *ids = Value::from(vec![id]);
        }
        Ok(())
    }

    fn check_group(&self, call: &mut Call<'_, '_>, group: &CreditNoteLineItemGroup) -> Result<(), Problem> {
        let Some(id) = &group.line_item_group_id else {
            return Ok(());
        };
        let credited: Option<InvoiceLineItemGroup> = call.tx.get(id);
        match credited.filter(|group| Some(&group.document_id) == self.invoice_id.as_ref()) {
            Some(_) => Ok(()),
            None => Err(self.no_part("lineItemGroupId", "group", id)),
        }
    }

    fn check_sums(&self, call: &mut Call<'_, '_>) -> Result<(), Problem> {
        bound::check(call, self)
    }

    fn sums(&mut self) -> Sums<'_> {
        Sums {
            amounts: &mut self.amounts,
            assumed: &mut self.assumed,
            is_zero_quantity: None,
        }
    }

    // The API answers no instant of a change.
    fn touch(&mut self, _: String) {}
}

impl CreditNote {
    /// A line of the credited invoice.
    fn invoice_line(&self, call: &Call<'_, '_>, field: &str, id: &str) -> Result<InvoiceLineItem, Problem> {
        let line: Option<InvoiceLineItem> = call.tx.get(id);
        line.filter(|line| Some(&line.document_id) == self.invoice_id.as_ref())
            .ok_or_else(|| self.no_part(field, "line", id))
    }

    fn no_part(&self, field: &str, what: &str, id: &str) -> Problem {
        let message = match &self.invoice_id {
            Some(invoice) => format!("body.{field}: the credited invoice {invoice} has no {what} {id}."),
            None => format!("body.{field}: the credit note credits no invoice, so it has no {what} {id}."),
        };
        Problem::invalid(message).assuming(A4)
    }
}
