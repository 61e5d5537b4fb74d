//! Retaliation: strikes after attacks, answers to strikes, and the fighting they add up to.
//!
//! # Rules
//! - **R1** A capital struck by a salient attack may strike the host, one that was struck may
//!   answer, each with its own chance. [fearon1995; leng1983, reciprocity in crises]
//! - **R2** A truce takes away a share of these chances, an agreed restraint from strikes its
//!   level. [clayton2022: ceasefires hold by restraint on both sides]
//! - **R3** A strike raises fighting F by a share of what is left to 1; F dies down exponentially,
//!   quicker under a truce. [ours: a bounded state with memory]
//! - **R4** When F passes a bound the truce is broken; a new text is needed for another. [ours: a
//!   truce outlives an incident, not a war]
//! - **R5** What fighting is expected if the talks fail rises with each threat, from either side.
//!   [slantchev2011, threats that raise the stakes for both]
//!
//! # Departures
//! Casualties are not counted: both sides' figures are contested by a factor of 2.5 to 20 (war-04).
use bevy_ecs::prelude::*;
use demarche_domain::index::PartyIx;
use demarche_domain::package::Package;
use demarche_random::math;
use demarche_random::purpose::Purpose;
use demarche_record::decision::Decision;
use demarche_record::event::Event;

use crate::mechanisms::attacks::{Militancy, Struck};
use crate::mechanisms::audience_cost::Threats;
use crate::mechanisms::outcome::Tally;
use crate::mechanisms::ratification::InForce;
use crate::mechanisms::shock::Shocks;
use crate::roster::Roster;
use crate::scenario::{Effect, Issue};
use crate::seating::Dynamics;
use crate::table::{Narration, Orders, PerTable, Rules, Tables};

/// Fighting at a table. -- state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hostilities {
    /// F. [1, [0, 1]]
    pub fighting: f64,
    /// Whether a truce is in force.
    pub truce: bool,
    /// Fighting expected if the talks fail. [1, [0, 1]]
    pub expected: f64,
    /// Strikes since the last turn's beliefs: by whom on whom.
    pub strikes: Vec<(PartyIx, PartyIx)>,
    /// Strikes that may still be answered.
    pub unanswered: Vec<(PartyIx, PartyIx)>,
}

/// How a party uses force. -- parameter.
#[derive(Component, Clone, Copy, Debug, PartialEq)]
pub struct Force {
    /// Chance that it strikes after an attack. [1]
    pub strike_after_attack: f64,
    /// Chance that it answers a strike. [1]
    pub answer_strike: f64,
    /// Share of these that a truce takes away. [1]
    pub truce_restraint: f64,
}

pub(crate) fn install(schedule: &mut Schedule) {
    schedule.add_systems(die_down.in_set(crate::turn::Phase::Fighting));
}

pub(crate) fn install_strikes(schedule: &mut Schedule) {
    schedule.add_systems((decide_to_strike, strike).chain().in_set(crate::turn::Phase::Force));
}

fn die_down(
    (tables, roster, rules): (Res<Tables>, Res<Roster>, Res<Rules>),
    (dynamics, shocks): (Res<PerTable<Dynamics>>, Res<PerTable<Shocks>>),
    threats: Query<&Threats>,
    (mut hostilities, mut tallies): (ResMut<PerTable<Hostilities>>, ResMut<PerTable<Tally>>),
    mut narration: ResMut<Narration>,
) {
    for (at, table) in tables.here() {
        let (hostilities, dynamics) = (&mut hostilities[at], &dynamics[at]);
        let calming = if hostilities.truce {
            dynamics.calming_under_truce
        } else {
            dynamics.calming_without_truce
        };
        hostilities.fighting *= math::exp(-calming * rules.0.turn_days);
        let effects =
            shocks[at].striking.iter().flat_map(|shock| &rules.0.shocks[shock.ix()].effects);
        for effect in effects {
            match *effect {
                Effect::Strike { by, against } => {
                    carry_out(hostilities, dynamics, (by, against));
                    tallies[at].n_strikes += 1;
                    let fighting = hostilities.fighting;
                    let in_answer = false;
                    narration.note(at, table, || Event::StrikeCarriedOut {
                        by,
                        against,
                        in_answer,
                        fighting,
                    });
                }
                Effect::Truce if !hostilities.truce => {
                    hostilities.truce = true;
                    narration.note(at, table, || Event::TruceBegan {});
                }
                _ => {}
            }
        }
        let threats = roster
            .parties(at)
            .map(|p| threats.get(roster.party(at, p)).expect("parties are seated").count);
        let (base, each) = (dynamics.fighting_if_talks_fail, dynamics.threat_escalation);
        hostilities.expected = expected(base, each, threats.sum());
    }
}

/// R5.
fn expected(base: f64, each: f64, threats: u32) -> f64 {
    (base + each * f64::from(threats)).min(1.0)
}

/// R3: fighting after one more strike.
fn escalated(fighting: f64, escalation: f64) -> f64 {
    fighting + (1.0 - fighting) * escalation
}

fn carry_out(hostilities: &mut Hostilities, dynamics: &Dynamics, strike: (PartyIx, PartyIx)) {
    hostilities.fighting = escalated(hostilities.fighting, dynamics.strike_escalation);
    hostilities.strikes.push(strike);
    hostilities.unanswered.push(strike);
}

/// R4: whether fighting has come so far that the truce is one no more.
fn breaks(hostilities: &Hostilities, dynamics: &Dynamics) -> bool {
    hostilities.truce && hostilities.fighting > dynamics.truce_breaks_at
}

