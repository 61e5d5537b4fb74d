//! Instructions: mandates, and asking home.
//!
//! # Rules
//! - **R1** A text outside the mandate that would gain is referred home: the delegation asks for
//!   one rung on the issue where that costs least. What was refused is not asked again for the same
//!   text. [putnam1988; ikle1964]
//! - **R2** A delegation that may not sign alone refers its acceptance home as well. [ist2-01,
//!   delegations below minister level; seed-03 and ist2-11, referred home on either account]
//! - **R3** The reply takes one turn and an exponential delay; one that has not come when the round
//!   closes never comes. [ours: the shortest law with one number]
//! - **R4** The capital grants with σ(z·(G(x) − pull − what the rung gives up)), pull what talking
//!   on is worth to it. Else it goes back to its first instructions, and what was accepted beyond
//!   them is taken back, or it puts off, or refuses. A text whose whole it refused its delegates do
//!   not accept again unless it is put again. [putnam1988; ist2-11; the form is ours]
//! - **R5** A capital can change a mandate unasked, and recall its delegation. By the policy it
//!   does neither. [ours: nothing in the sources speaks for a rule]
//!
//! # Departures
//! None.
use bevy_ecs::prelude::*;
use demarche_domain::index::{IssueIx, MAX_PARTIES, PartyIx};
use demarche_domain::package::Package;
use demarche_domain::region::Region;
use demarche_random::purpose::Purpose;
use demarche_random::{math, sample};
use demarche_record::decision::Decision;
use demarche_record::event::{Answer, Event, Objection, TrustCause};
use demarche_record::seat::Seat;
use demarche_record::wire::RungOf;
use tracing::debug;

use crate::mechanisms::acceptance::Opinion;
use crate::mechanisms::agenda::{Moves, TextOnTable};
use crate::mechanisms::deadline::Clock;
use crate::mechanisms::no_deal::Pain;
use crate::mechanisms::outcome::Tally;
use crate::mechanisms::pressure::Pressure;
use crate::mechanisms::red_lines::RedLines;
use crate::mechanisms::stalling::{Character, pull};
use crate::mechanisms::trust::Impressions;
use crate::mechanisms::valuation::Gains;
use crate::orders::Orders;
use crate::roster::Roster;
use crate::scenario::{Scenario, Variant};
use crate::seating::Dynamics;
use crate::table::{Narration, PerTable, Rules, Table, Tables};

/// What delegates may sign. -- state.
#[derive(Component, Clone, Copy, Debug, PartialEq)]
pub struct Mandate(pub Region);

/// Whether delegates may sign without another word from home. -- state, set by the round.
#[derive(Component, Clone, Copy, Debug, Default, PartialEq)]
pub struct Authority {
    /// Whether they may.
    pub may_sign: bool,
}

/// A request on its way home and back. -- state.
#[derive(Component, Clone, Copy, Debug, Default, PartialEq)]
pub struct Request {
    /// What was asked, if anything.
    pub pending: Option<Asked>,
    /// Issues on which the capital refused for the present text, as bits.
    pub refused: u16,
    /// The text that these refusals are about.
    pub about: Option<Package>,
}

/// What was asked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Asked {
    /// The rung asked for, or nothing where leave to sign was.
    pub rung: Option<RungOf>,
    /// When.
    pub asked: u32,
    /// When the answer is due.
    pub due: u32,
}

/// How a capital instructs. -- parameter.
#[derive(Component, Clone, Copy, Debug, PartialEq)]
pub struct Instructing {
    /// ℓ. [d]
    pub reply_delay_days: f64,
    /// z. [1/gain]
    pub reply_sharpness: f64,
    /// ω. [1]
    pub stalling_weight: f64,
    /// How often an unfavourable reply takes back what was accepted. [1]
    pub revocation: f64,
    /// How often it puts off instead of refusing. [1]
    pub deferral: f64,
    /// How often delegates of a capital with a pull play for time. [1/d]
    pub stalls_per_day: f64,
}

