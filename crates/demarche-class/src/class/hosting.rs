//! What the host does: begin, pause, end, extend, inject, undo, and hand seats over.

use demarche_record::legible::{self, Words};
use demarche_record::seat::Seat;
use demarche_seat::chairs;
use tracing::warn;

use super::{Class, NOTICE, Phase, Refused, not_kept};
use crate::deed::{self, Hearers, HostDeed};
use crate::table::Table;
use crate::talk;

/// The most turns that a round is made longer by at once.
const MOST_TURNS: u32 = 100;
/// The longest step. [s]
const LONGEST_STEP: u32 = 3600;
/// Who does what the host does: no person has this number.
const HOST: i64 = 0;

/// The key under which is kept that a table is to be played out.
pub(super) fn played_out(at: usize) -> String {
    format!("played-out {}", at + 1)
}

/// The key under which is kept with how many inputs a table came to rest before a pause.
pub(super) fn rested(at: usize) -> String {
    format!("rested {}", at + 1)
}

impl Class {
    /// The host does something, once for each word.
    ///
    /// # Errors
    /// With the reason, when it is not done.
    pub fn host(&mut self, word: &str, deed: HostDeed) -> Result<String, Refused> {
        if let Ok(Some(answer)) = self.store.answer(HOST, word) {
            return Ok(answer);
        }
        match self.phase {
            Phase::Lobby if deed.is_of_talks() => {
                return Err("The talks have not begun.".to_owned());
            }
            Phase::Debrief if deed.is_of_talks() || deed == HostDeed::GoOn => {
                return Err("The talks are over, for good: all briefs are open.".to_owned());
            }
            _ => {}
        }
        if let HostDeed::NewPin { person } = deed {
            // A PIN is told once, and not kept as it is.
            return self.new_pin(person);
        }
        let answer = self.done_by_host(deed)?;
        if let Err(cause) = self.store.set_answer(HOST, word, &answer) {
            warn!(%cause, "an answer is not kept");
        }
        Ok(answer)
    }

    fn done_by_host(&mut self, deed: HostDeed) -> Result<String, Refused> {
        let n_tables = self.tables.len();
        let known = |at: usize| (at < n_tables).then_some(at).ok_or(deed::UNREADABLE.to_owned());
        let said = match deed {
            HostDeed::GoOn => return self.go_on(),
            HostDeed::Pause => {
                self.enter(Phase::Paused)?;
                "Paused."
            }
            HostDeed::Debrief => {
                self.enter(Phase::Debrief)?;
                "The talks are over; everything is open to all."
            }
            HostDeed::Notice { to, text } => {
                to.table().map(known).transpose()?;
                self.notice(to, &text)?
            }
            HostDeed::Announce { at, words } => return self.announce(at.map(known), &words),
            HostDeed::Pace(seconds) => {
                let pace = seconds.min(LONGEST_STEP);
                self.keep("pace", &pace.to_string())?;
                self.pace = pace;
                self.left.fill(pace);
                "The pace is set."
            }
            HostDeed::Extend { at, by_turns } => {
                let by_turns = by_turns.clamp(1, MOST_TURNS);
                self.change(known(at)?, None, |table| table.extend(by_turns))?;
                "The round goes on longer."
            }
            HostDeed::Inject { at, shock } => {
                self.change(known(at)?, None, |table| table.inject(shock))?;
                "It happens as the next turn begins."
            }
            HostDeed::Undo { at } => return self.undo(known(at)?),
            HostDeed::Hand { at, seat, to_people } => {
                self.give(known(at)?, seat, to_people)?;
                if to_people { "Its people play it." } else { "The computer plays it." }
            }
            HostDeed::Skip { at } => {
                self.skip(known(at)?)?;
                "Time has passed there."
            }
            HostDeed::Projector { texts } => {
                self.keep("projector", if texts { "texts" } else { "" })?;
                self.shows_texts = texts;
                if texts { "Texts are on the projector." } else { "The projector shows no texts." }
            }
            HostDeed::PlayOut { at } => {
                self.play_out(known(at)?)?;
                "The computer has played it out."
            }
            of_people => self.done_for_people(of_people)?,
        };
        self.version += 1;
        Ok(said.to_owned())
    }

