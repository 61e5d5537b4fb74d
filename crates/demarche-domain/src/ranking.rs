//! A ranking: all packages of a region by what they are worth, for worths that stay as they are.
//!
//! Whoever values packages by tables asks the same question turn after turn, with another target.
//! A list sorted once answers it by bisection, where a search would walk most of the region.

use crate::index::IssueIx;
use crate::package::{MAX_ISSUES, Package};
use crate::region::Region;
use crate::search::{Found, TOLERANCE};
use crate::worth::Worth;

/// All packages of a region in the order of their worth, and of their numbers among equals.
#[derive(Clone, Debug)]
pub struct Ranking {
    region: Region,
    worth: Worth,
    worths: Vec<f64>,
    packages: Vec<Package>,
    found: Vec<Package>,
}

impl Ranking {
    /// Ranks the packages of a region.
    #[must_use]
    pub fn of(region: &Region, worth: &Worth) -> Self {
        let n = worth.n_issues();
        let mut packages = Vec::with_capacity(region.size());
        let mut worths = Vec::with_capacity(region.size());
        // What the issues before each are worth in the package at hand.
        let mut settled = [0.0; MAX_ISSUES + 1];
        let (mut package, mut from) = (region.floor, 0);
        loop {
            for issue in from..n {
                settled[issue + 1] = settled[issue] + worth.marginal(&package, IssueIx::at(issue));
            }
            packages.push(package);
            worths.push(settled[n]);
            // The next package, the last issue varying fastest.
            let is_low = |k: &IssueIx| package.rung(*k) < region.ceiling.rung(*k);
            let Some(rises) = IssueIx::first(n).rev().find(is_low) else { break };
            package.set(rises, package.rung(rises) + 1);
            for later in IssueIx::first(n).filter(|k| *k > rises) {
                package.set(later, region.floor.rung(later));
            }
            from = rises.ix();
        }
        let mut order: Vec<(f64, usize)> = worths.into_iter().zip(0..).collect();
        order.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let packages = order.iter().map(|(_, place)| packages[*place]).collect();
        let worths = order.into_iter().map(|(worth, _)| worth).collect();
        Self { region: *region, worth: worth.clone(), worths, packages, found: Vec::new() }
    }

    /// Whether it ranks these packages as this worth does: what all are worth alike aside.
    #[must_use]
    pub fn is_of(&self, region: &Region, worth: &Worth) -> bool {
        self.region == *region && self.worth.differs_by_constant(worth)
    }

    /// As [`Search::lowest_above`](crate::search::Search::lowest_above), by a worth that it
    /// [ranks as](Self::is_of).
    pub fn lowest_above(&mut self, worth: &Worth, target: f64) -> Found<'_> {
        let target = target - worth.constant;
        let from = self.worths.partition_point(|worth| *worth < target - TOLERANCE);
        self.found.clear();
        if let Some(lowest) = self.worths.get(from) {
            let equal = self.worths[from..].iter().take_while(|w| **w <= lowest + TOLERANCE);
            self.found.extend(&self.packages[from..from + equal.count()]);
            self.found.sort_unstable();
        }
        &self.found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::PackageSpace;
    use crate::search::Search;

    #[test]
    fn a_ranking_answers_as_a_search_does() {
        let space = PackageSpace::new(&[4, 3, 5]).unwrap();
        let mut worth = Worth::zero(&space, &[]);
        // Thirds and sixths, so that many packages are worth the same but for rounding.
        for (issue, step) in space.issues().zip([1.0 / 3.0, 1.0 / 6.0, 0.5 / 3.0]) {
            let rungs = worth.solo_mut(issue).iter_mut().zip(0_u8..);
            rungs.for_each(|(worth, rung)| *worth = step * f64::from(rung));
        }
        worth.constant = -0.2;
        let mut region = Region::all(&space);
        region.floor = Package::new(&[1, 0, 0]);
        region.ceiling = Package::new(&[3, 2, 3]);
        let (mut ranking, mut search) = (Ranking::of(&region, &worth), Search::default());
        for step in -10_i32..40 {
            let target = f64::from(step) / 15.0;
            let searched = search.lowest_above(&region, &worth, target).to_vec();
            assert_eq!(ranking.lowest_above(&worth, target), searched, "above {target}");
        }
        assert!(ranking.is_of(&region, &worth));
        worth.constant = 0.7;
        assert!(ranking.is_of(&region, &worth));
        worth.solo_mut(IssueIx(1))[2] += 0.1;
        assert!(!ranking.is_of(&region, &worth));
    }
}
