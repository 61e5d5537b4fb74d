//! Patience: when a side walks out.
//!
//! # Rules
//! - **R1** Impatience Φ grows while others wait for word from home and one does not oneself, less
//!   where a mediator communicates; when a home refuses, and as much again where what was accepted
//!   is taken back; when others play for time; and when one's own side is struck, by salient
//!   attacks, as they are felt, or by the other. It falls with what others give and with mediation,
//!   fades with time, and is never below 0. [ikle1964; ist2-11; ist2-12, an attack that cast doubt
//!   on intentions]
//! - **R2** After a grace period a side that would not sign the text on the table walks out at the
//!   rate h·σ(7·(Φ − Φ*)). [ours: a soft threshold; the steepness is assumed]
//! - **R3** A capital can recall its delegation at any time: that is a walk-out too, and either
//!   costs the others' trust. [ours: those who sent delegates can call them back, and the chair is
//!   as empty]
//!
//! # Departures
//! None.
use bevy_ecs::prelude::*;
use demarche_domain::index::{MAX_PARTIES, PartyIx};
use demarche_random::math;
use demarche_random::purpose::Purpose;
use demarche_random::sample::Number;
use demarche_record::decision::Decision;
use demarche_record::event::{Event, Objection, TrustCause};
use demarche_record::seat::Seat;
use tracing::{Level, debug, enabled, trace};

use crate::mechanisms::acceptance::Opinion;
use crate::mechanisms::agenda::{Moves, TextOnTable};
use crate::mechanisms::attacks::Struck;
use crate::mechanisms::deadline::{Clock, RoundPlan};
use crate::mechanisms::instructions::Request;
use crate::mechanisms::mediation::Engagement;
use crate::mechanisms::retaliation::Hostilities;
use crate::mechanisms::shock::chance_in;
use crate::mechanisms::trust::Impressions;
use crate::orders::Orders;
use crate::roster::Roster;
use crate::scenario::Scenario;
use crate::seating::Dynamics;
use crate::table::{Narration, PerTable, Rules, Tables};

/// How patient a delegation is. -- parameter and state.
#[derive(Component, Clone, Copy, Debug, Default, PartialEq)]
pub struct Patience {
    /// Φ*. [1]
    pub threshold: f64,
    /// h. [1/d]
    pub walk_out_per_day: f64,
    /// Φ. [1, ≥ 0]
    pub impatience: f64,
    /// What brought it.
    pub grievances: Grievances,
}

/// What makes impatient. [1, ≥ 0]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Grievances {
    /// Waiting for others to hear from home.
    pub waiting: f64,
    /// Refusals by their homes, and what was taken back.
    pub refusals: f64,
    /// Their playing for time.
    pub stalling: f64,
    /// Attacks and strikes.
    pub attacks: f64,
}

impl Grievances {
    const fn total(&self) -> f64 {
        self.waiting + self.refusals + self.stalling + self.attacks
    }

    /// These after a turn that leaves a share of them and brings more.
    fn after(&self, left: f64, more: &Self) -> Self {
        Self {
            waiting: left * self.waiting + more.waiting,
            refusals: left * self.refusals + more.refusals,
            stalling: left * self.stalling + more.stalling,
            attacks: left * self.attacks + more.attacks,
        }
    }
}

/// Whether anybody walks out by the policy in a scenario.
pub(crate) fn may_leave(scenario: &Scenario) -> bool {
    scenario.parties.iter().any(|party| party.bargaining.walk_out_per_day.may_be_nonzero())
}

/// Whether anything makes impatient in a scenario.
pub(crate) fn is_used(scenario: &Scenario) -> bool {
    let tempers = &scenario.world.tempers;
    let others = [tempers.waiting, tempers.refusal, tempers.stalling, tempers.struck];
    others.iter().any(Number::may_be_nonzero)
}

pub(crate) fn install_deciding(schedule: &mut Schedule) {
    schedule.add_systems(decide_to_leave.in_set(crate::turn::Phase::Leave));
}

pub(crate) fn install_recalling(schedule: &mut Schedule) {
    schedule.add_systems(recall.in_set(crate::turn::Phase::Recall));
}

pub(crate) fn install_leaving(schedule: &mut Schedule) {
    schedule.add_systems(leave.in_set(crate::turn::Phase::Patience));
}

pub(crate) fn install(schedule: &mut Schedule) {
    schedule.add_systems(lose_patience.in_set(crate::turn::Phase::Patience).after(leave));
}

/// R2. [1/d]
fn walk_out_rate(patience: &Patience) -> f64 {
    let past = patience.impatience - patience.threshold;
    patience.walk_out_per_day * math::logistic(7.0 * past)
}

/// R2: whether a side would sign the text on the table, as far as its delegates can tell.
fn would_sign(opinion: &Opinion, on_table: &TextOnTable, party: PartyIx) -> bool {
    let is_content = opinion.text.is_some() && opinion.objection == Objection::None;
    on_table.accepted[party.ix()] || (is_content && !on_table.is_refused_by[party.ix()])
}

