//! The ids of a run, in bounded memory.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher, RandomState};

/// Stores two independent 64-bit hashes of each id, so that memory does not depend on the length of ids and a
/// collision is practically impossible.
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

    /// Returns the position of the first event with this id, or adds the id and returns `None`.
    pub(super) fn insert(&mut self, id: &str, position: u64) -> Option<u64> {
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
    fn the_first_position_is_returned_while_it_is_remembered() {
        let mut seen = Seen::new(2);
        assert_eq!(seen.insert("a", 0), None);
        assert_eq!(seen.insert("b", 1), None);
        assert_eq!(seen.insert("a", 2), Some(0));
        assert_eq!(seen.insert("c", 3), None);
        assert_eq!(seen.insert("a", 4), None, "only two are remembered");
        assert_eq!(seen.insert("c", 5), Some(3));
    }
}
