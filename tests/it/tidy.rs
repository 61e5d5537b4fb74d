//! Tidiness: what the repository promises of itself, told with all faults at once.
//!
//! The layers and who may know what, one file to an idea, every rule with a source and a test, and
//! the absences: words and calls that must not be there.

use std::collections::{BTreeMap, BTreeSet};

use support::breakages::{Breakage, MECHANISMS, breakages};
use support::{check_none, files, files_ending, read, root};

/// Which of our crates each of our crates may depend on, from the bottom up.
const LAYERS: &[(&str, &[&str])] = &[
    ("demarche-domain", &[]),
    ("demarche-random", &[]),
    ("demarche-columns", &[]),
    ("demarche-record", &["demarche-domain"]),
    ("demarche-solutions", &["demarche-domain"]),
    ("demarche-statistics", &["demarche-random"]),
    (
        "demarche-engine",
        &["demarche-domain", "demarche-random", "demarche-record", "demarche-solutions"],
    ),
    (
        "demarche-scenario",
        &["demarche-domain", "demarche-random", "demarche-record", "demarche-engine"],
    ),
    ("demarche-seat", &["demarche-domain", "demarche-record", "demarche-engine"]),
    (
        "demarche-explain",
        &[
            "demarche-domain",
            "demarche-random",
            "demarche-record",
            "demarche-engine",
            "demarche-scenario",
            "demarche-solutions",
        ],
    ),
    (
        "demarche-class",
        &[
            "demarche-domain",
            "demarche-record",
            "demarche-engine",
            "demarche-scenario",
            "demarche-explain",
            "demarche-seat",
        ],
    ),
    (
        "demarche-batch",
        &[
            "demarche-domain",
            "demarche-random",
            "demarche-columns",
            "demarche-statistics",
            "demarche-record",
            "demarche-engine",
            "demarche-scenario",
        ],
    ),
    (
        "demarche-report",
        &[
            "demarche-domain",
            "demarche-random",
            "demarche-statistics",
            "demarche-columns",
            "demarche-record",
            "demarche-engine",
            "demarche-scenario",
            "demarche-explain",
            "demarche-batch",
        ],
    ),
    (
        "demarche",
        &[
            "demarche-domain",
            "demarche-random",
            "demarche-record",
            "demarche-solutions",
            "demarche-statistics",
            "demarche-engine",
            "demarche-scenario",
            "demarche-explain",
            "demarche-columns",
            "demarche-batch",
            "demarche-report",
            "demarche-seat",
            "demarche-class",
        ],
    ),
    ("demarche-plain-derive", &[]),
    ("demarche-plain-columns", &["demarche-plain-derive"]),
    (
        "demarche-plain-engine",
        &[
            "demarche-domain",
            "demarche-random",
            "demarche-record",
            "demarche-solutions",
            "demarche-engine",
            "demarche-plain-columns",
        ],
    ),
    (
        "demarche-tests",
        &[
            "demarche-plain-engine",
            "demarche-domain",
            "demarche-random",
            "demarche-record",
            "demarche-solutions",
            "demarche-statistics",
            "demarche-engine",
            "demarche-scenario",
            "demarche-explain",
            "demarche-columns",
            "demarche-batch",
            "demarche-report",
            "demarche-seat",
            "demarche-class",
        ],
    ),
];

