//! Distributions, sampled by inversion from one uniform: monotone in it, and one draw each.

use crate::math;
use crate::purpose::Purpose;
use crate::seed::RunSeed;

/// A distribution of a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Distribution {
    /// Every value between two bounds alike.
    Uniform {
        /// Lower bound.
        low: f64,
        /// Upper bound.
        high: f64,
    },
    /// Most often near the mode.
    Triangular {
        /// Lower bound.
        low: f64,
        /// Most frequent value.
        mode: f64,
        /// Upper bound.
        high: f64,
    },
    /// Every order of magnitude between two positive bounds alike.
    LogUniform {
        /// Lower bound, above zero.
        low: f64,
        /// Upper bound.
        high: f64,
    },
    /// Normal, cut at two bounds.
    Normal {
        /// Mean before cutting.
        mean: f64,
        /// Standard deviation before cutting.
        sd: f64,
        /// Lower bound.
        low: f64,
        /// Upper bound.
        high: f64,
    },
}

impl Distribution {
    /// The value that stands for it where it is not drawn: mode, mean, or (geometric) midpoint.
    #[must_use]
    pub fn reference(&self) -> f64 {
        match *self {
            Self::Uniform { low, high } => low + (high - low) / 2.0,
            Self::Triangular { mode, .. } => mode,
            // The midpoint of the logarithms; the product of the roots cannot overflow.
            Self::LogUniform { low, high } => low.sqrt() * high.sqrt(),
            Self::Normal { mean, .. } => mean,
        }
    }

    /// Its lower and its upper bound.
    #[must_use]
    pub const fn ends(&self) -> (f64, f64) {
        match *self {
            Self::Uniform { low, high }
            | Self::Triangular { low, high, .. }
            | Self::LogUniform { low, high }
            | Self::Normal { low, high, .. } => (low, high),
        }
    }

    /// The same in units of another size, so many of its own to one of them.
    #[must_use]
    pub fn per(self, unit: f64) -> Self {
        let [a, b, c, d] = match self {
            Self::Uniform { low, high } | Self::LogUniform { low, high } => [low, high, 0.0, 0.0],
            Self::Triangular { low, mode, high } => [low, high, mode, 0.0],
            Self::Normal { mean, sd, low, high } => [low, high, mean, sd],
        }
        .map(|value| value / unit);
        match self {
            Self::Uniform { .. } => Self::Uniform { low: a, high: b },
            Self::LogUniform { .. } => Self::LogUniform { low: a, high: b },
            Self::Triangular { .. } => Self::Triangular { low: a, mode: c, high: b },
            Self::Normal { .. } => Self::Normal { mean: c, sd: d, low: a, high: b },
        }
    }

    /// The value at a quantile u in [0, 1).
    #[must_use]
    pub fn at(&self, u: f64) -> f64 {
        match *self {
            Self::Uniform { low, high } => low + (high - low) * u,
            Self::Triangular { low, mode, high } => triangular(low, mode, high, u),
            Self::LogUniform { low, high } => low * math::pow(high / low, u),
            Self::Normal { mean, sd, low, high } => {
                let (floor, ceiling) = (below((low - mean) / sd), below((high - mean) / sd));
                (mean + sd * normal(floor + (ceiling - floor) * u)).clamp(low, high)
            }
        }
    }
}

fn triangular(low: f64, mode: f64, high: f64, u: f64) -> f64 {
    if high <= low {
        return low;
    }
    let bend = (mode - low) / (high - low);
    if u < bend {
        low + (u * (high - low) * (mode - low)).sqrt()
    } else {
        high - ((1.0 - u) * (high - low) * (high - mode)).sqrt()
    }
}

/// A number of a scenario: what it is at the reference point, and how it varies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Number {
    /// Its value at the reference point.
    pub reference: f64,
    /// How it varies, if it does.
    pub spread: Option<Distribution>,
    /// Whether it is chance, drawn in every run, rather than something we do not know.
    pub is_chance: bool,
    /// Its own part of the address of its draw, made from its place in the scenario.
    pub address: u32,
}

impl Number {
    /// A number that is known.
    #[must_use]
    pub const fn fixed(reference: f64) -> Self {
        Self { reference, spread: None, is_chance: false, address: 0 }
    }

    /// Whether it is other than 0 in any run.
    #[must_use]
    pub fn may_be_nonzero(&self) -> bool {
        self.spread.is_some() || self.reference != 0.0
    }

