//! Properties: what bargaining theory promises of its solutions, on bargains drawn at random.
//!
//! Worths are tenths and rescalings have one decimal, so that what ties on paper ties here.

use demarche_domain::index::IssueIx;
use demarche_domain::package::{Package, PackageSpace};
use demarche_domain::region::Region;
use demarche_domain::worth::Worth;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::kalai_smorodinsky::{self, Hope};
use crate::pareto::ParetoFrontier;
use crate::prospects::{Prospect, Prospects};
use crate::solution::Solution;
use crate::{distance, egalitarian, nash, utilitarian, zopa};

type Yardstick = for<'a> fn(&ParetoFrontier<'a>) -> Option<Solution<'a>>;

const NASH: Yardstick = |frontier| nash::nash(frontier);
const MAXIMIN_OVER_ZONE: Yardstick = |f| kalai_smorodinsky::maximin(f, Hope::Zone);
const MAXIMIN_OVER_ALL: Yardstick = |f| kalai_smorodinsky::maximin(f, Hope::AllPackages);
const SPREAD_OVER_ZONE: Yardstick = |f| kalai_smorodinsky::least_spread(f, Hope::Zone);
const SPREAD_OVER_ALL: Yardstick = |f| kalai_smorodinsky::least_spread(f, Hope::AllPackages);
const EGALITARIAN: Yardstick = |frontier| egalitarian::maximin(frontier);
const LEXIMIN: Yardstick = |frontier| egalitarian::leximin(frontier);
const UTILITARIAN: Yardstick = |frontier| utilitarian::utilitarian(frontier);

/// Those that take no notice of units.
const WITHOUT_UNIT: [Yardstick; 5] =
    [NASH, MAXIMIN_OVER_ZONE, MAXIMIN_OVER_ALL, SPREAD_OVER_ZONE, SPREAD_OVER_ALL];
const ALL: [Yardstick; 8] = [
    NASH,
    MAXIMIN_OVER_ZONE,
    MAXIMIN_OVER_ALL,
    SPREAD_OVER_ZONE,
    SPREAD_OVER_ALL,
    EGALITARIAN,
    LEXIMIN,
    UTILITARIAN,
];

/// A bargain to be varied: rungs per issue, and worths and disagreement party by party.
#[derive(Clone, Debug)]
struct Bargain {
    n_rungs: Vec<u16>,
    /// In tenths, party by party, issue by issue, rung by rung.
    worths: Vec<Vec<Vec<i8>>>,
    /// In tenths.
    disagreement: Vec<i8>,
}

impl Bargain {
    /// What can be signed when the worths of one party are multiplied and moved, both in tenths.
    fn rescaled(&self, party: usize, factor: u8, shift: i8) -> Prospects {
        let space = PackageSpace::new(&self.n_rungs).unwrap();
        let (mut worths, mut no_deal) = (Vec::new(), Vec::new());
        for (at, own) in self.worths.iter().enumerate() {
            let is_rescaled = at == party;
            let factor = if is_rescaled { f64::from(factor) / 10.0 } else { 1.0 };
            let shift = if is_rescaled { f64::from(shift) / 10.0 } else { 0.0 };
            let mut worth = Worth::zero(&space, &[]);
            worth.constant = shift;
            for issue in space.issues() {
                for (rung, tenths) in worth.solo_mut(issue).iter_mut().zip(&own[issue.ix()]) {
                    *rung = f64::from(*tenths) / 10.0 * factor;
                }
            }
            worths.push(worth);
            no_deal.push(f64::from(self.disagreement[at]) / 10.0 * factor + shift);
        }
        let worths: Vec<&Worth> = worths.iter().collect();
        Prospects::new(&Region::all(&space), &worths, &no_deal)
    }

    fn prospects(&self) -> Prospects {
        self.rescaled(0, 10, 0)
    }

    /// The same with the parties listed the other way round.
    fn reversed(mut self) -> Self {
        self.worths.reverse();
        self.disagreement.reverse();
        self
    }
}

/// Two to four parties over one to three issues.
fn bargains() -> impl Strategy<Value = Bargain> {
    (2_usize..=4, vec(1_u16..=5, 1..=3)).prop_flat_map(|(n_parties, n_rungs)| {
        let party: Vec<_> = n_rungs.iter().map(|n| vec(-5_i8..=10, usize::from(*n))).collect();
        let worths = vec(party, n_parties);
        (worths, vec(-5_i8..=8, n_parties)).prop_map(move |(worths, disagreement)| Bargain {
            n_rungs: n_rungs.clone(),
            worths,
            disagreement,
        })
    })
}

