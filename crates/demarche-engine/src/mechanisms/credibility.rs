//! Credibility: what a promise is worth to the one it is made to.
//!
//! # Rules
//! - **R1** Detection and penalty are m = 1 − exp(−η·v·(1 + γ)), v the level of the verifying
//!   issue, γ the engaged guarantee. [walter1997; fortna2004]
//! - **R2** A promise of j is worth to i the share q = κ̂·(τ + (1 − τ)·m): able, and willing or
//!   made to. [fearon1995, commitment; schultz2010, monitoring]
//! - **R3** What is in force binds by the same measure: a willing side keeps to the level agreed,
//!   an unwilling one to that level times m, with the verification and the guarantee that are in
//!   force. [schultz2010; R2 from the inside: what others doubt is what will be]
//!
//! # Departures
//! None.
use bevy_ecs::prelude::*;
use demarche_domain::index::{IssueIx, MAX_PARTIES};
use demarche_random::math;
use demarche_record::wire::Wire;
use tracing::trace;

use crate::mechanisms::durability::Backing;
use crate::mechanisms::ratification::InForce;
use crate::scenario::Issue;
use crate::seating::Dynamics;
use crate::table::{PerTable, Rules};

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

/// What is in force, and how well it binds those who would rather not.
#[derive(bevy_ecs::system::SystemParam)]
pub struct Obligations<'w> {
    rules: Res<'w, Rules>,
    in_force: Res<'w, PerTable<InForce>>,
    backing: Res<'w, PerTable<Backing>>,
    dynamics: Res<'w, PerTable<Dynamics>>,
}

impl Obligations<'_> {
    /// R3: what an unwilling side is made to do of the issues of a kind, the most of them.
    /// [1, [0, 1]]
    pub(crate) fn made_to(&self, at: usize, of_kind: impl Fn(&Issue) -> bool) -> f64 {
        self.most(at, of_kind, |level, m| kept(false, level, m))
    }

    /// R3: what a willing side owes by the issues of a kind, the most of them. [1, [0, 1]]
    pub(crate) fn owed(&self, at: usize, of_kind: impl Fn(&Issue) -> bool) -> f64 {
        self.most(at, of_kind, |level, m| kept(true, level, m))
    }

    fn most(
        &self,
        at: usize,
        of_kind: impl Fn(&Issue) -> bool,
        kept: impl Fn(f64, f64) -> f64,
    ) -> f64 {
        let issues = &self.rules.0.issues;
        let level = |k: IssueIx| issues[k.ix()].levels[usize::from(self.in_force[at].0.rung(k))];
        let of_kind = self.rules.0.space.issues().filter(|k| of_kind(&issues[k.ix()]));
        let each = of_kind.map(|k| {
            let verification = issues[k.ix()].verified_by.map_or(0.0, level);
            let (eta, guarantee) = (self.dynamics[at].enforcement, self.backing[at].guarantee);
            let m = enforcement(eta, verification, guarantee);
            let kept = kept(level(k), m);
            trace!(
                issue = %k.to_wire(&self.rules.0.cast), level = level(k), verification, guarantee,
                enforcement = m, kept, "promise weighed",
            );
            kept
        });
        each.fold(0.0, f64::max)
    }
}

/// R3. [1, [0, 1]]
const fn kept(is_willing: bool, level: f64, enforcement: f64) -> f64 {
    if is_willing { level } else { level * enforcement }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r3_the_unwilling_keep_what_is_enforced() {
        assert_eq!(kept(true, 0.6, 0.0), 0.6);
        assert_eq!(kept(false, 0.6, 0.0), 0.0);
        assert_eq!(kept(false, 0.6, 0.5), 0.3);
    }

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
