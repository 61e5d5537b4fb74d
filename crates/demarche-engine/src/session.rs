//! A session: a World with its tables, its schedules, and what enters from outside.
//!
//! `seat` a run, `advance` until it has ended or waits, `decide` where it waits, take the record. A
//! run is its scenario, its lineage of seeds and its inputs; given the same three, it is the same
//! run on any table, in any company.

mod advancing;

use std::sync::Arc;

use bevy_ecs::prelude::*;
use demarche_domain::index::{MAX_PARTIES, RoundIx, ShockIx};
use demarche_domain::package::Package;
use demarche_record::chronicle::Chronicle;
use demarche_record::decision::{Decision, Input, Matter, Moment, Question};
use demarche_record::event::Event;
use demarche_record::format::{Lineage, RunRecord};
use demarche_record::legible::Words;
use demarche_record::seat::{Seat, Stage};
use tracing::debug;

use crate::insight::Insight;
use crate::measures::{Gauge, Measures};
use crate::mechanisms::agenda::{Author, TextOnTable};
use crate::mechanisms::deadline::Clock;
use crate::mechanisms::offering::Position;
use crate::mechanisms::outcome::Tally;
use crate::mechanisms::shock::Shocks;
use crate::orders::Orders;
use crate::questions::Asking;
use crate::refusal::{Refusal, RefusedInput};
use crate::roster::Roster;
use crate::scenario::Scenario;
use crate::seating::Settings;
use crate::table::{Narration, PerTable, Rules, Status, Tables};
use crate::turn::{all_schedules, schedules};
use crate::{MODEL_VERSION, seating};

/// What is outside the World about one table.
#[derive(Clone, Debug, Default)]
struct Outside {
    /// Inputs still to come.
    planned: Vec<Input>,
    /// Inputs that have entered.
    entered: Vec<Input>,
    /// How many seats decide from outside.
    n_seats: usize,
    /// Whether anything was done from outside to a seat since the last part of the turn.
    is_touched: bool,
    /// What is being asked.
    questions: Vec<Question>,
    /// Whether inputs were let in and questions asked for the part of the turn that comes next.
    is_asked: bool,
    /// How things stood when each standing order was given.
    standing: Vec<(Seat, Situation)>,
}

impl Outside {
    /// Whether nobody but the policy decides before the part of the turn that comes next.
    const fn is_quiet(&self) -> bool {
        self.n_seats == 0 && self.planned.is_empty() && !self.is_touched
    }
}

/// What a standing order watches. An offer that is only repeated is no change.
#[derive(Clone, Debug, PartialEq)]
struct Situation {
    text: Option<Package>,
    /// Where the others stand.
    offers: Vec<Option<Package>>,
    accepted: [bool; MAX_PARTIES],
    is_refused: bool,
    is_initialled: bool,
    round: Option<RoundIx>,
    left: bool,
    closes: u32,
    /// Whether this is the last turn of the round as things stand.
    time_runs_out: bool,
    n_salient: u32,
    n_strikes: u32,
    n_announced: usize,
    request: Option<crate::mechanisms::instructions::Asked>,
}

/// A World with its tables.
pub struct Session {
    world: World,
    schedules: [(Stage, Schedule); 4],
    /// Whether these have every mechanism, or only those that the scenario uses.
    are_whole: bool,
    scenario: Arc<Scenario>,
    outside: Vec<Outside>,
}

impl Session {
    /// A World with this many tables, nobody seated.
    #[must_use]
    pub fn new(scenario: Arc<Scenario>, n_tables: usize) -> Self {
        let mut world = World::new();
        let roster = Roster::lay(&mut world, &scenario, n_tables);
        world.insert_resource(Rules(scenario.clone()));
        world.insert_resource(roster);
        seating::lay(&mut world, n_tables);
        let (outside, schedules) = (vec![Outside::default(); n_tables], schedules(&scenario));
        Self { world, schedules, are_whole: false, scenario, outside }
    }

    /// The same, with the schedules built another way: for tests of order.
    #[must_use]
    pub fn with_schedules(mut self, schedules: [(Stage, Schedule); 4]) -> Self {
        (self.schedules, self.are_whole) = (schedules, true);
        self
    }

    /// The scenario that is played.
    #[must_use]
    pub fn scenario(&self) -> &Arc<Scenario> {
        &self.scenario
    }

