//! Exact search over the packages of a region: nothing is sampled, what cannot win is cut.
//!
//! One walk serves every question. It settles issue after issue, carries for each of several
//! [`Worth`] tables what the settled part is worth and the most the open part could add, and asks
//! the question whether to go on. Worths compare with a tolerance of 1e-9, so that sums taken in
//! another order cannot change a choice.

use std::cmp::Ordering;

use crate::index::IssueIx;
use crate::package::Package;
use crate::region::Region;
use crate::worth::Worth;

/// Two worths nearer than this count as equal. [1]
pub const TOLERANCE: f64 = 1e-9;

/// A gain in whole steps of [`TOLERANCE`]: gains of the same step count as equal. Unlike a
/// difference that is small enough, this is transitive.
#[must_use]
pub fn steps(gain: f64) -> f64 {
    (gain / TOLERANCE).round() + 0.0 // Adding zero makes a negative zero positive.
}

/// Whether a gain is at least 0 in [`steps`].
fn is_no_loss(gain: f64) -> bool {
    gain / TOLERANCE > -0.5
}

/// The product of gains, at least 0; who gains nothing but for rounding gains nothing.
#[must_use]
pub fn product(gains: &[f64]) -> f64 {
    // A gain of at least one step.
    gains.iter().map(|gain| if gain / TOLERANCE >= 0.5 { *gain } else { 0.0 }).product()
}

/// The least of some worths. Infinite where there are none.
#[must_use]
pub fn least(worths: &[f64]) -> f64 {
    worths.iter().copied().fold(f64::INFINITY, f64::min)
}

/// How much less than the greatest product counts as equal to it: a share of it, because the
/// products of many parties are all small numbers.
#[must_use]
pub fn slack(greatest: f64) -> f64 {
    greatest.max(0.0) * TOLERANCE
}

/// A question put to the walk.
trait Question {
    /// Whether a part whose completions are worth at most `bounds` can still matter.
    fn hopes(&self, bounds: &[f64]) -> bool;
    /// Takes note of a whole package and what it is worth to each.
    fn meet(&mut self, package: &Package, worths: &[f64]);
}

/// The memory of the walk, kept between searches.
#[derive(Clone, Debug, Default)]
pub struct Search {
    settled: Vec<f64>,
    open: Vec<f64>,
    bounds: Vec<f64>,
    found: Vec<Package>,
    steps: Vec<f64>,
    order: Vec<usize>,
    frontier: Vec<usize>,
}

/// The packages that answer a question equally well, in the order of their numbers.
pub type Found<'a> = &'a [Package];

impl Search {
    /// The packages of a region that are worth most.
    pub fn best(&mut self, region: &Region, worth: &Worth) -> (f64, Found<'_>) {
        let mut question = Most { best: f64::NEG_INFINITY, found: std::mem::take(&mut self.found) };
        question.found.clear();
        self.walk(region, &[worth], &mut question);
        let best = question.best;
        self.found = question.found;
        (best, &self.found)
    }

    /// The most that a package of a region is worth.
    pub fn most(&mut self, region: &Region, worth: &Worth) -> f64 {
        match worth.most_by_itself(region) {
            Some(most) => most,
            None => self.best(region, worth).0,
        }
    }

