//! The nouns of a negotiation, as plain data: who and what is counted, packages and the regions
//! they lie in, what a package is worth, and the exact search over packages. It
//! knows no scenario, no chance and no time.

pub mod index;
pub mod package;
pub mod ranking;
pub mod region;
pub mod worth;
pub mod search;
