//! Rustdoc with its unstable options, on a stable toolchain.
//!
//! `RUSTC_BOOTSTRAP` enables them. It must be set for rustdoc alone, because the build scripts of dependencies react to it
//! and would be built again. So Cargo calls this program in place of rustdoc.

use std::process::{Command, ExitCode};

/// Set if this program was called in place of rustdoc.
const MARK: &str = "XTASK_IS_RUSTDOC";

/// Makes a command of Cargo call rustdoc with its unstable options.
pub(super) fn with_unstable_options(command: &mut Command) -> Result<&mut Command, String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    Ok(command.env("RUSTDOC", program).env(MARK, "1"))
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
