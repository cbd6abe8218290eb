//! The step `own-document`: builds the crate from our document with one operation of a company, and calls it.
//!
//! The project, `tests/own_document`, is outside of the workspace and sets `SEQUENCEHQ_OPENAPI` in its `.cargo/config.toml`,
//! as users do.

use std::fs;
use std::path::Path;

use super::command::{cargo, output, run};

const PROJECT: &str = "tests/own_document";
/// The lines that begin the sections of a document.
const TAGS: &str = "\ntags:\n";
const PATHS: &str = "\npaths:\n";
const SCHEMAS: &str = "\n  schemas:\n";

/// Runs the tests of the project, and checks that a second build has nothing to do.
pub(super) fn check(target: &Path) -> Result<(), String> {
    let project = Path::new(PROJECT);
    let ours = read(Path::new("openapi.yaml"))?;
    let additions = read(&project.join("additions.yaml"))?;
    let document =
        with(&ours, &additions).ok_or("a section of the document or of the additions is missing")?;
    write(&project.join("openapi.yaml"), &document)?;
    // The same versions as in the workspace, so that nothing is downloaded.
    write(&project.join("Cargo.lock"), &read(Path::new("Cargo.lock"))?)?;
    let target = std::path::absolute(target.join("own_document")).map_err(|error| error.to_string())?;
    let command = |arguments: &[&str]| {
        let mut command = cargo(arguments);
        command.current_dir(project).env("CARGO_TARGET_DIR", &target);
        command.env_remove("SEQUENCEHQ_OPENAPI");
        command
    };
    run(&mut cargo(&["fetch"]))?;
    run(&mut command(&["test", "--offline"]))?;
    let messages = output(&mut command(&[
        "test",
        "--offline",
        "--no-run",
        "--message-format",
        "json",
    ]))?;
    if messages.contains("\"fresh\":false") {
        return Err("a second build without a change compiled something".to_owned());
    }
    Ok(())
}

/// Returns the document with the additions at the start of its sections.
fn with(document: &str, additions: &str) -> Option<String> {
    let (_, rest) = additions.split_once(TAGS)?;
    let (tags, rest) = rest.split_once(PATHS)?;
    let (paths, schemas) = rest.split_once("\ncomponents:\n  schemas:\n")?;
    let mut document = document.to_owned();
    for (section, added) in [(TAGS, tags), (PATHS, paths), (SCHEMAS, schemas.trim_end())] {
        let start = document.find(section)? + section.len();
        document.insert_str(start, &format!("{added}\n"));
    }
    Some(document)
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// Writes a file that has changed, so that an unchanged document is not built again.
fn write(path: &Path, text: &str) -> Result<(), String> {
    if fs::read_to_string(path).is_ok_and(|present| present == text) {
        return Ok(());
    }
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::with;

    #[test]
    fn additions_are_at_the_start_of_their_sections() {
        let document = "x: 1\ntags:\n  - a\n\npaths:\n  /a: 1\ncomponents:\n  schemas:\n    A: 1\n";
        let additions = "# More.\ntags:\n  - b\npaths:\n  /b: 2\ncomponents:\n  schemas:\n    B: 2\n";
        let both = "x: 1\ntags:\n  - b\n  - a\n\npaths:\n  /b: 2\n  /a: 1\ncomponents:\n  schemas:\n    B: 2\n    A: 1\n";
        assert_eq!(with(document, additions).as_deref(), Some(both));
        assert_eq!(with("tags: []", additions), None);
    }
}
