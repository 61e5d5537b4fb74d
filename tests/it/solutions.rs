//! Yardsticks held against results computed by others.
//!
//! The references are of NegMAS 0.16; `tests/reference/bargaining/README.md` says what they are.
//! Where conventions differ they are translated:
//!
//! - NegMAS has one package for all that bring the same, so its results are compared as sets of
//!   gains; where a reference lists all packages, packages are compared;
//! - its Kalai–Smorodinsky is ours with the least spread and hopes over all packages; the variant
//!   with the greatest least share was added by whoever made the references. Hopes over the zone
//!   have no counterpart there;
//! - the share of a party with nothing to hope for is 0 there, and no share here.

use demarche_domain::index::IssueIx;
use demarche_domain::package::{Package, PackageSpace};
use demarche_domain::region::Region;
use demarche_domain::search::Search;
use demarche_domain::worth::Worth;
use demarche_solutions::disagreement::Disagreement;
use demarche_solutions::kalai_smorodinsky::{self, Hope};
use demarche_solutions::pareto::ParetoFrontier;
use demarche_solutions::prospects::{Prospect, Prospects};
use demarche_solutions::solution::Solution;
use demarche_solutions::{egalitarian, nash, utilitarian, zopa};
use serde_json::Value;
use support::references::{list, numbers, reference, whole};

/// Results are told in doubles; sums taken in another order differ in the last digits. [worth]
const ROUNDING: f64 = 1e-12;

/// A domain of the references, in our terms.
struct Domain {
    name: String,
    space: PackageSpace,
    worths: Vec<Worth>,
    reservations: Vec<f64>,
    analysis: Value,
}

impl Domain {
    fn read(name: &str) -> Self {
        let file = reference(name);
        let n_rungs: Vec<u16> = list(&file, "issues")
            .iter()
            .map(|issue| u16::try_from(list(issue, "options").len()).unwrap())
            .collect();
        let space = PackageSpace::new(&n_rungs).unwrap();
        let agents = list(&file, "agents");
        let worth = |agent: &Value| {
            let mut worth = Worth::zero(&space, &[]);
            let weights = numbers(&agent["weights"]);
            for (issue, weight) in space.issues().zip(weights) {
                let values = numbers(&agent["values"][issue.ix()]);
                for (rung, value) in worth.solo_mut(issue).iter_mut().zip(values) {
                    *rung = weight * value;
                }
            }
            worth
        };
        let worths = agents.iter().map(worth).collect();
        let reservation = |agent: &Value| agent["reservation"].as_f64().unwrap();
        let reservations = agents.iter().map(reservation).collect();
        Self {
            name: name.to_owned(),
            space,
            worths,
            reservations,
            analysis: file["analysis"].clone(),
        }
    }

    fn disagreement(&self, convention: Disagreement) -> Vec<f64> {
        let worths: Vec<&Worth> = self.worths.iter().collect();
        convention.point(&self.reservations, &Region::all(&self.space), &worths)
    }

    fn prospects(&self, disagreement: &[f64]) -> Prospects {
        let worths: Vec<&Worth> = self.worths.iter().collect();
        Prospects::new(&Region::all(&self.space), &worths, disagreement)
    }

    /// The numbers of packages, in order.
    fn indices(&self, found: impl Iterator<Item = Package>) -> Vec<u32> {
        found.map(|package| self.space.index(&package)).collect()
    }

    /// The worths of packages, each once, in order.
    fn worths_of(&self, found: impl Iterator<Item = Package>) -> Vec<Vec<f64>> {
        let of = |package: Package| self.worths.iter().map(|worth| worth.of(&package)).collect();
        distinct(found.map(of).collect())
    }

    /// What the search of those who draft picks by Nash's product.
    fn searched(&self, no_deal: &[f64]) -> Vec<Package> {
        let gains = self.worths.iter().zip(no_deal).map(|(worth, no_deal)| {
            let mut gain = worth.clone();
            gain.constant -= no_deal;
            gain
        });
        let gains: Vec<Worth> = gains.collect();
        let (gains, floors): (Vec<&Worth>, _) = (gains.iter().collect(), vec![0.0; gains.len()]);
        Search::default().nash(&Region::all(&self.space), &gains, &floors).to_vec()
    }

    /// Compares what we pick with the packages a reference tells, by what they are worth.
    #[track_caller]
    fn check_worths(&self, key: &str, solution: Option<&Solution<'_>>) {
        let told = list(&self.analysis, key).iter().map(|point| numbers(&point["utils"]));
        let found = self.worths_of(packages(solution).into_iter());
        let told = distinct(told.collect());
        assert_eq!(found.len(), told.len(), "{}: {key}: {found:?}, not {told:?}", self.name);
        for (found, told) in found.iter().zip(&told) {
            let is_near = found.iter().zip(told).all(|(a, b)| (a - b).abs() < ROUNDING);
            assert!(is_near, "{}: {key}: {found:?}, not {told:?}", self.name);
        }
    }

