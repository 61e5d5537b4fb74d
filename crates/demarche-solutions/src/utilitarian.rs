//! The utilitarian solution: the greatest sum of gains, whoever has them. \[thomson1994\]
//!
//! It takes gains of different parties as comparable, one for one, and moves when one party's unit
//! does, though not with its zero. As a solution it is held to the zone of agreement: a greater sum
//! at somebody's expense would not be signed.

use demarche_domain::search::TOLERANCE;

use crate::pareto::ParetoFrontier;
use crate::solution::Solution;

/// The packages of the zone with the greatest sum of gains. The criterion is that sum.
/// [gain, at least 0]
///
/// Nothing where the zone is empty.
#[must_use]
pub fn utilitarian<'a>(frontier: &ParetoFrontier<'a>) -> Option<Solution<'a>> {
    Solution::greatest(frontier, |gains| gains.iter().sum(), |_| TOLERANCE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{check, pie, points};

    #[test]
    fn it_does_not_care_who_has_the_pie() {
        check(utilitarian, &pie(4, [0.0, 0.0]), &[0, 1, 2, 3, 4], 1.0);
    }

    #[test]
    fn it_takes_the_greatest_sum_that_all_would_sign() {
        check(utilitarian, &points(&[&[9.0, -1.0], &[5.0, 0.0], &[2.0, 2.0]]), &[1], 5.0);
    }

    #[test]
    fn it_moves_with_the_unit_of_one_party() {
        check(utilitarian, &points(&[&[4.0, 1.0], &[2.0, 2.0]]), &[0], 5.0);
        check(utilitarian, &points(&[&[4.0, 10.0], &[2.0, 20.0]]), &[1], 22.0);
    }

    #[test]
    fn without_a_zone_there_is_no_solution() {
        let prospects = pie(10, [0.6, 0.6]);
        assert_eq!(utilitarian(&ParetoFrontier::of(&prospects)), None);
    }
}
