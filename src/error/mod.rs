//! The error returned by every call.

mod cause;
mod details;
mod display;
mod excerpt;
mod kind;

pub use details::Error;
pub(crate) use details::{ErrorResponse, Failure, KEPT_BODY, api_version, request_id};
pub(crate) use display::is_html;
pub(crate) use excerpt::excerpt;
pub use kind::ErrorKind;
