//! `what-if`: what a change does, told of the same futures as they were and changed.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use demarche_batch::compare::tally::Scales;
use demarche_batch::compare::words::{Telling, tell};
use demarche_batch::compare::{Arm, Comparison, Futures, json};
use demarche_batch::words::counted;
use demarche_record::format::Lineage;
use demarche_scenario::Loaded;
use tracing::info;

use super::batch::pass_over_panics;
use super::explain::all_threads;
use super::replay::command;
use crate::cli::{Case, Format, WhatIf};
use crate::exit::Failure;
use crate::output;
use crate::progress::Progress;
use crate::sources::{to_be_varied, variants};

/// Compares.
///
/// # Errors
/// When nothing is changed, a scenario is invalid, or what was changed does not compare.
pub(crate) fn run(asked: &WhatIf) -> Result<(), Failure> {
    pass_over_panics();
    let (base_case, changes) = (base(asked), changes(asked)?);
    let arm_cases = changes.iter().map(|change| change.over(&base_case));
    let cases: Vec<Case> = [base_case.clone()].into_iter().chain(arm_cases).collect();
    let source = to_be_varied(asked.scenario.as_deref())?;
    let mut loaded = variants(&source, &cases)?;
    let has_ranges = loaded.iter().any(has_ranges);
    let (mut changes, mut cases) = (changes, cases);
    if has_ranges && !asked.point && hold(&loaded, &mut changes) {
        cases = std::iter::once(base_case.clone())
            .chain(changes.iter().map(|change| change.over(&base_case)))
            .collect();
        loaded = variants(&source, &cases)?;
    }
    let arms = loaded.split_off(1).into_iter().zip(&changes).map(|(loaded, change)| Arm {
        name: change.name.clone(),
        changes: change.told(),
        scenario: Arc::new(loaded.scenario),
    });
    let arms: Vec<Arm> = arms.collect();
    let base = loaded.pop().expect("the base is loaded, too");
    let base = Arc::new(base.scenario);
    let futures = if asked.point || !has_ranges {
        Futures::at_the_point(asked.futures, asked.seed)
    } else {
        Futures::over_ranges(asked.futures, asked.seed, asked.futures_per_draw)
    };
    let futures = futures.map_err(|fault| Failure::Usage(fault.to_string()))?;
    let progress = Mutex::new(Progress::new());
    let watch = |played: u64, all: u64| {
        let mut progress = progress.lock().unwrap_or_else(PoisonError::into_inner);
        progress.tell_share((played, all), "runs", String::new);
    };
    let threads = asked.threads.map_or_else(all_threads, usize::from);
    let comparison = Comparison { base: &base, arms: &arms, futures, threads, watch: &watch };
    let compared = comparison.run();
    progress.lock().unwrap_or_else(PoisonError::into_inner).clear();
    let compared = compared.map_err(|fault| Failure::Usage(fault.to_string()))?;
    info!(n_futures = futures.n(), n_arms = arms.len(), n_failed = compared.n_failed, "compared");
    let telling = Telling {
        cast: &base.cast,
        scales: &Scales::of(&base),
        arms: &arms,
        compared: &compared,
        has_ranges,
        replay: &|arm: Option<usize>, lineage: Lineage| {
            command(&cases[arm.map_or(0, |arm| arm + 1)], lineage)
        },
        width: output::width(),
    };
    match asked.format {
        Format::Text => output::data(&tell(&telling))?,
        Format::Json => {
            output::data(&format!("{:#}\n", json::to_json(&telling, &base.digest)))?;
        }
    }
    if compared.n_failed == 0 {
        return Ok(());
    }
    Err(Failure::Bug(anyhow::anyhow!("{} failed; see above", counted(compared.n_failed, "run"))))
}

/// Has numbers hold that a change moves within a range that it leaves as it was: drawn from the
/// same range they would come out the same, and the change would not be played. Returns whether
/// there are any.
fn hold(loaded: &[Loaded], changes: &mut [Change]) -> bool {
    let mut holds = false;
    for (arm, change) in loaded[1..].iter().zip(changes) {
        for number in &arm.numbers {
            let known = loaded[0].numbers.iter().find(|known| known.path == number.path);
            let is_moved = known.is_some_and(|known| {
                let (was, is) = (&known.number, &number.number);
                is.is_uncertain() && is.shape == was.shape && is.value.total_cmp(&was.value).is_ne()
            });
            if is_moved && !number.is_share() {
                let set = format!("{}={:?}", number.path, number.number.value);
                let (name, path) = (&change.name, &number.path);
                let value = number.number.value;
                output::talk(&format!(
                    "note: {name}: `{path}` holds at {value}; its range is as it was, and drawn \
                     from it nothing would change"
                ));
                change.set.push(set);
                holds = true;
            }
        }
    }
    holds
}

/// Whether some number is drawn over a range, rather than in every run or not at all.
fn has_ranges(loaded: &Loaded) -> bool {
    loaded.numbers.iter().any(|number| number.number.is_uncertain())
}

