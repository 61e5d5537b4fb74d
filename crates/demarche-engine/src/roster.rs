//! The roster: who sits where, in the one stable order.
//!
//! Nothing that can reach a result iterates a query: it walks the roster and asks for somebody's
//! row.

use std::sync::Arc;

use bevy_ecs::prelude::*;
use bevy_ecs::query::ContiguousQueryData;
use demarche_domain::index::{ConstituencyIx, GroupIx, MAX_PARTIES, MediatorIx, PartyIx, RoundIx};
use demarche_record::seat::Seat;

use crate::scenario::Scenario;
use crate::seated::{Columns, Seated};

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

    /// Where somebody lies among all of the role.
    #[inline]
    fn row(&self, at: usize, which: usize) -> usize {
        // Past its end are those of another table.
        assert!(which < self.each, "{which} of {}", self.each);
        at * self.each + which
    }

    fn at(&self, at: usize, which: usize) -> Entity {
        self.all[self.row(at, which)]
    }

    fn get(&self, at: usize, which: usize) -> Option<Entity> {
        (which < self.each).then(|| self.at(at, which))
    }
}

/// The roles of a scenario.
#[derive(Debug)]
struct Roles {
    /// The parties themselves: their demands and positions.
    parties: Role,
    capitals: Role,
    delegations: Role,
    constituencies: Role,
    /// Where those of each party begin among those of a table, and where the last end.
    constituencies_from: Vec<usize>,
    mediators: Role,
    groups: Role,
    rounds: Role,
}

impl Roles {
    /// A constituency among those of a table, if there is one.
    fn constituency(&self, party: PartyIx, which: ConstituencyIx) -> Option<usize> {
        let [from, to] = [0, 1].map(|next| self.constituencies_from.get(party.ix() + next));
        let which = from? + which.ix();
        (which < *to?).then_some(which)
    }
}

/// The entities of all tables, shared by all who walk them.
#[derive(Resource, Clone, Debug)]
pub struct Roster(Arc<Roles>);

impl Roster {
    /// Makes the entities of so many tables.
    pub(crate) fn lay(world: &mut World, scenario: &Scenario, n_tables: usize) -> Self {
        let mut role = |each: usize| Role::new(world, n_tables, each);
        let n = scenario.parties.len();
        let mut constituencies_from = vec![0];
        for party in &scenario.parties {
            let end = constituencies_from.last().expect("has one") + party.constituencies.len();
            constituencies_from.push(end);
        }
        Self(Arc::new(Roles {
            parties: role(n),
            capitals: role(n),
            delegations: role(n),
            constituencies: role(constituencies_from[n]),
            constituencies_from,
            mediators: role(scenario.mediators.len()),
            groups: role(scenario.groups.len()),
            rounds: role(scenario.rounds.len()),
        }))
    }

    /// What everybody of a role has of what a query asks for.
    ///
    /// # Panics
    /// When the role is not one of those that `I` tells apart.
    pub fn seated<'w, 's, D, I>(
        &self,
        query: Query<'w, 's, D>,
    ) -> Seated<'_, D::Contiguous<'w, 's>, I>
    where
        D: ContiguousQueryData<Contiguous<'w, 's>: Columns>,
        I: Place,
    {
        // Nobody else has these components, so they lie in one table of the World.
        let columns = query.contiguous_iter_inner().ok().and_then(|mut tables| tables.next());
        let n_rows = columns.as_ref().map_or(0, Columns::n_rows);
        assert_eq!(n_rows, I::n_rows(self), "components of another role");
        Seated::new(self, columns)
    }

    /// The parties of a table.
    pub fn parties(&self) -> impl DoubleEndedIterator<Item = PartyIx> + Clone + use<> {
        PartyIx::first(self.0.parties.each)
    }
    /// The constituencies of a party.
    pub fn constituencies(&self, of: PartyIx) -> impl Iterator<Item = ConstituencyIx> + use<> {
        let [from, to] = [0, 1].map(|next| self.0.constituencies_from[of.ix() + next]);
        ConstituencyIx::first(to - from)
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
        let which = self.0.constituency(party, which).expect("the party has it");
        self.0.constituencies.at(at, which)
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
            Seat::Constituency(p, c) => {
                self.0.constituency(p, c).map(|which| self.0.constituencies.at(at, which))
            }
        }
    }
}

