//! Traces, logs and metrics of calls: what they are called, and what they contain.
//!
//! Nothing is recorded by default. Three features add it, and none of them installs anything globally:
//!
//! | feature | what it adds |
//! | --- | --- |
//! | `tracing` | spans and events of the crate `tracing`, for logs and for OpenTelemetry |
//! | `opentelemetry` | the headers `traceparent` and `tracestate`, from the span of the attempt; enables `tracing` |
//! | `metrics` | counters and histograms of the crate `metrics`, for Prometheus and others |
//!
//! None of them contains a secret, a body, an id in a URL, or a query. Messages of the API are part of the text of an error,
//! and may quote what was sent, such as an email address. If your logs must not have personal data, filter the field `error`
//! of the events below: the [kind](crate::ErrorKind::as_str) and the request id are in other fields.
//!
//! # Spans
//!
//! A call has a span, and each of its attempts has one below it. The fields follow the conventions of OpenTelemetry for HTTP
//! clients; a layer of `tracing-opentelemetry` exports them under these names.
//!
//! | field | call | attempt | value |
//! | --- | --- | --- | --- |
//! | `otel.name` | ✓ | ✓ | the operation, such as `invoice_void`; for an attempt `POST /invoices/{id}/void` |
//! | `otel.kind` | ✓ | ✓ | `internal` for the call, `client` for an attempt |
//! | `otel.status_code` | ✓ | ✓ | `ERROR` if it failed |
//! | `http.request.method` | ✓ | ✓ | `GET`, `POST`, … |
//! | `url.template` | ✓ | ✓ | the path with the names of its parameters, `/invoices/{id}/void` |
//! | `server.address`, `server.port` | ✓ | ✓ | host and port of the base URL |
//! | `http.response.status_code` | ✓ | ✓ | of the last response, if there was one |
//! | `http.request.resend_count` | ✓ | ✓ | the number of attempts before it, if there were any; for the call, before the last one |
//! | `error.type` | ✓ | ✓ | the status, such as `503`, or the [kind](crate::ErrorKind::as_str) of an error without one |
//! | `sequence.operation` | ✓ | ✓ | the operation |
//! | `sequence.api_version` | ✓ | | the pinned API version |
//! | `sequence.request_id` | ✓ | ✓ | the request id of the response |
//! | `sequence.waited_ms` | ✓ | | the time spent waiting between attempts |
//! | `rate_limit` | ✓ | | `fallback` if a shared limit was not available and the call kept to the share of its process |
//!
//! # Logs
//!
//! | event | level | fields |
//! | --- | --- | --- |
//! | `retrying` | `WARN` | `attempt`, `wait_ms`, `error` with its cause |
//! | `call failed` | `WARN` | `operation`, `error` with its cause, `error.type`, `attempts`, `may_have_acted` |
//!
//! # Propagation
//!
//! With the feature `opentelemetry`, each attempt has the header `traceparent` of its own span, if a layer of
//! `tracing-opentelemetry` is installed and the call did not set the header itself. The layer has to be of the version that this crate
//! depends on, 0.34.
//!
//! # Metrics
//!
//! | name | type | labels |
//! | --- | --- | --- |
//! | `sequencehq_calls_total` | counter | `operation`, `outcome` |
//! | `sequencehq_call_duration_seconds` | histogram | `operation`, `outcome` |
//! | `sequencehq_attempts_total` | counter | `operation`, `outcome`, `status` |
//! | `sequencehq_attempt_duration_seconds` | histogram | `operation`, `outcome` |
//! | `sequencehq_limiter_wait_seconds` | histogram | `quota`: `requests` or `events` |
//! | `sequencehq_limiter_fallback` | gauge | `quota`; 1 while a shared limit is not available and its process keeps to its share, 0 afterwards |
//! | `sequencehq_rate_limited_total` | counter | `operation` |
//! | `sequencehq_usage_events_total` | counter | `outcome`: `accepted`, `rejected`, `invalid`, `unknown`, `unsent`, `skipped` |
//!
//! `outcome` is `ok` or the [kind](crate::ErrorKind::as_str) of the error, and `status` the HTTP status or `none`. An attempt ends with
//! the last byte of its response, or with the first byte of a download. Labels have few values: there are 173 operations and about twenty
//! kinds.
//!
//! Queries for a dashboard, with the names as an exporter for Prometheus writes them:
//!
//! | panel | query |
//! | --- | --- |
//! | calls per second | `sum by (operation) (rate(sequencehq_calls_total[5m]))` |
//! | share of failed calls | `sum(rate(sequencehq_calls_total{outcome!="ok"}[5m])) / sum(rate(sequencehq_calls_total[5m]))` |
//! | retries per call | `sum(rate(sequencehq_attempts_total[5m])) / sum(rate(sequencehq_calls_total[5m])) - 1` |
//! | slowest 5 % of calls | `histogram_quantile(0.95, sum by (le) (rate(sequencehq_call_duration_seconds_bucket[5m])))` |
//! | waiting for the rate limit | `histogram_quantile(0.95, sum by (le, quota) (rate(sequencehq_limiter_wait_seconds_bucket[5m])))` |
//! | processes without the shared limit | `sum by (quota) (sequencehq_limiter_fallback)` |
//! | 429 responses | `sum by (operation) (rate(sequencehq_rate_limited_total[5m]))` |
//! | usage that was not accepted | `sum by (outcome) (rate(sequencehq_usage_events_total{outcome!~"accepted\|skipped"}[5m]))` |
//!
#![cfg_attr(feature = "metrics", doc = "```")]
#![cfg_attr(not(feature = "metrics"), doc = "```ignore")]
//! // After the recorder was installed, so that the exporter has units and texts:
//! sequencehq::observability::describe();
//! ```

