//! Processes that are killed, and disks that are full, in the middle of a run.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use sequencehq::types::UsageEventCreate;
use sequencehq::usage::{EndReason, Journal, JournalError, Lines, Sender, UnsentReason};
use sequencehq::{Client, Credentials, RateLimit};
use serde_json::json;

use crate::journal::Directory;
use crate::stage::{Stage, check_positions};

const FACTS: usize = 300;
const IN_FLIGHT: usize = 16;

/// What the child has to do. Without it, there is nothing to do.
const TASK: &str = "SEQUENCEHQ_TEST_CHILD";
const SERVER: &str = "SEQUENCEHQ_TEST_SERVER";
const DIRECTORY: &str = "SEQUENCEHQ_TEST_DIRECTORY";

fn write_facts(directory: &Directory) {
    let fact =
        |number| json!({"customerAlias": "acme", "eventType": "call", "eventProperties": {"fact": number}});
    let facts: String = (0..FACTS).map(|number| format!("{}\n", fact(number))).collect();
    fs::write(directory.path().join("facts.ndjson"), facts).expect("written");
}

/// This test program again, with only the test named `child`.
fn arguments() -> [&'static str; 3] {
    ["crash::child", "--exact", "--nocapture"]
}

fn prepare(command: &mut Command, task: &str, stage: &Stage, directory: &Directory) -> Child {
    let emulator = &stage.emulator;
    let server = [
        emulator.base_url(),
        emulator.client_id(),
        emulator.client_secret(),
    ]
    .join(" ");
    command
        .env(TASK, task)
        .env(SERVER, server)
        .env(DIRECTORY, directory.path())
        .stdout(Stdio::null())
        .spawn()
        .expect("started")
}

fn spawn(task: &str, stage: &Stage, directory: &Directory) -> Child {
    let program = std::env::current_exe().expect("this program");
    prepare(Command::new(program).args(arguments()), task, stage, directory)
}

/// Waits without blocking the emulator, which lives here.
async fn wait(mut child: Child) -> bool {
    loop {
        match child.try_wait().expect("it is ours") {
            Some(status) => return status.success(),
            None => tokio::task::yield_now().await,
        }
    }
}

/// What another process does. By itself it is a test of nothing.
#[tokio::test]
async fn child() {
    let Ok(task) = std::env::var(TASK) else {
        return;
    };
    let directory = std::env::var(DIRECTORY).expect("set");
    let directory = Path::new(&directory);
    let path = directory.join("usage.journal");
    if let "find it in use" | "find it free" = &*task {
        let is_in_use = matches!(Journal::open(path), Err(JournalError::InUse { .. }));
        assert_eq!(is_in_use, task == "find it in use");
        return;
    }
    let server = std::env::var(SERVER).expect("set");
    let server: Vec<&str> = server.split(' ').collect();
    let client = Client::builder(Credentials::new(server[1], server[2]).expect("good"))
        .base_url(server[0])
        .event_rate_limit(RateLimit::none())
        .build()
        .expect("good");
    let journal = Journal::open(path).expect("never damaged");
    let facts = fs::read(directory.join("facts.ndjson")).expect("there");
    let input = Lines::new("facts.ndjson", &facts[..]);
    let events = journal.pending().into_iter().map(Ok).chain(input);
    let report = Sender::new(&client)
        .journal(&journal)
        .max_in_flight(IN_FLIGHT)
        .send_all(events)
        .await;
    check_positions(&report);
    match &*task {
        "send" => assert!(report.is_complete(), "{report}"),
        "fill the disk" => {
            assert_eq!(report.end_reason, EndReason::JournalFailed, "{report}");
            assert!(!report.accepted.is_empty(), "{report}");
            let by_journal = report
                .unsent
                .iter()
                .filter(|it| matches!(it.reason, UnsentReason::Journal(_)));
            assert!((1..=IN_FLIGHT).contains(&by_journal.count()), "{report}");
        }
        other => panic!("no such task: {other}"),
    }
}

