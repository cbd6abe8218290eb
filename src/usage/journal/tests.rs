//! The journal on disks that fail at every possible place.

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender as Gate, channel};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use super::format::{HEADER, Line};
use super::replay::{self, Replay, ReplayError};
use super::storage::{NotReplaced, Storage};
use super::table::Table;
use super::writer::Written;
use super::{Fingerprint, Journal, JournalBuilder, Known};
use crate::types::UsageEventCreate;
use crate::usage::event::EventKind;

/// A disk whose contents outlive the journal on it.
#[derive(Clone, Default)]
struct Disk(Arc<Mutex<Platter>>);

#[derive(Default)]
struct Platter {
    bytes: Vec<u8>,
    /// So many of them survive a power cut.
    synced: usize,
    syncs: usize,
    /// No room beyond it.
    room: Option<usize>,
    cut_fails: bool,
    sync_fails: bool,
    replace_fails: bool,
    directory_fails: bool,
    /// A sync waits for a message, if there is one.
    gate: Option<Receiver<()>>,
}

impl Disk {
    fn new() -> Self {
        let disk = Self::default();
        disk.lock().bytes = HEADER.as_bytes().to_vec();
        disk.lock().synced = HEADER.len();
        disk
    }

    fn holding(bytes: &[u8]) -> Self {
        let disk = Self::default();
        disk.lock().bytes = bytes.to_vec();
        disk.lock().synced = bytes.len();
        disk
    }

    fn lock(&self) -> MutexGuard<'_, Platter> {
        self.0.lock().expect("no panic")
    }

    #[allow(
        clippy::disallowed_methods,
        reason = "the disk is a thread of its own, which no manual clock moves"
    )]
    async fn waits_in_a_sync(&self) {
        let waits = async {
            while self.lock().gate.is_some() {
                tokio::task::yield_now().await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(20), waits).await;
        waited.expect("nothing is ready before a sync");
    }

    fn is_synced(&self) -> bool {
        let platter = self.lock();
        platter.synced == platter.bytes.len()
    }

    fn replay(&self) -> Result<Replay, ReplayError> {
        replay::read(&self.lock().bytes[..], Table::new(1 << 20))
    }

    /// As `JournalBuilder::open` does with a file.
    fn open_with(&self, builder: &JournalBuilder) -> Journal {
        let replay = self.replay().expect("not damaged");
        let mut disk = self.clone();
        disk.truncate(replay.length).expect("it can be cut");
        disk.sync().expect("it can be synced");
        Journal::start(builder, PathBuf::from("memory"), disk, replay).expect("a thread")
    }

    fn open(&self) -> Journal {
        self.open_with(&Journal::builder())
    }
}

impl Storage for Disk {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut platter = self.lock();
        let room = platter
            .room
            .unwrap_or(usize::MAX)
            .saturating_sub(platter.bytes.len());
        let fits = room.min(bytes.len());
        platter.bytes.extend_from_slice(&bytes[..fits]);
        if fits < bytes.len() {
            return Err(io::Error::new(io::ErrorKind::StorageFull, "no room"));
        }
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        let gate = self.lock().gate.take();
        if let Some(gate) = gate {
            gate.recv().expect("the test opens it");
            self.lock().gate = Some(gate);
        }
        let mut platter = self.lock();
        platter.syncs += 1;
        if platter.sync_fails {
            return Err(io::Error::other("no sync"));
        }
        platter.synced = platter.bytes.len();
        Ok(())
    }

    fn truncate(&mut self, length: u64) -> io::Result<()> {
        let mut platter = self.lock();
        if platter.cut_fails {
            return Err(io::Error::other("no cut"));
        }
        platter.bytes.truncate(length as usize);
        platter.synced = platter.synced.min(length as usize);
        Ok(())
    }

    fn replace(
        &mut self,
        write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), NotReplaced> {
        if self.lock().replace_fails {
            return Err(NotReplaced::Kept(io::Error::other("no room for another")));
        }
        let mut bytes = Vec::new();
        write(&mut bytes).map_err(NotReplaced::Kept)?;
        let mut platter = self.lock();
        (platter.synced, platter.bytes) = (bytes.len(), bytes);
        if platter.directory_fails {
            return Err(NotReplaced::Unclear(io::Error::other("no directory")));
        }
        Ok(())
    }
}

fn event(number: u32) -> (UsageEventCreate, Fingerprint) {
    let event = UsageEventCreate::builder()
        .customer_event_id(format!("e-{number}"))
        .customer_alias("acme")
        .event_type("api_call")
        .build()
        .expect("good");
    let fingerprint = Fingerprint::of(&event);
    (event, fingerprint)
}

