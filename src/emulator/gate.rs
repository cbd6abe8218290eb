//! Who may come in: credentials, API version, and requests a minute.
//!
//! Credentials go first. The version is that of the header, and the newest one
//! without it. Whether the real API counts refused requests against the limit is
//! not known; here every authenticated request counts, in a window that slides by
//! the clock of the emulator.

use std::collections::VecDeque;
use std::fmt;
use std::time::{Duration, Instant};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, header::AUTHORIZATION};

use super::document::{LATEST, VERSIONS};
use super::problem::Problem;

const WINDOW: Duration = Duration::from_secs(60);

/// Client id and secret that the emulator accepts.
#[derive(Clone)]
pub(super) struct Credentials {
    pub(super) client_id: String,
    pub(super) client_secret: String,
}

impl Credentials {
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
                "Client id and secret are not those of this emulator; see `client_id()` and `client_secret()`.",
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

/// The version a request asks for; `Err` where the API never had it.
pub(super) fn version(headers: &HeaderMap) -> Result<&'static str, Problem> {
    let Some(sent) = headers.get("sequence-version") else {
        return Ok(LATEST);
    };
    let known = VERSIONS.iter().copied().find(|known| sent == known);
    known.ok_or_else(|| {
        Problem::unrecognised_version(format!(
            "{:?} is not a version of the API; send one of {}, or omit the header for the newest.",
            String::from_utf8_lossy(sent.as_bytes()),
            VERSIONS.join(", ")
        ))
    })
}

/// The requests of the last minute.
#[derive(Debug, Default)]
pub(super) struct Minute(VecDeque<Instant>);

impl Minute {
    /// Counts a request, or says when the next one may come.
    pub(super) fn admit(&mut self, limit: Option<u32>, now: Instant) -> Result<(), Problem> {
        let Some(limit) = limit else { return Ok(()) };
        let is_over = |then: &Instant| now.duration_since(*then) >= WINDOW;
        while self.0.front().is_some_and(is_over) {
            self.0.pop_front();
        }
        if self.0.len() < limit as usize {
            self.0.push_back(now);
            return Ok(());
        }
        let wait = match self.0.front() {
            Some(oldest) => WINDOW.saturating_sub(now.duration_since(*oldest)),
            None => WINDOW,
        };
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
    use crate::clock::{Clock as _, ManualClock};
    use std::time::Duration;

    #[test]
    fn the_window_slides_and_says_when_to_come_back() {
        let start = ManualClock::new().now();
        let at = |seconds| start + Duration::from_secs(seconds);
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
        let refused = Minute::default().admit(Some(0), ManualClock::new().now());
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
