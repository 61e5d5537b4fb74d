//! The patterns of the case at the reference point, and what reverses each of them.
//!
//! The bounds are those the flagship was made for: each pattern in at least half of 2,000 seeds,
//! all together in at least 15 in a hundred, an agreement in 5 to 25. The table in docs/MODEL.md is
//! made here.

use std::sync::Arc;

use demarche_engine::scenario::Scenario;
use demarche_engine::session::Session;
use demarche_engine::table::Status;
use demarche_record::format::Lineage;
use support::patterns::{PATTERNS, Shares, patterns};
use support::{check_current, read};

use crate::docs::pages;

const N: u64 = 2000;

fn scenario(key: &str, sets: &[(&str, &str)]) -> Arc<Scenario> {
    let entry = demarche_scenario::catalogue::find(key).expect("a built-in scenario");
    let sets: Vec<(String, String)> =
        sets.iter().map(|(path, value)| ((*path).to_owned(), (*value).to_owned())).collect();
    let known = demarche_scenario::known_sources();
    let base = &mut demarche_scenario::catalogue::base;
    let loaded = demarche_scenario::load(&entry.file(), entry.text, &sets, &[], base, &known);
    match loaded {
        Ok(loaded) => Arc::new(loaded.scenario),
        Err(problems) => panic!("{}", problems.render(100, false, true)),
    }
}

fn shares(scenario: &Arc<Scenario>, n: u64) -> Shares {
    let mut session = Session::new(scenario.clone(), 1);
    let mut shares = Shares::default();
    for seed in 1..=n {
        let lineage = Lineage { seed, branch: None, over_ranges: None };
        session.seat(0, lineage, Vec::new(), true);
        while session.status(0) != Status::Ended {
            session.advance().expect("nothing is planned");
        }
        shares.count(&patterns(session.chronicle(0), scenario.cast.turn_hours));
    }
    shares
}

#[test]
fn the_reference_point_shows_the_patterns_of_the_case() {
    let reference = shares(&scenario("doha-istanbul", &[]), N);
    for ((key, what), count) in PATTERNS.iter().zip(reference.patterns) {
        assert!(reference.share(count) >= 0.5, "{key} {what}: {}", reference.share(count));
    }
    assert!(reference.share(reference.all) >= 0.15, "all: {}", reference.share(reference.all));
    let agreed = reference.share(reference.agreed);
    assert!((0.05..=0.25).contains(&agreed), "agreements: {agreed}");

    let pakistan = shares(&scenario("account-of-pakistan", &[]), N);
    let afghanistan = shares(&scenario("account-of-afghanistan", &[]), N);
    let table = table(&[&reference, &pakistan, &afghanistan]);
    let _held = pages::MODEL_PAGE.lock();
    let page = pages::with_section(&read("docs/MODEL.md"), "patterns", &table);
    check_current("docs/MODEL.md", &page);
}

/// Whoever runs the program without a word more should see the case.
#[test]
fn the_run_that_is_told_first_shows_every_pattern() {
    let published = read("seeds/published.toml");
    let first = published.lines().find_map(|line| line.strip_prefix("seed = ")).unwrap();
    let scenario = scenario("doha-istanbul", &[]);
    let lineage = Lineage { seed: first.parse().unwrap(), branch: None, over_ranges: None };
    let record = demarche_engine::session::run(&scenario, lineage, Vec::new()).unwrap();
    let shown = patterns(&record.chronicle, scenario.cast.turn_hours);
    assert_eq!(shown.patterns, [true; 7]);
}

/// Shares in a hundred, a column each for the reference and for the two accounts alone.
fn table(columns: &[&Shares]) -> String {
    let row = |words: &str, of: &dyn Fn(&Shares) -> u32| {
        let cells =
            columns.iter().map(|shares| format!(" {:.1} |", 100.0 * shares.share(of(shares))));
        format!("| {words} |{}\n", cells.collect::<String>())
    };
    let mut text = format!(
        "Runs in a hundred that show each pattern, of {N} seeds at the reference point, and under \
         each account of who was insincere alone.\n\n| pattern | drawn evenly | account of \
         Pakistan | account of Afghanistan |\n| --- | ---: | ---: | ---: |\n"
    );
    for (place, (key, what)) in PATTERNS.iter().enumerate() {
        text.push_str(&row(&format!("{key} {what}"), &|shares| shares.patterns[place]));
    }
    text.push_str(&row("all seven", &|shares| shares.all));
    text.push_str(&row("an agreement in Istanbul", &|shares| shares.agreed));
    text.push_str(&reversals());
    text
}

/// For each pattern a lever that reverses it, moved within its range and alike for both sides where
/// both have it: paths, value, and what it says.
const REVERSALS: [(usize, &[&str], &str, &str); 7] = [
    (
        0,
        &["parties.pakistan.outside-option", "parties.afghanistan.outside-option"],
        "0.2",
        "no deal is bearable to both",
    ),
    (
        1,
        &["parties.pakistan.bargaining.patience", "parties.afghanistan.bargaining.patience"],
        "1.6",
        "both are patient",
    ),
    (
        2,
        &["mediators.qatar.style.formulate", "mediators.turkiye.style.formulate"],
        "0.0",
        "nobody drafts a text",
    ),
    (
        3,
        &["mediators.qatar.style.formulate", "mediators.turkiye.style.formulate"],
        "0.0",
        "nobody drafts a text",
    ),
    (4, &["world.truce-breaks-at"], "0.3", "the truce bears little fighting"),
    (
        5,
        &[
            "parties.pakistan.conduct.opening-per-day",
            "parties.afghanistan.conduct.opening-per-day",
        ],
        "0.16",
        "crossings are opened as quickly as they ever were",
    ),
    (
        6,
        &["parties.pakistan.conduct.blame-appeal", "parties.afghanistan.conduct.blame-appeal"],
        "-0.1",
        "blaming does not pay at home",
    ),
];

fn reversals() -> String {
    let mut text = String::from(
        "\nEach is reversed, to less than half of the runs, by a lever moved within its range, \
         alike for both sides:\n\n| pattern | lever | moved to | which says |\n| --- | --- | --- | \
         --- |\n",
    );
    for (pattern, paths, value, says) in REVERSALS {
        let paths: Vec<String> = paths.iter().map(|path| format!("`{path}`")).collect();
        let (key, paths) = (PATTERNS[pattern].0, paths.join(", "));
        text.push_str(&format!("| {key} | {paths} | {value} | {says} |\n"));
    }
    text
}

#[test]
fn each_pattern_can_be_reversed_within_a_range() {
    for (pattern, paths, value, says) in REVERSALS {
        let sets: Vec<(&str, &str)> = paths.iter().map(|path| (*path, value)).collect();
        // `--set` refuses a value outside the range, so loading proves that it lies within.
        let moved = shares(&scenario("doha-istanbul", &sets), 400);
        let share = moved.share(moved.patterns[pattern]);
        assert!(share < 0.5, "{} when {says}: {share}", PATTERNS[pattern].0);
    }
}
