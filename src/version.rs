//! The pinned API version.

use std::fmt;
use std::str::FromStr;

use crate::config_error::ConfigError;

/// Defines [`ApiVersion`] from the list that the build generates from `openapi.yaml`.
macro_rules! api_versions {
    (
        versions { $($(#[$attribute:meta])* $variant:ident = $text:literal,)* }
        honours_idempotency_key { $($keyed:ident)* }
    ) => {
        /// A version of the Sequence API, sent with every call as `Sequence-Version`.
        ///
        /// The default is the newest version known to this crate. A client is pinned to one version;
        /// [`Client::with_api_version`](crate::Client::with_api_version) returns a cheap clone that is pinned to another. The
        /// types decode the responses of all versions.
        ///
        /// Older versions lack some operations: see the tables below before you pin one.
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
        #[allow(non_camel_case_types, reason = "underscores keep the parts of the date readable")]
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum ApiVersion {
            $($(#[$attribute])* $variant,)*
        }

        impl ApiVersion {
            /// All supported versions, oldest first.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            const HONOURS_IDEMPOTENCY_KEY: &'static [Self] = &[$(Self::$keyed),*];

            pub(crate) const EXPECTED: &'static str = concat!("expected one of" $(, " ", $text)*);

            /// Returns the version as sent in `Sequence-Version`.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }
        }
    };
}

include!(concat!(env!("OUT_DIR"), "/versions.rs"));

impl ApiVersion {
    /// Returns `true` if the API documents the header `Idempotency-Key` in this version.
    pub(crate) fn honours_idempotency_key(self) -> bool {
        Self::HONOURS_IDEMPOTENCY_KEY.contains(&self)
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

#[cfg(test)]
mod tests {
    use super::ApiVersion;

    #[test]
    fn the_versions_are_those_of_the_document_oldest_first() {
        let names: Vec<&str> = ApiVersion::ALL.iter().map(|version| version.as_str()).collect();
        assert_eq!(names, ["2024-01-01", "2024-05-09", "2024-07-30"]);
        assert!(ApiVersion::ALL.is_sorted());
        assert_eq!(ApiVersion::default(), ApiVersion::V2024_07_30);
    }

    #[test]
    fn an_idempotency_key_is_honoured_since_the_version_in_the_document() {
        let honoured: Vec<bool> = ApiVersion::ALL
            .iter()
            .map(|version| version.honours_idempotency_key())
            .collect();
        assert_eq!(honoured, [false, false, true]);
    }
}
