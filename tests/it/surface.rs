//! The generated public surface changes only on purpose, and with a label for each change.

#[path = "../../xtask/src/surface/changes/mod.rs"]
mod changes;

const REVIEWED: &str = "tests/golden/surface.txt";

/// `UPDATE_SURFACE=1 cargo test --features full --test it surface` writes the reviewed listing anew.
#[test]
fn the_surface_is_the_reviewed_one() {
    let now = include_str!(concat!(env!("OUT_DIR"), "/surface.txt"));
    let reviewed = std::fs::read_to_string(REVIEWED).expect("the listing is there");
    if reviewed == now {
        return;
    }
    if std::env::var_os("UPDATE_SURFACE").is_some() {
        std::fs::write(REVIEWED, now).expect("the listing can be written");
        return;
    }
    let report = report(&reviewed, now);
    panic!(
        "the public surface changed:\n\n{report}\nIf this is intended, run `UPDATE_SURFACE=1 cargo test --features full \
         --test it surface` and review the result.",
    );
}

/// The changes with their labels, and entries for the changelog.
fn report(reviewed: &str, now: &str) -> String {
    let changes = changes::between(reviewed, now);
    if changes.is_empty() {
        return "the same items in another order or form\n".to_owned();
    }
    let lines: String = changes.iter().map(|change| format!("{change}\n")).collect();
    let draft = changes::draft(changes.iter());
    format!("{lines}\ndraft for CHANGELOG.md, under `## Unreleased`:\n\n{draft}")
}
