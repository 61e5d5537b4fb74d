//! What packages are worth to somebody, as a table: a constant, a number per rung of each issue,
//! and a number per pair of rungs where two issues hang together.
//!
//! Everything a package is worth in the model has this form (stakes, credibility that hangs on the
//! verifying issue, linkages, relief, cost of backing down), which is what lets the search over
//! packages be exact and quick.

use crate::index::IssueIx;
use crate::package::{MAX_ISSUES, Package, PackageSpace};

/// Two issues whose worth is not the sum of two parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Linked {
    /// The earlier issue, in the scenario's order.
    pub earlier: IssueIx,
    /// The later issue.
    pub later: IssueIx,
}

impl Linked {
    /// The pair in the scenario's order, whichever is named first; nothing for one issue twice.
    #[must_use]
    pub fn new(one: IssueIx, other: IssueIx) -> Option<Self> {
        (one != other).then(|| Self { earlier: one.min(other), later: one.max(other) })
    }
}

/// The worth of every package, as sums over issues and linked pairs.
#[derive(Debug, PartialEq)]
pub struct Worth {
    /// What every package is worth, whatever its rungs.
    pub constant: f64,
    solo: Vec<f64>,
    solo_at: Vec<usize>,
    pairs: Vec<Pair>,
    /// The pairs whose later issue each issue is, one issue after the other, and where each begins.
    by_later: Vec<usize>,
    by_later_at: [u8; MAX_ISSUES + 1],
}

#[derive(Debug, PartialEq)]
struct Pair {
    linked: Linked,
    n_later: usize,
    worth: Vec<f64>,
}

/// By hand, so that [`Clone::clone_from`] takes no memory where there is enough.
impl Clone for Worth {
    fn clone(&self) -> Self {
        Self {
            constant: self.constant,
            solo: self.solo.clone(),
            solo_at: self.solo_at.clone(),
            pairs: self.pairs.clone(),
            by_later: self.by_later.clone(),
            by_later_at: self.by_later_at,
        }
    }

    fn clone_from(&mut self, source: &Self) {
        self.constant = source.constant;
        self.solo.clone_from(&source.solo);
        self.solo_at.clone_from(&source.solo_at);
        self.pairs.clone_from(&source.pairs);
        self.by_later.clone_from(&source.by_later);
        self.by_later_at = source.by_later_at;
    }
}

impl Clone for Pair {
    fn clone(&self) -> Self {
        Self { linked: self.linked, n_later: self.n_later, worth: self.worth.clone() }
    }

    fn clone_from(&mut self, source: &Self) {
        (self.linked, self.n_later) = (source.linked, source.n_later);
        self.worth.clone_from(&source.worth);
    }
}

impl Worth {
    /// A table of zeros for this space and these pairs.
    #[must_use]
    pub fn zero(space: &PackageSpace, linked: &[Linked]) -> Self {
        let mut solo_at = vec![0];
        for issue in space.issues() {
            solo_at.push(solo_at[issue.ix()] + space.n_rungs(issue));
        }
        let pairs = linked.iter().map(|&linked| {
            let (n_earlier, n_later) = (space.n_rungs(linked.earlier), space.n_rungs(linked.later));
            Pair { linked, n_later, worth: vec![0.0; n_earlier * n_later] }
        });
        let solo = vec![0.0; solo_at[space.n_issues()]];
        let (mut by_later, mut by_later_at) = (Vec::new(), [0; MAX_ISSUES + 1]);
        for issue in space.issues() {
            let places = (0..linked.len()).filter(|place| linked[*place].later == issue);
            by_later.extend(places);
            by_later_at[issue.ix() + 1] = u8::try_from(by_later.len()).expect("at most 120 pairs");
        }
        Self { constant: 0.0, solo, solo_at, pairs: pairs.collect(), by_later, by_later_at }
    }

    /// Whether another differs from it, if at all, in what every package is worth alike.
    #[must_use]
    pub fn differs_by_constant(&self, other: &Self) -> bool {
        self.solo == other.solo && self.solo_at == other.solo_at && self.pairs == other.pairs
    }

    /// Sets everything to zero, keeping the memory.
    pub fn clear(&mut self) {
        self.constant = 0.0;
        self.solo.fill(0.0);
        for pair in &mut self.pairs {
            pair.worth.fill(0.0);
        }
    }

    /// How many issues there are.
    #[must_use]
    pub const fn n_issues(&self) -> usize {
        self.solo_at.len() - 1
    }

    /// What each rung of one issue is worth by itself.
    #[must_use]
    pub fn solo(&self, issue: IssueIx) -> &[f64] {
        &self.solo[self.solo_at[issue.ix()]..self.solo_at[issue.ix() + 1]]
    }

    /// The same, to be written.
    pub fn solo_mut(&mut self, issue: IssueIx) -> &mut [f64] {
        &mut self.solo[self.solo_at[issue.ix()]..self.solo_at[issue.ix() + 1]]
    }

    /// Adds to what two rungs of a linked pair are worth together.
    ///
    /// # Panics
    /// When the two issues were not declared as linked: a mechanism forgot to declare them.
    pub fn add_pair(&mut self, one: (IssueIx, u8), other: (IssueIx, u8), worth: f64) {
        self.pair_adder(one.0, other.0)(one.1, other.1, worth);
    }

