//! The error of a rollup.

use std::fmt;
use std::path::Path;

#[cfg(feature = "blocking")]
use crate::error::Error;
use crate::usage::journal::JournalError;
use chrono::{DateTime, Utc};

/// The error returned by a [`Rollup`](crate::usage::Rollup). Nothing was added.
#[derive(Debug)]
#[non_exhaustive]
pub enum RollupError {
    /// The fact would begin a group, and the rollup has as many as it may. Send what is due, or raise
    /// [`max_groups`](crate::usage::RollupBuilder::max_groups), and add the fact again.
    #[non_exhaustive]
    Full {
        /// The number of groups in all windows that are kept.
        groups: usize,
    },
    /// The window of the fact ended so long ago that its sums are no longer kept. A new event would replace the one that
    /// was sent. Send the fact as an event of its own, with an id of its own.
    #[non_exhaustive]
    TooLate {
        /// The start of the window.
        window: DateTime<Utc>,
    },
    /// A field of the fact is missing or invalid.
    #[non_exhaustive]
    Field {
        /// The name of the field or of the property.
        field: String,
        /// What is wrong, and what to do.
        problem: String,
    },
    /// The sum would have more digits than a JSON number keeps. Use a shorter window, or round before adding.
    #[non_exhaustive]
    TooPrecise {
        /// The name of the property.
        property: String,
    },
    /// There are facts since the last [`checkpoint`](crate::usage::Rollup::checkpoint). Make one before sending, so that a
    /// crash cannot lose what was sent.
    NotSaved,
    /// A setting is invalid, or differs from that of the journal.
    #[non_exhaustive]
    Setting {
        /// The name of the setting.
        setting: &'static str,
        /// What is wrong, and what to do.
        problem: String,
    },
    /// The journal could not be opened, read or written.
    Journal(JournalError),
    /// `send_and_wait` was called inside async code, where it would block other tasks. Nothing was sent.
    #[cfg(feature = "blocking")]
    #[cfg_attr(docsrs, doc(cfg(feature = "blocking")))]
    Blocking(Error),
}

impl RollupError {
    pub(super) fn field(field: &str, problem: impl Into<String>) -> Self {
        Self::Field {
            field: field.to_owned(),
            problem: problem.into(),
        }
    }

    pub(super) fn io(path: &Path, source: std::io::Error) -> Self {
        Self::Journal(JournalError::Io {
            path: path.to_owned(),
            source,
        })
    }
}

impl fmt::Display for RollupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full { groups } => write!(
                f,
                "the rollup has {groups} groups, which is its maximum; send what is due, or raise `max_groups`"
            ),
            Self::TooLate { window } => write!(
                f,
                "the window of {window} is closed for late facts; send the fact as an event of its own"
            ),
            Self::Field { field, problem } => write!(f, "`{field}`: {problem}"),
            Self::TooPrecise { property } => write!(
                f,
                "`{property}`: the sum would have more digits than a JSON number keeps; use a shorter window"
            ),
            Self::NotSaved => {
                f.write_str("there are facts since the last checkpoint; make one before sending")
            }
            Self::Setting { setting, problem } => write!(f, "invalid setting `{setting}`: {problem}"),
            Self::Journal(error) => error.fmt(f),
            #[cfg(feature = "blocking")]
            Self::Blocking(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for RollupError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Journal(error) => error.source(),
            #[cfg(feature = "blocking")]
            Self::Blocking(error) => error.source(),
            _ => None,
        }
    }
}
