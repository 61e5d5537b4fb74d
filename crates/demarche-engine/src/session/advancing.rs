//! Advancing: how a session takes its tables through the parts of a turn.
//!
//! Most tables have nobody outside, and there the policy decides alone: such a table is only
//! called.

use demarche_record::seat::Stage;
use tracing::{Level, Span, debug_span, enabled, trace};

use crate::mechanisms::deadline::Clock;
use crate::refusal::RefusedInput;
use crate::scenario::Variant;
use crate::session::Session;
use crate::table::{PerTable, Status, Tables};

impl Session {
    /// Lets every running table go on through so many parts of a turn.
    pub(super) fn advance_by(&mut self, n_parts: usize) -> Result<(), RefusedInput> {
        let mut refused = Ok(());
        for part in 0..n_parts {
            let stage = self.schedules[part].0;
            // Delegations that move one after the other have a pass each.
            for _ in 0..self.n_passes(stage) {
                refused = refused.and(self.prepare_all(stage));
                let outside = &self.outside;
                let is_visited = |at: usize| !outside[at].is_quiet();
                if self.world.resource_mut::<Tables>().call(stage, is_visited) {
                    let _in_place = self.place().entered();
                    trace!(?stage, "part of the turn");
                    self.schedules[part].1.run(&mut self.world);
                    self.move_on(stage);
                }
            }
        }
        refused
    }

    fn prepare_all(&mut self, stage: Stage) -> Result<(), RefusedInput> {
        let mut refused = Ok(());
        for at in 0..self.outside.len() {
            if self.outside[at].is_quiet() {
                continue;
            }
            if let Err(why) = self.prepare(at, stage) {
                self.set_status(at, Status::Ended);
                refused = refused.and(Err(why));
            }
        }
        refused
    }

    /// Where a line of the log is: in which turn of which round of which run. Of runs side by side
    /// a line could be any's, and is put in none.
    fn place(&self) -> Span {
        if !enabled!(Level::DEBUG) {
            return Span::none();
        }
        let tables = self.world.resource::<Tables>();
        let mut here = tables.here();
        let (Some((at, table)), None) = (here.next(), here.next()) else { return Span::none() };
        let run = debug_span!("run", seed = table.lineage.seed);
        let within = match self.world.resource::<PerTable<Clock>>()[at].round {
            Some(round) => debug_span!(parent: &run, "round", key = %tables.named(&round)),
            None => run,
        };
        let turn_hours = self.scenario.cast.turn_hours;
        let number = table.turn;
        debug_span!(parent: &within, "turn", number, hour = f64::from(number) * turn_hours)
    }

    fn n_passes(&self, stage: Stage) -> usize {
        let direct = self.scenario.protocol.variant != Variant::MediatedSingleText;
        if direct && stage == Stage::Delegations { self.scenario.parties.len() } else { 1 }
    }

    /// Before a part of a turn: lets inputs in, and asks whoever is outside.
    fn prepare(&mut self, at: usize, stage: Stage) -> Result<(), RefusedInput> {
        let table = &self.world.resource::<Tables>().list[at];
        if table.status != Status::Running || table.stage != stage || self.outside[at].is_asked {
            return Ok(());
        }
        // What enters may be the last that comes from outside: this part is not the policy's alone.
        self.outside[at].is_touched = true;
        self.let_in(at)?;
        self.outside[at].is_asked = true;
        self.ask_again(at);
        let n_questions = self.outside[at].questions.len();
        trace!(table = at, ?stage, n_questions, "decisions asked");
        Ok(())
    }

    /// After a part of a turn: turns to the next part.
    fn move_on(&mut self, stage: Stage) {
        let n_passes = self.n_passes(stage);
        self.world.resource_mut::<Tables>().turn_from(stage, n_passes, |at| {
            let outside = &mut self.outside[at];
            (outside.is_asked, outside.is_touched) = (false, false);
        });
    }
}
