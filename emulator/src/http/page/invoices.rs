//! Invoices with their lines and PDFs.

use maud::{Markup, html};

use crate::assumptions::Assumption;
use crate::contract::{Operation, Version};
use crate::operations::look;
use crate::records::{Facet, Invoice, InvoiceLineItem, InvoiceLineItemGroup, InvoiceStatus, Kind, Record};
use crate::store::{State, Test};

use super::customers::search_form;
use super::parts::{badge, day, days, empty, facts, grouped, instant, link, money, pager, table, tabs, text};
use super::view::{View, customer_name, records};
use super::{BASE, Reply, Shown, paper};

const STATUSES: [(&str, &str); 6] = [
    ("All", ""),
    ("In progress", "IN_PROGRESS"),
    ("Drafts", "DRAFT"),
    ("Final", "FINAL"),
    ("Sent", "SENT"),
    ("Voided", "VOIDED"),
];

pub(super) fn list(view: &View<'_>) -> Shown {
    let (status, customer, search) = (
        view.parameter("status"),
        view.parameter("customer"),
        view.parameter("search"),
    );
    let one_of = |facet, value: &str| Test::OneOf(facet, vec![value.to_owned()]);
    let contains = |text: &str| {
        let facets = [Facet::LegalName, Facet::Number];
        Test::Any(
            facets
                .map(|facet| Test::Contains(facet, text.to_lowercase()))
                .into(),
        )
    };
    let tests = [
        status.map(|status| one_of(Facet::Status, status)),
        customer.map(|customer| one_of(Facet::CustomerId, customer)),
        search.map(contains),
    ];
    let page = view.list(Kind::Invoice, tests.into_iter().flatten().collect())?;
    let invoices: Vec<Invoice> = records(&page);
    let others = [("customer", customer), ("search", search)];
    let main = html! {
        h1 {
            "Invoices"
            @if let Some(customer) = customer { " of " (view.read(|state| customer_name(state, customer))) }
        }
        (search_form("invoices", "Number or name of the customer", search))
        (tabs(view, "status", &STATUSES, &others))
        div data-live="list" {
            @if invoices.is_empty() {
                (empty("None fits."))
            } @else {
                (table("Invoices", &head(), &rows(&invoices)))
                (pager(view, &page, &[others[0], others[1], ("status", status)]))
            }
        }
    };
    view.page("Invoices", &main)
}

/// The head of a table of invoices.
pub(super) fn head() -> Markup {
    html! { th { "Number" } th { "Customer" } th { "Status" } th { "Period" } th { "Issued" } th { "Due" } th.number { "Net" } th.number { "Gross" } }
}

/// The rows of a table of invoices.
pub(super) fn rows(invoices: &[Invoice]) -> Markup {
    html! {
        @for invoice in invoices {
            tr {
                th scope="row" { (link(&format!("invoices/{}", invoice.id), name(invoice))) }
                td { (invoice.customer_legal_company_name) }
                td.nowrap { (badge(invoice.status.name())) @if is_payable(invoice) { " " (badge(&invoice.payment_status)) } }
                td { @if let Some((start, end)) = period(invoice) { (days(start, end)) } }
                td.nowrap { @if let Some(date) = &invoice.issue_date { (day(date)) } }
                td.nowrap { @if let Some(date) = &invoice.due_date { (day(date)) } }
                td.number { (money(invoice.amounts.net_total, &invoice.currency)) }
                td.number { (money(invoice.amounts.gross_total, &invoice.currency)) }
            }
        }
    }
}

/// The number, or what it is until it has one.
fn name(invoice: &Invoice) -> &str {
    match &invoice.invoice_number {
        Some(number) => number,
        None if invoice.status == InvoiceStatus::InProgress => "Upcoming",
        None => "Draft",
    }
}

/// The first and the last day that are billed.
fn period(invoice: &Invoice) -> Option<(&str, &str)> {
    let period = invoice.rest.get("billingPeriod")?;
    let day = |name: &str| period.get(name)?.as_str();
    Some((day("start")?, day("endInclusive")?))
}

fn is_printed(invoice: &Invoice) -> bool {
    !matches!(invoice.status, InvoiceStatus::InProgress | InvoiceStatus::Draft)
}

/// A voided invoice keeps its payment status, which means nothing any more.
fn is_payable(invoice: &Invoice) -> bool {
    is_printed(invoice) && invoice.status != InvoiceStatus::Voided
}

pub(super) fn show(view: &View<'_>) -> Shown {
    let invoice: Invoice = view.record()?;
    let title = format!("Invoice {}", name(&invoice));
    let main = html! {
        h1 data-live="title" { (title) " " (badge(invoice.status.name())) @if is_payable(&invoice) { " " (badge(&invoice.payment_status)) } }
        div data-live="about" { (about(view, &invoice)) }
        div.beside {
            section aria-labelledby="lines" data-live="lines" {
                h2 #lines { "Lines" }
                (view.read(|state| lines(state, &invoice)))
                (assumed(&invoice))
            }
            section aria-labelledby="printed" data-live="printed" {
                h2 #printed { "As printed" }
                (printed(view, &invoice))
            }
        }
    };
    view.page(&title, &main)
}

