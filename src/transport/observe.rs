//! Spans, events and metrics of calls and attempts. `crate::observability` documents their names.
//!
//! Without the features `tracing` and `metrics`, the functions only await what they are given.

use std::time::Duration;

use crate::error::Error;
use crate::operation::{Operation, Quota};
use crate::transport::connection::Connection;
use crate::transport::received::Received;
use crate::version::ApiVersion;

type Outcome = Result<Received, Error>;

/// Runs a call.
pub(super) async fn call(
    connection: &Connection,
    operation: &Operation,
    version: ApiVersion,
    exchange: impl Future<Output = Outcome>,
) -> Outcome {
    #[cfg(feature = "metrics")]
    let started = connection.clock.now();
    #[cfg(feature = "tracing")]
    let result = spans::call(connection, operation, version, exchange).await;
    #[cfg(not(feature = "tracing"))]
    let result = exchange.await;
    #[cfg(feature = "metrics")]
    counts::call(operation, connection.clock.now() - started, &result);
    let _ = (connection, operation, version);
    result
}

/// Runs an attempt of a call.
pub(super) async fn attempt(
    connection: &Connection,
    operation: &Operation,
    version: ApiVersion,
    number: u32,
    attempt: impl Future<Output = Outcome>,
) -> Outcome {
    #[cfg(feature = "metrics")]
    let started = connection.clock.now();
    #[cfg(feature = "tracing")]
    let result = spans::attempt(connection, operation, version, number, attempt).await;
    #[cfg(not(feature = "tracing"))]
    let result = attempt.await;
    #[cfg(feature = "metrics")]
    counts::attempt(operation, connection.clock.now() - started, &result);
    let _ = (connection, operation, version, number);
    result
}

/// Waits for a permit of the rate limit.
pub(super) async fn permit<T>(connection: &Connection, quota: Quota, permit: impl Future<Output = T>) -> T {
    #[cfg(feature = "metrics")]
    let started = connection.clock.now();
    let result = permit.await;
    #[cfg(feature = "metrics")]
    counts::permit(quota, connection.clock.now() - started);
    let _ = (connection, quota);
    result
}

/// Logs that a call is retried.
pub(super) fn retrying(attempt: u32, wait: Duration, error: &Error) {
    #[cfg(feature = "tracing")]
    tracing::warn!(attempt, wait_ms = wait.as_millis() as u64, %error, "retrying");
    let _ = (attempt, wait, error);
}

#[cfg(feature = "tracing")]
mod spans {
    use http::StatusCode;
    use tracing::Instrument as _;
    use tracing::field::{Empty, display};

    use super::Outcome;
    use crate::error::{Error, request_id};
    use crate::operation::Operation;
    use crate::transport::connection::Connection;
    use crate::version::ApiVersion;

    pub(super) async fn call(
        connection: &Connection,
        operation: &Operation,
        version: ApiVersion,
        exchange: impl Future<Output = Outcome>,
    ) -> Outcome {
        let route = operation.route(version);
        let span = tracing::info_span!(
            "sequence_call",
            otel.name = operation.id,
            otel.kind = "internal",
            otel.status_code = Empty,
            http.request.method = route.method,
            url.template = route.path,
            server.address = connection.base_url.host_str(),
            server.port = connection.base_url.port_or_known_default(),
            http.response.status_code = Empty,
            http.request.resend_count = Empty,
            error.r#type = Empty,
            sequence.operation = operation.id,
            sequence.api_version = version.as_str(),
            sequence.request_id = Empty,
            sequence.waited_ms = Empty,
            // Recorded by a shared limit that falls back to the share of this process.
            rate_limit = Empty,
        );
        let result = exchange.instrument(span.clone()).await;
        let (attempts, waited) = match &result {
            Ok(received) => (received.meta.attempts, received.meta.waited),
            Err(error) => (error.attempts(), error.waited()),
        };
        record_outcome(&span, &result);
        record_resends(&span, attempts);
        span.record("sequence.waited_ms", waited.as_millis() as u64);
        if let Err(error) = &result {
            let _entered = span.enter();
            tracing::warn!(
                operation = operation.id,
                %error,
                error.r#type = error_type(error),
                attempts,
                may_have_acted = error.may_have_acted(),
                "call failed"
            );
        }
        result
    }

