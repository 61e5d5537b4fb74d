//! One table: a session, played as far as the people at it have decided.

use std::sync::Arc;

use demarche_domain::index::{PartyIx, ShockIx};
use demarche_engine::questions::{Asking, View};
use demarche_engine::refusal::{Refusal, RefusedInput};
use demarche_engine::scenario::Scenario;
use demarche_engine::session::Session;
use demarche_engine::table::Status;
use demarche_record::cast::Cast;
use demarche_record::decision::{Choice, Decision, Input, Matter, Question, held_after};
use demarche_record::event::Event;
use demarche_record::format::{Lineage, RunRecord};
use demarche_record::legible::Words;
use demarche_record::seat::Seat;
use demarche_record::transcript::Dispatch;
use demarche_record::wire::Wire;

/// Why a table cannot be laid from its inputs.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct NotThisRun(pub String);

/// A table of a class.
pub struct Table {
    session: Session,
    lineage: Lineage,
    /// How many of the session's inputs are kept in the store.
    n_kept: usize,
}

impl Table {
    /// Lays a table and plays it as far as these inputs go, to where it was when the last entered.
    ///
    /// # Errors
    /// When an input does not fit the run.
    pub fn laid(
        scenario: &Arc<Scenario>,
        lineage: Lineage,
        mut inputs: Vec<Input>,
    ) -> Result<Self, NotThisRun> {
        let n_inputs = inputs.len();
        let session = Session::new(scenario.clone(), 1);
        let mut table = Self { session, lineage, n_kept: n_inputs };
        let Some(last) = inputs.last().map(Input::moment) else {
            table.session.seat(0, lineage, inputs, true);
            return Ok(table);
        };
        // Those of the last moment entered where the table had come to rest, and so they do again:
        // planned, they would let it go on.
        let n_before =
            inputs.iter().rposition(|input| input.moment() != last).map_or(0, |at| at + 1);
        let at_last = inputs.split_off(n_before);
        table.session.seat(0, lineage, inputs, true);
        while table.session.moment(0) != last {
            if table.is_over() || table.session.status(0) == Status::Awaiting {
                let why = "a decision in the file was not asked for where it stands";
                return Err(NotThisRun(why.to_owned()));
            }
            table.step()?;
        }
        at_last.into_iter().try_for_each(|input| table.enter(input))?;
        Ok(table)
    }

    /// Lets an input in that has entered there before.
    fn enter(&mut self, input: Input) -> Result<(), NotThisRun> {
        let session = &mut self.session;
        let entered = match input.clone() {
            Input::Decided { seat, decision, .. } => session.decide(0, seat, decision),
            Input::Left { seat, .. } => session.leave_to_policy(0, seat),
            Input::Injected { shock, .. } => session.inject(0, shock),
            Input::Extended { by_turns, .. } => session.extend(0, by_turns),
            Input::Announced { words, .. } => session.announce(0, words),
            Input::Handed { seat, outside, .. } => session.hand(0, seat, outside),
        };
        entered.map_err(|refusal| NotThisRun(RefusedInput { refusal, input }.to_string()))
    }

    /// Lays a table from the lines that the store keeps of it.
    ///
    /// # Errors
    /// When a line is no input of this scenario, or does not fit the run.
    pub fn of_lines(
        scenario: &Arc<Scenario>,
        lineage: Lineage,
        lines: &[String],
    ) -> Result<Self, NotThisRun> {
        Self::laid(scenario, lineage, Self::read(lines, &scenario.cast)?)
    }

    /// The inputs as the store keeps them.
    ///
    /// # Errors
    /// When a line is no input of this scenario.
    fn read(lines: &[String], cast: &Cast) -> Result<Vec<Input>, NotThisRun> {
        let read = |line: &String| {
            let value = serde_json::from_str(line);
            let value = value.map_err(|cause| NotThisRun(cause.to_string()))?;
            Input::from_wire(&value, cast).map_err(|cause| NotThisRun(cause.to_string()))
        };
        lines.iter().map(read).collect()
    }

    fn step(&mut self) -> Result<(), NotThisRun> {
        self.session.advance().map_err(|refused| NotThisRun(refused.to_string()))
    }

    /// Plays on to where somebody is asked, or to the end. A table at which nobody sits stays as
    /// it is: nobody would see what the policy does there.
    ///
    /// # Panics
    /// Never: nothing is planned any more.
    pub fn play_on(&mut self) {
        while self.session.status(0) == Status::Running && !self.held().is_empty() {
            self.step().expect("no input is planned");
        }
    }

