//! A solution: the packages that a yardstick picks from the Pareto frontier in the zone of
//! agreement, and the number it picked them by.

use crate::pareto::ParetoFrontier;
use crate::prospects::Prospect;

/// What a yardstick picks. There is always something: an empty zone has no solution at all.
#[derive(Clone, Debug, PartialEq)]
pub struct Solution<'a> {
    /// What the packages have the most of, or the least: its unit and range stand with each
    /// yardstick.
    pub criterion: f64,
    /// All packages that do equally well, in package order, with their gains.
    pub packages: Vec<Prospect<'a>>,
}

impl<'a> Solution<'a> {
    /// The packages with the greatest criterion, and those less by no more than the slack, itself a
    /// function of the greatest. Nothing where the zone is empty.
    pub(crate) fn greatest(
        frontier: &ParetoFrontier<'a>,
        criterion: impl Fn(&[f64]) -> f64,
        slack: impl Fn(f64) -> f64,
    ) -> Option<Self> {
        let mut rated: Vec<(f64, Prospect<'a>)> =
            frontier.in_zone().map(|prospect| (criterion(prospect.gains), prospect)).collect();
        let greatest = rated.iter().map(|(rate, _)| *rate).reduce(f64::max)?;
        rated.retain(|(rate, _)| *rate >= greatest - slack(greatest));
        let packages = rated.into_iter().map(|(_, prospect)| prospect).collect();
        Some(Self { criterion: greatest, packages })
    }
}
