//! Colors and widths.

use super::support::{Ended, terminal};
use crate::support::{Stage, ran};

const BOLD: &str = "\u{1b}[1m";
const RED: &str = "\u{1b}[1;31m";

fn list(stage: &Stage, variable: Option<(&str, &str)>, arguments: &[&str]) -> Ended {
    let mut start = terminal(stage);
    if let Some((name, value)) = variable {
        start = start.variable(name, value);
    }
    start.run(&[&["customers", "list"], arguments].concat()).end()
}

#[test]
fn a_terminal_has_colors_unless_they_are_turned_off() {
    let stage = Stage::new();
    stage.emulator.add_customer("Acme Ltd");
    for (variable, arguments, has_color) in [
        (None, &[][..], true),
        (None, &["--color", "never"], false),
        (Some(("NO_COLOR", "1")), &[], false),
        (Some(("NO_COLOR", "")), &[], true),
        (Some(("NO_COLOR", "1")), &["--color", "always"], true),
    ] {
        let listed = list(&stage, variable, arguments);
        assert_eq!(listed.code(), 0, "{listed:#?}");
        assert_eq!(
            listed.shown.contains(BOLD),
            has_color,
            "{variable:?} {arguments:?}: {listed:#?}"
        );
        let failed = list(&stage, variable, &[arguments, &["--after", "x"]].concat());
        assert_eq!(failed.code(), 4, "{failed:#?}");
        assert_eq!(
            failed.shown.contains(RED),
            has_color,
            "{variable:?} {arguments:?}: {failed:#?}"
        );
    }
}

#[test]
fn a_pipe_has_colors_only_if_they_are_asked_for() {
    let stage = Stage::new();
    stage.emulator.add_customer("Acme Ltd");
    for (arguments, has_color) in [(&[][..], false), (&["--color", "always"], true)] {
        let listed = ran(stage.program().args(["customers", "list"]).args(arguments), "");
        assert_eq!(listed.out.contains(BOLD), has_color, "{listed:#?}");
        let failed = ran(
            stage.program().args(["customers", "get", "x"]).args(arguments),
            "",
        );
        assert_eq!(failed.err.contains(RED), has_color, "{failed:#?}");
    }
}

/// The longest line, without colors.
fn widest(shown: &str) -> usize {
    let plain = shown.replace(BOLD, "").replace("\u{1b}[0m", "");
    plain
        .lines()
        .map(|line| line.chars().count())
        .max()
        .unwrap_or_default()
}

#[test]
fn a_table_fits_the_terminal() {
    let stage = Stage::new();
    stage
        .emulator
        .add_customer("A company whose name is longer than most terminals are wide, which happens");
    for columns in [20, 40, 80, 200] {
        let listed = terminal(&stage)
            .columns(columns)
            .run(&["customers", "list"])
            .end();
        assert_eq!(listed.code(), 0, "{listed:#?}");
        assert!(widest(&listed.shown) <= columns.into(), "{columns}: {listed:#?}");
        assert!(listed.shown.contains("id"), "{listed:#?}");
    }
    let narrow = terminal(&stage)
        .variable("COLUMNS", "30")
        .run(&["customers", "list"])
        .end();
    assert!(widest(&narrow.shown) <= 30, "COLUMNS wins: {narrow:#?}");
    let piped = stage.printed(&["customers", "list"]);
    assert!(widest(&piped) > 100, "a file has everything: {piped}");
}

#[test]
fn help_fits_the_terminal() {
    let stage = Stage::new();
    for (columns, most) in [(60, 60), (100, 100), (200, 110)] {
        let help = terminal(&stage)
            .columns(columns)
            .run(&["usage", "import", "--help", "--color", "never"])
            .end();
        assert_eq!(help.code(), 0, "{help:#?}");
        assert!(widest(&help.shown) <= most, "{columns}: {}", help.shown);
    }
}
