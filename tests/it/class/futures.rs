//! Futures of a class: from any turn of any of its tables, each a run that can be told.

use std::path::Path;

use demarche_class::deed::{Deed, HostDeed};
use demarche_domain::index::PartyIx;
use demarche_record::seat::Seat;
use serde_json::Value;
use support::demarche;
use support::runs::FLAGSHIP;

use super::{begun, folder, played, seated};

/// Runs the program; gives how it ended, its output and what it said.
fn ran(args: &[&str]) -> (i32, String, String) {
    let ran = demarche().args(args).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (ran.status.code().unwrap(), text(ran.stdout), text(ran.stderr))
}

/// A class of two tables that has played for a while: its file, and the turn of the second.
fn class(name: &str) -> (String, u32) {
    let file = folder(name).join("class.sqlite");
    let mut class = begun(FLAGSHIP, 2, &file);
    seated(&mut class, 0);
    let people = seated(&mut class, 1);
    class.host("begin", HostDeed::GoOn).unwrap();
    for step in 0..400 {
        if class.tables()[1].turn() < 6 {
            played(&mut class, 1, &people, step..step + 1);
        }
    }
    let turn = class.tables()[1].turn();
    assert!(!class.tables()[1].is_over() && turn >= 6, "turn {turn}");
    (file.display().to_string(), turn)
}

fn rows(folder: &str) -> Vec<Vec<String>> {
    let csv = std::fs::read_to_string(Path::new(folder).join("runs.csv")).unwrap();
    csv.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

fn column<'a>(rows: &'a [Vec<String>], key: &str) -> Vec<&'a str> {
    let at = rows[0].iter().position(|named| named == key).unwrap();
    rows[1..].iter().map(|row| row[at].as_str()).collect()
}

#[test]
fn futures_of_a_table_are_runs_that_share_its_past() {
    let (file, turn) = class("futures-of");
    for at in [0, turn / 2, turn] {
        let place = Path::new(&file).with_file_name(format!("from-{at}")).display().to_string();
        let turn = at.to_string();
        let from = ["batch", "--from", &file, "--table", "2", "--turn", &turn];
        let (code, told, said) =
            ran(&[&from[..], &["-n", "6", "--seed", "40", "--csv", "-o", &place]].concat());
        assert_eq!(code, 0, "{said}");
        assert!(told.contains(&format!("from turn {turn} on by the policy")), "{told}");
        let rows = rows(&place);
        let (seeds, ends) = (column(&rows, "seed"), column(&rows, "outcome"));
        assert_eq!(seeds, ["40", "41", "42", "43", "44", "45"]);
        for (seed, end) in seeds.iter().zip(ends) {
            let branch = ["--branch-at", &turn, "--branch-seed", seed, "--format", "json"];
            let of_class = ran(&[&["replay", &file, "--table", "2"], &branch[..]].concat()).1;
            let past = format!("{place}/past.jsonl");
            let of_past = ran(&[&["replay", past.as_str()], &branch[..]].concat()).1;
            assert!(of_class == of_past, "from turn {turn}, seed {seed}");
            let last = of_past.lines().find(|line| line.contains("\"run-ended\"")).unwrap();
            let last: Value = serde_json::from_str(last).unwrap();
            assert_eq!(last["outcome"], end, "from turn {turn}, seed {seed}: {last}");
        }
        assert_eq!(ran(&["verify", &place]).0, 0);
    }
}

#[test]
fn futures_are_shared_out_joined_and_reported_as_any_batch() {
    let (file, turn) = class("futures-shared");
    let place = |name: &str| Path::new(&file).with_file_name(name).display().to_string();
    let turn = turn.to_string();
    let from = ["batch", "--from", &file, "--table", "2", "--turn", &turn, "-n", "130"];
    let [whole, one, two, joined] = ["whole", "one", "two", "joined"].map(place);
    assert_eq!(ran(&[&from[..], &["-o", &whole]].concat()).0, 0);
    for (share, folder) in [("1/2", &one), ("2/2", &two)] {
        let (code, _, said) = ran(&[&from[..], &["--shard", share, "-o", folder]].concat());
        assert_eq!(code, 0, "{said}");
    }
    assert_eq!(ran(&["merge", &one, &two, "-o", &joined]).0, 0);
    for name in ["runs.parquet", "summary.json", "past.jsonl"] {
        let [a, b] = [&whole, &joined].map(|place| std::fs::read(format!("{place}/{name}")));
        assert!(a.unwrap() == b.unwrap(), "{name} differs");
    }
    let report = ran(&["report", &whole]);
    assert_eq!(report.0, 0, "{}", report.2);
    let again = report.1.lines().find(|line| line.contains("--branch-seed")).unwrap();
    let again = again.split('`').nth(1).unwrap();
    let words: Vec<&str> = again.split(' ').skip(1).collect();
    assert!(ran(&words).1.contains("seed 17 (from turn"), "{again}");
    // The past is part of the plan.
    let kept = format!("{one}/past.jsonl");
    let text = std::fs::read_to_string(&kept).unwrap();
    std::fs::write(&kept, text.replacen("\"seed\":17", "\"seed\":18", 1)).unwrap();
    let (code, _, said) = ran(&["batch", "--resume", "-o", &one]);
    assert!(code == 4 && said.contains("the past is not as it was written"), "{code} {said}");
}

#[test]
fn what_has_no_such_past_is_told() {
    let (file, turn) = class("futures-refused");
    let check = |args: &[&str], words: &str| {
        let (code, _, said) = ran(&[&["batch", "--dry-run", "-n", "9"], args].concat());
        assert!(code == 2 && said.contains(words), "{args:?}: {code} {said}");
    };
    let beyond = (turn + 1).to_string();
    let reached = format!("this run has come to turn {turn}");
    check(&["--from", &file, "--table", "2", "--turn", &beyond], &reached);
    check(&["--from", &file, "--table", "3", "--turn", "1"], "has 2 tables");
    check(&["--from", &file], "--turn");
    check(&["--turn", "3"], "--from");
    check(&["--table", "1"], "--from");
    check(&["--from", FLAGSHIP, "--turn", "3"], "this is a scenario");
    check(&["--from", &file, "--turn", "1", "--vary", "world.enforcement"], "--vary");
    check(&["--from", &file, "--turn", "1", "--set", "world.enforcement=1"], "--set");
}

/// A table of which nobody is asked before its talks begin has come to where somebody is.
#[test]
fn a_table_has_come_to_where_it_waits() {
    let file = folder("futures-waits").join("class.sqlite");
    let mut class = begun(FLAGSHIP, 2, &file);
    let code = class.foundation().code.clone();
    let person = class.join(&code, "Ann").unwrap().person;
    let seat = Seat::Delegation(PartyIx(0));
    class.act(person, "sit", Deed::Sit { at: 1, seat }).unwrap();
    class.host("begin", HostDeed::GoOn).unwrap();
    let turn = class.tables()[1].turn();
    assert!(turn > 10, "turn {turn}");
    drop(class);
    let (file, turn) = (file.display().to_string(), turn.to_string());
    let place = Path::new(&file).with_file_name("from").display().to_string();
    let from = ["batch", "--from", &file, "--table", "2", "--turn", &turn, "-n", "3", "-o", &place];
    assert_eq!(ran(&from).0, 0);
    // The line that tells the run again names its table.
    let told = ran(&["replay", &file, "--table", "2"]).1;
    assert!(told.contains("class.sqlite --table 2 --seed 17"), "{told}");
}
