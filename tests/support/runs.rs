//! Runs for tests: scenarios of the catalogue by their keys, and runs of them by their seeds.

use std::sync::Arc;

use demarche_domain::index::{IssueIx, PartyIx};
use demarche_engine::refusal::RefusedInput;
use demarche_engine::scenario::Scenario;
use demarche_engine::session::{Session, run};
use demarche_engine::table::Status;
use demarche_record::chronicle::Chronicle;
use demarche_record::decision::Input;
use demarche_record::event::Event;
use demarche_record::format::{Lineage, RunRecord};
use demarche_record::seat::Seat;
use demarche_record::wire::Wire;
use demarche_scenario::{Loaded, catalogue};
use serde_json::Value;

/// The scenario that is taken when none is named.
pub const FLAGSHIP: &str = "historical/doha-istanbul";

/// The keys of the scenarios in one folder.
#[must_use]
pub fn keys_in(folder: &str) -> Vec<&'static str> {
    let keys = catalogue().iter().map(|entry| entry.key);
    keys.filter(|key| key.split('/').next() == Some(folder)).collect()
}

/// The text of a built-in scenario.
///
/// # Panics
/// When there is none of this key.
#[must_use]
pub fn text_of(key: &str) -> &'static str {
    catalogue::find(key).unwrap_or_else(|cause| panic!("{cause}")).text
}

/// A built-in scenario, read.
///
/// # Panics
/// When there is none of this key, or it is invalid.
#[must_use]
pub fn loaded(key: &str, sets: &[(&str, &str)]) -> Loaded {
    let entry = catalogue::find(key).unwrap_or_else(|cause| panic!("{cause}"));
    read_scenario(&entry.file(), entry.text, sets)
}

/// A scenario from its text.
///
/// # Panics
/// With all its problems, when it is invalid.
#[must_use]
pub fn read_scenario(name: &str, text: &str, sets: &[(&str, &str)]) -> Loaded {
    let owned = |(path, value): &(&str, &str)| ((*path).to_owned(), (*value).to_owned());
    let sets: Vec<(String, String)> = sets.iter().map(owned).collect();
    let known = demarche_scenario::known_sources();
    let found = demarche_scenario::load(name, text, &sets, &[], &mut catalogue::base, &known);
    found.unwrap_or_else(|problems| panic!("{}", problems.render(100, false, true)))
}

/// A built-in scenario, ready to run.
#[must_use]
pub fn scenario(key: &str) -> Arc<Scenario> {
    Arc::new(loaded(key, &[]).scenario)
}

/// The same with some values set by their paths.
#[must_use]
pub fn changed(key: &str, sets: &[(&str, &str)]) -> Arc<Scenario> {
    Arc::new(loaded(key, sets).scenario)
}

/// Draws from one seed, at the reference point.
#[must_use]
pub const fn lineage(seed: u64) -> Lineage {
    Lineage { seed, branch: None, over_ranges: None }
}

/// One run by the policy alone.
///
/// # Panics
/// Never: nothing enters that could be refused.
#[must_use]
pub fn play(scenario: &Arc<Scenario>, lineage: Lineage) -> RunRecord {
    run(scenario, lineage, Vec::new()).expect("nothing enters that could be refused")
}

/// The chronicles of many runs at the reference point.
pub fn chronicles(
    scenario: &Arc<Scenario>,
    seeds: std::ops::Range<u64>,
) -> impl Iterator<Item = (u64, Chronicle)> {
    let mut tables = SideBySide::new(scenario);
    let mut seeds = seeds;
    let lots = std::iter::from_fn(move || {
        let lot: Vec<u64> = seeds.by_ref().take(TABLES).collect();
        let lineages: Vec<Lineage> = lot.iter().map(|seed| lineage(*seed)).collect();
        let told = tables.chronicles(&lineages, &[]).unwrap_or_else(|refused| panic!("{refused}"));
        (!lot.is_empty()).then(|| lot.into_iter().zip(told))
    });
    lots.flatten()
}

/// Runs that are told side by side: a turn of many tables takes hardly longer than one of a single.
pub struct SideBySide(Session);

/// How many runs are told at once.
const TABLES: usize = 32;

impl SideBySide {
    /// A World with tables.
    #[must_use]
    pub fn new(scenario: &Arc<Scenario>) -> Self {
        Self(Session::new(scenario.clone(), TABLES))
    }

    /// The chronicles of runs, in their order.
    ///
    /// # Errors
    /// When an input is refused.
    pub fn chronicles(
        &mut self,
        lineages: &[Lineage],
        inputs: &[Input],
    ) -> Result<Vec<Chronicle>, RefusedInput> {
        let session = &mut self.0;
        let mut told = Vec::with_capacity(lineages.len());
        for lot in lineages.chunks(TABLES) {
            for (at, lineage) in lot.iter().enumerate() {
                session.seat(at, *lineage, inputs.to_vec(), true);
            }
            while (0..lot.len()).any(|at| session.status(at) == Status::Running) {
                session.advance()?;
            }
            told.extend((0..lot.len()).map(|at| session.chronicle(at).clone()));
        }
        Ok(told)
    }
}

/// A World with one table, where a run waits for its first turn.
#[must_use]
pub fn seated(scenario: &Arc<Scenario>, lineage: Lineage) -> Session {
    let mut session = Session::new(scenario.clone(), 1);
    session.seat(0, lineage, Vec::new(), true);
    session
}

/// Lets the only table go on until it waits for somebody, or has ended.
///
/// # Panics
/// When a planned input is refused.
pub fn go_on(session: &mut Session) {
    while session.status(0) == Status::Running {
        session.advance().unwrap_or_else(|refused| panic!("{refused}: {:?}", refused.input));
    }
}

/// The events of a kind: what the function makes of them.
pub fn pick<'a, T>(
    chronicle: &'a Chronicle,
    of_kind: impl Fn(&'a Event) -> Option<T> + 'a,
) -> impl Iterator<Item = T> + 'a {
    chronicle.entries.iter().filter_map(move |entry| of_kind(&entry.event))
}

/// A party by its key.
///
/// # Panics
/// When the scenario has none of this key.
#[must_use]
pub fn party(scenario: &Scenario, key: &str) -> PartyIx {
    PartyIx::from_wire(&Value::from(key), &scenario.cast).unwrap_or_else(|cause| panic!("{cause}"))
}

/// An issue by its key.
///
/// # Panics
/// When the scenario has none of this key.
#[must_use]
pub fn issue(scenario: &Scenario, key: &str) -> IssueIx {
    IssueIx::from_wire(&Value::from(key), &scenario.cast).unwrap_or_else(|cause| panic!("{cause}"))
}

/// A seat by its name, as in `capital:pakistan`.
///
/// # Panics
/// When the scenario has no such seat.
#[must_use]
pub fn seat_named(scenario: &Scenario, name: &str) -> Seat {
    Seat::from_wire(&Value::from(name), &scenario.cast).unwrap_or_else(|cause| panic!("{cause}"))
}
