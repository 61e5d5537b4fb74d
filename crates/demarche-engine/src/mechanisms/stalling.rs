//! Stalling: valuing the talks themselves.
//!
//! # Rules
//! - **R1** An insincere capital values the talks by h(s) = h₀(1 − ½s): less as the deadline nears;
//!   a sincere one by nothing. [ikle1964, side effects; richmond1998, devious objectives]
//! - **R2** Its pull is ω·max(0, h(s) − pain − pressure): what hurts and who presses make talking
//!   on dearer. It acts on instructions, on acceptance and on ratification. [ours: one pull, three
//!   places]
//! - **R3** Delegates of a capital with a pull play for time, at a given rate: they reopen a point
//!   they had accepted, or change the subject. [ikle1964]
//!
//! # Departures
//! Sincerity is drawn for either side, both or neither, and nobody at the table knows it.
use bevy_ecs::prelude::*;
use demarche_domain::index::IssueIx;
use demarche_random::purpose::Purpose;
use demarche_record::decision::{Decision, Matter};
use demarche_record::event::{Event, TrustCause};
use demarche_record::seat::Seat;
use tracing::{debug, trace};

use crate::mechanisms::acceptance::Opinion;
use crate::mechanisms::agenda::{Moves, TextOnTable};
use crate::mechanisms::deadline::Clock;
use crate::mechanisms::instructions::Instructing;
use crate::mechanisms::outcome::Tally;
use crate::mechanisms::shock::chance_in;
use crate::mechanisms::trust::Impressions;
use crate::orders::Orders;
use crate::roster::Roster;
use crate::scenario::Party;
use crate::seating::Dynamics;
use crate::table::{Narration, PerTable, Rules, Tables};

/// What a capital is like, hidden from all others. -- state, drawn when the table is laid.
#[derive(Component, Clone, Copy, Debug, PartialEq)]
pub struct Character {
    /// Whether it wants an agreement, and not just talks.
    pub is_sincere: bool,
    /// κ. [1]
    pub capacity: f64,
    /// h₀. [gain]
    pub stall_value: f64,
    /// ε. [gain]
    pub temper: f64,
}

/// Whether anything can come of it in a scenario: somebody plays for time
/// by the policy.
pub(crate) fn is_used(scenario: &crate::scenario::Scenario) -> bool {
    let stalls = |party: &Party| party.instructing.stalls_per_day.may_be_nonzero();
    scenario.parties.iter().any(stalls)
}

pub(crate) fn install_deciding(schedule: &mut Schedule) {
    schedule.add_systems(decide_to_stall.in_set(crate::turn::Phase::Delay));
}

pub(crate) fn install(schedule: &mut Schedule) {
    schedule.add_systems(stall.in_set(crate::turn::Phase::Stall));
}

fn decide_to_stall(
    (tables, roster, rules): (Res<Tables>, Res<Roster>, Res<Rules>),
    (clocks, texts): (Res<PerTable<Clock>>, Res<PerTable<TextOnTable>>),
    capitals: Query<&Instructing>,
    delegations: Query<&Opinion>,
    mut orders: ResMut<PerTable<Orders>>,
) {
    let capitals = roster.seated(capitals);
    let delegations = roster.seated(delegations);
    for (at, table) in tables.here() {
        if texts[at].is_closed() || texts[at].is_initialled() || clocks[at].left.is_some() {
            continue;
        }
        for p in tables.movers(at) {
            let instructing = capitals.get(at, p);
            let opinion = delegations.get(at, p);
            let has_pull = opinion.text.is_some() && opinion.pull > opinion.gain.max(0.0);
            let chance = chance_in(instructing.stalls_per_day, rules.0.turn_days);
            let draw = table.draws(Purpose::Stall, p.ix()).chance(chance);
            trace!(
                party = %tables.named(&p), pull = opinion.pull, gain = opinion.gain, chance, draw,
                "delay weighed",
            );
            let (orders, seat) = (&mut orders[at], Seat::Delegation(p));
            let has_moved = orders.are_on(seat, Matter::Table);
            if orders.are_the_policys(seat) && !has_moved && has_pull && draw {
                orders.give(seat, stalling_move(texts[at].issues[p.ix()]));
            }
        }
    }
}

