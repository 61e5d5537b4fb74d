//! Tests of the whole, one module a question.
//!
//! What a single function promises is tested at the foot of its file; here stands what no single
//! file can promise.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod tidy;
mod docs;
mod determinism;
mod whole_turn;
mod plain;
mod branching;
mod properties;
mod theory;
mod negotiations;
mod aspirations;
mod closed_forms;
mod single_text;
mod formulation;
mod solutions;
mod cli;
mod golden;
mod patterns;
mod hostile;
mod situations;
mod signs;
mod allocations;
mod explaining;
mod measures;
mod what_if;
mod class;
