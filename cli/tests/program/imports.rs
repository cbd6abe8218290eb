//! Imports that end early, and the file with what was not accepted.

use sequencehq_emulator::Fault;

use crate::support::{Folder, Ran, Stage, ran};

fn events(count: usize) -> String {
    let event = |day| {
        format!(
            "{{\"customerAlias\":\"acme\",\"eventType\":\"call\",\"eventTimestamp\":\"2026-01-01T00:00:00Z\",\"eventProperties\":{{\"n\":{day}}}}}\n"
        )
    };
    (0..count).map(event).collect()
}

fn import(stage: &Stage, secret: &str, arguments: &[&str]) -> Ran {
    let mut program = stage.program();
    program
        .env("SEQUENCE_CLIENT_SECRET", secret)
        .args(["usage", "import"]);
    ran(program.args(arguments), "")
}

#[test]
fn an_import_that_cannot_go_on_ends_with_the_reason_and_leaves_the_rest_in_the_file() {
    let stage = Stage::new();
    let secret = stage.emulator.client_secret().to_owned();
    let folder = Folder::new("import-early");
    let file = folder.write("events.ndjson", &events(300));
    let rejects = format!("{file}.rejects.ndjson");
    let refused = import(&stage, "wrong", &[&file]);
    assert_eq!(refused.status, 4, "{refused:#?}");
    let end = "the import ended early. Run it again to go on.\nerror: usage_event_create: 401";
    assert!(refused.err.contains(end), "{refused:#?}");
    let kept = std::fs::read_to_string(&rejects)
        .expect("written")
        .lines()
        .count();
    assert!((1..=64).contains(&kept), "only what was tried: {kept}");

    let whole = import(&stage, &secret, &[&file]);
    assert_eq!(whole.status, 0, "{whole:#?}");
    assert!(whole.out.contains("300 accepted"), "{whole:#?}");
    assert!(
        !std::fs::exists(&rejects).expect("readable"),
        "everything of it is accepted"
    );
}

#[test]
fn other_files_are_not_overwritten_by_rejects() {
    let stage = Stage::new();
    let secret = stage.emulator.client_secret().to_owned();
    let folder = Folder::new("import-rejects");
    let file = folder.write("events.ndjson", "{}\n");
    let notes = folder.write("notes.txt", "Buy milk.\n");
    let refused = import(&stage, &secret, &[&file, "--rejects", &notes]);
    assert_eq!(refused.status, 2, "{refused:#?}");
    assert!(
        refused
            .err
            .contains("notes.txt: it is not a file of rejected events"),
        "{refused:#?}"
    );
    assert_eq!(std::fs::read_to_string(&notes).expect("kept"), "Buy milk.\n");
    for _ in 0..2 {
        let invalid = import(&stage, &secret, &[&file]);
        assert_eq!(invalid.status, 1, "{invalid:#?}");
        assert!(
            invalid.err.ends_with("error: 1 event was not accepted\n"),
            "{invalid:#?}"
        );
    }
}

#[test]
fn what_cannot_be_read_is_named() {
    let stage = Stage::new();
    let secret = stage.emulator.client_secret().to_owned();
    let folder = Folder::new("import-unreadable");
    let csv =
        "customerAlias,eventType,eventTimestamp\na,b,2026-01-01T00:00:00Z\na,b\na,b,2026-01-01T00:00:00Z\n";
    let file = folder.write("events.csv", csv);
    let broken = import(&stage, &secret, &[&file]);
    assert_eq!(broken.status, 1, "{broken:#?}");
    for part in [
        "events.csv: line 3: cannot be read: CSV error:",
        "Nothing was read after it. Mend it, and run the import again.",
    ] {
        assert!(broken.err.contains(part), "{broken:#?}");
    }
    assert!(
        broken
            .out
            .starts_with("2 read: 1 accepted, 0 skipped, 0 rejected, 1 invalid"),
        "{broken:#?}"
    );
    let folder = folder.0.display().to_string();
    let is_folder = import(&stage, &secret, &[&folder]);
    assert_eq!(is_folder.status, 2, "{is_folder:#?}");
    assert!(is_folder.err.contains("is a directory"), "{is_folder:#?}");
}

#[test]
fn a_server_that_is_away_ends_an_import() {
    let stage = Stage::new();
    stage
        .emulator
        .inject(Fault::status(503).on("usage_event_create").times(100_000));
    let secret = stage.emulator.client_secret().to_owned();
    let folder = Folder::new("import-away");
    let file = folder.write("events.ndjson", &events(300));
    let away = import(&stage, &secret, &[&file, "--no-journal", "--timeout", "1"]);
    assert!([5, 6].contains(&away.status), "{away:#?}");
    let note = "the import ended early. Without a journal, another run sends every event again.\n";
    assert!(away.err.contains(note), "{away:#?}");
}