fn decide_to_leave(
    (tables, roster, rules): (Res<Tables>, Res<Roster>, Res<Rules>),
    (clocks, texts): (Res<PerTable<Clock>>, Res<PerTable<TextOnTable>>),
    plans: Query<&RoundPlan>,
    delegations: Query<(&Patience, &Opinion)>,
    mut orders: ResMut<PerTable<Orders>>,
) {
    let plans = roster.seated(plans);
    let delegations = roster.seated(delegations);
    for (at, table) in tables.here() {
        let clock = &clocks[at];
        let Some(round) = clock.round.filter(|_| clock.left.is_none()) else { continue };
        let grace = plans.get(at, round).grace_turns;
        if clock.turn_of_round(table.turn) < grace || texts[at].is_initialled() {
            continue;
        }
        for p in tables.movers(at) {
            let (patience, opinion) = delegations.get(at, p);
            let chance = chance_in(walk_out_rate(patience), rules.0.turn_days);
            let draw = table.draws(Purpose::WalkOut, p.ix()).chance(chance);
            let Patience { impatience, threshold, .. } = *patience;
            trace!(
                party = %tables.named(&p), impatience, threshold, chance, draw, "leaving weighed",
            );
            let seat = Seat::Delegation(p);
            if orders[at].are_the_policys(seat) && draw && !would_sign(opinion, &texts[at], p) {
                orders[at].give(seat, Decision::WalkOut {});
            }
        }
    }
}

/// R3.
fn recall(
    (tables, roster): (Res<Tables>, Res<Roster>),
    (orders, dynamics): (Res<PerTable<Orders>>, Res<PerTable<Dynamics>>),
    (mut clocks, mut impressions): (ResMut<PerTable<Clock>>, ResMut<PerTable<Impressions>>),
    mut narration: ResMut<Narration>,
) {
    // By the policy nobody does.
    for (at, table) in tables.here_if(false) {
        for party in roster.parties() {
            let recalls = orders[at].contain(Seat::Capital(party), &Decision::Recall {});
            if recalls && clocks[at].leave(party, table.turn) {
                resent(&mut impressions[at], &roster, party, &dynamics[at]);
                debug!(party = %tables.named(&party), "delegation recalled");
                narration.note(at, table, || Event::DelegationRecalled { party });
            }
        }
    }
}

fn leave(
    (tables, roster, rules): (Res<Tables>, Res<Roster>, Res<Rules>),
    (delegations, dynamics): (Query<&Patience>, Res<PerTable<Dynamics>>),
    orders: Res<PerTable<Orders>>,
    (mut clocks, mut impressions): (ResMut<PerTable<Clock>>, ResMut<PerTable<Impressions>>),
    mut narration: ResMut<Narration>,
) {
    let delegations = roster.seated(delegations);
    for (at, table) in tables.here_if(may_leave(&rules.0)) {
        for party in roster.parties() {
            let leaves = orders[at].contain(Seat::Delegation(party), &Decision::WalkOut {});
            if leaves && clocks[at].leave(party, table.turn) {
                let patience = delegations.get(at, party);
                resent(&mut impressions[at], &roster, party, &dynamics[at]);
                let Patience { impatience, threshold, grievances, .. } = *patience;
                debug!(party = %tables.named(&party), impatience, threshold, "walked out");
                narration.note(at, table, || walked_out(party, impatience, &grievances));
            }
        }
    }
}

/// R3: an empty chair costs the trust of the others.
fn resent(impressions: &mut Impressions, roster: &Roster, of: PartyIx, by: &Dynamics) {
    impressions.on_all(roster.parties(), of, -by.walking_out, TrustCause::WalkOut);
}

const fn walked_out(party: PartyIx, impatience: f64, from: &Grievances) -> Event {
    Event::WalkedOut {
        party,
        impatience,
        from_waiting: from.waiting,
        from_refusals: from.refusals,
        from_stalling: from.stalling,
        from_attacks: from.attacks,
    }
}

