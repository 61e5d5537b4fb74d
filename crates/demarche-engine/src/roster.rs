//! The roster: who sits where, in the one stable order.
//!
//! Query order changes when components come and go, so nothing that can reach a result iterates a
//! query: it walks the roster and asks for the entity.

use std::sync::Arc;

use bevy_ecs::prelude::*;
use demarche_domain::index::{ConstituencyIx, GroupIx, MAX_PARTIES, MediatorIx, PartyIx, RoundIx};
use demarche_record::seat::Stage;

use crate::scenario::Scenario;
use crate::table::Orders;

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
    /// All who decide at a table.
    pub(crate) fn deciding(&self, at: usize) -> impl Iterator<Item = Entity> {
        let places = &self.0[at];
        let all = places.capitals.iter().chain(&places.delegations).chain(&places.mediators);
        all.chain(places.constituencies.iter().flatten()).copied()
    }
    /// Those of them who decide in one part of the turn.
    pub(crate) fn deciding_in(&self, at: usize, stage: Stage, mut each: impl FnMut(Entity)) {
        let places = &self.0[at];
        match stage {
            Stage::World => {}
            Stage::Capitals => {
                places.capitals.iter().for_each(|entity| each(*entity));
                places.mediators.iter().for_each(|entity| each(*entity));
            }
            Stage::Delegations => places.delegations.iter().for_each(|entity| each(*entity)),
            Stage::Home => {
                places.capitals.iter().for_each(|entity| each(*entity));
                places.constituencies.iter().flatten().for_each(|entity| each(*entity));
            }
        }
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
    let constituencies = scenario.parties.iter().map(|party| {
        party.constituencies.iter().map(|_| world.spawn(Orders::default()).id()).collect()
    });
    let constituencies = constituencies.collect();
    let mut plain = |count: usize| (0..count).map(|_| world.spawn_empty().id()).collect::<Vec<_>>();
    let parties = plain(n);
    let groups = plain(scenario.groups.len());
    let rounds = plain(scenario.rounds.len());
    let frontier = plain(1)[0];
    let mut deciding =
        |count: usize| (0..count).map(|_| world.spawn(Orders::default()).id()).collect::<Vec<_>>();
    let capitals = deciding(n);
    let delegations = deciding(n);
    let mediators = deciding(scenario.mediators.len());
    Places { parties, capitals, delegations, constituencies, mediators, groups, frontier, rounds }
}