/// R3: reopens the last issue that it had accepted, else changes the subject.
fn stalling_move(accepted: u16) -> Decision {
    match accepted.checked_ilog2() {
        Some(last) => Decision::Reopen { issue: IssueIx::at(last as usize) },
        None => Decision::ChangeSubject {},
    }
}

fn stall(
    (tables, roster, rules): (Res<Tables>, Res<Roster>, Res<Rules>),
    dynamics: Res<PerTable<Dynamics>>,
    orders: Res<PerTable<Orders>>,
    (mut texts, mut moves, mut impressions): (
        ResMut<PerTable<TextOnTable>>,
        ResMut<PerTable<Moves>>,
        ResMut<PerTable<Impressions>>,
    ),
    mut tallies: ResMut<PerTable<Tally>>,
    mut narration: ResMut<Narration>,
) {
    for (at, table) in tables.here_if(is_used(&rules.0)) {
        for party in roster.parties() {
            for decision in orders[at].of(Seat::Delegation(party)) {
                let reopened = match *decision {
                    Decision::Reopen { issue } => Some(issue),
                    Decision::ChangeSubject {} => None,
                    _ => continue,
                };
                if let Some(issue) = reopened {
                    texts[at].issues[party.ix()] &= !(1 << issue.0);
                    texts[at].accepted[party.ix()] = false;
                    texts[at].confirmed[party.ix()] = false;
                }
                moves[at].stalled[party.ix()] = true;
                tallies[at].n_stalls[party.ix()] += 1;
                let (log_odds, cause) = (-dynamics[at].stalling, TrustCause::Stalling);
                impressions[at].on_all(roster.parties(), party, log_odds, cause);
                debug!(
                    party = %tables.named(&party), reopened = %tables.named(&reopened),
                    "time played for",
                );
                narration.note(at, table, || Event::TalksStalled { party, reopened });
            }
        }
    }
}

/// R1. [gain]
#[must_use]
pub(crate) fn worth_of_talking(character: &Character, elapsed: f64) -> f64 {
    if character.is_sincere { 0.0 } else { character.stall_value * (1.0 - 0.5 * elapsed) }
}

/// R2. [gain, ≥ 0]
#[must_use]
pub(crate) fn pull(
    character: &Character,
    weight: f64,
    elapsed: f64,
    pain: f64,
    pressure: f64,
) -> f64 {
    weight * (worth_of_talking(character, elapsed) - pain - pressure).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEVIOUS: Character =
        Character { is_sincere: false, capacity: 0.5, stall_value: 0.6, temper: 0.0 };

    #[test]
    fn r1_talks_are_worth_less_as_the_deadline_nears() {
        assert_eq!(worth_of_talking(&DEVIOUS, 0.0), 0.6);
        assert_eq!(worth_of_talking(&DEVIOUS, 1.0), 0.3);
        assert_eq!(worth_of_talking(&Character { is_sincere: true, ..DEVIOUS }, 0.0), 0.0);
    }

    #[test]
    fn r2_pain_and_pressure_end_the_pull() {
        assert!((pull(&DEVIOUS, 0.5, 0.0, 0.2, 0.1) - 0.15).abs() < 1e-12);
        assert_eq!(pull(&DEVIOUS, 1.0, 0.0, 0.5, 0.2), 0.0);
    }

    #[test]
    fn r3_what_was_accepted_is_reopened_first() {
        assert_eq!(stalling_move(0b0101), Decision::Reopen { issue: IssueIx(2) });
        assert_eq!(stalling_move(0), Decision::ChangeSubject {});
    }
}
