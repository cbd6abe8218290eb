//! The data file: restarts, crashes and damage.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use super::{Folder, Program, output};

fn open(path: &Path) -> Program {
    Program::start(&["--date", "2026-01-01", "--data", path.to_str().expect("UTF-8")])
}

fn create(program: &Program, name: &str) -> String {
    let reply = program.send("POST /products", Some(&json!({"name": name})));
    assert_eq!(reply.status, 201, "{}", reply.body);
    reply.body
}

fn products(program: &Program) -> (u64, String) {
    let reply = program.send("GET /products?limit=100", None);
    let total = reply.json()["pagination"]["totalResultSize"].as_u64();
    (total.expect("a total"), reply.body)
}

/// The message of a program that does not start.
fn refused(path: &Path) -> String {
    let output = output(&["--port", "0", "--data", path.to_str().expect("UTF-8")]);
    assert_eq!(output.status.code(), Some(1));
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn an_account_is_kept_over_restarts_byte_by_byte() {
    let folder = Folder::new();
    let path = folder.path("account");
    let program = open(&path);
    create(&program, "API \u{1}\n\u{2028}ü");
    program.control("POST advance", Some(&json!({"by": "P1M"})));
    let (before, state) = (products(&program), program.control("GET state", None).body);
    program.signal("TERM");
    assert_eq!(program.end().0, Some(0));

    let mut program = open(&path);
    assert_eq!(
        (products(&program), program.control("GET state", None).body),
        (before, state)
    );
    let note = program.line();
    assert_eq!(note["event"], "note");
    let text = note["message"].as_str().expect("a message");
    assert!(
        text.ends_with("commits is restored, on 2026-02-01T12:00:00Z."),
        "{text}"
    );
    let warning = program.line();
    let text = warning["message"].as_str().expect("a message");
    assert!(
        warning["event"] == "warning" && text.contains("--date has no effect on it"),
        "{text}"
    );
    create(&program, "Seats");
    assert_eq!(products(&program).0, 2);
}

#[test]
fn a_reset_and_a_restored_snapshot_are_kept_too() {
    let folder = Folder::new();
    let path = folder.path("account");
    let program = open(&path);
    let first = create(&program, "API");
    program.control("POST snapshot", None);
    create(&program, "Seats");
    program.control("POST restore", None);
    let before = products(&program);
    drop(program);
    let program = open(&path);
    assert_eq!((products(&program), before.0), (before.clone(), 1));
    program.control("POST reset", None);
    drop(program);
    let program = open(&path);
    assert_eq!(products(&program).0, 0);
    assert_eq!(
        create(&program, "API"),
        first,
        "a reset returns to the clock and the ids of a new account"
    );
}

#[test]
fn nothing_that_was_answered_is_lost_by_kill_9() {
    let folder = Folder::new();
    let path = folder.path("account");
    let mut answered: Vec<String> = Vec::new();
    for run in 1..=4 {
        let program = open(&path);
        for body in &answered {
            let product: Value = serde_json::from_str(body).expect("JSON");
            let id = product["id"].as_str().expect("an id");
            assert_eq!(&program.send(&format!("GET /products/{id}"), None).body, body);
        }
        // Several clients, so that the kill hits some of their requests.
        let clients: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..3)
                .map(|client| {
                    let program = &program;
                    scope.spawn(move || {
                        let name = |number| json!({"name": format!("{run}-{client}-{number}")});
                        let replies =
                            (0..).map_while(|number| program.try_send("POST /products", &name(number)));
                        replies.map(|reply| reply.body).collect::<Vec<_>>()
                    })
                })
                .collect();
            while program.send("GET /products?limit=1", None).json()["pagination"]["totalResultSize"]
                .as_u64()
                .expect("a total")
                < run * 20
            {}
            program.signal("KILL");
            threads
                .into_iter()
                .map(|thread| thread.join().expect("no panic"))
                .collect()
        });
        let new: Vec<String> = clients.concat();
        assert!(!new.is_empty());
        answered.extend(new);
    }
}

#[test]
fn a_cut_off_line_is_removed_and_later_ones_follow() {
    let folder = Folder::new();
    let path = folder.path("account");
    let program = open(&path);
    create(&program, "API");
    let before = products(&program);
    create(&program, "Seats");
    drop(program);
    let whole = fs::read(&path).expect("a file");
    let last = whole[..whole.len() - 1]
        .iter()
        .rposition(|byte| *byte == b'\n')
        .expect("lines")
        + 1;
    for end in [last + 1, last + 9, last + 40, whole.len() - 1] {
        fs::write(&path, &whole[..end]).expect("it can be written");
        let mut program = open(&path);
        assert_eq!(products(&program), before, "cut at {end}");
        let warning = program.line();
        let text = warning["message"].as_str().expect("a message");
        assert!(
            text.contains(&format!(
                "{} bytes of a last line without an end were removed",
                end - last
            )),
            "{text}"
        );
        create(&program, "Storage");
        drop(program);
        assert_eq!(products(&open(&path)).0, 2, "cut at {end}");
    }
}