/// Whether anybody is ever asked in a scenario: some delegation must ask home before it signs.
pub(crate) fn is_used(scenario: &Scenario) -> bool {
    let at_once = scenario.protocol.variant == Variant::DelegatesMaySign;
    !at_once && scenario.rounds.iter().any(|round| round.may_sign.contains(&false))
}

pub(crate) fn install_deciding(schedule: &mut Schedule) {
    schedule.add_systems(decide_replies.in_set(crate::turn::Phase::Reply).before(reply));
}

/// Where nobody is asked, somebody outside can still instruct.
pub(crate) fn install_replies(schedule: &mut Schedule) {
    schedule.add_systems(reply.in_set(crate::turn::Phase::Reply));
}

pub(crate) fn install_asking(schedule: &mut Schedule) {
    schedule.add_systems(decide_to_ask.in_set(crate::turn::Phase::Request));
}

pub(crate) fn install_sending(schedule: &mut Schedule) {
    schedule.add_systems(ask.in_set(crate::turn::Phase::Ask));
}

/// R3. [turns, ≥ 1]
pub(crate) fn delay(mean_days: f64, turn_days: f64, u: f64) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few hundred")]
    let turns = (sample::exponential(mean_days, u) / turn_days).floor().min(10_000.0) as u32;
    1 + turns
}

/// R4, from three uniform numbers.
fn answer(instructing: &Instructing, advantage: f64, has_more: bool, u: [f64; 3]) -> Decision {
    if u[0] < math::logistic(instructing.reply_sharpness * advantage) {
        Decision::ExtendMandate {}
    } else if has_more && u[1] < instructing.revocation {
        Decision::Revoke {}
    } else if u[2] < instructing.deferral {
        Decision::Defer {}
    } else {
        Decision::Refuse {}
    }
}

/// What the delegates of a party might sign when the round opened.
pub(crate) fn first_instructions<'a>(
    scenario: &'a Scenario,
    clock: &Clock,
    party: PartyIx,
) -> Option<&'a Region> {
    clock.round.map(|round| &scenario.rounds[round.ix()].mandates[party.ix()])
}

/// R4: whether there is something to take back: more leave than the first instructions gave, or an
/// acceptance beyond them.
pub(crate) fn has_more(
    mandate: &Mandate,
    on_table: &TextOnTable,
    party: PartyIx,
    first: &Region,
) -> bool {
    mandate.0.and(first) != Some(mandate.0) || on_table.has_gone_beyond(party, first)
}

fn decide_replies(
    (tables, roster, rules): (Res<Tables>, Res<Roster>, Res<Rules>),
    (clocks, texts): (Res<PerTable<Clock>>, Res<PerTable<TextOnTable>>),
    capitals: Query<(&Gains, &Character, &Pain, &Pressure, &Instructing)>,
    requests: Query<(&Request, &Mandate)>,
    mut orders: ResMut<PerTable<Orders>>,
) {
    let capitals = roster.seated(capitals);
    let requests = roster.seated(requests);
    for (at, table) in tables.here() {
        let Some(text) = texts[at].text else { continue };
        for p in roster.parties() {
            let (request, mandate) = requests.get(at, p);
            let (orders, seat) = (&mut orders[at], Seat::Capital(p));
            let is_due = request.pending.is_some_and(|asked| asked.due <= table.turn);
            if !is_due || !orders.are_the_policys(seat) {
                continue;
            }
            let (gains, character, pain, pressure, instructing) = capitals.get(at, p);
            let elapsed = clocks[at].elapsed;
            let weight = instructing.stalling_weight;
            let pull = pull(character, weight, elapsed, pain.total(), pressure.0);
            let mut draws = table.draws(Purpose::Reply, p.ix());
            let u = [draws.uniform(), draws.uniform(), draws.uniform()];
            let first = first_instructions(&rules.0, &clocks[at], p);
            let has_more = first.is_some_and(|first| has_more(mandate, &texts[at], p, first));
            let given_up = request
                .pending
                .and_then(|asked| asked.rung)
                .map_or(0.0, |at| cost_of_going(&gains.0, &text, mandate, at.issue, at.rung));
            let advantage = gains.0.of(&text) - pull - given_up.max(0.0);
            debug!(
                party = %tables.named(&p), gain = gains.0.of(&text), pull, given_up, advantage,
                has_more, "request weighed at home",
            );
            orders.give(seat, answer(instructing, advantage, has_more, u));
        }
    }
}

