//! Commands: printed before they run, with an error that names the command that failed.

use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Returns `cargo` with `arguments`.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments);
    command
}

/// Prints and runs a command. Its output goes to the terminal.
pub(crate) fn run(command: &mut Command) -> Result<(), String> {
    println!("$ {}", shown(command));
    let status = command.status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{}` failed ({status})", shown(command))),
        Err(error) => Err(format!("`{}` could not be started: {error}", shown(command))),
    }
}

/// Runs a command and returns its standard output. Its standard error goes to the terminal.
pub(super) fn output(command: &mut Command) -> Result<String, String> {
    println!("$ {}", shown(command));
    match command.stderr(Stdio::inherit()).output() {
        Ok(output) if output.status.success() => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        Ok(output) => Err(format!("`{}` failed ({})", shown(command), output.status)),
        Err(error) => Err(format!("`{}` could not be started: {error}", shown(command))),
    }
}

/// Returns `true` if a command exists and succeeds. Its output is discarded.
pub(super) fn succeeds(command: &mut Command) -> bool {
    command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Returns a command as it is typed: variables, the name of the program without its folder, arguments.
fn shown(command: &Command) -> String {
    let variables = command
        .get_envs()
        .filter_map(|(name, value)| Some(format!("{}={}", name.display(), value?.display())));
    let program = PathBuf::from(command.get_program());
    let program = program.file_stem().unwrap_or_default().display().to_string();
    let arguments = command.get_args().map(|argument| argument.display().to_string());
    let words: Vec<String> = variables.chain([program]).chain(arguments).collect();
    words.join(" ")
}

/// Returns the output folder of the crate's build script from the output of `cargo … --message-format json`.
pub(crate) fn out_dir(messages: &str) -> Result<PathBuf, String> {
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|message| message["reason"] == "build-script-executed")
        .filter_map(|message| message["out_dir"].as_str().map(PathBuf::from))
        .find(|path| {
            path.components()
                .any(|part| part.as_os_str().to_string_lossy().starts_with("sequencehq-"))
        })
        .ok_or_else(|| "cargo reported no output folder of the build script".to_owned())
}
