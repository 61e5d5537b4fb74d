//! What leaves a run, and what enters it from outside.
//!
//! A run is told by its chronicle: typed events in order. Nothing else leaves the engine, so
//! whatever a report, an explanation or a class needs to know is an event. The record of a run is
//! its scenario, its seed, the decisions taken outside, and the chronicle; the first three bring
//! the fourth forth again, byte for byte.

pub mod cast;
pub mod seat;
pub mod decision;
pub mod event;
pub mod chronicle;
pub mod wire;
pub mod format;
pub mod text;
pub mod nearest;
pub mod shell;
mod places;
pub mod inputs;
pub mod legible;
pub mod visibility;
pub mod wording;
pub mod prose;
pub mod calendar;
pub mod transcript;
#[cfg(test)]
mod testing;