/// Which of our crates may know a crate of others. Those not named here may be used by all.
const WHO_KNOWS: &[(&str, &[&str])] = &[
    ("bevy_ecs", &["demarche-engine"]),
    (
        "tracing",
        &[
            "demarche-engine",
            "demarche-plain-engine",
            "demarche-scenario",
            "demarche",
            "demarche-class",
        ],
    ),
    ("rand", &["demarche-random"]),
    ("rand_pcg", &["demarche-random"]),
    ("libm", &["demarche-random"]),
    ("sobol", &["demarche-statistics"]),
    ("sha2", &["demarche-record", "demarche-report", "demarche-class"]),
    ("textwrap", &["demarche-record", "demarche"]),
    ("jiff", &["demarche-record", "demarche-scenario"]),
    (
        "serde_json",
        &[
            "demarche-record",
            "demarche-scenario",
            "demarche-explain",
            "demarche-columns",
            "demarche-batch",
            "demarche-report",
            "demarche-class",
            "demarche",
            // In their tests only, for results of others.
            "demarche-statistics",
            "demarche-tests",
        ],
    ),
    ("parquet", &["demarche-columns"]),
    ("bytes", &["demarche-columns"]),
    ("csv", &["demarche-columns", "demarche-report", "demarche-class", "demarche-tests"]),
    ("kuva", &["demarche-report"]),
    ("maud", &["demarche-report", "demarche-class"]),
    ("base64", &["demarche-report"]),
    ("axum", &["demarche-class"]),
    ("hyper", &["demarche-class"]),
    ("hyper-util", &["demarche-class", "demarche-tests"]),
    ("tokio", &["demarche-class", "demarche-tests"]),
    ("rusqlite", &["demarche-class"]),
    ("getrandom", &["demarche-class"]),
    ("qrcode", &["demarche-class"]),
    ("serde", &["demarche-record", "demarche-scenario", "demarche-report", "demarche-class"]),
    ("toml", &["demarche-scenario"]),
    ("miette", &["demarche-scenario"]),
    ("strsim", &["demarche-record"]),
    ("clap", &["demarche"]),
    ("clap_complete", &["demarche"]),
    ("clap_mangen", &["demarche"]),
    ("ctrlc", &["demarche"]),
    ("anyhow", &["demarche"]),
    ("tracing-subscriber", &["demarche"]),
    ("cargo_metadata", &["demarche-tests"]),
    ("fantoccini", &["demarche-tests"]),
];

/// What must not be called, where, and why. Tests at the foot of a file are free to.
const ABSENT: &[(&str, &[&str], &str)] = &[
    ("std::env", &["crates/demarche/"], "only the program knows its surroundings"),
    (
        "std::fs",
        &["crates/demarche-batch/", "crates/demarche/"],
        "only the program reads and writes files, and a batch those of its folder",
    ),
    (
        "std::thread",
        &[
            "crates/demarche-explain/",
            "crates/demarche-batch/",
            "crates/demarche-class/src/study.rs",
            "crates/demarche/",
        ],
        "a run has one thread",
    ),
    ("Commands", &["crates/demarche/"], "no structure changes inside a turn"),
    ("Single<", &[], "it silently skips a system"),
    (".unwrap()", &[], "`expect` names the invariant"),
    ("f32", &[], "one width of numbers"),
];

#[test]
fn crates_depend_downward_only() {
    let (ours, mut faults) = (dependencies(), Vec::new());
    for (name, on) in &ours {
        let Some((_, may)) = LAYERS.iter().find(|(layer, _)| layer == name) else {
            faults.push(format!("{name} has no place in the layers"));
            continue;
        };
        let wrong = on.iter().filter(|on| ours.contains_key(*on) && !may.contains(&on.as_str()));
        faults.extend(wrong.map(|on| format!("{name} must not depend on {on}")));
    }
    check_none(&faults);
}

#[test]
fn only_those_who_may_know_a_library() {
    let mut faults = Vec::new();
    for (name, on) in dependencies() {
        for (library, may) in WHO_KNOWS.iter().filter(|(library, _)| on.contains(*library)) {
            if !may.contains(&name.as_str()) {
                faults.push(format!("{name} must not know {library}; {} may", may.join(", ")));
            }
        }
    }
    check_none(&faults);
}

/// The crates of this workspace, and what each depends on, also for its tests.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let mut command = cargo_metadata::MetadataCommand::new();
    command.manifest_path(root().join("Cargo.toml")).no_deps();
    command.other_options(["--offline".to_owned()]);
    let metadata = command.exec().expect("cargo knows the workspace");
    let packages = metadata.packages.into_iter();
    let on = |dependencies: Vec<cargo_metadata::Dependency>| {
        dependencies.into_iter().map(|dependency| dependency.name.clone()).collect()
    };
    packages.map(|package| (package.name.to_string(), on(package.dependencies))).collect()
}

#[test]
fn what_must_be_absent_is() {
    let mut faults = Vec::new();
    for path in files_ending("crates", ".rs") {
        if !path.contains("/src/") || is_test(&path) {
            continue;
        }
        let text = read(&path);
        for (at, line) in code(&text) {
            for (word, may, why) in ABSENT {
                let is_allowed = may.iter().any(|prefix| path.starts_with(prefix));
                if !is_allowed && has_word(line, word) {
                    faults.push(format!("{path}:{at}: `{word}`: {why}"));
                }
            }
        }
    }
    check_none(&faults);
}

