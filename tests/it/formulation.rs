//! Formulation: how near to the best product of gains a mediator who drafts brings the parties, and
//! how that falls the worse it reads them and the less it hears them.
//!
//! The domains are those of `tests/reference/bargaining` with a zone of agreement; their best
//! products are those of the yardsticks, which `solutions.rs` holds against NegMAS. In two of them
//! a party gains nothing by any package in the zone: there the best product is 0, every text has
//! it, and only that nobody loses can be held. The table stands in docs/MODEL.md.
//!
//! Errors in reading are of this model: NegMAS has no mediator who misreads.

use std::fmt::Write as _;
use std::sync::Arc;

use demarche_domain::package::Package;
use demarche_domain::region::Region;
use demarche_domain::worth::Worth;
use demarche_engine::scenario::{Preferences, Scenario};
use demarche_engine::session::Session;
use demarche_record::chronicle::Chronicle;
use demarche_record::event::Event;
use demarche_solutions::nash;
use demarche_solutions::pareto::ParetoFrontier;
use demarche_solutions::prospects::Prospects;
use serde_json::Value;
use support::references::{
    issue_keys, issues_as_written, list, numbers, parties_as_written, reference,
};
use support::runs::{go_on, lineage, pick, read_scenario};
use support::{check_current, read};

use crate::docs::pages;

/// The domains in which every party can gain, or at least lose nothing.
const WITH_A_ZONE: [&str; 5] = ["edge_const", "edge_single", "edge_ties", RANDOM_TWO, RANDOM_THREE];
const WITHOUT_A_GAIN: [&str; 2] = ["edge_const", "edge_single"];
const RANDOM_TWO: &str = "random_2a_2x10";
const RANDOM_THREE: &str = "random_3a_6x5";

/// What a mediator with full information must reach. [1]
const NEAR_THE_BEST: f64 = 0.95;

/// Runs for each line of the table.
const SEEDS: u16 = 300;
/// Errors before a side was heard. [gain]
const MISREADS: [f64; 3] = [0.1, 0.2, 0.3];
/// How likely it is to hear a side in a turn in which it does not draft. [1]
const COMMUNICATES: [f64; 4] = [1.0, 0.5, 0.2, 0.0];

/// Sums taken in another order differ in the last digits. [worth]
const ROUNDING: f64 = 1e-9;

const TALKS: &str = "\
format = 1
title = \"A text\"
summary = \"A mediator words one text for all.\"
grade = \"toy\"
source = \"assumed\"

[clock]
starts = 2000-01-03T00:00:00
turn-hours = 1
horizon-days = 2

[protocol]
variant = \"mediated-single-text\"
offering = \"closest-to-other\"
acceptance = \"next-offer-or-late\"
ties = \"drawn\"
clock = \"end-of-turn\"
first-mover = \"drawn\"
disagreement = \"reservation-or-worst\"

";

/// A mediator who does nothing but draft and hear.
#[derive(Clone, Copy)]
struct Mediator {
    misreading: f64,
    communicate: f64,
}

/// A domain as talks about one text, for a day.
fn talks(domain: &Value, mediator: Mediator) -> Arc<Scenario> {
    let Mediator { misreading, communicate } = mediator;
    let mut text = TALKS.to_owned() + &issues_as_written(domain);
    let n = list(domain, "agents").len();
    let style = "concession-exponent = 1.0".to_owned();
    text.push_str(&parties_as_written(domain, std::iter::repeat_n(style, n)));
    let parties: Vec<String> = (0..n).map(|p| format!("a{p}")).collect();
    write!(
        text,
        "[mediators.drafter]\nname = \"the drafter\"\nmisreading = {misreading:?}\n\
         style = {{ communicate = {communicate:?}, formulate = 1, manipulate = 0 }}\n\n\
         [rounds.talks]\nname = \"talks\"\nlasts-hours = 24\nmay-sign = {parties:?}\n\
         agenda = {:?}\n",
        issue_keys(domain)
    )
    .unwrap();
    Arc::new(read_scenario("formulation.toml", &text, &[]).scenario)
}

/// A domain with what judges its texts.
struct Judge {
    domain: Value,
    best: f64,
    gains: Vec<Worth>,
}

impl Judge {
    fn new(name: &str) -> Self {
        let domain = reference(&format!("domain_{name}"));
        let scenario = talks(&domain, Mediator { misreading: 0.0, communicate: 1.0 });
        let no_deal = numbers(&domain["analysis"]["disagreement_used"]);
        let worth = |p: usize| {
            let Preferences::Tables { values, .. } = &scenario.parties[p].preferences else {
                panic!("the party values by stakes");
            };
            let mut gains = Worth::zero(&scenario.space, &[]);
            gains.constant -= no_deal[p];
            for issue in scenario.space.issues() {
                gains.solo_mut(issue).copy_from_slice(&values[issue.ix()]);
            }
            gains
        };
        let gains: Vec<Worth> = (0..no_deal.len()).map(worth).collect();
        let all = Region::all(&scenario.space);
        let gained: Vec<&Worth> = gains.iter().collect();
        let prospects = Prospects::new(&all, &gained, &vec![0.0; no_deal.len()]);
        let best = nash::nash(&ParetoFrontier::of(&prospects)).unwrap().criterion;
        Self { domain, best, gains }
    }

    fn least_gain(&self, text: &Package) -> f64 {
        self.gains.iter().map(|gains| gains.of(text)).fold(f64::INFINITY, f64::min)
    }

