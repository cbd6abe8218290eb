//! Credit notes, and what they settle.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::document::{Amounts, Balance, Document, LineItem, LineItemGroup};
use super::{Facet, Facets, Kind, Record, time};

/// A credit note. Days are texts such as `2026-01-31`, which have the order of their days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreditNote {
    /// The id.
    pub id: String,
    /// The customer that gets the credit.
    pub customer_id: String,
    /// The stage of its life.
    pub status: CreditNoteStatus,
    /// The code of the currency.
    pub currency: String,
    /// The credited invoice; `None` if the credit note stands alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invoice_id: Option<String>,
    /// The number, once it is final or voided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit_note_number: Option<String>,
    /// The name of the customer, as printed.
    pub customer_legal_company_name: String,
    /// The day in the books.
    pub accounting_date: String,
    /// The day on which it was created.
    pub created_on: String,
    /// The day on which it became final.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issue_date: Option<String>,
    /// When it was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<String>,
    /// Whether sending it makes a grant of cash credit.
    pub generates_grant: bool,
    /// The grant that sending it made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant_id: Option<String>,
    /// The numbers of the assumptions that the amounts depend on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assumed: Vec<u8>,
    /// What can still be applied, once it is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub balance: Option<Balance>,
    /// The sums of the lines.
    #[serde(flatten)]
    pub amounts: Amounts,
    /// What is only stored, under the names of the API.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// The stage of a credit note's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CreditNoteStatus {
    /// Not a draft yet. Only seeds have it.
    InProgress,
    /// Editable.
    Draft,
    /// Locked, with a number.
    Final,
    /// Sent to the customer.
    Sent,
    /// Cancelled.
    Voided,
}

/// Credit of a credit note that settles a part of an invoice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreditNoteApplication {
    /// The id of the transaction.
    pub id: String,
    /// The credit note.
    pub credit_note_id: String,
    /// The invoice.
    pub invoice_id: String,
    /// The amount.
    #[serde(with = "rust_decimal::serde::str")]
    pub amount: Decimal,
    /// When it was applied.
    pub applied_at: String,
}

/// A line of a credit note.
pub type CreditNoteLineItem = LineItem<CreditNote>;
/// A group of lines of a credit note.
pub type CreditNoteLineItemGroup = LineItemGroup<CreditNote>;

impl CreditNoteStatus {
    /// The name in the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::InProgress => "IN_PROGRESS",
            Self::Draft => "DRAFT",
            Self::Final => "FINAL",
            Self::Sent => "SENT",
            Self::Voided => "VOIDED",
        }
    }
}

impl Record for CreditNote {
    const KIND: Kind = Kind::CreditNote;

    fn id(&self) -> &str {
        &self.id
    }

    fn facets(&self, facets: &mut Facets) {
        let gross = time::number_key(self.amounts.gross_total);
        for (facet, value) in [
            (Facet::Status, Some(self.status.name())),
            (Facet::CustomerId, Some(&*self.customer_id)),
            (Facet::InvoiceId, self.invoice_id.as_deref()),
            (Facet::Number, self.credit_note_number.as_deref()),
            (Facet::GrossTotal, Some(&gross)),
        ] {
            if let Some(value) = value {
                facets.index(facet, value);
            }
        }
        if let Some((day, _)) = self.sent_at.as_deref().and_then(|at| at.split_once('T')) {
            facets.add(Facet::SentAt, day);
        }
    }
}

impl Document for CreditNote {
    const LINE: Kind = Kind::CreditNoteLineItem;
    const GROUP: Kind = Kind::CreditNoteLineItemGroup;
    const PARENT: Facet = Facet::CreditNoteId;
}

impl Record for CreditNoteApplication {
    const KIND: Kind = Kind::CreditNoteApplication;

    fn id(&self) -> &str {
        &self.id
    }

    fn facets(&self, facets: &mut Facets) {
        facets.index(Facet::CreditNoteId, &self.credit_note_id);
        facets.index(Facet::InvoiceId, &self.invoice_id);
    }
}
