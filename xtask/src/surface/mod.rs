//! `cargo xtask surface`: what has changed for users since the last release, and the draft of the changelog.

mod changelog;
mod changes;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::process::ExitCode;

use changes::{Change, Label};

const USAGE: &str = "\
usage: cargo xtask surface [--record | OLD NEW]

Compares tests/golden/released.txt, the public surface of the last release, with tests/golden/surface.txt. Lists each
change with a label (breaking, behavior, additive), and drafts entries for those that CHANGELOG.md does not have yet.
Each breaking change has to be named under `### Breaking` of the section `Unreleased`.

  --record   at a release, once CHANGELOG.md has its section: records the surface as the released one
  OLD NEW    compares two listings, without the changelog

exit status: 0 every breaking change is named, 1 one is not, 2 wrong usage or an unreadable file";

const RELEASED: &str = "tests/golden/released.txt";
const CURRENT: &str = "tests/golden/surface.txt";
const CHANGELOG: &str = "CHANGELOG.md";

pub(crate) fn run(arguments: &[String]) -> ExitCode {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let result = match arguments[..] {
        ["--help" | "-h"] => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        [] => Files::read(&top).and_then(|files| files.report()),
        ["--record"] => record(&top),
        [old, new] if !old.starts_with('-') && !new.starts_with('-') => compare(old, new),
        _ => Err(USAGE.to_owned()),
    };
    match result {
        Ok((text, unnamed)) => {
            print!("{text}");
            match unnamed {
                0 => ExitCode::SUCCESS,
                _ => ExitCode::FAILURE,
            }
        }
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::from(2)
        }
    }
}

/// Fails if a breaking change is not in the changelog.
pub(crate) fn check(top: &Path) -> Result<(), String> {
    let (text, unnamed) = Files::read(top)?.report()?;
    print!("{text}");
    match unnamed {
        0 => Ok(()),
        some => Err(format!(
            "{CHANGELOG} does not name {}. Add the draft above under `## Unreleased`, in your own words.",
            breaking_changes(some)
        )),
    }
}

fn breaking_changes(count: usize) -> String {
    match count {
        1 => "1 breaking change".to_owned(),
        some => format!("{some} breaking changes"),
    }
}

fn compare(old: &str, new: &str) -> Result<(String, usize), String> {
    let changes = changes::between(&read(Path::new(old))?, &read(Path::new(new))?);
    Ok((listed(&changes), 0))
}

fn listed(changes: &[Change]) -> String {
    changes.iter().map(|change| format!("{change}\n")).collect()
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))
}

/// What a comparison with the last release reads.
struct Files {
    released: String,
    current: String,
    changelog: String,
}

impl Files {
    fn read(top: &Path) -> Result<Self, String> {
        Ok(Self {
            released: read(&top.join(RELEASED))?,
            current: read(&top.join(CURRENT))?,
            changelog: read(&top.join(CHANGELOG))?,
        })
    }

    /// Returns what to print, and the number of breaking changes that the changelog does not name.
    fn report(&self) -> Result<(String, usize), String> {
        let changes = changes::between(&self.released, &self.current);
        let section = changelog::unreleased(&self.changelog)?;
        let unnamed = changes.iter().filter(|change| !changelog::names(section, change));
        let breaking = unnamed.clone().filter(|change| change.label == Label::Breaking);
        let mut text = listed(&changes);
        text += &match changes.len() {
            0 => "the surface is that of the last release\n".to_owned(),
            1 => "1 change since the last release\n".to_owned(),
            some => format!("{some} changes since the last release\n"),
        };
        let draft = changes::draft(unnamed.clone());
        if !draft.is_empty() {
            text += &format!("\ndraft for {CHANGELOG}, under `## Unreleased`:\n\n{draft}");
        }
        Ok((text, breaking.count()))
    }
}

/// Records the surface as the released one, once for each release.
fn record(top: &Path) -> Result<(String, usize), String> {
    let path = top.join(RELEASED);
    let released = std::fs::read_to_string(&path).unwrap_or_default();
    let text = recorded(
        &released,
        &read(&top.join(CURRENT))?,
        &read(&top.join(CHANGELOG))?,
    )?;
    std::fs::write(&path, text).map_err(|error| format!("{} cannot be written: {error}", path.display()))?;
    Ok((format!("recorded in {RELEASED}\n"), 0))
}

/// Returns the recorded listing, which begins with the version.
fn recorded(released: &str, current: &str, changelog: &str) -> Result<String, String> {
    let release = changelog::last_release(changelog);
    let line = match release {
        Some(version) => format!("# The public surface of {version}.\n"),
        None => "# The public surface before the first release.\n".to_owned(),
    };
    match release {
        Some(version) if released.starts_with(&line) => Err(format!(
            "{RELEASED} is the surface of {version} already. Give `## Unreleased` in {CHANGELOG} the version of the new \
             release first."
        )),
        _ => Ok(line + current),
    }
}
