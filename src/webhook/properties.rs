//! Properties that hold for any input. `PROPTEST_CASES=1000000 cargo test --lib webhook::properties` runs a million
//! cases of each.

use std::time::{Duration, SystemTime};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::header::Header;
use crate::webhook::error::WebhookError;
use crate::webhook::event::Event;
use crate::webhook::signature::{Secret, Signer, Verifier};

/// The number of cases comes from the environment, 256 by default. Failures are printed and not persisted to files.
/// Mutations without effect are rejected, without a limit on how many.
fn config() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        max_global_rejects: u32::MAX,
        ..ProptestConfig::default()
    }
}

fn secret(text: &str) -> Secret {
    Secret::new(text).expect("a good secret")
}

fn at(milliseconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_millis(milliseconds)
}

/// Timestamps up to the year 5138.
fn times() -> impl Strategy<Value = u64> {
    0..100_000_000_000_000_u64
}

/// Texts that resemble the header.
fn headers() -> impl Strategy<Value = Vec<u8>> {
    let elements = select(vec![
        "t=",
        "s=",
        "t",
        "s",
        "=",
        ",",
        " ",
        "\t",
        "-",
        "+",
        "1767225600000",
        "18446744073709551616",
        "0",
        "00112233445566778899aabbccddeeff",
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
        "g",
        "\u{1f4a5}",
        "v1=x",
    ]);
    prop_oneof![
        vec(any::<u8>(), 0..200),
        vec(elements, 0..12).prop_map(|parts| parts.concat().into_bytes()),
    ]
}

/// Texts that resemble an event.
fn bodies() -> impl Strategy<Value = Vec<u8>> {
    let values = select(vec![
        "null",
        "\"\"",
        "\"INVOICE_CREATED\"",
        "\"QUOTE_SIGNED\"",
        "\"InvoiceResponse\"",
        "\"a-1\"",
        "0",
        "-0.10",
        "1e999",
        "true",
        "{}",
        "[]",
        "[[[[",
        "{\"id\":\"i-1\",\"netTotal\":1e400}",
        "\"\\ud800\"",
        "\"\\u0041\"",
        "{\"id\":",
        "\u{1f4a5}",
    ]);
    let names = select(vec![
        "notificationType",
        "sequenceAccountId",
        "resourceType",
        "resourceId",
        "resource",
        "other",
        "\\u0072esource",
    ]);
    let fields = vec((names, values.clone()), 0..6);
    let event = (values.clone(), values, fields).prop_map(|(kind, account, fields)| {
        let mut text = format!("{{\"notificationType\":{kind},\"sequenceAccountId\":{account}");
        for (name, value) in fields {
            text.push_str(&format!(",\"{name}\":{value}"));
        }
        text.push('}');
        text.into_bytes()
    });
    prop_oneof![1 => vec(any::<u8>(), 0..200), 3 => event]
}

/// A single change to a byte string.
#[derive(Clone, Debug)]
enum Mutation {
    Flip(Index, u8),
    Insert(Index, u8),
    Remove(Index),
    Truncate(Index),
}

impl Mutation {
    fn of(&self, bytes: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        match self {
            Self::Insert(index, byte) => bytes.insert(index.index(bytes.len() + 1), *byte),
            _ if bytes.is_empty() => {}
            Self::Flip(index, mask) => {
                let index = index.index(bytes.len());
                bytes[index] ^= mask;
            }
            Self::Remove(index) => {
                bytes.remove(index.index(bytes.len()));
            }
            Self::Truncate(index) => bytes.truncate(index.index(bytes.len())),
        }
        bytes
    }
}

fn mutations() -> impl Strategy<Value = Mutation> {
    prop_oneof![
        (any::<Index>(), 1..=u8::MAX).prop_map(|(index, mask)| Mutation::Flip(index, mask)),
        (any::<Index>(), any::<u8>()).prop_map(|(index, byte)| Mutation::Insert(index, byte)),
        any::<Index>().prop_map(Mutation::Remove),
        any::<Index>().prop_map(Mutation::Truncate),
    ]
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn what_is_signed_is_verified(body in vec(any::<u8>(), 0..300), key in "[!-~]{1,80}", time in times()) {
        let header = Signer::new(secret(&key)).sign_at(&body, at(time));
        let verified = Verifier::new(secret(&key)).verify_at([header], &body, at(time));
        prop_assert_eq!(verified.map(|verified| verified.signed_at()), Ok(at(time)));
    }

    #[test]
    fn another_secret_does_not_verify(body in vec(any::<u8>(), 0..100), key in "[!-~]{1,80}", other in "[!-~]{1,80}") {
        // HMAC pads keys with zero bytes, which these texts do not contain, so different texts are different keys.
        prop_assume!(key != other);
        let header = Signer::new(secret(&key)).sign_at(&body, at(0));
        prop_assert_eq!(Verifier::new(secret(&other)).verify_at([header], &body, at(0)), Err(WebhookError::SignatureMismatch));
    }

    #[test]
    fn a_changed_body_does_not_verify(body in vec(any::<u8>(), 0..300), mutation in mutations(), time in times()) {
        let header = Signer::new(secret("a")).sign_at(&body, at(time));
        let changed = mutation.of(&body);
        prop_assume!(changed != body);
        prop_assert_eq!(Verifier::new(secret("a")).verify_at([header], &changed, at(time)), Err(WebhookError::SignatureMismatch));
    }

    #[test]
    fn a_changed_header_does_not_verify_unless_it_means_the_same(mutation in mutations(), time in times()) {
        let header = Signer::new(secret("a")).sign_at(b"{}", at(time)).into_bytes();
        let changed = mutation.of(&header);
        if Verifier::new(secret("a")).verify_at([&changed], b"{}", at(time)).is_ok() {
            prop_assert_eq!(Header::parse_all([changed]), Header::parse_all([header]));
        }
    }

    #[test]
    fn the_tolerance_holds_on_both_sides(signed in times(), now in times(), tolerance in 0..200_000_000_000_000_u64) {
        let header = Signer::new(secret("a")).sign_at(b"", at(signed));
        let verifier = Verifier::new(secret("a")).tolerance(Duration::from_millis(tolerance));
        let result = verifier.verify_at([header], b"", at(now));
        if signed.abs_diff(now) <= tolerance {
            prop_assert!(result.is_ok());
        } else if signed < now {
            let is_too_old = matches!(result, Err(WebhookError::TooOld { .. }));
            prop_assert!(is_too_old);
        } else {
            let is_too_new = matches!(result, Err(WebhookError::TooNew { .. }));
            prop_assert!(is_too_new);
        }
    }

    #[test]
    fn no_header_panics_or_verifies(values in vec(headers(), 0..3), body in vec(any::<u8>(), 0..50)) {
        prop_assert!(Verifier::new(secret("a")).verify_at(values, &body, at(0)).is_err());
    }

    #[test]
    fn no_body_panics_and_every_event_survives_a_queue(body in bodies()) {
        if let Ok(event) = Event::from_slice(&body) {
            let queued = serde_json::to_vec(&event).expect("events encode");
            let again = Event::from_slice(&queued).expect("what was encoded decodes");
            prop_assert_eq!(&again, &event);
            prop_assert_eq!(format!("{again:?}"), format!("{event:?}"));
            prop_assert_eq!(again.resource_json().is_some(), event.resource().is_some());
        }
    }
}
