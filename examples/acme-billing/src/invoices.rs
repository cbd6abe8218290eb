//! What a customer sees: sent invoices from the local table, and their PDFs from Sequence.

use std::collections::BTreeMap;

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use sequencehq::Decimal;
use serde::Serialize;

use crate::{App, Error};

/// The body of `GET /customers/{id}/invoices`. Amounts are decimals in JSON strings, so that no client rounds them.
#[derive(Debug, Serialize)]
pub struct Invoices {
    invoices: Vec<Invoice>,
    /// The gross totals of all invoices, by currency. Amounts of different currencies are not added up.
    totals: BTreeMap<String, String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Invoice {
    id: String,
    number: Option<String>,
    payment_status: String,
    issue_date: Option<String>,
    due_date: Option<String>,
    currency: String,
    net_total: String,
    total_tax: String,
    gross_total: String,
}

type Row = (
    String,
    Option<String>,
    String,
    Option<String>,
    Option<String>,
    String,
    String,
    String,
    String,
);

/// `GET /customers/{id}/invoices`: the invoices that were sent, the newest first.
pub async fn list(State(app): State<App>, Path(customer): Path<String>) -> Result<Json<Invoices>, Error> {
    known(&app, &customer).await?;
    let sql = "SELECT i.id, number, payment_status, issue_date, due_date, currency, net_total, total_tax, gross_total \
        FROM invoices i JOIN signups s USING (customer_id) WHERE s.id = ? AND status = 'SENT' \
        ORDER BY issue_date DESC, number DESC";
    let rows: Vec<Row> = sqlx::query_as(sql)
        .bind(&customer)
        .fetch_all(&app.database)
        .await?;
    let mut totals: BTreeMap<String, Decimal> = BTreeMap::new();
    let mut invoices = Vec::new();
    for row in rows {
        let (id, number, payment_status, issue_date, due_date, currency, net_total, total_tax, gross_total) =
            row;
        let gross: Decimal = gross_total
            .parse()
            .map_err(|_| Error::Stored(format!("invoice {id}: {gross_total}")))?;
        *totals.entry(currency.clone()).or_default() += gross;
        invoices.push(Invoice {
            id,
            number,
            payment_status,
            issue_date,
            due_date,
            currency,
            net_total,
            total_tax,
            gross_total,
        });
    }
    let totals = totals
        .into_iter()
        .map(|(currency, total)| (currency, total.to_string()))
        .collect();
    Ok(Json(Invoices { invoices, totals }))
}

/// `GET /customers/{id}/invoices/{invoice}/pdf`: passes the PDF on as it arrives.
pub async fn pdf(
    State(app): State<App>,
    Path((customer, invoice)): Path<(String, String)>,
) -> Result<Response, Error> {
    // The table decides whose invoice it is. The id alone would open the invoices of all customers to each of them.
    let owned = "SELECT 1 FROM invoices i JOIN signups s USING (customer_id) \
        WHERE s.id = ? AND i.id = ? AND status = 'SENT'";
    let owned = sqlx::query(owned).bind(&customer).bind(&invoice);
    if owned.fetch_optional(&app.database).await?.is_none() {
        return Err(not_found(format!("{customer} has no invoice {invoice}")));
    }
    let pdf = app.client.invoices().download(&invoice).await?;
    let kind = pdf.content_type().unwrap_or("application/pdf").to_owned();
    Ok(([(header::CONTENT_TYPE, kind)], Body::from_stream(pdf)).into_response())
}

async fn known(app: &App, customer: &str) -> Result<(), Error> {
    let known = sqlx::query("SELECT 1 FROM signups WHERE id = ?").bind(customer);
    match known.fetch_optional(&app.database).await? {
        Some(_) => Ok(()),
        None => Err(not_found(format!("{customer} has not signed up"))),
    }
}

fn not_found(message: String) -> Error {
    Error::Refused(StatusCode::NOT_FOUND, message)
}
