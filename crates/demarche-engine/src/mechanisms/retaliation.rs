//! Retaliation: strikes after attacks, answers to strikes, and the fighting they add up to.
//!
//! # Rules
//! - **R1** A capital struck by a salient attack may strike the host, with its own chance for each
//!   attack as it is felt; one that was struck may answer, with a chance whose odds rise by
//!   e^(z·a(1 + threats)) with what holding still would cost it at home. [fearon1995; fearon1994;
//!   leng1983, reciprocity in crises; the form is that of its instructions]
//! - **R2** A truce takes away a share of these chances, an agreed restraint from strikes as much
//!   as binds the side. [clayton2022: ceasefires hold by restraint on both sides; for what binds
//!   see Credibility]
//! - **R3** A strike raises fighting F by a share of what is left to 1; F dies down exponentially,
//!   quicker under a truce. [ours: a bounded state with memory]
//! - **R4** When F passes a bound the truce is broken; a new text is needed for another. [ours: a
//!   truce outlives an incident, not a war]
//! - **R5** What fighting is expected if the talks fail rises with each threat, from either side.
//!   [slantchev2011, threats that raise the stakes for both]
//! - **R6** A truce that was agreed until a round is over lapses then, if no text in force makes
//!   one. [war-07, a truce with a term]
//!
//! # Departures
//! Casualties are not counted: both sides' figures are contested by a factor of 2.5 to 20 (war-04).
use bevy_ecs::prelude::*;
use demarche_domain::index::{MAX_PARTIES, PartyIx};
use demarche_random::math;
use demarche_random::purpose::Purpose;
use demarche_random::sample::Number;
use demarche_record::decision::Decision;
use demarche_record::event::Event;
use demarche_record::seat::Seat;
use tracing::{debug, trace};

use crate::mechanisms::attacks::{Militancy, Struck};
use crate::mechanisms::audience_cost::{Audience, Threats, stakes_at_home};
use crate::mechanisms::credibility::Obligations;
use crate::mechanisms::deadline::Clock;
use crate::mechanisms::instructions::Instructing;
use crate::mechanisms::outcome::Tally;
use crate::mechanisms::ratification::{InForce, is_truce};
use crate::mechanisms::shock::{self, Shocks};
use crate::mechanisms::stalling::Character;
use crate::orders::Orders;
use crate::roster::Roster;
use crate::scenario::Effect;
use crate::seating::Dynamics;
use crate::table::{Narration, PerTable, Rules, Tables};

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
    /// Strikes of this turn on each party.
    pub suffered: [u32; MAX_PARTIES],
    /// Whether the truce is one that lapses with a round.
    pub is_interim: bool,
}

impl Hostilities {
    /// What a party suffered in this turn: attacks as they are felt, and strikes. [salient attacks
    /// of the least severity]
    pub(crate) fn violence(&self, struck: &Struck, on: PartyIx) -> f64 {
        struck.felt[on.ix()] + f64::from(self.suffered[on.ix()])
    }
}

/// The chance that something is done about so much violence, each piece of it with its own chance.
/// [1, [0, 1]]
pub(crate) fn provoked(chance_of_each: f64, violence: f64) -> f64 {
    if violence > 0.0 { 1.0 - math::pow(1.0 - chance_of_each, violence) } else { 0.0 }
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

/// Whether anything can come of it in a scenario: there is
/// fighting or the fear of it, a truce that may lapse, or a shock that may bring any.
pub(crate) fn is_used(scenario: &crate::scenario::Scenario) -> bool {
    let world = &scenario.world;
    let feared = [&world.fighting_if_talks_fail, &world.threat_escalation];
    scenario.has_fighting()
        || world.truce
        || shock::is_used(scenario)
        || feared.into_iter().any(Number::may_be_nonzero)
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
    (clocks, in_force): (Res<PerTable<Clock>>, Res<PerTable<InForce>>),
    threats: Query<&Threats>,
    (mut hostilities, mut tallies): (ResMut<PerTable<Hostilities>>, ResMut<PerTable<Tally>>),
    mut narration: ResMut<Narration>,
) {
    let threats = roster.seated(threats);
    for (at, table) in tables.here() {
        let (hostilities, dynamics) = (&mut hostilities[at], &dynamics[at]);
        hostilities.suffered = [0; MAX_PARTIES];
        let is_past = rules.0.world.truce_lapses_after.is_some_and(|r| clocks[at].n_past > r.ix());
        if lapses(hostilities, is_past, is_truce(&rules.0.issues, &in_force[at].0)) {
            (hostilities.truce, hostilities.is_interim) = (false, false);
            debug!("truce lapsed");
            narration.note(at, table, || Event::TruceLapsed {});
        }
        let calming = if hostilities.truce {
            dynamics.calming_under_truce
        } else {
            dynamics.calming_without_truce
        };
        hostilities.fighting *= math::exp(-calming * rules.0.turn_days);
        for (effect, _) in shocks[at].effects(&rules.0.shocks) {
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
                    (hostilities.truce, hostilities.is_interim) = (true, false);
                    narration.note(at, table, || Event::TruceBegan {});
                }
                _ => {}
            }
        }
        let threats = roster.parties().map(|p| threats.get(at, p).count);
        let (base, each) = (dynamics.fighting_if_talks_fail, dynamics.threat_escalation);
        hostilities.expected = expected(base, each, threats.sum());
        let Hostilities { fighting, expected, truce, .. } = *hostilities;
        trace!(fighting, expected, truce, "fighting died down");
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
    hostilities.suffered[strike.1.ix()] += 1;
    hostilities.strikes.push(strike);
    hostilities.unanswered.push(strike);
}

