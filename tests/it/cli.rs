//! The program as people and scripts meet it: what goes to stdout, what to stderr, and the exit
//! codes.

mod batch;
mod batch_folders;
mod chairs;
mod log;
mod output;
mod play;
mod report;
mod report_of_rows;
mod sources;

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use serde_json::Value;
use support::demarche;

/// A run of the program that is over.
struct Ran {
    code: i32,
    out: String,
    err: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("the program writes text");
        let code = output.status.code().expect("no signal ended it");
        Self { code, out: text(output.stdout), err: text(output.stderr) }
    }
}

impl Ran {
    /// Asserts the exit code; where it is not 0, nothing is data.
    #[track_caller]
    fn ends_with(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        assert!(code == 0 || self.out.is_empty(), "talk on stdout:\n{}", self.out);
        assert!(!self.err.contains("panicked"), "{}", self.err);
        self
    }

    /// Asserts that stderr says something.
    #[track_caller]
    fn says(self, word: &str) -> Self {
        assert!(self.err.contains(word), "nothing of `{word}` in:\n{}", self.err);
        self
    }
}

fn ran(args: &[&str]) -> Ran {
    demarche().args(args).output().unwrap().into()
}

/// The program with lines typed into it.
fn fed(args: &[&str], typed: impl AsRef<[u8]>) -> Ran {
    let pipes = |command: &mut std::process::Command| {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()
    };
    let mut child = pipes(demarche().args(args)).unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let typed = typed.as_ref().to_owned();
    let typing = std::thread::spawn(move || {
        // Who has read enough closes the pipe, and that is fine.
        let _ = stdin.write_all(&typed);
    });
    let output = child.wait_with_output().unwrap();
    typing.join().unwrap();
    output.into()
}

