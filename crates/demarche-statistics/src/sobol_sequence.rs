//! Sobol' sequences: points that fill the cube evenly, in every dimension and pair, as they go on.
//!
//! Direction numbers are those of Joe and Kuo \[joe2008\], and the order is that of the Gray code,
//! as in most programs. The first point is the corner of all zeros, and it belongs to the others:
//! 2^m points are balanced only with it. Who cannot use a corner shifts the sequence, which keeps
//! the balance: in each dimension the bits of all coordinates are turned over by one random
//! pattern, a digital shift \[lecuyer2002\].

use ::sobol::params::JoeKuoD6;
use ::sobol::{Sobol, SobolType};
use demarche_random::purpose::Purpose;
use demarche_random::seed::MasterSeed;

use crate::fault::Fault;
use crate::interval::real;
use crate::plan::{Plan, check_request, dimension_number};

/// Bits of a coordinate: those of a double. -- derived
const N_BITS: usize = <f64 as SobolType>::MAX_RESOLUTION;

/// As many dimensions as the direction numbers that are kept. -- parameter, joe2008
const MOST_DIMENSIONS: usize = 1000;

/// The first points of a Sobol' sequence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SobolSequence {
    n_points: u64,
    directions: Vec<[u64; N_BITS]>,
    shifts: Vec<u64>,
}

impl SobolSequence {
    /// The first points of the sequence itself. Powers of 2 are balanced.
    ///
    /// # Errors
    /// When there is no point or no dimension, or more than 2^53 points or 1000 dimensions.
    pub fn new(n_points: u64, n_dimensions: usize) -> Result<Self, Fault> {
        if n_points == 0 || n_dimensions == 0 {
            return Err(Fault::EmptyPlan);
        }
        if n_points > 1 << N_BITS {
            return Err(Fault::TooManyPoints { n_points, most: 1 << N_BITS });
        }
        if n_dimensions > MOST_DIMENSIONS {
            return Err(Fault::TooManyDimensions { n_dimensions, most: MOST_DIMENSIONS });
        }
        let parameters =
            if n_dimensions <= 100 { JoeKuoD6::minimal() } else { JoeKuoD6::standard() };
        let all = Sobol::<f64>::init_direction_vals(n_dimensions, N_BITS, &parameters);
        // They come at the upper end of 64 bits.
        let lowered = |directions: Vec<u64>| {
            std::array::from_fn(|bit| directions[bit] >> (u64::BITS as usize - N_BITS))
        };
        let directions = all.into_iter().map(lowered).collect();
        Ok(Self { n_points, directions, shifts: vec![0; n_dimensions] })
    }

    /// The same points, shifted: each still as it was to the others, and all of them uniform over
    /// seeds.
    #[must_use]
    pub fn shifted(mut self, seed: MasterSeed) -> Self {
        for (dimension, shift) in self.shifts.iter_mut().enumerate() {
            let u = seed.run(0).draws(Purpose::Shift, 0, dimension_number(dimension)).uniform();
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "53 bits")]
            let pattern = (u / ULP) as u64;
            *shift = pattern;
        }
        self
    }
}

/// The distance of neighbours among coordinates: 2^−53.
const ULP: f64 = f64::EPSILON / 2.0;

impl Plan for SobolSequence {
    fn n_points(&self) -> u64 {
        self.n_points
    }

    fn n_dimensions(&self) -> usize {
        self.directions.len()
    }

    fn write(&self, index: u64, coordinates: &mut [f64]) {
        check_request(self, index, coordinates);
        let gray = index ^ (index >> 1);
        let dimensions = self.directions.iter().zip(&self.shifts);
        for (coordinate, (directions, shift)) in coordinates.iter_mut().zip(dimensions) {
            let (mut bits, mut rest) = (*shift, gray);
            // As often as there are bits set.
            while rest != 0 {
                bits ^= directions[rest.trailing_zeros() as usize];
                rest &= rest - 1;
            }
            *coordinate = real(bits) * ULP;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{list, near, numbers, reference};

    const REFERENCE: &str = include_str!("../../../tests/reference/statistics/sobol_points.json");

    #[test]
    fn points_are_those_that_others_found() {
        let file = reference(REFERENCE);
        let sequence = SobolSequence::new(64, 10).unwrap();
        for (index, point) in (0..).zip(list(&file["points_times_64"])) {
            let ours: Vec<f64> = sequence.point(index).iter().map(|x| x * 64.0).collect();
            assert_eq!(ours, numbers(point), "point {index}");
        }
    }

    #[test]
    fn points_are_those_of_the_library_far_into_the_sequence() {
        let sequence = SobolSequence::new(5000, 300).unwrap();
        let library = Sobol::<f64>::new(300, &JoeKuoD6::standard());
        for (index, point) in (0..5000).zip(library) {
            assert_eq!(sequence.point(index), point, "point {index}");
        }
    }

    #[test]
    fn powers_of_two_are_balanced_in_every_dimension_also_when_shifted() {
        for sequence in [
            SobolSequence::new(256, 120).unwrap(),
            SobolSequence::new(256, 120).unwrap().shifted(MasterSeed(8)),
        ] {
            for dimension in 0..120 {
                let mut hits = [0; 256];
                for index in 0..256 {
                    hits[(sequence.point(index)[dimension] * 256.0) as usize] += 1;
                }
                assert_eq!(hits, [1; 256], "dimension {dimension}");
            }
        }
    }

    #[test]
    fn shifted_points_are_uniform_over_seeds() {
        let n = 4000;
        let sequence = SobolSequence::new(1, 2).unwrap();
        let points: Vec<Vec<f64>> =
            (0..n).map(|seed| sequence.clone().shifted(MasterSeed(seed)).point(0)).collect();
        for dimension in 0..2 {
            let mean = points.iter().map(|point| point[dimension]).sum::<f64>() / real(n);
            near(mean, 0.5, 4.0 / (12.0 * real(n)).sqrt());
        }
    }

    #[test]
    fn the_last_point_is_known_on_its_own() {
        let sequence = SobolSequence::new(1 << 53, 1000).unwrap();
        let last = sequence.point((1 << 53) - 1);
        assert!(last.iter().all(|x| (0.0..1.0).contains(x)));
        // In the first dimension the Gray code of the last index is its highest bit alone.
        assert_eq!(last[0], ULP);
    }

    #[test]
    fn empty_and_endless_plans_are_refused() {
        assert_eq!(SobolSequence::new(0, 3), Err(Fault::EmptyPlan));
        assert!(SobolSequence::new((1 << 53) + 1, 3).is_err());
        assert!(SobolSequence::new(8, 1001).is_err());
    }
}
