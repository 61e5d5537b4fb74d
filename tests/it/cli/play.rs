//! Playing: every chair brings a run to its end, and no chair hears what is another's own.

use std::sync::Arc;

use demarche_engine::scenario::Scenario;
use demarche_record::chronicle::Entry;
use demarche_record::event::Event;
use demarche_record::format::Heading;
use demarche_record::seat::Seat;
use demarche_record::transcript::Dispatch;
use demarche_record::visibility::is_seen;
use support::runs::{FLAGSHIP, scenario, seat_named};

use super::{Folder, Ran, fed, lines, ran};

/// Chairs of every kind.
const CHAIRS: [&str; 6] = [
    "delegation:pakistan",
    "capital:afghanistan",
    "mediator:qatar",
    "constituency:afghanistan/kandahar",
    "pakistan",
    "turkiye",
];

fn play(chair: &str, seed: &str, typed: &str) -> Ran {
    fed(&["play", "--seat", chair, "--seed", seed], typed).ends_with(0)
}

#[test]
fn every_chair_reaches_the_end_by_enter_alone() {
    for chair in CHAIRS {
        let run = play(chair, "1", &"\n".repeat(4000));
        let told = run.out.contains("You are:") && run.out.contains("Seed 1");
        assert!(told, "{chair} is not told who it is");
        // Only at the end is told what was hidden.
        let brief = ran(&["replay"]).out;
        let ending = brief.lines().find(|line| line.contains("no forecast"));
        let ending = ending.expect("a dispatch ends with a word of caution");
        assert!(run.out.contains(ending.trim()), "{chair} does not reach the end");
    }
}

#[test]
fn every_key_is_understood_and_the_rest_explained() {
    for chair in CHAIRS {
        let typed = "what?\n99\n0\n-1\n1\nu\nw\np\n1\n2\n\nu\nu\nu\nu\n🙂\np\np\np\n3\n\nq\n";
        let run = play(chair, "2", typed);
        assert!(run.err.contains("Type one of the numbers"), "{chair}: {}", run.err);
        let run = play(chair, "2", "u\nq\n");
        assert!(run.err.contains("nothing to undo"), "{chair}: {}", run.err);
    }
}

#[test]
fn letting_the_policy_decide_throughout_is_the_run_of_the_policy() {
    for chair in CHAIRS {
        let folder = Folder::new(&format!("policy-{}", chair.replace([':', '/'], "-")));
        let file = folder.file("run.jsonl");
        fed(&["play", "--seat", chair, "--seed", "5", "-o", &file], "p\n".repeat(4000))
            .ends_with(0);
        let played = lines(&std::fs::read_to_string(&file).unwrap());
        let policy = lines(&ran(&["replay", "--seed", "5", "--format", "json"]).out);
        let digest = |lines: &[serde_json::Value]| lines.last().unwrap()["digest"].clone();
        assert_eq!(digest(&played), digest(&policy), "{chair}");
    }
}

#[test]
fn what_was_played_replays_to_the_same_bytes() {
    let scripts = ["\n", "w\n", "1\n\n", "2\n1\n\n", "p\n", "\np\n1\n\n", "1\n\nu\n\n"];
    let mut faults = Vec::new();
    for chair in CHAIRS {
        for (place, script) in scripts.iter().enumerate() {
            let folder = Folder::new(&format!("played-{}-{place}", chair.replace([':', '/'], "-")));
            let file = folder.file("run.jsonl");
            let typed = script.repeat(1500);
            fed(&["play", "--seat", chair, "--seed", "3", "-o", &file], &typed).ends_with(0);
            let kept = std::fs::read_to_string(&file).unwrap();
            let again = ran(&["replay", &file, "--format", "json"]);
            if again.code != 0 || again.out != kept {
                let last = |text: &str| text.lines().last().map(str::to_owned);
                let same_end = last(&again.out) == last(&kept);
                let what = if same_end { "inputs" } else { "chronicle" };
                faults.push(format!("{chair}, {script:?}: another {what} {}", again.err.trim()));
            }
        }
    }
    support::check_none(&faults);
}

