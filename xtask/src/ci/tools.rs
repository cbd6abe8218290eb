//! Published tools, each pinned to a version and installed when it is missing.
//!
//! A program of the right version on the `PATH` is used as it is. Otherwise it is installed in `target/tools`, or in
//! `CARGO_INSTALL_ROOT`, so that another version that a developer has is not replaced.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::command::{cargo, run, succeeds};

pub(super) struct Tool {
    package: &'static str,
    program: &'static str,
    /// The argument that Cargo passes first to a subcommand.
    subcommand: Option<&'static str>,
    version: &'static str,
}

pub(super) const HACK: Tool = Tool {
    package: "cargo-hack",
    program: "cargo-hack",
    subcommand: Some("hack"),
    version: "0.6.46",
};
pub(super) const TYPOS: Tool = Tool {
    package: "typos-cli",
    program: "typos",
    subcommand: None,
    version: "1.52.0",
};
pub(super) const DENY: Tool = Tool {
    package: "cargo-deny",
    program: "cargo-deny",
    subcommand: Some("deny"),
    version: "0.20.2",
};
pub(super) const SEMVER_CHECKS: Tool = Tool {
    package: "cargo-semver-checks",
    program: "cargo-semver-checks",
    subcommand: Some("semver-checks"),
    version: "0.51.0",
};

impl Tool {
    /// Returns the program, installed if necessary, or `None` if it is missing and the registry cannot be reached.
    pub(super) fn command(&self, arguments: &[&str]) -> Result<Option<Command>, String> {
        let root =
            std::env::var_os("CARGO_INSTALL_ROOT").map_or_else(|| "target/tools".into(), PathBuf::from);
        let installed = root.join("bin").join(self.program);
        let on_path = PathBuf::from(self.program);
        let program = if let Some(program) = [&installed, &on_path].into_iter().find(|path| self.is(path)) {
            program.clone()
        } else {
            let id = format!("{}@{}", self.package, self.version);
            if !succeeds(&mut cargo(&["info", "--quiet", &id])) {
                return Ok(None);
            }
            run(cargo(&["install", "--quiet", "--locked", &id, "--root"]).arg(&root))?;
            installed
        };
        let mut command = Command::new(program);
        command.args(self.subcommand).args(arguments);
        Ok(Some(command))
    }

    /// The reason why a step is skipped without this tool.
    pub(super) fn missing(&self) -> String {
        format!(
            "{} {} is not installed and the registry cannot be reached",
            self.package, self.version
        )
    }

    /// Returns `true` if the program exists in the required version.
    fn is(&self, program: &Path) -> bool {
        let output = Command::new(program)
            .args(self.subcommand)
            .arg("--version")
            .output();
        output.is_ok_and(|output| {
            String::from_utf8_lossy(&output.stdout)
                .split_whitespace()
                .any(|word| word == self.version)
        })
    }
}
