//! Scenario files as a whole: those that come with the program, one that uses every key, and one
//! for each kind of fault, whose message is kept as a snapshot.
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use demarche_domain::index::{IssueIx, PartyIx};
use demarche_domain::package::Package;
use demarche_domain::region::Region;
use demarche_engine::scenario::{Effect, Preferences};
use demarche_scenario::catalogue::{self, base, catalogue};
use demarche_scenario::{
    Code, Document, Loaded, Need, Problems, Severity, TableSpec, citations, format, known_sources,
    load, sources_of,
};
use proptest::prelude::*;

const EVERYTHING: &str = include_str!("everything.toml");

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

/// Finds `everything.toml`, and the files of `tests/bad` for each other.
fn beside(written: &str, _: &str) -> Result<(String, String), String> {
    let paths = [folder(written), folder("bad").join(written)];
    let text = paths.iter().find_map(|path| std::fs::read_to_string(path).ok());
    text.map(|text| (written.to_owned(), text)).ok_or("there is no such file".to_owned())
}

fn read(name: &str, text: &str) -> Result<Loaded, Problems> {
    load(name, text, &[], &[], &mut beside, &known_sources())
}

fn everything_with(path: &str, value: &str) -> Result<Loaded, Problems> {
    let sets = [(path.to_owned(), value.to_owned())];
    load("everything.toml", EVERYTHING, &sets, &[], &mut beside, &known_sources())
}

/// What was loaded, or a panic that shows the problems.
#[track_caller]
fn right(loaded: Result<Loaded, Problems>) -> Loaded {
    loaded.unwrap_or_else(|problems| panic!("{}", problems.render(100, false, true)))
}

#[track_caller]
fn check_round_trip(loaded: &Loaded) {
    let text = &loaded.scenario.text;
    let again = right(read("again.toml", text));
    assert_eq!(again.scenario, loaded.scenario);
    let sourced = |document| sources_of(document).into_iter().map(|s| (s.path, s.source));
    let (old, new): (BTreeSet<_>, BTreeSet<_>) =
        (sourced(&loaded.document).collect(), sourced(&again.document).collect());
    assert_eq!(old, new);
}

#[test]
fn every_scenario_of_the_catalogue_is_right() {
    for entry in catalogue() {
        let loaded = load(&entry.file(), entry.text, &[], &[], &mut base, &known_sources());
        let loaded = right(loaded);
        assert!(loaded.warnings.list.is_empty(), "{}", loaded.warnings.render(100, false, true));
        check_round_trip(&loaded);
        let addresses: BTreeSet<u32> = loaded.numbers.iter().map(|number| number.address).collect();
        assert_eq!(addresses.len(), loaded.numbers.len(), "two numbers share their draws");
    }
}

#[test]
fn a_file_with_every_key_is_right() {
    let loaded = right(read("everything.toml", EVERYTHING));
    assert!(loaded.warnings.list.is_empty(), "{}", loaded.warnings.render(100, false, true));
    check_round_trip(&loaded);
    insta::assert_snapshot!("everything", loaded.scenario.text);
}

#[test]
fn every_key_is_used_and_every_absence_explained() {
    let mut work = vec![&format::SCENARIO];
    let mut seen: Vec<&TableSpec> = Vec::new();
    while let Some(table) = work.pop() {
        if let Some(namesake) = seen.iter().find(|other| other.name == table.name) {
            assert!(std::ptr::eq(*namesake, table), "two tables are called {}", table.name);
            continue;
        }
        seen.push(table);
        for field in table.fields {
            assert!(EVERYTHING.contains(field.key) || is_elsewhere(field.key), "{}", field.key);
            let explained = field.doc.contains("Absent");
            assert_eq!(explained, field.need == Need::Optional, "{}.{}", table.name, field.key);
            work.extend(field.kind.inner());
        }
    }
}

/// Parties that value by tables are in the textbook scenarios.
fn is_elsewhere(key: &str) -> bool {
    ["values", "linear", "weights", "reservation", "to"].contains(&key)
}

/// What is wrong with each bad file.
fn bad_files() -> Vec<(String, Problems)> {
    let files = std::fs::read_dir(folder("bad")).expect("the folder is there");
    let name = |file: std::io::Result<std::fs::DirEntry>| {
        file.expect("it can be listed").file_name().to_string_lossy().into_owned()
    };
    let mut names: Vec<String> = files.map(name).collect();
    names.sort();
    let problems = |file: String| {
        let text = std::fs::read_to_string(folder("bad").join(&file)).expect("it is a text");
        let problems = read(&file, &text).map(|_| ()).expect_err(&file);
        (file.trim_end_matches(".toml").to_owned(), problems)
    };
    names.into_iter().map(problems).collect()
}

