//! Sobol' indices: how much of an output's variance is whose.
//!
//! The first-order index of an input is the share of the variance that would go if it were known;
//! the total index the share that would stay if all others were. Their difference is what it does
//! together with others. From a base of points in twice the dimensions, A and B, the plan makes
//! points of A with one coordinate from B each. First-order indices are estimated as by Saltelli et
//! al. \[saltelli2010, table 2, b\], total ones as by Jansen \[jansen1999; saltelli2010, table 2,
//! f\].
//!
//! Outputs are centred first, without which the first estimator is much worse where the mean is
//! large. Small indices may come out below 0: that is noise, and is told.

use demarche_random::seed::MasterSeed;

use crate::fault::Fault;
use crate::interval::real;
use crate::plan::{Plan, check_request};
use crate::sobol_sequence::SobolSequence;

/// The points that the indices of each dimension are estimated from, on a Sobol' sequence.
///
/// For each point of the base in turn: A, then A with its first coordinate from B, and so on, then
/// B.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaltelliPlan {
    base: SobolSequence,
    n_dimensions: usize,
}

impl SaltelliPlan {
    /// The plan on so many points of the base, for which powers of 2 are best. They are shifted by
    /// the seed: the first ones of the sequence itself agree in all coordinates, and would tell
    /// nothing.
    ///
    /// # Errors
    /// When there is no point or no dimension, or more than 500 dimensions or 2^53 points.
    pub fn new(n_base: u64, n_dimensions: usize, seed: MasterSeed) -> Result<Self, Fault> {
        let base = SobolSequence::new(n_base, n_dimensions.saturating_mul(2))?.shifted(seed);
        let n_points = n_base.saturating_mul(n_dimensions as u64 + 2);
        if n_points > 1 << 53 {
            return Err(Fault::TooManyPoints { n_points, most: 1 << 53 });
        }
        Ok(Self { base, n_dimensions })
    }
}

impl Plan for SaltelliPlan {
    fn n_points(&self) -> u64 {
        self.base.n_points() * (self.n_dimensions as u64 + 2)
    }

    fn n_dimensions(&self) -> usize {
        self.n_dimensions
    }

    fn write(&self, index: u64, coordinates: &mut [f64]) {
        check_request(self, index, coordinates);
        let n_rows = self.n_dimensions as u64 + 2;
        let both = self.base.point(index / n_rows);
        let (a, b) = both.split_at(self.n_dimensions);
        let row = index % n_rows;
        coordinates.copy_from_slice(if row == n_rows - 1 { b } else { a });
        for (dimension, coordinate) in (1..).zip(coordinates) {
            if dimension == row && row < n_rows - 1 {
                *coordinate = b[usize::try_from(row).expect("a dimension") - 1];
            }
        }
    }
}

/// The part that one input has in the variance of an output.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SobolIndices {
    /// Alone. [1, [0, 1] but for noise]
    pub first_order: f64,
    /// Alone and together with others. [1, at least 0, at most 1 but for noise]
    pub total: f64,
}

