//! No header panics, and none verifies but what the signer wrote.
//!
//! The first byte is the number of bytes of the first header; a second header follows up to a line break, and
//! the rest is the body.

#![no_main]

use std::time::SystemTime;

use libfuzzer_sys::fuzz_target;
use sequencehq::webhook::{Secret, Signer, Verifier};

fuzz_target!(|data: &[u8]| {
    let Some((&length, data)) = data.split_first() else {
        return;
    };
    let (first, data) = data.split_at(usize::from(length).min(data.len()));
    let (second, body) = match data.iter().position(|byte| *byte == b'\n') {
        Some(end) => (Some(&data[..end]), &data[end + 1..]),
        None => (None, data),
    };
    let secret = Secret::new("whsec_fuzz").expect("a good secret");
    let verifier = Verifier::new(secret.clone());
    let now = SystemTime::UNIX_EPOCH;
    assert!(
        verifier
            .verify_at([first].into_iter().chain(second), body, now)
            .is_err(),
        "a forgery"
    );

    // Elements that are not known do no harm beside a genuine signature, whatever they say.
    let mut header = Signer::new(secret).sign_at(body, now).into_bytes();
    header.extend(b",x=");
    header.extend(first.iter().filter(|byte| **byte != b','));
    assert!(
        verifier.verify_at([header], body, now).is_ok(),
        "a genuine signature"
    );
});
