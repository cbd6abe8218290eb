//! Records that refer to a usage or seat metric, which cannot be deleted then (A5).

use crate::records::{Facet, Kind};
use crate::store::State;

/// The kinds of records with a [`Facet::MetricId`].
const KINDS: [Kind; 3] = [Kind::Price, Kind::ListPrice, Kind::CreditGrant];

/// Where the metric is in use.
pub(super) fn used(state: &State, metric: &str) -> Option<String> {
    KINDS.iter().find_map(|kind| {
        let mut rows = state.rows_with(*kind, Facet::MetricId, metric);
        rows.next()
            .map(|row| format!("the {} {} refers to it", kind.name(), row.id()))
    })
}
