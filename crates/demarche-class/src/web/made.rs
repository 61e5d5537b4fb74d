//! What was made for one and is shown to all who see the same.

use std::collections::BTreeMap;
use std::sync::Mutex;

use super::locked;

/// What was last made for each key, and when: as of which versions of what it shows.
pub(super) struct Made<K, V> {
    last: Mutex<BTreeMap<K, ((u64, u64), V)>>,
}

impl<K, V> Default for Made<K, V> {
    fn default() -> Self {
        Self { last: Mutex::default() }
    }
}

impl<K: Ord, V: Clone> Made<K, V> {
    /// What was made as of these versions; it is made where it was not.
    pub(super) fn or_make(&self, key: K, versions: (u64, u64), make: impl FnOnce() -> V) -> V {
        let mut last = locked(&self.last);
        if let Some((of, made)) = last.get(&key)
            && *of == versions
        {
            return made.clone();
        }
        let made = make();
        last.insert(key, (versions, made.clone()));
        made
    }
}

#[cfg(test)]
mod tests {
    use super::Made;

    #[test]
    fn what_has_not_changed_is_not_made_again() {
        let (made, mut n_made) = (Made::default(), 0);
        let mut make = |key, versions| {
            made.or_make(key, versions, || {
                n_made += 1;
                n_made
            })
        };
        assert_eq!([make("a", (1, 1)), make("b", (1, 1)), make("a", (1, 1))], [1, 2, 1]);
        assert_eq!([make("a", (1, 2)), make("a", (2, 2)), make("b", (1, 1))], [3, 4, 2]);
    }
}