fn reply(
    (tables, roster, rules): (Res<Tables>, Res<Roster>, Res<Rules>),
    (clocks, dynamics): (Res<PerTable<Clock>>, Res<PerTable<Dynamics>>),
    (orders, capitals): (
        Res<PerTable<Orders>>,
        Query<(&Gains, &Character, &Pain, &Pressure, &Instructing)>,
    ),
    delegations: Query<(&mut Request, &mut Mandate)>,
    (mut texts, mut moves, mut impressions): (
        ResMut<PerTable<TextOnTable>>,
        ResMut<PerTable<Moves>>,
        ResMut<PerTable<Impressions>>,
    ),
    mut narration: ResMut<Narration>,
) {
    let capitals = roster.seated(capitals);
    let mut delegations = roster.seated(delegations);
    for (at, table) in tables.here_if(is_used(&rules.0)) {
        for party in roster.parties() {
            let given = || orders[at].of(Seat::Capital(party));
            if given().next().is_none() {
                continue;
            }
            let (gains, character, pain, pressure, instructing) = capitals.get(at, party);
            let (request, mandate) = delegations.get_mut(at, party);
            let on_table = &mut texts[at];
            change_unasked(given(), mandate, party, (at, table), on_table, &mut narration);
            let Some(given) = given().find_map(as_answer) else { continue };
            let Some(asked) = request.pending else { continue };
            let gain = on_table.text.map_or(0.0, |text| gains.0.of(&text));
            let weight = instructing.stalling_weight;
            let stalling = pull(character, weight, clocks[at].elapsed, pain.total(), pressure.0);
            let (rung, waited_turns) = (asked.rung, table.turn - asked.asked);
            debug!(
                party = %tables.named(&party), rung = %tables.named(&rung), answer = ?given,
                waited_turns, gain, pull = stalling, "home replied",
            );
            narration.note(at, table, || Event::HomeReplied {
                party,
                rung,
                answer: given,
                waited_turns,
                gain,
                stalling,
            });
            let withdraws =
                given == Answer::Revoked || (given == Answer::Refused && rung.is_none());
            settle(given, asked, request, mandate, (on_table, party));
            moves[at].refused[party.ix()] |= matches!(given, Answer::Refused | Answer::Revoked);
            match (given, rung) {
                (Answer::Extended, Some(rung)) => {
                    note_mandate((at, table), party, mandate, rung.issue, true, &mut narration);
                }
                (Answer::Extended, None) => {
                    let u = table.draws(Purpose::Reply, party.ix()).uniform();
                    on_table.leave[party.ix()] = Some(u);
                }
                _ => {}
            }
            if given == Answer::Deferred {
                let u = table.draws(Purpose::Delay, party.ix()).uniform();
                let wait = delay(instructing.reply_delay_days, rules.0.turn_days, u);
                request.pending = Some(Asked { due: table.turn + wait, ..asked });
            }
            let first = first_instructions(&rules.0, &clocks[at], party);
            let Some(first) = first.filter(|_| withdraws) else { continue };
            if given == Answer::Revoked {
                mandate.0 = *first;
                let beyond = on_table.text.into_iter().flat_map(|text| first.breaches(text));
                request.refused |= beyond.fold(0, |bits, k| bits | 1 << k.0);
            }
            if on_table.has_gone_beyond(party, first) {
                on_table.withdraw(party, first);
                moves[at].reneged[party.ix()] = true;
                debug!(party = %tables.named(&party), gain, "acceptance revoked");
                let (log_odds, cause) = (-dynamics[at].reneging, TrustCause::Reneging);
                impressions[at].on_all(roster.parties(), party, log_odds, cause);
                narration.note(at, table, || Event::AcceptanceRevoked { party, gain });
            }
        }
    }
}