fn attempt(journal: &Journal, number: u32) -> Written {
    let (event, fingerprint) = event(number);
    journal.attempt(&event, fingerprint)
}

fn accept(journal: &Journal, number: u32) {
    journal.accepted(EventKind::Usage, format!("e-{number}"), event(number).1);
}

fn known(table: &Table, number: u32) -> Known {
    table.lookup(&event(number).1)
}

fn outline(bytes: &[u8]) -> Vec<String> {
    let lines = bytes.split_inclusive(|byte| *byte == b'\n').skip(1);
    let lines = lines.map(|line| Line::parse(line).expect("whole"));
    lines
        .map(|line| {
            format!("{:?}", line.record)
                .split([' ', '{'])
                .next()
                .unwrap_or_default()
                .to_owned()
        })
        .collect()
}

#[tokio::test]
async fn a_disk_that_is_full_in_the_middle_of_a_line_leaves_whole_lines() {
    let whole = {
        let disk = Disk::new();
        let journal = disk.open();
        for number in 0..4 {
            attempt(&journal, number).await.expect("written");
            accept(&journal, number);
        }
        drop(journal);
        disk.lock().bytes.len()
    };
    for room in HEADER.len()..whole {
        for cut_fails in [false, true] {
            let disk = Disk::new();
            let journal = disk.open();
            disk.lock().room = Some(room);
            disk.lock().cut_fails = cut_fails;
            let mut attempted = Vec::new();
            for number in 0..4 {
                if attempt(&journal, number).await.is_ok() {
                    attempted.push(number);
                    accept(&journal, number);
                } else if cut_fails {
                    let refused = attempt(&journal, 9).await.expect_err("half a line is in the way");
                    assert_eq!(refused.kind(), io::ErrorKind::StorageFull);
                }
            }
            disk.lock().room = None;
            if !cut_fails {
                // There is room again, so the journal writes the entries that it kept.
                attempt(&journal, 7).await.expect("written");
                attempted.push(7);
            }
            drop(journal);
            disk.lock().cut_fails = false;
            let replay = disk.replay().expect("never damaged");
            assert!(cut_fails || replay.torn == 0, "room for {room}");
            for number in attempted {
                assert_ne!(
                    known(&replay.table, number),
                    Known::New,
                    "room for {room}: {number}"
                );
                if !cut_fails && number != 7 {
                    assert_eq!(
                        known(&replay.table, number),
                        Known::Accepted,
                        "room for {room}: {number}"
                    );
                }
            }
            // The next opening continues from there.
            let journal = disk.open();
            attempt(&journal, 8).await.expect("written");
            drop(journal);
            let replay = disk.replay().expect("never damaged");
            assert_eq!((replay.torn, known(&replay.table, 8)), (0, Known::Pending));
        }
    }
}

#[tokio::test]
async fn an_attempt_waits_until_its_entry_is_on_the_disk_and_many_share_one_sync() {
    let disk = Disk::new();
    let journal = disk.open();
    let before = disk.lock().syncs;
    let (open, gate): (Gate<()>, _) = channel();
    disk.lock().gate = Some(gate);
    let mut first = Box::pin(attempt(&journal, 0));
    // The thread waits in the sync of the first, and the others queue up behind it.
    disk.waits_in_a_sync().await;
    let mut others: Vec<Written> = (1..64).map(|number| attempt(&journal, number)).collect();
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    for _ in 0..100 {
        assert!(first.as_mut().poll(&mut context).is_pending());
        assert!(std::pin::Pin::new(&mut others[0]).poll(&mut context).is_pending());
        tokio::task::yield_now().await;
    }
    open.send(()).expect("it waits");
    first.await.expect("written");
    open.send(()).expect("it waits");
    for written in others {
        written.await.expect("written");
    }
    assert_eq!(disk.lock().syncs - before, 2);
    assert!(disk.is_synced());
    drop(open);
    disk.lock().gate = None;
}

