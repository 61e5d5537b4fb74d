//! The ledger: what a dispatch keeps for its end, counted along the way.

use std::collections::BTreeMap;

use demarche_domain::index::{GroupIx, IssueIx, OutcomeIx, PartyIx, RoundIx};
use demarche_domain::package::Package;

use super::Scene;
use crate::chronicle::Entry;
use crate::decision::Statement;
use crate::event::{Ending, Event};
use crate::seat::Seat;

/// What a dispatch keeps for its end.
#[derive(Clone, Debug, Default)]
pub(super) struct Ledger {
    pub(super) rounds: Vec<RoundStory>,
    pub(super) attacks: u32,
    pub(super) in_the_news: u32,
    pub(super) strikes: BTreeMap<PartyIx, u32>,
    pub(super) asked: BTreeMap<PartyIx, Consultations>,
    pub(super) recorded_turns: u32,
    pub(super) shut_turns: u32,
    /// The world at the end of the last turn.
    pub(super) world: Option<World>,
    pub(super) end: Option<RunEnd>,
    /// Days until the truce breaks, chance of 30 days, chance of 90.
    pub(super) durability: Option<[f64; 3]>,
    pub(super) capitals: Vec<Capital>,
    pub(super) curbing: BTreeMap<(PartyIx, GroupIx), Vec<Curbing>>,
    pub(super) outside: BTreeMap<Seat, u32>,
    /// Texts that were not ratified, and by whom.
    pub(super) unratified: Vec<(PartyIx, Package)>,
    /// Whether there has been any fighting so far.
    pub(super) is_fought: bool,
    /// A round closed in this turn, so the state of the world is to be told.
    pub(super) closing: Option<RoundIx>,
}

/// A round, as it is remembered at the end.
#[derive(Clone, Debug)]
pub(super) struct RoundStory {
    pub(super) round: RoundIx,
    pub(super) opened_turn: u32,
    pub(super) close: Option<RoundClose>,
    pub(super) skipped: bool,
    /// Trust when it opened, to be compared with trust when it closed.
    pub(super) trust: Option<Vec<f64>>,
    pub(super) statements: Vec<(PartyIx, Statement)>,
}

impl RoundStory {
    /// Whether it closed without an agreement.
    pub(super) fn has_failed(&self) -> bool {
        self.close.as_ref().is_some_and(|close| close.ending != Ending::Agreement)
    }
}

/// How a round closed.
#[derive(Clone, Debug)]
pub(super) struct RoundClose {
    pub(super) turn: u32,
    pub(super) ending: Ending,
    pub(super) left_by: Option<PartyIx>,
    pub(super) text: Option<Package>,
}

/// The requests of one delegation to its capital.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Consultations {
    pub(super) asked: u32,
    pub(super) extended: u32,
    pub(super) replied: u32,
    pub(super) longest_turns: u32,
}

/// The world as a turn left it.
#[derive(Clone, Debug)]
pub(super) struct World {
    pub(super) fighting: f64,
    pub(super) open_share: f64,
    pub(super) shut_by: Vec<PartyIx>,
    pub(super) trust: Vec<f64>,
}

/// How the run ended.
#[derive(Clone, Debug)]
pub(super) struct RunEnd {
    pub(super) turn: u32,
    pub(super) outcome: OutcomeIx,
    pub(super) in_force: Package,
    pub(super) blocking: (Option<IssueIx>, Option<PartyIx>),
    pub(super) still_acceptable: Vec<Option<Package>>,
}

/// A capital as it was drawn.
#[derive(Clone, Copy, Debug)]
pub(super) struct Capital {
    pub(super) party: PartyIx,
    pub(super) sincere: bool,
    pub(super) capacity: f64,
    /// Whether there is nothing about it to hide.
    pub(super) is_plain: bool,
}

/// A stretch in which a host curbed a group.
#[derive(Clone, Copy, Debug)]
pub(super) struct Curbing {
    pub(super) from_turn: u32,
    pub(super) until_turn: Option<u32>,
}

impl Ledger {
    pub(super) fn capital_drawn(&mut self, event: &Event) {
        if let Event::CapitalDrawn { party, sincere, capacity, stall_value, temper } = *event {
            let is_plain = sincere && capacity >= 1.0 && stall_value == 0.0 && temper == 0.0;
            self.capitals.push(Capital { party, sincere, capacity, is_plain });
        }
    }

