//! The class: who sits where, what they may do, and what happens when they do it.
//!
//! Whatever changes a table is kept in the store before it is acknowledged; where that fails, the
//! table is as it was.

mod hosting;
mod joining;
mod seating;
mod talking;

pub use joining::Joined;
pub use seating::Side;

use joining::WrongPins;
use talking::Breath;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use demarche_engine::scenario::Scenario;
use demarche_record::decision::Decision;
use demarche_record::seat::Seat;
use demarche_scenario::{Kit, NumberUse, kit_of};
use tracing::warn;

use crate::deed::{self, Deed, Hearers};
use crate::people::Person;
use crate::store::{By, Foundation, KeptInput, Store, StoreError};
use crate::study::{self, Matter};
use crate::table::{NotThisRun, Table};
use crate::talk::Message;

/// How far a class has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// People come and take their seats.
    Lobby,
    /// The talks are on.
    Talks,
    /// The talks are stopped for a while.
    Paused,
    /// The talks are over, and everything is open to all.
    Debrief,
}

impl Phase {
    const ALL: [(Self, &'static str); 4] = [
        (Self::Lobby, "lobby"),
        (Self::Talks, "talks"),
        (Self::Paused, "paused"),
        (Self::Debrief, "debrief"),
    ];

    const fn key(self) -> &'static str {
        Self::ALL[self as usize].1
    }
}

/// What begins the keys under which is kept what the host said, and to whom.
const NOTICE: &str = "notice ";

/// Why something was not done, in words for who asked for it.
pub type Refused = String;

/// Why a class cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    /// Its file does not serve.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What was begun before cannot be ended.
    #[error("{0}")]
    Kept(Refused),
    /// A table of it cannot be laid.
    #[error("table {at}: {cause}", at = .at + 1)]
    Table {
        /// Which.
        at: usize,
        /// Why.
        cause: NotThisRun,
    },
}

impl From<rusqlite::Error> for Broken {
    fn from(cause: rusqlite::Error) -> Self {
        Self::Store(cause.into())
    }
}

/// A class that is open.
pub struct Class {
    store: Store,
    foundation: Foundation,
    numbers: Arc<Vec<NumberUse>>,
    tables: Vec<Table>,
    people: Vec<Person>,
    chairs: BTreeMap<i64, (usize, Seat)>,
    messages: Vec<Message>,
    phase: Phase,
    pace: u32,
    /// What the host last said, and to whom.
    notices: BTreeMap<Hearers, String>,
    kit: Option<Kit>,
    /// The side whose brief somebody has read.
    sides: BTreeMap<i64, Side>,
    /// Seats that the host has given to the policy.
    given: BTreeSet<(usize, Seat)>,
    /// Whether nobody else can join.
    is_closed: bool,
    /// Whether the projector shows texts and offers.
    shows_texts: bool,
    breath: Breath,
    /// How many pages each person has open.
    present: BTreeMap<i64, u32>,
    /// Seconds left of the step of each table.
    left: Vec<u32>,
    wrong: WrongPins,
    /// Grows with what may change any page.
    version: u64,
    /// Grows with what changes only pages of one table.
    versions: Vec<u64>,
    study: Study,
}

/// How far the study for the debrief has come.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Study {
    /// Nobody has begun it.
    NotBegun,
    /// It is being worked on.
    UnderWay,
    /// It is there.
    Done(Arc<study::Study>),
}

