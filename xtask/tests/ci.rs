//! `cargo xtask ci` as a command. The steps themselves are the checks of the repository.

use std::process::Command;

fn ci(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("ci")
        .args(arguments)
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn the_list_has_a_line_for_each_step() {
    let (status, out, _) = ci(&["--list"]);
    assert_eq!(status, Some(0));
    for name in ["tests", "clippy", "features", "msrv", "public"] {
        let mut lines = out.lines().map(|line| line.split(' ').next());
        assert!(lines.any(|first| first == Some(name)), "{name}: {out}");
    }
    let (_, less, _) = ci(&["--list", "--skip", "tests"]);
    assert_eq!(less.lines().count() + 1, out.lines().count());
}

#[test]
fn status_2_for_a_step_that_does_not_exist() {
    let (status, out, message) = ci(&["odd"]);
    assert_eq!((status, out.as_str()), (Some(2), ""));
    assert!(message.contains("there is no step `odd`"), "{message}");
}