#[tokio::test]
async fn whatever_a_power_cut_leaves_of_unsynced_bytes_no_attempt_is_lost() {
    let disk = Disk::new();
    let journal = disk.open();
    // After each step: the bytes, how many of them were synced, and the attempts that were allowed by then.
    let mut moments = Vec::new();
    for number in 0..5 {
        attempt(&journal, number).await.expect("written");
        // Outcomes are written without a sync.
        for settled in 0..number {
            accept(&journal, settled);
            let length = disk.lock().bytes.len();
            attempt(&journal, settled).await.expect("written");
            assert!(disk.lock().bytes.len() > length);
            accept(&journal, settled);
        }
        // A batch that is written and not synced: what the disk has between the two.
        let platter = disk.lock();
        moments.push((platter.bytes.clone(), platter.synced, number));
        drop(platter);
    }
    drop(journal);
    let mut cuts = 0;
    for (bytes, synced, last) in moments {
        // A batch of lines that was written and never synced.
        let mut written = bytes.clone();
        let lines = |bytes: &[u8]| bytes.iter().filter(|byte| **byte == b'\n').count() as u64;
        let (lines, durable) = (lines(&bytes), lines(&bytes[..synced]));
        for (index, number) in (10..13).enumerate() {
            let (event, fingerprint) = event(number);
            let record = super::format::Record::Attempt {
                kind: EventKind::Usage,
                content: fingerprint.content,
                json: serde_json::to_string(&event).expect("JSON").into(),
            };
            record.write(lines + 1 + index as u64, durable, &mut written);
        }
        for cut in synced..=written.len() {
            // The rest is missing, or zeros, or a later block arrived and an earlier one did not.
            let mut holes = written.clone();
            holes[synced..cut].fill(0);
            let mut zeros = written[..cut].to_vec();
            zeros.resize(written.len(), 0);
            for left in [written[..cut].to_vec(), zeros, holes] {
                let disk = Disk::holding(&left);
                let replay = disk.replay().expect("not taken for damage");
                for number in 0..=last {
                    assert_ne!(known(&replay.table, number), Known::New, "{cut}: {number}");
                }
                cuts += 1;
            }
        }
    }
    assert!(cuts > 3_000, "{cuts}");
}

#[tokio::test]
async fn damage_before_a_checkpoint_or_a_later_write_is_found_and_named() {
    let disk = Disk::new();
    let journal = disk.open();
    for number in 0..3 {
        attempt(&journal, number).await.expect("written");
        accept(&journal, number);
    }
    drop(journal);
    let bytes = disk.lock().bytes.clone();
    assert_eq!(outline(&bytes).last().map(String::as_str), Some("Checkpoint"));
    let ends: Vec<usize> = (0..bytes.len()).filter(|index| bytes[*index] == b'\n').collect();
    // Every byte up to the newline before the checkpoint, without which the checkpoint is not a line.
    for index in HEADER.len()..ends[ends.len() - 2] {
        let mut damaged = bytes.clone();
        damaged[index] ^= 0x01;
        let line = 2 + ends[1..].iter().filter(|end| **end < index).count() as u64;
        match Disk::holding(&damaged).replay() {
            Err(ReplayError::Corrupt { line: found, .. }) => assert_eq!(found, line, "byte {index}"),
            other => panic!("byte {index}: {other:?}"),
        }
    }
    // Lines that are missing, or come twice.
    for pair in ends[..ends.len() - 1].windows(2) {
        let [begin, end] = [pair[0] + 1, pair[1] + 1];
        let removed = [&bytes[..begin], &bytes[end..]].concat();
        let doubled = [&bytes[..end], &bytes[begin..]].concat();
        for damaged in [removed, doubled] {
            let found = Disk::holding(&damaged).replay();
            assert!(matches!(found, Err(ReplayError::Corrupt { .. })), "{found:?}");
        }
    }
}

#[tokio::test]
async fn after_a_failed_sync_nothing_is_written_until_it_is_opened_again() {
    let disk = Disk::new();
    let journal = disk.open();
    attempt(&journal, 0).await.expect("written");
    disk.lock().sync_fails = true;
    assert_eq!(
        attempt(&journal, 1).await.expect_err("not synced").to_string(),
        "no sync"
    );
    // The disk is fine again, but what it has is unknown.
    disk.lock().sync_fails = false;
    accept(&journal, 0);
    assert_eq!(
        attempt(&journal, 2).await.expect_err("refused").to_string(),
        "no sync"
    );
    assert_eq!(journal.sync().await.expect_err("refused").to_string(), "no sync");
    assert_eq!(
        journal.compact().await.expect_err("refused").to_string(),
        "no sync"
    );
    drop(journal);
    let journal = disk.open();
    assert_eq!(journal.recovered().pending, ["e-0", "e-1"]);
    attempt(&journal, 2).await.expect("written");
}

#[tokio::test]
async fn an_outcome_that_could_not_be_written_is_written_with_the_next_entry() {
    let disk = Disk::new();
    let journal = disk.open();
    attempt(&journal, 0).await.expect("written");
    let full = disk.lock().bytes.len() + 5;
    disk.lock().room = Some(full);
    accept(&journal, 0);
    assert!(journal.sync().await.is_err(), "it is not written yet");
    assert!(attempt(&journal, 1).await.is_err());
    disk.lock().room = None;
    journal.sync().await.expect("written");
    let bytes = disk.lock().bytes.clone();
    assert_eq!(
        outline(&bytes),
        ["Attempt", "Accepted"],
        "and no attempt that was refused"
    );
}

