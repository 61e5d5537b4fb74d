//! Frontier: crossings shut and opened.
//!
//! # Rules
//! - **R1** The open share B is the trade of the crossings that nobody holds shut, of all trade;
//!   what is agreed on crossings opens at least its level. [ours; eco-05 for the trade]
//! - **R2** A side opens its crossings at a rate that its own pain of closure quickens, and shuts
//!   them with a given chance after a salient attack on it. [eco-13 to eco-18: closures of 6 to 32
//!   days, mean 15]
//! - **R3** While crossings are on the agenda of a round they are leverage: nobody opens them on
//!   its own. Under the rival reading an opening is a gesture that raises the other's trust, and
//!   can come at any time. [eco-12 security first; eco-13 opened as goodwill]
//!
//! # Departures
//! None.
use bevy_ecs::prelude::*;
use demarche_domain::index::{IssueIx, MAX_PARTIES};
use demarche_random::purpose::Purpose;
use demarche_record::decision::Decision;
use demarche_record::event::Event;

use crate::mechanisms::attacks::Struck;
use crate::mechanisms::deadline::Clock;
use crate::mechanisms::no_deal::Pain;
use crate::mechanisms::ratification::InForce;
use crate::mechanisms::shock::{Shocks, chance_in};
use crate::roster::Roster;
use crate::scenario::{CrossingsReading, Effect, Scenario};
use crate::table::{Narration, Orders, PerTable, Rules, Tables};

/// The frontier. -- state.
#[derive(Component, Clone, Debug, Default, PartialEq)]
pub struct Frontier {
    /// Who holds its crossings shut.
    pub is_shut: [bool; MAX_PARTIES],
    /// B. [1, [0, 1]]
    pub open_share: f64,
    /// Trade of each crossing. [USD m/d]
    pub trade: Vec<f64>,
    /// Who opened as a gesture in this turn, until beliefs have taken note.
    pub gestures: [bool; MAX_PARTIES],
    /// Trade that did not pass so far. [days of full trade]
    pub trade_days_lost: f64,
}

/// How a party handles its crossings. -- parameter.
#[derive(Component, Clone, Copy, Debug, PartialEq)]
pub struct CrossingsConduct {
    /// How often it would open them. [1/d]
    pub opening_per_day: f64,
    /// How much its pain quickens that. [1/gain]
    pub opening_by_pain: f64,
    /// Chance that it shuts them after an attack. [1]
    pub shut_after_attack: f64,
}

pub(crate) fn install(schedule: &mut Schedule) {
    schedule.add_systems(measure.in_set(crate::turn::Phase::Frontier));
}

pub(crate) fn install_conduct(schedule: &mut Schedule) {
    let conduct = (decide_on_crossings, open_or_shut).chain();
    schedule.add_systems(conduct.in_set(crate::turn::Phase::Crossings));
}

fn measure(
    (tables, roster, rules): (Res<Tables>, Res<Roster>, Res<Rules>),
    (shocks, in_force): (Res<PerTable<Shocks>>, Res<PerTable<InForce>>),
    mut frontiers: Query<&mut Frontier>,
    mut narration: ResMut<Narration>,
) {
    for (at, table) in tables.here() {
        let mut frontier = frontiers.get_mut(roster.frontier(at)).expect("the frontier is laid");
        let effects =
            shocks[at].striking.iter().flat_map(|shock| &rules.0.shocks[shock.ix()].effects);
        for effect in effects {
            if let Effect::Crossings { by, open } = *effect {
                frontier.is_shut[by.ix()] = !open;
                narration.note(at, table, || {
                    let flowing = frontier.is_shut.iter().all(|shut| !shut);
                    if open {
                        Event::CrossingsOpened { by, flowing }
                    } else {
                        Event::CrossingsShut { by }
                    }
                });
            }
        }
        frontier.open_share = open_share(&rules.0, &frontier, &in_force[at]);
        frontier.trade_days_lost += (1.0 - frontier.open_share) * rules.0.turn_days;
    }
}