#[test]
fn the_engine_knows_no_country() {
    let names = ["Pakistan", "Afghan", "Taliban", "Kabul", "Islamabad", "Kandahar", "Doha"];
    let names =
        [names.as_slice(), &["Istanbul", "Qatar", "Turk", "Türk", "TTP", "Torkham"]].concat();
    let mut faults = Vec::new();
    for path in files_ending("crates", ".rs") {
        let deep = [
            "crates/demarche-engine/",
            "crates/demarche-domain/",
            "crates/demarche-random/",
            "crates/demarche-solutions/",
            "crates/demarche-statistics/",
        ];
        if !deep.iter().any(|prefix| path.starts_with(prefix)) {
            continue;
        }
        for (at, line) in (1..).zip(read(&path).lines()) {
            let found = names.iter().filter(|name| line.contains(*name));
            faults.extend(found.map(|name| format!("{path}:{at}: {name}")));
        }
    }
    check_none(&faults);
}

/// Whether a file holds nothing but tests, or what only tests use.
fn is_test(path: &str) -> bool {
    let names = ["/tests.rs", "/testing.rs", "/properties.rs", "/sample.rs"];
    path.contains("/tests/") || names.iter().any(|name| path.ends_with(name))
}

/// The lines before the tests of a file that are no comments, with their numbers.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = (1..).zip(text.lines());
    let before_tests = lines.take_while(|(_, line)| !line.starts_with("#[cfg(test)]"));
    before_tests.filter(|(_, line)| !line.trim_start().starts_with("//"))
}

/// Whether a line has this word, and not as a part of a longer one.
fn has_word(line: &str, word: &str) -> bool {
    let is_inner = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back().is_some_and(is_inner);
        let after = line[at + word.len()..].chars().next().is_some_and(is_inner);
        let (first, last) = (word.chars().next(), word.chars().next_back());
        let continues = before && first.is_some_and(is_inner);
        let is_continued = after && last.is_some_and(is_inner);
        !continues && !is_continued
    })
}

/// A rule of a mechanism: its number, and all it says.
struct Rule {
    number: String,
    text: String,
}

/// The mechanisms: path and text.
fn mechanisms() -> Vec<(String, String)> {
    let paths =
        files_ending(MECHANISMS, ".rs").into_iter().filter(|path| !path.ends_with("/mod.rs"));
    paths.map(|path| (path.clone(), read(&path))).collect()
}

/// The rules of a mechanism, from its heading `Rules`.
fn rules(text: &str) -> Vec<Rule> {
    let doc = text.lines().map_while(|line| line.strip_prefix("//!")).map(str::trim);
    let under = doc.skip_while(|line| *line != "# Rules").skip(1);
    let mut rules: Vec<Rule> = Vec::new();
    for line in under.take_while(|line| !line.starts_with("# ")) {
        let opening = line.strip_prefix("- **R").and_then(|rest| rest.split_once("**"));
        match (opening, rules.last_mut()) {
            (Some((number, text)), _) => {
                rules.push(Rule { number: number.to_owned(), text: text.trim().to_owned() });
            }
            (None, Some(rule)) => rule.text = format!("{} {line}", rule.text).trim().to_owned(),
            (None, None) => {}
        }
    }
    rules
}

#[test]
fn every_rule_has_a_test_and_every_such_test_a_rule() {
    let mut faults = Vec::new();
    for (path, text) in mechanisms() {
        let rules: BTreeSet<String> = rules(&text).into_iter().map(|rule| rule.number).collect();
        let tested: BTreeSet<String> = text.lines().filter_map(tested_rule).collect();
        faults.extend(rules.difference(&tested).map(|n| format!("{path}: no test r{n}_…")));
        faults.extend(tested.difference(&rules).map(|n| format!("{path}: no rule R{n}")));
    }
    check_none(&faults);
}

/// The number of the rule that a test is named for.
fn tested_rule(line: &str) -> Option<String> {
    let (number, _) = line.trim_start().strip_prefix("fn r")?.split_once('_')?;
    number.chars().all(|c| c.is_ascii_digit()).then(|| number.to_owned())
}

/// How many breakages no test of their rule sees yet: a number that may only fall.
const N_UNSEEN: usize = 59;

