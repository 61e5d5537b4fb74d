//! The past of a run: what has happened before futures part from it.
//!
//! What people have decided up to a turn stands; from there on the policy decides for all, and
//! draws may come from another seed. So a recorded run, or a table of a class, has as many futures
//! from any of its turns as one likes, each of them a run like any other.

use std::sync::Arc;

use demarche_record::decision::{Input, held_after};
use demarche_record::format::{Lineage, RunRecord};

use crate::refusal::RefusedInput;
use crate::scenario::Scenario;
use crate::session::{Session, hand_back};
use crate::table::Status;

/// A run up to a turn, with every seat handed to the policy there.
#[derive(Clone, Debug, PartialEq)]
pub struct Past {
    /// The turn at whose beginning futures part. [turns, ≥ 0]
    pub turn: u32,
    /// What has happened until then: its inputs are those of every future.
    pub record: RunRecord,
}

/// Why a run has no past up to a turn.
#[derive(Debug, thiserror::Error)]
pub enum NoPast {
    /// An input is not taken in its turn.
    #[error("{0}")]
    Refused(#[from] RefusedInput),
    /// The run is over before.
    #[error("the run ends in turn {last_turn}, before it could branch")]
    Over {
        /// Its last turn.
        last_turn: u32,
    },
    /// Its draws come from another seed from an earlier turn on, and there can be one such turn.
    #[error("the run has branched in turn {turn} already; branch it there, or earlier")]
    Branched {
        /// The turn.
        turn: u32,
    },
}

impl Past {
    /// The past of a run up to this turn: of its inputs those that have entered before.
    ///
    /// # Errors
    /// When an input is refused, or the run ends before that turn.
    pub fn of(
        scenario: &Arc<Scenario>,
        lineage: Lineage,
        inputs: &[Input],
        turn: u32,
    ) -> Result<Self, NoPast> {
        let before = inputs.iter().filter(|input| input.turn() < turn).cloned().collect();
        let mut session = Session::new(scenario.clone(), 1);
        session.seat(0, lineage, before, true);
        while session.turn(0) < turn && session.status(0) != Status::Ended {
            session.advance()?;
            hand_back(&mut session, 0);
        }
        if session.status(0) == Status::Ended {
            return Err(NoPast::Over { last_turn: session.turn(0) });
        }
        for seat in held_after(session.inputs(0)) {
            session.hand(0, seat, false).expect("it is held, so there is such a seat");
        }
        Ok(Self { turn, record: session.record(0) })
    }

    /// Where the draws of a future come from that parts by this seed.
    ///
    /// # Errors
    /// When the run has branched before: its draws would not be what they were.
    pub fn parting(&self, seed: u64) -> Result<Lineage, NoPast> {
        let lineage = self.record.lineage;
        match lineage.branch {
            Some((turn, _)) if turn < self.turn => Err(NoPast::Branched { turn }),
            _ => Ok(Lineage { branch: Some((self.turn, seed)), ..lineage }),
        }
    }
}
