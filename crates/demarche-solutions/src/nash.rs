//! Nash's solution: the greatest product of gains over disagreement. \[nash1950\]
//!
//! The only rule on convex sets that wastes nothing, treats equals equally, takes no notice of the
//! units of worth, and of alternatives that would not have been picked. On a finite set there may
//! be ties. Where no package of the zone brings something to everybody, every product is zero: the
//! theory says nothing, and all of the Pareto frontier in the zone is told.

use demarche_domain::search::{product, slack};

use crate::pareto::ParetoFrontier;
use crate::solution::Solution;

/// The packages with the greatest product of gains. The criterion is that product.
/// [gain to the power of the number of parties, at least 0]
///
/// Nothing where the zone is empty. Products are equal that differ by less than the tolerance
/// times the greatest: with many parties all of them are small numbers.
#[must_use]
pub fn nash<'a>(frontier: &ParetoFrontier<'a>) -> Option<Solution<'a>> {
    Solution::greatest(frontier, product, slack)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, pie, points};

    #[test]
    fn a_pie_is_cut_in_half() {
        check(nash, &pie(10, [0.0, 0.0]), &[5], 0.25);
    }

    #[test]
    fn between_two_cuts_both_are_told() {
        check(nash, &pie(9, [0.0, 0.0]), &[4, 5], 20.0 / 81.0);
    }

    #[test]
    fn an_outside_option_is_paid_before_the_rest_is_halved() {
        check(nash, &pie(10, [0.4, 0.0]), &[7], 0.09);
    }

    #[test]
    fn where_somebody_cannot_gain_nothing_undominated_is_ruled_out() {
        let gains: &[&[f64]] = &[&[0.0, 2.0, 1.0], &[0.0, 1.0, 2.0], &[0.0, 1.0, 1.0]];
        check(nash, &points(gains), &[0, 1], 0.0);
    }

    #[test]
    fn small_products_of_many_are_told_apart() {
        let (less, more) = (vec![0.01; 8], [vec![0.01; 7], vec![0.02]].concat());
        let other = [vec![0.03], vec![0.005; 7]].concat();
        check(nash, &points(&[&less, &more, &other]), &[1], 2e-16);
        let frontier_only = points(&[&more, &other]);
        let frontier = ParetoFrontier::of(&frontier_only);
        assert_eq!(nash(&frontier).unwrap().packages.len(), 1);
    }

    #[test]
    fn without_a_zone_there_is_no_solution() {
        assert_eq!(nash(&ParetoFrontier::of(&pie(10, [0.6, 0.6]))), None);
    }
}
