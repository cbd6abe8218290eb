//! The control of an emulator.

use sequencehq_emulator::Emulator;

use crate::support::{Folder, Ran, Stage, program, ran};

/// Runs a command for an emulator with `--url`, without any variable.
fn control(emulator: &Emulator, arguments: &[&str], input: &str) -> Ran {
    let url = emulator.control_url();
    let mut program = program();
    ran(
        program.arg("emulator").args(arguments).args(["--url", &url]),
        input,
    )
}

#[track_caller]
fn printed(stage: &Stage, arguments: &[&str]) -> String {
    let ran = control(&stage.emulator, arguments, "");
    assert_eq!((ran.status, ran.err.as_str()), (0, ""), "{arguments:?}: {ran:#?}");
    ran.out
}

#[test]
fn the_clock_moves_by_a_period_and_to_a_day() {
    let stage = Stage::new();
    for (arguments, now) in [
        (["advance", "--by", "P1M"], "2026-02-28T12:00:00Z"),
        (["advance", "--to", "2026-03-02"], "2026-03-02T12:00:00Z"),
    ] {
        let moved = printed(
            &stage,
            &[&arguments[..], &["--columns", "now", "-o", "text"]].concat(),
        );
        assert_eq!(moved.trim(), now);
    }
    let whole = printed(&stage, &["advance", "--by", "P1D"]);
    assert!(
        whole.contains("now        2026-03-03T12:00:00Z\n")
            && whole.contains("before     2026-03-02T12:00:00Z\n"),
        "{whole}"
    );
    for (arguments, status, message) in [
        (
            &["advance", "--to", "2026-01-01"][..],
            4,
            "the clock only moves forward",
        ),
        (
            &["advance", "--by", "soon"],
            4,
            "\"soon\" is not a period of ISO 8601",
        ),
        (&["advance"], 2, "--by"),
        (
            &["advance", "--by", "P1D", "--to", "2026-04-01"],
            2,
            "cannot be used with",
        ),
    ] {
        let ran = control(&stage.emulator, arguments, "");
        assert_eq!(ran.status, status, "{ran:#?}");
        assert!(ran.err.contains(message), "{ran:#?}");
    }
}

#[test]
fn the_account_is_kept_restored_reset_and_seeded() {
    let stage = Stage::new();
    let customers = || {
        let status = printed(&stage, &["status", "--columns", "records.customer", "-o", "text"]);
        status.trim().to_owned()
    };
    let folder = Folder::new("seed");
    let seed = folder.write(
        "seed.yaml",
        "customers:\n  - {key: acme, legalName: Acme Ltd}\n  - {key: brook, legalName: Brook GmbH}\n",
    );
    let seeded = printed(&stage, &["seed", &seed]);
    assert!(seeded.contains("created.customers  2"), "{seeded}");
    assert_eq!(customers(), "2");
    printed(&stage, &["snapshot", "two"]);
    let third = "customers: [{key: c, legalName: C Ltd}]";
    let ran = control(&stage.emulator, &["seed", "-"], third);
    assert_eq!((ran.status, customers()), (0, "3".to_owned()), "{ran:#?}");
    printed(&stage, &["restore", "two"]);
    assert_eq!(customers(), "2");
    printed(&stage, &["reset"]);
    assert_eq!(customers(), "");
    let unknown = control(&stage.emulator, &["restore"], "");
    assert_eq!(unknown.status, 4, "{unknown:#?}");
    assert!(
        unknown.err.contains("There is no snapshot `default`."),
        "{unknown:#?}"
    );
    let faulty = control(&stage.emulator, &["seed", "-"], "customer: []");
    assert_eq!(faulty.status, 4, "{faulty:#?}");
    let missing = control(&stage.emulator, &["seed", "/no/such/file.yaml"], "");
    assert_eq!(missing.status, 2, "{missing:#?}");
}

#[test]
fn faults_are_injected_listed_and_removed() {
    let stage = Stage::new();
    let inject = [
        "faults",
        "inject",
        "status",
        "--status",
        "503",
        "--operation",
        "product_list",
        "--times",
        "2",
    ];
    assert_eq!(
        printed(&stage, &inject),
        "kind    operation     left\nstatus  product_list     2\n"
    );
    stage.printed(&["products", "list"]);
    assert_eq!(
        printed(
            &stage,
            &["requests", "--refused", "--columns", "status", "-o", "text"]
        ),
        "503\n503\n"
    );
    printed(&stage, &["faults", "inject", "delay", "--milliseconds", "1"]);
    assert_eq!(
        printed(&stage, &["faults", "-o", "csv", "--columns", "kind"])
            .lines()
            .count(),
        2
    );
    assert_eq!(printed(&stage, &["faults", "clear"]), "no items\n");
    let needed = control(&stage.emulator, &["faults", "inject", "status"], "");
    assert!(
        needed.status == 4 && needed.err.contains("needs the status"),
        "{needed:#?}"
    );
}

