//! An order at random that nobody has to keep: where each of n things goes, one at a time.
//!
//! A list that is shuffled must be held as a whole, and by everybody who works on a part of it. A
//! keyed bijection answers for each place on its own, in any order and on any machine. It is a
//! Feistel network over the next even number of bits, which is one to one whatever its rounds
//! compute (Luby & Rackoff 1988); who lands outside of 0..n walks on until inside, and so it is one
//! to one on 0..n too (Black & Rogaway 2002).

use crate::draws::Draws;
use crate::purpose::Purpose;
use crate::seed::{RunSeed, scatter};

/// Four rounds mix large orders well enough; small ones have halves of one or two bits.
const N_ROUNDS: usize = 8;

/// An order of 0..n, drawn at an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permutation {
    n: u64,
    half_bits: u32,
    keys: [u64; N_ROUNDS],
}

impl RunSeed {
    /// An order of 0..n, at this address: see [`RunSeed::draws`].
    ///
    /// # Panics
    /// When n is 0 or more than 2^62.
    #[must_use]
    pub fn permutation(self, purpose: Purpose, turn: u32, who: u32, n: u64) -> Permutation {
        assert!((1..=1 << 62).contains(&n), "an order of {n}, outside of 1..=2^62");
        let mut draws: Draws = self.draws(purpose, turn, who);
        // Two halves of as many bits as n - 1 needs, and of one bit at least.
        let bits = u64::BITS - (n - 1).leading_zeros();
        Permutation {
            n,
            half_bits: bits.div_ceil(2).max(1),
            keys: std::array::from_fn(|_| draws.word()),
        }
    }
}

impl Permutation {
    /// Where this place goes. [places, 0..n]
    ///
    /// # Panics
    /// When there is no such place.
    #[must_use]
    pub fn at(&self, place: u64) -> u64 {
        assert!(place < self.n, "place {place} in an order of {}", self.n);
        let mut at = place;
        // A cycle comes back to its start, which is inside, after as many steps as there are
        // places.
        for _ in 0..1_u64 << (2 * self.half_bits) {
            at = self.network(at);
            if at < self.n {
                return at;
            }
        }
        unreachable!("the cycle of {place} does not come back to an order of {}", self.n)
    }

    fn network(&self, number: u64) -> u64 {
        let mask = (1 << self.half_bits) - 1;
        let (mut left, mut right) = (number >> self.half_bits, number & mask);
        for key in self.keys {
            (left, right) = (right, left ^ (scatter(right ^ key) & mask));
        }
        (left << self.half_bits) | right
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(seed: u64, n: u64) -> Permutation {
        RunSeed(seed).permutation(Purpose::Stratum, 0, 0, n)
    }

    #[test]
    fn every_place_is_taken_once() {
        for n in (1..=130).chain([255, 256, 257, 1000, 4096, 10_007]) {
            let mut taken = vec![false; usize::try_from(n).unwrap()];
            for place in 0..n {
                let at = usize::try_from(order(n, n).at(place)).unwrap();
                assert!(!std::mem::replace(&mut taken[at], true), "{at} twice, of {n}");
            }
        }
    }

    #[test]
    fn an_address_always_holds_the_same_order() {
        // Pinned: a change here changes every published plan.
        let ten: Vec<u64> = (0..10).map(|place| order(42, 10).at(place)).collect();
        assert_eq!(ten, [2, 7, 1, 0, 8, 3, 4, 9, 5, 6]);
        assert_eq!(order(42, 10_000_000).at(1_234_567), 5_905_755);
    }

    #[test]
    fn every_order_of_a_few_is_as_likely() {
        let mut counts = std::collections::BTreeMap::new();
        let n_orders = 24_000;
        for seed in 0..n_orders {
            let order = order(seed, 4);
            let places = [0, 1, 2, 3].map(|place| order.at(place));
            *counts.entry(places).or_insert(0.0) += 1.0;
        }
        // Chi-square with 23 degrees of freedom: 49.7 is passed once in a thousand.
        let chi: f64 = counts.values().map(|n: &f64| (n - 1000.0) * (n - 1000.0) / 1000.0).sum();
        assert!(counts.len() == 24 && chi < 49.7, "{} orders, {chi}", counts.len());
    }

    #[test]
    fn neighbours_part() {
        // The rank correlation of place and order, and of two orders, is that of chance.
        let (n, first) = (20_000, order(1, 20_000));
        let second = order(2, 20_000);
        let centred = |k: u64| (f64::from(u32::try_from(k).unwrap()) + 0.5) / 20_000.0 - 0.5;
        let mean = |of: &dyn Fn(u64) -> f64| (0..n).map(of).sum::<f64>() / 20_000.0 * 12.0;
        let own = mean(&|k| centred(k) * centred(first.at(k)));
        let pair = mean(&|k| centred(first.at(k)) * centred(second.at(k)));
        let next = mean(&|k| centred(first.at(k)) * centred(first.at((k + 1) % n)));
        for correlation in [own, pair, next] {
            assert!(correlation.abs() < 4.0 / 20_000.0_f64.sqrt(), "{correlation}");
        }
    }
}
