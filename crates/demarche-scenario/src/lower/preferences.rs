//! How parties value packages: by stakes, or by tables of values.
use demarche_domain::index::IssueIx;
use demarche_engine::scenario::{Linkage, Preferences};
use demarche_random::sample::Number;

use super::frame::{Faults, Frame, report_twice};
use super::numbers::{each, number, only_value, plain, plain_list};
use crate::document::join;
use crate::problem::Code;
use crate::reading::Reader;

/// How far a sum may be from 1: what is lost in writing thirds with seven digits.
const TOLERANCE: f64 = 1e-6;

pub(super) fn read(party: &Reader<'_>, frame: &Frame<'_>, faults: &mut Faults) -> Preferences {
    let tables = ["values", "linear", "weights", "reservation"].into_iter().find(|k| party.has(k));
    match (party.has("stakes"), tables) {
        (true, Some(key)) => {
            let message = format!("{} has both `stakes` and `{key}`", party.path());
            faults.add(party.problem(Code::Contradiction, key, message, CHOOSE));
        }
        (false, None) => {
            let message = format!("{} has neither `stakes` nor `values`", party.path());
            faults.add(party.problem(Code::MissingKey, "", message, CHOOSE));
        }
        (false, Some(_)) => return by_tables(party, frame, faults),
        (true, None) => {}
    }
    Preferences::Stakes(stakes(party, frame, faults))
}

const CHOOSE: &str = "a party values packages either by `stakes`, or by `values` or `linear` \
    tables with `weights` and a `reservation`";

/// Stakes whose absolute values add up to 1.
pub(super) fn stakes(holder: &Reader<'_>, frame: &Frame<'_>, faults: &mut Faults) -> Vec<Number> {
    let stakes = each(holder, "stakes", frame.issues.len(), 0.0);
    let sum: f64 = stakes.iter().map(|stake| stake.reference.abs()).sum();
    sums_to_one(holder, "stakes", sum, faults);
    stakes
}

fn sums_to_one(holder: &Reader<'_>, key: &str, sum: f64, faults: &mut Faults) {
    if holder.has(key) && (sum - 1.0).abs() > TOLERANCE {
        let path = join(holder.path(), key);
        // Rounded, lest a sum of decimals be shown with the dust of its binary digits.
        let sum = (sum * 1e9).round() / 1e9 + 0.0;
        let aside = if key == "stakes" { ", signs aside" } else { "" };
        let message = format!("{path} must add up to 1{aside}, but add up to {sum}");
        let help = if sum > 0.0 {
            format!("dividing each by {sum} keeps how they compare")
        } else {
            String::new()
        };
        faults.add(holder.problem(Code::WrongSum, key, message, help));
    }
}

fn by_tables(party: &Reader<'_>, frame: &Frame<'_>, faults: &mut Faults) -> Preferences {
    let mut values: Vec<Option<Vec<f64>>> = vec![None; frame.issues.len()];
    for per in party.numbers_per("values") {
        let path = join(&join(party.path(), "values"), per.name);
        values[per.index] = Some(plain_list(party, "values", &path, &per.value, faults));
    }
    for per in party.table_per("linear") {
        if values[per.index].is_some() {
            let message = format!("{} is in `values` as well", per.value.path());
            let help = "an issue is valued in one way";
            faults.add(per.value.problem(Code::Contradiction, "", message, help));
        }
        let (from, to) = (plain(&per.value, "from", faults), plain(&per.value, "to", faults));
        values[per.index] = Some(line(from, to, &frame.levels[per.index]));
    }
    let weights = weights(party, frame, faults);
    let weighed = values.into_iter().enumerate().map(|(issue, values)| {
        let rungs = frame.levels[issue].len();
        let mut values = values.unwrap_or_else(|| {
            let (path, name) = (party.path(), frame.issues[issue]);
            let message = format!("{path} gives issue `{name}` no value");
            let help = "give it `values`, one for each rung, or a `linear` worth";
            faults.add(party.problem(Code::MissingKey, "values", message, help));
            vec![0.0; rungs]
        });
        values.resize(rungs, 0.0);
        values.iter().map(|value| value * weights[issue]).collect()
    });
    let values = weighed.collect();
    if !party.has("reservation") {
        let message = format!("{} lacks `reservation`, what no deal is worth to it", party.path());
        faults.add(party.problem(
            Code::MissingKey,
            "reservation",
            message,
            "0 is its worst package",
        ));
    }
    without_use(party, faults);
    Preferences::Tables { values, reservation: number(party, "reservation") }
}

/// Worth in proportion to the level; the status quo is worth nothing.
fn line(from: f64, to: f64, levels: &[f64]) -> Vec<f64> {
    let worth = |(rung, level): (usize, &f64)| {
        if rung == 0 { 0.0 } else { from + (to - from) * level }
    };
    levels.iter().enumerate().map(worth).collect()
}

fn weights(party: &Reader<'_>, frame: &Frame<'_>, faults: &mut Faults) -> Vec<f64> {
    if !party.has("weights") {
        if frame.issues.len() > 1 {
            let message =
                format!("{} lacks `weights`, though there are several issues", party.path());
            let help = "say what each issue counts; they add up to 1";
            faults.add(party.problem(Code::MissingKey, "weights", message, help));
        }
        return vec![1.0; frame.issues.len()];
    }
    let mut weights = vec![0.0; frame.issues.len()];
    for per in party.number_per("weights") {
        let path = join(&join(party.path(), "weights"), per.name);
        weights[per.index] = only_value(party, "weights", &path, &per.value, faults);
    }
    sums_to_one(party, "weights", weights.iter().sum(), faults);
    weights
}

/// What a party that values by tables has no use for.
fn without_use(party: &Reader<'_>, faults: &mut Faults) {
    let idle = [
        "linkages",
        "soft-lines",
        "demands",
        "audience-cost",
        "outside-option",
        "pains",
        "constituencies",
    ];
    for key in idle.into_iter().filter(|key| party.has(key)) {
        let message =
            format!("{}.{key} counts for nothing, for this party values by tables", party.path());
        faults.advise(party, key, &message, "leave it out, or value by `stakes`");
    }
}

pub(super) fn linkages(party: &Reader<'_>, frame: &Frame<'_>, faults: &mut Faults) -> Vec<Linkage> {
    let mut linkages = Vec::new();
    for linkage in party.items("linkages") {
        let issues = linkage.names("issues");
        report_twice(&linkage, "issues", &frame.issues, faults);
        match issues.as_slice() {
            [a, b] => linkages.push(Linkage {
                issues: (IssueIx::at(*a), IssueIx::at(*b)),
                stake: number(&linkage, "stake"),
            }),
            _ => {
                let path = linkage.path();
                let message =
                    format!("{path}.issues must name two issues, but names {}", issues.len());
                let help = "a linkage is of a pair";
                faults.add(linkage.problem(Code::WrongCount, "issues", message, help));
            }
        }
    }
    linkages
}
