//! Plans: what a batch is to do, all of it, with a digest.
//!
//! A plan is a scenario, a design, a seed and the version of the model. It is cut into ranges of
//! runs, and a range of a plan always comes to the same bytes: anywhere, at any time, in any
//! company. What is worked on, saved, checked and merged are ranges.

use std::ops::Range;
use std::sync::Arc;

use demarche_columns::MOST_ROWS;
use demarche_engine::MODEL_VERSION;
use demarche_engine::past::{NoPast, Past};
use demarche_engine::scenario::Scenario;
use demarche_engine::seating::Settings;
use demarche_random::seed::MasterSeed;
use demarche_record::chronicle::digest;
use demarche_record::format::{Heading, Lineage};
use demarche_scenario::NumberUse;
use serde_json::{Value, json};

use crate::design::{Design, Lever, Spread};
use crate::error::PlanFault;
use crate::runs::Run;

/// The version of plans. It rises when the same plan would come to other bytes.
pub const PLAN_VERSION: u64 = 5;

/// The most runs of a range: a second of work, and what is lost at most when the machine is. What
/// is in memory are the rows of a range or two for each thread.
const LARGEST_RANGE: u64 = 1024;
/// The fewest.
const SMALLEST_RANGE: u64 = 64;
/// Into how many ranges a batch is cut, if that makes them neither too large nor too small.
const RANGES: u64 = 64;
/// How many runs are followed turn by turn, where nothing else is asked for.
const FOLLOWED: u64 = 1000;
/// The most runs of a batch: at a millisecond each, four months of one core.
pub(crate) const MOST_RUNS: u64 = 10_000_000_000;
/// The most points whose outcomes are counted one by one.
pub const MOST_POINTS: u64 = 10_000;
/// Seeds from here up do not fit a column of whole numbers.
const SEEDS_END: u64 = 1 << 63;

/// What a batch is to do.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The scenario.
    pub scenario: Arc<Scenario>,
    /// Its numbers, in the units of the file.
    pub numbers: Vec<NumberUse>,
    /// What varies.
    pub design: Design,
    /// The seed of the first future; the next has one more.
    pub seed: u64,
    /// Whether uncertain numbers are drawn over their ranges in each future.
    pub over_ranges: bool,
    /// Every how-manieth run is followed turn by turn; nothing where none is.
    pub follow_every: Option<u64>,
    /// What has happened before the runs part; nothing where each is another from its beginning.
    pub past: Option<Arc<Past>>,
    n_runs: u64,
    range: u64,
}

/// How a batch is to be played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conduct {
    /// The seed of the first future.
    pub seed: u64,
    /// Whether uncertain numbers are drawn over their ranges in each future.
    pub over_ranges: bool,
    /// Which runs are followed turn by turn.
    pub follow: Follow,
}

/// Which runs are followed turn by turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Follow {
    /// About a thousand, evenly.
    Some,
    /// All.
    All,
    /// None.
    Nobody,
}

impl Plan {
    /// The plan of a design.
    ///
    /// # Errors
    /// When there is nothing to run, or more than can be numbered.
    pub fn new(
        scenario: Arc<Scenario>,
        numbers: Vec<NumberUse>,
        design: Design,
        conduct: Conduct,
    ) -> Result<Self, PlanFault> {
        let n_runs = design.n_runs().filter(|n| *n <= MOST_RUNS);
        let n_runs = n_runs.ok_or(PlanFault::TooManyRuns { most: MOST_RUNS })?;
        if n_runs == 0 {
            return Err(PlanFault::NoRuns);
        }
        let Conduct { seed, over_ranges, follow } = conduct;
        if seed.checked_add(design.n_futures()).is_none_or(|end| end > SEEDS_END) {
            return Err(PlanFault::SeedTooLarge { seed, most: SEEDS_END - design.n_futures() });
        }
        // If all of them are followed, their turns are the rows of one group.
        let most = MOST_ROWS as u64 / u64::from(scenario.horizon_turns);
        let range = n_runs.div_ceil(RANGES).clamp(SMALLEST_RANGE, LARGEST_RANGE).min(most.max(1));
        let follow_every = match follow {
            Follow::All => Some(1),
            Follow::Some => Some(n_runs.div_ceil(FOLLOWED)),
            Follow::Nobody => None,
        };
        let plan = Self {
            scenario,
            numbers,
            design,
            seed,
            over_ranges,
            follow_every,
            past: None,
            n_runs,
            range,
        };
        Ok(plan)
    }

