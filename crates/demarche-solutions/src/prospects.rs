//! Prospects: every package of a region, with what it would bring each party over no deal.
//!
//! Theory calls this the bargaining problem: a set of feasible gains and a point of disagreement,
//! here moved to zero. \[nash1950\] The region says what can be signed; a status quo that lies in
//! it is a prospect like another until it is taken out with [`Prospects::without`].

use demarche_domain::index::IssueIx;
use demarche_domain::package::{MAX_ISSUES, MAX_PACKAGES, Package};
use demarche_domain::region::Region;
use demarche_domain::worth::Worth;

/// A package and what it would bring.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prospect<'a> {
    /// What would be signed.
    pub package: Package,
    /// The gain of each party over disagreement, in the order of the worths. [gain, signed]
    pub gains: &'a [f64],
}

/// All packages that could be signed, in package order, with the gains of each party.
#[derive(Clone, Debug, PartialEq)]
pub struct Prospects {
    n_parties: usize,
    packages: Vec<Package>,
    /// Package after package, party after party.
    gains: Vec<f64>,
}

impl Prospects {
    /// The packages of a region, each party's worth less its disagreement.
    ///
    /// # Panics
    /// When there are fewer than two parties, when worths and disagreement are not of the same
    /// number, when the region does not fit the worths or has more than [`MAX_PACKAGES`] packages,
    /// or when a gain is not finite.
    #[must_use]
    pub fn new(region: &Region, worths: &[&Worth], disagreement: &[f64]) -> Self {
        let n_parties = worths.len();
        assert!(n_parties >= 2, "a bargain has two parties or more, not {n_parties}");
        let n_points = disagreement.len();
        assert!(n_points == n_parties, "{n_parties} parties, but {n_points} disagreements");
        let (mut packages, mut gains) = (Vec::new(), Vec::new());
        walk(region, worths, |package, worths| {
            packages.push(*package);
            gains.extend(worths.iter().zip(disagreement).map(|(worth, no_deal)| worth - no_deal));
        });
        assert!(gains.iter().all(|gain| gain.is_finite()), "a gain is not finite");
        Self { n_parties, packages, gains }
    }

    /// The same without one package; nothing changes if it is not there.
    #[must_use]
    pub fn without(mut self, package: &Package) -> Self {
        if let Ok(place) = self.packages.binary_search(package) {
            self.packages.remove(place);
            self.gains.drain(place * self.n_parties..(place + 1) * self.n_parties);
        }
        self
    }

    /// How many parties there are. [1, at least 2]
    #[must_use]
    pub const fn n_parties(&self) -> usize {
        self.n_parties
    }

    /// How many packages could be signed. [packages, 0 to 65,536]
    #[must_use]
    pub const fn size(&self) -> usize {
        self.packages.len()
    }

    /// All of them, in package order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Prospect<'_>> + Clone {
        (0..self.size()).map(|place| self.at(place))
    }

    /// What one package would bring, if it is among them.
    #[must_use]
    pub fn find(&self, package: &Package) -> Option<Prospect<'_>> {
        self.packages.binary_search(package).ok().map(|place| self.at(place))
    }

    pub(crate) fn at(&self, place: usize) -> Prospect<'_> {
        let row = place * self.n_parties..(place + 1) * self.n_parties;
        Prospect { package: self.packages[place], gains: &self.gains[row] }
    }
}

/// Visits every package of a region in package order, with what it is worth to each.
pub(crate) fn walk(region: &Region, worths: &[&Worth], mut meet: impl FnMut(&Package, &[f64])) {
    let n_issues = worths[0].n_issues();
    check_fit(region, worths, n_issues);
    let width = worths.len();
    // What the first issues of a package are worth; only what changed is summed anew.
    let mut settled = vec![0.0; (n_issues + 1) * width];
    for (start, worth) in settled.iter_mut().zip(worths) {
        *start = worth.constant;
    }
    let mut package = region.floor;
    let mut changed_from = 0;
    loop {
        for depth in changed_from..n_issues {
            for (w, worth) in worths.iter().enumerate() {
                let added = worth.marginal(&package, IssueIx::at(depth));
                settled[(depth + 1) * width + w] = settled[depth * width + w] + added;
            }
        }
        meet(&package, &settled[n_issues * width..]);
        let may_rise = |issue: &IssueIx| package.rung(*issue) < region.ceiling.rung(*issue);
        let Some(issue) = IssueIx::first(n_issues).rev().find(may_rise) else { return };
        package.set(issue, package.rung(issue) + 1);
        for later in IssueIx::first(n_issues).skip(issue.ix() + 1) {
            package.set(later, region.floor.rung(later));
        }
        changed_from = issue.ix();
    }
}

