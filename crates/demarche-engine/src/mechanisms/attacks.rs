//! Attacks: the armed group that neither side commands, and what its host does about it.
//!
//! # Rules
//! - **R1** The rate is λ = μ(1 − suppression)(1 + ψ·progress) + Y, progress the share of the
//!   agenda that all delegations accept. [porter2012, self-exciting process; stedman1997, spoilers]
//! - **R2** Every attack adds αβ to Y, which decays as e^(−βΔ), β from the half-life: one attack
//!   sets off α others. [hawkes1971]
//! - **R3** Within a turn the count is Poisson with mean λΔ, and severity follows a power law of at
//!   least 1; a given share of attacks, the most severe, is salient. [clauset2007]
//! - **R4** Suppression is the host's choice and needs capacity: κ while a willing host curbs, κ
//!   times what it is made to do while an unwilling one does, else 0. The other side sees none of
//!   it. [ist2-10: will or capacity is the hidden variable; for what is enforced see Credibility]
//! - **R5** By the policy a sincere host curbs while talks or a truce are on, an insincere one only
//!   where an agreement in force obliges it to, and then for show. [ours: curbing costs, and is not
//!   seen]
//! - **R6** A salient attack of severity s is felt as 1 + ln s of the least: in pain, in
//!   impatience, in what is said and done about it. [slovic2007: feeling grows with the order of
//!   magnitude]
//!
//! # Departures
//! Porter and White fit a shot-noise intensity by day; here it is constant within a turn.
use bevy_ecs::prelude::*;
use demarche_domain::index::{GroupIx, MAX_PARTIES, PartyIx};
use demarche_random::math;
use demarche_random::purpose::Purpose;
use demarche_random::sample;
use demarche_record::decision::Decision;
use demarche_record::event::Event;
use demarche_record::seat::Seat;
use tracing::{debug, trace};

use crate::mechanisms::agenda::TextOnTable;
use crate::mechanisms::credibility::Obligations;
use crate::mechanisms::deadline::Clock;
use crate::mechanisms::outcome::Tally;
use crate::mechanisms::ratification::InForce;
use crate::mechanisms::retaliation::Hostilities;
use crate::mechanisms::shock::Shocks;
use crate::mechanisms::stalling::Character;
use crate::orders::Orders;
use crate::roster::Roster;
use crate::scenario::Effect;
use crate::table::{Narration, PerTable, Rules, Tables};

/// What a group is like. -- parameter.
#[derive(Component, Clone, Copy, Debug, PartialEq)]
pub struct Militancy {
    /// Where it lives.
    pub host: PartyIx,
    /// Whom it attacks.
    pub target: PartyIx,
    /// μ. [1/d]
    pub rate_per_day: f64,
    /// The μ that the target expects under an unwilling host. [1/d]
    pub expected_per_day: f64,
    /// α. [1]
    pub excitation: f64,
    /// β. [1/d]
    pub decay_per_day: f64,
    /// Share of attacks that make the news. [1]
    pub salient_share: f64,
    /// Exponent of the tail of severity. [1]
    pub severity_tail: f64,
    /// ψ. [1]
    pub spoiling: f64,
}

/// How roused a group is, and whether it is curbed. -- state.
#[derive(Component, Clone, Copy, Debug, Default, PartialEq)]
pub struct Excitement {
    /// Y. [1/d]
    pub extra_rate: f64,
    /// Whether the host curbs it.
    pub is_curbed: bool,
    /// Whether it does so of its own will.
    pub is_meant: bool,
    /// The rate that the target expects of an unwilling host in this turn, unexcited. [1/d]
    pub expected_rate: f64,
    /// What excitement added to the rate of this turn. [1/d]
    pub excited_rate: f64,
    /// Attacks of this turn.
    pub count: u32,
    /// Salient ones.
    pub salient: u32,
}

/// The salient attacks of a turn, by whom they struck. -- state.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Struck {
    /// Salient attacks on each party.
    pub on: [u32; MAX_PARTIES],
    /// The same, each counted as it is felt.
    pub felt: [f64; MAX_PARTIES],
}

/// Whether anything can come of it in a scenario: there is a group.
pub(crate) fn is_used(scenario: &crate::scenario::Scenario) -> bool {
    !scenario.groups.is_empty()
}

pub(crate) fn install(schedule: &mut Schedule) {
    schedule.add_systems(attack.in_set(crate::turn::Phase::Attacks));
}

pub(crate) fn install_curbing(schedule: &mut Schedule) {
    schedule.add_systems((decide_to_curb, curb).chain().in_set(crate::turn::Phase::Curbing));
}

