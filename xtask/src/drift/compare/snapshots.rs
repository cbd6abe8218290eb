//! Several snapshots of one version: which is the newest, and what comes and goes between them.
//!
//! Published documents flap: a field is there, then not, then again. A difference in a response is noise if an older
//! snapshot shows it and a later one does not. Everything else that the newest snapshot lacks was withdrawn. What we
//! require in a response and any snapshot publishes as optional is never noise.

use std::collections::{BTreeMap, HashSet};

use super::super::document::Published;
use super::{Aspect, Difference, Found};

/// The snapshots of each version, oldest first.
///
/// They are ordered by the date in their paths if each has one, or else as they were given.
pub(super) fn by_version(published: &[Published]) -> BTreeMap<&str, Vec<&Published>> {
    let mut by_version: BTreeMap<&str, Vec<&Published>> = BTreeMap::new();
    for one in published {
        by_version.entry(&one.version).or_default().push(one);
    }
    for snapshots in by_version.values_mut() {
        if snapshots.iter().all(|one| one.date.is_some()) {
            snapshots.sort_by(|one, other| one.date.cmp(&other.date));
        }
    }
    by_version
}

/// Separates what is noise from what the newest snapshot changed, and adds what older snapshots publish as optional
/// and we require: responses of their time are still stored and queued.
pub(super) fn judged<'a>(
    now: Vec<Found<'a>>,
    before: Vec<Vec<Found<'a>>>,
) -> (Vec<Found<'a>>, Vec<Found<'a>>) {
    let mut once: HashSet<Key> = HashSet::new();
    let mut returned: HashSet<Key> = HashSet::new();
    for snapshot in &before {
        let here: HashSet<Key> = snapshot.iter().map(|found| key(&found.difference)).collect();
        returned.extend(once.difference(&here).cloned());
        once.extend(here);
    }
    let (mut differences, noise): (Vec<_>, Vec<_>) = now
        .into_iter()
        .partition(|found| !(may_be_noise(&found.difference) && returned.contains(&key(&found.difference))));
    let mut known: HashSet<Key> = differences.iter().map(|found| key(&found.difference)).collect();
    let insisted = before
        .into_iter()
        .flatten()
        .filter(|found| found.difference.insisted);
    differences.extend(insisted.filter(|found| known.insert(key(&found.difference))));
    (differences, noise)
}

type Key = (String, String, Aspect, String, String);

fn key(difference: &Difference<'_>) -> Key {
    let Difference {
        location,
        kind,
        ours,
        theirs,
        ..
    } = difference;
    (
        difference.route(),
        location.clone(),
        *kind,
        ours.clone(),
        theirs.clone(),
    )
}

/// Only in responses: a parameter or a field of a request that is ignored today does harm today.
fn may_be_noise(difference: &Difference<'_>) -> bool {
    let kinds = [Aspect::Extra, Aspect::Enum, Aspect::Nullable, Aspect::Format];
    kinds.contains(&difference.kind) && difference.location.starts_with("response") && !difference.insisted
}
