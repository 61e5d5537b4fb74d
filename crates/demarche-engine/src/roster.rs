//! The roster: who sits where, in the one stable order.
//!
//! Query order changes when components come and go, so nothing that can reach a result iterates a
//! query: it walks the roster and asks for the entity.

use std::sync::Arc;

use bevy_ecs::prelude::*;
use demarche_domain::index::{ConstituencyIx, GroupIx, MAX_PARTIES, MediatorIx, PartyIx, RoundIx};

use crate::scenario::Scenario;

/// One of something for each party, without taking memory.
pub(crate) type PerParty<T> = arrayvec::ArrayVec<T, MAX_PARTIES>;

/// The entities of one table.
#[derive(Clone, Debug)]
pub struct Places {
    /// The parties themselves: their demands and positions.
    pub parties: Vec<Entity>,
    /// Their capitals.
    pub capitals: Vec<Entity>,
    /// Their delegations.
    pub delegations: Vec<Entity>,
    /// Their constituencies.
    pub constituencies: Vec<Vec<Entity>>,
    /// The mediators.
    pub mediators: Vec<Entity>,
    /// The armed groups.
    pub groups: Vec<Entity>,
    /// The frontier.
    pub frontier: Entity,
    /// The rounds.
    pub rounds: Vec<Entity>,
}

/// The entities of all tables, shared by all who walk them.
#[derive(Resource, Clone, Debug)]
pub struct Roster(pub Arc<[Places]>);

impl Roster {
    /// The parties of a table.
    pub fn parties(&self, at: usize) -> impl DoubleEndedIterator<Item = PartyIx> + Clone + use<> {
        PartyIx::first(self.0[at].parties.len())
    }
    /// The constituencies of a party.
    pub fn constituencies(
        &self,
        at: usize,
        party: PartyIx,
    ) -> impl Iterator<Item = ConstituencyIx> + use<> {
        ConstituencyIx::first(self.0[at].constituencies[party.ix()].len())
    }
    /// The mediators of a table.
    pub fn mediators(&self, at: usize) -> impl Iterator<Item = MediatorIx> + Clone + use<> {
        MediatorIx::first(self.0[at].mediators.len())
    }
    /// The armed groups of a table.
    pub fn groups(&self, at: usize) -> impl Iterator<Item = GroupIx> + Clone + use<> {
        GroupIx::first(self.0[at].groups.len())
    }
    /// A party.
    #[must_use]
    pub fn party(&self, at: usize, party: PartyIx) -> Entity {
        self.0[at].parties[party.ix()]
    }
    /// A capital.
    #[must_use]
    pub fn capital(&self, at: usize, party: PartyIx) -> Entity {
        self.0[at].capitals[party.ix()]
    }
    /// A delegation.
    #[must_use]
    pub fn delegation(&self, at: usize, party: PartyIx) -> Entity {
        self.0[at].delegations[party.ix()]
    }
    /// A constituency.
    #[must_use]
    pub fn constituency(&self, at: usize, party: PartyIx, which: ConstituencyIx) -> Entity {
        self.0[at].constituencies[party.ix()][which.ix()]
    }
    /// A mediator.
    #[must_use]
    pub fn mediator(&self, at: usize, mediator: MediatorIx) -> Entity {
        self.0[at].mediators[mediator.ix()]
    }
    /// An armed group.
    #[must_use]
    pub fn group(&self, at: usize, group: GroupIx) -> Entity {
        self.0[at].groups[group.ix()]
    }
    /// A round.
    #[must_use]
    pub fn round(&self, at: usize, round: RoundIx) -> Entity {
        self.0[at].rounds[round.ix()]
    }
    /// The frontier.
    #[must_use]
    pub fn frontier(&self, at: usize) -> Entity {
        self.0[at].frontier
    }
}

/// Makes the entities of one table. Their components come when somebody is seated; from then on
/// they are only ever overwritten.
pub(crate) fn lay(world: &mut bevy_ecs::world::World, scenario: &Scenario) -> Places {
    let n = scenario.parties.len();
    let mut new = |count: usize| (0..count).map(|_| world.spawn_empty().id()).collect::<Vec<_>>();
    let constituencies = scenario.parties.iter().map(|party| new(party.constituencies.len()));
    let constituencies = constituencies.collect();
    let (parties, groups) = (new(n), new(scenario.groups.len()));
    let (rounds, frontier) = (new(scenario.rounds.len()), new(1)[0]);
    let (capitals, delegations, mediators) = (new(n), new(n), new(scenario.mediators.len()));
    Places { parties, capitals, delegations, constituencies, mediators, groups, frontier, rounds }
}
