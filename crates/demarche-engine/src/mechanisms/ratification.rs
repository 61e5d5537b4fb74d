//! Ratification: win-sets at home, and what comes into force.
//!
//! # Rules
//! - **R1** An initialled text needs every constituency of every party: each consents with
//!   σ(κ_r·(G_f − buffer)), G_f its own gain by its own stakes. [putnam1988, win-sets;
//!   tsebelis2002, veto players]
//! - **R2** The capital itself ratifies with σ(z·(G − pull)), as it answers requests, and by the
//!   draw by which it gave leave to sign: it goes back on that only where the text has become worth
//!   less to it since. One whose delegates may sign at once is bound by their signature. [ours: the
//!   same judgement, the same form]
//! - **R3** A ratified text is in force from the end of the turn: it can begin a truce. A text that
//!   is refused at home stays on the table, and those who had accepted it feel cheated. [ours: what
//!   was signed in good faith and is not honoured is a broken word]
//! - **R4** With a text in force the threats made on the way to it are forgotten. [ours: what was
//!   threatened for has been settled]
//! - **R5** Those who must consent take a turn and an exponential delay to do so, as replies do,
//!   and the slowest home is waited for; where there is nobody to ask, a text is judged at once.
//!   [ours: an initialled text is read at home before it binds]
//!
//! # Departures
//! Putnam's level II ratifies once; here the army and a cabinet are each asked. A constituency's
//! gain differs from its party's by its stakes only: it sees the same world.
use bevy_ecs::prelude::*;
use demarche_domain::index::{ConstituencyIx, MAX_PARTIES, PartyIx};
use demarche_domain::package::Package;
use demarche_domain::worth::Worth;
use demarche_random::math;
use demarche_random::purpose::Purpose;
use demarche_record::decision::Decision;
use demarche_record::event::{Event, TrustCause};
use demarche_record::seat::Seat;
use tracing::debug;

use crate::mechanisms::agenda::{Moves, TextOnTable};
use crate::mechanisms::audience_cost::Threats;
use crate::mechanisms::deadline::Clock;
use crate::mechanisms::durability::Backing;
use crate::mechanisms::guarantee::Guarantee;
use crate::mechanisms::inducement::{Inducements, unpaid};
use crate::mechanisms::instructions::{Authority, Instructing, delay, first_instructions};
use crate::mechanisms::no_deal::Pain;
use crate::mechanisms::pressure::Pressure;
use crate::mechanisms::retaliation::Hostilities;
use crate::mechanisms::stalling::{Character, pull};
use crate::mechanisms::trust::Impressions;
use crate::mechanisms::valuation::{Part, Regard, Regarding, linked_issues};
use crate::orders::Orders;
use crate::roster::Roster;
use crate::scenario::{Issue, Scenario};
use crate::seating::Dynamics;
use crate::table::{Narration, PerTable, Rules, Table, Tables};

/// What is in force between the parties. -- state.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InForce(pub Package);

/// Whom a constituency speaks for, and how it judges. -- parameter.
#[derive(Component, Clone, Debug, PartialEq)]
pub struct Consent {
    /// Its stakes. [1]
    pub stakes: Vec<f64>,
    /// κ_r. [1/gain]
    pub sharpness: f64,
    /// The gain at which it is of two minds. [gain]
    pub buffer: f64,
}

pub(crate) fn install(schedule: &mut Schedule) {
    let ratifying = (decide, ratify, back, bring_into_force).chain();
    schedule.add_systems(ratifying.in_set(crate::turn::Phase::Ratify));
}

/// R1. [1, (0, 1)]
fn consent(sharpness: f64, gain: f64, buffer: f64) -> f64 {
    math::logistic(sharpness * (gain - buffer))
}

/// R2, `over` the gain over the pull of talking on. [1, (0, 1]]
fn assent(may_sign: bool, sharpness: f64, over: f64) -> f64 {
    if may_sign { 1.0 } else { math::logistic(sharpness * over) }
}

