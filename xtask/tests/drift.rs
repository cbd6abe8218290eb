//! The command as a whole: arguments, files and exit status.

use std::path::{Path, PathBuf};
use std::process::Command;

const OURS: &str = "\
openapi: 3.0.3
x-versions: ['2024-07-30']
paths:
  /things:
    get:
      operationId: thing_list
      x-versions: ['2024-07-30']
      parameters:
        - {name: search, in: query, schema: {type: string}}
      responses: {'200': {description: .}}
";
const SAME: &str = r#"{"openapi": "3.0.3", "paths": {"/things": {"get": {
    "parameters": [{"name": "search", "in": "query", "schema": {"type": "string"}}],
    "responses": {"200": {}}}}}}"#;
const LESS: &str = r#"{"openapi": "3.0.3", "paths": {"/things": {"get": {"responses": {"200": {}}}}}}"#;

/// A new directory for one test, with our document in it.
fn directory(name: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&directory);
    std::fs::create_dir_all(&directory).unwrap();
    std::fs::write(directory.join("openapi.yaml"), OURS).unwrap();
    std::fs::write(directory.join("2024-07-30.json"), SAME).unwrap();
    directory
}

fn drift(directory: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["drift", "--openapi", "openapi.yaml"])
        .args(arguments)
        .current_dir(directory)
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn status_0_if_nothing_differs() {
    let directory = directory("same");
    let (status, out, _) = drift(&directory, &["2024-07-30.json"]);
    assert_eq!(
        (status, out.as_str()),
        (
            Some(0),
            "1 of 1 operations; 0 breaking, 0 additive, 0 explained\n"
        )
    );
}

#[test]
fn status_1_for_what_is_unexplained_and_0_once_a_rule_explains_it() {
    let directory = directory("less");
    std::fs::write(directory.join("2024-07-30.json"), LESS).unwrap();
    let (status, out, _) = drift(&directory, &["2024-07-30.json"]);
    assert_eq!(status, Some(1));
    assert!(out.contains("query.search"), "{out}");
    let rule = "- {where: query.search, kind: extra, reason: It works.}";
    std::fs::write(directory.join("drift.yaml"), rule).unwrap();
    let (status, out, _) = drift(&directory, &["2024-07-30.json"]);
    assert_eq!(status, Some(0), "{out}");
    assert!(out.ends_with("0 breaking, 0 additive, 1 explained\n"), "{out}");
}

#[test]
fn status_1_for_a_stale_rule() {
    let directory = directory("stale");
    std::fs::write(
        directory.join("rules.yaml"),
        "- {where: '**', kind: extra, reason: It was.}",
    )
    .unwrap();
    let (status, out, _) = drift(&directory, &["--rules", "rules.yaml", "2024-07-30.json"]);
    assert_eq!(status, Some(1));
    assert!(out.starts_with("stale rule: extra at **: It was."), "{out}");
}

#[test]
fn json_is_json() {
    let directory = directory("json");
    let (status, out, _) = drift(&directory, &["--json", "2024-07-30.json"]);
    assert_eq!(status, Some(0));
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(report["summary"]["matched"], 1);
}

#[test]
fn places_are_recorded_from_a_comparison_of_all_versions() {
    let directory = directory("record");
    let write = |name: &str, text: &str| std::fs::write(directory.join(name), text).unwrap();
    write("2024-07-30.json", LESS);
    write(
        "drift.yaml",
        "- {where: query.search, kind: extra, listed: true, reason: It works.}",
    );
    assert_eq!(
        drift(&directory, &["2024-07-30.json"]).0,
        Some(1),
        "nothing is listed yet"
    );
    let (status, out, _) = drift(&directory, &["--record", "2024-07-30.json"]);
    assert_eq!(
        (status, out.as_str()),
        (Some(0), "drift.places.yaml: 1 places added, 0 removed\n")
    );
    assert_eq!(drift(&directory, &["2024-07-30.json"]).0, Some(0));
    write("2024-07-30.json", SAME);
    let (status, out, _) = drift(&directory, &["2024-07-30.json"]);
    assert_eq!(status, Some(1));
    assert!(
        out.contains("stale in drift.places.yaml: extra search at thing_list query"),
        "{out}"
    );
    write(
        "openapi.yaml",
        &OURS.replace("['2024-07-30']", "['2024-05-09', '2024-07-30']"),
    );
    let (status, _, message) = drift(&directory, &["--record", "2024-07-30.json"]);
    assert_eq!(status, Some(2));
    assert!(message.contains("2024-05-09 is missing"), "{message}");
}

#[test]
fn since_needs_no_document_of_ours() {
    let directory = directory("since");
    std::fs::remove_file(directory.join("openapi.yaml")).unwrap();
    std::fs::write(directory.join("new.json"), LESS).unwrap();
    let compared = |new: &str| drift(&directory, &["--since", "2024-07-30.json", new]);
    assert_eq!(compared("2024-07-30.json").0, Some(0));
    let (status, out, _) = compared("new.json");
    assert_eq!(status, Some(1));
    assert!(
        out.starts_with("breaking\n  GET /things: - query.search (string)"),
        "{out}"
    );
    let (status, _, message) = drift(&directory, &["--since", "2024-07-30.json"]);
    assert_eq!(status, Some(2));
    assert!(message.contains("no published document"), "{message}");
}

#[test]
fn a_version_can_stand_before_the_path() {
    let directory = directory("version");
    std::fs::write(directory.join("latest.json"), SAME).unwrap();
    assert_eq!(drift(&directory, &["2024-07-30=latest.json"]).0, Some(0));
    let (status, _, message) = drift(&directory, &["latest.json"]);
    assert_eq!(status, Some(2));
    assert!(message.contains("names no API version"), "{message}");
}

#[test]
fn status_2_and_a_message_if_it_cannot_run() {
    let directory = directory("broken");
    let write = |name: &str, text: &str| std::fs::write(directory.join(name), text).unwrap();
    write("2024-07-30.broken.json", "{");
    write("2024-07-30.other.json", "{}");
    write(
        "2024-07-30.dangling.json",
        r##"{"openapi": "3.0.3", "paths": {"/a": {"$ref": "#/b"}}}"##,
    );
    write("rules.yaml", "- {where: '**', kind: extra}");
    for (arguments, part) in [
        (&[][..], "no published document"),
        (&["--odd", "2024-07-30.json"], "there is no option --odd"),
        (&["2024-07-30.json", "--rules"], "--rules needs a path"),
        (&["2024-07-30.absent.json"], "cannot be read"),
        (&["2024-07-30.broken.json"], "is not JSON"),
        (&["2024-07-30.other.json"], "is not an OpenAPI 3 document"),
        (&["2024-07-30.dangling.json"], "nothing stands at #/b"),
        (
            &["--openapi", "absent.yaml", "2024-07-30.json"],
            "absent.yaml: cannot be read",
        ),
        (
            &["--rules", "rules.yaml", "2024-07-30.json"],
            "missing field `reason`",
        ),
    ] {
        let (status, _, message) = drift(&directory, arguments);
        assert_eq!(status, Some(2), "{arguments:?}");
        assert!(message.contains(part), "{arguments:?}: {message}");
    }
}

#[test]
fn commands_that_are_not_there_are_refused() {
    for arguments in [&["odd"][..], &[]] {
        let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args(arguments)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2));
    }
}