    pub(super) fn note_fighting(&mut self, fighting: f64) {
        self.is_fought |= fighting > 0.0;
    }

    /// Whether a seat has been taken from outside so far: then the policy's opinions are not its.
    pub(super) fn is_outside(&self, seat: Seat) -> bool {
        self.outside.contains_key(&seat)
    }

    pub(super) fn curbing_began(&mut self, turn: u32, by: PartyIx, group: GroupIx) {
        let spells = self.curbing.entry((by, group)).or_default();
        if spells.last().is_none_or(|last| last.until_turn.is_some()) {
            spells.push(Curbing { from_turn: turn, until_turn: None });
        }
    }

    pub(super) fn curbing_ended(&mut self, turn: u32, by: PartyIx, group: GroupIx) {
        let last = self.curbing.get_mut(&(by, group)).and_then(|spells| spells.last_mut());
        if let Some(last) = last.filter(|last| last.until_turn.is_none()) {
            last.until_turn = Some(turn);
        }
    }

    pub(super) fn decided_outside(&mut self, seat: Seat) {
        *self.outside.entry(seat).or_default() += 1;
    }

    pub(super) fn round_opened(&mut self, turn: u32, round: RoundIx) {
        let trust = self.world.as_ref().map(|world| world.trust.clone());
        self.rounds.push(RoundStory {
            round,
            opened_turn: turn,
            close: None,
            skipped: false,
            trust,
            statements: Vec::new(),
        });
    }

    pub(super) fn round_skipped(&mut self, round: RoundIx) {
        self.round_opened(0, round);
        if let Some(last) = self.rounds.last_mut() {
            last.skipped = true;
        }
    }

    /// Closes the round that sits; gives back how many turns it sat.
    pub(super) fn round_closed(&mut self, round: RoundIx, close: RoundClose) -> Option<u32> {
        let story = self.rounds.iter_mut().rfind(|story| story.round == round)?;
        let sat_turns = close.turn.saturating_sub(story.opened_turn);
        story.close = Some(close);
        self.closing = Some(round);
        Some(sat_turns)
    }

    pub(super) fn run_ended(&mut self, turn: u32, event: &Event) {
        if let Event::RunEnded {
            outcome,
            in_force,
            blocking_issue,
            blocking_party,
            still_acceptable,
        } = event
        {
            self.end = Some(RunEnd {
                turn,
                outcome: *outcome,
                in_force: *in_force,
                blocking: (*blocking_issue, *blocking_party),
                still_acceptable: still_acceptable.clone(),
            });
        }
    }

    /// The round that is being held, if any.
    pub(super) fn sitting(&self) -> Option<RoundIx> {
        let last = self.rounds.last().filter(|last| last.close.is_none() && !last.skipped);
        last.map(|last| last.round)
    }

    /// Whether a turn just heard belongs to a round: it sits on, or it opened and closed at once.
    pub(super) fn sits_in(&self, round: RoundIx, turn: &[Entry]) -> bool {
        let opened = |entry: &Entry| match entry.event {
            Event::RoundOpened { round: opened, .. } => opened == round,
            _ => false,
        };
        self.sitting() == Some(round) || turn.iter().any(opened)
    }

    /// Whether the last round that was held closed without an agreement.
    pub(super) fn has_failed(&self) -> bool {
        self.last_held().is_some_and(RoundStory::has_failed)
    }

    /// The last round that was held.
    pub(super) fn last_held(&self) -> Option<&RoundStory> {
        self.rounds.iter().rfind(|story| !story.skipped)
    }

    pub(super) fn statement(&mut self, party: PartyIx, statement: Statement) {
        if let Some(story) = self.rounds.iter_mut().rfind(|story| !story.skipped) {
            story.statements.push((party, statement));
        }
    }

    /// Takes note of the world at the end of a turn.
    pub(super) fn record(&mut self, scene: Scene<'_>, world: World) {
        self.recorded_turns += 1;
        self.note_fighting(world.fighting);
        if world.open_share < super::world::SHUT_BELOW {
            self.shut_turns += 1;
        }
        let fresh = scene.events().any(|event| matches!(event, Event::RoundOpened { .. }));
        if let Some(story) = self.rounds.last_mut().filter(|story| fresh && story.trust.is_none()) {
            story.trust = Some(world.trust.clone());
        }
        self.world = Some(world);
    }
}