#[test]
fn answers_are_scripted_listed_and_removed() {
    let stage = Stage::new();
    let product = r#"{"id": "p1", "name": "API", "createdAt": "2026-01-31T09:30:00Z", "updatedAt": "2026-01-31T09:30:00Z", "n": 1.10}"#;
    let folder = Folder::new("answers");
    let file = folder.write("products.json", &format!("[{product}]"));
    let add = [
        "respond",
        "add",
        "product_list",
        "--times",
        "2",
        "--only-for",
        "/products?limit=5",
    ];
    assert_eq!(
        printed(&stage, &[&add[..], &["--value", &format!("@{file}")]].concat()),
        "operation     status  left  onlyFor\nproduct_list     200     2  /products?limit=5\n"
    );
    let list = |limit| stage.printed(&["products", "list", "--limit", limit, "-o", "ndjson"]);
    assert_eq!(
        (list("4"), list("5")),
        (
            String::new(),
            product.replace(": ", ":").replace(", ", ",") + "\n"
        )
    );
    assert_eq!(
        printed(&stage, &["respond", "--columns", "left", "-o", "text"]),
        "1\n"
    );

    let piped = [
        "respond",
        "add",
        "product_get",
        "--value",
        "-",
        "--status",
        "423",
        "--always",
        "--unchecked",
    ];
    let ran = control(
        &stage.emulator,
        &[&piped[..], &["--only-in", "2024-07-30"]].concat(),
        "{}",
    );
    assert_eq!(ran.status, 0, "{ran:#?}");
    assert!(
        ran.out.contains("product_get      423  always  2024-07-30\n"),
        "{ran:#?}"
    );
    assert!(stage.run(&["products", "get", "p1"]).err.contains("423 Locked"));
    let status = printed(&stage, &["status", "-o", "json", "--columns", "scriptedAnswers"]);
    assert!(status.contains("\"onlyFor\": \"/products?limit=5\""), "{status}");
    assert_eq!(printed(&stage, &["respond", "clear"]), "no items\n");
    assert_eq!(stage.run(&["products", "get", "p1"]).status, 4);

    for (value, status, message) in [
        (&["--value", "[{}]"][..], 4, "body.value.items[0].id: "),
        (&["--value", "{"], 2, "--value is not JSON: EOF"),
        (
            &["--value", &file],
            2,
            "--value is not JSON, but a file; write `--value @",
        ),
        (
            &["--only-for", "/product"],
            4,
            "body.onlyFor: `/product` is not a path of product_list",
        ),
        (&["--times", "2", "--always"], 2, "cannot be used with"),
    ] {
        let ran = control(
            &stage.emulator,
            &[&["respond", "add", "product_list"], value].concat(),
            "",
        );
        assert_eq!(ran.status, status, "{ran:#?}");
        assert!(ran.err.contains(message), "{ran:#?}");
    }
}

#[test]
fn requests_and_deliveries_are_listed_and_sent_again() {
    let stage = Stage::new();
    stage.run(&["products", "list"]);
    stage.run(&["invoices", "get", "missing"]);
    let requests = printed(&stage, &["requests", "--columns", "status,path", "-o", "text"]);
    assert_eq!(requests, "200\t/api/products\n404\t/api/invoices/missing\n");
    assert_eq!(
        printed(&stage, &["requests", "--limit", "1", "-o", "ndjson"])
            .lines()
            .count(),
        1
    );
    let refused = printed(&stage, &["requests", "--refused"]);
    assert!(
        refused.contains("404") && !refused.contains("/api/products"),
        "{refused}"
    );

    let policy = r#"{"name": "Hooks", "channel": "WEBHOOK", "recipients": ["http://127.0.0.1:9/hook"], "webhookSecret": "whsec_a",
        "notificationTypes": ["CUSTOMER_CREATED", "INVOICE_CREATED"]}"#;
    stage.printed(&["notification-policies", "create", "--body", policy]);
    stage.emulator.add_customer("Acme Ltd");
    let announced = printed(
        &stage,
        &[
            "trigger",
            "CUSTOMER_CREATED",
            "--columns",
            "recipient",
            "-o",
            "text",
        ],
    );
    assert_eq!(announced, "http://127.0.0.1:9/hook\n");
    let listed = printed(&stage, &["deliveries", "--columns", "notificationType,recipient"]);
    assert_eq!(listed.lines().count(), 3, "{listed}");
    let nothing = control(&stage.emulator, &["trigger", "INVOICE_CREATED"], "");
    assert_eq!(nothing.status, 4, "{nothing:#?}");
    printed(&stage, &["trigger", "INVOICE_CREATED", "--sample"]);
    let unknown = control(&stage.emulator, &["resend", "missing"], "");
    assert_eq!(unknown.status, 4, "{unknown:#?}");
    let path = control(&stage.emulator, &["resend", "../reset"], "");
    assert!(
        path.status == 2 && path.err.contains("`../reset` is not an id"),
        "{path:#?}"
    );
}

