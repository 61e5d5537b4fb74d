//! Schedules: functions in the order of their phases, called one after the other.

use std::any::TypeId;
use std::fmt::Debug;

pub use demarche_plain_derive::{ScheduleLabel, SystemSet};

use crate::system::{Called, System, SystemFunction, SystemParam};
use crate::world::World;

/// A phase of a part of the turn.
pub trait SystemSet: Debug {}

/// The name of a part of the turn.
pub trait ScheduleLabel: Debug {}

/// How loud to be about what is ambiguous: here nothing is.
#[derive(Clone, Copy, Debug)]
pub enum LogLevel {
    /// Very.
    Error,
}

/// How a schedule is built: there is one way.
#[derive(Clone, Copy, Debug)]
pub struct ScheduleBuildSettings {
    /// See [`LogLevel`].
    pub ambiguity_detection: LogLevel,
    /// There is nothing to defer.
    pub auto_insert_apply_deferred: bool,
}

impl Default for ScheduleBuildSettings {
    fn default() -> Self {
        Self { ambiguity_detection: LogLevel::Error, auto_insert_apply_deferred: false }
    }
}

/// The one way to call functions.
#[derive(Clone, Copy, Debug, Default)]
pub struct SingleThreadedExecutor;

impl SingleThreadedExecutor {
    /// It.
    #[must_use]
    pub const fn new() -> Self {
        Self
    }
}

/// Something to be put into a schedule.
pub enum Node {
    /// A phase.
    Phase(String),
    /// A function, by its type.
    Function(TypeId, Box<dyn System>),
}

/// Several of them, in their order.
pub struct Configs {
    nodes: Vec<Node>,
    phase: String,
    before: Option<TypeId>,
    after: Option<TypeId>,
}

impl From<Vec<Node>> for Configs {
    fn from(nodes: Vec<Node>) -> Self {
        Self { nodes, phase: String::new(), before: None, after: None }
    }
}

/// What can be put into a schedule. `M` tells phases from functions.
pub trait IntoScheduleConfigs<M>: Sized {
    /// As nodes.
    fn into_configs(self) -> Configs;

    /// One after the other, as they stand: there is no other way.
    fn chain(self) -> Configs {
        self.into_configs()
    }
    /// In a phase.
    fn in_set(self, phase: impl SystemSet) -> Configs {
        Configs { phase: format!("{phase:?}"), ..self.into_configs() }
    }
    /// After a function of the same phase.
    fn after<P: SystemParam, F: SystemFunction<P>>(self, _: F) -> Configs {
        Configs { after: Some(TypeId::of::<F>()), ..self.into_configs() }
    }
    /// Before a function of the same phase.
    fn before<P: SystemParam, F: SystemFunction<P>>(self, _: F) -> Configs {
        Configs { before: Some(TypeId::of::<F>()), ..self.into_configs() }
    }
}

/// Marks nodes that are made already.
pub struct Made;
/// Marks phases.
pub struct Phases;
/// Marks a function of such parameters.
pub struct Function<P>(P);

impl IntoScheduleConfigs<Made> for Configs {
    fn into_configs(self) -> Configs {
        self
    }
}

impl<A: SystemSet, B: SystemSet> IntoScheduleConfigs<Phases> for (A, B) {
    fn into_configs(self) -> Configs {
        vec![Node::Phase(format!("{:?}", self.0)), Node::Phase(format!("{:?}", self.1))].into()
    }
}

fn node<P: SystemParam + 'static, F: SystemFunction<P>>(function: F) -> Node {
    let called = Called::<F, P> { function, state: None };
    Node::Function(TypeId::of::<F>(), Box::new(called))
}

impl<P: SystemParam + 'static, F: SystemFunction<P>> IntoScheduleConfigs<Function<P>> for F {
    fn into_configs(self) -> Configs {
        vec![node(self)].into()
    }
}

macro_rules! functions {
    ($($name:ident $of:ident)+) => {
        #[allow(non_snake_case, reason = "one name for a type and its value")]
        impl<$($of: SystemParam + 'static, $name: SystemFunction<$of>),+>
            IntoScheduleConfigs<($(Function<$of>,)+)> for ($($name,)+)
        {
            fn into_configs(self) -> Configs {
                let ($($name,)+) = self;
                vec![$(node::<$of, $name>($name)),+].into()
            }
        }
    };
}

functions!(A P B Q);
functions!(A P B Q C R);
functions!(A P B Q C R D S);
functions!(A P B Q C R D S E T);
functions!(A P B Q C R D S E T F U);

/// One function of a schedule.
struct Entry {
    phase: usize,
    which: TypeId,
    system: Box<dyn System>,
}

/// A list of functions, in the order of their phases; within a phase, as they were added.
pub struct Schedule {
    phases: Vec<String>,
    entries: Vec<Entry>,
}

impl Schedule {
    /// An empty one.
    #[must_use]
    pub fn new(_: impl ScheduleLabel) -> Self {
        Self { phases: Vec::new(), entries: Vec::new() }
    }

    /// Lists phases, each after those that are listed.
    pub fn configure_sets<M>(&mut self, phases: impl IntoScheduleConfigs<M>) -> &mut Self {
        for node in phases.into_configs().nodes {
            let Node::Phase(phase) = node else { continue };
            if !self.phases.contains(&phase) {
                self.phases.push(phase);
            }
        }
        self
    }

    /// Adds functions, after those of the same phase.
    ///
    /// # Panics
    /// When they ask for another place than after those that were added before.
    pub fn add_systems<M>(&mut self, systems: impl IntoScheduleConfigs<M>) -> &mut Self {
        let Configs { nodes, phase, before, after } = systems.into_configs();
        let phase = self.phases.iter().position(|known| *known == phase);
        let phase = phase.expect("phases are listed first");
        for node in nodes {
            let Node::Function(which, system) = node else { continue };
            let is_there = |of: TypeId| self.entries.iter().any(|entry| entry.which == of);
            assert!(after.is_none_or(is_there), "added before what it comes after");
            assert!(!before.is_some_and(is_there), "added after what it comes before");
            let place = self.entries.partition_point(|entry| entry.phase <= phase);
            self.entries.insert(place, Entry { phase, which, system });
        }
        self
    }

    /// There is one way.
    pub fn set_executor(&mut self, _: SingleThreadedExecutor) -> &mut Self {
        self
    }

    /// There is one way.
    pub fn set_build_settings(&mut self, _: ScheduleBuildSettings) -> &mut Self {
        self
    }

    /// Calls all functions.
    pub fn run(&mut self, world: &mut World) {
        self.entries.iter_mut().for_each(|entry| entry.system.run(world));
    }
}
