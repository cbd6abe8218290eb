//! Credentials: the secret is never printed, and its header is marked as sensitive. Providers of credentials that change.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;

use crate::config_error::ConfigError;
use crate::redact::{REDACTED, Redactor};

/// An API key for Basic authentication: client id and client secret.
///
/// Production and sandbox have separate keys. The secret is redacted in all output of this crate:
///
/// ```
/// use sequencehq::Credentials;
///
/// let credentials = Credentials::new("my-client", "my-secret")?;
/// assert_eq!(format!("{credentials:?}"), r#"Credentials { client_id: "my-client", client_secret: "<redacted>" }"#);
/// # Ok::<(), sequencehq::ConfigError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    client_id: String,
    secret: String,
    /// Encoded once and sent with every attempt.
    header: HeaderValue,
}

impl Credentials {
    /// Creates credentials from a client id and a client secret.
    ///
    /// ```
    /// use sequencehq::Credentials;
    ///
    /// let credentials = Credentials::new("my-client", "my-secret")?;
    /// assert!(Credentials::new("my-client", "my-secret\n").is_err(), "not trimmed");
    /// # Ok::<(), sequencehq::ConfigError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the id or the secret is empty or contains a control character, or if the id contains a
    /// colon. Basic authentication does not support them.
    pub fn new(client_id: impl Into<String>, client_secret: impl Into<String>) -> Result<Self, ConfigError> {
        let (client_id, secret) = (client_id.into(), client_secret.into());
        let problem = if client_id.is_empty() {
            Some("the client id is empty")
        } else if secret.is_empty() {
            Some("the client secret is empty")
        } else if client_id.contains(':') {
            Some("the client id contains a colon")
        } else if client_id.chars().chain(secret.chars()).any(char::is_control) {
            Some("the client id or secret contains a control character, possibly a trailing line break")
        } else {
            None
        };
        match problem {
            Some(problem) => Err(ConfigError::InvalidCredentials(problem)),
            None => {
                let encoded = encode(&client_id, &secret);
                let mut header = HeaderValue::from_str(&format!("Basic {encoded}"))
                    .expect("base64 has only characters that are valid in a header");
                header.set_sensitive(true);
                Ok(Self {
                    client_id,
                    secret,
                    header,
                })
            }
        }
    }

    /// Returns the client id.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// Returns the value of the `Authorization` header.
    pub(crate) fn header(&self) -> HeaderValue {
        self.header.clone()
    }

    /// Returns a redactor that removes these credentials from text.
    pub(crate) fn redactor(&self) -> Redactor {
        Redactor::new(&self.client_id, &self.secret)
    }
}

/// The error of a [`CredentialsProvider`], of any type. Its text must not contain a secret, since it is printed.
pub type ProviderError = Box<dyn std::error::Error + Send + Sync>;

/// The future returned by [`CredentialsProvider::credentials`].
pub type CredentialsFuture<'a> =
    Pin<Box<dyn Future<Output = Result<Credentials, ProviderError>> + Send + 'a>>;

/// A source of credentials that change, such as a vault or a file that is rotated.
///
/// Pass it to [`Client::builder_with_provider`](crate::Client::builder_with_provider). The client asks it before the first
/// call, and again after the API has rejected credentials (401), and keeps the result in the meantime. Calls that need
/// it at the same time share one request. After a 401, the call is sent again if the provider returns other credentials;
/// this attempt is made even if the retry policy permits no more, and only once in a call.
///
/// An error fails the attempt. It is retried like a failure to connect, since nothing was sent.
///
/// A function that returns a future is a provider:
///
/// ```
/// use sequencehq::{Client, Credentials};
///
/// let client = Client::builder_with_provider(|| async {
///     let secret = std::fs::read_to_string("/run/secrets/sequence")?;
///     Ok(Credentials::new("my-client", secret.trim_end())?)
/// })
/// .build()?;
/// # Ok::<(), sequencehq::ConfigError>(())
/// ```
///
/// A type of your own can keep a connection:
///
/// ```
/// use sequencehq::{Credentials, CredentialsFuture, CredentialsProvider};
///
/// struct Vault {
///     address: String,
/// }
///
/// impl Vault {
///     async fn read(&self, path: &str) -> std::io::Result<String> {
///         // …
/// #       Ok(format!("{}{path}", self.address))
///     }
/// }
///
/// impl CredentialsProvider for Vault {
///     fn credentials(&self) -> CredentialsFuture<'_> {
///         Box::pin(async { Ok(Credentials::new("my-client", self.read("billing/sequence").await?)?) })
///     }
/// }
/// ```
pub trait CredentialsProvider: Send + Sync + 'static {
    /// Returns the current credentials.
    ///
    /// The time limit of an attempt applies. The future may be dropped before it completes.
    fn credentials(&self) -> CredentialsFuture<'_>;
}

impl<F, T> CredentialsProvider for F
where
    F: Fn() -> T + Send + Sync + 'static,
    T: Future<Output = Result<Credentials, ProviderError>> + Send + 'static,
{
    fn credentials(&self) -> CredentialsFuture<'_> {
        Box::pin(self())
    }
}

/// Where a client has its credentials from.
#[derive(Clone)]
pub(crate) enum CredentialsSource {
    Fixed(Credentials),
    Provider(Arc<dyn CredentialsProvider>),
}

impl fmt::Debug for CredentialsSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(credentials) => fmt::Debug::fmt(credentials, f),
            Self::Provider(_) => f.write_str("from a provider"),
        }
    }
}

fn encode(client_id: &str, secret: &str) -> String {
    STANDARD.encode(format!("{client_id}:{secret}"))
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("client_id", &self.client_id)
            .field("client_secret", &REDACTED)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_basic_authentication_cannot_carry_is_refused() {
        for (id, secret) in [("", "s"), ("i", ""), ("a:b", "s"), ("i", "s\n"), ("i\r", "s")] {
            let error = Credentials::new(id, secret).expect_err("refused");
            assert!(!error.to_string().contains("s\n"));
        }
    }

    #[test]
    fn the_header_is_basic_and_sensitive() {
        let header = Credentials::new("Aladdin", "open sesame").expect("good").header();
        assert_eq!(header, "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        assert!(header.is_sensitive());
    }

    #[test]
    fn the_client_id_is_shown_and_the_secret_is_not() {
        let credentials = Credentials::new("Aladdin", "open sesame").expect("good");
        assert_eq!(credentials.client_id(), "Aladdin");
        assert_eq!(
            format!("{credentials:?}"),
            r#"Credentials { client_id: "Aladdin", client_secret: "<redacted>" }"#
        );
    }
}