#[test]
fn a_status_is_printed_in_each_format() {
    let stage = Stage::new();
    stage.emulator.add_customer("Acme Ltd");
    let shown = printed(&stage, &["status"]);
    for line in [
        format!("page                  {}", stage.emulator.control_url()),
        "clock.today           2026-01-31".to_owned(),
        "records.customer      1".to_owned(),
    ] {
        assert!(shown.contains(&line), "{line}: {shown}");
    }
    let json: serde_json::Value =
        serde_json::from_str(&printed(&stage, &["status", "-o", "json"])).expect("JSON");
    assert_eq!(json["clock"]["isRunning"], false);
    assert_eq!(json["faults"], serde_json::json!([]));
}

#[test]
fn the_emulator_of_the_variables_or_the_profile_is_controlled() {
    let stage = Stage::new();
    let status = ["emulator", "status", "--columns", "clock.today", "-o", "text"];
    assert_eq!(stage.printed(&status), "2026-01-31\n", "SEQUENCE_BASE_URL");

    let folder = Folder::new("emulator-profile");
    let profile = |name: &str, settings: &str| {
        format!("[profiles.{name}]\nclient-id = \"a\"\nclient-secret = {{ env = \"NONE\" }}\n{settings}\n")
    };
    let local = profile("local", &format!("base-url = \"{}\"", stage.emulator.base_url()));
    let config = [local, profile("live", "environment = \"production\"")].concat();
    let config = folder.write("config.toml", &config);
    let with = |name: &str| {
        let mut program = program();
        program
            .env("SEQUENCEHQ_CONFIG", &config)
            .args(status)
            .args(["--profile", name]);
        ran(&mut program, "")
    };
    let local = with("local");
    assert_eq!(
        (local.status, local.out.as_str()),
        (0, "2026-01-31\n"),
        "{local:#?}"
    );
    let live = with("live");
    assert_eq!(live.status, 3, "{live:#?}");
    assert!(
        live.err.contains("the profile `live` has no `base-url`"),
        "{live:#?}"
    );
}

#[test]
fn only_an_emulator_on_this_machine_is_called() {
    for (url, status, message) in [
        ("https://sandbox.sequencehq.com/api", 2, "is not on this machine"),
        ("http://192.0.2.1:4010", 2, "is not on this machine"),
        // Nothing listens on this port.
        ("http://127.0.0.1:1", 5, "no emulator runs at http://127.0.0.1:1"),
    ] {
        let ran = ran(program().args(["emulator", "reset", "--url", url]), "");
        assert_eq!(ran.status, status, "{ran:#?}");
        assert!(ran.err.contains(message), "{ran:#?}");
    }
}

#[test]
fn another_server_is_not_changed() {
    use std::io::{Read as _, Write as _};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        let mut received = [0; 1024];
        let count = stream.read(&mut received).expect("a request");
        stream
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}")
            .expect("sent");
        // A second connection would wait for its response.
        String::from_utf8_lossy(&received[..count]).into_owned()
    });
    let ran = ran(program().args(["emulator", "reset", "--url", &url]), "");
    assert_eq!(ran.status, 3, "{ran:#?}");
    assert!(ran.err.contains("is not an emulator"), "{ran:#?}");
    assert!(
        server
            .join()
            .expect("a request")
            .starts_with("GET /_emulator/health ")
    );
}

#[test]
fn a_dry_run_shows_the_call_and_sends_nothing() {
    let ran = ran(
        program().args([
            "emulator",
            "advance",
            "--by",
            "P1M",
            "--dry-run",
            "--url",
            "http://127.0.0.1:1",
        ]),
        "",
    );
    assert_eq!(
        ran.out,
        "POST http://127.0.0.1:1/_emulator/advance\naccept: application/json\ncontent-type: application/json\n\n{\n  \"by\": \"P1M\"\n}\n",
        "{ran:#?}"
    );
}
