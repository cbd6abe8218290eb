//! The rows that have a value.

use std::collections::BTreeSet;
use std::ops::{Bound, RangeBounds as _};

/// The rows that have a value, in a form that is small for values of few rows.
#[derive(Debug)]
pub(super) enum Uses {
    /// The value is not indexed, so only their number is known.
    Counted(usize),
    One(u64),
    Few(Box<[u64]>),
    Many(BTreeSet<u64>),
}

/// The most rows in [`Uses::Few`].
const FEW: usize = if cfg!(test) { 4 } else { 16 };

impl Uses {
    pub(super) fn of(sequence: u64, is_indexed: bool) -> Self {
        if is_indexed {
            Self::One(sequence)
        } else {
            Self::Counted(1)
        }
    }

    pub(super) fn insert(&mut self, sequence: u64) {
        match self {
            Self::Counted(count) => *count += 1,
            Self::One(one) => *self = Self::Few([sequence.min(*one), sequence.max(*one)].into()),
            Self::Few(few) if few.len() < FEW => {
                let place = few.partition_point(|one| *one < sequence);
                let mut more = few.to_vec();
                more.insert(place, sequence);
                *few = more.into();
            }
            Self::Few(few) => {
                let many = few.iter().copied().chain([sequence]);
                *self = Self::Many(many.collect());
            }
            Self::Many(many) => drop(many.insert(sequence)),
        }
    }

    /// Returns whether no row is left.
    pub(super) fn remove(&mut self, sequence: u64) -> bool {
        match self {
            Self::Counted(count) => *count -= 1,
            Self::One(_) => *self = Self::Counted(0),
            Self::Few(few) => {
                let left = few.iter().copied().filter(|one| *one != sequence);
                *self = Self::few(left.collect());
            }
            Self::Many(many) => {
                many.remove(&sequence);
                if many.len() < FEW / 2 {
                    *self = Self::few(many.iter().copied().collect());
                }
            }
        }
        self.count() == 0
    }

    fn few(sequences: Vec<u64>) -> Self {
        match *sequences {
            [one] => Self::One(one),
            _ => Self::Few(sequences.into()),
        }
    }

    pub(super) fn count(&self) -> usize {
        match self {
            Self::Counted(count) => *count,
            Self::One(_) => 1,
            Self::Few(few) => few.len(),
            Self::Many(many) => many.len(),
        }
    }

    /// Whether the rows are known, not only their number.
    pub(super) fn is_indexed(&self) -> bool {
        !matches!(self, Self::Counted(_))
    }

    /// The sequences within these bounds, in order.
    pub(super) fn within(
        &self,
        bounds: (Bound<u64>, Bound<u64>),
    ) -> impl DoubleEndedIterator<Item = u64> + '_ {
        let (few, many) = match self {
            Self::Counted(_) => (&[][..], None),
            Self::One(one) => (std::slice::from_ref(one), None),
            Self::Few(few) => (&few[..], None),
            Self::Many(many) => (&[][..], Some(many)),
        };
        let few = few.iter().filter(move |one| bounds.contains(*one));
        let many = many.map(|many| many.range(bounds));
        few.chain(many.into_iter().flatten()).copied()
    }

    pub(super) fn rows(&self) -> impl DoubleEndedIterator<Item = u64> + '_ {
        self.within((Bound::Unbounded, Bound::Unbounded))
    }
}
