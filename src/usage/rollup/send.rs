//! Sends the windows that have ended.

use chrono::{DateTime, Utc};

use crate::types::UsageEventCreate;
use crate::usage::report::Report;
use crate::usage::rollup::error::RollupError;
use crate::usage::rollup::key;
use crate::usage::rollup::totals::Rollup;
use crate::usage::sender::{Duplicates, Sender};

impl Rollup {
    /// Sends an event for each group of a window that has ended at `now`, unless the API has accepted its current sums.
    ///
    /// Afterwards, windows that ended more than [`keep_for`](crate::usage::RollupBuilder::keep_for) before `now` are closed,
    /// and the memory of those that were accepted is free. Events that were not accepted remain due, so the next call sends
    /// them again. Call it regularly, such as every minute, and check the report: an event that the API rejects needs
    /// your attention.
    ///
    /// The setting [`duplicates`](Sender::duplicates) of the sender is not used, since a correction has the id of what it
    /// corrects.
    ///
    /// # Errors
    ///
    /// Returns [`RollupError::NotSaved`], and sends nothing, if there is a journal and facts were added since the last
    /// [`checkpoint`](Self::checkpoint).
    pub async fn send(
        &mut self,
        sender: &Sender,
        now: DateTime<Utc>,
    ) -> Result<Report<UsageEventCreate>, RollupError> {
        if self.file.is_some() && self.is_changed {
            return Err(RollupError::NotSaved);
        }
        let due: Vec<(Box<[u8]>, u64)> = self
            .due_groups(now)
            .map(|(key, group)| (key.into(), group.facts()))
            .collect();
        let events = due.iter().map(|(key, _)| {
            let event = self.groups.get(key).and_then(|group| self.event(key, group));
            event.ok_or("the group cannot be read")
        });
        let sender = sender.clone().duplicates(Duplicates::Supersede);
        let report = sender.send_all(events).await;
        let accepted = report.accepted.iter().map(|it| it.position);
        for position in accepted.chain(report.skipped.iter().map(|it| it.position)) {
            let sent = usize::try_from(position)
                .ok()
                .and_then(|position| due.get(position));
            if let Some((key, facts)) = sent
                && let Some(group) = self.groups.get_mut(key)
            {
                group.accept(*facts);
            }
        }
        self.close(now);
        Ok(report)
    }

    /// Closes the windows that ended too long ago, and forgets those that were accepted.
    fn close(&mut self, now: DateTime<Utc>) {
        let length = self.settings.window_seconds;
        let earliest = now
            .timestamp()
            .saturating_sub(self.settings.keep_seconds)
            .saturating_sub(length);
        // The first window that has not ended before the time for which sums are kept.
        let open_from = earliest
            .saturating_sub(earliest.rem_euclid(length))
            .saturating_add(length);
        self.closed_before = self.closed_before.max(open_from);
        let closed_before = self.closed_before;
        self.groups
            .retain(|key, group| group.is_due() || key::split(key).0 >= closed_before);
    }
}
