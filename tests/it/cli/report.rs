//! Reports as people meet them: what the page says is what the summary says, names stay text, and
//! what a folder does not hold is left out.

use std::path::Path;

use serde_json::Value;

use super::{Folder, Ran, ran};

const DISPUTE: &str = "textbook/symmetric-dispute";

pub(super) fn batch(args: &[&str], folder: &str) -> Ran {
    ran(&[&["batch"], args, &["-o", folder]].concat()).ends_with(0)
}

/// A report as JSON, and as a page.
pub(super) fn reported(folders: &[&str]) -> (Value, String) {
    let told = |format: &str| {
        let options = ["--format", format, "-o", "-"];
        ran(&[&["report"], folders, &options].concat()).ends_with(0).out
    };
    (serde_json::from_str(&told("json")).unwrap(), told("html"))
}

pub(super) fn section<'a>(report: &'a Value, key: &str) -> Option<&'a Value> {
    report["sections"].as_array().unwrap().iter().find(|section| section["key"] == key)
}

#[test]
fn shares_are_those_of_the_summary() {
    let folder = Folder::new("report-shares");
    let one = folder.file("one");
    batch(&[DISPUTE, "-n", "300"], &one);
    let text = std::fs::read_to_string(Path::new(&one).join("summary.json")).unwrap();
    let summary: Value = serde_json::from_str(&text).unwrap();
    let (report, page) = reported(&[&one]);
    let rows = &section(&report, "endings").unwrap()["figures"][0]["table"]["rows"];
    let mut classes = summary["outcomes"].as_array().unwrap().clone();
    classes.push(summary["agreement"].clone());
    assert_eq!(rows.as_array().unwrap().len(), classes.len());
    for (row, class) in rows.as_array().unwrap().iter().zip(&classes) {
        let said = [&row[1], &row[2], &row[3]];
        assert_eq!(said, [&class["count"], &class["share"], &class["interval"]]);
        let share = format!("{:.1} %", class["share"].as_f64().unwrap() * 100.0);
        assert!(page.contains(&format!("<bdi>{share}</bdi>")), "{share} is not on the page");
    }
    let issues = &section(&report, "blocking").map(|of| of["figures"][0]["table"]["rows"].clone());
    for row in issues.iter().flat_map(|rows| rows.as_array().unwrap()) {
        let mut known = summary["blocking"].as_array().unwrap().iter();
        let of = known.find(|of| of["name"] == row[0]).unwrap();
        assert_eq!([&row[1], &row[2], &row[3]], [&of["count"], &of["share"], &of["interval"]]);
    }
    assert_eq!(reported(&[&one]), (report, page), "the same folder gives the same bytes");
}

#[test]
fn batches_of_the_same_futures_are_compared_in_pairs() {
    let folder = Folder::new("report-pairs");
    let [one, same, other] = ["one", "same", "other"].map(|name| folder.file(name));
    batch(&[DISPUTE, "-n", "200"], &one);
    batch(&[DISPUTE, "-n", "200"], &same);
    batch(&[DISPUTE, "-n", "200", "--seed", "1000"], &other);
    let (report, _) = reported(&[&one, &same]);
    let said = &section(&report, "comparison").unwrap();
    let answer = said["answer"][0].as_str().unwrap();
    assert!(answer.contains("the very same futures") && answer.contains("200 futures"), "{answer}");
    let row = &said["figures"][0]["table"]["rows"][0];
    assert_eq!((&row[3], &row[6], &row[7]), (&0.0.into(), &0.into(), &0.into()), "{row}");
    let (report, _) = reported(&[&one, &other]);
    let answer = section(&report, "comparison").unwrap()["answer"][0].as_str().unwrap();
    assert!(answer.contains("not of the same futures (their seeds are others)"), "{answer}");
}

#[test]
fn hostile_names_stay_text() {
    let folder = Folder::new("report-hostile");
    let text = ran(&["scenario", "show", DISPUTE, "--toml"]).ends_with(0).out;
    let hostile = "</style><script>alert(1)</script>\\\"'|`*_<b>";
    let text = text
        .replace("title = \"A symmetric dispute\"", &format!("title = \"{hostile}\""))
        .replace("name = \"East\"", &format!("name = \"{hostile}\""));
    assert!(text.contains("alert(1)"));
    let file = folder.holds("hostile.toml", &text);
    let one = folder.file("one");
    batch(&[&file, "-n", "80"], &one);
    let charts = folder.file("charts");
    let (report, page) = reported(&[&one]);
    assert!(report["title"].as_str().unwrap().contains("<script>"));
    let options = ["-o", "-", "--format", "markdown", "--charts", &charts];
    let markdown = ran(&[&["report", &one], options.as_slice()].concat()).ends_with(0).out;
    let drawn = std::fs::read_dir(&charts).unwrap().map(|entry| entry.unwrap().path());
    let drawn = drawn.filter(|path| path.extension().is_some_and(|of| of == "svg"));
    let drawn: Vec<String> = drawn.map(|path| std::fs::read_to_string(path).unwrap()).collect();
    assert!(drawn.len() > 3);
    for text in drawn.iter().chain([&page, &markdown]) {
        assert!(!text.contains("<script") && !text.contains("<b>"), "{text}");
    }
    assert_eq!(page.matches("</style>").count(), 1);
    assert!(page.contains("default-src 'none'; style-src 'sha256-"));
}

#[test]
fn what_a_folder_does_not_hold_is_left_out_and_what_was_changed_is_refused() {
    let folder = Folder::new("report-part");
    let one = folder.file("one");
    batch(&[DISPUTE, "-n", "80"], &one);
    std::fs::remove_file(Path::new(&one).join("runs.parquet")).unwrap();
    let (report, _) = reported(&[&one]);
    let is_there = |key: &str| section(&report, key).is_some();
    assert_eq!(["endings", "trust", "runs", "room"].map(is_there), [true, true, false, false]);
    let summary = Path::new(&one).join("summary.json");
    let text = std::fs::read_to_string(&summary).unwrap();
    std::fs::write(&summary, text.replace("\"runs\": 80", "\"runs\": 81")).unwrap();
    ran(&["report", &one]).ends_with(5).says("does not come to the digest");
    ran(&["report", &folder.file("none")]).ends_with(4);
    ran(&["report", &one, "-o", "report.pdf"]).ends_with(2).says("`.html`, `.md` or `.json`");
}
