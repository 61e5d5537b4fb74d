//! Chairs: which there are, what who sits there is told and offered, and how a game goes on later.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};

use demarche_record::calendar::Calendar;
use demarche_record::event::Event;
use demarche_record::format::Heading;
use support::runs::{FLAGSHIP, scenario};

use super::{Folder, Ran, fed, lines, ran};

/// How often a person was asked.
fn n_asked(run: &Ran) -> usize {
    run.out.lines().filter(|line| line.starts_with("== ")).count()
}

fn wait_only(args: &[&str]) -> Ran {
    fed(&[&["play"], args].concat(), "w\n".repeat(4000)).ends_with(0)
}

#[test]
fn a_wrong_chair_is_told_which_there_are() {
    let wrong = ran(&["play", "--seat", "geneva"]).ends_with(2);
    for seat in ["pakistan", "capital:pakistan", "constituency:pakistan/army", "mediator:qatar"] {
        assert!(wrong.err.contains(seat), "{seat} is not named in: {}", wrong.err);
    }
    assert!(!wrong.err.contains("united-states"), "it is not at the table");
    ran(&["play"]).ends_with(2).says("--seat").says("delegation:afghanistan");
}

#[test]
fn a_mediator_that_is_not_at_the_table_is_told_how_to_come_there() {
    for seat in ["united-states", "mediator:united-states"] {
        let refused = ran(&["play", "--seat", seat]).ends_with(2);
        let refused = refused.says("--with united-states-engaged");
        refused.says("--set mediators.united-states.engaged=true");
    }
    let ways =
        [["--with", "united-states-engaged"], ["--set", "mediators.united-states.engaged=true"]];
    for way in ways {
        let args = [&["play", "--seat", "united-states"][..], &way].concat();
        let run = fed(&args, "\n\nq\n").ends_with(0);
        assert!(run.out.contains("You are: The United States, mediating"), "{}", run.out);
        assert!(run.out.contains("== The United States"), "it is never asked");
    }
}

#[test]
fn who_takes_a_chair_twice_sits_there_once() {
    let play = |seats: &[&str]| {
        let seats = seats.iter().flat_map(|seat| ["--seat", *seat]);
        let args: Vec<&str> = ["play"].into_iter().chain(seats).collect();
        fed(&args, "\n".repeat(4000)).ends_with(0).out
    };
    let once = play(&["pakistan"]);
    assert_eq!(play(&["pakistan", "capital:pakistan", "pakistan"]), once);
}

#[test]
fn a_mediator_reads_in_its_brief_what_it_has_and_hears_what_a_side_tells() {
    let run = fed(&["play", "--seat", "qatar"], "2\n\nb\nq\n").ends_with(0);
    let (brief, rest) = run.out.split_once("Seed 17.").unwrap();
    for word in ["style:", "guarantee:", "inducements:", "leverage:", "closeness:", "Pakistan"] {
        assert!(brief.contains(word), "{word} is not in the brief:\n{brief}");
    }
    assert!(rest.contains("2. Hear Afghanistan in private"), "{rest}");
    // What a side never signs it says aloud, so that nobody need be heard first.
    assert!(
        brief.contains("Afghanistan, on action on the TTP: up to “curb and arrest”"),
        "{brief}"
    );
    let (before, after) = rest.split_once("Afghanistan has told you its limits").unwrap();
    assert!(before.contains("Qatar hears Afghanistan in private"));
    assert!(after.contains("verification: up to “a hotline”"), "{after}");
    assert!(!after.contains("Pakistan has told you"), "nobody has heard Pakistan");
    let after = after.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(after.contains("better for Afghanistan than no deal."), "{after}");
    assert!(after.contains("Pakistan than no deal, though you have not heard it"), "{after}");
    // What was told comes with the brief as well.
    assert_eq!(run.out.matches("has told you its limits").count(), 2);
}

#[test]
fn a_menu_holds_nothing_that_the_case_does_not_model() {
    for (case, side) in [("symmetric-dispute", "east"), ("splitting-a-sum", "row")] {
        let run = fed(&["play", case, "--seat", side], "\n".repeat(4000)).ends_with(0);
        for word in ["Strike", "demands in public", "rossings", "Curb", "fault"] {
            assert!(!run.out.contains(word), "{case} offers: {word}");
        }
        assert!(run.out.contains("Walk out"));
    }
    let flagship = fed(&["play", "--seat", "afghanistan"], "\n".repeat(400)).ends_with(0).out;
    for word in ["Strike Pakistan", "demands in public", "the crossings", "Curb the TTP"] {
        assert!(flagship.contains(word), "the flagship offers no: {word}");
    }
}

