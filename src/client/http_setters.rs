//! The setters of the builder for HTTP: name, connections, proxies, certificates, headers and hooks.

use std::time::Duration;

use crate::client::builder::ClientBuilder;
use crate::client::http_client::Proxy;
use crate::transport::Hook;

impl ClientBuilder {
    /// Sets the name of your application in the `User-Agent` header, before the name of this crate.
    ///
    /// ```
    /// use sequencehq::{Client, Credentials};
    ///
    /// let client = Client::builder(Credentials::new("my-client", "my-secret")?)
    ///     .user_agent("my-billing/1.0")
    ///     .build()?;
    /// # Ok::<(), sequencehq::ConfigError>(())
    /// ```
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.http.user_agent = Some(name.into());
        self
    }

    /// Sets the time limit for establishing a connection. Default: 10 s.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.http.connect_timeout = Some(limit);
        self
    }

    /// Adds a header to every request. A header that is set on a call replaces the one of this name.
    ///
    /// Use it for a gateway between your program and the API. The value is not printed. [`build`](Self::build) returns
    /// an error if the header is invalid, set by the client itself, or changes how a request is sent.
    ///
    /// ```
    /// use sequencehq::{Client, ConfigError, Credentials};
    ///
    /// let builder = Client::builder(Credentials::new("my-client", "my-secret")?).default_header("x-gateway-key", "abc");
    /// assert!(builder.clone().build().is_ok());
    /// let error = builder.default_header("authorization", "Bearer abc").build().unwrap_err();
    /// assert_eq!(error.to_string(), "invalid header: `authorization` is reserved for the client");
    /// # Ok::<(), ConfigError>(())
    /// ```
    pub fn default_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.http.headers.push((name.into(), value.into()));
        self
    }

    /// Sends all requests through a proxy, with a tunnel (`CONNECT`) to the API.
    ///
    /// By default, the proxy is that of the environment: `HTTPS_PROXY` or `https_proxy`, and `ALL_PROXY` or `all_proxy` if
    /// neither is set, except for the hosts listed in `NO_PROXY` or `no_proxy`. With this method, none of these
    /// variables has an effect. The URL is `http://…` or `https://…`, and may contain a user name and a password, which are
    /// not printed. A base URL of the local machine (plain HTTP) uses no proxy.
    ///
    /// ```
    /// use sequencehq::{Client, Credentials};
    ///
    /// let client = Client::builder(Credentials::new("my-client", "my-secret")?)
    ///     .proxy("http://user:password@proxy.example.com:3128")
    ///     .build()?;
    /// # Ok::<(), sequencehq::ConfigError>(())
    /// ```
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.http.proxy = Proxy::Url(url.into());
        self
    }

    /// Connects directly, and ignores the proxy of the environment. See [`proxy`](Self::proxy).
    ///
    /// ```
    /// use sequencehq::{Client, Credentials};
    ///
    /// let client = Client::builder(Credentials::new("my-client", "my-secret")?).no_proxy().build()?;
    /// # Ok::<(), sequencehq::ConfigError>(())
    /// ```
    pub fn no_proxy(mut self) -> Self {
        self.http.proxy = Proxy::Never;
        self
    }

    /// Trusts the root certificates in a PEM file, in addition to those of the operating system.
    ///
    /// Use it for a gateway or a proxy whose certificate is issued by your own authority. The text may contain several
    /// certificates, and the method may be called several times.
    ///
    /// By default, the roots are those of the operating system. On Linux and other Unix systems, the environment
    /// variables `SSL_CERT_FILE` (a PEM file) and `SSL_CERT_DIR` (folders of PEM files) replace them; on Windows, macOS,
    /// iOS and Android they have no effect with the feature `rustls`. This method adds to the roots in either case.
    /// It is not available on Android.
    ///
    /// ```no_run
    /// use sequencehq::{Client, Credentials};
    ///
    /// let client = Client::builder(Credentials::new("my-client", "my-secret")?)
    ///     .root_certificate(std::fs::read("company-ca.pem")?)
    ///     .build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn root_certificate(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.http.tls.roots.push(pem.into());
        self
    }

    /// Presents a client certificate to servers that request one (mutual TLS), such as a gateway of your company.
    ///
    /// `chain` is a PEM text with the certificate and its intermediates, `key` one with the private key, in the format
    /// PKCS #8; with `rustls` also in PKCS #1 and SEC 1. Both may be the same text. The key is not printed.
    ///
    /// No environment variable sets it.
    ///
    /// ```no_run
    /// use sequencehq::{Client, Credentials};
    ///
    /// let client = Client::builder(Credentials::new("my-client", "my-secret")?)
    ///     .client_certificate(std::fs::read("client.pem")?, std::fs::read("client.key")?)
    ///     .build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn client_certificate(mut self, chain: impl Into<Vec<u8>>, key: impl Into<Vec<u8>>) -> Self {
        self.http.tls.identity = Some((chain.into(), key.into()));
        self
    }

    /// Trusts the root certificates of Mozilla that are compiled into the program, instead of those of the operating
    /// system.
    ///
    /// Use it where the system has none, such as in an empty container. The roots are as old as the program, so update it
    /// regularly. `SSL_CERT_FILE` and `SSL_CERT_DIR` have no effect; [`root_certificate`](Self::root_certificate) adds
    /// roots.
    ///
    /// ```
    /// use sequencehq::{Client, Credentials};
    ///
    /// let client = Client::builder(Credentials::new("my-client", "my-secret")?).bundled_roots().build()?;
    /// # Ok::<(), sequencehq::ConfigError>(())
    /// ```
    #[cfg(feature = "bundled-roots")]
    #[cfg_attr(docsrs, doc(cfg(feature = "bundled-roots")))]
    pub fn bundled_roots(mut self) -> Self {
        self.http.tls.bundled_roots = true;
        self
    }

    /// Sends requests with your own `reqwest::Client`, to share its connections or to set what this builder does not.
    ///
    /// Its settings replace those of this builder: [`build`](Self::build) returns an error if `connect_timeout`, a proxy or a
    /// certificate is set here as well. Time limits of calls, retries, rate limits and headers remain those of this
    /// builder. The client decides whether it uses the proxy and the certificates of the environment, also for a base URL
    /// of the local machine.
    ///
    /// Disable redirects and retries, as in the example. A response that was reached through a redirect is an error, but the
    /// client may have forwarded the request by then. A client that follows redirects can fail to connect after a server has
    /// processed the request, so a call that is not safe to repeat is then not retried, and its error
    /// [may have acted](crate::Error::may_have_acted). Timeouts of the client end an attempt like a lost connection.
    ///
    /// The features of `reqwest` that this crate enables bring no crypto provider. Install one for the process before you build
    /// the client, as in the example, or enable the feature `rustls` of `reqwest`; without one, `reqwest` panics.
    ///
    /// ```
    /// use sequencehq::{Client, Credentials, reqwest};
    ///
    /// # fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// let _ = rustls::crypto::ring::default_provider().install_default(); // an error if there is one already
    /// let http = reqwest::Client::builder()
    ///     .redirect(reqwest::redirect::Policy::none())
    ///     .retry(reqwest::retry::never())
    ///     .pool_max_idle_per_host(4)
    ///     .build()?;
    /// let client = Client::builder(Credentials::new("my-client", "my-secret")?).http_client(http).build()?;
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "reqwest-client")]
    #[cfg_attr(docsrs, doc(cfg(feature = "reqwest-client")))]
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http.own = Some(client);
        self
    }

    /// Adds a hook that runs before and after each attempt. See [`Hook`].
    pub fn hook(mut self, hook: impl Hook) -> Self {
        self.hooks.add(hook);
        self
    }
}
