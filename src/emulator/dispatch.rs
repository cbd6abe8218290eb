//! From a request to its answer: which operation, may it, is it well-formed, do it.
//!
//! There is no route per resource. The document says what operation a request
//! means, and [`act`] is the list of those that are imitated; a further
//! resource is one more arm there.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request, State as Shared};
use axum::response::Response;
use bytes::Bytes;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use serde_json::{Map, Value, json};

use crate::clock::Clock;

use super::document::{Document, LATEST, Match, Query};
use super::faults::{self, Kind};
use super::gate::{self, Credentials, rounded_up};
use super::problem::Problem;
use super::requests::{RecordedRequest, recordable};
use super::state::State;
use super::wire::Connection;
use super::{events, invoice_lists, invoices, line_items, notifications, settings};

/// Far more than any body of this API.
const MAX_BODY_BYTES: usize = 16 * 1024 * 1024;

const HTML_502: &str = "<html>\n<head><title>502 Bad Gateway</title></head>\n<body><center><h1>502 Bad Gateway</h1></center></body>\n</html>\n";

/// What every request shares.
#[derive(Debug)]
pub(super) struct Account {
    pub(super) credentials: Credentials,
    pub(super) requests_per_minute: Option<u32>,
    pub(super) clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

/// A request that passed every check.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) operation_id: String,
    pub(super) path: BTreeMap<String, String>,
    pub(super) query: Query,
    /// The properties of the body; none where the operation has no body.
    body: Map<String, Value>,
}

/// What an operation answers.
#[derive(Debug)]
pub(super) enum Answer {
    Json(StatusCode, Value),
    Empty(StatusCode),
    Pdf { file_name: String, bytes: Vec<u8> },
}

impl Account {
    pub(super) fn new(
        credentials: Credentials,
        requests_per_minute: Option<u32>,
        state: State,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            credentials,
            requests_per_minute,
            clock,
            state: Mutex::new(state),
        }
    }

    /// The books. No operation leaves them half-changed, so a panic elsewhere does not spoil them.
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Call {
    /// A path parameter; the document names them, so a missing one is a slip of this crate.
    pub(super) fn path(&self, name: &str) -> &str {
        self.path.get(name).expect("the document has this path parameter")
    }

    pub(super) fn body(&self) -> &Map<String, Value> {
        &self.body
    }

    /// A text of the body. `null` counts as left out.
    pub(super) fn text(&self, field: &str) -> Option<&str> {
        self.body.get(field)?.as_str()
    }

    /// A list of texts of the body.
    pub(super) fn texts(&self, field: &str) -> Vec<&str> {
        let items = self.body.get(field).and_then(Value::as_array);
        items.into_iter().flatten().filter_map(Value::as_str).collect()
    }

    #[cfg(test)]
    pub(super) fn for_list(operation_id: &str, query: &[(&str, &str)]) -> Self {
        Self {
            operation_id: operation_id.to_owned(),
            path: BTreeMap::new(),
            query: Query::of(query),
            body: Map::new(),
        }
    }
}

impl Answer {
    pub(super) fn ok(value: Value) -> Self {
        Self::Json(StatusCode::OK, value)
    }

    fn into_parts(self) -> (StatusCode, HeaderMap, Bytes) {
        let mut headers = HeaderMap::new();
        match self {
            Self::Json(status, value) => {
                headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
                (status, headers, value.to_string().into())
            }
            Self::Empty(status) => (status, headers, Bytes::new()),
            Self::Pdf { file_name, bytes } => {
                headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/pdf"));
                let disposition = format!("attachment; filename=\"{file_name}\"");
                if let Ok(value) = HeaderValue::try_from(disposition) {
                    headers.insert(CONTENT_DISPOSITION, value);
                }
                (StatusCode::OK, headers, bytes.into())
            }
        }
    }
}

