//! The seated: what everybody of a role has, at all tables, side by side.
//!
//! Everybody of a role gets the same components when a World is laid, in the order of the roster,
//! and none come or go afterwards: they are only ever overwritten. So they lie in columns in that
//! order, and what somebody has is found by counting. To ask a query for each entity would look up
//! where it lies, every time: docs/BENCHMARKS.md has what that costs.

use bevy_ecs::change_detection::ContiguousMut;

use crate::roster::{Place, Roster};

/// What everybody of a role has, asked by table and by whom `I` tells apart there.
pub struct Seated<'r, C, I> {
    roster: &'r Roster,
    /// None where a scenario has nobody of the role.
    columns: Option<C>,
    told_apart_by: std::marker::PhantomData<I>,
}

impl<'r, C: Columns, I: Place> Seated<'r, C, I> {
    pub(crate) const fn new(roster: &'r Roster, columns: Option<C>) -> Self {
        Self { roster, columns, told_apart_by: std::marker::PhantomData }
    }

    /// What somebody at a table has, to look at.
    ///
    /// # Panics
    /// When there is nobody of that number at a table.
    #[inline]
    pub fn get(&self, at: usize, who: I) -> C::Seen<'_> {
        let columns = self.columns.as_ref().expect("the role has somebody");
        columns.see(who.row(self.roster, at))
    }

    /// The same, to write where it was asked for to write.
    ///
    /// # Panics
    /// When there is nobody of that number at a table.
    #[inline]
    pub fn get_mut(&mut self, at: usize, who: I) -> C::Held<'_> {
        let columns = self.columns.as_mut().expect("the role has somebody");
        columns.hold(who.row(self.roster, at))
    }
}

/// Columns of components, row by row the same agent's.
pub trait Columns {
    /// A row, to look at.
    type Seen<'a>
    where
        Self: 'a;
    /// A row, to write in those columns that may be written.
    type Held<'a>
    where
        Self: 'a;

    /// How many rows there are.
    fn n_rows(&self) -> usize;
    /// A row, to look at.
    fn see(&self, row: usize) -> Self::Seen<'_>;
    /// A row, to write.
    fn hold(&mut self, row: usize) -> Self::Held<'_>;
}

impl<T> Columns for &[T] {
    type Seen<'a>
        = &'a T
    where
        Self: 'a;
    type Held<'a>
        = &'a T
    where
        Self: 'a;

    fn n_rows(&self) -> usize {
        self.len()
    }
    #[inline]
    fn see(&self, row: usize) -> &T {
        &self[row]
    }
    #[inline]
    fn hold(&mut self, row: usize) -> &T {
        &self[row]
    }
}

impl<T> Columns for ContiguousMut<'_, T> {
    type Seen<'a>
        = &'a T
    where
        Self: 'a;
    type Held<'a>
        = &'a mut T
    where
        Self: 'a;

    fn n_rows(&self) -> usize {
        self.len()
    }
    #[inline]
    fn see(&self, row: usize) -> &T {
        &self[row]
    }
    /// Nobody asks what has changed, so nothing is marked.
    #[inline]
    fn hold(&mut self, row: usize) -> &mut T {
        &mut self.bypass_change_detection()[row]
    }
}

macro_rules! side_by_side {
    ($($name:ident)+) => {
        #[allow(non_snake_case, reason = "one name for a type and its value")]
        impl<$($name: Columns),+> Columns for ($($name,)+) {
            type Seen<'a> = ($($name::Seen<'a>,)+) where Self: 'a;
            type Held<'a> = ($($name::Held<'a>,)+) where Self: 'a;

            fn n_rows(&self) -> usize {
                self.0.n_rows()
            }
            #[inline]
            fn see(&self, row: usize) -> Self::Seen<'_> {
                let ($($name,)+) = self;
                ($($name.see(row),)+)
            }
            #[inline]
            fn hold(&mut self, row: usize) -> Self::Held<'_> {
                let ($($name,)+) = self;
                ($($name.hold(row),)+)
            }
        }
    };
}

side_by_side!(A B);
side_by_side!(A B C);
side_by_side!(A B C D);
side_by_side!(A B C D E);
side_by_side!(A B C D E F);