/// An empty folder for passing use.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str) -> String {
        self.0.join(name).to_string_lossy().into_owned()
    }

    fn holds(&self, name: &str, text: &str) -> String {
        std::fs::write(self.0.join(name), text).unwrap();
        self.file(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left in a folder of its own harms nobody.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The lines of a record as JSON.
fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_replay_is_a_dispatch_on_stdout_and_nothing_else() {
    let run = ran(&["replay"]).ends_with(0);
    assert!(run.out.contains("Talks open in Doha") && run.out.contains("seed 1"));
    assert!(run.err.is_empty(), "{}", run.err);
    assert!(run.out.lines().all(|line| line.chars().count() <= 80), "lines are wrapped");
    assert!(!run.out.contains('\u{1b}'), "no colour where nobody asked for it");
    assert!(ran(&["replay", "--seed", "123"]).ends_with(0).out.contains("seed 123"));
}

#[test]
fn a_record_is_lines_of_json_that_begin_with_a_heading() {
    let run = ran(&["replay", "--seed", "9", "--format", "json"]).ends_with(0);
    let lines = lines(&run.out);
    assert_eq!((&lines[0]["record"], &lines[0]["seed"]), (&"demarche".into(), &9.into()));
    let tagged = |line: &Value| line.get("input").or(line.get("event")).is_some();
    assert!(lines[1..lines.len() - 1].iter().all(tagged));
    assert!(lines[lines.len() - 1].get("digest").is_some());
    assert!(run.err.is_empty());
}

#[test]
fn one_round_can_be_told_by_itself() {
    let (all, one) = (ran(&["replay"]), ran(&["replay", "--round", "istanbul"]).ends_with(0));
    assert!(one.out.contains("Istanbul") && one.out.len() < all.out.len());
    ran(&["replay", "--round", "geneva"]).ends_with(2).says("doha, istanbul");
}

#[test]
fn what_is_asked_wrongly_is_told_with_its_exit_code() {
    let folder = Folder::new("asked-wrongly");
    ran(&["replay", "doha-istambul"]).ends_with(2).says("did you mean").says("scenario list");
    ran(&["replay", "--set", "parties.pakistan.audience-cost=7"])
        .ends_with(3)
        .says("parties.pakistan.audience-cost")
        .says("help:");
    ran(&["replay", "--set", "parties.pakistan.audiance-cost=0.1"])
        .ends_with(3)
        .says("did you mean `parties.pakistan.audience-cost`?");
    ran(&["replay", "--set", "no-equals-sign"]).ends_with(2).says("write a path");
    ran(&["replay", "--with", "nowhere.toml"]).ends_with(4).says("nowhere.toml");
    ran(&["replay", "--nonsense"]).ends_with(2).says("--nonsense");
    for seed in ["one", "-1", "1.5", "18446744073709551616"] {
        ran(&["replay", "--seed", seed])
            .ends_with(2)
            .says("a whole number from 0 up to 1844674407");
    }
    ran(&["replay", "--branch-at", "-1"]).ends_with(2).says("a turn is a whole number from 0 up");
    ran(&["replay", "--set", "base=\"x.toml\""]).ends_with(3).says("S027").says("--with");
    ran(&["replay", "--set", "outcomes[0].key=\"x\""]).ends_with(3).says("outcomes[1].key");
    ran(&["replay", "--follow", "--round", "doha"]).ends_with(2).says("cannot be used with");
    ran(&["replay", "--follow", "--format", "json"]).ends_with(2).says("cannot be used with");
    for record in [["--format", "json"], ["-o", "-"]] {
        let refused = ran(&[&["replay", "--round", "doha"][..], &record].concat()).ends_with(2);
        assert!(refused.says("a record is always whole").out.is_empty());
    }
    ran(&["replay", "--branch-seed", "4"]).ends_with(2).says("--branch-at");
    ran(&[]).ends_with(2);
    ran(&["play"]).ends_with(2).says("--seat");
    ran(&["play", "--seat", "geneva"]).ends_with(2).says("afghanistan");
    ran(&["scenario", "check", &folder.file("missing.toml")]).ends_with(4);
    let broken = folder.holds("broken.toml", "format = 1\ntitle = \n");
    ran(&["scenario", "check", &broken]).ends_with(3).says("broken.toml:2");
    let cut = folder.holds("cut.jsonl", "{\"record\":\"other\"}\n");
    ran(&["replay", &cut]).ends_with(4).says("is no recorded run");
}

#[test]
fn a_bad_value_is_underlined_at_its_place() {
    let folder = Folder::new("underlined");
    let text = support::runs::text_of("textbook/splitting-a-sum");
    let text = text.replace("turn-hours = 1", "turn-hours = 99");
    let file = folder.holds("slow.toml", &text);
    let run = ran(&["scenario", "check", &file]).ends_with(3).says("turn-hours");
    let place = text.lines().position(|line| line.starts_with("turn-hours")).unwrap() + 1;
    let run = run.says(&format!("slow.toml:{place}:"));
    let marked = run.err.lines().any(|line| line.contains('─') && line.contains('·'));
    assert!(marked, "no underline in:\n{}", run.err);
    // A value set on the command line has its own place.
    let run = ran(&["replay", "--set", "clock.turn-hours=99"]).ends_with(3);
    assert!(run.err.contains("--set") && run.err.contains("99"), "{}", run.err);
}

#[test]
fn a_record_is_kept_once_and_replays_to_the_same_bytes() {
    let folder = Folder::new("kept");
    let file = folder.file("run.jsonl");
    ran(&["replay", "--seed", "3", "--over-ranges", "-o", &file]).ends_with(0);
    let kept = std::fs::read_to_string(&file).unwrap();
    ran(&["replay", "--seed", "4", "-o", &file]).ends_with(4).says("--force");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), kept, "it was overwritten");
    let again = ran(&["replay", &file, "--format", "json"]).ends_with(0);
    assert!(again.out == kept, "the replay differs from the record");
    ran(&["replay", "--seed", "4", "-o", &file, "--force"]).ends_with(0);
    assert_ne!(std::fs::read_to_string(&file).unwrap(), kept);
    let left: Vec<_> = std::fs::read_dir(&folder.0).unwrap().collect();
    assert_eq!(left.len(), 1, "half-written files are left: {left:?}");
    let nowhere = folder.file("no/such/folder/run.jsonl");
    ran(&["replay", "-o", &nowhere, "--format", "json"]).ends_with(4);
}

