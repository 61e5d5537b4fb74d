//! Patience: when a side walks out.
//!
//! # Rules
//! - **R1** Impatience Φ grows when others ask home, play for time or take back what they accepted,
//!   and when one's own side is struck, by salient attacks, as they are felt, or by the other; it
//!   falls with what others give and with mediation, fades with time, and is never below 0.
//!   [ikle1964; ist2-12, an attack that cast doubt on intentions]
//! - **R2** After a grace period a side that does not accept the text on the table walks out at the
//!   rate h·σ(7·(Φ − Φ*)). [ours: a soft threshold; the steepness is assumed]
//! - **R3** A capital can recall its delegation at any time: that is a walk-out too, and either
//!   costs the others' trust. [ours: those who sent delegates can call them back, and the chair is
//!   as empty]
//!
//! # Departures
//! None.
use bevy_ecs::prelude::*;
use demarche_random::math;
use demarche_random::purpose::Purpose;
use demarche_record::decision::Decision;
use demarche_record::event::{Event, TrustCause};

use crate::mechanisms::agenda::{Moves, TextOnTable};
use crate::mechanisms::attacks::Struck;
use crate::mechanisms::deadline::{Clock, RoundPlan};
use crate::mechanisms::mediation::Engagement;
use crate::mechanisms::retaliation::Hostilities;
use crate::mechanisms::shock::chance_in;
use crate::mechanisms::trust::Impressions;
use crate::roster::Roster;
use crate::seating::Dynamics;
use crate::table::{Narration, Orders, PerTable, Rules, Table, Tables};
use crate::turn::movers;

/// How patient a delegation is. -- parameter and state.
#[derive(Component, Clone, Copy, Debug, Default, PartialEq)]
pub struct Patience {
    /// Φ*. [1]
    pub threshold: f64,
    /// h. [1/d]
    pub walk_out_per_day: f64,
    /// Φ. [1, ≥ 0]
    pub impatience: f64,
    /// What of it others' requests and reversals brought. [1]
    pub from_requests: f64,
    /// What others' stalling brought. [1]
    pub from_stalling: f64,
    /// What attacks and strikes brought. [1]
    pub from_attacks: f64,
}

pub(crate) fn install_deciding(schedule: &mut Schedule) {
    schedule.add_systems(decide_to_leave.in_set(crate::turn::Phase::Leave));
}

pub(crate) fn install_recalling(schedule: &mut Schedule) {
    schedule.add_systems(recall.in_set(crate::turn::Phase::Recall));
}

pub(crate) fn install(schedule: &mut Schedule) {
    schedule.add_systems((leave, lose_patience).chain().in_set(crate::turn::Phase::Patience));
}

/// R2. [1/d]
fn walk_out_rate(patience: &Patience) -> f64 {
    let past = patience.impatience - patience.threshold;
    patience.walk_out_per_day * math::logistic(7.0 * past)
}

fn decide_to_leave(
    (tables, roster, rules): (Res<Tables>, Res<Roster>, Res<Rules>),
    (clocks, texts): (Res<PerTable<Clock>>, Res<PerTable<TextOnTable>>),
    plans: Query<&RoundPlan>,
    mut delegations: Query<(&mut Orders, &Patience)>,
) {
    for (at, table) in tables.here() {
        let clock = &clocks[at];
        let Some(round) = clock.round.filter(|_| clock.left.is_none()) else { continue };
        let grace = plans.get(roster.round(at, round)).expect("rounds are planned").grace_turns;
        if clock.turn_of_round(table.turn) < grace || texts[at].is_initialled {
            continue;
        }
        for p in movers(&rules.0, table) {
            let (mut orders, patience) =
                delegations.get_mut(roster.delegation(at, p)).expect("delegations are seated");
            let chance = chance_in(walk_out_rate(patience), rules.0.turn_days);
            let draw = table.draws(Purpose::WalkOut, p.ix()).chance(chance);
            let has_accepted = texts[at].accepted[p.ix()];
            if orders.are_the_policys() && draw && !has_accepted {
                orders.give(Decision::WalkOut {});
            }
        }
    }
}

