//! Batches as people and schedulers meet them: folders, interruptions, shares, damage.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use demarche_random::purpose::Purpose;
use demarche_random::seed::RunSeed;
use demarche_record::chronicle::digest;
use serde_json::Value;
use support::paired::seconds;

use super::{Folder, Ran, demarche, ran};

pub(super) const DISPUTE: &str = "textbook/symmetric-dispute";

/// Every file of a folder with its bytes.
fn bytes(folder: &str) -> BTreeMap<String, Vec<u8>> {
    let (mut found, mut work) = (BTreeMap::new(), vec![PathBuf::from(folder)]);
    while let Some(path) = work.pop() {
        if path.is_dir() {
            work.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else {
            let name = path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
            found.insert(name, std::fs::read(&path).unwrap());
        }
    }
    found
}

#[track_caller]
pub(super) fn check_equal(one: &str, other: &str) {
    let (one, other) = (bytes(one), bytes(other));
    assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
    for (name, bytes) in &one {
        assert!(bytes == &other[name], "{name} differs");
    }
}

pub(super) fn json(folder: &str, name: &str) -> Value {
    serde_json::from_slice(&std::fs::read(Path::new(folder).join(name)).unwrap()).unwrap()
}

pub(super) fn batch(args: &[&str], folder: &str) -> Ran {
    ran(&[&["batch"], args, &["-o", folder]].concat())
}

/// The table of a range in a folder that is worked on.
fn range_in(folder: &str) -> PathBuf {
    let all = std::fs::read_dir(Path::new(folder).join("ranges")).unwrap();
    let mut tables: Vec<PathBuf> = all.map(|entry| entry.unwrap().path()).collect();
    tables.retain(|path| path.to_string_lossy().ends_with(".runs.parquet"));
    tables.sort();
    tables[0].clone()
}

#[test]
fn a_batch_is_a_folder_of_results_whatever_the_threads() {
    let folder = Folder::new("batch");
    let [one, three] = ["one", "three"].map(|name| folder.file(name));
    let told = batch(&[DISPUTE, "-n", "700", "--threads", "1", "--csv"], &one).ends_with(0);
    assert!(told.out.contains("700 runs") && told.out.contains("no forecast"), "{}", told.out);
    let names = ["manifest.json", "runs.csv", "runs.parquet", "scenario.toml", "summary.json"];
    assert!(names.iter().all(|name| bytes(&one).contains_key(*name)), "{:?}", bytes(&one).keys());
    assert!(bytes(&one).keys().all(|name| !name.starts_with("ranges")));
    batch(&[DISPUTE, "-n", "700", "--threads", "3", "--csv"], &three).ends_with(0);
    check_equal(&one, &three);
    let (summary, manifest) = (json(&one, "summary.json"), json(&one, "manifest.json"));
    assert_eq!((&summary["runs"], &manifest["state"]), (&700.into(), &"complete".into()));
    let of: u64 =
        summary["outcomes"].as_array().unwrap().iter().map(|o| o["count"].as_u64().unwrap()).sum();
    assert_eq!(of, 700);
    let csv = String::from_utf8(bytes(&one)["runs.csv"].clone()).unwrap();
    assert_eq!(csv.lines().count(), 701);
    let verified = ran(&["verify", &one]).ends_with(0);
    assert!(verified.out.contains("100 runs come to the same"), "{}", verified.out);
    batch(&[DISPUTE, "-n", "700"], &one).ends_with(4).says("already");
    let told = batch(&["--resume"], &one).ends_with(0);
    assert!(told.out.contains("Kept in"), "{}", told.out);
    batch(&["--resume", "--until", "half-width<1pp"], &one).ends_with(2).says("complete");
}

#[test]
fn rows_of_a_complete_batch_come_as_csv_afterwards_too() {
    let folder = Folder::new("csv-later");
    let [at_once, later] = ["at-once", "later"].map(|name| folder.file(name));
    batch(&[DISPUTE, "-n", "80", "--csv"], &at_once).ends_with(0);
    batch(&[DISPUTE, "-n", "80"], &later).ends_with(0);
    let told = batch(&["--resume", "--csv"], &later).ends_with(0);
    assert!(told.out.contains("runs.csv"), "{}", told.out);
    assert!(bytes(&later)["runs.csv"] == bytes(&at_once)["runs.csv"]);
    assert_eq!(json(&later, "manifest.json")["files"], json(&at_once, "manifest.json")["files"]);
    ran(&["verify", &later]).ends_with(0);
    // Not of rows that were changed by hand.
    let table = Path::new(&later).join("runs.parquet");
    let mut changed = std::fs::read(&table).unwrap();
    changed[100] ^= 1;
    std::fs::write(&table, changed).unwrap();
    std::fs::remove_file(Path::new(&later).join("runs.csv")).unwrap();
    batch(&["--resume", "--csv"], &later).ends_with(4).says("digest");
    assert!(!bytes(&later).contains_key("runs.csv") && !Path::new(&later).join("ranges").exists());
    batch(&["--resume", "--csv", "--shard", "1/2"], &later).ends_with(2).says("complete");
}

#[test]
fn a_row_is_the_run_that_replay_tells() {
    let folder = Folder::new("rows");
    let place = folder.file("b");
    batch(&["-n", "3", "--seed", "40", "--csv"], &place).ends_with(0);
    let csv = String::from_utf8(bytes(&place)["runs.csv"].clone()).unwrap();
    let rows: Vec<Vec<&str>> = csv.lines().map(|line| line.split(',').collect()).collect();
    let column = |key: &str| rows[0].iter().position(|known| *known == key).unwrap();
    for row in &rows[1..] {
        let seed = row[column("seed")];
        let record = ran(&["replay", "--seed", seed, "--over-ranges", "--format", "json"]);
        let ended = record.out.lines().find(|line| line.contains("\"run-ended\"")).unwrap();
        let ended: Value = serde_json::from_str(ended).unwrap();
        assert_eq!(ended["outcome"], row[column("outcome")]);
        assert_eq!(ended["turn"].to_string(), row[column("last-turn")]);
        let blocked = ended["blocking-issue"].as_str().unwrap_or_default();
        assert_eq!(blocked, row[column("blocking-issue")]);
    }
}

#[test]
fn what_blocked_is_told_of_all_runs_that_had_no_agreement() {
    let folder = Folder::new("blocked");
    let kept = folder.file("kept");
    let told = batch(&["-n", "150", "--follow", "none"], &kept).ends_with(0).out;
    let summary = json(&kept, "summary.json");
    let count = |of: &Value| of["count"].as_f64().unwrap();
    let none = summary["runs"].as_f64().unwrap() - count(&summary["agreement"]);
    let blocked: Vec<f64> = summary["blocking"].as_array().unwrap().iter().map(count).collect();
    let most = blocked.iter().copied().fold(0.0, f64::max);
    assert!(told.contains(&format!(" in {:.0} %; of these on the side of ", 100.0 * most / none)));
    let nothing = none - blocked.iter().sum::<f64>();
    assert!(nothing > 0.0 && told.contains(&format!("nothing in {:.0} %", 100.0 * nothing / none)));
}

/// Whether its manifest says so, if there is one.
fn is_complete(folder: &str) -> bool {
    let is_begun = Path::new(folder).join("manifest.json").is_file();
    is_begun && json(folder, "manifest.json")["state"] == "complete"
}

#[test]
fn a_batch_that_is_killed_again_and_again_ends_as_one_that_never_was() {
    let folder = Folder::new("killed");
    let [whole, killed] = ["whole", "killed"].map(|name| folder.file(name));
    let asked = [DISPUTE, "-n", "20000", "--follow", "none"];
    // Whatever the machine: a batch that is let be so long at most is killed some thirty times.
    let undisturbed = seconds(|| _ = batch(&asked, &whole).ends_with(0));
    let mut draws = RunSeed(7).draws(Purpose::Parameter, 0, 0);
    let mut n_killed = 0;
    for attempt in 0..400 {
        let mut command = demarche();
        command.arg("batch").args(["-o", &killed]).stdout(Stdio::null()).stderr(Stdio::null());
        match Path::new(&killed).join("manifest.json").is_file() {
            true => command.arg("--resume"),
            false => command.args(asked),
        };
        let mut child = command.spawn().unwrap();
        // The longer it goes on, the longer it is let be, or it might never end.
        let patience = draws.uniform() * (0.05 + 0.001 * f64::from(attempt)) * undisturbed;
        std::thread::sleep(Duration::from_secs_f64(patience));
        child.kill().unwrap();
        n_killed += u32::from(!child.wait().unwrap().success());
        if is_complete(&killed) {
            break;
        }
    }
    assert!(n_killed >= 20, "killed {n_killed} times only");
    // It may have been killed while it cleared up.
    batch(&["--resume"], &killed).ends_with(0);
    check_equal(&whole, &killed);
}

#[test]
fn shares_are_made_anywhere_and_joined() {
    let folder = Folder::new("shares");
    let [whole, joined, partial] = ["whole", "joined", "partial"].map(|name| folder.file(name));
    let asked = [DISPUTE, "-n", "1000"];
    batch(&asked, &whole).ends_with(0);
    let shares: Vec<String> = (1..=3).map(|share| folder.file(&share.to_string())).collect();
    for (share, place) in (1..).zip(&shares) {
        let share = format!("{share}/3");
        batch(&[&asked[..], &["--shard", &share]].concat(), place)
            .ends_with(0)
            .says("demarche merge");
    }
    let merge = |shares: &[&String], more: &[&str], into: &str| {
        let shares: Vec<&str> = shares.iter().map(|share| share.as_str()).collect();
        ran(&[&["merge"], &shares[..], more, &["-o", into]].concat())
    };
    let two = [&shares[2], &shares[0]];
    merge(&two, &[], &joined).ends_with(6).says("missing");
    assert!(!Path::new(&joined).exists(), "nothing was begun");
    let told = merge(&two, &["--partial"], &partial).ends_with(0);
    assert!(told.out.contains("of 1,000 that were planned"), "{}", told.out);
    assert_eq!(json(&partial, "manifest.json")["state"], "partial");
    ran(&["verify", &partial]).ends_with(0);
    merge(&[&shares[2], &shares[0], &shares[1]], &[], &joined).ends_with(0);
    merge(&[&joined], &[], &partial).ends_with(4).says("not empty");
    merge(&[&joined], &[], &folder.file("again")).ends_with(2).says("is finished");
    for name in ["runs.parquet", "turns.parquet", "summary.json", "scenario.toml"] {
        assert!(bytes(&whole)[name] == bytes(&joined)[name], "{name}");
    }
    let other = folder.file("other");
    batch(&[DISPUTE, "-n", "999", "--shard", "1/3"], &other).ends_with(0);
    let into = folder.file("x");
    merge(&[&shares[0], &other], &[], &into).ends_with(4).says("different batches");
    batch(&[DISPUTE, "--shard", "4/3"], &into).ends_with(2).says("--shard 2/5");
}

#[test]
fn damage_is_found_and_nothing_else_is_lost() {
    let folder = Folder::new("damage");
    let [whole, share, into] = ["whole", "share", "into"].map(|name| folder.file(name));
    let asked = [DISPUTE, "-n", "600"];
    batch(&asked, &whole).ends_with(0);
    batch(&[&asked[..], &["--shard", "1/1"]].concat(), &share).ends_with(0);
    // Cut short.
    let range = range_in(&share);
    let good = std::fs::read(&range).unwrap();
    std::fs::write(&range, &good[..good.len() / 2]).unwrap();
    ran(&["merge", &share, "-o", &into]).ends_with(4).says("is damaged");
    // Two results of one range.
    std::fs::write(&range, &good).unwrap();
    let name = range.file_name().unwrap().to_string_lossy().into_owned();
    let other = [&good[..], b"more"].concat();
    let digest = &digest(&other)[..32];
    let twin = range.with_file_name(name.replace(&name[26..58], digest));
    std::fs::write(&twin, &other).unwrap();
    ran(&["merge", &share, "-o", &into]).ends_with(5).says("two different results");
    // A twin that is damaged is none, and a copy elsewhere is as good.
    std::fs::write(&twin, b"other").unwrap();
    ran(&["merge", &share, "-o", &folder.file("passed-over")]).ends_with(0);
    std::fs::remove_file(&twin).unwrap();
    let again = folder.file("again");
    batch(&[&asked[..], &["--shard", "1/1"]].concat(), &again).ends_with(0);
    std::fs::write(&range, &good[..10]).unwrap();
    for (at, two) in [[&share, &again], [&again, &share]].into_iter().enumerate() {
        let into = folder.file(&format!("copies-{at}"));
        ran(&["merge", two[0], two[1], "-o", &into]).ends_with(0);
    }
    // What is half-written is passed over, what is damaged is made again, and of a share no more is
    // made than its share.
    std::fs::write(range.with_file_name("77-1.part"), "half").unwrap();
    std::fs::write(&range, &good[..10]).unwrap();
    batch(&["--resume"], &share).ends_with(0).says("damaged range was made again");
    assert!(!Path::new(&share).join("runs.parquet").exists());
    ran(&["merge", &share, "-o", &into]).ends_with(0);
    let share = into;
    for name in ["runs.parquet", "turns.parquet", "summary.json"] {
        assert!(bytes(&whole)[name] == bytes(&share)[name], "{name}");
    }
    // A finished table that was changed.
    let table = Path::new(&share).join("runs.parquet");
    let mut changed = std::fs::read(&table).unwrap();
    let middle = changed.len() / 3;
    changed[middle] ^= 1;
    std::fs::write(&table, changed).unwrap();
    let told = ran(&["verify", &share, "--sample", "5"]);
    assert!([4, 5].contains(&told.code), "{} {}", told.code, told.err);
}

#[test]
fn a_plan_that_was_edited_is_refused() {
    let folder = Folder::new("edited");
    let place = folder.file("b");
    batch(&[DISPUTE, "-n", "200", "--shard", "1/2"], &place).ends_with(0);
    let manifest = Path::new(&place).join("manifest.json");
    let good = std::fs::read_to_string(&manifest).unwrap();
    let edit = |from: &str, to: &str| {
        assert!(good.contains(from), "{good}");
        std::fs::write(&manifest, good.replace(from, to)).unwrap();
    };
    edit("\"runs\": 200", "\"runs\": 300");
    batch(&["--resume"], &place).ends_with(4).says("changed by hand");
    std::fs::write(&manifest, "{").unwrap();
    batch(&["--resume"], &place).ends_with(4).says("no JSON");
    // Of another version of the model, with its digest as it should be.
    let mut other: Value = serde_json::from_str(&good).unwrap();
    other["plan"]["model"] = "0.0".into();
    let digest = demarche_record::chronicle::digest(other["plan"].to_string().as_bytes());
    other["plan-digest"] = digest.into();
    std::fs::write(&manifest, other.to_string()).unwrap();
    batch(&["--resume"], &place).ends_with(4).says("model 0.0");
    std::fs::write(&manifest, &good).unwrap();
    let scenario = Path::new(&place).join("scenario.toml");
    let text = std::fs::read_to_string(&scenario).unwrap();
    std::fs::write(&scenario, text.replace("Two sides", "Both sides")).unwrap();
    batch(&["--resume"], &place).ends_with(4).says("the scenario is not as it was written");
    std::fs::write(&scenario, text).unwrap();
    batch(&[DISPUTE, "-n", "300", "--resume"], &place).ends_with(2).says("another plan");
    // Somebody else is at work.
    let lock = std::fs::File::create(Path::new(&place).join("ranges/lock")).unwrap();
    lock.lock().unwrap();
    batch(&["--resume"], &place).ends_with(4).says("another process");
    drop(lock);
    batch(&["--resume"], &place).ends_with(0);
    batch(&["--resume"], &folder.file("nowhere")).ends_with(4).says("manifest.json");
}

#[cfg(unix)]
#[test]
fn a_disk_that_is_full_loses_nothing() {
    let folder = Folder::new("full");
    let place = folder.file("b");
    // A bound on the size of files stands for a full disk: writing fails half-way.
    let program = demarche().get_program().to_string_lossy().into_owned();
    let line = format!("trap '' XFSZ; ulimit -f 100; exec {program} batch -n 400 -o {place}");
    let output = std::process::Command::new("sh").args(["-c", &line]).output().unwrap();
    let told = Ran::from(output).ends_with(4).says("cannot be written").says("--resume");
    assert!(told.err.contains("What is done is kept"), "{}", told.err);
    assert!(
        bytes(&place).keys().all(|name| !name.ends_with(".part")),
        "{:?}",
        bytes(&place).keys()
    );
    batch(&["--resume"], &place).ends_with(0);
    let whole = folder.file("whole");
    batch(&["-n", "400"], &whole).ends_with(0);
    for name in ["runs.parquet", "summary.json"] {
        assert!(bytes(&whole)[name] == bytes(&place)[name], "{name}");
    }
    let file = folder.holds("file", "");
    batch(&["-n", "10"], &format!("{file}/b")).ends_with(4);
}

#[cfg(unix)]
#[test]
fn a_folder_that_may_not_be_written_to_is_left_as_it_is() {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
    use std::os::unix::process::CommandExt as _;
    const NOBODY: u32 = 65534;
    // Where anybody may look, which a home need not be.
    let folder = Folder(std::env::temp_dir().join(format!("demarche-shut-{}", std::process::id())));
    std::fs::create_dir_all(&folder.0).unwrap();
    let allow = |path: &str, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    // Root may write anywhere: so a copy of the program runs as nobody in particular.
    let (program, place) = (folder.file("demarche"), folder.file("b"));
    std::fs::copy(demarche().get_program(), &program).unwrap();
    let home = folder.0.to_str().unwrap();
    let is_root = std::fs::metadata(home).unwrap().uid() == 0;
    allow(home, 0o755);
    let shut_out = |args: &[&str]| {
        let mut command = std::process::Command::new(&program);
        if is_root {
            command.uid(NOBODY);
        }
        Ran::from(command.args(args).output().unwrap())
    };
    // Half done, and then shut.
    let half = format!("ulimit -f 100; trap '' XFSZ; exec {program} batch -n 400 -o {place}");
    let begun = std::process::Command::new("sh").args(["-c", &half]).output().unwrap();
    Ran::from(begun).ends_with(4);
    let before = bytes(&place);
    let all = [home, &place, &format!("{place}/ranges")];
    all.iter().for_each(|path| allow(path, 0o555));
    shut_out(&["batch", "-n", "10", "-o", &folder.file("new")]).ends_with(4).says("denied");
    shut_out(&["batch", "--resume", "-o", &place]).ends_with(4).says(&place);
    assert!(bytes(&place) == before, "something was lost or written");
    all.iter().for_each(|path| allow(path, 0o755));
    batch(&["--resume"], &place).ends_with(0);
}

#[test]
fn a_batch_stops_when_it_is_precise_enough_wherever_it_is_run() {
    let folder = Folder::new("until");
    let [one, two] = ["one", "two"].map(|name| folder.file(name));
    let until = ["--until", "half-width<4pp"];
    let asked = [&[DISPUTE, "-n", "20000"], &until[..]].concat();
    let told = batch(&[&asked[..], &["--threads", "1"]].concat(), &one).ends_with(0);
    assert!(told.out.contains("stopped by `half-width<4pp`"), "{}", told.out);
    batch(&[&asked[..], &["--threads", "3"]].concat(), &two).ends_with(0);
    check_equal(&one, &two);
    let summary = json(&one, "summary.json");
    assert!(summary["runs"].as_u64().unwrap() < 20_000);
    for outcome in summary["outcomes"].as_array().unwrap() {
        let [low, high] = [0, 1].map(|at| outcome["interval"][at].as_f64().unwrap());
        assert!(high - low < 0.08, "{outcome}");
    }
    batch(&[DISPUTE, "--until", "soon"], &folder.file("x")).ends_with(2).says("half-width<0.5pp");
    let vary = "parties.east.bargaining.concession-exponent=0.5..2";
    let grid = [&[DISPUTE, "--vary", vary, "--design", "grid"], &until[..]].concat();
    batch(&grid, &folder.file("x")).ends_with(2).says("before it has come to all of them");
}

#[test]
fn designs_vary_what_they_say() {
    let folder = Folder::new("designs");
    let path = "parties.east.bargaining.concession-exponent";
    let vary = format!("{path}=0.5..2");
    let points =
        |place: &str| json(place, "summary.json")["points"]["list"].as_array().unwrap().clone();
    let grid = folder.file("grid");
    let asked = [DISPUTE, "--vary", &vary, "--design", "grid", "--levels", "3", "-n", "60"];
    batch(&asked, &grid).ends_with(0);
    let values: Vec<f64> =
        points(&grid).iter().map(|point| point["values"][0].as_f64().unwrap()).collect();
    assert_eq!(values, [0.5, 1.25, 2.0]);
    ran(&["verify", &grid]).ends_with(0);
    // What is not there is told, and the rest is looked at all the same.
    std::fs::remove_file(format!("{grid}/runs.parquet")).unwrap();
    ran(&["verify", &grid]).ends_with(5).says("runs.parquet is missing");
    ran(&["batch", DISPUTE, "--levels", "3", "--dry-run"]).ends_with(2).says("--design grid");
    ran(&["batch", DISPUTE, "--trajectories", "3", "--dry-run"]).ends_with(2).says("morris");
    for (design, n) in [("lhs", 40), ("sobol", 32), ("morris", 40)] {
        let place = folder.file(design);
        let n = n.to_string();
        batch(&[DISPUTE, "--vary", &vary, "--design", design, "-n", &n], &place).ends_with(0);
        assert_eq!(points(&place).len().to_string(), n, "{design}");
        ran(&["verify", &place, "--sample", "10"]).ends_with(0);
    }
    let csv = folder.holds("points.csv", &format!("{path}\n0.6\n1.9\n"));
    let given = folder.file("given");
    batch(&[DISPUTE, "--design", &csv, "-n", "4"], &given).ends_with(0);
    assert_eq!(points(&given)[1]["values"][0], 1.9);
    let text = format!(
        "format = 1\nspread = \"grid\"\nlevels = 2\nruns = 6\n[[levers]]\npath = \"{path}\"\n"
    );
    let file = folder.holds("design.toml", &text);
    let from_file = folder.file("from-file");
    batch(&[DISPUTE, "--design", &file], &from_file).ends_with(0);
    assert_eq!(points(&from_file).len(), 2);
}

#[test]
fn what_is_no_design_says_what_one_is() {
    let folder = Folder::new("bad-designs");
    let no = |args: &[&str], code, word: &str| {
        let place = folder.file("none");
        batch(&[&[DISPUTE], args].concat(), &place).ends_with(code).says(word);
        assert!(!Path::new(&place).exists());
    };
    let path = "parties.east.bargaining.concession-exponent";
    no(&["--vary", "parties.east.bargaining.concesion-exponent=0..1"], 3, path);
    no(&["--vary", "parties.east.bargaining.concesion-exponent=0..1"], 3, "exponent=0.0..1.0:1:1");
    no(&["--vary", &format!("{path}=0...5")], 2, "is no range");
    no(&["--vary", &format!("{path}=2..0")], 2, "lower end first");
    no(&["--vary", &format!("{path}=0..x")], 2, "is no range");
    no(&["--vary", &format!("{path}=0..99")], 3, "must lie in");
    no(&["--vary", "parties.east.stakes.west-withdraws=0..1"], 2, "stakes are shares");
    no(&["--vary", "issues.east-withdraws.rungs[2].level=0.2..0.4"], 3, "one number");
    no(&["--design", "grid"], 2, "nothing varies");
    no(&["--design", "circle"], 2, "lhs, sobol");
    no(&["--vary", path, "--design", "grid", "--levels", "3", "-n", "10"], 2, "-n 9 does");
    let csv = folder.holds("bad.csv", &format!("{path},{path}\n1,x\n2\n"));
    no(&["--design", &csv], 4, "line 2, column 2");
    let toml = folder.holds("bad.toml", "format = 1\nspread = \"ring\"\n[[levers]]\nlow = 1\n");
    no(&["--design", &toml], 3, "ring");
    no(&["-n", "0"], 2, "no runs");
    no(&["-n", "9223372036854775807"], 2, "at most 10000000000");
    no(&["--seed", "18446744073709551615"], 2, "first seed");
}

#[test]
fn a_dry_run_says_what_it_would_take_and_makes_nothing() {
    let told = ran(&["batch", DISPUTE, "-n", "1000000", "--dry-run"]).ends_with(0);
    for word in ["time", "disk", "memory", "1,000,000 runs"] {
        assert!(told.out.contains(word), "{}", told.out);
    }
    let disk =
        |told: &Ran| told.out.lines().find(|line| line.starts_with("disk")).unwrap().to_owned();
    let with_csv = ran(&["batch", DISPUTE, "-n", "1000000", "--csv", "--dry-run"]).ends_with(0);
    assert_ne!(disk(&told), disk(&with_csv), "rows as CSV take room, too");
}