/// The indices of each dimension from the outputs at the points of a [`SaltelliPlan`], in their
/// order; nothing where the output does not vary.
///
/// # Errors
/// When there are no outputs, or no whole number of rows of them.
pub fn sobol_indices(
    n_dimensions: usize,
    outputs: &[f64],
) -> Result<Option<Vec<SobolIndices>>, Fault> {
    let n_rows = n_dimensions + 2;
    if outputs.is_empty() || n_dimensions == 0 {
        return Err(Fault::EmptyPlan);
    }
    if !outputs.len().is_multiple_of(n_rows) {
        return Err(Fault::UnequalOutputs { found: outputs.len(), expected: n_rows });
    }
    let mean = outputs.iter().sum::<f64>() / real(outputs.len() as u64);
    // The variance is that of A and B together, whose points are independent.
    let ends = outputs.chunks(n_rows).flat_map(|row| [row[0], row[n_rows - 1]]);
    let n_ends = real((outputs.len() / n_rows * 2) as u64);
    let mean_of_ends = ends.clone().sum::<f64>() / n_ends;
    let square = |y: f64| y * y;
    let variance = ends.map(|y| square(y - mean_of_ends)).sum::<f64>() / n_ends;
    if variance == 0.0 {
        return Ok(None);
    }
    let of = |dimension: usize| {
        let (mut first, mut total) = (0.0, 0.0);
        for row in outputs.chunks(n_rows) {
            let (a, mixed, b) = (row[0], row[dimension + 1], row[n_rows - 1]);
            first += (b - mean) * (mixed - a);
            total += square(a - mixed) / 2.0;
        }
        let scale = variance * n_ends / 2.0;
        SobolIndices { first_order: first / scale, total: total / scale }
    };
    Ok(Some((0..n_dimensions).map(of).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{near, number, numbers, reference};

    const ISHIGAMI: &str = include_str!("../../../tests/reference/statistics/sobol_ishigami.json");
    const ISHIGAMI_POINTS: &str =
        include_str!("../../../tests/reference/statistics/sobol_ishigami_sample_N32.csv");
    const SOBOL_G: &str = include_str!("../../../tests/reference/statistics/sobol_sobol_g.json");
    const SOBOL_G_POINTS: &str =
        include_str!("../../../tests/reference/statistics/sobol_sobol_g_sample_N32.csv");

    #[test]
    fn indices_are_those_that_others_found() {
        for (file, points, n) in [(ISHIGAMI, ISHIGAMI_POINTS, 3), (SOBOL_G, SOBOL_G_POINTS, 8)] {
            let case = &reference(file)["analyser_case"];
            let last = |line: &str| line.rsplit(',').next().unwrap().trim().parse().unwrap();
            let all: Vec<f64> = points.lines().skip(1).map(last).collect();
            // Their rows also have B with coordinates from A, for pairs. They are left out, but
            // that all outputs are centred on the mean of all.
            let mean = all.iter().sum::<f64>() / real(all.len() as u64);
            let rows = all.chunks(2 * n + 2).map(|row| [&row[..=n], &row[2 * n + 1..]].concat());
            let ours: Vec<f64> = rows.flatten().collect();
            let found = sobol_indices(n, &ours).unwrap().unwrap();
            let shift = mean - ours.iter().sum::<f64>() / real(ours.len() as u64);
            for (dimension, indices) in found.iter().enumerate() {
                near(indices.total, number(&case["ST"][dimension]), 1e-12);
                let first = indices.first_order - moved(&ours, n, dimension, shift);
                near(first, number(&case["S1"][dimension]), 1e-12);
            }
        }
    }

    /// How much the first-order index moves where outputs are centred so much higher.
    fn moved(outputs: &[f64], n: usize, dimension: usize, shift: f64) -> f64 {
        let rows = outputs.chunks(n + 2);
        let ends: Vec<f64> = rows.clone().flat_map(|row| [row[0], row[n + 1]]).collect();
        let n_ends = real(ends.len() as u64);
        let mean = ends.iter().sum::<f64>() / n_ends;
        let variance = ends.iter().map(|y| (y - mean) * (y - mean)).sum::<f64>() / n_ends;
        let change: f64 = rows.map(|row| row[dimension + 1] - row[0]).sum();
        shift * change / (n_ends / 2.0) / variance
    }

    #[test]
    fn they_come_near_those_on_paper() {
        let file = reference(SOBOL_G);
        let a = numbers(&file["a"]);
        let plan = SaltelliPlan::new(4096, 8, MasterSeed(2)).unwrap();
        let g = |x: &[f64]| -> f64 {
            x.iter().zip(&a).map(|(x, a)| ((4.0 * x - 2.0).abs() + a) / (1.0 + a)).product()
        };
        let outputs: Vec<f64> = (0..plan.n_points()).map(|index| g(&plan.point(index))).collect();
        let found = sobol_indices(8, &outputs).unwrap().unwrap();
        for (dimension, indices) in found.iter().enumerate() {
            near(indices.first_order, number(&file["analytic"]["S1"][dimension]), 0.01);
            near(indices.total, number(&file["analytic"]["ST"][dimension]), 0.01);
        }
    }

    #[test]
    fn rows_take_one_coordinate_from_the_other_half() {
        let plan = SaltelliPlan::new(4, 3, MasterSeed(1)).unwrap();
        assert_eq!(plan.n_points(), 20);
        let row = |k: u64| plan.point(10 + k);
        let (a, b) = (row(0), row(4));
        assert_eq!(row(1), [b[0], a[1], a[2]]);
        assert_eq!(row(2), [a[0], b[1], a[2]]);
        assert_eq!(row(3), [a[0], a[1], b[2]]);
    }

    #[test]
    fn what_does_not_vary_has_no_indices() {
        assert_eq!(sobol_indices(2, &[3.0; 8]), Ok(None));
        assert_eq!(sobol_indices(2, &[]), Err(Fault::EmptyPlan));
        let short = Fault::UnequalOutputs { found: 7, expected: 4 };
        assert_eq!(sobol_indices(2, &[3.0; 7]), Err(short));
    }
}
