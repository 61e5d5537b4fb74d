//! Folders of batches, when something is done to them or in them at the wrong time.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::Duration;

use super::batch::{DISPUTE, batch, check_equal, json};
use super::{Folder, demarche, ran};

const LEVER: &str = "parties.west.bargaining.concession-exponent";

/// The tables of runs among the ranges of a folder, in order.
fn tables(folder: &str) -> Vec<PathBuf> {
    let all = fs::read_dir(Path::new(folder).join("ranges")).unwrap();
    let mut tables: Vec<PathBuf> = all.map(|entry| entry.unwrap().path()).collect();
    tables.retain(|path| path.to_string_lossy().ends_with(".runs.parquet"));
    tables.sort();
    tables
}

/// A batch that was begun and is killed at once.
fn killed(args: &[&str], folder: &str) {
    let mut child = begun(demarche().args(["batch", "-o", folder]).args(args), folder);
    child.kill().unwrap();
    assert!(!child.wait().unwrap().success(), "it was too quick");
}

/// A batch under way.
fn begun(command: &mut std::process::Command, folder: &str) -> Child {
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    while !Path::new(folder).join("manifest.json").is_file() {
        std::thread::sleep(Duration::from_millis(2));
    }
    child
}

#[test]
fn a_range_under_the_name_of_another_is_made_again() {
    let folder = Folder::new("names");
    let [whole, share, joined] = ["whole", "share", "joined"].map(|name| folder.file(name));
    batch(&[DISPUTE, "-n", "640"], &whole).ends_with(0);
    batch(&[DISPUTE, "-n", "640", "--shard", "1/1"], &share).ends_with(0);
    let [one, other] = [0, 1].map(|at| tables(&share)[at].clone());
    let (_, digest) = one.to_str().unwrap().split_once('.').unwrap();
    let (place, _) = other.to_str().unwrap().split_once('.').unwrap();
    fs::copy(&one, format!("{place}.{digest}")).unwrap();
    fs::remove_file(&other).unwrap();
    ran(&["merge", &share, "-o", &joined]).ends_with(4).says("damaged");
    batch(&["--resume"], &share).ends_with(0).says("made again");
    ran(&["merge", &share, "-o", &joined]).ends_with(0);
    let runs = |folder: &str| fs::read(Path::new(folder).join("runs.parquet")).unwrap();
    assert!(runs(&whole) == runs(&joined));
}

#[test]
fn what_a_batch_stops_by_is_asked_whenever_it_is_said() {
    let folder = Folder::new("rules");
    let [grid, share] = ["grid", "share"].map(|name| folder.file(name));
    killed(&[DISPUTE, "-n", "50000", "--vary", LEVER, "--design", "grid", "--levels", "5"], &grid);
    batch(&["--resume", "--until", "half-width<5pp"], &grid).ends_with(2).says("--design lhs");
    // Several futures at each point: the first runs are of the first point alone.
    let cube = ["--vary", LEVER, "--design", "lhs", "--points", "4"];
    let asked = [&["batch", DISPUTE, "-n", "64", "--until", "half-width<9pp"][..], &cube];
    ran(&[&asked.concat()[..], &["--dry-run"]].concat()).ends_with(2).says("as many points");
    batch(&[DISPUTE, "-n", "128", "--shard", "1/2"], &share).ends_with(0);
    batch(&["--resume", "--until", "half-width<5pp"], &share).ends_with(2).says("--shard 1/2");
    batch(&["--resume", "--follow", "all"], &share).ends_with(2).says("another plan");
    let until = ["--dry-run", "--until", "soon"];
    ran(&[&["batch", DISPUTE, "-n", "64"][..], &until].concat()).ends_with(2).says("--until");
}

