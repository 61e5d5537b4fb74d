//! The class: who sits where, what they may do, and what happens when they do it.
//!
//! Whatever changes a table is kept in the store before it is acknowledged; where that fails, the
//! table is as it was.

mod hosting;

use std::collections::BTreeMap;
use std::sync::Arc;

use demarche_engine::scenario::Scenario;
use demarche_record::decision::Decision;
use demarche_record::seat::Seat;
use demarche_scenario::NumberUse;
use demarche_seat::chairs;
use tracing::{info, warn};

use crate::deed::{self, Deed};
use crate::people::{self, Person};
use crate::store::{Foundation, KeptInput, Store, StoreError};
use crate::study::{self, Matter};
use crate::table::{NotThisRun, Table};
use crate::talk::{self, Channel, Message};

/// Wrong PINs before a name has to wait.
const MOST_WRONG: u32 = 5;
/// How long it waits then. [s]
const WAIT: u32 = 60;

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

/// Why something was not done, in words for who asked for it.
pub type Refused = String;

/// Why a class cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    /// Its file does not serve.
    #[error(transparent)]
    Store(#[from] StoreError),
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

/// What somebody gets who joined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined {
    /// Their number.
    pub person: i64,
    /// What their browser shows from now on.
    pub token: String,
    /// What they come back with on another device; only told to who is new.
    pub pin: Option<String>,
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
    notice: String,
    /// How many pages each person has open.
    present: BTreeMap<i64, u32>,
    /// Seconds left of the step of each table.
    left: Vec<u32>,
    /// Wrong PINs for each name, and seconds until the next is read.
    wrong: BTreeMap<String, (u32, u32)>,
    version: u64,
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
        let mut tables = Vec::new();
        for at in 0..foundation.n_tables {
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
        let notice = kept("notice")?;
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
            notice,
            present: BTreeMap::new(),
            wrong: BTreeMap::new(),
            version: 0,
            study: Study::NotBegun,
        };
        if class.phase == Phase::Talks {
            class.tables.iter_mut().for_each(Table::play_on);
        }
        Ok(class)
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

    /// Where somebody sits.
    #[must_use]
    pub fn chair(&self, person: i64) -> Option<(usize, Seat)> {
        self.chairs.get(&person).copied()
    }

    /// Who sits in a seat.
    pub fn seated(&self, at: usize, seat: Seat) -> impl Iterator<Item = &Person> {
        self.people.iter().filter(move |person| self.chair(person.id) == Some((at, seat)))
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

    /// What the host last said to all.
    #[must_use]
    pub fn notice(&self) -> &str {
        &self.notice
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

    /// Grows with everything that changes a page.
    #[must_use]
    pub const fn version(&self) -> u64 {
        self.version
    }

    /// What a seat has heard at its table, in order; everything once the talks are over.
    pub fn heard(&self, at: usize, seat: Seat) -> impl Iterator<Item = &Message> {
        let channels = talk::channels(self.scenario(), seat);
        let keys: Vec<String> = channels.into_iter().map(Channel::key).collect();
        let is_open = self.phase == Phase::Debrief;
        self.messages
            .iter()
            .filter(move |message| message.at == at)
            .filter(move |message| is_open || keys.contains(&message.channel))
    }

    /// All messages of a table.
    pub fn messages(&self, at: usize) -> impl Iterator<Item = &Message> {
        self.messages.iter().filter(move |message| message.at == at)
    }

    /// Somebody new joins.
    ///
    /// # Errors
    /// When the code or the name will not do, or nothing can be kept.
    pub fn join(&mut self, code: &str, name: &str) -> Result<Joined, Refused> {
        if !people::same(&code.trim().to_uppercase(), &self.foundation.code) {
            return Err("That is not the code of this class; it stands on the board.".to_owned());
        }
        let name = people::name(name)?;
        if self.people.iter().any(|person| person.name == name) {
            let why =
                "is here already. Are you back? Come in with your PIN; else take another name.";
            return Err(format!("{name} {why}"));
        }
        if self.people.len() >= people::MOST_PEOPLE {
            return Err("This class is full.".to_owned());
        }
        let (token, pin) = (people::token(), people::pin());
        let pin_digest = people::digest(&self.foundation.code, &pin);
        let kept = self.store.add_person(&name, &pin_digest).and_then(|person| {
            self.store.add_token(person, &people::digest("token", &token)).map(|()| person)
        });
        let person = kept.map_err(|cause| not_kept(&cause))?;
        info!(person, "joined");
        self.people.push(Person { id: person, name, pin: pin_digest });
        self.version += 1;
        Ok(Joined { person, token, pin: Some(pin) })
    }

    /// Somebody comes back on another device.
    ///
    /// # Errors
    /// When there is nobody of that name with that PIN, or too many PINs were wrong.
    pub fn come_back(&mut self, name: &str, pin: &str) -> Result<Joined, Refused> {
        let name = people::name(name)?;
        let (wrong, wait) = self.wrong.get(&name).copied().unwrap_or_default();
        if wait > 0 {
            return Err(format!("Too many wrong PINs; try again in {wait} seconds."));
        }
        let digest = people::digest(&self.foundation.code, pin.trim());
        let known = self.people.iter().find(|person| person.name == name);
        let Some(person) = known.filter(|person| people::same(&person.pin, &digest)) else {
            let wrong = wrong + 1;
            let wait = if wrong.is_multiple_of(MOST_WRONG) { WAIT } else { 0 };
            if self.wrong.len() < people::MOST_PEOPLE || self.wrong.contains_key(&name) {
                self.wrong.insert(name, (wrong, wait));
            }
            return Err("There is nobody of that name with that PIN.".to_owned());
        };
        let (person, token) = (person.id, people::token());
        let kept = self.store.add_token(person, &people::digest("token", &token));
        kept.map_err(|cause| not_kept(&cause))?;
        self.wrong.remove(&name);
        Ok(Joined { person, token, pin: None })
    }

    /// Whose token it is.
    #[must_use]
    pub fn who(&self, token: &str) -> Option<i64> {
        self.store.owner(&people::digest("token", token)).ok().flatten()
    }

    /// Gives the host another token, and takes the old one back.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub fn new_host(&mut self) -> Result<String, Broken> {
        let token = people::token();
        self.foundation.host = people::digest("host", &token);
        self.store.set_value("host", &self.foundation.host)?;
        Ok(token)
    }

    /// Forgets who took part: names, PINs and messages. What was decided stays, and replays.
    ///
    /// # Errors
    /// When the file cannot be written; then nothing is forgotten.
    pub fn forget(mut self) -> Result<usize, Broken> {
        self.store.forget()?;
        Ok(self.people.len())
    }

    /// Whether it is the host's token.
    #[must_use]
    pub fn is_host(&self, token: &str) -> bool {
        people::same(&people::digest("host", token), &self.foundation.host)
    }

    /// A page of somebody's was opened, or closed.
    pub fn presence(&mut self, person: i64, is_here: bool) {
        let n_pages = self.present.entry(person).or_default();
        *n_pages = if is_here { *n_pages + 1 } else { n_pages.saturating_sub(1) };
        self.version += 1;
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
        let answer = self.done(person, deed)?;
        // What was done is kept already; this only spares it being done again.
        if let Err(cause) = self.store.set_answer(person, word, &answer) {
            warn!(person, %cause, "an answer is not kept");
        }
        self.version += 1;
        Ok(answer)
    }

    fn done(&mut self, person: i64, deed: Deed) -> Result<String, Refused> {
        match deed {
            Deed::Sit { at, seat } => self.sit(person, at, seat),
            Deed::Stand => self.stand(person),
            Deed::Say { channel, text } => self.say(person, &channel, &text),
            Deed::Decide(decision) => {
                let (at, seat) = self.at_the_table(person)?;
                let is_hold = matches!(decision, Decision::Hold { .. });
                self.change(at, Some(person), |table| table.decide(seat, decision))?;
                Ok(if is_hold { "Noted." } else { "Noted. Anything else?" }.to_owned())
            }
            Deed::Leave => {
                let (at, seat) = self.at_the_table(person)?;
                self.change(at, Some(person), |table| table.leave_to_policy(seat))?;
                Ok("The policy decides for you, this once.".to_owned())
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

    /// Changes a table, keeps the change, and plays on. Nothing has changed where that fails.
    fn change<E: Into<Why>>(
        &mut self,
        at: usize,
        person: Option<i64>,
        change: impl FnOnce(&mut Table) -> Result<(), E>,
    ) -> Result<(), Refused> {
        let table = &mut self.tables[at];
        let before = table.questions().len();
        if let Err(refusal) = change(table) {
            let Why(refusal) = refusal.into();
            return Err(format!("{}.", refusal.words(&table.scenario().cast)));
        }
        if let Err(cause) = self.store.add_inputs(at, &table.unkept(), person) {
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
        self.version += 1;
        Ok(())
    }

    fn sit(&mut self, person: i64, at: usize, seat: Seat) -> Result<String, Refused> {
        if at >= self.tables.len() {
            return Err(deed::UNREADABLE.to_owned());
        }
        if self.phase == Phase::Debrief {
            return Err("The talks are over.".to_owned());
        }
        self.leave_chair(person)?;
        let name = chairs::name(seat, &self.scenario().cast);
        self.store.seat(person, at, &name).map_err(|cause| not_kept(&cause))?;
        self.chairs.insert(person, (at, seat));
        if self.phase != Phase::Lobby {
            self.change(at, Some(person), |table| table.hand(seat, true))?;
        }
        Ok("You have taken the seat.".to_owned())
    }

    fn stand(&mut self, person: i64) -> Result<String, Refused> {
        self.leave_chair(person)?;
        self.store.unseat(person).map_err(|cause| not_kept(&cause))?;
        Ok("You have left your seat.".to_owned())
    }

    /// The policy takes over where the last one leaves.
    fn leave_chair(&mut self, person: i64) -> Result<(), Refused> {
        let Some((at, seat)) = self.chair(person) else { return Ok(()) };
        let is_last = self.seated(at, seat).count() == 1;
        if is_last && matches!(self.phase, Phase::Talks | Phase::Paused) {
            self.change(at, Some(person), |table| table.hand(seat, false))?;
        }
        self.chairs.remove(&person);
        Ok(())
    }

    fn say(&mut self, person: i64, channel: &str, text: &str) -> Result<String, Refused> {
        let (at, seat) = self.chair(person).ok_or_else(|| "Take a seat first.".to_owned())?;
        let mut channels = talk::channels(self.scenario(), seat).into_iter();
        if !channels.any(|known| known.key() == channel) {
            return Err(deed::UNREADABLE.to_owned());
        }
        let text = text.trim();
        match text.chars().count() {
            0 => return Err("Write something first.".to_owned()),
            1..=talk::LONGEST => {}
            _ => return Err(format!("A message has {} characters at most.", talk::LONGEST)),
        }
        let message = Message {
            at,
            channel: channel.to_owned(),
            person,
            seat: chairs::name(seat, &self.scenario().cast),
            turn: self.tables[at].turn(),
            text: text.to_owned(),
        };
        self.store.add_message(&message).map_err(|cause| not_kept(&cause))?;
        self.messages.push(message);
        Ok("Sent.".to_owned())
    }

    /// A second has gone by. A step that is over does not wait for anybody: who has a page open
    /// holds, the policy decides for who has not. Drafts stay where they are.
    pub fn tick(&mut self) {
        self.wrong.values_mut().for_each(|(_, wait)| *wait = wait.saturating_sub(1));
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
                if table.question(seat).is_none() {
                    return Ok(());
                }
                match is_here {
                    true => table.decide(seat, hold),
                    false => table.leave_to_policy(seat).or_else(|_| table.decide(seat, hold)),
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
