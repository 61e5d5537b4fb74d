//! Full factorial plans: every combination of levels, for few dimensions and for maps.
//!
//! The last dimension varies fastest, as the last digit of a number does. Levels are spread evenly
//! from end to end, both ends included; a single level is the middle.

use crate::fault::Fault;
use crate::interval::real;
use crate::plan::{Plan, check_request};

/// Every combination of levels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grid {
    levels: Vec<u32>,
    n_points: u64,
}

impl Grid {
    /// The grid with so many levels in each dimension. [levels, at least 1]
    ///
    /// # Errors
    /// When there is no dimension or one without levels, or there are more combinations than can be
    /// numbered.
    pub fn new(levels: &[u32]) -> Result<Self, Fault> {
        if levels.is_empty() || levels.contains(&0) {
            return Err(Fault::EmptyPlan);
        }
        let product = levels.iter().try_fold(1_u64, |product, n| product.checked_mul((*n).into()));
        let n_points =
            product.ok_or(Fault::TooManyPoints { n_points: u64::MAX, most: u64::MAX })?;
        Ok(Self { levels: levels.to_vec(), n_points })
    }
}

impl Plan for Grid {
    fn n_points(&self) -> u64 {
        self.n_points
    }

    fn n_dimensions(&self) -> usize {
        self.levels.len()
    }

    fn write(&self, index: u64, coordinates: &mut [f64]) {
        check_request(self, index, coordinates);
        let mut rest = index;
        for (coordinate, n) in coordinates.iter_mut().zip(&self.levels).rev() {
            let n = u64::from(*n);
            *coordinate = if n == 1 { 0.5 } else { real(rest % n) / real(n - 1) };
            rest /= n;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_dimension_varies_fastest() {
        let grid = Grid::new(&[2, 1, 3]).unwrap();
        let points: Vec<Vec<f64>> = (0..grid.n_points()).map(|index| grid.point(index)).collect();
        let paper = [
            [0.0, 0.5, 0.0],
            [0.0, 0.5, 0.5],
            [0.0, 0.5, 1.0],
            [1.0, 0.5, 0.0],
            [1.0, 0.5, 0.5],
            [1.0, 0.5, 1.0],
        ];
        assert_eq!(points, paper);
    }

    #[test]
    fn every_combination_comes_once() {
        let grid = Grid::new(&[3, 4, 5]).unwrap();
        let bits = |point: Vec<f64>| point.into_iter().map(f64::to_bits).collect::<Vec<u64>>();
        let all: std::collections::BTreeSet<Vec<u64>> =
            (0..60).map(|index| bits(grid.point(index))).collect();
        assert_eq!(all.len(), 60);
    }

    #[test]
    fn what_cannot_be_numbered_is_refused() {
        assert_eq!(Grid::new(&[]), Err(Fault::EmptyPlan));
        assert_eq!(Grid::new(&[2, 0]), Err(Fault::EmptyPlan));
        assert!(Grid::new(&[1 << 31; 3]).is_err());
        let corner = Grid::new(&[1 << 31; 2]).unwrap();
        assert_eq!(corner.point(corner.n_points() - 1), [1.0, 1.0]);
    }
}
