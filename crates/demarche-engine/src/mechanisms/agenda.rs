//! Agenda: what is on the table, who has accepted it, and how far the talks have come.
//!
//! # Rules
//! - **R1** A round opens with its own agenda: issues off it stay as they are in force, issues on
//!   it may go up from there, never back. [ours: doha-02, a follow-up builds on what was agreed]
//! - **R2** Issues can be accepted one by one, provisionally; progress is the share of what the
//!   text would change that every delegation accepts. [fisher1978, single text; raiffa1982]
//! - **R3** A new text clears what was accepted of the old one, but for issues whose rung stays.
//!   [fisher1978]
//!
//! # Departures
//! None.
use bevy_ecs::prelude::*;
use demarche_domain::index::{IssueIx, MAX_PARTIES, MediatorIx, PartyIx};
use demarche_domain::package::Package;
use demarche_domain::region::Region;
use demarche_record::event::Event;
use demarche_record::wire::RungOf;
use tracing::{Level, debug, enabled};

use crate::mechanisms::deadline::Clock;
use crate::mechanisms::instructions::{Authority, Mandate, Request};
use crate::mechanisms::offering::Position;
use crate::mechanisms::ratification::InForce;
use crate::mechanisms::reciprocity::Reciprocity;
use crate::roster::Roster;
use crate::scenario::{Scenario, Variant};
use crate::table::{Narration, PerTable, Rules, Tables};

/// Who put the text on the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Author {
    /// A party.
    Party(PartyIx),
    /// A mediator.
    Mediator(MediatorIx),
    /// The scenario, at the opening.
    Opening,
}

impl Author {
    /// The party, if it was one.
    #[must_use]
    pub const fn party(self) -> Option<PartyIx> {
        match self {
            Self::Party(party) => Some(party),
            Self::Mediator(_) | Self::Opening => None,
        }
    }
}

/// What is on the table. -- state.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TextOnTable {
    /// The text or the standing offer.
    pub text: Option<Package>,
    /// Who put it there.
    pub by: Author,
    /// In which turn.
    pub tabled: u32,
    /// Which packages the agenda allows; nothing but what is in force between rounds.
    pub agenda: Region,
    /// Which delegations accept the whole of it.
    pub accepted: [bool; MAX_PARTIES],
    /// Whose acceptance stands without another word from home.
    pub confirmed: [bool; MAX_PARTIES],
    /// The draw by which each capital gave leave to sign it, where it did. [1, [0, 1)]
    pub leave: [Option<f64>; MAX_PARTIES],
    /// Whether each party's home refused the whole of it: leave to sign it, or to ratify it.
    pub is_refused_by: [bool; MAX_PARTIES],
    /// The texts that each home last refused in this round, asked about a part or the whole.
    pub refusals: [Refusals; MAX_PARTIES],
    /// Which issues each delegation accepts, as bits.
    pub issues: [u16; MAX_PARTIES],
    /// Which issues are in brackets, as bits.
    pub bracketed: u16,
    /// Whether somebody at home refused it, so that it should be redrafted.
    pub is_refused: bool,
    /// In which turn home judges it, once all delegations have accepted it.
    pub verdict_due: Option<u32>,
    /// Whether it was ratified, in this turn.
    pub is_ratified: bool,
    /// Share of what the text would change that all accept. [1, [0, 1]]
    pub progress: f64,
}

/// The last few texts that a home refused, the latest first.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Refusals([Option<Package>; 4]);

impl Refusals {
    fn note(&mut self, text: Option<Package>) {
        if self.0[0] != text {
            self.0.rotate_right(1);
            self.0[0] = text;
        }
    }

    /// Those texts.
    pub fn iter(&self) -> impl Iterator<Item = Package> {
        self.0.iter().flatten().copied()
    }
}

impl TextOnTable {
    /// An empty table between rounds.
    #[must_use]
    pub fn closed(in_force: Package) -> Self {
        Self {
            text: None,
            by: Author::Opening,
            tabled: 0,
            agenda: Region { floor: in_force, ceiling: in_force },
            accepted: [false; MAX_PARTIES],
            confirmed: [false; MAX_PARTIES],
            leave: [None; MAX_PARTIES],
            is_refused_by: [false; MAX_PARTIES],
            refusals: [Refusals::default(); MAX_PARTIES],
            issues: [0; MAX_PARTIES],
            bracketed: 0,
            is_refused: false,
            verdict_due: None,
            is_ratified: false,
            progress: 0.0,
        }
    }