    /// Compares what we pick, and by which number, with what a reference tells in full. Where there
    /// is no zone it tells nothing.
    #[track_caller]
    fn check_packages(&self, key: &str, solution: Option<&Solution<'_>>, criterion: Option<f64>) {
        let told = &self.analysis["extra_definitions"][key];
        let Some(solution) = solution else {
            assert!(told.is_null(), "{}: {key}: {told}", self.name);
            return;
        };
        let indices: Vec<u32> = list(told, "indices").iter().map(whole).collect();
        let found = solution.packages.iter().map(|prospect| prospect.package);
        assert_eq!(self.indices(found), indices, "{}: {key}", self.name);
        let criterion = criterion.unwrap_or_else(|| told["value"].as_f64().unwrap());
        assert!((solution.criterion - criterion).abs() < ROUNDING, "{}: {key}", self.name);
    }
}

fn packages(solution: Option<&Solution<'_>>) -> Vec<Package> {
    let found = solution.map_or(&[][..], |solution| solution.packages.as_slice());
    found.iter().map(|prospect| prospect.package).collect()
}

/// Rows in order, one for those that are the same but for rounding.
fn distinct(mut rows: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    let is_near = |a: &f64, b: &f64| (a - b).abs() < ROUNDING;
    rows.sort_by(|a, b| {
        let differs = a.iter().zip(b).find(|(a, b)| !is_near(a, b));
        differs.map_or(std::cmp::Ordering::Equal, |(a, b)| a.total_cmp(b))
    });
    rows.dedup_by(|a, b| a.iter().zip(b.iter()).all(|(a, b)| is_near(a, b)));
    rows
}

/// Everything that the references tell of a domain and that we have a yardstick for.
fn check(name: &str) {
    let domain = Domain::read(name);
    let analysis = &domain.analysis;
    let no_deal = domain.disagreement(Disagreement::ReservationOrWorst);
    assert_eq!(no_deal, numbers(&analysis["disagreement_used"]), "{name}");

    let prospects = domain.prospects(&no_deal);
    assert_eq!(prospects.size(), usize::try_from(whole(&analysis["n_outcomes"])).unwrap());
    let zone = zopa::zone(&prospects);
    assert_eq!(zone.size(), usize::try_from(whole(&analysis["n_rational"])).unwrap(), "{name}");
    check_samples(&domain, &prospects, &no_deal);

    let frontier = ParetoFrontier::of(&prospects);
    let told: Vec<u32> = list(&analysis["pareto"], "indices").iter().map(whole).collect();
    assert_eq!(domain.indices(frontier.in_zone().map(|p| p.package)), told, "{name}");
    check_solutions(&domain, &frontier, &no_deal);
    check_at_other_points(&domain);
}

/// The worth of single packages, on which all else is built.
fn check_samples(domain: &Domain, prospects: &Prospects, no_deal: &[f64]) {
    for sample in list(&domain.analysis, "utility_of_outcome_samples") {
        let package = domain.space.package(whole(&sample["index"]));
        let found = prospects.find(&package).unwrap();
        for ((gain, no_deal), told) in
            found.gains.iter().zip(no_deal).zip(numbers(&sample["utils"]))
        {
            assert!((gain + no_deal - told).abs() < ROUNDING, "{}: {package:?}", domain.name);
        }
    }
}

fn check_solutions(domain: &Domain, frontier: &ParetoFrontier<'_>, no_deal: &[f64]) {
    let nash = nash::nash(frontier);
    domain.check_worths("nash", nash.as_ref());
    assert_eq!(domain.searched(no_deal), packages(nash.as_ref()), "{}", domain.name);
    let product = nash.map(|solution| solution.criterion);
    let told = domain.analysis["nash_product"].as_f64();
    assert_eq!(product.is_some(), told.is_some());
    assert!((product.unwrap_or(0.0) - told.unwrap_or(0.0)).abs() < ROUNDING, "{}", domain.name);

    let ideal = kalai_smorodinsky::ideal(frontier, Hope::AllPackages).unwrap();
    for ((ideal, no_deal), told) in
        ideal.iter().zip(no_deal).zip(numbers(&domain.analysis["ideal"]))
    {
        assert!((ideal + no_deal - told).abs() < ROUNDING, "{}: {ideal}", domain.name);
    }
    let spread = kalai_smorodinsky::least_spread(frontier, Hope::AllPackages);
    domain.check_worths("ks", spread.as_ref());
    let maximin = kalai_smorodinsky::maximin(frontier, Hope::AllPackages);
    // The second party is indifferent there, so it has no share here; the first has all of its own.
    let criterion = (domain.name == "domain_edge_const").then_some(1.0);
    domain.check_packages("kalai_smorodinsky_maximin", maximin.as_ref(), criterion);

    domain.check_worths("kalai", egalitarian::maximin(frontier).as_ref());
    domain.check_worths("max_welfare", utilitarian::utilitarian(frontier).as_ref());
}