/// R3.
fn recall(
    (tables, roster): (Res<Tables>, Res<Roster>),
    (capitals, dynamics): (Query<&Orders>, Res<PerTable<Dynamics>>),
    (mut clocks, mut impressions): (ResMut<PerTable<Clock>>, ResMut<PerTable<Impressions>>),
    mut narration: ResMut<Narration>,
) {
    for (at, table) in tables.here() {
        for party in roster.parties(at) {
            let orders = capitals.get(roster.capital(at, party)).expect("capitals are seated");
            if orders.is_recalling() && clocks[at].leave(party, table.turn) {
                let (log_odds, cause) = (-dynamics[at].walking_out, TrustCause::WalkOut);
                impressions[at].on_all(roster.parties(at), party, log_odds, cause);
                narration.note(at, table, || Event::DelegationRecalled { party });
            }
        }
    }
}

fn leave(
    (tables, roster): (Res<Tables>, Res<Roster>),
    (delegations, dynamics): (Query<(&Orders, &Patience)>, Res<PerTable<Dynamics>>),
    (mut clocks, mut impressions): (ResMut<PerTable<Clock>>, ResMut<PerTable<Impressions>>),
    mut narration: ResMut<Narration>,
) {
    for (at, table) in tables.here() {
        for party in roster.parties(at) {
            let (moves, patience) =
                delegations.get(roster.delegation(at, party)).expect("delegations are seated");
            if moves.is_leaving() && clocks[at].leave(party, table.turn) {
                let (log_odds, cause) = (-dynamics[at].walking_out, TrustCause::WalkOut);
                impressions[at].on_all(roster.parties(at), party, log_odds, cause);
                narration.note(at, table, || walked_out(party, patience));
            }
        }
    }
}

const fn walked_out(party: demarche_domain::index::PartyIx, patience: &Patience) -> Event {
    Event::WalkedOut {
        party,
        impatience: patience.impatience,
        from_requests: patience.from_requests,
        from_stalling: patience.from_stalling,
        from_attacks: patience.from_attacks,
    }
}

/// What happened in a turn, as one side feels it.
#[derive(Clone, Copy, Debug, Default)]
struct Felt {
    requests: f64,
    stalling: f64,
    attacks: f64,
    relief: f64,
}

fn lose_patience(
    (tables, roster, rules): (Res<Tables>, Res<Roster>, Res<Rules>),
    (clocks, moves, dynamics): (
        Res<PerTable<Clock>>,
        Res<PerTable<Moves>>,
        Res<PerTable<Dynamics>>,
    ),
    (struck, hostilities): (Res<PerTable<Struck>>, Res<PerTable<Hostilities>>),
    mediators: Query<&Engagement>,
    mut delegations: Query<&mut Patience>,
) {
    for (at, table) in tables.here() {
        if clocks[at].round.is_none() || !is_last_mover(&rules.0, table) {
            continue;
        }
        let engaged = roster.mediators(at).map(|m| {
            mediators.get(roster.mediator(at, m)).expect("mediators are seated").communication()
        });
        let communication = engaged.fold(0.0, f64::max);
        let left = math::exp(-dynamics[at].cooling * rules.0.turn_days);
        for p in roster.parties(at) {
            let others = roster.parties(at).filter(|other| *other != p);
            let count = |did: &[bool]| -> f64 {
                others.clone().map(|other| f64::from(u8::from(did[other.ix()]))).sum()
            };
            let asked = count(&moves[at].asked);
            let reneged = count(&moves[at].reneged);
            let stalled = count(&moves[at].stalled);
            let cheaper = 1.0 - 0.5 * communication;
            let felt = Felt {
                requests: dynamics[at].request * (asked * cheaper + 2.0 * reneged),
                stalling: dynamics[at].stalling_patience * stalled,
                attacks: dynamics[at].struck * hostilities[at].violence(&struck[at], p),
                relief: dynamics[at].movement * moves[at].was_given[p.ix()]
                    + dynamics[at].mediation * communication * rules.0.turn_days,
            };
            let mut patience = delegations.get_mut(roster.delegation(at, p)).expect("seated");
            if clocks[at].just_opened {
                *patience = fresh(&patience);
            }
            feel(&mut patience, left, felt);
        }
    }
}

