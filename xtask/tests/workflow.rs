//! The workflow that compares on a schedule.

use std::path::Path;

use sequencehq_document::Document;
use serde_json::json;

#[test]
fn the_workflow_reads_the_repository_and_opens_issues() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.github/workflows/drift.yml");
    let document = Document::read(&path).unwrap();
    let root = &document.root;
    assert_eq!(
        root["permissions"],
        json!({"contents": "read", "issues": "write"})
    );
    assert!(root["on"]["schedule"][0]["cron"].is_string());
    let job = &root["jobs"]["compare"];
    assert_eq!(job["if"], "vars.DRIFT_URL != ''");
    let text = std::fs::read_to_string(&path).unwrap();
    for part in ["git ", "--write", "--record", "gh pr", "permissions: write"] {
        let mut lines = text.lines().filter(|line| !line.trim_start().starts_with('#'));
        assert!(!lines.any(|line| line.contains(part)), "{part}");
    }
    let urls: Vec<&str> = text.lines().filter(|line| line.contains("http")).collect();
    assert_eq!(urls.len(), 1, "it fetches nothing but the variable: {urls:?}");
}