#[test]
fn decisions_are_taken_or_refused_with_their_turn() {
    let folder = Folder::new("decisions");
    let decided = |turn: u32, what: &str| {
        format!(
            "# What the delegation does.\n\n{{\"input\":\"decided\",\"turn\":{turn},\
             \"stage\":\"delegations\",\"mover\":0,\"seat\":\"delegation:pakistan\",\
             \"decision\":{{\"do\":\"{what}\"}}}}\n"
        )
    };
    let walk = folder.holds("walk.jsonl", &decided(23, "walk-out"));
    let run = ran(&["replay", "--decisions", &walk, "--format", "json"]).ends_with(0);
    let events = lines(&run.out);
    let left = events.iter().any(|line| line["event"] == "walked-out" && line["turn"] == 23);
    assert!(left, "the delegation did not leave");
    let early = folder.holds("early.jsonl", &decided(2, "walk-out"));
    ran(&["replay", "--decisions", &early]).ends_with(2).says("turn 2").says("walk-out");
    let odd = folder.holds("odd.jsonl", &decided(23, "ratify"));
    ran(&["replay", "--decisions", &odd]).ends_with(2).says("not among").says("ratify");
    ran(&["replay", "--decisions", &odd]).ends_with(2).says("odd.jsonl:3: turn 23");
    let unknown = folder.holds("unknown.jsonl", &decided(23, "sing"));
    ran(&["replay", "--decisions", &unknown]).ends_with(4).says("unknown.jsonl:3:").says("sing");
    ran(&["replay", "--decisions", &folder.file("none.jsonl")]).ends_with(4);
}

#[test]
fn a_decision_doubled_without_end_is_told_in_short() {
    let folder = Folder::new("doubled");
    let line = "{\"input\":\"decided\",\"turn\":24,\"stage\":\"delegations\",\"mover\":0,\
                \"seat\":\"delegation:pakistan\",\"decision\":{\"do\":\"walk-out\"}}\n";
    let doubled = folder.holds("doubled.jsonl", &line.repeat(3000));
    let run = ran(&["replay", "--decisions", &doubled]).ends_with(2).says("and 2997 more lines");
    assert!(run.err.len() < 2000, "{} bytes", run.err.len());
    let broken = folder.holds("broken.jsonl", &line.replace("walk-out", "sing").repeat(3000));
    let run = ran(&["replay", "--decisions", &broken]).ends_with(4);
    run.says("3000 faults in").says("of which the first 20 are told");
}

#[test]
fn what_differs_is_shown_whole() {
    let folder = Folder::new("differs");
    let text = support::runs::text_of("textbook/splitting-a-sum");
    let titled = |last: char| {
        let title = format!("title = \"{}{last}\"", "A long story. ".repeat(40));
        text.replace("title = \"Splitting a sum\"", &title)
    };
    let [one, other] = ['a', 'b'].map(|last| folder.holds(&format!("{last}.toml"), &titled(last)));
    let diff = ran(&["scenario", "diff", &one, &other]).ends_with(0).out;
    assert!(diff.contains("story. a\"\n") && diff.contains("story. b\"\n"), "{diff}");
    assert!(diff.lines().all(|line| line.chars().count() <= 80), "{diff}");
}

#[test]
fn a_recorded_run_branches() {
    let folder = Folder::new("branches");
    let file = folder.file("run.jsonl");
    ran(&["replay", "--seed", "3", "-o", &file]).ends_with(0);
    let kept = lines(&std::fs::read_to_string(&file).unwrap());
    let branch =
        ran(&["replay", &file, "--branch-at", "90", "--branch-seed", "2", "--format", "json"]);
    let branched = lines(&branch.ends_with(0).out);
    assert_eq!(branched[0]["branch"]["turn"], 90);
    let before = |lines: &[Value]| {
        let early = |line: &&Value| line["turn"].as_u64().is_some_and(|turn| turn < 90);
        lines.iter().filter(early).cloned().collect::<Vec<_>>()
    };
    assert_eq!(before(&branched), before(&kept));
    assert_ne!(branched.last(), kept.last());
}

#[test]
fn a_new_scenario_is_valid_and_runs() {
    let folder = Folder::new("new");
    let file = folder.file("mine.toml");
    let run = ran(&["scenario", "new", &file]).ends_with(0);
    assert!(run.out.is_empty() && run.err.contains("Written"), "talk belongs on stderr");
    assert!(ran(&["scenario", "check", &file]).ends_with(0).out.contains("no problems"));
    ran(&["replay", &file]).ends_with(0);
    ran(&["scenario", "new", &file]).ends_with(4).says("--force");
    ran(&["scenario", "new", &file, "--force", "--from", "splitting-a-sum"]).ends_with(0);
    assert!(ran(&["replay", &file]).ends_with(0).out.contains("Splitting a sum"));
}

