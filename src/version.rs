//! The pinned API version.

use std::fmt;
use std::str::FromStr;

use crate::config_error::ConfigError;

/// A version of the Sequence API, sent with every call as `Sequence-Version`.
///
/// The default is the newest that this crate knows. A client is pinned to one version;
/// [`Client::with_version`](crate::Client::with_version) gives a cheap clone that is pinned to
/// another. The types decode the answers of all of them.
///
/// An older version does not have every operation: see the tables below before pinning one.
///
/// ```
/// use sequencehq::ApiVersion;
///
/// assert_eq!(ApiVersion::default().as_str(), "2024-07-30");
/// assert_eq!("2024-01-01".parse::<ApiVersion>()?, ApiVersion::V2024_01_01);
/// # Ok::<(), sequencehq::ConfigError>(())
/// ```
///
#[doc = include_str!(concat!(env!("OUT_DIR"), "/versions.md"))]
#[allow(non_camel_case_types, reason = "a date reads best with its parts apart")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ApiVersion {
    /// `2024-01-01`. Lacks operations, creating customers and schedules among them; see [above](Self).
    V2024_01_01,
    /// `2024-05-09`. Lacks operations, creating customers among them; see [above](Self).
    V2024_05_09,
    /// `2024-07-30`, the default.
    #[default]
    V2024_07_30,
}

impl ApiVersion {
    /// Every supported version, oldest first.
    pub const ALL: &'static [Self] = &[Self::V2024_01_01, Self::V2024_05_09, Self::V2024_07_30];

    pub(crate) const EXPECTED: &'static str = "expected one of 2024-01-01, 2024-05-09 and 2024-07-30";

    /// The version as sent in `Sequence-Version`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V2024_01_01 => "2024-01-01",
            Self::V2024_05_09 => "2024-05-09",
            Self::V2024_07_30 => "2024-07-30",
        }
    }
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for ApiVersion {
    type Err = ConfigError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .iter()
            .copied()
            .find(|version| version.as_str() == text)
            .ok_or(ConfigError::InvalidSetting("api_version", Self::EXPECTED))
    }
}
