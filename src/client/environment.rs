//! The environments of the API, and the validation of base URLs.

use std::fmt;
use std::str::FromStr;

use url::Url;

use crate::config_error::ConfigError;

/// An environment of the Sequence API. Each environment has its own API keys.
///
/// ```
/// use sequencehq::Environment;
///
/// assert_eq!(Environment::default(), Environment::Production);
/// assert_eq!(Environment::Sandbox.base_url(), "https://sandbox.sequencehq.com/api");
/// assert_eq!("sandbox".parse(), Ok(Environment::Sandbox));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Environment {
    /// `https://eu.sequencehq.com/api`: real customers and real money. The default.
    #[default]
    Production,
    /// `https://sandbox.sequencehq.com/api`: the vendor's test environment.
    Sandbox,
}

impl Environment {
    /// Returns the base URL of the environment.
    pub fn base_url(self) -> &'static str {
        match self {
            Self::Production => "https://eu.sequencehq.com/api",
            Self::Sandbox => "https://sandbox.sequencehq.com/api",
        }
    }

    /// Returns the name of the environment, `production` or `sandbox`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Sandbox => "sandbox",
        }
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Parses the name of an environment, as it is written in `SEQUENCE_ENVIRONMENT`.
impl FromStr for Environment {
    type Err = ConfigError;

    fn from_str(name: &str) -> Result<Self, ConfigError> {
        [Self::Production, Self::Sandbox]
            .into_iter()
            .find(|environment| environment.as_str() == name)
            .ok_or(ConfigError::InvalidSetting(
                "environment",
                "expected `production` or `sandbox`",
            ))
    }
}

/// Parses a base URL and checks that credentials may be sent to it.
///
/// The error never contains the URL, which may include a password, or be a secret set in the wrong variable.
pub(super) fn base_url(text: &str) -> Result<Url, &'static str> {
    let mut url =
        Url::parse(text).map_err(|_| "expected an absolute URL such as https://eu.sequencehq.com/api")?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("must not contain credentials; pass them to the client instead");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("must not have a query or a fragment");
    }
    match url.scheme() {
        "https" if cfg!(any(feature = "rustls", feature = "native-tls")) => {}
        "https" => return Err("HTTPS requires the feature `rustls` or `native-tls`"),
        "http" if is_loopback(&url) => {}
        "http" => {
            return Err(
                "plain HTTP is limited to `localhost` and loopback addresses, to protect the credentials",
            );
        }
        _ => return Err("expected the scheme `https`"),
    }
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    Ok(url)
}

/// Subdomains of `localhost` do not count: DNS resolves them, and may return any address.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_loopback_only() {
        for good in [
            "http://127.0.0.1:8080/api/",
            "http://[::1]:1",
            "http://localhost/x",
            "http://LOCALHOST:80",
        ] {
            assert!(base_url(good).is_ok(), "{good}");
        }
        for bad in [
            "http://example.com",
            "http://127.0.0.1.example.com",
            "http://10.0.0.1",
            "http://a.localhost",
            "http://.localhost",
            "http://localhost.",
            "http://localhost.example.com",
            "http://[::ffff:127.0.0.1]",
            "http://0.0.0.0",
            "ftp://localhost",
            "api",
        ] {
            assert!(base_url(bad).is_err(), "{bad}");
        }
        let message = base_url("http://example.com").expect_err("refused");
        assert!(message.starts_with("plain HTTP is limited to"), "{message}");
    }

    #[test]
    fn a_slash_at_the_end_makes_no_difference() {
        assert_eq!(
            base_url("http://localhost/api/").expect("good").as_str(),
            "http://localhost/api"
        );
    }

    #[test]
    fn credentials_in_a_url_are_refused() {
        for url in [
            "http://me:hush@localhost/",
            "http://me@localhost/",
            "http://:hush@localhost/",
        ] {
            let message = base_url(url).expect_err("refused");
            assert!(message.contains("pass them to the client"), "{url}: {message}");
        }
    }

    #[test]
    fn a_query_or_a_fragment_is_refused() {
        for url in [
            "http://localhost/?a=b",
            "http://localhost/#a",
            "http://localhost/?a#b",
        ] {
            let message = base_url(url).expect_err("refused");
            assert!(message.contains("a query or a fragment"), "{url}: {message}");
        }
    }

    #[test]
    fn an_environment_has_a_name_and_a_base_url() {
        for (name, environment, url) in [
            (
                "production",
                Environment::Production,
                "https://eu.sequencehq.com/api",
            ),
            (
                "sandbox",
                Environment::Sandbox,
                "https://sandbox.sequencehq.com/api",
            ),
        ] {
            assert_eq!(name.parse(), Ok(environment));
            assert_eq!(environment.base_url(), url);
        }
        assert!("Production".parse::<Environment>().is_err());
    }
}
