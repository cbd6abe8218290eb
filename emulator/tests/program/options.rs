//! Recordings and strict mode.

use std::fs;

use serde_json::{Value, json};

use super::{Folder, Program, output};

#[test]
fn every_exchange_is_recorded_without_credentials() {
    let folder = Folder::new();
    let path = folder.path("exchanges/today");
    let arguments = ["--record", path.to_str().expect("UTF-8")];
    let program = Program::start(&arguments);
    let body = json!({"name": "Hooks", "channel": "WEBHOOK", "recipients": ["http://127.0.0.1:9"], "webhookSecret": "hush-7d1f"});
    assert_eq!(
        program.send("POST /notifications/policies", Some(&body)).status,
        201
    );
    assert_eq!(program.send("GET /nowhere?a=b", None).status, 404);
    drop(program);
    let program = Program::start(&arguments);
    let listed = program.send("GET /products", None);

    let mut names: Vec<String> = fs::read_dir(&path)
        .expect("the folder was made")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"))
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            "000001-notification_policy_create.json",
            "000002-unknown.json",
            "000003-product_list.json"
        ]
    );
    let read = |name: &String| fs::read_to_string(path.join(name)).expect("a file");
    let recorded: Vec<Value> = names
        .iter()
        .map(|name| serde_json::from_str(&read(name)).expect("JSON"))
        .collect();
    assert_eq!(
        recorded[0]["request"]["body"]["json"]["webhookSecret"],
        "<redacted>"
    );
    assert_eq!(
        recorded[0]["response"]["body"]["json"]["webhookSecret"],
        "<redacted>"
    );
    assert_eq!(recorded[0]["response"]["status"], 201);
    assert_eq!(
        (&recorded[1]["request"]["path"], &recorded[1]["request"]["query"]),
        (&json!("/api/nowhere"), &json!("a=b"))
    );
    assert!(
        recorded[1]["refusal"]
            .as_str()
            .is_some_and(|text| text.starts_with("NotFound: "))
    );
    assert_eq!(recorded[2]["response"]["body"]["json"], listed.json());
    let texts: String = names.iter().map(read).collect();
    assert!(
        texts.contains("<redacted>") && !texts.contains("hush-7d1f") && !texts.contains("Basic "),
        "{texts}"
    );
}

#[test]
fn a_folder_that_cannot_be_made_is_an_error() {
    let folder = Folder::new();
    fs::write(folder.path("file"), "").expect("it can be written");
    let path = folder.path("file/x");
    let output = output(&["--port", "0", "--record", path.to_str().expect("UTF-8")]);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(
        text.starts_with(&format!("error: --record: {}: ", path.display())),
        "{text}"
    );
}

#[test]
fn strict_mode_refuses_what_is_assumed_unless_it_is_accepted() {
    let body = json!({"taxIdentifier": "1", "country": "GB"});
    for (arguments, status) in [
        (&[][..], 201),
        (&["--strict"], 501),
        (&["--strict", "--assume", "A71,A72"], 201),
    ] {
        let program = Program::start(arguments);
        assert_eq!(
            program.send("POST /tax-registrations", Some(&body)).status,
            status,
            "{arguments:?}"
        );
    }
}
