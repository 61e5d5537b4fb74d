//! Durability: how long a truce lasts after the talks.
//!
//! # Rules
//! - **R1** The time to its end is Weibull: S(t) = exp(−(t/θ)^p), p < 1 for a risk that falls with
//!   time. A bare truce holds 30 days with a given chance. [fortna2004; clayton2022; base-02]
//! - **R2** The log-rate falls with verification, guarantee, open trade, trust, and the least
//!   side's gain without inducements, and rises with salient attacks. [fortna2004; beardsley2008;
//!   base-03]
//!
//! # Departures
//! The rates are those of ceasefires within states, not between them (base-02); nothing here
//! returns to the talks.
use bevy_ecs::prelude::*;
use demarche_domain::index::{IssueIx, MAX_PARTIES};
use demarche_random::purpose::Purpose;
use demarche_random::{math, sample};
use demarche_record::event::Event;
use tracing::debug;

use crate::mechanisms::credibility::Trust;
use crate::mechanisms::frontier::Frontier;
use crate::mechanisms::outcome::Tally;
use crate::mechanisms::ratification::InForce;
use crate::mechanisms::retaliation::Hostilities;
use crate::roster::Roster;
use crate::table::{Narration, PerTable, Rules, Tables};

/// The clock's parameters in one run. -- parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DurabilityClock {
    /// Chance that a bare truce holds 30 days. [1]
    pub bare_30_days: f64,
    /// p. [1]
    pub shape: f64,
    /// What each covariate takes off the log-rate.
    pub covariates: Covariates,
}

/// One number for each covariate: an effect, or a value. [1]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Covariates {
    /// Verification in force.
    pub verification: f64,
    /// Guarantee.
    pub guarantee: f64,
    /// Open share of trade.
    pub trade: f64,
    /// Least trust of any side.
    pub trust: f64,
    /// Least gain of any side, without inducements.
    pub least_gain: f64,
    /// Salient attacks a week; its effect counts against the truce.
    pub attacks: f64,
}

impl Covariates {
    /// What the values take off the log-rate, these being the effects.
    fn against(&self, values: &Self) -> f64 {
        self.verification * values.verification
            + self.guarantee * values.guarantee
            + self.trade * values.trade
            + self.trust * values.trust
            + self.least_gain * values.least_gain
            - self.attacks * values.attacks
    }
}

impl DurabilityClock {
    /// θ, with these covariates. [d]
    fn scale(&self, values: &Covariates) -> f64 {
        let bare = 30.0 / math::pow(-math::ln(self.bare_30_days), 1.0 / self.shape);
        bare * math::exp(self.covariates.against(values) / self.shape)
    }

    /// S(t).
    fn holds(&self, values: &Covariates, days: f64) -> f64 {
        math::exp(-math::pow(days / self.scale(values), self.shape))
    }
}

/// What stood behind the text that is in force when it came into force. -- state.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Backing {
    /// The guarantee engaged for it. [1]
    pub guarantee: f64,
    /// What the least side gained by it, without inducements. [gain]
    pub least_gain: f64,
}

/// How long the truce would last after the talks; nothing where there is none, or no clock for it.
/// -- state.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Lasting(pub Option<Durability>);

/// How long a truce lasts, by the durability clock.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Durability {
    /// The drawn time until it breaks. [d]
    pub lasts_days: f64,
    /// Chance that it holds for 30 days. [1, [0, 1]]
    pub holds_30_days: f64,
    /// Chance that it holds for 90 days. [1, [0, 1]]
    pub holds_90_days: f64,
}

/// Whether anything can come of it in a scenario: truces have a clock.
pub(crate) fn is_used(scenario: &crate::scenario::Scenario) -> bool {
    scenario.durability.shape.reference > 0.0
}

pub(crate) fn install(schedule: &mut Schedule) {
    schedule.add_systems(last.in_set(crate::turn::Phase::Durability));
}

