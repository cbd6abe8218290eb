//! No body panics, and every event survives a queue.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sequencehq::webhook::Event;

fuzz_target!(|body: &[u8]| {
    let Ok(event) = Event::from_slice(body) else {
        return;
    };
    let queued = serde_json::to_vec(&event).expect("events encode");
    let again = Event::from_slice(&queued).expect("what was encoded decodes");
    assert_eq!(again, event);
    assert_eq!(again.fingerprint(), event.fingerprint());
    assert_eq!(format!("{again:?}"), format!("{event:?}"));
    assert_eq!(event.resource_json().is_some(), event.resource().is_some());
});
