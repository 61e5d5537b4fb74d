//! What-ifs as people meet them: what is told is what the runs come to, and what cannot be done
//! says what to write instead.

use std::process::Output;

use serde_json::Value;
use support::demarche;

const SUM: &str = "textbook/splitting-a-sum";
const HOLD_OUT: &str = "parties.row.bargaining.concession-exponent=0.5";
const ENGAGED: &str = "historical/united-states-engaged";

fn what_if(args: &[&str]) -> Output {
    demarche().arg("what-if").args(args).output().unwrap()
}

/// What was told, with nothing said beside it.
#[track_caller]
fn told(args: &[&str]) -> String {
    let output = what_if(args);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success() && said.is_empty(), "{args:?}: {said}");
    String::from_utf8(output.stdout).unwrap()
}

#[track_caller]
fn json(args: &[&str]) -> Value {
    serde_json::from_str(&told(&[args, &["--format", "json"]].concat())).unwrap()
}

#[track_caller]
fn refused(args: &[&str], code: i32, word: &str) {
    let output = what_if(args);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(code), "{args:?}: {said}");
    assert!(output.stdout.is_empty() && said.contains(word), "{args:?}: {said}");
}

#[track_caller]
fn holds(text: &str, words: &str) {
    // Prose is wrapped, and where it breaks does not matter.
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat(text).contains(words), "nothing of `{words}` in:\n{text}");
}

#[test]
fn who_holds_out_gets_more_and_loses_no_agreement() {
    let text = told(&[SUM, "--set", HOLD_OUT, "-n", "20"]);
    holds(&text, "no number of this scenario has a range");
    holds(&text, "gains or loses an agreement in the last round; a change in up to");
    holds(&text, "what the last text gains Row 50.0 62.0 +12.0 (+12.0 to +12.0)");
    holds(&text, "no forecast");
}

#[test]
fn the_same_is_no_difference_at_all() {
    let exponent = "parties.row.bargaining.concession-exponent=1";
    let said = json(&[SUM, "--set", exponent, "-n", "20"]);
    let arm = &said["arms"][0];
    assert_eq!(arm["verdict"]["word"], "no-difference-at-all");
    assert_eq!((&arm["pairs"], &arm["alike"]), (&20.into(), &20.into()));
    assert_eq!(arm["agreement"]["interval"], serde_json::json!([0.0, 0.0]));
    let text = told(&[SUM, "--set", exponent, "-n", "20"]);
    holds(&text, "No difference at all: in none of 20 futures");
}

#[test]
fn json_has_every_count_and_the_threads_show_nowhere() {
    let args = ["--with", ENGAGED, "-n", "60", "--futures-per-draw", "6", "--format", "json"];
    let text = told(&args);
    for threads in ["1", "2", "7"] {
        assert_eq!(told(&[args.as_slice(), &["--threads", threads]].concat()), text);
    }
    let said: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&said["what-if"], &said["version"]), (&"demarche".into(), &1.into()));
    assert_eq!(said["numbers"], "over assumed ranges");
    assert_eq!((&said["draws"], &said["futures-per-draw"]), (&10.into(), &6.into()));
    let arm = &said["arms"][0];
    let outcomes = arm["outcomes"].as_array().unwrap();
    let parts = ["both", "only-as-it-was", "only-changed", "neither"];
    for share in outcomes.iter().chain([&arm["agreement"], &arm["truce"]]) {
        let cells = parts.map(|part| share["four-cells"][part].as_u64().unwrap());
        assert_eq!(cells.iter().sum::<u64>(), 60);
        let draws = ["up", "down", "level"].map(|way| share["draws"][way].as_u64().unwrap());
        assert_eq!(draws.iter().sum::<u64>(), 10);
        let is_parted = cells[1] + cells[2] > 0;
        let method = if is_parted { "student-over-draws" } else { "clopper-pearson-over-draws" };
        assert_eq!(share["method"], method);
    }
    for number in arm["numbers"].as_array().unwrap() {
        let is_known = !number["interval"].is_null();
        assert_eq!(is_known, number["method"] == "student-over-draws", "{number}");
    }
    let better = ["better", "worse", "unchanged"].map(|part| arm["better"][part].as_u64().unwrap());
    assert_eq!(better.iter().sum::<u64>(), 60);
    assert_eq!(arm["better"]["by"], "settles");
    assert!(outcomes.iter().all(|outcome| outcome["settles"].is_u64()));
    let moves = arm["moves"].as_array().unwrap().iter();
    assert_eq!(moves.map(|of| of["futures"].as_u64().unwrap()).sum::<u64>(), 60);
}

