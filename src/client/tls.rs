//! TLS: trusted root certificates and client certificates.
//!
//! With `rustls`, the configuration has a crypto provider of its own, so that no process-wide default is installed.

use std::fmt;

use crate::config_error::ConfigError;

/// The settings of TLS, as they were set.
#[derive(Clone, Default)]
pub(super) struct Tls {
    /// Each with one or more certificates in PEM format.
    pub(super) roots: Vec<Vec<u8>>,
    /// The chain and the private key in PEM format.
    pub(super) identity: Option<(Vec<u8>, Vec<u8>)>,
    #[cfg(feature = "bundled-roots")]
    pub(super) bundled_roots: bool,
}

impl Tls {
    #[cfg(feature = "reqwest-client")]
    pub(super) fn has_roots(&self) -> bool {
        !self.roots.is_empty()
    }

    #[cfg(feature = "reqwest-client")]
    pub(super) fn has_identity(&self) -> bool {
        self.identity.is_some()
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls")
            .field("roots", &self.roots.len())
            .field("has_client_certificate", &self.identity.is_some())
            .finish_non_exhaustive()
    }
}

const ROOT: &str = "root_certificate";
const IDENTITY: &str = "client_certificate";

fn invalid(setting: &'static str, reason: impl fmt::Display) -> ConfigError {
    ConfigError::InvalidCertificate(setting, reason.to_string())
}

#[cfg(feature = "rustls")]
pub(super) use with_rustls::{secure, without};

#[cfg(feature = "rustls")]
mod with_rustls {
    use std::sync::Arc;

    use rustls::client::WantsClientCert;
    use rustls::crypto::CryptoProvider;
    use rustls::pki_types::pem::PemObject as _;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};
    use rustls::{ClientConfig, ConfigBuilder, RootCertStore};

    use super::{IDENTITY, ROOT, Tls, invalid};
    use crate::config_error::ConfigError;

    /// Certificates that can be used.
    pub(in crate::client) struct Parsed {
        roots: Vec<CertificateDer<'static>>,
        identity: Option<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)>,
        #[cfg(feature = "bundled-roots")]
        bundled_roots: bool,
    }

    impl Tls {
        /// Returns the certificates, or an error for those that cannot be used.
        pub(in crate::client) fn parsed(&self) -> Result<Parsed, ConfigError> {
            let mut roots = Vec::new();
            for pem in &self.roots {
                roots.extend(certificates(ROOT, pem)?);
            }
            let mut store = RootCertStore::empty();
            for root in &roots {
                store.add(root.clone()).map_err(|error| invalid(ROOT, error))?;
            }
            let identity = match &self.identity {
                None => None,
                Some((chain, key)) => {
                    let key = PrivateKeyDer::from_pem_slice(key)
                        .map_err(|_| invalid(IDENTITY, "the key is not a private key in PEM format"))?;
                    Some((certificates(IDENTITY, chain)?, key))
                }
            };
            Ok(Parsed {
                roots,
                identity,
                #[cfg(feature = "bundled-roots")]
                bundled_roots: self.bundled_roots,
            })
        }
    }

    fn certificates(setting: &'static str, pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, ConfigError> {
        let parsed: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
        match parsed {
            Ok(found) if !found.is_empty() => Ok(found),
            Ok(_) => Err(invalid(setting, "contains no certificate in PEM format")),
            Err(error) => Err(invalid(setting, error)),
        }
    }

    /// Configures HTTPS.
    pub(in crate::client) fn secure(
        builder: reqwest::ClientBuilder,
        parsed: Parsed,
    ) -> Result<reqwest::ClientBuilder, ConfigError> {
        let config = trust(&parsed)?;
        let config = match parsed.identity {
            None => config.with_no_client_auth(),
            Some((chain, key)) => config
                .with_client_auth_cert(chain, key)
                .map_err(|error| invalid(IDENTITY, error))?,
        };
        Ok(builder.tls_backend_preconfigured(config))
    }

    fn trust(parsed: &Parsed) -> Result<ConfigBuilder<ClientConfig, WantsClientCert>, ConfigError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| ConfigError::Tls(error.to_string()))?;
        #[cfg(feature = "bundled-roots")]
        if parsed.bundled_roots {
            let mut roots = RootCertStore::from_iter(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
            for root in &parsed.roots {
                roots.add(root.clone()).map_err(|error| invalid(ROOT, error))?;
            }
            return Ok(config.with_root_certificates(roots));
        }
        let verifier = platform(parsed.roots.clone(), provider)?;
        Ok(config
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier)))
    }

    /// Returns the verifier of the operating system, which also trusts `roots`.
    #[cfg(not(target_os = "android"))]
    fn platform(
        roots: Vec<CertificateDer<'static>>,
        provider: Arc<CryptoProvider>,
    ) -> Result<rustls_platform_verifier::Verifier, ConfigError> {
        rustls_platform_verifier::Verifier::new_with_extra_roots(roots, provider).map_err(|error| {
            ConfigError::Tls(format!(
                "{error}; install the root certificates of the system, set SSL_CERT_FILE, or use the bundled roots (feature `bundled-roots`)"
            ))
        })
    }

    #[cfg(target_os = "android")]
    fn platform(
        roots: Vec<CertificateDer<'static>>,
        provider: Arc<CryptoProvider>,
    ) -> Result<rustls_platform_verifier::Verifier, ConfigError> {
        if !roots.is_empty() {
            return Err(invalid(
                ROOT,
                "the verifier of Android does not accept more roots",
            ));
        }
        rustls_platform_verifier::Verifier::new(provider).map_err(|error| ConfigError::Tls(error.to_string()))
    }

    /// Configures TLS without trusted roots, so that building a client needs no certificates on the machine.
    pub(in crate::client) fn without(builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("ring supports the default protocol versions")
            .with_root_certificates(RootCertStore::empty())
            .with_no_client_auth();
        builder.tls_backend_preconfigured(config)
    }
}

