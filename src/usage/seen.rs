//! Remembers the ids of a run, in bounded memory.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher, RandomState};

/// Ids by two independent hashes of 64 bits, so that long ids cost no more than short ones and two different ids
/// are practically never taken for one.
#[derive(Debug)]
pub(super) struct Seen {
    hashers: [RandomState; 2],
    first: HashMap<(u64, u64), u64>,
    order: VecDeque<(u64, u64)>,
    limit: usize,
}

impl Seen {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            hashers: [RandomState::new(), RandomState::new()],
            first: HashMap::new(),
            order: VecDeque::new(),
            limit,
        }
    }

    /// Where the id stood first, if it was seen among the last ids. If not, it has been now.
    pub(super) fn note(&mut self, id: &str, position: u64) -> Option<u64> {
        let [one, other] = &self.hashers;
        let key = (one.hash_one(id), other.hash_one(id));
        if let Some(first) = self.first.get(&key) {
            return Some(*first);
        }
        if self.order.len() >= self.limit
            && let Some(oldest) = self.order.pop_front()
        {
            self.first.remove(&oldest);
        }
        self.order.push_back(key);
        self.first.insert(key, position);
        None
    }
}

#[cfg(test)]
mod tests {
    use super::Seen;

    #[test]
    fn the_first_position_is_told_as_long_as_it_is_remembered() {
        let mut seen = Seen::new(2);
        assert_eq!(seen.note("a", 0), None);
        assert_eq!(seen.note("b", 1), None);
        assert_eq!(seen.note("a", 2), Some(0));
        assert_eq!(seen.note("c", 3), None);
        assert_eq!(seen.note("a", 4), None, "only two are remembered");
        assert_eq!(seen.note("c", 5), Some(3));
    }
}
