//! Why a run ended as it did, and what would have changed it.
//!
//! An explanation is read off the run itself: its record is played again to the moment its last
//! round closed, and the table is looked at there. The [`ledger`] says what the last text was worth
//! to each side, and why; the [`room`] what else could have been signed; [`time`] where the hours
//! went; [`blocking`] on which issue and side it ended; and the [`least_change`] is searched for
//! among the run's own [`levers`], on the same draws. [`words`] tells it, [`json`] writes it.

pub mod blocking;
pub mod json;
pub mod least_change;
pub mod ledger;
pub mod levers;
pub mod room;
pub mod time;
pub mod words;
mod scene;

pub use scene::{Explanation, LastRound, Search, explain};
