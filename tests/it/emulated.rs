//! Every call against the emulator, which reads the document by itself.

#![cfg(feature = "emulator")]

use sequencehq::emulator::Emulator;
use sequencehq::{RateLimit, RetryPolicy};
use sequencehq_emulator::contract::{Query, Version, check_body, find};

use crate::arguments::ROUNDS;
use crate::coverage::every_call_of_round;

/// What the made-up ids refer to does not exist, so most calls fail, but none is malformed.
#[tokio::test]
async fn every_request_passes_the_checks_of_the_emulator() {
    let emulator = Emulator::start().await.expect("a free port");
    let builder = emulator.client_builder().rate_limit(RateLimit::none());
    let client = builder.retry(RetryPolicy::none()).build().expect("good");
    for round in 0..ROUNDS {
        let before = emulator.requests().len();
        let mut called = Vec::new();
        for (id, call) in every_call_of_round(round) {
            if let Err(error) = call(client.clone()).await {
                assert!(error.status().is_some() && !error.is_decode(), "{id}: {error}");
            }
            called.push(id);
        }
        let requests = &emulator.requests()[before..];
        assert_eq!(requests.len(), called.len());
        for (request, id) in requests.iter().zip(called) {
            let path = request.path.strip_prefix("/api").expect("below the base URL");
            let found = find(&request.method, path, Version::LATEST).expect(id);
            assert_eq!(found.operation.id(), id);
            let query = request.query.as_deref().unwrap_or_default();
            let parsed = Query::parse(found.operation, Version::LATEST, query);
            assert!(parsed.is_ok(), "{id}: {parsed:?}");
            let body = check_body(found.operation, Version::LATEST, &request.body);
            assert!(body.is_ok(), "{id}: {body:?}");
            let status = request.status.expect("a response");
            assert!(status < 500 || status == 501, "{id}: {status}");
        }
    }
}
