//! Verifies and creates signatures: HMAC-SHA256 over `t`, a full stop, and the raw body.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::header::{Header, hex};
use crate::clock::{Clock, SystemClock};
use crate::config_error::ConfigError;
use crate::webhook::error::WebhookError;
use crate::webhook::event::Event;

const DEFAULT_TOLERANCE: Duration = Duration::from_secs(5 * 60);
const DEFAULT_MAX_BODY_BYTES: usize = 1024 * 1024;

/// The secret of a notification policy, which signs its deliveries.
///
/// The secret is never printed:
///
/// ```
/// use sequencehq::webhook::Secret;
///
/// let secret = Secret::new("whsec_example")?;
/// assert_eq!(format!("{secret:?}"), "Secret(<redacted>)");
/// # Ok::<(), sequencehq::ConfigError>(())
/// ```
///
/// Pass the secret exactly as the policy has it, including a prefix such as `whsec_`. Only the keyed HMAC state is
/// kept in memory, not the text.
#[derive(Clone)]
pub struct Secret(Hmac<Sha256>);

impl Secret {
    /// Creates a secret from its text.
    ///
    /// ```
    /// use sequencehq::webhook::Secret;
    ///
    /// let secret = Secret::new("whsec_example")?;
    /// assert!(Secret::new("").is_err());
    /// # Ok::<(), sequencehq::ConfigError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the text is empty, which would allow anyone to sign, or if it contains a control
    /// character, usually the newline at the end of a file.
    pub fn new(secret: impl AsRef<str>) -> Result<Self, ConfigError> {
        let secret = secret.as_ref();
        if secret.is_empty() {
            return Err(ConfigError::InvalidSetting(
                "webhook secret",
                "it must not be empty",
            ));
        }
        if secret.chars().any(char::is_control) {
            let allowed = "it must not contain control characters, such as a trailing newline";
            return Err(ConfigError::InvalidSetting("webhook secret", allowed));
        }
        Ok(Self(
            Hmac::new_from_slice(secret.as_bytes()).expect("HMAC accepts keys of any length"),
        ))
    }

    fn over(&self, timestamp: &str, body: &[u8]) -> Hmac<Sha256> {
        let Self(keyed) = self;
        keyed
            .clone()
            .chain_update(timestamp)
            .chain_update(".")
            .chain_update(body)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(<redacted>)")
    }
}

/// Verifies that a webhook delivery is authentic and fresh.
///
/// Every signature in every signature header is compared with every secret, in constant time, including headers
/// that a proxy has joined by commas. The age of the signature is checked and the body is parsed only after a
/// signature matches. See the [module](super) for how to use it.
///
/// ```
/// use sequencehq::webhook::{Secret, Verifier};
/// use std::time::Duration;
///
/// # let (new, old) = ("whsec_new", "whsec_old");
/// let verifier = Verifier::new(Secret::new(new)?)
///     .with_secret(Secret::new(old)?)
///     .tolerance(Duration::from_secs(60))
///     .max_body_bytes(256 * 1024);
/// # Ok::<(), sequencehq::ConfigError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Verifier {
    secrets: Vec<Secret>,
    tolerance: Duration,
    max_body_bytes: usize,
    clock: Arc<dyn Clock>,
}

impl Verifier {
    /// Creates a verifier for deliveries signed with `secret`, with a tolerance of five minutes and a body limit of
    /// 1 MiB.
    pub fn new(secret: Secret) -> Self {
        Self {
            secrets: vec![secret],
            tolerance: DEFAULT_TOLERANCE,
            max_body_bytes: DEFAULT_MAX_BODY_BYTES,
            clock: Arc::new(SystemClock),
        }
    }

