//! Tables: runs in progress, many to a World.
//!
//! What is public at a table lies in resources indexed by table ([`PerTable`]), each owned by the
//! mechanism that writes it; what belongs to somebody is a component of theirs.

use bevy_ecs::prelude::*;
use demarche_domain::index::PartyIx;
use demarche_random::draws::Draws;
use demarche_random::purpose::Purpose;
use demarche_random::seed::RunSeed;
use demarche_record::chronicle::{Chronicle, Entry};
use demarche_record::decision::Moment;
use demarche_record::event::Event;
use demarche_record::format::Lineage;
use demarche_record::seat::Stage;
use demarche_record::wire::Wire;

use crate::scenario::Scenario;
use crate::turn::mover;

/// The scenario that all tables of a World play.
#[derive(Resource, Clone, Debug)]
pub struct Rules(pub std::sync::Arc<Scenario>);

/// One value for each table.
#[derive(Resource, Clone, Debug)]
pub struct PerTable<T: Send + Sync + 'static>(pub Vec<T>);

impl<T: Send + Sync + 'static> std::ops::Index<usize> for PerTable<T> {
    type Output = T;
    fn index(&self, table: usize) -> &T {
        &self.0[table]
    }
}

impl<T: Send + Sync + 'static> std::ops::IndexMut<usize> for PerTable<T> {
    fn index_mut(&mut self, table: usize) -> &mut T {
        &mut self.0[table]
    }
}

/// How a table stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Nobody is seated.
    Empty,
    /// The run goes on.
    Running,
    /// The run waits for decisions from outside.
    Awaiting,
    /// The run has ended.
    Ended,
}

/// One run in progress.
#[derive(Clone, Debug)]
pub struct Table {
    /// How it stands.
    pub status: Status,
    /// The turn it is in, from 0.
    pub turn: u32,
    /// The part of the turn that comes next.
    pub stage: Stage,
    /// The how-manieth mover comes next, where delegations move one after the other.
    pub mover: u32,
    /// Where its draws come from.
    pub lineage: Lineage,
}

impl Table {
    /// The draws at an address of this table, in this turn.
    #[must_use]
    pub fn draws(&self, purpose: Purpose, who: usize) -> Draws {
        self.seed().draws(purpose, self.turn, u32::try_from(who).expect("far fewer than 2^32"))
    }

    /// The part of the turn that comes next.
    #[must_use]
    pub const fn moment(&self) -> Moment {
        Moment { turn: self.turn, stage: self.stage, mover: self.mover }
    }

    fn seed(&self) -> RunSeed {
        match self.lineage.branch {
            Some((turn, seed)) if self.turn >= turn => RunSeed(seed),
            _ => RunSeed(self.lineage.seed),
        }
    }
}

/// All tables of a World, and which of them the present schedule is for.
#[derive(Resource, Clone, Debug)]
pub struct Tables {
    /// The tables.
    pub list: Vec<Table>,
    here: Vec<usize>,
    /// Those of them at which somebody outside sits, or has decided something.
    visited: Vec<usize>,
    /// Who moves at each table now, where not all do.
    moving: Vec<Option<PartyIx>>,
    rules: Rules,
}

impl Tables {
    /// This many tables, nobody seated.
    #[must_use]
    pub fn new(rules: Rules, count: usize) -> Self {
        let lineage = Lineage { seed: 0, branch: None, over_ranges: None };
        let (status, stage) = (Status::Empty, Stage::World);
        let empty = Table { status, turn: 0, stage, mover: 0, lineage };
        let [here, visited] = [0, 1].map(|_| Vec::with_capacity(count));
        Self { list: vec![empty; count], here, visited, moving: vec![None; count], rules }
    }

    /// The tables that the present schedule is for, with their numbers.
    pub fn here(&self) -> impl Iterator<Item = (usize, &Table)> {
        self.here.iter().map(|&at| (at, &self.list[at]))
    }