#[test]
fn who_waits_is_woken_by_the_last_turn_and_not_by_what_is_said_again() {
    // In Istanbul time runs out in seed 1: the capital hears of it while it can still act.
    let scenario = scenario(FLAGSHIP);
    let folder = Folder::new("last-turn");
    let file = folder.file("run.jsonl");
    let run = wait_only(&["--seat", "capital:pakistan", "-o", &file]);
    let text = std::fs::read_to_string(&file).unwrap();
    let record = Heading::read(&text).unwrap().finish(&scenario.cast).unwrap();
    let closed = record.chronicle.entries.iter().rev().find_map(|entry| match entry.event {
        Event::RoundClosed { .. } => Some(entry.turn),
        _ => None,
    });
    let last = Calendar::new(&scenario.cast).moment(closed.unwrap());
    assert!(run.out.contains(&format!("{last} ==")), "it slept through {last}");
    // Offers that are merely repeated wake nobody, in a case in which little moves.
    let awake = ["play", "no-zone-of-agreement", "--seat", "delegation:buyer"];
    let awake = fed(&awake, "\n".repeat(400)).ends_with(0);
    let asleep = wait_only(&["no-zone-of-agreement", "--seat", "delegation:buyer"]);
    let (often, seldom) = (n_asked(&awake), n_asked(&asleep));
    assert!((2..=often / 2).contains(&seldom), "asked {seldom} times instead of {often}");
}

