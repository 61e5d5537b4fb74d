//! The regularized incomplete beta function, behind the binomial's tails and Student's t.
//!
//! Ours, because two things were wanted together: all digits for counts of ten millions, and the
//! same bits everywhere. The weight before the fraction is taken by differences of small numbers
//! \[loader2000\] rather than of logarithms of factorials, which lose eight digits at ten millions.
//! The continued fraction goes on until it no longer moves, which takes in the order of the root of
//! the larger shape in steps \[didonato1992\].

use demarche_random::math;

/// The fraction has long converged for parameters below a thousand millions.
const N_STEPS: u32 = 200_000;

/// Where a fraction would divide by zero. -- parameter, ours: far below any term
const TINY: f64 = 1e-300;

/// I_x(a, b) where y = 1 − x: the probability that a beta variable with these shapes is below x,
/// and that at least a of a + b − 1 trials succeed, each with probability x. [1, [0, 1]]
///
/// Both x and y are given, as the smaller one has digits that one less the larger has lost.
pub(crate) fn incomplete_beta(a: f64, b: f64, x: f64, y: f64) -> f64 {
    assert!(a > 0.0 && b > 0.0, "shapes {a} and {b} must be above 0");
    if x <= 0.0 {
        0.0
    } else if y <= 0.0 {
        1.0
    } else if x * (a + b + 2.0) < a + 1.0 {
        lower(a, b, x, y)
    } else {
        1.0 - lower(b, a, y, x)
    }
}

fn lower(a: f64, b: f64, x: f64, y: f64) -> f64 {
    binomial_weight(a, b, x, y) * (a * b / (a + b)) / fraction(a, b, x, y)
}

/// Γ(a+b+1)/(Γ(a+1) Γ(b+1)) x^a y^b: for whole a and b the probability of a successes in a + b
/// trials. \[loader2000\] [1, [0, 1]]
pub(crate) fn binomial_weight(a: f64, b: f64, x: f64, y: f64) -> f64 {
    let n = a + b;
    let missed = stirling_error(n) - stirling_error(a) - stirling_error(b);
    let exponent = missed - deviance(a, n * x) - deviance(b, n * y);
    (n / (std::f64::consts::TAU * a * b)).sqrt() * math::exp(exponent)
}

/// What Stirling's formula lacks of ln Γ(n+1).
fn stirling_error(n: f64) -> f64 {
    if n < 16.0 {
        let stirling = (n + 0.5) * math::ln(n) - n + 0.5 * math::ln(std::f64::consts::TAU);
        return math::ln_gamma(n + 1.0) - stirling;
    }
    let square = n * n;
    let inner = 1.0 / 1260.0 - (1.0 / 1680.0 - 1.0 / 1188.0 / square) / square;
    (1.0 / 12.0 - (1.0 / 360.0 - inner / square) / square) / n
}

/// x ln(x/m) + m − x, half of the deviance of a Poisson count: without loss where x is near m.
fn deviance(x: f64, m: f64) -> f64 {
    if (x - m).abs() >= 0.1 * (x + m) {
        return x * math::ln(x / m) + m - x;
    }
    let v = (x - m) / (x + m);
    let (mut sum, mut term) = ((x - m) * v, 2.0 * x * v);
    // Each term is at most a hundredth of the one before.
    for odd in [3.0, 5.0, 7.0, 9.0, 11.0, 13.0, 15.0, 17.0, 19.0] {
        term *= v * v;
        sum += term / odd;
    }
    sum
}

/// The continued fraction of \[didonato1992\], by the method of Lentz. Its terms take x and
/// y each where it is the one that has not lost digits.
fn fraction(a: f64, b: f64, x: f64, y: f64) -> f64 {
    let away_from_zero = |d: f64| if d.abs() < TINY { TINY } else { d };
    let balance = a * y - b * x + 1.0;
    let mut product = away_from_zero(a / (a + 1.0) * balance);
    let (mut c, mut d) = (product, 0.0);
    for step in 1..=N_STEPS {
        let m = f64::from(step);
        let width = a + 2.0 * m - 1.0;
        let above = m * (a + m - 1.0) / width * ((a + b + m - 1.0) / width) * (b - m) * x * x;
        let below =
            m + m * (b - m) * x / width + (a + m) * (balance + m * (1.0 + y)) / (a + 2.0 * m + 1.0);
        d = 1.0 / away_from_zero(below + above * d);
        c = away_from_zero(below + above / c);
        product *= c * d;
        if (c * d - 1.0).abs() <= f64::EPSILON {
            break;
        }
    }
    product
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn near(found: f64, expected: f64, tolerance: f64) {
        assert!((found / expected - 1.0).abs() < tolerance, "{found} is not {expected}");
    }

    #[test]
    fn of_shape_one_it_is_a_power() {
        for (b, x) in [(1.0, 0.3), (2.0, 0.1), (7.5, 0.8)] {
            near(incomplete_beta(1.0, b, x, 1.0 - x), 1.0 - math::pow(1.0 - x, b), 1e-14);
            near(incomplete_beta(b, 1.0, x, 1.0 - x), math::pow(x, b), 1e-14);
        }
    }

    #[test]
    fn it_is_the_tail_of_a_binomial() {
        // At least 7 of 10 heads: (120 + 45 + 10 + 1)/1024.
        near(incomplete_beta(7.0, 4.0, 0.5, 0.5), 176.0 / 1024.0, 1e-14);
        near(binomial_weight(7.0, 3.0, 0.5, 0.5), 120.0 / 1024.0, 1e-14);
    }

    #[test]
    fn the_weight_of_the_middle_is_that_of_stirling() {
        // C(2m, m)/4^m = (1 − 1/(8m) + 1/(128m²) + …)/√(πm).
        for m in [1e3, 5e6, 1e9] {
            let paper =
                (1.0 - 1.0 / (8.0 * m) + 1.0 / (128.0 * m * m) + 5.0 / (1024.0 * m * m * m))
                    / (std::f64::consts::PI * m).sqrt();
            near(binomial_weight(m, m, 0.5, 0.5), paper, 2e-15);
        }
    }

    #[test]
    fn sums_of_weights_are_its_differences() {
        // I_x(a, b) − I_x(a+1, b) is the weight of a successes in a + b trials, over b/(a+b)…
        for (a, b) in [(3.0, 8.0), (400.0, 600.0), (3e6, 7e6)] {
            let x = a / (a + b) * 0.9999;
            let step = incomplete_beta(a, b, x, 1.0 - x) - incomplete_beta(a + 1.0, b, x, 1.0 - x);
            near(step, binomial_weight(a, b, x, 1.0 - x) * b / (a + b), 1e-9);
        }
    }

    #[test]
    fn halves_meet_in_the_middle() {
        for a in [0.5, 1.0, 3.0, 1e4, 5e6, 1e9] {
            near(incomplete_beta(a, a, 0.5, 0.5), 0.5, 1e-13);
        }
    }
}
