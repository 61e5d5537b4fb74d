//! Kalai and Smorodinsky's solution: each gets the same share of the most it could hope for.
//! \[kalai1975\]
//!
//! The most a party could hope for is its ideal gain, and all ideals together the ideal point,
//! which nobody expects to be feasible. On a convex set the solution is where the line from
//! disagreement to the ideal point leaves the set: more for a party to hope for never leaves it
//! with less. Packages are points, and the line may pass between them, so there are two choices.
//!
//! **Which ideal.** Over the zone of agreement: what the others would never sign gives nobody a
//! claim, and the sets of theory hold nothing else. \[thomson1994\] Over all packages, as NegMAS
//! 0.16 has it. They part where a party's best package is refused by another. \[mohammad2021\]
//!
//! **Which package.** [`maximin`] has the greatest least share, the usual reading on finite sets:
//! with more to choose from and the same ideal the least share never falls. [`least_spread`] is
//! nearest to the line, by the greatest share less the least, and is NegMAS' only one; for the sake
//! of equality it may leave all but one party with less. With three parties or more even a convex
//! set may have no point of equal shares that is undominated. \[roth1979\] Both pick from the
//! Pareto frontier in the zone.
//!
//! A party with nothing to hope for (ideal equal to disagreement) has no share and is left out of
//! the comparison; where nobody has anything to hope for, all of the frontier in the zone is told.
//! NegMAS 0.16 tells all of the frontier as soon as one party has nothing to hope for.

use demarche_domain::search::{TOLERANCE, steps};

use crate::pareto::ParetoFrontier;
use crate::solution::Solution;

/// Among which packages each party looks for the most it could hope for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hope {
    /// Among those of the zone of agreement. \[thomson1994\]
    Zone,
    /// Among all, whoever would refuse them.
    AllPackages,
}

/// The ideal point: the greatest gain of each party among the packages that it may hope for.
/// Nothing where there are none. [gain, at least 0 over the zone, signed over all packages]
#[must_use]
pub fn ideal(frontier: &ParetoFrontier<'_>, hope: Hope) -> Option<Vec<f64>> {
    // A party's best package is dominated only by one that is as good for it.
    let mut ideal: Option<Vec<f64>> = None;
    let all = (hope == Hope::AllPackages).then(|| frontier.iter()).into_iter().flatten();
    let zone = (hope == Hope::Zone).then(|| frontier.in_zone()).into_iter().flatten();
    for prospect in all.chain(zone) {
        let ideal = ideal.get_or_insert_with(|| prospect.gains.to_vec());
        for (most, gain) in ideal.iter_mut().zip(prospect.gains) {
            *most = most.max(*gain);
        }
    }
    ideal
}

/// The packages whose least share of the ideal is greatest. The criterion is that share, 1 where
/// nobody has anything to hope for. [1, [0, 1]]
///
/// Nothing where the zone is empty.
#[must_use]
pub fn maximin<'a>(frontier: &ParetoFrontier<'a>, hope: Hope) -> Option<Solution<'a>> {
    let ideal = ideal(frontier, hope)?;
    let least = |gains: &[f64]| shares(gains, &ideal).fold(1.0, f64::min);
    Solution::greatest(frontier, least, |_| TOLERANCE)
}

/// The packages with the least difference between the greatest share of the ideal and the least.
/// The criterion is that difference, 0 where nobody has anything to hope for. [1, [0, 1]]
///
/// Nothing where the zone is empty.
#[must_use]
pub fn least_spread<'a>(frontier: &ParetoFrontier<'a>, hope: Hope) -> Option<Solution<'a>> {
    let ideal = ideal(frontier, hope)?;
    let spread = |gains: &[f64]| {
        let least = shares(gains, &ideal).reduce(f64::min).unwrap_or(0.0);
        shares(gains, &ideal).reduce(f64::max).unwrap_or(0.0) - least
    };
    let solution = Solution::greatest(frontier, |gains| -spread(gains), |_| TOLERANCE)?;
    Some(Solution { criterion: solution.criterion.abs(), ..solution })
}

