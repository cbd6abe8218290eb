//! The commands that are not operations.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use crate::support::{Folder, Stage, program, ran};

#[test]
fn a_doctor_checks_the_way_to_the_api() {
    let stage = Stage::new();
    let ran = stage.run(&["doctor"]);
    for part in [
        "from SEQUENCE_CLIENT_ID",
        stage.emulator.base_url(),
        "200 OK",
        "2024-07-30",
        "limits",
    ] {
        assert!(ran.out.contains(part), "{part}: {ran:#?}");
    }
}

const EVENTS: &str = r#"{"customerAlias":"acme","eventType":"call","eventTimestamp":"2026-01-01T00:00:00Z"}
{"customerAlias":"acme","eventType":"call","eventTimestamp":"2026-01-02T00:00:00Z"}
{"customerAlias":"acme"}
"#;

#[test]
fn an_import_is_resumed_from_its_journal() {
    let stage = Stage::new();
    let folder = Folder::new("import");
    let file = folder.write("events.ndjson", EVENTS);
    let checked = stage.run(&["usage", "import", &file, "--dry-run"]);
    assert_eq!(checked.status, 1, "{checked:#?}");
    assert!(
        checked
            .out
            .contains("can be sent: 2, invalid: 1; nothing was sent"),
        "{checked:#?}"
    );
    assert!(stage.emulator.requests().is_empty());

    let first = stage.run(&["usage", "import", &file]);
    assert_eq!(first.status, 1, "{first:#?}");
    assert!(
        first
            .out
            .contains("3 read: 2 accepted, 0 skipped, 0 rejected, 1 invalid"),
        "{first:#?}"
    );
    let rejects = std::fs::read_to_string(format!("{file}.rejects.ndjson")).expect("written");
    assert!(
        rejects.contains(r#""line":3"#) && rejects.contains("`eventType`: is missing"),
        "{rejects}"
    );

    let whole: String = EVENTS.lines().take(2).map(|line| format!("{line}\n")).collect();
    folder.write("events.ndjson", &whole);
    let second = stage.run(&["usage", "import", &file]);
    assert_eq!(second.status, 0, "{second:#?}");
    assert!(
        second.out.contains("2 read: 0 accepted, 2 skipped"),
        "{second:#?}"
    );
    assert_eq!(stage.emulator.requests().len(), 2);
}

#[test]
fn csv_and_standard_input_are_imported_too() {
    let stage = Stage::new();
    let folder = Folder::new("import-csv");
    let csv =
        "customerAlias,eventType,eventTimestamp,properties.bytes\nacme,call,2026-01-01T00:00:00Z,1.50\n";
    let file = folder.write("events.csv", csv);
    let imported = stage.run(&["usage", "import", &file]);
    assert_eq!(imported.status, 0, "{imported:#?}");
    let sent = stage.emulator.requests().pop().expect("sent");
    let body = String::from_utf8_lossy(&sent.body).into_owned();
    assert!(body.contains(r#""bytes":1.5"#), "{body}");

    let unnamed = ran(stage.program().args(["usage", "import", "-"]), EVENTS);
    assert_eq!(unnamed.status, 2, "{unnamed:#?}");
    assert!(unnamed.err.contains("Add `--source NAME`"), "{unnamed:#?}");
    let rejects = folder.0.join("rejects").display().to_string();
    let arguments = [
        "usage",
        "import",
        "-",
        "--source",
        "s",
        "--no-journal",
        "--rejects",
        &rejects,
    ];
    let imported = ran(stage.program().args(arguments), EVENTS);
    assert!(imported.out.contains("2 accepted"), "{imported:#?}");
}

const EVENT: &str = r#"{"notificationType":"MERCHANT_UPDATED","sequenceAccountId":"a-1"}"#;

#[test]
fn a_signed_delivery_is_verified_and_a_changed_one_is_not() {
    let run = |arguments: &[&str], body: &str| {
        ran(
            program()
                .env("SEQUENCE_WEBHOOK_SECRET", "whsec_example")
                .args(arguments),
            body,
        )
    };
    let header = run(&["webhooks", "sign"], EVENT).out;
    assert!(header.starts_with("sequence-signature: t="), "{header}");
    let verified = run(&["webhooks", "verify", "--signature", header.trim()], EVENT);
    assert_eq!(verified.status, 0, "{verified:#?}");
    assert!(verified.out.contains("MERCHANT_UPDATED"));
    let changed = run(
        &["webhooks", "verify", "--signature", header.trim()],
        &EVENT.replace("a-1", "a-2"),
    );
    assert_eq!(changed.status, 1, "{changed:#?}");
    let unset = ran(program().args(["webhooks", "sign"]), EVENT);
    assert_eq!(unset.status, 3, "{unset:#?}");
}

#[test]
fn a_receiver_prints_verified_events_and_refuses_others() {
    let with = |secret: &str| {
        let mut program = program();
        program.env("SEQUENCE_WEBHOOK_SECRET", secret);
        program
    };
    let mut listening = with("whsec_example");
    listening.args(["webhooks", "listen", "--port", "0", "--count", "1"]);
    listening.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = listening.spawn().expect("the program starts");
    let mut lines = BufReader::new(child.stderr.take().expect("piped")).lines();
    let first = lines.next().expect("a line").expect("text");
    let url = first
        .strip_prefix("listening on ")
        .expect("the address")
        .to_owned();

    let refused = ran(with("another").args(["webhooks", "send", &url]), EVENT);
    assert_eq!(refused.status, 1, "{refused:#?}");
    assert!(refused.err.contains("401"), "{refused:#?}");
    let accepted = ran(with("whsec_example").args(["webhooks", "send", &url]), EVENT);
    assert_eq!(accepted.status, 0, "{accepted:#?}");
    let received = child.wait_with_output().expect("it ends after one event");
    assert!(String::from_utf8_lossy(&received.stdout).contains("MERCHANT_UPDATED"));
}
