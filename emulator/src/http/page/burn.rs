//! Credit that burns down.

use chrono::{Days, NaiveDate};
use maud::{Markup, html};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::operations::look;
use crate::records::{CreditGrant, CreditTransaction, Facet, Invoice, UsageMetric};
use crate::store::State;

use super::axis::{Axis, rounded};
use super::parts::grouped;

/// The most grants of a customer that are drawn.
const MOST: usize = 12;

const WIDTH: f64 = 1_000.0;
const HEIGHT: f64 = 84.0;
/// The width of a letter of a label.
const LETTER: f64 = 4.9;

/// An amount from a day on.
type Step = (NaiveDate, Decimal);

/// What became of a grant.
pub(super) struct Burn {
    pub(super) name: String,
    /// What was left.
    left: Vec<Step>,
    /// What was left and not reserved by drafts.
    free: Vec<Step>,
    /// What drafts reserve.
    reserved: Decimal,
}

impl Burn {
    pub(super) fn of(state: &State, grant: &CreditGrant) -> Self {
        let booked = booked(&look::ledger(state, grant.clone(), state.today()));
        let reserved = reserved(state, &grant.id);
        let mut free: Vec<Step> = booked.iter().chain(&reserved).copied().collect();
        free.sort_by_key(|(day, _)| *day);
        Self {
            name: grant.name.clone(),
            left: summed(&booked),
            free: summed(&free),
            reserved: -reserved.iter().map(|(_, amount)| *amount).sum::<Decimal>(),
        }
    }

    fn summary(&self) -> String {
        let left = self.left.last().map(|(_, left)| *left).unwrap_or_default();
        let text = |amount: Decimal| grouped(&amount.normalize().to_string());
        if self.reserved.is_zero() {
            format!("{} left", text(left))
        } else if self.reserved == left {
            format!("{} left, all reserved by drafts", text(left))
        } else {
            format!(
                "{} left, {} of it reserved by drafts",
                text(left),
                text(self.reserved)
            )
        }
    }

    /// Draws the steps above `bottom`, through today.
    pub(super) fn draw(&self, axis: &Axis, today: NaiveDate, (bottom, room): (f64, f64)) -> Markup {
        let most = self.left.iter().map(|(_, left)| *left).max().unwrap_or_default();
        let Some((first, _)) = self.left.first() else {
            return html! {};
        };
        let end = axis.end(today.max(*first));
        let summary = self.summary();
        let width = summary.chars().count() as f64 * LETTER;
        let label = (end + 6.0).min(axis.right() - width).max(0.0);
        let height = |amount: Decimal| {
            let part = amount
                .checked_div(most)
                .and_then(|part| part.to_f64())
                .unwrap_or_default();
            rounded(bottom - part.clamp(0.0, 1.0) * room)
        };
        let path = |steps: &[Step]| {
            let mut path = format!("M{} {bottom}", axis.start(*first));
            for (day, amount) in steps {
                path += &format!("H{}V{}", axis.start(*day), height(*amount));
            }
            path + &format!("H{end}V{bottom}Z")
        };
        html! {
            g {
                title { (self.name) ": " (summary) }
                path.credit d=(path(&self.free)) {}
                path.credit.left d=(path(&self.left)) {}
                text.tick x=(rounded(label)) y=(rounded(bottom - room / 2.0 + 4.0)) { (summary) }
            }
        }
    }
}

/// The changes of a ledger.
fn booked(rows: &[CreditTransaction]) -> Vec<Step> {
    let rows = rows.iter().filter_map(|row| {
        let amount: Decimal = row.amount.parse().ok()?;
        let amount = if row.transaction_type == "DEBIT" {
            -amount
        } else {
            amount
        };
        Some((row.date.get(..10)?.parse().ok()?, amount))
    });
    rows.collect()
}

/// What drafts take, on their days.
fn reserved(state: &State, grant: &str) -> Vec<Step> {
    let drafts: Vec<Invoice> = state.all_with(Facet::GrantId, grant);
    let taken = drafts.iter().flat_map(|draft| {
        let day = draft.accounting_date.parse().ok();
        let credits = draft.credits.iter().filter(|credit| credit.grant_id == grant);
        credits.filter_map(move |credit| Some((day?, -credit.debit())))
    });
    taken.collect()
}

/// The sum after each change.
fn summed(changes: &[Step]) -> Vec<Step> {
    let sums = changes.iter().scan(Decimal::ZERO, |sum, (day, change)| {
        *sum += change;
        Some((*day, *sum))
    });
    sums.collect()
}

/// The grants of a customer, each with a chart.
pub(super) fn of_customer(state: &State, customer: &str) -> Markup {
    let grants: Vec<CreditGrant> = state.all_with(Facet::CustomerId, customer);
    let today = state.today();
    html! {
        @for grant in grants.iter().take(MOST) {
            @let burn = Burn::of(state, grant);
            @let first = burn.left.first().map_or(today, |(day, _)| *day);
            @let axis = Axis::new(first, today.max(first) + Days::new(45), 8.0, WIDTH - 16.0);
            h3 { (grant.name) " " span.muted { (unit(state, grant)) } }
            div.scroll.drawing role="region" aria-label=(grant.name) tabindex="0" {
                svg.chart viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) role="img" aria-label=(format!("{}: {}", grant.name, burn.summary())) {
                    (axis.months(4.0, HEIGHT))
                    (burn.draw(&axis, today, (HEIGHT - 6.0, HEIGHT - 26.0)))
                }
            }
        }
        @if grants.len() > MOST { p.muted { "The first " (MOST) " of " (grants.len()) " grants are shown." } }
    }
}

/// What a grant counts: the currency, or the name of the metric.
fn unit(state: &State, grant: &CreditGrant) -> String {
    let metric = grant
        .metric_id
        .as_deref()
        .and_then(|id| state.get::<UsageMetric>(id));
    metric.map_or_else(|| grant.currency.clone(), |metric| metric.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_balance_rises_with_credit_and_falls_with_debit() {
        let row = |transaction_type: &str, amount: &str, date: &str| CreditTransaction {
            id: String::new(),
            grant_id: String::new(),
            reason: String::new(),
            invoice_id: None,
            billing_run_id: None,
            transaction_type: transaction_type.to_owned(),
            amount: amount.to_owned(),
            date: date.to_owned(),
        };
        let rows = [
            row("CREDIT", "100", "2026-01-01"),
            row("DEBIT", "30.5", "2026-02-01"),
            row("DEBIT", "69.5", "2026-03-01"),
        ];
        let left = summed(&booked(&rows));
        let left: Vec<String> = left
            .iter()
            .map(|(_, left)| left.normalize().to_string())
            .collect();
        assert_eq!(left, ["100", "69.5", "0"]);
    }
}