/// R2, on the draw by which it gave leave to sign, if it did.
fn ratifies(leave: Option<f64>, drawn: f64, likely: f64) -> bool {
    leave.unwrap_or(drawn) < likely
}

/// R5: in which turn home judges a text that is initialled in this one.
pub(crate) fn verdict_due<'a>(
    scenario: &Scenario,
    table: &Table,
    instructing: impl Fn(PartyIx) -> &'a Instructing,
) -> u32 {
    let parties = PartyIx::first(scenario.parties.len());
    let asked = parties.filter(|p| !scenario.parties[p.ix()].constituencies.is_empty());
    let wait = asked.map(|p| {
        let u = table.draws(Purpose::Delay, 2 * MAX_PARTIES + p.ix()).uniform();
        delay(instructing(p).reply_delay_days, scenario.turn_days, u)
    });
    table.turn + wait.max().unwrap_or(0)
}

/// R3: whether a text that comes into force is a truce.
pub(crate) fn is_truce(issues: &[Issue], text: &Package) -> bool {
    let mut rungs = issues.iter().zip(text.rungs(issues.len()));
    rungs.any(|(issue, rung)| issue.truce_from.is_some_and(|from| *rung >= from))
}

/// The text that home judges in this turn.
fn judged(on_table: &TextOnTable, table: &Table) -> Option<Package> {
    on_table.text.filter(|_| on_table.is_judged(table.turn))
}

/// What judging a text takes.
type Judging<'w, 's> = (
    Query<'w, 's, (&'static Character, &'static Pain, &'static Pressure, &'static Instructing)>,
    Query<'w, 's, &'static Authority>,
    Query<'w, 's, &'static Consent>,
);

/// The memory of weighing a text at home, kept between texts.
#[derive(Default)]
struct Scales(Option<Worth>);

impl Scales {
    /// What a text would gain the capital, or a constituency by its own stakes.
    fn gain(
        &mut self,
        (regard, at, party): (&Regard, usize, PartyIx),
        text: &Package,
        stakes: Option<&[f64]>,
    ) -> f64 {
        let mut circumstances = regard.circumstances(at, party);
        let scenario = circumstances.scenario;
        let laid = || Worth::zero(&scenario.space, &linked_issues(scenario));
        let worth = self.0.get_or_insert_with(laid);
        circumstances.stakes = stakes.unwrap_or(circumstances.stakes);
        circumstances.assess(Part::All, worth);
        worth.of(text)
    }
}

fn decide(
    (tables, roster): (Res<Tables>, Res<Roster>),
    (clocks, texts): (Res<PerTable<Clock>>, Res<PerTable<TextOnTable>>),
    (capitals, delegations, constituencies): Judging,
    regarding: Regarding,
    mut orders: ResMut<PerTable<Orders>>,
    mut scales: Local<Scales>,
) {
    let capitals = roster.seated(capitals);
    let delegations = roster.seated(delegations);
    let constituencies = roster.seated(constituencies);
    let regard = regarding.seated();
    for (at, table) in tables.here() {
        let Some(text) = judged(&texts[at], table) else { continue };
        for p in roster.parties() {
            let mut draws = table.draws(Purpose::Consent, p.ix());
            for c in roster.constituencies(p) {
                let who = constituencies.get(at, (p, c));
                let seat = Seat::Constituency(p, c);
                let gain = scales.gain((&regard, at, p), &text, Some(&who.stakes));
                let likely = consent(who.sharpness, gain, who.buffer);
                let consents = draws.chance(likely);
                debug!(
                    seat = %tables.named(&seat), gain, buffer = who.buffer,
                    likely, consents, "text weighed by a constituency",
                );
                if orders[at].are_the_policys(seat) {
                    let verdict = if consents { Decision::Consent {} } else { Decision::Veto {} };
                    orders[at].give(seat, verdict);
                }
            }
            let (character, pain, pressure, instructing) = capitals.get(at, p);
            let may_sign = delegations.get(at, p).may_sign;
            let weight = instructing.stalling_weight;
            let pull = pull(character, weight, clocks[at].elapsed, pain.total(), pressure.0);
            let gain = scales.gain((&regard, at, p), &text, None);
            let likely = assent(may_sign, instructing.reply_sharpness, gain - pull);
            let drawn = table.draws(Purpose::Ratification, p.ix()).uniform();
            let ratifies = ratifies(texts[at].leave[p.ix()], drawn, likely);
            debug!(
                party = %tables.named(&p), gain, pull, likely, ratifies,
                "text weighed by a capital",
            );
            if orders[at].are_the_policys(Seat::Capital(p)) {
                let refuse = Decision::RefuseToRatify {};
                let verdict = if ratifies { Decision::Ratify {} } else { refuse };
                orders[at].give(Seat::Capital(p), verdict);
            }
        }
    }
}

