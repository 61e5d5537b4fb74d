//! Issues, their rungs, and the space of packages that they make.
use demarche_domain::index::{GroupIx, IssueIx, PartyIx};
use demarche_domain::package::{MAX_PACKAGES, PackageSpace};
use demarche_engine::scenario::{Issue, Relief};
use demarche_record::cast::{IssueWords, RungWords};

use super::frame::{Faults, rung};
use super::names::report_alike;
use super::{name_of, numbers};
use crate::check::is_kebab;
use crate::problem::Code;
use crate::reading::{Per, Reader};

/// The issues of a scenario.
pub(super) struct Issues {
    pub(super) list: Vec<Issue>,
    pub(super) words: Vec<IssueWords>,
    pub(super) space: PackageSpace,
}

pub(super) fn read(root: &Reader<'_>, faults: &mut Faults) -> Issues {
    let entries = root.entries("issues");
    let mut issues = Issues { list: Vec::new(), words: Vec::new(), space: no_space() };
    for entry in &entries {
        let (rungs, levels) = rungs(entry, faults);
        issues.list.push(issue(entry, levels, faults));
        issues.words.push(IssueWords { named: name_of(entry), rungs });
    }
    if entries.is_empty() {
        let message = "issues must hold at least one issue";
        faults.add(root.problem(Code::WrongCount, "issues", message, "what is negotiated?"));
    }
    issues.space = space(root, &issues.list, faults);
    relief_adds_up(root, &issues.list, faults);
    issues
}

/// The smallest space there is: it stands in where issues are faulty.
fn no_space() -> PackageSpace {
    PackageSpace::new(&[1]).expect("one issue with one rung is a space")
}

fn space(root: &Reader<'_>, issues: &[Issue], faults: &mut Faults) -> PackageSpace {
    let counts = issues.iter().map(|issue| issue.levels.len().max(1));
    let n_rungs: Vec<u16> = counts.map(|n| u16::try_from(n).unwrap_or(u16::MAX)).collect();
    let size: f64 = n_rungs.iter().map(|n| f64::from(*n)).product();
    if size > f64::from(MAX_PACKAGES) {
        let counts: Vec<String> = n_rungs.iter().map(u16::to_string).collect();
        let message = format!(
            "the issues make {size} packages ({}), but no more than {MAX_PACKAGES} can be searched",
            counts.join(" × ")
        );
        let help = "packages are searched exactly, so merge or leave out some rungs";
        faults.add(root.problem(Code::TooMany, "issues", message, help));
    }
    PackageSpace::new(&n_rungs).unwrap_or_else(no_space)
}

// Rungs.

fn rungs(entry: &Per<'_, Reader<'_>>, faults: &mut Faults) -> (Vec<RungWords>, Vec<f64>) {
    let issue = &entry.value;
    match (issue.has("rungs"), issue.table("scale")) {
        (false, Some(scale)) => return scaled(&scale, faults),
        (true, None) => {}
        (both, _) => {
            let (code, which) = if both {
                (Code::Contradiction, "has both `rungs` and a `scale`")
            } else {
                (Code::MissingKey, "has neither `rungs` nor a `scale`")
            };
            let message = format!("{} {which}", issue.path());
            let help = "list the answers as `rungs`, or divide a quantity by a `scale`";
            faults.add(issue.problem(code, "", message, help));
        }
    }
    let rungs = issue.items("rungs");
    let words: Vec<RungWords> = rungs.iter().map(words_of).collect();
    let levels: Vec<f64> = rungs.iter().map(|r| numbers::plain(r, "level", faults)).collect();
    if rungs.len() < 2 && issue.has("rungs") {
        let message = format!("{}.rungs must hold two rungs or more", issue.path());
        let help = "the first is the status quo, and without another there is nothing to agree on";
        faults.add(issue.problem(Code::WrongCount, "rungs", message, help));
    }
    report_alike(&rungs, "words", faults);
    check_keys(&rungs, &words, faults);
    check_levels(&rungs, &levels, faults);
    (words, levels)
}

fn words_of(rung: &Reader<'_>) -> RungWords {
    RungWords { key: rung.text("key").to_owned(), words: rung.text("words").to_owned() }
}