/// R1.
fn open_share(scenario: &Scenario, frontier: &Frontier, in_force: &InForce) -> f64 {
    let total: f64 = frontier.trade.iter().sum();
    let passes = |held_by: &[demarche_domain::index::PartyIx]| {
        held_by.iter().all(|party| !frontier.is_shut[party.ix()])
    };
    let crossings = scenario.crossings.iter().zip(&frontier.trade);
    let passing =
        crossings.filter(|(crossing, _)| passes(&crossing.held_by)).map(|(_, trade)| trade);
    // An empty sum is −0, which is told as it is written.
    let passing = passing.sum::<f64>() + 0.0;
    let by_choice = if total > 0.0 { passing / total } else { 1.0 };
    let agreed = scenario.space.issues().filter(|k| scenario.issues[k.ix()].opens_crossings);
    let level = |k: IssueIx| scenario.issues[k.ix()].levels[usize::from(in_force.0.rung(k))];
    agreed.map(level).fold(by_choice, f64::max)
}

fn decide_on_crossings(
    (tables, roster, rules): (Res<Tables>, Res<Roster>, Res<Rules>),
    (clocks, struck): (Res<PerTable<Clock>>, Res<PerTable<Struck>>),
    (frontiers, capitals): (Query<&Frontier>, Query<(&CrossingsConduct, &Pain)>),
    mut orders: Query<&mut Orders>,
) {
    for (at, table) in tables.here() {
        let frontier = frontiers.get(roster.frontier(at)).expect("the frontier is laid");
        let is_leverage = rules.0.protocol.crossings == CrossingsReading::BargainingChip
            && clocks[at].round.is_some_and(|round| {
                let mut agenda = rules.0.rounds[round.ix()].agenda.iter();
                agenda.any(|issue| rules.0.issues[issue.ix()].opens_crossings)
            });
        for p in roster.parties(at) {
            let capital = roster.capital(at, p);
            let mut orders = orders.get_mut(capital).expect("capitals are seated");
            let holds = rules.0.crossings.iter().any(|crossing| crossing.held_by.contains(&p));
            if !orders.are_the_policys() || !holds {
                continue;
            }
            let (conduct, pain) = capitals.get(capital).expect("capitals are seated");
            let mut draws = table.draws(Purpose::Crossings, p.ix());
            let (opens, shuts) = (draws.uniform(), draws.uniform());
            let rate = opening_rate(conduct, pain.closure);
            if frontier.is_shut[p.ix()] {
                if !is_leverage && opens < chance_in(rate, rules.0.turn_days) {
                    orders.give(Decision::OpenCrossings {});
                }
            } else if struck[at].on[p.ix()] > 0 && shuts < conduct.shut_after_attack {
                orders.give(Decision::ShutCrossings {});
            }
        }
    }
}

/// R2.
fn opening_rate(conduct: &CrossingsConduct, pain_of_closure: f64) -> f64 {
    conduct.opening_per_day * (1.0 + conduct.opening_by_pain * pain_of_closure)
}

fn open_or_shut(
    (tables, roster, rules): (Res<Tables>, Res<Roster>, Res<Rules>),
    orders: Query<&Orders>,
    mut frontiers: Query<&mut Frontier>,
    mut narration: ResMut<Narration>,
) {
    for (at, table) in tables.here() {
        let mut frontier = frontiers.get_mut(roster.frontier(at)).expect("the frontier is laid");
        for by in roster.parties(at) {
            for decision in orders.get(roster.capital(at, by)).expect("seated").iter() {
                match decision {
                    Decision::OpenCrossings {} => {
                        frontier.is_shut[by.ix()] = false;
                        frontier.gestures[by.ix()] =
                            rules.0.protocol.crossings == CrossingsReading::Goodwill;
                        let flowing = frontier.is_shut.iter().all(|shut| !shut);
                        narration.note(at, table, || Event::CrossingsOpened { by, flowing });
                    }
                    Decision::ShutCrossings {} => {
                        frontier.is_shut[by.ix()] = true;
                        narration.note(at, table, || Event::CrossingsShut { by });
                    }
                    _ => {}
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r2_pain_quickens_opening() {
        let conduct = CrossingsConduct {
            opening_per_day: 0.066,
            opening_by_pain: 5.0,
            shut_after_attack: 0.5,
        };
        assert_eq!(opening_rate(&conduct, 0.0), 0.066);
        assert!((opening_rate(&conduct, 0.2) - 0.132).abs() < 1e-12);
    }
}
