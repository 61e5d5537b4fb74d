//! Queries: columns on loan, looked at as the slices they are.

use std::convert::Infallible;
use std::marker::PhantomData;
use std::ops::Deref;
use std::rc::Rc;

use crate::component::Component;
use crate::system::SystemParam;
use crate::world::{Column, World};

/// What can be asked for: components to look at or to write, and several of them.
pub trait QueryData {
    /// Where the columns are.
    type Places: 'static;
    /// The columns on loan.
    type Lent: 'static;
    /// The columns, as a function has them.
    type Columns<'w>;

    /// Finds the columns.
    fn places(world: &mut World) -> Self::Places;
    /// Lends them.
    fn lend(places: &Self::Places, world: &mut World) -> Self::Lent;
    /// Takes them back.
    fn give_back(places: &Self::Places, lent: Self::Lent, world: &mut World);
    /// The columns of a loan.
    fn columns(lent: &mut Self::Lent) -> Self::Columns<'_>;
}

/// What can be asked for as slices, which here is everything.
pub trait ContiguousQueryData: QueryData {
    /// The slices.
    type Contiguous<'w, 's>;
    /// The slices of columns.
    fn slices<'w, 's>(columns: Self::Columns<'w>) -> Self::Contiguous<'w, 's>;
}

/// A column to write.
pub struct ContiguousMut<'w, T>(&'w mut [T]);

impl<T> ContiguousMut<'_, T> {
    /// Its rows.
    pub fn bypass_change_detection(&mut self) -> &mut [T] {
        self.0
    }
}

impl<T> Deref for ContiguousMut<'_, T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        self.0
    }
}

impl<T: Component> QueryData for &T {
    type Places = usize;
    type Lent = Rc<Column<T>>;
    type Columns<'w> = &'w [T];

    fn places(world: &mut World) -> usize {
        world.column_mut::<T>();
        world.place::<Column<T>>()
    }
    fn lend(place: &usize, world: &mut World) -> Rc<Column<T>> {
        world.lend(*place)
    }
    fn give_back(_: &usize, _: Rc<Column<T>>, _: &mut World) {}
    fn columns(lent: &mut Rc<Column<T>>) -> &[T] {
        &lent.rows
    }
}

impl<T: Component> ContiguousQueryData for &T {
    type Contiguous<'w, 's> = &'w [T];
    fn slices<'w, 's>(column: Self::Columns<'w>) -> Self::Contiguous<'w, 's> {
        column
    }
}

impl<T: Component> QueryData for &mut T {
    type Places = usize;
    type Lent = Rc<Column<T>>;
    type Columns<'w> = ContiguousMut<'w, T>;

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
    fn columns(lent: &mut Rc<Column<T>>) -> ContiguousMut<'_, T> {
        ContiguousMut(&mut Rc::get_mut(lent).expect("handed over to one alone").rows)
    }
}

impl<T: Component> ContiguousQueryData for &mut T {
    type Contiguous<'w, 's> = ContiguousMut<'w, T>;
    fn slices<'w, 's>(column: Self::Columns<'w>) -> Self::Contiguous<'w, 's> {
        column
    }
}

macro_rules! several {
    ($($name:ident $place:ident)+) => {
        #[allow(non_snake_case, reason = "one name for a type and its value")]
        impl<$($name: QueryData),+> QueryData for ($($name,)+) {
            type Places = ($($name::Places,)+);
            type Lent = ($($name::Lent,)+);
            type Columns<'w> = ($($name::Columns<'w>,)+);

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
        }

        #[allow(non_snake_case, reason = "one name for a type and its value")]
        impl<$($name: ContiguousQueryData),+> ContiguousQueryData for ($($name,)+) {
            type Contiguous<'w, 's> = ($($name::Contiguous<'w, 's>,)+);
            fn slices<'w, 's>(columns: Self::Columns<'w>) -> Self::Contiguous<'w, 's> {
                let ($($name,)+) = columns;
                ($($name::slices($name),)+)
            }
        }
    };
}

several!(A a B b);
several!(A a B b C c);
several!(A a B b C c D d);
several!(A a B b C c D d E e);
several!(A a B b C c D d E e F f);

/// Columns on loan.
pub struct Query<'w, 's, D: QueryData> {
    columns: D::Columns<'w>,
    of: PhantomData<&'s D>,
}

impl<'w, D: QueryData<Columns<'w>: Copy>> Clone for Query<'w, '_, D> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<'w, D: QueryData<Columns<'w>: Copy>> Copy for Query<'w, '_, D> {}

impl<'w, 's, D: ContiguousQueryData> Query<'w, 's, D> {
    /// The columns as slices, in one piece.
    ///
    /// # Errors
    /// None.
    pub fn contiguous_iter_inner(
        self,
    ) -> Result<std::iter::Once<D::Contiguous<'w, 's>>, Infallible> {
        Ok(std::iter::once(D::slices(self.columns)))
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
