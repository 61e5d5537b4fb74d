//! The dispatch: a run told in words, as a correspondent would file it.
//!
//! Dates and hours, who tabled what in the words of the rungs, who asked home and how long it
//! took, attacks, statements; at the end the outcome, what blocked, and what each side would still
//! have taken. It says nothing that is not in the chronicle, and calls every side by the same
//! words. What was hidden from the table is kept for an annex. A dispatch grows turn by turn, so
//! that a run can be followed while it happens.

mod wording;
mod page;
mod ledger;
mod world;
mod talks;
mod weighing;
mod mediation;
mod home;
mod rounds;
mod ending;
mod annex;

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;

use demarche_domain::index::{PartyIx, RoundIx};

use crate::calendar::Calendar;
use crate::cast::Cast;
use crate::chronicle::Entry;
use crate::event::Event;
use crate::format::{Lineage, RunRecord};
use crate::seat::Seat;
use crate::visibility::is_seen;
use ledger::{Ledger, World};
use page::{Draft, Margin};
use talks::Table;

/// What stands above a dispatch: where the run comes from.
#[derive(Clone, Copy, Debug)]
pub struct Front<'a> {
    /// The version of the model.
    pub model: &'a str,
    /// The digest of the scenario.
    pub scenario_digest: &'a str,
    /// Where the draws come from.
    pub lineage: Lineage,
    /// How many inputs entered from outside; without them the seed alone does not bring it back.
    pub n_inputs: usize,
    /// The last turn, if the run is over and it is known.
    pub last_turn: Option<u32>,
    /// The command line that tells the run again, where there is one.
    pub again: Option<&'a str>,
}

impl<'a> From<&'a RunRecord> for Front<'a> {
    fn from(record: &'a RunRecord) -> Self {
        Self {
            model: &record.model,
            scenario_digest: &record.scenario_digest,
            lineage: record.lineage,
            n_inputs: record.inputs.len(),
            last_turn: record.chronicle.entries.last().map(|entry| entry.turn),
            again: None,
        }
    }
}

/// Tells a whole run, or just one of its rounds and how it all ended. Lines are wrapped to the
/// width, or not at all when it is 0; below 24 columns it counts as 24.
#[must_use]
pub fn tell(record: &RunRecord, cast: &Cast, width: usize, only: Option<RoundIx>) -> String {
    tell_below(&Front::from(record), record, cast, width, only)
}

/// The same below a front that may know more than the record does.
#[must_use]
pub fn tell_below(
    front: &Front<'_>,
    record: &RunRecord,
    cast: &Cast,
    width: usize,
    only: Option<RoundIx>,
) -> String {
    let mut dispatch = Dispatch::new(cast, width);
    let mut text = dispatch.heading(front);
    for turn in record.chronicle.entries.chunk_by(|a, b| a.turn == b.turn) {
        let before = dispatch.ledger.sitting();
        let told = dispatch.one_turn(turn);
        let within = |round| before == Some(round) || dispatch.ledger.sits_in(round, turn);
        if only.is_none_or(within) {
            text.push_str(&told);
        } else {
            dispatch.margin.pass_over(turn);
        }
    }
    text + &dispatch.ending(front)
}

/// Tells only what run it was, and how it ended.
#[must_use]
pub fn tell_ending(record: &RunRecord, cast: &Cast, width: usize) -> String {
    let mut dispatch = Dispatch::new(cast, width);
    dispatch.turns(&record.chronicle.entries);
    dispatch.heading(&Front::from(record)) + &dispatch.end_of_the_talks()
}

/// A run being told. It remembers what has been said, so that a new draft is told by what changed.
#[derive(Clone, Debug)]
pub struct Dispatch<'a> {
    cast: &'a Cast,
    /// The seats of those who read it while the run is under way; none once it is over.
    readers: Option<Vec<Seat>>,
    calendar: Calendar,
    margin: Margin,
    table: Table,
    ledger: Ledger,
    draft: Draft,
}

/// An event among the others of its turn, so that what belongs together can be said together.
#[derive(Clone, Copy)]
struct Scene<'e> {
    entries: &'e [Entry],
    at: usize,
}

impl<'e> Scene<'e> {
    fn turn(self) -> u32 {
        self.entries[self.at].turn
    }

