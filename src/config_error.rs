//! The error of client configuration.

use std::fmt;

/// The error returned when a client cannot be configured.
///
/// Messages name the setting or the environment variable and the expected value. They never contain the actual value,
/// which may be a secret in the wrong variable or a URL with a password.
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
    /// An environment variable is not set. The field is the name of the variable.
    MissingVariable(&'static str),
    /// An environment variable has an invalid value. The fields are the name of the variable and the expected value.
    InvalidVariable(&'static str, &'static str),
    /// The client id or the client secret is invalid. The field is the reason.
    InvalidCredentials(&'static str),
    /// The base URL is invalid. The field is the reason.
    InvalidBaseUrl(&'static str),
    /// A setting is out of range. The fields are the name of the setting and the expected value.
    InvalidSetting(&'static str, &'static str),
    /// A header cannot be set. The field is the reason, which names the header.
    InvalidHeader(String),
    /// A certificate or its key cannot be used. The fields are the name of the setting and the reason.
    InvalidCertificate(&'static str, String),
    /// TLS could not be initialized. The field is the reason.
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
            Self::InvalidHeader(reason) => write!(f, "invalid header: {reason}"),
            Self::InvalidCertificate(setting, reason) => write!(f, "invalid setting `{setting}`: {reason}"),
            Self::Tls(reason) => write!(f, "TLS could not be initialized: {reason}"),
        }
    }
}

impl std::error::Error for ConfigError {}