    /// Seats a run at a table, in place of whatever was there. `planned` are inputs that will enter
    /// in their turns. Without `narrate` no chronicle is kept, and nothing else changes.
    pub fn seat(&mut self, at: usize, lineage: Lineage, planned: Vec<Input>, narrate: bool) {
        self.seat_with(at, lineage, planned, narrate, &Settings::default());
    }

    /// The same, with some numbers set to what the scenario does not say. Such a run is no
    /// [record](Self::record): to have one, the scenario itself must say so.
    pub fn seat_with(
        &mut self,
        at: usize,
        lineage: Lineage,
        planned: Vec<Input>,
        narrate: bool,
        set: &Settings,
    ) {
        if !set.numbers.is_empty() && !self.are_whole {
            // What the scenario does not use, it may use with other numbers.
            (self.schedules, self.are_whole) = (all_schedules(), true);
        }
        seating::seat(&mut self.world, at, lineage, narrate, set);
        debug!(
            table = at,
            seed = lineage.seed,
            n_planned = planned.len(),
            scenario = self.scenario.cast.title,
            "run seated",
        );
        self.outside[at] = Outside { planned, ..Outside::default() };
    }

    /// Leaves a table empty: it is passed over until somebody is seated again.
    pub fn vacate(&mut self, at: usize) {
        self.set_status(at, Status::Empty);
    }

    /// How a table stands.
    #[must_use]
    pub fn status(&self, at: usize) -> Status {
        self.world.resource::<Tables>().list[at].status
    }

    /// The turn that a table is in.
    #[must_use]
    pub fn turn(&self, at: usize) -> u32 {
        self.world.resource::<Tables>().list[at].turn
    }

    /// What was counted at a table.
    #[must_use]
    pub fn tally(&self, at: usize) -> &Tally {
        &self.world.resource::<PerTable<Tally>>()[at]
    }

    /// The chronicle of a table so far.
    #[must_use]
    pub fn chronicle(&self, at: usize) -> &Chronicle {
        &self.world.resource::<Narration>().0[at].chronicle
    }

