//! What went wrong, as text for people and as an exit status for scripts.

use std::fmt::Write as _;
use std::io;
use std::process::ExitCode;

use sequencehq::ErrorKind;

/// Why a command failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The arguments are invalid, and nothing was sent.
    Input(String),
    /// Credentials or settings are missing or invalid.
    Configuration(String),
    /// The API or the way to it failed.
    Call(Box<sequencehq::Error>),
    /// An emulator refused the call.
    Refused(String),
    /// There is no emulator, or no answer from it, and nothing was done.
    Unreached(String),
    /// An emulator may have done it.
    Unknown(String),
    /// Not confirmed, and not done.
    Unconfirmed(String),
    /// The result is incomplete or cannot be written.
    Local(String),
    /// The reader of the output has gone, such as `head`.
    Closed,
}

impl Failure {
    pub(crate) fn status(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Closed => 0,
            Self::Local(_) => 1,
            Self::Input(_) => 2,
            Self::Configuration(_) => 3,
            Self::Refused(_) => 4,
            Self::Unreached(_) => 5,
            Self::Unknown(_) => 6,
            Self::Unconfirmed(_) => 7,
            Self::Call(error) if error.is_invalid_input() || error.is_unsupported_version() => 2,
            Self::Call(error) if error.is_config() => 3,
            Self::Call(error) if error.kind() == ErrorKind::File => 1,
            Self::Call(error) if error.may_have_acted() => 6,
            Self::Call(error) if error.status().is_none() || error.is_rate_limited() => 5,
            Self::Call(_) => 4,
        })
    }

    /// Returns the text for standard error, or `None` if there is nothing to report.
    pub(crate) fn report(&self) -> Option<String> {
        match self {
            Self::Closed => None,
            Self::Input(problem)
            | Self::Configuration(problem)
            | Self::Refused(problem)
            | Self::Unreached(problem)
            | Self::Unknown(problem)
            | Self::Unconfirmed(problem)
            | Self::Local(problem) => Some(format!("error: {problem}\n")),
            Self::Call(error) => Some(call(error)),
        }
    }
}

fn call(error: &sequencehq::Error) -> String {
    // The text is for programs in Rust, where the version is pinned by a method.
    let shown = error
        .to_string()
        .replace("Client::with_api_version", "--api-version");
    let mut text = format!("error: {shown}\n");
    let causes = causes(error);
    // Those between the message and a root cause that it names are layers of the HTTP client.
    if causes.last().is_some_and(|root| !shown.contains(root.as_str())) {
        for cause in causes {
            let _ = writeln!(text, "  caused by: {cause}");
        }
    }
    let is_local = error.is_config() || error.kind() == ErrorKind::File;
    if error.is_invalid_input() || error.is_unsupported_version() || is_local {
        return text;
    }
    text += if error.may_have_acted() {
        "  could it have acted? yes: check the state before you repeat it\n"
    } else {
        "  could it have acted? no\n"
    };
    text
}

/// Returns the causes of an error, the root cause last.
fn causes(error: &sequencehq::Error) -> Vec<String> {
    let first = std::error::Error::source(error);
    std::iter::successors(first, |cause| cause.source())
        .map(ToString::to_string)
        .collect()
}

impl From<sequencehq::Error> for Failure {
    fn from(error: sequencehq::Error) -> Self {
        Self::Call(Box::new(error))
    }
}

impl From<sequencehq::ConfigError> for Failure {
    fn from(error: sequencehq::ConfigError) -> Self {
        Self::Configuration(error.to_string())
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::Closed,
            io::ErrorKind::StorageFull => Self::Local(format!("the output cannot be written: {error}")),
            _ => Self::Local(error.to_string()),
        }
    }
}