#[test]
fn what_is_asked_at_a_resumption_holds_at_the_next() {
    let folder = Folder::new("asked");
    let kept = folder.file("kept");
    killed(&[DISPUTE, "-n", "50000"], &kept);
    let until = ["batch", "--resume", "--until", "half-width<4pp", "--csv", "-o", &kept];
    let mut child = begun(demarche().args(until), &kept);
    while json(&kept, "manifest.json")["options"]["until"] != "half-width<4pp" {
        assert!(child.try_wait().unwrap().is_none(), "it ended, and nothing was noted");
    }
    child.kill().unwrap();
    child.wait().unwrap();
    batch(&["--resume"], &kept).ends_with(0);
    let manifest = json(&kept, "manifest.json");
    assert!(manifest["runs"].as_u64().unwrap() < 50_000, "{}", manifest["runs"]);
    assert!(Path::new(&kept).join("runs.csv").is_file());
}

#[test]
fn rows_of_an_earlier_end_do_not_stay() {
    let folder = Folder::new("stale");
    let [share, joined] = ["share", "joined"].map(|name| folder.file(name));
    batch(&[DISPUTE, "-n", "128", "--shard", "1/2"], &share).ends_with(0);
    ran(&["merge", "--partial", "--csv", &share, "-o", &joined]).ends_with(0);
    assert!(Path::new(&joined).join("runs.csv").is_file());
    // As if it had been killed before it was done.
    fs::remove_file(Path::new(&joined).join("manifest.json")).unwrap();
    fs::create_dir(Path::new(&joined).join("ranges")).unwrap();
    ran(&["merge", "--partial", &share, "-o", &joined]).ends_with(0);
    let manifest = json(&joined, "manifest.json");
    assert_eq!((&manifest["runs"], &manifest["files"]["runs.csv"]), (&64.into(), &().into()));
    assert!(!Path::new(&joined).join("runs.csv").is_file());
}

#[test]
fn a_batch_ends_well_whoever_looks_in_on_it() {
    let folder = Folder::new("company");
    let whole = folder.file("whole");
    batch(&[DISPUTE, "-n", "300"], &whole).ends_with(0);
    for round in 0..6 {
        let place = folder.file(&format!("in-{round}"));
        let mut child =
            begun(demarche().args(["batch", DISPUTE, "-n", "300", "-o", &place]), &place);
        while child.try_wait().unwrap().is_none() {
            let _ = demarche().args(["batch", "--resume", "-o", &place]).output().unwrap();
        }
        assert!(child.wait().unwrap().success(), "round {round}");
        batch(&["--resume"], &place).ends_with(0);
        check_equal(&whole, &place);
    }
}

#[test]
fn what_was_joined_without_some_ranges_is_not_gone_on_with() {
    let folder = Folder::new("partial");
    let [share, joined] = ["share", "joined"].map(|name| folder.file(name));
    batch(&[DISPUTE, "-n", "256", "--shard", "2/4"], &share).ends_with(0);
    ran(&["merge", "--partial", &share, "-o", &joined]).ends_with(0);
    assert_eq!(json(&joined, "manifest.json")["missing"], serde_json::json!([[0, 64], [128, 256]]));
    ran(&["verify", &joined]).ends_with(0);
    batch(&["--resume"], &joined).ends_with(6).says("merge all of them again");
    batch(&["--resume", "--csv"], &joined).ends_with(0);
    assert!(Path::new(&joined).join("runs.csv").is_file());
    ran(&["verify", &joined]).ends_with(0);
    ran(&["merge", "--partial", &joined, "-o", &folder.file("x")]).ends_with(2).says("no share");
}