    /// The product of gains as a share of the best, none where somebody loses.
    fn share(&self, text: &Package) -> f64 {
        if self.least_gain(text) <= 0.0 {
            return 0.0;
        }
        self.gains.iter().map(|gains| gains.of(text)).product::<f64>() / self.best
    }
}

/// What came of talks.
struct Told {
    drafts: Vec<Package>,
    agreed: Option<Package>,
}

impl Told {
    /// The text that was agreed, or the last draft, if there was any.
    fn text(&self) -> Option<Package> {
        self.agreed.or(self.drafts.last().copied())
    }
}

/// What came of the talks of each seed, in one World.
fn all_told(scenario: &Arc<Scenario>, seeds: u64) -> impl Iterator<Item = Told> {
    let mut session = Session::new(scenario.clone(), 1);
    (0..seeds).map(move |seed| {
        session.seat(0, lineage(seed), Vec::new(), true);
        go_on(&mut session);
        told(session.chronicle(0))
    })
}

fn told(chronicle: &Chronicle) -> Told {
    let tabled = |event: &Event| match event {
        Event::TextTabled { text, .. } => Some(*text),
        _ => None,
    };
    let agreed = |event: &Event| match event {
        Event::AgreementReached { text, .. } => Some(*text),
        _ => None,
    };
    Told { drafts: pick(chronicle, tabled).collect(), agreed: pick(chronicle, agreed).next() }
}

#[test]
fn full_information_comes_near_the_best_product_and_nobody_loses() {
    for name in WITH_A_ZONE {
        let judge = Judge::new(name);
        assert_eq!(judge.best > 0.0, !WITHOUT_A_GAIN.contains(&name), "{name}: {}", judge.best);
        for communicate in [1.0, 0.0] {
            let scenario = talks(&judge.domain, Mediator { misreading: 0.0, communicate });
            for (seed, told) in all_told(&scenario, 20).enumerate() {
                let first = told.drafts.first().map(|text| judge.share(text));
                let is_best = first.is_some_and(|share| share > 1.0 - ROUNDING);
                assert!(judge.best <= 0.0 || is_best, "{name}, seed {seed}: {first:?}");
                let text = told.text().expect("there is a text");
                let (share, least) = (judge.share(&text), judge.least_gain(&text));
                let told = format!("{name}, seed {seed}: {text:?}: {share} of the best, {least}");
                assert!(least >= -ROUNDING, "somebody loses: {told}");
                assert!(judge.best <= 0.0 || share >= NEAR_THE_BEST, "{told}");
            }
        }
    }
}

/// What talks come to on average. [1]
#[derive(Default)]
struct Average {
    /// Runs in which a text was drafted.
    drafted: f64,
    /// What the first draft reaches of the best product, where there was one.
    first: f64,
    /// What the agreed text does, or else the last draft; 0 where there was none.
    last: f64,
    /// Runs with a draft that leaves somebody below the reservation.
    losing: f64,
    /// Runs that end in agreement.
    agreed: f64,
}

impl Average {
    fn of(judge: &Judge, mediator: Mediator) -> Self {
        let scenario = talks(&judge.domain, mediator);
        let mut sum = Self::default();
        let one_if = |is: bool| f64::from(u8::from(is));
        for told in all_told(&scenario, SEEDS.into()) {
            let is_a_loss = |text: &Package| judge.least_gain(text) < -ROUNDING;
            assert!(!told.agreed.as_ref().is_some_and(is_a_loss), "{:?} is agreed", told.agreed);
            sum.drafted += one_if(!told.drafts.is_empty());
            sum.first += told.drafts.first().map_or(0.0, |text| judge.share(text));
            sum.last += told.text().map_or(0.0, |text| judge.share(&text));
            sum.losing += one_if(told.drafts.iter().any(is_a_loss));
            sum.agreed += one_if(told.agreed.is_some());
        }
        let n = f64::from(SEEDS);
        Self {
            drafted: sum.drafted / n,
            first: sum.first / sum.drafted,
            last: sum.last / n,
            losing: sum.losing / n,
            agreed: sum.agreed / n,
        }
    }
}

const HEAD: &str = "\
| parties | misreading | communicates | a text is drafted | first draft | text in the end | \
drafts below a reservation | agreement |
| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
";

#[test]
fn the_less_a_mediator_hears_the_further_its_text_is_from_the_best() {
    let mut table = HEAD.to_owned();
    for name in [RANDOM_TWO, RANDOM_THREE] {
        let judge = Judge::new(name);
        let n = judge.gains.len();
        let row = |misreading: f64| {
            COMMUNICATES
                .map(|communicate| Average::of(&judge, Mediator { misreading, communicate }))
        };
        let rows = MISREADS.map(row);
        for (misreading, row) in MISREADS.iter().zip(&rows) {
            for (communicate, of) in COMMUNICATES.iter().zip(row) {
                let Average { drafted, first, last, losing, agreed } = of;
                writeln!(
                    table,
                    "| {n} | {misreading} | {communicate} | {drafted:.3} | {first:.3} | \
                     {last:.3} | {losing:.3} | {agreed:.3} |"
                )
                .unwrap();
            }
            let [often, .., never] = row;
            assert!(often.last > never.last, "{name}, {misreading}: hearing nobody is no worse");
        }
        for (k, communicate) in COMMUNICATES.iter().enumerate() {
            let is_falling = rows.windows(2).all(|pair| pair[0][k].last > pair[1][k].last);
            assert!(is_falling, "{name}, {communicate}: reading worse is no worse");
        }
    }
    let _held = pages::MODEL_PAGE.lock();
    let page = pages::with_section(&read("docs/MODEL.md"), "formulation", &table);
    check_current("docs/MODEL.md", &page);
}