/// What a verdict at home changes.
type Verdict<'w> = (
    ResMut<'w, PerTable<TextOnTable>>,
    ResMut<'w, PerTable<Moves>>,
    ResMut<'w, PerTable<Impressions>>,
);

fn ratify(
    (tables, roster, rules): (Res<Tables>, Res<Roster>, Res<Rules>),
    (clocks, dynamics): (Res<PerTable<Clock>>, Res<PerTable<Dynamics>>),
    (capitals, _delegations, constituencies): Judging,
    (regarding, mut scales): (Regarding, Local<Scales>),
    orders: Res<PerTable<Orders>>,
    (mut texts, mut moves, mut impressions): Verdict,
    mut narration: ResMut<Narration>,
) {
    let capitals = roster.seated(capitals);
    let constituencies = roster.seated(constituencies);
    let regard = regarding.seated();
    for (at, table) in tables.here() {
        let Some(text) = judged(&texts[at], table) else { continue };
        let mut all = true;
        for party in roster.parties() {
            let mut home = true;
            for c in roster.constituencies(party) {
                let seat = Seat::Constituency(party, c);
                let consents = orders[at].contain(seat, &Decision::Consent {});
                home &= consents;
                let stakes = &constituencies.get(at, (party, c)).stakes;
                narration.note(at, table, || {
                    let gain = scales.gain((&regard, at, party), &text, Some(stakes));
                    heard(party, c, consents, gain)
                });
            }
            let ratified = home && orders[at].contain(Seat::Capital(party), &Decision::Ratify {});
            let (character, pain, pressure, instructing) = capitals.get(at, party);
            let weight = instructing.stalling_weight;
            let stalling = pull(character, weight, clocks[at].elapsed, pain.total(), pressure.0);
            narration.note(at, table, || {
                let gain = scales.gain((&regard, at, party), &text, None);
                Event::RatificationDecided { party, ratified, gain, stalling }
            });
            debug!(party = %tables.named(&party), ratified, pull = stalling, "verdict given");
            if !ratified {
                let (log_odds, cause) = (-dynamics[at].reneging, TrustCause::Reneging);
                impressions[at].on_all(roster.parties(), party, log_odds, cause);
                let first = first_instructions(&rules.0, &clocks[at], party);
                texts[at].withdraw(party, first.expect("a text is judged in a round"));
                texts[at].refuse(party);
                texts[at].is_refused_by[party.ix()] = true;
                moves[at].refused[party.ix()] = true;
            }
            all &= ratified;
        }
        texts[at].is_ratified = all;
        texts[at].verdict_due = None;
    }
}

fn heard(party: PartyIx, c: ConstituencyIx, consents: bool, gain: f64) -> Event {
    Event::ConstituencyHeard { seat: Seat::Constituency(party, c), consents, gain }
}

