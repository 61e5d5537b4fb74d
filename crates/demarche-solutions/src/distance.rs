//! Distance: how far a text is from the Pareto frontier, in two readings.
//!
//! [`to_frontier`] is a length and tells how much there was to be had, though perhaps by a text
//! that one party likes less. [`common_improvement`] is what could be put into everybody's hand at
//! once, and so an agreement that left it on the table is a failure of the talks, not of one side.
//! A text can be dominated and still have no common improvement: then only some could gain.
//!
//! Both take gains of different parties as comparable, one for one, and move with the unit of one
//! party's gains. \[ours: lengths in the space of gains, as NegMAS measures them; the second is the
//! egalitarian step of kalai1977 taken from the text rather than from disagreement\]

use demarche_domain::search::steps;

use crate::pareto::ParetoFrontier;

/// The Euclidean distance in gains from a text to the nearest package of the Pareto frontier,
/// rational or not; 0 for the gains of a package on it. [gain, at least 0]
///
/// Nothing where the frontier is empty.
///
/// # Panics
/// When there is not one gain for each party.
#[must_use]
pub fn to_frontier(frontier: &ParetoFrontier<'_>, gains: &[f64]) -> Option<f64> {
    check_parties(frontier, gains);
    let square = |other: &[f64]| -> f64 {
        // Gains of the same step are equal, here as on the frontier.
        let apart = other.iter().zip(gains).filter(|(a, b)| steps(**a) != steps(**b));
        apart.map(|(a, b)| (a - b) * (a - b)).sum()
    };
    frontier.iter().map(|prospect| square(prospect.gains)).reduce(f64::min).map(f64::sqrt)
}

/// The most that some other text would add to the gain of every party at once: the greatest least
/// improvement. At least 0 for a text among the prospects, and 0 for one on the Pareto frontier;
/// negative for one from outside them that somebody would miss in whatever is signed. [gain]
///
/// Nothing where the frontier is empty.
///
/// # Panics
/// When there is not one gain for each party.
#[must_use]
pub fn common_improvement(frontier: &ParetoFrontier<'_>, gains: &[f64]) -> Option<f64> {
    check_parties(frontier, gains);
    let least = |other: &[f64]| {
        let improvements = other.iter().zip(gains).map(|(a, b)| {
            // Gains of the same step are equal, here as on the frontier.
            if steps(*a) == steps(*b) { 0.0 } else { a - b }
        });
        improvements.fold(f64::INFINITY, f64::min)
    };
    frontier.iter().map(|prospect| least(prospect.gains)).reduce(f64::max)
}

fn check_parties(frontier: &ParetoFrontier<'_>, gains: &[f64]) {
    let (n_parties, n_gains) = (frontier.prospects().n_parties(), gains.len());
    assert!(n_gains == n_parties, "{n_parties} parties, but {n_gains} gains");
}

#[cfg(test)]
mod tests {
    use demarche_domain::package::Package;

    use super::*;
    use crate::testing::{pie, points};

    #[track_caller]
    fn check(all: &[&[f64]], gains: &[f64], length: f64, improvement: f64) {
        let prospects = points(all);
        let frontier = ParetoFrontier::of(&prospects);
        let near = |found: Option<f64>, expected: f64| (found.unwrap() - expected).abs() < 1e-12;
        assert!(near(to_frontier(&frontier, gains), length));
        assert!(near(common_improvement(&frontier, gains), improvement));
    }

    #[test]
    fn a_text_on_the_frontier_is_at_no_distance() {
        let prospects = pie(10, [0.0, 0.0]);
        let frontier = ParetoFrontier::of(&prospects);
        for prospect in frontier.iter() {
            assert_eq!(to_frontier(&frontier, prospect.gains), Some(0.0));
            assert_eq!(common_improvement(&frontier, prospect.gains), Some(0.0));
        }
    }

    #[test]
    fn a_text_below_it_is_as_far_as_the_nearest_and_as_poor_as_the_best() {
        let all: &[&[f64]] = &[&[0.0, 10.0], &[6.0, 5.0], &[2.0, 1.0]];
        check(all, &[2.0, 1.0], 32.0_f64.sqrt(), 4.0);
    }

    #[test]
    fn a_dominated_text_need_not_be_improvable_for_all() {
        check(&[&[2.0, 5.0], &[2.0, 1.0]], &[2.0, 1.0], 4.0, 0.0);
    }

    #[test]
    fn a_text_from_outside_may_be_missed() {
        check(&[&[2.0, 5.0], &[3.0, 1.0]], &[3.0, 5.0], 1.0, -1.0);
    }

    #[test]
    fn to_nothing_there_is_no_distance() {
        let nothing = points(&[&[1.0, 1.0]]).without(&Package::STATUS_QUO);
        let frontier = ParetoFrontier::of(&nothing);
        assert_eq!(to_frontier(&frontier, &[0.0, 0.0]), None);
        assert_eq!(common_improvement(&frontier, &[0.0, 0.0]), None);
    }
}