    /// Among the packages worth at least `target`, those that are best by `favour`.
    /// Empty when none reaches the target.
    pub fn best_above(
        &mut self,
        region: &Region,
        worth: &Worth,
        target: f64,
        favour: &Worth,
    ) -> Found<'_> {
        let found = std::mem::take(&mut self.found);
        let mut question = Favoured { target, best: f64::NEG_INFINITY, found };
        question.found.clear();
        self.walk(region, &[worth, favour], &mut question);
        self.found = question.found;
        &self.found
    }

    /// Among the packages worth at least `target`, those worth least. Empty when there are none.
    pub fn lowest_above(&mut self, region: &Region, worth: &Worth, target: f64) -> Found<'_> {
        let found = std::mem::take(&mut self.found);
        let mut question = Lowest { target, best: f64::INFINITY, found };
        question.found.clear();
        self.walk(region, &[worth], &mut question);
        self.found = question.found;
        &self.found
    }

    /// The packages with the greatest product of gains among those that leave each at least its
    /// floor (Nash 1950), or, where none does so, nothing.
    ///
    /// All that tie are told, but for those that another of them dominates. So where the greatest
    /// product is 0, because nothing gains everybody something, the Pareto frontier is told.
    pub fn nash(&mut self, region: &Region, gains: &[&Worth], floors: &[f64]) -> Found<'_> {
        self.nash_above(region, gains, floors, f64::NEG_INFINITY)
    }

    /// The same where a package of the region is known that has a product of `known`, which is
    /// found sooner.
    pub fn nash_above(
        &mut self,
        region: &Region,
        gains: &[&Worth],
        floors: &[f64],
        known: f64,
    ) -> Found<'_> {
        let found = std::mem::take(&mut self.found);
        let steps = std::mem::take(&mut self.steps);
        let mut question = Product { floors, best: known, found, steps };
        question.found.clear();
        question.steps.clear();
        self.walk(region, gains, &mut question);
        question.drop_dominated(&mut self.order, &mut self.frontier);
        (self.found, self.steps) = (question.found, question.steps);
        &self.found
    }

    /// The greatest gain that the worse-off side can have (egalitarian), and a package with it.
    pub fn maximin(&mut self, region: &Region, gains: &[&Worth]) -> (f64, Package) {
        self.maximin_above(region, gains, f64::NEG_INFINITY).expect("a region is never empty")
    }

    /// The same where it is more than `known`, and nothing where it is not, which is found sooner.
    pub fn maximin_above(
        &mut self,
        region: &Region,
        gains: &[&Worth],
        known: f64,
    ) -> Option<(f64, Package)> {
        let mut question = Maximin { best: known, at: None };
        self.walk(region, gains, &mut question);
        question.at.map(|at| (question.best, at))
    }

    fn walk(&mut self, region: &Region, worths: &[&Worth], question: &mut impl Question) {
        let n = worths[0].n_issues();
        let width = worths.len();
        self.prepare(region, worths, n);
        let mut package = region.floor;
        let mut depth = 0;
        loop {
            let issue = IssueIx::at(depth);
            for (w, worth) in worths.iter().enumerate() {
                let settled = self.settled[depth * width + w] + worth.marginal(&package, issue);
                self.settled[(depth + 1) * width + w] = settled;
                self.bounds[w] = settled + self.open[(depth + 1) * width + w];
            }
            if depth + 1 == n {
                question.meet(&package, &self.settled[n * width..]);
            } else if question.hopes(&self.bounds) {
                depth += 1;
                package.set(IssueIx::at(depth), region.floor.rung(IssueIx::at(depth)));
                continue;
            }
            while package.rung(IssueIx::at(depth)) == region.ceiling.rung(IssueIx::at(depth)) {
                if depth == 0 {
                    return;
                }
                depth -= 1;
            }
            package.set(IssueIx::at(depth), package.rung(IssueIx::at(depth)) + 1);
        }
    }

    /// Lays out what nothing settled is worth, and the most that each open part can add.
    fn prepare(&mut self, region: &Region, worths: &[&Worth], n: usize) {
        let width = worths.len();
        self.settled.clear();
        self.settled.resize((n + 1) * width, 0.0);
        self.open.clear();
        self.open.resize((n + 1) * width, 0.0);
        self.bounds.clear();
        self.bounds.resize(width, 0.0);
        for (w, worth) in worths.iter().enumerate() {
            self.settled[w] = worth.constant;
            for issue in IssueIx::first(n).rev() {
                let later = self.open[(issue.ix() + 1) * width + w];
                self.open[issue.ix() * width + w] = later + worth.marginal_bound(region, issue);
            }
        }
    }
}

