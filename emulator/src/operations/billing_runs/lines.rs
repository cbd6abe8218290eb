//! The lines of a calculated invoice.
//!
//! Their ids depend on the invoice and the place only, so that they are the same whenever the invoice is calculated.

use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use crate::assumptions::Assumed;
use crate::billing::Error;
use crate::billing::invoice::{self, LineKind};
use crate::billing::price::Component;
use crate::records::ids::derived_id;
use crate::records::{CreditGrant, Invoice, InvoiceLineItem, Kind, RunPart};
use crate::store::{State, Tx};

use super::super::documents::lines_of;
use super::terms::{Billed, Terms};

/// The lines of an invoice, before they are stored.
pub(super) struct Lines<'i> {
    invoice: &'i str,
    assumed: Vec<u8>,
    lines: Vec<InvoiceLineItem>,
}

impl<'i> Lines<'i> {
    pub(super) fn of(invoice: &'i str, assumed: Assumed) -> Self {
        Self {
            invoice,
            assumed: assumed.numbers(),
            lines: Vec::new(),
        }
    }

    /// Adds a line of the calculation.
    pub(super) fn add(&mut self, state: &State, line: &invoice::Line, sections: &[Terms]) {
        let terms = line.section.and_then(|section| sections.get(section));
        let billed = line.item.and_then(|item| terms?.billed.get(item));
        let title = match line.kind {
            LineKind::Price(_) => billed.map(|billed| billed.price.name.clone()),
            LineKind::Discount(place) => terms.and_then(|terms| terms.messages.get(place).cloned()),
            LineKind::Minimum(_) => Some("Minimum".to_owned()),
            _ => line.grant_id.as_deref().map(|grant| grant_name(state, grant)),
        };
        let mut new = self.line(title.unwrap_or_default());
        if let (Some(billed), LineKind::Price(component)) = (billed, line.kind) {
            new.rest = of_price(billed);
            if let Some(text) = description(component, billed, line.group.as_deref()) {
                new.rest.insert("description".to_owned(), text.into());
            }
        }
        if let Some(grant) = &line.grant_id {
            new.rest.insert("creditGrantId".to_owned(), grant.as_str().into());
        }
        new.quantity = line.quantity;
        new.rate = line.rate;
        new.tax_rate = line.tax_rate;
        new.amounts = line.totals.into();
        self.push(new, line.is_percentage);
    }

    /// Adds a line over nothing for what cannot be billed, with the reason.
    pub(super) fn add_refused(&mut self, billed: &Billed, error: &Error, nothing: Decimal) {
        let mut line = self.line(billed.price.name.clone());
        line.rest = of_price(billed);
        self.push_refused(line, error, nothing);
    }

    /// Adds a line over nothing for an invoice that cannot be calculated, with the reason.
    pub(super) fn add_failure(&mut self, error: &Error, nothing: Decimal) {
        let line = self.line("Invoice".to_owned());
        self.push_refused(line, error, nothing);
    }

    fn push_refused(&mut self, mut line: InvoiceLineItem, error: &Error, nothing: Decimal) {
        let text = format!("Not billed: {error}.");
        line.rest.insert("description".to_owned(), text.into());
        line.amounts.net_total = nothing;
        line.amounts.total_tax = nothing;
        line.amounts.gross_total = nothing;
        self.push(line, false);
    }

    fn line(&self, title: String) -> InvoiceLineItem {
        let index = u32::try_from(self.lines.len()).unwrap_or(u32::MAX);
        let id = derived_id(&format!("{} line {index}", self.invoice));
        let mut line = InvoiceLineItem::new(id, self.invoice, index);
        line.title = title;
        line.assumed.clone_from(&self.assumed);
        line
    }

    fn push(&mut self, mut line: InvoiceLineItem, is_percentage: bool) {
        let display = if is_percentage { "PERCENTAGE" } else { "ABSOLUTE" };
        line.rest.insert("rateDisplay".to_owned(), display.into());
        line.rest.insert("externalIds".to_owned(), json!([]));
        self.lines.push(line);
    }

    /// Whether no line has a quantity.
    pub(super) fn is_zero_quantity(&self) -> bool {
        self.lines.iter().all(|line| line.quantity.is_zero())
    }

    /// The lines, in the printed order.
    pub(super) fn as_slice(&self) -> &[InvoiceLineItem] {
        &self.lines
    }

    /// Stores the lines that changed, and removes the former ones that are no more.
    pub(super) fn store(self, tx: &mut Tx<'_>) {
        let former = lines_of::<Invoice>(tx, self.invoice);
        for line in &former {
            if self.lines.iter().all(|kept| kept.id != line.id) {
                tx.remove(Kind::InvoiceLineItem, &line.id);
            }
        }
        for line in &self.lines {
            if !former.contains(line) {
                tx.put(line);
            }
        }
    }
}

/// The fields of a line that its price decides on.
fn of_price(billed: &Billed) -> Map<String, Value> {
    let (item, price) = (&billed.run_item, &billed.price);
    let service = json!({"startDate": item.start().to_string(), "endDate": item.end().to_string()});
    let mut rest = Map::new();
    for (field, value) in [
        ("priceId", Some(price.id.clone())),
        ("productId", price.product_id.clone()),
        ("taxRateId", billed.tax_rate_id.clone()),
    ] {
        if let Some(value) = value {
            rest.insert(field.to_owned(), value.into());
        }
    }
    rest.insert("servicePeriod".to_owned(), service);
    rest
}

/// What distinguishes the lines of one price.
fn description(component: Component, billed: &Billed, group: Option<&str>) -> Option<String> {
    let part = match billed.run_item.part {
        RunPart::All => None,
        RunPart::Committed => Some("Contracted seats".to_owned()),
        RunPart::Overage => Some("Additional seats".to_owned()),
    };
    let of_tier = |tier: usize| Some(format!("Tier {}", tier + 1));
    let component = match component {
        Component::Units(Some(tier)) | Component::Seats(Some(tier)) => of_tier(tier),
        Component::Fee(tier) => Some(format!("Fee of tier {}", tier + 1)),
        Component::BoundedEvents(tier) => Some(format!("Tier {}, charged by event", tier + 1)),
        Component::Packages => Some("Packages".to_owned()),
        _ => None,
    };
    let parts: Vec<String> = [part, component, group.map(str::to_owned)]
        .into_iter()
        .flatten()
        .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn grant_name(state: &State, grant: &str) -> String {
    let grant: Option<CreditGrant> = state.get(grant);
    grant.map(|grant| grant.name).unwrap_or_default()
}
