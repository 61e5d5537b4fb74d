//! A package: one rung for each issue. And the space of all packages of a scenario.

use crate::index::IssueIx;

/// The most issues a scenario may have; with two rungs each they already make 65,536 packages.
pub const MAX_ISSUES: usize = 16;
/// The most packages a scenario may have, so that exact search stays exact and quick.
pub const MAX_PACKAGES: u32 = 65_536;

/// One answer to every issue. Rung 0 is the status quo, so an issue left open is a package too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Package([u8; MAX_ISSUES]);

impl Package {
    /// The status quo on every issue. It is never an agreement.
    pub const STATUS_QUO: Self = Self([0; MAX_ISSUES]);

    /// The package with these rungs; issues not named stay at the status quo.
    #[must_use]
    pub fn new(rungs: &[u8]) -> Self {
        let mut package = Self::STATUS_QUO;
        package.0[..rungs.len()].copy_from_slice(rungs);
        package
    }

    /// The rung on an issue.
    #[must_use]
    pub const fn rung(&self, issue: IssueIx) -> u8 {
        self.0[issue.ix()]
    }

    /// The same package but for one issue.
    #[must_use]
    pub const fn with(mut self, issue: IssueIx, rung: u8) -> Self {
        self.0[issue.ix()] = rung;
        self
    }

    /// Sets one issue in place.
    pub const fn set(&mut self, issue: IssueIx, rung: u8) {
        self.0[issue.ix()] = rung;
    }

    /// The rungs of the first `n_issues` issues.
    #[must_use]
    pub fn rungs(&self, n_issues: usize) -> &[u8] {
        &self.0[..n_issues]
    }

    /// The higher rung of the two packages on every issue.
    pub(crate) fn highest(&self, other: &Self) -> Self {
        Self(std::array::from_fn(|at| self.0[at].max(other.0[at])))
    }

    /// The lower rung of the two packages on every issue.
    pub(crate) fn lowest(&self, other: &Self) -> Self {
        Self(std::array::from_fn(|at| self.0[at].min(other.0[at])))
    }

    /// Whether on no issue its rung lies above that of the other.
    pub(crate) fn is_within(&self, other: &Self) -> bool {
        // Without a way out in the middle, all issues are looked at at once.
        self.0.iter().zip(&other.0).fold(true, |all, (own, other)| all & (own <= other))
    }

    /// The issues with different rungs in the two packages, as bits.
    #[must_use]
    pub fn differences(&self, other: &Self) -> u16 {
        let differs = |at: usize| u16::from(self.0[at] != other.0[at]) << at;
        (0..MAX_ISSUES).fold(0, |bits, at| bits | differs(at))
    }

    /// How many issues have different rungs in the two packages.
    #[must_use]
    pub fn n_differences(&self, other: &Self) -> usize {
        self.0.iter().zip(&other.0).filter(|(a, b)| a != b).count()
    }
}

/// All packages of a scenario: the number of rungs of each issue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageSpace {
    n_rungs: Vec<u16>,
}

impl PackageSpace {
    /// The space with this many rungs per issue, or nothing if there are no issues, too many, an
    /// issue without rungs or with more than 256, or more than [`MAX_PACKAGES`] packages.
    #[must_use]
    pub fn new(n_rungs: &[u16]) -> Option<Self> {
        let legal = !n_rungs.is_empty()
            && n_rungs.len() <= MAX_ISSUES
            && n_rungs.iter().all(|n| (1..=256).contains(n));
        let size = n_rungs.iter().try_fold(1_u32, |size, n| size.checked_mul(u32::from(*n)));
        (legal && size? <= MAX_PACKAGES).then(|| Self { n_rungs: n_rungs.to_vec() })
    }

    /// How many issues there are.
    #[must_use]
    pub const fn n_issues(&self) -> usize {
        self.n_rungs.len()
    }

    /// How many rungs an issue has.
    #[must_use]
    pub fn n_rungs(&self, issue: IssueIx) -> usize {
        usize::from(self.n_rungs[issue.ix()])
    }

    /// The issues, in order.
    pub fn issues(&self) -> impl DoubleEndedIterator<Item = IssueIx> + Clone + use<> {
        IssueIx::first(self.n_rungs.len())
    }

    /// How many packages there are.
    #[must_use]
    pub fn size(&self) -> u32 {
        self.n_rungs.iter().map(|n| u32::from(*n)).product()
    }

    /// The highest rung of an issue.
    #[must_use]
    pub fn top(&self, issue: IssueIx) -> u8 {
        u8::try_from(self.n_rungs(issue) - 1).expect("at most 256 rungs")
    }

    /// Whether the package is one of this space.
    #[must_use]
    pub fn contains(&self, package: &Package) -> bool {
        let beyond = &package.0[self.n_issues()..];
        self.issues().all(|k| package.rung(k) <= self.top(k)) && beyond.iter().all(|r| *r == 0)
    }

    /// A package as one number: mixed radix, the last issue varies fastest.
    #[must_use]
    pub fn index(&self, package: &Package) -> u32 {
        self.issues().fold(0, |index, issue| {
            index * u32::from(self.n_rungs[issue.ix()]) + u32::from(package.rung(issue))
        })
    }

    /// The package of a number made by [`Self::index`].
    #[must_use]
    pub fn package(&self, mut index: u32) -> Package {
        let mut package = Package::STATUS_QUO;
        for issue in self.issues().rev() {
            let n = u32::from(self.n_rungs[issue.ix()]);
            package.set(issue, u8::try_from(index % n).expect("a rung is below 256"));
            index /= n;
        }
        package
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_its_own_package() {
        let space = PackageSpace::new(&[3, 1, 4, 2]).unwrap();
        for index in 0..space.size() {
            assert_eq!(space.index(&space.package(index)), index);
        }
    }

    #[test]
    fn the_last_issue_varies_fastest() {
        let space = PackageSpace::new(&[3, 4]).unwrap();
        assert_eq!(space.package(1), Package::new(&[0, 1]));
        assert_eq!(space.package(4), Package::new(&[1, 0]));
    }

    #[test]
    fn a_space_past_the_limit_is_refused() {
        assert!(PackageSpace::new(&[2; 16]).is_some());
        assert!(PackageSpace::new(&[2; 17]).is_none());
        assert!(PackageSpace::new(&[256, 257]).is_none());
        assert!(PackageSpace::new(&[41; 3]).is_none());
        assert!(PackageSpace::new(&[]).is_none());
    }
}