    fn events(self) -> impl Iterator<Item = &'e Event> {
        self.entries.iter().map(|entry| &entry.event)
    }

    /// Whether no event before this one in the turn is of that kind.
    fn is_first(self, of_kind: impl Fn(&Event) -> bool) -> bool {
        !self.entries[..self.at].iter().any(|entry| of_kind(&entry.event))
    }

    /// Whether no event after this one in the turn is of that kind.
    fn is_last(self, of_kind: impl Fn(&Event) -> bool) -> bool {
        !self.entries[self.at + 1..].iter().any(|entry| of_kind(&entry.event))
    }

    /// Whether the turn is an even one: the dispatch has two ways to say what recurs.
    fn is_even(self) -> bool {
        self.turn().is_multiple_of(2)
    }
}

impl<'a> Dispatch<'a> {
    /// An empty dispatch. Lines are wrapped to the width, or not at all when it is 0; below 24
    /// columns it counts as 24.
    #[must_use]
    pub fn new(cast: &'a Cast, width: usize) -> Self {
        Self {
            cast,
            readers: None,
            calendar: Calendar::new(cast),
            margin: Margin::new(width),
            table: Table::new(cast),
            ledger: Ledger::default(),
            draft: Draft::default(),
        }
    }

    /// An empty dispatch for somebody who holds these seats: what they would not know is left out,
    /// and so is why others do what all can see.
    #[must_use]
    pub fn read_by(cast: &'a Cast, width: usize, seats: &[Seat]) -> Self {
        Self { readers: Some(seats.to_vec()), ..Self::new(cast, width) }
    }

    /// Tells what happened next: the entries of one turn, or of several in order. Turns in which
    /// nothing is worth telling give no text.
    pub fn turn(&mut self, entries: &[Entry]) -> String {
        let Some(readers) = &self.readers else { return self.turns(entries) };
        let seen = entries.iter().filter(|entry| is_seen(&entry.event, readers));
        let seen: Vec<Entry> = seen.cloned().collect();
        self.turns(&seen)
    }

    fn turns(&mut self, entries: &[Entry]) -> String {
        entries.chunk_by(|a, b| a.turn == b.turn).map(|turn| self.one_turn(turn)).collect()
    }

    /// Whether the readers know why a party does what it does.
    fn is_told_why(&self, party: PartyIx) -> bool {
        let own = |seat: &Seat| seat.party() == Some(party);
        self.readers.as_ref().is_none_or(|seats| seats.iter().any(own))
    }

    fn one_turn(&mut self, entries: &[Entry]) -> String {
        for at in 0..entries.len() {
            self.hear(Scene { entries, at }, &entries[at].event);
        }
        let draft = std::mem::take(&mut self.draft);
        self.margin.print(&self.calendar, &draft, entries)
    }