    /// Also accepts deliveries signed with `secret`, for rotation or for several policies with one endpoint.
    ///
    /// ```
    /// use sequencehq::webhook::{Secret, Verifier};
    ///
    /// let secret = Secret::new("whsec_example")?;
    /// let old = Secret::new("whsec_old")?;
    /// let verifier = Verifier::new(secret).with_secret(old);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_secret(mut self, secret: Secret) -> Self {
        self.secrets.push(secret);
        self
    }

    /// Sets how far in the past or the future a signature may be dated. Defaults to five minutes.
    ///
    /// ```
    /// use sequencehq::webhook::{Secret, Verifier};
    ///
    /// let secret = Secret::new("whsec_example")?;
    /// let verifier = Verifier::new(secret).tolerance(std::time::Duration::from_secs(60));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn tolerance(mut self, tolerance: Duration) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// Sets the size of the largest body that is accepted, in bytes. Defaults to 1 MiB.
    #[must_use]
    pub fn max_body_bytes(mut self, bytes: usize) -> Self {
        self.max_body_bytes = bytes;
        self
    }

    /// Sets the clock. Defaults to the system clock.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Verifies a delivery and decodes its event.
    ///
    /// `signatures` are the values of all [`SIGNATURE_HEADER`](super::SIGNATURE_HEADER) headers, such as
    /// `headers.get_all(SIGNATURE_HEADER)`, an `Option<&str>`, or an array of byte strings.
    ///
    /// ```
    /// use sequencehq::webhook::{Secret, Signer, Verifier};
    ///
    /// let secret = Secret::new("whsec_example")?;
    /// let body = br#"{"notificationType":"MERCHANT_UPDATED","sequenceAccountId":"a-1"}"#;
    /// let signature = Signer::new(secret.clone()).sign(body);
    ///
    /// let event = Verifier::new(secret).verify_and_parse([signature], body)?;
    /// assert_eq!(event.notification_type(), "MERCHANT_UPDATED");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns a [`WebhookError`] if the delivery is rejected or its body is not an event.
    pub fn verify_and_parse<H>(&self, signatures: H, body: &[u8]) -> Result<Event, WebhookError>
    where
        H: IntoIterator,
        H::Item: AsRef<[u8]>,
    {
        self.verify(signatures, body)?;
        Event::from_slice(body)
    }

    /// Verifies a delivery without parsing its body.
    ///
    /// ```
    /// use sequencehq::webhook::{Secret, Signer, Verifier};
    ///
    /// let secret = Secret::new("whsec_example")?;
    /// let signature = Signer::new(secret.clone()).sign(b"{}");
    /// let verifier = Verifier::new(secret);
    /// assert!(verifier.verify([&signature], b"{}").is_ok());
    /// assert!(verifier.verify([&signature], b"{ }").is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns a [`WebhookError`] if the delivery is rejected.
    pub fn verify<H>(&self, signatures: H, body: &[u8]) -> Result<Verified, WebhookError>
    where
        H: IntoIterator,
        H::Item: AsRef<[u8]>,
    {
        self.verify_at(signatures, body, self.clock.system_time())
    }

    /// Verifies a delivery like [`verify`](Self::verify), with `now` as the current time.
    ///
    /// Use it for deliveries that were recorded with their headers.
    ///
    /// ```
    /// use sequencehq::webhook::{Secret, Signer, Verifier};
    ///
    /// let secret = Secret::new("whsec_example")?;
    /// let recorded_at = std::time::SystemTime::UNIX_EPOCH;
    /// let signature = Signer::new(secret.clone()).sign_at(b"{}", recorded_at);
    /// let verified = Verifier::new(secret).verify_at([signature], b"{}", recorded_at)?;
    /// assert_eq!(verified.signed_at(), recorded_at);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns a [`WebhookError`] if the delivery is rejected.
    pub fn verify_at<H>(&self, signatures: H, body: &[u8], now: SystemTime) -> Result<Verified, WebhookError>
    where
        H: IntoIterator,
        H::Item: AsRef<[u8]>,
    {
        self.check_size(body.len())?;
        self.check(&Header::parse_all(signatures)?, body, now)
    }

    pub(super) fn check_size(&self, bytes: usize) -> Result<(), WebhookError> {
        if bytes > self.max_body_bytes {
            return Err(WebhookError::TooLarge {
                limit: self.max_body_bytes,
            });
        }
        Ok(())
    }

    /// Returns the first fresh match, or else the error of the first match.
    fn check(&self, headers: &[Header], body: &[u8], now: SystemTime) -> Result<Verified, WebhookError> {
        let mut stale = None;
        for header in headers {
            let Some(secret_index) = self.matching_secret(header, body) else {
                continue;
            };
            match self.check_age(header.signed_at, now) {
                Ok(()) => {
                    return Ok(Verified {
                        signed_at: header.signed_at,
                        secret_index,
                    });
                }
                Err(error) => stale = stale.or(Some(error)),
            }
        }
        Err(stale.unwrap_or(WebhookError::SignatureMismatch))
    }

    fn matching_secret(&self, header: &Header, body: &[u8]) -> Option<usize> {
        self.secrets.iter().position(|secret| {
            let made = secret.over(&header.timestamp, body);
            // `verify_slice` compares in constant time.
            header
                .signatures
                .iter()
                .any(|signature| made.clone().verify_slice(signature).is_ok())
        })
    }

    fn check_age(&self, signed_at: SystemTime, now: SystemTime) -> Result<(), WebhookError> {
        let tolerance = self.tolerance;
        match now.duration_since(signed_at) {
            Ok(age) if age > tolerance => Err(WebhookError::TooOld { age, tolerance }),
            Err(future) if future.duration() > tolerance => Err(WebhookError::TooNew {
                ahead: future.duration(),
                tolerance,
            }),
            _ => Ok(()),
        }
    }
}

