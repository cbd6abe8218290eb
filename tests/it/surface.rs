//! The generated public surface changes only when somebody says so.

const REVIEWED: &str = "tests/golden/surface.txt";

/// `UPDATE_SURFACE=1 cargo test --test it surface` writes the reviewed listing anew.
#[test]
fn the_surface_is_the_reviewed_one() {
    let now = include_str!(concat!(env!("OUT_DIR"), "/surface.txt"));
    if std::env::var_os("UPDATE_SURFACE").is_some() {
        std::fs::write(REVIEWED, now).expect("the listing can be written");
    }
    let reviewed = std::fs::read_to_string(REVIEWED).expect("the listing is there");
    let changed: Vec<String> = diff(&reviewed, now);
    assert!(
        changed.is_empty(),
        "the public surface changed:\n{}\nIf that is meant, run `UPDATE_SURFACE=1 cargo test --test it surface` and review the result.",
        changed.join("\n"),
    );
}

/// The lines that only one of the two has.
fn diff(reviewed: &str, now: &str) -> Vec<String> {
    let side = |mark: &str, of: &str, other: &str| {
        let other: std::collections::HashSet<&str> = other.lines().collect();
        of.lines()
            .filter(|line| !other.contains(line))
            .map(|line| format!("{mark} {line}"))
            .collect::<Vec<_>>()
    };
    let mut changed = [side("-", reviewed, now), side("+", now, reviewed)].concat();
    if changed.is_empty() && reviewed != now {
        changed.push("(the same lines in another order)".to_owned());
    }
    changed
}
