//! The engine once more, from its own sources, over plain columns in place of entities.
//!
//! Every rule, every order and every draw is the engine's: only what `bevy_ecs` does is done by
//! arrays and a list of functions. `tests/it/plain.rs` holds it to the same chronicles, and
//! `tests/benches/loop.rs` says how much quicker it is.
#![allow(clippy::all, clippy::pedantic, reason = "the sources are held to it where they stand")]
#![allow(unused_mut, dead_code, unreachable_pub, missing_docs, reason = "as before")]

pub use demarche_engine::{MODEL_VERSION, scenario};
pub use sources::*;

#[path = "../../../../crates/demarche-engine/src"]
mod sources {
    pub mod insight;
    pub mod measures;
    pub mod mechanisms;
    pub mod orders;
    pub mod past;
    pub mod questions;
    pub mod recording;
    pub mod refusal;
    pub mod roster;
    pub mod seated;
    pub mod seating;
    pub mod session;
    pub mod table;
    pub mod turn;
}