/// Sentences that a dispatch has for what these seats cannot know, and for nothing that they can.
fn hidden(scenario: &Arc<Scenario>, entries: &[Entry], seats: &[Seat]) -> Vec<String> {
    let told = |entries: &[Entry]| {
        let text = Dispatch::new(&scenario.cast, 0).turn(entries);
        let sentences = text.split(['.', '\n']).map(|sentence| sentence.trim().to_owned());
        sentences.filter(|sentence| sentence.chars().count() > 25).collect::<Vec<_>>()
    };
    let (mut secret, mut open) = (Vec::new(), Vec::new());
    for entry in entries {
        let seen = is_seen(&entry.event, seats);
        let alone = told(std::slice::from_ref(entry));
        if seen { open.extend(alone) } else { secret.extend(alone) }
    }
    secret.sort();
    secret.dedup();
    secret.retain(|sentence| !open.contains(sentence));
    secret
}

#[test]
fn no_chair_hears_what_is_anothers_own() {
    let scenario = scenario(FLAGSHIP);
    let mut n_secrets = 0;
    for (chair, seed) in CHAIRS.iter().flat_map(|chair| ["1", "2", "8"].map(|seed| (chair, seed))) {
        let folder = Folder::new(&format!("secret-{}-{seed}", chair.replace([':', '/'], "-")));
        let file = folder.file("run.jsonl");
        let args = ["play", "--seat", chair, "--seed", seed, "-o", &file];
        // The lines end before the run does, so that nothing is revealed in the end.
        let n_asked = fed(&args, "\n".repeat(4000)).ends_with(0).out.matches("\n> ").count();
        std::fs::remove_file(&file).unwrap();
        let run = fed(&args, "\n".repeat(n_asked.saturating_sub(1))).ends_with(0);
        let text = std::fs::read_to_string(&file).unwrap();
        let record = Heading::read(&text).unwrap().finish(&scenario.cast).unwrap();
        let ended = |entry: &Entry| matches!(entry.event, Event::RunEnded { .. });
        assert!(!record.chronicle.entries.iter().any(ended), "{chair}: the run was over");
        let seats = seats(&scenario, chair);
        // Lines are wrapped on a page; secrets are compared without regard to that.
        let page = run.out.split_whitespace().collect::<Vec<_>>().join(" ");
        for secret in hidden(&scenario, &record.chronicle.entries, &seats) {
            n_secrets += 1;
            let secret = secret.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(!page.contains(&secret), "{chair}, seed {seed}, hears: {secret}");
        }
        // Nor what nobody at the table knows.
        for word in ["wanted talks", "wanted an agreement", "of its promises", "sincere"] {
            assert!(!page.contains(word), "{chair}, seed {seed}, reads of `{word}`");
        }
    }
    assert!(n_secrets > 20, "hardly anything was hidden, so hardly anything was tested");
}

#[test]
fn who_mediates_sees_a_side_leave_and_not_why() {
    let run = play("mediator:qatar", "1", &"p\n".repeat(4000));
    let (game, debrief) = run.out.split_once("How it ended").unwrap();
    let game = game.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(game.contains("delegation walks out."), "nobody walks out of seed 1: {debrief}");
    assert!(!game.contains("patience"), "{game}");
}

/// The seats of a chair as the command line names it.
fn seats(scenario: &Arc<Scenario>, chair: &str) -> Vec<Seat> {
    if chair.contains(':') {
        return vec![seat_named(scenario, chair)];
    }
    if scenario.cast.mediators.iter().any(|named| named.key == chair) {
        return vec![seat_named(scenario, &format!("mediator:{chair}"))];
    }
    let kinds = ["capital", "delegation"].map(|kind| format!("{kind}:{chair}"));
    kinds.iter().map(|name| seat_named(scenario, name)).collect()
}

#[test]
fn a_closed_terminal_ends_the_game_without_a_word() {
    for chair in CHAIRS {
        let run = play(chair, "4", "");
        assert!(run.err.is_empty(), "{chair}: {}", run.err);
    }
}

#[test]
fn a_line_that_is_no_text_loses_no_game() {
    let folder = Folder::new("no-text");
    let file = folder.file("run.jsonl");
    let run = fed(&["play", "--seat", "pakistan", "-o", &file], b"1\n\n\xff\nq\n").ends_with(0);
    assert!(run.err.contains(&file), "{}", run.err);
    ran(&["play", &file, "--seat", "pakistan"]).ends_with(0);
}

#[test]
fn where_nothing_can_be_kept_is_said_before_the_first_question() {
    let folder = Folder::new("nowhere");
    let file = folder.file("none/run.jsonl");
    let run = fed(&["play", "--seat", "pakistan", "-o", &file], "q\n").ends_with(4);
    assert!(run.err.contains("is no folder") && run.out.is_empty(), "{}", run.err);
}