impl Class {
    /// Opens a class from its file.
    ///
    /// # Errors
    /// When the file cannot be read, or what is in it fits no run of the scenario.
    pub fn open(
        store: Store,
        foundation: Foundation,
        scenario: &Arc<Scenario>,
        numbers: Vec<NumberUse>,
    ) -> Result<Self, Broken> {
        let (mut tables, n_tables) = (Vec::new(), foundation.n_tables);
        for at in 0..n_tables {
            let lines = store.inputs(at)?;
            let laid = Table::of_lines(scenario, foundation.lineage(), &lines);
            tables.push(laid.map_err(|cause| Broken::Table { at, cause })?);
        }
        let (people, messages) = (store.people()?, store.messages()?);
        let seated = store.chairs()?.into_iter();
        let seated = seated.filter(|(_, at, _)| *at < tables.len());
        let chairs = seated
            .filter_map(|(person, at, name)| Some((person, (at, deed::seat(&name, scenario)?))))
            .collect();
        let kept = |key: &str| store.value(key).map(Option::unwrap_or_default);
        let phase = kept("phase")?;
        let phase = Phase::ALL.into_iter().find(|(_, key)| *key == phase);
        let pace = kept("pace")?.parse().unwrap_or(0);
        let notices = store.values(NOTICE)?.into_iter();
        let notices =
            notices.filter_map(|(to, text)| Some((Hearers::of(&to, scenario)?, text))).collect();
        let sides = store.values(seating::SIDE)?.into_iter();
        let sides =
            sides.filter_map(|(id, side)| Some((id.parse().ok()?, Side::by_key(&side)?))).collect();
        let given = store.values(seating::GIVEN)?.into_iter();
        let given = given
            .filter(|(_, kept)| !kept.is_empty())
            .filter_map(|(key, _)| match Hearers::of(&key, scenario)? {
                Hearers::Seat(at, seat) => Some((at, seat)),
                _ => None,
            })
            .collect();
        let is_closed = !kept("closed")?.is_empty();
        let shows_texts = !kept("projector")?.is_empty();
        let mut class = Self {
            left: vec![pace; tables.len()],
            store,
            foundation,
            numbers: Arc::new(numbers),
            tables,
            people,
            chairs,
            messages,
            phase: phase.map_or(Phase::Lobby, |(phase, _)| phase),
            pace,
            notices,
            kit: kit_of(&scenario.cast.issue_keys()),
            sides,
            given,
            is_closed,
            shows_texts,
            breath: Breath::default(),
            present: BTreeMap::new(),
            wrong: WrongPins::default(),
            version: 0,
            versions: vec![0; n_tables],
            study: Study::NotBegun,
        };
        class.play_on_as_before()?;
        for at in 0..n_tables {
            let is_played_out = class.store.value(&hosting::played_out(at))?;
            if is_played_out.is_some_and(|kept| !kept.is_empty()) {
                class.play_out(at).map_err(Broken::Kept)?;
            }
        }
        Ok(class)
    }

    /// Plays tables on to where they stood. After a pause one has only been played on where nothing
    /// has entered since.
    fn play_on_as_before(&mut self) -> Result<(), Broken> {
        for at in 0..self.tables.len() {
            let rested = self.store.value(&hosting::rested(at))?;
            let has_rested = rested.and_then(|kept| kept.parse().ok());
            let plays = match self.phase {
                Phase::Lobby => false,
                Phase::Talks => true,
                Phase::Paused | Phase::Debrief => has_rested == Some(self.tables[at].n_inputs()),
            };
            if plays {
                self.tables[at].play_on();
            }
        }
        Ok(())
    }

    /// The scenario.
    ///
    /// # Panics
    /// Never: a class has a table.
    #[must_use]
    pub fn scenario(&self) -> &Arc<Scenario> {
        self.tables[0].scenario()
    }

    /// What it is made of.
    #[must_use]
    pub const fn foundation(&self) -> &Foundation {
        &self.foundation
    }