/// The share of its ideal that each party has which has something to hope for. [1, [0, 1]]
fn shares(gains: &[f64], ideal: &[f64]) -> impl Iterator<Item = f64> {
    let hoping = gains.iter().zip(ideal).filter(|(_, ideal)| steps(**ideal) > 0.0);
    hoping.map(|(gain, ideal)| gain.max(0.0) / ideal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prospects::Prospects;
    use crate::testing::{check, pie, points};

    /// All divisions of one between two, of which the second can have a half at most.
    fn capped_pie() -> Prospects {
        let part = |k: u8| f64::from(k) / 120.0;
        let cuts: Vec<[f64; 2]> = (0..=120).map(|k| [part(k), part(120 - k).min(0.5)]).collect();
        points(&cuts.iter().map(<[f64; 2]>::as_slice).collect::<Vec<_>>())
    }

    #[test]
    fn on_paper_the_line_to_the_ideal_leaves_at_two_thirds() {
        // Ideal (1, 1/2): y = x/2 meets x + y = 1 at (2/3, 1/3). Nash would halve: (1/2, 1/2).
        check(|f| maximin(f, Hope::Zone), &capped_pie(), &[80], 2.0 / 3.0);
        check(|f| least_spread(f, Hope::Zone), &capped_pie(), &[80], 0.0);
        check(crate::nash::nash, &capped_pie(), &[60], 0.25);
    }

    #[test]
    fn a_pie_is_cut_in_half() {
        check(|f| maximin(f, Hope::Zone), &pie(10, [0.0, 0.0]), &[5], 0.5);
    }

    #[test]
    fn hopes_that_others_would_refuse_are_a_claim_only_over_all_packages() {
        // The first could have 10 that the second would never sign; in the zone it has 4 at most.
        let gains: &[&[f64]] = &[&[10.0, -1.0], &[4.0, 1.0], &[2.0, 2.0], &[1.0, 4.0]];
        check(|f| maximin(f, Hope::Zone), &points(gains), &[2], 0.5);
        check(|f| maximin(f, Hope::AllPackages), &points(gains), &[1], 0.25);
        check(|f| least_spread(f, Hope::AllPackages), &points(gains), &[1], 0.15);
    }

    #[test]
    fn the_least_spread_may_leave_all_but_one_with_less() {
        let gains: &[&[f64]] =
            &[&[8.0, 6.0, 4.5], &[4.0, 4.0, 5.0], &[10.0, 0.0, 0.0], &[0.0, 10.0, 0.0]];
        let gains = &[gains, &[&[0.0, 0.0, 10.0]]].concat();
        check(|f| maximin(f, Hope::Zone), &points(gains), &[0], 0.45);
        check(|f| least_spread(f, Hope::Zone), &points(gains), &[1], 0.1);
    }

    #[test]
    fn whoever_has_nothing_to_hope_for_has_no_share() {
        let gains: &[&[f64]] = &[&[0.0, 1.0, 3.0], &[0.0, 2.0, 2.0], &[0.0, 4.0, 1.0]];
        check(|f| maximin(f, Hope::Zone), &points(gains), &[1], 0.5);
        check(|f| least_spread(f, Hope::Zone), &points(gains), &[1], 1.0 / 6.0);
        check(|f| maximin(f, Hope::Zone), &points(&[&[0.0, 0.0], &[0.0, 0.0]]), &[0, 1], 1.0);
        check(|f| least_spread(f, Hope::Zone), &points(&[&[0.0, 0.0]]), &[0], 0.0);
    }

    #[test]
    fn without_a_zone_there_is_no_solution() {
        let prospects = pie(10, [0.6, 0.6]);
        let frontier = ParetoFrontier::of(&prospects);
        assert_eq!(ideal(&frontier, Hope::Zone), None);
        assert_eq!(maximin(&frontier, Hope::AllPackages), None);
        assert_eq!(least_spread(&frontier, Hope::Zone), None);
    }
}