#[test]
fn every_built_in_scenario_is_listed_checked_shown_and_replayed() {
    let list = ran(&["scenario", "list"]).ends_with(0).out;
    for entry in demarche_scenario::catalogue() {
        assert!(
            list.lines().any(|line| line.starts_with(entry.key)),
            "{} is not listed",
            entry.key
        );
        ran(&["scenario", "check", entry.key]).ends_with(0);
        ran(&["scenario", "show", entry.key]).ends_with(0);
        assert!(ran(&["scenario", "sources", entry.key]).ends_with(0).err.contains("numbers"));
        ran(&["replay", entry.key]).ends_with(0);
    }
}

#[test]
fn the_merged_file_is_a_scenario_like_any_other() {
    let folder = Folder::new("merged");
    let set = ["--set", "parties.pakistan.audience-cost=0.1"];
    let show = ["scenario", "show", "historical/wider-mandate", "--toml", set[0], set[1]];
    let merged = ran(&show).ends_with(0).out;
    let file = folder.holds("merged.toml", &merged);
    let replayed = |args: &[&str]| {
        let args = [args, &["--format", "json"]].concat();
        lines(&ran(&args).ends_with(0).out).last().cloned()
    };
    let direct = replayed(&[&["replay", "historical/wider-mandate"][..], &set].concat());
    assert_eq!(replayed(&["replay", &file]), direct);
    let diff = ["scenario", "diff", "historical/doha-istanbul", &file];
    assert!(ran(&diff).ends_with(0).out.contains("parties.pakistan.audience-cost"));
    let same = ran(&["scenario", "diff", "doha-istanbul", "doha-istanbul"]).ends_with(0);
    assert_eq!(same.out, "no difference\n");
}

#[test]
fn schema_turn_completions_and_manual_are_there() {
    let schema = ran(&["scenario", "schema"]).ends_with(0).out;
    let schema: Value = serde_json::from_str(&schema).unwrap();
    assert!(schema["properties"].get("parties").is_some());
    assert!(ran(&["scenario", "turn"]).ends_with(0).out.contains("World"));
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(ran(&["completions", shell]).ends_with(0).out.contains("demarche"), "{shell}");
    }
    ran(&["completions", "abacus"]).ends_with(2);
    let folder = Folder::new("manual");
    ran(&["man", &folder.file("")]).ends_with(0);
    ran(&["man", &folder.file("share/man1")]).ends_with(0);
    let page = std::fs::read_to_string(folder.file("share/man1/demarche-replay.1")).unwrap();
    assert!(page.contains("replay"));
    let pages = std::fs::read_dir(&folder.0).unwrap().count();
    assert!(pages >= 5, "{pages} pages");
    let taken = folder.holds("taken", "");
    ran(&["man", &taken]).ends_with(4).says("taken cannot be written");
    assert!(ran(&["--help"]).ends_with(0).out.contains("Exit codes"));
    assert!(ran(&["--version"]).ends_with(0).out.starts_with("demarche "));
}

/// Reads the first line of stdout, closes it, and waits for the end.
fn first_line_only(args: &[&str]) -> Ran {
    let mut command = demarche();
    command.args(args).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut line = String::new();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    out.read_line(&mut line).unwrap();
    drop(out);
    child.wait_with_output().unwrap().into()
}

#[test]
fn a_reader_who_has_seen_enough_may_leave() {
    let commands: [&[&str]; 4] = [
        &["replay"],
        &["replay", "--format", "json"],
        &["scenario", "schema"],
        &["completions", "bash"],
    ];
    for args in commands {
        let ran = first_line_only(args).ends_with(0);
        assert!(ran.err.is_empty(), "{args:?}: {}", ran.err);
    }
}

#[test]
fn a_run_can_be_followed_step_by_step() {
    let told = ran(&["replay", "--seed", "2"]).ends_with(0).out;
    let followed = fed(&["replay", "--seed", "2", "--follow"], "\n".repeat(2000)).ends_with(0);
    let ending = told.lines().last().unwrap();
    assert!(followed.out.contains(ending), "it is not told to its end");
    assert!(!followed.out.contains("(Enter to go on)"), "talk belongs on stderr");
    let stopped = fed(&["replay", "--seed", "2", "--follow"], "\n\n").ends_with(0);
    assert!(!stopped.out.contains(ending));
}
