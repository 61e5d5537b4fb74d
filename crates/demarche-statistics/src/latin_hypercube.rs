//! Latin hypercubes: as many strata as points in each dimension, and every stratum hit once.
//!
//! Whatever sum of the inputs an output is, its mean is known far better than from as many points
//! at random \[mckay1979\]. Usually the strata are shuffled as lists; here each dimension has an
//! order that is computed place by place ([`demarche_random::permutation`]), so that no point waits
//! for another.

use demarche_random::permutation::Permutation;
use demarche_random::purpose::Purpose;
use demarche_random::seed::MasterSeed;

use crate::fault::Fault;
use crate::interval::real;
use crate::plan::{Plan, check_request, dimension_number};

/// Beyond this many points a stratum is too narrow for a place in it to be told. -- derived
const MOST_POINTS: u64 = 1 << 40;

/// A Latin hypercube of points drawn at random in their strata.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LatinHypercube {
    n_points: u64,
    seed: MasterSeed,
    orders: Vec<Permutation>,
}

impl LatinHypercube {
    /// The hypercube of this seed. Its draws meet none of the runs of the same seed.
    ///
    /// # Errors
    /// When there is no point or no dimension, or more than 2^40 points or 2^32 dimensions.
    pub fn new(n_points: u64, n_dimensions: usize, seed: MasterSeed) -> Result<Self, Fault> {
        if n_points == 0 || n_dimensions == 0 {
            return Err(Fault::EmptyPlan);
        }
        if n_points > MOST_POINTS {
            return Err(Fault::TooManyPoints { n_points, most: MOST_POINTS });
        }
        let most = u32::MAX;
        let n = u32::try_from(n_dimensions)
            .map_err(|_| Fault::TooManyDimensions { n_dimensions, most: most as usize })?;
        let plan = seed.run(0);
        let order = |dimension| plan.permutation(Purpose::Stratum, 0, dimension, n_points);
        Ok(Self { n_points, seed, orders: (0..n).map(order).collect() })
    }
}

impl Plan for LatinHypercube {
    fn n_points(&self) -> u64 {
        self.n_points
    }

    fn n_dimensions(&self) -> usize {
        self.orders.len()
    }

    fn write(&self, index: u64, coordinates: &mut [f64]) {
        check_request(self, index, coordinates);
        let (own, n) = (self.seed.run(index), real(self.n_points));
        for (dimension, (coordinate, order)) in coordinates.iter_mut().zip(&self.orders).enumerate()
        {
            let stratum = real(order.at(index));
            let place = own.draws(Purpose::Place, 0, dimension_number(dimension)).uniform();
            // A place at the very end of a stratum could be rounded into the next.
            *coordinate = ((stratum + place) / n).min(((stratum + 1.0) / n).next_down());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{number, reference};

    const REFERENCE: &str =
        include_str!("../../../tests/reference/statistics/latin_hypercube.json");

    fn hypercube(n_points: u64, n_dimensions: usize, seed: u64) -> LatinHypercube {
        LatinHypercube::new(n_points, n_dimensions, MasterSeed(seed)).unwrap()
    }

    #[test]
    fn every_stratum_is_hit_once_in_every_dimension() {
        for n in [1, 2, 3, 5, 10, 50, 64, 100, 1000, 1024, 4097] {
            let plan = hypercube(n, 7, n);
            let mut hits = vec![vec![0; usize::try_from(n).unwrap()]; 7];
            for index in 0..n {
                for (hits, x) in hits.iter_mut().zip(plan.point(index)) {
                    assert!((0.0..1.0).contains(&x));
                    hits[(x * real(n)) as usize] += 1;
                }
            }
            assert!(hits.iter().flatten().all(|hits| *hits == 1), "{n} points");
        }
    }

    #[test]
    fn dimensions_have_nothing_to_do_with_each_other() {
        let n = 10_000;
        let plan = hypercube(n, 6, 3);
        let points: Vec<Vec<f64>> = (0..n).map(|index| plan.point(index)).collect();
        for first in 0..6 {
            for second in 0..first {
                let product =
                    |point: &Vec<f64>| (point[first] - 0.5) * (point[second] - 0.5) * 12.0;
                let correlation = points.iter().map(product).sum::<f64>() / real(n);
                assert!(correlation.abs() < 4.0 / real(n).sqrt(), "{first} {second} {correlation}");
            }
        }
    }

    #[test]
    fn the_mean_of_a_sum_varies_as_little_as_on_paper() {
        // Var = d/(12 n³) where strata are hit once; d/(12 n) at random.
        let paper = &reference(REFERENCE)["variance_of_mean_sum_x"];
        let (n, n_plans) = (50, 2000);
        let squares: f64 = (0..n_plans)
            .map(|seed| {
                let plan = hypercube(n, 5, seed);
                let sum: f64 = (0..n).flat_map(|index| plan.point(index)).sum();
                (sum / 50.0 - 2.5) * (sum / 50.0 - 2.5)
            })
            .sum();
        let exact = number(&paper["lhs_exact"]);
        // Four standard errors of a variance from 2000 values.
        assert!((squares / 2000.0 / exact - 1.0).abs() < 4.0 * (2.0 / 2000.0_f64).sqrt());
    }

    #[test]
    fn a_point_of_ten_millions_is_known_on_its_own() {
        let plan = hypercube(10_000_000, 2, 1);
        // Pinned: a change here changes every published plan.
        let point = plan.point(9_999_999);
        assert_eq!(point, [0.347_513_351_539_904_2, 0.893_127_018_171_880_4]);
    }

    #[test]
    fn empty_and_endless_plans_are_refused() {
        let seed = MasterSeed(0);
        assert_eq!(LatinHypercube::new(0, 1, seed), Err(Fault::EmptyPlan));
        assert_eq!(LatinHypercube::new(1, 0, seed), Err(Fault::EmptyPlan));
        assert!(LatinHypercube::new(MOST_POINTS + 1, 1, seed).is_err());
    }
}