#[test]
fn every_rule_has_a_breakage_and_every_breakage_a_rule() {
    let all = breakages();
    let (mut faults, mut left) = (Vec::new(), all.clone());
    for (path, text) in mechanisms() {
        for Rule { number, .. } in rules(&text) {
            let is_of_rule = |breakage: &Breakage| {
                path.ends_with(&format!("/{}.rs", breakage.mechanism))
                    && breakage.rule.to_string() == number
            };
            let n_before = left.len();
            left.retain(|breakage| {
                let broken = breakage.applied(&read(&breakage.file));
                faults.extend(broken.err().filter(|_| is_of_rule(breakage)));
                !is_of_rule(breakage)
            });
            if left.len() == n_before {
                faults.push(format!("{path}: nothing breaks R{number}"));
            }
            let is_seen = |breakage: &Breakage| is_of_rule(breakage) && !breakage.is_unseen;
            if !all.iter().any(is_seen) {
                faults.push(format!("{path}: no test sees R{number} broken"));
            }
        }
    }
    faults.extend(left.iter().map(|breakage| format!("{}: no such rule", breakage.name())));
    let n_unseen = all.iter().filter(|breakage| breakage.is_unseen).count();
    if n_unseen != N_UNSEEN {
        faults.push(format!("{n_unseen} breakages are marked `unseen`, not {N_UNSEEN}"));
    }
    check_none(&faults);
}

#[test]
fn every_mechanism_has_its_headings_and_numbers_its_rules() {
    let mut faults = Vec::new();
    for (path, text) in mechanisms() {
        let known = ["# Rules", "# Departures", "# Reads from", "# Open questions"];
        let headings: Vec<&str> = text
            .lines()
            .filter_map(|line| line.strip_prefix("//! "))
            .filter(|l| l.starts_with("# "))
            .collect();
        let missing = known[..2].iter().filter(|heading| !headings.contains(heading));
        faults.extend(missing.map(|heading| format!("{path}: no heading `{heading}`")));
        let unknown = headings.iter().filter(|heading| !known.contains(heading));
        faults.extend(unknown.map(|heading| format!("{path}: unknown heading `{heading}`")));
        for (place, rule) in (1..).zip(rules(&text)) {
            if rule.number != format!("{place}") {
                faults.push(format!("{path}: R{} stands at place {place}", rule.number));
            }
        }
    }
    check_none(&faults);
}

#[test]
fn every_rule_names_its_source() {
    let known = demarche_scenario::known_sources();
    let mut faults = Vec::new();
    for (path, text) in mechanisms() {
        for Rule { number, text } in rules(&text) {
            let source = text.strip_suffix(']').and_then(|text| text.rsplit_once('['));
            let Some((_, source)) = source else {
                faults.push(format!("{path}: R{number} does not end with a source in brackets"));
                continue;
            };
            let is_sourced = keys(source).iter().any(|key| known.contains(key));
            let is_ours = source.strip_prefix("ours:").is_some_and(|why| !why.trim().is_empty());
            if !is_sourced && !is_ours {
                faults.push(format!("{path}: R{number}: [{source}] names no source and no reason"));
            }
        }
    }
    check_none(&faults);
}

#[test]
fn every_key_of_a_source_is_known() {
    let known = demarche_scenario::known_sources();
    let crates = ["-engine/", "-solutions/", "-statistics/"];
    let sourced = |path: &String| crates.iter().any(|name| path.contains(name));
    let code = files_ending("crates", ".rs").into_iter().filter(sourced);
    let docs = files_ending("docs", ".md").into_iter().chain(["README.md".to_owned()]);
    let mut faults = Vec::new();
    for path in code.chain(docs) {
        for (at, line) in (1..).zip(read(&path).lines()) {
            let is_prose = path.ends_with(".md") || line.trim_start().starts_with("//");
            let unknown = keys(line).into_iter().filter(|key| is_prose && !known.contains(key));
            faults
                .extend(unknown.map(|key| format!("{path}:{at}: {key} is in no list of sources")));
        }
    }
    check_none(&faults);
}

/// The keys of sources in a text: `fearon1995` for works, `ist2-10` for facts.
fn keys(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    let words = words.filter(|word| is_work(word) || is_fact(word));
    words.map(str::to_owned).collect()
}

/// A name and a year of four digits.
fn is_work(word: &str) -> bool {
    let Some((name, year)) = word.len().checked_sub(4).and_then(|at| word.split_at_checked(at))
    else {
        return false;
    };
    name.len() >= 3
        && name.chars().all(|c| c.is_ascii_lowercase())
        && year.chars().all(|c| c.is_ascii_digit())
}

