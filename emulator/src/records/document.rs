//! What invoices and credit notes have in common: lines, groups of lines, amounts, and a balance.

use std::marker::PhantomData;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Facet, Facets, Kind, Record};

/// A record with lines and groups of lines.
pub trait Document: Record + Clone {
    /// The kind of its lines.
    const LINE: Kind;
    /// The kind of its groups.
    const GROUP: Kind;
    /// The facet by which lines and groups are found.
    const PARENT: Facet;
}

/// The amounts of a line, a group or a document, with the decimals of its currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Amounts {
    /// Before tax.
    #[serde(with = "rust_decimal::serde::str")]
    pub net_total: Decimal,
    /// The tax.
    #[serde(with = "rust_decimal::serde::str")]
    pub total_tax: Decimal,
    /// Including tax.
    #[serde(with = "rust_decimal::serde::str")]
    pub gross_total: Decimal,
}

/// What is left of a document in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Balance {
    /// The amount, with the decimals of the currency.
    #[serde(with = "rust_decimal::serde::str")]
    pub amount: Decimal,
    /// Rises by one with each change of the amount, from 1.
    pub version: i64,
}

impl Balance {
    /// The balance with another amount. It is a new version if the amount is not the same.
    pub fn changed_to(self, amount: Decimal) -> Self {
        if amount == self.amount {
            return self;
        }
        Self {
            amount,
            version: self.version.saturating_add(1),
        }
    }
}

/// A line of a document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", bound = "")]
pub struct LineItem<D> {
    /// The id.
    pub id: String,
    /// The document that it belongs to.
    pub document_id: String,
    /// The place in the printed order, from 0.
    pub index: u32,
    /// The group that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_id: Option<String>,
    /// The text that is printed.
    pub title: String,
    /// How many units.
    #[serde(with = "rust_decimal::serde::str")]
    pub quantity: Decimal,
    /// The price of a unit.
    #[serde(with = "rust_decimal::serde::str")]
    pub rate: Decimal,
    /// The tax rate, as it was sent.
    #[serde(with = "rust_decimal::serde::str")]
    pub tax_rate: Decimal,
    /// The numbers of the assumptions that the amounts depend on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assumed: Vec<u8>,
    /// The amounts.
    #[serde(flatten)]
    pub amounts: Amounts,
    /// What is only stored, under the names of the API.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
    #[serde(skip)]
    of: PhantomData<fn() -> D>,
}

/// A group of lines: a heading, and what its lines have in common.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", bound = "")]
pub struct LineItemGroup<D> {
    /// The id.
    pub id: String,
    /// The document that it belongs to.
    pub document_id: String,
    /// The place in the printed order, from 0.
    pub index: u32,
    /// The heading.
    pub title: String,
    /// The text below the heading.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The group of an invoice that a group of a credit note is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line_item_group_id: Option<String>,
    /// Fields of its lines, under the names of the API.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub for_lines: Map<String, Value>,
    #[serde(skip)]
    of: PhantomData<fn() -> D>,
}

impl<D: Document> LineItem<D> {
    /// An empty line at the place `index`.
    pub fn new(id: String, document_id: &str, index: u32) -> Self {
        Self {
            id,
            document_id: document_id.to_owned(),
            index,
            group_id: None,
            title: String::new(),
            quantity: Decimal::ZERO,
            rate: Decimal::ZERO,
            tax_rate: Decimal::ZERO,
            assumed: Vec::new(),
            amounts: Amounts::default(),
            rest: Map::new(),
            of: PhantomData,
        }
    }

    /// A stored text of the line.
    pub fn text(&self, field: &str) -> Option<&str> {
        self.rest.get(field)?.as_str()
    }
}

impl<D: Document> LineItemGroup<D> {
    /// A group without a heading at the place `index`.
    pub fn new(id: String, document_id: &str, index: u32) -> Self {
        Self {
            id,
            document_id: document_id.to_owned(),
            index,
            title: String::new(),
            description: None,
            line_item_group_id: None,
            for_lines: Map::new(),
            of: PhantomData,
        }
    }
}

impl<D: Document> Record for LineItem<D> {
    const KIND: Kind = D::LINE;

    fn id(&self) -> &str {
        &self.id
    }

    fn facets(&self, facets: &mut Facets) {
        facets.index(D::PARENT, &self.document_id);
        facets.index(Facet::Index, &index_key(self.index));
        for (facet, field) in [(Facet::PriceId, "priceId"), (Facet::TaxRateId, "taxRateId")] {
            if let Some(id) = self.text(field) {
                facets.index(facet, id);
            }
        }
    }
}

impl<D: Document> Record for LineItemGroup<D> {
    const KIND: Kind = D::GROUP;

    fn id(&self) -> &str {
        &self.id
    }

    fn facets(&self, facets: &mut Facets) {
        facets.index(D::PARENT, &self.document_id);
        facets.index(Facet::Index, &index_key(self.index));
    }
}

/// A text with the order of a place.
fn index_key(index: u32) -> String {
    format!("{index:010}")
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::Balance;

    #[test]
    fn a_balance_has_a_new_version_with_each_change_of_its_amount() {
        let balance = Balance {
            amount: Decimal::TEN,
            version: 1,
        };
        assert_eq!(balance.changed_to(Decimal::new(1000, 2)), balance);
        assert_eq!(balance.changed_to(Decimal::ZERO).version, 2);
    }
}
