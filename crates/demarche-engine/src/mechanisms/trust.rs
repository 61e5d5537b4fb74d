//! Trust: the belief that the other side is willing, and how events move it.
//!
//! # Rules
//! - **R1** Each turn the odds of τ are multiplied by (λ_w/λ_u)^n·e^((λ_u − λ_w)Δ), n the salient
//!   attacks from the other's soil, λ_u = μ(1 + ψ·progress) + Y the rate expected of an unwilling
//!   host given what has happened, and λ_w = μ(1 + ψ·progress)(1 − κ̂) + Y that of a willing one.
//!   Calm restores trust; an attack costs the more, the abler the host is thought, and the less,
//!   the more it follows from others. [kydd2002]
//! - **R2** Strikes move the victim's trust in the striker in the same way, λ_u the strikes
//!   expected of an unwilling side. [kydd2002, read for both sides alike]
//! - **R3** Log-odds rise with concessions and gestures and with messages of a mediator believed by
//!   its closeness, and fall with stalling, reneging, walking out and blame. [kydd2003; kydd2005]
//! - **R4** Trust stays between 0.01 and 0.99: no finite talk makes certain. [ours: at 0 or 1
//!   the rule could never learn again]
//!
//! # Departures
//! Kydd and Walter have one moderate and one extremist; here every host is judged, on both sides.
use bevy_ecs::prelude::*;
use demarche_domain::index::{MAX_PARTIES, PartyIx};
use demarche_random::math;
use demarche_random::sample::Number;
use demarche_record::event::{Event, TrustCause};
use tracing::{debug, trace};

use crate::mechanisms::attacks::{self, Excitement, Militancy};
use crate::mechanisms::credibility::Trust;
use crate::mechanisms::frontier::{self, Frontier};
use crate::mechanisms::retaliation::{self, Hostilities};
use crate::mechanisms::shock::Shocks;
use crate::roster::{PerParty, Roster};
use crate::scenario::Effect;
use crate::seating::Dynamics;
use crate::table::{Narration, PerTable, Rules, Tables};

/// What happened between parties since beliefs were last formed. -- state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Impressions {
    /// Who learned what of whom: by how much its log-odds move, and why.
    pub list: Vec<Impression>,
    /// What each pair moved since it was last told: of the first with each, then of the second.
    untold: Vec<Untold>,
}

/// A move of trust that is not told yet.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Untold {
    /// By how much trust moved. [1]
    moved: f64,
    /// What each cause brought to it. [log-odds]
    by_cause: [f64; TrustCause::ALL.len()],
}

impl Untold {
    fn add(&mut self, moved: f64, impressions: impl Iterator<Item = (TrustCause, f64)>) {
        self.moved += moved;
        for (cause, log_odds) in impressions {
            self.by_cause[cause as usize] += log_odds;
        }
    }

    /// The cause that brought most of it in the direction in which it went.
    fn cause(&self) -> TrustCause {
        let brought = |cause: &TrustCause| self.by_cause[*cause as usize] * self.moved.signum();
        let most = TrustCause::ALL.iter().max_by(|a, b| brought(a).total_cmp(&brought(b)));
        *most.expect("there are causes")
    }
}

/// A move of trust that some mechanism caused.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Impression {
    /// Whose trust.
    pub of: PartyIx,
    /// In whom.
    pub toward: PartyIx,
    /// By how much. [log-odds]
    pub log_odds: f64,
    /// Why.
    pub cause: TrustCause,
}

impl Impressions {
    /// Forgets the run before, for so many parties.
    pub(crate) fn begin(&mut self, n: usize) {
        self.list.clear();
        self.untold.clear();
        self.untold.resize(n * n, Untold::default());
    }

    /// Notes that everyone else learned something of `toward`.
    pub(crate) fn on_all(
        &mut self,
        parties: impl Iterator<Item = PartyIx>,
        toward: PartyIx,
        log_odds: f64,
        cause: TrustCause,
    ) {
        let others = parties.filter(|of| *of != toward);
        self.list.extend(others.map(|of| Impression { of, toward, log_odds, cause }));
    }
}

/// A move of trust in one turn that is told at once. [1]
const NOTABLE_AT_ONCE: f64 = 0.05;
/// A move since trust was last told that is told, however slowly it came. [1]
const NOTABLE_IN_TIME: f64 = 0.1;

/// Whether anything can come of it in a scenario: something happens
/// that teaches of others, or what they do at the table does.
pub(crate) fn is_used(scenario: &crate::scenario::Scenario) -> bool {
    let beliefs = &scenario.world.beliefs;
    let by_conduct = [beliefs.concession, beliefs.stalling, beliefs.reneging, beliefs.walking_out];
    let by_words = [beliefs.blame, beliefs.goodwill, beliefs.message];
    let is_expected = scenario.world.expected_strikes.may_be_nonzero();
    let teaches = by_conduct.iter().chain(&by_words).any(Number::may_be_nonzero);
    let happens = attacks::is_used(scenario) || retaliation::is_used(scenario);
    teaches || is_expected || happens || frontier::is_used(scenario)
}

