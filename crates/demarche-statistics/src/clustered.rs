//! Means of values that come in clusters: runs that share what was drawn for them are not
//! independent, their clusters are.
//!
//! A batch that draws its uncertain numbers fifty times and plays twenty futures of each draw has
//! fifty independent things to go by, not a thousand. The mean over all runs is a ratio of sums
//! over clusters, and how far it may be off follows from how far clusters lie from it
//! \[cochran1977\].
//! Clusters of equal size have as moments those of their means. A paired difference is one value a
//! pair, and the pairs of a draw are a cluster.

use crate::interval::real;
use crate::mean::Moments;

/// The values of one cluster, summed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cluster {
    /// How many values. [runs]
    pub n: u64,
    /// Their sum. [its unit]
    pub sum: f64,
}

impl Moments {
    /// The mean of all values, with clusters for the units that it was made of: `n` counts clusters
    /// that hold a value, and the variance is that between them. Nothing where there are no values.
    /// In an order that does not change. \[cochran1977, ratio estimator\]
    #[must_use]
    pub fn of_clusters(clusters: &[Cluster]) -> Option<Self> {
        let held = || clusters.iter().filter(|cluster| cluster.n > 0);
        let (n, values) = held().fold((0, 0), |(n, values), of| (n + 1, values + of.n));
        if n == 0 {
            return None;
        }
        let size = real(values) / real(n);
        let mean = held().map(|cluster| cluster.sum).sum::<f64>() / real(values);
        let apart = |of: &Cluster| (of.sum - mean * real(of.n)) / size;
        let squares: f64 = held().map(|of| apart(of) * apart(of)).sum();
        let variance = if n > 1 { squares / real(n - 1) } else { 0.0 };
        Some(Self { n, mean, variance })
    }
}

#[cfg(test)]
mod tests {
    use demarche_random::purpose::Purpose;
    use demarche_random::seed::MasterSeed;

    use super::*;
    use crate::interval::Confidence;
    use crate::testing::near;

    fn clusters(of: &[(u64, f64)]) -> Vec<Cluster> {
        of.iter().map(|(n, sum)| Cluster { n: *n, sum: *sum }).collect()
    }

    #[test]
    fn clusters_of_equal_size_have_the_moments_of_their_means() {
        let of = clusters(&[(4, 2.0), (4, -1.0), (4, 0.0), (4, 3.0)]);
        let (found, means) = (Moments::of_clusters(&of), Moments::of(&[0.5, -0.25, 0.0, 0.75]));
        let (found, means) = (found.unwrap(), means.unwrap());
        assert_eq!(found.n, 4);
        near(found.mean, means.mean, 1e-15);
        near(found.variance, means.variance, 1e-15);
    }

    #[test]
    fn large_clusters_count_for_more_and_empty_ones_for_nothing() {
        // On paper: the mean is 6/10, clusters lie 1.2, −0.6 and −0.6 from it, their mean size is
        // 10/3, so the variance is (1.44 + 0.36 + 0.36) / (100/9) / 2.
        let found = Moments::of_clusters(&clusters(&[(8, 6.0), (1, 0.0), (0, 0.0), (1, 0.0)]));
        let found = found.unwrap();
        near(found.mean, 0.6, 1e-15);
        assert_eq!(found.n, 3);
        near(found.variance, 0.0972, 1e-12);
        assert_eq!(Moments::of_clusters(&clusters(&[(0, 0.0)])), None);
    }

    #[test]
    fn no_difference_anywhere_is_no_difference_without_a_doubt() {
        let found = Moments::of_clusters(&[Cluster { n: 20, sum: 0.0 }; 50]).unwrap();
        let interval = found.interval(Confidence::NINETY_FIVE).unwrap();
        assert_eq!((found.mean, interval.low, interval.high), (0.0, 0.0, 0.0));
        let one = Moments::of_clusters(&[Cluster { n: 20, sum: 3.0 }]).unwrap();
        assert_eq!(one.interval(Confidence::NINETY_FIVE), None, "one draw tells no spread");
    }

    /// Pairs of runs whose change helps in a share of futures that differs from draw to draw. Of
    /// intervals over draws nineteen in twenty must hold the truth; of those that take every pair
    /// for independent, far fewer do.
    #[test]
    fn clustered_intervals_hold_the_truth_as_often_as_they_say() {
        const TRIALS: u32 = 2000;
        let confidence = Confidence::NINETY_FIVE;
        let (mut held, mut held_unclustered) = (0, 0);
        for trial in 0..TRIALS {
            let draws = MasterSeed(11).run(trial.into());
            let mut pairs = crate::paired::FourCells::default();
            let of = (0..40).map(|draw| {
                let mut draws = draws.draws(Purpose::Parameter, draw, 0);
                // Between −0.1 and 0.3, so that the truth is 0.1.
                let effect = 0.4 * draws.uniform() - 0.1;
                let mut sum = 0.0;
                for _ in 0..20 {
                    let (flips, up) = (draws.uniform() < effect.abs(), effect > 0.0);
                    pairs.add(flips && !up, flips && up);
                    sum += if !flips {
                        0.0
                    } else if up {
                        1.0
                    } else {
                        -1.0
                    };
                }
                Cluster { n: 20, sum }
            });
            let of: Vec<Cluster> = of.collect();
            let moments = Moments::of_clusters(&of).unwrap();
            held += u32::from(moments.interval(confidence).unwrap().contains(0.1));
            held_unclustered += u32::from(pairs.tango(confidence).contains(0.1));
        }
        let share = |held: u32| f64::from(held) / f64::from(TRIALS);
        assert!((0.935..=0.965).contains(&share(held)), "{}", share(held));
        assert!(share(held_unclustered) < 0.85, "{}", share(held_unclustered));
    }
}