/// By what those of a role are told apart at a table.
pub trait Place: Copy {
    /// How many there are at all tables.
    fn n_rows(roster: &Roster) -> usize;
    /// Where one of them at a table lies among these.
    fn row(self, roster: &Roster, at: usize) -> usize;
}

macro_rules! places {
    ($($index:ident of $role:ident)+) => {
        $(impl Place for $index {
            fn n_rows(roster: &Roster) -> usize {
                roster.0.$role.all.len()
            }
            #[inline]
            fn row(self, roster: &Roster, at: usize) -> usize {
                roster.0.$role.row(at, self.ix())
            }
        })+
    };
}

// Parties, capitals and delegations are one to one.
places!(PartyIx of parties MediatorIx of mediators GroupIx of groups RoundIx of rounds);

impl Place for (PartyIx, ConstituencyIx) {
    fn n_rows(roster: &Roster) -> usize {
        roster.0.constituencies.all.len()
    }
    fn row(self, roster: &Roster, at: usize) -> usize {
        let which = roster.0.constituency(self.0, self.1).expect("the party has it");
        roster.0.constituencies.row(at, which)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mechanisms::attacks::Militancy;
    use crate::mechanisms::deadline::RoundPlan;
    use crate::mechanisms::instructions::Mandate;
    use crate::mechanisms::mediation::Engagement;
    use crate::mechanisms::no_deal::Pain;
    use crate::mechanisms::offering::Position;
    use crate::mechanisms::ratification::Consent;
    use crate::scenario::{Constituency, Scenario};
    use crate::session::Session;
    use crate::testing::{plain_group, plain_mediator, plain_scenario};
    use demarche_record::format::Lineage;

    /// Three tables of the plain scenario with somebody in every role, seated in another order.
    fn seated() -> Session {
        let nil = demarche_random::sample::Number::fixed(0.0);
        let stakes = vec![nil, nil];
        let one = Constituency { stakes, sharpness: nil, buffer: nil };
        let mut plain = plain_scenario();
        plain.parties[0].constituencies = vec![one.clone(), one.clone()];
        plain.parties[1].constituencies = vec![one];
        let (groups, mediators) = (vec![plain_group()], vec![plain_mediator()]);
        let mut session = Session::new(Arc::new(Scenario { groups, mediators, ..plain }), 3);
        for at in [2, 0, 1] {
            let lineage = Lineage { seed: 7, branch: None, over_ranges: None };
            session.seat(at, lineage, Vec::new(), false);
            session.advance().unwrap();
        }
        session
    }

    #[test]
    fn all_lie_in_the_order_of_the_roster_whoever_is_seated_first() {
        fn lie<T: Component>(world: &World, role: &Role) {
            let mut who = world.try_query_filtered::<Entity, With<T>>().unwrap();
            assert_eq!(who.iter(world).collect::<Vec<_>>(), role.all);
        }
        let session = seated();
        let world = session.world();
        let roles = &*world.resource::<Roster>().0;
        lie::<Position>(world, &roles.parties);
        lie::<Pain>(world, &roles.capitals);
        lie::<Mandate>(world, &roles.delegations);
        lie::<Consent>(world, &roles.constituencies);
        lie::<Engagement>(world, &roles.mediators);
        lie::<Militancy>(world, &roles.groups);
        lie::<RoundPlan>(world, &roles.rounds);
        assert_eq!(roles.constituencies.all.len(), 9);
    }

    #[test]
    #[should_panic(expected = "components of another role")]
    fn rows_of_another_role_are_not_handed_out() {
        let mut world = World::new();
        let roster = Roster::lay(&mut world, &plain_scenario(), 2);
        world.spawn(Pain::default());
        let _: Seated<'_, _, PartyIx> = roster.seated(world.query::<&Pain>().query(&world));
    }
}
