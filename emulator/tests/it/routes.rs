//! Requests are matched as the model of the document matches them.

use sequencehq_document::routes::{Routes, anonymous};
use sequencehq_document::{Document, shipped};
use sequencehq_emulator::contract::{OPERATIONS, Version, find};

#[test]
fn every_operation_is_found_at_its_endpoint_in_each_version() {
    let document = Document::read(&shipped()).expect("the document is valid");
    let mut count = 0;
    for version in Version::all() {
        for route in Routes::new(&document.root, version.name()).iter() {
            let path = anonymous(&route.path).replace("{}", "some");
            let found = find(&route.method.to_uppercase(), &path, version);
            let found = found.map(|found| found.operation.id());
            assert_eq!(found, Ok(route.operation.as_str()), "{} {path}", version.name());
            count += 1;
        }
    }
    assert!(count > OPERATIONS.len(), "only {count} routes");
}
