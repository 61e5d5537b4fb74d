//! Files of decisions that are as people write them.
use super::*;
use crate::testing::cast;

/// What is said of a file.
fn said(text: &str) -> String {
    read_inputs(text, &cast()).expect_err("the file has a fault").told("d.jsonl")
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let said = said(text);
    let (told, count) = said.rsplit_once('\n').unwrap();
    assert_eq!(told.lines().collect::<Vec<_>>(), expected);
    assert!(count.ends_with("in d.jsonl"), "{count}");
}

const WALK_OUT: &str = r#"{"input":"decided","turn":4,"stage":"delegations","mover":0,"seat":"delegation:north","decision":{"do":"walk-out"}}"#;

#[test]
fn inputs_come_in_the_order_of_their_turns_with_their_lines() {
    let earlier = WALK_OUT.replace("\"turn\":4", "\"turn\":2");
    let text = format!("# a remark\n\n{WALK_OUT}\r\n  {earlier}\n");
    let read = read_inputs(&text, &cast()).unwrap();
    let places: Vec<(usize, u32)> =
        read.iter().map(|read| (read.line, read.input.turn())).collect();
    assert_eq!(places, [(4, 2), (3, 4)]);
}

#[test]
fn a_field_that_nothing_reads_is_refused() {
    check(
        &WALK_OUT.replace("\"mover\":0", "\"mover\":0,\"movr\":1,\"why\":\"é\""),
        &[
            "d.jsonl:1:61: there is no `movr` here, only: input, turn, stage, mover, seat, decision",
            "  help: did you mean `mover`?",
            "d.jsonl:1:70: there is no `why` here, only: input, turn, stage, mover, seat, decision",
        ],
    );
    check(
        &WALK_OUT.replace("\"walk-out\"", "\"walk-out\",\"loudly\":true"),
        &["d.jsonl:1:115: in `decision`: there is no `loudly` here, only: do"],
    );
}

#[test]
fn wrong_kinds_and_words_are_refused_all_at_once() {
    let wrong = WALK_OUT
        .replace("\"turn\":4", "\"turn\":4.5")
        .replace("delegations", "delegation")
        .replace("delegation:north", "delegation:nort");
    check(
        &format!(
            "{wrong}\n\n{{\"input\":\"injected\",\"turn\":-1,\"stage\":\"world\",\"mover\":0}}"
        ),
        &[
            "d.jsonl:1:27: in `turn`: expected a whole number, found `4.5`",
            "  help: `turn`: In which turn.",
            "d.jsonl:1:39: in `stage`: `delegation` is not one of: world, capitals, delegations, home",
            "  help: did you mean `delegations`?",
            "d.jsonl:1:69: in `seat`: `nort` is not one of: north, south",
            "  help: did you mean `north`?",
            "d.jsonl:3:1: the field `shock` is missing",
            "  help: `shock`: Which of the scenario's shocks.",
            "d.jsonl:3:28: in `turn`: expected a whole number, found `-1`",
            "  help: `turn`: In which turn.",
        ],
    );
    let said = said(&WALK_OUT.replace("walk-out", "walkout"));
    let opens = "d.jsonl:1:104: in `decision.do`: `walkout` is not one of: extend-mandate, refuse,";
    assert!(said.starts_with(opens) && said.contains(" more\n  help: did you mean `walk-out`?"));
}

#[test]
fn packages_and_rungs_are_read_strictly() {
    let propose = |package: &str| {
        let decision = format!(r#"{{"do":"propose","package":{package}}}"#);
        WALK_OUT.replace(r#"{"do":"walk-out"}"#, &decision)
    };
    assert!(read_inputs(&propose(r#"{"trade":"open"}"#), &cast()).is_ok());
    check(
        &propose(r#"{"trad":"open","trade":"opened","peace":3}"#),
        &[
            "d.jsonl:1:125: in `decision.package`: there is no `trad` here, only: peace, trade",
            "  help: did you mean `trade`?",
            "d.jsonl:1:147: in `decision.package.trade`: `opened` is not one of: shut, open",
            "d.jsonl:1:164: in `decision.package.peace`: expected the key of a rung, found `3`",
        ],
    );
}

#[test]
fn what_is_said_twice_and_what_is_no_json_is_refused() {
    check(
        &WALK_OUT.replace("\"turn\":4", "\"turn\":4,\"turn\":5"),
        &["d.jsonl:1:29: `turn` is said twice", "  help: leave one of them out"],
    );
    let help = format!("  help: a line reads {EXAMPLE}");
    check(
        "{\"é\":\"x\",}\n[]\n{}",
        &[
            "d.jsonl:1:10: this is not JSON: trailing comma",
            &help,
            "d.jsonl:2:1: expected an object, found `[]`",
            "d.jsonl:3:1: the field `input` is missing",
            &help,
        ],
    );
}

#[test]
fn what_is_odd_or_endless_is_shown_in_part() {
    let said = said(&format!("{{\"input\":\"\\u001b[31m{}\"}}", "x".repeat(9000)));
    assert!(said.len() < 400 && said.contains("`\u{FFFD}[31mxxx") && said.contains("xxx…`"));
}

#[test]
fn faults_without_end_are_counted() {
    let faults = read_inputs(&"x\n".repeat(250), &cast()).unwrap_err();
    assert_eq!((faults.list.len(), faults.left_out), (20, 230));
    let told = faults.told("d.jsonl");
    assert!(told.ends_with("250 faults in d.jsonl, of which the first 20 are told"), "{told}");
}