/// The class of outcome that a command line comes to.
fn outcome(line: &str) -> String {
    let words: Vec<&str> = line.split(' ').skip(1).collect();
    let output = demarche().args(words).args(["--format", "json"]).output().unwrap();
    let record = String::from_utf8(output.stdout).unwrap();
    let last = record.lines().rev().find(|line| line.contains("\"outcome\"")).unwrap();
    let last: Value = serde_json::from_str(last).unwrap();
    last["outcome"].as_str().unwrap().to_owned()
}

#[test]
fn a_future_that_turned_is_replayed_by_the_lines_that_are_told() {
    for more in [["--futures-per-draw", "5"].as_slice(), &["--point"]] {
        let said = json(&[["--with", ENGAGED, "-n", "60"].as_slice(), more].concat());
        let turned = said["arms"][0]["turned"].as_array().unwrap();
        assert!(!turned.is_empty(), "something turns");
        for of in turned.iter().take(3) {
            for (line, class) in [("as-it-was", "from"), ("changed", "to")] {
                assert_eq!(outcome(of[line].as_str().unwrap()), of[class].as_str().unwrap());
            }
        }
    }
}

#[test]
fn several_arms_stand_beside_each_other() {
    let zone = "no zone: parties.row.reservation=0.6, parties.column.reservation=0.6";
    let hold_out = format!("holding out: {HOLD_OUT}");
    let text = told(&[SUM, "--arm", zone, "--arm", &hold_out, "-n", "12"]);
    holds(&text, "An agreement in the last round");
    holds(&text, "no zone 100.0 % 0.0 % −100.0");
    holds(&text, "holding out 100.0 % 100.0 % no future differs");
    holds(&text, "in 100 futures about 100 fewer end with one");
    let said = json(&["--arm", &format!("engaged={ENGAGED}"), "-n", "6", "--point"]);
    assert_eq!(said["arms"][0]["changes"], serde_json::json!([format!("with {ENGAGED}")]));
    assert_eq!(said["numbers"], "at the reference point");
    assert_eq!(said["arms"][0]["agreement"]["method"], "tango");
}

#[test]
fn a_base_can_be_changed_on_its_own() {
    let args = [SUM, "--base-set", HOLD_OUT, "--set", HOLD_OUT, "-n", "5"];
    holds(&told(&args), "No difference at all");
}

#[test]
fn what_cannot_be_asked_says_what_to_write() {
    refused(&[], 2, "nothing is changed");
    refused(&["--arm", "early"], 2, "write a name, a colon and what changes");
    refused(&["--set", "world.truce"], 2, "write a path, `=` and a value");
    let twice = ["--arm", "a: world.truce=false", "--arm", "a: clock.turn-hours=6"];
    refused(&twice, 2, "two changes are called `a`");
    refused(&["--set", "world.truce=false", "-n", "0"], 2, "0");
    let both = ["--set", "world.truce=false", "--point", "--futures-per-draw", "5"];
    refused(&both, 2, "cannot be used with");
    refused(&["--set", "world.truse=false"], 3, "has no key `truse`");
    refused(&["--with", "no-such-overlay"], 2, "no-such-overlay");
    let last = u64::MAX.to_string();
    refused(&[SUM, "--set", HOLD_OUT, "--seed", &last], 2, "a smaller seed");
    let classes = r#"outcomes=[{ key = "some", name = "some" }]"#;
    refused(&[SUM, "--set", classes, "-n", "5"], 2, "classes of outcome");
}

#[test]
fn a_change_within_a_range_that_stays_is_played_and_told() {
    let output = what_if(&["--with", "historical/with-a-guarantor", "-n", "60"]);
    let [out, err] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
    assert!(err.contains("holds at 0.75; its range is as it was"), "{err}");
    holds(&out, "mediators.turkiye.guarantee=0.75");
    assert!(!out.contains("No difference at all"), "{out}");
}
