//! Where records go: files that are there already, that come to be meanwhile, links, pipes, devices
//! and the standard output.

use std::io::Write;
use std::process::{Command, Stdio};

use super::{Folder, Ran, fed, lines, ran};

const SMALL: &str = "splitting-a-sum";

fn names(folder: &Folder) -> Vec<String> {
    let entries = std::fs::read_dir(&folder.0).unwrap().map(Result::unwrap);
    let mut names: Vec<String> =
        entries.map(|entry| entry.file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// A game that is left open while something else happens, then stopped.
fn played_around(args: &[&str], meanwhile: impl FnOnce()) -> Ran {
    let mut command = support::demarche();
    command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut out = std::io::BufReader::new(child.stdout.take().unwrap());
    // The first question is asked once the file has been claimed.
    let mut told = Vec::new();
    while !told.ends_with(b"> ") {
        assert!(std::io::BufRead::read_until(&mut out, b' ', &mut told).unwrap() > 0);
    }
    meanwhile();
    child.stdin.take().unwrap().write_all(b"\n\nq\n").unwrap();
    std::io::copy(&mut out, &mut std::io::sink()).unwrap();
    child.wait_with_output().unwrap().into()
}

#[test]
fn of_two_games_with_one_file_none_is_lost() {
    let folder = Folder::new("two-games");
    let file = folder.file("run.jsonl");
    let play = ["play", SMALL, "--seat", "row", "-o", &file];
    let later = played_around(&play, || {
        fed(&play, "w\nq\n").ends_with(0).says("The record is in");
    });
    let beside = folder.file("run-2.jsonl");
    let later = later.ends_with(0).says("somebody else has written").says(&beside);
    assert!(later.err.contains(&format!("demarche play {beside} --seat")), "{}", later.err);
    assert_eq!(names(&folder), ["run-2.jsonl", "run.jsonl"]);
    for file in [&file, &beside] {
        assert!(!ran(&["replay", file, "--format", "json"]).ends_with(0).out.is_empty());
    }
    // To overwrite what was there is one thing, what came since another.
    let first = std::fs::read_to_string(&file).unwrap();
    let again = ["play", &file, "-o", &file, "--force"];
    let later = played_around(&again, || std::fs::write(&file, "precious").unwrap());
    later.ends_with(0).says(&folder.file("run-3.jsonl"));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "precious");
    std::fs::write(&file, first).unwrap();
    played_around(&again, || ()).ends_with(0).says(&format!("The record is in {file}."));
    assert_eq!(names(&folder), ["run-2.jsonl", "run-3.jsonl", "run.jsonl"]);
}

#[test]
fn the_record_may_go_to_the_standard_output() {
    let record = ran(&["replay", SMALL, "--format", "json"]).ends_with(0).out;
    for to in ["-", "/dev/stdout"] {
        assert_eq!(ran(&["replay", SMALL, "-o", to]).ends_with(0).out, record);
        assert_eq!(ran(&["replay", SMALL, "-o", to, "--format", "json"]).ends_with(0).out, record);
        ran(&["replay", SMALL, "--follow", "-o", to]).ends_with(2).says("cannot hold both");
        ran(&["play", SMALL, "--seat", "row", "-o", to]).ends_with(2).says("name a file");
        let written = ran(&["scenario", "new", to]).ends_with(0);
        assert!(written.err.is_empty() && written.out.contains("format = 1"));
    }
    assert!(!std::path::Path::new("-").exists());
}

#[cfg(unix)]
#[test]
fn a_device_or_a_pipe_is_written_and_stays() {
    use std::os::unix::fs::FileTypeExt;
    let told = ran(&["replay", SMALL]).out;
    assert_eq!(ran(&["replay", SMALL, "-o", "/dev/null"]).ends_with(0).out, told);
    assert!(std::fs::metadata("/dev/null").unwrap().file_type().is_char_device());
    let folder = Folder::new("pipe");
    let pipe = folder.file("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let reader = std::thread::spawn({
        let pipe = pipe.clone();
        move || std::fs::read_to_string(pipe).unwrap()
    });
    assert_eq!(ran(&["replay", SMALL, "-o", &pipe]).ends_with(0).out, told);
    assert_eq!(lines(&reader.join().unwrap())[0]["record"], "demarche");
    assert!(std::fs::metadata(&pipe).unwrap().file_type().is_fifo());
}

#[cfg(unix)]
#[test]
fn a_link_is_followed_and_never_replaced() {
    let folder = Folder::new("links");
    let (link, target) = (folder.file("link.jsonl"), folder.file("target.jsonl"));
    std::os::unix::fs::symlink("target.jsonl", &link).unwrap();
    for force in [&[][..], &["--force"]] {
        let args = [&["replay", SMALL, "-o", &link], force].concat();
        ran(&args).ends_with(4).says("is a link to target.jsonl, which is not there");
    }
    ran(&["replay", SMALL, "-o", &target]).ends_with(0);
    ran(&["replay", SMALL, "--seed", "7", "-o", &link, "--force"]).ends_with(0);
    assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(lines(&std::fs::read_to_string(&target).unwrap())[0]["seed"], 7);
}

#[cfg(unix)]
#[test]
fn where_nothing_can_be_written_is_said_before_anything_is_played() {
    let nowhere = "/proc/run.jsonl";
    let played = fed(&["play", SMALL, "--seat", "row", "-o", nowhere], "q\n").ends_with(4);
    assert!(played.says("cannot be written").out.is_empty());
}
