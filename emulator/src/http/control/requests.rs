//! The last requests of the API.

use serde_json::{Value, json};

use crate::http::log::RecordedRequest;

use super::{Call, Outcome, body};

/// How many requests are listed if the query has no limit.
const LIMIT: usize = 100;

/// Lists the newest ones, oldest first.
pub(super) fn list(call: &Call<'_>) -> Outcome {
    let query = body::query(call, &["limit", "refused"])?;
    let (limit, refused) = (
        body::number(&query, "limit", LIMIT)?,
        body::flag(&query, "refused")?,
    );
    let log = call.shared.log();
    let fitting = log
        .newest()
        .filter(|request| !refused || request.refusal.is_some());
    let mut items: Vec<Value> = fitting.take(limit).map(shape).collect();
    items.reverse();
    Ok(json!({"items": items, "total": log.len()}))
}

fn shape(request: &RecordedRequest) -> Value {
    let headers: Vec<_> = request
        .headers
        .iter()
        .map(|(name, value)| json!([name, value]))
        .collect();
    let refusal = request.refusal.as_ref();
    let assumptions: Vec<String> = request.assumed.iter().map(|one| one.to_string()).collect();
    json!({
        "requestId": request.request_id,
        "at": request.at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
        "operation": request.operation_id,
        "method": request.method,
        "path": request.path,
        "query": request.query,
        "headers": headers,
        "body": String::from_utf8_lossy(&request.body),
        "response": String::from_utf8_lossy(&request.response),
        "status": request.status,
        "scripted": request.scripted,
        "refusal": refusal.map(|refusal| json!({"type": refusal.kind, "message": refusal.message})),
        "assumptions": assumptions,
        "notes": request.notes,
        "milliseconds": request.took.as_secs_f64() * 1_000.0,
    })
}
