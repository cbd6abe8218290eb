//! Errors for people, statuses for scripts.

use sequencehq_emulator::Fault;

use crate::support::{Stage, program, ran};

#[test]
fn each_kind_of_failure_has_its_status() {
    let stage = Stage::new();
    for (arguments, status, message) in [
        (&["invoices", "get", "a"][..], 4, "could it have acted? no"),
        (&["invoices", "get", ".."], 2, "`id`: must not be `.` or `..`"),
        (&["invoices", "lits"], 2, "a similar subcommand exists: 'list'"),
        (
            &["invoices", "list", "--invoice-statu", "x", "--nope"],
            2,
            "--nope",
        ),
        (
            &["invoices", "list", "--due-before", "soon"],
            2,
            "`soon` is not a date",
        ),
        (
            &["invoices", "create", "-s", "curency=GBP"],
            2,
            "did you mean `currency`?",
        ),
        (&["invoices", "create", "--body", "{"], 2, "--body is not JSON"),
        (&["invoices", "create"], 2, "the body is missing. Add `--set"),
        (&["invoices", "get", "a", "--profile", "x"], 3, "no profile `x`"),
        (
            &["invoices", "get", "a", "--api-version", "2020-01-01"],
            3,
            "2024-07-30",
        ),
        (
            &["products", "archive", "a", "--api-version", "2024-01-01"],
            2,
            "not available in API version 2024-01-01",
        ),
    ] {
        let ran = stage.run(arguments);
        assert_eq!(ran.status, status, "{arguments:?}: {ran:#?}");
        assert!(
            ran.err.contains(message) && ran.out.is_empty(),
            "{arguments:?}: {ran:#?}"
        );
    }
}

#[test]
fn an_error_answers_whether_the_call_could_have_acted() {
    let stage = Stage::new();
    stage.emulator.inject(Fault::status(503).on("invoice_void"));
    let ran = stage.run(&["invoices", "void", "a"]);
    assert_eq!(ran.status, 6, "{ran:#?}");
    assert!(ran.err.starts_with("error: invoice_void: 503"), "{ran:#?}");
    assert!(
        ran.err.contains("could it have acted? yes: check the state"),
        "{ran:#?}"
    );
    assert!(ran.err.contains("[request id "), "{ran:#?}");
}

#[test]
fn what_is_not_reached_has_a_status_of_its_own() {
    let stage = Stage::new();
    let mut program = stage.program();
    // Nothing listens on this port.
    program.args([
        "invoices",
        "get",
        "a",
        "--base-url",
        "http://127.0.0.1:1/api",
        "--timeout",
        "1",
    ]);
    let ran = ran(&mut program, "");
    assert_eq!(ran.status, 5, "{ran:#?}");
    let lines: Vec<&str> = ran.err.lines().collect();
    // The message names the cause, so the layers of the HTTP client are left out.
    let [error, "  could it have acted? no"] = lines[..] else {
        panic!("{ran:#?}");
    };
    assert!(error.contains("could not connect to 127.0.0.1:1: "), "{ran:#?}");
}

#[test]
fn credentials_are_needed_and_never_printed() {
    let without = ran(program().args(["invoices", "list"]), "");
    assert_eq!(without.status, 3, "{without:#?}");
    assert!(
        without.err.contains("SEQUENCE_CLIENT_ID is not set"),
        "{without:#?}"
    );
    let stage = Stage::new();
    const SECRET: &str = "a-secret-that-must-never-show";
    let mut wrong = stage.program();
    let wrong = ran(
        wrong
            .env("SEQUENCE_CLIENT_SECRET", SECRET)
            .args(["invoices", "list"]),
        "",
    );
    assert_eq!(wrong.status, 4, "{wrong:#?}");
    assert!(
        wrong.err.contains("check the client id, the client secret"),
        "{wrong:#?}"
    );
    assert!(!format!("{wrong:?}").contains(SECRET));
}

#[test]
fn what_is_final_needs_a_confirmation_in_production() {
    let stage = Stage::new();
    let run = |arguments: &[&str]| {
        let mut program = stage.program();
        // Not a loopback address by its text, and nothing listens there.
        program.args(["--base-url", "https://0.0.0.0:1/api", "--timeout", "1"]);
        ran(program.args(arguments), "yes\n")
    };
    for arguments in [
        &["invoices", "void", "a"][..],
        &["invoices", "delete", "a"],
        &["invoices", "send", "a"],
    ] {
        let ran = run(arguments);
        assert_eq!(ran.status, 7, "{ran:#?}");
        assert!(ran.err.contains("Add --yes to do it in production"), "{ran:#?}");
        assert_eq!(run(&[arguments, &["--yes"]].concat()).status, 5);
    }
    assert_eq!(run(&["invoices", "get", "a"]).status, 5, "reading asks nothing");
    assert_eq!(
        stage.run(&["invoices", "void", "a"]).status,
        4,
        "an emulator asks nothing"
    );
}