    /// The same, of futures that part from a past. Its numbers hold in all of them: what has
    /// happened has happened with these.
    ///
    /// # Errors
    /// When it has branched before.
    pub fn after(mut self, past: Past) -> Result<Self, NoPast> {
        self.over_ranges = past.parting(self.seed)?.over_ranges.is_some();
        self.past = Some(Arc::new(past));
        Ok(self)
    }

    /// Runs in all. [runs, ≥ 1]
    #[must_use]
    pub const fn n_runs(&self) -> u64 {
        self.n_runs
    }

    /// Runs of a range; the last may have fewer. [runs, ≥ 1]
    #[must_use]
    pub const fn range_runs(&self) -> u64 {
        self.range
    }

    /// How many ranges there are. [ranges, ≥ 1]
    #[must_use]
    pub const fn n_ranges(&self) -> u64 {
        self.n_runs.div_ceil(self.range)
    }

    /// The runs of a range by its number.
    #[must_use]
    pub fn range(&self, number: u64) -> Range<u64> {
        let start = number * self.range;
        start..(start + self.range).min(self.n_runs)
    }

    /// Whether uncertain numbers are drawn over ranges in each run: it is asked for, and some
    /// number has one.
    #[must_use]
    pub fn draws_ranges(&self) -> bool {
        let is_uncertain = |number: &NumberUse| {
            let is_lever = self.design.levers.iter().any(|lever| lever.path == number.path);
            number.number.is_uncertain() && !is_lever
        };
        self.past.is_none() && self.over_ranges && self.numbers.iter().any(is_uncertain)
    }

