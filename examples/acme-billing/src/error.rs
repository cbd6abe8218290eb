//! The error of all handlers, and its response.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

#[derive(Debug)]
pub enum Error {
    /// The request cannot be processed. The text is for the caller.
    Refused(StatusCode, String),
    /// A call of Sequence failed.
    Sequence(sequencehq::Error),
    Database(sqlx::Error),
    /// A stored value cannot be read.
    Stored(String),
}

impl From<sequencehq::Error> for Error {
    fn from(error: sequencehq::Error) -> Self {
        Self::Sequence(error)
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let (status, message) = match self {
            Self::Refused(status, message) => (status, message),
            // The reason is for the log. It never contains credentials.
            error => {
                tracing::error!(%error, "a request failed");
                let status = match error {
                    Self::Sequence(_) => StatusCode::BAD_GATEWAY,
                    _ => StatusCode::INTERNAL_SERVER_ERROR,
                };
                (status, "the service is not available, try again later".to_owned())
            }
        };
        (status, Json(json!({ "error": message }))).into_response()
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused(_, message) => f.write_str(message),
            Self::Sequence(error) => error.fmt(f),
            Self::Database(error) => write!(f, "database: {error}"),
            Self::Stored(problem) => write!(f, "stored value: {problem}"),
        }
    }
}

impl std::error::Error for Error {}