/// The result of a successful verification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified {
    signed_at: SystemTime,
    secret_index: usize,
}

impl Verified {
    /// Returns the time at which the delivery was signed.
    pub fn signed_at(&self) -> SystemTime {
        self.signed_at
    }

    /// Returns the index of the secret that matched: 0 for that of [`Verifier::new`], 1 for the first
    /// [`Verifier::with_secret`], and so on.
    ///
    /// During a rotation, the old secret can be removed once its index no longer occurs.
    ///
    /// ```
    /// use sequencehq::webhook::{Secret, Signer, Verifier};
    ///
    /// let (new, old) = (Secret::new("whsec_new")?, Secret::new("whsec_old")?);
    /// let verifier = Verifier::new(new).with_secret(old.clone());
    /// let signature = Signer::new(old).sign(b"{}");
    /// let verified = verifier.verify([signature], b"{}").expect("a valid signature");
    /// assert_eq!(verified.secret_index(), 1);
    /// # Ok::<(), sequencehq::ConfigError>(())
    /// ```
    pub fn secret_index(&self) -> usize {
        self.secret_index
    }
}

/// Signs deliveries as Sequence does, for tests of a receiver.
///
/// ```
/// use sequencehq::clock::ManualClock;
/// use sequencehq::webhook::{Secret, Signer, Verifier, WebhookError};
/// use std::time::Duration;
///
/// let clock = ManualClock::new();
/// let secret = Secret::new("whsec_example")?;
/// let signer = Signer::new(secret.clone()).clock(clock.clone());
/// let verifier = Verifier::new(secret).clock(clock.clone());
///
/// let signature = signer.sign(b"{}"); // The value of the `Sequence-Signature` header.
/// assert!(verifier.verify([&signature], b"{}").is_ok());
///
/// clock.advance(Duration::from_secs(301));
/// assert!(matches!(verifier.verify([&signature], b"{}"), Err(WebhookError::TooOld { .. })));
/// # Ok::<(), sequencehq::ConfigError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Signer {
    secret: Secret,
    clock: Arc<dyn Clock>,
}

impl Signer {
    /// Creates a signer with `secret` and the system clock.
    pub fn new(secret: Secret) -> Self {
        Self {
            secret,
            clock: Arc::new(SystemClock),
        }
    }

