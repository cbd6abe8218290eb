//! Sets up the HTTP client: proxy, certificates and default headers.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use http::header::USER_AGENT;
use http::{HeaderMap, HeaderValue};
use url::Url;

use crate::client::tls::{self, Tls};
use crate::config_error::ConfigError;
use crate::transport::headers;

/// The settings of the HTTP client, which are checked when it is built.
#[derive(Clone, Default)]
pub(super) struct Http {
    pub(super) user_agent: Option<String>,
    pub(super) connect_timeout: Option<Duration>,
    pub(super) proxy: Proxy,
    pub(super) tls: Tls,
    /// Names and values, as they were set.
    pub(super) headers: Vec<(String, String)>,
    #[cfg(feature = "reqwest-client")]
    pub(super) own: Option<reqwest::Client>,
}

#[derive(Clone, Default)]
pub(super) enum Proxy {
    /// That of the environment variables.
    #[default]
    Environment,
    Never,
    /// The URL as it was set, which may contain a password.
    Url(String),
}

impl Http {
    fn connect_timeout(&self) -> Duration {
        self.connect_timeout.unwrap_or(Duration::from_secs(10))
    }

    /// Returns the headers of every request.
    pub(super) fn headers(&self) -> Result<HeaderMap, ConfigError> {
        let mut all = HeaderMap::new();
        for (name, value) in &self.headers {
            let (name, value) = headers::allowed(name, value).map_err(ConfigError::InvalidHeader)?;
            if name == USER_AGENT {
                let problem = "`user-agent` is set with `ClientBuilder::user_agent`".to_owned();
                return Err(ConfigError::InvalidHeader(problem));
            }
            all.append(name, value);
        }
        let own = concat!("sequencehq-rust/", env!("CARGO_PKG_VERSION"));
        let user_agent = self
            .user_agent
            .as_ref()
            .map_or_else(|| own.to_owned(), |name| format!("{name} {own}"));
        let user_agent = HeaderValue::from_str(&user_agent)
            .map_err(|_| ConfigError::InvalidSetting("user_agent", "must be visible ASCII"))?;
        all.insert(USER_AGENT, user_agent);
        Ok(all)
    }

    /// Builds the client for a base URL.
    pub(super) fn client(&self, base_url: &Url) -> Result<reqwest::Client, ConfigError> {
        let proxy = self.proxy.parsed()?;
        let certificates = self.tls.parsed()?;
        if self.connect_timeout.is_some_and(|limit| limit.is_zero()) {
            return Err(ConfigError::InvalidSetting(
                "connect_timeout",
                "must be longer than zero",
            ));
        }
        #[cfg(feature = "reqwest-client")]
        if let Some(own) = &self.own {
            return self.only_own().map(|()| own.clone());
        }
        let http = reqwest::Client::builder()
            .connect_timeout(self.connect_timeout())
            // Following a redirect would forward the credentials, or turn a POST into a GET.
            .redirect(reqwest::redirect::Policy::none())
            // `transport` decides about retries, since it knows which calls are safe to repeat.
            .retry(reqwest::retry::never());
        let http = if base_url.scheme() == "http" {
            // Plain HTTP must not expose the credentials to a proxy or to whatever DNS returns for `localhost`.
            tls::without(http.no_proxy()).resolve_to_addrs("localhost", &LOOPBACK)
        } else {
            let http = match proxy {
                None => http,
                Some(None) => http.no_proxy(),
                Some(Some(proxy)) => http.proxy(proxy),
            };
            tls::secure(http, certificates)?
        };
        http.build().map_err(|error| ConfigError::Tls(error.to_string()))
    }

    /// Returns `false` if the client certainly follows no redirects.
    pub(super) fn may_follow_redirects(&self) -> bool {
        // The policy of a client is only in its `Debug`. If that ever changes, connections are retried less often.
        #[cfg(feature = "reqwest-client")]
        return self
            .own
            .as_ref()
            .is_some_and(|own| !format!("{own:?}").contains("Policy(None)"));
        #[cfg(not(feature = "reqwest-client"))]
        false
    }

    /// Returns an error if a setting would have no effect on the client of the caller.
    #[cfg(feature = "reqwest-client")]
    fn only_own(&self) -> Result<(), ConfigError> {
        let others = [
            ("connect_timeout", self.connect_timeout.is_some()),
            ("proxy", !matches!(self.proxy, Proxy::Environment)),
            ("root_certificate", self.tls.has_roots()),
            ("client_certificate", self.tls.has_identity()),
            #[cfg(feature = "bundled-roots")]
            ("bundled_roots", self.tls.bundled_roots),
        ];
        match others.iter().find(|(_, is_set)| *is_set) {
            Some((name, _)) => Err(ConfigError::InvalidSetting(
                name,
                "has no effect on a client that was set with `http_client`; set it on that client",
            )),
            None => Ok(()),
        }
    }
}

/// The addresses that `localhost` resolves to. The port is taken from the URL.
const LOOPBACK: [SocketAddr; 2] = [
    SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
    SocketAddr::new(IpAddr::V6(Ipv6Addr::LOCALHOST), 0),
];

impl Proxy {
    /// Returns `None` for the proxy of the environment, and `Some(None)` for no proxy.
    fn parsed(&self) -> Result<Option<Option<reqwest::Proxy>>, ConfigError> {
        let Self::Url(text) = self else {
            return Ok(matches!(self, Self::Never).then_some(None));
        };
        let invalid = ConfigError::InvalidSetting(
            "proxy",
            "expected an absolute `http` or `https` URL such as http://proxy.example.com:3128",
        );
        match Url::parse(text) {
            Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => {
                let proxy = reqwest::Proxy::all(url).map_err(|_| invalid)?;
                Ok(Some(Some(proxy)))
            }
            _ => Err(invalid),
        }
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Environment => f.write_str("Environment"),
            Self::Never => f.write_str("Never"),
            // Without user name and password.
            Self::Url(text) => {
                let url = Url::parse(text).ok();
                let host = url.as_ref().and_then(Url::host_str);
                f.debug_tuple("Url").field(&host.unwrap_or("invalid")).finish()
            }
        }
    }
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers: Vec<&String> = self.headers.iter().map(|(name, _)| name).collect();
        f.debug_struct("Http")
            .field("user_agent", &self.user_agent)
            .field("connect_timeout", &self.connect_timeout())
            .field("proxy", &self.proxy)
            .field("tls", &self.tls)
            .field("headers", &headers)
            .finish_non_exhaustive()
    }
}
