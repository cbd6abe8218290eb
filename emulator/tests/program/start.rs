//! Arguments, the ready line, and failures to start.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use serde_json::json;

use super::{Program, command, output};

#[test]
fn the_ready_line_has_all_that_a_client_needs() {
    let program = Program::start(&["--client-id", "me", "--client-secret", "p:ss"]);
    let url = format!("http://{}/api", program.address());
    assert_eq!(
        program.ready,
        json!({
            "event": "ready", "url": url, "control": format!("http://{}/_emulator/", program.address()),
            "clientId": "me", "clientSecret": "p:ss",
        })
    );
    assert!(program.address().starts_with("127.0.0.1:"), "{url}");
    assert_eq!(program.send("GET /products", None).status, 200);
}

#[test]
fn the_ready_line_is_readable_by_people() {
    let mut child = command(&["--port", "0"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program can be started");
    let mut line = String::new();
    let mut output = BufReader::new(child.stdout.take().expect("it is a pipe"));
    output.read_line(&mut line).expect("the line is UTF-8");
    child.kill().expect("it runs");
    child.wait().expect("it was started");
    assert!(line.starts_with("Ready: http://127.0.0.1:"), "{line}");
    let (api, control) = line
        .trim_end()
        .split_once(", page and control: ")
        .expect("a control");
    assert!(
        api.ends_with("/api (client id: emulator-client, client secret: emulator-secret"),
        "{line}"
    );
    assert!(
        control.starts_with("http://127.0.0.1:") && control.ends_with("/_emulator/)"),
        "{line}"
    );
}

#[test]
fn the_clock_stands_on_the_date() {
    let program = Program::start(&["--date", "2026-01-31"]);
    let product = program
        .send("POST /products", Some(&json!({"name": "API"})))
        .json();
    assert_eq!(product["createdAt"], "2026-01-31T12:00:00Z");
}

#[test]
fn help_and_version_are_printed() {
    for (argument, expected) in [
        ("--help", "Usage: sequencehq-emulator"),
        ("-V", "sequencehq-emulator 0."),
    ] {
        let output = output(&[argument]);
        assert_eq!(output.status.code(), Some(0), "{argument}");
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(text.contains(expected) && output.stderr.is_empty(), "{text}");
    }
}

#[test]
fn invalid_arguments_are_status_2() {
    let output = output(&["--prot", "1"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "error: There is no option --prot. Perhaps --port is meant.\n`sequencehq-emulator --help` lists all options.\n"
    );
    assert!(output.stdout.is_empty());
}

#[test]
fn a_failure_to_start_is_status_1_and_names_the_cause() {
    let program = Program::start(&[]);
    let port = program.address().rsplit(':').next().expect("a port");
    for (arguments, expected) in [
        (["--port", port], format!("error: 127.0.0.1:{port}: ")),
        (
            ["--client-id", "a:b"],
            "the client id contains a colon".to_owned(),
        ),
    ] {
        let output = output(&arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(text.contains(&expected) && text.lines().count() == 1, "{text}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn an_address_that_others_can_reach_is_warned_about() {
    let mut program = Program::start(&["--host", "0.0.0.0"]);
    let line = program.line();
    assert_eq!(line["event"], "warning");
    let message = line["message"].as_str().expect("a message");
    assert!(
        message.starts_with("0.0.0.0 is not a loopback address: "),
        "{message}"
    );
    assert!(
        program.address().starts_with("127.0.0.1:"),
        "{}",
        program.address()
    );
    assert_eq!(program.send("GET /products", None).status, 200);
}

#[test]
fn a_loopback_address_of_ipv6_is_served_where_there_is_one() {
    if std::net::TcpListener::bind("[::1]:0").is_err() {
        return;
    }
    let program = Program::start(&["--host", "::1"]);
    assert!(program.address().starts_with("[::1]:"), "{}", program.address());
    assert_eq!(program.send("GET /products", None).status, 200);
}