fn packages(found: &[Prospect<'_>]) -> Vec<Package> {
    found.iter().map(|prospect| prospect.package).collect()
}

fn picked(yardstick: Yardstick, prospects: &Prospects) -> Option<Vec<Package>> {
    yardstick(&ParetoFrontier::of(prospects)).map(|solution| packages(&solution.packages))
}

/// Domination as it is defined, for gains of few decimals.
fn dominates(a: &[f64], b: &[f64]) -> bool {
    let differences = || a.iter().zip(b).map(|(a, b)| a - b);
    differences().all(|d| d > -1e-6) && differences().any(|d| d > 1e-6)
}

/// Half the packages, those at even places, at the worths they have.
fn thinned(prospects: &Prospects) -> Prospects {
    let odd = prospects.iter().skip(1).step_by(2).map(|prospect| prospect.package);
    odd.fold(prospects.clone(), |left, package| left.without(&package))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

    #[test]
    fn the_pareto_frontier_is_undominated_and_complete(bargain in bargains()) {
        let prospects = bargain.prospects();
        let frontier = ParetoFrontier::of(&prospects);
        for one in prospects.iter() {
            let is_dominated = prospects.iter().any(|other| dominates(other.gains, one.gains));
            prop_assert_eq!(frontier.contains(&one.package), !is_dominated);
        }
        // What is not on it is dominated by something on it.
        for one in prospects.iter().filter(|one| !frontier.contains(&one.package)) {
            prop_assert!(frontier.iter().any(|other| dominates(other.gains, one.gains)));
        }
    }

    #[test]
    fn two_parties_are_swept_as_three_are_sifted(mut bargain in bargains()) {
        bargain.worths.truncate(2);
        bargain.disagreement.truncate(2);
        let two = bargain.prospects();
        bargain.worths.push(bargain.n_rungs.iter().map(|n| vec![0; usize::from(*n)]).collect());
        bargain.disagreement.push(0);
        let three = bargain.prospects();
        let (two, three) = (ParetoFrontier::of(&two), ParetoFrontier::of(&three));
        let packages = |frontier: &ParetoFrontier<'_>| {
            frontier.iter().map(|prospect| prospect.package).collect::<Vec<_>>()
        };
        prop_assert_eq!(packages(&two), packages(&three));
    }

    #[test]
    fn solutions_are_rational_undominated_in_order_and_there_if_the_zone_is(bargain in bargains()) {
        let prospects = bargain.prospects();
        let frontier = ParetoFrontier::of(&prospects);
        let zone = zopa::zone(&prospects);
        for yardstick in ALL {
            let solution = yardstick(&frontier);
            prop_assert_eq!(solution.is_none(), zone.is_empty());
            let found = solution.map_or(Vec::new(), |solution| solution.packages);
            prop_assert!(found.iter().all(|one| zopa::is_rational(one.gains)));
            prop_assert!(found.iter().all(|one| frontier.contains(&one.package)));
            prop_assert!(packages(&found).is_sorted());
        }
    }

    #[test]
    fn nash_and_kalai_smorodinsky_take_no_notice_of_units(
        bargain in bargains(), factor in 1_u8..50, shift in -50_i8..50, party in 0_usize..2,
    ) {
        let (before, after) = (bargain.prospects(), bargain.rescaled(party, factor, shift));
        for yardstick in WITHOUT_UNIT {
            prop_assert_eq!(picked(yardstick, &before), picked(yardstick, &after));
        }
    }

    #[test]
    fn moving_the_zero_of_one_party_moves_nothing(bargain in bargains(), shift in -50_i8..50) {
        let (before, after) = (bargain.prospects(), bargain.rescaled(1, 10, shift));
        for yardstick in ALL {
            prop_assert_eq!(picked(yardstick, &before), picked(yardstick, &after));
        }
    }

    #[test]
    fn relabelling_the_parties_relabels_the_gains(bargain in bargains()) {
        let (before, after) = (bargain.prospects(), bargain.clone().reversed().prospects());
        for yardstick in ALL {
            prop_assert_eq!(picked(yardstick, &before), picked(yardstick, &after));
        }
        for (one, other) in before.iter().zip(after.iter()) {
            prop_assert!(one.gains.iter().eq(other.gains.iter().rev()));
        }
    }

    #[test]
    fn more_to_choose_from_and_the_same_ideal_never_lowers_the_least_share(bargain in bargains()) {
        let more = bargain.prospects();
        let less = thinned(&more);
        let (more, less) = (ParetoFrontier::of(&more), ParetoFrontier::of(&less));
        for hope in [Hope::Zone, Hope::AllPackages] {
            let ideals = [&more, &less].map(|f| kalai_smorodinsky::ideal(f, hope));
            let found = [&more, &less].map(|f| kalai_smorodinsky::maximin(f, hope));
            if let ([Some(more), Some(less)], true) = (found, ideals[0] == ideals[1]) {
                prop_assert!(more.criterion >= less.criterion - 1e-9);
            }
        }
    }

    #[test]
    fn more_to_choose_from_never_lowers_the_least_gain_or_the_sum(bargain in bargains()) {
        let more = bargain.prospects();
        let less = thinned(&more);
        let (more, less) = (ParetoFrontier::of(&more), ParetoFrontier::of(&less));
        for yardstick in [EGALITARIAN, LEXIMIN, UTILITARIAN, NASH] {
            if let Some(less) = yardstick(&less) {
                prop_assert!(yardstick(&more).unwrap().criterion >= less.criterion - 1e-9);
            }
        }
    }

    #[test]
    fn alternatives_that_nash_would_not_pick_do_not_matter(bargain in bargains()) {
        let all = bargain.prospects();
        if let Some(found) = picked(NASH, &all) {
            let others = all.iter().map(|one| one.package).filter(|one| !found.contains(one));
            let some: Vec<Package> = others.step_by(2).collect();
            let left = some.iter().fold(all.clone(), |left, package| left.without(package));
            let is_there_something = NASH(&ParetoFrontier::of(&all)).unwrap().criterion > 1e-6;
            prop_assert!(!is_there_something || picked(NASH, &left) == Some(found));
        }
    }

    #[test]
    fn distance_is_none_on_the_frontier_and_some_below_it(bargain in bargains()) {
        let prospects = bargain.prospects();
        let frontier = ParetoFrontier::of(&prospects);
        for one in prospects.iter() {
            let length = distance::to_frontier(&frontier, one.gains).unwrap();
            let improvement = distance::common_improvement(&frontier, one.gains).unwrap();
            prop_assert_eq!(length == 0.0, frontier.contains(&one.package));
            prop_assert!(improvement >= 0.0);
            prop_assert!(improvement == 0.0 || length > 0.0);
            // Looking at the frontier alone misses nothing.
            let all = prospects.iter();
            let least = |other: Prospect<'_>| {
                let pairs = other.gains.iter().zip(one.gains);
                pairs.map(|(a, b)| a - b).fold(f64::INFINITY, f64::min)
            };
            let best = all.map(least).fold(f64::NEG_INFINITY, f64::max);
            prop_assert!((best - improvement).abs() < 1e-9);
        }
    }
}