    /// Lets the policy play the rest.
    ///
    /// # Panics
    /// Never: nothing is planned any more.
    pub fn play_out(&mut self) {
        for seat in self.held() {
            self.session.hand(0, seat, false).expect("it is held, so there is such a seat");
        }
        while !self.is_over() {
            self.step().expect("no input is planned");
        }
    }

    /// The scenario.
    #[must_use]
    pub fn scenario(&self) -> &Arc<Scenario> {
        self.session.scenario()
    }

    /// Whether the run has ended.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.session.status(0) == Status::Ended
    }

    /// The turn.
    #[must_use]
    pub fn turn(&self) -> u32 {
        self.session.turn(0)
    }

    /// What is asked now.
    #[must_use]
    pub fn questions(&self) -> &[Question] {
        self.session.questions(0)
    }

    /// What is asked of a seat now.
    #[must_use]
    pub fn question(&self, seat: Seat) -> Option<&Question> {
        self.questions().iter().find(|question| question.seat == seat)
    }

    /// The seats that people hold.
    #[must_use]
    pub fn held(&self) -> Vec<Seat> {
        held_after(self.session.inputs(0))
    }

    /// The table as a seat sees it.
    #[must_use]
    pub fn view(&self, seat: Seat) -> View {
        Asking::at(self.session.world(), 0).view(seat)
    }

    /// Looks at the table as one asks what can be decided there.
    #[must_use]
    pub fn asking(&self) -> Asking<'_> {
        Asking::at(self.session.world(), 0)
    }

    /// What has happened, as those who hold these seats would know it; as one who knows all, where
    /// nobody is named.
    #[must_use]
    pub fn dispatch(&self, readers: Option<&[Seat]>) -> String {
        let cast = &self.scenario().cast;
        let mut dispatch = match readers {
            Some(seats) => Dispatch::read_by(cast, 0, seats),
            None => Dispatch::new(cast, 0),
        };
        dispatch.turn(&self.session.chronicle(0).entries)
    }

    /// Events so far.
    pub fn events(&self) -> impl Iterator<Item = (u32, &Event)> {
        self.session.chronicle(0).entries.iter().map(|entry| (entry.turn, &entry.event))
    }

    /// The record so far.
    #[must_use]
    pub fn record(&self) -> RunRecord {
        self.session.record(0)
    }

    /// Takes a decision. Who has nothing left to decide in this step is done with it.
    ///
    /// # Errors
    /// When it is not asked for.
    pub fn decide(&mut self, seat: Seat, decision: Decision) -> Result<(), Refusal> {
        self.session.decide(0, seat, decision)?;
        let is_hold = |choice: &&Choice| matches!(choice, Choice::One(Decision::Hold { .. }));
        let is_done = self
            .question(seat)
            .is_some_and(|question| self.still_open(question).iter().all(is_hold));
        if is_done {
            let hold = Decision::Hold { until_something_changes: false };
            self.session.decide(0, seat, hold)?;
        }
        Ok(())
    }

    /// What a seat can still decide in this step: on each matter it decides once.
    #[must_use]
    pub fn still_open<'a>(&self, question: &'a Question) -> Vec<&'a Choice> {
        let decided: Vec<Matter> = self.decided_now(question.seat).map(Decision::matter).collect();
        let is_open = |choice: &&Choice| match choice {
            Choice::One(decision) => !decided.contains(&decision.matter()),
            Choice::Propose(_) | Choice::TableText(_) => !decided.contains(&Matter::Table),
            Choice::ChangeMandate(_) => true,
        };
        question.choices.iter().filter(is_open).collect()
    }

    /// Leaves a seat to the policy, this once.
    ///
    /// # Errors
    /// When it has decided something already.
    pub fn leave_to_policy(&mut self, seat: Seat) -> Result<(), Refusal> {
        self.session.leave_to_policy(0, seat)
    }

    /// Leaves a seat to the policy where it is asked; where it has decided something already, that
    /// stands, and it decides no more.
    ///
    /// # Errors
    /// Never, as things are: a seat that is asked can hold.
    pub fn leave_or_hold(&mut self, seat: Seat) -> Result<(), Refusal> {
        if self.question(seat).is_none() {
            return Ok(());
        }
        let hold = Decision::Hold { until_something_changes: false };
        self.leave_to_policy(seat).or_else(|_| self.decide(seat, hold))
    }

    /// Hands a seat to people, or back to the policy; nothing happens where it is so already.
    ///
    /// # Errors
    /// When there is no such seat.
    pub fn hand(&mut self, seat: Seat, to_people: bool) -> Result<(), Refusal> {
        if self.is_over() || self.held().contains(&seat) == to_people {
            return Ok(());
        }
        self.session.hand(0, seat, to_people)
    }

    /// Lets a shock in.
    ///
    /// # Errors
    /// When there is none of that number, or the run has ended.
    pub fn inject(&mut self, shock: ShockIx) -> Result<(), Refusal> {
        self.session.inject(0, shock)
    }

    /// Tells news there.
    ///
    /// # Errors
    /// When the run has ended.
    pub fn announce(&mut self, words: Words) -> Result<(), Refusal> {
        self.session.announce(0, words)
    }

    /// Makes the round longer.
    ///
    /// # Errors
    /// When none is under way.
    pub fn extend(&mut self, by_turns: u32) -> Result<(), Refusal> {
        self.session.extend(0, by_turns)
    }

    /// The inputs that are not kept yet, as the store keeps them.
    #[must_use]
    pub fn unkept(&self) -> Vec<String> {
        let cast = &self.scenario().cast;
        let inputs = &self.session.inputs(0)[self.n_kept..];
        inputs.iter().map(|input| input.to_wire(cast).to_string()).collect()
    }

    /// How many inputs have entered.
    #[must_use]
    pub fn n_inputs(&self) -> usize {
        self.session.inputs(0).len()
    }

    /// Notes that all inputs are kept.
    pub fn all_kept(&mut self) {
        self.n_kept = self.session.inputs(0).len();
    }

    /// The same table as it was when its last input was kept.
    ///
    /// # Panics
    /// Never: these inputs have entered before.
    #[must_use]
    pub fn as_kept(&self) -> Self {
        self.up_to(self.n_kept)
    }

    /// The same table with only its first inputs.
    fn up_to(&self, n_inputs: usize) -> Self {
        let inputs = self.session.inputs(0)[..n_inputs].to_vec();
        let laid = Self::laid(self.scenario(), self.lineage, inputs);
        laid.expect("what has entered once enters again")
    }

    /// What a seat has decided in the step that is under way.
    pub fn decided_now(&self, seat: Seat) -> impl Iterator<Item = &Decision> {
        let now = self.session.moment(0);
        self.session.inputs(0).iter().filter_map(move |input| match input {
            Input::Decided { seat: of, decision, .. } if *of == seat && input.moment() == now => {
                Some(decision)
            }
            _ => None,
        })
    }

    /// Whether a round is under way.
    #[must_use]
    pub fn is_in_round(&self) -> bool {
        self.view(Seat::Delegation(PartyIx(0))).round.is_some()
    }

    /// How many decisions people have taken, and how often they have left one to the policy.
    #[must_use]
    pub fn n_decided(&self) -> (usize, usize) {
        let count = |is: fn(&&Input) -> bool| self.session.inputs(0).iter().filter(is).count();
        let decided = count(|input| {
            matches!(input, Input::Decided { decision, .. }
                if !matches!(decision, Decision::Hold { .. }))
        });
        (decided, count(|input| matches!(input, Input::Left { .. })))
    }

    /// The seats that people ever held.
    #[must_use]
    pub fn seats_ever_held(&self) -> Vec<Seat> {
        let mut seats: Vec<Seat> = Vec::new();
        for input in self.session.inputs(0) {
            match input {
                Input::Handed { seat, outside: true, .. } if !seats.contains(seat) => {
                    seats.push(*seat);
                }
                _ => {}
            }
        }
        seats
    }

    /// What has entered since the last part of a turn in which somebody decided, that one included:
    /// what is taken back by going there. Nothing where nobody has decided yet.
    #[must_use]
    pub fn last_step(&self) -> Option<&[Input]> {
        let inputs = self.session.inputs(0);
        let is_decision =
            |input: &&Input| matches!(input, Input::Decided { .. } | Input::Left { .. });
        let last = inputs.iter().rev().find(is_decision)?.moment();
        let first =
            inputs.iter().position(|input| is_decision(&input) && input.moment() == last)?;
        Some(&inputs[first..])
    }

    /// The same table as it was before its last step, and how many inputs are left of it; nothing
    /// where nobody has decided yet.
    #[must_use]
    pub fn before_last(&self) -> Option<(Self, usize)> {
        let n_left = self.session.inputs(0).len() - self.last_step()?.len();
        let mut table = self.up_to(n_left);
        table.play_on();
        Some((table, n_left))
    }
}