    /// Its tables.
    #[must_use]
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }

    /// Everybody who joined.
    #[must_use]
    pub fn people(&self) -> &[Person] {
        &self.people
    }

    /// Somebody by their number.
    #[must_use]
    pub fn person(&self, id: i64) -> Option<&Person> {
        self.people.iter().find(|person| person.id == id)
    }

    /// Whether somebody has a page open.
    #[must_use]
    pub fn is_present(&self, person: i64) -> bool {
        self.present.get(&person).is_some_and(|n_pages| *n_pages > 0)
    }

    /// How far it has come.
    #[must_use]
    pub const fn phase(&self) -> Phase {
        self.phase
    }

    /// How long a step may take. [s, 0: as long as it takes]
    #[must_use]
    pub const fn pace(&self) -> u32 {
        self.pace
    }

    /// Seconds left of the step of a table; nothing where it takes as long as it takes.
    #[must_use]
    pub fn seconds_left(&self, at: usize) -> Option<u32> {
        let counts = self.pace > 0 && self.phase == Phase::Talks;
        (counts && !self.tables[at].questions().is_empty()).then(|| self.left[at])
    }

    /// What the host last said to somebody who sits there, or nowhere.
    pub fn notices(&self, chair: Option<(usize, Seat)>) -> impl Iterator<Item = (Hearers, &str)> {
        let said = self.notices.iter().map(|(to, text)| (*to, text.as_str()));
        said.filter(move |(to, _)| to.has(chair))
    }

    /// What the host last said, and to whom.
    pub fn all_notices(&self) -> impl Iterator<Item = (Hearers, &str)> {
        self.notices.iter().map(|(to, text)| (*to, text.as_str()))
    }

    /// Whether the projector shows texts and offers.
    #[must_use]
    pub const fn shows_texts(&self) -> bool {
        self.shows_texts
    }

    /// What the class is given beside the scenario, if there is something.
    #[must_use]
    pub const fn kit(&self) -> Option<&Kit> {
        self.kit.as_ref()
    }

    /// What is to be studied for the debrief, once the talks are over; it is given out once.
    pub fn to_study(&mut self) -> Option<Matter> {
        if self.phase != Phase::Debrief || self.study != Study::NotBegun {
            return None;
        }
        self.study = Study::UnderWay;
        let record = |table: &Table| table.is_over().then(|| table.record());
        Some(Matter {
            scenario: self.scenario().clone(),
            numbers: self.numbers.clone(),
            lineage: self.foundation.lineage(),
            records: self.tables.iter().map(record).collect(),
        })
    }

    /// Takes what was studied.
    pub fn studied(&mut self, study: study::Study) {
        self.study = Study::Done(Arc::new(study));
        self.version += 1;
    }

    /// What was studied, where it is there.
    #[must_use]
    pub fn study(&self) -> Option<&study::Study> {
        match &self.study {
            Study::Done(study) => Some(study),
            _ => None,
        }
    }

    /// All inputs, also those that were taken back.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn all_inputs(&self) -> Result<Vec<KeptInput>, Broken> {
        Ok(self.store.all_inputs()?)
    }

    /// What is another whenever the pages of a table are, or where none is named any page.
    #[must_use]
    pub fn stamp(&self, at: Option<usize>) -> (u64, u64, Option<u32>) {
        match at {
            Some(at) => (self.version, self.versions[at], self.seconds_left(at)),
            None => {
                let left = (0..self.tables.len()).filter_map(|at| self.seconds_left(at));
                (
                    self.version,
                    self.versions.iter().sum(),
                    left.reduce(|one, other| one.wrapping_mul(31).wrapping_add(other)),
                )
            }
        }
    }

    /// Somebody does something. A deed is known by a word of the sender's: said twice, it is done
    /// once, and answered alike.
    ///
    /// # Errors
    /// With the reason, when it is not done.
    pub fn act(&mut self, person: i64, word: &str, deed: Deed) -> Result<String, Refused> {
        if let Ok(Some(answer)) = self.store.answer(person, word) {
            return Ok(answer);
        }
        let (answer, is_kept) = self.done(person, word, deed)?;
        // What was done is kept already; this only spares it being done again.
        if !is_kept && let Err(cause) = self.store.set_answer(person, word, answer) {
            warn!(person, %cause, "an answer is not kept");
        }
        Ok(answer.to_owned())
    }

    /// The answer, and whether it is kept already with what was done.
    fn done(
        &mut self,
        person: i64,
        word: &str,
        deed: Deed,
    ) -> Result<(&'static str, bool), Refused> {
        match deed {
            Deed::Sit { at, seat } => {
                self.sit(person, at, seat)?;
                Ok(("You have taken the seat.", false))
            }
            Deed::Read => {
                self.read(person)?;
                Ok(("Here it is.", false))
            }
            Deed::Stand => {
                self.stand(person)?;
                Ok(("You have left your seat.", false))
            }
            Deed::Say { channel, text } => {
                self.say(person, &channel, &text)?;
                Ok(("Sent.", false))
            }
            Deed::Answer { question, choice } => {
                Ok((self.check(person, &question, choice)?, false))
            }
            Deed::Decide(decision) => {
                let (at, seat) = self.at_the_table(person)?;
                let answer = "Noted.";
                let by = By { person, word, answer };
                self.change(at, Some(by), |table| table.decide(seat, decision))?;
                Ok((answer, true))
            }
            Deed::Leave => {
                let (at, seat) = self.at_the_table(person)?;
                if self.tables[at].question(seat).is_none() {
                    return Err("Nothing is asked of you now.".to_owned());
                }
                let answer = "The computer decides for you, this once.";
                let by = By { person, word, answer };
                self.change(at, Some(by), |table| table.leave_to_policy(seat))?;
                Ok((answer, true))
            }
        }
    }

    /// Where somebody sits who wants to decide something.
    fn at_the_table(&self, person: i64) -> Result<(usize, Seat), Refused> {
        match self.phase {
            Phase::Talks => self.chair(person).ok_or_else(|| "Take a seat first.".to_owned()),
            Phase::Lobby => Err("The talks have not begun.".to_owned()),
            Phase::Paused => Err("The talks are paused; your draft is kept.".to_owned()),
            Phase::Debrief => Err("The talks are over.".to_owned()),
        }
    }

    /// Keeps something under a key of the file.
    fn keep(&self, key: &str, value: &str) -> Result<(), Refused> {
        self.store.set_value(key, value).map_err(|cause| not_kept(&cause))
    }

    /// Changes a table, keeps the change, and plays on. Nothing has changed where that fails.
    fn change<E: Into<Why>>(
        &mut self,
        at: usize,
        by: Option<By<'_>>,
        change: impl FnOnce(&mut Table) -> Result<(), E>,
    ) -> Result<(), Refused> {
        let table = &mut self.tables[at];
        let before = table.questions().len();
        if let Err(refusal) = change(table) {
            let Why(refusal) = refusal.into();
            return Err(format!("{}.", refusal.words(&table.scenario().cast)));
        }
        if let Err(cause) = self.store.add_inputs(at, &table.unkept(), by) {
            *table = table.as_kept();
            return Err(not_kept(&cause));
        }
        table.all_kept();
        if self.phase == Phase::Talks {
            table.play_on();
        }
        if table.questions().len() != before || table.questions().is_empty() {
            self.left[at] = self.pace;
        }
        self.versions[at] += 1;
        Ok(())
    }

    /// A second has gone by. A step that is over does not wait for anybody: who has a page open
    /// holds, the policy decides for who has not. Drafts stay where they are.
    pub fn tick(&mut self) {
        self.wrong.tick();
        self.breath.tick();
        if self.phase != Phase::Talks || self.pace == 0 {
            return;
        }
        for at in 0..self.tables.len() {
            if self.tables[at].questions().is_empty() {
                continue;
            }
            self.left[at] = self.left[at].saturating_sub(1);
            if self.left[at] == 0 {
                self.left[at] = self.pace;
                if let Err(cause) = self.time_is_up(at) {
                    warn!(table = at + 1, cause, "a step that is over stays open");
                }
            }
        }
    }

    fn time_is_up(&mut self, at: usize) -> Result<(), Refused> {
        let asked: Vec<Seat> =
            self.tables[at].questions().iter().map(|question| question.seat).collect();
        for seat in asked {
            let is_here = self.seated(at, seat).any(|person| self.is_present(person.id));
            let hold = Decision::Hold { until_something_changes: false };
            self.change(at, None, |table| {
                // Whom an answer before has made nothing to decide is not asked any more.
                match (table.question(seat), is_here) {
                    (None, _) => Ok(()),
                    (Some(_), true) => table.decide(seat, hold),
                    (Some(_), false) => table.leave_or_hold(seat),
                }
            })?;
        }
        Ok(())
    }
}

/// A refusal of the engine, to be put into words.
struct Why(demarche_engine::refusal::Refusal);

impl From<demarche_engine::refusal::Refusal> for Why {
    fn from(refusal: demarche_engine::refusal::Refusal) -> Self {
        Self(refusal)
    }
}

fn not_kept(cause: &rusqlite::Error) -> Refused {
    warn!(%cause, "nothing is kept");
    format!("This could not be kept, so nothing was done: {cause}. Tell the host.")
}
