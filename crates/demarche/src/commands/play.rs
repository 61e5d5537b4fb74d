//! `play`: one person takes a chair, or several, in the terminal; the policy plays the rest.

mod menu;
mod page;
mod seats;

use std::collections::BTreeMap;
use std::io::Write;

use demarche_engine::questions::Asking;
use demarche_engine::session::Session;
use demarche_engine::table::Status;
use demarche_record::chronicle::Entry;
use demarche_record::decision::{Decision, Input, Question, held_after};
use demarche_record::event::Event;
use demarche_record::format::{Lineage, RunRecord};
use demarche_record::seat::Seat;
use demarche_record::transcript::{Dispatch, Front};
use demarche_seat::{brief, chairs};
use tracing::info;

use crate::cli::Play;
use crate::commands::replay::{DEFAULT_SEED, refusal};
use crate::destination::Destination;
use crate::exit::Failure;
use crate::interrupt::{self, Keepsake};
use crate::output;
use crate::sources::{self, Ready, ready};
use menu::{Chosen, Menu};

/// Plays a run with the person at the terminal.
///
/// # Errors
/// When the scenario is invalid, there is no such seat, or the record cannot be written.
pub(crate) fn run(asked: &Play) -> Result<(), Failure> {
    if sources::takes_stdin(&asked.case, None) {
        let why = "the standard input is for the person who plays; name a file";
        return Err(Failure::Usage(why.to_owned()));
    }
    let destination = asked.output.as_deref().map(|path| Destination::claim(path, asked.force));
    let destination = destination.transpose()?;
    if matches!(destination, Some(Destination::Stdout)) {
        let why = "the standard output is for the person who plays; name a file";
        return Err(Failure::Usage(why.to_owned()));
    }
    let ready = ready(&asked.case)?;
    let seats = seats::taken(&asked.seat, &ready)?;
    info!(n_seats = seats.len(), "game begun");
    let mut game = Game::begin(&ready, lineage(asked, &ready)?, seats, destination);
    output::data(&game.brief())?;
    let played = game.play();
    interrupt::keep(None);
    let record = game.session.record(0);
    // Whatever ended the game, what was played is kept.
    if let Some(keepsake) = game.keepsake() {
        keepsake.write(matches!(played, Ok(true)))?;
    }
    let is_over = played?;
    info!(is_over, n_inputs = record.inputs.len(), n_events = game.n_told, "game left");
    if is_over { game.debrief(&record) } else { Ok(()) }
}

/// Where the draws come from: from where a record had them, or as the command line says.
fn lineage(asked: &Play, ready: &Ready) -> Result<Lineage, Failure> {
    let chance = &asked.chance;
    let Some(record) = &ready.recorded else {
        let seed = chance.seed.unwrap_or(DEFAULT_SEED);
        return Ok(Lineage { seed, branch: None, over_ranges: chance.over_ranges(seed) });
    };
    let is_end = |entry: &Entry| matches!(entry.event, Event::RunEnded { .. });
    let named = asked.case.scenario.as_deref().unwrap_or_default();
    if record.chronicle.entries.iter().any(is_end) {
        let hint = format!("`demarche replay {}` tells it", demarche_record::shell::quoted(named));
        return Err(Failure::Usage(format!("the run in {named} is over; {hint}")));
    }
    if chance.seed.is_some() || chance.over_ranges.is_some() {
        let hint = "leave --seed and --over-ranges out, or replay it with them";
        return Err(Failure::Usage(format!(
            "the run in {named} goes on with its own seed; {hint}"
        )));
    }
    Ok(record.lineage)
}

/// A run with somebody at the terminal.
struct Game<'a> {
    ready: &'a Ready,
    lineage: Lineage,
    seats: Vec<Seat>,
    destination: Option<Destination>,
    session: Session,
    dispatch: Dispatch<'a>,
    n_told: usize,
    /// What a mediator has heard, as it was last told.
    heard: BTreeMap<Seat, String>,
    lines: std::io::Lines<std::io::StdinLock<'static>>,
}

impl<'a> Game<'a> {
    fn begin(
        ready: &'a Ready,
        lineage: Lineage,
        seats: Vec<Seat>,
        destination: Option<Destination>,
    ) -> Self {
        let mut session = Session::new(ready.scenario.clone(), 1);
        // A record's inputs are its past.
        let past = match &ready.recorded {
            Some(_) => ready.inputs.clone(),
            None => seats.iter().copied().map(Input::taken).collect(),
        };
        session.seat(0, lineage, past, true);
        let dispatch = Dispatch::read_by(&ready.scenario.cast, output::width(), &seats);
        let (lines, heard) = (std::io::stdin().lines(), BTreeMap::new());
        Self { ready, lineage, seats, destination, session, dispatch, n_told: 0, heard, lines }
    }

    /// Plays until the run ends. Returns whether it did: the person may stop before.
    fn play(&mut self) -> Result<bool, Failure> {
        while self.session.status(0) != Status::Ended {
            if self.session.status(0) == Status::Awaiting {
                if self.change_hands() {
                    continue;
                }
                self.tell()?;
                if !self.answer()? {
                    return Ok(false);
                }
                continue;
            }
            let advanced = self.session.advance();
            advanced.map_err(|refused| refusal(&refused, self.ready))?;
        }
        self.tell()?;
        Ok(true)
    }

