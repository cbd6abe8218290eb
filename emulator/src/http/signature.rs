//! Signatures of webhooks: HMAC-SHA256 over the time in milliseconds, a dot, and the body.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

pub(super) const SIGNATURE_HEADER: &str = "Sequence-Signature";

/// The value of the header for a body that is sent at `now`.
pub(super) fn signature(secret: &str, now: DateTime<Utc>, body: &[u8]) -> String {
    let time = now.timestamp_millis();
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(time.to_string().as_bytes());
    mac.update(b".");
    mac.update(body);
    let mut header = format!("t={time},s=");
    for byte in mac.finalize().into_bytes() {
        let _ = write!(header, "{byte:02x}");
    }
    header
}

#[cfg(test)]
mod tests {
    use super::signature;

    #[test]
    fn a_signature_is_the_hmac_of_time_and_body() {
        // printf '1767225600000.{"hello":"world"}' | openssl dgst -sha256 -hmac whsec_test
        let at = "2026-01-01T00:00:00Z".parse().expect("an instant");
        assert_eq!(
            signature("whsec_test", at, br#"{"hello":"world"}"#),
            "t=1767225600000,s=93d4305442c75dc549a8323cc2871abef61b5c473943ce92593deb7b8236e6e6"
        );
    }
}
