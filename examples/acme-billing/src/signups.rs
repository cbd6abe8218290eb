//! Sign-ups: a customer, and a billing schedule for its plan.
//!
//! A sign-up is stored before anything is created, and each result as soon as it is known. If it is interrupted, by a crash or
//! because Sequence does not answer, a repeat of the request or the worker completes it. Nothing is created twice: see
//! [`subscription`].

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use sequencehq::NaiveDate;
use sequencehq::types::{Address, CustomerId};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{App, Error, subscription};

/// The body of `POST /signups`.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SignUp {
    /// The id of the customer in this system.
    pub customer: String,
    pub plan: String,
    pub legal_name: String,
    pub email: String,
    pub address: Address,
}

impl SignUp {
    fn check(&self, app: &App) -> Result<(), Error> {
        let refused = |message: String| Err(Error::Refused(StatusCode::UNPROCESSABLE_ENTITY, message));
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if self.customer.is_empty() || self.customer.len() > 64 || !self.customer.chars().all(is_plain) {
            return refused("customer: use 1 to 64 letters, digits, `-` and `_`".to_owned());
        }
        if !app.plans.contains(&self.plan) {
            return refused(format!("plan: `{}` is not a plan", self.plan));
        }
        Ok(())
    }
}

/// `POST /signups`: returns 201 once the customer is billed, and 202 if that is still to be completed.
pub async fn sign_up(
    State(app): State<App>,
    Json(sign_up): Json<SignUp>,
) -> Result<(StatusCode, Json<Value>), Error> {
    sign_up.check(&app)?;
    let id = &sign_up.customer;
    let request = serde_json::to_string(&sign_up).map_err(|error| Error::Stored(error.to_string()))?;
    let insert = "INSERT INTO signups (id, request, start_date) VALUES (?, ?, ?) ON CONFLICT DO NOTHING";
    let insert = sqlx::query(insert)
        .bind(id)
        .bind(&request)
        .bind(app.today().to_string());
    insert.execute(&app.database).await?;
    let stored = sqlx::query_scalar("SELECT request FROM signups WHERE id = ?");
    let stored: String = stored.bind(id).fetch_one(&app.database).await?;
    if stored != request {
        let message = format!("{id} has signed up with other details");
        return Err(Error::Refused(StatusCode::CONFLICT, message));
    }
    let status = match complete(&app, id).await {
        Ok(()) => (StatusCode::CREATED, "active"),
        Err(Error::Sequence(error)) if is_refusal(&error) && withdraw(&app, id).await? => {
            let message = error.message().map_or_else(|| error.to_string(), str::to_owned);
            return Err(Error::Refused(StatusCode::UNPROCESSABLE_ENTITY, message));
        }
        Err(Error::Sequence(error)) => {
            tracing::warn!(customer = %id, %error, "the sign-up is not complete, and is continued later");
            (StatusCode::ACCEPTED, "pending")
        }
        Err(error) => return Err(error),
    };
    Ok((status.0, Json(json!({ "customer": id, "status": status.1 }))))
}

/// Whether the request is wrong and nothing came of it. Anything else may work later, or may have worked.
fn is_refusal(error: &sequencehq::Error) -> bool {
    !error.may_have_acted() && (error.is_bad_request() || error.is_invalid_input())
}

/// Forgets a refused sign-up, so that it can be corrected. Returns `false` if something exists already.
async fn withdraw(app: &App, id: &str) -> Result<bool, Error> {
    let delete = "DELETE FROM signups WHERE id = ? AND customer_id IS NULL \
        AND NOT EXISTS (SELECT 1 FROM usage_events WHERE customer = signups.id)";
    let delete = sqlx::query(delete);
    Ok(delete.bind(id).execute(&app.database).await?.rows_affected() == 1)
}

/// Completes the sign-ups that were interrupted.
pub async fn resume(app: &App) -> Result<(), Error> {
    let open = sqlx::query_scalar("SELECT id FROM signups WHERE activated = 0 ORDER BY rowid");
    let open: Vec<String> = open.fetch_all(&app.database).await?;
    for id in open {
        match complete(app, &id).await {
            Ok(()) => tracing::info!(customer = id, "the sign-up is complete"),
            Err(error) => tracing::error!(customer = id, %error, "the sign-up is not complete"),
        }
    }
    Ok(())
}

type Row = (String, String, Option<String>, Option<String>, bool);

/// Does what is left of a sign-up.
async fn complete(app: &App, id: &str) -> Result<(), Error> {
    let columns = "SELECT request, start_date, customer_id, schedule_id, activated FROM signups WHERE id = ?";
    let row: Row = sqlx::query_as(columns).bind(id).fetch_one(&app.database).await?;
    let (request, start, customer, schedule, is_activated) = row;
    if is_activated {
        return Ok(());
    }
    let unreadable = |problem: String| Error::Stored(format!("the sign-up of {id}: {problem}"));
    let sign_up: SignUp = serde_json::from_str(&request).map_err(|error| unreadable(error.to_string()))?;
    // Billing starts on the day of the sign-up, also if it is completed on a later one.
    let start: NaiveDate = start
        .parse()
        .map_err(|_| unreadable(format!("start date {start}")))?;

    let customer = match customer {
        Some(customer) => customer,
        None => {
            let created = subscription::customer(&app.client, &sign_up).await?;
            let sql = "UPDATE signups SET customer_id = COALESCE(customer_id, ?) WHERE id = ? RETURNING customer_id";
            record(app, sql, created.as_str(), id).await?
        }
    };
    let schedule = match schedule {
        Some(schedule) => schedule,
        None => {
            let (plan, customer) = (&sign_up.plan, CustomerId::from(customer));
            let created = subscription::schedule(&app.client, &app.plans, plan, &customer, start).await?;
            let sql = "UPDATE signups SET schedule_id = COALESCE(schedule_id, ?) WHERE id = ? RETURNING schedule_id";
            record(app, sql, created.as_str(), id).await?
        }
    };
    subscription::activate(&app.client, &schedule.into()).await?;
    let done = sqlx::query("UPDATE signups SET activated = 1 WHERE id = ?").bind(id);
    done.execute(&app.database).await?;
    Ok(())
}

/// Records a result, and returns the one that counts: of two simultaneous requests, that of the first.
async fn record(app: &App, sql: &'static str, result: &str, id: &str) -> Result<String, Error> {
    Ok(sqlx::query_scalar(sql)
        .bind(result)
        .bind(id)
        .fetch_one(&app.database)
        .await?)
}