    /// A table as one looks at it who knows everything: for explanations.
    #[must_use]
    pub fn insight(&mut self, at: usize) -> Insight<'_> {
        Insight::at(&mut self.world, at)
    }

    /// What is read off a table whose run has ended.
    ///
    /// # Panics
    /// When it has not.
    #[must_use]
    pub fn measure(&self, at: usize, gauge: &mut Gauge) -> Measures {
        gauge.read(&self.world, at)
    }

    /// The inputs that have entered at a table.
    #[must_use]
    pub fn inputs(&self, at: usize) -> &[Input] {
        &self.outside[at].entered
    }

    /// The World, to be looked at: for those who show a table to the people at it.
    #[must_use]
    pub const fn world(&self) -> &World {
        &self.world
    }

    /// What is asked at a table now.
    #[must_use]
    pub fn questions(&self, at: usize) -> &[Question] {
        &self.outside[at].questions
    }

    /// The record of a table so far.
    #[must_use]
    pub fn record(&self, at: usize) -> RunRecord {
        RunRecord {
            model: MODEL_VERSION.to_owned(),
            scenario: self.scenario.text.clone(),
            scenario_digest: self.scenario.digest.clone(),
            lineage: self.world.resource::<Tables>().list[at].lineage,
            inputs: self.outside[at].entered.clone(),
            chronicle: self.chronicle(at).clone(),
        }
    }

    /// Lets every running table go on by a turn, or to where it waits.
    ///
    /// # Errors
    /// When a planned input is not among what is offered in its turn. That table is ended.
    pub fn advance(&mut self) -> Result<(), RefusedInput> {
        self.advance_by(self.schedules.len())
    }

    /// Lets every running table go on through a turn up to this part of it, which is still to come.
    ///
    /// # Errors
    /// As those of [`advance`](Self::advance).
    pub fn advance_to(&mut self, stage: Stage) -> Result<(), RefusedInput> {
        let parts = self.schedules.iter().take_while(|(part, _)| *part != stage).count();
        self.advance_by(parts)
    }

    fn set_status(&mut self, at: usize, status: Status) {
        self.world.resource_mut::<Tables>().list[at].status = status;
    }

    /// Lets in the planned inputs that are due.
    fn let_in(&mut self, at: usize) -> Result<(), RefusedInput> {
        let table = self.world.resource::<Tables>().list[at].clone();
        let now = table.moment();
        let is_due = |input: &Input| input.moment() == now;
        let (due, later): (Vec<Input>, Vec<Input>) =
            std::mem::take(&mut self.outside[at].planned).into_iter().partition(is_due);
        self.outside[at].planned = later;
        for input in due {
            let entered = self.enter(at, &input);
            entered.map_err(|refusal| RefusedInput { refusal, input: input.clone() })?;
        }
        Ok(())
    }

    /// Lets one input in.
    fn enter(&mut self, at: usize, input: &Input) -> Result<(), Refusal> {
        let tables = self.world.resource::<Tables>();
        debug!(table = at, input = %tables.named(input), "input entered");
        match input {
            Input::Decided { seat, decision, .. } => {
                let question = Asking::at(&self.world, at).question(*seat);
                let question = question.ok_or(Refusal::NotAsked { seat: *seat })?;
                self.carry(at, &question, decision.clone())
            }
            Input::Left { seat, .. } => self.leave_to_policy(at, *seat),
            Input::Injected { shock, .. } => self.inject(at, *shock),
            Input::Extended { by_turns, .. } => self.extend(at, *by_turns),
            Input::Announced { words, .. } => self.announce(at, words.clone()),
            Input::Handed { seat, outside, .. } => self.hand(at, *seat, *outside),
        }
    }

    /// Whether anything can enter at a table: its run is under way.
    fn check_under_way(&self, at: usize) -> Result<(), Refusal> {
        match self.status(at) {
            Status::Running | Status::Awaiting => Ok(()),
            Status::Empty | Status::Ended => Err(Refusal::Unknown { what: "a run under way" }),
        }
    }

    /// Says something to all at a table. It is told, it ends what waits until something changes,
    /// and it moves no number.
    ///
    /// # Errors
    /// When no run is under way there.
    pub fn announce(&mut self, at: usize, words: Words) -> Result<(), Refusal> {
        self.check_under_way(at)?;
        let table = self.world.resource::<Tables>().list[at].clone();
        let event = || Event::Announced { words: words.clone() };
        self.world.resource_mut::<Narration>().note(at, &table, event);
        let Moment { turn, stage, mover } = table.moment();
        self.outside[at].entered.push(Input::Announced { turn, stage, mover, words });
        self.ask_again(at);
        Ok(())
    }

    /// Lets a shock of the scenario in: it strikes when the world moves next.
    ///
    /// # Errors
    /// When the scenario has no such shock, or no run is under way.
    pub fn inject(&mut self, at: usize, shock: ShockIx) -> Result<(), Refusal> {
        self.check_under_way(at)?;
        if shock.ix() >= self.scenario.shocks.len() {
            return Err(Refusal::Unknown { what: "shock" });
        }
        self.world.resource_mut::<PerTable<Shocks>>()[at].injected.push(shock);
        let Moment { turn, stage, mover } = self.moment(at);
        self.outside[at].entered.push(Input::Injected { turn, stage, mover, shock });
        Ok(())
    }

    /// Makes the round that is under way longer.
    ///
    /// # Errors
    /// When no round is under way.
    pub fn extend(&mut self, at: usize, by_turns: u32) -> Result<(), Refusal> {
        let clock = &mut self.world.resource_mut::<PerTable<Clock>>()[at];
        if clock.round.is_none() {
            return Err(Refusal::Unknown { what: "a round under way" });
        }
        clock.extend(by_turns);
        let Moment { turn, stage, mover } = self.moment(at);
        self.outside[at].entered.push(Input::Extended { turn, stage, mover, by_turns });
        self.ask_again(at);
        Ok(())
    }

    /// Hands a seat to somebody outside, or back to the policy.
    ///
    /// # Errors
    /// When the table has no such seat.
    pub fn hand(&mut self, at: usize, seat: Seat, outside: bool) -> Result<(), Refusal> {
        self.entity(at, seat).ok_or(Refusal::Unknown { what: "seat" })?;
        let chair = self.orders_mut(at).chair_mut(seat);
        let was_outside = std::mem::replace(&mut chair.is_outside, outside);
        self.outside[at].is_touched = true;
        let n_seats = &mut self.outside[at].n_seats;
        *n_seats = *n_seats + usize::from(outside) - usize::from(was_outside);
        let Moment { turn, stage, mover } = self.moment(at);
        self.outside[at].entered.push(Input::Handed { turn, stage, mover, seat, outside });
        self.ask_again(at);
        Ok(())
    }

    /// When a table stands: what enters now enters then.
    #[must_use]
    pub fn moment(&self, at: usize) -> Moment {
        self.world.resource::<Tables>().list[at].moment()
    }

    /// Asks again where something was asked: what has just entered may have changed it.
    fn ask_again(&mut self, at: usize) {
        let waits = matches!(self.status(at), Status::Running | Status::Awaiting);
        if waits && self.outside[at].is_asked {
            self.outside[at].questions = self.ask(at);
            let waits = !self.outside[at].questions.is_empty();
            self.set_status(at, if waits { Status::Awaiting } else { Status::Running });
        }
    }

    fn orders(&self, at: usize) -> &Orders {
        &self.world.resource::<PerTable<Orders>>()[at]
    }

    fn orders_mut(&mut self, at: usize) -> &mut Orders {
        &mut self.world.resource_mut::<PerTable<Orders>>().into_inner()[at]
    }

    fn entity(&self, at: usize, seat: Seat) -> Option<Entity> {
        self.world.resource::<Roster>().seat(at, seat)
    }

    /// What is to be asked of seats whose decisions come from outside.
    fn ask(&self, at: usize) -> Vec<Question> {
        if self.outside[at].n_seats == 0 {
            return Vec::new();
        }
        let asking = Asking::at(&self.world, at);
        let is_open = |seat: &Seat| {
            let (orders, chair) = (self.orders(at), self.orders(at).chair(*seat));
            let held = self.outside[at].standing.iter().find(|(of, _)| of == seat);
            // At home a seat is asked only where something has happened.
            let is_home = self.world.resource::<Tables>().list[at].stage == Stage::Home;
            let holds =
                !is_home && held.is_some_and(|(_, then)| *then == self.situation(at, *seat));
            let is_done = chair.is_left || orders.are_on(*seat, Matter::Done);
            chair.is_outside && !is_done && !holds
        };
        asking
            .seats()
            .into_iter()
            .filter(is_open)
            .filter_map(|seat| asking.question(seat))
            .collect()
    }

    fn situation(&self, at: usize, seat: Seat) -> Situation {
        let clock = &self.world.resource::<PerTable<Clock>>()[at];
        let delegation = seat.party().and_then(|p| self.entity(at, Seat::Delegation(p)));
        let request = delegation.and_then(|entity| {
            self.world.get::<crate::mechanisms::instructions::Request>(entity)?.pending
        });
        let on_table = &self.world.resource::<PerTable<TextOnTable>>()[at];
        let by_a_side = matches!(on_table.by, Author::Party(_));
        let roster = self.world.resource::<Roster>();
        let others = roster.parties().filter(|p| seat.party() != Some(*p));
        let is_announced = |input: &&Input| matches!(input, Input::Announced { .. });
        let stand = |entity| self.world.get::<Position>(entity).and_then(|position| position.stand);
        Situation {
            text: on_table.text.filter(|_| !by_a_side),
            offers: others.map(|p| stand(roster.party(at, p))).collect(),
            accepted: on_table.accepted,
            is_refused: on_table.is_refused,
            is_initialled: on_table.is_initialled(),
            round: clock.round,
            left: clock.left.is_some(),
            closes: clock.closes,
            time_runs_out: clock.round.is_some() && self.turn(at) + 1 >= clock.closes,
            n_salient: self.tally(at).n_salient,
            n_strikes: self.tally(at).n_strikes,
            n_announced: self.outside[at].entered.iter().filter(is_announced).count(),
            request,
        }
    }

    /// Takes a decision from outside where one is asked for. A seat may decide once on each matter;
    /// `Hold` says that it has no more to decide.
    ///
    /// # Errors
    /// When the seat is not asked, or the decision is not among what it was offered.
    pub fn decide(&mut self, at: usize, seat: Seat, decision: Decision) -> Result<(), Refusal> {
        let asked = self.outside[at].questions.iter().position(|question| question.seat == seat);
        let place = asked.ok_or(Refusal::NotAsked { seat })?;
        let question = self.outside[at].questions[place].clone();
        let is_done = decision.matter() == Matter::Done;
        self.carry(at, &question, decision)?;
        if is_done {
            self.outside[at].questions.remove(place);
            if self.outside[at].questions.is_empty() {
                self.set_status(at, Status::Running);
            }
        }
        Ok(())
    }

    /// Leaves a seat to the policy for the part of the turn that comes next.
    ///
    /// # Errors
    /// When there is no such seat, or it has decided something already.
    pub fn leave_to_policy(&mut self, at: usize, seat: Seat) -> Result<(), Refusal> {
        self.entity(at, seat).ok_or(Refusal::Unknown { what: "seat" })?;
        let table = self.world.resource::<Tables>().list[at].clone();
        let chair = self.orders_mut(at).chair_mut(seat);
        if chair.is_given {
            return Err(Refusal::NotAsked { seat });
        }
        chair.is_left = true;
        self.outside[at].is_touched = true;
        let Moment { turn, stage, mover } = table.moment();
        self.outside[at].entered.push(Input::Left { turn, stage, mover, seat });
        self.outside[at].questions.retain(|question| question.seat != seat);
        if table.status == Status::Awaiting && self.outside[at].questions.is_empty() {
            self.set_status(at, Status::Running);
        }
        Ok(())
    }

    /// The first planned input that has not entered: its moment never came, or has not yet.
    #[must_use]
    pub fn still_planned(&self, at: usize) -> Option<&Input> {
        self.outside[at].planned.first()
    }

    /// Gives a decision to the seat it was asked of.
    fn carry(&mut self, at: usize, question: &Question, decision: Decision) -> Result<(), Refusal> {
        let seat = question.seat;
        if !question.choices.iter().any(|choice| choice.admits(&decision)) {
            let reason = Asking::at(&self.world, at).why_not(seat, &decision);
            return Err(Refusal::NotOffered { seat, decision, reason });
        }
        if self.orders(at).are_on(seat, decision.matter()) {
            return Err(Refusal::Decided { seat, decision });
        }
        let table = self.world.resource::<Tables>().list[at].clone();
        let Moment { turn, stage, mover } = table.moment();
        let input = Input::Decided { turn, stage, mover, seat, decision: decision.clone() };
        self.outside[at].entered.push(input);
        if let Decision::Hold { until_something_changes } = decision {
            self.stand(at, seat, until_something_changes);
        } else {
            self.world
                .resource_mut::<Narration>()
                .note(at, &table, || Event::DecidedOutside { seat });
        }
        let orders = self.orders_mut(at);
        orders.chair_mut(seat).is_given = true;
        orders.give(seat, decision);
        self.outside[at].is_touched = true;
        Ok(())
    }

    /// Notes or lifts a standing order.
    fn stand(&mut self, at: usize, seat: Seat, until_something_changes: bool) {
        self.outside[at].standing.retain(|(of, _)| *of != seat);
        if until_something_changes {
            let situation = self.situation(at, seat);
            self.outside[at].standing.push((seat, situation));
        }
    }
}