/// Every imitated operation.
fn act(state: &mut State, call: &Call) -> Result<Answer, Problem> {
    match call.operation_id.as_str() {
        "invoice_create" => invoices::invoice_create(state, call),
        "invoice_get" => invoices::invoice_get(state, call),
        "invoice_update" => invoices::invoice_update(state, call),
        "invoice_patch" => invoices::invoice_patch(state, call),
        "invoice_patch_sent" => invoices::invoice_patch_sent(state, call),
        "invoice_delete" => invoices::invoice_delete(state, call),
        "invoice_draft" => invoices::invoice_draft(state, call),
        "invoice_finalize" => invoices::invoice_finalize(state, call),
        "invoice_send" => invoices::invoice_send(state, call),
        "invoice_finalize_and_send" => invoices::invoice_finalize_and_send(state, call),
        "invoice_mark_as_sent" => invoices::invoice_mark_as_sent(state, call),
        "invoice_void" => invoices::invoice_void(state, call),
        "invoice_merge" => invoices::invoice_merge(state, call),
        "invoice_update_payment_status" => invoices::invoice_update_payment_status(state, call),
        "invoice_send_payment_reminder" => invoices::invoice_send_payment_reminder(state, call),
        "invoice_currency_conversion_list" => invoices::invoice_currency_conversion_list(state, call),
        "invoice_download" => invoices::invoice_download(state, call),
        // Both work in the background, and nothing shows how it went.
        "invoice_fix_billing_runs" | "invoice_reconcile" => Ok(Answer::Empty(StatusCode::ACCEPTED)),

        "invoice_list" => invoice_lists::invoice_list(state, call),
        "invoice_list_summary" => invoice_lists::invoice_list_summary(state, call),
        "invoice_summary" => invoice_lists::invoice_summary(state, call),

        "invoice_line_item_list" => line_items::invoice_line_item_list(state, call),
        "invoice_line_item_create" => line_items::invoice_line_item_create(state, call),
        "invoice_line_item_update" => line_items::invoice_line_item_update(state, call),
        "invoice_line_item_delete" => line_items::invoice_line_item_delete(state, call),
        "invoice_line_item_group_list" => line_items::invoice_line_item_group_list(state, call),
        "invoice_line_item_group_create" => line_items::invoice_line_item_group_create(state, call),
        "invoice_line_item_group_update" => line_items::invoice_line_item_group_update(state, call),
        "invoice_line_item_group_delete" => line_items::invoice_line_item_group_delete(state, call),

        "invoice_render_settings_get" => Ok(settings::invoice_render_settings_get(state)),
        "invoice_render_settings_update" => settings::invoice_render_settings_update(state, call),
        "invoice_payment_settings_create" => settings::invoice_payment_settings_create(state, call),
        "invoice_payment_settings_get" => settings::invoice_payment_settings_get(state, call),
        "invoice_payment_settings_get_for_invoice" => {
            settings::invoice_payment_settings_get_for_invoice(state, call)
        }
        "invoice_payment_settings_update" => settings::invoice_payment_settings_update(state, call),
        "invoice_payment_settings_delete" => settings::invoice_payment_settings_delete(state, call),

        "notification_policy_list" => notifications::notification_policy_list(state, call),
        "notification_policy_create" => notifications::notification_policy_create(state, call),
        "notification_policy_get" => notifications::notification_policy_get(state, call),
        "notification_policy_delete" => notifications::notification_policy_delete(state, call),
        "notification_policy_add_notification_types" => {
            notifications::notification_policy_add_notification_types(state, call)
        }
        "notification_policy_remove_notification_type" => {
            notifications::notification_policy_remove_notification_type(state, call)
        }
        "notification_policy_add_recipients" => {
            notifications::notification_policy_add_recipients(state, call)
        }
        "notification_policy_remove_recipient" => {
            notifications::notification_policy_remove_recipient(state, call)
        }
        "usage_event_create" => events::usage_event_create(state, call),
        "usage_event_list" => events::usage_event_list(state, call),
        "seat_event_create" => events::seat_event_create(state, call),
        "seat_event_list" => events::seat_event_list(state, call),
        "seat_event_get" => events::seat_event_get(state, call),

        other => Err(Problem::not_imitated(format!(
            "The emulator does not imitate {other}; see the documentation of its module for what it does."
        ))),
    }
}

