//! Idempotency keys: the first response is repeated for 24 hours by the clock of the account.

use chrono::TimeDelta;

use crate::assumptions::{A12, Assumed};
use crate::contract::Operation;
use crate::records::FirstResponse;
use crate::store::Tx;

use super::problem::Problem;

const MOST_BYTES: usize = 255;

/// A key of one operation.
pub(super) struct Key<'k> {
    id: String,
    request: &'k [u8],
}

impl<'k> Key<'k> {
    /// The key of a request; `None` if it has none, or the operation ignores keys.
    pub(super) fn new(
        operation: Operation,
        key: Option<&str>,
        request: &'k [u8],
    ) -> Result<Option<Self>, Problem> {
        match key.filter(|_| operation.data().takes_key) {
            None => Ok(None),
            Some(key) if key.is_empty() || key.len() > MOST_BYTES => Err(Problem::invalid(format!(
                "Idempotency-Key: send from 1 to {MOST_BYTES} characters, or leave the header out."
            ))),
            Some(key) => Ok(Some(Self {
                id: format!("{} {key}", operation.id()),
                request,
            })),
        }
    }

    /// The first response, if there was one within 24 hours.
    pub(super) fn first_response(&self, tx: &Tx<'_>) -> Result<Option<(String, Assumed)>, Problem> {
        let first = tx.get::<FirstResponse>(&self.id);
        let since = (tx.now() - TimeDelta::hours(24)).timestamp_micros();
        let Some(first) = first.filter(|first| first.at > since) else {
            return Ok(None);
        };
        if first.request.as_bytes() != self.request {
            let message =
                "Idempotency-Key: the key was used with another body. Send a new key, or the same body.";
            return Err(Problem::invalid(message).assuming(A12));
        }
        Ok(Some((first.response, Assumed::from_numbers(first.assumed))))
    }

    /// Remembers the first response.
    pub(super) fn remember(self, tx: &mut Tx<'_>, response: &str, assumed: Assumed) {
        let first = FirstResponse {
            id: self.id,
            at: tx.now().timestamp_micros(),
            request: String::from_utf8_lossy(self.request).into_owned(),
            response: response.to_owned(),
            assumed: assumed.numbers(),
        };
        tx.put(&first);
    }
}