    /// The same, or only those at which somebody outside may decide: for what the policy decides
    /// only sometimes, or never.
    pub(crate) fn here_if(&self, policy_may: bool) -> impl Iterator<Item = (usize, &Table)> {
        let list = if policy_may { &self.here } else { &self.visited };
        list.iter().map(|&at| (at, &self.list[at]))
    }

    /// The delegations that move now at a table that the present schedule is for.
    pub(crate) fn movers(&self, at: usize) -> impl Iterator<Item = PartyIx> + Clone + use<> {
        let all = 0..u8::try_from(self.rules.0.parties.len()).expect("few parties");
        let now = self.moving[at].map_or(all, |one| one.0..one.0 + 1);
        now.map(PartyIx)
    }

    /// Whether all delegations of such a table have had their turn to move after this pass.
    pub(crate) fn is_last_mover(&self, at: usize) -> bool {
        let n_passed = self.list[at].mover as usize + 1;
        self.moving[at].is_none() || n_passed == self.rules.0.parties.len()
    }

    /// Who or what this is, by the scenario's own keys: for the log, where somebody reads it.
    pub(crate) fn named<T: Wire>(&self, what: &T) -> impl std::fmt::Display + use<T> {
        what.to_wire(&self.rules.0.cast)
    }

    /// Picks the tables that are ready for a stage; `is_visited` are those at which somebody
    /// outside sits, or has decided something. Returns whether there are any.
    pub(crate) fn call(&mut self, stage: Stage, is_visited: impl Fn(usize) -> bool) -> bool {
        self.here.clear();
        self.visited.clear();
        for (at, table) in self.list.iter().enumerate() {
            if table.status != Status::Running || table.stage != stage {
                continue;
            }
            self.here.push(at);
            if is_visited(at) {
                self.visited.push(at);
            }
            if stage == Stage::Delegations {
                self.moving[at] = mover(&self.rules.0, table);
            }
        }
        !self.here.is_empty()
    }

    /// After a part of a turn: turns each of its tables to what comes next.
    pub(crate) fn turn_from(&mut self, stage: Stage, n_passes: usize, mut each: impl FnMut(usize)) {
        for &at in &self.here {
            each(at);
            let table = &mut self.list[at];
            table.mover += 1;
            if (table.mover as usize) < n_passes {
                continue;
            }
            table.mover = 0;
            table.stage = match stage {
                Stage::World => Stage::Capitals,
                Stage::Capitals => Stage::Delegations,
                Stage::Delegations => Stage::Home,
                Stage::Home => Stage::World,
            };
            if stage == Stage::Home && table.status != Status::Ended {
                table.turn += 1;
            }
        }
    }

    /// Closes those tables of the present schedule whose run is over.
    pub(crate) fn close_where(&mut self, is_over: impl Fn(usize) -> bool) {
        for &at in self.here.iter().filter(|at| is_over(**at)) {
            self.list[at].status = Status::Ended;
        }
    }
}

/// The chronicles in the making.
#[derive(Resource, Clone, Debug)]
pub struct Narration(pub Vec<Narrator>);

/// The chronicle of one table in the making.
#[derive(Clone, Debug, Default)]
pub struct Narrator {
    /// Whether events are kept at all. No rule may ask this but to spare work for an event.
    pub is_on: bool,
    /// The events so far.
    pub chronicle: Chronicle,
}

impl Narration {
    /// Notes that something happened. The event is only made when it is kept.
    pub fn note(&mut self, at: usize, table: &Table, event: impl FnOnce() -> Event) {
        let narrator = &mut self.0[at];
        if narrator.is_on {
            narrator.chronicle.entries.push(Entry { turn: table.turn, event: event() });
        }
    }

    /// Whether the chronicle of this table is kept.
    #[must_use]
    pub fn is_on(&self, at: usize) -> bool {
        self.0[at].is_on
    }
}
