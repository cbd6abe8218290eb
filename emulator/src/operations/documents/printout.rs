//! Documents as they are printed.

use rust_decimal::Decimal;
use serde_json::Value;

use crate::billing::tax::{Rate, Scale};
use crate::pdf::{Printout, Row};
use crate::records::{Amounts, Document, LineItem};
use crate::store::State;

use super::super::answer::Answer;
use super::{groups_of, lines_of, printed};

/// Answers the PDF.
pub(in super::super) fn answer(printout: &Printout) -> Answer {
    Answer::Pdf {
        file_name: printout.file_name(),
        bytes: printout.pdf(),
    }
}

/// The merchant, in lines.
pub(in super::super) fn seller(state: &State) -> Vec<String> {
    let merchant = printed::merchant(state);
    let mut lines = vec![text(&merchant, "legalCompanyName")];
    lines.extend(address(merchant.get("address")));
    lines.push(text(&merchant, "email"));
    lines
}

/// The customer, in lines.
pub(in super::super) fn customer(
    name: &str,
    address_of: Option<&Value>,
    tax_id: Option<&str>,
) -> Vec<String> {
    let mut lines = vec![name.to_owned()];
    lines.extend(address(address_of));
    lines.extend(tax_id.map(|id| format!("Tax number {id}")));
    lines
}

fn address(address: Option<&Value>) -> Vec<String> {
    let part = |name: &str| address.map(|address| text(address, name)).unwrap_or_default();
    let joined = |names: [&str; 2]| {
        let parts: Vec<String> = names.into_iter().map(part).collect();
        parts.join(" ").trim().to_owned()
    };
    let lines = [
        part("line1"),
        part("line2"),
        joined(["town", "state"]),
        joined(["postcode", "country"]),
    ];
    lines.into_iter().filter(|line| !line.is_empty()).collect()
}

/// The rows of the table: lines without a group, then the groups with theirs.
pub(in super::super) fn rows<D: Document>(state: &State, document: &str) -> Vec<Row> {
    let lines = lines_of::<D>(state, document);
    let of_group = |group: Option<&str>| {
        let lines = lines.iter().filter(move |line| line.group_id.as_deref() == group);
        lines.map(row).collect::<Vec<Row>>()
    };
    let mut rows = of_group(None);
    for group in groups_of::<D>(state, document) {
        rows.push(Row::Heading(group.title.clone()));
        rows.extend(of_group(Some(&group.id)));
    }
    rows
}

fn row<D: Document>(line: &LineItem<D>) -> Row {
    let is_share = line.text("rateDisplay") == Some("PERCENTAGE");
    let tax = Rate::new(line.tax_rate, Scale::Guessed).map(|rate| rate.fraction);
    Row::Line {
        title: line.title.clone(),
        description: description(line),
        quantity: line.quantity.normalize().to_string(),
        rate: if is_share {
            percent(line.rate)
        } else {
            line.rate.to_string()
        },
        tax: percent(tax.unwrap_or(line.tax_rate)),
        amount: line.amounts.net_total.to_string(),
    }
}

/// The description with the service period, in either of the forms that periods have.
fn description<D: Document>(line: &LineItem<D>) -> String {
    let period = line.rest.get("servicePeriod");
    let day = |names: [&str; 2]| {
        let mut days = names.into_iter().filter_map(|name| period?.get(name)?.as_str());
        days.next()
    };
    let period = day(["startDate", "start"]).zip(day(["endDate", "endInclusive"]));
    let period = period.map(|(start, end)| format!("{start} to {end}"));
    let parts = line
        .text("description")
        .map(str::to_owned)
        .into_iter()
        .chain(period);
    parts.collect::<Vec<_>>().join("\n")
}

/// A share as a percentage: 0.2 is 20%.
fn percent(share: Decimal) -> String {
    let mut percent = share.normalize();
    match percent.scale().checked_sub(2) {
        // Moving the point is exact.
        Some(scale) if percent.set_scale(scale).is_ok() => {}
        _ => percent = percent.saturating_mul(Decimal::ONE_HUNDRED),
    }
    format!("{}%", percent.normalize())
}

/// Net, tax and gross amount.
pub(in super::super) fn totals(amounts: &Amounts, currency: &str) -> Vec<(String, String)> {
    [
        ("Net", amounts.net_total),
        ("Tax", amounts.total_tax),
        ("Total", amounts.gross_total),
    ]
    .map(|(name, amount)| (name.to_owned(), format!("{amount} {currency}")))
    .into()
}

/// The facts that are known.
pub(in super::super) fn facts<const N: usize>(facts: [(&str, Option<&str>); N]) -> Vec<(String, String)> {
    let known = facts
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())));
    known.collect()
}

fn text(value: &Value, name: &str) -> String {
    value
        .get(name)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn shares_are_printed_as_percentages() {
        for (share, expected) in [
            ("0.2", "20%"),
            ("0.0825", "8.25%"),
            ("1", "100%"),
            ("0", "0%"),
            ("0.20", "20%"),
        ] {
            assert_eq!(percent(share.parse().expect("a decimal")), expected);
        }
    }
}