#[test]
fn bad_files_say_what_is_wrong() {
    for (name, problems) in bad_files() {
        assert!(problems.list.iter().all(|problem| problem.place.is_some()), "{problems:?}");
        insta::assert_snapshot!(format!("bad__{name}"), problems.render(100, false, true));
    }
}

/// Settings of the flagship that miss.
const MISSED: [(&str, &str); 6] = [
    ("parties.pakistan.bargaining.patience", "3"),
    ("parties.pakistan.patience", "0.5"),
    ("pakistan.outside-option", "0"),
    ("mediators.qatar.formulat", "0"),
    ("rounds.istanbul.afghanistan.pledge.to", "written"),
    ("base", "\"other.toml\""),
];

fn flagship_with(path: &str, value: &str) -> Result<Loaded, Problems> {
    let flagship = catalogue::find("doha-istanbul").expect("it is built in");
    let sets = [(path.to_owned(), value.to_owned())];
    load(&flagship.file(), flagship.text, &sets, &[], &mut base, &known_sources())
}

fn missed() -> Vec<Problems> {
    let problems = |(path, value)| flagship_with(path, value).map(|_| ()).expect_err(path);
    MISSED.into_iter().map(problems).collect()
}

#[test]
fn every_code_has_a_message_that_is_kept() {
    let bad = bad_files().into_iter().map(|(_, problems)| problems);
    let kept = bad.chain(missed()).flat_map(|problems| problems.list);
    let kept: BTreeSet<Code> = kept.map(|problem| problem.code).collect();
    let lacking: Vec<_> = Code::all().iter().filter(|code| !kept.contains(code)).collect();
    assert!(lacking.is_empty(), "no file in tests/bad, and no setting, shows {lacking:?}");
}

#[test]
fn settings_that_miss_say_what_to_write() {
    let said: String = missed().iter().map(|problems| problems.render(100, false, true)).collect();
    insta::assert_snapshot!("settings_that_miss", said);
    // What the first of them is told to write is right.
    let all_the_same = "{ value = 3 }";
    let set = right(flagship_with("parties.pakistan.bargaining.patience", all_the_same));
    assert_eq!(set.warnings.list, []);
}

#[test]
fn a_number_given_by_hand_is_not_drawn() {
    let base = "base = \"everything.toml\"\nsource = \"assumed\"\n[parties.kabul.bargaining]\n";
    let drawn = |written: &str, sets: &[(&str, &str)]| {
        let sets: Vec<(String, String)> =
            sets.iter().map(|(path, value)| (path.to_string(), value.to_string())).collect();
        let text = format!("{base}{written}");
        let loaded = right(load("over.toml", &text, &sets, &[], &mut beside, &known_sources()));
        check_round_trip(&loaded);
        let patience = loaded.scenario.parties[1].bargaining.patience;
        [0.0, 0.99].map(|u| patience.resolve(true, u))
    };
    let path = "parties.kabul.bargaining.patience";
    let ranged = "patience = { value = 0.7, range = [0.4, 1.6] }";
    let chance = "patience = { distribution = \"uniform\", low = 0.4, high = 1.6 }";
    assert_eq!(drawn(ranged, &[])[0], 0.4);
    assert_eq!(drawn(ranged, &[(path, "0.8")]), [0.8; 2]);
    assert_eq!(drawn(chance, &[(path, "0.8")]), [0.8; 2]);
    assert_eq!(drawn("patience = 0.8", &[]), [0.8; 2]);
    // With a range of its own, or as the middle of the one it has, it is drawn.
    assert_eq!(drawn(ranged, &[(path, "{ value = 0.8, range = [0.6, 0.9] }")])[0], 0.6);
    assert_eq!(drawn(ranged, &[(&format!("{path}.value"), "0.8")])[0], 0.4);
    // Set twice, the range still guards against slips.
    let twice = [(path, "0.8"), (path, "3")].map(|(path, value)| (path.into(), value.into()));
    let text = format!("{base}{ranged}");
    let refused = load("over.toml", &text, &twice, &[], &mut beside, &known_sources());
    let refused = refused.map(|_| ()).unwrap_err();
    assert!(refused.list.iter().any(|problem| problem.code.to_string() == "S007"), "{refused:?}");
}

#[test]
fn faults_without_end_are_cut_short() {
    let keys: String = (0..1000).map(|n| format!("unknown-{n} = 1\n")).collect();
    let problems = read("many.toml", &format!("{keys}{EVERYTHING}")).map(|_| ()).unwrap_err();
    assert_eq!((problems.list.len(), problems.left_out), (20, 980));
    assert!(problems.summary().starts_with("1000 problems in many.toml, of which the first 20 "));
}

