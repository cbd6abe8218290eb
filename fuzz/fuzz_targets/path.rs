//! No value of a path parameter panics or changes the endpoint.
//!
//! Contains the source of the encoding, which is not public.

#![no_main]

use libfuzzer_sys::fuzz_target;

/// The part of the crate that the source refers to.
mod data {
    pub(crate) mod invalid_input {
        pub(crate) struct InvalidInput;

        impl InvalidInput {
            pub(crate) fn new(_: &'static str, _: impl Into<String>) -> Self {
                Self
            }
        }
    }
}

#[allow(dead_code, reason = "the rest is for calls")]
#[path = "../../src/data/segment.rs"]
mod segment;

const SIBLINGS: &[&str] = &["list-summary", "a b"];

fuzz_target!(|value: &str| {
    let Ok(segment) = segment::Segment::new("id", value, SIBLINGS) else {
        return;
    };
    assert!(!SIBLINGS.contains(&value), "it is another endpoint");
    let url = url::Url::parse(&format!("https://example.com/api/things/{segment}/void?x=1")).expect("a URL");
    let parts: Vec<&str> = url.path_segments().expect("it has a path").collect();
    let [api, things, sent, void] = parts[..] else {
        panic!("another endpoint: {url}");
    };
    assert_eq!((api, things, void), ("api", "things", "void"));
    assert_eq!((url.query(), url.fragment()), (Some("x=1"), None));
    let decoded = percent_encoding::percent_decode_str(sent)
        .decode_utf8()
        .expect("UTF-8");
    assert_eq!(decoded, value, "the value arrives unchanged");
});
