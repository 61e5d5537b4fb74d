//! The model: mandated, mediated bargaining under spoilers.
//!
//! Read [`turn`] first: its list of mechanisms is the model's table of contents, and each mechanism
//! is one file of [`mechanisms`], rules first. [`session`] begins runs, stops them where a decision
//! belongs to someone outside, and hands out their records. Once a [`scenario`] is validated,
//! nothing here can fail.

pub mod scenario;
pub mod session;
pub mod past;
pub mod turn;
pub mod questions;
pub mod refusal;
pub mod roster;
pub mod seated;
pub mod table;
pub mod orders;
pub mod seating;
pub mod recording;
pub mod insight;
pub mod measures;
pub mod mechanisms;
#[cfg(test)]
mod testing;

/// The version of the model. It rises whenever the same scenario and seed give another chronicle.
pub const MODEL_VERSION: &str = "0.3";
