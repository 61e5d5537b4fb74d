//! Disagreement: what each party is left with when nothing is signed, the point that gains are
//! counted from.
//!
//! Two conventions are in use, and they part only where a party would rather have its worst
//! package than no deal. A solution can hang on the choice. \[thomson1994\]

use demarche_domain::region::Region;
use demarche_domain::worth::Worth;

use crate::prospects::walk;

/// What no deal is worth where packages are valued by tables; a scenario names its choice by the
/// same words. \[mohammad2021 for the second\]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disagreement {
    /// The reservation value.
    Reservation,
    /// The reservation value, or the worst package where that is better.
    ReservationOrWorst,
}

impl Disagreement {
    /// What no deal is worth to one party under this convention. [worth]
    #[must_use]
    pub const fn of(self, reservation: f64, worst: f64) -> f64 {
        match self {
            Self::Reservation => reservation,
            Self::ReservationOrWorst => reservation.max(worst),
        }
    }

    /// The point of disagreement under this convention, party by party. [worth]
    ///
    /// The worst package is that of the region: give the whole space to have the worst of all.
    ///
    /// # Panics
    /// When worths and reservations are not of the same number, or when the region does not fit
    /// the worths.
    #[must_use]
    pub fn point(self, reservations: &[f64], region: &Region, worths: &[&Worth]) -> Vec<f64> {
        let (n_parties, n_points) = (worths.len(), reservations.len());
        assert!(n_points == n_parties, "{n_parties} parties, but {n_points} reservations");
        match self {
            Self::Reservation => reservations.to_vec(),
            Self::ReservationOrWorst => {
                let worst = worst(region, worths).into_iter();
                worst.zip(reservations).map(|(worst, own)| self.of(*own, worst)).collect()
            }
        }
    }
}

/// What each party's worst package of the region is worth to it. [worth]
fn worst(region: &Region, worths: &[&Worth]) -> Vec<f64> {
    let mut least = vec![f64::INFINITY; worths.len()];
    if worths.is_empty() {
        return least;
    }
    walk(region, worths, |_, worths| {
        for (least, worth) in least.iter_mut().zip(worths) {
            *least = least.min(*worth);
        }
    });
    least
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[test]
    fn the_two_conventions_part_below_the_worst_package() {
        let (space, worths) = testing::worths(&[&[0.2, 0.9], &[0.6, 0.1]]);
        let worths: Vec<&Worth> = worths.iter().collect();
        let point =
            |convention: Disagreement| convention.point(&[0.0, 0.5], &Region::all(&space), &worths);
        assert_eq!(point(Disagreement::Reservation), [0.0, 0.5]);
        assert_eq!(point(Disagreement::ReservationOrWorst), [0.2, 0.5]);
    }
}
