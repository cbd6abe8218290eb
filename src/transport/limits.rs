//! How long a call may take, how large its response may be, and what is kept of it.

use std::time::Duration;

use crate::config_error::ConfigError;

/// How long a call may take, how large its response may be, and what is kept of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    /// For one attempt; for a download, until its first byte.
    pub(crate) attempt: Duration,
    /// For each piece of a download.
    pub(crate) read: Duration,
    /// For the whole call.
    pub(crate) whole: Duration,
    pub(crate) bytes: u64,
    /// Whether a response keeps the bytes of its body.
    pub(crate) keeps_body: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            attempt: Duration::from_secs(30),
            read: Duration::from_secs(30),
            whole: Duration::from_secs(120),
            bytes: 8 * 1024 * 1024,
            keeps_body: false,
        }
    }
}

impl Limits {
    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        for (name, limit) in [
            ("attempt_timeout", self.attempt),
            ("read_timeout", self.read),
            ("timeout", self.whole),
        ] {
            if limit.is_zero() {
                return Err(ConfigError::InvalidSetting(name, "must be longer than zero"));
            }
        }
        if self.bytes == 0 {
            return Err(ConfigError::InvalidSetting(
                "max_response_bytes",
                "must be greater than zero",
            ));
        }
        Ok(())
    }

    /// How much memory a decoded response may take: a small multiple of its JSON, and what a few sparse structs
    /// need.
    pub(crate) fn decoded_bytes(&self) -> usize {
        const SPARSE: u64 = 1024 * 1024;
        let bytes = self.bytes.saturating_mul(4).saturating_add(SPARSE);
        usize::try_from(bytes).unwrap_or(usize::MAX)
    }
}
