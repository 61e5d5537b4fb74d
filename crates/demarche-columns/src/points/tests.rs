//! Designs as people write them, and what they are told.

use super::*;

const LIMITS: Limits = Limits { points: 3, paths: 3 };

#[track_caller]
fn reads(text: &str, paths: &[&str], values: &[&[f64]]) {
    let points = read_points(text, LIMITS).unwrap();
    assert_eq!(points.paths(), paths);
    assert_eq!(points.n_points(), values.len());
    for (at, values) in values.iter().enumerate() {
        assert_eq!(points.point(at), *values);
    }
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let faults = read_points(text, LIMITS).unwrap_err();
    let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
    assert_eq!(told, expected);
}

#[test]
fn a_plain_design_is_read() {
    reads("a.b,c\n1,-2.5\n+0.5,1e-3\n", &["a.b", "c"], &[&[1.0, -2.5], &[0.5, 0.001]]);
    reads("a\n1", &["a"], &[&[1.0]]);
}

#[test]
fn marks_quotes_blanks_and_ends_of_lines_are_taken_as_meant() {
    let values: &[&[f64]] = &[&[1.0, 2.0], &[3.0, 4.0]];
    reads("\u{feff}a,b\r\n1,2\r\n3,4\r\n", &["a", "b"], values);
    reads("\r\n\"a\", b \r1,\"2\"\r\n\n 3 ,4\n\n", &["a", "b"], values);
}

#[test]
fn what_is_not_there_is_missed() {
    let nothing =
        "the design is empty: write a line of paths, then a line of numbers for each point";
    for text in ["", "\u{feff}", "\r\n\n"] {
        check(text, &[nothing]);
    }
    check("\na\n", &["line 2: no point follows the paths: write a line of numbers for each"]);
}

#[test]
fn headers_are_of_distinct_paths() {
    check(
        "a,,a\n1,2,3\n",
        &[
            "line 1, column 2: no path stands here: write what the numbers below are of, or delete \
             the column",
            "line 1, column 3: `a` stands in column 1 already: delete one of the two",
        ],
    );
    check(
        "a;b\n1;2\n",
        &["line 1: the paths are separated by semicolons: separate paths and numbers by commas"],
    );
}

#[test]
fn every_line_has_a_number_for_each_path() {
    check(
        "a,b\n1\n1,2,3\n",
        &[
            "line 2: 1 columns, but 2 paths: write a number for each path",
            "line 3: 3 columns, but 2 paths: write a number for each path",
        ],
    );
}

#[test]
fn a_cell_that_is_no_number_says_what_to_write() {
    let check = |cell: &str, found: &str, instead: &str| {
        let told = format!("line 2, column 2 (`b`): {found} is no finite number: {instead}");
        check(&format!("a,b\n1,{cell}\n"), &[&told]);
    };
    check("", "an empty cell", "write one, every point has one for each path");
    check("\"0,5\"", "`0,5`", "write 0.5, with a point");
    check("50 %", "`50 %`", "write 0.5 if a share is meant");
    check("inf", "`inf`", "write one that is not beyond all bounds");
    check("NaN", "`NaN`", "write one that is not beyond all bounds");
    check("1e999", "`1e999`", "write one that is not beyond all bounds");
    check("often\u{7}", "`often\\u{7}`", "write one such as 12, -0.5 or 1e-3");
    check("\"2\n3,4\n", "`2\\n3,4`", "close the quote that was opened here");
    let long = "x".repeat(1000);
    let start = format!("`{}…`", "x".repeat(40));
    check(&long, &start, "write one such as 12, -0.5 or 1e-3");
}

#[test]
fn lines_are_counted_as_an_editor_does() {
    for end in ["\n", "\r\n", "\r"] {
        let text = ["a,b", "", "1,2", "", "", "x,3", "\"4\",y"].join(end);
        let faults = read_points(&text, LIMITS).unwrap_err();
        let [
            PointFault::NoNumber { line: 6, column: 1, .. },
            PointFault::NoNumber { line: 7, column: 2, .. },
        ] = faults.as_slice()
        else {
            panic!("{end:?}: {faults:?}")
        };
    }
}

#[test]
fn a_large_design_is_not_read() {
    check(
        "a,b,c,d\n1,2,3,4\n",
        &["line 1: 4 paths, at most 3 are read: leave out those that do not vary"],
    );
    check(
        "a\n1\nx\n3\n4\n5\n",
        &[
            "line 3, column 1 (`a`): `x` is no finite number: write one such as 12, -0.5 or 1e-3",
            "line 5: this is more than 3 points: split the design",
        ],
    );
}
