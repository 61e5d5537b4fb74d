//! Frontier: crossings shut and opened.
//!
//! # Rules
//! - **R1** The open share B is the trade of the crossings that nobody holds shut, of all trade;
//!   what is agreed on crossings opens at least its level. [ours; eco-05 for the trade]
//! - **R2** Under a truce without a term, or where there is no fighting, a side opens its crossings
//!   at the rate o·(1 + b·pain of closure)·e^(−c·pain of attacks); it shuts them when it was
//!   struck, with a given chance for each attack, as it is felt, and each strike. [eco-13 to
//!   eco-18: closures of 6 to 32 days, mean 15; eco-12, security first]
//! - **R3** While crossings are on the agenda of a round they are leverage: nobody opens them on
//!   its own. Under the rival reading an opening is a gesture that raises the other's trust, and
//!   can come at any time. [eco-12 security first; eco-13 opened as goodwill]
//!
//! # Departures
//! None.
use bevy_ecs::prelude::*;
use demarche_domain::index::{IssueIx, MAX_PARTIES};
use demarche_domain::package::Package;
use demarche_random::math;
use demarche_random::purpose::Purpose;
use demarche_record::decision::Decision;
use demarche_record::event::Event;
use demarche_record::seat::Seat;
use tracing::{debug, trace};

use crate::mechanisms::attacks::Struck;
use crate::mechanisms::deadline::Clock;
use crate::mechanisms::no_deal::Pain;
use crate::mechanisms::ratification::InForce;
use crate::mechanisms::retaliation::{Hostilities, provoked};
use crate::mechanisms::shock::{self, Shocks, chance_in};
use crate::orders::Orders;
use crate::roster::Roster;
use crate::scenario::{CrossingsReading, Effect, Issue, Scenario};
use crate::table::{Narration, PerTable, Rules, Tables};

/// The frontier. -- state.
#[derive(Clone, Debug, Default, PartialEq)]
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
    /// How much its pain of attacks slows it. [1/gain]
    pub opening_by_attacks: f64,
    /// Chance that it shuts them for each attack or strike on it. [1]
    pub shut_when_struck: f64,
}

/// Whether anything can come of it in a scenario: there are
/// crossings, or a shock that may name them.
pub(crate) fn is_used(scenario: &Scenario) -> bool {
    !scenario.crossings.is_empty() || shock::is_used(scenario)
}

pub(crate) fn install(schedule: &mut Schedule) {
    schedule.add_systems(measure.in_set(crate::turn::Phase::Frontier));
}

/// What has come into force is open from then on.
pub(crate) fn install_settling(schedule: &mut Schedule) {
    schedule.add_systems(settle.in_set(crate::turn::Phase::Settle));
}

pub(crate) fn install_conduct(schedule: &mut Schedule) {
    let conduct = (decide_on_crossings, open_or_shut).chain();
    schedule.add_systems(conduct.in_set(crate::turn::Phase::Crossings));
}

