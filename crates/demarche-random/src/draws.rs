//! From an address to numbers.
//!
//! The four words of an address are mixed into 128 bits that start a PCG generator
//! (`Pcg64Mcg`, O'Neill 2014). A generator lives only as long as the rule that asked for it.

use rand::Rng;
use rand_pcg::Pcg64Mcg;

use crate::purpose::Purpose;
use crate::seed::{RunSeed, scatter};

/// A short run of numbers at one address.
#[derive(Debug)]
pub struct Draws(Pcg64Mcg);

impl RunSeed {
    /// The numbers drawn in this run, in this turn, for this purpose, by this one. `who` is the
    /// drawer's own stable number (never an entity, a table or a thread).
    #[must_use]
    pub fn draws(self, purpose: Purpose, turn: u32, who: u32) -> Draws {
        let place = (u64::from(turn) << 32) | u64::from(who);
        let high = scatter(self.0 ^ scatter(place ^ scatter(purpose as u64)));
        let low = scatter(high ^ place.rotate_left(17) ^ self.0);
        // A multiplicative generator needs an odd state.
        Draws(Pcg64Mcg::new((u128::from(high) << 64) | u128::from(low) | 1))
    }
}

impl Draws {
    /// A uniform number. [1, [0, 1)]
    pub fn uniform(&mut self) -> f64 {
        // 53 bits: every result is a multiple of 2^-53.
        let bits = self.0.next_u64() >> 11;
        #[expect(clippy::cast_precision_loss, reason = "53 bits fit a double exactly")]
        let whole = bits as f64;
        whole * (1.0 / 9_007_199_254_740_992.0)
    }

    /// All the bits of the next number.
    pub(crate) fn word(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// True with this probability. Monotone: a larger probability never turns a yes into a no.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.uniform() < probability
    }

    /// One of `n` places, each as likely.
    ///
    /// # Panics
    /// When there is nothing to choose from.
    pub fn choose(&mut self, n: usize) -> usize {
        assert!(n > 0, "nothing to choose from");
        #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^53 choices")]
        let scaled = self.uniform() * n as f64;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "in 0..n")]
        let place = scaled as usize;
        place.min(n - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_always_holds_the_same_numbers() {
        let mut draws = RunSeed(42).draws(Purpose::Attacks, 7, 1);
        let numbers = [draws.uniform(), draws.uniform(), draws.uniform()];
        // Pinned: a change here changes every published run.
        let pinned = [0.969_192_476_998_235_6, 0.027_763_139_706_119_21, 0.006_740_066_615_538_276];
        assert_eq!(numbers, pinned);
    }

    #[test]
    fn neighbours_are_not_alike() {
        // Mean and correlation of first draws at neighbouring addresses.
        for step in [(1, 0), (0, 1)] {
            let at =
                |k: u32| RunSeed(9).draws(Purpose::Reply, k * step.0, k * step.1).uniform() - 0.5;
            let numbers: Vec<f64> = (0..40_000).map(at).collect();
            let n = f64::from(40_000);
            let mean = numbers.iter().sum::<f64>() / n;
            let lag = numbers.windows(2).map(|two| two[0] * two[1]).sum::<f64>() / n;
            assert!(mean.abs() < 4.0 * 0.288_675 / n.sqrt(), "{mean}");
            assert!(lag.abs() < 4.0 * (1.0 / 12.0) / n.sqrt(), "{lag}");
        }
    }

    #[test]
    fn a_likelier_chance_keeps_every_yes() {
        for who in 0..1000 {
            let yes = |p| RunSeed(5).draws(Purpose::Strike, 3, who).chance(p);
            assert!(!yes(0.3) || yes(0.5));
        }
    }
}
