//! Acceptance: take it, answer it, or leave it.
//!
//! # Rules
//! - **R1** A text is acceptable when it lies inside the mandate and the red lines, gains at least
//!   what talking on is worth to the capital, and passes the convention: it reaches the aspiration;
//!   or is at least as good as the next offer; or that, or late and at least as good as the best of
//!   the last window, or what it had put itself. [baarslag2013, AC_const, AC_next, AC_combi]
//! - **R2** What stands in the way is named in this order: red line, loss, mandate, stalling,
//!   aspiration. [ours: from what cannot move to what time moves]
//! - **R3** Issues of a single text can be accepted one by one: those that it would change, and on
//!   which it is where the delegation itself would go, or better for it. [fisher1978]
//! - **R4** When all delegations accept the same text, and those who must have asked home have
//!   leave, it is initialled. [ours: initials say that delegates agree, and bind nobody yet]
//!
//! # Departures
//! Baarslag's window is a share of the past; here it is a number of days.
use bevy_ecs::prelude::*;
use demarche_domain::index::{IssueIx, PartyIx};
use demarche_domain::package::Package;
use demarche_domain::search::TOLERANCE;
use demarche_record::decision::{Decision, Matter};
use demarche_record::event::{Event, Objection};
use demarche_record::seat::Seat;
use tracing::debug;

use crate::mechanisms::agenda::{Author, TextOnTable};
use crate::mechanisms::concession::Aspiration;
use crate::mechanisms::deadline::Clock;
use crate::mechanisms::instructions::{Authority, Instructing, Mandate};
use crate::mechanisms::no_deal::Pain;
use crate::mechanisms::offering::{NextOffer, Position};
use crate::mechanisms::pressure::Pressure;
use crate::mechanisms::ratification::verdict_due;
use crate::mechanisms::red_lines::RedLines;
use crate::mechanisms::stalling::{Character, pull};
use crate::mechanisms::valuation::{Gains, Part, Regard, Regarding};
use crate::orders::Orders;
use crate::roster::Roster;
use crate::scenario::{Acceptance, Preferences, Variant};
use crate::seating::Dynamics;
use crate::table::{Narration, PerTable, Rules, Tables};

/// What a delegation thinks of the text on the table. -- state.
#[derive(Component, Clone, Debug, PartialEq)]
pub struct Opinion {
    /// The text it is about.
    pub text: Option<Package>,
    /// What it would gain. [gain]
    pub gain: f64,
    /// What talking on is worth to its capital, ω-weighted. [gain]
    pub pull: f64,
    /// What stands in the way.
    pub objection: Objection,
    /// The texts seen in this round, and when.
    pub seen: Vec<(u32, Package)>,
}

impl Default for Opinion {
    fn default() -> Self {
        Self { text: None, gain: 0.0, pull: 0.0, objection: Objection::None, seen: Vec::new() }
    }
}

pub(crate) fn install(schedule: &mut Schedule) {
    schedule.add_systems(weigh.in_set(crate::turn::Phase::Weigh));
}

pub(crate) fn install_deciding(schedule: &mut Schedule) {
    schedule.add_systems(decide.in_set(crate::turn::Phase::Answer));
}

pub(crate) fn install_accepting(schedule: &mut Schedule) {
    schedule.add_systems(accept.in_set(crate::turn::Phase::Accept));
}

/// What R1 compares.
#[derive(Clone, Copy, Debug)]
struct Weighed {
    gain: f64,
    pull: f64,
    aspiration: f64,
    next_offer: Option<f64>,
    is_late: bool,
    best_of_window: f64,
    is_own_stand: bool,
}

impl Weighed {
    /// R1, the convention.
    fn passes(&self, convention: Acceptance) -> bool {
        let bar = |bar: f64| self.gain >= bar - TOLERANCE;
        let next = bar(self.next_offer.unwrap_or(self.aspiration));
        match convention {
            Acceptance::Threshold => bar(self.aspiration),
            Acceptance::NextOffer => next,
            Acceptance::NextOfferOrLate => {
                next || self.is_own_stand || (self.is_late && bar(self.best_of_window))
            }
        }
    }
}

/// R2.
fn objection(
    crosses_red_line: bool,
    outside_mandate: bool,
    weighed: &Weighed,
    convention: Acceptance,
) -> Objection {
    if crosses_red_line {
        Objection::RedLine
    } else if weighed.gain < -TOLERANCE {
        Objection::Loss
    } else if outside_mandate {
        Objection::Mandate
    } else if weighed.gain < weighed.pull - TOLERANCE {
        Objection::Stalling
    } else if weighed.passes(convention) {
        Objection::None
    } else {
        Objection::Aspiration
    }
}