pub(crate) fn install(schedule: &mut Schedule) {
    schedule.add_systems((perceive, believe).chain().in_set(crate::turn::Phase::Beliefs));
}

/// Turns the world's events of the turn into impressions.
fn perceive(
    (tables, roster, rules): (Res<Tables>, Res<Roster>, Res<Rules>),
    (dynamics, shocks): (Res<PerTable<Dynamics>>, Res<PerTable<Shocks>>),
    (groups, trusts): (Query<(&Militancy, &Excitement)>, Query<&Trust>),
    mut frontiers: ResMut<PerTable<Frontier>>,
    (mut hostilities, mut impressions): (
        ResMut<PerTable<Hostilities>>,
        ResMut<PerTable<Impressions>>,
    ),
) {
    let groups = roster.seated(groups);
    let trusts = roster.seated(trusts);
    let days = rules.0.turn_days;
    for (at, _) in tables.here() {
        let list = &mut impressions[at].list;
        let able = |of| &trusts.get(at, of).able;
        let able: PerParty<&[f64; MAX_PARTIES]> = roster.parties().map(able).collect();
        for g in roster.groups() {
            let (militancy, excitement) = groups.get(at, g);
            let (of, toward) = (militancy.target, militancy.host);
            let able = able[of.ix()][toward.ix()];
            let [bare, excited] = [excitement.expected_rate, excitement.excited_rate]
                .map(|rate| rate * militancy.salient_share);
            let log_odds = learned(excitement.salient, [bare, excited], able, days);
            let calm = excitement.salient == 0;
            let cause = if calm { TrustCause::Calm } else { TrustCause::Attacks };
            list.push(Impression { of, toward, log_odds, cause });
        }
        let strikes = std::mem::take(&mut hostilities[at].strikes);
        for of in roster.parties() {
            for toward in roster.parties().filter(|toward| *toward != of) {
                let count = n_strikes(&strikes, toward, of);
                let able = able[of.ix()][toward.ix()];
                let log_odds = learned(count, [dynamics[at].expected_strikes, 0.0], able, days);
                let cause = if count == 0 { TrustCause::Calm } else { TrustCause::Strikes };
                list.push(Impression { of, toward, log_odds, cause });
            }
        }
        let frontier = &mut frontiers[at];
        for p in roster.parties().filter(|p| frontier.gestures[p.ix()]) {
            let log_odds = dynamics[at].goodwill;
            impressions[at].on_all(roster.parties(), p, log_odds, TrustCause::Goodwill);
        }
        frontier.gestures = [false; MAX_PARTIES];
        for (effect, odds) in shocks[at].effects(&rules.0.shocks) {
            if let Effect::Trust { of, toward, .. } = effect {
                let (of, toward, log_odds) = (*of, *toward, math::ln(odds));
                let cause = TrustCause::Shock;
                impressions[at].list.push(Impression { of, toward, log_odds, cause });
            }
        }
    }
}

/// R2: the strikes of one side on another in a turn.
fn n_strikes(strikes: &[(PartyIx, PartyIx)], by: PartyIx, on: PartyIx) -> u32 {
    let count = strikes.iter().filter(|strike| **strike == (by, on)).count();
    u32::try_from(count).expect("few strikes in a turn")
}

/// R1 and R2: what n events teach of the one who could have prevented them, from the rate that it
/// could prevent and the rate that it could not. [log-odds]
fn learned(n: u32, [bare, excited]: [f64; 2], able: f64, days: f64) -> f64 {
    // An able host of 1 would never see an attack: one would prove it unwilling for ever.
    let able = able.min(0.95);
    let (unwilling, willing) = (bare + excited, bare * (1.0 - able) + excited);
    // Where none was expected of anybody, one tells what it would at any rate.
    let likelihood = if unwilling > 0.0 { willing / unwilling } else { 1.0 - able };
    f64::from(n) * math::ln(likelihood) + (unwilling - willing) * days
}