const fn as_answer(decision: &Decision) -> Option<Answer> {
    match decision {
        Decision::ExtendMandate {} => Some(Answer::Extended),
        Decision::Refuse {} => Some(Answer::Refused),
        Decision::Defer {} => Some(Answer::Deferred),
        Decision::Revoke {} => Some(Answer::Revoked),
        _ => None,
    }
}

/// What an answer does to request, mandate and table.
fn settle(
    given: Answer,
    asked: Asked,
    request: &mut Request,
    mandate: &mut Mandate,
    (on_table, party): (&mut TextOnTable, PartyIx),
) {
    request.pending = None;
    match (given, asked.rung) {
        (Answer::Extended, Some(at)) => mandate.0 = mandate.0.reaching(at.issue, at.rung),
        (Answer::Extended, None) => {
            on_table.confirmed[party.ix()] = on_table.accepted[party.ix()];
        }
        (Answer::Refused | Answer::Revoked, rung) => {
            // Leave to sign is asked about the whole text: no issue may be asked again.
            request.refused |= rung.map_or(u16::MAX, |at| 1 << at.issue.0);
            request.about = on_table.text;
            on_table.is_refused_by[party.ix()] |= rung.is_none();
            on_table.refuse(party);
        }
        (Answer::Deferred, _) => {}
    }
}

fn note_mandate(
    (at, table): (usize, &Table),
    party: PartyIx,
    mandate: &Mandate,
    issue: IssueIx,
    asked: bool,
    narration: &mut Narration,
) {
    let (floor, ceiling) = (mandate.0.floor.rung(issue), mandate.0.ceiling.rung(issue));
    let (floor, ceiling) = (RungOf { issue, rung: floor }, RungOf { issue, rung: ceiling });
    narration.note(at, table, || Event::MandateChanged { party, floor, ceiling, asked });
}

/// R5.
fn change_unasked<'a>(
    orders: impl Iterator<Item = &'a Decision>,
    mandate: &mut Mandate,
    party: PartyIx,
    (at, table): (usize, &Table),
    on_table: &mut TextOnTable,
    narration: &mut Narration,
) {
    for decision in orders {
        let &Decision::ChangeMandate { floor, ceiling } = decision else { continue };
        mandate.0.floor.set(floor.issue, floor.rung);
        mandate.0.ceiling.set(ceiling.issue, ceiling.rung);
        note_mandate((at, table), party, mandate, floor.issue, false, narration);
        // What may no longer be signed is no longer accepted.
        let is_outside = on_table.text.is_some_and(|text| !mandate.0.contains(&text));
        if is_outside && on_table.accepted[party.ix()] {
            on_table.withdraw(party, &mandate.0);
        }
    }
}

