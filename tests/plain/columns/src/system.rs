//! Systems: functions, and what they are lent.

use std::convert::Infallible;
use std::ops::{Deref, DerefMut};
use std::rc::Rc;

pub use demarche_plain_derive::SystemParam;

use crate::world::{Resource, World};

/// What a function can ask for.
pub trait SystemParam {
    /// What is kept from call to call.
    type State: 'static;
    /// What is on loan during a call.
    type Lent: 'static;
    /// What the function gets.
    type Item<'w, 's>: SystemParam<State = Self::State, Lent = Self::Lent>;

    /// Before the first call.
    fn begin(world: &mut World) -> Self::State;
    /// Before each call.
    fn lend(state: &Self::State, world: &mut World) -> Self::Lent;
    /// What the function gets of it.
    fn view<'w, 's>(state: &'s mut Self::State, lent: &'w mut Self::Lent) -> Self::Item<'w, 's>;
    /// After each call.
    fn give_back(state: &Self::State, lent: Self::Lent, world: &mut World);
}

/// Something there is once, to look at.
pub struct Res<'w, T>(&'w T);

impl<T> Deref for Res<'_, T> {
    type Target = T;
    fn deref(&self) -> &T {
        self.0
    }
}

impl<T: Resource> SystemParam for Res<'_, T> {
    type State = usize;
    type Lent = Rc<T>;
    type Item<'w, 's> = Res<'w, T>;

    fn begin(world: &mut World) -> usize {
        world.place::<T>()
    }
    fn lend(place: &usize, world: &mut World) -> Rc<T> {
        world.lend(*place)
    }
    fn view<'w>(_: &mut usize, lent: &'w mut Rc<T>) -> Res<'w, T> {
        Res(lent)
    }
    fn give_back(_: &usize, _: Rc<T>, _: &mut World) {}
}

/// Something there is once, to write.
pub struct ResMut<'w, T>(pub(crate) &'w mut T);

impl<'w, T> ResMut<'w, T> {
    /// As a plain reference.
    #[must_use]
    pub const fn into_inner(self) -> &'w mut T {
        self.0
    }
}

impl<T> Deref for ResMut<'_, T> {
    type Target = T;
    fn deref(&self) -> &T {
        self.0
    }
}

impl<T> DerefMut for ResMut<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.0
    }
}

impl<T: Resource> SystemParam for ResMut<'_, T> {
    type State = usize;
    type Lent = Rc<T>;
    type Item<'w, 's> = ResMut<'w, T>;

    fn begin(world: &mut World) -> usize {
        world.place::<T>()
    }
    fn lend(place: &usize, world: &mut World) -> Rc<T> {
        world.hand_over(*place)
    }
    fn view<'w>(_: &mut usize, lent: &'w mut Rc<T>) -> ResMut<'w, T> {
        ResMut(Rc::get_mut(lent).expect("handed over to one alone"))
    }
    fn give_back(place: &usize, lent: Rc<T>, world: &mut World) {
        world.take_back(*place, lent);
    }
}

/// Something that a function keeps from call to call.
pub struct Local<'s, T>(&'s mut T);

impl<T> Deref for Local<'_, T> {
    type Target = T;
    fn deref(&self) -> &T {
        self.0
    }
}

impl<T> DerefMut for Local<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.0
    }
}

impl<T: Default + 'static> SystemParam for Local<'_, T> {
    type State = T;
    type Lent = ();
    type Item<'w, 's> = Local<'s, T>;

    fn begin(_: &mut World) -> T {
        T::default()
    }
    fn lend(_: &T, _: &mut World) {}
    fn view<'s>(state: &'s mut T, (): &mut ()) -> Local<'s, T> {
        Local(state)
    }
    fn give_back(_: &T, (): (), _: &mut World) {}
}

/// What outlives calls of something that is asked for outside of a part of the turn, to look at.
pub struct SystemState<P: SystemParam> {
    state: P::State,
    lent: Option<P::Lent>,
}

impl<P: SystemParam> SystemState<P> {
    /// Before the first look.
    pub fn new(world: &mut World) -> Self {
        Self { state: P::begin(world), lent: None }
    }

    /// A look.
    ///
    /// # Errors
    /// None: what was asked for is there.
    pub fn get<'s>(&'s mut self, world: &mut World) -> Result<P::Item<'s, 's>, Infallible> {
        let lent = P::lend(&self.state, world);
        Ok(P::view(&mut self.state, self.lent.insert(lent)))
    }
}

/// A function that is called with what it asks for.
pub trait System {
    /// Calls it.
    fn run(&mut self, world: &mut World);
}

/// A function, with what is kept for it once it has been called.
pub(crate) struct Called<F, P: SystemParam> {
    pub(crate) function: F,
    pub(crate) state: Option<P::State>,
}

/// A function of some parameters.
pub trait SystemFunction<P: SystemParam>: 'static {
    /// Calls it.
    fn call(&mut self, with: P::Item<'_, '_>);
}

impl<P: SystemParam, F: SystemFunction<P>> System for Called<F, P> {
    fn run(&mut self, world: &mut World) {
        let state = self.state.get_or_insert_with(|| P::begin(world));
        let mut lent = P::lend(state, world);
        self.function.call(P::view(state, &mut lent));
        P::give_back(state, lent, world);
    }
}

macro_rules! parameters {
    ($($name:ident $held:ident)+) => {
        #[allow(non_snake_case, reason = "one name for a type and its value")]
        impl<$($name: SystemParam),+> SystemParam for ($($name,)+) {
            type State = ($($name::State,)+);
            type Lent = ($($name::Lent,)+);
            type Item<'w, 's> = ($($name::Item<'w, 's>,)+);

            fn begin(world: &mut World) -> Self::State {
                ($($name::begin(world),)+)
            }
            fn lend(state: &Self::State, world: &mut World) -> Self::Lent {
                let ($($name,)+) = state;
                ($($name::lend($name, world),)+)
            }
            fn view<'w, 's>(
                state: &'s mut Self::State,
                lent: &'w mut Self::Lent,
            ) -> Self::Item<'w, 's> {
                let (($($held,)+), ($($name,)+)) = (state, lent);
                ($($name::view($held, $name),)+)
            }
            fn give_back(state: &Self::State, lent: Self::Lent, world: &mut World) {
                let (($($held,)+), ($($name,)+)) = (state, lent);
                $($name::give_back($held, $name, world);)+
            }
        }

        #[allow(non_snake_case, reason = "one name for a type and its value")]
        impl<Of: 'static, $($name: SystemParam),+> SystemFunction<($($name,)+)> for Of
        where
            for<'a> &'a mut Of: FnMut($($name),+) + FnMut($($name::Item<'_, '_>),+),
        {
            fn call(&mut self, with: <($($name,)+) as SystemParam>::Item<'_, '_>) {
                #[allow(clippy::too_many_arguments, reason = "as many as the function has")]
                fn call<$($name),+>(mut function: impl FnMut($($name),+), $($name: $name),+) {
                    function($($name),+);
                }
                let ($($name,)+) = with;
                call(self, $($name),+);
            }
        }
    };
}

parameters!(A a);
parameters!(A a B b);
parameters!(A a B b C c);
parameters!(A a B b C c D d);
parameters!(A a B b C c D d E e);
parameters!(A a B b C c D d E e F f);
parameters!(A a B b C c D d E e F f G g);
parameters!(A a B b C c D d E e F f G g H h);
