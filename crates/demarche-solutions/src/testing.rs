//! What the tests of this crate share: gains written down point by point.

use demarche_domain::index::IssueIx;
use demarche_domain::package::PackageSpace;
use demarche_domain::region::Region;
use demarche_domain::worth::Worth;

use crate::pareto::ParetoFrontier;
use crate::prospects::{Prospect, Prospects};
use crate::solution::Solution;

/// One issue with a rung per point, and what each point is worth to each party.
pub(crate) fn worths(points: &[&[f64]]) -> (PackageSpace, Vec<Worth>) {
    let space = PackageSpace::new(&[u16::try_from(points.len()).unwrap()]).unwrap();
    let of = |party: usize| {
        let mut worth = Worth::zero(&space, &[]);
        for (own, point) in worth.solo_mut(IssueIx(0)).iter_mut().zip(points) {
            *own = point[party];
        }
        worth
    };
    let all = (0..points[0].len()).map(of).collect();
    (space, all)
}

/// Prospects with these gains: the package of a point is its place.
pub(crate) fn points(points: &[&[f64]]) -> Prospects {
    let (space, worths) = worths(points);
    let worths: Vec<&Worth> = worths.iter().collect();
    Prospects::new(&Region::all(&space), &worths, &vec![0.0; worths.len()])
}

/// A pie cut into this many parts, at most 255: rung k gives k parts to the first side.
pub(crate) fn pie(n_parts: u8, disagreement: [f64; 2]) -> Prospects {
    let part = |k: u8| f64::from(k) / f64::from(n_parts);
    let cuts: Vec<[f64; 2]> = (0..=n_parts).map(|k| [part(k), part(n_parts - k)]).collect();
    let cuts: Vec<&[f64]> = cuts.iter().map(<[f64; 2]>::as_slice).collect();
    let (space, worths) = worths(&cuts);
    Prospects::new(&Region::all(&space), &[&worths[0], &worths[1]], &disagreement)
}

/// The rungs of packages on the first issue.
pub(crate) fn rungs(found: &[Prospect<'_>]) -> Vec<u8> {
    found.iter().map(|prospect| prospect.package.rung(IssueIx(0))).collect()
}

/// Checks which points a yardstick picks, by their places, and its criterion.
#[track_caller]
pub(crate) fn check(
    yardstick: impl for<'a> Fn(&ParetoFrontier<'a>) -> Option<Solution<'a>>,
    prospects: &Prospects,
    places: &[u8],
    criterion: f64,
) {
    let frontier = ParetoFrontier::of(prospects);
    let solution = yardstick(&frontier).expect("the zone is not empty");
    assert_eq!(rungs(&solution.packages), places, "{solution:?}");
    assert!((solution.criterion - criterion).abs() < 1e-12, "{solution:?}");
}