#[cfg(not(feature = "rustls"))]
pub(super) use without_rustls::{secure, without};

#[cfg(not(feature = "rustls"))]
mod without_rustls {
    use super::{IDENTITY, ROOT, Tls, invalid};
    use crate::config_error::ConfigError;

    /// Certificates that can be used.
    pub(in crate::client) struct Parsed {
        #[cfg(feature = "native-tls")]
        roots: Vec<reqwest::Certificate>,
        #[cfg(feature = "native-tls")]
        identity: Option<reqwest::Identity>,
    }

    impl Tls {
        /// Returns the certificates, or an error for those that cannot be used.
        #[cfg(feature = "native-tls")]
        pub(in crate::client) fn parsed(&self) -> Result<Parsed, ConfigError> {
            let mut roots = Vec::new();
            for pem in &self.roots {
                let found =
                    reqwest::Certificate::from_pem_bundle(pem).map_err(|error| invalid(ROOT, error))?;
                if found.is_empty() {
                    return Err(invalid(ROOT, "contains no certificate in PEM format"));
                }
                roots.extend(found);
            }
            let identity = match &self.identity {
                None => None,
                Some((chain, key)) => {
                    let identity = reqwest::Identity::from_pkcs8_pem(chain, key);
                    Some(identity.map_err(|error| invalid(IDENTITY, error))?)
                }
            };
            Ok(Parsed { roots, identity })
        }

        /// Returns an error if there are certificates, which need TLS.
        #[cfg(not(feature = "native-tls"))]
        pub(in crate::client) fn parsed(&self) -> Result<Parsed, ConfigError> {
            const PROBLEM: &str = "certificates require the feature `rustls` or `native-tls`";
            if !self.roots.is_empty() {
                return Err(invalid(ROOT, PROBLEM));
            }
            if self.identity.is_some() {
                return Err(invalid(IDENTITY, PROBLEM));
            }
            Ok(Parsed {})
        }
    }

    #[cfg(feature = "native-tls")]
    pub(in crate::client) fn secure(
        builder: reqwest::ClientBuilder,
        parsed: Parsed,
    ) -> Result<reqwest::ClientBuilder, ConfigError> {
        let builder = builder.tls_certs_merge(parsed.roots);
        Ok(match parsed.identity {
            Some(identity) => builder.identity(identity),
            None => builder,
        })
    }

    #[cfg(not(feature = "native-tls"))]
    pub(in crate::client) fn secure(
        builder: reqwest::ClientBuilder,
        _: Parsed,
    ) -> Result<reqwest::ClientBuilder, ConfigError> {
        Ok(builder)
    }

    pub(in crate::client) fn without(builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
        builder
    }
}
