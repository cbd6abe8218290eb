//! Where the API lives.

use url::Url;

use crate::ConfigError;

/// One of the vendor's environments. Each has API keys of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Environment {
    /// `https://eu.sequencehq.com/api`: real customers and real money. The default.
    #[default]
    Production,
    /// `https://sandbox.sequencehq.com/api`: the vendor's test environment.
    Sandbox,
}

impl Environment {
    /// The base URL of the environment.
    pub fn base_url(self) -> &'static str {
        match self {
            Self::Production => "https://eu.sequencehq.com/api",
            Self::Sandbox => "https://sandbox.sequencehq.com/api",
        }
    }

    pub(super) fn named(name: &str) -> Result<Self, ConfigError> {
        match name {
            "production" => Ok(Self::Production),
            "sandbox" => Ok(Self::Sandbox),
            other => Err(ConfigError::UnknownEnvironment(other.to_owned())),
        }
    }
}

/// Checks that credentials may be sent to `text`, and takes a slash from its end.
pub(super) fn base_url(text: &str) -> Result<Url, ConfigError> {
    let refuse = |problem| Err(ConfigError::BadBaseUrl(shown(text), problem));
    let Ok(mut url) = Url::parse(text) else {
        return refuse("it is not an absolute URL");
    };
    if !url.username().is_empty() || url.password().is_some() {
        return refuse("it carries credentials; give them to the client instead");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return refuse("it has a query or a fragment");
    }
    match url.scheme() {
        "https" if cfg!(any(feature = "rustls", feature = "native-tls")) => {}
        "https" => return refuse("HTTPS needs the feature `rustls` or `native-tls`"),
        "http" if is_loopback(&url) => {}
        "http" => {
            return refuse("credentials travel over https only, except to this machine itself (loopback)");
        }
        _ => return refuse("its scheme is neither https nor http"),
    }
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    Ok(url)
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// The URL as it may be shown: without what stands before an `@` or after a `?`.
pub(super) fn shown(text: &str) -> String {
    let text = text.split(['?', '#']).next().unwrap_or_default();
    match text.rsplit_once('@') {
        Some((_, rest)) => format!("<redacted>@{rest}"),
        None => text.to_owned(),
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
            "http://a.localhost",
        ] {
            assert!(base_url(good).is_ok(), "{good}");
        }
        for bad in [
            "http://example.com",
            "http://127.0.0.1.example.com",
            "http://10.0.0.1",
            "ftp://localhost",
            "api",
        ] {
            assert!(base_url(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_slash_at_the_end_makes_no_difference() {
        assert_eq!(
            base_url("http://localhost/api/").expect("good").as_str(),
            "http://localhost/api"
        );
    }

    #[test]
    fn credentials_in_a_url_are_refused_and_not_shown() {
        let message = base_url("http://me:hush@localhost/")
            .expect_err("refused")
            .to_string();
        assert!(!message.contains("hush"), "{message}");
        assert!(message.contains("give them to the client"), "{message}");
    }
}
