//! Paired timing: ratios that a machine which is slower for a while does not change.

#![allow(clippy::disallowed_methods, reason = "what is measured is the clock on the wall")]

use std::time::Instant;

/// How often each is timed.
const PAIRS: usize = 15;

/// A ratio of times: its median and its quartiles over pairs.
#[derive(Clone, Copy, Debug)]
pub struct Ratio {
    /// How many.
    pub pairs: usize,
    /// [1]
    pub median: f64,
    /// [1]
    pub quartiles: [f64; 2],
}

impl std::fmt::Display for Ratio {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { pairs, median, quartiles: [low, high] } = self;
        write!(out, "{median:.3} ({low:.3} to {high:.3}), {pairs} pairs")
    }
}

impl Ratio {
    /// Of what several pairs came to.
    pub fn of(mut ratios: Vec<f64>) -> Self {
        ratios.sort_by(f64::total_cmp);
        let pairs = ratios.len();
        let [low, median, high] = [1, 2, 3].map(|quarters| ratios[quarters * pairs / 4]);
        Self { pairs, median, quartiles: [low, high] }
    }
}

/// How long something takes. [s]
pub fn seconds(play: impl FnOnce()) -> f64 {
    let start = Instant::now();
    play();
    start.elapsed().as_secs_f64()
}

/// The time of what is `asked` about, to that of its `base`. Each ratio is of two that were played
/// one right after the other; every other pair is played the other way round.
pub fn paired(mut asked: impl FnMut(), mut base: impl FnMut()) -> Ratio {
    base(); // Memory is taken before anything counts.
    let ratios = (0..PAIRS).map(|pair| {
        let first = (pair % 2 == 0).then(|| seconds(&mut asked));
        let below = seconds(&mut base);
        first.unwrap_or_else(|| seconds(&mut asked)) / below
    });
    Ratio::of(ratios.collect())
}