    /// What the host does about people, rather than about talks.
    fn done_for_people(&mut self, deed: HostDeed) -> Result<&'static str, Refused> {
        Ok(match deed {
            HostDeed::Doors { open } => {
                self.keep("closed", if open { "" } else { "yes" })?;
                self.is_closed = !open;
                if open { "Others can join." } else { "Nobody else can join." }
            }
            HostDeed::Seat { person, at, seat } => {
                self.person(person).ok_or_else(|| deed::UNREADABLE.to_owned())?;
                self.free(person)?;
                self.sit(person, at, seat)?;
                "They have the seat."
            }
            HostDeed::Free { person } => {
                self.free(person)?;
                "They may take a seat of another side."
            }
            HostDeed::Remove { person } => {
                self.remove(person)?;
                "They have left the class."
            }
            _ => return Err(deed::UNREADABLE.to_owned()),
        })
    }

    /// Says something to some, in place of what was said to them before; an empty text takes that
    /// back.
    fn notice(&mut self, to: Hearers, text: &str) -> Result<&'static str, Refused> {
        let text = legible::seen(text);
        let text: String = text.trim().chars().take(talk::LONGEST).collect();
        self.keep(&format!("{NOTICE}{}", to.key(self.scenario())), &text)?;
        if text.is_empty() {
            self.notices.remove(&to);
            return Ok("It is taken back.");
        }
        self.notices.insert(to, text);
        Ok("They see it.")
    }

    /// Tells news at one table, or at every one that is not over.
    fn announce(
        &mut self,
        at: Option<Result<usize, Refused>>,
        words: &Words,
    ) -> Result<String, Refused> {
        let is_open = |at: &usize| !self.tables[*at].is_over();
        let tables: Vec<usize> = match at {
            Some(at) => vec![at?],
            None => (0..self.tables.len()).filter(is_open).collect(),
        };
        for at in tables {
            self.change(at, None, |table| table.announce(words.clone()))?;
        }
        self.version += 1;
        Ok("It is told there.".to_owned())
    }

    fn enter(&mut self, phase: Phase) -> Result<(), Refused> {
        if self.phase == Phase::Talks {
            for at in 0..self.tables.len() {
                let n_inputs = self.tables[at].n_inputs().to_string();
                self.keep(&rested(at), &n_inputs)?;
            }
        }
        self.keep("phase", phase.key())?;
        self.phase = phase;
        Ok(())
    }

    fn go_on(&mut self) -> Result<String, Refused> {
        if self.chairs.is_empty() {
            return Err("Nobody has taken a seat yet.".to_owned());
        }
        let begins = self.phase == Phase::Lobby;
        self.enter(Phase::Talks)?;
        if begins {
            self.all_know()?;
            (0..self.tables.len()).try_for_each(|at| self.hand_to_people(at))?;
        }
        self.tables.iter_mut().for_each(Table::play_on);
        self.left.fill(self.pace);
        self.version += 1;
        Ok("The talks are on.".to_owned())
    }

    /// Lets the policy play a table to its end. That this was asked for is kept first: the inputs
    /// alone do not tell a table that was played out from one that all have left.
    pub(super) fn play_out(&mut self, at: usize) -> Result<(), Refused> {
        self.keep(&played_out(at), "yes")?;
        let play_out = |table: &mut Table| {
            table.play_out();
            Ok::<(), demarche_engine::refusal::Refusal>(())
        };
        self.change(at, None, play_out)
    }

    /// Lets time pass at a table until its next round opens, or it is over.
    fn skip(&mut self, at: usize) -> Result<(), Refused> {
        while !self.tables[at].is_over() && !self.tables[at].is_in_round() {
            let asked: Vec<Seat> =
                self.tables[at].questions().iter().map(|question| question.seat).collect();
            if asked.is_empty() {
                break;
            }
            self.change(at, None, |table| {
                asked.into_iter().try_for_each(|seat| table.leave_or_hold(seat))
            })?;
        }
        Ok(())
    }

    /// Hands every seat of a table to whom it belongs: people, or the policy.
    fn hand_to_people(&mut self, at: usize) -> Result<(), Refused> {
        let seats = chairs::of_scenario(self.scenario()).into_iter();
        let seats: Vec<(Seat, bool)> =
            seats.map(|seat| (seat, self.is_for_people(at, seat))).collect();
        self.change(at, None, |table| {
            seats.into_iter().try_for_each(|(seat, to_people)| table.hand(seat, to_people))
        })
    }

    fn undo(&mut self, at: usize) -> Result<String, Refused> {
        let Some((table, n_left)) = self.tables[at].before_last() else {
            return Err("Nobody has decided anything at this table yet.".to_owned());
        };
        let kept = self.store.set_value(&played_out(at), "");
        kept.and_then(|()| self.store.undo_from(at, n_left)).map_err(|cause| not_kept(&cause))?;
        self.tables[at] = table;
        self.tables[at].all_kept();
        self.left[at] = self.pace;
        // Decisions are taken back, and not who plays which seat.
        self.hand_to_people(at)?;
        let text = "The host has taken back what was decided last at this table.";
        self.notice(Hearers::Table(at), text)?;
        self.version += 1;
        Ok("The last decisions are taken back, with what you let in since.".to_owned())
    }
}
