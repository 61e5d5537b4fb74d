//! What a command line may name: scenarios, records, the standard input, and what is none of them.

use super::{Folder, fed, lines, ran};

#[test]
fn a_misspelt_name_is_usage_and_a_missing_file_a_file() {
    for named in ["doha-istambul", "historical/doha-istambul"] {
        ran(&["replay", named]).ends_with(2).says("did you mean").says("scenario list");
    }
    ran(&["replay", "--with", "united-state-engaged"]).ends_with(2).says("united-states-engaged");
    for named in ["missing.toml", "./missing", "no/such/folder/run.jsonl"] {
        ran(&["replay", named]).ends_with(4).says("there is no file");
    }
}

#[test]
fn what_is_no_file_is_called_what_it_is() {
    let folder = Folder::new("no-file");
    ran(&["replay", &folder.file("")]).ends_with(4).says("is a folder, not a file");
    // A folder that is called like a built-in scenario does not hide it.
    std::fs::create_dir(folder.file("splitting-a-sum")).unwrap();
    let mut here = support::demarche();
    let here = here.args(["scenario", "check", "splitting-a-sum"]).current_dir(&folder.0);
    assert!(here.output().unwrap().status.success());
    if cfg!(unix) {
        ran(&["replay", "/dev/null"]).ends_with(4).says("is a device, not a file");
    }
}

#[test]
fn a_scenario_or_a_record_may_come_by_the_standard_input() {
    let text = support::runs::text_of("textbook/splitting-a-sum");
    let told = fed(&["replay", "-"], text).ends_with(0).out;
    assert_eq!(told, ran(&["replay", "splitting-a-sum"]).out.replace("splitting-a-sum", "-"));
    let record = ran(&["replay", "splitting-a-sum", "--format", "json"]).out;
    assert_eq!(fed(&["replay", "-", "--format", "json"], &record).ends_with(0).out, record);
    fed(&["scenario", "check", "-"], "format = 1\ntitle = \n").ends_with(3).says("standard input");
    fed(&["replay", "-", "--follow"], text).ends_with(2).says("--follow");
    fed(&["play", "-", "--seat", "row"], text).ends_with(2).says("name a file");
    fed(&["play", "--with", "-", "--seat", "pakistan"], text).ends_with(2).says("name a file");
}

#[test]
fn decisions_may_come_by_the_standard_input_but_nothing_twice() {
    let text = support::runs::text_of("textbook/splitting-a-sum");
    let walk = "{\"input\":\"decided\",\"turn\":3,\"stage\":\"delegations\",\"mover\":0,\
                \"seat\":\"delegation:row\",\"decision\":{\"do\":\"walk-out\"}}\n";
    let told = fed(&["replay", "splitting-a-sum", "--decisions", "-"], walk).ends_with(0).out;
    assert!(told.contains("Row’s delegation walks out"), "{told}");
    let follow = ["replay", "splitting-a-sum", "--decisions", "-", "--follow"];
    fed(&follow, walk).ends_with(2).says("--follow");
    for twice in [["replay", "-", "--decisions", "-"], ["scenario", "diff", "-", "/dev/stdin"]] {
        fed(&twice, text).ends_with(2).says("named twice");
    }
}

#[test]
fn a_record_is_asked_for_the_scenario_inside_it() {
    let folder = Folder::new("inside");
    let file = folder.file("run.jsonl");
    let set = "parties.row.bargaining.concession-exponent=0.5";
    let args = ["replay", "splitting-a-sum", "--seed", "6", "--set", set, "-o", &file];
    ran(&args).ends_with(0);
    let checked = ran(&["scenario", "check", &file]).ends_with(0).out;
    assert!(checked.contains("is the record of a run, with seed 6"), "{checked}");
    assert!(checked.contains("no problems"), "{checked}");
    assert!(ran(&["scenario", "show", &file]).ends_with(0).out.starts_with("Splitting a sum"));
    assert!(ran(&["scenario", "sources", &file]).ends_with(0).out.contains("concession-exponent"));
    let diff = ran(&["scenario", "diff", "splitting-a-sum", &file]).ends_with(0).out;
    assert!(diff.contains("parties.row.bargaining.concession-exponent"), "{diff}");
    let copy = folder.file("copy.toml");
    ran(&["scenario", "new", &copy, "--from", &file]).ends_with(0);
    assert!(ran(&["scenario", "diff", &copy, &file]).ends_with(0).out.contains("no difference"));
    ran(&["replay", "splitting-a-sum", "--with", &file]).ends_with(2).says("is a recorded run");
    let text = std::fs::read_to_string(&file).unwrap();
    let cut = text.lines().take(text.lines().count() - 2).collect::<Vec<_>>().join("\n");
    let cut = folder.holds("cut.jsonl", &cut);
    ran(&["scenario", "check", &cut]).ends_with(4).says("is no recorded run");
}

