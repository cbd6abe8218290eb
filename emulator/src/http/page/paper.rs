//! A document as it is printed, as a part of a page: what the PDF has, in any browser, to any reader.

use maud::{Markup, html};

use crate::pdf::{Printout, Row};

/// Shows a printout on a sheet of paper.
pub(super) fn sheet(printout: &Printout) -> Markup {
    html! {
        article.paper aria-label=(format!("{} {} as printed", printout.title, printout.number)) {
            header {
                p.title { (printout.title) " " (printout.number) }
                @if let Some(mark) = &printout.mark { p.stamp { (mark) } }
            }
            div.parties {
                (lines(&printout.seller))
                (lines(&printout.customer))
            }
            dl.printed {
                @for (name, value) in &printout.facts { div { dt { (name) } dd { (value) } } }
            }
            div.scroll role="region" aria-label="Printed lines" tabindex="0" {
                table {
                    thead { tr { th.number { "Quantity" } th.number { "Rate" } th.number { "Tax" } th.number { "Amount" } } }
                    @for row in &printout.rows { (self::row(row)) }
                }
            }
            dl.sums {
                @for (name, value) in &printout.totals { div { dt { (name) } dd { (value) } } }
            }
            @if !printout.memo.is_empty() { p.memo { (printout.memo) } }
        }
    }
}

fn lines(lines: &[String]) -> Markup {
    html! { p { @for line in lines.iter().filter(|line| !line.is_empty()) { (line) br; } } }
}

/// A line has its words above its numbers, since a sheet beside something else is narrow.
fn row(row: &Row) -> Markup {
    match row {
        Row::Heading(title) => html! { tbody { tr.group { th colspan="4" scope="rowgroup" { (title) } } } },
        Row::Line {
            title,
            description,
            quantity,
            rate,
            tax,
            amount,
        } => html! {
            tbody {
                tr.words {
                    th colspan="4" scope="rowgroup" {
                        (title)
                        @for text in description.lines() { div.muted { (text) } }
                    }
                }
                tr { @for number in [quantity, rate, tax, amount] { td.number { (number) } } }
            }
        },
    }
}
