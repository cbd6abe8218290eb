//! The command as a whole: arguments, files and exit status.

use std::path::{Path, PathBuf};
use std::process::Command;

use sequencehq_document::{Document, rules};

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
fn json_fits_its_schema() {
    let directory = directory("json");
    let json = |arguments: &[&str]| -> serde_json::Value {
        serde_json::from_str(&drift(&directory, arguments).1).unwrap()
    };
    let schema = jsonschema::validator_for(&json(&["--json-schema"])).unwrap();
    let fits = |report: &serde_json::Value| {
        let faults: Vec<String> = schema
            .iter_errors(report)
            .map(|fault| fault.to_string())
            .collect();
        assert!(faults.is_empty(), "{faults:?}");
    };
    let same = json(&["--json", "2024-07-30.json"]);
    fits(&same);
    assert_eq!(same["summary"]["matched"], 1);
    std::fs::write(directory.join("less.json"), LESS).unwrap();
    let rules =
        "- {where: query.search, kind: extra, reason: It works.}\n- {where: '**', kind: type, reason: Was.}";
    std::fs::write(directory.join("rules.yaml"), rules).unwrap();
    for arguments in [
        &["--json", "2024-07-30=less.json"][..],
        &["--json", "--rules", "rules.yaml", "2024-07-30=less.json"],
        &["--json", "--since", "2024-07-30.json", "less.json"],
    ] {
        fits(&json(arguments));
    }
    let mut odd = same;
    odd["findings"] = serde_json::json!([{"severity": "grave"}]);
    assert!(!schema.is_valid(&odd));
}

#[test]
fn a_reader_that_stops_early_is_no_error() {
    let directory = directory("pipe");
    std::fs::write(directory.join("2024-07-30.json"), LESS).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["drift", "--json", "--openapi", "openapi.yaml", "2024-07-30.json"])
        .current_dir(&directory)
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn places_are_recorded() {
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
        (
            Some(0),
            "drift.places.yaml: 1 places added, 0 removed\n  + extra search at thing_list query [2024-07-30]\n"
        )
    );
    assert_eq!(drift(&directory, &["2024-07-30.json"]).0, Some(0));
    write("2024-07-30.json", SAME);
    let (status, out, _) = drift(&directory, &["2024-07-30.json"]);
    assert_eq!(status, Some(1));
    assert!(
        out.contains("stale in drift.places.yaml: extra search at thing_list query"),
        "{out}"
    );
}

/// A document that keeps all rules, and what is published after the vendor added something of each kind.
fn adopted(name: &str) -> PathBuf {
    let small = concat!(env!("CARGO_MANIFEST_DIR"), "/../document/tests/small.yaml");
    let directory = directory(name);
    std::fs::copy(small, directory.join("openapi.yaml")).unwrap();
    let mut root = Document::read(Path::new(small)).unwrap().root;
    let mut old = root.clone();
    let sent = &root["paths"]["/parcels/{id}/send"]["post"];
    old["paths"] = serde_json::json!({"/parcels/{id}/post": {"put": sent}});
    std::fs::write(directory.join("2024-05-09.json"), old.to_string()).unwrap();
    let text = serde_json::json!({"type": "string"});
    root["components"]["schemas"]["Speed"]["enum"] = serde_json::json!(["FAST", "NOT_SO_FAST", "LATER"]);
    root["paths"]["/depots"]["get"]["parameters"]
        .as_array_mut()
        .unwrap()
        .push(serde_json::json!({"name": "fee", "in": "query", "schema": {"type": "number"}}));
    root["paths"]["/depots"]["post"] = serde_json::json!({
        "operationId": "postDepots",
        "requestBody": {"required": true, "content": {"application/json": {"schema": {
            "type": "object", "required": ["town"], "properties": {"town": text},
        }}}},
        "responses": {"201": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Depot"}}}}},
    });
    std::fs::write(directory.join("2024-07-30.json"), root.to_string()).unwrap();
    directory
}

#[test]
fn what_is_written_lacks_only_what_a_person_must_write() {
    let directory = adopted("write");
    let both = ["2024-05-09.json", "2024-07-30.json"];
    std::fs::write(
        directory.join("drift.yaml"),
        "- {where: '**', kind: enum, elsewhere: true, listed: true, reason: Shared.}",
    )
    .unwrap();
    let (status, out, message) = drift(&directory, &["--write", both[0], both[1]]);
    assert_eq!(status, Some(0), "{message}");
    for part in [
        "+ query.fee (number)",
        "Speed",
        "+ operation postDepots",
        "gaps to fill",
    ] {
        assert!(out.contains(part), "{part}: {out}");
    }
    let path = directory.join("openapi.yaml");
    let faults = rules::check(Document::read(&path).unwrap()).unwrap_err().0;
    for fault in &faults {
        let fault = fault.to_string();
        let is_gap = ["has no description", "has no summary", "example", "x-values"];
        assert!(is_gap.iter().any(|part| fault.contains(part)), "{fault}");
    }
    let text = std::fs::read_to_string(&path).unwrap();
    let text: String = text
        .lines()
        .map(|line| {
            line.split_once(": # ")
                .map_or(line.to_owned(), |(key, _)| format!("{key}: Words."))
                + "\n"
        })
        .collect();
    let text = text.replace("NOT_SO_FAST: Some day.", "NOT_SO_FAST: Some day., LATER: Soon.");
    std::fs::write(&path, text).unwrap();
    if let Err(faults) = rules::check(Document::read(&path).unwrap()) {
        panic!("{faults}");
    }
    let (status, out, _) = drift(&directory, &both);
    assert_eq!(status, Some(0), "{out}");
}

#[test]
fn snippets_are_printed_with_their_findings() {
    let directory = adopted("snippet");
    let before = std::fs::read_to_string(directory.join("openapi.yaml")).unwrap();
    let (status, out, _) = drift(&directory, &["--snippet", "2024-07-30.json"]);
    assert_eq!(status, Some(1));
    for part in [
        "# depot_list (openapi.yaml:",
        "under `parameters`:\n- name: fee",
        "enum: [FAST, LATER, NOT_SO_FAST]",
    ] {
        assert!(out.contains(part), "{part}: {out}");
    }
    let after = std::fs::read_to_string(directory.join("openapi.yaml")).unwrap();
    assert_eq!(before, after);
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
        (
            &["--json", "--write", "2024-07-30.json"],
            "these options exclude each other",
        ),
        (
            &["--snippet", "--since", "2024-07-30.json", "2024-07-30.json"],
            "these options exclude each other",
        ),
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