    /// All ranges, in order.
    pub fn ranges(&self) -> impl Iterator<Item = Range<u64>> + use<'_> {
        (0..self.n_ranges()).map(|number| self.range(number))
    }

    /// The ranges of one share of several: every how-manieth, so that shares take about as long.
    pub fn shard(&self, of: Shard) -> impl Iterator<Item = Range<u64>> + use<'_> {
        (0..self.n_ranges())
            .filter(move |number| number % of.shares == of.share)
            .map(|number| self.range(number))
    }

    /// A run, the point of the design it is at, and the values of the levers there.
    #[must_use]
    pub fn run(&self, number: u64, known: &mut Known) -> (Run, u64, Arc<[f64]>) {
        let place = self.design.place(number);
        let (values, settings) = known.at(&self.design, place.point);
        let seed = self.seed + place.future;
        let parting =
            |past: &Arc<Past>| past.parting(seed).expect("it was asked when it was taken");
        let lineage = self.past.as_ref().map_or_else(
            || Lineage { seed, branch: None, over_ranges: self.over_ranges.then_some(seed) },
            parting,
        );
        let past = self.past.clone();
        let is_followed = self.follow_every.is_some_and(|every| number.is_multiple_of(every));
        (Run { lineage, settings, past, is_followed }, place.point, values)
    }

    /// Whether outcomes are counted point by point: there are several, and not too many.
    #[must_use]
    pub fn counts_by_point(&self) -> bool {
        (2..=MOST_POINTS).contains(&self.design.n_points())
    }

    /// The plan as JSON: the scenario by its digest.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let design = &self.design;
        let levers = design.levers.iter().map(|lever| {
            json!({"path": lever.path, "unit": lever.unit, "low": lever.low, "high": lever.high})
        });
        let points = match &design.spread {
            Spread::Given(values) => Value::from(values.to_vec()),
            _ => Value::Null,
        };
        let mut plan = json!({
            "version": PLAN_VERSION,
            "model": MODEL_VERSION,
            "title": self.scenario.cast.title,
            "scenario-digest": self.scenario.digest,
            "seed": self.seed,
            "over-ranges": self.over_ranges,
            "runs": self.n_runs,
            "range": self.range,
            "follow-every": self.follow_every,
            "design": {
                "spread": design.word(),
                "levers": levers.collect::<Vec<_>>(),
                "points": design.n_points(),
                "futures": design.futures,
                "given": points,
            },
        });
        if let Some(past) = &self.past {
            let digest = digest(self.past_text().unwrap_or_default().as_bytes());
            plan["past"] = json!({"turn": past.turn, "digest": digest});
        }
        plan
    }

    /// The record of the past, as it is kept beside the scenario; nothing where there is none.
    #[must_use]
    pub fn past_text(&self) -> Option<String> {
        self.past.as_ref().map(|past| past.record.to_lines(&self.scenario.cast))
    }

    /// The digest of [`Self::to_json`], in hexadecimal: two plans with the same come to the same
    /// bytes.
    #[must_use]
    pub fn digest(&self) -> String {
        digest(self.to_json().to_string().as_bytes())
    }

    /// The plan that was written as JSON, of the scenario and the past that were kept with it.
    ///
    /// # Errors
    /// When it is none of this version of program and model, or is not what was written.
    pub fn from_json(
        written: &Value,
        scenario: Arc<Scenario>,
        numbers: Vec<NumberUse>,
        past_text: Option<&str>,
    ) -> Result<Self, PlanFault> {
        let changed = |what: &str| PlanFault::Changed { what: what.to_owned() };
        let whole = |key: &str| written[key].as_u64().ok_or_else(|| changed(key));
        if whole("version")? != PLAN_VERSION {
            return Err(PlanFault::Version { found: whole("version")?, ours: PLAN_VERSION });
        }
        if written["model"] != MODEL_VERSION {
            let found = written["model"].as_str().unwrap_or("another").to_owned();
            return Err(PlanFault::Model { found, ours: MODEL_VERSION });
        }
        if written["scenario-digest"] != scenario.digest.as_str() {
            return Err(changed("the scenario"));
        }
        let seed = whole("seed")?;
        let design = design_from(&written["design"], &numbers, seed)?;
        let over_ranges = written["over-ranges"].as_bool().ok_or_else(|| changed("over-ranges"))?;
        let conduct = Conduct { seed, over_ranges, follow: Follow::Nobody };
        let mut plan = Self::new(scenario, numbers, design, conduct)?;
        plan.follow_every = written["follow-every"].as_u64();
        if let Some(turn) = written["past"]["turn"].as_u64() {
            let past = past_text.and_then(|text| past_from(text, turn, &plan.scenario));
            let plan_after = past.and_then(|past| plan.after(past).ok());
            plan = plan_after.ok_or_else(|| changed("the past"))?;
        }
        // Everything else follows, so that it must be as it was.
        if plan.to_json() == *written { Ok(plan) } else { Err(changed("the plan")) }
    }
}

fn past_from(text: &str, turn: u64, scenario: &Arc<Scenario>) -> Option<Past> {
    let record = Heading::read(text).ok()?.finish(&scenario.cast).ok()?;
    Past::of(scenario, record.lineage, &record.inputs, u32::try_from(turn).ok()?).ok()
}

fn design_from(written: &Value, numbers: &[NumberUse], seed: u64) -> Result<Design, PlanFault> {
    let changed = |what: &str| PlanFault::Changed { what: what.to_owned() };
    let whole = |key: &str| written[key].as_u64().ok_or_else(|| changed(key));
    let (points, futures) = (whole("points")?, whole("futures")?);
    let paths = written["levers"].as_array().ok_or_else(|| changed("the levers"))?;
    let lever = |written: &Value| {
        let number = numbers.iter().find(|number| written["path"] == number.path.as_str());
        number.and_then(Lever::of).ok_or_else(|| changed("a lever"))
    };
    let levers = paths.iter().map(lever).collect::<Result<Vec<_>, _>>()?;
    let n_levers = levers.len().max(1) as u64;
    let design = match written["spread"].as_str() {
        Some("none") => Ok(Design::plain(futures)),
        Some("grid") => {
            let dimensions = u32::try_from(levers.len()).unwrap_or(u32::MAX);
            let fits = |n: &u32| u64::from(*n).checked_pow(dimensions) == Some(points);
            let levels = (1..=1000).find(fits);
            Design::grid(levers, levels.ok_or_else(|| changed("points"))?, futures)
        }
        Some("latin-hypercube") => {
            Design::latin_hypercube(levers, points, futures, MasterSeed(seed))
        }
        Some("sobol") => Design::sobol(levers, points, futures),
        Some("morris") => {
            Design::morris(levers, points / (n_levers + 1), futures, MasterSeed(seed))
        }
        Some("given") => {
            let values = written["given"].as_array().ok_or_else(|| changed("given"))?;
            let values: Option<Vec<f64>> = values.iter().map(Value::as_f64).collect();
            let are_set = |of: &Vec<f64>| {
                of.len().is_multiple_of(levers.len())
                    && of.iter().zip(levers.iter().cycle()).all(|(value, of)| of.admits(*value))
            };
            let values = values.filter(|of| !levers.is_empty() && are_set(of));
            Ok(Design::given(levers, values.ok_or_else(|| changed("given"))?, futures))
        }
        _ => return Err(changed("spread")),
    };
    design.map_err(|_| changed("the design"))
}