#[test]
fn a_filter_that_is_none_is_usage() {
    ran(&["--log", "demarche=loud", "scenario", "list"]).ends_with(2).says("is no filter");
    let told = ran(&["--log", "trace", "replay", "splitting-a-sum"]).ends_with(0);
    assert!(told.says("TRACE").out.contains("Splitting a sum"));
}

#[test]
fn a_branch_after_the_end_is_refused() {
    let folder = Folder::new("branch-after");
    let file = folder.file("run.jsonl");
    ran(&["replay", "splitting-a-sum", "-o", &file]).ends_with(0);
    let last = lines(&std::fs::read_to_string(&file).unwrap());
    let last = last.iter().filter_map(|line| line["turn"].as_u64()).max().unwrap();
    let branch = |turn: u64, more: &[&str]| {
        let turn = turn.to_string();
        ran(&[&["replay", &file, "--branch-at", &turn, "--branch-seed", "2"], more].concat())
    };
    branch(last, &[]).ends_with(0);
    let kept = folder.file("never.jsonl");
    branch(last + 1, &["-o", &kept]).ends_with(2).says(&format!("ends in turn {last}"));
    assert!(!std::path::Path::new(&kept).exists());
}

#[test]
fn sources_are_told_whole_and_within_the_page() {
    for named in ["doha-istanbul", "symmetric-dispute"] {
        let told = ran(&["scenario", "sources", named]).ends_with(0).out;
        assert!(!told.contains('…') && !told.contains("..."), "something is cut");
        let long: Vec<_> = told.lines().filter(|line| line.chars().count() > 120).collect();
        assert!(long.is_empty(), "{long:?}");
    }
}

#[test]
fn numbers_drawn_from_their_ranges_are_announced() {
    let told = ran(&["replay", "--over-ranges", "--seed", "5"]).ends_with(0).out;
    let heading = told.split("\n\n").next().unwrap().replace('\n', " ");
    assert!(heading.contains("drawn from their ranges, so that outcomes differ widely"));
    assert!(!ran(&["replay"]).out.contains("differ widely"));
}

/// The command line that a dispatch names for itself, as a shell would split it.
fn named_in(told: &str) -> Vec<String> {
    let (_, after) = told.split_once("To tell this run again:\n").expect(told);
    let line = after.lines().next().unwrap().strip_prefix("  demarche ").unwrap();
    let parts = line.split('\'').enumerate();
    let words = parts.flat_map(|(at, part)| match at % 2 {
        0 => part.split_whitespace().map(str::to_owned).collect::<Vec<_>>(),
        _ => vec![part.to_owned()],
    });
    words.collect()
}

#[test]
fn a_dispatch_can_be_told_again_from_its_own_text() {
    let folder = Folder::new("told-again");
    let overlay = folder.holds("two words.toml", "[mediators.united-states]\nengaged = true\n");
    let walk_out = r#"{"input":"decided","turn":80,"stage":"delegations","mover":0,
        "seat":"delegation:afghanistan","decision":{"do":"walk-out"}}"#;
    let decisions = folder.holds("walk-out.jsonl", &walk_out.replace('\n', ""));
    let kept = folder.file("run.jsonl");
    let set = ["--set", "parties.pakistan.audience-cost={ value = 0.2, range = [0.1, 0.3] }"];
    let with = ["--with", &overlay, "--with", "no-attacks"];
    let plain = ["replay"];
    let much = [
        &["replay", "historical/wider-mandate", "--seed", "5", "--over-ranges"][..],
        &set,
        &["--set", "parties.afghanistan.audience-cost=0.1"],
        &with,
        &["--decisions", &decisions, "--branch-at", "84", "--branch-seed", "3"],
    ]
    .concat();
    ran(&["replay", "--seed", "9", "--over-ranges", "-o", &kept]).ends_with(0);
    let recorded = ["replay", &kept, "--round", "istanbul"];
    for args in [&plain[..], &much, &recorded] {
        let told = ran(args).ends_with(0).out;
        let again = named_in(&told);
        let again: Vec<&str> = again.iter().map(String::as_str).collect();
        assert_eq!(ran(&again).ends_with(0).out, told, "{again:?}");
    }
    let explained = ran(&["explain", "--seed", "11", "--quick"]).ends_with(0);
    assert!(!explained.out.contains("To tell this run again"));
}

#[test]
fn a_file_in_the_way_is_told_before_anything_is_played() {
    let folder = Folder::new("in-the-way");
    let file = folder.holds("run.jsonl", "precious");
    let played = fed(&["play", "--seat", "pakistan", "-o", &file], "\n\n\n");
    let played = played.ends_with(4).says("--force");
    assert!(played.out.is_empty());
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "precious");
}

#[test]
fn nothing_is_said_of_progress_where_nobody_looks() {
    // Three times the turns: long enough, on a slow machine, to be worth a word on a terminal.
    let slow = ["replay", "--set", "clock.turn-hours=1"];
    let ran = ran(&slow);
    assert!(ran.code == 0 && ran.err.is_empty(), "{}: {}", ran.code, ran.err);
}