/// The restraint from strikes that what is in force asks of both. [1, [0, 1]]
pub(crate) fn agreed_restraint(issues: &[Issue], in_force: &Package) -> f64 {
    let levels = issues.iter().zip(in_force.rungs(issues.len()));
    let levels = levels.filter(|(issue, _)| issue.restrains_strikes);
    levels.map(|(issue, rung)| issue.levels[usize::from(*rung)]).fold(0.0, f64::max)
}

/// R2.
fn chance(bare: f64, truce: bool, truce_restraint: f64, agreed_restraint: f64) -> f64 {
    bare * (1.0 - if truce { truce_restraint } else { 0.0 }) * (1.0 - agreed_restraint)
}

fn decide_to_strike(
    (tables, roster, rules): (Res<Tables>, Res<Roster>, Res<Rules>),
    (hostilities, struck, in_force): (
        Res<PerTable<Hostilities>>,
        Res<PerTable<Struck>>,
        Res<PerTable<InForce>>,
    ),
    (forces, groups): (Query<&Force>, Query<&Militancy>),
    mut orders: Query<&mut Orders>,
) {
    for (at, table) in tables.here() {
        let agreed = agreed_restraint(&rules.0.issues, &in_force[at].0);
        for p in roster.parties(at) {
            let capital = roster.capital(at, p);
            let mut orders = orders.get_mut(capital).expect("capitals are seated");
            if !orders.are_the_policys() {
                continue;
            }
            let force = forces.get(capital).expect("capitals are seated");
            let likely = |bare| chance(bare, hostilities[at].truce, force.truce_restraint, agreed);
            let mine = |strike: &&(PartyIx, PartyIx)| strike.1 == p;
            if let Some(&(against, _)) = hostilities[at].unanswered.iter().find(mine) {
                if table.draws(Purpose::Answer, p.ix()).chance(likely(force.answer_strike)) {
                    orders.give(Decision::Strike { against });
                }
                continue;
            }
            let hosts = roster.groups(at).map(|g| groups.get(roster.group(at, g)).expect("seated"));
            let host = hosts.filter(|m| m.target == p && struck[at].on[p.ix()] > 0).map(|m| m.host);
            if let Some(against) = host.min() {
                let mut draws = table.draws(Purpose::Strike, p.ix());
                let attacks = struck[at].on[p.ix()];
                if (0..attacks).any(|_| draws.chance(likely(force.strike_after_attack))) {
                    orders.give(Decision::Strike { against });
                }
            }
        }
    }
}

fn strike(
    (tables, roster): (Res<Tables>, Res<Roster>),
    dynamics: Res<PerTable<Dynamics>>,
    orders: Query<&Orders>,
    (mut hostilities, mut tallies): (ResMut<PerTable<Hostilities>>, ResMut<PerTable<Tally>>),
    mut narration: ResMut<Narration>,
) {
    for (at, table) in tables.here() {
        let hostilities = &mut hostilities[at];
        let open = std::mem::take(&mut hostilities.unanswered);
        for by in roster.parties(at) {
            for decision in orders.get(roster.capital(at, by)).expect("seated").iter() {
                let &Decision::Strike { against } = decision else { continue };
                carry_out(hostilities, &dynamics[at], (by, against));
                tallies[at].n_strikes += 1;
                let fighting = hostilities.fighting;
                let in_answer = open.contains(&(against, by));
                narration.note(at, table, || Event::StrikeCarriedOut {
                    by,
                    against,
                    in_answer,
                    fighting,
                });
            }
        }
        let fighting = hostilities.fighting;
        if breaks(hostilities, &dynamics[at]) {
            hostilities.truce = false;
            narration.note(at, table, || Event::TruceBroke { fighting });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r1_no_provocation_no_chance_and_full_provocation_is_bounded() {
        assert_eq!(chance(0.0, false, 0.5, 0.0), 0.0);
        assert_eq!(chance(1.0, false, 0.5, 0.0), 1.0);
    }

    #[test]
    fn r2_truce_and_pledge_restrain() {
        assert_eq!(chance(0.8, true, 0.5, 0.0), 0.4);
        assert_eq!(chance(0.8, true, 0.5, 0.75), 0.1);
        assert_eq!(chance(0.8, true, 0.5, 1.0), 0.0);
    }

    #[test]
    fn r3_fighting_stays_between_none_and_full() {
        let mut fighting = 0.0;
        for _ in 0..50 {
            fighting = escalated(fighting, 0.3);
        }
        assert!(fighting < 1.0 + 1e-12 && fighting > 0.99);
        assert_eq!(escalated(0.5, 0.5), 0.75);
    }

    #[test]
    fn r4_a_truce_breaks_past_its_bound() {
        let dynamics =
            Dynamics { truce_breaks_at: 0.5, strike_escalation: 0.3, ..Dynamics::default() };
        let mut hostilities = Hostilities { truce: true, ..Hostilities::default() };
        let strike = (PartyIx(0), PartyIx(1));
        carry_out(&mut hostilities, &dynamics, strike);
        assert!(!breaks(&hostilities, &dynamics), "0.3");
        carry_out(&mut hostilities, &dynamics, strike);
        assert!(breaks(&hostilities, &dynamics), "0.3 + 0.7 × 0.3");
        hostilities.truce = false;
        assert!(!breaks(&hostilities, &dynamics), "there is none to break");
    }

    #[test]
    fn r5_threats_raise_what_is_feared() {
        assert!((expected(0.4, 0.1, 3) - 0.7).abs() < 1e-12);
        assert_eq!(expected(0.4, 0.1, 30), 1.0);
    }
}
