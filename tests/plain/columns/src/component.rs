//! Components: what belongs to an agent, and bundles of such.

use crate::entity::Entity;
use crate::world::World;

/// Something that belongs to an agent.
pub trait Component: Sized + 'static {}

/// One or several components, given to an agent at once.
pub trait Bundle {
    /// Gives them.
    fn give(self, world: &mut World, to: Entity);
}

impl<T: Component> Bundle for T {
    fn give(self, world: &mut World, to: Entity) {
        world.column_mut::<T>().put(to, self);
    }
}

macro_rules! bundles {
    ($($name:ident)+) => {
        impl<$($name: Bundle),+> Bundle for ($($name,)+) {
            #[allow(non_snake_case, reason = "one name for a type and its value")]
            fn give(self, world: &mut World, to: Entity) {
                let ($($name,)+) = self;
                $($name.give(world, to);)+
            }
        }
    };
}

bundles!(A B);
bundles!(A B C);
bundles!(A B C D);
bundles!(A B C D E);
bundles!(A B C D E F);
bundles!(A B C D E F G);
bundles!(A B C D E F G H);
bundles!(A B C D E F G H I);
bundles!(A B C D E F G H I J);
bundles!(A B C D E F G H I J K);
bundles!(A B C D E F G H I J K L);