    /// The value in the run of this seed. Where uncertain numbers are drawn over their ranges, they
    /// are so with another seed, or the same.
    #[must_use]
    pub fn in_run(&self, run: RunSeed, over_ranges: Option<RunSeed>) -> f64 {
        if self.spread.is_none() {
            return self.reference;
        }
        let seed = over_ranges.filter(|_| !self.is_chance).unwrap_or(run);
        let u = seed.draws(Purpose::Parameter, 0, self.address).uniform();
        self.resolve(over_ranges.is_some(), u)
    }

    /// The value in one run, from a uniform number of its own. Uncertain numbers keep their
    /// reference unless the run is drawn over the ranges.
    #[must_use]
    pub fn resolve(&self, over_ranges: bool, u: f64) -> f64 {
        match self.spread {
            Some(spread) if self.is_chance || over_ranges => spread.at(u),
            _ => self.reference,
        }
    }
}

/// The number of events of a Poisson process with this mean, at quantile u. At most 10,000.
#[must_use]
pub fn poisson(mean: f64, u: f64) -> u32 {
    let mut term = math::exp(-mean);
    let mut below = term;
    let mut count = 0;
    while below <= u && count < 10_000 {
        count += 1;
        term *= mean / f64::from(count);
        below += term;
    }
    count
}

/// An exponential waiting time with this mean, at quantile u.
#[must_use]
pub fn exponential(mean: f64, u: f64) -> f64 {
    -mean * math::ln(1.0 - u)
}

/// A Weibull time with this scale and shape, at quantile u.
#[must_use]
pub fn weibull(scale: f64, shape: f64, u: f64) -> f64 {
    scale * math::pow(-math::ln(1.0 - u), 1.0 / shape)
}

/// A power-law severity of at least 1 with this tail exponent, at quantile u: P(S > s) = s^-tail.
#[must_use]
pub fn power_law(tail: f64, u: f64) -> f64 {
    math::pow(1.0 - u, -1.0 / tail)
}

/// The standard normal distribution function.
fn below(z: f64) -> f64 {
    0.5 * libm::erfc(-z / std::f64::consts::SQRT_2)
}

/// The standard normal quantile, by bisection of its distribution function: slow and exact enough,
/// and only ever used when a table is laid.
#[must_use]
pub fn normal(u: f64) -> f64 {
    let (mut low, mut high) = (-9.0, 9.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if below(middle) < u { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mean(at: impl Fn(f64) -> f64) -> f64 {
        let n = 20_000;
        (0..n).map(|k| at((f64::from(k) + 0.5) / f64::from(n))).sum::<f64>() / f64::from(n)
    }

    #[test]
    fn means_are_those_on_paper() {
        let near = |found: f64, expected: f64| assert!((found - expected).abs() < 2e-3, "{found}");
        near(mean(|u| Distribution::Uniform { low: 1.0, high: 3.0 }.at(u)), 2.0);
        near(mean(|u| Distribution::Triangular { low: 0.0, mode: 1.0, high: 5.0 }.at(u)), 2.0);
        near(mean(|u| f64::from(poisson(2.5, u))), 2.5);
        near(mean(|u| exponential(1.0, u)), 1.0);
        near(mean(|u| weibull(1.0, 1.0, u)), 1.0);
        near(mean(normal), 0.0);
        let log_uniform = Distribution::LogUniform { low: 1.0, high: std::f64::consts::E };
        near(mean(|u| log_uniform.at(u)), std::f64::consts::E - 1.0);
    }

    #[test]
    fn the_normal_quantile_is_the_tabled_one() {
        for (u, z) in [(0.975, 1.959_963_984_540_054), (0.5, 0.0), (0.841_344_746_068_543, 1.0)] {
            assert!((normal(u) - z).abs() < 1e-12);
        }
    }

    #[test]
    fn samples_never_fall_as_the_quantile_rises() {
        let shapes = [
            Distribution::Triangular { low: -1.0, mode: 0.2, high: 1.0 },
            Distribution::Normal { mean: 0.0, sd: 1.0, low: -2.0, high: 2.0 },
        ];
        for shape in shapes {
            let values: Vec<f64> = (0..100).map(|k| shape.at(f64::from(k) / 100.0)).collect();
            assert!(values.windows(2).all(|two| two[0] <= two[1]));
        }
    }

    #[test]
    fn an_uncertain_number_keeps_its_reference_unless_asked() {
        let spread = Some(Distribution::Uniform { low: 0.0, high: 1.0 });
        let uncertain = Number { reference: 0.3, spread, is_chance: false, address: 1 };
        assert_eq!((uncertain.resolve(false, 0.9), uncertain.resolve(true, 0.9)), (0.3, 0.9));
        let chance = Number { is_chance: true, ..uncertain };
        assert_eq!(chance.resolve(false, 0.9), 0.9);
    }
}