/// Notes what stands behind a text that was ratified, for the clock of the truce.
fn back(
    (tables, roster): (Res<Tables>, Res<Roster>),
    (regarding, mut scales): (Regarding, Local<Scales>),
    (texts, guarantees, inducements): (
        Res<PerTable<TextOnTable>>,
        Res<PerTable<Guarantee>>,
        Res<PerTable<Inducements>>,
    ),
    mut backing: ResMut<PerTable<Backing>>,
) {
    let regard = regarding.seated();
    for (at, _) in tables.here() {
        let Some(text) = texts[at].text.filter(|_| texts[at].is_ratified) else { continue };
        let gains = roster.parties().map(|p| {
            unpaid(scales.gain((&regard, at, p), &text, None), inducements[at].offered[p.ix()])
        });
        let least_gain = gains.fold(f64::INFINITY, f64::min);
        backing[at] = Backing { guarantee: guarantees[at].0, least_gain };
    }
}

/// R3.
fn bring_into_force(
    (tables, roster, rules): (Res<Tables>, Res<Roster>, Res<Rules>),
    (clocks, texts): (Res<PerTable<Clock>>, Res<PerTable<TextOnTable>>),
    (mut in_force, mut hostilities): (ResMut<PerTable<InForce>>, ResMut<PerTable<Hostilities>>),
    threats: Query<&mut Threats>,
    mut narration: ResMut<Narration>,
) {
    let mut threats = roster.seated(threats);
    for (at, table) in tables.here() {
        let Some(text) = texts[at].text.filter(|_| texts[at].is_ratified) else { continue };
        let round = clocks[at].round.expect("a text is ratified in a round");
        in_force[at].0 = text;
        debug!(text = %tables.named(&text), "text came into force");
        narration.note(at, table, || Event::AgreementReached { round, text });
        if is_truce(&rules.0.issues, &text) {
            hostilities[at].is_interim = false;
            if !std::mem::replace(&mut hostilities[at].truce, true) {
                narration.note(at, table, || Event::TruceBegan {});
            }
        }
        for p in roster.parties() {
            threats.get_mut(at, p).forget();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mechanisms::agenda::Author;
    use crate::scenario::Constituency;
    use crate::testing::{EAST, WEST, plain_issue, plain_scenario, plain_table};
    use demarche_domain::region::Region;

    #[test]
    fn r1_a_constituency_is_of_two_minds_at_its_buffer() {
        assert_eq!(consent(20.0, 0.05, 0.05), 0.5);
        assert!(consent(20.0, 0.3, 0.05) > 0.99);
        assert!(consent(20.0, -0.2, 0.05) < 0.01);
    }

    #[test]
    fn r2_a_capital_weighs_what_its_delegates_may_not_sign() {
        assert_eq!(assent(false, 20.0, 0.0), 0.5);
        assert!((assent(false, 10.0, 0.1) - 0.731_058_578_630_004_9).abs() < 1e-12);
        assert!(assent(false, 20.0, -0.3) < 0.01);
        assert_eq!(assent(true, 20.0, -0.3), 1.0, "bound by the signature");
        // Leave was given at a chance of 0.7: as likely as then it stands, less likely it may not.
        assert!(ratifies(Some(0.69), 0.99, 0.7) && !ratifies(Some(0.69), 0.01, 0.6));
        assert!(ratifies(None, 0.5, 0.7) && !ratifies(None, 0.8, 0.7));
    }

    #[test]
    fn r3_a_text_can_begin_a_truce() {
        let issues = [plain_issue(), Issue { truce_from: Some(1), ..plain_issue() }];
        assert!(!is_truce(&issues, &Package::new(&[2, 0])));
        assert!(is_truce(&issues, &Package::new(&[0, 1])));
        assert!(is_truce(&issues, &Package::new(&[0, 2])));
    }

    #[test]
    fn r3_a_refusal_leaves_the_text_and_a_grudge() {
        let mut on_table = TextOnTable::closed(Package::STATUS_QUO);
        let text = Package::new(&[1, 1]);
        on_table.table(text, Author::Opening, 0);
        on_table.accepted[..2].fill(true);
        on_table.withdraw(WEST, &Region::all(&plain_scenario().space));
        assert_eq!((on_table.text, on_table.is_refused), (Some(text), true));
        assert_eq!(on_table.accepted[..2], [true, false]);
        let mut impressions = Impressions::default();
        let parties = PartyIx::first(2);
        impressions.on_all(parties, WEST, -0.5, TrustCause::Reneging);
        let [grudge] = impressions.list.as_slice() else { panic!("{:?}", impressions.list) };
        assert_eq!((grudge.of, grudge.toward, grudge.log_odds), (EAST, WEST, -0.5));
    }

    #[test]
    fn r5_a_text_waits_for_the_slowest_home() {
        use demarche_random::sample::Number;
        let instructing = |reply_delay_days| Instructing {
            reply_delay_days,
            reply_sharpness: 10.0,
            stalling_weight: 0.0,
            revocation: 0.0,
            deferral: 0.0,
            stalls_per_day: 0.0,
        };
        let (quick, slow) = (instructing(0.0), instructing(40.0));
        let due = |scenario: &Scenario, turn| {
            let home = |p: PartyIx| if p == EAST { &quick } else { &slow };
            verdict_due(scenario, &plain_table(turn), home)
        };
        let mut scenario = plain_scenario();
        assert_eq!(due(&scenario, 3), 3, "nobody to ask");
        let army = Constituency {
            stakes: vec![Number::fixed(0.5); 2],
            sharpness: Number::fixed(10.0),
            buffer: Number::fixed(0.0),
        };
        scenario.parties[EAST.ix()].constituencies.push(army.clone());
        assert_eq!(due(&scenario, 3), 4, "a turn at least");
        scenario.parties[WEST.ix()].constituencies.push(army);
        let mean = (0..200).map(|turn| due(&scenario, turn) - turn).sum::<u32>() / 200;
        assert!((70..=95).contains(&mean), "40 days are 80 turns: {mean}");
        let mut initialled = TextOnTable::closed(Package::STATUS_QUO);
        initialled.verdict_due = Some(5);
        assert!(initialled.is_initialled() && !initialled.is_judged(4) && initialled.is_judged(5));
    }

    #[test]
    fn r4_an_agreement_settles_the_threats() {
        use crate::scenario::{Protocol, Variant};
        use crate::session::Session;
        use demarche_record::decision::{Input, Moment, Statement};
        use demarche_record::format::Lineage;
        let Moment { turn, mover, .. } = Moment::FIRST;
        let (stage, seat) = (demarche_record::seat::Stage::Capitals, Seat::Capital(EAST));
        let decision = Decision::State { statement: Statement::Threaten };
        let threatened = Input::Decided { turn, stage, mover, seat, decision };
        let mut plain = plain_scenario();
        plain.parties[0].audience_cost = demarche_random::sample::Number::fixed(0.01);
        let protocol = Protocol { variant: Variant::AlternatingOffers, ..plain.protocol };
        let direct = std::sync::Arc::new(Scenario { protocol, ..plain });
        let mut session = Session::new(direct, 1);
        let lineage = Lineage { seed: 7, branch: None, over_ranges: None };
        session.seat(0, lineage, vec![threatened], false);
        let mut counts = Vec::new();
        while session.tally(0).endings.is_empty() {
            session.advance().unwrap();
            let entity = session.world().resource::<Roster>().party(0, EAST);
            counts.push(session.world().get::<Threats>(entity).unwrap().count);
        }
        assert_eq!(session.tally(0).endings[0].ending, demarche_record::event::Ending::Agreement);
        assert_eq!((counts[0], counts.last()), (1, Some(&0)));
    }
}