fn measure(
    (tables, rules): (Res<Tables>, Res<Rules>),
    (shocks, in_force): (Res<PerTable<Shocks>>, Res<PerTable<InForce>>),
    mut frontiers: ResMut<PerTable<Frontier>>,
    mut narration: ResMut<Narration>,
) {
    for (at, table) in tables.here() {
        let frontier = &mut frontiers[at];
        for (effect, _) in shocks[at].effects(&rules.0.shocks) {
            if let Effect::Crossings { by, open } = *effect
                && frontier.is_shut[by.ix()] == open
            {
                frontier.is_shut[by.ix()] = !open;
                frontier.gestures[by.ix()] =
                    open && rules.0.protocol.crossings == CrossingsReading::Goodwill;
                debug!(by = %tables.named(&by), open, "crossings changed by a shock");
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
        frontier.open_share = share_now(&rules.0, frontier, &in_force[at].0);
        frontier.trade_days_lost += (1.0 - frontier.open_share) * rules.0.turn_days;
        let lost = frontier.trade_days_lost;
        trace!(open_share = frontier.open_share, trade_days_lost = lost, "trade measured");
    }
}

fn settle(
    (tables, rules): (Res<Tables>, Res<Rules>),
    in_force: Res<PerTable<InForce>>,
    mut frontiers: ResMut<PerTable<Frontier>>,
) {
    for (at, _) in tables.here() {
        let frontier = &mut frontiers[at];
        frontier.open_share = share_now(&rules.0, frontier, &in_force[at].0);
    }
}

/// R1, as things stand. [1, [0, 1]]
pub(crate) fn share_now(scenario: &Scenario, frontier: &Frontier, in_force: &Package) -> f64 {
    let crossings = scenario.crossings.iter().zip(&frontier.trade).map(|(crossing, trade)| {
        (*trade, crossing.held_by.iter().all(|party| !frontier.is_shut[party.ix()]))
    });
    open_share(crossings, agreed_levels(&scenario.issues, in_force))
}

/// What a package says of crossings: its level on each issue that opens them. [1, [0, 1]]
fn agreed_levels(issues: &[Issue], in_force: &Package) -> impl Iterator<Item = f64> {
    let rungs = issues.iter().zip(in_force.rungs(issues.len()));
    let opening = rungs.filter(|(issue, _)| issue.opens_crossings);
    opening.map(|(issue, rung)| issue.levels[usize::from(*rung)])
}

/// R1, from the trade of each crossing and whether it is open. [1, [0, 1]]
fn open_share(
    crossings: impl Iterator<Item = (f64, bool)> + Clone,
    agreed: impl Iterator<Item = f64>,
) -> f64 {
    let total: f64 = crossings.clone().map(|(trade, _)| trade).sum();
    let passing = crossings.filter(|(_, is_open)| *is_open).map(|(trade, _)| trade);
    // An empty sum is −0, which is told as it is written.
    let passing = passing.sum::<f64>() + 0.0;
    let by_choice = if total > 0.0 { passing / total } else { 1.0 };
    agreed.fold(by_choice, f64::max)
}

fn decide_on_crossings(
    (tables, roster, rules): (Res<Tables>, Res<Roster>, Res<Rules>),
    (clocks, struck, hostilities): (
        Res<PerTable<Clock>>,
        Res<PerTable<Struck>>,
        Res<PerTable<Hostilities>>,
    ),
    frontiers: Res<PerTable<Frontier>>,
    capitals: Query<(&CrossingsConduct, &Pain)>,
    mut orders: ResMut<PerTable<Orders>>,
) {
    let capitals = roster.seated(capitals);
    for (at, table) in tables.here() {
        let frontier = &frontiers[at];
        let agenda = clocks[at].round.map_or(&[] as &[IssueIx], |r| &rules.0.rounds[r.ix()].agenda);
        let is_safe = is_safe(&rules.0, &hostilities[at]);
        let is_leverage = is_leverage(rules.0.protocol.crossings, agenda, &rules.0.issues);
        for p in roster.parties() {
            let seat = Seat::Capital(p);
            let holds = rules.0.crossings.iter().any(|crossing| crossing.held_by.contains(&p));
            if !orders[at].are_the_policys(seat) || !holds {
                continue;
            }
            let is_shut = frontier.is_shut[p.ix()];
            let violence = hostilities[at].violence(&struck[at], p);
            trace!(
                party = %tables.named(&p), is_shut, is_leverage, is_safe, violence,
                "crossings weighed",
            );
            let is_asked = if is_shut { !is_leverage && is_safe } else { violence > 0.0 };
            if !is_asked {
                continue;
            }
            let (conduct, pain) = capitals.get(at, p);
            let mut draws = table.draws(Purpose::Crossings, p.ix());
            let (opens, shuts) = (draws.uniform(), draws.uniform());
            if is_shut {
                if opens < chance_in(opening_rate(conduct, pain), rules.0.turn_days) {
                    orders[at].give(seat, Decision::OpenCrossings {});
                }
            } else if shuts < provoked(conduct.shut_when_struck, violence) {
                orders[at].give(seat, Decision::ShutCrossings {});
            }
        }
    }
}

/// R2: whether a truce that was agreed makes it safe to open them.
fn is_safe(scenario: &Scenario, hostilities: &Hostilities) -> bool {
    !scenario.has_fighting() || (hostilities.truce && !hostilities.is_interim)
}

/// R3: whether crossings are held back to be sold.
fn is_leverage(reading: CrossingsReading, agenda: &[IssueIx], issues: &[Issue]) -> bool {
    reading == CrossingsReading::BargainingChip
        && agenda.iter().any(|issue| issues[issue.ix()].opens_crossings)
}

/// R3: whether opening them says something of the one who does.
fn is_gesture(reading: CrossingsReading) -> bool {
    reading == CrossingsReading::Goodwill
}

/// R2. [1/d]
fn opening_rate(conduct: &CrossingsConduct, pain: &Pain) -> f64 {
    let slowed = math::exp(-conduct.opening_by_attacks * pain.attacks);
    conduct.opening_per_day * (1.0 + conduct.opening_by_pain * pain.closure) * slowed
}

fn open_or_shut(
    (tables, roster, rules): (Res<Tables>, Res<Roster>, Res<Rules>),
    orders: Res<PerTable<Orders>>,
    mut frontiers: ResMut<PerTable<Frontier>>,
    mut narration: ResMut<Narration>,
) {
    for (at, table) in tables.here().filter(|(at, _)| !orders[*at].are_none()) {
        let frontier = &mut frontiers[at];
        for by in roster.parties() {
            for decision in orders[at].of(Seat::Capital(by)) {
                match decision {
                    Decision::OpenCrossings {} => {
                        frontier.is_shut[by.ix()] = false;
                        frontier.gestures[by.ix()] = is_gesture(rules.0.protocol.crossings);
                        let flowing = frontier.is_shut.iter().all(|shut| !shut);
                        debug!(by = %tables.named(&by), flowing, "crossings opened");
                        narration.note(at, table, || Event::CrossingsOpened { by, flowing });
                    }
                    Decision::ShutCrossings {} => {
                        frontier.is_shut[by.ix()] = true;
                        debug!(by = %tables.named(&by), "crossings shut");
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
    use crate::testing::{FIRST, SECOND, plain_issue};

    /// The first issue is on crossings, the second is not.
    fn issues() -> [Issue; 2] {
        [Issue { opens_crossings: true, ..plain_issue() }, plain_issue()]
    }

    #[test]
    fn r1_what_passes_is_open_by_choice_or_by_agreement() {
        #[track_caller]
        fn check(crossings: [(f64, bool); 2], in_force: &[u8], expected: f64) {
            let agreed = agreed_levels(&issues(), &Package::new(in_force)).collect::<Vec<_>>();
            assert_eq!(open_share(crossings.into_iter(), agreed.into_iter()), expected);
        }
        check([(3.0, true), (1.0, false)], &[0, 0], 0.75);
        check([(3.0, true), (1.0, false)], &[1, 2], 0.75);
        check([(3.0, false), (1.0, false)], &[0, 2], 0.0);
        check([(3.0, false), (1.0, false)], &[1, 0], 0.5);
        check([(3.0, false), (1.0, true)], &[2, 0], 1.0);
        // Where nothing passes on an ordinary day, nothing is held up.
        check([(0.0, false), (0.0, false)], &[0, 0], 1.0);
    }

    #[test]
    fn r2_crossings_are_opened_under_a_truce_without_a_term() {
        let mut fought = crate::testing::plain_scenario();
        let nil = demarche_random::sample::Number::fixed(0.0);
        (fought.world.fighting, fought.world.strike_escalation) = (nil, nil);
        assert!(is_safe(&fought, &Hostilities::default()), "nobody fights");
        fought.world.fighting = demarche_random::sample::Number::fixed(0.5);
        let truce = Hostilities { truce: true, ..Hostilities::default() };
        assert!(!is_safe(&fought, &Hostilities::default()) && is_safe(&fought, &truce));
        assert!(!is_safe(&fought, &Hostilities { is_interim: true, ..truce }));
    }

    #[test]
    fn r3_crossings_on_the_agenda_are_leverage_or_a_gesture() {
        let (chip, goodwill) = (CrossingsReading::BargainingChip, CrossingsReading::Goodwill);
        assert!(is_leverage(chip, &[SECOND, FIRST], &issues()));
        assert!(!is_leverage(chip, &[SECOND], &issues()), "not what the round is about");
        assert!(!is_leverage(chip, &[], &issues()), "between rounds");
        assert!(!is_leverage(goodwill, &[FIRST], &issues()));
        assert!(is_gesture(goodwill) && !is_gesture(chip));
    }

    #[test]
    fn r2_pain_quickens_opening() {
        let conduct = CrossingsConduct {
            opening_per_day: 0.066,
            opening_by_pain: 5.0,
            opening_by_attacks: 10.0,
            shut_when_struck: 0.5,
        };
        let rate = |closure, attacks| {
            opening_rate(&conduct, &Pain { closure, attacks, ..Pain::default() })
        };
        assert_eq!(rate(0.0, 0.0), 0.066);
        assert!((rate(0.2, 0.0) - 0.132).abs() < 1e-12);
        assert!((rate(0.2, 0.1) - 0.132 * math::exp(-1.0)).abs() < 1e-12, "security first");
    }
}
