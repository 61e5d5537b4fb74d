//! Records that were cut, changed, spliced, or never were records.
use super::*;
use crate::testing::{cast, record};

fn read(text: &str) -> Result<RunRecord, FormatError> {
    Heading::read(text)?.finish(&cast())
}

/// What is said of the small record with one text in place of another.
fn said(old: &str, new: &str) -> String {
    let text = record().to_lines(&cast());
    assert!(text.contains(old), "{text}");
    read(&text.replacen(old, new, 1)).expect_err("the record was changed").to_string()
}

#[test]
fn a_record_is_read_as_it_was_written() {
    let text = record().to_lines(&cast());
    assert_eq!(read(&text).unwrap(), record());
    assert_eq!(read(&text.replace('\n', "\r\n")).unwrap(), record(), "with other ends of lines");
    assert_eq!(read(&format!("{text}\n\n")).unwrap(), record(), "with empty lines at its end");
    let without = RunRecord { inputs: Vec::new(), ..record() };
    assert_eq!(read(&without.to_lines(&cast())).unwrap(), without);
}

#[test]
fn what_was_changed_is_named() {
    let heading = "the heading, with scenario and seed (line 1) does not match its digest: the record was \
                   changed by hand";
    assert_eq!(said("\"seed\":7", "\"seed\":8"), heading);
    assert_eq!(said("\"model\":\"0.0\"", "\"model\":\"9.9\""), heading);
    assert_eq!(said("title = \\\"A test", "title = \\\"A fest"), heading);
    assert!(
        said("\"turn\":2,\"stage\"", "\"turn\":1,\"stage\"").starts_with("an input (lines 2 to 3)")
    );
    assert!(said("0.25", "0.26").starts_with("the chronicle (lines 4 to 7)"));
    assert!(said("\"digest\":\"", "\"digest\":\"0").starts_with("the chronicle"));
    assert!(
        said("{\"digest\"", "{\"more\":1,\"digest\"").starts_with("line 8: there is no `more`")
    );
}

/// The small record with one text in place of another, and all its digests made anew.
fn forged(old: &str, new: &str) -> Result<RunRecord, FormatError> {
    let text = record().to_lines(&cast());
    assert!(text.contains(old), "{text}");
    let text = text.replacen(old, new, 1);
    let lines: Vec<String> = text.lines().map(|line| format!("{line}\n")).collect();
    let of = |lines: &[String]| digest(lines.concat().as_bytes());
    let closing = json!({
        "digest": of(&lines[3..7]),
        "inputs-digest": of(&lines[1..3]),
        "heading-digest": of(&lines[..1]),
    });
    read(&format!("{}{closing}\n", lines[..7].concat()))
}

#[test]
fn a_heading_with_faults_is_refused_whatever_its_digests_say() {
    let said = |old: &str, new: &str| forged(old, new).expect_err("a fault").to_string();
    assert!(said("A test\\\"\\n", "A fest\\\"\\n").starts_with("the scenario in the heading"));
    assert_eq!(said("\"seed\":7,", ""), "line 1: the field `seed` is missing");
    assert_eq!(
        said("\"seed\":7", "\"seed\":-7"),
        "line 1: in `seed`: expected a whole number, found `-7`"
    );
    assert_eq!(
        said("\"turn\":1,", "\"turn\":4294967296,"),
        "line 1: expected a turn, found `4294967296`"
    );
    assert!(
        said("\"seed\":7", "\"seed\":7,\"sed\":1").starts_with("line 1: there is no `sed` here")
    );
    assert_eq!(
        said("\"turn\":2,\"event\"", "\"turn\":9,\"event\""),
        "line 6: turn 3 comes after turn 9, and turns never fall"
    );
    assert_eq!(said("0.25", "1e999"), "line 5, column 48: this is not JSON: number out of range");
}

#[test]
fn a_record_cut_anywhere_is_refused_with_its_last_line() {
    let text = record().to_lines(&cast());
    for end in 0..text.len() - 1 {
        if let Some(text) = text.get(..end) {
            assert!(read(text).is_err(), "cut after {end} bytes");
        }
    }
    let lines: Vec<&str> = text.lines().collect();
    let cut = read(&lines[..5].join("\n")).unwrap_err().to_string();
    assert!(cut.starts_with("line 5: the record ends here"), "{cut}");
    assert!(read(lines[0]).unwrap_err().to_string().starts_with("line 1: the record ends here"));
}

#[test]
fn what_follows_the_closing_line_is_named() {
    let text = record().to_lines(&cast());
    let said = |after: &str| read(&format!("{text}{after}")).unwrap_err().to_string();
    let follows = "something follows the closing line, which is line 8";
    assert!(said("more").starts_with(&format!("line 9: {follows}")));
    assert!(said("\n\n{}\n").starts_with(&format!("line 11: {follows}")));
    assert!(said(&text).starts_with(&format!("line 9: {follows}")), "another record");
}

#[test]
fn what_is_no_record_of_this_version_is_told_so() {
    for text in ["", "x", "[]", "{}", "{\"record\":\"other\"}", "\u{feff}", "null", "\n\n"] {
        assert!(matches!(read(text), Err(FormatError::NoRecord)), "{text}");
    }
    let said = said("\"format\":2", "\"format\":1");
    assert_eq!(said, "line 1: the record is of format 1, this program reads format 2");
    let broken = read("{\"record\":\"demarche\", oh").unwrap_err().to_string();
    assert!(broken.starts_with("line 1, column 23: this is not JSON"), "{broken}");
}
