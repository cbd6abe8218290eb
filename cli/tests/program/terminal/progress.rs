//! Progress of long work.

use super::support::terminal;
use crate::support::{Folder, Stage};

/// Returns to the start of the line and clears it.
const CLEARED: &str = "\r\u{1b}[2K";

fn invoices(stage: &Stage, count: usize) {
    let customer = format!("customerId={}", stage.emulator.add_customer("Acme Ltd"));
    for _ in 0..count {
        stage.printed(&["invoices", "create", "-s", &customer, "-s", "currency=GBP"]);
    }
}

const ALL: [&str; 8] = [
    "invoices",
    "list",
    "--all",
    "--limit",
    "2",
    "-o",
    "csv",
    "--columns",
];

#[test]
fn a_long_list_that_is_written_elsewhere_shows_its_progress() {
    let stage = Stage::new();
    invoices(&stage, 3);
    let ended = terminal(&stage)
        .piped()
        .run(&[&ALL[..], &["status"]].concat())
        .end();
    assert_eq!(
        (ended.code(), ended.out.as_str()),
        (0, "status\nDRAFT\nDRAFT\nDRAFT\n"),
        "{ended:#?}"
    );
    assert!(ended.shown.contains("/3 "), "the total is known: {ended:#?}");
    assert!(ended.shown.ends_with(CLEARED), "no bar is left: {ended:#?}");
}

#[test]
fn a_list_on_the_terminal_has_no_bar() {
    let stage = Stage::new();
    invoices(&stage, 3);
    let ended = terminal(&stage).run(&[&ALL[..], &["status"]].concat()).end();
    assert_eq!(ended.shown, "status\r\nDRAFT\r\nDRAFT\r\nDRAFT\r\n");
}

#[test]
fn an_import_shows_its_progress_and_then_the_result() {
    let stage = Stage::new();
    let folder = Folder::new("progress");
    let event = r#"{"customerAlias":"acme","eventType":"call","eventTimestamp":"2026-01-01T00:00:00Z"}"#;
    let file = folder.write("events.ndjson", &format!("{event}\n{event}\n"));
    let ended = terminal(&stage)
        .columns(120)
        .run(&["usage", "import", &file, "--no-journal"])
        .end();
    assert_eq!(ended.code(), 0, "{ended:#?}");
    assert!(ended.shown.contains("100% eta 0s"), "{ended:#?}");
    let (_, result) = ended.shown.rsplit_once(CLEARED).expect("the bar is cleared");
    assert!(result.starts_with("2 read: 2 accepted"), "{ended:#?}");
}
