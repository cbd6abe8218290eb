//! Seeds, and the company that ships with the emulator.

use std::fs;

use serde_json::json;

use super::{Folder, Program, output};

#[test]
fn the_demo_is_there_at_the_start_and_after_a_reset() {
    let program = Program::start(&["--demo"]);
    let customers = || program.send("GET /customers", None).json()["pagination"]["totalResultSize"].clone();
    assert_eq!(customers(), 4);
    assert_eq!(program.control("GET clock", None).json()["today"], "2026-01-20");
    let moved = program
        .control("POST advance", Some(&json!({"to": "2026-02-02"})))
        .json();
    assert!(
        moved["created"]["invoice"]
            .as_u64()
            .is_some_and(|count| count > 2),
        "{moved}"
    );
    program.control("POST reset", None);
    assert_eq!(
        (
            customers(),
            program.control("GET clock", None).json()["today"].clone()
        ),
        (json!(4), json!("2026-01-20"))
    );
}

#[test]
fn a_seed_is_created_unless_the_account_is_restored() {
    let folder = Folder::new();
    let (seed, data) = (folder.path("company.yaml"), folder.path("account"));
    fs::write(&seed, "date: 2026-03-01\nproducts:\n  - {name: API}\n").expect("it can be written");
    let arguments = [
        "--seed",
        seed.to_str().expect("UTF-8"),
        "--data",
        data.to_str().expect("UTF-8"),
    ];
    let products = |program: &Program| {
        program.send("GET /products", None).json()["pagination"]["totalResultSize"].clone()
    };
    let program = Program::start(&arguments);
    assert_eq!(products(&program), 1);
    assert_eq!(
        program
            .send("POST /products", Some(&json!({"name": "Seats"})))
            .json()["createdAt"],
        "2026-03-01T12:00:00Z"
    );
    drop(program);
    let mut program = Program::start(&arguments);
    assert_eq!(products(&program), 2);
    assert_eq!(program.line()["event"], "note");
    let warning = program.line()["message"].as_str().expect("a message").to_owned();
    assert!(warning.contains("--seed has no effect on it."), "{warning}");
    program.control("POST reset", None);
    assert_eq!(products(&program), 1);
    let other = Program::start(&["--seed", arguments[1], "--date", "2026-04-01"]);
    assert_eq!(
        other.control("GET clock", None).json()["today"],
        "2026-04-01",
        "the option precedes the file"
    );
}

#[test]
fn each_fault_of_a_seed_is_a_line_with_its_place() {
    let folder = Folder::new();
    let path = folder.path("company.yaml");
    fs::write(
        &path,
        "customers:\n  - legalName: Acme Ltd\n    taxStatus: NO\n    vat: 1\n",
    )
    .expect("it can be written");
    let run = |path: &str| {
        let output = output(&["--port", "0", "--seed", path]);
        assert_eq!(output.status.code(), Some(1));
        assert!(output.stdout.is_empty());
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let name = path.to_str().expect("UTF-8");
    let text = run(name);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 2, "{text}");
    assert!(
        lines[0].starts_with(&format!(
            "error: {name}:3: customers[0].taxStatus: expected one of"
        )),
        "{text}"
    );
    assert!(
        lines[1].starts_with(&format!("error: {name}:4: customers[0].vat: ")),
        "{text}"
    );
    assert!(run("no/such/file").starts_with("error: --seed: no/such/file: "));
}
