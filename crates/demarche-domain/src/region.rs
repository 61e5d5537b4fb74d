//! A region: an interval of rungs on every issue. Mandates, agendas and red lines are regions.

use crate::index::IssueIx;
use crate::package::{MAX_ISSUES, Package, PackageSpace};

/// The packages whose rung on every issue lies between a floor and a ceiling, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// The lowest rung on each issue.
    pub floor: Package,
    /// The highest rung on each issue.
    pub ceiling: Package,
}

impl Region {
    /// All packages of the space.
    #[must_use]
    pub fn all(space: &PackageSpace) -> Self {
        let mut ceiling = Package::STATUS_QUO;
        for issue in space.issues() {
            ceiling.set(issue, space.top(issue));
        }
        Self { floor: Package::STATUS_QUO, ceiling }
    }

    /// How many packages lie in it. [packages, ≥ 1]
    #[must_use]
    pub fn size(&self) -> usize {
        let rungs = |k| usize::from(self.ceiling.rung(k) - self.floor.rung(k)) + 1;
        IssueIx::first(MAX_ISSUES).map(rungs).product()
    }

    /// The package at a place in the order of numbers, of a region over so many issues.
    ///
    /// # Panics
    /// When there are not so many.
    #[must_use]
    pub fn package(&self, n_issues: usize, place: u32) -> Package {
        let (mut package, mut rest) = (self.floor, place);
        for issue in IssueIx::first(n_issues).rev() {
            let floor = self.floor.rung(issue);
            let n = u32::from(self.ceiling.rung(issue) - floor) + 1;
            package.set(issue, floor + u8::try_from(rest % n).expect("a rung is below 256"));
            rest /= n;
        }
        assert_eq!(rest, 0, "there is no package {place}");
        package
    }

    /// Whether the package lies in the region.
    #[must_use]
    pub fn contains(&self, package: &Package) -> bool {
        self.floor.is_within(package) && package.is_within(&self.ceiling)
    }

    /// Whether the region allows this rung on this issue.
    #[must_use]
    pub const fn admits(&self, issue: IssueIx, rung: u8) -> bool {
        self.floor.rung(issue) <= rung && rung <= self.ceiling.rung(issue)
    }

    /// The issues on which the package lies outside.
    pub fn breaches(&self, package: Package) -> impl Iterator<Item = IssueIx> + use<> {
        let region = *self;
        IssueIx::first(MAX_ISSUES).filter(move |k| !region.admits(*k, package.rung(*k)))
    }

    /// What lies in both, or nothing.
    #[must_use]
    pub fn and(&self, other: &Self) -> Option<Self> {
        let floor = self.floor.highest(&other.floor);
        let ceiling = self.ceiling.lowest(&other.ceiling);
        floor.is_within(&ceiling).then_some(Self { floor, ceiling })
    }

    /// The region moved by the fewest rungs on one issue so that it allows this rung.
    #[must_use]
    pub fn reaching(mut self, issue: IssueIx, rung: u8) -> Self {
        self.floor.set(issue, self.floor.rung(issue).min(rung));
        self.ceiling.set(issue, self.ceiling.rung(issue).max(rung));
        self
    }

    /// The package of the region that is nearest to this one on every issue.
    #[must_use]
    pub fn clamp(&self, mut package: Package) -> Package {
        for issue in IssueIx::first(MAX_ISSUES) {
            let rung = package.rung(issue);
            package.set(issue, rung.clamp(self.floor.rung(issue), self.ceiling.rung(issue)));
        }
        package
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_regions_share_what_both_allow() {
        let space = PackageSpace::new(&[4, 4]).unwrap();
        let mut low = Region::all(&space);
        low.ceiling = Package::new(&[1, 3]);
        let mut high = Region::all(&space);
        high.floor = Package::new(&[1, 2]);
        let both = low.and(&high).unwrap();
        assert_eq!((both.floor, both.ceiling), (Package::new(&[1, 2]), Package::new(&[1, 3])));
        high.floor = Package::new(&[2, 0]);
        assert_eq!(low.and(&high), None);
    }

    #[test]
    fn reaching_adds_just_enough() {
        let space = PackageSpace::new(&[4, 4]).unwrap();
        let mut region = Region::all(&space);
        region.ceiling = Package::new(&[1, 1]);
        assert_eq!(region.breaches(Package::new(&[2, 0])).count(), 1);
        assert!(region.reaching(IssueIx(0), 2).contains(&Package::new(&[2, 0])));
    }
}
