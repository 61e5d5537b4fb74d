//! The room there was: what could have been signed when the last round closed, in truth and as each
//! side believed.

use demarche_domain::index::PartyIx;
use demarche_domain::package::Package;
use demarche_domain::worth::Worth;
use demarche_engine::insight::Insight;
use demarche_solutions::kalai_smorodinsky::Hope;
use demarche_solutions::pareto::ParetoFrontier;
use demarche_solutions::prospects::{Prospect, Prospects};
use demarche_solutions::solution::Solution;
use demarche_solutions::{distance, egalitarian, kalai_smorodinsky, nash, utilitarian, zopa};

/// What could have been signed.
#[derive(Clone, Debug, PartialEq)]
pub struct Room {
    /// Packages on the agenda that cross nobody's red line.
    pub n_packages: usize,
    /// As it was: over no deal.
    pub over_no_deal: Yardsticks,
    /// As it was: over what talking on was worth to each side, where that is more.
    pub over_talking_on: Yardsticks,
    /// As each side believed: its own gains, and the others' as it read their stakes.
    pub believed: Vec<(PartyIx, Yardsticks)>,
    /// As it was: the packages of which none is better for all, in package order.
    pub frontier: Vec<Pick>,
    /// Every text that lay on the table of the last round, once, in the order in which it first
    /// did. Gains are those when the round closed, over no deal.
    pub tabled: Vec<Tabled>,
}

/// A text that lay on the table.
#[derive(Clone, Debug, PartialEq)]
pub struct Tabled {
    /// The turn in which it first did.
    pub turn: u32,
    /// The text, and what it gains each side.
    pub pick: Pick,
}

/// What bargaining theory would have signed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Yardsticks {
    /// Packages that nobody would have refused, and that gain somebody something.
    pub n_in_zone: usize,
    /// The greatest product of gains (Nash 1950).
    pub nash: Option<Pick>,
    /// Equal shares of what each could hope for among what all would take (Kalai and Smorodinsky
    /// 1975).
    pub kalai_smorodinsky: Option<Pick>,
    /// The same, of what each could hope for among all packages, whoever would refuse them, as
    /// NegMAS has it.
    pub kalai_smorodinsky_over_all: Option<Pick>,
    /// The most for the one who gains least.
    pub egalitarian: Option<Pick>,
    /// The greatest sum of gains.
    pub utilitarian: Option<Pick>,
    /// How far the last text is from the Pareto frontier: what all could have had more. [gain, ≥ 0]
    pub short_of_frontier: Option<f64>,
}

/// A package that a yardstick picks: the first, where there are several.
#[derive(Clone, Debug, PartialEq)]
pub struct Pick {
    /// The package.
    pub package: Package,
    /// What it gains each side, over no deal. [gain]
    pub gains: Vec<f64>,
}

/// What could have been signed at the scene, how far the last text was from it, and what lay on the
/// table before, by the turn in which it first did.
pub(crate) fn room(
    scene: &mut Insight<'_>,
    text: Option<&Package>,
    tabled: &[(u32, Package)],
) -> Room {
    let parties: Vec<PartyIx> = scene.parties().collect();
    let region = scene.signable();
    let truth: Vec<Worth> = parties.iter().map(|p| scene.gains(*p)).collect();
    let pulls: Vec<f64> = parties.iter().map(|p| scene.pull(*p)).collect();
    let none = vec![0.0; parties.len()];
    let frontier = region.map_or_else(Vec::new, |region| {
        let worths: Vec<&Worth> = truth.iter().collect();
        let prospects = Prospects::new(&region, &worths, &none).without(&region.floor);
        let pick = |of: Prospect<'_>| Pick { package: of.package, gains: of.gains.to_vec() };
        ParetoFrontier::of(&prospects).iter().map(pick).collect()
    });
    let tabled = tabled.iter().map(|(turn, package)| Tabled {
        turn: *turn,
        pick: Pick {
            package: *package,
            gains: truth.iter().map(|worth| worth.of(package)).collect(),
        },
    });
    let tabled = tabled.collect();
    let measure = |worths: &[Worth], over: &[f64]| {
        let worths: Vec<&Worth> = worths.iter().collect();
        region.map_or_else(Yardsticks::default, |region| {
            let prospects = Prospects::new(&region, &worths, over);
            yardsticks(&prospects.without(&region.floor), text)
        })
    };
    let believed = parties.iter().map(|of| {
        let theirs = |p: &PartyIx| match p == of {
            true => truth[p.ix()].clone(),
            false => scene.believed_gains(*of, *p),
        };
        let worths: Vec<Worth> = parties.iter().map(theirs).collect();
        (*of, worths)
    });
    let believed: Vec<(PartyIx, Vec<Worth>)> = believed.collect();
    Room {
        n_packages: region.map_or(0, |region| region.size()),
        over_no_deal: measure(&truth, &none),
        over_talking_on: measure(&truth, &pulls),
        believed: believed.iter().map(|(of, worths)| (*of, measure(worths, &none))).collect(),
        frontier,
        tabled,
    }
}

fn yardsticks(prospects: &Prospects, text: Option<&Package>) -> Yardsticks {
    let frontier = ParetoFrontier::of(prospects);
    let gains = text.and_then(|text| prospects.find(text)).map(|found| found.gains);
    Yardsticks {
        n_in_zone: zopa::zone(prospects).size(),
        nash: nash::nash(&frontier).as_ref().and_then(pick),
        kalai_smorodinsky: kalai_smorodinsky::maximin(&frontier, Hope::Zone)
            .as_ref()
            .and_then(pick),
        kalai_smorodinsky_over_all: kalai_smorodinsky::maximin(&frontier, Hope::AllPackages)
            .as_ref()
            .and_then(pick),
        egalitarian: egalitarian::leximin(&frontier).as_ref().and_then(pick),
        utilitarian: utilitarian::utilitarian(&frontier).as_ref().and_then(pick),
        short_of_frontier: gains.and_then(|gains| distance::common_improvement(&frontier, gains)),
    }
}

fn pick(of: &Solution<'_>) -> Option<Pick> {
    let first = of.packages.first()?;
    Some(Pick { package: first.package, gains: first.gains.to_vec() })
}