#[test]
fn on_a_finely_cut_set_more_to_hope_for_never_leaves_less() {
    // Individual monotonicity, the axiom of 1975: the other side's ideal stays as it is.
    let first_hopes = |most: f64| {
        let part = |k: u8| f64::from(k) / 200.0;
        let cuts: Vec<[f64; 2]> = (0..=200).map(|k| [part(k) * most, part(200 - k)]).collect();
        let cuts: Vec<&[f64]> = cuts.iter().map(<[f64; 2]>::as_slice).collect();
        let prospects = crate::testing::points(&cuts);
        let frontier = ParetoFrontier::of(&prospects);
        kalai_smorodinsky::maximin(&frontier, Hope::Zone).unwrap().packages[0].gains[0]
    };
    let gained: Vec<f64> = [1.0, 1.2, 1.6, 2.5].into_iter().map(first_hopes).collect();
    assert!(gained.is_sorted(), "{gained:?}");
}

#[test]
fn the_status_quo_is_picked_unless_it_is_taken_out() {
    let prospects = crate::testing::points(&[&[0.0, 0.0], &[1.0, -1.0]]);
    assert_eq!(picked(NASH, &prospects), Some(vec![Package::STATUS_QUO]));
    let left = prospects.without(&Package::STATUS_QUO);
    assert_eq!(picked(NASH, &left), None);
    assert_eq!(left.iter().map(|one| one.package.rung(IssueIx(0))).collect::<Vec<_>>(), [1]);
}
