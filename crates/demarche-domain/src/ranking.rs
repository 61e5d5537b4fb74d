//! A ranking: all packages of a region by what they are worth, for worths that stay as they are.
//!
//! Whoever values packages by tables asks the same question turn after turn, with another target.
//! A list sorted once answers it by bisection, where a search would walk most of the region.

use crate::index::IssueIx;
use crate::package::{MAX_ISSUES, Package};
use crate::region::Region;
use crate::search::{Found, TOLERANCE};
use crate::worth::Worth;

/// All packages of a region, put into bins by their worth. A bin is looked through when it is asked
/// for; few ever are, so that sorting them all would be most of the work.
#[derive(Clone, Debug)]
pub struct Ranking {
    region: Region,
    worth: Worth,
    /// Worths and places in the order of the packages' numbers, bin after bin.
    ranked: Vec<(f64, u32)>,
    /// Where each bin begins, and the end of the last.
    begins: Vec<usize>,
    least: f64,
    bins_per_worth: f64,
    places: Vec<u32>,
    found: Vec<Package>,
}

/// How many packages share a bin, on average.
const PER_BIN: usize = 16;

impl Ranking {
    /// Ranks the packages of a region.
    #[must_use]
    pub fn of(region: &Region, worth: &Worth) -> Self {
        let all = worths(region, worth);
        let least = all.iter().copied().fold(f64::INFINITY, f64::min);
        let most = all.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let n_bins = all.len().div_ceil(PER_BIN);
        #[expect(clippy::cast_precision_loss, reason = "at most 65,536 packages")]
        let bins_per_worth = if most > least { n_bins as f64 / (most - least) } else { 0.0 };
        let mut ranking = Self {
            region: *region,
            worth: worth.clone(),
            ranked: vec![(0.0, 0); all.len()],
            begins: vec![0; n_bins + 1],
            least,
            bins_per_worth,
            places: Vec::new(),
            found: Vec::new(),
        };
        for worth in &all {
            let bin = ranking.bin(*worth);
            ranking.begins[bin + 1] += 1;
        }
        for bin in 0..n_bins {
            ranking.begins[bin + 1] += ranking.begins[bin];
        }
        let mut free = ranking.begins.clone();
        for (place, worth) in (0..).zip(all) {
            let at = &mut free[ranking.bin(worth)];
            ranking.ranked[*at] = (worth, place);
            *at += 1;
        }
        ranking
    }

    /// The packages that it ranks.
    #[must_use]
    pub const fn region(&self) -> &Region {
        &self.region
    }

    /// Whether it ranks these packages as this worth does: what all are worth alike aside.
    #[must_use]
    pub fn is_of(&self, region: &Region, worth: &Worth) -> bool {
        self.region == *region && self.worth.differs_by_constant(worth)
    }

    /// As [`Search::lowest_above`](crate::search::Search::lowest_above), by a worth that it
    /// [ranks as](Self::is_of).
    pub fn lowest_above(&mut self, worth: &Worth, target: f64) -> Found<'_> {
        let bar = target - worth.constant - TOLERANCE;
        let mut places = std::mem::take(&mut self.places);
        places.clear();
        let reach = |(worth, _): &&(f64, u32)| *worth >= bar;
        let least_of = |bin| self.in_bin(bin).iter().filter(reach).map(|(worth, _)| *worth);
        let lowest = (self.bin(bar)..self.n_bins())
            .find_map(|bin| least_of(bin).min_by(|a, b| a.total_cmp(b)));
        if let Some(lowest) = lowest {
            let bins = self.bin(lowest)..=self.bin(lowest + TOLERANCE);
            let near = bins.flat_map(|bin| self.in_bin(bin));
            let equal = near.filter(|(worth, _)| (lowest..=lowest + TOLERANCE).contains(worth));
            places.extend(equal.map(|(_, place)| *place));
            places.sort_unstable();
        }
        let n = self.worth.n_issues();
        self.found.clear();
        self.found.extend(places.iter().map(|place| self.region.package(n, *place)));
        self.places = places;
        &self.found
    }

    fn n_bins(&self) -> usize {
        self.begins.len() - 1
    }

    /// The bin of a worth: no lower for a greater one.
    fn bin(&self, worth: f64) -> usize {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a bin")]
        let bin = ((worth - self.least) * self.bins_per_worth) as usize;
        bin.min(self.n_bins() - 1)
    }

    fn in_bin(&self, bin: usize) -> &[(f64, u32)] {
        &self.ranked[self.begins[bin]..self.begins[bin + 1]]
    }
}

/// What the packages of a region are worth, in the order of their numbers, the constant aside.
fn worths(region: &Region, worth: &Worth) -> Vec<f64> {
    let n = worth.n_issues();
    let mut worths = Vec::with_capacity(region.size());
    // What the issues before each are worth in the package at hand.
    let mut settled = [0.0; MAX_ISSUES + 1];
    let (mut package, mut from) = (region.floor, 0);
    loop {
        for issue in from..n {
            settled[issue + 1] = settled[issue] + worth.marginal(&package, IssueIx::at(issue));
        }
        worths.push(settled[n]);
        // The next package, the last issue varying fastest.
        let is_low = |k: &IssueIx| package.rung(*k) < region.ceiling.rung(*k);
        let Some(rises) = IssueIx::first(n).rev().find(is_low) else { return worths };
        package.set(rises, package.rung(rises) + 1);
        for later in IssueIx::first(n).filter(|k| *k > rises) {
            package.set(later, region.floor.rung(later));
        }
        from = rises.ix();
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
