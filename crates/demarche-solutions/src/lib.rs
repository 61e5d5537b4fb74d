//! Yardsticks to judge an agreement by: what bargaining theory would have signed, and how far a
//! text is from the best that could be had. Pure functions of gains; they know no run and no time.
//!
//! The way through: worths over a region, less what no deal is worth, make [`prospects`]; those
//! that nobody could improve on for free are the [Pareto frontier](pareto); those that nobody
//! would refuse are the [zone of agreement](zopa). Each solution picks from what is in both.
//!
//! | yardstick | it picks | moves with one party's unit |
//! |---|---|---|
//! | [`nash`] | the greatest product of gains | no |
//! | [`kalai_smorodinsky`] | equal shares of what each could hope for, in two readings | no |
//! | [`egalitarian`] | the most for the one who gains least | yes |
//! | [`utilitarian`] | the greatest sum of gains | yes |
//! | [`distance`] | nothing: it tells how far a text is from the Pareto frontier | yes |
//!
//! # Conventions
//! - Everything is exact: each package of the region is looked at, none is sampled.
//! - A gain is signed worth over disagreement, and [`disagreement`] has two readings of that.
//! - Solutions lie on the Pareto frontier and in the zone of agreement. The textbook's set is
//!   convex, and that would follow; packages are finite in number, so it is said. An empty zone has
//!   no solution (`None`).
//! - All packages that answer equally well are told, in the order of packages. Gains are compared
//!   in whole steps of the search's tolerance, so that sums taken in another order change nothing.
//! - The axioms hold as far as they can on finite sets. What fails there is said in each file.
//!
//! # Example
//! A hundred to be split in tens. No deal leaves the first side 20; what would have been fair?
//! ```
//! use demarche_domain::{index::IssueIx, package::PackageSpace, region::Region, worth::Worth};
//! use demarche_solutions::{nash, pareto::ParetoFrontier, prospects::Prospects, zopa};
//!
//! let space = PackageSpace::new(&[11]).expect("one issue of eleven rungs");
//! let (mut first, mut second) = (Worth::zero(&space, &[]), Worth::zero(&space, &[]));
//! for tens in 0..=10_u8 {
//!     first.solo_mut(IssueIx(0))[usize::from(tens)] = 10.0 * f64::from(tens);
//!     second.solo_mut(IssueIx(0))[usize::from(tens)] = 10.0 * f64::from(10 - tens);
//! }
//! let prospects = Prospects::new(&Region::all(&space), &[&first, &second], &[20.0, 0.0]);
//! let frontier = ParetoFrontier::of(&prospects);
//!
//! assert_eq!(zopa::zone(&prospects).size(), 9);
//! let solution = nash::nash(&frontier).expect("the zone is not empty");
//! assert_eq!(solution.packages[0].gains, [40.0, 40.0]); // 60 to the first, 40 to the second.
//! ```

pub mod prospects;
pub mod disagreement;
pub mod pareto;
pub mod zopa;
pub mod solution;
pub mod nash;
pub mod kalai_smorodinsky;
pub mod egalitarian;
pub mod utilitarian;
pub mod distance;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod properties;