/// The case without a change.
fn base(asked: &WhatIf) -> Case {
    Case {
        scenario: asked.scenario.clone(),
        with: asked.base_with.clone(),
        set: asked.base_set.clone(),
        table: None,
    }
}

/// One arm, as it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Change {
    name: String,
    with: Vec<String>,
    set: Vec<String>,
}

impl Change {
    /// The case with this change.
    fn over(&self, base: &Case) -> Case {
        Case {
            scenario: base.scenario.clone(),
            with: [base.with.as_slice(), &self.with].concat(),
            set: [base.set.as_slice(), &self.set].concat(),
            table: None,
        }
    }

    fn told(&self) -> Vec<String> {
        let with = self.with.iter().map(|overlay| format!("with {overlay}"));
        with.chain(self.set.iter().cloned()).collect()
    }
}

/// The arms that are asked for.
fn changes(asked: &WhatIf) -> Result<Vec<Change>, Failure> {
    let mut changes = Vec::new();
    if !(asked.set.is_empty() && asked.with.is_empty()) {
        let name = "changed".to_owned();
        changes.push(Change { name, with: asked.with.clone(), set: asked.set.clone() });
    }
    for written in &asked.arm {
        changes.push(arm(written)?);
    }
    if changes.is_empty() {
        let why = "nothing is changed: say what, as in `--set \
                   mediators.united-states.engaged=true` or \
                   `--with historical/united-states-engaged`";
        return Err(Failure::Usage(why.to_owned()));
    }
    let mut names = BTreeSet::new();
    match changes.iter().find(|change| !names.insert(change.name.as_str())) {
        None => Ok(changes),
        Some(Change { name, .. }) => {
            let hint = "give each arm its own, as in `--arm 'early: clock.turn-hours=6'`";
            Err(Failure::Usage(format!("two changes are called `{name}`; {hint}")))
        }
    }
}

/// An arm: `NAME: CHANGE, CHANGE`, or `NAME=OVERLAY`.
fn arm(written: &str) -> Result<Change, Failure> {
    let no = |why: &str| {
        let hint = "write a name, a colon and what changes, as in `--arm 'early: \
                    clock.turn-hours=6, world.truce=false'`, or a name, `=` and an overlay, as in \
                    `--arm engaged=historical/united-states-engaged`";
        Failure::Usage(format!("`--arm {written}` {why}; {hint}"))
    };
    let at = written.find([':', '=']).ok_or_else(|| no("has no name"))?;
    let (name, rest) = (written[..at].trim(), written[at + 1..].trim());
    if name.is_empty() {
        return Err(no("has no name"));
    }
    let items = if written[at..].starts_with('=') { vec![rest] } else { items(rest) };
    if items.iter().any(|item| item.is_empty()) {
        return Err(no("changes nothing, or has a comma too many"));
    }
    let is_set = |item: &&str| written[at..].starts_with(':') && item.contains('=');
    let (set, with): (Vec<&str>, Vec<&str>) = items.into_iter().partition(is_set);
    let owned = |items: Vec<&str>| items.into_iter().map(str::to_owned).collect();
    Ok(Change { name: name.to_owned(), with: owned(with), set: owned(set) })
}

/// What stands between commas, but for those within brackets or quotation marks, as in a range.
fn items(text: &str) -> Vec<&str> {
    let (mut items, mut begun, mut depth, mut quote) = (Vec::new(), 0, 0_usize, None);
    for (at, c) in text.char_indices() {
        match (c, quote) {
            (c, Some(open)) if c == open => quote = None,
            (_, Some(_)) => {}
            ('"' | '\'', None) => quote = Some(c),
            ('[' | '{', None) => depth += 1,
            (']' | '}', None) => depth = depth.saturating_sub(1),
            (',', None) if depth == 0 => {
                items.push(text[begun..at].trim());
                begun = at + 1;
            }
            _ => {}
        }
    }
    items.push(text[begun..].trim());
    items
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(written: &str, name: &str, with: &[&str], set: &[&str]) {
        let owned = |items: &[&str]| items.iter().map(|item| (*item).to_owned()).collect();
        let expected = Change { name: name.to_owned(), with: owned(with), set: owned(set) };
        assert_eq!(arm(written).unwrap(), expected);
    }

    #[test]
    fn an_arm_is_a_name_and_what_changes() {
        check("early: clock.turn-hours=6", "early", &[], &["clock.turn-hours=6"]);
        check("a b :x=1 , y = 2", "a b", &[], &["x=1", "y = 2"]);
        check("engaged=historical/x", "engaged", &["historical/x"], &[]);
        check("both: over.toml, x=1", "both", &["over.toml"], &["x=1"]);
        let range = "x={ value = 0.1, range = [0.1, 2.1] }";
        check(&format!("wide: {range}, y=\"a, b\""), "wide", &[], &[range, "y=\"a, b\""]);
    }

    #[test]
    fn what_is_no_arm_says_what_to_write() {
        for written in ["clock", ": x=1", "=file", "early:", "early: x=1,", "early="] {
            let Err(Failure::Usage(told)) = arm(written) else { panic!("{written} is taken") };
            assert!(told.contains("--arm 'early: clock.turn-hours=6"), "{told}");
        }
    }
}
