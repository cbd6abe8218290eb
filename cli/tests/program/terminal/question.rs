//! The question before something final happens in production.

use super::support::{Ended, terminal};
use crate::support::Stage;

/// Not a loopback address by its text, and nothing listens there.
const PRODUCTION: [&str; 4] = ["--base-url", "https://0.0.0.0:1/api", "--timeout", "1"];
const CTRL_C: &str = "\u{3}";
const CTRL_D: &str = "\u{4}";
/// The number of SIGINT.
const INTERRUPT: i32 = 2;

fn answered(stage: &Stage, keys: &str) -> Ended {
    let mut terminal = terminal(stage).run(&[&PRODUCTION[..], &["invoices", "void", "a"]].concat());
    terminal.see("This calls `invoice_void` (POST https://0.0.0.0:1/api/invoices/a/void) in production.");
    terminal.see("Type `yes` to go on: ");
    terminal.type_in(keys);
    terminal.end()
}

#[test]
fn only_yes_goes_on() {
    let stage = Stage::new();
    for keys in ["yes\n", " yes \n"] {
        let ended = answered(&stage, keys);
        assert_eq!(ended.code(), 5, "it was sent, and not received: {ended:#?}");
    }
    for (keys, answer) in [
        ("no\n", "no"),
        ("y\n", "y"),
        ("YES\n", "YES"),
        ("yes please\n", "yes please"),
    ] {
        let ended = answered(&stage, keys);
        assert_eq!(ended.code(), 7, "{ended:#?}");
        let message = format!("not confirmed, since `{answer}` is not `yes`; nothing was sent\r\n");
        assert!(ended.shown.ends_with(&message), "{ended:#?}");
    }
    let nothing = answered(&stage, "\n");
    assert_eq!(nothing.code(), 7, "{nothing:#?}");
    assert!(
        nothing.shown.ends_with("not confirmed, and nothing was sent\r\n"),
        "{nothing:#?}"
    );
}

#[test]
fn the_end_of_the_input_is_no_confirmation_and_the_message_has_a_line_of_its_own() {
    let ended = answered(&Stage::new(), CTRL_D);
    assert_eq!(ended.code(), 7, "{ended:#?}");
    let last = ended.shown.trim_end().lines().last().expect("a line");
    assert!(
        last.starts_with("\u{1b}[1;31merror:") && last.ends_with("nothing was sent"),
        "{ended:#?}"
    );
}

#[test]
fn an_interrupt_ends_the_program_and_nothing_is_sent() {
    let ended = answered(&Stage::new(), CTRL_C);
    assert_eq!(ended.code(), -INTERRUPT, "{ended:#?}");
    assert!(ended.shown.ends_with("^C"), "{ended:#?}");
}

#[test]
fn a_confirmed_command_asks_nothing() {
    let stage = Stage::new();
    let arguments = [&PRODUCTION[..], &["invoices", "void", "a", "--yes"]].concat();
    let ended = terminal(&stage).run(&arguments).end();
    assert_eq!(ended.code(), 5, "{ended:#?}");
    assert!(!ended.shown.contains("Type `yes`"), "{ended:#?}");
}
