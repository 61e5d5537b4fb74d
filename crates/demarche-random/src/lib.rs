//! Random numbers without a sequence: every draw has an address (seed, run, turn, purpose, who), so
//! that one more draw in one rule moves no other, and two policies meet the same attacks, the same
//! delays, the same temper.

pub mod seed;
pub mod purpose;
pub mod draws;
pub mod permutation;
pub mod sample;
pub mod math;
