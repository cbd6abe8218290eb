//! The cause of a failed connection, in words.

use std::error::Error;

/// Returns an error with its cause and with what to check, on one line.
///
/// The errors of the HTTP client name only the step that failed; the cause is at the end of the chain of sources. Their
/// types are private or depend on the TLS library, so they are recognized by their texts.
pub(super) fn of(error: &(dyn Error + 'static)) -> String {
    let mut chain = vec![error.to_string()];
    let mut next = error.source();
    while let Some(source) = next {
        chain.push(source.to_string());
        next = source.source();
    }
    let root = chain.last().cloned().unwrap_or_default();
    let has = |part: &str| chain.iter().any(|text| text.contains(part));
    if has("proxy authorization required") {
        "the proxy requires a user name and a password; set them in the URL of the proxy".to_owned()
    } else if has("tunnel error: failed to create underlying connection") {
        format!("the proxy cannot be reached: {root}; check `ClientBuilder::proxy` or HTTPS_PROXY")
    } else if has("tunnel error") {
        format!("the proxy refused the connection: {root}; check its rules for the host of the API")
    } else if has("dns error") {
        format!("the name of the server was not resolved: {root}; check the base URL, the proxy and the DNS")
    } else if has("UnknownIssuer") || has("self-signed certificate") || has("unable to get local issuer") {
        format!(
            "the certificate of the server is not trusted: {root}; add its root with `ClientBuilder::root_certificate` or SSL_CERT_FILE"
        )
    } else if has("invalid peer certificate") || has("certificate verify failed") {
        format!("the certificate of the server is not accepted: {root}")
    } else if has("CertificateRequired") || has("certificate required") {
        format!(
            "the server requires a client certificate: {root}; set it with `ClientBuilder::client_certificate`"
        )
    } else if has("InvalidContentType") || has("RecordOverflow") || has("wrong version number") {
        format!(
            "the server does not use TLS on this port: {root}; check the scheme and the port of the base URL"
        )
    } else if has("invalid HTTP version parsed") {
        format!("the server does not speak HTTP on this port: {root}; check the base URL")
    } else if has("Connection refused") {
        format!("{root}; check the base URL, and whether the server runs")
    } else {
        root
    }
}

#[cfg(test)]
mod tests {
    use std::fmt;

    use super::*;

    /// An error with a text and a source.
    #[derive(Debug)]
    struct Step(&'static str, Option<Box<Step>>);

    impl fmt::Display for Step {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }
    }

    impl Error for Step {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            self.1.as_deref().map(|source| source as _)
        }
    }

    #[test]
    fn the_cause_is_that_of_the_step_that_failed() {
        for (steps, expected) in [
            (&["a text"][..], "a text"),
            (
                &["sending", "connecting", "Connection refused"],
                "Connection refused; check the base URL, and whether the server runs",
            ),
            (
                &["sending", "invalid HTTP version parsed"],
                "the server does not speak HTTP on this port: invalid HTTP version parsed; check the base URL",
            ),
            (
                &["sending", "received corrupt message of type InvalidContentType"],
                "the server does not use TLS on this port: received corrupt message of type InvalidContentType; check the \
                 scheme and the port of the base URL",
            ),
            (
                &["sending", "dns error", "Name or service not known"],
                "the name of the server was not resolved: Name or service not known; check the base URL, the proxy and the DNS",
            ),
            (
                &[
                    "sending",
                    "certificate verify failed (unable to get local issuer certificate)",
                ],
                "the certificate of the server is not trusted: certificate verify failed (unable to get local issuer \
                 certificate); add its root with `ClientBuilder::root_certificate` or SSL_CERT_FILE",
            ),
            (
                &["sending", "invalid peer certificate: Expired"],
                "the certificate of the server is not accepted: invalid peer certificate: Expired",
            ),
        ] {
            let chain = steps
                .iter()
                .rev()
                .fold(None, |source, text| Some(Box::new(Step(text, source))));
            let error = chain.expect("at least one step");
            assert_eq!(of(&*error), expected);
        }
    }
}