    pub(super) async fn attempt(
        connection: &Connection,
        operation: &Operation,
        version: ApiVersion,
        number: u32,
        attempt: impl Future<Output = Outcome>,
    ) -> Outcome {
        let route = operation.route(version);
        let span = tracing::info_span!(
            "sequence_attempt",
            otel.name = %format_args!("{} {}", route.method, route.path),
            otel.kind = "client",
            otel.status_code = Empty,
            http.request.method = route.method,
            url.template = route.path,
            server.address = connection.base_url.host_str(),
            server.port = connection.base_url.port_or_known_default(),
            http.response.status_code = Empty,
            http.request.resend_count = Empty,
            error.r#type = Empty,
            sequence.operation = operation.id,
            sequence.request_id = Empty,
        );
        record_resends(&span, number);
        let result = attempt.instrument(span.clone()).await;
        record_outcome(&span, &result);
        result
    }

    fn record_resends(span: &tracing::Span, attempts: u32) {
        if attempts > 1 {
            span.record("http.request.resend_count", attempts - 1);
        }
    }

    fn record_outcome(span: &tracing::Span, result: &Outcome) {
        let (status, id) = match result {
            Ok(received) => (Some(received.meta.status), request_id(&received.meta.headers)),
            Err(error) => (error.status(), error.request_id()),
        };
        span.record(
            "http.response.status_code",
            status.as_ref().map(StatusCode::as_u16),
        );
        span.record("sequence.request_id", id);
        if let Err(error) = result {
            span.record("otel.status_code", "ERROR");
            span.record("error.type", display(error_type(error)));
        }
    }

    /// Returns the status of an error response, or the kind of another error.
    fn error_type(error: &Error) -> String {
        match error.status() {
            Some(status) if !status.is_success() => status.as_u16().to_string(),
            _ => error.kind().as_str().to_owned(),
        }
    }
}

#[cfg(feature = "metrics")]
mod counts {
    use std::time::Duration;

    use metrics::{counter, histogram};

    use super::Outcome;
    use crate::observability::{
        ATTEMPT_DURATION, ATTEMPTS, CALL_DURATION, CALLS, LIMITER_WAIT, RATE_LIMITED,
    };
    use crate::operation::{Operation, Quota};

    pub(super) fn call(operation: &Operation, elapsed: Duration, result: &Outcome) {
        let outcome = outcome(result);
        counter!(CALLS, "operation" => operation.id, "outcome" => outcome).increment(1);
        histogram!(CALL_DURATION, "operation" => operation.id, "outcome" => outcome).record(elapsed);
    }

    pub(super) fn attempt(operation: &Operation, elapsed: Duration, result: &Outcome) {
        let outcome = outcome(result);
        let status = match result {
            Ok(received) => Some(received.meta.status),
            Err(error) => error.status(),
        };
        let status = status.map_or_else(|| "none".to_owned(), |status| status.as_u16().to_string());
        counter!(ATTEMPTS, "operation" => operation.id, "outcome" => outcome, "status" => status)
            .increment(1);
        histogram!(ATTEMPT_DURATION, "operation" => operation.id, "outcome" => outcome).record(elapsed);
        if result.as_ref().is_err_and(|error| error.is_rate_limited()) {
            counter!(RATE_LIMITED, "operation" => operation.id).increment(1);
        }
    }

    pub(super) fn permit(quota: Quota, waited: Duration) {
        histogram!(LIMITER_WAIT, "quota" => quota.label()).record(waited);
    }

    fn outcome(result: &Outcome) -> &'static str {
        result
            .as_ref()
            .map_or_else(|error| error.kind().as_str(), |_| "ok")
    }
}

/// Adds the headers that connect the trace of the server with the current span.
#[cfg(feature = "opentelemetry")]
pub(super) fn propagate(headers: &mut http::HeaderMap) {
    use http::HeaderValue;
    use opentelemetry::trace::TraceContextExt as _;
    use tracing_opentelemetry::OpenTelemetrySpanExt as _;

    let context = tracing::Span::current().context();
    let span = context.span();
    let ids = span.span_context();
    if !ids.is_valid() || headers.contains_key("traceparent") {
        return;
    }
    let parent = format!(
        "00-{}-{}-{:02x}",
        ids.trace_id(),
        ids.span_id(),
        ids.trace_flags()
    );
    if let Ok(parent) = HeaderValue::from_str(&parent) {
        headers.insert("traceparent", parent);
    }
    let state = ids.trace_state().header();
    if !state.is_empty()
        && let Ok(state) = HeaderValue::from_str(&state)
    {
        headers.insert("tracestate", state);
    }
}