/// Whether all delegations have had their turn to move.
fn is_last_mover(scenario: &crate::scenario::Scenario, table: &Table) -> bool {
    movers(scenario, table).count() > 1 || table.mover as usize + 1 == scenario.parties.len()
}

/// A new round begins without the impatience of the last.
const fn fresh(patience: &Patience) -> Patience {
    Patience {
        impatience: 0.0,
        from_requests: 0.0,
        from_stalling: 0.0,
        from_attacks: 0.0,
        ..*patience
    }
}

/// R1, `left` what time leaves of it until the next turn.
fn feel(patience: &mut Patience, left: f64, felt: Felt) {
    patience.from_requests = left * patience.from_requests + felt.requests;
    patience.from_stalling = left * patience.from_stalling + felt.stalling;
    patience.from_attacks = left * patience.from_attacks + felt.attacks;
    let gone = felt.requests + felt.stalling + felt.attacks;
    patience.impatience = (left * patience.impatience + gone - felt.relief).max(0.0);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::Session;
    use crate::testing::{EAST, plain_scenario};
    use demarche_domain::index::RoundIx;
    use demarche_record::decision::Input;
    use demarche_record::event::Ending;
    use demarche_record::format::Lineage;
    use demarche_record::seat::{Seat, Stage};

    #[test]
    fn r1_provocations_add_up_and_movement_calms() {
        let mut patience = Patience::default();
        feel(&mut patience, 1.0, Felt { requests: 0.2, attacks: 0.3, ..Felt::default() });
        feel(&mut patience, 1.0, Felt { relief: 0.1, ..Felt::default() });
        assert!((patience.impatience - 0.4).abs() < 1e-12);
        feel(&mut patience, 1.0, Felt { relief: 9.0, ..Felt::default() });
        assert_eq!(patience.impatience, 0.0);
        assert_eq!((patience.from_requests, patience.from_attacks), (0.2, 0.3));
        let mut cooling = Patience { impatience: 0.8, ..Patience::default() };
        feel(&mut cooling, 0.5, Felt { stalling: 0.1, ..Felt::default() });
        assert_eq!(cooling.impatience, 0.5);
    }

    #[test]
    fn r2_the_rate_is_half_at_the_threshold() {
        let at = |impatience| {
            let (threshold, walk_out_per_day) = (1.0, 0.8);
            walk_out_rate(&Patience {
                threshold,
                walk_out_per_day,
                impatience,
                ..Patience::default()
            })
        };
        assert_eq!(at(1.0), 0.4);
        assert!(at(0.0) < 0.001 && at(2.0) > 0.799);
    }

    #[test]
    fn r3_a_recall_is_a_walk_out() {
        let seat = Seat::Capital(EAST);
        let (turn, stage, mover, decision) = (1, Stage::Capitals, 0, Decision::Recall {});
        let recalled = Input::Decided { turn, stage, mover, seat, decision };
        let endings = |inputs| {
            let mut session = Session::new(std::sync::Arc::new(plain_scenario()), 1);
            let lineage = Lineage { seed: 7, branch: None, over_ranges: false };
            session.seat(0, lineage, inputs, false);
            (0..2).for_each(|_| session.advance().unwrap());
            session.tally(0).endings.clone()
        };
        assert_eq!(endings(Vec::new()), []);
        assert_eq!(endings(vec![recalled]), [(RoundIx(0), Ending::WalkOut)]);
    }

    #[test]
    fn a_new_round_begins_afresh() {
        let tired = Patience { threshold: 1.0, impatience: 0.9, ..Patience::default() };
        assert_eq!(fresh(&tired), Patience { threshold: 1.0, ..Patience::default() });
    }
}
