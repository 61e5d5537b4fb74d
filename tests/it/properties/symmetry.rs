//! Symmetry: nobody is favoured by a name or by a place in a file.

use std::collections::BTreeMap;
use std::sync::Arc;

use demarche_domain::index::PartyIx;
use demarche_domain::package::Package;
use demarche_engine::scenario::{Preferences, Scenario};
use demarche_record::chronicle::Chronicle;
use demarche_record::event::Event;
use support::runs::{
    FLAGSHIP, changed, chronicles, lineage, pick, play, read_scenario, scenario, text_of,
};

const SYMMETRIC: &str = "textbook/symmetric-dispute";

/// The text that was agreed, if one was.
fn agreed(chronicle: &Chronicle) -> Option<Package> {
    pick(chronicle, |event| match event {
        Event::AgreementReached { text, .. } => Some(*text),
        _ => None,
    })
    .last()
}

/// A text as issues and rungs by their keys.
fn by_keys(scenario: &Scenario, text: &Package) -> BTreeMap<String, String> {
    let issues = scenario.space.issues().map(|k| {
        let words = &scenario.cast.issues[k.ix()];
        (words.named.key.clone(), words.rungs[usize::from(text.rung(k))].key.clone())
    });
    issues.collect()
}

/// What east, then west, gains by a text on paper: its stake in the other's concession less that in
/// its own.
fn gains(scenario: &Scenario, text: &Package) -> [f64; 2] {
    let level = |issue: &str| {
        let k = scenario.space.issues().find(|k| scenario.cast.issues[k.ix()].named.key == issue);
        let k = k.unwrap();
        scenario.issues[k.ix()].levels[usize::from(text.rung(k))]
    };
    let (east, west) = (level("east-withdraws"), level("west-withdraws"));
    let Preferences::Stakes(stakes) = &scenario.parties[0].preferences else {
        panic!("the parties value by stakes");
    };
    let all = stakes.iter().map(|stake| stake.reference);
    let (cost, worth) = (all.clone().fold(0.0, f64::min), all.fold(0.0, f64::max));
    [worth * west + cost * east, worth * east + cost * west]
}

/// Asserts that the mean of differences is 0 but for chance: within 4 standard errors.
#[track_caller]
fn check_even(differences: &[f64]) {
    let n = f64::from(u32::try_from(differences.len()).unwrap());
    let mean = differences.iter().sum::<f64>() / n;
    let variance = differences.iter().map(|d| (d - mean) * (d - mean)).sum::<f64>() / (n - 1.0);
    let error = (variance / n).sqrt();
    assert!(mean.abs() <= 4.0 * error, "one side does better: {mean} ± {error}");
}

/// Who took the offer that was agreed: 1 for the first in the roster, −1 for the other, 0 for none.
fn took_it(chronicle: &Chronicle) -> f64 {
    let takers = pick(chronicle, |event| match event {
        Event::TextAccepted { party } => Some(*party),
        _ => None,
    });
    let is_agreed = agreed(chronicle).is_some();
    takers.last().filter(|_| is_agreed).map_or(0.0, |party| 1.0 - 2.0 * f64::from(party.0))
}

#[test]
fn mirror_images_do_equally_well() {
    let scenario = scenario(SYMMETRIC);
    let takers = chronicles(&scenario, 0..1500).map(|(_, chronicle)| took_it(&chronicle));
    check_even(&takers.collect::<Vec<_>>());
    // As it is, the two always end at the full exchange. With more to win by holding out, and
    // more that holds out, the texts differ, too.
    let wide = "{ distribution = \"uniform\", low = 0.1, high = 6 }";
    let scenario = changed(
        SYMMETRIC,
        &[
            ("parties.east.bargaining.concession-exponent", wide),
            ("parties.west.bargaining.concession-exponent", wide),
            ("parties.east.stakes", "{ east-withdraws = -0.2, west-withdraws = 0.8 }"),
            ("parties.west.stakes", "{ east-withdraws = 0.8, west-withdraws = -0.2 }"),
        ],
    );
    let all: Vec<Chronicle> = chronicles(&scenario, 0..1500).map(|(_, run)| run).collect();
    let difference = |chronicle: &Chronicle| {
        let [east, west] = agreed(chronicle).map_or([0.0; 2], |text| gains(&scenario, &text));
        east - west
    };
    let differences: Vec<f64> = all.iter().map(difference).collect();
    assert!(differences.iter().any(|difference| *difference != 0.0), "nobody ever gains more");
    check_even(&differences);
    check_even(&all.iter().map(took_it).collect::<Vec<_>>());
}