fn check_keys(rungs: &[Reader<'_>], words: &[RungWords], faults: &mut Faults) {
    for (place, rung) in rungs.iter().enumerate() {
        let key = &words[place].key;
        if words[..place].iter().any(|before| before.key == *key) {
            let message = format!("{}: there is a rung `{key}` already", rung.path());
            faults.add(rung.problem(Code::Duplicate, "key", message, "give each its own key"));
        }
        if !is_kebab(key) {
            let message = format!("{}.key is not a name in kebab-case: `{key}`", rung.path());
            let help = "keys are of small letters, digits and single hyphens: open-ended";
            faults.add(rung.problem(Code::BadName, "key", message, help));
        }
    }
}

fn check_levels(rungs: &[Reader<'_>], levels: &[f64], faults: &mut Faults) {
    let mut highest = 0.0;
    for (place, (rung, level)) in rungs.iter().zip(levels).enumerate() {
        if place == 0 && *level != 0.0 {
            let message = format!("{}.level must be 0, but is {level}", rung.path());
            let help = "the first rung is the status quo, and levels count from there";
            faults.add(rung.problem(Code::OutOfRange, "level", message, help));
        }
        if *level < highest {
            let message = format!("{}.level falls from {highest} to {level}", rung.path());
            let help = "rungs go upward from the status quo, so levels never fall";
            faults.add(rung.problem(Code::RangeDisordered, "level", message, help));
        }
        highest = level.max(highest);
    }
}

/// The rungs of a quantity that is divided: nothing yet, then each number of parts.
fn scaled(scale: &Reader<'_>, faults: &mut Faults) -> (Vec<RungWords>, Vec<f64>) {
    if scale.text_opt("words").is_some_and(|words| !words.contains("{}")) {
        let message = format!("{}.words are the same for every number of parts", scale.path());
        let help = "let {} stand where the number belongs: words = \"{} of 100\"";
        faults.add(scale.problem(Code::SameName, "words", message, help));
    }
    let parts = u8::try_from(scale.whole("parts").clamp(1, 254)).unwrap_or(1);
    let open = RungWords { key: "open".to_owned(), words: scale.text("open").to_owned() };
    let rung = |part: u8| RungWords {
        key: part.to_string(),
        words: scale.text("words").replace("{}", &part.to_string()),
    };
    let words = std::iter::once(open).chain((0..=parts).map(rung)).collect();
    let level = |part: u8| f64::from(part) / f64::from(parts);
    (words, std::iter::once(0.0).chain((0..=parts).map(level)).collect())
}

// What an issue does.

fn issue(entry: &Per<'_, Reader<'_>>, levels: Vec<f64>, faults: &mut Faults) -> Issue {
    let table = &entry.value;
    check_duty(entry, faults);
    let relief = |key: &str, faults: &mut Faults| {
        if table.has(key) { numbers::plain(table, key, faults) } else { 0.0 }
    };
    Issue {
        levels,
        obligor: table.name_opt("obligor").map(PartyIx::at),
        needs_credibility: table.flag("needs-credibility"),
        verified_by: table.name_opt("verified-by").map(IssueIx::at),
        relief: Relief {
            fighting: relief("relieves-fighting", faults),
            closure: relief("relieves-closure", faults),
            attacks: relief("relieves-attacks", faults),
        },
        cost_falls_with_cover: table.flag("cost-falls-with-cover"),
        cost_falls_with_guarantee: table.flag("cost-falls-with-guarantee"),
        truce_from: rung(table, "truce-from", entry.name, faults),
        opens_crossings: table.flag("opens-crossings"),
        restrains_strikes: table.flag("restrains-strikes"),
        curbs: table.name_opt("curbs").map(GroupIx::at),
    }
}

fn check_duty(entry: &Per<'_, Reader<'_>>, faults: &mut Faults) {
    let (table, path) = (&entry.value, entry.value.path());
    if table.name_opt("verified-by") == Some(entry.index) {
        let message = format!("{path} cannot be verified by itself");
        let help = "name the issue that says how compliance is watched";
        faults.add(table.problem(Code::Contradiction, "verified-by", message, help));
    }
    if table.has("verified-by") && !table.flag("needs-credibility") {
        let message = format!("{path} is verified, but its worth hangs on nobody's credibility");
        faults.advise(
            table,
            "verified-by",
            &message,
            "set `needs-credibility = true`, or leave it out",
        );
    }
    let duties = ["curbs", "cost-falls-with-cover", "cost-falls-with-guarantee"];
    let asks = |key: &&str| table.has(key) && table.flag_opt(key) != Some(false);
    let duty = table.flag("needs-credibility").then_some("needs-credibility");
    if let Some(duty) = duty.or_else(|| duties.into_iter().find(asks))
        && !table.has("obligor")
    {
        let message = format!("{path} has `{duty}`, but no `obligor`");
        faults.add(table.problem(Code::MissingKey, "obligor", message, "say who must act on it"));
    }
    if let Some("open") = table.text_opt("truce-from").filter(|_| table.has("scale")) {
        let message = format!("{path} puts a truce in force with nothing agreed");
        faults.add(table.problem(Code::Contradiction, "truce-from", message, "name a higher rung"));
    }
}

/// Nobody can be relieved of more than all of a hardship.
fn relief_adds_up(root: &Reader<'_>, issues: &[Issue], faults: &mut Faults) {
    let hardships: [(&str, fn(&Relief) -> f64); 3] = [
        ("fighting", |relief| relief.fighting),
        ("closure", |relief| relief.closure),
        ("attacks", |relief| relief.attacks),
    ];
    for (hardship, share) in hardships {
        let sum: f64 = issues.iter().map(|issue| share(&issue.relief)).sum();
        if sum > 1.0 + 1e-9 {
            let message = format!(
                "issues relieve {sum} of all {hardship} together, but there is no more than 1"
            );
            let (key, help) = (format!("relieves-{hardship}"), "lower it here or elsewhere");
            let last = root.entries("issues").into_iter().rfind(|entry| entry.value.has(&key));
            faults.extend(last.map(|at| at.value.problem(Code::WrongSum, &key, message, help)));
        }
    }
}
