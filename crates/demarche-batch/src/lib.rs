//! Many runs.
//!
//! A [`design`] says which numbers vary, at which points and in which futures; a [`plan`] is a
//! design of a scenario with a seed, and is cut into ranges. [`runs`] plays runs, [`range`] makes a
//! [`table`] and an [`aggregate`] of those of a range, and of some their [`turns`]. A [`campaign`]
//! works on ranges with several threads and keeps them in a [`folder`], and [`results`] joins them,
//! with what was given of each run. A range of a plan always comes to the same bytes, so that it
//! does not matter where, when and in what order it was done; [`verify`] plays some runs again and
//! looks whether that is so. [`kept`] reads runs back. [`compare`] plays the same futures as they
//! were and changed.

pub mod design;
pub mod plan;
pub mod runs;
mod given;
pub mod table;
pub mod turns;
pub mod aggregate;
mod wire;
pub mod range;
pub mod folder;
pub mod campaign;
pub mod stopping;
pub mod forecast;
pub mod results;
pub mod summary;
pub mod words;
pub mod verify;
pub mod kept;
pub mod compare;
pub mod error;
#[cfg(test)]
mod testing;