/// What impatience is about, at the tables.
type Provocations<'w> =
    (Res<'w, PerTable<Clock>>, Res<'w, PerTable<Struck>>, Res<'w, PerTable<Hostilities>>);

fn lose_patience(
    (tables, roster, rules, dynamics): (
        Res<Tables>,
        Res<Roster>,
        Res<Rules>,
        Res<PerTable<Dynamics>>,
    ),
    (clocks, struck, hostilities): Provocations,
    (mediators, requests): (Query<&Engagement>, Query<&Request>),
    delegations: Query<&mut Patience>,
    mut moves: ResMut<PerTable<Moves>>,
) {
    let mediators = roster.seated(mediators);
    let requests = roster.seated(requests);
    let mut delegations = roster.seated(delegations);
    for (at, _) in tables.here() {
        if clocks[at].round.is_none() || !tables.is_last_mover(at) {
            continue;
        }
        // What was done is felt once.
        let moves = std::mem::take(&mut moves[at]);
        let engaged = roster.mediators().map(|m| mediators.get(at, m).communication());
        let communication = engaged.fold(0.0, f64::max);
        let (dynamics, days) = (&dynamics[at], rules.0.turn_days);
        let left = math::exp(-dynamics.cooling * days);
        let mut waits = [false; MAX_PARTIES];
        for p in roster.parties() {
            waits[p.ix()] = requests.get(at, p).pending.is_some();
        }
        for p in roster.parties() {
            let others = roster.parties().filter(|other| *other != p);
            let count = |did: &[bool]| -> f64 {
                others.clone().map(|other| f64::from(u8::from(did[other.ix()]))).sum()
            };
            let idle = if waits[p.ix()] { 0.0 } else { count(&waits) };
            let more = Grievances {
                waiting: dynamics.waiting * days * idle * (1.0 - 0.5 * communication),
                refusals: dynamics.refusal * (count(&moves.refused) + count(&moves.reneged)),
                stalling: dynamics.stalling_patience * count(&moves.stalled),
                attacks: dynamics.struck * hostilities[at].violence(&struck[at], p),
            };
            let relief = dynamics.movement * moves.was_given[p.ix()]
                + dynamics.mediation * communication * days;
            let patience = delegations.get_mut(at, p);
            if clocks[at].just_opened {
                *patience = fresh(patience);
            }
            let before = patience.impatience;
            feel(patience, left, &more, relief);
            let Patience { impatience, threshold, .. } = *patience;
            if enabled!(Level::DEBUG) && (before < threshold) != (impatience < threshold) {
                let is_past = impatience >= threshold;
                debug!(
                    party = %tables.named(&p), impatience, threshold, is_past,
                    "limit of patience crossed",
                );
            }
        }
    }
}

/// A new round begins without the impatience of the last.
const fn fresh(patience: &Patience) -> Patience {
    let Patience { threshold, walk_out_per_day, .. } = *patience;
    let grievances = Grievances { waiting: 0.0, refusals: 0.0, stalling: 0.0, attacks: 0.0 };
    Patience { threshold, walk_out_per_day, impatience: 0.0, grievances }
}

/// R1, `left` the share of it that time leaves until the next turn.
fn feel(patience: &mut Patience, left: f64, more: &Grievances, relief: f64) {
    patience.grievances = patience.grievances.after(left, more);
    patience.impatience = (left * patience.impatience + more.total() - relief).max(0.0);
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
        let (calm, none) = (0.0, Grievances::default());
        feel(&mut patience, 1.0, &Grievances { waiting: 0.2, attacks: 0.3, ..none }, calm);
        feel(&mut patience, 1.0, &none, 0.1);
        assert!((patience.impatience - 0.4).abs() < 1e-12);
        feel(&mut patience, 1.0, &none, 9.0);
        assert_eq!(patience.impatience, 0.0);
        assert_eq!(patience.grievances, Grievances { waiting: 0.2, attacks: 0.3, ..none });
        let grievances = Grievances { waiting: 0.2, refusals: 0.4, stalling: 0.6, attacks: 0.8 };
        let mut cooling = Patience { impatience: 0.8, grievances, ..Patience::default() };
        feel(&mut cooling, 0.5, &Grievances { stalling: 0.1, ..none }, calm);
        assert_eq!(cooling.impatience, 0.5);
        let half = Grievances { waiting: 0.1, refusals: 0.2, stalling: 0.4, attacks: 0.4 };
        assert_eq!(cooling.grievances, half);
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
    fn r2_nobody_leaves_a_text_that_it_would_sign() {
        let mut on_table = crate::testing::text_on_table(Some(&[1, 1]));
        let content = Opinion { text: on_table.text, ..Opinion::default() };
        let objects = Opinion { objection: Objection::Aspiration, ..content.clone() };
        assert!(would_sign(&content, &on_table, EAST) && !would_sign(&objects, &on_table, EAST));
        assert!(!would_sign(&Opinion::default(), &on_table, EAST), "there is none");
        on_table.is_refused_by[EAST.ix()] = true;
        assert!(!would_sign(&content, &on_table, EAST), "home would not have it");
        on_table.accepted[EAST.ix()] = true;
        assert!(would_sign(&objects, &on_table, EAST));
    }

    #[test]
    fn r3_a_recall_is_a_walk_out() {
        let seat = Seat::Capital(EAST);
        let (turn, stage, mover, decision) = (1, Stage::Capitals, 0, Decision::Recall {});
        let recalled = Input::Decided { turn, stage, mover, seat, decision };
        let endings = |inputs| {
            let mut session = Session::new(std::sync::Arc::new(plain_scenario()), 1);
            let lineage = Lineage { seed: 7, branch: None, over_ranges: None };
            session.seat(0, lineage, inputs, false);
            (0..2).for_each(|_| session.advance().unwrap());
            let endings = &session.tally(0).endings;
            endings.iter().map(|closed| (closed.round, closed.ending)).collect::<Vec<_>>()
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
