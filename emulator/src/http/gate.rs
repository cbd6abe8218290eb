//! Credentials, version, and the rate limit.
//!
//! Credentials are checked first. Every authenticated request counts against the limit, in a sliding window; whether
//! the API counts refused ones is not known.

use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::{DateTime, TimeDelta, Utc};
use http::{HeaderMap, header::AUTHORIZATION};

use crate::contract::Version;
use crate::operations::Problem;

const WINDOW: TimeDelta = TimeDelta::seconds(60);

/// The client id and secret that the emulator accepts.
#[derive(Clone)]
pub(super) struct Credentials {
    pub(super) client_id: String,
    pub(super) client_secret: String,
}

impl Credentials {
    /// Returns the reason why no client can send these credentials, if there is one.
    pub(super) fn problem(&self) -> Option<&'static str> {
        let mut letters = self.client_id.chars().chain(self.client_secret.chars());
        if self.client_id.is_empty() {
            Some("the client id is empty")
        } else if self.client_secret.is_empty() {
            Some("the client secret is empty")
        } else if self.client_id.contains(':') {
            Some("the client id contains a colon")
        } else if letters.any(char::is_control) {
            Some("the client id or secret contains a control character, possibly a trailing line break")
        } else {
            None
        }
    }

    pub(super) fn check(&self, headers: &HeaderMap) -> Result<(), Problem> {
        let Some(sent) = headers.get(AUTHORIZATION) else {
            return Err(Problem::unauthorized(
                "The header `Authorization` is missing; send `Basic` with base64 of `clientId:clientSecret`.",
            ));
        };
        let pair = sent
            .to_str()
            .ok()
            .and_then(|text| text.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic"))
            .and_then(|(_, encoded)| STANDARD.decode(encoded.trim()).ok());
        let Some(pair) = pair else {
            return Err(Problem::unauthorized(
                "The header `Authorization` is not `Basic` with base64 of `clientId:clientSecret`.",
            ));
        };
        let expected = format!("{}:{}", self.client_id, self.client_secret);
        if pair == expected.as_bytes() {
            Ok(())
        } else {
            Err(Problem::unauthorized(
                "Client id and secret are not those of this emulator. Send those of `client_id()` and `client_secret()`, or of the \
                 line that the program prints when it is ready.",
            ))
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

/// The version that a request asks for, or the latest.
pub(super) fn version(headers: &HeaderMap) -> Result<Version, Problem> {
    let Some(sent) = headers.get("sequence-version") else {
        return Ok(Version::LATEST);
    };
    sent.to_str().ok().and_then(Version::parse).ok_or_else(|| {
        let names: Vec<_> = Version::all().map(Version::name).collect();
        Problem::unrecognised_version(format!(
            "{:?} is not a version of the API. Send one of {}, or leave the header out for the newest.",
            String::from_utf8_lossy(sent.as_bytes()),
            names.join(", ")
        ))
    })
}

/// The requests of the last minute.
#[derive(Debug, Default)]
pub(super) struct Minute(VecDeque<DateTime<Utc>>);

impl Minute {
    /// Counts a request, or refuses it with the time until the next one is admitted.
    pub(super) fn admit(&mut self, limit: Option<u32>, now: DateTime<Utc>) -> Result<(), Problem> {
        let Some(limit) = limit else { return Ok(()) };
        while self.0.front().is_some_and(|then| now - *then >= WINDOW) {
            self.0.pop_front();
        }
        if self.0.len() < limit as usize {
            self.0.push_back(now);
            return Ok(());
        }
        let wait = self.0.front().map_or(WINDOW, |oldest| WINDOW - (now - *oldest));
        let wait = wait.to_std().unwrap_or_default();
        Err(Problem::too_many_requests(limit, rounded_up(wait).max(1)))
    }
}

/// Whole seconds, never too few.
pub(super) fn rounded_up(delay: Duration) -> u64 {
    delay
        .as_secs()
        .saturating_add(u64::from(delay.subsec_nanos() > 0))
}

#[cfg(test)]
mod tests {
    use super::{Credentials, Minute, rounded_up};
    use chrono::{DateTime, TimeDelta, Utc};
    use std::time::Duration;

    #[test]
    fn the_window_slides_and_says_when_to_come_back() {
        let at = |seconds| DateTime::<Utc>::UNIX_EPOCH + TimeDelta::seconds(seconds);
        let mut minute = Minute::default();
        assert!(minute.admit(Some(2), at(0)).is_ok());
        assert!(minute.admit(Some(2), at(20)).is_ok());
        let refused = minute.admit(Some(2), at(30)).expect_err("two are enough");
        assert_eq!(refused.retry_after, Some(30));
        assert!(minute.admit(Some(2), at(60)).is_ok());
        assert!(minute.admit(Some(2), at(61)).is_err());
    }

    #[test]
    fn a_limit_of_zero_admits_nobody() {
        let refused = Minute::default().admit(Some(0), DateTime::<Utc>::UNIX_EPOCH);
        assert_eq!(refused.expect_err("zero").retry_after, Some(60));
    }

    #[test]
    fn seconds_are_rounded_up_and_never_overflow() {
        for (delay, seconds) in [
            (Duration::ZERO, 0),
            (Duration::from_nanos(1), 1),
            (Duration::from_secs(2), 2),
            (Duration::MAX, u64::MAX),
        ] {
            assert_eq!(rounded_up(delay), seconds, "{delay:?}");
        }
    }

    #[test]
    fn debug_shows_no_secret() {
        let credentials = Credentials {
            client_id: "me".to_owned(),
            client_secret: "hush-7d1f".to_owned(),
        };
        assert!(!format!("{credentials:?}").contains("hush-7d1f"));
    }
}
