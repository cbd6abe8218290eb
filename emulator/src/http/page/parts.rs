//! Pieces of pages.

use maud::{Markup, html};
use rust_decimal::Decimal;

use crate::store::Page;

use super::BASE;
use super::view::View;

/// A link to a page.
pub(super) fn link(path: &str, text: &str) -> Markup {
    html! { a href=(format!("{BASE}/{path}")) { (text) } }
}

/// A status in words, with a colour that only repeats them.
pub(super) fn badge(status: &str) -> Markup {
    let tone = match status {
        "SENT" | "PAID" | "ACTIVE" | "delivered" => "good",
        "DRAFT" | "PENDING" | "IN_PROGRESS" | "UNPAID" | "PARTIALLY_PAID" | "FINAL" | "pending" => "calm",
        "VOIDED" | "FAILED" | "UNCOLLECTIBLE" | "refused" | "failed" => "bad",
        _ => "plain",
    };
    html! { span.badge.(tone) { (words(status)) } }
}

/// A constant of the API in words, such as `in progress` for `IN_PROGRESS`.
pub(super) fn words(constant: &str) -> String {
    constant.replace('_', " ").to_lowercase()
}

/// An amount with its currency.
pub(super) fn money(amount: Decimal, currency: &str) -> Markup {
    html! { span.money { (grouped(&amount.to_string())) " " span.muted { (currency) } } }
}

/// A number with a thin space between groups of three digits.
pub(super) fn grouped(number: &str) -> String {
    let (sign, digits) = number
        .strip_prefix('-')
        .map_or(("", number), |digits| ("−", digits));
    let (whole, fraction) = digits.find('.').map_or((digits, ""), |dot| digits.split_at(dot));
    let mut text = sign.to_owned();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place) % 3 == 0 {
            text.push('\u{2009}');
        }
        text.push(digit);
    }
    text + fraction
}

/// The day of an instant or a day, as it is written.
pub(super) fn day(text: &str) -> &str {
    text.get(..10).unwrap_or(text)
}

/// From a day to a day.
pub(super) fn days(start: &str, end: &str) -> Markup {
    html! { span.nowrap { (start) } " " span.nowrap { "to " (end) } }
}

/// An instant without its fraction of a second.
pub(super) fn instant(text: &str) -> String {
    text.get(..19).unwrap_or(text).replace('T', " ")
}

/// Facts with their names. Those without a value are left out.
pub(super) fn facts<const N: usize>(facts: [(&str, Option<Markup>); N]) -> Markup {
    html! {
        dl.facts {
            @for (name, value) in facts {
                @if let Some(value) = value { div { dt { (name) } dd { (value) } } }
            }
        }
    }
}

/// A fact that is a text.
pub(super) fn text(value: Option<&str>) -> Option<Markup> {
    value.map(|value| html! { (value) })
}

/// A table that scrolls sideways in a narrow window.
pub(super) fn table(label: &str, head: &Markup, rows: &Markup) -> Markup {
    html! {
        div.scroll role="region" aria-label=(label) tabindex="0" {
            table { thead { tr { (head) } } tbody { (rows) } }
        }
    }
}

/// What is shown in place of an empty list.
pub(super) fn empty(text: &str) -> Markup {
    html! { p.empty { (text) } }
}

/// Links to the neighbours of a page of a list, with the parameters that select the list.
pub(super) fn pager(view: &View<'_>, page: &Page, selecting: &[(&str, Option<&str>)]) -> Markup {
    let to = |name, cursor: &Option<String>| {
        let cursor = cursor.as_deref()?;
        Some(view.with(&[selecting, &[(name, Some(cursor))]].concat()))
    };
    html! {
        nav.pager aria-label="Pages of the list" {
            span.muted { (grouped(&page.total.to_string())) " in total" }
            @if let Some(address) = to("before", &page.before) { a href=(address) rel="prev" { "← Newer" } }
            @if let Some(address) = to("after", &page.after) { a href=(address) rel="next" { "Older →" } }
        }
    }
}

/// Links that select a part of a list; the current one is marked.
pub(super) fn tabs(
    view: &View<'_>,
    name: &str,
    values: &[(&str, &str)],
    others: &[(&str, Option<&str>)],
) -> Markup {
    let current = view.parameter(name).unwrap_or_default();
    html! {
        ul.tabs {
            @for (label, value) in values {
                @let selecting = [others, &[(name, Some(*value).filter(|value| !value.is_empty()))]].concat();
                li { a href=(view.with(&selecting)) aria-current=[(current == *value).then_some("true")] { (label) } }
            }
        }
    }
}

/// A form that runs an action and returns to the page.
pub(super) fn form(view: &View<'_>, action: &str, fields: &Markup) -> Markup {
    html! {
        form method="post" action=(format!("{BASE}/{action}")) {
            input type="hidden" name="back" value=(format!("{BASE}/{}", view.below));
            (fields)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn digits_are_grouped_before_the_point() {
        for (number, expected) in [
            ("0", "0"),
            ("100.00", "100.00"),
            ("1234.5678", "1\u{2009}234.5678"),
            ("-1234567", "−1\u{2009}234\u{2009}567"),
        ] {
            assert_eq!(grouped(number), expected);
        }
    }
}