    /// The same for many rungs of one pair: what it returns takes a rung of each issue, in the
    /// order in which they are named here, and what to add.
    ///
    /// # Panics
    /// As [`add_pair`](Self::add_pair).
    pub fn pair_adder(&mut self, one: IssueIx, other: IssueIx) -> impl FnMut(u8, u8, f64) {
        let linked = Linked::new(one, other);
        let pair = self.pairs.iter_mut().find(|pair| Some(pair.linked) == linked);
        let pair = pair.expect("issues that hang together are declared so");
        let is_earlier = one < other;
        move |rung, of_other, worth| {
            let (row, column) = if is_earlier { (rung, of_other) } else { (of_other, rung) };
            pair.worth[usize::from(row) * pair.n_later + usize::from(column)] += worth;
        }
    }

    /// The pairs of an issue with earlier ones.
    fn with_earlier(&self, issue: IssueIx) -> impl Iterator<Item = &Pair> + Clone {
        let [from, to] = [issue.ix(), issue.ix() + 1].map(|at| usize::from(self.by_later_at[at]));
        self.by_later[from..to].iter().map(|place| &self.pairs[*place])
    }

    /// What a package is worth.
    #[must_use]
    pub fn of(&self, package: &Package) -> f64 {
        IssueIx::first(self.n_issues())
            .fold(self.constant, |sum, k| sum + self.marginal(package, k))
    }

    /// What one issue adds to a package of which the earlier issues are settled: its own rung and
    /// its pairs with earlier issues.
    #[must_use]
    pub fn marginal(&self, package: &Package, issue: IssueIx) -> f64 {
        let own = self.solo[self.solo_at[issue.ix()] + usize::from(package.rung(issue))];
        if self.pairs.is_empty() {
            return own;
        }
        self.with_earlier(issue).fold(own, |sum, p| {
            let row = usize::from(package.rung(p.linked.earlier)) * p.n_later;
            sum + p.worth[row + usize::from(package.rung(issue))]
        })
    }

    /// What one issue contributes to a package, all its pairs counted with it.
    #[must_use]
    pub fn contribution(&self, package: &Package, issue: IssueIx) -> f64 {
        let own = self.solo(issue)[usize::from(package.rung(issue))];
        let pairs =
            self.pairs.iter().filter(|p| [p.linked.earlier, p.linked.later].contains(&issue));
        pairs.fold(own, |sum, p| sum + p.at(package))
    }

    /// The most that a package of a region is worth, where no issues are linked.
    #[must_use]
    pub fn most_by_itself(&self, region: &crate::region::Region) -> Option<f64> {
        let issues = IssueIx::first(self.n_issues());
        let most = || issues.fold(self.constant, |sum, k| sum + self.marginal_bound(region, k));
        self.pairs.is_empty().then(most)
    }

    /// The most that [`Self::marginal`] can be on this issue with rungs in a region.
    #[must_use]
    pub fn marginal_bound(&self, region: &crate::region::Region, issue: IssueIx) -> f64 {
        if self.with_earlier(issue).next().is_none() {
            let (low, high) = (region.floor.rung(issue), region.ceiling.rung(issue));
            let rungs = &self.solo(issue)[usize::from(low)..=usize::from(high)];
            return rungs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        }
        let span = |k: IssueIx| region.floor.rung(k)..=region.ceiling.rung(k);
        let at = |rung: u8| {
            let own = self.solo[self.solo_at[issue.ix()] + usize::from(rung)];
            self.with_earlier(issue).fold(own, |sum, p| {
                let row = |e: u8| p.worth[usize::from(e) * p.n_later + usize::from(rung)];
                sum + span(p.linked.earlier).map(row).fold(f64::NEG_INFINITY, f64::max)
            })
        };
        span(issue).map(at).fold(f64::NEG_INFINITY, f64::max)
    }
}

impl Pair {
    fn at(&self, package: &Package) -> f64 {
        let row = usize::from(package.rung(self.linked.earlier)) * self.n_later;
        self.worth[row + usize::from(package.rung(self.linked.later))]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::region::Region;

    fn sample() -> (PackageSpace, Worth) {
        let space = PackageSpace::new(&[2, 3, 2]).unwrap();
        let linked = Linked::new(IssueIx(2), IssueIx(0)).unwrap();
        let mut worth = Worth::zero(&space, &[linked]);
        worth.constant = -1.0;
        worth.solo_mut(IssueIx(1)).copy_from_slice(&[0.0, 0.5, 2.0]);
        worth.add_pair((IssueIx(2), 1), (IssueIx(0), 1), 4.0);
        (space, worth)
    }

    #[test]
    fn a_package_is_worth_the_sum_of_its_parts() {
        let (_, worth) = sample();
        assert_eq!(worth.of(&Package::new(&[1, 1, 1])), 3.5);
        assert_eq!(worth.of(&Package::new(&[0, 2, 1])), 1.0);
        assert_eq!(worth.contribution(&Package::new(&[1, 1, 1]), IssueIx(0)), 4.0);
    }

    #[test]
    fn no_marginal_exceeds_its_bound() {
        let (space, worth) = sample();
        for issue in space.issues() {
            let bound = worth.marginal_bound(&Region::all(&space), issue);
            for index in 0..space.size() {
                assert!(worth.marginal(&space.package(index), issue) <= bound);
            }
        }
    }
}