/// Everything at a table that a truce hangs on.
type Conditions<'w> = (
    Res<'w, PerTable<Hostilities>>,
    Res<'w, PerTable<InForce>>,
    Res<'w, PerTable<Backing>>,
    Res<'w, PerTable<Tally>>,
);

fn last(
    (tables, roster, rules): (Res<Tables>, Res<Roster>, Res<Rules>),
    clocks: Res<PerTable<DurabilityClock>>,
    (hostilities, in_force, backing, tallies): Conditions,
    (frontiers, capitals): (Res<PerTable<Frontier>>, Query<&Trust>),
    mut lasting: ResMut<PerTable<Lasting>>,
    mut narration: ResMut<Narration>,
) {
    let capitals = roster.seated(capitals);
    for (at, table) in tables.here() {
        if !tallies[at].is_over || !hostilities[at].truce || !is_used(&rules.0) {
            continue;
        }
        let level = |k: IssueIx| rules.0.issues[k.ix()].levels[usize::from(in_force[at].0.rung(k))];
        let mut values = Covariates {
            verification: rules.0.durability.verified_by.map_or(0.0, level),
            guarantee: backing[at].guarantee,
            trade: frontiers[at].open_share,
            trust: 1.0,
            least_gain: backing[at].least_gain,
            attacks: per_week(tallies[at].n_salient, table.turn, rules.0.turn_days),
        };
        let n = roster.parties().count();
        for p in roster.parties() {
            let trust = capitals.get(at, p);
            let others = (0..n.min(MAX_PARTIES)).filter(|other| *other != p.ix());
            values.trust = others.map(|other| trust.willing[other]).fold(values.trust, f64::min);
        }
        let clock = &clocks[at];
        let u = table.draws(Purpose::Durability, 0).uniform();
        let Covariates { verification, guarantee, trade, trust, least_gain, attacks } = values;
        debug!(
            verification,
            guarantee,
            trade,
            trust,
            least_gain,
            attacks,
            holds_30_days = clock.holds(&values, 30.0),
            "truce weighed",
        );
        let lasts_days = sample::weibull(clock.scale(&values), clock.shape, u);
        let [holds_30_days, holds_90_days] = [30.0, 90.0].map(|days| clock.holds(&values, days));
        lasting[at].0 = Some(Durability { lasts_days, holds_30_days, holds_90_days });
        narration.note(at, table, || Event::TruceDurability {
            lasts_days,
            holds_30_days,
            holds_90_days,
        });
    }
}

fn per_week(n_salient: u32, turn: u32, turn_days: f64) -> f64 {
    f64::from(n_salient) * 7.0 / (f64::from(turn + 1) * turn_days)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock() -> DurabilityClock {
        let covariates = Covariates { verification: 1.0, attacks: 0.2, ..Covariates::default() };
        DurabilityClock { bare_30_days: 0.67, shape: 0.8, covariates }
    }

    #[test]
    fn r1_a_bare_truce_holds_30_days_with_the_given_chance() {
        assert!((clock().holds(&Covariates::default(), 30.0) - 0.67).abs() < 1e-12);
    }

    #[test]
    fn r2_verification_lengthens_and_attacks_shorten() {
        // Each covariate by its own effect, attacks against the rest.
        let [ones, effects] = [[1.0; 6], [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]].map(|of| {
            let [verification, guarantee, trade, trust, least_gain, attacks] = of;
            Covariates { verification, guarantee, trade, trust, least_gain, attacks }
        });
        assert!((effects.against(&ones) - 0.9).abs() < 1e-12);
        let values =
            |verification, attacks| Covariates { verification, attacks, ..Covariates::default() };
        let bare = clock().holds(&values(0.0, 0.0), 90.0);
        assert!(clock().holds(&values(1.0, 0.0), 90.0) > bare);
        assert!(clock().holds(&values(0.0, 2.0), 90.0) < bare);
        // An effect of 1 divides the rate by e: ln S falls to a share 1/e.
        let verified = math::ln(clock().holds(&values(1.0, 0.0), 90.0)) / math::ln(bare);
        assert!((verified - math::exp(-1.0)).abs() < 1e-12);
    }
}
