//! The journal as a file: what is sent again, what is skipped, what does not open.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use sequencehq::emulator::Fault;
use sequencehq::types::{SeatEventCreate, UsageEventCreate, UsageEventCreateBuilder};
use sequencehq::usage::{
    Duplicates, EndReason, Event, InvalidReason, Journal, JournalError, Lines, Outcome, Report, Sender,
    StopSignal,
};
use serde_json::json;

use crate::stage::{Stage, event, event_with, numbered};

/// A directory that goes away with it.
pub struct Directory(PathBuf);

impl Directory {
    pub fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("sequencehq-journal-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).expect("a place for files");
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    pub fn journal(&self) -> PathBuf {
        self.0.join("usage.journal")
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).expect("it is there");
        let mut names: Vec<String> = entries
            .map(|entry| {
                entry
                    .expect("readable")
                    .file_name()
                    .into_string()
                    .expect("a text")
            })
            .collect();
        names.sort();
        names
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn ids<E: Event>(events: &[E]) -> Vec<&str> {
    events
        .iter()
        .map(|event| event.customer_event_id().expect("each has one"))
        .collect()
}

async fn send(
    stage: &Stage,
    journal: &Journal,
    events: impl IntoIterator<Item = UsageEventCreateBuilder>,
) -> Report<UsageEventCreate> {
    Sender::new(&stage.client).journal(journal).send_all(events).await
}

#[tokio::test]
async fn a_second_run_skips_what_the_first_has_sent() {
    let (stage, directory) = (Stage::begin().await, Directory::new());
    let journal = Journal::open(directory.journal()).expect("created");
    assert_eq!(*journal.recovered(), Default::default());
    let report = send(&stage, &journal, numbered(50)).await;
    assert!(report.is_complete(), "{report}");
    assert_eq!(report.accepted.len(), 50);
    drop(journal);

    let journal = Journal::open(directory.journal()).expect("opened");
    assert_eq!(journal.recovered().accepted, 50);
    assert_eq!(journal.recovered().to_string(), "50 accepted, 0 pending");
    let report = send(&stage, &journal, numbered(60)).await;
    assert!(report.is_complete(), "{report}");
    assert_eq!((report.accepted.len(), report.skipped.len()), (10, 50));
    assert_eq!(
        (report.skipped[7].position, &*report.skipped[7].customer_event_id),
        (7, "e-7")
    );
    assert!(report.to_string().ends_with("0 unsent, 50 skipped"), "{report}");
    assert_eq!(stage.emulator.requests().len(), 60);
}

#[tokio::test]
async fn an_unknown_field_with_line_breaks_is_one_line_of_the_journal() {
    let (stage, directory) = (Stage::begin().await, Directory::new());
    let pretty = "{\n  \"customerEventId\": \"e-0\",\n  \"customerAlias\": \"acme\",\n  \"eventType\": \"api_call\",\n  \
                  \"source\": {\r\n    \"host\": \"a\\nb\"\n  }\n}";
    let event: UsageEventCreate = serde_json::from_str(pretty).expect("an event");
    let attempts = Arc::new(Mutex::new(Vec::new()));
    let journal = Journal::open(directory.journal()).expect("created");
    let seen = Arc::clone(&attempts);
    let sender = Sender::new(&stage.client)
        .journal(&journal)
        .before_attempt(move |attempt| {
            seen.lock().expect("no holder panics").push(attempt.to_json());
            Ok(())
        });
    sender.send_all([event.clone()]).await;
    let pending: Vec<UsageEventCreate> = journal.pending();
    drop((sender, journal));
    assert_eq!(attempts.lock().expect("no holder panics")[0].lines().count(), 1);

    let journal = Journal::open(directory.journal()).expect("every entry is one line");
    let again: Vec<UsageEventCreate> = journal.pending();
    assert_eq!((pending.len(), again.len()), (0, 0));
}

#[tokio::test]
async fn an_event_that_is_nested_too_deep_for_the_journal_is_invalid() {
    let (stage, directory) = (Stage::begin().await, Directory::new());
    let nested = |depth: u32| {
        let deep = (0..depth).fold(json!(1), |inner, _| json!({ "a": inner }));
        let properties = deep.as_object().expect("an object").clone();
        event(depth.to_string()).event_properties(properties)
    };
    let journal = Journal::open(directory.journal()).expect("created");
    stage
        .emulator
        .inject(Fault::drop_connection_before_acting().times(1_000));
    let report = send(&stage, &journal, [nested(10), nested(100), nested(200)]).await;
    assert_eq!((report.unknown.len(), report.invalid.len()), (2, 1), "{report}");
    assert!(
        report.invalid[0].reason.to_string().contains("`eventProperties`"),
        "{report:?}"
    );
    assert_eq!(journal.pending::<UsageEventCreate>().len(), 2);
    drop(journal);
    let journal = Journal::open(directory.journal()).expect("each event can be read");
    assert_eq!(journal.pending::<UsageEventCreate>().len(), 2);
}

#[tokio::test]
async fn a_skipped_event_is_an_outcome_like_any_other() {
    let (stage, directory) = (Stage::begin().await, Directory::new());
    let journal = Journal::open(directory.journal()).expect("created");
    send(&stage, &journal, numbered(3)).await;
    let mut outcomes = Sender::new(&stage.client).journal(&journal).send_all(numbered(3));
    let outcome = outcomes.next().await.expect("one");
    assert!(matches!(&outcome, Outcome::Skipped(_)) && !outcome.is_accepted());
    assert_eq!(
        (outcome.position(), outcome.customer_event_id()),
        (0, Some("e-0"))
    );
    assert_eq!(
        outcome.to_string(),
        "event 0 (e-0): skipped: accepted in an earlier run"
    );
    assert_eq!(
        (outcomes.progress().skipped, outcomes.progress().completed()),
        (1, 1)
    );
}

#[tokio::test]
async fn what_is_unsettled_is_sent_first_and_the_input_after_it_skips_it() {
    let (stage, directory) = (
        Stage::with(|builder| builder.retry(sequencehq::RetryPolicy::none())).await,
        Directory::new(),
    );
    let journal = Journal::open(directory.journal()).expect("created");
    for fault in [Fault::drop_connection_after_acting(), Fault::status(429)] {
        stage.emulator.inject(fault.on("usage_event_create"));
    }
    let sender = Sender::new(&stage.client).journal(&journal).max_in_flight(1);
    let report = sender.send_all(numbered(5)).await;
    assert_eq!(
        (report.unknown.len(), report.unsent.len(), report.accepted.len()),
        (1, 1, 3),
        "{report}"
    );
    drop((sender, journal));

    let journal = Journal::open(directory.journal()).expect("opened");
    assert_eq!(journal.recovered().pending, ["e-0", "e-1"]);
    let pending = journal.pending::<UsageEventCreate>();
    assert_eq!(ids(&pending), ["e-0", "e-1"]);
    let input = numbered(5).map(|event| event.build().expect("good"));
    let report = Sender::new(&stage.client)
        .journal(&journal)
        .send_all(pending.into_iter().chain(input))
        .await;
    assert!(report.is_complete(), "{report}");
    // Those in flight are waited for.
    assert_eq!((report.accepted.len(), report.skipped.len()), (2, 5), "{report}");
    stage_has(&stage, 5);
    assert!(journal.pending::<UsageEventCreate>().is_empty());
}

fn stage_has(stage: &Stage, count: usize) {
    let counted = stage.counted();
    assert_eq!(counted.len(), count, "{:?}", counted.keys());
    assert!(counted.values().all(|times| *times == 1));
}

#[tokio::test]
async fn a_rejected_event_is_not_resent_by_itself_but_sent_if_it_comes_again() {
    let (stage, directory) = (Stage::begin().await, Directory::new());
    let journal = Journal::open(directory.journal()).expect("created");
    stage.emulator.inject(Fault::status(422).on("usage_event_create"));
    let report = send(&stage, &journal, numbered(1)).await;
    assert_eq!(report.rejected.len(), 1);
    drop(journal);
    let journal = Journal::open(directory.journal()).expect("opened");
    assert!(journal.recovered().pending.is_empty());
    let report = send(&stage, &journal, numbered(1)).await;
    assert_eq!(report.accepted.len(), 1, "the cause was gone");
}

#[tokio::test]
async fn an_event_without_an_id_is_invalid_because_the_next_run_could_not_recognize_it() {
    let (stage, directory) = (Stage::begin().await, Directory::new());
    let journal = Journal::open(directory.journal()).expect("created");
    let bare = UsageEventCreate::builder()
        .customer_alias("acme")
        .event_type("api_call");
    let report = send(&stage, &journal, [bare]).await;
    let reason = report.invalid[0].reason.to_string();
    assert!(
        reason.starts_with("`customerEventId`: is missing") && reason.contains("derived_id"),
        "{reason}"
    );
    assert!(stage.emulator.requests().is_empty());
}

#[tokio::test]
async fn different_content_with_a_sent_id_is_invalid_or_a_correction() {
    let (stage, directory) = (Stage::begin().await, Directory::new());
    let journal = Journal::open(directory.journal()).expect("created");
    send(&stage, &journal, [event_with("a", "n", 1)]).await;
    let report = send(
        &stage,
        &journal,
        [
            event_with("a", "n", 2),
            event_with("a", "n", 1),
            event_with("a", "n", 2),
        ],
    )
    .await;
    assert_eq!((report.invalid.len(), report.skipped.len()), (2, 1), "{report}");
    assert!(
        matches!(&report.invalid[0].reason, InvalidReason::Changed { customer_event_id, .. } if customer_event_id == "a")
    );
    assert!(matches!(
        &report.invalid[1].reason,
        InvalidReason::Duplicate {
            first_position: 0,
            ..
        }
    ));
    assert_eq!(stage.properties("a"), [json!({"n": 1})]);

    let sender = Sender::new(&stage.client)
        .journal(&journal)
        .duplicates(Duplicates::Supersede);
    let corrections = [2, 2, 3, 1, 1].map(|number| event_with("a", "n", number));
    let report = sender.send_all(corrections).await;
    assert!(report.is_complete(), "{report}");
    assert_eq!((report.accepted.len(), report.skipped.len()), (3, 2), "{report}");
    assert_eq!(stage.properties("a"), [json!({"n": 1})]);
}

#[tokio::test]
async fn usage_and_seats_share_a_journal() {
    let (stage, directory) = (
        Stage::with(|builder| builder.retry(sequencehq::RetryPolicy::none())).await,
        Directory::new(),
    );
    let journal = Journal::open(directory.journal()).expect("created");
    let seat = || {
        let at = "2026-03-01T12:00:00Z"
            .parse::<sequencehq::DateTime<sequencehq::Utc>>()
            .expect("an instant");
        SeatEventCreate::builder()
            .customer_event_id("e-0")
            .customer_alias("acme")
            .seat_type("admin")
            .event_timestamp(at)
            .total(3)
    };
    stage
        .emulator
        .inject(Fault::drop_connection_before_acting().on("seat_event_create"));
    let sender = Sender::new(&stage.client).journal(&journal);
    assert!(send(&stage, &journal, numbered(1)).await.is_complete());
    assert_eq!(sender.send_all([seat()]).await.unknown.len(), 1);
    drop((sender, journal));
    let journal = Journal::open(directory.journal()).expect("opened");
    assert!(journal.pending::<UsageEventCreate>().is_empty());
    let seats = journal.pending::<SeatEventCreate>();
    assert_eq!(seats, [seat().build().expect("good")]);
    assert!(
        Sender::new(&stage.client)
            .journal(&journal)
            .send_all(seats)
            .await
            .is_complete()
    );
}

#[tokio::test]
async fn an_event_that_waits_for_its_like_is_skipped_even_if_the_run_is_stopped() {
    let (stage, directory) = (Stage::begin().await, Directory::new());
    let journal = Journal::open(directory.journal()).expect("created");
    let stop = StopSignal::new();
    let twice = [event("a"), event("a")].into_iter().inspect(|_| stop.stop());
    let sender = Sender::new(&stage.client).journal(&journal).stop_signal(&stop);
    let report = sender.send_all(twice).await;
    assert_eq!(
        (report.accepted.len(), report.skipped.len(), report.end_reason),
        (1, 1, EndReason::Stopped),
        "{report}"
    );
}

/// A journal as a crash leaves it: two accepted events and two in flight. And how many bytes it has without the last.
async fn crashed(stage: &Stage, directory: &Directory) -> (Vec<u8>, usize) {
    let journal = Journal::open(directory.journal()).expect("created");
    send(stage, &journal, numbered(2)).await;
    let mut sizes = Vec::new();
    for number in 2..4 {
        stage
            .emulator
            .inject(Fault::delay(std::time::Duration::from_secs(3_600)).on("usage_event_create"));
        sizes.push(fs::read(directory.journal()).expect("there").len());
        let sent = stage.emulator.requests().len();
        let mut outcomes = Sender::new(&stage.client)
            .journal(&journal)
            .send_all([event(format!("e-{number}"))]);
        while stage.emulator.requests().len() == sent {
            let mut context = std::task::Context::from_waker(std::task::Waker::noop());
            assert!(
                futures_core::Stream::poll_next(std::pin::Pin::new(&mut outcomes), &mut context).is_pending()
            );
            tokio::task::yield_now().await;
        }
    }
    // A copy, since closing would add to it.
    (fs::read(directory.journal()).expect("there"), sizes[1])
}

#[tokio::test]
async fn a_tail_that_is_torn_at_any_byte_is_removed_and_reported() {
    let (stage, directory) = (Stage::begin().await, Directory::new());
    let (bytes, without_last) = crashed(&stage, &directory).await;
    for length in without_last..=bytes.len() {
        let directory = Directory::new();
        fs::write(directory.journal(), &bytes[..length]).expect("written");
        let journal = Journal::open(directory.journal()).expect("repaired");
        let recovered = journal.recovered().clone();
        assert_eq!(recovered.accepted, 2);
        let (pending, torn): (&[&str], usize) = match length {
            _ if length == bytes.len() => (&["e-2", "e-3"], 0),
            _ => (&["e-2"], length - without_last),
        };
        assert_eq!(
            (&*recovered.pending, recovered.torn_bytes),
            (
                &pending.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>()[..],
                torn as u64
            )
        );
        assert_eq!(recovered.to_string().contains("of an incomplete write"), torn > 0);
        // The next entry begins a line of its own.
        let events = journal.pending::<UsageEventCreate>().into_iter();
        let report = Sender::new(&stage.client)
            .journal(&journal)
            .send_all(events.chain(numbered(6).map(|event| event.build().expect("good"))))
            .await;
        assert!(report.is_complete(), "{report}");
        drop(journal);
        let journal = Journal::open(directory.journal()).expect("whole");
        assert_eq!(
            (journal.recovered().accepted, journal.recovered().torn_bytes),
            (6, 0)
        );
    }
}

#[tokio::test]
async fn damage_in_the_middle_is_named_by_its_line_and_nothing_is_changed() {
    let (stage, directory) = (Stage::begin().await, Directory::new());
    let (bytes, _) = crashed(&stage, &directory).await;
    let text = String::from_utf8(bytes).expect("a text");
    let lines: Vec<&str> = text.lines().collect();
    let changed = text.replace(r#""customerEventId":"e-0""#, r#""customerEventId":"e-9""#);
    let without = |index: usize| {
        let mut lines = lines.clone();
        lines.remove(index);
        lines.join("\n") + "\n"
    };
    for (corrupt, message) in [
        (changed, "line 2 is corrupt: its checksum does not match"),
        (
            without(1),
            "line 2 is corrupt: it has the number 3; lines were removed or added",
        ),
        (
            without(2),
            "line 3 is corrupt: it has the number 4; lines were removed or added",
        ),
    ] {
        let directory = Directory::new();
        fs::write(directory.journal(), &corrupt).expect("written");
        let error = Journal::open(directory.journal()).expect_err("corrupt");
        assert!(matches!(error, JournalError::Corrupt { .. }), "{error:?}");
        assert!(error.to_string().ends_with(message), "{error}");
        assert!(error.to_string().contains("usage.journal"), "{error}");
        assert_eq!(fs::read_to_string(directory.journal()).expect("there"), corrupt);
    }
}

#[test]
fn a_file_that_is_no_journal_is_left_alone() {
    for (foreign, message) in [
        (
            "customerAlias,eventType\nacme,call\n",
            "is not a journal, and is not overwritten",
        ),
        ("{}", "is not a journal, and is not overwritten"),
        ("sequencehq-journal", "is not a journal, and is not overwritten"),
        (
            "sequencehq-journal 2\n",
            "has format version \"2\", but only version 1 is supported",
        ),
    ] {
        let directory = Directory::new();
        fs::write(directory.journal(), foreign).expect("written");
        let error = Journal::open(directory.journal()).expect_err("foreign");
        assert!(error.to_string().ends_with(message), "{error}");
        assert_eq!(fs::read_to_string(directory.journal()).expect("there"), foreign);
        assert_eq!(
            directory.names(),
            ["usage.journal"],
            "nor is anything put beside it"
        );
    }
    let directory = Directory::new();
    fs::write(directory.journal(), "").expect("written");
    Journal::open(directory.journal()).expect("an empty file becomes one");
    let missing = directory.path().join("missing").join("usage.journal");
    assert!(matches!(Journal::open(missing), Err(JournalError::Io { .. })));
    assert!(matches!(
        Journal::open(directory.path()),
        Err(JournalError::Io { .. })
    ));
}

#[test]
fn a_journal_is_open_once_and_free_as_soon_as_it_is_dropped() {
    let directory = Directory::new();
    let journal = Journal::open(directory.journal()).expect("created");
    let clone = journal.clone();
    drop(journal);
    // Under another name of the same file too.
    let roundabout = directory.path().join(".").join("usage.journal");
    for path in [directory.journal(), roundabout] {
        let error = Journal::open(path).expect_err("open");
        assert!(matches!(error, JournalError::InUse { .. }), "{error:?}");
        assert!(error.to_string().ends_with("is already open"));
    }
    drop(clone);
    Journal::open(directory.journal()).expect("free");
}

#[cfg(unix)]
#[test]
fn a_link_is_the_same_journal_and_stays_a_link() {
    let directory = Directory::new();
    let link = directory.path().join("link");
    drop(Journal::open(directory.journal()).expect("created"));
    std::os::unix::fs::symlink(directory.journal(), &link).expect("linked");
    let journal = Journal::open(&link).expect("opened");
    assert!(matches!(
        Journal::open(directory.journal()),
        Err(JournalError::InUse { .. })
    ));
    assert_eq!(
        Some(journal.path()),
        fs::canonicalize(directory.journal()).ok().as_deref()
    );
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime");
    runtime.block_on(journal.compact()).expect("compacted");
    assert!(fs::symlink_metadata(&link).expect("there").is_symlink());
}

#[tokio::test]
async fn compaction_keeps_what_counts_and_who_may_read_it() {
    let (stage, directory) = (Stage::begin().await, Directory::new());
    let (bytes, _) = crashed(&stage, &directory).await;
    fs::write(directory.journal(), &bytes).expect("written");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(directory.journal(), fs::Permissions::from_mode(0o600)).expect("set");
    }
    let journal = Journal::open(directory.journal()).expect("opened");
    let before = journal.recovered().clone();
    journal.compact().await.expect("compacted");
    assert_eq!(directory.names(), ["usage.journal", "usage.journal.lock"]);
    let report = send(&stage, &journal, numbered(2)).await;
    assert_eq!(report.skipped.len(), 2);
    drop(journal);
    assert!(fs::read(directory.journal()).expect("there").len() < bytes.len());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(directory.journal())
            .expect("there")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    assert_eq!(
        *Journal::open(directory.journal()).expect("opened").recovered(),
        before
    );
}

#[tokio::test]
async fn a_crash_anywhere_in_a_compaction_loses_nothing() {
    let (stage, directory) = (Stage::begin().await, Directory::new());
    let (old, _) = crashed(&stage, &directory).await;
    fs::write(directory.journal(), &old).expect("written");
    let journal = Journal::open(directory.journal()).expect("opened");
    let before = journal.recovered().clone();
    journal.compact().await.expect("compacted");
    let new = fs::read(directory.journal()).expect("there");
    drop(journal);
    // While the new file grows, and after it has the name.
    let while_written = (0..=new.len())
        .step_by(7)
        .map(|length| (&old, Some(&new[..length])));
    for (journal, beside) in while_written.chain([(&new, None)]) {
        let directory = Directory::new();
        fs::write(directory.journal(), journal).expect("written");
        if let Some(beside) = beside {
            fs::write(directory.path().join("usage.journal.compacting"), beside).expect("written");
        }
        let journal = Journal::open(directory.journal()).expect("opened");
        assert_eq!(*journal.recovered(), before);
        assert_eq!(directory.names(), ["usage.journal", "usage.journal.lock"]);
    }
}

#[tokio::test]
async fn a_journal_that_grows_is_compacted_on_its_own() {
    let (stage, directory) = (Stage::begin().await, Directory::new());
    let journal = Journal::builder()
        .compact_at_bytes(10_000)
        .max_remembered(20)
        .open(directory.journal())
        .expect("created");
    for run in 0..10 {
        let events = (0..100).map(|number| event(format!("{run}-{number}")));
        assert!(send(&stage, &journal, events).await.is_complete());
        // Twice 10,000 at most, and the entries of one batch.
        let size = fs::metadata(directory.journal()).expect("there").len();
        assert!(size < 40_000, "{size}");
    }
    drop(journal);
    let journal = Journal::builder()
        .max_remembered(20)
        .open(directory.journal())
        .expect("opened");
    assert_eq!(journal.recovered().accepted, 20);
    stage_has(&stage, 1_000);
}

#[tokio::test]
async fn a_lost_journal_doubles_nothing_where_ids_are_derived_from_the_input() {
    let stage = Stage::begin().await;
    let line = |number: usize| {
        format!(
            "{}\n",
            json!({"customerAlias": "acme", "eventType": "call", "eventProperties": {"n": number % 7}})
        )
    };
    let file: String = (0..300).map(line).collect();
    for run in 0..2 {
        let directory = Directory::new();
        let journal = Journal::open(directory.journal()).expect("created");
        let events = Lines::new("usage/2026-03.ndjson", file.as_bytes());
        let report = Sender::new(&stage.client)
            .journal(&journal)
            .send_all(events)
            .await;
        assert_eq!(report.accepted.len(), 300, "run {run}: {report}");
        stage_has(&stage, 300);
    }
}

#[tokio::test]
async fn an_event_is_sent_again_with_exactly_the_content_it_had() {
    let (stage, directory) = (
        Stage::with(|builder| builder.retry(sequencehq::RetryPolicy::none())).await,
        Directory::new(),
    );
    let odd = json!({"a": 0.1 + 0.2, "b": 1.7976931348623157e308, "c": u64::MAX, "d": "\u{2028}\n\"", "e": [null, {}], "f": 5e-324, "g": 7.038531e-26});
    let event = || event("odd").event_properties(odd.as_object().expect("an object").clone());
    let journal = Journal::open(directory.journal()).expect("created");
    stage
        .emulator
        .inject(Fault::drop_connection_before_acting().on("usage_event_create"));
    assert_eq!(send(&stage, &journal, [event()]).await.unknown.len(), 1);
    drop(journal);
    let journal = Journal::open(directory.journal()).expect("opened");
    let pending = journal.pending::<UsageEventCreate>();
    assert_eq!(pending, [event().build().expect("good")]);
    let report = Sender::new(&stage.client)
        .journal(&journal)
        .send_all(pending.into_iter().chain([event().build().expect("good")]))
        .await;
    assert_eq!((report.accepted.len(), report.skipped.len()), (1, 1), "{report}");
}

#[test]
fn nothing_is_appended_to_a_line_that_another_program_left_open() {
    // A line without its end, as an editor or a copy can leave it.
    let directory = Directory::new();
    drop(Journal::open(directory.journal()).expect("created"));
    let mut file = fs::File::options()
        .append(true)
        .open(directory.journal())
        .expect("there");
    file.write_all(b"half a li").expect("written");
    let journal = Journal::open(directory.journal()).expect("repaired");
    assert_eq!(journal.recovered().torn_bytes, 9);
}