fn attack(
    (tables, roster, rules): (Res<Tables>, Res<Roster>, Res<Rules>),
    (texts, shocks): (Res<PerTable<TextOnTable>>, Res<PerTable<Shocks>>),
    (characters, obligations): (Query<&Character>, Obligations),
    groups: Query<(&Militancy, &mut Excitement)>,
    (mut struck, mut tallies): (ResMut<PerTable<Struck>>, ResMut<PerTable<Tally>>),
    mut narration: ResMut<Narration>,
) {
    let characters = roster.seated(characters);
    let mut groups = roster.seated(groups);
    let days = rules.0.turn_days;
    for (at, table) in tables.here() {
        struck[at] = Struck::default();
        for g in roster.groups() {
            let (militancy, excitement) = groups.get_mut(at, g);
            let host = characters.get(at, militancy.host);
            let made = obligations.made_to(at, |issue| issue.curbs == Some(g));
            let suppression = suppression(excitement, host.capacity, made);
            let progress = texts[at].progress;
            excitement.expected_rate = militancy.expected_per_day * roused(militancy, progress);
            excitement.excited_rate = excitement.extra_rate;
            let rate = intensity(militancy, suppression, progress, excitement.excited_rate);
            let mut draws = table.draws(Purpose::Attacks, g.ix());
            let count = sample::poisson(rate * days, draws.uniform());
            trace!(group = %tables.named(&g), rate, suppression, progress, "attacks drawn");
            let mut severities = table.draws(Purpose::Severity, g.ix());
            let forced = forced(&rules.0.shocks, &shocks[at], g);
            excitement.count = count + forced.len() as u32;
            excitement.salient = 0;
            let drawn = (0..count).filter_map(|_| salience(militancy, severities.uniform()));
            for severity in forced.into_iter().chain(drawn.collect::<Vec<_>>()) {
                excitement.salient += 1;
                struck[at].on[militancy.target.ix()] += 1;
                struck[at].felt[militancy.target.ix()] += felt(severity);
                let target = militancy.target;
                debug!(
                    group = %tables.named(&g), on = %tables.named(&target), severity,
                    felt = felt(severity), "attack struck",
                );
                narration.note(at, table, || Event::AttackStruck { group: g, target, severity });
            }
            excitement.extra_rate =
                next_excitement(militancy, excitement.extra_rate, excitement.count, days);
            tallies[at].n_attacks += excitement.count;
            tallies[at].n_salient += excitement.salient;
            let (count, salient) = (excitement.count, excitement.salient);
            if count > 0 {
                debug!(group = %tables.named(&g), count, salient, "attacks counted");
                narration.note(at, table, || Event::AttacksCounted { group: g, count, salient });
            }
        }
    }
}

/// The severities of attacks that shocks bring about.
fn forced(shocks: &[crate::scenario::Shock], striking: &Shocks, group: GroupIx) -> Vec<f64> {
    let of_group = |(effect, severity): (&Effect, f64)| match effect {
        Effect::Attack { group: g, .. } if *g == group => Some(severity),
        _ => None,
    };
    striking.effects(shocks).filter_map(of_group).collect()
}

/// R1. [1/d]
fn intensity(militancy: &Militancy, suppression: f64, progress: f64, extra_rate: f64) -> f64 {
    militancy.rate_per_day * (1.0 - suppression) * roused(militancy, progress) + extra_rate
}

/// R1: by how much progress rouses a group. [1, ≥ 1]
fn roused(militancy: &Militancy, progress: f64) -> f64 {
    1.0 + militancy.spoiling * progress
}

/// R6: how an attack of this severity is felt. [salient attacks of the least severity, ≥ 1]
fn felt(severity: f64) -> f64 {
    1.0 + math::ln(severity.max(1.0))
}

/// R2, from the end of one turn to the end of the next.
fn next_excitement(militancy: &Militancy, extra_rate: f64, count: u32, days: f64) -> f64 {
    let fade = math::exp(-militancy.decay_per_day * days);
    extra_rate * fade + f64::from(count) * militancy.excitation * militancy.decay_per_day
}

/// The severity of an attack at quantile u if it is salient.
fn salience(militancy: &Militancy, u: f64) -> Option<f64> {
    let within = (u - (1.0 - militancy.salient_share)) / militancy.salient_share;
    (within >= 0.0 && militancy.salient_share > 0.0)
        .then(|| sample::power_law(militancy.severity_tail, within))
}

fn decide_to_curb(
    (tables, roster, rules): (Res<Tables>, Res<Roster>, Res<Rules>),
    (clocks, hostilities, in_force): (
        Res<PerTable<Clock>>,
        Res<PerTable<Hostilities>>,
        Res<PerTable<InForce>>,
    ),
    groups: Query<(&Militancy, &Excitement)>,
    characters: Query<&Character>,
    mut orders: ResMut<PerTable<Orders>>,
) {
    let groups = roster.seated(groups);
    let characters = roster.seated(characters);
    for (at, _) in tables.here() {
        for g in roster.groups() {
            let (militancy, excitement) = groups.get(at, g);
            let seat = Seat::Capital(militancy.host);
            if !orders[at].are_the_policys(seat) {
                continue;
            }
            let is_obliged = rules.0.issues.iter().zip(in_force[at].0.rungs(rules.0.issues.len()));
            let is_obliged =
                is_obliged.into_iter().any(|(issue, rung)| issue.curbs == Some(g) && *rung > 0);
            let talks = clocks[at].round.is_some() || hostilities[at].truce;
            let character = characters.get(at, militancy.host);
            let curbs = would_curb(character.is_sincere, talks, is_obliged);
            if curbs != excitement.is_curbed {
                let group = g;
                let release = Decision::Release { group };
                orders[at].give(seat, if curbs { Decision::Curb { group } } else { release });
            }
        }
    }
}