#[tokio::test]
async fn compaction_keeps_what_counts_and_its_failure_changes_nothing() {
    let disk = Disk::new();
    let journal = disk.open_with(&Journal::builder().compact_at_bytes(2_000));
    let mut compacted = 0;
    for number in 0..200 {
        disk.lock().replace_fails = number % 3 == 0;
        let length = disk.lock().bytes.len();
        attempt(&journal, number)
            .await
            .expect("written, whatever becomes of the compaction");
        compacted += usize::from(disk.lock().bytes.len() < length);
        if number % 5 != 0 {
            accept(&journal, number);
        }
    }
    assert!(compacted > 0, "it was compacted on the way");
    disk.lock().replace_fails = true;
    assert!(journal.compact().await.is_err());
    disk.lock().replace_fails = false;
    journal.compact().await.expect("done");
    attempt(&journal, 300).await.expect("written");
    drop(journal);
    let replay = disk.replay().expect("not damaged");
    for number in 0..200 {
        let expected = if number % 5 == 0 {
            Known::Pending
        } else {
            Known::Accepted
        };
        assert_eq!(known(&replay.table, number), expected, "{number}");
    }
    assert_eq!(replay.table.pending().len(), 41);
    assert_eq!(outline(&disk.lock().bytes)[..160], vec!["Sent"; 160]);
}

#[tokio::test]
async fn where_it_is_unclear_which_file_is_there_nothing_more_is_written() {
    let disk = Disk::new();
    let journal = disk.open();
    attempt(&journal, 0).await.expect("written");
    disk.lock().directory_fails = true;
    assert!(journal.compact().await.is_err());
    disk.lock().directory_fails = false;
    let error = attempt(&journal, 1).await.expect_err("refused");
    assert_eq!(error.to_string(), "no directory");
    drop(journal);
    assert_eq!(disk.open().recovered().pending, ["e-0"]);
}

#[cfg(feature = "emulator")]
mod with_a_sender {
    use super::*;
    use crate::emulator::Emulator;
    use crate::usage::{EndReason, Sender, UnsentReason};

    #[tokio::test]
    async fn nothing_is_sent_before_its_entry_is_on_the_disk() {
        let emulator = Emulator::start().await.expect("a free port");
        let disk = Disk::new();
        let journal = disk.open();
        let (open, gate): (Gate<()>, _) = channel();
        disk.lock().gate = Some(gate);
        let sender = Sender::new(&emulator.client()).journal(&journal).max_in_flight(8);
        let running = tokio::spawn(
            sender
                .send_all((0..8).map(|number| event(number).0))
                .into_future(),
        );
        disk.waits_in_a_sync().await;
        for _ in 0..2_000 {
            tokio::task::yield_now().await;
        }
        assert!(emulator.requests().is_empty(), "it waits for the sync");
        // Whatever the number of batches: one for the first entries, perhaps one for the others, one at the end.
        for _ in 0..16 {
            open.send(()).expect("it waits");
        }
        let report = running.await.expect("no panic");
        assert!(report.is_complete(), "{report}");
        assert_eq!(emulator.requests().len(), 8);
        assert!(disk.is_synced(), "the outcomes are on the disk too");
        for _ in 0..16 {
            let _ = open.send(());
        }
    }

    #[tokio::test]
    async fn a_full_disk_stops_the_run_and_the_next_one_doubles_nothing() {
        let emulator = Emulator::start().await.expect("a free port");
        let client = emulator.client();
        for room in [21, 22, 300, 1_000, 2_345, 10_000, 15_000] {
            let disk = Disk::new();
            let journal = disk.open();
            disk.lock().room = Some(room);
            let sender = Sender::new(&client).journal(&journal).max_in_flight(8);
            let facts = || (0..100).map(|number| event(number).0);
            let report = sender.send_all(facts()).await;
            assert_eq!(report.end_reason, EndReason::JournalFailed, "room for {room}");
            assert_eq!(report.progress.completed(), 100);
            let journals = |it: &crate::usage::Unsent<_>| matches!(it.reason, UnsentReason::Journal(_));
            assert!(report.unsent.iter().any(journals), "{report}");
            // What has arrived is known to the disk.
            let replay = disk.replay().expect("not damaged");
            for accepted in &report.accepted {
                assert_ne!(known(&replay.table, accepted.position as u32), Known::New);
            }
            disk.lock().room = None;
            drop((sender, journal));
            let journal = disk.open();
            let events = journal.pending().into_iter().chain(facts());
            let report = Sender::new(&client).journal(&journal).send_all(events).await;
            assert!(report.is_complete(), "{report}");
            let page = client.usage_events().list().limit(1).await.expect("listed");
            assert_eq!(page.pagination.total_result_size, Some(100));
        }
    }
}
