//! Plain columns: what the engine costs without an entity component system.
//!
//! The engine's sources, unchanged, compiled against this: what belongs to agents lies in arrays in
//! the order of their numbers, what there is once lies beside them, and a part of a turn is a list
//! of functions called one after the other. No archetypes, no change ticks, no generations of
//! entities, no access sets: what is left is what a loop written by hand over the same rules would
//! do. It takes what its one user does for granted, and is no library.
//!
//! Nothing here is unsafe: a function is lent the columns it asked for, and gives them back.

extern crate self as bevy_ecs;

pub mod component;
pub mod entity;
pub mod query;
pub mod schedule;
pub mod system;
pub mod world;

/// What the engine's sources use to write columns.
pub mod change_detection {
    pub use crate::query::ContiguousMut;
}

/// What the engine's sources use of the prelude.
pub mod prelude {
    pub use crate::component::Component;
    pub use crate::entity::Entity;
    pub use crate::query::Query;
    pub use crate::schedule::{IntoScheduleConfigs, Schedule, SystemSet};
    pub use crate::system::{Local, Res, ResMut};
    pub use crate::world::{Resource, World};
    pub use demarche_plain_derive::{Component, Resource};
}