fn believe(
    (tables, roster): (Res<Tables>, Res<Roster>),
    mut impressions: ResMut<PerTable<Impressions>>,
    trusts: Query<&mut Trust>,
    mut narration: ResMut<Narration>,
) {
    let mut trusts = roster.seated(trusts);
    for (at, table) in tables.here() {
        let (impressions, n) = (&mut impressions[at], roster.parties().count());
        for of in roster.parties() {
            let trust = trusts.get_mut(at, of);
            for toward in roster.parties().filter(|toward| *toward != of) {
                let about = |i: &&Impression| i.of == of && i.toward == toward;
                let moves = impressions.list.iter().filter(about);
                let log_odds: f64 = moves.clone().map(|i| i.log_odds).sum();
                let before = trust.willing[toward.ix()];
                let after = moved(before, log_odds);
                trust.willing[toward.ix()] = after;
                trace!(
                    of = %tables.named(&of), toward = %tables.named(&toward), before, after,
                    log_odds, "belief formed",
                );
                let untold = &mut impressions.untold[of.ix() * n + toward.ix()];
                untold.add(after - before, moves.map(|i| (i.cause, i.log_odds)));
                let at_once = (after - before).abs() >= NOTABLE_AT_ONCE;
                if at_once || untold.moved.abs() >= NOTABLE_IN_TIME {
                    let (from, to) = ((after - untold.moved).clamp(0.01, 0.99), after);
                    let cause = std::mem::take(untold).cause();
                    debug!(
                        of = %tables.named(&of), toward = %tables.named(&toward), from, to, ?cause,
                        "trust moved",
                    );
                    narration.note(at, table, || Event::TrustMoved { of, toward, from, to, cause });
                }
            }
        }
        impressions.list.clear();
    }
}

/// R4: trust after its log-odds moved. [1, [0.01, 0.99]]
fn moved(trust: f64, log_odds: f64) -> f64 {
    if log_odds == 0.0 {
        return trust;
    }
    math::logistic(math::log_odds(trust) + log_odds).clamp(0.01, 0.99)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r1_an_attack_costs_more_when_the_host_is_thought_able() {
        let bare = [0.2, 0.0];
        assert!(learned(1, bare, 0.8, 0.125) < learned(1, bare, 0.3, 0.125));
        assert!(learned(0, bare, 0.8, 0.125) > 0.0, "calm restores trust");
        assert_eq!(learned(3, bare, 0.0, 0.125), 0.0, "who can do nothing shows nothing");
        let excited = [0.2, 0.8];
        assert!(learned(1, excited, 0.8, 0.125) > learned(1, bare, 0.8, 0.125), "an aftershock");
        assert_eq!(learned(1, [0.0, 0.0], 0.5, 1.0), math::ln(0.5), "none was expected");
        // On paper: one attack in a day, 1 of 2 expected an aftershock, κ̂ = ½: odds × ¾ × e^½.
        assert!((learned(1, [1.0, 1.0], 0.5, 1.0) - (math::ln(0.75) + 0.5)).abs() < 1e-12);
        // On paper: two attacks in a day at rate 1, κ̂ = ½: odds × ¼ × e^½.
        let odds = math::exp(learned(2, [1.0, 0.0], 0.5, 1.0));
        assert!((odds - 0.25 * 0.5_f64.exp_m1().mul_add(1.0, 1.0)).abs() < 1e-12);
    }

    #[test]
    fn r2_a_strike_teaches_its_victim_of_the_striker() {
        let (east, west) = (PartyIx(0), PartyIx(1));
        let strikes = [(west, east), (east, west), (west, east)];
        assert_eq!((n_strikes(&strikes, west, east), n_strikes(&strikes, east, west)), (2, 1));
        assert_eq!(n_strikes(&strikes, PartyIx(2), east), 0);
        // On paper: half the strikes of an unwilling side at κ̂ = ½, 0.4 of them a day expected.
        let taught = learned(n_strikes(&strikes, west, east), [0.4, 0.0], 0.5, 1.0);
        assert!((taught - (2.0 * math::ln(0.5) + 0.2)).abs() < 1e-12, "{taught}");
    }

    #[test]
    fn r3_impressions_reach_everyone_but_oneself() {
        let mut impressions = Impressions::default();
        let (toward, cause) = (PartyIx(1), TrustCause::Reneging);
        impressions.on_all(PartyIx::first(3), toward, -0.5, cause);
        let of: Vec<u8> = impressions.list.iter().map(|i| i.of.0).collect();
        assert_eq!(of, [0, 2]);
    }

    #[test]
    fn a_slow_move_is_told_by_what_brought_most_of_it() {
        let mut untold = Untold::default();
        let calm = || std::iter::once((TrustCause::Calm, 0.3));
        untold.add(0.04, calm());
        untold.add(0.04, calm());
        untold.add(0.05, [(TrustCause::Concession, 0.4), (TrustCause::Stalling, -0.1)].into_iter());
        assert_eq!(untold.cause(), TrustCause::Calm);
        untold.add(-0.2, std::iter::once((TrustCause::Stalling, -0.9)));
        assert_eq!(untold.cause(), TrustCause::Stalling);
    }

    #[test]
    fn r4_trust_never_becomes_certain() {
        assert_eq!(moved(0.5, 100.0), 0.99);
        assert_eq!(moved(0.5, -100.0), 0.01);
        assert_eq!(moved(0.3, 0.0), 0.3);
        assert!((moved(0.5, math::ln(3.0)) - 0.75).abs() < 1e-12);
    }
}