/// The kind of a fact and its number of two digits.
fn is_fact(word: &str) -> bool {
    let kinds = ["seed", "war", "doha", "ist2", "isk", "eco", "vio", "trc", "dip", "tp", "base"];
    word.split_once('-').is_some_and(|(kind, number)| {
        kinds.contains(&kind) && number.len() == 2 && number.chars().all(|c| c.is_ascii_digit())
    })
}

#[test]
fn files_are_of_a_size_to_be_read() {
    let mut faults = Vec::new();
    for path in sources() {
        let text = read(&path);
        let count = text.lines().count();
        if count > 600 {
            faults.push(format!("{path}: {count} lines, at most 600"));
        }
        if !text.starts_with("//!") {
            faults.push(format!("{path}: does not open with `//!`, what it is"));
        }
        let first_of_tests =
            text.lines().take_while(|line| !line.starts_with("#[cfg(test)]")).count();
        for (at, line) in text.lines().enumerate() {
            // What a test expects to read cannot be broken without changing how it reads.
            let is_free = at > first_of_tests || is_test(&path);
            let columns = line.chars().count();
            if columns > 100 && !is_free {
                faults.push(format!("{path}:{}: {columns} columns", at + 1));
            }
        }
    }
    let overview = read("docs/ARCHITECTURE.md").lines().count();
    if overview >= 200 {
        faults.push(format!("docs/ARCHITECTURE.md: {overview} lines, fewer than 200"));
    }
    check_none(&faults);
}

#[test]
fn no_file_is_named_for_nothing() {
    let empty = ["utils", "util", "common", "helpers", "manager", "data", "misc", "imp"];
    let stem = |path: &str| {
        path.rsplit('/').next().and_then(|name| name.strip_suffix(".rs")).map(str::to_owned)
    };
    let faults: Vec<String> = sources()
        .into_iter()
        .filter(|path| stem(path).is_some_and(|stem| empty.contains(&stem.as_str())))
        .collect();
    check_none(&faults);
}

fn sources() -> Vec<String> {
    [files_ending("crates", ".rs"), files_ending("tests", ".rs")].concat()
}

#[test]
fn nothing_of_the_workplace_is_left() {
    // In two parts, so that this file passes its own test.
    let words = [
        ["/wo", "rk/"],
        ["/ro", "ot/"],
        ["/tm", "p/"],
        ["/ho", "me/"],
        ["/Us", "ers/"],
        ["C:", "\\"],
        ["FIX", "ME"],
        ["TO", "DO"],
        ["XX", "X"],
        ["issue ", "#"],
        ["pull ", "request"],
        ["<<<", "<<<<"],
        ["lorem ", "ipsum"],
    ];
    let words: Vec<String> = words.iter().map(|parts| parts.concat()).collect();
    let mut faults = Vec::new();
    for path in files("") {
        let Ok(text) = std::fs::read_to_string(root().join(&path)) else { continue };
        for (at, line) in (1..).zip(text.lines()) {
            let found = words.iter().filter(|word| line.contains(word.as_str()));
            faults.extend(found.map(|word| format!("{path}:{at}: `{word}`")));
            if line.ends_with(' ') || line.ends_with('\t') {
                faults.push(format!("{path}:{at}: blanks at the end"));
            }
        }
    }
    check_none(&faults);
}

#[test]
fn every_dependency_comes_from_the_public_registry() {
    let public = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";
    let lock = read("Cargo.lock");
    let elsewhere = lock.lines().filter(|line| line.starts_with("source = ") && *line != public);
    check_none(&elsewhere.map(str::to_owned).collect::<Vec<_>>());
}

#[test]
fn the_top_level_holds_only_what_belongs_there() {
    let known = ["Cargo.toml", "Cargo.lock", "README.md", "LICENSE-MIT", "LICENSE-APACHE"];
    let folders = ["crates", "scenarios", "seeds", "tests", "docs", "target"];
    let entries = std::fs::read_dir(root()).expect("the root can be listed").flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let strange = names.filter(|name| {
        !name.starts_with('.')
            && !known.contains(&name.as_str())
            && !folders.contains(&name.as_str())
    });
    check_none(&strange.map(|name| format!("{name} at the top level")).collect::<Vec<_>>());
}
