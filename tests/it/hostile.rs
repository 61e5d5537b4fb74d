//! Hostile files: whatever comes in, nothing panics, and what is accepted can be run to its end.
//!
//! `PROPTEST_CASES=5000 cargo test --release` looks further than the few cases of every day.

use std::fmt::Write as _;
use std::sync::Arc;

use demarche_domain::index::PartyIx;
use demarche_engine::session::run;
use demarche_record::chronicle::digest;
use demarche_record::decision::{Decision, Input};
use demarche_record::format::{Heading, Lineage};
use demarche_record::inputs::read_inputs;
use demarche_record::seat::{Seat, Stage};
use demarche_record::text::text;
use demarche_record::wire::Wire;
use demarche_scenario::{Document, Loaded, Problems, catalogue, known_sources, load};
use proptest::prelude::*;
use support::runs::{FLAGSHIP, changed, lineage, loaded, play, scenario};

/// How many cases are tried, unless the environment asks for more.
fn config() -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(asked.unwrap_or(64)) }
}

/// Something done to a text; places are shares of its length.
#[derive(Clone, Debug)]
enum Edit {
    Delete(f64, usize),
    Double(f64, usize),
    Splice { from: f64, length: usize, to: f64 },
    Flip(f64, u8),
    Number(f64, &'static str),
    Insert(f64, &'static str),
    Nest(f64, char, usize),
    LongKey(f64, usize),
}

/// Numbers that no one means, and some that somebody could.
const NUMBERS: &[&str] = &[
    "0",
    "-0.0",
    "1",
    "-1",
    "0.5",
    "1.0000001",
    "1e308",
    "-1e308",
    "5e-324",
    "1e999",
    "nan",
    "inf",
    "-inf",
    "9223372036854775807",
    "-9223372036854775808",
    "99999999999999999999999",
    "18446744073709551616",
    "0x7fffffffffffffff",
    "255",
    "256",
    "65537",
    "4294967295",
    "4294967296",
    "24",
    "3650",
    "null",
    "[]",
    "{ value = 0.5, range = [0.5, 0.5] }",
    "{ value = 0, range = [-1e308, 1e308] }",
    "{ distribution = \"normal\", mean = 0, sd = 1e308, low = 0, high = 1 }",
    "{ distribution = \"log-uniform\", low = 1e-308, high = 1 }",
    "{ distribution = \"uniform\", low = 0, high = 1 }",
];

/// Pieces of which such files are made, and some that should not be there.
const PIECES: &[&str] = &[
    "\n",
    "\"",
    "'",
    "[",
    "]",
    "{",
    "}",
    "[[",
    "=",
    ".",
    ",",
    "#",
    "\\",
    "\u{0}",
    "\u{202E}",
    "é",
    "\u{FEFF}",
    "'''",
    "\"\"\"",
    "a.b.c = 1\n",
    "[parties.x]\n",
    "base = 'x'\n",
    "source = 1\n",
    "{}",
    "true",
    "1979-05-27T07:32:00",
    "{\"input\":",
    "null",
    "\\u0000",
    "\\ud800",
    "\r\n",
];

fn edit() -> impl Strategy<Value = Edit> {
    let place = || 0.0..1.0;
    prop_oneof![
        2 => (place(), 1..60_usize).prop_map(|(at, n)| Edit::Delete(at, n)),
        1 => (place(), 1..400_usize).prop_map(|(at, n)| Edit::Double(at, n)),
        2 => (place(), 1..200_usize, place())
            .prop_map(|(from, length, to)| Edit::Splice { from, length, to }),
        2 => (place(), 0..8_u8).prop_map(|(at, bit)| Edit::Flip(at, bit)),
        6 => (place(), prop::sample::select(NUMBERS)).prop_map(|(at, n)| Edit::Number(at, n)),
        2 => (place(), prop::sample::select(PIECES)).prop_map(|(at, p)| Edit::Insert(at, p)),
        1 => (place(), prop::sample::select(vec!['[', '{', '(']), 1..3000_usize)
            .prop_map(|(at, c, n)| Edit::Nest(at, c, n)),
        1 => (place(), 1..20_000_usize).prop_map(|(at, n)| Edit::LongKey(at, n)),
    ]
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    prop::collection::vec(edit(), 1..5)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a length")]
fn place(share: f64, length: usize) -> usize {
    (share * f64::from(u32::try_from(length).unwrap())) as usize
}

fn edited(text: &str, edits: &[Edit]) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for edit in edits {
        let length = bytes.len();
        let stretch = |at: f64, n: usize| {
            let start = place(at, length);
            start..(start + n).min(length)
        };
        match *edit {
            Edit::Delete(at, n) => drop(bytes.drain(stretch(at, n))),
            Edit::Double(at, n) => {
                let range = stretch(at, n);
                let copy = bytes[range.clone()].to_vec();
                bytes.splice(range.start..range.start, copy);
            }
            Edit::Splice { from, length: n, to } => {
                let copy = bytes[stretch(from, n)].to_vec();
                bytes.splice(stretch(to, n), copy);
            }
            Edit::Flip(at, bit) => {
                if let Some(byte) = bytes.get_mut(place(at, length)) {
                    *byte ^= 1 << bit;
                }
            }
            Edit::Number(at, number) => replace_number(&mut bytes, place(at, length), number),
            Edit::Insert(at, piece) => {
                let at = place(at, length);
                bytes.splice(at..at, piece.bytes());
            }
            Edit::Nest(at, with, n) => {
                let at = place(at, length);
                let deep = match with {
                    '[' => "[".repeat(n),
                    '{' => "{ a = ".repeat(n),
                    _ => "a.".repeat(n),
                };
                bytes.splice(at..at, deep.into_bytes());
            }
            Edit::LongKey(at, n) => {
                let at = place(at, length);
                bytes.splice(at..at, format!("\n{} = 1\n", "k".repeat(n)).into_bytes());
            }
        }
    }
    bytes
}

/// Puts another number in the place of the next one.
fn replace_number(bytes: &mut Vec<u8>, from: usize, number: &str) {
    let is_part = |byte: u8| byte.is_ascii_digit() || b".-+e_".contains(&byte);
    let is_start = |at: usize| {
        let before = if at == 0 { b' ' } else { bytes[at - 1] };
        b" =:[,".contains(&before) && (bytes[at].is_ascii_digit() || bytes[at] == b'-')
    };
    let Some(start) = (from..bytes.len()).find(|at| is_start(*at)) else { return };
    let length = bytes[start..].iter().take_while(|byte| is_part(**byte)).count();
    bytes.splice(start..start + length, number.bytes());
}

fn check_problems(problems: &Problems) {
    assert!(problems.list.len() <= 20, "{} problems", problems.list.len());
    for problem in &problems.list {
        let Some(place) = &problem.place else { continue };
        let text = &problems.files[place.file.0].text;
        let span = &place.span;
        assert!(span.start <= span.end && span.end <= text.len(), "{problem}: {span:?}");
    }
    let told = problems.render(80, false, true);
    let widest = told.lines().map(|line| line.chars().count()).max().unwrap_or_default();
    assert!(widest < 2000, "a line of {widest} characters");
}

fn read(name: &str, bytes: Vec<u8>, sets: &[(String, String)]) -> Option<Loaded> {
    let text = text(bytes, 1 << 24).ok()?;
    match load(name, &text, sets, &[], &mut catalogue::base, &known_sources()) {
        Ok(loaded) => {
            check_problems(&loaded.warnings);
            let again = load(name, &loaded.scenario.text, &[], &[], &mut nothing, &known_sources());
            assert_eq!(
                again.map(|again| again.scenario.digest).ok(),
                Some(loaded.scenario.digest.clone())
            );
            Some(loaded)
        }
        Err(problems) => {
            check_problems(&problems);
            let (document, found) = Document::parse(name, &text);
            if found.is_empty() {
                let printed = document.to_toml();
                assert_eq!(Document::parse(name, &printed).0.to_toml(), printed);
            }
            None
        }
    }
}

fn nothing(_: &str, _: &str) -> Result<(String, String), String> {
    Err("a merged scenario builds on nothing".to_owned())
}

/// Runs what was accepted; a panic is a fault of the engine.
fn run_some(loaded: Loaded, seed: u64, over_ranges: bool) {
    let scenario = Arc::new(loaded.scenario);
    if scenario.horizon_turns > 2000 {
        return;
    }
    let record =
        play(&scenario, Lineage { over_ranges: over_ranges.then_some(seed), ..lineage(seed) });
    let text = record.to_lines(&scenario.cast);
    assert!(Heading::read(&text).unwrap().finish(&scenario.cast).unwrap() == record);
}

/// A value at the edge of what a quantity may be, or plainly inside.
fn edge(quantity: &demarche_scenario::Quantity, which: u8) -> f64 {
    let low = if quantity.min.is_finite() { quantity.min } else { -1e6 };
    let high = if quantity.max.is_finite() { quantity.max } else { 1e6 };
    match which {
        0 => low,
        1 => high,
        2 => low + (high - low) / 2.0,
        3 => low + (high - low) * 1e-12,
        4 => 0.0_f64.clamp(low, high),
        _ => low + (high - low) * f64::from(which) / 255.0,
    }
}

/// Ways of writing one number.
fn written(low: f64, high: f64, form: u8) -> String {
    match form {
        0 if low < high => {
            format!("{{ distribution = \"uniform\", low = {low:?}, high = {high:?} }}")
        }
        1 if low < high => format!("{{ value = {low:?}, range = [{low:?}, {high:?}] }}"),
        2 if low < high => format!("{{ value = {high:?}, range = [{low:?}, {high:?}] }}"),
        _ => format!("{{ value = {low:?} }}"),
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn no_scenario_file_makes_reading_fail(edits in edits(), which in 0..100_usize, seed: u64) {
        let all = catalogue();
        let entry = &all[which % all.len()];
        if let Some(loaded) = read(&entry.file(), edited(entry.text, &edits), &[]) {
            run_some(loaded, seed, seed % 2 == 0);
        }
    }

    #[test]
    fn no_setting_makes_reading_fail(path in "[a-z.\\[\\]0-9\"=-]{0,24}", value in ".{0,24}",
                                     number in prop::sample::select(NUMBERS)) {
        let entry = catalogue::find(FLAGSHIP).unwrap();
        for value in [value.as_str(), number] {
            let sets = [(path.clone(), value.to_owned())];
            read(&entry.file(), entry.text.as_bytes().to_vec(), &sets);
        }
    }

    #[test]
    fn what_is_accepted_can_be_run(
        which in 0..100_usize,
        moves in prop::collection::vec((0..4096_usize, 0..=255_u8, 0..=255_u8, 0..6_u8), 1..12),
        seed: u64,
    ) {
        let all = catalogue();
        let entry = &all[which % all.len()];
        let mut numbers = loaded(entry.key, &[]).numbers;
        // What must add up would only be refused.
        let adds_up = |path: &str| path.contains(".stakes.") || path.ends_with("level");
        numbers.retain(|number| !adds_up(&number.path));
        let sets: Vec<(String, String)> = moves
            .iter()
            .map(|(at, one, other, form)| {
                let number = &numbers[at % numbers.len()];
                let (one, other) = (edge(&number.quantity, *one), edge(&number.quantity, *other));
                (number.path.clone(), written(one.min(other), one.max(other), *form))
            })
            .collect();
        if let Some(loaded) = read(&entry.file(), entry.text.as_bytes().to_vec(), &sets) {
            run_some(loaded, seed, seed % 2 == 0);
        }
    }
}

// Records and decisions.

/// A record whose digests are right, whatever stands in it: what is behind them is reached, too.
fn with_digests(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let rest = lines.get(1..lines.len().saturating_sub(1)).unwrap_or_default();
    let (inputs, events) =
        rest.split_at(rest.iter().take_while(|line| line.starts_with("{\"input\"")).count());
    let of = |lines: &[&str]| {
        digest(lines.iter().map(|line| format!("{line}\n")).collect::<String>().as_bytes())
    };
    let mut forged: String =
        lines.iter().take(1).chain(rest).map(|line| format!("{line}\n")).collect();
    let (heading, inputs, events) = (of(&lines[..lines.len().min(1)]), of(inputs), of(events));
    writeln!(
        forged,
        r#"{{"digest":"{events}","inputs-digest":"{inputs}","heading-digest":"{heading}"}}"#
    )
    .unwrap();
    forged
}

/// The small scenario whose records are tried.
const SMALL: &str = "textbook/symmetric-dispute";

/// Lines of inputs of all kinds, some of which can enter.
fn lines_of_inputs() -> String {
    let scenario = scenario(FLAGSHIP);
    let seat = Seat::Delegation(PartyIx(1));
    let mut inputs =
        vec![Input::Handed { turn: 0, stage: Stage::World, mover: 0, seat, outside: true }];
    for (turn, decision) in [
        (24, Decision::ChangeSubject {}),
        (25, Decision::Hold { until_something_changes: true }),
        (26, Decision::WalkOut {}),
        (27, Decision::Propose { package: demarche_domain::package::Package::new(&[1, 0, 1]) }),
    ] {
        inputs.push(Input::Decided { turn, stage: Stage::Delegations, mover: 0, seat, decision });
    }
    let extended = Input::Extended { turn: 24, stage: Stage::World, mover: 0, by_turns: 4 };
    inputs.push(extended);
    inputs.iter().map(|input| format!("{}\n", input.to_wire(&scenario.cast))).collect()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn no_record_makes_reading_fail(edits in edits(), seed in 0..3_u64, is_forged: bool) {
        let scenario = scenario(SMALL);
        let bytes = edited(&play(&scenario, lineage(seed)).to_lines(&scenario.cast), &edits);
        let Ok(text) = text(bytes, 1 << 28) else { return Ok(()) };
        let text = if is_forged { with_digests(&text) } else { text };
        match Heading::read(&text).and_then(|heading| heading.finish(&scenario.cast)) {
            Ok(read) => drop(read.to_lines(&scenario.cast)),
            Err(cause) => assert!(cause.to_string().len() < 3000, "{cause}"),
        }
    }

    #[test]
    fn no_file_of_decisions_makes_reading_or_running_fail(edits in edits(), seed in 0..20_u64) {
        let scenario = scenario(FLAGSHIP);
        let Ok(text) = text(edited(&lines_of_inputs(), &edits), 1 << 24) else { return Ok(()) };
        match read_inputs(&text, &scenario.cast) {
            Ok(inputs) => {
                let inputs = inputs.into_iter().map(|read| read.input).collect();
                // Refused or not, it must not panic.
                drop(run(&scenario, lineage(seed), inputs));
            }
            Err(faults) => {
                assert!(faults.list.len() <= 20);
                for fault in &faults.list {
                    let line = text.lines().nth(fault.line - 1).unwrap();
                    assert!((1..=line.chars().count() + 1).contains(&fault.column), "{fault:?}");
                }
            }
        }
    }
}

#[test]
fn a_digest_that_is_made_anew_is_believed() {
    // Otherwise the forged records above would never get past their digests.
    let scenario = changed(SMALL, &[]);
    let text = play(&scenario, lineage(1)).to_lines(&scenario.cast);
    assert_eq!(with_digests(&text), text);
    let other = with_digests(&text.replacen("\"seed\":1", "\"seed\":2", 1));
    assert_eq!(Heading::read(&other).unwrap().finish(&scenario.cast).unwrap().lineage.seed, 2);
}