fn weigh(
    (tables, roster, rules): (Res<Tables>, Res<Roster>, Res<Rules>),
    (clocks, texts, dynamics): (
        Res<PerTable<Clock>>,
        Res<PerTable<TextOnTable>>,
        Res<PerTable<Dynamics>>,
    ),
    capitals: Query<(&Gains, &RedLines, &Character, &Pain, &Pressure, &Instructing)>,
    delegations: Query<(&mut Opinion, &Aspiration, &NextOffer, &Mandate)>,
    (regarding, positions): (Regarding, Query<&Position>),
    mut narration: ResMut<Narration>,
) {
    let capitals = roster.seated(capitals);
    let mut delegations = roster.seated(delegations);
    let positions = roster.seated(positions);
    for (at, table) in tables.here() {
        let (clock, on_table) = (&clocks[at], &texts[at]);
        if on_table.is_closed() || clock.left.is_some() {
            continue;
        }
        for p in tables.movers(at) {
            let (gains, lines, character, pain, pressure, instructing) = capitals.get(at, p);
            let (opinion, aspiration, next, mandate) = delegations.get_mut(at, p);
            if clock.just_opened {
                *opinion = Opinion::default();
            }
            let Some(text) = on_table.text.filter(|_| on_table.by != Author::Party(p)) else {
                (opinion.text, opinion.objection) = (None, Objection::None);
                continue;
            };
            let gain = gains.0.of(&text);
            let is_new = opinion.text != Some(text);
            let since = window_start(table.turn, dynamics[at].window_days, rules.0.turn_days);
            if is_new {
                opinion.seen.push((table.turn, text));
            }
            let is_late = clock.elapsed >= dynamics[at].late_from;
            let convention = rules.0.protocol.acceptance;
            // What was seen is worth what it would gain now: pain and fear have moved since.
            let looks_back = is_late && convention == Acceptance::NextOfferOrLate;
            let seen = opinion.seen.iter().filter(|(turn, _)| looks_back && *turn >= since);
            let window = seen.map(|(_, seen)| gains.0.of(seen));
            let weight = instructing.stalling_weight;
            let pull = pull(character, weight, clock.elapsed, pain.total(), pressure.0);
            let weighed = Weighed {
                gain,
                pull,
                aspiration: aspiration.target,
                next_offer: next.package.map(|_| next.gain),
                is_late,
                best_of_window: window.fold(0.0, f64::max),
                is_own_stand: positions.get(at, p).stand == Some(text),
            };
            let (crosses, outside) = (!lines.0.contains(&text), !mandate.0.contains(&text));
            let objects = objection(crosses, outside, &weighed, convention);
            let changed = objects != opinion.objection;
            (opinion.text, opinion.gain) = (Some(text), gain);
            (opinion.pull, opinion.objection) = (pull, objects);
            if is_new || changed {
                debug!(
                    party = %tables.named(&p), gain, pull, aspiration = aspiration.target,
                    objection = ?objects, "text weighed",
                );
            }
            if (is_new || changed) && narration.is_on(at) {
                let event =
                    explained(&regarding.seated(), at, p, text, (&weighed, objects), mandate);
                narration.note(at, table, || event);
            }
        }
    }
}

/// The first turn of the window.
fn window_start(turn: u32, window_days: f64, turn_days: f64) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 36,500")]
    let turns = (window_days / turn_days).round() as u32;
    turn.saturating_sub(turns)
}

/// What a side thought of a text, part by part.
fn explained(
    regard: &Regard,
    at: usize,
    party: PartyIx,
    text: Package,
    (weighed, objection): (&Weighed, Objection),
    mandate: &Mandate,
) -> Event {
    let circumstances = regard.circumstances(at, party);
    let space = &circumstances.scenario.space;
    let linked = crate::mechanisms::valuation::linked_issues(circumstances.scenario);
    let mut worth = demarche_domain::worth::Worth::zero(space, &linked);
    let mut by_issue = |part| {
        circumstances.assess(part, &mut worth);
        // What an issue adds: with it as in the text, against it as it is in force.
        let without = |k| text.with(k, circumstances.in_force.rung(k));
        space.issues().map(|k| worth.of(&text) - worth.of(&without(k))).collect::<Vec<f64>>()
    };
    Event::TextWeighed {
        party,
        text,
        gain: weighed.gain,
        aspiration: weighed.aspiration,
        by_issue: by_issue(Part::Stakes),
        if_kept: by_issue(Part::IfKept),
        audience: by_issue(Part::Audience),
        relief: by_issue(Part::Relief),
        outside: mandate.0.breaches(text).filter(|k| k.ix() < space.n_issues()).collect(),
        objection,
    }
}