/// A text with two words in each other's place, wherever they stand.
fn swapped(text: &str, one: &str, other: &str) -> String {
    let aside = "\u{1}";
    text.replace(one, aside).replace(other, one).replace(aside, other)
}

#[test]
fn with_the_parties_relabelled_the_outcome_is_relabelled() {
    let mut n_agreed = 0;
    for (east, west) in [("0.5", "1.5"), ("1.5", "0.5"), ("0.3", "0.7"), ("2", "0.4"), ("1", "0.9")]
    {
        let of = |text: &str, first: &str, second: &str| {
            let first = format!("parties.{first}.bargaining.concession-exponent");
            let second = format!("parties.{second}.bargaining.concession-exponent");
            let sets = [
                (&first[..], east),
                (&second[..], west),
                ("protocol.first-mover", "\"as-listed\""),
                ("protocol.ties", "\"first-package\""),
            ];
            let scenario = Arc::new(read_scenario("symmetric", text, &sets).scenario);
            let chronicle = play(&scenario, lineage(1)).chronicle;
            let end = chronicle.entries.last().unwrap().turn;
            (agreed(&chronicle).map(|text| by_keys(&scenario, &text)), end)
        };
        let text = text_of(SYMMETRIC);
        let (as_it_is, end) = of(text, "east", "west");
        let mirrored = swapped(&swapped(text, "east", "west"), "East", "West");
        let (relabelled, end_too) = of(&mirrored, "west", "east");
        let back = relabelled.map(|text| {
            let keys =
                text.into_iter().map(|(issue, rung)| (swapped(&issue, "east", "west"), rung));
            keys.collect::<BTreeMap<_, _>>()
        });
        assert_eq!((&back, end_too), (&as_it_is, end), "exponents {east} and {west}");
        n_agreed += usize::from(as_it_is.is_some());
    }
    assert!(n_agreed > 0, "nothing was agreed, so nothing was tested");
}

/// How often each class of outcome comes.
fn counts(scenario: &Arc<Scenario>, n: u64) -> BTreeMap<String, u32> {
    let mut counts = BTreeMap::new();
    for (_, chronicle) in chronicles(scenario, 0..n) {
        let ended = pick(&chronicle, |event| match event {
            Event::RunEnded { outcome, .. } => Some(*outcome),
            _ => None,
        });
        let key = &scenario.cast.outcomes[ended.last().unwrap().ix()].key;
        *counts.entry(key.clone()).or_default() += 1;
    }
    counts
}

#[test]
fn a_name_that_comes_later_in_the_alphabet_changes_no_odds() {
    // Parties are kept in the order of their keys, so another key is another place.
    let n = 300;
    let renamed = text_of(FLAGSHIP).replace("pakistan", "a-side").replace("afghanistan", "b-side");
    let renamed = Arc::new(read_scenario("renamed", &renamed, &[]).scenario);
    assert_ne!(renamed.cast.party(PartyIx(0)), scenario(FLAGSHIP).cast.party(PartyIx(0)));
    let (one, other) = (counts(&scenario(FLAGSHIP), n), counts(&renamed, n));
    for outcome in one.keys().chain(other.keys()) {
        let n = f64::from(u32::try_from(n).unwrap());
        let share =
            |of: &BTreeMap<String, u32>| f64::from(of.get(outcome).copied().unwrap_or(0)) / n;
        let (p, q) = (share(&one), share(&other));
        let pooled = f64::midpoint(p, q);
        let error = (2.0 * pooled * (1.0 - pooled) / n).sqrt();
        assert!((p - q).abs() <= 4.0 * error, "{outcome}: {p}, and {q} by other names");
    }
}