    #[expect(clippy::too_many_lines, reason = "one arm for every event, so that none is forgotten")]
    fn hear(&mut self, scene: Scene<'_>, event: &Event) {
        match event {
            Event::CapitalDrawn { .. } => self.ledger.capital_drawn(event),
            Event::RoundOpened { round, closes_turn } => {
                self.round_opened(scene, *round, *closes_turn);
            }
            Event::RoundExtended { closes_turn, .. } => self.round_extended(*closes_turn),
            Event::RoundClosed { round, ending, left_by, text } => {
                self.round_closed(scene, *round, (*ending, *left_by), *text);
            }
            Event::RoundSkipped { round } => self.round_skipped(*round),
            Event::ShockStruck { shock, injected } => self.shock_struck(*shock, *injected),
            Event::Announced { words } => self.announced(words),
            Event::AttacksCounted { count, salient, .. } => self.attacks_counted(*count, *salient),
            Event::AttackStruck { group, target, .. } => {
                self.attack_struck(scene, *group, *target);
            }
            Event::StrikeCarriedOut { by, against, in_answer, fighting } => {
                self.strike(scene, (*by, *against), *in_answer, *fighting);
            }
            Event::TruceBegan {} => self.truce_began(),
            Event::TruceLapsed {} => self.truce_lapsed(),
            Event::TruceBroke { .. } => self.truce_broke(),
            Event::CrossingsShut { by } => self.crossings_shut(scene, *by),
            Event::CrossingsOpened { by, flowing } => self.crossings_opened(scene, *by, *flowing),
            Event::GroupCurbed { by, group } => {
                self.ledger.curbing_began(scene.turn(), *by, *group);
            }
            Event::GroupReleased { by, group } => {
                self.ledger.curbing_ended(scene.turn(), *by, *group);
            }
            Event::TrustMoved { .. } => self.trust_moved(scene),
            Event::MomentRipened { .. } => self.moment_ripened(),
            Event::MomentPassed {} => self.moment_passed(),
            Event::TurnRecorded { fighting, open_share, shut_by, trust, .. } => {
                let (fighting, open_share) = (*fighting, *open_share);
                let (shut_by, trust) = (shut_by.clone(), trust.clone());
                self.turn_recorded(scene, World { fighting, open_share, shut_by, trust });
            }
            Event::HomeAsked { party, rung, .. } => self.home_asked(*party, *rung),
            Event::TextReferred { party, .. } => self.text_referred(*party),
            Event::HomeReplied { party, rung, answer, waited_turns, .. } => {
                self.home_replied(scene, *party, (*rung, *answer), *waited_turns);
            }
            Event::MandateChanged { party, floor, ceiling, asked } => {
                self.mandate_changed(scene, *party, (*floor, *ceiling), *asked);
            }
            Event::AcceptanceRevoked { party, .. } => self.acceptance_revoked(scene, *party),
            Event::DelegationRecalled { party } => self.delegation_recalled(*party),
            Event::StatementMade { party, statement, at_close } => {
                self.statement_made(scene, *party, *statement, *at_close);
            }
            Event::MessageCarried { mediator, from, to } => {
                self.message_carried(scene, *mediator, *from, *to);
            }
            Event::CaucusHeld { mediator, .. } => self.caucus_held(scene, *mediator),
            Event::TextTabled { mediator, text } => self.text_tabled(scene, *mediator, *text),
            Event::GuaranteeOffered { mediator } => self.guarantee_offered(*mediator),
            Event::InducementOffered { mediator, party, .. } => {
                self.inducement_offered(*mediator, *party);
            }
            Event::PartyPressed { mediator, .. } => self.party_pressed(scene, *mediator),
            Event::RecessCalled { mediator } => self.recess_called(*mediator),
            Event::BringBackTried { mediator, party, returned } => {
                self.bring_back_tried(*mediator, *party, *returned);
            }
            Event::OfferTabled { party, package, .. } => {
                self.offer_tabled(scene, *party, *package);
            }
            Event::TextWeighed { .. } => self.text_weighed(scene, event),
            Event::TextAccepted { .. } => self.text_accepted(scene, event),
            Event::IssueAccepted { party, .. } => self.issue_accepted(scene, *party),
            Event::IssueBracketed { party, .. } => self.issue_bracketed(scene, *party),
            Event::TalksStalled { party, reopened } => self.talks_stalled(*party, *reopened),
            Event::WalkedOut {
                party,
                from_waiting,
                from_refusals,
                from_stalling,
                from_attacks,
                ..
            } => {
                let shares = [*from_waiting, *from_refusals, *from_stalling, *from_attacks];
                self.walked_out(*party, shares);
            }
            Event::TextInitialled { text } => self.text_initialled(*text),
            Event::ConstituencyHeard { seat, .. } => {
                if let Some(party) = seat.party() {
                    self.constituencies_heard(scene, party);
                }
            }
            Event::RatificationDecided { party, ratified, gain, stalling } => {
                if let Some(text) = self.table.text.filter(|_| !ratified) {
                    self.ledger.unratified.push((*party, text));
                }
                self.ratification_decided(scene, *party, *ratified, (*gain, *stalling));
            }
            Event::AgreementReached { text, .. } => self.agreement_reached(scene, *text),
            Event::RunEnded { .. } => self.ledger.run_ended(scene.turn(), event),
            Event::TruceDurability { lasts_days, holds_30_days, holds_90_days } => {
                self.ledger.durability = Some([*lasts_days, *holds_30_days, *holds_90_days]);
            }
            Event::DecidedOutside { seat } => self.ledger.decided_outside(*seat),
        }
    }
}
