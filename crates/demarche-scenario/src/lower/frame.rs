//! What all parts of lowering refer to: names, levels, the clock, and the list of faults.
use demarche_domain::index::IssueIx;
use demarche_domain::package::Package;
use demarche_domain::region::Region;
use demarche_engine::scenario::Issue;

use super::clock::Clock;
use crate::hint;
use crate::problem::{Code, Problem};
use crate::reading::{Per, Reader};
use crate::spec::Register;

/// A fault found while lowering.
#[derive(Debug)]
pub(crate) struct Finding {
    /// What is wrong.
    pub(crate) problem: Problem,
    /// The path of another value that it hangs on: where that one is faulty, this is no news.
    pub(crate) rests_on: Option<String>,
}

/// The faults found so far.
#[derive(Debug, Default)]
pub(super) struct Faults {
    pub(super) list: Vec<Finding>,
}

impl Faults {
    pub(super) fn add(&mut self, problem: Problem) {
        self.list.push(Finding { problem, rests_on: None });
    }

    /// A fault that hangs on the value of another path.
    pub(super) fn add_resting_on(&mut self, path: String, problem: Problem) {
        self.list.push(Finding { problem, rests_on: Some(path) });
    }

    pub(super) fn extend(&mut self, problems: impl IntoIterator<Item = Problem>) {
        problems.into_iter().for_each(|problem| self.add(problem));
    }

    /// Advice that stops nothing.
    pub(super) fn advise(&mut self, reader: &Reader<'_>, key: &str, message: &str, help: &str) {
        self.add(advice(reader, key, message, help));
    }
}

/// Advice about the value of a key.
pub(super) fn advice(reader: &Reader<'_>, key: &str, message: &str, help: &str) -> Problem {
    reader.problem(Code::Unusual, key, message, help).as_warning()
}

/// What is known of the scenario as a whole.
pub(super) struct Frame<'a> {
    pub(super) clock: Clock,
    pub(super) parties: Vec<&'a str>,
    pub(super) issues: Vec<&'a str>,
    /// The highest rung of each issue.
    pub(super) tops: Vec<u8>,
    /// The levels of the rungs of each issue.
    pub(super) levels: Vec<Vec<f64>>,
}

impl<'a> Frame<'a> {
    pub(super) fn new(root: &Reader<'a>, clock: Clock, issues: &[Issue]) -> Self {
        let top = |issue: &Issue| u8::try_from(issue.levels.len().saturating_sub(1)).unwrap_or(255);
        Self {
            clock,
            parties: root.names_of(Register::Parties),
            issues: root.names_of(Register::Issues),
            tops: issues.iter().map(top).collect(),
            levels: issues.iter().map(|issue| issue.levels.clone()).collect(),
        }
    }

    /// Every rung of every issue.
    pub(super) fn everything(&self) -> Region {
        Region { floor: Package::STATUS_QUO, ceiling: Package::new(&self.tops) }
    }

    /// The region of some intervals; on issues without one it is everything.
    pub(super) fn region(&self, intervals: &[Per<'_, Reader<'_>>], faults: &mut Faults) -> Region {
        let mut region = self.everything();
        for interval in intervals {
            let issue = IssueIx::at(interval.index);
            let (from, to) = self.interval(interval, faults);
            region.floor.set(issue, from);
            region.ceiling.set(issue, to);
        }
        region
    }

    /// The lowest and the highest rung of an interval.
    pub(super) fn interval(&self, of: &Per<'_, Reader<'_>>, faults: &mut Faults) -> (u8, u8) {
        let from = rung(&of.value, "from", of.name, faults);
        let to = rung(&of.value, "to", of.name, faults);
        let (from, to) = (from.unwrap_or(0), to.unwrap_or(self.tops[of.index]));
        if from > to {
            let message = format!("{} runs from a higher rung to a lower one", of.value.path());
            let rungs = of.value.rungs(of.name).iter().map(String::as_str);
            let help = format!("the rungs from the status quo upward: {}", hint::list(rungs));
            faults.add(of.value.problem(Code::RangeDisordered, "from", message, help));
        }
        (from.min(to), to.max(from))
    }
}

/// The rung that a text names, if one is given; one that the issue does not have is reported.
pub(super) fn rung(reader: &Reader<'_>, key: &str, issue: &str, faults: &mut Faults) -> Option<u8> {
    let named = reader.text_opt(key)?;
    let rung = reader.rung(issue, named).and_then(|rung| u8::try_from(rung).ok());
    if rung.is_none() {
        let message = format!("{}.{key}: issue `{issue}` has no rung `{named}`", reader.path());
        let rungs = reader.rungs(issue).iter().map(String::as_str);
        let help = hint::did_you_mean(named, rungs, "its rungs are");
        faults.add(reader.problem(Code::UnknownName, key, message, help));
    }
    rung
}

/// The rungs that a table names for some issues.
pub(super) fn rungs(reader: &Reader<'_>, key: &str) -> Vec<(IssueIx, u8)> {
    let rungs = reader.rung_per(key).into_iter();
    rungs.filter_map(|per| Some((IssueIx::at(per.index), u8::try_from(per.value).ok()?))).collect()
}

/// The values of some names that are said twice in a list.
pub(super) fn report_twice(reader: &Reader<'_>, key: &str, names: &[&str], faults: &mut Faults) {
    for (place, index) in reader.names(key).iter().enumerate() {
        if reader.names(key)[..place].contains(index) {
            let name = names.get(*index).copied().unwrap_or_default();
            let message = format!("{}.{key} names `{name}` twice", reader.path());
            faults.add(reader.problem(Code::Duplicate, key, message, "once is enough"));
        }
    }
}
