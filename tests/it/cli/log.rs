//! The log: every mechanism speaks, nothing else changes, and two runs of the same say the same.

use super::{Folder, Ran, ran};

/// Scenarios in which, taken together, every mechanism has something to do.
const SPOKEN_IN: [&str; 3] =
    [support::runs::FLAGSHIP, "historical/united-states-engaged", "historical/with-a-guarantor"];

fn logged(key: &str, filter: &str) -> Ran {
    ran(&["replay", key, "--log", filter]).ends_with(0)
}

/// The names of the mechanisms: their files.
fn mechanisms() -> Vec<String> {
    let files = support::files_ending("crates/demarche-engine/src/mechanisms", ".rs");
    let name = |path: &String| path.rsplit('/').next()?.strip_suffix(".rs").map(str::to_owned);
    files.iter().filter_map(name).filter(|name| name != "mod").collect()
}

#[test]
fn every_mechanism_speaks_and_no_result_changes() {
    let mut log = String::new();
    for key in SPOKEN_IN {
        let told = ran(&["replay", key]).ends_with(0);
        let traced = logged(key, "trace");
        assert!(told.err.is_empty(), "{key}: {}", told.err);
        assert!(told.out == traced.out, "{key}: the log changed the dispatch");
        log.push_str(&traced.err);
    }
    assert!(mechanisms().len() > 25, "the folder of mechanisms has moved");
    let is_silent =
        |name: &String| !log.contains(&format!(": demarche_engine::mechanisms::{name}: "));
    let silent: Vec<String> = mechanisms().into_iter().filter(is_silent).collect();
    support::check_none(&silent);
}

#[test]
fn two_runs_of_the_same_log_the_same() {
    for key in SPOKEN_IN {
        let (one, other) = (logged(key, "trace"), logged(key, "trace"));
        let differs = one.err.lines().zip(other.err.lines()).find(|(one, other)| one != other);
        assert!(one.err == other.err, "{key}: {differs:?}");
    }
}

#[test]
fn a_line_is_in_its_run_round_and_turn() {
    let log = logged("textbook/splitting-a-sum", "demarche_engine=debug").err;
    let offer = log.lines().find(|line| line.contains("offering: offer put")).unwrap();
    let place = offer.strip_prefix("DEBUG run{seed=17}:round{key=\"").unwrap();
    assert!(place.contains("\"}:turn{number=0 hour=0}: "), "{offer}");
    assert!(offer.contains(" party=\"") && offer.contains(" gain="), "{offer}");
    assert!(!log.contains("TRACE") && !log.contains("demarche::"), "{log}");
}

#[test]
fn what_was_read_and_written_is_logged() {
    let folder = Folder::new("log");
    let (scenario, record) = (folder.file("my.toml"), folder.file("run.jsonl"));
    let log = |args: &[&str]| ran(&[args, &["--log", "info"]].concat()).ends_with(0);
    let written = |file: &str| format!("INFO demarche::destination: file written file={file} ");
    let read = |file: &str| format!("INFO demarche::sources: file read file=\"{file}\" ");
    log(&["scenario", "new", &scenario]).says(&written(&scenario));
    log(&["replay", &scenario, "-o", &record]).says(&read(&scenario)).says(&written(&record));
    log(&["replay", &record]).says(&read(&record)).says("record read").says("seed=17");
    log(&["scenario", "diff", &scenario, &record]).says("scenarios compared n_differences=0");
}