fn decide_to_ask(
    (tables, roster): (Res<Tables>, Res<Roster>),
    (clocks, texts): (Res<PerTable<Clock>>, Res<PerTable<TextOnTable>>),
    capitals: Query<(&Gains, &RedLines)>,
    delegations: Query<(&Opinion, &Mandate, &Authority, &Request)>,
    mut orders: ResMut<PerTable<Orders>>,
) {
    let capitals = roster.seated(capitals);
    let delegations = roster.seated(delegations);
    for (at, _) in tables.here() {
        let on_table = &texts[at];
        if on_table.is_closed() || on_table.is_initialled() || clocks[at].left.is_some() {
            continue;
        }
        for p in tables.movers(at) {
            let (opinion, mandate, authority, request) = delegations.get(at, p);
            let (gains, _) = capitals.get(at, p);
            let worth_it = opinion.objection == Objection::Mandate && opinion.gain > 0.0;
            let free = request.pending.is_none() && !authority.may_sign;
            let (orders, seat) = (&mut orders[at], Seat::Delegation(p));
            let leaves = orders.contain(seat, &Decision::WalkOut {});
            if orders.are_the_policys(seat) && worth_it && free && !leaves {
                let refused = if request.about == opinion.text { request.refused } else { 0 };
                let about = opinion.text.expect("an opinion with an objection is about a text");
                if let Some(issue) = cheapest_breach(&gains.0, about, mandate, refused) {
                    orders.give(seat, Decision::AskHome { issue });
                }
            }
        }
    }
}

/// R1: of the issues on which the text lies outside the mandate, the one where going there costs
/// least, refused ones left out.
fn cheapest_breach(
    gains: &demarche_domain::worth::Worth,
    text: Package,
    mandate: &Mandate,
    refused: u16,
) -> Option<IssueIx> {
    let open = mandate.0.breaches(text).filter(|k| refused & (1 << k.0) == 0);
    open.min_by(|a, b| {
        let cost = |k: IssueIx| cost_of_going(gains, &text, mandate, k, text.rung(k));
        cost(*a).total_cmp(&cost(*b)).then(a.cmp(b))
    })
}

/// What a side gives up when one issue of a text goes from the edge of its mandate to this rung.
/// [gain]
fn cost_of_going(
    gains: &demarche_domain::worth::Worth,
    text: &Package,
    mandate: &Mandate,
    issue: IssueIx,
    rung: u8,
) -> f64 {
    let edge = mandate.0.clamp(*text).rung(issue);
    gains.of(&text.with(issue, edge)) - gains.of(&text.with(issue, rung))
}

/// The rung next to the mandate on the way to the text.
#[must_use]
pub(crate) fn next_rung(mandate: &Mandate, text: &Package, issue: IssueIx) -> Option<RungOf> {
    let (floor, ceiling) = (mandate.0.floor.rung(issue), mandate.0.ceiling.rung(issue));
    match text.rung(issue) {
        rung if rung > ceiling => Some(RungOf { issue, rung: ceiling + 1 }),
        rung if rung < floor => Some(RungOf { issue, rung: floor - 1 }),
        _ => None,
    }
}

