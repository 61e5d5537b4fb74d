//! A world: columns by what they hold, and what there is once.

use std::any::{Any, TypeId};
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::component::{Bundle, Component};
use crate::entity::Entity;
use crate::system::ResMut;

/// Something that there is once.
pub trait Resource: Sized + 'static {}

/// What all agents of a role have of one kind, in the order of their numbers.
pub struct Column<T> {
    /// The first of the role.
    first: usize,
    pub(crate) rows: Vec<T>,
}

impl<T> Column<T> {
    fn row(&self, of: Entity) -> Option<usize> {
        of.0.checked_sub(self.first)
    }

    /// Gives it to the next of the role, or replaces what one of them has.
    pub(crate) fn put(&mut self, to: Entity, given: T) {
        if self.rows.is_empty() {
            self.first = to.0;
        }
        let row = self.row(to).expect("given to the first of the role first");
        if row == self.rows.len() {
            self.rows.push(given);
        } else {
            self.rows[row] = given;
        }
    }
}

/// Columns, and what there is once. Each is in its place but while a function has it on loan.
#[derive(Default)]
pub struct World {
    places: Vec<Option<Rc<dyn Any>>>,
    known: BTreeMap<TypeId, usize>,
    n_entities: usize,
}

impl World {
    /// An empty world.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The place of what is of a type, which is empty before anything was put there.
    pub(crate) fn place<T: 'static>(&mut self) -> usize {
        *self.known.entry(TypeId::of::<T>()).or_insert_with(|| {
            self.places.push(None);
            self.places.len() - 1
        })
    }

    /// Lends what is at a place to somebody who only looks.
    pub(crate) fn lend<T: 'static>(&self, place: usize) -> Rc<T> {
        let held = self.places[place].clone().expect("nobody has it to write");
        held.downcast().expect("a place holds one type")
    }

    /// Lends what is at a place to somebody who writes: nobody else has it.
    pub(crate) fn hand_over<T: 'static>(&mut self, place: usize) -> Rc<T> {
        let held = self.places[place].take().expect("nobody else has it");
        held.downcast().expect("a place holds one type")
    }

    /// Takes back what was handed over.
    pub(crate) fn take_back<T: 'static>(&mut self, place: usize, held: Rc<T>) {
        self.places[place] = Some(held);
    }

    fn at<T: 'static>(&self) -> Option<&T> {
        let place = *self.known.get(&TypeId::of::<T>())?;
        self.places[place].as_ref()?.downcast_ref()
    }

    fn at_mut<T: 'static>(&mut self) -> Option<&mut T> {
        let place = *self.known.get(&TypeId::of::<T>())?;
        Rc::get_mut(self.places[place].as_mut()?)?.downcast_mut()
    }

    /// The column of a component, made where there is none.
    pub(crate) fn column_mut<T: Component>(&mut self) -> &mut Column<T> {
        let place = self.place::<Column<T>>();
        if self.places[place].is_none() {
            self.places[place] = Some(Rc::new(Column::<T> { first: 0, rows: Vec::new() }));
        }
        self.at_mut().expect("nobody has it on loan")
    }

    /// Puts something there is once, or replaces it.
    pub fn insert_resource<T: Resource>(&mut self, value: T) {
        let place = self.place::<T>();
        self.places[place] = Some(Rc::new(value));
    }

    /// What there is once of a type.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn resource<T: Resource>(&self) -> &T {
        self.at().expect("it was put there")
    }

    /// The same, to write.
    ///
    /// # Panics
    /// When there is none.
    pub fn resource_mut<T: Resource>(&mut self) -> ResMut<'_, T> {
        ResMut(self.at_mut().expect("it was put there"))
    }

    /// What an agent has of a kind.
    #[must_use]
    pub fn get<T: Component>(&self, entity: Entity) -> Option<&T> {
        let column = self.at::<Column<T>>()?;
        column.rows.get(column.row(entity)?)
    }

    /// The same, to write.
    pub fn get_mut<T: Component>(&mut self, entity: Entity) -> Option<&mut T> {
        let column = self.at_mut::<Column<T>>()?;
        let row = column.row(entity)?;
        column.rows.get_mut(row)
    }

    /// A new agent that has nothing.
    pub fn spawn_empty(&mut self) -> EntityMut<'_> {
        self.n_entities += 1;
        EntityMut { entity: Entity(self.n_entities - 1), world: self }
    }

    /// A new agent with something.
    pub fn spawn(&mut self, with: impl Bundle) -> EntityMut<'_> {
        let mut agent = self.spawn_empty();
        agent.insert(with);
        agent
    }

    /// An agent, to be given something.
    pub fn entity_mut(&mut self, entity: Entity) -> EntityMut<'_> {
        EntityMut { entity, world: self }
    }
}

/// An agent, to be given something.
pub struct EntityMut<'w> {
    entity: Entity,
    world: &'w mut World,
}

impl EntityMut<'_> {
    /// Gives it components, or replaces them.
    pub fn insert(&mut self, given: impl Bundle) -> &mut Self {
        given.give(self.world, self.entity);
        self
    }

    /// Its number.
    #[must_use]
    pub const fn id(&self) -> Entity {
        self.entity
    }
}