    /// Whether no round is under way, so that nothing can be put on the table.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.agenda.floor == self.agenda.ceiling
    }

    /// Puts a text on the table. R3.
    pub(crate) fn table(&mut self, text: Package, by: Author, turn: u32) {
        let changed = self.text.map_or(u16::MAX, |old| old.differences(&text));
        self.accepted = [false; MAX_PARTIES];
        self.confirmed = [false; MAX_PARTIES];
        self.leave = [None; MAX_PARTIES];
        self.is_refused_by = [false; MAX_PARTIES];
        for issues in &mut self.issues {
            *issues &= !changed;
        }
        self.bracketed &= !changed;
        self.is_refused = false;
        self.verdict_due = None;
        (self.text, self.by, self.tabled) = (Some(text), by, turn);
    }

    /// Whether all delegations have accepted it, so that it lies at home.
    #[must_use]
    pub const fn is_initialled(&self) -> bool {
        self.verdict_due.is_some()
    }

    /// Whether home judges it in this turn.
    #[must_use]
    pub fn is_judged(&self, turn: u32) -> bool {
        self.verdict_due.is_some_and(|due| due <= turn)
    }

    /// Takes note that a side refused the text at home, so that it should be redrafted.
    pub(crate) fn refuse(&mut self, party: PartyIx) {
        self.refusals[party.ix()].note(self.text);
        self.is_refused = true;
    }

    /// Forgets that a delegation accepted anything beyond this region.
    pub(crate) fn withdraw(&mut self, party: PartyIx, beyond: &Region) {
        self.accepted[party.ix()] = false;
        self.confirmed[party.ix()] = false;
        self.leave[party.ix()] = None;
        self.issues[party.ix()] &= self.within(beyond);
        self.is_refused = true;
        self.verdict_due = None;
    }

    /// Whether a delegation accepts the whole, or any issue beyond this region.
    #[must_use]
    pub fn has_gone_beyond(&self, party: PartyIx, region: &Region) -> bool {
        self.accepted[party.ix()] || self.issues[party.ix()] & !self.within(region) != 0
    }

    /// The issues on which the text lies within a region, as bits.
    fn within(&self, region: &Region) -> u16 {
        let Some(text) = self.text else { return u16::MAX };
        region.breaches(text).fold(u16::MAX, |bits, k| bits & !(1 << k.0))
    }
}

/// What each side did, since patience was last lost over it, that others take note of. -- state.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moves {
    /// Who played for time.
    pub stalled: [bool; MAX_PARTIES],
    /// Whose home refused what it was asked, or to ratify.
    pub refused: [bool; MAX_PARTIES],
    /// Who took back what was accepted.
    pub reneged: [bool; MAX_PARTIES],
    /// What each gained by the others' moves, as a share of what it hopes for. [1, ≥ 0]
    pub was_given: [f64; MAX_PARTIES],
}

pub(crate) fn install(schedule: &mut Schedule) {
    schedule.add_systems(lay.in_set(crate::turn::Phase::Agenda));
}

pub(crate) fn install_accepting(schedule: &mut Schedule) {
    schedule.add_systems(accept_issues.in_set(crate::turn::Phase::Issues));
}

pub(crate) fn install_progress(schedule: &mut Schedule) {
    schedule.add_systems(measure.in_set(crate::turn::Phase::Issues).after(accept_issues));
}

pub(crate) fn install_clearing(schedule: &mut Schedule) {
    schedule.add_systems(clear.in_set(crate::turn::Phase::Clear));
}

/// R1: which packages a round's agenda allows.
fn agenda(scenario: &Scenario, issues: &[IssueIx], in_force: Package) -> Region {
    let mut region = Region { floor: in_force, ceiling: in_force };
    for &issue in issues {
        region.ceiling.set(issue, scenario.space.top(issue));
    }
    region
}

fn lay(
    (tables, roster, rules): (Res<Tables>, Res<Roster>, Res<Rules>),
    (clocks, in_force): (Res<PerTable<Clock>>, Res<PerTable<InForce>>),
    (mut texts, mut moves): (ResMut<PerTable<TextOnTable>>, ResMut<PerTable<Moves>>),
    delegations: Query<(&mut Mandate, &mut Authority, &mut Request, &mut Reciprocity)>,
    positions: Query<&mut Position>,
) {
    let mut delegations = roster.seated(delegations);
    let mut positions = roster.seated(positions);
    let scenario = &*rules.0;
    for (at, table) in tables.here() {
        let Some(round) = clocks[at].round.filter(|_| clocks[at].just_opened) else { continue };
        let plan = &scenario.rounds[round.ix()];
        let text = &mut texts[at];
        *text = TextOnTable::closed(in_force[at].0);
        moves[at] = Moves::default();
        text.agenda = agenda(scenario, &plan.agenda, in_force[at].0);
        if let Some(opening) = plan.opening_text {
            text.table(text.agenda.clamp(opening), Author::Opening, table.turn);
        }
        let has_text = text.text.is_some();
        debug!(round = %tables.named(&round), n_issues = plan.agenda.len(), has_text, "table laid");
        for p in roster.parties() {
            let (mandate, authority, request, reciprocity) = delegations.get_mut(at, p);
            mandate.0 = plan.mandates[p.ix()];
            let at_once = scenario.protocol.variant == Variant::DelegatesMaySign;
            authority.may_sign = plan.may_sign[p.ix()] || at_once;
            *request = Request::default();
            reciprocity.begin();
            *positions.get_mut(at, p) = Position::default();
        }
    }
}

