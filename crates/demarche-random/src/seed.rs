//! Seeds: one number for a batch, one for a run of it. Both print as text that can be pasted back.

use std::fmt;
use std::str::FromStr;

/// The seed of a batch of runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MasterSeed(pub u64);

/// The seed of one run: all its draws follow from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunSeed(pub u64);

impl MasterSeed {
    /// The seed of the run with this number.
    #[must_use]
    pub const fn run(self, number: u64) -> RunSeed {
        RunSeed(scatter(self.0 ^ scatter(number ^ 0x6465_6d61_7263_6865)))
    }
}

/// Spreads a number over all 64 bits, one to one (the finisher of `SplitMix64`, Steele et al.
/// 2014).
#[must_use]
pub(crate) const fn scatter(number: u64) -> u64 {
    let z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl fmt::Display for RunSeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for RunSeed {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_prints_as_it_is_read() {
        let seed = MasterSeed(1).run(7);
        assert_eq!(seed.to_string().parse(), Ok(seed));
    }

    #[test]
    fn runs_of_a_batch_have_their_own_seeds() {
        let seeds: std::collections::BTreeSet<_> =
            (0..10_000).map(|n| MasterSeed(3).run(n)).collect();
        assert_eq!(seeds.len(), 10_000);
    }
}