fn decide(
    (tables, roster, rules): (Res<Tables>, Res<Roster>, Res<Rules>),
    (clocks, texts): (Res<PerTable<Clock>>, Res<PerTable<TextOnTable>>),
    gains: Query<&Gains>,
    delegations: Query<(&Opinion, &NextOffer, &Mandate)>,
    mut orders: ResMut<PerTable<Orders>>,
) {
    let gains = roster.seated(gains);
    let delegations = roster.seated(delegations);
    for (at, _) in tables.here() {
        let on_table = &texts[at];
        if on_table.is_closed() || on_table.is_initialled() || clocks[at].left.is_some() {
            continue;
        }
        for p in tables.movers(at) {
            let seat = Seat::Delegation(p);
            if !orders[at].are_the_policys(seat) || orders[at].are_on(seat, Matter::Table) {
                continue;
            }
            let (opinion, next, mandate) = delegations.get(at, p);
            let direct = rules.0.protocol.variant != Variant::MediatedSingleText;
            if opinion.text.is_some() && opinion.objection == Objection::None {
                if !on_table.accepted[p.ix()] && !on_table.is_refused_by[p.ix()] {
                    orders[at].give(seat, Decision::Accept {});
                }
                continue;
            }
            let gains = &gains.get(at, p).0;
            if let Some(package) = next.package.filter(|_| direct || next.is_closer) {
                orders[at].give(seat, Decision::Propose { package });
            } else if opinion.text.is_some()
                && let Some(issue) = agreeable(on_table, p, next, mandate, gains)
            {
                orders[at].give(seat, Decision::AcceptIssue { issue });
            }
        }
    }
}

/// R3: the first issue of the text that the delegation can accept by itself.
fn agreeable(
    on_table: &TextOnTable,
    party: PartyIx,
    next: &NextOffer,
    mandate: &Mandate,
    gains: &demarche_domain::worth::Worth,
) -> Option<IssueIx> {
    let (text, own) = (on_table.text?, next.package?);
    let mut open = IssueIx::first(gains.n_issues()).filter(|k| {
        let is_changed = on_table.agenda.floor.rung(*k) != text.rung(*k);
        is_changed && on_table.issues[party.ix()] & (1 << k.0) == 0
    });
    open.find(|&k| {
        let better = gains.of(&own.with(k, text.rung(k))) >= gains.of(&own) - TOLERANCE;
        mandate.0.admits(k, text.rung(k)) && (text.rung(k) == own.rung(k) || better)
    })
}

fn accept(
    (tables, roster, rules): (Res<Tables>, Res<Roster>, Res<Rules>),
    (delegations, capitals): (Query<&Authority>, Query<&Instructing>),
    orders: Res<PerTable<Orders>>,
    mut texts: ResMut<PerTable<TextOnTable>>,
    mut narration: ResMut<Narration>,
) {
    let delegations = roster.seated(delegations);
    let capitals = roster.seated(capitals);
    for (at, table) in tables.here() {
        let on_table = &mut texts[at];
        let Some(text) = on_table.text.filter(|_| !on_table.is_closed()) else { continue };
        for party in tables.movers(at) {
            if orders[at].contain(Seat::Delegation(party), &Decision::Accept {}) {
                let authority = delegations.get(at, party);
                on_table.accepted[party.ix()] = true;
                on_table.confirmed[party.ix()] = authority.may_sign;
                let may_sign = authority.may_sign;
                debug!(party = %tables.named(&party), may_sign, "text accepted");
                narration.note(at, table, || Event::TextAccepted { party });
            }
        }
        let by_tables = matches!(rules.0.parties[0].preferences, Preferences::Tables { .. });
        if is_agreed(on_table, roster.parties(), by_tables) && !on_table.is_initialled() {
            let instructing = |p| capitals.get(at, p);
            let due = verdict_due(&rules.0, table, instructing);
            on_table.verdict_due = Some(due);
            debug!(text = %tables.named(&text), due, "text initialled");
            narration.note(at, table, || Event::TextInitialled { text });
        }
    }
}

/// R4: whether all accept the text with leave to, and it is more than what is in force. Where
/// packages are valued by tables no rung is a status quo, and every package can be agreed.
fn is_agreed(
    on_table: &TextOnTable,
    mut parties: impl Iterator<Item = PartyIx>,
    by_tables: bool,
) -> bool {
    let is_something = by_tables || on_table.text != Some(on_table.agenda.floor);
    is_something && parties.all(|p| on_table.accepted[p.ix()] && on_table.confirmed[p.ix()])
}