fn accept_issues(
    (tables, roster, rules): (Res<Tables>, Res<Roster>, Res<Rules>),
    orders: Res<PerTable<crate::orders::Orders>>,
    mut texts: ResMut<PerTable<TextOnTable>>,
    mut narration: ResMut<Narration>,
) {
    use demarche_record::decision::Decision;
    use demarche_record::seat::Seat;
    // Where offers are put in turn, the policy answers one with another, never with a part of it.
    let over_one_text = rules.0.protocol.variant == Variant::MediatedSingleText;
    for (at, table) in tables.here_if(over_one_text) {
        let on_table = &mut texts[at];
        let Some(text) = on_table.text else { continue };
        for party in roster.parties() {
            for decision in orders[at].of(Seat::Delegation(party)) {
                match *decision {
                    Decision::AcceptIssue { issue } => {
                        on_table.issues[party.ix()] |= 1 << issue.0;
                        on_table.bracketed &= !(1 << issue.0);
                        let rung = RungOf { issue, rung: text.rung(issue) };
                        debug!(
                            party = %tables.named(&party), rung = %tables.named(&rung),
                            "issue accepted",
                        );
                        narration.note(at, table, || Event::IssueAccepted { party, rung });
                    }
                    Decision::Bracket { issue } => {
                        on_table.issues[party.ix()] &= !(1 << issue.0);
                        on_table.bracketed |= 1 << issue.0;
                        on_table.is_refused = true;
                        debug!(
                            party = %tables.named(&party), issue = %tables.named(&issue),
                            "issue bracketed",
                        );
                        narration.note(at, table, || Event::IssueBracketed { party, issue });
                    }
                    _ => {}
                }
            }
        }
    }
}

fn measure((tables, roster): (Res<Tables>, Res<Roster>), mut texts: ResMut<PerTable<TextOnTable>>) {
    for (at, _) in tables.here() {
        let on_table = &texts[at];
        let proposed = on_table.text.unwrap_or(on_table.agenda.floor);
        let open = on_table.agenda.floor.differences(&proposed);
        let all = roster.parties().fold(open, |all, p| {
            all & if on_table.accepted[p.ix()] { u16::MAX } else { on_table.issues[p.ix()] }
        });
        let (before, progress) = (texts[at].progress, share(all, open));
        texts[at].progress = progress;
        if enabled!(Level::DEBUG) && progress != before {
            debug!(from = before, to = progress, "progress moved");
        }
    }
}

/// R2.
fn share(accepted: u16, open: u16) -> f64 {
    if open == 0 { 0.0 } else { f64::from(accepted.count_ones()) / f64::from(open.count_ones()) }
}

/// At the end of a turn: forgets the table once its round has closed.
fn clear(
    (tables, roster): (Res<Tables>, Res<Roster>),
    (clocks, in_force): (Res<PerTable<Clock>>, Res<PerTable<InForce>>),
    mut texts: ResMut<PerTable<TextOnTable>>,
    requests: Query<&mut Request>,
) {
    let mut requests = roster.seated(requests);
    for (at, _) in tables.here() {
        if clocks[at].just_closed {
            let last = texts[at].text;
            debug!(has_text = last.is_some(), "table cleared");
            texts[at] = TextOnTable::closed(in_force[at].0);
            texts[at].text = last;
            // What was asked home was about a text that is history.
            for p in roster.parties() {
                *requests.get_mut(at, p) = Request::default();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open_table() -> TextOnTable {
        let mut on_table = TextOnTable::closed(Package::STATUS_QUO);
        on_table.agenda.ceiling = Package::new(&[3, 3, 0]);
        on_table
    }

    #[test]
    fn r1_what_is_off_the_agenda_stays() {
        let scenario = crate::testing::plain_scenario();
        let allowed = agenda(&scenario, &[IssueIx(0)], Package::new(&[1, 1]));
        let allows = |rungs: &[u8]| allowed.contains(&Package::new(rungs));
        assert!(allows(&[1, 1]) && allows(&[2, 1]));
        assert!(!allows(&[2, 2]) && !allows(&[2, 0]), "off the agenda");
        assert!(!allows(&[0, 1]), "never back");
        assert!(!open_table().is_closed());
    }

    #[test]
    fn r2_progress_is_the_share_that_all_accept() {
        assert_eq!(share(0b001, 0b011), 0.5);
        assert_eq!(share(0, 0), 0.0);
    }

    #[test]
    fn r3_a_redraft_keeps_what_it_does_not_touch() {
        let mut on_table = open_table();
        on_table.table(Package::new(&[1, 1, 0]), Author::Mediator(MediatorIx(0)), 3);
        on_table.issues[0] = 0b011;
        on_table.accepted[1] = true;
        on_table.table(Package::new(&[1, 2, 0]), Author::Mediator(MediatorIx(0)), 5);
        assert_eq!((on_table.issues[0], on_table.accepted[1]), (0b001, false));
    }
}