#[test]
fn damage_is_refused_and_the_file_stays_as_it_is() {
    let folder = Folder::new();
    let path = folder.path("account");
    let program = open(&path);
    for name in ["API", "Seats", "Storage"] {
        create(&program, name);
    }
    drop(program);
    let whole = fs::read_to_string(&path).expect("a file");
    let lines: Vec<&str> = whole.lines().collect();
    let without = |left_out: usize| {
        let kept = lines.iter().enumerate().filter(|(number, _)| *number != left_out);
        kept.map(|(_, line)| format!("{line}\n")).collect::<String>()
    };
    for (damaged, expected) in [
        (
            whole.replace("Seats", "Boats"),
            "line 4 is damaged: its checksum does not match.",
        ),
        (without(3), "line 4 is damaged: a line before it is missing."),
        (without(1), "line 2 is damaged: a line before it is missing."),
        (
            format!("{}\n", lines[0]),
            "line 2 is damaged: it is missing or has no end.",
        ),
        (
            without(0),
            "it is not a data file of the emulator, so it is not overwritten.",
        ),
        (
            "Buy milk.".to_owned(),
            "it is not a data file of the emulator, so it is not overwritten.",
        ),
        (
            whole.replace("data 1\n", "data 2\n"),
            "it has format version 2, but this emulator supports version 1.",
        ),
    ] {
        fs::write(&path, &damaged).expect("it can be written");
        let message = refused(&path);
        assert!(
            message.contains(expected) && message.starts_with("error: "),
            "{message}"
        );
        assert_eq!(fs::read_to_string(&path).expect("a file"), damaged);
    }
}

#[test]
fn a_file_is_open_once() {
    let folder = Folder::new();
    let path = folder.path("account");
    let program = open(&path);
    assert!(refused(&path).contains("another emulator has it open."));
    drop(program);
    drop(open(&path));
    let missing = refused(&folder.path("no/such/folder"));
    assert!(missing.contains("no/such/folder: "), "{missing}");
}

#[test]
fn a_file_that_is_mostly_out_of_date_is_rewritten() {
    let folder = Folder::new();
    let path = folder.path("account");
    let program = open(&path);
    create(&program, "API");
    program.control("POST snapshot", None);
    let size = || fs::metadata(&path).expect("a file").len();
    while size() < 1 << 20 {
        program.control("POST restore", None);
    }
    let before = products(&program);
    drop(program);
    let program = open(&path);
    assert!(size() < 1 << 14, "{} bytes", size());
    assert_eq!(products(&program), before);
    create(&program, "Seats");
    drop(program);
    assert_eq!(products(&open(&path)).0, 2);
    assert_eq!(
        fs::read_dir(folder.root()).expect("a folder").count(),
        1,
        "nothing is left beside it"
    );
}

/// A limit on the size of files is like a full disk.
#[test]
#[cfg(unix)]
fn a_program_that_cannot_write_stops_and_answers_nothing_that_is_not_kept() {
    let folder = Folder::new();
    let path = folder.path("account");
    let mut command = Command::new("sh");
    command.args(["-c", "trap '' XFSZ; ulimit -f 16; exec \"$@\"", "sh"]);
    command.arg(env!("CARGO_BIN_EXE_sequencehq-emulator"));
    let program = Program::of(command, &["--data", path.to_str().expect("UTF-8")]);
    let mut answered = 0;
    while program
        .try_send("POST /products", &json!({"name": "API"}))
        .is_some()
    {
        answered += 1;
        assert!(answered < 1_000, "the limit has no effect");
    }
    let (status, log) = program.end();
    assert_eq!(status, Some(1));
    let last: Value = serde_json::from_str(log.lines().last().expect("a line")).expect("JSON");
    let message = last["message"].as_str().expect("a message");
    assert!(
        message.contains("The emulator stops, so that nothing is answered that is not kept."),
        "{message}"
    );
    assert_eq!(products(&open(&path)).0, answered);
}

#[test]
fn the_file_is_appended_to_and_never_changed() {
    let folder = Folder::new();
    let path = folder.path("account");
    let program = open(&path);
    create(&program, "API");
    let before = fs::read(&path).expect("a file");
    create(&program, "Seats");
    let after = fs::read(&path).expect("a file");
    assert!(after.starts_with(&before) && after.len() > before.len());
    drop(program);
    // What another program appends is not a commit.
    let mut file = fs::OpenOptions::new().append(true).open(&path).expect("a file");
    file.write_all(b"Buy milk.\nand bread")
        .expect("it can be written");
    drop(file);
    assert_eq!(products(&open(&path)).0, 2);
    assert_eq!(fs::read(&path).expect("a file"), after);
}