#[test]
fn what_was_killed_while_it_cleared_up_is_complete() {
    let folder = Folder::new("cleared");
    let [whole, share, left] = ["whole", "share", "left"].map(|name| folder.file(name));
    for place in [&whole, &left] {
        batch(&[DISPUTE, "-n", "128"], place).ends_with(0);
    }
    batch(&[DISPUTE, "-n", "128", "--shard", "1/1"], &share).ends_with(0);
    let ranges = Path::new(&left).join("ranges");
    fs::create_dir(&ranges).unwrap();
    let table = tables(&share).remove(1);
    fs::copy(&table, ranges.join(table.file_name().unwrap())).unwrap();
    ran(&["merge", "--partial", &left, "-o", &folder.file("x")]).ends_with(2).says("no share");
    batch(&["--resume"], &left).ends_with(0);
    check_equal(&whole, &left);
}

#[test]
fn shares_whose_joining_was_killed_are_joined_again() {
    let folder = Folder::new("joining");
    let [share, joined] = ["share", "joined"].map(|name| folder.file(name));
    batch(&[DISPUTE, "-n", "64", "--shard", "1/1"], &share).ends_with(0);
    fs::create_dir_all(Path::new(&joined).join("ranges")).unwrap();
    fs::write(Path::new(&joined).join("runs.parquet"), "half").unwrap();
    ran(&["merge", &share, "-o", &joined]).ends_with(0);
    ran(&["verify", &joined]).ends_with(0);
    let other = folder.file("other");
    fs::create_dir(&other).unwrap();
    fs::write(Path::new(&other).join("runs.parquet"), "somebody's").unwrap();
    ran(&["merge", &share, "-o", &other]).ends_with(4).says("nothing is overwritten");
}

#[test]
fn a_manifest_that_tells_of_other_runs_is_found_out() {
    let folder = Folder::new("manifest");
    let kept = folder.file("kept");
    batch(&[DISPUTE, "-n", "128"], &kept).ends_with(0);
    let whole = json(&kept, "manifest.json");
    let check = |edit: &dyn Fn(&mut serde_json::Value), says: &str| {
        let mut manifest = whole.clone();
        edit(&mut manifest);
        fs::write(Path::new(&kept).join("manifest.json"), manifest.to_string()).unwrap();
        ran(&["verify", &kept]).ends_with(5).says(says);
    };
    check(&|of| of["runs"] = 9999.into(), "tells of 9999 runs");
    check(&|of| of["missing"] = serde_json::json!([[0, 5]]), "no rule says why");
    check(&|of| of["files"]["runs.parquet"] = ().into(), "does not tell of runs.parquet");
    fs::write(Path::new(&kept).join("manifest.json"), whole.to_string()).unwrap();
    let table = Path::new(&kept).join("runs.parquet");
    let bytes = fs::read(&table).unwrap();
    fs::write(&table, &bytes[..bytes.len() - 5]).unwrap();
    ran(&["verify", &kept]).ends_with(5).says("last part");
}

#[cfg(target_os = "linux")]
#[test]
fn a_batch_that_is_told_to_go_on_without_its_terminal_does() {
    let folder = Folder::new("nohup");
    let kept = folder.file("kept");
    let mut shell = std::process::Command::new("sh");
    let program = demarche().get_program().to_owned();
    shell.args(["-c", "trap '' HUP; exec \"$@\"", "sh"]).arg(program);
    shell.args(["batch", DISPUTE, "-n", "3000", "-o", &kept]);
    let mut child = begun(&mut shell, &kept);
    let id = child.id().to_string();
    let sent = std::process::Command::new("kill").args(["-HUP", &id]).status().unwrap();
    assert!(sent.success() && child.wait().unwrap().success());
    assert_eq!(json(&kept, "manifest.json")["state"], "complete");
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_need_not_be_named_in_letters() {
    use std::os::unix::ffi::OsStrExt;
    let folder = Folder::new("letters");
    let kept = Path::new(&folder.file("kept")).join(std::ffi::OsStr::from_bytes(b"bad\xff"));
    let mut command = demarche();
    command.args(["batch", DISPUTE, "-n", "64", "-o"]).arg(&kept);
    assert!(command.output().unwrap().status.success());
    assert!(demarche().arg("verify").arg(&kept).output().unwrap().status.success());
}