/// One share of a batch that is worked on in several places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Which, from 0.
    pub share: u64,
    /// Of how many.
    pub shares: u64,
}

/// The settings of the point that was asked for last: runs of a point follow one another.
#[derive(Debug, Default)]
pub struct Known {
    last: Option<(u64, Arc<[f64]>, Arc<Settings>)>,
}

impl Known {
    fn at(&mut self, design: &Design, point: u64) -> (Arc<[f64]>, Arc<Settings>) {
        if self.last.as_ref().is_none_or(|(known, ..)| *known != point) {
            let values: Arc<[f64]> = design.values(point).into();
            let settings = Arc::new(design.settings(&values));
            self.last = Some((point, values, settings));
        }
        let (_, values, settings) = self.last.as_ref().expect("it was put there above");
        (values.clone(), settings.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::loaded;

    fn plan(n_runs: u64) -> Plan {
        let loaded = loaded("textbook/symmetric-dispute");
        let conduct = Conduct { seed: 1, over_ranges: true, follow: Follow::Some };
        let scenario = Arc::new(loaded.scenario);
        Plan::new(scenario, loaded.numbers, Design::plain(n_runs), conduct).unwrap()
    }

    #[test]
    fn ranges_cover_every_run_once() {
        for n_runs in [1, 63, 64, 65, 4095, 5000, 1_000_003] {
            let plan = plan(n_runs);
            let mut next = 0;
            for range in plan.ranges() {
                assert_eq!(range.start, next);
                assert!(!range.is_empty());
                next = range.end;
            }
            assert_eq!(next, n_runs);
            let shards = (0..3).flat_map(|share| plan.shard(Shard { share, shares: 3 }));
            let mut starts: Vec<u64> = shards.map(|range| range.start).collect();
            starts.sort_unstable();
            assert!(starts.into_iter().eq(plan.ranges().map(|range| range.start)));
        }
    }

    #[test]
    fn a_plan_is_read_as_it_was_written_and_as_nothing_else() {
        let plan = plan(1000);
        let read =
            |of: &Value| Plan::from_json(of, plan.scenario.clone(), plan.numbers.clone(), None);
        let written = plan.to_json();
        assert_eq!(read(&written).unwrap().digest(), plan.digest());
        for (key, value) in [("runs", json!(2000)), ("range", json!(7)), ("title", json!("x"))] {
            let mut edited = written.clone();
            edited[key] = value;
            assert!(matches!(read(&edited), Err(PlanFault::Changed { .. })), "{key}");
        }
        let mut other = written;
        other["model"] = json!("0.0");
        assert!(matches!(read(&other), Err(PlanFault::Model { .. })));
    }

    #[test]
    fn what_cannot_be_numbered_is_no_plan() {
        let loaded = loaded("textbook/symmetric-dispute");
        let scenario = Arc::new(loaded.scenario);
        let plan = |n_runs, seed| {
            let conduct = Conduct { seed, over_ranges: true, follow: Follow::Nobody };
            let design = Design::plain(n_runs);
            Plan::new(scenario.clone(), loaded.numbers.clone(), design, conduct).map(|_| ())
        };
        assert_eq!(plan(0, 1), Err(PlanFault::NoRuns));
        assert!(plan(10, u64::MAX).is_err());
        assert_eq!(plan(10, SEEDS_END - 10), Ok(()));
    }
}