/// The one handler of the server.
pub(super) async fn answer(Shared(account): Shared<Arc<Account>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let connection = parts.extensions.get::<ConnectInfo<Connection>>();
    let connection = connection.map(|ConnectInfo(connection)| connection);
    let body = to_bytes(body, MAX_BODY_BYTES).await;
    let bytes = body.as_ref().cloned().unwrap_or_default();

    let version = gate::version(&parts.headers);
    let found = find(
        &parts.method,
        &parts.uri,
        version.as_ref().copied().unwrap_or(LATEST),
    );
    let operation_id = found.as_ref().ok().map(|found| found.operation.id.as_str());

    let (position, request_id, fault) = {
        let mut state = account.state();
        let position = state.requests.len();
        let recorded = record(&parts.method, &parts.uri, &parts.headers, operation_id, bytes);
        state.requests.push(recorded);
        let fault = faults::take(&mut state.faults, operation_id);
        (position, state.new_id(), fault)
    };
    if let Some(Kind::Delay(duration)) = &fault {
        account.clock.sleep(*duration).await;
    }

    let (mut status, mut headers, mut payload) = match &fault {
        Some(Kind::Status {
            code,
            retry_after,
            body,
        }) => staged_status(*code, *retry_after, body.as_deref()),
        Some(Kind::Html502) => {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html"));
            (
                StatusCode::BAD_GATEWAY,
                headers,
                Bytes::from_static(HTML_502.as_bytes()),
            )
        }
        Some(Kind::DropBefore) => (StatusCode::OK, HeaderMap::new(), Bytes::new()),
        Some(Kind::DropAfter | Kind::TruncateBody | Kind::Delay(_) | Kind::WrongShape) | None => {
            let body = body.map_err(|e| {
                Problem::invalid(format!(
                    "body: it could not be read, or is beyond {MAX_BODY_BYTES} bytes: {e}."
                ))
            });
            serve(
                &account,
                &parts.headers,
                &parts.uri,
                version.as_ref().copied(),
                found,
                body,
            )
        }
    };
    if matches!(fault, Some(Kind::WrongShape)) {
        payload = json!({"items": "no list", "id": 17}).to_string().into();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }

    let drops = matches!(fault, Some(Kind::DropBefore | Kind::DropAfter));
    match connection {
        Some(connection) if drops => connection.cut(),
        Some(connection) if matches!(fault, Some(Kind::TruncateBody)) => {
            connection.cut_after_body_bytes(payload.len() / 2);
        }
        // A router without a connection has nothing to drop; say so instead of answering as if nothing were wrong.
        None if drops => (status, payload) = (StatusCode::BAD_GATEWAY, Bytes::new()),
        _ => {}
    }
    if let Some(recorded) = account.state().requests.get_mut(position) {
        recorded.status = (!drops).then(|| status.as_u16());
    }

    // A proxy that answers in the place of the API knows nothing of versions.
    if !matches!(fault, Some(Kind::Html502)) {
        let version = HeaderValue::from_static(version.unwrap_or(LATEST));
        headers.insert("sequence-version", version);
        if let Ok(id) = HeaderValue::try_from(request_id) {
            headers.insert("x-request-id", id);
        }
    }
    let mut response = Response::new(Body::from(payload));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

/// Without faults: every check in turn, and then the operation.
fn serve(
    account: &Account,
    headers: &HeaderMap,
    uri: &Uri,
    version: Result<&str, &Problem>,
    found: Result<Match<'_>, Problem>,
    body: Result<Bytes, Problem>,
) -> (StatusCode, HeaderMap, Bytes) {
    let outcome = || {
        account.credentials.check(headers)?;
        let mut state = account.state();
        state
            .minute
            .admit(account.requests_per_minute, account.clock.now())?;
        version.map_err(Clone::clone)?;
        let Match { operation, path } = found?;
        let document = Document::get();
        let query = document.query(operation, uri.query().unwrap_or_default())?;
        let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let body = match document.body(operation, content_type, &body?)? {
            Value::Object(map) => map,
            _ => Map::new(),
        };
        let call = Call {
            operation_id: operation.id.clone(),
            path,
            query,
            body,
        };
        let answer = act(&mut state, &call)?;
        notifications::announce(&state, &call.operation_id, &answer);
        Ok(answer)
    };
    outcome().map_or_else(refusal, Answer::into_parts)
}

fn find(method: &Method, uri: &Uri, version: &str) -> Result<Match<'static>, Problem> {
    let path = uri
        .path()
        .strip_prefix("/api")
        .filter(|rest| rest.starts_with('/'));
    let Some(path) = path else {
        return Err(Problem::not_found(format!(
            "Every path of the API starts with `/api/`, unlike `{}`; take the address from `base_url()`.",
            uri.path()
        )));
    };
    Document::get().find(method, path, version)
}