fn each_fact_counts_once(stage: &Stage) {
    let events = stage.events();
    let mut facts: Vec<u64> = events
        .iter()
        .map(|event| event["eventProperties"]["fact"].as_u64().expect("a number"))
        .collect();
    facts.sort_unstable();
    assert_eq!(facts, (0..FACTS as u64).collect::<Vec<_>>());
}

/// Lets a child run until the server has this many events, and kills it.
async fn kill_at(count: usize, stage: &Stage, directory: &Directory) {
    let mut child = spawn("send", stage, directory);
    while stage.events().len() < count {
        assert!(
            child.try_wait().expect("ours").is_none(),
            "it ended before it was killed"
        );
        tokio::task::yield_now().await;
    }
    child.kill().expect("it runs");
    child.wait().expect("ours");
}

#[tokio::test]
async fn a_killed_process_is_resumed_and_each_fact_counts_once() {
    let (stage, directory) = (Stage::begin().await, Directory::new());
    write_facts(&directory);
    let kills = [1, 40, 90, 150, 200, 240];
    for count in kills {
        kill_at(count, &stage, &directory).await;
        // The server has nothing that the journal does not know.
        let journal = Journal::open(directory.journal()).expect("a lock ends with its process");
        let known = journal.recovered().accepted + journal.recovered().pending.len();
        assert!(stage.events().len() <= known);
        assert!(
            journal.recovered().pending.len() <= 2 * IN_FLIGHT,
            "{}",
            journal.recovered()
        );
    }
    assert!(wait(spawn("send", &stage, &directory)).await);
    each_fact_counts_once(&stage);
    // What was accepted was not sent again, but for what was on its way to the journal.
    let sent = stage.emulator.requests().len();
    assert!(sent <= FACTS + kills.len() * 2 * IN_FLIGHT, "{sent}");
}

#[tokio::test]
async fn a_file_that_lost_its_tail_doubles_nothing() {
    let (stage, directory) = (Stage::begin().await, Directory::new());
    write_facts(&directory);
    for (round, count) in [30, 80, 130, 180, 230].into_iter().enumerate() {
        kill_at(count, &stage, &directory).await;
        // More than a power cut can take: what was synced, too.
        let bytes = fs::read(directory.journal()).expect("there");
        let left = bytes.len() - [1, 17, 500, 3_000, 9_999][round].min(bytes.len() - 100);
        fs::write(directory.journal(), &bytes[..left]).expect("written");
    }
    assert!(wait(spawn("send", &stage, &directory)).await);
    each_fact_counts_once(&stage);
}

#[tokio::test]
async fn two_processes_cannot_open_one_journal() {
    let (stage, directory) = (Stage::begin().await, Directory::new());
    let journal = Journal::open(directory.journal()).expect("created");
    assert!(wait(spawn("find it in use", &stage, &directory)).await);
    drop(journal);
    assert!(wait(spawn("find it free", &stage, &directory)).await);
}

/// A limit on the size of files ends a write in the middle of a line, as a full disk does.
#[cfg(unix)]
#[tokio::test]
async fn after_a_full_disk_three_hundred_facts_stay_three_hundred() {
    let (stage, directory) = (Stage::begin().await, Directory::new());
    write_facts(&directory);
    let program = std::env::current_exe().expect("this program");
    let script = "trap '' XFSZ; ulimit -f 32; exec \"$0\" \"$@\"";
    let mut shell = Command::new("sh");
    shell.args(["-c", script]).arg(&program).args(arguments());
    assert!(wait(prepare(&mut shell, "fill the disk", &stage, &directory)).await);
    let size = fs::metadata(directory.journal()).expect("there").len();
    assert!((8_000..=32 * 1_024).contains(&size), "{size}");

    let journal = Journal::open(directory.journal()).expect("whole");
    assert_eq!(
        journal.recovered().torn_bytes,
        0,
        "the half line was removed at once"
    );
    let known = journal.recovered().accepted + journal.pending::<UsageEventCreate>().len();
    assert!(stage.events().len() <= known);
    drop(journal);
    assert!(wait(spawn("send", &stage, &directory)).await);
    each_fact_counts_once(&stage);
}