/// Nash by the other convention, and the egalitarian solution of worths that nothing is taken from.
fn check_at_other_points(domain: &Domain) {
    let prospects = domain.prospects(&domain.disagreement(Disagreement::Reservation));
    let frontier = ParetoFrontier::of(&prospects);
    let nash = nash::nash(&frontier);
    domain.check_packages("nash_d_equals_reservation", nash.as_ref(), None);
    if nash.is_some() {
        let prospects = domain.prospects(&vec![0.0; domain.worths.len()]);
        let least = egalitarian::maximin(&ParetoFrontier::of(&prospects)).unwrap();
        domain.check_packages("egalitarian_maximin_u", Some(&least), None);
    }
}

#[test]
fn two_parties_over_a_hundred_packages() {
    check("domain_random_2a_2x10");
}

#[test]
fn three_parties_over_thousands_of_packages() {
    check("domain_random_3a_6x5");
}

#[test]
fn equal_packages_are_all_told() {
    check("domain_edge_ties");
}

#[test]
fn without_a_zone_there_is_a_frontier_and_no_solution() {
    check("domain_edge_no_zopa");
    let domain = Domain::read("domain_edge_no_zopa");
    let prospects = domain.prospects(&domain.reservations);
    assert_eq!(ParetoFrontier::of(&prospects).size(), 9);
}

#[test]
fn one_rational_package_is_every_solution() {
    check("domain_edge_single");
}

#[test]
fn a_party_to_whom_all_is_one_leaves_the_choice_to_the_other() {
    check("domain_edge_const");
}

/// A pledge g, verification v and an opening s, in quarters, worked out by hand and by NegMAS.
#[test]
fn a_bargain_on_paper_comes_out_as_on_paper() {
    let space = PackageSpace::new(&[5, 5, 5]).unwrap();
    // What each quarter is worth on each issue, and all issues at none.
    let party = |start: f64, slopes: [f64; 3]| {
        let mut worth = Worth::zero(&space, &[]);
        worth.constant = start;
        for (issue, slope) in space.issues().zip(slopes) {
            for (quarters, rung) in (0_u8..).zip(worth.solo_mut(issue)) {
                *rung = slope * f64::from(quarters) / 4.0;
            }
        }
        worth
    };
    let (one, other) = (party(0.2, [0.5, 0.3, -0.2]), party(0.5, [-0.25, -0.25, 0.5]));
    let prospects = Prospects::new(&Region::all(&space), &[&one, &other], &[0.35, 0.30]);
    let frontier = ParetoFrontier::of(&prospects);
    let told = reference("closed_form_checks")["discrete_solutions"].clone();
    let count = |value: &Value| usize::try_from(whole(value)).unwrap();
    assert_eq!(prospects.size(), count(&told["n_outcomes"]));
    assert_eq!(zopa::zone(&prospects).size(), count(&told["n_individually_rational"]));
    assert_eq!(frontier.size(), count(&told["n_pareto"]));
    assert_eq!(frontier.in_zone().count(), count(&told["negmas_0_16_crosscheck"]["n_pareto"]));

    let check = |key: &str, solution: Option<Solution<'_>>| {
        let found: Vec<Prospect<'_>> = solution.unwrap().packages;
        let rungs: Vec<u32> = ["g", "v", "s"].map(|issue| whole(&told[key]["x"][issue])).into();
        let picked: Vec<u32> = space.issues().map(|k| rung(found[0], k)).collect();
        assert_eq!((found.len(), picked), (1, rungs), "{key}");
        let worths = [one.of(&found[0].package), other.of(&found[0].package)];
        let is_near =
            worths.iter().zip(numbers(&told[key]["u"])).all(|(a, b)| (a - b).abs() < ROUNDING);
        assert!(is_near, "{key}: {worths:?}");
    };
    check("nash", nash::nash(&frontier));
    for hope in [Hope::Zone, Hope::AllPackages] {
        check("kalai_smorodinsky", kalai_smorodinsky::maximin(&frontier, hope));
        check("kalai_smorodinsky", kalai_smorodinsky::least_spread(&frontier, hope));
    }
    check("egalitarian", egalitarian::maximin(&frontier));
    check("egalitarian", egalitarian::leximin(&frontier));
    check("utilitarian", utilitarian::utilitarian(&frontier));
}

fn rung(prospect: Prospect<'_>, issue: IssueIx) -> u32 {
    u32::from(prospect.package.rung(issue))
}