fn ask(
    (tables, roster, rules): (Res<Tables>, Res<Roster>, Res<Rules>),
    texts: Res<PerTable<TextOnTable>>,
    capitals: Query<(&Gains, &Instructing)>,
    (orders, delegations): (Res<PerTable<Orders>>, Query<(&Mandate, &mut Request)>),
    mut tallies: ResMut<PerTable<Tally>>,
    mut narration: ResMut<Narration>,
) {
    let capitals = roster.seated(capitals);
    let mut delegations = roster.seated(delegations);
    for (at, table) in tables.here() {
        let on_table = &texts[at];
        let Some(text) = on_table.text.filter(|_| !on_table.is_closed()) else { continue };
        for party in tables.movers(at) {
            let (mandate, request) = delegations.get_mut(at, party);
            let (gains, instructing) = capitals.get(at, party);
            let refers = on_table.accepted[party.ix()] && !on_table.confirmed[party.ix()];
            let asks = orders[at].of(Seat::Delegation(party)).find_map(|decision| match decision {
                Decision::AskHome { issue } => next_rung(mandate, &text, *issue),
                _ => None,
            });
            if request.pending.is_some() || !(refers || asks.is_some()) {
                continue;
            }
            if request.about != Some(text) {
                request.refused = 0;
            }
            let rung = if refers { None } else { asks };
            let u = table.draws(Purpose::Delay, MAX_PARTIES + party.ix()).uniform();
            let wait = delay(instructing.reply_delay_days, rules.0.turn_days, u);
            let due = table.turn + wait;
            request.pending = Some(Asked { rung, asked: table.turn, due });
            tallies[at].n_requests[party.ix()] += 1;
            let gain = gains.0.of(&text);
            debug!(
                party = %tables.named(&party), rung = %tables.named(&rung), gain, due,
                "home asked",
            );
            narration.note(at, table, || match rung {
                Some(rung) => Event::HomeAsked { party, rung, gain },
                None => Event::TextReferred { party, gain },
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::Session;
    use crate::testing::EAST;
    use demarche_domain::package::PackageSpace;
    use demarche_domain::worth::Worth;
    use demarche_record::decision::Input;
    use demarche_record::format::Lineage;

    const INSTRUCTING: Instructing = Instructing {
        reply_delay_days: 0.5,
        reply_sharpness: 10.0,
        stalling_weight: 1.0,
        revocation: 0.4,
        deferral: 0.3,
        stalls_per_day: 1.0,
    };

    fn mandate() -> Mandate {
        let space = PackageSpace::new(&[4, 4]).unwrap();
        let mut region = Region::all(&space);
        region.ceiling = Package::new(&[1, 1]);
        Mandate(region)
    }

    #[test]
    fn r1_the_cheapest_breach_is_asked_about_and_only_a_rung() {
        let space = PackageSpace::new(&[4, 4]).unwrap();
        let mut gains = Worth::zero(&space, &[]);
        gains.solo_mut(IssueIx(0)).copy_from_slice(&[0.0, -0.1, -0.2, -0.3]);
        gains.solo_mut(IssueIx(1)).copy_from_slice(&[0.0, -0.01, -0.02, -0.03]);
        let text = Package::new(&[3, 3]);
        assert_eq!(cheapest_breach(&gains, text, &mandate(), 0), Some(IssueIx(1)));
        assert_eq!(cheapest_breach(&gains, text, &mandate(), 0b10), Some(IssueIx(0)));
        assert_eq!(cheapest_breach(&gains, text, &mandate(), 0b11), None);
        let next = next_rung(&mandate(), &text, IssueIx(1)).unwrap();
        assert_eq!(next.rung, 2);
    }

    #[test]
    fn r2_leave_to_sign_confirms_the_acceptance() {
        let mut on_table = TextOnTable::closed(Package::STATUS_QUO);
        on_table.accepted[0] = true;
        let asked = Asked { rung: None, asked: 0, due: 2 };
        let mut request = Request { pending: Some(asked), ..Request::default() };
        settle(Answer::Extended, asked, &mut request, &mut mandate(), (&mut on_table, EAST));
        assert!(on_table.confirmed[0] && request.pending.is_none());
    }

    #[test]
    fn r3_a_reply_takes_a_turn_at_least() {
        assert_eq!(delay(0.5, 0.125, 0.0), 1);
        assert_eq!(delay(0.0, 0.125, 0.9), 1);
        // The median of the exponential is ln 2 of its mean: 2.77 turns of 3 hours.
        assert_eq!(delay(0.5, 0.125, 0.5), 3);
    }

    #[test]
    fn r4_a_good_text_is_granted_and_a_pull_refuses_it() {
        let granted = |advantage, u| answer(&INSTRUCTING, advantage, true, [u, 0.9, 0.9]);
        assert_eq!(granted(0.3, 0.9), Decision::ExtendMandate {});
        assert_eq!(granted(0.3 - 0.6, 0.9), Decision::Refuse {});
        assert_eq!(answer(&INSTRUCTING, -1.0, true, [0.5, 0.2, 0.9]), Decision::Revoke {});
        assert_eq!(answer(&INSTRUCTING, -1.0, false, [0.5, 0.2, 0.1]), Decision::Defer {});
        let half = (0..1000)
            .filter(|k| granted(0.0, f64::from(*k) / 1000.0) == Decision::ExtendMandate {});
        assert_eq!(half.count(), 500, "at no advantage it is of two minds");
    }

    #[test]
    fn r4_what_is_taken_back_is_what_goes_beyond_the_first_instructions() {
        let first = mandate().0;
        let mut on_table = TextOnTable::closed(Package::STATUS_QUO);
        on_table.agenda = Region::all(&PackageSpace::new(&[4, 4]).unwrap());
        on_table.table(Package::new(&[1, 2]), crate::mechanisms::agenda::Author::Opening, 0);
        on_table.issues[EAST.ix()] = 0b01;
        assert!(!has_more(&Mandate(first), &on_table, EAST, &first), "all within them");
        let wider = Mandate(first.reaching(IssueIx(1), 2));
        assert!(has_more(&wider, &on_table, EAST, &first), "leave for a rung");
        on_table.issues[EAST.ix()] = 0b11;
        assert!(has_more(&Mandate(first), &on_table, EAST, &first), "an issue beyond them");
        on_table.withdraw(EAST, &first);
        assert_eq!((on_table.issues[EAST.ix()], on_table.is_refused), (0b01, true));
        on_table.accepted[EAST.ix()] = true;
        assert!(has_more(&Mandate(first), &on_table, EAST, &first), "the whole text");
    }

    #[test]
    fn r5_a_mandate_changed_unasked_takes_back_what_it_no_longer_allows() {
        use crate::testing::plain_scenario;
        let seat = demarche_record::seat::Seat::Capital(EAST);
        let at = |rung| RungOf { issue: IssueIx(0), rung };
        let after = |top| {
            let mut scenario = plain_scenario();
            scenario.rounds[0].opening_text = Some(Package::new(&[2, 2]));
            let (stage, turn, mover) = (demarche_record::seat::Stage::Capitals, 1, 0);
            let decision = Decision::ChangeMandate { floor: at(0), ceiling: at(top) };
            let change = Input::Decided { turn, stage, mover, seat, decision };
            let (stage, seat) = (
                demarche_record::seat::Stage::Delegations,
                demarche_record::seat::Seat::Delegation(EAST),
            );
            let decision = Decision::Accept {};
            let accepts = Input::Decided { turn: 0, stage, mover, seat, decision };
            let mut session = Session::new(std::sync::Arc::new(scenario), 1);
            let lineage = Lineage { seed: 7, branch: None, over_ranges: None };
            session.seat(0, lineage, vec![accepts, change], false);
            (0..2).for_each(|_| session.advance().unwrap());
            let delegation = session.world().resource::<Roster>().delegation(0, EAST);
            let ceiling = session.world().get::<Mandate>(delegation).unwrap().0.ceiling;
            (ceiling, session.world().resource::<PerTable<TextOnTable>>()[0].accepted[0])
        };
        assert_eq!(after(2), (Package::new(&[2, 2]), true));
        assert_eq!(after(1), (Package::new(&[1, 2]), false));
    }

    #[test]
    fn r4_a_mandate_extends_by_what_was_asked() {
        let asked = Asked { rung: Some(RungOf { issue: IssueIx(0), rung: 2 }), asked: 0, due: 1 };
        let (mut mandate, mut request) = (mandate(), Request::default());
        let mut on_table = TextOnTable::closed(Package::STATUS_QUO);
        settle(Answer::Extended, asked, &mut request, &mut mandate, (&mut on_table, EAST));
        assert_eq!(mandate.0.ceiling, Package::new(&[2, 1]));
        assert!(!on_table.is_refused_by[EAST.ix()]);
        let leave = Asked { rung: None, ..asked };
        settle(Answer::Refused, leave, &mut request, &mut mandate, (&mut on_table, EAST));
        assert!(on_table.is_refused_by[EAST.ix()], "the whole of it");
    }
}
