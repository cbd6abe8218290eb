//! Webhooks: verified by the extractor, and processed once.

use axum::extract::State;
use axum::http::StatusCode;
use sequencehq::Client;
use sequencehq::types::{Invoice, NotificationChannel, NotificationPolicy, NotificationPolicyCreate};
use sequencehq::webhook::{Event, Rejection, Resource};
use sqlx::SqliteConnection;

use crate::{App, Error};

/// Subscribes a URL to all events, unless it is already.
pub async fn subscribe(client: &Client, url: &str, secret: &str) -> Result<(), Error> {
    let mut policies = client.notification_policies().list().items();
    let is_ours = |policy: &NotificationPolicy| policy.recipients.iter().any(|recipient| recipient == url);
    if policies.try_find(is_ours).await?.is_none() {
        let policy = NotificationPolicyCreate::builder()
            .name("Acme billing")
            .channel(NotificationChannel::Webhook)
            .recipients([url])
            .webhook_secret(secret);
        client.notification_policies().create(policy).await?;
    }
    Ok(())
}

/// `POST /webhooks/sequence`: a status of 2xx ends the delivery, any other one repeats it.
pub async fn receive(
    State(app): State<App>,
    event: Result<Event, Rejection>,
) -> Result<StatusCode, axum::response::ErrorResponse> {
    let event = event.inspect_err(|rejection| tracing::warn!(%rejection, "a webhook is refused"))?;
    Ok(process(&app, &event).await?)
}

/// Processes an event, unless that was done before. The effect and the note that it was processed are one transaction:
/// otherwise, a crash between the two would lose the effect, or repeat it.
async fn process(app: &App, event: &Event) -> Result<StatusCode, Error> {
    let mut transaction = app.database.begin().await?;
    let insert =
        sqlx::query("INSERT INTO webhooks (fingerprint, event) VALUES (?, ?) ON CONFLICT DO NOTHING");
    let insert = insert.bind(event.fingerprint()).bind(event.json());
    if insert.execute(&mut *transaction).await?.rows_affected() == 0 {
        return Ok(StatusCode::OK);
    }
    match event.resource() {
        Some(Resource::Invoice(invoice)) => store(&mut transaction, invoice).await?,
        // A repeat would be undecodable too. The event is kept, and can be processed by a newer version.
        Some(Resource::Undecoded { reason, .. }) => {
            tracing::error!(kind = %event.notification_type(), reason, "a webhook cannot be decoded");
        }
        _ => tracing::debug!(kind = %event.notification_type(), "a webhook without an effect"),
    }
    transaction.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Stores the state of an invoice, unless a newer one is stored: webhooks may arrive in any order.
async fn store(database: &mut SqliteConnection, invoice: &Invoice) -> Result<(), Error> {
    let upsert = "INSERT INTO invoices (id, customer_id, number, status, payment_status, issue_date, due_date, \
        currency, net_total, total_tax, gross_total, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
        ON CONFLICT (id) DO UPDATE SET number = excluded.number, status = excluded.status, \
        payment_status = excluded.payment_status, issue_date = excluded.issue_date, due_date = excluded.due_date, \
        currency = excluded.currency, net_total = excluded.net_total, total_tax = excluded.total_tax, \
        gross_total = excluded.gross_total, updated_at = excluded.updated_at \
        WHERE excluded.updated_at >= invoices.updated_at";
    sqlx::query(upsert)
        .bind(invoice.id.as_str())
        .bind(invoice.customer_id.as_str())
        .bind(&invoice.invoice_number)
        .bind(invoice.status.as_str())
        .bind(invoice.payment_status.as_str())
        .bind(invoice.issue_date.map(|date| date.to_string()))
        .bind(invoice.due_date.map(|date| date.to_string()))
        .bind(invoice.currency.as_str())
        .bind(invoice.net_total.to_string())
        .bind(invoice.total_tax.to_string())
        .bind(invoice.gross_total.to_string())
        .bind(
            invoice
                .updated_at
                .unwrap_or(invoice.created_at)
                .timestamp_micros(),
        )
        .execute(database)
        .await?;
    Ok(())
}
