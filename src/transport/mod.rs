//! What happens to a call between the typed method and the network.
//!
//! The generated client marshals and decodes; around its sending stands an [`Exchange`], one for
//! each call, which writes what stays equal in all attempts, makes the attempts, and remembers how they went.
//! Nothing else in the crate talks to the network.

mod answer;
mod exchange;
mod rate_limit;
mod retry;

use std::time::Duration;

pub(crate) use answer::{finish, finish_download, finish_empty};
pub(crate) use exchange::Exchange;
pub(crate) use rate_limit::Limiter;
pub use rate_limit::RateLimit;
pub use retry::RetryPolicy;

use crate::ConfigError;

/// How long a call may take and how large its answer may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    pub(crate) attempt: Duration,
    pub(crate) whole: Duration,
    pub(crate) bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            attempt: Duration::from_secs(30),
            whole: Duration::from_secs(120),
            bytes: 64 * 1024 * 1024,
        }
    }
}

impl Limits {
    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        if self.attempt.is_zero() {
            return Err(ConfigError::BadSetting(
                "timeout",
                "it has to be longer than zero",
            ));
        }
        if self.whole.is_zero() {
            return Err(ConfigError::BadSetting(
                "deadline",
                "it has to be longer than zero",
            ));
        }
        if self.bytes == 0 {
            return Err(ConfigError::BadSetting(
                "max_response_bytes",
                "it has to be larger than zero",
            ));
        }
        Ok(())
    }
}
