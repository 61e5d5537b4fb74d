//! Credibility: what a promise is worth to the one it is made to.
//!
//! # Rules
//! - **R1** Detection and penalty are m = 1 − exp(−η·v·(1 + γ)), v the level of the verifying
//!   issue, γ the engaged guarantee. [walter1997; fortna2004]
//! - **R2** A promise of j is worth to i the share q = κ̂·(τ + (1 − τ)·m): able, and willing or
//!   made to. [fearon1995, commitment; schultz2010, monitoring]
//!
//! # Departures
//! None.
use bevy_ecs::prelude::*;
use demarche_domain::index::MAX_PARTIES;
use demarche_random::math;

/// What a party believes of the others. -- state.
#[derive(Component, Clone, Copy, Debug, PartialEq)]
pub struct Trust {
    /// τ: how likely each other is willing. [1, (0, 1)]
    pub willing: [f64; MAX_PARTIES],
    /// κ̂: how able it takes each other to be. [1, [0, 1]]
    pub able: [f64; MAX_PARTIES],
}

/// R1. [1, [0, 1)]
#[must_use]
pub(crate) fn enforcement(eta: f64, verification: f64, guarantee: f64) -> f64 {
    1.0 - math::exp(-eta * verification * (1.0 + guarantee))
}

/// R2. [1, [0, 1]]
#[must_use]
pub(crate) fn credibility(able: f64, willing: f64, enforcement: f64) -> f64 {
    able * (willing + (1.0 - willing) * enforcement)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r1_nothing_verified_nothing_enforced() {
        assert_eq!(enforcement(2.0, 0.0, 1.5), 0.0);
        assert!((enforcement(2.0, 0.5, 0.0) - 0.632_120_558_828_557_7).abs() < 1e-15);
        assert!(enforcement(2.0, 0.5, 1.0) > enforcement(2.0, 0.5, 0.0));
    }

    #[test]
    fn r2_a_promise_is_bounded_by_ability() {
        assert_eq!(credibility(0.6, 1.0, 0.0), 0.6);
        assert_eq!(credibility(0.6, 0.0, 0.0), 0.0);
        assert_eq!(credibility(0.6, 0.0, 1.0), 0.6);
        assert_eq!(credibility(0.8, 0.5, 0.5), 0.8 * 0.75);
    }
}
