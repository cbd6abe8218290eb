//! The month end: finalizes and sends the invoices that are due.

use std::fmt;

use sequencehq::types::{Invoice, InvoiceStatus};
use sequencehq::{Client, NaiveDate};

use crate::Error;

/// What was sent, and what was not.
#[derive(Debug, Default)]
pub struct Report {
    pub sent: Vec<Invoice>,
    pub failed: Vec<(Invoice, sequencehq::Error)>,
}

/// Finalizes and sends all invoices of billing schedules with an accounting date through `until`.
///
/// It can run twice, also after a crash: a sent invoice is not listed any more, and one that was finalized and not sent is only
/// sent. One failure does not stop the others.
pub async fn run(client: &Client, until: NaiveDate) -> Result<Report, Error> {
    let mut report = Report::default();
    for status in [InvoiceStatus::Final, InvoiceStatus::Draft] {
        // The whole list first: sending moves invoices out of it, and pages would skip others.
        let invoices = client
            .invoices()
            .list()
            .invoice_status(status)
            .items()
            .try_collect()
            .await?;
        let is_due = |invoice: &Invoice| {
            // Invoices that were written by hand are sent by hand.
            invoice.billing_schedule_id.is_some() && invoice.accounting_date <= until
        };
        for invoice in invoices.into_iter().filter(is_due) {
            match send(client, &invoice).await {
                Ok(sent) => report.sent.push(sent),
                Err(error) => report.failed.push((invoice, error)),
            }
        }
    }
    Ok(report)
}

async fn send(client: &Client, invoice: &Invoice) -> Result<Invoice, sequencehq::Error> {
    let invoices = client.invoices();
    let sent = match invoice.status {
        InvoiceStatus::Draft => invoices.finalize_and_send(&invoice.id).await,
        _ => invoices.send(&invoice.id).await,
    };
    match sent {
        // The customer may have the invoice already. It must not get it twice, so that its status decides and not a second
        // attempt. If it is not sent, the next run sends it.
        Err(error) if error.may_have_acted() => {
            let now = invoices.get(&invoice.id).await?;
            if now.status == InvoiceStatus::Sent {
                Ok(now)
            } else {
                Err(error)
            }
        }
        result => result,
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for invoice in &self.sent {
            let number = invoice.invoice_number.as_deref().unwrap_or("without a number");
            let (customer, total) = (&invoice.customer_legal_company_name, invoice.gross_total);
            writeln!(f, "sent    {number}  {customer}  {total} {}", invoice.currency)?;
        }
        for (invoice, error) in &self.failed {
            let (customer, id) = (&invoice.customer_legal_company_name, &invoice.id);
            writeln!(f, "failed  {id}  {customer}: {error}")?;
        }
        write!(f, "{} sent, {} failed", self.sent.len(), self.failed.len())
    }
}
