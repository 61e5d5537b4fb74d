//! The egalitarian solution: the most for whoever gains least. \[kalai1977\]
//!
//! It takes gains of different parties as comparable, one for one, and moves when one party's unit
//! does. In return nobody on a convex set ever loses when more becomes possible; among packages it
//! is the least gain that never falls. Where that is the same, [`maximin`] tells all; [`leximin`]
//! goes on to the second least gain, the third, and so on. \[thomson1994, the lexicographic
//! egalitarian solution\]

use demarche_domain::search::TOLERANCE;

use crate::pareto::ParetoFrontier;
use crate::solution::Solution;

/// The undominated packages whose least gain is greatest. The criterion is that gain.
/// [gain, at least 0]
///
/// Nothing where the zone is empty. Where somebody cannot gain, the least gain is zero everywhere,
/// and all of the Pareto frontier in the zone is told.
#[must_use]
pub fn maximin<'a>(frontier: &ParetoFrontier<'a>) -> Option<Solution<'a>> {
    Solution::greatest(frontier, least, |_| TOLERANCE)
}

/// Of the packages of [`maximin`], those whose second least gain is greatest, and so on to the
/// greatest gain. The criterion is the least gain. [gain, at least 0]
///
/// Nothing where the zone is empty.
#[must_use]
pub fn leximin<'a>(frontier: &ParetoFrontier<'a>) -> Option<Solution<'a>> {
    let mut solution = maximin(frontier)?;
    for place in 1..frontier.prospects().n_parties() {
        let rates: Vec<f64> =
            solution.packages.iter().map(|prospect| nth_least(prospect.gains, place)).collect();
        let greatest = rates.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let mut rates = rates.into_iter();
        solution.packages.retain(|_| rates.next().is_some_and(|rate| rate >= greatest - TOLERANCE));
    }
    Some(solution)
}

fn least(gains: &[f64]) -> f64 {
    gains.iter().copied().fold(f64::INFINITY, f64::min)
}

/// The gain at this place when the least comes first.
fn nth_least(gains: &[f64], place: usize) -> f64 {
    let mut sorted = gains.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted[place]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, pie, points};

    #[test]
    fn a_pie_is_cut_in_half_after_the_outside_option() {
        check(maximin, &pie(10, [0.0, 0.0]), &[5], 0.5);
        check(maximin, &pie(10, [0.4, 0.0]), &[7], 0.3);
    }

    #[test]
    fn leximin_goes_on_to_the_next() {
        let gains: &[&[f64]] = &[&[1.0, 2.0, 5.0], &[4.0, 1.0, 3.0], &[0.0, 9.0, 9.0]];
        check(maximin, &points(gains), &[0, 1], 1.0);
        check(leximin, &points(gains), &[1], 1.0);
    }

    #[test]
    fn leximin_keeps_what_is_equal_but_for_names() {
        check(leximin, &points(&[&[1.0, 2.0], &[2.0, 1.0]]), &[0, 1], 1.0);
    }

    #[test]
    fn where_somebody_cannot_gain_leximin_looks_at_the_others() {
        let gains: &[&[f64]] = &[&[0.0, 2.0, 3.0], &[0.0, 1.0, 5.0]];
        check(maximin, &points(gains), &[0, 1], 0.0);
        check(leximin, &points(gains), &[0], 0.0);
    }

    #[test]
    fn it_moves_with_the_unit_of_one_party() {
        check(maximin, &points(&[&[4.0, 1.0], &[2.0, 2.0]]), &[1], 2.0);
        check(maximin, &points(&[&[4.0, 10.0], &[2.0, 20.0]]), &[0], 4.0);
    }

    #[test]
    fn without_a_zone_there_is_no_solution() {
        let prospects = pie(10, [0.6, 0.6]);
        assert_eq!(leximin(&ParetoFrontier::of(&prospects)), None);
    }
}
