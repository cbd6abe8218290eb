//! The sums of a group in one window.

use serde_json::{Map, Value};

use crate::usage::rollup::error::RollupError;
use crate::usage::rollup::sum::{Sum, value_of};

/// The sums of a group in one window, and what the API accepted of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Group {
    /// For each summed property, in the order of the settings. `None` if no fact had it.
    sums: Box<[Option<Sum>]>,
    facts: u64,
    /// The number of facts in the event that was accepted last. Facts are only added, so it identifies the sums.
    accepted: u64,
}

impl Group {
    pub(super) fn new(sums: usize) -> Self {
        Self {
            sums: vec![None; sums].into(),
            facts: 0,
            accepted: 0,
        }
    }

    pub(super) fn restored(sums: Vec<Option<Sum>>, facts: u64, accepted: u64) -> Self {
        Self {
            sums: sums.into(),
            facts,
            accepted,
        }
    }

    /// Adds a fact with all its summed properties, or nothing.
    pub(super) fn add(
        &mut self,
        names: &[String],
        properties: Option<&Map<String, Value>>,
    ) -> Result<(), RollupError> {
        // One property is the common case, and needs no copy to be undone.
        if let ([name], [sum]) = (names, &mut *self.sums) {
            if let Some(added) = plus(*sum, name, properties)? {
                *sum = Some(added);
            }
        } else {
            let mut sums = self.sums.clone();
            for (name, sum) in names.iter().zip(&mut sums) {
                if let Some(added) = plus(*sum, name, properties)? {
                    *sum = Some(added);
                }
            }
            self.sums = sums;
        }
        self.facts += 1;
        Ok(())
    }

    pub(super) fn sums(&self) -> impl Iterator<Item = Option<Sum>> {
        self.sums.iter().copied()
    }

    pub(super) fn facts(&self) -> u64 {
        self.facts
    }

    pub(super) fn accepted(&self) -> u64 {
        self.accepted
    }

    /// Returns `true` if the API does not have the current sums.
    pub(super) fn is_due(&self) -> bool {
        self.facts != self.accepted
    }

    /// Records that the API accepted the sums of so many facts.
    pub(super) fn accept(&mut self, facts: u64) {
        self.accepted = facts;
    }
}

/// Returns the sum with the property of a fact, or `None` if the fact does not have it.
fn plus(
    sum: Option<Sum>,
    name: &str,
    properties: Option<&Map<String, Value>>,
) -> Result<Option<Sum>, RollupError> {
    let Some(value) = properties.and_then(|properties| properties.get(name)) else {
        return Ok(None);
    };
    let Some(value) = value_of(value) else {
        let problem = format!("{value} is not a decimal; send a number, or a text such as \"1.5\"");
        return Err(RollupError::field(name, problem));
    };
    let sum = sum.unwrap_or_default().plus(value);
    let too_precise = || RollupError::TooPrecise {
        property: name.to_owned(),
    };
    sum.map(Some).ok_or_else(too_precise)
}