fn refusal(problem: Problem) -> (StatusCode, HeaderMap, Bytes) {
    let (_, mut headers, payload) = Answer::Json(problem.status, problem.body()).into_parts();
    if let Some(seconds) = problem.retry_after {
        headers.insert(RETRY_AFTER, seconds.into());
    }
    if problem.status == StatusCode::UNAUTHORIZED {
        headers.insert(
            WWW_AUTHENTICATE,
            HeaderValue::from_static("Basic realm=\"Sequence\""),
        );
    }
    (problem.status, headers, payload)
}

fn staged_status(
    code: u16,
    retry_after: Option<Duration>,
    body: Option<&str>,
) -> (StatusCode, HeaderMap, Bytes) {
    let status = StatusCode::from_u16(code).expect("the fault was checked when it was made");
    let problem =
        json!({"error": {"type": "InjectedFault", "message": format!("A test asked for status {code}.")}});
    let (_, mut headers, mut payload) = Answer::Json(status, problem).into_parts();
    if let Some(body) = body {
        payload = Bytes::copy_from_slice(body.as_bytes());
    }
    if let Some(delay) = retry_after {
        headers.insert(RETRY_AFTER, rounded_up(delay).into());
    }
    (status, headers, payload)
}

fn record(
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
    operation_id: Option<&str>,
    body: Bytes,
) -> RecordedRequest {
    RecordedRequest {
        operation_id: operation_id.map(str::to_owned),
        method: method.to_string(),
        path: uri.path().to_owned(),
        query: uri.query().map(str::to_owned),
        headers: headers
            .iter()
            .map(|(name, value)| (name.to_string(), recordable(name, value)))
            .collect(),
        body,
        status: None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Call, Document, act};
    use crate::emulator::state::State;
    use chrono::{DateTime, Utc};
    use std::sync::Arc;

    /// Does the operation reach an arm of its own, whatever that makes of an empty request?
    fn is_imitated(operation_id: &str) -> bool {
        let mut state = State::new(Arc::new(|| DateTime::<Utc>::UNIX_EPOCH));
        let mut call = Call::for_list(operation_id, &[]);
        for name in ["id", "invoice"] {
            call.path.insert(name.to_owned(), "unknown".to_owned());
        }
        !matches!(act(&mut state, &call), Err(problem) if problem.kind == "NotImitated")
    }

    #[test]
    fn every_invoice_operation_of_the_document_is_imitated() {
        let ids = Document::get().operation_ids();
        let invoices: Vec<_> = ids.filter(|id| id.starts_with("invoice_")).collect();
        assert_eq!(invoices.len(), 37);
        for id in invoices {
            assert!(is_imitated(id), "{id}");
        }
    }

    #[test]
    fn what_has_no_arm_is_not_imitated() {
        assert!(!is_imitated("quote_publish"));
    }
}