/// R4, `made` what an unwilling host is made to do of it. [1, [0, 1]]
fn suppression(excitement: &Excitement, capacity: f64, made: f64) -> f64 {
    match (excitement.is_curbed, excitement.is_meant) {
        (false, _) => 0.0,
        (true, true) => capacity,
        (true, false) => capacity * made,
    }
}

fn would_curb(is_sincere: bool, talks_or_truce: bool, is_obliged: bool) -> bool {
    is_obliged || (is_sincere && talks_or_truce)
}

fn curb(
    (tables, roster): (Res<Tables>, Res<Roster>),
    groups: Query<(&Militancy, &mut Excitement)>,
    (orders, capitals): (Res<PerTable<Orders>>, Query<&Character>),
    mut narration: ResMut<Narration>,
) {
    let mut groups = roster.seated(groups);
    let capitals = roster.seated(capitals);
    for (at, table) in tables.here().filter(|(at, _)| !orders[*at].are_none()) {
        for g in roster.groups() {
            let (militancy, excitement) = groups.get_mut(at, g);
            let by = militancy.host;
            for decision in orders[at].of(Seat::Capital(by)) {
                match decision {
                    Decision::Curb { group } if *group == g => {
                        excitement.is_curbed = true;
                        // Somebody outside means what they do.
                        let is_given = orders[at].chair(Seat::Capital(by)).is_given;
                        let host = capitals.get(at, by);
                        excitement.is_meant = host.is_sincere || is_given;
                        let is_meant = excitement.is_meant;
                        debug!(group = %tables.named(&g), is_meant, "group curbed");
                        narration.note(at, table, || Event::GroupCurbed { by, group: g });
                    }
                    Decision::Release { group } if *group == g => {
                        excitement.is_curbed = false;
                        debug!(group = %tables.named(&g), "group released");
                        narration.note(at, table, || Event::GroupReleased { by, group: g });
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

    fn militancy() -> Militancy {
        let (host, target) = (PartyIx(1), PartyIx(0));
        Militancy {
            host,
            target,
            rate_per_day: 2.0,
            expected_per_day: 2.0,
            excitation: 0.5,
            decay_per_day: 2.0,
            salient_share: 0.1,
            severity_tail: 2.0,
            spoiling: 1.0,
        }
    }

    #[test]
    fn r1_progress_provokes_and_curbing_calms() {
        assert_eq!(intensity(&militancy(), 0.0, 0.0, 0.0), 2.0);
        assert_eq!(intensity(&militancy(), 0.0, 1.0, 0.0), 4.0);
        assert_eq!(intensity(&militancy(), 0.75, 0.0, 0.3), 0.8);
    }

    #[test]
    fn r2_one_attack_sets_off_alpha_others() {
        // The integral of the excitement of one attack over small steps.
        let days = 0.001;
        let mut extra = next_excitement(&militancy(), 0.0, 1, days);
        let mut set_off = 0.0;
        for _ in 0..20_000 {
            set_off += extra * days;
            extra = next_excitement(&militancy(), extra, 0, days);
        }
        assert!((set_off - 0.5).abs() < 1e-3, "{set_off}");
    }

    #[test]
    fn r3_the_salient_share_of_attacks_is_salient() {
        let n = 10_000;
        let salient = (0..n).filter_map(|k| salience(&militancy(), f64::from(k) / f64::from(n)));
        let severities: Vec<f64> = salient.collect();
        assert!(severities.len().abs_diff(1000) <= 1);
        assert!(severities.iter().all(|severity| *severity >= 1.0));
        let above_two = severities.iter().filter(|severity| **severity > 2.0).count();
        assert!(above_two.abs_diff(250) <= 1, "a tail of 2: a quarter is twice as severe");
    }

    #[test]
    fn r4_without_capacity_curbing_changes_nothing() {
        let check = |is_curbed, is_meant, able, made, expected: f64| {
            let excitement = Excitement { is_curbed, is_meant, ..Excitement::default() };
            assert_eq!(suppression(&excitement, able, made), expected);
        };
        check(true, true, 0.0, 1.0, 0.0);
        check(false, true, 0.4, 1.0, 0.0);
        check(true, true, 0.4, 0.0, 0.4);
        // For show, it does what it is made to and no more.
        check(true, false, 0.4, 0.0, 0.0);
        check(true, false, 0.4, 0.5, 0.2);
    }

    #[test]
    fn r5_the_sincere_curb_while_it_can_pay() {
        assert!(would_curb(true, true, false));
        assert!(!would_curb(true, false, false));
        assert!(!would_curb(false, true, false));
        assert!(would_curb(false, false, true));
    }

    #[test]
    fn r6_an_attack_ten_times_as_severe_is_felt_as_one_more_order() {
        assert_eq!(felt(1.0), 1.0);
        assert!((felt(30.0) - felt(3.0) - math::ln(10.0)).abs() < 1e-12);
    }
}