fn about(view: &View<'_>, invoice: &Invoice) -> Markup {
    let customer = view.read(|state| customer_name(state, &invoice.customer_id));
    facts([
        (
            "Customer",
            Some(link(&format!("customers/{}", invoice.customer_id), &customer)),
        ),
        ("Period", period(invoice).map(|(start, end)| days(start, end))),
        ("Issued", text(invoice.issue_date.as_deref())),
        ("Due", text(invoice.due_date.as_deref())),
        ("Sent", text(invoice.sent_at.as_deref().map(instant).as_deref())),
        (
            "Balance",
            invoice
                .balance
                .map(|balance| money(balance.amount, &invoice.currency)),
        ),
        ("Accounting date", text(Some(&invoice.accounting_date))),
        ("Id", Some(html! { code { (invoice.id) } })),
    ])
}

fn lines(state: &State, invoice: &Invoice) -> Markup {
    let mut lines: Vec<InvoiceLineItem> = state.all_with(Facet::InvoiceId, invoice.id());
    lines.sort_by_key(|line| line.index);
    if lines.is_empty() {
        return empty("None.");
    }
    let mut groups: Vec<InvoiceLineItemGroup> = state.all_with(Facet::InvoiceId, invoice.id());
    groups.sort_by_key(|group| group.index);
    let ungrouped: Vec<&InvoiceLineItem> = lines
        .iter()
        .filter(|line| {
            groups
                .iter()
                .all(|group| line.group_id.as_ref() != Some(&group.id))
        })
        .collect();
    let totals = [
        ("Net", invoice.amounts.net_total),
        ("Tax", invoice.amounts.total_tax),
        ("Gross", invoice.amounts.gross_total),
    ];
    let head = html! { th { "Title" } th { "Period" } th.number { "Quantity" } th.number { "Rate" } th.number { "Tax rate" } th.number { "Net" } };
    let rows = html! {
        @for group in &groups {
            tr.group { th colspan="6" scope="rowgroup" { (group.title) } }
            @for line in lines.iter().filter(|line| line.group_id.as_ref() == Some(&group.id)) { (row(line)) }
        }
        @for line in ungrouped { (row(line)) }
        @for (label, amount) in totals {
            tr.total { th colspan="5" scope="row" { (label) } td.number { (money(amount, &invoice.currency)) } }
        }
    };
    table("Lines", &head, &rows)
}

fn row(line: &InvoiceLineItem) -> Markup {
    let of_period = |name: &str| line.rest.get("servicePeriod")?.get(name)?.as_str();
    let percent = if line.text("rateDisplay") == Some("PERCENTAGE") {
        " %"
    } else {
        ""
    };
    html! {
        tr {
            th scope="row" {
                (line.title)
                @if let Some(text) = line.text("description") { div.muted { (text) } }
            }
            td { @if let (Some(start), Some(end)) = (of_period("startDate"), of_period("endDate")) { (days(start, end)) } }
            td.number { (grouped(&line.quantity.to_string())) }
            td.number { (grouped(&line.rate.to_string())) (percent) }
            td.number { (line.tax_rate.normalize()) }
            td.number { (grouped(&line.amounts.net_total.to_string())) }
        }
    }
}

/// The rules that no source states, and that the amounts depend on.
fn assumed(invoice: &Invoice) -> Markup {
    let rules: Vec<Assumption> = invoice
        .assumed
        .iter()
        .filter_map(|number| Assumption::from_number(*number))
        .collect();
    html! {
        @if !rules.is_empty() {
            details {
                summary { "The amounts depend on " (rules.len()) @if rules.len() == 1 { " assumption" } @else { " assumptions" } }
                dl.rules { @for rule in rules { div { dt { (rule) } dd { (rule.rule()) } } } }
            }
        }
    }
}

fn printed(view: &View<'_>, invoice: &Invoice) -> Markup {
    let address = format!("{BASE}/invoices/{}/pdf", invoice.id);
    html! {
        @if is_printed(invoice) {
            p.links { a href=(address) target="_blank" { "Open the PDF" } " " a href=(address) download { "Download" } }
            (paper::sheet(&view.read(|state| look::printout(state, invoice))))
        } @else {
            (empty("A draft has none. The invoice is printed once it is final."))
        }
    }
}

/// The PDF that the API answers, to be shown in a tab of its own.
pub(super) fn pdf(view: &View<'_>) -> Shown {
    let path = [("id", view.id)];
    let world = &view.shared.world;
    let mut reply = Reply::from(world.call(Operation::InvoiceDownload, Version::LATEST, &path, "", None));
    if let Some(shown) = reply
        .headers
        .get("content-disposition")
        .and_then(|value| value.to_str().ok())
    {
        let shown = shown.replacen("attachment", "inline", 1);
        reply.put("content-disposition", &shown);
    }
    Ok(reply)
}
