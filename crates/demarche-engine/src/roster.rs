//! The roster: who sits where, in the one stable order.
//!
//! Query order changes when components come and go, so nothing that can reach a result iterates a
//! query: it walks the roster and asks for the entity.

use std::sync::Arc;

use bevy_ecs::prelude::*;
use demarche_domain::index::{ConstituencyIx, GroupIx, MAX_PARTIES, MediatorIx, PartyIx, RoundIx};
use demarche_record::seat::Seat;

use crate::scenario::Scenario;

/// One of something for each party, without taking memory.
pub(crate) type PerParty<T> = arrayvec::ArrayVec<T, MAX_PARTIES>;

/// The entities of one role at all tables, table by table.
#[derive(Clone, Debug)]
struct Role {
    /// How many there are at each table.
    each: usize,
    all: Vec<Entity>,
}

impl Role {
    /// Makes the entities of a role. They are made one after the other, as rules walk them: what is
    /// looked up together lies together.
    fn new(world: &mut World, n_tables: usize, each: usize) -> Self {
        Self { each, all: (0..n_tables * each).map(|_| world.spawn_empty().id()).collect() }
    }

    fn get(&self, at: usize, which: usize) -> Option<Entity> {
        (which < self.each).then(|| self.all[at * self.each + which])
    }

    fn at(&self, at: usize, which: usize) -> Entity {
        // Past its end are those of another table.
        assert!(which < self.each, "{which} of {}", self.each);
        self.all[at * self.each + which]
    }
}

/// The roles of a scenario.
#[derive(Debug)]
struct Roles {
    /// The parties themselves: their demands and positions.
    parties: Role,
    capitals: Role,
    delegations: Role,
    /// By party.
    constituencies: Vec<Role>,
    mediators: Role,
    groups: Role,
    rounds: Role,
}

/// The entities of all tables, shared by all who walk them.
#[derive(Resource, Clone, Debug)]
pub struct Roster(Arc<Roles>);

impl Roster {
    /// Makes the entities of so many tables. Their components come when somebody is seated; from
    /// then on they are only ever overwritten.
    pub(crate) fn lay(world: &mut World, scenario: &Scenario, n_tables: usize) -> Self {
        let mut role = |each: usize| Role::new(world, n_tables, each);
        let n = scenario.parties.len();
        Self(Arc::new(Roles {
            parties: role(n),
            capitals: role(n),
            delegations: role(n),
            constituencies: scenario
                .parties
                .iter()
                .map(|party| role(party.constituencies.len()))
                .collect(),
            mediators: role(scenario.mediators.len()),
            groups: role(scenario.groups.len()),
            rounds: role(scenario.rounds.len()),
        }))
    }

    /// The parties of a table.
    pub fn parties(&self) -> impl DoubleEndedIterator<Item = PartyIx> + Clone + use<> {
        PartyIx::first(self.0.parties.each)
    }
    /// The constituencies of a party.
    pub fn constituencies(&self, of: PartyIx) -> impl Iterator<Item = ConstituencyIx> + use<> {
        ConstituencyIx::first(self.0.constituencies[of.ix()].each)
    }
    /// The mediators of a table.
    pub fn mediators(&self) -> impl Iterator<Item = MediatorIx> + Clone + use<> {
        MediatorIx::first(self.0.mediators.each)
    }
    /// The armed groups of a table.
    pub fn groups(&self) -> impl Iterator<Item = GroupIx> + Clone + use<> {
        GroupIx::first(self.0.groups.each)
    }
    /// A party.
    #[must_use]
    pub fn party(&self, at: usize, party: PartyIx) -> Entity {
        self.0.parties.at(at, party.ix())
    }
    /// A capital.
    #[must_use]
    pub fn capital(&self, at: usize, party: PartyIx) -> Entity {
        self.0.capitals.at(at, party.ix())
    }
    /// A delegation.
    #[must_use]
    pub fn delegation(&self, at: usize, party: PartyIx) -> Entity {
        self.0.delegations.at(at, party.ix())
    }
    /// A constituency.
    #[must_use]
    pub fn constituency(&self, at: usize, party: PartyIx, which: ConstituencyIx) -> Entity {
        self.0.constituencies[party.ix()].at(at, which.ix())
    }
    /// A mediator.
    #[must_use]
    pub fn mediator(&self, at: usize, mediator: MediatorIx) -> Entity {
        self.0.mediators.at(at, mediator.ix())
    }
    /// An armed group.
    #[must_use]
    pub fn group(&self, at: usize, group: GroupIx) -> Entity {
        self.0.groups.at(at, group.ix())
    }
    /// A round.
    #[must_use]
    pub fn round(&self, at: usize, round: RoundIx) -> Entity {
        self.0.rounds.at(at, round.ix())
    }
    /// Who sits in a seat, if the scenario has it.
    #[must_use]
    pub fn seat(&self, at: usize, seat: Seat) -> Option<Entity> {
        match seat {
            Seat::Capital(p) => self.0.capitals.get(at, p.ix()),
            Seat::Delegation(p) => self.0.delegations.get(at, p.ix()),
            Seat::Mediator(m) => self.0.mediators.get(at, m.ix()),
            Seat::Constituency(p, c) => self.0.constituencies.get(p.ix())?.get(at, c.ix()),
        }
    }
}