/// Keeps the better package, and both where they are equal.
fn keep(found: &mut Vec<Package>, best: &mut f64, package: &Package, worth: f64) {
    if worth > *best + TOLERANCE {
        found.clear();
        *best = worth;
    }
    if worth >= *best - TOLERANCE {
        found.push(*package);
    }
}

struct Most {
    best: f64,
    found: Vec<Package>,
}

impl Question for Most {
    fn hopes(&self, bounds: &[f64]) -> bool {
        bounds[0] >= self.best - TOLERANCE
    }
    fn meet(&mut self, package: &Package, worths: &[f64]) {
        keep(&mut self.found, &mut self.best, package, worths[0]);
    }
}

struct Favoured {
    target: f64,
    best: f64,
    found: Vec<Package>,
}

impl Question for Favoured {
    fn hopes(&self, bounds: &[f64]) -> bool {
        bounds[0] >= self.target - TOLERANCE && bounds[1] >= self.best - TOLERANCE
    }
    fn meet(&mut self, package: &Package, worths: &[f64]) {
        if worths[0] >= self.target - TOLERANCE {
            keep(&mut self.found, &mut self.best, package, worths[1]);
        }
    }
}

struct Lowest {
    target: f64,
    best: f64,
    found: Vec<Package>,
}

impl Question for Lowest {
    fn hopes(&self, bounds: &[f64]) -> bool {
        bounds[0] >= self.target - TOLERANCE
    }
    fn meet(&mut self, package: &Package, worths: &[f64]) {
        if worths[0] < self.target - TOLERANCE {
            return;
        }
        let mut best = -self.best;
        keep(&mut self.found, &mut best, package, -worths[0]);
        self.best = -best;
    }
}

struct Product<'a> {
    floors: &'a [f64],
    best: f64,
    found: Vec<Package>,
    /// What each package found brings, in steps of the tolerance, package after package.
    steps: Vec<f64>,
}

impl Product<'_> {
    fn above_floors(&self, worths: &[f64]) -> bool {
        worths.iter().zip(self.floors).all(|(worth, floor)| is_no_loss(worth - floor))
    }

    /// Leaves out what another package found dominates. `order` and `frontier` are memory.
    fn drop_dominated(&mut self, order: &mut Vec<usize>, frontier: &mut Vec<usize>) {
        if self.found.len() < 2 {
            return;
        }
        let width = self.floors.len();
        let row = |at: usize| &self.steps[at * width..(at + 1) * width];
        // What dominates has the greater sum, and so comes first; equal gains share a verdict.
        let sum = |at: usize| row(at).iter().sum::<f64>();
        order.clear();
        order.extend(0..self.found.len());
        order.sort_unstable_by(|&a, &b| {
            let by_gains = || row(a).iter().zip(row(b)).map(|(a, b)| a.total_cmp(b));
            let first = || by_gains().find(|order| order.is_ne()).unwrap_or(Ordering::Equal);
            sum(b).total_cmp(&sum(a)).then_with(first)
        });
        order.dedup_by(|a, b| row(*a) == row(*b));
        frontier.clear();
        for &at in order.iter() {
            let dominates =
                |other: &usize| row(*other).iter().zip(row(at)).all(|(other, own)| other >= own);
            if !frontier.iter().any(dominates) {
                frontier.push(at);
            }
        }
        let mut at = 0;
        self.found.retain(|_| {
            at += 1;
            frontier.iter().any(|kept| row(*kept) == row(at - 1))
        });
    }
}

impl Question for Product<'_> {
    fn hopes(&self, bounds: &[f64]) -> bool {
        self.above_floors(bounds) && product(bounds) >= self.best - slack(self.best)
    }
    fn meet(&mut self, package: &Package, worths: &[f64]) {
        if !self.above_floors(worths) {
            return;
        }
        let product = product(worths);
        if product > self.best + slack(self.best) {
            self.found.clear();
            self.steps.clear();
            self.best = product;
        }
        if product >= self.best - slack(self.best) {
            self.found.push(*package);
            self.steps.extend(worths.iter().map(|worth| steps(*worth)));
        }
    }
}

