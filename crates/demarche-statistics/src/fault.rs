//! What is wrong with a request: each fault that the crate can find, in words for who made it.

/// Why a request cannot be met.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Fault {
    /// A confidence that is no probability, or a certainty.
    #[error("a confidence must lie between 0 and 1, but is {level}")]
    NoConfidence {
        /// What was asked for.
        level: f64,
    },
    /// More of them than there are.
    #[error("{count} of {of} is no share")]
    NoShare {
        /// How many.
        count: u64,
        /// Of how many.
        of: u64,
    },
    /// Rows of a life table that do not know the same causes.
    #[error("turn {turn} has {found} causes of an end, the first has {expected}")]
    UnequalCauses {
        /// The row.
        turn: usize,
        /// How many causes it has.
        found: usize,
        /// How many causes the first row has.
        expected: usize,
    },
    /// A plan with nothing in it.
    #[error("a plan needs a point and a dimension at least")]
    EmptyPlan,
    /// A plan that cannot be addressed.
    #[error("a plan of {n_points} points is too large, at most {most}")]
    TooManyPoints {
        /// How many points it would have, or the largest number if that is more.
        n_points: u64,
        /// How many it can have.
        most: u64,
    },
    /// More dimensions than there are direction numbers.
    #[error("{n_dimensions} dimensions are too many, at most {most}")]
    TooManyDimensions {
        /// How many dimensions it would have.
        n_dimensions: usize,
        /// How many it can have.
        most: usize,
    },
    /// Levels that cannot be halved.
    #[error("levels must be even and 2 at least, but are {levels}")]
    OddLevels {
        /// What was asked for.
        levels: u32,
    },
    /// Results that do not fit the plan.
    #[error("{found} outputs, where the plan has a multiple of {expected}")]
    UnequalOutputs {
        /// How many there are.
        found: usize,
        /// How many there should be, or a multiple of it.
        expected: usize,
    },
    /// Points that follow each other and differ in no coordinate, or in several.
    #[error("from point {index} to the next, {n_changed} coordinates change instead of one")]
    NoStep {
        /// The first of the two.
        index: usize,
        /// How many coordinates change.
        n_changed: usize,
    },
}