/// One run from beginning to end, by the policy and the given inputs.
///
/// # Errors
/// When an input is not among what is offered in its turn.
pub fn run(
    scenario: &Arc<Scenario>,
    lineage: Lineage,
    inputs: Vec<Input>,
) -> Result<RunRecord, RefusedInput> {
    let mut session = Session::new(scenario.clone(), 1);
    session.seat(0, lineage, inputs, true);
    while session.status(0) != Status::Ended {
        session.advance()?;
        hand_back(&mut session, 0);
    }
    check_all_entered(&session, 0)?;
    Ok(session.record(0))
}

/// Once a run has ended, every planned input must have entered.
///
/// # Errors
/// When the moment of an input never came.
pub fn check_all_entered(session: &Session, at: usize) -> Result<(), RefusedInput> {
    session.still_planned(at).map_or(Ok(()), |input| {
        let refusal = Refusal::NeverCame { last_turn: session.turn(at) };
        Err(RefusedInput { refusal, input: input.clone() })
    })
}

/// Hands every seat that waits back to the policy: nobody is there to decide any more.
pub fn hand_back(session: &mut Session, at: usize) {
    while session.status(at) == Status::Awaiting {
        let seat = session.questions(at)[0].seat;
        session.hand(at, seat, false).expect("a seat that is asked exists");
    }
}