struct Maximin {
    best: f64,
    at: Option<Package>,
}

impl Question for Maximin {
    fn hopes(&self, bounds: &[f64]) -> bool {
        least(bounds) > self.best + TOLERANCE
    }
    fn meet(&mut self, package: &Package, worths: &[f64]) {
        if least(worths) > self.best + TOLERANCE {
            self.best = least(worths);
            self.at = Some(*package);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::PackageSpace;
    use crate::worth::Linked;

    /// A table of numbers that look random and are the same everywhere.
    fn rough(space: &PackageSpace, seed: u64) -> Worth {
        let linked = [Linked::new(IssueIx(0), IssueIx(2)).unwrap()];
        let mut worth = Worth::zero(space, &linked);
        let mut state = seed;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            f64::from(u32::try_from(state >> 40).unwrap()) / f64::from(1 << 24) - 0.4
        };
        for issue in space.issues() {
            worth.solo_mut(issue).iter_mut().for_each(|w| *w = next());
        }
        for a in 0..=space.top(IssueIx(0)) {
            for b in 0..=space.top(IssueIx(2)) {
                worth.add_pair((IssueIx(0), a), (IssueIx(2), b), next());
            }
        }
        worth
    }

    fn all(space: &PackageSpace, region: &Region) -> Vec<Package> {
        let packages = (0..space.size()).map(|index| space.package(index));
        packages.filter(|package| region.contains(package)).collect()
    }

    #[test]
    fn cutting_never_changes_the_answer() {
        let space = PackageSpace::new(&[4, 3, 4, 2, 3]).unwrap();
        let mut region = Region::all(&space);
        region.ceiling = Package::new(&[3, 2, 2, 1, 2]);
        let mut search = Search::default();
        for seed in 1..60 {
            let (own, other) = (rough(&space, seed), rough(&space, seed + 1000));
            let packages = all(&space, &region);
            let most = packages.iter().map(|p| own.of(p)).fold(f64::NEG_INFINITY, f64::max);
            assert!((search.best(&region, &own).0 - most).abs() < 1e-12);
            assert_eq!(search.most(&region, &own), search.best(&region, &own).0);
            let mut apart = Worth::zero(&space, &[]);
            for issue in space.issues() {
                apart.solo_mut(issue).copy_from_slice(own.solo(issue));
            }
            assert_eq!(search.most(&region, &apart), search.best(&region, &apart).0);

            let target = most * 0.6;
            let reach = packages.iter().filter(|p| own.of(p) >= target - TOLERANCE);
            let favour = reach.clone().map(|p| other.of(p)).fold(f64::NEG_INFINITY, f64::max);
            let found = search.best_above(&region, &own, target, &other);
            assert!((other.of(&found[0]) - favour).abs() < 1e-8);
            let lowest = reach.map(|p| own.of(p)).fold(f64::INFINITY, f64::min);
            assert!((own.of(&search.lowest_above(&region, &own, target)[0]) - lowest).abs() < 1e-8);

            let both = |p: &&Package| own.of(p) >= 0.0 && other.of(p) >= 0.0;
            let product = packages.iter().filter(both).map(|p| own.of(p) * other.of(p));
            let product = product.fold(f64::NEG_INFINITY, f64::max);
            match search.nash(&region, &[&own, &other], &[0.0, 0.0]).first() {
                Some(p) => assert!((own.of(p) * other.of(p) - product).abs() < 1e-8),
                None => assert!(product == f64::NEG_INFINITY),
            }
            let known = [&packages[0], &packages[packages.len() / 2]];
            for known in known.map(|p| super::product(&[own.of(p), other.of(p)])) {
                let all = search.nash(&region, &[&own, &other], &[0.0, 0.0]).to_vec();
                if known > 0.0 {
                    let sooner = search.nash_above(&region, &[&own, &other], &[0.0, 0.0], known);
                    assert_eq!(sooner, all);
                }
            }
            let worse = packages.iter().map(|p| own.of(p).min(other.of(p)));
            let (maximin, _) = search.maximin(&region, &[&own, &other]);
            assert!((maximin - worse.fold(f64::NEG_INFINITY, f64::max)).abs() < 1e-8);
        }
    }

    #[test]
    fn what_counts_in_whole_steps_counts_so_in_comparisons() {
        let mut near = vec![0.0, -0.0, 1.0, -1.0, f64::INFINITY, f64::NEG_INFINITY];
        for halves in -4..=4 {
            let at = f64::from(halves) * 0.5 * TOLERANCE;
            near.extend([at.next_down(), at, at.next_up()]);
        }
        for gain in near {
            assert_eq!(is_no_loss(gain), steps(gain) >= 0.0, "{gain:e}");
            assert_eq!(product(&[gain]) > 0.0, steps(gain) > 0.0, "{gain:e}");
        }
    }

    #[test]
    fn what_is_the_same_but_for_rounding_is_the_same_step() {
        assert_eq!(steps(0.1 + 0.2), steps(0.3));
        assert_eq!(steps(-1e-16).to_bits(), steps(0.0).to_bits());
        assert!(steps(0.3) < steps(0.3 + 2.0 * TOLERANCE));
    }

    /// One issue with a rung per point, and the rungs that Nash's product picks.
    #[track_caller]
    fn check_nash(points: &[&[f64]], expected: &[u8]) {
        let space = PackageSpace::new(&[u16::try_from(points.len()).unwrap()]).unwrap();
        let n_parties = points[0].len();
        let of = |party: usize| {
            let mut worth = Worth::zero(&space, &[]);
            let gains = points.iter().map(|point| point[party]);
            worth.solo_mut(IssueIx(0)).iter_mut().zip(gains).for_each(|(own, gain)| *own = gain);
            worth
        };
        let worths: Vec<Worth> = (0..n_parties).map(of).collect();
        let worths: Vec<&Worth> = worths.iter().collect();
        let mut search = Search::default();
        let found = search.nash(&Region::all(&space), &worths, &vec![0.0; n_parties]);
        let rungs: Vec<u8> = found.iter().map(|package| package.rung(IssueIx(0))).collect();
        assert_eq!(rungs, expected);
    }

    #[test]
    fn small_products_are_told_apart() {
        check_nash(&[&[1e-5, 1e-5], &[2e-5, 3e-5], &[3e-5, 1e-5]], &[1]);
        check_nash(&[&[0.001; 4], &[0.002; 4]], &[1]);
    }

    #[test]
    fn products_that_differ_by_rounding_tie_however_great() {
        check_nash(&[&[0.1 + 0.2, 1e9], &[1e9, 0.3], &[1.0, 1.0]], &[0, 1]);
    }

    #[test]
    fn nothing_that_nash_tells_is_dominated() {
        check_nash(&[&[0.0, 0.0], &[0.5, 0.0], &[0.2, 0.0], &[0.0, 0.1], &[0.5, 0.0]], &[1, 3, 4]);
        check_nash(&[&[0.0, 2.0, 1.0], &[0.0, 1.0, 2.0], &[0.0, 1.0, 1.0]], &[0, 1]);
        check_nash(&[&[-0.1, 9.0], &[0.0, 0.0], &[9.0, -0.1]], &[1]);
    }

    #[test]
    fn an_unreachable_target_finds_nothing() {
        let space = PackageSpace::new(&[2, 2, 2]).unwrap();
        let worth = rough(&space, 7);
        let region = Region::all(&space);
        assert!(Search::default().best_above(&region, &worth, 100.0, &worth).is_empty());
    }

    #[test]
    fn equal_packages_are_all_found_in_order() {
        let space = PackageSpace::new(&[3, 3, 1]).unwrap();
        let worth = Worth::zero(&space, &[]);
        let mut search = Search::default();
        let (_, found) = search.best(&Region::all(&space), &worth);
        assert_eq!(found.len(), 9);
        assert!(found.windows(2).all(|two| space.index(&two[0]) < space.index(&two[1])));
    }
}
