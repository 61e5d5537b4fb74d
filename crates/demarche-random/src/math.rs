//! `exp`, `ln`, `pow`, `ln_gamma` and what is made of them, by `libm`: the platform's own differ by
//! processor in the last bit, and one bit is enough to send a run another way.

/// e to the power x.
#[must_use]
pub fn exp(x: f64) -> f64 {
    libm::exp(x)
}

/// The natural logarithm.
#[must_use]
pub fn ln(x: f64) -> f64 {
    libm::log(x)
}

/// x to the power y.
#[must_use]
pub fn pow(x: f64, y: f64) -> f64 {
    libm::pow(x, y)
}

/// The natural logarithm of the gamma function at x > 0.
#[must_use]
pub fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// e to the power x, less 1: exact where x is small.
#[must_use]
pub fn exp_less_one(x: f64) -> f64 {
    libm::expm1(x)
}

/// The logistic function σ(x) = 1/(1 + e^−x). [1, (0, 1)]
#[must_use]
pub fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + exp(-x))
}

/// The log-odds of a probability. [1]
#[must_use]
pub fn log_odds(p: f64) -> f64 {
    ln(p / (1.0 - p))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gamma_function_goes_through_the_factorials() {
        for (x, factorial) in [(1.0, 1.0), (2.0, 1.0), (5.0, 24.0), (11.0, 3_628_800.0)] {
            assert!((ln_gamma(x) - ln(factorial)).abs() < 1e-14);
        }
    }

    #[test]
    fn of_a_small_power_less_one_every_digit_is_kept() {
        let x = 1e-12;
        assert_eq!(exp_less_one(x), x + x * x / 2.0);
    }

    #[test]
    fn logistic_undoes_log_odds() {
        for p in [0.01, 0.2, 0.5, 0.9] {
            assert!((logistic(log_odds(p)) - p).abs() < 1e-15);
        }
    }
}