#[test]
fn a_brief_values_by_table_or_by_stakes_whatever_the_case_does() {
    let brief = |args: &[&str]| {
        let run = fed(&[&["play"], args].concat(), "q\n").ends_with(0);
        run.out.split_once("Seed ").unwrap().0.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let hill = brief(&["two-issue-trade-off", "--seat", "hill"]);
    assert!(hill.contains("No deal is worth 0.00"), "{hill}");
    assert!(hill.contains("“4 of 4 parts of the land to Hill” 0.75"), "{hill}");
    assert!(hill.contains("“2 of 4 parts of the water to Hill” 0.12"), "{hill}");
    let row = brief(&["splitting-a-sum", "--seat", "delegation:row"]);
    assert!(row.contains("“0 of 100 to Row” 0.00, and in equal steps to “100 of 100 to Row” 1.00"));
    let east = brief(&["symmetric-dispute", "--seat", "east"]);
    assert!(east.contains("a heavy price, the further the heavier (−30 points)"), "{east}");
}

#[test]
fn numbers_of_a_menu_stay_while_a_question_is_open() {
    // The same number twice is the same matter twice, whatever was decided in between.
    let typed = "1\n1\n2\n1\nq\n";
    let run = fed(&["play", "--seat", "capital:afghanistan"], typed).ends_with(0);
    assert_eq!(run.err.matches("Noted").count(), 2, "{}", run.err);
    assert_eq!(run.err.matches("already decided").count(), 2, "{}", run.err);
}

#[test]
fn a_walk_out_of_ones_own_is_told_as_ones_own() {
    let folder = Folder::new("own-walk-out");
    let file = folder.file("run.jsonl");
    let decided = "{\"input\":\"handed\",\"turn\":0,\"stage\":\"world\",\"mover\":0,\
                   \"seat\":\"delegation:pakistan\",\"outside\":true}\n\
                   {\"input\":\"decided\",\"turn\":26,\"stage\":\"delegations\",\"mover\":0,\
                   \"seat\":\"delegation:pakistan\",\"decision\":{\"do\":\"walk-out\"}}\n";
    let decided = folder.holds("decided.jsonl", decided);
    // Left alone until then, by the record of it.
    let told = ran(&["replay", "--decisions", &decided, "-o", &file]);
    if told.code == 0 {
        let text = told.out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(!text.contains("Pakistan’s delegation walks out, its patience spent"), "{text}");
    }
    let typed = "\n".repeat(2) + "99\n";
    let game = fed(&["play", "--seat", "delegation:pakistan"], &typed).ends_with(0);
    assert!(!game.out.contains("Pakistan’s delegates find"), "the policy speaks for the person");
}

/// A game that was stopped goes on from its record.
#[test]
fn a_stopped_game_goes_on_where_it_stopped() {
    let folder = Folder::new("goes-on");
    let (part, whole) = (folder.file("part.jsonl"), folder.file("whole.jsonl"));
    let seat = ["--seat", "pakistan"];
    let typed = "1\n\n".to_owned() + &"\n".repeat(30);
    let stopped = fed(&[&["play"], &seat[..], &["-o", &part]].concat(), &(typed.clone() + "q\n"));
    let stopped = stopped.ends_with(0).says("To go on:");
    let resume = stopped.err.lines().last().unwrap().trim().to_owned();
    let words: Vec<&str> = resume.split_whitespace().skip(1).collect();
    // With the printed line, and again with the seats of the record: the same end.
    let rest = "\n".repeat(4000);
    let at_once = [&["play"], &seat[..], &["-o", &whole]].concat();
    fed(&at_once, &(typed + &rest)).ends_with(0);
    let part_kept = std::fs::read_to_string(&part).unwrap();
    fed(&words, &rest).ends_with(0);
    assert_eq!(std::fs::read_to_string(&part).unwrap(), std::fs::read_to_string(&whole).unwrap());
    let again = folder.holds("again.jsonl", &part_kept);
    fed(&["play", &again, "-o", &again, "--force"], &rest).ends_with(0);
    assert_eq!(std::fs::read_to_string(&again).unwrap(), std::fs::read_to_string(&whole).unwrap());
    ran(&["play", &whole, "--seat", "pakistan"]).ends_with(2).says("is over");
    let early = folder.holds("early.jsonl", &part_kept);
    ran(&["play", &early, "--seat", "pakistan", "--seed", "4"]).ends_with(2).says("own seed");
}

#[test]
fn a_stopped_game_may_go_on_with_somebody_elses_chair() {
    let folder = Folder::new("changed-hands");
    let (one, other) = (folder.file("one.jsonl"), folder.file("other.jsonl"));
    let first = ["play", "--seat", "capital:pakistan", "-o", &one];
    fed(&first, &("p\n".repeat(24) + "q\n")).ends_with(0);
    let then = ["play", &one, "--seat", "mediator:qatar", "-o", &other];
    let run = fed(&then, "\n".repeat(4000)).ends_with(0);
    assert!(run.out.contains("== Qatar") && !run.out.contains("== Islamabad"));
    let again = ran(&["replay", &other, "--format", "json"]).ends_with(0).out;
    assert_eq!(again, std::fs::read_to_string(&other).unwrap());
    let handed = |line: &serde_json::Value| line["input"] == "handed";
    assert_eq!(lines(&again).iter().filter(|line| handed(line)).count(), 3);
}

/// Sends an interrupt, as Ctrl-C does, and waits for the end.
fn interrupt(mut child: Child) -> Ran {
    // An end of the input would end it too, and sooner.
    let _open = child.stdin.take();
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    child.wait_with_output().unwrap().into()
}

/// Starts the program, types, and reads until it asks so many times.
fn started(args: &[&str], typed: &str, asks: &str, times: usize) -> Child {
    let mut command = support::demarche();
    command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.as_mut().unwrap().write_all(typed.as_bytes()).unwrap();
    let mut told = Vec::new();
    let stream: &mut dyn Read =
        if asks == "> " { child.stdout.as_mut().unwrap() } else { child.stderr.as_mut().unwrap() };
    let mut stream = BufReader::with_capacity(1, stream);
    for _ in 0..times {
        loop {
            let last = asks.as_bytes()[asks.len() - 1];
            assert!(stream.read_until(last, &mut told).unwrap() > 0, "it ended early");
            if told.ends_with(asks.as_bytes()) {
                break;
            }
        }
    }
    child
}

#[cfg(unix)]
#[test]
fn an_interrupted_game_is_kept_and_goes_on() {
    let folder = Folder::new("interrupted");
    let file = folder.file("run.jsonl");
    let args = ["play", "--seat", "capital:pakistan", "-o", &file];
    let child = started(&args, &("1\n".to_owned() + &"\n".repeat(8)), "> ", 10);
    let ended = interrupt(child);
    assert_eq!(ended.code, 130, "{}", ended.err);
    let resume = ended.err.lines().last().unwrap().trim();
    assert!(resume.starts_with("demarche play "), "{}", ended.err);
    let text = std::fs::read_to_string(&file).unwrap();
    let decided = lines(&text).iter().filter(|line| line["input"] == "decided").count();
    assert_eq!(decided, 9, "a strike and eight times nothing");
    let words: Vec<&str> = resume.split_whitespace().skip(1).collect();
    fed(&words, "\n".repeat(4000)).ends_with(0);
    let ended = std::fs::read_to_string(&file).unwrap();
    assert!(ended.contains("\"run-ended\""));
    let left = std::fs::read_dir(&folder.0).unwrap().count();
    assert_eq!(left, 1, "half-written files are left");
}

#[cfg(unix)]
#[test]
fn an_interrupted_reading_ends_with_its_own_code() {
    let child = started(&["replay", "--follow"], "\n", "go on)", 2);
    assert_eq!(interrupt(child).code, 130);
}