#[test]
fn several_faults_come_out_at_once_and_none_twice() {
    let text = std::fs::read_to_string(folder("bad").join("several-at-once.toml")).unwrap();
    let problems = read("several-at-once.toml", &text).map(|_| ()).unwrap_err();
    assert_eq!(problems.list.len(), 7, "{}", problems.render(100, false, true));
}

#[test]
fn advice_stops_nothing() {
    let check = |path: &str, value: &str, said: &str| {
        let loaded = right(everything_with(path, value));
        let list = &loaded.warnings.list;
        assert!(list.iter().any(|p| p.message.contains(said)), "{list:?}");
        assert!(list.iter().all(|problem| problem.severity == Severity::Warning));
    };
    check("rounds.istanbul.mandates.kabul.action.to", "dismantle", "red line");
    check("issues.verification.verified-by", "ceasefire", "nobody's credibility");
    check("parties.islamabad.audience-cost", "0.1", "no audience cost without");
    check("issues.action.obligor", "islamabad", "not its host");
    check("world.truce", "false", "but no truce");
    check("rounds.istanbul.opens", "2026-10-25T12:00:00", "after the horizon");
}

#[test]
fn hours_become_days_and_moments_the_nearest_turn() {
    let scenario = read("everything.toml", EVERYTHING).unwrap().scenario;
    assert_eq!(
        (scenario.turn_days, scenario.horizon_turns, scenario.follow_on_turns),
        (0.125, 240, 80)
    );
    assert_eq!(scenario.cast.starts, "2025-10-15T18:00");
    // 63 hours, and 234 hours and ten minutes.
    assert_eq!((scenario.rounds[0].opens_turn, scenario.rounds[1].opens_turn), (21, 78));
    assert_eq!(scenario.parties[1].instructing.reply_delay_days.reference, 0.5);
}

#[test]
fn names_become_indices_and_intervals_regions() {
    let scenario = right(read("everything.toml", EVERYTHING)).scenario;
    let (ceasefire, action) = (IssueIx(0), IssueIx(2));
    // Parties are counted in the order of their keys, and remember where the file lists them.
    let listed: Vec<u8> = scenario.parties.iter().map(|party| party.listed).collect();
    assert_eq!((scenario.cast.party(PartyIx(1)), listed), ("Kabul", vec![1, 0]));
    assert_eq!(scenario.issues[2].obligor, Some(PartyIx(1)));
    assert_eq!(scenario.issues[0].truce_from, Some(2));
    assert_eq!(scenario.issues[3].levels, [0.0, 0.0, 0.5, 1.0]);
    assert_eq!(scenario.cast.issues[3].rungs[2].words, "1 of 2 crossings");
    assert_eq!(scenario.space.size(), 72);
    let [islamabad, kabul] = scenario.rounds[1].mandates.as_slice() else { panic!("two parties") };
    assert_eq!((kabul.ceiling.rung(action), kabul.floor.rung(ceasefire)), (1, 1));
    assert_eq!(*islamabad, Region::all(&scenario.space));
    assert_eq!(scenario.parties[1].red_lines.ceiling.rung(action), 1);
    assert_eq!(scenario.parties[1].demands, [None, None, None, Some(3)]);
    assert_eq!(scenario.rounds[1].may_sign, [true, false]);
    assert_eq!(scenario.rounds[1].opening_text, Some(Package::new(&[0, 0, 1, 0])));
    assert_eq!(scenario.mediators[0].turns, (2, 202));
    assert_eq!(scenario.shocks[2].effects[1], Effect::Mediator { mediator: 0, enters: false });
    assert_eq!(scenario.outcomes[1].at_least, [(action, 1), (IssueIx(1), 1)]);
}

#[test]
fn absence_means_what_its_doc_says() {
    let entry = catalogue::find("two-issue-trade-off").unwrap();
    let loaded = load(&entry.file(), entry.text, &[], &[], &mut catalogue::base, &known_sources());
    let scenario = right(loaded).scenario;
    let hill = &scenario.parties[0];
    let Preferences::Tables { values, .. } = &hill.preferences else { panic!("by tables") };
    // Open, then none to all of four parts, times the weight of land.
    assert_eq!(values[0], [0.0, 0.0, 0.1875, 0.375, 0.5625, 0.75]);
    let held = [hill.sincerity, hill.capacity, hill.trust[1], hill.perceived_capacity[1]];
    assert_eq!(held.map(|number| number.reference), [1.0, 1.0, 0.99, 1.0]);
    let idle = [hill.bargaining.walk_out_per_day, hill.instructing.reply_delay_days];
    assert_eq!(idle.map(|number| number.reference), [0.0, 0.0]);
    assert_eq!(scenario.rounds[0].may_sign, [true, true]);
    let keys = scenario.cast.outcomes.iter().map(|outcome| outcome.key.as_str());
    assert_eq!(keys.collect::<Vec<_>>(), ["agreement", "no-agreement"]);
    assert_eq!(scenario.durability.shape.reference, 0.0);
    assert_eq!(hill.red_lines, Region::all(&scenario.space));
}