#[cfg(test)]
mod tests {
    use super::*;

    const WEIGHED: Weighed = Weighed {
        gain: 0.3,
        pull: 0.0,
        aspiration: 0.4,
        next_offer: Some(0.35),
        is_late: false,
        best_of_window: 0.3,
        is_own_stand: false,
    };

    #[test]
    fn r1_the_three_conventions() {
        assert!(!WEIGHED.passes(Acceptance::Threshold));
        assert!(Weighed { gain: 0.4, ..WEIGHED }.passes(Acceptance::Threshold));
        assert!(!Weighed { gain: 0.36, ..WEIGHED }.passes(Acceptance::Threshold));
        assert!(!WEIGHED.passes(Acceptance::NextOffer));
        assert!(Weighed { gain: 0.36, ..WEIGHED }.passes(Acceptance::NextOffer));
        assert!(!WEIGHED.passes(Acceptance::NextOfferOrLate));
        assert!(Weighed { is_late: true, ..WEIGHED }.passes(Acceptance::NextOfferOrLate));
        assert!(Weighed { is_own_stand: true, ..WEIGHED }.passes(Acceptance::NextOfferOrLate));
    }

    #[test]
    fn r2_what_cannot_move_is_named_first() {
        let named = |red, outside, weighed: Weighed| {
            objection(red, outside, &weighed, Acceptance::Threshold)
        };
        assert_eq!(named(true, true, WEIGHED), Objection::RedLine);
        assert_eq!(named(false, true, Weighed { gain: -0.1, ..WEIGHED }), Objection::Loss);
        assert_eq!(named(false, true, WEIGHED), Objection::Mandate);
        assert_eq!(named(false, false, Weighed { pull: 0.5, ..WEIGHED }), Objection::Stalling);
        assert_eq!(named(false, false, WEIGHED), Objection::Aspiration);
        assert_eq!(named(false, false, Weighed { gain: 0.5, ..WEIGHED }), Objection::None);
    }

    #[test]
    fn r3_only_issues_where_the_text_is_as_good_as_ones_own() {
        use demarche_domain::package::PackageSpace;
        use demarche_domain::region::Region;
        let space = PackageSpace::new(&[3, 3]).unwrap();
        let mut gains = demarche_domain::worth::Worth::zero(&space, &[]);
        gains.solo_mut(IssueIx(0)).copy_from_slice(&[0.0, 0.1, 0.2]);
        gains.solo_mut(IssueIx(1)).copy_from_slice(&[0.0, -0.1, -0.2]);
        let mut on_table = TextOnTable::closed(Package::STATUS_QUO);
        on_table.agenda = Region::all(&space);
        on_table.text = Some(Package::new(&[1, 2]));
        let next = NextOffer { package: Some(Package::new(&[2, 1])), ..NextOffer::default() };
        let mandate = Mandate(Region::all(&space));
        assert_eq!(agreeable(&on_table, PartyIx(0), &next, &mandate, &gains), None);
        let next = NextOffer { package: Some(Package::new(&[2, 2])), ..next };
        on_table.text = Some(Package::new(&[1, 1]));
        let found = agreeable(&on_table, PartyIx(0), &next, &mandate, &gains);
        assert_eq!(found, Some(IssueIx(1)), "less of a cost than its own offer");
        let mut narrow = mandate;
        narrow.0.ceiling = Package::new(&[2, 0]);
        assert_eq!(agreeable(&on_table, PartyIx(0), &next, &narrow, &gains), None);
        on_table.text = Some(Package::new(&[1, 0]));
        let unchanged = agreeable(&on_table, PartyIx(0), &next, &mandate, &gains);
        assert_eq!(unchanged, None, "the text does not change it");
    }

    #[test]
    fn r4_all_must_accept_and_have_leave_and_something_must_change() {
        let check = |text: &[u8], accepted: &[bool], confirmed: &[bool], expected: [bool; 2]| {
            let mut on_table = crate::testing::text_on_table(Some(text));
            on_table.accepted[..2].copy_from_slice(accepted);
            on_table.confirmed[..2].copy_from_slice(confirmed);
            let found = [false, true].map(|t| is_agreed(&on_table, PartyIx::first(2), t));
            assert_eq!(found, expected, "{text:?} {accepted:?} {confirmed:?}");
        };
        check(&[1, 0], &[true, true], &[true, true], [true, true]);
        check(&[1, 0], &[true, false], &[true, true], [false, false]);
        check(&[1, 0], &[true, true], &[true, false], [false, false]);
        check(&[0, 0], &[true, true], &[true, true], [false, true]);
    }
}
