//! Queries: columns on loan, asked for one agent at a time.

use std::marker::PhantomData;
use std::rc::Rc;

use crate::component::Component;
use crate::entity::Entity;
use crate::system::SystemParam;
use crate::world::{Column, World};

/// An agent that has not all that was asked for.
#[derive(Clone, Copy, Debug)]
pub struct QueryEntityError;

/// What can be asked for: components to look at or to write, and several of them.
pub trait QueryData {
    /// Where the columns are.
    type Places: 'static;
    /// The columns on loan.
    type Lent: 'static;
    /// The columns, as they are walked.
    type Columns<'w>;
    /// What one agent has of them, to look at.
    type Seen<'a>;
    /// The same, to write what was asked for to write.
    type Item<'a>;

    /// Finds the columns.
    fn places(world: &mut World) -> Self::Places;
    /// Lends them.
    fn lend(places: &Self::Places, world: &mut World) -> Self::Lent;
    /// Takes them back.
    fn give_back(places: &Self::Places, lent: Self::Lent, world: &mut World);
    /// The columns of a loan.
    fn columns(lent: &mut Self::Lent) -> Self::Columns<'_>;
    /// What one agent has.
    fn see<'a>(columns: &'a Self::Columns<'_>, row: usize) -> Option<Self::Seen<'a>>;
    /// What one agent has, to write.
    fn item<'a>(columns: &'a mut Self::Columns<'_>, row: usize) -> Option<Self::Item<'a>>;
}

impl<T: Component> QueryData for &T {
    type Places = usize;
    type Lent = Rc<Column<T>>;
    type Columns<'w> = &'w [Option<T>];
    type Seen<'a> = &'a T;
    type Item<'a> = &'a T;

    fn places(world: &mut World) -> usize {
        world.column_mut::<T>();
        world.place::<Column<T>>()
    }
    fn lend(place: &usize, world: &mut World) -> Rc<Column<T>> {
        world.lend(*place)
    }
    fn give_back(_: &usize, _: Rc<Column<T>>, _: &mut World) {}
    fn columns(lent: &mut Rc<Column<T>>) -> &[Option<T>] {
        lent
    }
    fn see<'a>(column: &'a &[Option<T>], row: usize) -> Option<&'a T> {
        column.get(row)?.as_ref()
    }
    fn item<'a>(column: &'a mut &[Option<T>], row: usize) -> Option<&'a T> {
        column.get(row)?.as_ref()
    }
}

impl<T: Component> QueryData for &mut T {
    type Places = usize;
    type Lent = Rc<Column<T>>;
    type Columns<'w> = &'w mut [Option<T>];
    type Seen<'a> = &'a T;
    type Item<'a> = &'a mut T;

    fn places(world: &mut World) -> usize {
        world.column_mut::<T>();
        world.place::<Column<T>>()
    }
    fn lend(place: &usize, world: &mut World) -> Rc<Column<T>> {
        world.hand_over(*place)
    }
    fn give_back(place: &usize, lent: Rc<Column<T>>, world: &mut World) {
        world.take_back(*place, lent);
    }
    fn columns(lent: &mut Rc<Column<T>>) -> &mut [Option<T>] {
        Rc::get_mut(lent).expect("handed over to one alone")
    }
    fn see<'a>(column: &'a &mut [Option<T>], row: usize) -> Option<&'a T> {
        column.get(row)?.as_ref()
    }
    fn item<'a>(column: &'a mut &mut [Option<T>], row: usize) -> Option<&'a mut T> {
        column.get_mut(row)?.as_mut()
    }
}

macro_rules! several {
    ($($name:ident $place:ident)+) => {
        #[allow(non_snake_case, reason = "one name for a type and its value")]
        impl<$($name: QueryData),+> QueryData for ($($name,)+) {
            type Places = ($($name::Places,)+);
            type Lent = ($($name::Lent,)+);
            type Columns<'w> = ($($name::Columns<'w>,)+);
            type Seen<'a> = ($($name::Seen<'a>,)+);
            type Item<'a> = ($($name::Item<'a>,)+);

            fn places(world: &mut World) -> Self::Places {
                ($($name::places(world),)+)
            }
            fn lend(places: &Self::Places, world: &mut World) -> Self::Lent {
                let ($($name,)+) = places;
                ($($name::lend($name, world),)+)
            }
            fn give_back(places: &Self::Places, lent: Self::Lent, world: &mut World) {
                let (($($place,)+), ($($name,)+)) = (places, lent);
                $($name::give_back($place, $name, world);)+
            }
            fn columns(lent: &mut Self::Lent) -> Self::Columns<'_> {
                let ($($name,)+) = lent;
                ($($name::columns($name),)+)
            }
            fn see<'a>(columns: &'a Self::Columns<'_>, row: usize) -> Option<Self::Seen<'a>> {
                let ($($name,)+) = columns;
                Some(($($name::see($name, row)?,)+))
            }
            fn item<'a>(columns: &'a mut Self::Columns<'_>, row: usize) -> Option<Self::Item<'a>> {
                let ($($name,)+) = columns;
                Some(($($name::item($name, row)?,)+))
            }
        }
    };
}

several!(A a B b);
several!(A a B b C c);
several!(A a B b C c D d);
several!(A a B b C c D d E e);
several!(A a B b C c D d E e F f);
several!(A a B b C c D d E e F f G g);
several!(A a B b C c D d E e F f G g H h);

/// Columns on loan.
pub struct Query<'w, 's, D: QueryData> {
    columns: D::Columns<'w>,
    of: PhantomData<&'s D>,
}

impl<D: QueryData> Query<'_, '_, D> {
    /// What an agent has, to look at.
    ///
    /// # Errors
    /// When it has not all of it.
    #[inline]
    pub fn get(&self, entity: Entity) -> Result<D::Seen<'_>, QueryEntityError> {
        D::see(&self.columns, entity.0).ok_or(QueryEntityError)
    }

    /// What an agent has, to write.
    ///
    /// # Errors
    /// When it has not all of it.
    #[inline]
    pub fn get_mut(&mut self, entity: Entity) -> Result<D::Item<'_>, QueryEntityError> {
        D::item(&mut self.columns, entity.0).ok_or(QueryEntityError)
    }
}

impl<D: QueryData + 'static> SystemParam for Query<'_, '_, D> {
    type State = D::Places;
    type Lent = D::Lent;
    type Item<'w, 's> = Query<'w, 's, D>;

    fn begin(world: &mut World) -> D::Places {
        D::places(world)
    }
    fn lend(places: &D::Places, world: &mut World) -> D::Lent {
        D::lend(places, world)
    }
    fn view<'w, 's>(_: &'s mut D::Places, lent: &'w mut D::Lent) -> Query<'w, 's, D> {
        Query { columns: D::columns(lent), of: PhantomData }
    }
    fn give_back(places: &D::Places, lent: D::Lent, world: &mut World) {
        D::give_back(places, lent, world);
    }
}