    /// Where a record's past is over, hands seats over that now are others' than they were then.
    /// Returns whether there were any.
    fn change_hands(&mut self) -> bool {
        if self.session.still_planned(0).is_some() {
            return false;
        }
        let held = held_after(self.session.inputs(0));
        let left = held.iter().filter(|seat| !self.seats.contains(seat));
        let taken = self.seats.iter().filter(|seat| !held.contains(seat));
        let changes = left.map(|seat| (*seat, false)).chain(taken.map(|seat| (*seat, true)));
        let changes: Vec<(Seat, bool)> = changes.collect();
        for (seat, outside) in &changes {
            let handed = self.session.hand(0, *seat, *outside);
            handed.expect("a seat that was found in the scenario is at its table");
        }
        !changes.is_empty()
    }

    /// Tells what has happened that the person would know of.
    fn tell(&mut self) -> Result<(), Failure> {
        let entries = &self.session.chronicle(0).entries;
        let news = self.dispatch.turn(&entries[self.n_told.min(entries.len())..]);
        self.n_told = entries.len();
        output::data(&news)
    }

    fn brief(&self) -> String {
        let asking = Asking::at(self.session.world(), 0);
        page::brief(&self.ready.scenario, &self.seats, &asking, self.lineage.seed)
    }

    /// Puts one question. Returns whether to go on.
    fn answer(&mut self) -> Result<bool, Failure> {
        let question = self.session.questions(0)[0].clone();
        let scenario = &self.ready.scenario;
        let view = Asking::at(self.session.world(), 0).view(question.seat);
        let menu = Menu::new(scenario, &question, &view);
        let heard = page::of(&brief::heard(scenario, &view));
        if self.heard.get(&question.seat) != Some(&heard) {
            output::data(&heard)?;
            self.heard.insert(question.seat, heard.clone());
        }
        output::data(&menu.show(self.session.turn(0)))?;
        loop {
            interrupt::keep(self.keepsake());
            let Some(line) = self.read("> ")? else { return Ok(false) };
            match menu.read(&line) {
                Chosen::Decision(decision) => {
                    if self.decide(&question, decision)? {
                        return Ok(true);
                    }
                }
                Chosen::Policy => match self.session.leave_to_policy(0, question.seat) {
                    Ok(()) => return Ok(true),
                    Err(_) => output::talk("  You have decided already; Enter to go on."),
                },
                Chosen::Undo => {
                    self.undo()?;
                    return Ok(true);
                }
                Chosen::Brief => output::data(&format!("{}{heard}", self.brief()))?,
                Chosen::Quit => return Ok(false),
                Chosen::Help(text) => output::talk(&text),
            }
        }
    }

    /// Gives a decision, then holds unless there may be more to decide. Returns whether the seat is
    /// done.
    fn decide(&mut self, question: &Question, decision: Decision) -> Result<bool, Failure> {
        let is_hold = matches!(decision, Decision::Hold { .. });
        match self.session.decide(0, question.seat, decision) {
            Ok(()) if is_hold => Ok(true),
            Ok(()) => {
                output::talk("  Noted. Anything else? A number, or Enter to go on.");
                Ok(false)
            }
            Err(refusal) => {
                let why = refusal.words(&self.ready.scenario.cast);
                output::talk(&format!("  {why}."));
                Ok(false)
            }
        }
    }

    /// Goes back to before the last decision: the same run, with that decision left out.
    fn undo(&mut self) -> Result<(), Failure> {
        let mut inputs = self.session.inputs(0).to_vec();
        let Some(last) = last_decision(&inputs) else {
            output::talk("  There is nothing to undo.");
            return Ok(());
        };
        inputs.truncate(last);
        self.session.seat(0, self.lineage, inputs, true);
        let cast = &self.ready.scenario.cast;
        self.dispatch = Dispatch::read_by(cast, output::width(), &self.seats);
        self.n_told = 0;
        self.heard.clear();
        output::data("\n--- back to before your last decision ---\n\n")
    }

    fn read(&mut self, prompt: &str) -> Result<Option<String>, Failure> {
        output::data(prompt)?;
        std::io::stdout().flush().ok();
        match self.lines.next() {
            None => {
                output::data("\n")?;
                Ok(None)
            }
            Some(Ok(line)) => Ok(Some(line)),
            // A line that is no text is no choice; the next may be.
            Some(Err(cause)) if cause.kind() == std::io::ErrorKind::InvalidData => {
                Ok(Some(char::REPLACEMENT_CHARACTER.to_string()))
            }
            Some(Err(cause)) => Err(Failure::File(format!("stdin cannot be read: {cause}"))),
        }
    }

    /// What is to be kept of the run, where a file was named for it.
    fn keepsake(&self) -> Option<Keepsake> {
        let destination = self.destination.clone()?;
        let (record, scenario) = (self.session.record(0), self.ready.scenario.clone());
        let name = |seat: &Seat| format!(" --seat {}", chairs::name(*seat, &scenario.cast));
        let seats = self.seats.iter().map(name).collect();
        Some(Keepsake { record, scenario, destination, seats })
    }

    /// What nobody could tell before it was over.
    fn debrief(&self, record: &RunRecord) -> Result<(), Failure> {
        let cast = &self.ready.scenario.cast;
        let mut ending = Dispatch::new(cast, output::width());
        ending.turn(&record.chronicle.entries);
        output::data(&ending.ending(&Front::from(record)))
    }
}

/// The place of the first input of the last part of a turn in which something was decided.
fn last_decision(inputs: &[Input]) -> Option<usize> {
    let is_decision = |input: &&Input| matches!(input, Input::Decided { .. } | Input::Left { .. });
    let last = inputs.iter().rev().find(is_decision)?.moment();
    inputs.iter().position(|input| is_decision(&input) && input.moment() == last)
}