fn check_fit(region: &Region, worths: &[&Worth], n_issues: usize) {
    let mut n_packages = Some(1_u32);
    for issue in IssueIx::first(MAX_ISSUES) {
        let (floor, ceiling) = (region.floor.rung(issue), region.ceiling.rung(issue));
        assert!(floor <= ceiling, "{issue:?}: the floor is above the ceiling");
        n_packages = n_packages.and_then(|n| n.checked_mul(u32::from(ceiling - floor) + 1));
        let has_rung = |worth: &Worth| usize::from(ceiling) < worth.solo(issue).len();
        let fits = if issue.ix() < n_issues {
            worths.iter().all(|worth| worth.n_issues() == n_issues && has_rung(worth))
        } else {
            ceiling == 0
        };
        assert!(fits, "{issue:?}: the region has rungs that a worth has not");
    }
    let is_small = n_packages.is_some_and(|n| n <= MAX_PACKAGES);
    assert!(is_small, "the region has more than {MAX_PACKAGES} packages");
}

#[cfg(test)]
mod tests {
    use demarche_domain::package::PackageSpace;
    use demarche_domain::worth::Linked;

    use super::*;
    use crate::testing::{points, worths};

    #[test]
    fn every_package_of_the_region_is_met_in_order_at_its_worth() {
        let space = PackageSpace::new(&[3, 2, 4]).unwrap();
        let linked = [Linked::new(IssueIx(0), IssueIx(2)).unwrap()];
        let mut worth = Worth::zero(&space, &linked);
        worth.constant = 0.3;
        for issue in space.issues() {
            for (rung, own) in (0_u8..).zip(worth.solo_mut(issue)) {
                *own = f64::from(rung) * 0.7 - 0.1;
            }
        }
        worth.add_pair((IssueIx(0), 2), (IssueIx(2), 3), 5.0);
        let mut region = Region::all(&space);
        region.floor = Package::new(&[1, 0, 1]);
        let prospects = Prospects::new(&region, &[&worth, &worth], &[0.0, 0.5]);
        let expected: Vec<Package> = (0..space.size())
            .map(|index| space.package(index))
            .filter(|package| region.contains(package))
            .collect();
        assert!(prospects.iter().map(|prospect| prospect.package).eq(expected));
        for prospect in prospects.iter() {
            let of = worth.of(&prospect.package);
            assert_eq!(prospect.gains, [of, of - 0.5]);
            assert_eq!(prospects.find(&prospect.package), Some(prospect));
        }
    }

    #[test]
    fn a_package_can_be_taken_out() {
        let prospects = points(&[&[1.0, 2.0], &[3.0, 4.0], &[5.0, 6.0]]);
        let left = prospects.clone().without(&Package::new(&[1]));
        let gains: Vec<&[f64]> = left.iter().map(|prospect| prospect.gains).collect();
        assert_eq!(gains, [[1.0, 2.0], [5.0, 6.0]]);
        assert_eq!(left.find(&Package::new(&[1])), None);
        assert_eq!(left.clone().without(&Package::new(&[1])), left);
    }

    #[test]
    fn a_region_larger_than_its_worths_is_noticed() {
        let (space, tables) = worths(&[&[1.0, 2.0], &[3.0, 4.0]]);
        let tables: Vec<&Worth> = tables.iter().collect();
        let mut region = Region::all(&space);
        region.ceiling = Package::new(&[2]);
        let made = std::panic::catch_unwind(|| Prospects::new(&region, &tables, &[0.0, 0.0]));
        assert!(made.is_err());
    }
}