/// The number of calls that ended.
pub const CALLS: &str = "sequencehq_calls_total";
/// The time from sending a call to its result, with all attempts and waits.
pub const CALL_DURATION: &str = "sequencehq_call_duration_seconds";
/// The number of attempts that ended.
pub const ATTEMPTS: &str = "sequencehq_attempts_total";
/// The time of an attempt.
pub const ATTEMPT_DURATION: &str = "sequencehq_attempt_duration_seconds";
/// The time that attempts waited for the rate limit of the client.
pub const LIMITER_WAIT: &str = "sequencehq_limiter_wait_seconds";
/// Whether a process is down to its share of a shared limit.
pub const LIMITER_FALLBACK: &str = "sequencehq_limiter_fallback";
/// The number of responses with status 429.
pub const RATE_LIMITED: &str = "sequencehq_rate_limited_total";
/// The number of usage and seat events of [`usage::Sender`](crate::usage::Sender), by outcome.
pub const USAGE_EVENTS: &str = "sequencehq_usage_events_total";

/// Describes the metrics to the recorder that is installed: units and texts. Call it once at the start of the program.
///
/// ```
/// sequencehq::observability::describe();
/// ```
#[cfg(feature = "metrics")]
#[cfg_attr(docsrs, doc(cfg(feature = "metrics")))]
pub fn describe() {
    use metrics::{Unit, describe_counter, describe_gauge, describe_histogram};

    describe_counter!(CALLS, Unit::Count, "Calls that ended.");
    describe_histogram!(
        CALL_DURATION,
        Unit::Seconds,
        "Time of calls, with all attempts and waits."
    );
    describe_counter!(ATTEMPTS, Unit::Count, "Attempts that ended.");
    describe_histogram!(ATTEMPT_DURATION, Unit::Seconds, "Time of attempts.");
    describe_histogram!(
        LIMITER_WAIT,
        Unit::Seconds,
        "Time that attempts waited for the rate limit."
    );
    describe_gauge!(
        LIMITER_FALLBACK,
        Unit::Count,
        "1 while a process is down to its share of a shared limit."
    );
    describe_counter!(RATE_LIMITED, Unit::Count, "Responses with status 429.");
    describe_counter!(USAGE_EVENTS, Unit::Count, "Usage and seat events by outcome.");
}