/// R6.
const fn lapses(hostilities: &Hostilities, is_past: bool, is_agreed: bool) -> bool {
    hostilities.truce && hostilities.is_interim && is_past && !is_agreed
}

/// R4: whether fighting has come so far that the truce is one no more.
fn breaks(hostilities: &Hostilities, dynamics: &Dynamics) -> bool {
    hostilities.truce && hostilities.fighting > dynamics.truce_breaks_at
}

/// R1: the chance of an answer, with so much to lose at home by holding still. [1, [0, 1]]
fn answering(bare: f64, sharpness: f64, at_stake: f64) -> f64 {
    if bare <= 0.0 || bare >= 1.0 {
        return bare;
    }
    math::logistic(math::log_odds(bare) + sharpness * at_stake)
}

/// R2.
fn chance(bare: f64, truce: bool, truce_restraint: f64, agreed_restraint: f64) -> f64 {
    bare * (1.0 - if truce { truce_restraint } else { 0.0 }) * (1.0 - agreed_restraint)
}

/// What a capital brings to the question whether to strike.
type Resolve = (&'static Force, &'static Character, &'static Audience, &'static Instructing);

fn decide_to_strike(
    (tables, roster): (Res<Tables>, Res<Roster>),
    (hostilities, struck): (Res<PerTable<Hostilities>>, Res<PerTable<Struck>>),
    (capitals, threats, groups): (Query<Resolve>, Query<&Threats>, Query<&Militancy>),
    obligations: Obligations,
    mut orders: ResMut<PerTable<Orders>>,
) {
    let capitals = roster.seated(capitals);
    let threats = roster.seated(threats);
    let groups = roster.seated(groups);
    for (at, table) in tables.here() {
        for p in roster.parties() {
            let seat = Seat::Capital(p);
            let mine = |strike: &&(PartyIx, PartyIx)| strike.1 == p;
            let unanswered = hostilities[at].unanswered.iter().find(mine);
            let is_provoked = unanswered.is_some() || struck[at].on[p.ix()] > 0;
            if !is_provoked || !orders[at].are_the_policys(seat) {
                continue;
            }
            let (force, character, audience, instructing) = capitals.get(at, p);
            let agreed = if character.is_sincere {
                obligations.owed(at, |issue| issue.restrains_strikes)
            } else {
                obligations.made_to(at, |issue| issue.restrains_strikes)
            };
            let likely = |bare| chance(bare, hostilities[at].truce, force.truce_restraint, agreed);
            if let Some(&(against, _)) = unanswered {
                let threats = threats.get(at, p).count;
                let at_stake = stakes_at_home(audience, threats, 0.0);
                let bare = answering(force.answer_strike, instructing.reply_sharpness, at_stake);
                let likely = likely(bare);
                debug!(party = %tables.named(&p), at_stake, bare, likely, "answer weighed");
                if table.draws(Purpose::Answer, p.ix()).chance(likely) {
                    orders[at].give(seat, Decision::Strike { against });
                }
                continue;
            }
            let hosts = roster.groups().map(|g| groups.get(at, g));
            let host = hosts.filter(|m| m.target == p).map(|m| m.host);
            if let Some(against) = host.min() {
                let strikes = provoked(likely(force.strike_after_attack), struck[at].felt[p.ix()]);
                debug!(party = %tables.named(&p), likely = strikes, "strike weighed");
                if table.draws(Purpose::Strike, p.ix()).chance(strikes) {
                    orders[at].give(seat, Decision::Strike { against });
                }
            }
        }
    }
}

fn strike(
    (tables, roster): (Res<Tables>, Res<Roster>),
    dynamics: Res<PerTable<Dynamics>>,
    orders: Res<PerTable<Orders>>,
    (mut hostilities, mut tallies): (ResMut<PerTable<Hostilities>>, ResMut<PerTable<Tally>>),
    mut narration: ResMut<Narration>,
) {
    for (at, table) in tables.here() {
        let hostilities = &mut hostilities[at];
        let open = std::mem::take(&mut hostilities.unanswered);
        for by in roster.parties() {
            for decision in orders[at].of(Seat::Capital(by)) {
                let &Decision::Strike { against } = decision else { continue };
                carry_out(hostilities, &dynamics[at], (by, against));
                tallies[at].n_strikes += 1;
                let fighting = hostilities.fighting;
                let in_answer = open.contains(&(against, by));
                debug!(
                    by = %tables.named(&by), against = %tables.named(&against), in_answer, fighting,
                    "strike carried out",
                );
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
            debug!(fighting, bound = dynamics[at].truce_breaks_at, "truce broke");
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
        assert_eq!((provoked(0.3, 0.0), provoked(0.0, 9.0)), (0.0, 0.0));
        assert!((provoked(0.3, 2.0) - 0.51).abs() < 1e-12, "one of two, each with its chance");
    }

    #[test]
    fn r1_what_is_at_stake_at_home_makes_an_answer_likelier() {
        assert_eq!(answering(0.5, 12.0, 0.0), 0.5);
        // Odds of 1 rise by e^(10·0.1).
        assert!((answering(0.5, 10.0, 0.1) - 0.731_058_578_630_004_9).abs() < 1e-12);
        assert_eq!((answering(0.0, 12.0, 0.3), answering(1.0, 12.0, 0.3)), (0.0, 1.0));
    }

    #[test]
    fn r6_a_truce_for_a_round_lapses_with_it() {
        let interim = Hostilities { truce: true, is_interim: true, ..Hostilities::default() };
        assert!(lapses(&interim, true, false));
        assert!(!lapses(&interim, false, false), "the round is still to come, or under way");
        assert!(!lapses(&interim, true, true), "a text in force makes it one of its own");
        assert!(!lapses(&Hostilities { is_interim: false, ..interim }, true, false));
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
