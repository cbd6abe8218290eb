//! Profiles: named settings in a configuration file, whose secrets are somewhere else.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde::Deserialize;

use crate::connect::variable;
use crate::failure::Failure;

/// The configuration file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// The name of the profile that is used if none is named.
    default: Option<String>,
    #[serde(default)]
    profiles: BTreeMap<String, Profile>,
}

/// The settings of one account.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Profile {
    #[serde(skip)]
    pub(crate) name: String,
    pub(crate) environment: Option<String>,
    pub(crate) base_url: Option<String>,
    pub(crate) api_version: Option<String>,
    client_id: String,
    client_secret: Secret,
}

/// Where a secret is kept. A secret in the file itself is refused.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
enum Secret {
    /// The name of a variable.
    Env(String),
    /// A program with its arguments, which prints the secret.
    Command(Vec<String>),
    /// The name of an entry in the keyring of the system.
    Keyring(String),
}

/// Returns the path of the configuration file, or `None` if there is no home directory.
pub(crate) fn path() -> Option<PathBuf> {
    if let Some(path) = variable("SEQUENCEHQ_CONFIG") {
        return Some(path.into());
    }
    let folder = match (variable("XDG_CONFIG_HOME"), variable("APPDATA"), variable("HOME")) {
        (Some(folder), _, _) => PathBuf::from(folder),
        (None, Some(folder), _) if cfg!(windows) => PathBuf::from(folder),
        (None, _, Some(home)) => PathBuf::from(home).join(".config"),
        _ => return None,
    };
    Some(folder.join("sequencehq").join("config.toml"))
}

/// Returns the profile with this name, or the default one. Without a file, there is none.
pub(crate) fn read(name: Option<&str>) -> Result<Option<Profile>, Failure> {
    let Some(path) = path() else { return Ok(None) };
    let problem = |problem: String| Failure::Configuration(format!("{}: {problem}", path.display()));
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return match name {
                None => Ok(None),
                Some(name) => Err(problem(format!(
                    "the file does not exist, so there is no profile `{name}`"
                ))),
            };
        }
        Err(error) => return Err(problem(error.to_string())),
    };
    let mut file: File = toml::from_str(&text).map_err(|error| {
        let line = error.span().map_or(1, |span| text[..span.start].matches('\n').count() + 1);
        problem(format!(
            "line {line}: {}. A profile has `client-id`, `client-secret`, and optionally `environment`, `base-url` and `api-version`. The \
             secret is `{{ env = \"NAME\" }}`, `{{ command = [\"pass\", \"show\", \"sequence\"] }}` or `{{ keyring = \"NAME\" }}`, and never \
             in the file itself.",
            safe_part(error.message())
        ))
    })?;
    let Some(name) = name.map(str::to_owned).or_else(|| file.default.clone()) else {
        return Ok(None);
    };
    match file.profiles.remove(&name) {
        Some(profile) => Ok(Some(Profile { name, ..profile })),
        None => {
            let names: Vec<&str> = file.profiles.keys().map(String::as_str).collect();
            Err(problem(match &names[..] {
                [] => format!("there is no profile `{name}`. Add a table `[profiles.{name}]`."),
                names => format!("there is no profile `{name}`. Use one of: {}.", names.join(", ")),
            }))
        }
    }
}

/// The part of a message of the parser that quotes no value, since a value may be a secret. The name of a field is none.
fn safe_part(message: &str) -> &str {
    if ["unknown variant", "invalid type", "invalid value"]
        .iter()
        .any(|start| message.starts_with(start))
    {
        return "this value is not valid here";
    }
    let is_field = ["unknown field", "missing field"]
        .iter()
        .any(|start| message.starts_with(start));
    let end = match message.match_indices('`').nth(usize::from(is_field)) {
        Some((quote, _)) => quote + usize::from(is_field),
        None => message.len(),
    };
    let part = message[..end].lines().next().unwrap_or_default();
    part.trim().trim_end_matches([',', ':'])
}

impl Profile {
    /// Returns client id and secret.
    pub(crate) fn credentials(&self) -> Result<(String, String), Failure> {
        let secret = self.client_secret.read();
        let secret = secret.map_err(|problem| {
            Failure::Configuration(format!("the secret of profile `{}`: {problem}", self.name))
        })?;
        Ok((self.client_id.clone(), secret))
    }
}

impl Secret {
    fn read(&self) -> Result<String, String> {
        match self {
            Self::Env(name) => variable(name).ok_or_else(|| format!("{name} is not set")),
            Self::Command(words) => printed_by(words),
            Self::Keyring(name) => printed_by(&keyring(name)?).map_err(|problem| {
                format!("{problem}. The README describes how `keyring` is read; `command` and `env` do without it.")
            }),
        }
    }
}

/// Returns the command that reads an entry of the system's keyring.
fn keyring(name: &str) -> Result<Vec<String>, String> {
    let words: &[&str] = if cfg!(target_os = "macos") {
        &["security", "find-generic-password", "-w", "-s", name]
    } else if cfg!(unix) {
        &["secret-tool", "lookup", "service", name]
    } else {
        return Err("`keyring` is not available on this system. Use `command`.".to_owned());
    };
    Ok(words.iter().map(|word| (*word).to_owned()).collect())
}

/// Runs a command and returns the first line that it prints.
fn printed_by(words: &[String]) -> Result<String, String> {
    let (program, arguments) = words.split_first().ok_or("the command is empty")?;
    let mut command = Command::new(program);
    // The program may ask for a password on the terminal.
    command
        .args(arguments)
        .stdin(Stdio::inherit())
        .stderr(Stdio::inherit());
    let output = command
        .output()
        .map_err(|error| format!("`{program}` cannot be run: {error}"))?;
    if !output.status.success() {
        return Err(format!("`{program}` failed: {}", output.status));
    }
    let text = String::from_utf8(output.stdout)
        .map_err(|_| format!("`{program}` printed something that is not text"))?;
    match text.lines().next() {
        Some(secret) if !secret.is_empty() => Ok(secret.to_owned()),
        _ => Err(format!("`{program}` printed nothing")),
    }
}

impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Profile")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
