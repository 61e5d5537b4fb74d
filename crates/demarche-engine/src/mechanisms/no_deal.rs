//! No deal: the outside option, pain, and how pain moves.
//!
//! # Rules
//! - **R1** Pain follows its cause with memory: pain ← r·pain + (1 − r)·φ·(F, 1 − B, salient
//!   attacks a day as they are felt), r the share that stays over a turn. [zartman1989, hurting as
//!   a state, not an instant]
//! - **R2** No deal is worth D = o − Σ pain − φ_F·F_fail: the outside option, less what hurts now,
//!   less what is feared if the talks fail. [fearon1995; powell2002]
//!
//! # Departures
//! Pain is in units of gain, not of lives or money: the sources agree on neither (war-04, eco-03).
use bevy_ecs::prelude::*;
use demarche_random::sample::Number;
use tracing::trace;

use crate::mechanisms::attacks::Struck;
use crate::mechanisms::frontier::Frontier;
use crate::mechanisms::retaliation::Hostilities;
use crate::roster::Roster;
use crate::seating::Dynamics;
use crate::table::{PerTable, Rules, Tables};

/// What hurts a party now. [gain, [0, 1]] -- state.
#[derive(Component, Clone, Copy, Debug, Default, PartialEq)]
pub struct Pain {
    /// From fighting.
    pub fighting: f64,
    /// From closed crossings.
    pub closure: f64,
    /// From attacks.
    pub attacks: f64,
}

impl Pain {
    /// All of it.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.fighting + self.closure + self.attacks
    }
}

/// What full fighting, full closure and a salient attack a day cost a party, φ. [gain] --
/// parameter.
#[derive(Component, Clone, Copy, Debug, PartialEq)]
pub struct Hardship {
    /// Of fighting.
    pub fighting: f64,
    /// Of closure.
    pub closure: f64,
    /// Of attacks.
    pub attacks: f64,
}

/// What no deal is worth to a party by itself, o. [gain] -- parameter.
#[derive(Component, Clone, Copy, Debug, PartialEq)]
pub struct OutsideOption(pub f64);

/// Whether anything can come of it in a scenario: something may hurt somebody.
pub(crate) fn is_used(scenario: &crate::scenario::Scenario) -> bool {
    scenario.parties.iter().any(|party| {
        let hardship = [party.pain_of_fighting, party.pain_of_closure, party.pain_of_attacks];
        hardship.iter().any(Number::may_be_nonzero)
    })
}

pub(crate) fn install(schedule: &mut Schedule) {
    schedule.add_systems(hurt.in_set(crate::turn::Phase::Pain));
}

fn hurt(
    (tables, roster, rules): (Res<Tables>, Res<Roster>, Res<Rules>),
    (dynamics, hostilities, struck): (
        Res<PerTable<Dynamics>>,
        Res<PerTable<Hostilities>>,
        Res<PerTable<Struck>>,
    ),
    frontiers: Res<PerTable<Frontier>>,
    capitals: Query<(&mut Pain, &Hardship)>,
) {
    let mut capitals = roster.seated(capitals);
    for (at, _) in tables.here() {
        let retention = dynamics[at].pain_retention;
        let closed = 1.0 - frontiers[at].open_share;
        for p in roster.parties() {
            let (pain, hardship) = capitals.get_mut(at, p);
            let attacks_per_day = struck[at].felt[p.ix()] / rules.0.turn_days;
            let fighting = hardship.fighting * hostilities[at].fighting;
            pain.fighting = follow(pain.fighting, fighting, retention);
            pain.closure = follow(pain.closure, hardship.closure * closed, retention);
            pain.attacks = follow(pain.attacks, hardship.attacks * attacks_per_day, retention);
            let Pain { fighting, closure, attacks } = *pain;
            trace!(party = %tables.named(&p), fighting, closure, attacks, "pain felt");
        }
    }
}

/// R1.
fn follow(pain: f64, cause: f64, retention: f64) -> f64 {
    retention * pain + (1.0 - retention) * cause
}

/// R2.
#[must_use]
pub fn worth_of_no_deal(outside: f64, pain: &Pain, cost_of_failure: f64, feared: f64) -> f64 {
    outside - pain.total() - cost_of_failure * feared
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r1_pain_comes_to_rest_at_its_cause() {
        let mut pain = 0.0;
        for _ in 0..500 {
            pain = follow(pain, 0.3, 0.9);
        }
        assert!((pain - 0.3).abs() < 1e-12);
        assert_eq!(follow(0.4, 0.0, 0.5), 0.2);
    }

    #[test]
    fn r2_hurting_and_fear_make_no_deal_worse() {
        let pain = Pain { fighting: 0.1, closure: 0.05, attacks: 0.02 };
        assert!((worth_of_no_deal(0.2, &pain, 0.5, 0.4) + 0.17).abs() < 1e-12);
        assert!(worth_of_no_deal(0.2, &Pain::default(), 0.5, 0.0) == 0.2);
    }
}
