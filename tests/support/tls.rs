//! Certificates, and servers that speak TLS or forward connections, for tests.

#![allow(dead_code, reason = "no binary uses all of it")]

use std::sync::{Arc, Mutex};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::RootCertStore;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// An authority that issues certificates.
pub struct Authority {
    pub pem: String,
    issuer: Issuer<'static, KeyPair>,
}

/// A certificate and its key in PEM format.
#[derive(Clone)]
pub struct Identity {
    pub chain: String,
    pub key: String,
}

impl Authority {
    pub fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).expect("good");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params
            .distinguished_name
            .push(DnType::CommonName, "Authority of a test");
        let key = KeyPair::generate().expect("random");
        let pem = params.self_signed(&key).expect("signed").pem();
        Self {
            pem,
            issuer: Issuer::new(params, key),
        }
    }

    pub fn issue(&self, name: &str) -> Identity {
        let params = CertificateParams::new(vec![name.to_owned()]).expect("good");
        let key = KeyPair::generate().expect("random");
        let certificate = params.signed_by(&key, &self.issuer).expect("signed");
        Identity {
            chain: certificate.pem(),
            key: key.serialize_pem(),
        }
    }
}

/// A client of `reqwest` without roots, for plain HTTP. The process has no crypto provider that it would use by default.
pub fn plain_client() -> reqwest::ClientBuilder {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("supported")
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth();
    reqwest::Client::builder()
        .no_proxy()
        .tls_backend_preconfigured(config)
}

/// Accepts connections until it is dropped.
pub struct Listener {
    pub port: u16,
    /// The first lines that a proxy received, with its headers.
    pub heads: Arc<Mutex<Vec<String>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Ends TLS for a server of plain HTTP, whose URL is `http://HOST:PORT/…`. With `clients`, it requires a certificate of
/// that authority.
pub async fn terminate(base_url: &str, identity: &Identity, clients: Option<&Authority>) -> Listener {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .expect("supported");
    let config = match clients {
        None => config.with_no_client_auth(),
        Some(authority) => {
            let mut roots = RootCertStore::empty();
            let root = CertificateDer::from_pem_slice(authority.pem.as_bytes()).expect("PEM");
            roots.add(root).expect("good");
            let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), provider);
            config.with_client_cert_verifier(verifier.build().expect("one root"))
        }
    };
    let chain = CertificateDer::pem_slice_iter(identity.chain.as_bytes())
        .collect::<Result<Vec<_>, _>>()
        .expect("PEM");
    let key = PrivateKeyDer::from_pem_slice(identity.key.as_bytes()).expect("PEM");
    let acceptor = TlsAcceptor::from(Arc::new(config.with_single_cert(chain, key).expect("a pair")));
    let address = authority_of(base_url);
    listen(move |stream, _| {
        let (acceptor, address) = (acceptor.clone(), address.clone());
        async move {
            let mut near = acceptor.accept(stream).await?;
            let mut far = TcpStream::connect(address).await?;
            tokio::io::copy_bidirectional(&mut near, &mut far).await
        }
    })
    .await
}

/// A proxy that responds to `CONNECT` with a status, and forwards the connection if it is 200. Every host is the
/// local machine.
pub async fn proxy(status: u16) -> Listener {
    listen(move |mut near, heads| async move {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            if near.read_buf(&mut head).await? == 0 {
                return Ok((0, 0));
            }
        }
        let head = String::from_utf8(head).unwrap_or_default();
        let port = head
            .split(' ')
            .nth(1)
            .and_then(|target| target.rsplit(':').next())
            .unwrap_or_default()
            .to_owned();
        heads.lock().expect("no holder panics").push(head);
        near.write_all(format!("HTTP/1.1 {status} Test\r\n\r\n").as_bytes())
            .await?;
        if status != 200 {
            return Ok((0, 0));
        }
        let mut far = TcpStream::connect(format!("127.0.0.1:{port}")).await?;
        tokio::io::copy_bidirectional(&mut near, &mut far).await
    })
    .await
}

async fn listen<F>(serve: impl Fn(TcpStream, Arc<Mutex<Vec<String>>>) -> F + Send + 'static) -> Listener
where
    F: Future<Output = std::io::Result<(u64, u64)>> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let port = listener.local_addr().expect("bound").port();
    let heads = Arc::new(Mutex::new(Vec::new()));
    let shared = Arc::clone(&heads);
    let task = tokio::spawn(async move {
        let mut connections = tokio::task::JoinSet::new();
        while let Ok((stream, _)) = listener.accept().await {
            connections.spawn(serve(stream, Arc::clone(&shared)));
        }
    });
    Listener { port, heads, task }
}

fn authority_of(base_url: &str) -> String {
    let url = url::Url::parse(base_url).expect("a URL");
    format!(
        "{}:{}",
        url.host_str().expect("a host"),
        url.port().expect("a port")
    )
}
