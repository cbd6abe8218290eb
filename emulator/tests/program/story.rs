//! Another language, with nothing but its standard library.

use std::process::Command;

#[test]
fn a_python_program_bills_a_month() {
    let python = Command::new("python3").arg("--version").output();
    if !python.is_ok_and(|output| output.status.success()) {
        // This machine has no Python.
        return;
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/story.py");
    let output = Command::new("python3")
        .args([script, env!("CARGO_BIN_EXE_sequencehq-emulator")])
        .output()
        .expect("it was started before");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(
        output.status.success(),
        "{}{}",
        text(&output.stdout),
        text(&output.stderr)
    );
}