#[test]
fn settings_and_overlays_change_the_digest_and_tell_their_source() {
    let plain = read("everything.toml", EVERYTHING).unwrap();
    let set = everything_with("parties.islamabad.outside-option", "0.1").unwrap();
    assert_ne!(plain.scenario.digest, set.scenario.digest);
    let source = |loaded: &Loaded, path: &str| {
        let all = sources_of(&loaded.document).into_iter();
        all.filter(|used| used.path == path).map(|used| used.source).next()
    };
    let path = "parties.islamabad.outside-option";
    assert_eq!(source(&set, path).as_deref(), Some("set on the command line"));
    check_round_trip(&set);
    let over = ("o".to_owned(), "[world]\nsource = \"base-05\"\nfighting = 0.2".to_owned());
    let laid = load("e", EVERYTHING, &[], &[over], &mut beside, &known_sources()).unwrap();
    assert_eq!(source(&laid, "world.fighting").as_deref(), Some("base-05"));
    assert_eq!(source(&laid, "world.enforcement").as_deref(), Some("assumed"));
    check_round_trip(&laid);
}

#[test]
fn addresses_do_not_move_when_a_file_is_edited_elsewhere() {
    let exponent = |loaded: Loaded| loaded.scenario.parties[1].bargaining.concession_exponent;
    let before = exponent(read("everything.toml", EVERYTHING).unwrap());
    let after = exponent(everything_with("parties.kabul.outside-option", "0.2").unwrap());
    assert_eq!(before, after);
    assert!(citations().iter().all(|citation| !citation.id.contains(',')));
}

/// A file with some stretches replaced by others of its own, or by small pieces.
fn mutated(text: &'static str) -> impl Strategy<Value = String> {
    let pieces = ["", "\n", "[", "{", "\"", "-1", "1e999", "true", "{}", "[]", "0.5", "300", "x"];
    let piece = prop::sample::select(pieces.to_vec()).prop_map(str::to_owned);
    let stretch = (0..text.len(), 0..60_usize).prop_map(|(start, length)| {
        text.get(start..(start + length).min(text.len())).unwrap_or_default().to_owned()
    });
    let edit = (0..text.len(), 0..30_usize, prop_oneof![piece, stretch]);
    prop::collection::vec(edit, 1..4).prop_map(|edits| {
        let mut text = text.to_owned();
        for (start, length, piece) in edits {
            let end = (start + length).min(text.len());
            if text.get(start.min(end)..end).is_some() {
                text.replace_range(start.min(end)..end, &piece);
            }
        }
        text
    })
}

/// The same with one line left out or its value replaced, so that most remain readable.
fn changed_line(text: &'static str) -> impl Strategy<Value = String> {
    let values = ["0", "-1", "300", "true", "'x'", "[]", "{}", "['kabul']", "{ a = 1 }", "'none'"];
    (0..text.lines().count(), prop::sample::select(values.to_vec())).prop_map(|(at, value)| {
        let change = |(place, line): (usize, &str)| match line.split_once(" = ") {
            Some((key, _)) if place == at => format!("{key} = {value}\n"),
            _ if place == at => String::new(),
            _ => format!("{line}\n"),
        };
        text.lines().enumerate().map(change).collect()
    })
}

fn survive(text: &str) {
    match read("x.toml", text) {
        Ok(loaded) => check_round_trip(&loaded),
        Err(problems) => assert!(!problems.render(80, false, true).is_empty()),
    }
    let (document, problems) = Document::parse("x.toml", text);
    if problems.is_empty() {
        let printed = document.to_toml();
        assert_eq!(Document::parse("y.toml", &printed).0.to_toml(), printed);
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None, ..ProptestConfig::with_cases(300)
    })]

    #[test]
    fn no_slip_of_the_pen_is_fatal(everything in mutated(EVERYTHING),
                                   textbook in mutated(catalogue()[2].text),
                                   other in mutated(catalogue()[3].text),
                                   line in changed_line(EVERYTHING),
                                   line_of_textbook in changed_line(catalogue()[4].text)) {
        for text in [everything, textbook, other, line, line_of_textbook] {
            survive(&text);
        }
    }
}
