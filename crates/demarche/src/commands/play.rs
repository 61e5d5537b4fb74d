//! `play`: one person takes a chair, or several, in the terminal; the policy plays the rest.

mod menu;

use std::io::Write;

use demarche_engine::questions::Asking;
use demarche_engine::session::Session;
use demarche_engine::table::Status;
use demarche_record::cast::Cast;
use demarche_record::chronicle::Entry;
use demarche_record::decision::{Decision, Input, Question};
use demarche_record::format::{Lineage, RunRecord};
use demarche_record::seat::Seat;
use demarche_record::transcript::{Dispatch, Front};
use demarche_record::visibility::is_seen;
use demarche_record::wire::Wire;
use serde_json::Value;

use crate::cli::Play;
use crate::commands::replay::DEFAULT_SEED;
use crate::exit::Failure;
use crate::output;
use crate::sources::{Ready, ready};
use menu::{Chosen, Menu};

/// Plays a run with the person at the terminal.
///
/// # Errors
/// When the scenario is invalid, there is no such seat, or the record cannot be written.
pub(crate) fn run(asked: &Play) -> Result<(), Failure> {
    let ready = ready(&asked.case)?;
    let cast = &ready.scenario.cast;
    let mut seats = Vec::new();
    for name in &asked.seat {
        seats.extend(find_seats(name, cast)?);
    }
    let seed = asked.chance.seed.unwrap_or(DEFAULT_SEED);
    let lineage = Lineage { seed, branch: None, over_ranges: asked.chance.over_ranges };
    let mut game = Game::begin(&ready, lineage, seats);
    output::data(&menu::brief(&ready.scenario, &game.seats, &game.session))?;
    let finished = game.play()?;
    let record = game.session.record(0);
    if let Some(path) = &asked.output {
        output::file(path, &record.to_lines(cast), asked.force)?;
        output::talk(&format!("The record is in {}.", path.display()));
    }
    if finished { game.debrief(&record) } else { Ok(()) }
}

/// The seats that a name on the command line stands for: one, or a whole party.
fn find_seats(name: &str, cast: &Cast) -> Result<Vec<Seat>, Failure> {
    let value = Value::from(name);
    let party = |name: &str| demarche_domain::index::PartyIx::from_wire(&Value::from(name), cast);
    if let Ok(p) = party(name) {
        let n = cast.parties[p.ix()].constituencies.len();
        let own = demarche_domain::index::ConstituencyIx::first(n);
        let own = own.map(|c| Seat::Constituency(p, c));
        return Ok([Seat::Capital(p), Seat::Delegation(p)].into_iter().chain(own).collect());
    }
    if let Ok(m) = demarche_domain::index::MediatorIx::from_wire(&value, cast) {
        return Ok(vec![Seat::Mediator(m)]);
    }
    Seat::from_wire(&value, cast).map(|seat| vec![seat]).map_err(|_| {
        let parties = cast.parties.iter().map(|p| p.named.key.as_str());
        let all: Vec<&str> = parties.chain(cast.mediators.iter().map(|m| m.key.as_str())).collect();
        Failure::Usage(format!(
            "there is no seat `{name}`; take a whole side ({}), or one seat, as in \
             `delegation:{}`",
            all.join(", "),
            all.first().unwrap_or(&"")
        ))
    })
}

/// A run with somebody at the terminal.
struct Game<'a> {
    ready: &'a Ready,
    lineage: Lineage,
    seats: Vec<Seat>,
    session: Session,
    dispatch: Dispatch<'a>,
    n_told: usize,
    lines: std::io::Lines<std::io::StdinLock<'static>>,
}

impl<'a> Game<'a> {
    fn begin(ready: &'a Ready, lineage: Lineage, seats: Vec<Seat>) -> Self {
        let session = Session::new(ready.scenario.clone(), 1);
        let dispatch = Dispatch::new(&ready.scenario.cast, output::width());
        let lines = std::io::stdin().lines();
        let mut game = Self { ready, lineage, seats, session, dispatch, n_told: 0, lines };
        let taken = game.seats.iter().copied().map(Input::taken).collect();
        game.session.seat(0, lineage, taken, true);
        game
    }

    /// Plays until the run ends. Returns whether it did: the person may stop before.
    fn play(&mut self) -> Result<bool, Failure> {
        while self.session.status(0) != Status::Ended {
            if self.session.status(0) == Status::Awaiting {
                self.tell()?;
                if !self.answer()? {
                    return Ok(false);
                }
                continue;
            }
            let advanced = self.session.advance();
            advanced.map_err(|refused| crate::commands::replay::refusal(&refused, &self.ready))?;
        }
        self.tell()?;
        Ok(true)
    }

    /// Tells what has happened that the person would know of.
    fn tell(&mut self) -> Result<(), Failure> {
        let entries = &self.session.chronicle(0).entries;
        let news = entries[self.n_told.min(entries.len())..].iter();
        let news: Vec<Entry> =
            news.filter(|entry| is_seen(&entry.event, &self.seats)).cloned().collect();
        self.n_told = entries.len();
        output::data(&self.dispatch.turn(&news))
    }

    /// Puts one question. Returns whether to go on.
    fn answer(&mut self) -> Result<bool, Failure> {
        let question = self.session.questions(0)[0].clone();
        let menu = Menu::new(&self.ready.scenario, &question, &Asking::at(self.session.world(), 0));
        output::data(&menu.show(self.session.turn(0)))?;
        loop {
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
                output::talk(&format!("  {refusal}."));
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
        self.dispatch = Dispatch::new(&self.ready.scenario.cast, output::width());
        self.n_told = 0;
        output::data("\n--- back to before your last decision ---\n\n")
    }

    fn read(&mut self, prompt: &str) -> Result<Option<String>, Failure> {
        output::data(prompt)?;
        std::io::stdout().flush().ok();
        match self.lines.next() {
            None => Ok(None),
            Some(Ok(line)) => Ok(Some(line)),
            Some(Err(cause)) => Err(Failure::File(format!("stdin cannot be read: {cause}"))),
        }
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
    let place = |input: &Input| match input {
        Input::Decided { turn, stage, mover, .. } | Input::Left { turn, stage, mover, .. } => {
            Some((*turn, *stage, *mover))
        }
        _ => None,
    };
    let last = inputs.iter().rev().find_map(place)?;
    inputs.iter().position(|input| place(input) == Some(last))
}
