//! Rustdoc with its unstable options, on a stable toolchain.
//!
//! `RUSTC_BOOTSTRAP` enables them. It must be set for rustdoc alone, because the build scripts of dependencies react to it
//! and would be built again. So Cargo calls this program in place of rustdoc.

use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::sync::OnceLock;

/// Set if this program was called in place of rustdoc.
const MARK: &str = "XTASK_IS_RUSTDOC";

/// The path of this program.
static PROGRAM: OnceLock<Result<PathBuf, String>> = OnceLock::new();

/// Returns the path of this program as it was at the first call: a step that builds this program again replaces its file, and
/// the system then reports the path of a deleted one.
pub(super) fn program() -> Result<PathBuf, String> {
    let path = PROGRAM.get_or_init(|| std::env::current_exe().map_err(|error| error.to_string()));
    path.clone()
}

/// Makes a command of Cargo call rustdoc with its unstable options.
pub(super) fn with_unstable_options(command: &mut Command) -> Result<&mut Command, String> {
    Ok(command.env("RUSTDOC", program()?).env(MARK, "1"))
}

/// Calls rustdoc, if this program was called in place of it.
pub(crate) fn in_place_of_rustdoc() -> Option<ExitCode> {
    std::env::var_os(MARK)?;
    let status = Command::new("rustdoc")
        .args(std::env::args_os().skip(1))
        .env("RUSTC_BOOTSTRAP", "1")
        .env_remove(MARK)
        .status();
    let success = status.is_ok_and(|status| status.success());
    Some(if success {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
