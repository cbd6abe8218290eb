//! The error of setting up a client.

use std::fmt;

/// The error returned when a client cannot be configured.
///
/// Every message names the setting or the environment variable and what is expected. It never contains the value:
/// a secret in the wrong variable, or a URL with a password in it, would end up in a log.
///
/// ```
/// use sequencehq::{ConfigError, Credentials};
///
/// let error = Credentials::new("my-client", "").unwrap_err();
/// assert_eq!(error, ConfigError::InvalidCredentials("the client secret is empty"));
/// assert_eq!(error.to_string(), "invalid credentials: the client secret is empty");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConfigError {
    /// An environment variable is not set: the variable.
    MissingVariable(&'static str),
    /// An environment variable has a value that cannot be used: the variable, and what is expected.
    InvalidVariable(&'static str, &'static str),
    /// The client id or the client secret cannot be used: the reason.
    InvalidCredentials(&'static str),
    /// The base URL cannot be used: the reason.
    InvalidBaseUrl(&'static str),
    /// A setting is out of range: the setting, and what is expected.
    InvalidSetting(&'static str, &'static str),
    /// TLS could not be set up: the reason.
    Tls(String),
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingVariable(name) => write!(f, "the environment variable {name} is not set"),
            Self::InvalidVariable(name, expected) => {
                write!(f, "the environment variable {name} is invalid: {expected}")
            }
            Self::InvalidCredentials(reason) => write!(f, "invalid credentials: {reason}"),
            Self::InvalidBaseUrl(reason) => write!(f, "invalid base URL: {reason}"),
            Self::InvalidSetting(setting, expected) => write!(f, "invalid setting `{setting}`: {expected}"),
            Self::Tls(reason) => write!(f, "TLS cannot be set up: {reason}"),
        }
    }
}

impl std::error::Error for ConfigError {}
