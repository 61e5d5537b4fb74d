//! What stands in the way of a comparison.

/// Why base and arms cannot be compared.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CompareFault {
    /// There is nothing to play.
    #[error("there are no futures to play: ask for at least one")]
    NoFutures,
    /// There are more than can be numbered.
    #[error(
        "so many futures cannot be numbered from seed {seed} on: ask for fewer, or a smaller seed"
    )]
    TooManyFutures {
        /// The first seed.
        seed: u64,
    },
    /// An arm has other things than the base, so that they do not compare one by one.
    #[error(
        "{arm}: its {what} are not those of the base, and only what both have compares\n  base: \
         {base}\n  {arm}: {changed}"
    )]
    Others {
        /// The arm.
        arm: String,
        /// What is not the same.
        what: &'static str,
        /// The keys of the base.
        base: String,
        /// The keys of the arm.
        changed: String,
    },
}