    /// Sets the clock. Defaults to the system clock.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Returns the value of the `Sequence-Signature` header for `body`, signed at the current time.
    ///
    /// ```
    /// use sequencehq::webhook::{Secret, Signer};
    ///
    /// let secret = Secret::new("whsec_example")?;
    /// let header = Signer::new(secret).sign(b"{}");
    /// assert!(header.starts_with("t="));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn sign(&self, body: &[u8]) -> String {
        self.sign_at(body, self.clock.system_time())
    }

    /// Returns the value of the header like [`sign`](Self::sign), signed at `time`.
    ///
    /// A time before 1970 is treated as the beginning of 1970.
    ///
    /// ```
    /// use sequencehq::webhook::{Secret, Signer};
    ///
    /// let secret = Secret::new("whsec_example")?;
    /// let time = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_millis(7);
    /// assert!(Signer::new(secret).sign_at(b"{}", time).starts_with("t=7,s="));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn sign_at(&self, body: &[u8], time: SystemTime) -> String {
        let since_1970 = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let timestamp = since_1970.as_millis().to_string();
        let signature = self.secret.over(&timestamp, body).finalize().into_bytes();
        format!("t={timestamp},s={}", hex(&signature))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::ManualClock;

    const BODY: &[u8] = br#"{"hello":"world"}"#;
    const MINUTES: Duration = DEFAULT_TOLERANCE;
    const TICK: Duration = Duration::from_millis(1);

    fn secret(text: &str) -> Secret {
        Secret::new(text).expect("a good secret")
    }

    fn noon() -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_225_600)
    }

    fn signed(text: &str) -> String {
        Signer::new(secret(text)).sign_at(BODY, noon())
    }

    #[test]
    fn the_signature_is_that_of_other_implementations() {
        // printf '1767225600000.{"hello":"world"}' | openssl dgst -sha256 -hmac whsec_test
        let wanted = "t=1767225600000,s=93d4305442c75dc549a8323cc2871abef61b5c473943ce92593deb7b8236e6e6";
        assert_eq!(signed("whsec_test"), wanted);
        assert!(
            Verifier::new(secret("whsec_test"))
                .verify_at([wanted], BODY, noon())
                .is_ok()
        );
    }

    #[test]
    fn the_age_may_be_the_tolerance_and_not_more_on_either_side() {
        let verifier = Verifier::new(secret("a"));
        let at = |now| {
            verifier
                .verify_at([signed("a")], BODY, now)
                .map(|verified| verified.signed_at())
        };
        assert_eq!(at(noon() + MINUTES), Ok(noon()));
        assert_eq!(at(noon() - MINUTES), Ok(noon()));
        let tolerance = MINUTES;
        assert_eq!(
            at(noon() + MINUTES + TICK),
            Err(WebhookError::TooOld {
                age: MINUTES + TICK,
                tolerance
            })
        );
        assert_eq!(
            at(noon() - MINUTES - TICK),
            Err(WebhookError::TooNew {
                ahead: MINUTES + TICK,
                tolerance
            })
        );
    }

    #[test]
    fn the_clock_is_the_one_that_was_passed_in() {
        let clock = ManualClock::new();
        let signature = Signer::new(secret("a")).clock(clock.clone()).sign(BODY);
        let verifier = Verifier::new(secret("a"))
            .clock(clock.clone())
            .tolerance(Duration::from_secs(1));
        assert!(verifier.verify([&signature], BODY).is_ok());
        clock.advance(Duration::from_secs(2));
        assert!(matches!(
            verifier.verify([&signature], BODY),
            Err(WebhookError::TooOld { .. })
        ));
    }

    #[test]
    fn the_age_is_not_told_to_who_cannot_sign() {
        let verifier = Verifier::new(secret("a"));
        assert_eq!(
            verifier.verify_at([signed("b")], BODY, noon() + 9 * MINUTES),
            Err(WebhookError::SignatureMismatch)
        );
    }

    #[test]
    fn every_secret_is_tried_and_the_one_that_matched_is_told() {
        let verifier = Verifier::new(secret("new")).with_secret(secret("old"));
        let index = |text| {
            verifier
                .verify_at([signed(text)], BODY, noon())
                .map(|verified| verified.secret_index())
        };
        assert_eq!(index("new"), Ok(0));
        assert_eq!(index("old"), Ok(1));
        assert_eq!(index("other"), Err(WebhookError::SignatureMismatch));
    }

    #[test]
    fn every_signature_of_every_header_is_tried() {
        let verifier = Verifier::new(secret("a"));
        let (good, bad) = (signed("a"), signed("b"));
        let (_, good_element) = good.split_once(',').expect("two elements");
        let verify = |headers: &[&str]| verifier.verify_at(headers, BODY, noon());
        assert!(verify(&[&format!("{bad},{good_element}")]).is_ok());
        assert!(verify(&[&bad, &good]).is_ok());
        assert!(verify(&[&good, &bad]).is_ok());
        assert_eq!(verify(&[&bad, &bad]), Err(WebhookError::SignatureMismatch));

        let stale = Signer::new(secret("a")).sign_at(BODY, noon() - 2 * MINUTES);
        assert!(verify(&[&stale, &good]).is_ok());
        assert!(matches!(
            verify(&[&stale, &bad]),
            Err(WebhookError::TooOld { .. })
        ));
    }

    #[test]
    fn headers_that_a_proxy_joined_with_a_comma_verify() {
        let verifier = Verifier::new(secret("a"));
        let verify = |headers: &[&str]| verifier.verify_at(headers, BODY, noon());
        let at = |text: &str, time| Signer::new(secret(text)).sign_at(BODY, time);
        let (good, other) = (signed("a"), at("b", noon() + TICK));
        for joined in [
            format!("{good},{other}"),
            format!("{other}, {good}"),
            format!("{other},\t{other} , {good}"),
        ] {
            assert_eq!(
                verify(&[&joined]).map(|verified| verified.signed_at()),
                Ok(noon()),
                "{joined}"
            );
            assert!(verify(&[&other, &joined]).is_ok(), "{joined}");
        }
        assert_eq!(
            verify(&[&format!("{other}, {other}")]),
            Err(WebhookError::SignatureMismatch)
        );
        let (stale, new) = (at("a", noon() - 2 * MINUTES), at("a", noon() + 2 * MINUTES));
        assert!(verify(&[&format!("{stale}, {good}")]).is_ok());
        assert!(matches!(
            verify(&[&format!("{stale}, {other}")]),
            Err(WebhookError::TooOld { .. })
        ));
        assert!(matches!(
            verify(&[&format!("{new}, {stale}")]),
            Err(WebhookError::TooNew { .. })
        ));
        // A timestamp without a signature is malformed, also beside a valid pair.
        let mixed = format!("t={}, {good}", 1_767_225_600_001_u64);
        assert!(matches!(verify(&[&mixed]), Err(WebhookError::InvalidHeader(_))));
    }

    #[test]
    fn a_signature_does_not_lend_itself_to_another_time() {
        let moved = signed("a").replace("t=1767225600000", "t=1767225600001");
        assert_eq!(
            Verifier::new(secret("a")).verify_at([moved], BODY, noon()),
            Err(WebhookError::SignatureMismatch)
        );
        // The full stop separates timestamp and body: a digit must not move from one to the other.
        let signer = Signer::new(secret("a"));
        let signature = signer.sign_at(b"2.x", SystemTime::UNIX_EPOCH + TICK);
        let moved = signature.replace("t=1,", "t=12,");
        assert_eq!(
            Verifier::new(secret("a")).verify_at([moved], b"x", noon()),
            Err(WebhookError::SignatureMismatch)
        );
    }

    #[test]
    fn the_body_is_bounded_before_anything_else() {
        let verifier = Verifier::new(secret("a")).max_body_bytes(BODY.len());
        assert!(verifier.verify_at([signed("a")], BODY, noon()).is_ok());
        let verifier = verifier.max_body_bytes(BODY.len() - 1);
        let limit = BODY.len() - 1;
        assert_eq!(
            verifier.verify_at(["nonsense"], BODY, noon()),
            Err(WebhookError::TooLarge { limit })
        );
    }

    #[test]
    fn nothing_is_parsed_before_it_is_verified() {
        let signature = Signer::new(secret("a")).sign(b"no json");
        let verifier = Verifier::new(secret("a"));
        assert!(matches!(
            verifier.verify_and_parse([&signature], b"no json"),
            Err(WebhookError::InvalidEvent(_))
        ));
        assert_eq!(
            verifier.verify_and_parse([&signature], b"No json").unwrap_err(),
            WebhookError::SignatureMismatch
        );
    }

    #[test]
    fn headers_come_in_whatever_a_framework_has() {
        let verifier = Verifier::new(secret("a"));
        let mut headers = http::HeaderMap::new();
        headers.append("Sequence-Signature", signed("b").parse().expect("a header value"));
        headers.append("Sequence-Signature", signed("a").parse().expect("a header value"));
        let text = signed("a");
        assert!(
            verifier
                .verify_at(headers.get_all(crate::webhook::SIGNATURE_HEADER), BODY, noon())
                .is_ok()
        );
        assert!(verifier.verify_at(Some(text.as_str()), BODY, noon()).is_ok());
        assert!(verifier.verify_at([text.as_bytes()], BODY, noon()).is_ok());
        assert!(matches!(
            verifier.verify_at(None::<&str>, BODY, noon()),
            Err(WebhookError::InvalidHeader(_))
        ));
    }

    #[test]
    fn a_secret_that_protects_nothing_is_refused() {
        for text in ["", "whsec_a\n", "\twhsec_a"] {
            let error = Secret::new(text).expect_err("refused").to_string();
            assert!(!error.contains("whsec"), "{error}");
        }
    }

    #[test]
    fn secrets_are_never_printed() {
        const HUSH: &str = "whsec_hush";
        let signer = Signer::new(secret(HUSH));
        let verifier = Verifier::new(secret(HUSH));
        let error = verifier.verify_at([signed("other")], BODY, noon()).unwrap_err();
        for printed in [
            format!("{:?}", secret(HUSH)),
            format!("{signer:?} {signer:#?}"),
            format!("{verifier:?} {verifier:#?}"),
            format!("{error:?} {error}"),
        ] {
            assert!(!printed.contains("hush"), "{printed}");
        }
    }
}
