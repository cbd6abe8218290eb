//! The line for each request.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use serde_json::json;

use super::{Program, command};

#[test]
fn each_request_is_a_line_with_the_reason_of_a_refusal() {
    let mut program = Program::start(&["--date", "2026-01-01"]);
    assert_eq!(program.send("GET /products?limit=1", None).status, 200);
    let line = program.line();
    assert_eq!(
        (&line["event"], &line["method"]),
        (&json!("request"), &json!("GET"))
    );
    assert_eq!(
        (&line["path"], &line["query"]),
        (&json!("/api/products"), &json!("limit=1"))
    );
    assert_eq!(
        (&line["operation"], &line["status"]),
        (&json!("product_list"), &json!(200))
    );
    assert_eq!(
        (&line["refusal"], &line["assumptions"]),
        (&json!(null), &json!([]))
    );
    assert!(
        line["milliseconds"].is_number() && line["at"].is_string(),
        "{line}"
    );

    let reply = program.send("POST /products", Some(&json!({"name": 7})));
    assert_eq!(reply.status, 400);
    let line = program.line();
    assert_eq!(
        (&line["status"], &line["refusal"]["type"]),
        (&json!(400), &json!("InvalidRequest"))
    );
    assert_eq!(line["refusal"]["message"], reply.json()["error"]["message"]);
    let id = line["requestId"].as_str().expect("an id");
    assert!(
        reply.head.contains(&format!("x-request-id: {id}")),
        "{}",
        reply.head
    );

    let body = json!({"taxIdentifier": "1", "country": "GB"});
    program.send("POST /tax-registrations", Some(&body));
    assert_eq!(program.line()["assumptions"], json!(["A72"]));
}

#[test]
fn a_line_for_people_has_the_same() {
    let mut child = command(&["--port", "0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program can be started");
    let mut ready = String::new();
    let mut output = BufReader::new(child.stdout.take().expect("it is a pipe"));
    output.read_line(&mut ready).expect("the line is UTF-8");
    let address = ready["Ready: http://".len()..]
        .split('/')
        .next()
        .expect("an address");
    // Without credentials.
    let mut stream = std::net::TcpStream::connect(address).expect("the program listens");
    std::io::Write::write_all(&mut stream, b"GET /api/users?limit=1 HTTP/1.1\r\nhost: x\r\n\r\n")
        .expect("the program reads");
    let mut line = String::new();
    let mut errors = BufReader::new(child.stderr.take().expect("it is a pipe"));
    errors.read_line(&mut line).expect("the line is UTF-8");
    child.kill().expect("it runs");
    child.wait().expect("it was started");
    assert!(
        line.contains(" GET    /api/users?limit=1 401 user_list "),
        "{line}"
    );
    assert!(
        line.contains(" ms Unauthorized: The header `Authorization` is missing;"),
        "{line}"
    );
}
